import { describe, expect, it } from 'vitest';
import type { LibraryEntry } from '../../catalog/schema';
import { compileCatalog } from '../catalog';
import type { CodeFacts } from './facts';
import type { Entity, Value } from './values';
import { readCode } from './read';

const acme: LibraryEntry = {
  package: 'acme',
  aliases: ['acme/promise', 'acme/dist/*'],
  role: 'http',
  sources: ['made up for tests'],
  constructs: [
    { make: ['create', 'Client'], form: 'either', instance: 'Client', options: 0, isLongLived: true },
    { make: ['connect'], form: 'call', from: 'Client', instance: 'Session', inherits: true },
  ],
  calls: [
    { on: '', names: ['get', ''], io: 'http', options: 1, target: 0 },
    { on: 'Client', names: ['get'], io: 'http', options: 1, target: 0 },
    { on: 'Session', names: ['query'], io: 'query' },
  ],
  bounds: [{ option: 'timeout', at: ['call', 'construct'], unit: 'ms', phases: ['total'], default: null, off: [0] }],
  types: [{ names: ['ClientLike'], instance: 'Client' }],
  slots: [{ on: 'Client', names: ['on'], event: 'session', handler: 1, kind: 'listener', handled: false, parameters: ['Session'] }],
};
const catalog = compileCatalog([acme]);
const read = (text: string, path = 'a.ts'): CodeFacts => readCode(path, text, catalog);

/** Entity of the first call whose callee reads `callee`, on one line; undefined where it is no call of interest. */
function entityOf(text: string, callee: string): string | undefined {
  const facts = read(text);
  const call = facts.calls.find((fact) => fact.calleeText === callee);
  return call && show(call.entity, facts);
}

function show(entity: Entity, facts: CodeFacts): string {
  switch (entity.kind) {
    case 'package':
      return [entity.package, ...entity.path].join('.');
    case 'global':
      return ['global', entity.name, ...entity.path].join('.');
    case 'client': {
      const made = facts.clients[entity.client];
      return [`client(${made ? show(made.entity, facts) : '?'})`, ...entity.path].join('.');
    }
    case 'typed':
      return [`typed(${[entity.package, ...entity.type].join('.')})`, ...entity.path].join('.');
    case 'project':
      return [`file(${entity.module})`, ...entity.path].join('.');
    case 'typed-project':
      return [`instance(${[entity.module, ...entity.type].join('.')})`, ...entity.path].join('.');
    case 'result':
      return [`result(${show(entity.of, facts)})`, ...entity.path].join('.');
    default:
      return entity.kind;
  }
}

