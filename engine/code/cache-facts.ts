// Facts about reads of a cache, for what happens when it is down or its entry is gone.

import type { Span } from '../text';
import type { Entity } from './values';

/** A read of what is called like a cache, with a load on a miss. */
export interface CacheReadFact {
  readonly entity: Entity;
  readonly span: Span;
  readonly callee: Span;
  readonly calleeText: string;
  readonly function: number;
  /** A failed read is caught here. */
  readonly isCaught: boolean;
  /** The first call that a miss waits for. */
  readonly load: Entity;
  readonly loadText: string;
  readonly loadSpan: Span;
  /** A lock, or a promise under way, keeps callers from loading together. */
  readonly isShared: boolean;
  /** The call that writes the same key back. */
  readonly write?: Span;
  /** How long what is written is kept, as it stands there. */
  readonly lifetime?: Span;
  readonly isJittered?: boolean;
}
