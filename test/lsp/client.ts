// A scripted language client over stdio: it speaks the protocol and remembers what it was told. It waits for messages, never for time.

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  CancellationTokenSource,
  CodeActionRequest,
  CodeActionResolveRequest,
  createProtocolConnection,
  DidChangeTextDocumentNotification,
  DidChangeWatchedFilesNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DidSaveTextDocumentNotification,
  DocumentDiagnosticRequest,
  ExitNotification,
  FileChangeType,
  HoverRequest,
  InitializedNotification,
  InitializeRequest,
  LogMessageNotification,
  ProgressType,
  PublishDiagnosticsNotification,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  WorkspaceDiagnosticRequest,
  type ClientCapabilities,
  type CodeAction,
  type CodeActionContext,
  type Command,
  type Diagnostic,
  type DocumentDiagnosticReport,
  type Hover,
  type InitializeResult,
  type ProtocolConnection,
  type Range,
  type TextDocumentContentChangeEvent,
  type TextEdit,
  type WorkspaceDiagnosticReportPartialResult,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';

/** What VS Code's own client announces, as far as it matters here. */
export const PULL_CLIENT: ClientCapabilities = {
  textDocument: {
    diagnostic: { dynamicRegistration: true, relatedInformation: true, codeDescriptionSupport: true, tagSupport: { valueSet: [1, 2] } },
    codeAction: {
      codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix', 'source.fixAll'] } },
      resolveSupport: { properties: ['edit'] },
      dataSupport: true,
      isPreferredSupport: true,
    },
    hover: { contentFormat: ['markdown', 'plaintext'] },
  },
  workspace: {
    diagnostics: { refreshSupport: true },
    applyEdit: true,
    configuration: true,
    didChangeConfiguration: { dynamicRegistration: true },
    didChangeWatchedFiles: { dynamicRegistration: true, relativePatternSupport: true },
    workspaceFolders: true,
    textDocumentContent: { dynamicRegistration: true },
    workspaceEdit: {
      documentChanges: true,
      resourceOperations: ['create', 'rename', 'delete'],
      changeAnnotationSupport: { groupsOnLabel: true },
      snippetEditSupport: true,
      metadataSupport: true,
    },
  },
  window: { workDoneProgress: true, showDocument: { support: true } },
};

/** What a plain client announces: no pull, no literals beyond the basics. */
export const PUSH_CLIENT: ClientCapabilities = {
  textDocument: {
    publishDiagnostics: { relatedInformation: true },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix'] } } },
    hover: { contentFormat: ['plaintext'] },
  },
  workspace: { didChangeConfiguration: {} },
};

const LIMIT_MS = 15_000;

export interface StartOptions {
  readonly server: string;
  readonly folders: readonly string[];
  readonly capabilities?: ClientCapabilities;
  readonly initializationOptions?: unknown;
  readonly settings?: Readonly<Record<string, unknown>>;
}

export class TestClient {
  /** Diagnostics by URI as a client shows them: pushed, or from the held request. */
  readonly shown = new Map<string, readonly Diagnostic[]>();
  readonly log: string[] = [];
  readonly notifications: { readonly method: string; readonly params: unknown }[] = [];
  readonly registered: string[] = [];
  readonly watched: string[] = [];
  readonly appliedEdits: WorkspaceEdit[] = [];
  readonly shownDocuments: string[] = [];
  readonly progressTitles: string[] = [];
  refreshes = 0;
  workspaceReports = 0;
  pushes = 0;
  settings: Readonly<Record<string, unknown>>;
  private readonly listeners = new Set<() => void>();
  private readonly versions = new Map<string, number>();
  private readonly results = new Map<string, string>();

  private constructor(
    readonly connection: ProtocolConnection,
    readonly process: ChildProcess,
    settings: Readonly<Record<string, unknown>>,
  ) {
    this.settings = settings;
  }