describe('what a callee is', () => {
  const cases: readonly [string, string, string, string | undefined][] = [
    ['a default import', "import x from 'acme'; x.get(u);", 'x.get', 'acme.get'],
    ['a namespace import', "import * as x from 'acme'; x.get(u);", 'x.get', 'acme.get'],
    ['a renamed import', "import { get as fetchIt } from 'acme'; fetchIt(u);", 'fetchIt', 'acme.get'],
    ['require', "const x = require('acme'); x.get(u);", 'x.get', 'acme.get'],
    ['a destructured require', "const { get } = require('acme'); get(u);", 'get', 'acme.get'],
    ['a member of require', "const g = require('acme').get; g(u);", 'g', 'acme.get'],
    ['require().default', "const x = require('acme').default; x.get(u);", 'x.get', 'acme.get'],
    ['an awaited import', "const x = (await import('acme')).default; x.get(u);", 'x.get', 'acme.get'],
    ['import equals', "import x = require('acme'); x.get(u);", 'x.get', 'acme.get'],
    ['a sub-path', "import x from 'acme/dist/node.js'; x.get(u);", 'x.get', 'acme/dist/node.js.get'],
    ['a const alias', "import x from 'acme'; const y = x; y.get(u);", 'y.get', 'acme.get'],
    ['optional chaining, as and !', "import x from 'acme'; (x as any)!?.get(u);", '(x as any)!?.get', 'acme.get'],
    ['a computed literal', "import x from 'acme'; x['get'](u);", "x['get']", 'acme.get'],
    ['an instance', "import x from 'acme'; const c = x.create(); c.get(u);", 'c.get', 'client(acme.create).get'],
    ['an instance made later', "import x from 'acme'; let c; c = x.create(); c.get(u);", 'c.get', 'client(acme.create).get'],
    ['an instance made when first asked for', "import x from 'acme'; let c = null; function it() { if (!c) c = x.create(); return c; } it().get(u);", 'it().get', 'client(acme.create).get'],
    ['a global singleton', "import { Client } from 'acme'; const c = globalThis.c ?? new Client(); c.get(u);", 'c.get', 'client(acme.Client).get'],
    ['a field', "import { Client } from 'acme'; class A { c = new Client(); f() { this.c.get(u); } }", 'this.c.get', 'client(acme.Client).get'],
    ['a private field', "import { Client } from 'acme'; class A { #c = new Client(); f() { this.#c.get(u); } }", 'this.#c.get', 'client(acme.Client).get'],
    ['a field that the constructor fills', "import { Client } from 'acme'; class A { c; constructor() { this.c = new Client(); } f() { return () => this.c.get(u); } }", 'this.c.get', 'client(acme.Client).get'],
    ['a static field', "import { Client } from 'acme'; class A { static c = new Client(); } A.c.get(u);", 'A.c.get', 'client(acme.Client).get'],
    ['a property of an object', "import { Client } from 'acme'; const all = { c: new Client() }; all.c.get(u);", 'all.c.get', 'client(acme.Client).get'],
    ['a subclass', "import { Client } from 'acme'; class Mine extends Client { constructor() { super({ timeout: 1 }); } } const c = new Mine(); c.get(u);", 'c.get', 'client(acme.Client).get'],
    ['this of a subclass', "import { Client } from 'acme'; class Mine extends Client { f() { this.get(u); } }", 'this.get', 'client(acme.Client).get'],
    ['what an instance makes', "import { Client } from 'acme'; const c = new Client(); const s = await c.connect(); s.query(q);", 's.query', 'client(client(acme.Client).connect).query'],
    ['a declared parameter', "import type { ClientLike } from 'acme'; function f(c: ClientLike | null) { c.get(u); }", 'c.get', 'typed(acme.ClientLike).get'],
    ['a constructor parameter', "import { Client } from 'acme'; class A { constructor(private readonly c: Client) {} f() { this.c.get(u); } }", 'this.c.get', 'typed(acme.Client).get'],
    ['ReturnType of a construct', "import { create } from 'acme'; let c: ReturnType<typeof create>; function f() { c.get(u); }", 'c.get', 'typed(acme.create).get'],
    ['a callback parameter of a slot', "import { Client } from 'acme'; new Client().on('session', (s) => { s.query(q); });", 's.query', 'typed(acme.Session).query'],
    ['a local factory', "import { Client } from 'acme'; const make = () => new Client(); const c = make(); c.get(u);", 'c.get', 'client(acme.Client).get'],
    ['an import of the project', "import { http } from './http'; http.get(u);", 'http.get', 'file(./http).http.get'],
    ['a default import of the project', "import http from '@/http'; http.get(u);", 'http.get', 'file(@/http).default.get'],
    ['a class of the project', "import { Svc } from './svc'; const s = new Svc(); s.load();", 's.load', 'instance(./svc.Svc).load'],
    ['the unbound global', 'fetch(u);', 'fetch', 'global.fetch'],
    ['globalThis.fetch', 'globalThis.fetch(u);', 'globalThis.fetch', 'global.fetch'],
    ['a local function that shadows the global', 'function fetch() {} fetch(u);', 'fetch', undefined],
    ['a parameter that shadows an import', "import get from 'acme'; function f(get) { get(u); }", 'get', undefined],
    ['a variable with two meanings', "import x from 'acme'; let c = x; c = other(); c.get(u);", 'c.get', undefined],
    ['an ambient declaration that shadows nothing', 'declare const fetch: any; fetch(u);', 'fetch', 'global.fetch'],
    ['a hoisted var', "f(); function f() { x.get(u); } var x = require('acme');", 'x.get', 'acme.get'],
  ];
  for (const [name, text, callee, expected] of cases) it(name, () => expect(entityOf(text, callee)).toBe(expected));
});

/** The folded second argument of the one call of `get`. */
function optionsOf(text: string): unknown {
  const call = read(`import x from 'acme';\n${text}`).calls.find((fact) => fact.calleeText === 'x.get');
  return call?.arguments[1] && plain(call.arguments[1]);
}

