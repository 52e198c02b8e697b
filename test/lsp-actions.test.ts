// The light bulb over the protocol: which actions are offered, and what they become when they are resolved.

import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { CodeActionKind } from 'vscode-languageserver/node';
import { buildServer } from '../scripts/build.mjs';
import { applyWorkspaceEdit, PULL_CLIENT, temporaryFolder, TestClient } from './lsp/client';

const OUT = join(import.meta.dirname, '..', '.vscode-test', 'lsp-actions');
const SERVER = join(OUT, 'server.cjs');
const HANGING = "import axios from 'axios';\nexport const load = async (url: string) => axios.get(url);\n";
const LIMITED = "import axios from 'axios';\nexport const load = async (url: string) => axios.get(url, { timeout: 5_000 });\n";
const COMPOSE = 'services:\n  web:\n    image: web:1\n  worker:\n    image: worker:1\n';
const TIMEOUT = 'fault-tolerance/require-timeout';

let folder: ReturnType<typeof temporaryFolder>;
let clients: TestClient[] = [];

beforeAll(async () => {
  await buildServer('test/lsp/probe-server.ts', OUT);
});

beforeEach(() => {
  folder = temporaryFolder({ 'src/a.ts': HANGING, 'src/b.ts': HANGING, 'compose.yaml': COMPOSE });
});

afterEach(async () => {
  for (const client of clients) await client.stop();
  clients = [];
  folder.remove();
});

async function start(options: Partial<Parameters<typeof TestClient.start>[0]> = {}): Promise<TestClient> {
  const { client } = await TestClient.start({ server: SERVER, folders: [folder.path], ...options });
  clients.push(client);
  return client;
}

const CALL = { start: { line: 1, character: 45 }, end: { line: 1, character: 45 } };

test('the light bulb offers the fix, disabling with a reason and the rule, in this order', async () => {
  const client = await start();
  const uri = folder.uri('src/a.ts');
  client.open(uri, 'typescript', HANGING);
  const [diagnostic] = await client.diagnosticsOf(uri);
  const actions = await client.actions(uri, CALL, { diagnostics: diagnostic ? [diagnostic] : [] });
  expect(actions.map(({ title }) => title)).toEqual([
    'Limit to 5 s with `timeout` (can change behaviour)',
    'Disable require-timeout here, with a reason…',
    'Disable require-timeout in this file, with a reason…',
  ]);
  expect(actions.some(({ isPreferred }) => isPreferred)).toBe(false);
  expect(actions[0]?.diagnostics).toEqual([diagnostic]);
});

test('a safe fix is preferred, and all of a file can be fixed at once', async () => {
  const client = await start();
  const uri = folder.uri('compose.yaml');
  client.open(uri, 'yaml', COMPOSE);
  const actions = await client.actions(uri, { start: { line: 1, character: 3 }, end: { line: 1, character: 3 } });
  expect(actions.map(({ title, isPreferred }) => [title, isPreferred === true])).toEqual([
    ['Restart with `unless-stopped`', true],
    ['Fix all `require-restart` in this file (2)', false],
    ['Fix all safe findings in this file (2)', false],
    ['Disable require-restart here, with a reason…', false],
    ['Disable require-restart in this file, with a reason…', false],
  ]);
});

test('a fix is resolved to versioned edits with tab stops, and leaves the rest of the text alone', async () => {
  const client = await start();
  const uri = folder.uri('src/a.ts');
  client.open(uri, 'typescript', HANGING);
  const [fix] = await client.actions(uri, CALL);
  const resolved = await client.resolve(fix ?? { title: 'none' });
  expect(resolved.edit?.documentChanges).toEqual([
    {
      textDocument: { uri, version: 1 },
      edits: [{ range: { start: { line: 1, character: 56 }, end: { line: 1, character: 56 } }, snippet: { kind: 'snippet', value: ', { timeout: ${1:5_000} \\}' } }],
    },
  ]);
  expect(applyWorkspaceEdit(HANGING, resolved.edit, uri)).toBe(LIMITED);
});

