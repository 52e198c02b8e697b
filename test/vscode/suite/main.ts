// The suite of a trusted folder: what a person does in the first five minutes, in a real editor with the packed extension.

import * as assert from 'node:assert/strict';
import { commands, ConfigurationTarget, DiagnosticSeverity, extensions, Uri, window, workspace, type Hover } from 'vscode';
import { absent, actionsAt, fileUri, findings, open, placeOf, present, replaceAll, RESTART, ruleOf, select, TIMEOUT } from './editor';
import { isPictured, picture, runTests, test, until } from './harness';

const EXTENSION = 'holdfast.holdfast';

test('the packed extension starts by itself when a file that it reads is opened', async () => {
  await open('src/charge.ts');
  const extension = extensions.getExtension(EXTENSION);
  assert.ok(extension, 'it is installed');
  await until('it is active', () => extension.isActive);
});

test('every command that it offers exists', async () => {
  const offered: { command: string }[] = extensions.getExtension(EXTENSION)?.packageJSON.contributes.commands;
  const known = new Set(await commands.getCommands(true));
  assert.deepEqual(
    offered.filter(({ command }) => !known.has(command)),
    [],
  );
});

test('an open file shows its finding, with place, severity and a link to the rule', async () => {
  const document = await open('src/charge.ts');
  const finding = await present('src/charge.ts', TIMEOUT);
  assert.equal(document.getText(finding.range), 'axios.post');
  assert.equal(finding.severity, DiagnosticSeverity.Warning);
  assert.match(finding.message, /can wait for ever/);
  assert.ok(typeof finding.code === 'object' && finding.code.target.toString().startsWith('holdfast:/'));
});

test('a file that was never opened has its finding too, and a file that is fine has none', async () => {
  await present('compose.yaml', RESTART);
  assert.deepEqual(
    findings('src/limited.ts').filter((one) => ruleOf(one) === TIMEOUT),
    [],
  );
});

test('hovering over the call shows what limits it', async () => {
  const document = await open('src/charge.ts');
  const hovers = await commands.executeCommand<Hover[]>('vscode.executeHoverProvider', document.uri, placeOf(document, 'axios.post'));
  const text = hovers.flatMap(({ contents }) => contents.map((one) => (typeof one === 'string' ? one : one.value))).join('\n');
  assert.match(text, /Worst case \| \*\*no limit\*\*/);
  await select(document, 'axios.post');
  if (isPictured) {
    await commands.executeCommand('workbench.action.closeSidebar');
    await commands.executeCommand('editor.action.showHover');
    await picture('hover');
    await commands.executeCommand('editor.action.hideHover');
  }
});

test('the light bulb repairs the call, and the finding is gone', async () => {
  const document = await open('src/charge.ts');
  await select(document, 'axios.post');
  if (isPictured) {
    await commands.executeCommand('workbench.actions.view.problems');
    await select(document, 'axios.post');
    await commands.executeCommand('workbench.action.focusActiveEditorGroup');
    await picture('walkthrough-see');
    await commands.executeCommand('editor.action.codeAction', { kind: 'quickfix', apply: 'never' });
    await picture('finding');
    await picture('walkthrough-repair');
    await commands.executeCommand('hideCodeActionWidget');
  }
  const finding = await present('src/charge.ts', TIMEOUT);
  const actions = await actionsAt(document.uri, finding.range, 'quickfix');
  const fix = actions.find(({ title }) => /^Limit to 5 s.*\(can change behaviour\)$/.test(title));
  assert.ok(fix?.edit, `a fix among: ${actions.map(({ title }) => title).join(' | ')}`);
  assert.notEqual(fix.isPreferred, true);
  assert.ok(await workspace.applyEdit(fix.edit));
  await until('the limit stands in the text', () => /timeout: 5_000/.test(document.getText()));
  await absent('src/charge.ts', TIMEOUT);
  await picture('fixed');
});

test('a change that is thrown away brings the finding of the file back', async () => {
  await open('src/charge.ts');
  await commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  await present('src/charge.ts', TIMEOUT);
});

test('fix-all repairs the safe findings of a file', async () => {
  const document = await open('compose.yaml');
  await present('compose.yaml', RESTART);
  await commands.executeCommand('editor.action.sourceAction', { kind: 'source.fixAll.holdfast', apply: 'first' });
  await until('the restart stands in the text', () => /worker:[\s\S]*restart: unless-stopped/.test(document.getText()));
  await absent('compose.yaml', RESTART);
  await commands.executeCommand('workbench.action.files.revert');
  await present('compose.yaml', RESTART);
});

