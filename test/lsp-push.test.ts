// The protocol with a plain client that never asks: findings are pushed.

import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { buildServer } from '../scripts/build.mjs';
import { applyWorkspaceEdit, PUSH_CLIENT, temporaryFolder, TestClient } from './lsp/client';

const OUT = join(import.meta.dirname, '..', '.vscode-test', 'lsp-push');
const SERVER = join(OUT, 'server.cjs');
const HANGING = 'export const load = async (url: string) => axios.get(url);\n';
const LIMITED = 'export const load = async (url: string) => axios.get(url, { timeout: 5_000 });\n';

let folder: ReturnType<typeof temporaryFolder>;
let client: TestClient;

beforeAll(async () => {
  await buildServer('test/lsp/probe-server.ts', OUT);
});

beforeEach(async () => {
  folder = temporaryFolder({ 'a.ts': HANGING, 'b.ts': HANGING });
  ({ client } = await TestClient.start({ server: SERVER, folders: [folder.path], capabilities: PUSH_CLIENT, initializationOptions: { settings: { maxPerFile: 1 } } }));
});

afterEach(async () => {
  await client.stop();
  folder.remove();
});

test('findings of open and closed files are pushed and taken back', async () => {
  await client.until('both files', () => client.shown.size === 2);
  const uri = folder.uri('a.ts');
  client.open(uri, 'typescript', HANGING);
  client.change(uri, [{ text: LIMITED }]);
  await client.until('a.ts is clean', () => client.shown.get(uri)?.length === 0);
  client.close(uri);
  await client.until('the file on disk still has it', () => client.shown.get(uri)?.length === 1);
});

test('unchanged files are not pushed again', async () => {
  await client.until('both files', () => client.shown.size === 2);
  const before = client.pushes;
  const uri = folder.uri('a.ts');
  client.open(uri, 'typescript', HANGING);
  client.change(uri, [{ text: LIMITED }]);
  await client.until('a.ts is clean', () => client.shown.get(uri)?.length === 0);
  expect(client.pushes).toBe(before + 1);
});

test('settings come with the start and with the notification', async () => {
  const uri = folder.uri('a.ts');
  client.open(uri, 'typescript', HANGING + HANGING);
  await client.until('one of two findings', () => /And 1 more in this file\.$/.test(JSON.stringify(client.shown.get(uri)?.[0]?.message ?? '').replaceAll('"', '')));
  await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: { holdfast: { maxPerFile: 5 } } });
  await client.until('both findings', () => client.shown.get(uri)?.length === 2);
});

test('a client that cannot resolve gets whole actions, with plain edits', async () => {
  const uri = folder.uri('a.ts');
  client.open(uri, 'typescript', HANGING);
  const actions = await client.actions(uri, { start: { line: 0, character: 45 }, end: { line: 0, character: 45 } });
  expect(applyWorkspaceEdit(HANGING, actions[0]?.edit, uri)).toBe(LIMITED);
  expect(actions.every(({ edit }) => edit !== undefined)).toBe(true);
});
