import { describe, expect, it } from 'vitest';
import type { LibraryEntry } from '../../catalog/schema';
import { linkFiles } from '../../test/lint-files';
import { compileCatalog } from '../catalog';
import type { OutboundCall, Verdict } from './project';

const acme: LibraryEntry = {
  package: 'acme',
  role: 'http',
  sources: ['made up for tests'],
  constructs: [
    { make: ['create', 'Client'], form: 'either', instance: 'Client', options: 0, isLongLived: true },
    { make: ['extend'], form: 'call', from: 'Client', instance: 'Client', options: 0, inherits: true },
  ],
  calls: [
    { on: '', names: ['get'], io: 'http', options: 1, target: 0 },
    { on: '', names: ['post'], io: 'http', options: 2, target: 0 },
    { on: '', names: ['chain'], io: 'http', target: 0 },
    { on: '', names: ['old'], io: 'http', options: 1 },
    { on: '', names: ['emit'], io: 'http', options: 'first-object', target: 0, result: 'emitter' },
    { on: 'Client', names: ['get', 'post'], io: 'http', options: 1, target: 0 },
  ],
  bounds: [
    { option: 'timeout', at: ['call', 'construct', 'defaults'], calls: ['get', 'post'], unit: 'ms', phases: ['total'], default: null, off: [0, 'never'], fix: { budget: 'http' } },
    { option: 'connect.timeout', at: ['call', 'construct'], calls: ['get', 'post'], unit: 's', phases: ['connect'], default: 10 },
    { option: 'timeout', at: ['chain'], calls: ['chain'], unit: 'ms', phases: ['total'], default: null, off: [0] },
    { option: 'limit', at: ['call'], calls: ['old'], unit: 'ms', phases: ['headers'], default: null, versions: '<2' },
    { option: 'limit', at: ['call'], calls: ['old'], unit: 'ms', phases: ['headers'], default: 300_000, versions: '>=2 <3' },
    { option: 'limit', at: ['call'], calls: ['old'], unit: 'ms', phases: ['headers'], default: 5_000, versions: '>=3' },
    { option: 'timeout', at: ['call'], calls: ['emit'], unit: 'ms', phases: ['headers'], default: null, enforces: 'emits' },
  ],
  signals: [{ option: 'signal', at: ['call'], phases: ['total'] }],
  ineffective: [
    { option: 'timeOut', at: 'call', because: 'option', instead: 'timeout' },
    { option: 'timeout', at: 'call', calls: ['post'], because: 'place', argument: 1, belongs: 2 },
    { option: 'timeout', at: 'call', calls: ['emit'], because: 'event' },
  ],
  guards: [{ call: 'within', of: 0, limit: '1.ms' }],
};
const catalog = compileCatalog([acme]);

async function callsOf(files: Record<string, string>, path = 'a.ts'): Promise<readonly OutboundCall[]> {
  const { code } = await linkFiles(files, catalog);
  return code.files.find((file) => file.path === path)?.calls ?? [];
}

function show(verdict: Verdict | undefined): string {
  switch (verdict?.kind) {
    case undefined:
      return 'no call';
    case 'bounded':
      return `bounded by ${verdict.by}${verdict.ms === undefined ? '' : ` ${verdict.ms}`}`;
    case 'unbounded':
      return `unbounded: ${verdict.bound?.option ?? 'nothing'}`;
    case 'weak':
      return `weak ${verdict.ms}`;
    case 'phase-only':
      return `phase-only ${verdict.ms}`;
    case 'ineffective':
      return `ineffective: ${verdict.because}`;
    case 'disabled':
      return `disabled${verdict.ms === undefined ? '' : ` ${verdict.ms}`}`;
    case 'unknown':
      return 'unknown';
  }
}

/** Verdict of the first outbound call of `a.ts`. */
async function verdictOf(text: string, files: Record<string, string> = {}): Promise<string> {
  return show((await callsOf({ ...files, 'a.ts': `import x from 'acme';\n${text}` }))[0]?.verdict);
}