  static async start(options: StartOptions): Promise<{ readonly client: TestClient; readonly result: InitializeResult }> {
    const child = spawn(process.execPath, [options.server, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
    const client = new TestClient(connection, child, options.settings ?? {});
    client.listen();
    connection.listen();
    const folders = options.folders.map((folder) => ({ uri: pathToFileURL(folder).href, name: folder }));
    const result = await connection.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      rootUri: folders[0]?.uri ?? null,
      workspaceFolders: folders,
      capabilities: options.capabilities ?? PULL_CLIENT,
      initializationOptions: options.initializationOptions,
    });
    await connection.sendNotification(InitializedNotification.type, {});
    return { client, result };
  }

  async stop(): Promise<void> {
    await this.connection.sendRequest(ShutdownRequest.type);
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    await this.connection.sendNotification(ExitNotification.type);
    await ended;
    this.connection.dispose();
  }

  /** Holds the workspace request open, as VS Code does; what it tells goes to `shown`. */
  holdWorkspaceRequest(): { readonly cancel: () => void; readonly ended: Promise<unknown> } {
    const token = `workspace-${this.workspaceReports}`;
    this.connection.onProgress(new ProgressType<WorkspaceDiagnosticReportPartialResult>(), token, (partial) => this.takePartial(partial));
    const source = new CancellationTokenSource();
    const ended = this.connection.sendRequest(WorkspaceDiagnosticRequest.type, { previousResultIds: [], partialResultToken: token }, source.token).then(
      (report) => report,
      (error: unknown) => error,
    );
    return { cancel: () => source.cancel(), ended };
  }

  open(uri: string, languageId: string, text: string): void {
    this.versions.set(uri, 1);
    void this.connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument: { uri, languageId, version: 1, text } });
  }

  change(uri: string, changes: readonly TextDocumentContentChangeEvent[]): void {
    const version = (this.versions.get(uri) ?? 1) + 1;
    this.versions.set(uri, version);
    void this.connection.sendNotification(DidChangeTextDocumentNotification.type, { textDocument: { uri, version }, contentChanges: [...changes] });
  }

  save(uri: string): void {
    void this.connection.sendNotification(DidSaveTextDocumentNotification.type, { textDocument: { uri } });
  }

  close(uri: string): void {
    void this.connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri } });
  }

  changedOnDisk(uris: readonly string[], type: FileChangeType = FileChangeType.Changed): void {
    void this.connection.sendNotification(DidChangeWatchedFilesNotification.type, { changes: uris.map((uri) => ({ uri, type })) });
  }

  async pull(uri: string): Promise<DocumentDiagnosticReport> {
    const previous = this.results.get(uri);
    const report = await this.connection.sendRequest(DocumentDiagnosticRequest.type, {
      textDocument: { uri },
      ...(previous === undefined ? {} : { previousResultId: previous }),
    });
    if (report.resultId !== undefined) this.results.set(uri, report.resultId);
    return report;
  }

  /** Diagnostics of a document, in full. */
  async diagnosticsOf(uri: string): Promise<readonly Diagnostic[]> {
    this.results.delete(uri);
    const report = await this.pull(uri);
    return report.kind === 'full' ? report.items : [];
  }

  async actions(uri: string, range: Range, context: Partial<CodeActionContext> = {}): Promise<CodeAction[]> {
    const found = await this.connection.sendRequest(CodeActionRequest.type, { textDocument: { uri }, range, context: { diagnostics: [], ...context } });
    return (found ?? []).filter((action): action is CodeAction => !isCommand(action));
  }

  resolve(action: CodeAction): Promise<CodeAction> {
    return this.connection.sendRequest(CodeActionResolveRequest.type, action);
  }

  hover(uri: string, line: number, character: number): Promise<Hover | null> {
    return this.connection.sendRequest(HoverRequest.type, { textDocument: { uri }, position: { line, character } });
  }

  /** Resolves when `isTrue` holds after some message; rejects with `what` after the limit. */
  until(what: string, isTrue: () => boolean): Promise<void> {
    if (isTrue()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const listener = (): void => {
        if (!isTrue()) return;
        clearTimeout(timer);
        this.listeners.delete(listener);
        resolve();
      };
      const timer = setTimeout(() => {
        this.listeners.delete(listener);
        const shown = JSON.stringify([...this.shown].map(([uri, list]) => [uri, list.map(({ message }) => message)]));
        reject(new Error(`not within ${LIMIT_MS / 1_000} s: ${what}\nshown: ${shown}\nlog: ${this.log.join('\n')}`));
      }, LIMIT_MS);
      this.listeners.add(listener);
    });
  }

  private listen(): void {
    const { connection } = this;
    connection.onNotification(LogMessageNotification.type, ({ message }) => this.note(() => this.log.push(message)));
    connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, diagnostics }) =>
      this.note(() => {
        this.pushes++;
        this.shown.set(uri, diagnostics);
      }),
    );
    connection.onNotification('holdfast/status', (params: unknown) => this.note(() => this.notifications.push({ method: 'holdfast/status', params })));
    connection.onRequest('workspace/diagnostic/refresh', () => this.noteAnd(null, () => this.refreshes++));
    connection.onRequest('workspace/configuration', ({ items }: { items: unknown[] }) => items.map(() => this.settings));
    connection.onRequest(
      'client/registerCapability',
      ({ registrations }: { registrations: { method: string; registerOptions?: { watchers?: { globPattern: string }[] } }[] }) =>
        this.noteAnd(null, () => {
          this.registered.push(...registrations.map(({ method }) => method));
          this.watched.push(...registrations.flatMap(({ registerOptions }) => registerOptions?.watchers?.map(({ globPattern }) => globPattern) ?? []));
        }),
    );
    connection.onRequest('workspace/applyEdit', ({ edit }: { edit: WorkspaceEdit }) => this.noteAnd({ applied: true }, () => this.appliedEdits.push(edit)));
    connection.onRequest('window/showDocument', ({ uri }: { uri: string }) => this.noteAnd({ success: true }, () => this.shownDocuments.push(uri)));
    connection.onRequest('window/workDoneProgress/create', () => this.noteAnd(null, () => this.progressTitles.push('created')));
  }

  private note(action: () => unknown): void {
    action();
    for (const listener of [...this.listeners]) listener();
  }

  private noteAnd<T>(result: T, action: () => unknown): T {
    this.note(action);
    return result;
  }

  private takePartial({ items }: WorkspaceDiagnosticReportPartialResult): void {
    this.note(() => {
      this.workspaceReports++;
      for (const item of items) if (item.kind === 'full') this.shown.set(item.uri, item.items);
    });
  }
}