function plain(value: Value): unknown {
  switch (value.kind) {
    case 'number':
    case 'string':
    case 'boolean':
      return value.value;
    case 'null':
      return null;
    case 'undefined':
      return 'undefined';
    case 'object':
      return { ...Object.fromEntries(value.entries.map((entry) => [entry.key, plain(entry.value)])), ...(value.isOpen ? { isOpen: true } : {}) };
    case 'array':
      return value.items.map(plain);
    case 'choice':
      return { choice: value.options.map(plain) };
    case 'environment':
      return { environment: value.name, ...(value.fallback ? { fallback: plain(value.fallback) } : {}) };
    case 'signal':
      return { signal: value.limit, ...(value.ms === undefined ? {} : { ms: value.ms }) };
    case 'reference':
      return { reference: [value.module, ...value.path].join(' ') };
    case 'parameter':
      return { parameter: value.index, ...(value.path.length > 0 ? { path: value.path.join('.') } : {}), ...(value.fallback ? { fallback: plain(value.fallback) } : {}) };
    case 'template':
      return value.parts.map((part) => (typeof part === 'string' ? part : plain(part)));
    default:
      return value.kind;
  }
}

describe('what a value folds to', () => {
  const cases: readonly [string, string, unknown][] = [
    ['a number with separators', 'x.get(u, { timeout: 5_000 });', { timeout: 5000 }],
    ['arithmetic', 'x.get(u, { timeout: 5 * 1000 + 2 ** 3 });', { timeout: 5008 }],
    ['a constant', 'const T = 10; x.get(u, { timeout: T });', { timeout: 10 }],
    ['a variable that is given another value', 'let t = 10; if (slow) t = 20; x.get(u, { timeout: t });', { timeout: { choice: [10, 20] } }],
    ['a counter', 'let t = 1; t++; x.get(u, { timeout: t });', { timeout: { choice: [1, 'unknown'] } }],
    ['an enum', 'enum T { Short = 5, Long } x.get(u, { timeout: T.Long });', { timeout: 6 }],
    ['a member of a constant object', 'const config = { http: { timeout: 7 } } as const; x.get(u, { timeout: config.http.timeout });', { timeout: 7 }],
    ['an environment variable with a fallback', "x.get(u, { timeout: Number(process.env.T ?? '5000') * 2 });", { timeout: { environment: 'T', fallback: 10000 } }],
    ['parseInt || default', 'x.get(u, { timeout: parseInt(process.env.T, 10) || 3000 });', { timeout: { environment: 'T', fallback: 3000 } }],
    ['something unknown ?? default', 'x.get(u, { timeout: opts().t ?? 5000 });', { timeout: { choice: ['unknown', 5000] } }],
    ['ms of a text', "import ms from 'ms'; x.get(u, { timeout: ms('5s') });", { timeout: 5000 }],
    ['a conditional', 'x.get(u, { timeout: slow ? 0 : 5 });', { timeout: { choice: [0, 5] } }],
    ['the later key', 'x.get(u, { timeout: 1, timeout: 2 });', { timeout: 2 }],
    ['a known spread', 'const base = { timeout: 3, a: 1 }; x.get(u, { ...base, a: 2 });', { timeout: 3, a: 2 }],
    ['an unknown spread before', 'x.get(u, { ...opts, timeout: 3 });', { '...0': 'unknown', timeout: 3, isOpen: true }],
    ['an unknown spread after', 'x.get(u, { timeout: 3, ...opts });', { timeout: { choice: [3, 'unknown'] }, '...0': 'unknown', isOpen: true }],
    ['a spread of another file', "import { base } from './base'; x.get(u, { ...base, a: 1 });", { '...0': { reference: './base base' }, a: 1, isOpen: true }],
    ['a conditional spread', 'x.get(u, { ...(slow && { timeout: 9 }) });', { timeout: { choice: ['undefined', 9] } }],
    ['Object.assign', 'const base = { a: 1 }; x.get(u, Object.assign({}, base, { timeout: 4 }));', { a: 1, timeout: 4 }],
    ['a property set later', 'const o = { a: 1 }; o.timeout = 5; x.get(u, o);', { a: 1, timeout: 5 }],
    ['a property set on a condition', 'const o = { timeout: 1 }; if (slow) { o.timeout = 5; } x.get(u, o);', { timeout: { choice: [1, 5] } }],
    ['a property set only afterwards', 'const o = { a: 1 }; x.get(u, o); o.timeout = 5;', { a: 1 }],
    ['a parameter', 'function f(u, o) { x.get(u, o); }', { parameter: 1 }],
    ['a parameter with a default', 'function f(t = 500) { x.get(u, { timeout: t }); }', { timeout: { parameter: 0, fallback: 500 } }],
    ['a destructured parameter', 'function f({ timeout = 500 }) { x.get(u, { timeout }); }', { timeout: { parameter: 0, path: 'timeout', fallback: 500 } }],
    ['a constant of another file', "import { T } from './config'; x.get(u, { timeout: T });", { timeout: { reference: './config T' } }],
    ['a computed key', "const key = 'timeout'; x.get(u, { [key]: 5 });", { timeout: 5 }],
    ['AbortSignal.timeout', 'x.get(u, { signal: AbortSignal.timeout(5) });', { signal: { signal: 'timer', ms: 5 } }],
    ['AbortSignal.any with a timer', 'x.get(u, { signal: AbortSignal.any([s, AbortSignal.timeout(5)]) });', { signal: { signal: 'timer', ms: 5 } }],
    ['a controller that a timer aborts', 'const c = new AbortController(); const t = setTimeout(() => c.abort(), 50); x.get(u, { signal: c.signal });', { signal: { signal: 'timer', ms: 50 } }],
    ['a destructured signal', 'const c = new AbortController(); setTimeout(() => { c.abort(); }, 50); const { signal } = c; x.get(u, { signal });', { signal: { signal: 'timer', ms: 50 } }],
    ['a controller that nothing aborts', 'const c = new AbortController(); x.get(u, { signal: c.signal });', { signal: { signal: 'none' } }],
    ['a controller that a closed request aborts', "const c = new AbortController(); req.on('close', () => c.abort()); x.get(u, { signal: c.signal });", { signal: { signal: 'unknown' } }],
    ['a template', 'const host = process.env.H; x.get(u, `http://${host}/a`);', ['http://', { environment: 'H' }, '/a']],
    ['a cycle', 'const a = b, b = a; x.get(u, a);', 'unknown'],
  ];
  for (const [name, text, expected] of cases) it(name, () => expect(optionsOf(text)).toEqual(expected));
});

