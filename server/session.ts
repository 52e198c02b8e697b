// The life of one client's connection: its folders, its open documents and its settings. Requests are answered by features/, from what stands here.

import { TextDocuments, TextDocumentSyncKind, type Connection, type WorkspaceFolder } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { FactsCache, Host } from '../engine/host';
import type { Rule } from '../engine/lint/rule';
import type { Workspace, WorkspaceOptions } from '../engine/workspace';
import type { ClientFeatures } from './client-features';
import { Folder, type OpenDocument, type Progress, type Snapshot } from './folder';
import { createLooseHost, loosePath } from './loose-documents';
import { pathOfUri, relativePath, uriOfPath } from './paths';
import type { RulePages } from './rule-pages';
import { readSettings, type Settings } from './settings';

/** What the server is made of: the engine's parts, so that a test can put its own in. */
export interface ServerParts {
  readonly rules: readonly Rule[];
  readonly createHost: (root: string) => Host;
  readonly createWorkspace: (options: WorkspaceOptions) => Workspace;
  /** Facts of an earlier session, for a folder's absolute path. */
  readonly createCache?: (root: string) => FactsCache;
  /** Called once, after the first run has ended. */
  readonly onWarm?: () => void;
  /** Folder of the rules' pages, absolute. */
  readonly pagesFolder: string;
  readonly version: string;
  readonly today: () => string;
}

export interface Place {
  readonly folder: Folder;
  readonly path: string;
}

export class Session {
  readonly documents = new TextDocuments(TextDocument);
  readonly folders = new Map<string, Folder>();
  private loose: Folder | undefined;
  private isWarm = false;
  private readonly reported = new Set<string>();
  private readonly resultListeners: ((folder: Folder, before: Snapshot | undefined) => void)[] = [];
  private readonly progressListeners: ((folder: Folder, progress: Progress) => void)[] = [];
  private readonly changeListeners: ((place: Place, cause: 'open' | 'change' | 'close') => void)[] = [];
  private markReady: () => void = () => undefined;
  /** Resolves once the folders are known; requests that come earlier wait for it. */
  readonly ready = new Promise<void>((resolve) => (this.markReady = resolve));

  constructor(
    readonly connection: Connection,
    readonly parts: ServerParts,
    readonly features: ClientFeatures,
    readonly pages: RulePages,
    private pushedSettings: Settings,
  ) {}

  /** Other encodings than UTF-16 take whole documents, since incremental edits would need converting. */
  get syncKind(): TextDocumentSyncKind {
    return this.features.encoding === 'utf-16' ? TextDocumentSyncKind.Incremental : TextDocumentSyncKind.Full;
  }

  onResult(listener: (folder: Folder, before: Snapshot | undefined) => void): void {
    this.resultListeners.push(listener);
  }

  onProgress(listener: (folder: Folder, progress: Progress) => void): void {
    this.progressListeners.push(listener);
  }

  onDocument(listener: (place: Place, cause: 'open' | 'change' | 'close') => void): void {
    this.changeListeners.push(listener);
  }

  /** All folders, the one of documents without a folder included. */
  allFolders(): Folder[] {
    return [...this.folders.values(), ...(this.loose ? [this.loose] : [])];
  }

  async start(folders: readonly WorkspaceFolder[]): Promise<void> {
    this.listenToDocuments();
    for (const folder of folders) await this.addFolder(folder.uri);
    for (const document of this.documents.all()) this.note(document, 'open');
    this.markReady();
  }

  async addFolder(uri: string): Promise<void> {
    const root = pathOfUri(uri);
    if (root === undefined || this.folders.has(uri)) return;
    const folder = this.makeFolder(uri, root, this.parts.createHost(root), (path) => uriOfPath(root, path), await this.settingsOf(uri));
    this.folders.set(uri, folder);
    this.moveDocuments();
    folder.start();
  }

  removeFolder(uri: string): void {
    const folder = this.folders.get(uri);
    if (!folder) return;
    const before = folder.snapshot;
    folder.dispose();
    folder.snapshot = undefined;
    this.folders.delete(uri);
    for (const listener of this.resultListeners) listener(folder, before);
    this.moveDocuments();
  }

  /** Reads the settings of every folder again. */
  async configure(pushed?: unknown): Promise<void> {
    if (pushed !== undefined) this.pushedSettings = readSettings(pushed);
    for (const folder of this.allFolders()) folder.configure(await this.settingsOf(folder.options.uri));
  }

