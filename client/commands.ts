// The commands of the palette. What they do to code happens in the server; here are the questions and the answers.

import { commands, Uri, window, workspace, type Disposable, type ExtensionContext, type LogOutputChannel } from 'vscode';
import { createConfiguration } from './create-configuration';
import type { ServerLife } from './server-process';
import { openSample } from './sample';

/** Commands of the server, as it announces them. */
const SERVER = {
  check: 'holdfast.server.checkWorkspace',
  fixAll: 'holdfast.server.fixAll',
  why: 'holdfast.server.whyNotChecked',
  rules: 'holdfast.server.rules',
} as const;

const RESTART = 'Restart';

export function registerCommands(context: ExtensionContext, life: ServerLife, log: LogOutputChannel): Disposable[] {
  const all: Readonly<Record<string, (...given: unknown[]) => unknown>> = {
    'holdfast.checkWorkspace': () => checkWorkspace(),
    'holdfast.fixAllSafe': () => fixAllSafe(),
    'holdfast.fixAllUnsafe': () => fixAllUnsafe(),
    'holdfast.explainRule': (rule) => explainRule(rule),
    'holdfast.createConfiguration': () => createConfiguration(context),
    'holdfast.whyNotChecked': () => whyNotChecked(),
    'holdfast.showLog': () => log.show(),
    'holdfast.restart': () => life.restart(),
    'holdfast.openWalkthrough': () => commands.executeCommand('workbench.action.openWalkthrough', `${context.extension.id}#holdfast.start`, false),
    'holdfast.openSample': () => openSample(context),
    'holdfast.showFixes': () => commands.executeCommand('editor.action.quickFix'),
    'holdfast.showMenu': () => showMenu(),
  };
  return Object.entries(all).map(([name, run]) => commands.registerCommand(name, (...given: unknown[]) => run(...given)));
}

async function checkWorkspace(): Promise<void> {
  await commands.executeCommand(SERVER.check);
  await commands.executeCommand('workbench.actions.view.problems');
}

interface FixAllAnswer {
  readonly fixed: number;
  readonly files: number;
  readonly left: number;
}

async function fixAllSafe(): Promise<void> {
  report(await commands.executeCommand<FixAllAnswer | null>(SERVER.fixAll, { unsafe: false }));
}

async function fixAllUnsafe(): Promise<void> {
  const uri = window.activeTextEditor?.document.uri.toString();
  const here = { label: 'This file', detail: 'Also fixes that can change behaviour.', argument: { unsafe: true, uri } };
  const everywhere = { label: 'Every file', detail: 'Also fixes that can change behaviour. Undo takes them back.', argument: { unsafe: true } };
  const choice = await window.showQuickPick(uri === undefined ? [everywhere] : [here, everywhere], { title: 'Fix all, also unsafe', placeHolder: 'Where?' });
  if (choice) report(await commands.executeCommand<FixAllAnswer | null>(SERVER.fixAll, choice.argument));
}

function report(answer: FixAllAnswer | null | undefined): void {
  if (!answer || answer.fixed === 0) void window.showInformationMessage('Nothing to fix: no finding here has a fix of this kind.');
  else
    window.setStatusBarMessage(
      `Holdfast: fixed ${answer.fixed} in ${answer.files} ${answer.files === 1 ? 'file' : 'files'}${answer.left === 0 ? '' : `, ${answer.left} left: run again`}`,
      5_000,
    );
}

async function explainRule(given: unknown): Promise<void> {
  const rule = typeof given === 'string' ? given : await pickRule();
  if (rule === undefined) return;
  const page = Uri.parse(`holdfast:/${rule}.md`);
  try {
    await commands.executeCommand('markdown.showPreview', page);
  } catch {
    await window.showTextDocument(page, { preview: true });
  }
}

async function pickRule(): Promise<string | undefined> {
  const rules = (await commands.executeCommand<readonly string[] | null>(SERVER.rules)) ?? [];
  const items = rules.map((id) => ({ label: id.slice(id.lastIndexOf('/') + 1), description: id.slice(0, Math.max(0, id.lastIndexOf('/'))), id }));
  return (await window.showQuickPick(items, { title: 'Explain a rule', matchOnDescription: true }))?.id;
}

async function whyNotChecked(): Promise<void> {
  const uri = window.activeTextEditor?.document.uri;
  if (!uri) {
    void window.showInformationMessage('Open the file in question first.');
    return;
  }
  const answer = await commands.executeCommand<string | null>(SERVER.why, uri.toString());
  if (answer) void window.showInformationMessage(`${workspace.asRelativePath(uri)}: ${answer.replaceAll('`', '')}`);
}

async function showMenu(): Promise<void> {
  const items = [
    { label: 'Check Workspace', command: 'holdfast.checkWorkspace' },
    { label: 'Why is this file not checked?', command: 'holdfast.whyNotChecked' },
    { label: 'Show log', command: 'holdfast.showLog' },
    { label: RESTART, command: 'holdfast.restart' },
  ];
  const choice = await window.showQuickPick(items, { title: 'Holdfast' });
  if (choice) await commands.executeCommand(choice.command);
}
