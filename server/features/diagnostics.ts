// Diagnostics on request: of one document, and of the whole workspace through a request that stays open. Clients that never ask get them pushed.

import {
  DocumentDiagnosticReportKind,
  LSPErrorCodes,
  ResponseError,
  type CancellationToken,
  type Diagnostic,
  type DocumentDiagnosticReport,
  type PreviousResultId,
  type ResultProgressReporter,
  type WorkspaceDiagnosticReport,
  type WorkspaceDiagnosticReportPartialResult,
  type WorkspaceDocumentDiagnosticReport,
} from 'vscode-languageserver/node';
import type { Folder, Snapshot } from '../folder';
import { resultIdOf } from '../reports';
import { answer } from '../requests';
import type { Place, Session } from '../session';

const EMPTY_ID = resultIdOf([]);
/**
 * A client drops its last answer for a document that is closed without saving, and its close may come much later.
 * So each change is followed by a report through the workspace request, which the client ignores while it follows the document.
 */
const AFTER_CHANGE_MS = 300;

export function registerPulledDiagnostics(session: Session): void {
  const { connection } = session;
  const stream = new WorkspaceStream(session);
  const lastPulled = new Map<string, string>();

  connection.languages.diagnostics.on(async (params, token) =>
    answer<DocumentDiagnosticReport>(session, 'textDocument/diagnostic', { kind: DocumentDiagnosticReportKind.Full, items: [] }, token, async () => {
      const place = session.placeOf(params.textDocument.uri);
      const report = place && (await placeReport(place));
      const resultId = report?.resultId ?? EMPTY_ID;
      lastPulled.set(params.textDocument.uri, resultId);
      if (params.previousResultId === resultId) return { kind: DocumentDiagnosticReportKind.Unchanged, resultId };
      return { kind: DocumentDiagnosticReportKind.Full, resultId, items: [...(report?.diagnostics ?? [])] };
    }),
  );

  connection.languages.diagnostics.onWorkspace((params, token, _progress, partial) => stream.open(params.previousResultIds, token, partial));

  const pending = new Map<string, ReturnType<typeof setTimeout>>();
  session.onDocument(({ folder, path }, cause) => {
    const uri = folder.uriOf(path);
    clearTimeout(pending.get(uri));
    if (cause === 'close') lastPulled.delete(uri);
    pending.set(
      uri,
      setTimeout(
        () => {
          pending.delete(uri);
          void folder.settled().then(() => stream.force(folder, path));
        },
        cause === 'close' ? 0 : AFTER_CHANGE_MS,
      ),
    );
  });

  session.onResult((folder) => {
    stream.advance();
    if (session.features.refreshesDiagnostics && hasStaleDocument(folder, lastPulled)) void connection.languages.diagnostics.refresh().catch(() => undefined);
  });
}

/** For clients without pull: every file whose diagnostics changed is published, and emptied when they are gone. */
export function registerPushedDiagnostics(session: Session): void {
  const publish = (uri: string, diagnostics: readonly Diagnostic[], version?: number): void => {
    void session.connection.sendDiagnostics({ uri, diagnostics: [...diagnostics], ...(version === undefined ? {} : { version }) });
  };
  session.onResult((folder, before) => {
    for (const [path, report] of folder.snapshot?.reports ?? []) {
      if (before?.reports.get(path)?.resultId !== report.resultId) publish(folder.uriOf(path), report.diagnostics, folder.documents.get(path)?.version);
    }
    for (const path of before?.reports.keys() ?? []) {
      if (!folder.snapshot?.reports.has(path)) publish(folder.uriOf(path), []);
    }
  });
}

async function placeReport({ folder, path }: Place): Promise<{ readonly resultId: string; readonly diagnostics: readonly Diagnostic[] } | undefined> {
  // A document whose change waits for its save is answered from the last run.
  const snapshot = await folder.settled();
  return snapshot?.reports.get(path);
}

