// One value of an artifact as its reader found it.

import type { Span } from '../text';

/** A written value, a value that is not there, or one that cannot be known (a template action, a variable without default, a wrong type, a broken file). */
export type Field<T> =
  | { readonly state: 'set'; readonly value: T; readonly span: Span }
  | { readonly state: 'absent' }
  | { readonly state: 'unknown'; readonly because: string };
