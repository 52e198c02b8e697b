// Comments that switch rules off, in every language that has comments.

import type { Span } from '../text';

/** `holdfast-disable-next-line RULE[, RULE] -- reason (until 2027-03-31)`, or its Kubernetes annotation. */
export interface Suppression {
  readonly kind: 'next-line' | 'line' | 'block' | 'file' | 'annotation';
  /** Full ids or last parts as written; empty = every rule. */
  readonly rules: readonly string[];
  readonly reason: string;
  /** ISO date after which it ends. */
  readonly until?: string;
  /** The comment itself. */
  readonly span: Span;
  /** The text in which findings are suppressed. */
  readonly covers: Span;
}