test('a fix that was listed before an edit is computed on the text after it', async () => {
  const client = await start();
  const uri = folder.uri('src/a.ts');
  client.open(uri, 'typescript', HANGING);
  const [fix] = await client.actions(uri, CALL);
  client.change(uri, [{ text: `// one more line\n${HANGING}` }]);
  const resolved = await client.resolve(fix ?? { title: 'none' });
  expect(applyWorkspaceEdit(`// one more line\n${HANGING}`, resolved.edit, uri)).toBe(`// one more line\n${LIMITED}`);
});

test('fix-all repairs safe findings only; the unsafe ones have a kind of their own', async () => {
  const client = await start();
  const code = folder.uri('src/a.ts');
  const compose = folder.uri('compose.yaml');
  client.open(code, 'typescript', HANGING);
  client.open(compose, 'yaml', COMPOSE);
  const whole = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
  expect(await client.actions(code, whole, { only: ['source.fixAll.holdfast'] })).toEqual([]);
  expect(await client.actions(code, whole, { only: [CodeActionKind.SourceFixAll] })).toEqual([]);
  const [unsafe] = await client.actions(code, whole, { only: ['source.fixAll.holdfastUnsafe'] });
  expect(unsafe?.title).toBe('Fix all findings in this file (can change behaviour)');
  expect(applyWorkspaceEdit(HANGING, (await client.resolve(unsafe ?? { title: '' })).edit, code)).toBe(LIMITED);
  const [safe] = await client.actions(compose, whole, { only: [CodeActionKind.SourceFixAll] });
  expect(safe?.kind).toBe('source.fixAll.holdfast');
  const fixed = applyWorkspaceEdit(COMPOSE, (await client.resolve(safe ?? { title: '' })).edit, compose);
  expect(fixed.match(/restart: unless-stopped/g)).toHaveLength(2);
});

test('disabling writes a comment with the reason as tab stop, at the line’s own indentation', async () => {
  const client = await start();
  const uri = folder.uri('src/a.ts');
  const text = 'async function load(url) {\n\treturn axios.get(url);\n}\n';
  client.open(uri, 'typescript', text);
  const actions = await client.actions(uri, { start: { line: 1, character: 10 }, end: { line: 1, character: 10 } });
  const here = await client.resolve(actions.find(({ title }) => title.includes('here')) ?? { title: '' });
  expect(JSON.stringify(here.edit)).toContain('-- ${1:reason}');
  expect(applyWorkspaceEdit(text, here.edit, uri)).toBe(
    'async function load(url) {\n\t// holdfast-disable-next-line require-timeout -- reason\n\treturn axios.get(url);\n}\n',
  );
  const file = await client.resolve(actions.find(({ title }) => title.includes('in this file')) ?? { title: '' });
  expect(applyWorkspaceEdit(text, file.edit, uri)).toBe(`// holdfast-disable-file require-timeout -- reason\n${text}`);
});

test('a client that names its own command for explaining gets it', async () => {
  const client = await start({ initializationOptions: { commands: ['holdfast.explainRule'], status: true } });
  const uri = folder.uri('src/a.ts');
  client.open(uri, 'typescript', HANGING);
  const actions = await client.actions(uri, CALL);
  expect(actions.at(-1)).toMatchObject({ title: 'Explain require-timeout', command: { command: 'holdfast.explainRule', arguments: [TIMEOUT] } });
  await client.until('a status', () => client.notifications.some(({ params }) => JSON.stringify(params).includes('"kind":"ready"')));
});

test('without snippets and versions a client gets plain edits', async () => {
  const capabilities = { ...PULL_CLIENT, workspace: { ...PULL_CLIENT.workspace, workspaceEdit: {} } };
  const client = await start({ capabilities });
  const uri = folder.uri('src/a.ts');
  client.open(uri, 'typescript', HANGING);
  const [fix] = await client.actions(uri, CALL);
  const resolved = await client.resolve(fix ?? { title: '' });
  expect(Object.keys(resolved.edit ?? {})).toEqual(['changes']);
  expect(applyWorkspaceEdit(HANGING, resolved.edit, uri)).toBe(LIMITED);
});