describe('calls and clients', () => {
  it('tells what becomes of a result', () => {
    const text = "import x from 'acme';\nasync function f() { await x.get(1); x.get(2); void x.get(3); const p = x.get(4); g(x.get(5)); return x.get(6); }\nconst h = () => x.get(7);";
    expect(read(text).calls.map((call) => call.usage)).toEqual(['awaited', 'floating', 'void', 'assigned', 'argument', 'returned', 'returned']);
  });

  it('sees who catches', () => {
    const text = "import x from 'acme';\nasync function f() { try { await x.get(1); } catch {} finally { x.get(2); } x.get(3).catch(log); x.get(4).then(a, b); try { x.get(5); } finally {} }";
    expect(read(text).calls.map((call) => call.isCaught)).toEqual([true, false, true, true, false]);
  });

  it('collects listeners, methods and later options of a client', () => {
    const [client] = read("import { Client } from 'acme'; const c = new Client().on('error', log); c.once('end', f); c.defaults.timeout = 5; c.close();").clients;
    expect(client).toMatchObject({ listeners: ['end', 'error'], methods: ['close', 'on', 'once'], name: { text: 'c' }, escapes: [], assignments: [{ path: 'defaults.timeout', value: { kind: 'number', value: 5 } }] });
  });

  it('says where a client goes', () => {
    const escapes = (text: string) => read(`import { Client } from 'acme';\n${text}`).clients[0]?.escapes;
    expect(escapes('export const c = new Client();')).toEqual(['export']);
    expect(escapes('const c = new Client(); module.exports = { c };')).toEqual(['export']);
    expect(escapes('const c = new Client(); use(c);')).toEqual(['argument']);
    expect(escapes('function f() { return new Client(); }')).toEqual(['return']);
    expect(escapes('const c = new Client(); c.get(u);')).toEqual([]);
  });
});