function hasStaleDocument(folder: Folder, lastPulled: ReadonlyMap<string, string>): boolean {
  for (const [path, { uri }] of folder.documents) {
    const pulled = lastPulled.get(uri);
    if (pulled !== undefined && pulled !== (folder.snapshot?.reports.get(path)?.resultId ?? EMPTY_ID)) return true;
  }
  return false;
}

/** A held request and what its client has been told through it. */
interface HeldRequest {
  readonly told: Map<string, string>;
  readonly send: (items: WorkspaceDocumentDiagnosticReport[]) => void;
}

/**
 * Workspace requests that are held open: as soon as one returns, the client asks again two seconds later, for ever. Each new result is sent as a partial one.
 * A client that gave no token for partial results gets its answer as soon as something differs from what it knows.
 */
class WorkspaceStream {
  private readonly held = new Set<HeldRequest>();

  constructor(private readonly session: Session) {}

  async open(
    known: readonly PreviousResultId[],
    token: CancellationToken,
    partial: ResultProgressReporter<WorkspaceDiagnosticReportPartialResult> | undefined,
  ): Promise<WorkspaceDiagnosticReport> {
    await this.session.ready;
    const told = new Map(known.map(({ uri, value }) => [this.keyOf(uri), value]));
    const isFirst = known.length === 0;
    return new Promise((resolve, reject) => {
      const request: HeldRequest = {
        told,
        send: (items) => {
          if (partial) partial.report({ items });
          else {
            this.held.delete(request);
            resolve({ items });
          }
        },
      };
      token.onCancellationRequested(() => {
        this.held.delete(request);
        reject(new ResponseError(LSPErrorCodes.ServerCancelled, 'a newer request holds the results', { retriggerRequest: false }));
      });
      void Promise.all(this.session.allFolders().map((folder) => folder.settled())).then(() => {
        if (token.isCancellationRequested) return;
        this.held.add(request);
        this.tell(request, !partial && isFirst);
      });
    });
  }

  /** Sends what changed to every held request. */
  advance(): void {
    for (const request of [...this.held]) this.tell(request, false);
  }

  /** Sends one document's report whether or not it changed. */
  force(folder: Folder, path: string): void {
    const report = reportItem(folder, path, folder.snapshot);
    for (const request of [...this.held]) {
      request.told.set(folder.options.uriOf(path), report.resultId ?? EMPTY_ID);
      request.send([report]);
    }
  }

  private tell(request: HeldRequest, evenNothing: boolean): void {
    const items: WorkspaceDocumentDiagnosticReport[] = [];
    const present = new Set<string>();
    for (const folder of this.session.allFolders()) {
      for (const [path, { resultId }] of folder.snapshot?.reports ?? []) {
        const key = folder.options.uriOf(path);
        present.add(key);
        if (request.told.get(key) === resultId) continue;
        request.told.set(key, resultId);
        items.push(reportItem(folder, path, folder.snapshot));
      }
    }
    for (const [key, told] of request.told) {
      if (told === EMPTY_ID || present.has(key)) continue;
      request.told.set(key, EMPTY_ID);
      items.push({ kind: DocumentDiagnosticReportKind.Full, uri: this.addressOf(key), version: null, resultId: EMPTY_ID, items: [] });
    }
    if (items.length > 0 || evenNothing) request.send(items);
  }

  /** One key for one file, however a client spells its address. */
  private keyOf(uri: string): string {
    const place = this.session.placeOf(uri);
    return place ? place.folder.options.uriOf(place.path) : uri;
  }

  private addressOf(key: string): string {
    const place = this.session.placeOf(key);
    return place ? place.folder.uriOf(place.path) : key;
  }
}

function reportItem(folder: Folder, path: string, snapshot: Snapshot | undefined): WorkspaceDocumentDiagnosticReport & { kind: 'full' } {
  const report = snapshot?.reports.get(path);
  return {
    kind: DocumentDiagnosticReportKind.Full,
    uri: folder.uriOf(path),
    version: folder.documents.get(path)?.version ?? null,
    resultId: report?.resultId ?? EMPTY_ID,
    items: [...(report?.diagnostics ?? [])],
  };
}
