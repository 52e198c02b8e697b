// Each kind of operation in each style. `‹…›` marks the span that an operation names.

import { describe, expect, it } from 'vitest';
import type { CodeOperation } from '../lint/fix';
import { applyEdits, type Span } from '../text';
import { writeCode } from './write';

type Made = CodeOperation extends infer O ? (O extends CodeOperation ? Omit<O, 'language' | 'file'> : never) : never;

/** Writes the operations that `make` builds from the marked spans and gives the new text; undefined where the writer refuses. */
async function write(marked: string, make: (spans: readonly Span[]) => readonly Made[], path = 'a.ts'): Promise<string | undefined> {
  const { text, spans } = unmark(marked);
  const operations = make(spans).map((operation) => ({ ...operation, language: 'code' as const, file: path }));
  const edits = await writeCode(path, text, operations);
  if (!edits) return undefined;
  const result = applyEdits(text, edits);
  expect(result.left).toEqual([]);
  return result.text;
}

function unmark(marked: string): { text: string; spans: Span[] } {
  const spans: Span[] = [];
  const open: number[] = [];
  let text = '';
  for (const character of marked) {
    if (character === '‹') open.push(spans.push([text.length, -1]) - 1);
    else if (character === '›') {
      const index = open.pop() ?? 0;
      spans[index] = [spans[index]?.[0] ?? 0, text.length];
    } else text += character;
  }
  return { text, spans };
}

const at = (spans: readonly Span[], index = 0): Span => spans[index] ?? [0, 0];
const option = (path: string, value: string, argument: Extract<CodeOperation, { kind: 'set-option' }>['argument']) => (spans: readonly Span[]): Made[] => [{ kind: 'set-option', call: at(spans), argument, path, value }];