describe('guards', () => {
  const guardsOf = (text: string) => read(`import x from 'acme';\n${text}`).calls.find((call) => call.calleeText === 'x.get')?.guards.map((guard) => `${guard.kind}${'ms' in guard && guard.ms !== undefined ? ` ${guard.ms}` : ''}${guard.kind === 'wrapper' ? ` ${guard.name ?? ''}` : ''}`);
  const cases: readonly [string, string, readonly string[]][] = [
    ['a race with a timer', 'Promise.race([x.get(u), new Promise((_, reject) => setTimeout(reject, 500))]);', ['race 500']],
    ['a race with a named timer', 'const timeout = new Promise((_, reject) => setTimeout(reject, 500)); Promise.race([x.get(u), timeout]);', ['race 500']],
    ['a race of a variable', 'const p = x.get(u); await Promise.race([p, sleep(500)]);', ['race 500']],
    ['a race with other work', 'Promise.race([x.get(u), x.other(u)]);', []],
    ['a wrapper by name', 'withTimeout(x.get(u), 500);', ['wrapper withTimeout']],
    ['a wrapper around a closure', 'withTimeout(async () => { await x.get(u); }, 500);', ['wrapper withTimeout']],
    ['a wrapper of this file', 'function limit(p) { return Promise.race([p, new Promise((_, r) => setTimeout(r, 5))]); } limit(x.get(u));', ['wrapper limit']],
    ['a function that is only called bounded', 'function load() { return x.get(u); } withTimeout(load(), 5);', ['wrapper withTimeout']],
    ['a function that is also called unbounded', 'function load() { return x.get(u); } withTimeout(load(), 5); load();', []],
    ['.timeout in the chain', 'x.get(u).timeout(500);', ['chain']],
    ['a handler is no wrapper', "app.get('/x', async () => { await x.get(u); });", []],
  ];
  for (const [name, text, expected] of cases) it(name, () => expect(guardsOf(text)).toEqual(expected));
});

describe('functions', () => {
  const fn = (text: string) => read(text).functions[0];

  it('knows parameters that limit, bound, handle and listen', () => {
    expect(fn('function f(url, ms) { setTimeout(stop, ms); }')?.limitParameters).toEqual([1]);
    expect(fn('function f(url, { timeoutMs }) { return go(url, { signal: AbortSignal.timeout(timeoutMs) }); }')?.limitParameters).toEqual([1]);
    expect(fn('function f(p, ms) { return Promise.race([p, new Promise((_, r) => setTimeout(r, ms))]); }')?.boundsParameters).toEqual([0]);
    expect(fn('function f(work) { return work(AbortSignal.timeout(5)); }')?.boundsParameters).toEqual([0]);
    expect(fn('const wrap = (fn) => (req, res, next) => Promise.resolve(fn(req, res, next)).catch(next);')?.handlesParameters).toEqual([0]);
    expect(fn('const wrap = (fn) => async (req, res, next) => { try { await fn(req, res, next); } catch (e) { next(e); } };')?.handlesParameters).toEqual([0]);
    expect(fn('const wrap = (fn) => (req, res, next) => { fn(req, res, next); };')?.handlesParameters).toEqual([]);
    expect(fn("function hear(c) { c.on('error', log); }")?.listensParameters).toEqual([0]);
  });

  it('knows whether every rejection is caught', () => {
    expect(fn('async function f() { try { await go(); } catch (e) { log(e); } }')?.isGuarded).toBe(true);
    expect(fn('async function f() { await go(); }')?.isGuarded).toBe(false);
    expect(fn('async function f() { await go().catch(log); }')?.isGuarded).toBe(true);
    expect(fn('async function f() { try { await go(); } catch (e) { throw e; } }')?.isGuarded).toBe(false);
    expect(fn('const f = async () => go();')?.isGuarded).toBe(false);
    expect(fn('async function f() { try { return go(); } catch {} }')?.isGuarded).toBe(false);
  });

  it('marks what a person would point at', () => {
    const text = 'async function load() {}\nconst f = async () => {};\nconst g = () => {};';
    expect(read(text).functions.map((fact) => text.slice(...fact.mark))).toEqual(['load', 'async', '=>']);
  });
});