describe('the verdict on one call', () => {
  const cases: readonly [string, string, string][] = [
    ['nothing is given', 'x.get(u);', 'unbounded: timeout'],
    ['an option', 'x.get(u, { timeout: 5 });', 'bounded by option 5'],
    ['an option without a limit in it', 'x.get(u, { headers: {} });', 'unbounded: timeout'],
    ['zero', 'x.get(u, { timeout: 0 });', 'disabled'],
    ['a word that switches it off', "x.get(u, { timeout: 'never' });", 'disabled'],
    ['Infinity', 'x.get(u, { timeout: Infinity });', 'disabled'],
    ['more than ten minutes', 'x.get(u, { timeout: 3_600_000 });', 'disabled 3600000'],
    ['off beside a signal', 'x.get(u, { timeout: 0, signal: AbortSignal.timeout(5) });', 'bounded by signal 5'],
    ['a signal from elsewhere', 'x.get(u, { signal: req.signal });', 'bounded by signal'],
    ['a signal that nothing ends', 'const c = new AbortController(); x.get(u, { signal: c.signal });', 'unbounded: timeout'],
    ['options out of sight', 'x.get(u, opts);', 'unknown'],
    ['a spread out of sight', 'x.get(u, { ...opts });', 'unknown'],
    ['zero before a spread out of sight', 'x.get(u, { timeout: 0, ...opts });', 'unknown'],
    ['zero after a spread out of sight', 'x.get(u, { ...opts, timeout: 0 });', 'disabled'],
    ['both branches off', 'x.get(u, { timeout: slow ? 0 : Infinity });', 'disabled'],
    ['one branch off', 'x.get(u, { timeout: slow ? 0 : 5 });', 'unknown'],
    ['an environment variable', 'x.get(u, { timeout: Number(process.env.T) });', 'bounded by option'],
    ['a name that the library does not know', 'x.get(u, { timeOut: 5 });', 'ineffective: option'],
    ['that name beside a signal', 'x.get(u, { timeOut: 5, signal: AbortSignal.timeout(5) });', 'bounded by signal 5'],
    ['options in the place of the body', 'x.post(u, { timeout: 5 });', 'ineffective: place'],
    ['a body that has such a key', 'x.post(u, { timeout: 5, url: 1 });', 'unbounded: timeout'],
    ['body and options', 'x.post(u, {}, { timeout: 5 });', 'bounded by option 5'],
    ['a chain', 'x.chain(u).set(a).timeout(5);', 'bounded by option 5'],
    ['a chain without it', 'x.chain(u).set(a);', 'unbounded: timeout'],
    ['an event that nobody hears', 'x.emit(u, { timeout: 5 });', 'ineffective: event'],
    ['an event that ends the request', "const r = x.emit(u, { timeout: 5 }); r.on('timeout', () => r.destroy());", 'phase-only 5'],
    ['an event that is only logged', "x.emit(u, { timeout: 5 }).on('timeout', () => log());", 'ineffective: event'],
    ['a race', 'Promise.race([x.get(u), new Promise((_, r) => setTimeout(r, 7))]);', 'bounded by guard 7'],
    ['a guard of the catalogue', "import { within } from 'acme'; within(x.get(u), { ms: 9 });", 'bounded by guard 9'],
    ['a guard of the catalogue that is switched off', "import { within } from 'acme'; within(x.get(u), { ms: Infinity });", 'unbounded: timeout'],
    ['the default of the library for all calls', 'x.defaults.timeout = 5; x.get(u);', 'bounded by global 5'],
  ];
  for (const [name, text, expected] of cases) it(name, async () => expect(await verdictOf(text)).toBe(expected));

  it('a call that sets options for another library', async () => {
    const client = compileCatalog([acme, { package: 'acme-agent', role: 'http', sources: ['made up for tests'], constructs: [{ make: ['Agent'], form: 'new', instance: 'Agent', options: 0 }], sets: [{ call: 'setGlobal', argument: 0, of: ['acme'] }] }]);
    const { code } = await linkFiles({ 'main.ts': "import { setGlobal, Agent } from 'acme-agent'; setGlobal(new Agent({ timeout: 7 }));", 'a.ts': "import x from 'acme'; x.get(u);" }, client);
    expect(show(code.files.find((file) => file.path === 'a.ts')?.calls[0]?.verdict)).toBe('bounded by global 7');
  });

  it('says where a bad value stands', async () => {
    const text = "import x from 'acme';\nconst off = { timeout: 0 };\nx.get(u, off);";
    const [call] = await callsOf({ 'a.ts': text });
    expect(call?.verdict.kind === 'disabled' ? text.slice(...call.verdict.at.span) : '').toBe('timeout: 0');
  });
});

