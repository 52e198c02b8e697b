// Texts of files by line, for everything that shows a place.

import { lineStarts, positionAt, type Location } from '../engine/text';

/** A text and where its lines start. */
export interface Source {
  readonly text: string;
  readonly starts: readonly number[];
}

export type SourceOf = (file: string) => Source | undefined;

/** One-based line and column (UTF-16), as people and formats count. */
export interface Point {
  readonly line: number;
  readonly column: number;
}

/** Remembers each file's lines, so that many findings of one file split it once. */
export function sourceReader(textOf: (file: string) => string | undefined): SourceOf {
  const known = new Map<string, Source | undefined>();
  return (file) => {
    if (!known.has(file)) {
      const text = textOf(file);
      known.set(file, text === undefined ? undefined : { text, starts: lineStarts(text) });
    }
    return known.get(file);
  };
}

/** The point of an offset; 1:1 where the text is not at hand. */
export function pointAt(source: Source | undefined, offset: number): Point {
  if (!source) return { line: 1, column: 1 };
  const { line, column } = positionAt(source.starts, Math.min(offset, source.text.length));
  return { line: line + 1, column: column + 1 };
}

/** `path:line:column` of where a place begins. */
export function placeText(at: Location, sourceOf: SourceOf): string {
  const { line, column } = pointAt(sourceOf(at.file), at.span[0]);
  return `${at.file}:${line}:${column}`;
}

/** Offsets of a one-based line without its line break. */
export function lineSpan(source: Source, line: number): readonly [start: number, end: number] {
  const start = source.starts[line - 1] ?? source.text.length;
  let end = line < source.starts.length ? (source.starts[line] ?? source.text.length) : source.text.length;
  while (end > start && /[\r\n]/.test(source.text.charAt(end - 1))) end--;
  return [start, end];
}