describe('the role of a file', () => {
  const cases: readonly [string, string, string][] = [
    ['src/orders.ts', '', 'server'],
    ['src/orders.test.ts', '', 'test'],
    ['test/setup.js', '', 'test'],
    ['src/a.ts', "import { it } from 'vitest';", 'test'],
    ['src/a.js', "const { expect } = require('chai');", 'test'],
    ['scripts/seed.ts', '', 'script'],
    ['bin/www', '', 'script'],
    ['bin/www.js', 'server.listen(80);', 'server'],
    ['src/a.js', '#!/usr/bin/env node\n', 'script'],
    ['vite.config.ts', '', 'script'],
    ['types/a.d.ts', '', 'declaration'],
    ['src/gen/x_pb.js', '', 'generated'],
    ['src/a.ts', '// Code generated by protoc. DO NOT EDIT.\n', 'generated'],
    ['app/button.tsx', "'use client';\nexport const B = 1;", 'browser'],
    ['src/a.tsx', "import { createRoot } from 'react-dom/client';", 'browser'],
    ['src/a.ts', "document.querySelector('a');", 'browser'],
    ['app/page.tsx', "import React from 'react';\nexport default async function Page() {}", 'server'],
    ['src/a.ts', "import type { Mock } from 'vitest';", 'server'],
  ];
  for (const [path, text, role] of cases) it(`${path} ${text.slice(0, 40).replaceAll('\n', ' ')} is ${role}`, () => expect(read(text, path).role).toBe(role));
});

describe('suppressions', () => {
  it('reads comments of every form and no strings', () => {
    const text = [
      '// holdfast-disable-next-line require-timeout -- slow on purpose (until 2027-03-31)', 'a();',
      'b(); // holdfast-disable-line bound-retries -- why', "const s = '// holdfast-disable-file x -- no';",
      'const t = `// holdfast-disable-file x -- no`;', '/* holdfast-disable-next-line require-backoff -- c */', 'c();',
    ].join('\n');
    expect(read(text).suppressions.map((found) => [found.kind, found.rules.join(), found.reason, text.slice(...found.covers).trim()])).toEqual([
      ['next-line', 'require-timeout', 'slow on purpose', 'a();'],
      ['line', 'bound-retries', 'why', 'b(); // holdfast-disable-line bound-retries -- why'],
      ['next-line', 'require-backoff', 'c', 'c();'],
    ]);
  });

  it('reads comments in JSX', () => {
    const text = 'export const A = () => (\n  <div>\n    {/* holdfast-disable-next-line require-timeout -- x */}\n    <b>{load()}</b>\n    // holdfast-disable-file y -- text\n  </div>\n);\n';
    expect(read(text, 'app/a.tsx').suppressions).toMatchObject([{ kind: 'next-line', rules: ['require-timeout'] }]);
  });
});

describe('never throws', () => {
  const fixture = [
    "import x, { Client } from 'acme';", "import { T } from './config';", 'class A extends Client { #c = new Client({ timeout: T, ...rest });', '  constructor(private readonly d: Client) { super({ timeout: 5 }); }',
    "  async f(u = `a${T}`) { try { for (const i of [1, 2]) { await this.#c.get(u, { signal: AbortSignal.timeout(5) }); } } catch (e) { console.error(e); } }", '}',
    'export const g = async ({ a, ...b }) => { const [p, q] = await Promise.all([x.get(a), fetch(b)]); return p ?? q; };', "module.exports = { g, h: require('./h') };", 'enum E { A = 1, B }', 'const j = <div>{x.get(1)}</div>;',
  ].join('\n');

  it('on a text cut at each tenth', () => {
    for (let i = 0; i <= 40; i++) expect(() => read(fixture.slice(0, Math.floor((fixture.length * i) / 40)), 'a.tsx')).not.toThrow();
  });

  it('on a text without one of its lines', () => {
    const lines = fixture.split('\n');
    lines.forEach((_, index) => expect(() => read(lines.filter((__, at) => at !== index).join('\n'), 'a.tsx')).not.toThrow());
  });

  it('on nesting deeper than the stack, on binary text and on strange names', () => {
    const deep = 20_000;
    for (const text of ['('.repeat(deep), '['.repeat(deep) + ']'.repeat(deep), `f(${'() => '.repeat(5_000)}1)`, `x${'.a'.repeat(deep)}()`, `a${'+a'.repeat(deep)}`, '\u0000\uffff\ud800"`${', 'const __proto__ = { __proto__: 1 }; __proto__.toString(); class constructor { constructor() {} toString() {} }']) {
      expect(() => read(text)).not.toThrow();
    }
  });

  it('gives facts that survive JSON', () => {
    const facts = read(fixture, 'src/a.tsx');
    expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
    expect(facts.calls.length).toBeGreaterThan(3);
  });
});