describe('clients', () => {
  const cases: readonly [string, string, string][] = [
    ['options of the client', 'const c = x.create({ timeout: 5 }); c.get(u);', 'bounded by option 5'],
    ['a client without', 'const c = x.create(); c.get(u);', 'unbounded: timeout'],
    ['the call over the client', 'const c = x.create({ timeout: 5 }); c.get(u, { timeout: 0 });', 'disabled'],
    ['undefined keeps the client', 'const c = x.create({ timeout: 5 }); c.get(u, { timeout: undefined });', 'bounded by option 5'],
    ['inherited options', 'const c = x.create({ timeout: 5 }).extend({ a: 1 }); c.get(u);', 'bounded by option 5'],
    ['an option set later', 'const c = x.create(); c.defaults.timeout = 5; c.get(u);', 'bounded by option 5'],
    ['options out of sight', 'const c = x.create(config); c.get(u);', 'unknown'],
    ['what a package gives', "import config from 'config'; const c = x.create(config.get('http')); c.get(u);", 'unknown'],
    ['a declared type', 'import type { Client } from "acme"; function f(c: Client) { c.get(u); }', 'unknown'],
    ['a declared type, off at the call', 'import type { Client } from "acme"; function f(c: Client) { c.get(u, { timeout: 0 }); }', 'disabled'],
    ['a subclass', 'import { Client } from "acme"; class Mine extends Client { constructor() { super({ timeout: 5 }); } } new Mine().get(u);', 'bounded by option 5'],
  ];
  for (const [name, text, expected] of cases) it(name, async () => expect(await verdictOf(text)).toBe(expected));

  it('has a verdict of its own, and the calls of the whole project', async () => {
    const { code } = await linkFiles({ 'http.ts': "import x from 'acme';\nexport const http = x.create();", 'a.ts': "import { http } from './http'; http.get(1); http.get(2); http.on('error', log);" }, catalog);
    const client = code.files.find((file) => file.path === 'http.ts')?.clients[0];
    expect(show(client?.verdict)).toBe('unbounded: timeout');
    expect(client?.calls.length).toBe(2);
    expect([...(client?.listeners ?? [])]).toEqual(['error']);
  });
});

