// One workspace folder: its engine, the open documents in it, and the reports of the last run.

import { isAbsolute, relative, sep } from 'node:path';
import type { FactsCache, Host } from '../engine/host';
import type { Rule } from '../engine/lint/rule';
import type { LintOptions, LintResult, Workspace, WorkspaceOptions } from '../engine/workspace';
import { buildReports, type FileReport, type ReportContext } from './reports';
import { Scheduler } from './scheduler';
import type { Settings } from './settings';

export interface OpenDocument {
  readonly uri: string;
  readonly version: number;
  readonly text: string;
}

/** The results of one complete run; the texts are those that the run saw. */
export interface Snapshot {
  readonly result: LintResult;
  readonly reports: ReadonlyMap<string, FileReport>;
}

export type Progress = Parameters<NonNullable<LintOptions['onProgress']>>[0];

export interface FolderOptions {
  /** The folder's URI and absolute path. Documents without a folder share one whose root is empty. */
  readonly uri: string;
  readonly root: string;
  readonly host: Host;
  readonly rules: readonly Rule[];
  readonly createWorkspace: (options: WorkspaceOptions) => Workspace;
  readonly cache?: FactsCache;
  readonly uriOf: (path: string) => string;
  readonly context: Pick<ReportContext, 'features' | 'pageOf'>;
  readonly today: () => string;
  readonly onResult: (folder: Folder, before: Snapshot | undefined) => void;
  readonly onProgress: (folder: Folder, progress: Progress) => void;
  readonly onFailure: (folder: Folder, error: unknown) => void;
}

/** Waiting for a short pause in typing costs less than running on each key. */
const TYPING_DELAY_MS = { least: 20, most: 300 };

export class Folder {
  readonly documents = new Map<string, OpenDocument>();
  snapshot: Snapshot | undefined;
  private readonly scheduler: Scheduler;
  private current: Workspace | undefined;
  private readonly changedDocuments = new Set<string>();
  private changedPaths: Set<string> | 'all' = new Set();
  private lastDurationMs = 0;

  constructor(
    readonly options: FolderOptions,
    private currentSettings: Settings,
  ) {
    this.scheduler = new Scheduler(
      (signal) => this.run(signal),
      (error) => options.onFailure(this, error),
    );
  }

  get settings(): Settings {
    return this.currentSettings;
  }

  get workspace(): Workspace {
    return (this.current ??= this.create());
  }

  uriOf(path: string): string {
    return this.documents.get(path)?.uri ?? this.options.uriOf(path);
  }

  start(): void {
    this.scheduler.request();
  }

  /** The text of a document was opened, changed or saved. In `onSave` mode a change waits for the save. */
  update(path: string, document: OpenDocument, cause: 'open' | 'change' | 'save'): void {
    this.documents.set(path, document);
    if (cause !== 'change') this.notePath(path);
    if (cause === 'change' && this.settings.run === 'onSave') return;
    this.changedDocuments.add(path);
    const delay = Math.max(TYPING_DELAY_MS.least, Math.min(TYPING_DELAY_MS.most, this.lastDurationMs / 2));
    this.scheduler.request(cause === 'change' ? delay : 0);
  }

  close(path: string): void {
    this.documents.delete(path);
    this.changedDocuments.add(path);
    this.notePath(path);
    this.scheduler.request();
  }

  /** Files changed on disk; `all` = anything may have. */
  changed(paths: readonly string[] | 'all'): void {
    if (paths === 'all') this.changedPaths = 'all';
    else for (const path of paths) this.notePath(path);
    this.scheduler.request(TYPING_DELAY_MS.least);
  }

  configure(settings: Settings): void {
    const needsNewWorkspace = settings.configFile !== this.currentSettings.configFile;
    this.currentSettings = settings;
    if (needsNewWorkspace) this.current = undefined;
    this.changedPaths = 'all';
    this.scheduler.request();
  }

  /** The snapshot of the current texts, after waiting for it. `path`: also a document whose change waits for its save. */
  async settled(path?: string): Promise<Snapshot | undefined> {
    const document = path === undefined ? undefined : this.documents.get(path);
    if (path !== undefined && document && this.workspace.textOf(path) !== document.text) {
      this.changedDocuments.add(path);
      this.scheduler.request();
    }
    await this.scheduler.settled();
    return this.snapshot;
  }

  dispose(): void {
    this.scheduler.dispose();
  }

  private notePath(path: string): void {
    if (this.changedPaths !== 'all') this.changedPaths.add(path);
  }

  private create(): Workspace {
    const { host, rules, cache, createWorkspace, today } = this.options;
    for (const path of this.documents.keys()) this.changedDocuments.add(path);
    return createWorkspace({
      host,
      rules,
      ...(cache === undefined ? {} : { cache }),
      // Read at each run: a server can live longer than a day.
      get today() {
        return today();
      },
      ...(this.settings.configFile === '' ? {} : { configurationFile: pathWithin(this.options.root, this.settings.configFile) }),
    });
  }

  private async run(signal: AbortSignal): Promise<void> {
    const before = this.snapshot;
    if (!this.settings.enable) {
      this.snapshot = undefined;
      this.options.onResult(this, before);
      return;
    }
    const workspace = this.workspace;
    for (const path of this.changedDocuments) workspace.setOverlay(path, this.documents.get(path)?.text);
    this.changedDocuments.clear();
    if (this.changedPaths === 'all') workspace.invalidate([]);
    else if (this.changedPaths.size > 0) workspace.invalidate([...this.changedPaths]);
    this.changedPaths = new Set();

    const started = performance.now();
    const result = await workspace.lint({ signal, onProgress: (progress) => this.options.onProgress(this, progress) });
    if (signal.aborted) return;
    this.lastDurationMs = performance.now() - started;
    this.snapshot = { result, reports: this.reportsOf(workspace, result) };
    this.options.onResult(this, before);
  }

  private reportsOf(workspace: Workspace, result: LintResult): ReadonlyMap<string, FileReport> {
    return buildReports(result, {
      ...this.options.context,
      settings: this.settings,
      textOf: (path) => workspace.textOf(path),
      uriOf: (path) => this.uriOf(path),
      isShown: (path) => this.settings.scope === 'workspace' || this.documents.has(path),
    });
  }
}

/** A path that a person wrote, relative to the root and with `/`. */
function pathWithin(root: string, path: string): string {
  return (isAbsolute(path) ? relative(root, path) : path).split(sep).join('/');
}
