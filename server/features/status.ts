// What the server is doing: progress of the first run, and a short status for clients that show one.

import type { WorkDoneProgressServerReporter } from 'vscode-languageserver/node';
import type { Folder, Progress } from '../folder';
import type { Session } from '../session';

/** Sent as `holdfast/status` to clients that ask for it: LSP has no word for it. */
export type Status =
  | { readonly kind: 'reading'; readonly done: number; readonly total: number }
  | {
      readonly kind: 'ready';
      readonly findings: number;
      readonly files: number;
      readonly codeFiles: number;
      readonly infrastructureFiles: number;
      readonly notRead: number;
      readonly isOff: boolean;
    };

/** A quick first run shows no progress at all. */
const PROGRESS_AFTER_MS = 400;
const PROGRESS_EVERY_MS = 100;

export function registerStatus(session: Session): void {
  const { connection, features } = session;
  const first = new Map<Folder, FirstRun>();
  let lastSent = 0;

  session.onProgress((folder, progress) => {
    if (folder.snapshot) return;
    let run = first.get(folder);
    if (!run) first.set(folder, (run = new FirstRun(session)));
    run.report(progress);
    if (features.wantsStatus && progress.phase === 'read' && performance.now() - lastSent > PROGRESS_EVERY_MS) {
      lastSent = performance.now();
      send({ kind: 'reading', done: progress.done, total: progress.total });
    }
  });

  session.onResult((folder) => {
    first.get(folder)?.end();
    first.delete(folder);
    if (features.wantsStatus) send(statusOf(session));
  });

  function send(status: Status): void {
    void connection.sendNotification('holdfast/status', status);
  }
}

function statusOf(session: Session): Status {
  let findings = 0;
  const sum = { files: 0, codeFiles: 0, infrastructureFiles: 0 };
  let notRead = 0;
  for (const { snapshot } of session.allFolders()) {
    if (!snapshot) continue;
    for (const report of snapshot.reports.values()) findings += report.diagnostics.length;
    notRead += snapshot.result.problems.length;
    sum.files += snapshot.result.statistics.files;
    sum.codeFiles += snapshot.result.statistics.codeFiles;
    sum.infrastructureFiles += snapshot.result.statistics.infrastructureFiles;
  }
  const folders = session.allFolders();
  return { kind: 'ready', findings, ...sum, notRead, isOff: folders.length > 0 && folders.every((folder) => !folder.settings.enable) };
}

/** Work-done progress of one folder's first run; nothing for clients without it. */
class FirstRun {
  private readonly started = performance.now();
  private lastReport = 0;
  private reporter: WorkDoneProgressServerReporter | undefined;
  private isAsked = false;
  private hasEnded = false;

  constructor(private readonly session: Session) {}

  report({ phase, done, total }: Progress): void {
    const now = performance.now();
    if (!this.session.features.workDoneProgress || now - this.started < PROGRESS_AFTER_MS) return;
    if (!this.isAsked) {
      this.isAsked = true;
      void this.session.connection.window.createWorkDoneProgress().then(
        (reporter) => {
          if (this.hasEnded) return;
          this.reporter = reporter;
          reporter.begin('Holdfast', 0, '', false);
        },
        () => undefined,
      );
    }
    if (!this.reporter || now - this.lastReport < PROGRESS_EVERY_MS) return;
    this.lastReport = now;
    this.reporter.report(
      total === 0 ? 0 : Math.floor((done / total) * 100),
      phase === 'read' ? `reading ${done.toLocaleString('en')} of ${total.toLocaleString('en')}` : phase === 'list' ? 'listing files' : 'joining',
    );
  }

  end(): void {
    this.hasEnded = true;
    this.reporter?.done();
  }
}