describe('over files', () => {
  const http = "import x from 'acme';\nexport const http = x.create({ timeout: 5 });\nexport default http;\n";
  const cases: readonly [string, Record<string, string>][] = [
    ['a named export', { 'a.ts': "import { http } from './http'; http.get(u);", 'http.ts': http }],
    ['a default export', { 'a.ts': "import h from './http.js'; h.get(u);", 'http.ts': http }],
    ['a namespace', { 'a.ts': "import * as all from './http'; all.http.get(u);", 'http.ts': http }],
    ['module.exports', { 'a.ts': "const h = require('./http'); h.get(u);", 'http.ts': "const x = require('acme'); module.exports = x.create({ timeout: 5 });" }],
    ['properties of module.exports', { 'a.ts': "const { http } = require('./http'); http.get(u);", 'http.ts': "const x = require('acme'); const http = x.create({ timeout: 5 }); module.exports = { http };" }],
    ['a barrel', { 'a.ts': "import { http } from './lib'; http.get(u);", 'lib/index.ts': "export * from './inner';", 'lib/inner.ts': "export { http } from '../http';", 'http.ts': http }],
    ['a barrel that imports first', { 'a.ts': "import { client } from './lib'; client.get(u);", 'lib.ts': "import { http as client } from './http'; export { client };", 'http.ts': http }],
    ['a tsconfig path', { 'src/a.ts': "import { http } from '@lib/http'; http.get(u);", 'src/lib/http.ts': http, 'tsconfig.json': '{ "compilerOptions": { "baseUrl": "./src", "paths": { "@lib/*": ["lib/*"] } } }' }],
    ['a tsconfig path of a base', { 'src/a.ts': "import { http } from '~/http'; http.get(u);", 'src/http.ts': http, 'tsconfig.json': '{ "extends": "./base.json" }', 'base.json': '{}', 'tsconfig.base.json': '{}' }],
    ['a base URL', { 'src/a.ts': "import { http } from 'src/http'; http.get(u);", 'src/http.ts': http, 'tsconfig.json': '{ "compilerOptions": { "baseUrl": "." } }' }],
    ['a workspace package', { 'apps/web/a.ts': "import { http } from '@acme/http'; http.get(u);", 'packages/http/package.json': '{ "name": "@acme/http", "main": "dist/index.js" }', 'packages/http/src/index.ts': http }],
    ['an object of clients', { 'a.ts': "import { clients } from './http'; clients.http.get(u);", 'http.ts': "import x from 'acme'; export const clients = { http: x.create({ timeout: 5 }) };" }],
    ['a factory', { 'a.ts': "import { make } from './http'; const h = make(); h.get(u);", 'http.ts': "import x from 'acme'; export function make() { return x.create({ timeout: 5 }); }" }],
    ['a factory result that is exported', { 'a.ts': "import { h } from './b'; h.get(u);", 'b.ts': "import { make } from './http'; export const h = make();", 'http.ts': "import x from 'acme'; export const make = () => x.create({ timeout: 5 });" }],
    ['a field of a class', { 'a.ts': "import { Svc } from './http'; class A { constructor(private readonly svc: Svc) {} f() { this.svc.http.get(u); } }", 'http.ts': "import x from 'acme'; export class Svc { readonly http = x.create({ timeout: 5 }); }" }],
    ['a subclass that is injected', { 'a.ts': "import { Svc } from './http'; class A { constructor(private svc: Svc) {} f() { this.svc.get(u); } }", 'http.ts': "import { Client } from 'acme'; export class Svc extends Client { constructor() { super({ timeout: 5 }); } }" }],
    ['a constant', { 'a.ts': "import x from 'acme'; import { T } from './config'; x.get(u, { timeout: T });", 'config.ts': 'export const T = 5;' }],
    ['a member of a constant', { 'a.ts': "import x from 'acme'; import { config } from './config'; x.get(u, { timeout: config.http.timeout });", 'config.ts': 'export const config = { http: { timeout: 5 } };' }],
    ['a spread of a constant', { 'a.ts': "import x from 'acme'; import base from './config'; x.get(u, { ...base, a: 1 });", 'config.js': 'module.exports = { timeout: 5 };' }],
  ];
  for (const [name, files] of cases) {
    it(name, async () => {
      const path = Object.keys(files).find((file) => file.endsWith('a.ts')) ?? 'a.ts';
      expect((await callsOf(files, path)).map((call) => show(call.verdict))).toEqual(['bounded by option 5']);
    });
  }

  it('ends in circles', async () => {
    expect(await callsOf({ 'a.ts': "export * from './b'; import { c } from './b'; c.get(u);", 'b.ts': "export * from './a'; export { c } from './a';" })).toEqual([]);
  });

  it('an open constant stays unknown', async () => {
    expect(show((await callsOf({ 'a.ts': "import x from 'acme'; import { base } from './config'; x.get(u, { ...base });", 'config.ts': 'export const base = { ...load() };' }))[0]?.verdict)).toBe('unknown');
  });

  it('a wrapper of another file bounds what it is given', async () => {
    const files = { 'a.ts': "import x from 'acme'; import { limit } from './limit'; limit(x.get(u));", 'limit.ts': 'export const limit = (p: Promise<unknown>) => Promise.race([p, new Promise((_, r) => setTimeout(r, 5))]);' };
    expect(show((await callsOf(files))[0]?.verdict)).toBe('bounded by guard');
    expect(show((await callsOf({ ...files, 'limit.ts': 'export const limit = (p: Promise<unknown>) => p.then(log);' }))[0]?.verdict)).toBe('unbounded: timeout');
  });

  const OPTIONS = `import x from 'acme';
export async function load(url: string, init?: { timeout?: number; signal?: AbortSignal }) {
  const { timeout, ...rest } = init || {};
  let controller: AbortController | undefined;
  if (timeout && !rest.signal) {
    controller = new AbortController();
    setTimeout(() => controller?.abort(), timeout);
  }
  const signal = controller?.signal || rest.signal;
  return x.get(url, { ...rest, signal });
}`;
  it.each([
    ['a member that a timer takes', OPTIONS, "load(u); load(u, { method: 'POST' }); load(u, { timeout: 5 }); load(u, { signal: s }); load(u, given);", ['unbounded', 'unbounded']],
    ['a member that is handed on', "import x from 'acme'; export const load = (url: string, o: { ms?: number } = {}) => x.get(url, { timeout: o.ms });", 'load(u); load(u, {}); load(u, { ms: 5 });', ['unbounded', 'unbounded']],
    ['a member with a default', "import x from 'acme'; export const load = (url: string, { ms = 5 }: { ms?: number } = {}) => x.get(url, { timeout: ms });", 'load(u); load(u, {});', []],
    ['a signal where there is a limit', "import x from 'acme'; export const load = (url: string, ms?: number) => x.get(url, { signal: ms ? AbortSignal.timeout(ms) : undefined });", 'load(u); load(u, 5);', ['unbounded']],
    ['a limit of the call of the wrapper', OPTIONS, 'Promise.race([load(u), new Promise((_, no) => setTimeout(no, 5))]);', []],
    ['arguments by a spread', OPTIONS, 'load(...given);', []],
  ])('callers of a wrapper: %s', async (_name, wrapper, code, verdicts) => {
    const files = { 'a.ts': `import { load } from './http'; ${code}`, 'http.ts': wrapper };
    expect((await callsOf(files)).map(({ verdict }) => verdict.kind)).toEqual(verdicts);
    expect((await callsOf(files, 'http.ts')).filter(({ verdict }) => verdict.kind === 'unbounded')).toEqual([]);
  });

  it('a wrapper that hands on all it gets is found itself where nobody gives a limit', async () => {
    const wrapper = "import x from 'acme'; export const load = (url: string, init: object) => x.get(url, { ...init, method: 'GET' });";
    const files = { 'a.ts': "import { load } from './http'; load(u, {}); load(u, { method: 'POST' });", 'http.ts': wrapper };
    expect((await callsOf(files, 'http.ts')).map(({ verdict }) => verdict.kind)).toEqual(['unbounded']);
    expect(await callsOf(files)).toEqual([]);
    const mixed = await callsOf({ 'a.ts': "import { load } from './http'; load(u, {}); load(u, { timeout: 5 });", 'http.ts': wrapper });
    expect(mixed.filter(({ verdict }) => verdict.kind === 'unbounded').map(({ file, fact }) => `${file} ${fact.calleeText}`)).toEqual(['a.ts load']);
  });

  it('a wrapper of a wrapper hands on the question', async () => {
    const outer = "import { load } from './http'; export const post = (url: string, options: { timeout?: number }) => load(url, { ...options, method: 'POST' });";
    const calls = await callsOf({ 'a.ts': "import { post } from './api'; post(u, {}); post(u, { timeout: 5 });", 'api.ts': outer, 'http.ts': OPTIONS });
    expect(calls.filter(({ verdict }) => verdict.kind === 'unbounded').map(({ file, fact }) => `${file} ${fact.calleeText}`)).toEqual(['a.ts post']);
  });

  it('a method of a class and a function of the same file are wrappers too', async () => {
    const code = "import x from 'acme'; class Api { constructor() {} request(url: string, o: { ms?: number }) { return x.get(url, { timeout: o.ms }); } list() { return this.request('/a', {}); } one() { return this.request('/b', { ms: 5 }); } }";
    expect((await callsOf({ 'a.ts': code })).filter(({ verdict }) => verdict.kind === 'unbounded').map(({ fact }) => fact.calleeText)).toEqual(['this.request']);
  });

  it('whoever leaves out the limit of a wrapper is found there', async () => {
    const wrapper = "import x from 'acme'; export const load = (url: string, timeout?: number) => x.get(url, { timeout });";
    const calls = await callsOf({ 'a.ts': "import { load } from './http'; load(u); load(u, 5);", 'http.ts': wrapper });
    expect(calls.map((call) => [call.fact.calleeText, show(call.verdict)])).toEqual([['load', 'unbounded: timeout']]);
  });
});

