// Commands of the server, by the protocol's own request, so that every editor can offer them.

import type { WorkspaceEdit } from 'vscode-languageserver/node';
import { asRecord } from '../client-features';
import { toWorkspaceEdit } from '../edits';
import { fixFindings, isFixedBy, type FixScope } from '../fix-all';
import { answer } from '../requests';
import type { Session } from '../session';
import { whyNotChecked } from '../why-not-checked';

export const COMMANDS = {
  /** Opens a rule's page: `[rule]`. */
  explain: 'holdfast.server.explain',
  /** Looks at everything again: `[]` gives the counts. */
  check: 'holdfast.server.checkWorkspace',
  /** Fixes many findings: `[{ unsafe, uri }]`; without `uri` in every folder. Gives what was done. */
  fixAll: 'holdfast.server.fixAll',
  /** Says in a sentence whether and how a file is checked: `[uri]`. */
  why: 'holdfast.server.whyNotChecked',
  /** Ids of all rules. */
  rules: 'holdfast.server.rules',
} as const;

export function registerCommands(session: Session): void {
  session.connection.onExecuteCommand((params, token) =>
    answer<unknown>(session, `workspace/executeCommand ${params.command}`, null, token, () => {
      const argument: unknown = params.arguments?.[0];
      switch (params.command) {
        case COMMANDS.explain:
          return explain(session, argument);
        case COMMANDS.check:
          return checkWorkspace(session);
        case COMMANDS.fixAll:
          return fixAll(session, asRecord(argument));
        case COMMANDS.why:
          return typeof argument === 'string' ? whyNotChecked(session, argument) : null;
        case COMMANDS.rules:
          return session.pages.ids;
        default:
          return null;
      }
    }),
  );
}

async function explain({ connection, pages }: Session, rule: unknown): Promise<boolean> {
  const uri = typeof rule === 'string' ? pages.addressOf(rule) : undefined;
  if (uri === undefined) return false;
  return (await connection.window.showDocument({ uri, external: false })).success;
}

async function checkWorkspace(session: Session): Promise<{ findings: number; files: number }> {
  let findings = 0;
  let files = 0;
  for (const folder of session.allFolders()) folder.changed('all');
  for (const folder of session.allFolders()) {
    const snapshot = await folder.settled();
    files += snapshot?.result.statistics.files ?? 0;
    for (const report of snapshot?.reports.values() ?? []) findings += report.diagnostics.length;
  }
  return { findings, files };
}

/** `fixed` counts findings whose fix is in the edit; `left` those that overlap another one. */
async function fixAll(session: Session, argument: Readonly<Record<string, unknown>>): Promise<{ fixed: number; files: number; left: number } | null> {
  const { features, connection } = session;
  if (!features.appliesEdits) return null;
  const place = typeof argument['uri'] === 'string' ? session.placeOf(argument['uri']) : undefined;
  let fixed = 0;
  let files = 0;
  let left = 0;
  for (const folder of place ? [place.folder] : session.allFolders()) {
    const scope: FixScope = { kind: argument['unsafe'] === true ? 'unsafe' : 'safe', principles: folder.settings.fixAllKinds };
    const snapshot = await folder.settled(place?.path);
    const findings = (snapshot?.result.findings ?? []).filter((finding) => (!place || finding.at.file === place.path) && isFixedBy(finding, scope));
    if (findings.length === 0) continue;
    const { edits, result } = await fixFindings(folder, findings, scope);
    const edit: WorkspaceEdit | undefined = toWorkspaceEdit(folder, edits, features, { withSnippets: false });
    if (!edit || edits.size === 0) continue;
    const applied = await connection.workspace.applyEdit({
      label: scope.kind === 'safe' ? 'Fix all safe findings' : 'Fix all findings',
      edit,
      metadata: { isRefactoring: true },
    });
    if (!applied.applied) continue;
    fixed += result.applied.length;
    files += edits.size;
    left += result.left.length;
  }
  return { fixed, files, left };
}