function isCommand(action: Command | CodeAction): action is Command {
  return typeof action.command === 'string';
}

/** A folder of files under the system's temporary folder; `remove` takes it away. */
export function temporaryFolder(files: Readonly<Record<string, string>>): {
  readonly path: string;
  uri(path: string): string;
  write(path: string, text: string): void;
  remove(): void;
} {
  const path = mkdtempSync(join(tmpdir(), 'holdfast-lsp-'));
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  return { path, write, uri: (name) => pathToFileURL(join(path, name)).href, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** The text after the plain edits of a workspace edit for one document; snippets are inserted with their placeholders' texts. */
export function applyWorkspaceEdit(text: string, edit: WorkspaceEdit | undefined, uri: string): string {
  const edits: { range: Range; newText: string }[] = [];
  for (const change of edit?.documentChanges ?? []) {
    if (!('textDocument' in change) || change.textDocument.uri !== uri) continue;
    for (const one of change.edits)
      edits.push('newText' in one ? one : { range: one.range, newText: one.snippet.value.replace(/\$\{\d+:((?:\\.|[^}])*)\}/g, '$1').replace(/\\([\\$}])/g, '$1') });
  }
  for (const one of edit?.changes?.[uri] ?? ([] as TextEdit[])) edits.push(one);
  const lines = [0];
  for (let index = text.indexOf('\n'); index >= 0; index = text.indexOf('\n', index + 1)) lines.push(index + 1);
  const offset = ({ line, character }: Range['start']): number => (lines[line] ?? text.length) + character;
  edits.sort((a, b) => offset(b.range.start) - offset(a.range.start));
  for (const { range, newText } of edits) text = text.slice(0, offset(range.start)) + newText + text.slice(offset(range.end));
  return text;
}