describe('versions', () => {
  const cases: readonly [string, Record<string, string>, string][] = [
    ['a lock file', { 'package.json': '{ "dependencies": { "acme": "^2" } }', 'package-lock.json': '{ "packages": { "node_modules/acme": { "version": "2.1.0" } } }' }, 'weak 300000'],
    ['a lock file above', { 'package-lock.json': '{ "packages": { "node_modules/acme": { "version": "3.0.0" } } }', 'p/package.json': '{}' }, 'bounded by default 5000'],
    ['a range that lies in one row', { 'package.json': '{ "dependencies": { "acme": "^1.2.0" } }' }, 'unbounded: limit'],
    ['a range over two rows', { 'package.json': '{ "dependencies": { "acme": ">=1 <3" } }' }, 'unknown'],
    ['nothing', {}, 'unknown'],
    ['a range that is none', { 'package.json': '{ "dependencies": { "acme": "workspace:*" } }' }, 'unknown'],
  ];
  for (const [name, files, expected] of cases) {
    it(name, async () => expect(show((await callsOf({ ...files, 'p/a.ts': "import x from 'acme'; x.old(u);" }, 'p/a.ts'))[0]?.verdict)).toBe(expected));
  }

  it('an option that all versions obey needs no version', async () => {
    expect(show((await callsOf({ 'a.ts': "import x from 'acme'; x.old(u, { limit: 5 });" }))[0]?.verdict)).toBe('phase-only 5');
  });
});

