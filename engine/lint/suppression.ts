// Comments that switch rules off, in every language that has comments.

import type { Span } from '../text';
import type { PeerName } from './peer-directives';

/** `holdfast-disable-next-line RULE[, RULE] -- reason (until 2027-03-31)`, its Kubernetes annotation, or what another linter is told to accept. */
export interface Suppression {
  readonly kind: 'next-line' | 'line' | 'block' | 'file' | 'annotation' | 'peer';
  /** The linter whose words these are; only of kind `peer`, for which `rules` are that linter's checks. */
  readonly peer?: PeerName;
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
