// The protocol with the real engine and rules: what the built server says about code and Compose together.

import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { CompletionRequest, type Diagnostic } from 'vscode-languageserver/node';
import { buildServer } from '../scripts/build.mjs';
import { applyWorkspaceEdit, temporaryFolder, TestClient } from './lsp/client';

const OUT = join(import.meta.dirname, '..', '.vscode-test', 'lsp-engine');
const SERVER = join(OUT, 'server.cjs');
const TIMEOUT = 'fault-tolerance/require-timeout';
const CHARGE = [
  "import axios from 'axios';",
  '',
  'export async function charge(order: string): Promise<unknown> {',
  "  const answer = await axios.post('http://billing:8080/charges', { order });",
  '  return answer.data;',
  '}',
  '',
].join('\n');
const COMPOSE = [
  'services:',
  '  orders:',
  '    image: registry.example.com/orders:1',
  "    ports: ['3000:3000']",
  '    depends_on: [postgres]',
  '  postgres:',
  '    image: postgres:16',
  '',
].join('\n');

let folder: ReturnType<typeof temporaryFolder>;
let client: TestClient;

beforeAll(async () => {
  await buildServer('server/main.ts', OUT);
});

afterEach(async () => {
  await client.stop();
  folder.remove();
});

async function start(files: Readonly<Record<string, string>>): Promise<void> {
  folder = temporaryFolder(files);
  ({ client } = await TestClient.start({ server: SERVER, folders: [folder.path] }));
}

const SHOP = { 'package.json': '{ "name": "shop", "dependencies": { "axios": "1.7.2" } }', 'src/charge.ts': CHARGE, 'compose.yaml': COMPOSE };

test('a call without a limit is found, repaired by its fix, and found no more', async () => {
  await start(SHOP);
  const uri = folder.uri('src/charge.ts');
  client.open(uri, 'typescript', CHARGE);
  const [finding] = await client.diagnosticsOf(uri);
  expect(finding).toMatchObject({ code: TIMEOUT, range: { start: { line: 3, character: 23 }, end: { line: 3, character: 33 } } });
  const [fix] = await client.actions(uri, finding?.range ?? { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } });
  const fixed = applyWorkspaceEdit(CHARGE, (await client.resolve(fix ?? { title: '' })).edit, uri);
  expect(fixed).toContain('{ order }, { timeout: 5_000 });');
  client.change(uri, [{ text: fixed }]);
  expect((await client.diagnosticsOf(uri)).filter(({ code }) => code === TIMEOUT)).toEqual([]);
});

test('a hover says what limits the call, in at most eight lines', async () => {
  await start(SHOP);
  const uri = folder.uri('src/charge.ts');
  client.open(uri, 'typescript', CHARGE);
  const hover = await client.hover(uri, 3, 28);
  const text = JSON.stringify(hover?.contents);
  expect(text).toContain('**`axios.post`**');
  expect(text).toContain('| Worst case | **no limit** |');
  expect(text.split('\\n').filter((line) => line !== '').length).toBeLessThanOrEqual(8);
});

test('a hover on a workload says how it runs and what it needs', async () => {
  await start(SHOP);
  const uri = folder.uri('compose.yaml');
  client.open(uri, 'yaml', COMPOSE);
  const hover = await client.hover(uri, 1, 4);
  expect(JSON.stringify(hover?.contents)).toMatch(/orders.*starts after postgres/);
});

test('holdfast.yaml applies when it is written, and its mistakes are marked in it', async () => {
  await start(SHOP);
  client.holdWorkspaceRequest();
  const has = (name: string, code: string): boolean => (client.shown.get(folder.uri(name)) ?? []).some((one: Diagnostic) => one.code === code);
  await client.until('the finding', () => has('src/charge.ts', TIMEOUT));
  folder.write('holdfast.yaml', 'rules:\n  require-timeout: off\n  require-timeot: error\n');
  client.changedOnDisk([folder.uri('holdfast.yaml')]);
  await client.until('it is off', () => !has('src/charge.ts', TIMEOUT) && has('holdfast.yaml', 'configuration'));
  const [problem] = client.shown.get(folder.uri('holdfast.yaml')) ?? [];
  expect(problem).toMatchObject({ message: 'There is no rule `require-timeot`. Nearest: `require-timeout`.', range: { start: { line: 2, character: 2 } } });
});

test('a reason makes a comment hold, and a dead one is shown as unused', async () => {
  await start(SHOP);
  const uri = folder.uri('src/charge.ts');
  const line = "  const answer = await axios.post('http://billing:8080/charges', { order });";
  client.open(uri, 'typescript', CHARGE.replace(line, `  // holdfast-disable-next-line require-timeout -- billing limits itself\n${line}`));
  expect(await client.diagnosticsOf(uri)).toEqual([]);
  client.change(uri, [{ text: `// holdfast-disable-next-line require-timeout -- nothing here\n${CHARGE}` }]);
  const shown = await client.diagnosticsOf(uri);
  expect(shown.map(({ severity, tags }) => [severity, tags])).toContainEqual([4, [1]]);
});

