// The name that an argument of unknown value is given by, kept in its `because`. Apart from the reader, so that the link does not load the parser.

import type { Value } from './values';

const NAMED = 'named ';

export function namedUnknown(name: string): string {
  return NAMED + name;
}

/** The name of an argument whose value is not known. */
export function nameOfUnknown(value: Value): string | undefined {
  return value.kind === 'unknown' && value.because?.startsWith(NAMED) ? value.because.slice(NAMED.length) : undefined;
}
