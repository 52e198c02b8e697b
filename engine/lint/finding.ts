// What a rule reports, in its final form: the same object for editor and CLI.

import type { Location } from '../text';
import type { Fix } from './fix';

export type Severity = 'error' | 'warning' | 'info' | 'advice';

export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info', 'advice'];

export interface Finding {
  /** Full rule id: `fault-tolerance/require-timeout`. */
  readonly rule: string;
  /** Message id of the rule (`missing`, `identical`): the variant. */
  readonly messageId: string;
  readonly severity: Severity;
  /** At most two sentences: what will happen, because of what. Names in backticks. */
  readonly message: string;
  /** At most 40 characters, stands at the mark: package, version, default. */
  readonly label?: string;
  readonly at: Location;
  readonly related: readonly { readonly at: Location; readonly text: string }[];
  /** Further places with the same cause: `and 13 more calls`. */
  readonly more: readonly Location[];
  readonly moreNoun: string;
  readonly fixes: readonly Fix[];
  /** What the finding is about, free of lines: `pool`, `Deployment/orders/container/app`. Part of the fingerprint. */
  readonly subject: string;
  /** Six hex digits of rule + file + subject (+ a counter for equals): survives line shifts. */
  readonly fingerprint: string;
}
