// A value of the model with its third answer: it cannot be known.

import type { Location } from '../text';

/**
 * A value of the model, never only two answers: `set` (written), `default` (absent, and the platform's default is known), `absent` (absent, no default),
 * `unknown` (templated, patched, from elsewhere: no rule reports on it).
 */
export type Setting<T> =
  | { readonly state: 'set'; readonly value: T; readonly at: Location; /** A default that a caller or a stage may replace. */ readonly isSoft?: true }
  | { readonly state: 'default'; readonly value: T; readonly source: string }
  | { readonly state: 'absent' }
  | { readonly state: 'unknown'; readonly because: string };