describe('contexts', () => {
  it('reach three calls far, over files and into inner functions', async () => {
    const files = {
      'a.ts': "import express from 'express'; import { one } from './b'; const app = express(); app.get('/x', async (q, r) => { await one(); });",
      'b.ts': "import x from 'acme'; export const one = () => two(); const two = () => [1].map(() => three()); function three() { x.get(u); four(); } function four() { x.get(v); }",
    };
    const calls = await callsOf(files, 'b.ts');
    expect(calls.map((call) => [[...call.contexts].join(), call.route])).toEqual([['handler', 'GET /x'], ['', undefined]]);
  });

  it('module level is startup', async () => {
    expect([...((await callsOf({ 'a.ts': "import x from 'acme'; x.get(u);" }))[0]?.contexts ?? [])]).toEqual(['startup']);
  });
});

describe('order', () => {
  it('the same facts in any order give the same', async () => {
    const files = { 'a.ts': "import { http } from './b'; http.get(1);", 'b.ts': "import x from 'acme'; export const http = x.create();", 'c.ts': "import { http } from './b'; http.get(2);" };
    const one = await linkFiles(files, catalog);
    const other = await linkFiles(Object.fromEntries(Object.entries(files).reverse()), catalog);
    const summary = (linked: typeof one) => linked.code.files.map((file) => [file.path, file.calls.map((call) => [call.fact.calleeText, call.verdict.kind]), file.clients.map((client) => client.calls.map((call) => call.file))]);
    expect(summary(one)).toEqual(summary(other));
  });
});
