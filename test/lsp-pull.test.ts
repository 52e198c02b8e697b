// The protocol with a client that asks for diagnostics, as VS Code does: one real server process, one scripted client.

import { readFileSync } from 'node:fs';
import { rm, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { DiagnosticSeverity, FileChangeType, type CodeAction } from 'vscode-languageserver/node';
import { buildServer } from '../scripts/build.mjs';
import { applyWorkspaceEdit, PULL_CLIENT, temporaryFolder, TestClient } from './lsp/client';

const OUT = join(import.meta.dirname, '..', '.vscode-test', 'lsp-pull');
const SERVER = join(OUT, 'server.cjs');
const HANGING = "import axios from 'axios';\nexport const load = async (url: string) => axios.get(url);\n";
const LIMITED = "import axios from 'axios';\nexport const load = async (url: string) => axios.get(url, { timeout: 5_000 });\n";
const COMPOSE = 'services:\n  web:\n    image: web:1\n  worker:\n    image: worker:1\n';
const TIMEOUT = 'fault-tolerance/require-timeout';
const RESTART = 'fault-tolerance/require-restart';

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

function rulesAt(client: TestClient, uri: string): unknown[] {
  return (client.shown.get(uri) ?? []).map(({ code }) => code);
}

test('announces pulled diagnostics of files and workspace, resolved code actions and hover', async () => {
  const { client, result } = await TestClient.start({ server: SERVER, folders: [folder.path] });
  clients.push(client);
  expect(result.capabilities.diagnosticProvider).toMatchObject({ interFileDependencies: true, workspaceDiagnostics: true });
  expect(result.capabilities.codeActionProvider).toEqual({
    codeActionKinds: ['quickfix', 'source.fixAll.holdfast', 'source.fixAll.holdfastUnsafe'],
    resolveProvider: true,
  });
  expect(result.capabilities.positionEncoding).toBe('utf-16');
});

test('files that were never opened get their findings through the held request', async () => {
  const client = await start();
  client.holdWorkspaceRequest();
  await client.until('findings of three files', () => client.shown.size === 3);
  expect(rulesAt(client, folder.uri('src/a.ts'))).toEqual([TIMEOUT]);
  expect(rulesAt(client, folder.uri('compose.yaml'))).toEqual([RESTART, RESTART]);
  expect(client.pushes).toBe(0);
});

test('a finding says its rule, severity, source and place', async () => {
  const client = await start();
  const uri = folder.uri('src/a.ts');
  client.open(uri, 'typescript', HANGING);
  const [diagnostic] = await client.diagnosticsOf(uri);
  expect(diagnostic).toMatchObject({
    source: 'holdfast',
    code: TIMEOUT,
    severity: DiagnosticSeverity.Warning,
    message: '`axios.get` can wait for ever: axios sets no `timeout` by default.',
    range: { start: { line: 1, character: 43 }, end: { line: 1, character: 52 } },
  });
  expect(diagnostic?.data).toEqual({ fingerprint: expect.stringMatching(/^[0-9a-f]{6}$/) });
});

test('a second pull of the same text is answered as unchanged', async () => {
  const client = await start();
  const uri = folder.uri('src/a.ts');
  client.open(uri, 'typescript', HANGING);
  expect((await client.pull(uri)).kind).toBe('full');
  expect((await client.pull(uri)).kind).toBe('unchanged');
});

test('typing a limit takes the finding away, and taking the limit away brings it back', async () => {
  const client = await start();
  const uri = folder.uri('src/a.ts');
  client.open(uri, 'typescript', HANGING);
  expect(await client.diagnosticsOf(uri)).toHaveLength(1);
  client.change(uri, [{ text: LIMITED }]);
  expect(await client.diagnosticsOf(uri)).toHaveLength(0);
  const end = { line: 1, character: 56 };
  client.change(uri, [{ range: { start: end, end: { line: 1, character: 56 + ', { timeout: 5_000 }'.length } }, text: '' }]);
  expect(await client.diagnosticsOf(uri)).toHaveLength(1);
});

test('each change of an open document also reaches the held request', async () => {
  const client = await start();
  const uri = folder.uri('src/a.ts');
  client.holdWorkspaceRequest();
  await client.until('the first reports', () => client.shown.size === 3);
  client.open(uri, 'typescript', HANGING);
  client.change(uri, [{ text: LIMITED }]);
  await client.until('no finding in a.ts', () => client.shown.get(uri)?.length === 0);
});

test('a document that is closed without saving gets the findings of the file again', async () => {
  const client = await start();
  const uri = folder.uri('src/a.ts');
  client.holdWorkspaceRequest();
  client.open(uri, 'typescript', LIMITED);
  await client.until('no finding in the open text', () => client.shown.get(uri)?.length === 0 && client.shown.size >= 3);
  client.close(uri);
  await client.until('the finding of the file on disk', () => client.shown.get(uri)?.length === 1);
});

test('a file that changes, appears or goes away on disk is checked again', async () => {
  const client = await start();
  client.holdWorkspaceRequest();
  await client.until('three files', () => client.shown.size === 3);
  folder.write('src/a.ts', LIMITED);
  client.changedOnDisk([folder.uri('src/a.ts')]);
  await client.until('a.ts is clean', () => client.shown.get(folder.uri('src/a.ts'))?.length === 0);
  folder.write('src/new.ts', HANGING);
  client.changedOnDisk([folder.uri('src/new.ts')], FileChangeType.Created);
  await client.until('new.ts has a finding', () => client.shown.get(folder.uri('src/new.ts'))?.length === 1);
  await rm(join(folder.path, 'src/new.ts'));
  client.changedOnDisk([folder.uri('src/new.ts')], FileChangeType.Deleted);
  await client.until('new.ts is gone', () => client.shown.get(folder.uri('src/new.ts'))?.length === 0);
});

test('a renamed file takes its findings with it', async () => {
  const client = await start();
  client.holdWorkspaceRequest();
  await client.until('three files', () => client.shown.size === 3);
  await rename(join(folder.path, 'src/b.ts'), join(folder.path, 'src/c.ts'));
  client.changedOnDisk([folder.uri('src/b.ts')], FileChangeType.Deleted);
  client.changedOnDisk([folder.uri('src/c.ts')], FileChangeType.Created);
  await client.until(
    'b.ts is empty and c.ts has it',
    () => client.shown.get(folder.uri('src/b.ts'))?.length === 0 && client.shown.get(folder.uri('src/c.ts'))?.length === 1,
  );
});

test('watching is asked of the client, for the files that are read', async () => {
  const client = await start();
  await client.until('registrations', () => client.registered.length >= 2);
  expect(client.registered).toEqual(expect.arrayContaining(['workspace/didChangeWatchedFiles', 'workspace/didChangeConfiguration']));
  expect(client.watched.join(' ')).toMatch(/yaml.*Dockerfile/);
});

test('settings apply at once: off, severity by rule, advice as hints, most findings of a rule', async () => {
  const client = await start();
  const uri = folder.uri('src/a.ts');
  const many = `${HANGING}${'void axios.get(url);\n'.repeat(30)}// advice-here\n`;
  client.open(uri, 'typescript', many);
  const first = await client.diagnosticsOf(uri);
  expect(first).toHaveLength(20);
  expect(first.at(-1)?.message).toMatch(/ And 11 more in this file\.$/);
  client.settings = { showAdvice: true, severity: { 'require-timeout': 'info' }, maxPerFile: 2 };
  await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
  await client.until('a request to ask again', () => client.refreshes > 0);
  expect((await client.diagnosticsOf(uri)).map(({ severity }) => severity)).toEqual([
    DiagnosticSeverity.Information,
    DiagnosticSeverity.Information,
    DiagnosticSeverity.Hint,
  ]);
  const refreshes = client.refreshes;
  client.settings = { enable: false };
  await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
  await client.until('another request to ask again', () => client.refreshes > refreshes);
  expect(await client.diagnosticsOf(uri)).toHaveLength(0);
});

test('with `run: onSave` findings wait for the save', async () => {
  const client = await start({ settings: { run: 'onSave' } });
  const uri = folder.uri('src/a.ts');
  client.open(uri, 'typescript', HANGING);
  expect(await client.diagnosticsOf(uri)).toHaveLength(1);
  client.change(uri, [{ text: LIMITED }]);
  expect(await client.diagnosticsOf(uri)).toHaveLength(1);
  client.save(uri);
  await client.until('a request to ask again', () => client.refreshes > 0);
});

test('with `scope: openFiles` only open files have findings', async () => {
  const client = await start({ settings: { scope: 'openFiles' } });
  const uri = folder.uri('src/a.ts');
  client.holdWorkspaceRequest();
  client.open(uri, 'typescript', HANGING);
  await client.until('the open file', () => client.shown.get(uri)?.length === 1);
  expect([...client.shown.keys()]).toEqual([uri]);
});

test('two folders are two systems, and a folder that is removed takes its findings away', async () => {
  const other = temporaryFolder({ 'x.ts': HANGING });
  try {
    const client = await start({ folders: [folder.path, other.path] });
    client.holdWorkspaceRequest();
    await client.until('four files', () => client.shown.size === 4);
    await client.connection.sendNotification('workspace/didChangeWorkspaceFolders', {
      event: { added: [], removed: [{ uri: other.uri('').replace(/\/$/, ''), name: '' }] },
    });
    await client.until('x.ts is empty', () => client.shown.get(other.uri('x.ts'))?.length === 0);
    await client.connection.sendNotification('workspace/didChangeWorkspaceFolders', {
      event: { added: [{ uri: other.uri('').replace(/\/$/, ''), name: '' }], removed: [] },
    });
    await client.until('x.ts is back', () => client.shown.get(other.uri('x.ts'))?.length === 1);
  } finally {
    other.remove();
  }
});

test('documents without a folder are checked alone, untitled ones too', async () => {
  const client = await start({ folders: [] });
  const other = temporaryFolder({ 'alone.ts': HANGING, 'neighbour.ts': HANGING });
  try {
    client.holdWorkspaceRequest();
    client.open(other.uri('alone.ts'), 'typescript', HANGING);
    client.open('untitled:Untitled-1', 'typescript', HANGING);
    expect(await client.diagnosticsOf(other.uri('alone.ts'))).toHaveLength(1);
    expect(await client.diagnosticsOf('untitled:Untitled-1')).toHaveLength(1);
    expect(client.shown.has(other.uri('neighbour.ts'))).toBe(false);
  } finally {
    other.remove();
  }
});

test('a newer request for the workspace ends the older one as cancelled by the server', async () => {
  const client = await start();
  const held = client.holdWorkspaceRequest();
  await client.until('reports', () => client.shown.size === 3);
  held.cancel();
  expect(await held.ended).toMatchObject({ code: -32802 });
});

test('an edit ends the slow run before it, and the answer is that of the newest text', async () => {
  const client = await start();
  const uri = folder.uri('src/a.ts');
  client.open(uri, 'typescript', `${HANGING}// ${'SLOW '.repeat(100)}\n`);
  const slow = client.pull(uri);
  client.change(uri, [{ text: LIMITED }]);
  const started = performance.now();
  expect(await slow).toMatchObject({ kind: 'full', items: [] });
  // A hundred pauses of 50 ms were not waited for.
  expect(performance.now() - started).toBeLessThan(4_000);
});

test('a request that the client cancels is answered as cancelled', async () => {
  const client = await start();
  const uri = folder.uri('src/a.ts');
  client.open(uri, 'typescript', `${HANGING}// ${'SLOW '.repeat(20)}\n`);
  const connection = client.connection;
  let cancel: () => void = () => undefined;
  const token = {
    isCancellationRequested: false,
    onCancellationRequested: (listener: (event: unknown) => unknown) => ((cancel = () => void listener(undefined)), { dispose: () => undefined }),
  };
  const asked = connection.sendRequest('textDocument/diagnostic', { textDocument: { uri } }, token).then(
    () => 'answered',
    (error: { code: number }) => error.code,
  );
  cancel();
  expect(await asked).toBe(-32800);
});

test('a rule that throws is reported once and the other findings stay', async () => {
  const client = await start();
  const uri = folder.uri('src/a.ts');
  client.open(uri, 'typescript', `${HANGING}// THROW-IN-RULE\n`);
  expect(await client.diagnosticsOf(uri)).toHaveLength(1);
  client.change(uri, [{ text: `${HANGING}// THROW-IN-RULE again\n` }]);
  expect(await client.diagnosticsOf(uri)).toHaveLength(1);
  const reports = client.log.filter((message) => message.startsWith('Holdfast failed in impact/cascade at src/a.ts. This is a bug of Holdfast, not of your code'));
  expect(reports).toHaveLength(1);
});

test('an engine that throws does not end the server', async () => {
  const client = await start();
  const uri = folder.uri('src/a.ts');
  client.open(uri, 'typescript', `${HANGING}// THROW-IN-ENGINE\n`);
  await client.pull(uri);
  client.change(uri, [{ text: HANGING }]);
  expect(await client.diagnosticsOf(uri)).toHaveLength(1);
  expect(client.log.some((message) => message.includes('broken engine'))).toBe(true);
});

test('nonsense is answered with nothing: unknown documents, places outside the text, foreign data', async () => {
  const client = await start();
  expect(await client.diagnosticsOf('file:///nowhere/x.ts')).toHaveLength(0);
  expect(await client.hover(folder.uri('src/a.ts'), 999, 999)).toBeNull();
  expect(await client.actions('git:/a.ts', { start: { line: 9, character: 9 }, end: { line: 99, character: 0 } })).toEqual([]);
  const foreign: CodeAction = { title: 'other', data: { kind: 'fix', uri: 7 } };
  expect((await client.resolve(foreign)).edit).toBeUndefined();
});

test('the command to fix everything edits all files of the folder, closed ones too', async () => {
  const client = await start();
  const answer = await client.connection.sendRequest('workspace/executeCommand', { command: 'holdfast.server.fixAll', arguments: [{ unsafe: true }] });
  expect(answer).toEqual({ fixed: 4, files: 3, left: 0 });
  const [edit] = client.appliedEdits;
  expect(applyWorkspaceEdit(readFileSync(join(folder.path, 'src/b.ts'), 'utf8'), edit, folder.uri('src/b.ts'))).toBe(LIMITED);
});

test('why a file is not checked is said in a sentence', async () => {
  const client = await start();
  const why = (name: string): Promise<unknown> =>
    client.connection.sendRequest('workspace/executeCommand', { command: 'holdfast.server.whyNotChecked', arguments: [folder.uri(name)] });
  expect(await why('src/a.ts')).toBe('It is checked: 1 finding.');
  expect(await why('notes.txt')).toMatch(/^It is not checked: Holdfast reads TypeScript/);
  expect(await why('node_modules/x/index.js')).toMatch(/^It is not checked: .*leaves it out\.$/);
});

test('columns count in the encoding that the client knows', async () => {
  const capabilities = { ...PULL_CLIENT, general: { positionEncodings: ['utf-8'] } };
  const { client, result } = await TestClient.start({ server: SERVER, folders: [folder.path], capabilities });
  clients.push(client);
  expect(result.capabilities.positionEncoding).toBe('utf-8');
  const uri = folder.uri('src/a.ts');
  client.open(uri, 'typescript', '/* né 😀 */ axios.get(url);\n');
  const [diagnostic] = await client.diagnosticsOf(uri);
  expect(diagnostic?.range.start).toEqual({ line: 0, character: Buffer.byteLength('/* né 😀 */ ') });
});
