// One line of progress on the terminal of standard error: after 400 ms, erased at the end. In a log there is none.

import type { Sink } from '../shell';
import { elapsed, numeral } from '../words';

export interface Progress {
  readonly phase: 'list' | 'read' | 'link' | 'rules';
  readonly done: number;
  readonly total: number;
}

const QUIET_MS = 400;
const BETWEEN_MS = 80;
const ERASE = '\r\u001b[K';

export interface ProgressLine {
  show(progress: Progress): void;
  erase(): void;
}

/** A progress line; silent where `isOn` is false. */
export function progressLine(sink: Sink, clock: () => number, isOn: boolean): ProgressLine {
  const start = clock();
  let last = 0;
  let isShown = false;
  return {
    show(progress) {
      const now = clock();
      if (!isOn || now - start < QUIET_MS || now - last < BETWEEN_MS) return;
      last = now;
      isShown = true;
      sink.write(`${ERASE}${progressText(progress, now - start)}`);
    },
    erase() {
      if (isShown) sink.write(ERASE);
      isShown = false;
    },
  };
}

function progressText({ phase, done, total }: Progress, ms: number): string {
  const time = ms < 1000 ? elapsed(ms) : `${Math.floor(ms / 1000)} s`;
  switch (phase) {
    case 'list':
      return `looking for files · ${time}`;
    case 'read':
      return `reading ${numeral(done)} of ${numeral(total)} files · ${time}`;
    case 'link':
      return `joining · ${time}`;
    case 'rules':
      return `checking · ${time}`;
  }
}