test('safe fixes can run on save', async () => {
  const settings = workspace.getConfiguration('editor');
  await settings.update('codeActionsOnSave', { 'source.fixAll.holdfast': 'explicit' }, ConfigurationTarget.Global);
  const document = await open('compose.yaml');
  const before = document.getText();
  // The setting takes effect a moment after it is written, so a first save may come too early for it.
  let saves = 0;
  await until('it was repaired while saving', async () => {
    if (/worker:[\s\S]*restart: unless-stopped/.test(document.getText())) return true;
    await replaceAll(document, `# changed ${++saves}\n${before}`);
    await document.save();
    return /worker:[\s\S]*restart: unless-stopped/.test(document.getText());
  });
  await settings.update('codeActionsOnSave', undefined, ConfigurationTarget.Global);
  // Written past the editor: a save could still run the fix, as the setting takes effect a moment later.
  await workspace.fs.writeFile(document.uri, Buffer.from(before));
  await until('the editor shows the file again', async () => {
    await commands.executeCommand('workbench.action.files.revert');
    return document.getText() === before && !document.isDirty;
  });
  await present('compose.yaml', RESTART);
});

test('holdfast.yaml applies as soon as it is written, and no longer when it is gone', async () => {
  const configuration = fileUri('holdfast.yaml');
  await workspace.fs.writeFile(configuration, Buffer.from('rules:\n  require-restart: off\n'));
  await absent('compose.yaml', RESTART);
  await workspace.fs.delete(configuration);
  await present('compose.yaml', RESTART);
});

test('a mistake in holdfast.yaml is marked at its place', async () => {
  const configuration = fileUri('holdfast.yaml');
  await workspace.fs.writeFile(configuration, Buffer.from('rules:\n  fault-tolerance/require-timeouts: error\n'));
  const problem = await until('a mark in holdfast.yaml', () => findings('holdfast.yaml')[0]);
  assert.match(problem.message, /require-timeouts/);
  assert.equal(problem.range.start.line, 1);
  await workspace.fs.delete(configuration);
  await until('the mark is gone', () => findings('holdfast.yaml').length === 0);
});

test('a setting changes a severity in this editor at once', async () => {
  const settings = workspace.getConfiguration('holdfast', fileUri('compose.yaml'));
  await settings.update('severity', { 'require-restart': 'info' }, ConfigurationTarget.Workspace);
  await until('information', () => findings('compose.yaml', RESTART)[0]?.severity === DiagnosticSeverity.Information);
  await settings.update('severity', undefined, ConfigurationTarget.Workspace);
  await until('warning', () => findings('compose.yaml', RESTART)[0]?.severity === DiagnosticSeverity.Warning);
});

test('a rule is explained in a page that needs no network', async () => {
  const page = await workspace.openTextDocument(Uri.parse(`holdfast:/${TIMEOUT}.md`));
  assert.match(page.getText(), /require-timeout/);
  assert.ok(page.getText().length > 200);
  await commands.executeCommand('holdfast.explainRule', TIMEOUT);
  await until('the preview is open', () => window.tabGroups.all.some(({ tabs }) => tabs.some(({ label }) => label.includes('require-timeout'))));
  await commands.executeCommand('workbench.action.closeAllEditors');
});

test('the sample opens untitled and shows its findings', async () => {
  await commands.executeCommand('holdfast.openSample');
  const document = await until('the sample', () => window.activeTextEditor?.document.uri.scheme === 'untitled' && window.activeTextEditor.document);
  await until('a finding', async () =>
    (await actionsAt(document.uri, document.lineAt(placeOf(document, 'axios.post').line).range, 'quickfix')).some(({ title }) => title.startsWith('Limit to')),
  );
  await picture('sample');
  await commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
});

test('Create holdfast.yaml writes a file in which nothing is wrong', async () => {
  await commands.executeCommand('holdfast.createConfiguration');
  await until('it is open', () => window.activeTextEditor?.document.uri.path.endsWith('/holdfast.yaml'));
  await commands.executeCommand('holdfast.checkWorkspace');
  await present('compose.yaml', RESTART);
  assert.deepEqual(findings('holdfast.yaml'), []);
  await picture('walkthrough-team');
  await workspace.fs.delete(fileUri('holdfast.yaml'));
});

test('Fix All Safe Findings repairs files that are not open', async () => {
  await commands.executeCommand('workbench.action.closeAllEditors');
  await present('compose.yaml', RESTART);
  await commands.executeCommand('holdfast.fixAllSafe');
  await absent('compose.yaml', RESTART);
});

test('after a restart every finding is back, once', async () => {
  await commands.executeCommand('holdfast.restart');
  await open('src/charge.ts');
  await present('src/charge.ts', TIMEOUT);
  assert.equal(findings('src/charge.ts', TIMEOUT).length, 1);
});

export const run = runTests;
