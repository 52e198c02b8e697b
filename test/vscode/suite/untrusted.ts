// The suite of a folder that is not trusted: everything works, since nothing of the folder is ever run.

import * as assert from 'node:assert/strict';
import { extensions, workspace } from 'vscode';
import { open, present, RESTART, TIMEOUT } from './editor';
import { runTests, test, until } from './harness';

test('the folder is not trusted and the extension runs', async () => {
  await open('src/charge.ts');
  assert.equal(workspace.isTrusted, false);
  const extension = extensions.getExtension('holdfast.holdfast');
  await until('it is active', () => extension?.isActive);
});

test('findings show all the same, in open files and in others', async () => {
  await present('src/charge.ts', TIMEOUT);
  await present('compose.yaml', RESTART);
});

export const run = runTests;