describe('set-option', () => {
  const cases: readonly [name: string, before: string, make: (spans: readonly Span[]) => readonly Made[], after: string | undefined][] = [
    ['adds an argument', 'await ‹axios.get(url)›;', option('timeout', '5_000', 1), 'await axios.get(url, { timeout: 5_000 });'],
    ['fills missing arguments', 'await ‹axios.post(url)›;', option('timeout', '5_000', 2), 'await axios.post(url, undefined, { timeout: 5_000 });'],
    ['adds the first argument', 'new X(); const p = ‹new Pool()›;', option('max', '5', 0), 'new X(); const p = new Pool({ max: 5 });'],
    ['adds the parentheses', 'const p = ‹new Pool›;', option('max', '5', 0), 'const p = new Pool({ max: 5 });'],
    ['merges into a one-line object', 'const p = ‹new Pool({ max: 5 })›;', option('query_timeout', '10_000', 0), 'const p = new Pool({ max: 5, query_timeout: 10_000 });'],
    ['keeps tight braces', "import {a} from 'a';\nconst p = ‹new Pool({max: 5})›;", option('query_timeout', '10_000', 0), "import {a} from 'a';\nconst p = new Pool({max: 5, query_timeout: 10_000});"],
    ['writes tight braces where the file has them', "import {a} from 'a';\nconst p = ‹new Pool()›;", option('max', '5', 0), "import {a} from 'a';\nconst p = new Pool({max: 5});"],
    ['fills an empty object', 'const p = ‹new Pool({})›;', option('max', '5', 0), 'const p = new Pool({ max: 5 });'],
    ['merges into a multi-line object with a trailing comma', 'f(‹new Pool({\n  max: 5,\n})›);', option('q', '1', 0), 'f(new Pool({\n  max: 5,\n  q: 1,\n}));'],
    ['merges into a multi-line object without one', 'f(‹new Pool({\n  max: 5\n})›);', option('q', '1', 0), 'f(new Pool({\n  max: 5,\n  q: 1\n}));'],
    ['keeps a trailing comment', 'f(‹new Pool({\n  max: 5 // enough\n})›);', option('q', '1', 0), 'f(new Pool({\n  max: 5, // enough\n  q: 1\n}));'],
    ['keeps a comment behind the comma', 'f(‹new Pool({\n  max: 5, // enough\n})›);', option('q', '1', 0), 'f(new Pool({\n  max: 5, // enough\n  q: 1,\n}));'],
    ['keeps tabs', 'f(‹new Pool({\n\tmax: 5,\n})›);', option('q', '1', 0), 'f(new Pool({\n\tmax: 5,\n\tq: 1,\n}));'],
    ['keeps CRLF', 'f(‹new Pool({\r\n  max: 5,\r\n})›);\r\n', option('q', '1', 0), 'f(new Pool({\r\n  max: 5,\r\n  q: 1,\r\n}));\r\n'],
    ['makes objects of a dotted path', '‹createClient({ url })›;', option('socket.socketTimeout', '10_000', 0), 'createClient({ url, socket: { socketTimeout: 10_000 } });'],
    ['goes into the object of a dotted path', '‹createClient({ socket: { host } })›;', option('socket.socketTimeout', '10_000', 0), 'createClient({ socket: { host, socketTimeout: 10_000 } });'],
    ['spreads what a dotted path finds', '‹createClient({ socket: base })›;', option('socket.socketTimeout', '10_000', 0), 'createClient({ socket: { ...base, socketTimeout: 10_000 } });'],
    ['replaces a value', '‹axios.get(u, { timeout: 0 })›;', option('timeout', '5_000', 1), 'axios.get(u, { timeout: 5_000 });'],
    ['wraps a signal that is there', '‹fetch(u, { signal })›;', option('signal', 'AbortSignal.timeout(5_000)', 1), 'fetch(u, { signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]) });'],
    ['wraps the expression of a signal', '‹fetch(u, { signal: req.signal })›;', option('signal', 'AbortSignal.timeout(5_000)', 1), 'fetch(u, { signal: AbortSignal.any([req.signal, AbortSignal.timeout(5_000)]) });'],
    ['replaces undefined', '‹fetch(u, undefined)›;', option('signal', 'AbortSignal.timeout(5_000)', 1), 'fetch(u, { signal: AbortSignal.timeout(5_000) });'],
    ['writes into the constant that the argument names', 'const o = { max: 5 };\n‹new Pool(o)›;', option('q', '1', 0), 'const o = { max: 5, q: 1 };\nnew Pool(o);'],
    ['spreads an object from elsewhere', '‹new Pool(config.db)›;', option('q', '1', 0), 'new Pool({ ...config.db, q: 1 });'],
    ['keeps `as` and `satisfies`', '‹fetch(u, { a: 1 } as RequestInit)›;', option('q', '1', 1), 'fetch(u, { a: 1, q: 1 } as RequestInit);'],
    ['quotes a key that is no name', "‹f({ a: 1 })›; g('x');", option('x-y', '1', 0), "f({ a: 1, 'x-y': 1 }); g('x');"],
    ['puts options before a callback', '‹client.charge(request, (error) => done(error))›;', option('deadline', 'Date.now() + 5_000', 'before-callback'), 'client.charge(request, { deadline: Date.now() + 5_000 }, (error) => done(error));'],
    ['does not take the request for the options', '‹client.charge({ id }, cb)›;', option('deadline', 'Date.now() + 5_000', 'before-callback'), 'client.charge({ id }, { deadline: Date.now() + 5_000 }, cb);'],
    ['merges into the options before a callback', '‹client.charge({ id }, { a: 1 }, cb)›;', option('deadline', 'Date.now() + 5_000', 'before-callback'), 'client.charge({ id }, { a: 1, deadline: Date.now() + 5_000 }, cb);'],
    ['keeps a callback last where an index is named', '‹client.connect(url, (error) => done(error))›;', option('socketTimeoutMS', '30_000', 1), 'client.connect(url, { socketTimeoutMS: 30_000 }, (error) => done(error));'],
    ['uses the first object of http.get', '‹http.get({ host }, (res) => res.resume())›;', option('signal', 'AbortSignal.timeout(5_000)', 'first-object'), 'http.get({ host, signal: AbortSignal.timeout(5_000) }, (res) => res.resume());'],
    ['sets it in the object that a constant names, for http.get', "const o = { host };\n‹http.get(o, (res) => res.resume())›;", option('signal', 'AbortSignal.timeout(5_000)', 'first-object'), "const o = { host, signal: AbortSignal.timeout(5_000) };\nhttp.get(o, (res) => res.resume());"],
    ['inserts an object before the callback of http.get', '‹http.get(url, (res) => res.resume())›;', option('signal', 'AbortSignal.timeout(5_000)', 'first-object'), 'http.get(url, { signal: AbortSignal.timeout(5_000) }, (res) => res.resume());'],
    ['follows arguments over several lines', 'f(‹axios.get(\n  url,\n)›);', option('timeout', '1', 1), 'f(axios.get(\n  url,\n  { timeout: 1 },\n));'],
    ['follows arguments over several lines without a comma', 'f(‹axios.get(\n    url\n  )›);', option('timeout', '1', 1), 'f(axios.get(\n    url,\n    { timeout: 1 }\n  ));'],
    ['takes the quotes of the file', 'import x from "x";\n‹spawn(x, { a: 1 })›;', option('killSignal', "'SIGKILL'", 1), 'import x from "x";\nspawn(x, { a: 1, killSignal: "SIGKILL" });'],
    ['refuses a string in place of options', "‹new Client('postgres://x')›;", option('q', '1', 0), undefined],
    ['refuses spread arguments', '‹f(...args)›;', option('q', '1', 1), undefined],
    ['refuses a method of that name', '‹f({ timeout() {} })›;', option('timeout', '1', 0), undefined],
    ['refuses a place that is gone', 'const ‹x› = 1;', option('q', '1', 0), undefined],
  ];
  it.each(cases)('%s', async (_name, before, make, after) => {
    expect(await write(before, make)).toBe(after);
  });

  it('sets several options of one call together', async () => {
    const make = (spans: readonly Span[]): Made[] => [...option('h.requestTimeout', '10_000', 0)(spans), ...option('h.throwOnRequestTimeout', 'true', 0)(spans), ...option('retries', '2', 0)(spans)];
    expect(await write('const c = ‹new S3Client()›;', make)).toBe('const c = new S3Client({ h: { requestTimeout: 10_000, throwOnRequestTimeout: true }, retries: 2 });');
  });

  it('marks the inserted value', async () => {
    const text = 'axios.get(url);';
    const edits = await writeCode('a.ts', text, [{ language: 'code', file: 'a.ts', kind: 'set-option', call: [0, 14], argument: 1, path: 'timeout', value: '5_000' }]);
    const marked = (edits ?? []).flatMap((edit) => (edit.placeholders ?? []).map((span) => edit.newText.slice(...span)));
    expect(marked).toEqual(['5_000']);
  });

  it('marks the number in a signal', async () => {
    const edits = await writeCode('a.ts', 'fetch(url, { a });', [{ language: 'code', file: 'a.ts', kind: 'set-option', call: [0, 17], argument: 1, path: 'signal', value: 'AbortSignal.timeout(5_000)' }]);
    expect((edits ?? []).flatMap((edit) => (edit.placeholders ?? []).map((span) => edit.newText.slice(...span)))).toEqual(['5_000']);
  });
});

