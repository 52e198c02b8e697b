// Facts about what is tried again: what runs again, what ends it, how it waits, and what sorts its errors. Filled by engine/code/constructs/.

import type { Span } from '../text';
import type { Entity, Value } from './values';

/** A loop or recursion that tries the same thing again; `respawn` = a listener that starts again what has ended. */
export interface RetryFact {
  readonly kind: 'loop' | 'recursion' | 'call' | 'respawn';
  /** The callee and arguments of a `call`: `pRetry(charge, { retries: 5 })`. */
  readonly entity?: Entity;
  readonly arguments?: readonly Value[];
  readonly argumentSpans?: readonly Span[];
  /** The callee of a `call` as it is written. */
  readonly calleeText?: string;
  /** The keyword or the callee of the recursion. */
  readonly mark: Span;
  readonly span: Span;
  readonly function: number;
  /** `retry` leaves on success; `poll` waits for a state; `consume` also goes on after success. */
  readonly purpose: 'retry' | 'poll' | 'consume' | 'reconnect';
  /** What ends it besides success. */
  readonly bound: 'count' | 'deadline' | 'signal' | 'none' | 'unknown';
  readonly delay: 'none' | 'fixed' | 'growing' | 'jittered' | 'unknown';
  readonly delaySpan?: Span;
  /** What is tried, as it stands in the text: `charge`. */
  readonly tries: string;
  /** Calls inside, as indexes into `calls`. */
  readonly calls: readonly number[];
  readonly attempts?: number;
  /** It repeats a write that another one has overtaken (a unique key, a transaction): nobody is down. */
  readonly isConflict?: boolean;
  /** The block that runs after a failed attempt, and the name of its error: where a fix counts and waits. */
  readonly catchBody?: Span;
  readonly errorName?: string;
  /** From `catch` to its block. */
  readonly catchHeader?: Span;
  /** From the keyword to the body, where the loop has no condition: `while (true)`. */
  readonly header?: Span;
  /** The counter of `for (let attempt = 1; …)`. */
  readonly counter?: { readonly name: string; readonly from: number };
  /** What the wait's length is made of. */
  readonly delayArgument?: Span;
  /** The catch block goes on to its end: a wait can be put there. */
  readonly isOpenEnded?: boolean;
  /** The name `attempt` is free. */
  readonly isAttemptFree?: boolean;
  /** What runs again: the tried block, or the function that is retried. */
  readonly tried?: Span;
  /** Functions that are called there; the retried function itself where it is only named. */
  readonly targets?: readonly Entity[];
  /** The parameter that is called there: the function around is one that retries for its callers. */
  readonly triesParameter?: { readonly function: number; readonly index: number };
  /** Keys that the tried code makes anew for each attempt: the call that makes one, and the option or header that takes it. */
  readonly newKeys?: readonly { readonly span: Span; readonly property: string }[];
  /** The tried code throws on any answer that is not a success, a refused request included. */
  readonly throwsStatus?: Span;
  /** It throws an error of its own, neither for a refusal nor to stop: it looks for something until that is there. */
  readonly throwsOwn?: true;
  /** Something sorts the errors: the failure's code looks at the error, or the tried code gives up on some. */
  readonly isSorted?: boolean;
  /** A statement can be put before it in the same function. */
  readonly isInBlock?: boolean;
  /** Length of the wait, where it is always the same number. */
  readonly delayMs?: number;
}
