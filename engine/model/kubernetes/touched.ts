// Parts of an object whose values are decided elsewhere: by a step of a kustomization that cannot be followed, or by the defaults of a namespace.

import type { Placed } from './scopes';

/** JSON pointers; `''` = anything. */
export type Touched = ReadonlySet<string>;

const NOTHING: Touched = new Set();
const ANYTHING: Touched = new Set(['']);

/** What of an object is not known because of the way that it is deployed. */
export function touchedIn(placed: Placed): Touched {
  return placed.isOpaque ? ANYTHING : NOTHING;
}

/** Whether a pointer lies on the way to, at, or below something that is decided elsewhere. */
export function isTouched(touched: Touched, pointer: string): boolean {
  for (const changed of touched) {
    if (changed === '' || changed === pointer || changed.startsWith(`${pointer}/`) || pointer.startsWith(`${changed}/`)) return true;
  }
  return false;
}