describe('several fixes of one file', () => {
  const set = (call: Span, path: string): CodeOperation => ({ language: 'code', file: 'a.ts', kind: 'set-option', call, argument: 0, path, value: '1' });

  it.each([
    ['one line', 'new Pool({ max: 5 })', 'new Pool({ max: 5, a: 1, b: 1 })'],
    ['several lines', 'new Pool({\n  max: 5,\n})', 'new Pool({\n  max: 5,\n  a: 1,\n  b: 1,\n})'],
    ['several lines without a comma', 'new Pool({\n  max: 5\n})', 'new Pool({\n  max: 5,\n  a: 1,\n  b: 1\n})'],
  ])('compose in one object on %s', async (_name, text, after) => {
    const edits = [...((await writeCode('a.ts', text, [set([0, text.length], 'a')])) ?? []), ...((await writeCode('a.ts', text, [set([0, text.length], 'b')])) ?? [])];
    expect(applyEdits(text, edits)).toEqual({ text: after, left: [] });
  });

  it('leave the second one that would add the same argument', async () => {
    const text = 'new Pool()';
    const edits = [...((await writeCode('a.ts', text, [set([0, 10], 'a')])) ?? []), ...((await writeCode('a.ts', text, [set([0, 10], 'b')])) ?? [])];
    const result = applyEdits(text, edits);
    expect(result.text).toBe('new Pool({ a: 1 })');
    expect(result.left).toHaveLength(1);
  });

  it('add the same import once', async () => {
    const text = "import a from 'a';\nf();\n";
    const add: CodeOperation = { language: 'code', file: 'a.ts', kind: 'add-import', module: 'node:crypto', name: 'randomUUID' };
    const edits = [...((await writeCode('a.ts', text, [add])) ?? []), ...((await writeCode('a.ts', text, [add])) ?? [])];
    expect(applyEdits(text, edits).text).toBe("import a from 'a';\nimport { randomUUID } from 'node:crypto';\nf();\n");
  });
});

