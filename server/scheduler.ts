// Runs one task at a time over state that changes: a newer change ends the running task and starts it anew.

/** After this long without an end, a change no longer interrupts: someone who types without a pause still gets results. */
const PATIENCE_MS = 2_000;

export class Scheduler {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private controller: AbortController | undefined;
  private isRunning = false;
  private isWanted = false;
  private isDisposed = false;
  private wantedSince = 0;
  private waiters: (() => void)[] = [];

  /** `task` is given a signal that is aborted by a newer change; it may end early then. `failed` hears what it throws. */
  constructor(
    private readonly task: (signal: AbortSignal) => Promise<void>,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** The state changed: run again after `delayMs`. */
  request(delayMs = 0): void {
    if (this.isDisposed) return;
    if (!this.isWanted && !this.isRunning) this.wantedSince = performance.now();
    this.isWanted = true;
    if (performance.now() - this.wantedSince < PATIENCE_MS) this.controller?.abort();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.run(), delayMs);
  }

  /** Resolves when the last requested run has ended, at once where none is wanted. */
  settled(): Promise<void> {
    if (!this.isWanted && !this.isRunning) return Promise.resolve();
    return new Promise((resolve) => this.waiters.push(resolve));
  }

  dispose(): void {
    this.isDisposed = true;
    clearTimeout(this.timer);
    this.controller?.abort();
    this.release();
  }

  private async run(): Promise<void> {
    this.timer = undefined;
    if (this.isRunning || this.isDisposed) return;
    this.isRunning = true;
    this.isWanted = false;
    this.controller = new AbortController();
    try {
      await this.task(this.controller.signal);
    } catch (error) {
      if (!this.controller.signal.aborted) this.failed(error);
    }
    this.isRunning = false;
    this.controller = undefined;
    if (!this.isWanted) this.release();
    else {
      if (performance.now() - this.wantedSince >= PATIENCE_MS) this.wantedSince = performance.now();
      if (this.timer === undefined) void this.run();
    }
  }

  private release(): void {
    const waiters = this.waiters;
    this.waiters = [];
    for (const resolve of waiters) resolve();
  }
}
