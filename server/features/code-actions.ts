// The light bulb: fixes of the findings under the cursor, fix-all, disabling with a reason, and the rule's page.

import {
  CodeActionKind,
  MessageType,
  ShowMessageNotification,
  type CodeAction,
  type CodeActionParams,
  type Command,
  type Diagnostic,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import type { Finding } from '../../engine/lint/finding';
import type { Fix } from '../../engine/lint/fix';
import { asRecord } from '../client-features';
import { toWorkspaceEdit } from '../edits';
import { fixFile, fixesOnly, isFixedBy, type FixScope } from '../fix-all';
import { locate, toOffset } from '../positions';
import { isAboutSuppression } from '../reports';
import { answer } from '../requests';
import type { Place, Session } from '../session';
import { disableFile, disableNextLine, lastPart } from '../suppressions';
import { COMMANDS } from './commands';

export const FIX_ALL_KIND = 'source.fixAll.holdfast';
export const FIX_ALL_UNSAFE_KIND = 'source.fixAll.holdfastUnsafe';

/** What an action carries until it is resolved. */
type ActionData = { readonly uri: string } & (
  | { readonly kind: 'fix'; readonly fingerprint: string; readonly fix: number }
  | { readonly kind: 'fix-all'; readonly scope: FixScope }
  | { readonly kind: 'disable'; readonly fingerprint: string; readonly extent: 'line' | 'file' }
);

type UnresolvedAction = CodeAction & { readonly data?: ActionData };

export function registerCodeActions(session: Session): void {
  const { connection, features } = session;
  connection.onCodeAction(async (params, token) =>
    answer<(CodeAction | Command)[]>(session, 'textDocument/codeAction', [], token, async () => {
      if (!features.codeActionLiterals) return [];
      const place = session.placeOf(params.textDocument.uri);
      if (!place) return [];
      const actions = await list(session, place, params);
      if (features.resolvesEdits) return actions;
      const resolved = await Promise.all(actions.map((action) => resolve(session, action)));
      return resolved.filter((action) => action.edit !== undefined || action.command !== undefined);
    }),
  );
  connection.onCodeActionResolve(async (action, token) =>
    answer<CodeAction>(session, 'codeAction/resolve', action, token, async () => {
      const resolved = await resolve(session, action);
      if (!resolved.edit && !resolved.command) sayNothingChanged(session, action.title);
      return resolved;
    }),
  );
}

async function list(session: Session, place: Place, params: CodeActionParams): Promise<UnresolvedAction[]> {
  const { uri } = params.textDocument;
  const { folder, path } = place;
  const only = params.context.only;
  const wants = (kind: string): boolean => !only || only.some((asked) => kind === asked || kind.startsWith(`${asked}.`));
  const snapshot = await folder.settled(path);
  const document = folder.documents.get(path);
  if (!snapshot || !document) return [];
  const inFile = snapshot.result.findings.filter((finding) => finding.at.file === path);
  const actions: UnresolvedAction[] = [];

  if (wants(CodeActionKind.QuickFix)) {
    const located = locate(document.text);
    const start = toOffset(located, params.range.start, session.features.encoding);
    const end = toOffset(located, params.range.end, session.features.encoding);
    const found = inFile.filter((finding) => finding.at.span[0] <= end && finding.at.span[1] >= start);
    for (const finding of found) actions.push(...(await fixActions(uri, place, finding, params.context.diagnostics)));
    for (const rule of new Set(found.map((finding) => finding.rule))) actions.push(...fixRuleActions(uri, rule, inFile, folder.settings.fixAllKinds));
    const safe = count(inFile, { kind: 'safe' });
    if (found.length > 0 && safe > 1)
      actions.push(action(`Fix all safe findings in this file (${safe})`, CodeActionKind.QuickFix, { kind: 'fix-all', uri, scope: { kind: 'safe' } }));
    for (const finding of found) actions.push(...disableActions(uri, path, document.text, finding, params.context.diagnostics));
    for (const rule of new Set(found.map((finding) => finding.rule))) actions.push(...explainActions(session, rule));
  }
  // Only on request, so that the menu of quick fixes stays short; the unsafe kind only by its full name, so that nothing applies it by accident.
  if (only && wants(FIX_ALL_KIND) && count(inFile, scopeOf('safe', folder.settings.fixAllKinds)) > 0) {
    actions.push(action('Fix all safe findings in this file', FIX_ALL_KIND, { kind: 'fix-all', uri, scope: scopeOf('safe', folder.settings.fixAllKinds) }));
  }
  if (only?.includes(FIX_ALL_UNSAFE_KIND) && count(inFile, scopeOf('unsafe', folder.settings.fixAllKinds)) > 0) {
    actions.push(
      action('Fix all findings in this file (can change behaviour)', FIX_ALL_UNSAFE_KIND, {
        kind: 'fix-all',
        uri,
        scope: scopeOf('unsafe', folder.settings.fixAllKinds),
      }),
    );
  }
  return actions;
}

/** A command that was just given had no effect: without a word it would look like a fault of the editor. */
function sayNothingChanged({ connection }: Session, title: string): void {
  void connection.sendNotification(ShowMessageNotification.type, { type: MessageType.Warning, message: `Nothing was changed: the place of “${title}” is gone.` });
}

function scopeOf(kind: 'safe' | 'unsafe', principles: readonly string[]): FixScope {
  return { kind, principles };
}

/** Only fixes that can be written on the current text: what is offered is a promise. */
async function fixActions(uri: string, { folder, path }: Place, finding: Finding, diagnostics: readonly Diagnostic[]): Promise<UnresolvedAction[]> {
  const actions: UnresolvedAction[] = [];
  for (const [index, fix] of finding.fixes.entries()) {
    const edits = await folder.workspace.edits(fix);
    if (!edits) continue;
    const files = [...edits.keys()];
    actions.push({
      ...action(titleOf(fix, files.includes(path) ? undefined : files[0]), CodeActionKind.QuickFix, { kind: 'fix', uri, fingerprint: finding.fingerprint, fix: index }),
      ...(index === 0 && fix.safety === 'safe' && files.every((file) => file === path) ? { isPreferred: true } : {}),
      diagnostics: ownDiagnostics(finding, diagnostics),
    });
  }
  return actions;
}

function fixRuleActions(uri: string, rule: string, inFile: readonly Finding[], principles: readonly string[]): UnresolvedAction[] {
  const scope: FixScope = { kind: 'unsafe', rule };
  const fixable = inFile.filter((finding) => isFixedBy(finding, scope));
  if (fixable.length < 2 || principles.length > 0) return [];
  const isUnsafe = fixable.some((finding) => finding.fixes[0]?.safety === 'unsafe');
  const title = `Fix all \`${lastPart(rule)}\` in this file (${fixable.length})`;
  return [action(isUnsafe ? `${title} (can change behaviour)` : title, CodeActionKind.QuickFix, { kind: 'fix-all', uri, scope })];
}

function disableActions(uri: string, path: string, text: string, finding: Finding, diagnostics: readonly Diagnostic[]): UnresolvedAction[] {
  if (isAboutSuppression(finding) || !disableFile(path, text, finding.rule)) return [];
  const of = (title: string, extent: 'line' | 'file'): UnresolvedAction => ({
    ...action(title, CodeActionKind.QuickFix, { kind: 'disable', uri, fingerprint: finding.fingerprint, extent }),
    diagnostics: ownDiagnostics(finding, diagnostics),
  });
  return [of(`Disable ${lastPart(finding.rule)} here, with a reason…`, 'line'), of(`Disable ${lastPart(finding.rule)} in this file, with a reason…`, 'file')];
}

function explainActions(session: Session, rule: string): UnresolvedAction[] {
  const title = `Explain ${lastPart(rule)}`;
  const command = session.features.ownCommands.has('holdfast.explainRule') ? 'holdfast.explainRule' : COMMANDS.explain;
  if (command === COMMANDS.explain && (!session.features.showsDocuments || session.pages.addressOf(rule) === undefined)) return [];
  return [{ title, kind: CodeActionKind.QuickFix, command: { title, command, arguments: [rule] } }];
}

/** `elsewhere`: the file that is edited where it is not the one at hand. */
function titleOf(fix: Fix, elsewhere: string | undefined): string {
  const title = elsewhere === undefined ? fix.title : `${fix.title} in ${elsewhere}`;
  return fix.safety === 'unsafe' ? `${title} (can change behaviour)` : title;
}

function action(title: string, kind: string, data: ActionData): UnresolvedAction {
  return { title, kind, data };
}

function ownDiagnostics(finding: Finding, diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return diagnostics.filter((one) => one.source === 'holdfast' && asRecord(one.data)['fingerprint'] === finding.fingerprint);
}

function count(findings: readonly Finding[], scope: FixScope): number {
  return findings.filter((finding) => isFixedBy(finding, scope)).length;
}

/** The action with its edit, computed on the current text; without one where its place is gone. */
async function resolve(session: Session, unresolved: CodeAction): Promise<CodeAction> {
  const data = readData(unresolved.data);
  const place = data && session.placeOf(data.uri);
  if (!data || !place) return unresolved;
  const edit = await editFor(session, place, data);
  return edit ? { ...unresolved, edit } : unresolved;
}

async function editFor({ features }: Session, { folder, path }: Place, data: ActionData): Promise<WorkspaceEdit | undefined> {
  const snapshot = await folder.settled(path);
  const findings = snapshot?.result.findings.filter((finding) => finding.at.file === path) ?? [];
  switch (data.kind) {
    case 'fix': {
      const fix = findings.find((finding) => finding.fingerprint === data.fingerprint)?.fixes[data.fix];
      const edits = fix && (await folder.workspace.edits(fix));
      return edits && toWorkspaceEdit(folder, edits, features, { withSnippets: true, from: path, label: fix.title });
    }
    case 'fix-all': {
      const edits = await fixFile(folder, path, findings, data.scope);
      return edits && toWorkspaceEdit(folder, edits, features, { withSnippets: false });
    }
    case 'disable': {
      const finding = findings.find((one) => one.fingerprint === data.fingerprint);
      const text = folder.documents.get(path)?.text;
      if (!finding || text === undefined) return undefined;
      const edit = data.extent === 'line' ? disableNextLine(path, text, finding.at.span, finding.rule) : disableFile(path, text, finding.rule);
      return edit && toWorkspaceEdit(folder, new Map([[path, [edit]]]), features, { withSnippets: true });
    }
  }
}

/** What came back from the client, checked again: it may be another server's. */
function readData(value: unknown): ActionData | undefined {
  const { kind, uri, fingerprint, fix, scope, extent } = asRecord(value);
  if (typeof uri !== 'string') return undefined;
  if (kind === 'fix' && typeof fingerprint === 'string' && typeof fix === 'number') return { kind, uri, fingerprint, fix };
  if (kind === 'disable' && typeof fingerprint === 'string' && (extent === 'line' || extent === 'file')) return { kind, uri, fingerprint, extent };
  const asked = fixesOnly(scope);
  return kind === 'fix-all' && asked ? { kind, uri, scope: asked } : undefined;
}