describe('remove-property', () => {
  const remove = (spans: readonly Span[]): Made[] => spans.map((property) => ({ kind: 'remove-property', property }));
  it.each([
    ['the first of one line', 'f({ ‹a: 1›, b: 2 });', 'f({ b: 2 });'],
    ['the last of one line', 'f({ a: 1, ‹b: 2› });', 'f({ a: 1 });'],
    ['the only one', 'f({ ‹a: 1› });', 'f({});'],
    ['a line of its own', 'f({\n  a: 1,\n  ‹b: 2›, // why\n  c: 3,\n});', 'f({\n  a: 1,\n  c: 3,\n});'],
    ['the last line', 'f({\n  a: 1,\n  ‹b: 2›\n});', 'f({\n  a: 1,\n});'],
    ['neighbours', 'f({ a: 1, ‹b: 2›, ‹c: 3› });', 'f({ a: 1 });'],
  ])('removes %s', async (_name, before, after) => {
    expect(await write(before, remove)).toBe(after);
  });

  it('refuses what is no property', async () => {
    expect(await write('f(‹a›);', remove)).toBeUndefined();
  });
});

describe('replace and wrap', () => {
  it('replaces a span', async () => {
    expect(await write("f({ ‹timeout: 5000› }); g('x');", (spans) => [{ kind: 'replace', span: at(spans), text: 'signal: AbortSignal.timeout(5_000)' }])).toBe("f({ signal: AbortSignal.timeout(5_000) }); g('x');");
  });

  it('replaces by several lines at the indentation of the first', async () => {
    const after = '{\n\tif (a) {\n\t\tb()\n\t}\n}';
    expect(await write('{\n\t‹a && b()›\n}', (spans) => [{ kind: 'replace', span: at(spans), text: 'if (a) {\n  b();\n}' }])).toBe(after);
  });

  it('wraps an expression in the quotes of the file', async () => {
    expect(await write('const a = "a"; f(‹g()›);', (spans) => [{ kind: 'wrap', span: at(spans), before: "h('x', ", after: ')' }])).toBe('const a = "a"; f(h("x", g()));');
  });

  it('wraps and sets an option inside', async () => {
    const make = (spans: readonly Span[]): Made[] => [{ kind: 'wrap', span: at(spans), before: 'limit(() => ', after: ')' }, ...option('timeout', '1', 1)(spans)];
    expect(await write('‹axios.get(u)›;', make)).toBe('limit(() => axios.get(u, { timeout: 1 }));');
  });

  it('refuses a wrap that starts inside a token', async () => {
    expect(await write('f(lon‹gName›);', (spans) => [{ kind: 'wrap', span: at(spans), before: '(', after: ')' }])).toBeUndefined();
  });

  it('refuses a span outside the text', async () => {
    expect(await writeCode('a.ts', 'f();', [{ language: 'code', file: 'a.ts', kind: 'replace', span: [2, 99], text: 'x' }])).toBeUndefined();
  });

  it('refuses a result that does not parse', async () => {
    expect(await write('f(‹a›);', (spans) => [{ kind: 'replace', span: at(spans), text: '(' }])).toBeUndefined();
  });
});

