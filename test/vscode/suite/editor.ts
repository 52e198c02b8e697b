// Words for what the suite does with the editor.

import * as assert from 'node:assert/strict';
import { commands, languages, Position, Range, Uri, window, workspace, WorkspaceEdit, type CodeAction, type Diagnostic, type TextDocument } from 'vscode';
import { until } from './harness';

export const TIMEOUT = 'fault-tolerance/require-timeout';
export const RESTART = 'fault-tolerance/require-restart';

export function fileUri(name: string): Uri {
  const folder = workspace.workspaceFolders?.[0];
  assert.ok(folder, 'a folder is open');
  return Uri.joinPath(folder.uri, name);
}

export function findings(name: string, rule?: string): Diagnostic[] {
  return languages.getDiagnostics(fileUri(name)).filter((one) => one.source === 'holdfast' && (rule === undefined || ruleOf(one) === rule));
}

export function ruleOf(diagnostic: Diagnostic): string {
  const { code } = diagnostic;
  return String(typeof code === 'object' ? code.value : code);
}

export async function open(name: string): Promise<TextDocument> {
  const document = await workspace.openTextDocument(fileUri(name));
  await window.showTextDocument(document);
  return document;
}

export function present(name: string, rule: string): Promise<Diagnostic> {
  return until(`${rule} in ${name}`, () => findings(name, rule)[0]);
}

export function absent(name: string, rule: string): Promise<true> {
  return until(`no ${rule} in ${name}`, () => findings(name, rule).length === 0);
}

/** Code actions at a place, resolved. */
export async function actionsAt(uri: Uri, range: Range, kind?: string): Promise<CodeAction[]> {
  return (await commands.executeCommand<CodeAction[]>('vscode.executeCodeActionProvider', uri, range, kind, 20)) ?? [];
}

export function placeOf(document: TextDocument, text: string): Position {
  const offset = document.getText().indexOf(text);
  assert.ok(offset >= 0, `${text} stands in ${document.uri.path}`);
  return document.positionAt(offset);
}

export async function select(document: TextDocument, text: string): Promise<void> {
  const editor = await window.showTextDocument(document);
  const at = placeOf(document, text);
  editor.selection = new (await import('vscode')).Selection(at, at);
  editor.revealRange(new Range(at, at));
}

export async function replaceAll(document: TextDocument, text: string): Promise<void> {
  const edit = new WorkspaceEdit();
  edit.replace(document.uri, new Range(new Position(0, 0), document.lineAt(document.lineCount - 1).range.end), text);
  assert.ok(await workspace.applyEdit(edit));
}