test('a fix that edits another file names it, is not preferred and asks first', async () => {
  const routes = "import express from 'express';\nimport { show } from './handlers';\n\nconst app = express();\napp.get('/orders', show);\napp.listen(3000);\n";
  const handlers = 'export async function show(request, response, next) {\n  response.json(await load(request.params.id));\n}\n';
  await start({ 'package.json': '{ "name": "shop", "dependencies": { "express": "4.19.2" } }', 'src/routes.js': routes, 'src/handlers.js': handlers });
  const uri = folder.uri('src/routes.js');
  client.open(uri, 'javascript', routes);
  const finding = (await client.diagnosticsOf(uri)).find(({ code }) => code === 'fault-tolerance/no-unhandled-rejection');
  const [fix] = await client.actions(uri, finding?.range ?? { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } });
  expect([fix?.title, fix?.isPreferred]).toEqual(['Pass errors to `next` in src/handlers.js', undefined]);
  const { edit } = await client.resolve(fix ?? { title: '' });
  expect(Object.values(edit?.changeAnnotations ?? {})).toEqual([{ label: 'src/handlers.js: pass errors to `next`', needsConfirmation: true }]);
  expect(applyWorkspaceEdit(handlers, edit, folder.uri('src/handlers.js'))).toContain('next(error);');
});

test('a fix that brings in a package edits the code and package.json together, and asks before it touches the second', async () => {
  const manifest = '{\n  "name": "shop",\n  "dependencies": {\n    "axios": "1.7.0",\n    "express": "5.1.0",\n    "pg": "8.13.0"\n  }\n}\n';
  const code = [
    "import axios from 'axios';",
    "import express from 'express';",
    "import { Pool } from 'pg';",
    'const pool = new Pool({ connectionTimeoutMillis: 1_000, query_timeout: 1_000 });',
    "pool.on('error', console.error);",
    'const app = express();',
    "app.get('/orders/:id', async (req, res) => {",
    "  const { rows } = await pool.query('select * from orders where id = $1', [req.params.id]);",
    "  const rate = await axios.get('http://rates/today', { timeout: 2_000 });",
    '  res.json({ order: rows[0], rate: rate.data });',
    '});',
    '',
  ].join('\n');
  await start({ 'package.json': manifest, 'src/a.ts': code });
  const uri = folder.uri('src/a.ts');
  client.open(uri, 'typescript', code);
  const at = { line: 8, character: 28 };
  const actions = await client.actions(uri, { start: at, end: at });
  const breaker = actions.find(({ title }) => title.startsWith('Put a breaker around it (adds cockatiel)'));
  expect(breaker?.isPreferred).not.toBe(true);
  const { edit } = await client.resolve(breaker ?? { title: 'none' });
  const fixed = applyWorkspaceEdit(code, edit, uri);
  expect(fixed).toContain("import { circuitBreaker, ConsecutiveBreaker, handleAll } from 'cockatiel';\n");
  expect(fixed).toContain("await axiosBreaker.execute(() => axios.get('http://rates/today', { timeout: 2_000 }));");
  expect(applyWorkspaceEdit(manifest, edit, folder.uri('package.json'))).toBe(manifest.replace('1.7.0",\n', '1.7.0",\n    "cockatiel": "^3.2.1",\n'));
  expect(Object.values(edit?.changeAnnotations ?? {})).toEqual([{ label: 'package.json: put a breaker around it (adds cockatiel)', needsConfirmation: true }]);
});

test('a large folder is read in slices: requests are answered in between', async () => {
  const files: Record<string, string> = { ...SHOP };
  for (let index = 0; index < 400; index++)
    files[`src/generated/part-${index}.ts`] = CHARGE.repeat(1).replace('charge', `charge${index}`) + `export const filler${index} = [${'1, '.repeat(400)}];\n`;
  await start(files);
  let longest = 0;
  let isDone = false;
  const uri = folder.uri('src/charge.ts');
  client.open(uri, 'typescript', CHARGE);
  const done = client.pull(uri).then(() => (isDone = true));
  let asked = 0;
  while (!isDone) {
    const started = performance.now();
    // A request that the server does not know is refused at once when its loop is free.
    await client.connection.sendRequest(CompletionRequest.method, {}).catch(() => undefined);
    longest = Math.max(longest, performance.now() - started);
    asked++;
  }
  await done;
  expect(asked).toBeGreaterThan(5);
  // The machine of a test is shared: this holds the order of magnitude, not the figure.
  expect(longest).toBeLessThan(1_500);
});

test('texts that cannot be read do not end anything', async () => {
  await start({ ...SHOP, 'broken.ts': "import axios from 'axios';\nawait axios.get(`${", 'broken.yaml': 'services:\n\torders: [\n', 'binary.ts': '\0\0\0' });
  client.holdWorkspaceRequest();
  await client.until('the finding of the good file', () => (client.shown.get(folder.uri('src/charge.ts')) ?? []).length > 0);
  client.open(folder.uri('broken.ts'), 'typescript', '`${`${`${');
  client.open(folder.uri('broken.yaml'), 'yaml', 'a: {{ .Values.x }}\n- : ]');
  expect((await client.pull(folder.uri('broken.ts'))).kind).toBe('full');
  expect((await client.pull(folder.uri('broken.yaml'))).kind).toBe('full');
});