describe('insert-after and insert-before', () => {
  const listen = (name: string) => (spans: readonly Span[]): Made[] => [
    { kind: 'insert-after', statement: at(spans), lines: [`${name}.on('error', (error) => console.error(error));`], bind: { call: at(spans), name } },
  ];
  it.each([
    ['after a declaration', 'const pool = ‹new Pool()›; // main\nf();', 'pool', "const pool = new Pool(); // main\npool.on('error', (error) => console.error(error));\nf();"],
    ['by the name that is there', 'const db = ‹new Pool()›;', 'pool', "const db = new Pool();\ndb.on('error', (error) => console.error(error));"],
    ['at the indentation of the statement', 'function f() {\n    const s = ‹new WebSocket(u)›;\n}', 's', "function f() {\n    const s = new WebSocket(u);\n    s.on('error', (error) => console.error(error));\n}"],
    ['without semicolons', 'const a = 1\nconst pool = ‹new Pool()›\nf()', 'pool', "const a = 1\nconst pool = new Pool()\npool.on('error', (error) => console.error(error))\nf()"],
    ['for a field that is assigned', 'class A { constructor() {\n  this.db = ‹new Pool()›;\n} }', 'pool', "class A { constructor() {\n  this.db = new Pool();\n  this.db.on('error', (error) => console.error(error));\n} }"],
    ['binds what is bound to nothing', '‹http.get(u, cb)›;', 'request', "const request = http.get(u, cb);\nrequest.on('error', (error) => console.error(error));"],
    ['binds a chain of listeners', "‹new WebSocket(u)›.on('open', f);", 'socket', "const socket = new WebSocket(u).on('open', f);\nsocket.on('error', (error) => console.error(error));"],
    ['binds to a free name', 'function f(request) { ‹http.get(u, cb)›; }', 'request', "function f(request) { const request2 = http.get(u, cb);\nrequest2.on('error', (error) => console.error(error)); }"],
    ['after an exported declaration', 'export const pool = ‹new Pool()›;', 'pool', "export const pool = new Pool();\npool.on('error', (error) => console.error(error));"],
    ['after an awaited one', 'const c = await ‹amqp.connect(u)›;', 'connection', "const c = await amqp.connect(u);\nc.on('error', (error) => console.error(error));"],
  ])('%s', async (_name, before, name, after) => {
    expect(await write(before, listen(name))).toBe(after);
  });

  it.each([
    ['a class field', 'class A { db = ‹new Pool()›; }'],
    ['an expression body', 'const make = () => ‹new Pool()›;'],
    ['an argument', 'use(‹new Pool()›);'],
    ['a returned value', 'function f() { return ‹new Pool()›; }'],
  ])('refuses %s', async (_name, before) => {
    expect(await write(before, listen('pool'))).toBeUndefined();
  });

  it('goes before a statement and the comment that belongs to it', async () => {
    const make = (spans: readonly Span[]): Made[] => [{ kind: 'insert-before', statement: at(spans), lines: ["app.get('/livez', (request, response) => response.send('ok'));"] }];
    expect(await write('// The app.\n\n  // Starts it.\n  ‹app.listen(3000)›;\n', make)).toBe("// The app.\n\n  app.get('/livez', (request, response) => response.send('ok'));\n  // Starts it.\n  app.listen(3000);\n");
  });

  it('keeps CRLF', async () => {
    const make = (spans: readonly Span[]): Made[] => [{ kind: 'insert-after', statement: at(spans), lines: ['if (a) {', '  b();', '}'] }];
    expect(await write('‹f()›;\r\ng();\r\n', make)).toBe('f();\r\nif (a) {\r\n  b();\r\n}\r\ng();\r\n');
  });
});

describe('insert-in-body', () => {
  const into = (place: 'start' | 'end') => (spans: readonly Span[]): Made[] => [{ kind: 'insert-in-body', body: at(spans), at: place, lines: ['log(error);'] }];
  it.each([
    ['an empty block', 'start', 'try { f(); } catch (error) ‹{}›', 'try { f(); } catch (error) {\n  log(error);\n}'],
    ['a block with a comment', 'start', 'function f() ‹{\n  // nothing\n}›', 'function f() {\n  log(error);\n  // nothing\n}'],
    ['the start of a block', 'start', 'function f() ‹{\n\ta();\n}›', 'function f() {\n\tlog(error);\n\ta();\n}'],
    ['the end of a block', 'end', 'function f() ‹{\n  a(); // x\n}›', 'function f() {\n  a(); // x\n  log(error);\n}'],
    ['a block on one line', 'end', 'function f() ‹{ a(); }›', 'function f() {\n  a();\n  log(error);\n}'],
    ['the body of a function', 'start', '‹function f() {\n  a();\n}›', 'function f() {\n  log(error);\n  a();\n}'],
    ['an expression body', 'start', 'const f = ‹() => a()›;', 'const f = () => {\n  log(error);\n  return a();\n};'],
  ] as const)('writes into %s', async (_name, place, before, after) => {
    expect(await write(before, into(place))).toBe(after);
  });
});

describe('move-argument', () => {
  const move = (spans: readonly Span[]): Made[] => [{ kind: 'move-argument', call: at(spans), from: 1, to: 2, keys: ['timeout'] }];
  it.each([
    ['all of an object', '‹axios.post(url, { timeout: 3000 })›;', 'axios.post(url, undefined, { timeout: 3000 });'],
    ['one of several', '‹axios.post(url, { id, timeout: 3000 })›;', 'axios.post(url, { id }, { timeout: 3000 });'],
    ['into an object', '‹axios.post(url, { id, timeout: 3000 }, { headers })›;', 'axios.post(url, { id }, { headers, timeout: 3000 });'],
  ])('moves %s', async (_name, before, after) => {
    expect(await write(before, move)).toBe(after);
  });

  it('refuses where the property is gone', async () => {
    expect(await write('‹axios.post(url, { id })›;', move)).toBeUndefined();
  });
});