  /** The folder that a document belongs to (the innermost) and its path there. */
  placeOf(uri: string): Place | undefined {
    const path = pathOfUri(uri);
    let best: Place | undefined;
    if (path !== undefined) {
      for (const folder of this.folders.values()) {
        const inside = relativePath(folder.options.root, path);
        if (inside !== undefined && inside !== '' && (!best || folder.options.root.length > best.folder.options.root.length)) best = { folder, path: inside };
      }
    }
    if (best) return best;
    const document = this.documents.get(uri);
    const pseudo = document && loosePath(uri, document.languageId);
    return pseudo === undefined ? undefined : { folder: this.looseFolder(), path: pseudo };
  }

  openDocument(uri: string): OpenDocument | undefined {
    const document = this.documents.get(uri);
    return document && { uri, version: document.version, text: document.getText() };
  }

  /** Writes a fault of ours to the log, once for each kind, and goes on. */
  reportFailure(where: string, error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    const key = `${where}\0${text}`;
    if (this.reported.has(key)) return;
    this.reported.add(key);
    this.connection.console.error(
      `Holdfast failed in ${where}. This is a bug of Holdfast, not of your code; everything else was checked.\n${error instanceof Error ? (error.stack ?? text) : text}`,
    );
  }

  dispose(): void {
    for (const folder of this.allFolders()) folder.dispose();
  }

  private async settingsOf(uri: string): Promise<Settings> {
    if (!this.features.configuration) return this.pushedSettings;
    try {
      const scope = uri === '' ? {} : { scopeUri: uri };
      return readSettings(await this.connection.workspace.getConfiguration({ ...scope, section: 'holdfast' }));
    } catch (error) {
      this.reportFailure('workspace/configuration', error);
      return this.pushedSettings;
    }
  }

  private looseFolder(): Folder {
    if (this.loose) return this.loose;
    const uriOf = (path: string): string => `file:///${path}`;
    const loose: Folder = this.makeFolder(
      '',
      '',
      createLooseHost(() => loose.documents),
      uriOf,
      this.pushedSettings,
    );
    this.loose = loose;
    void this.settingsOf('').then((settings) => loose.configure(settings));
    return loose;
  }

  private makeFolder(uri: string, root: string, host: Host, uriOf: (path: string) => string, settings: Settings): Folder {
    const { rules, createWorkspace, createCache, today } = this.parts;
    const cache = root === '' ? undefined : createCache?.(root);
    return new Folder(
      {
        uri,
        root,
        host,
        rules,
        createWorkspace,
        ...(cache === undefined ? {} : { cache }),
        uriOf,
        today,
        context: { features: this.features, pageOf: (rule) => this.pages.addressOf(rule) },
        onResult: (folder, before) => {
          for (const failure of folder.snapshot?.result.failures ?? [])
            this.reportFailure(failure.file === undefined ? failure.rule : `${failure.rule} at ${failure.file}`, failure.error);
          for (const listener of this.resultListeners) listener(folder, before);
          this.noteWarm();
        },
        onProgress: (folder, progress) => {
          for (const listener of this.progressListeners) listener(folder, progress);
        },
        onFailure: (_folder, error) => this.reportFailure('a run', error),
      },
      settings,
    );
  }

  private noteWarm(): void {
    if (this.isWarm) return;
    this.isWarm = true;
    this.parts.onWarm?.();
  }

  private listenToDocuments(): void {
    this.documents.onDidOpen(({ document }) => this.note(document, 'open'));
    this.documents.onDidChangeContent(({ document }) => {
      // The open event has already brought this version.
      if (this.placeOf(document.uri)?.folder.documents.get(this.placeOf(document.uri)?.path ?? '')?.version !== document.version) this.note(document, 'change');
    });
    this.documents.onDidSave(({ document }) => this.note(document, 'save'));
    this.documents.onDidClose(({ document }) => {
      const place = this.placeOf(document.uri) ?? this.openPlace(document.uri);
      if (!place) return;
      place.folder.close(place.path);
      for (const listener of this.changeListeners) listener(place, 'close');
    });
  }

  private note(document: TextDocument, cause: 'open' | 'change' | 'save'): void {
    const place = this.placeOf(document.uri);
    if (!place) return;
    place.folder.update(place.path, { uri: document.uri, version: document.version, text: document.getText() }, cause);
    if (cause === 'save') return;
    for (const listener of this.changeListeners) listener(place, cause);
  }

  /** Where a document stands that the list of open ones has already lost. */
  private openPlace(uri: string): Place | undefined {
    for (const folder of this.allFolders()) {
      for (const [path, document] of folder.documents) if (document.uri === uri) return { folder, path };
    }
    return undefined;
  }

  /** After folders came or went: each open document goes to the folder that it now belongs to. */
  private moveDocuments(): void {
    for (const document of this.documents.all()) {
      const before = this.openPlace(document.uri);
      const now = this.placeOf(document.uri);
      if (before?.folder === now?.folder) continue;
      before?.folder.close(before.path);
      if (now) this.note(document, 'open');
    }
  }
}
