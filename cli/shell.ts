// What the command line has of its world. Commands get it as a value, so that tests give them another one.

import type { Target } from './terminal/display';

export interface Sink {
  write(text: string): void;
  readonly target: Target;
}

export interface Shell {
  /** Findings and other payload. */
  readonly out: Sink;
  /** Everything else. */
  readonly err: Sink;
  /** Absolute path of the working folder. */
  readonly workingFolder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since the process began. */
  readonly clock: () => number;
  /** ISO date, for suppressions with an end. */
  readonly today: string;
  /** All of standard input; a problem where it is not UTF-8. */
  readonly readInput: () => Promise<{ readonly text: string } | { readonly because: string }>;
  /** Folder of the package itself: rule pages, schema, server. */
  readonly packageFolder: string;
}