describe('add-import', () => {
  const add = (module: string, name: string, isDefault?: boolean) => (): Made[] => [{ kind: 'add-import', module, name, ...(isDefault ? { isDefault } : {}) }];
  it.each([
    ['after the last import', "import a from 'a';\n\nf();\n", add('node:crypto', 'randomUUID'), "import a from 'a';\nimport { randomUUID } from 'node:crypto';\n\nf();\n"],
    ['into an import of the module', "import { a } from 'm';\nf();\n", add('m', 'b'), "import { a, b } from 'm';\nf();\n"],
    ['into an import over several lines', "import {\n  a,\n  c,\n} from 'm';\nf();\n", add('m', 'b'), "import {\n  a,\n  c,\n  b,\n} from 'm';\nf();\n"],
    ['beside a default', "import d from 'm';\n", add('m', 'b'), "import d, { b } from 'm';\n"],
    ['not where it is there', "import { a } from 'm';\nf();\n", add('m', 'a'), "import { a } from 'm';\nf();\n"],
    ['not into a type import', "import type { A } from 'm';\nf();\n", add('m', 'b'), "import type { A } from 'm';\nimport { b } from 'm';\nf();\n"],
    ['under another name', "import a from 'a';\n", add('node:timers/promises', 'setTimeout as sleep'), "import a from 'a';\nimport { setTimeout as sleep } from 'node:timers/promises';\n"],
    ['several names of a module at once', "import a from 'a';\n", () => [...add('m', 'b')(), ...add('m', 'c')(), ...add('m', 'd', true)()], "import a from 'a';\nimport { b, c } from 'm';\nimport d from 'm';\n"],
    ['by default', "import a from 'a';\n", add('p-limit', 'pLimit', true), "import a from 'a';\nimport pLimit from 'p-limit';\n"],
    ['in double quotes', 'import a from "a";\n', add('m', 'b'), 'import a from "a";\nimport { b } from "m";\n'],
    ['without semicolons', "import a from 'a'\nf()\n", add('m', 'b'), "import a from 'a'\nimport { b } from 'm'\nf()\n"],
    ['without the prefix that the file does not use', "import fs from 'fs';\n", add('node:crypto', 'randomUUID'), "import fs from 'fs';\nimport { randomUUID } from 'crypto';\n"],
    ['with CRLF', "import a from 'a';\r\nf();\r\n", add('m', 'b'), "import a from 'a';\r\nimport { b } from 'm';\r\nf();\r\n"],
    ['below a shebang', '#!/usr/bin/env node\nexport {};\n', add('m', 'b'), "#!/usr/bin/env node\nimport { b } from 'm';\nexport {};\n"],
  ])('%s', async (_name, before, make, after) => {
    expect(await write(before, make)).toBe(after);
  });

  it.each([
    ['after the last require', "const a = require('a');\nf();\n", "const a = require('a');\nconst { b } = require('m');\nf();\n"],
    ['below a directive', "'use strict';\nmodule.exports = f;\n", "'use strict';\nconst { b } = require('m');\nmodule.exports = f;\n"],
    ['not where it is there', "const { b } = require('m');\nf();\n", "const { b } = require('m');\nf();\n"],
    ['in double quotes without semicolons', 'const a = require("a")\nf()\n', 'const a = require("a")\nconst { b } = require("m")\nf()\n'],
  ])('as require %s', async (_name, before, after) => {
    expect(await write(before, add('m', 'b'), 'a.cjs')).toBe(after);
  });
});

describe('any text', () => {
  it('never throws, whatever is cut off', async () => {
    const text = "import a from 'a';\nconst pool = new Pool({\n  max: 5, // x\n});\nhttp.get(u, (r) => { r.resume(); });\nclass A { b = () => c; }\n";
    const operations = (end: number): CodeOperation[] => [
      { language: 'code', file: 'a.ts', kind: 'set-option', call: [32, end], argument: 0, path: 'a.b', value: '1' },
      { language: 'code', file: 'a.ts', kind: 'insert-after', statement: [32, end], lines: ['x();'] },
      { language: 'code', file: 'a.ts', kind: 'add-import', module: 'm', name: 'b' },
    ];
    for (let length = 0; length <= text.length; length += 3) {
      for (const operation of operations(Math.min(length, 58))) await expect(writeCode('a.ts', text.slice(0, length), [operation])).resolves.toSatisfy((made: unknown) => made === undefined || Array.isArray(made));
    }
  });
});
