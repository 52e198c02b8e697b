// One space of addresses for all files of a workspace: a rendered object is made of pieces of several files, and each of its spans still tells the file it comes from.

import type { Location, Span } from '../../../text';

/** More than any file is long; the product with the number of files stays exact. */
const PART = 2 ** 32;

/** Address of an offset (which may be negative by a few columns) in the file of this number. */
export function addressOf(file: number, [start, end]: Span): Span {
  const base = (file + 1) * PART;
  return [base + start, base + end];
}

/** The place that an address stands for. A span that begins in one file and ends in another is cut to its start. */
export function placeOf(paths: readonly string[], [start, end]: Span): Location {
  const file = Math.floor(start / PART) - 1;
  const base = (file + 1) * PART;
  const from = start - base;
  const to = end >= start && Math.floor(end / PART) - 1 === file ? end - base : from;
  return { file: paths[file] ?? '', span: [from, Math.max(from, to)] };
}
