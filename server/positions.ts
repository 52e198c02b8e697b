// Offsets of the engine (UTF-16) to positions of the protocol, in the encoding that was agreed on, and back.

import type { Position, Range } from 'vscode-languageserver/node';
import { lineStarts, offsetAt, positionAt, type Span } from '../engine/text';
import type { Encoding } from './client-features';

/** One text with its line starts: made once for many conversions. */
export interface LocatedText {
  readonly text: string;
  readonly starts: readonly number[];
}

/** Linear in the text. */
export function locate(text: string): LocatedText {
  return { text, starts: lineStarts(text) };
}

/** Range of a span; logarithmic in lines, and linear in the line for encodings other than UTF-16. */
export function toRange(at: LocatedText, span: Span, encoding: Encoding): Range {
  return { start: toPosition(at, span[0], encoding), end: toPosition(at, span[1], encoding) };
}

export function toPosition({ text, starts }: LocatedText, offset: number, encoding: Encoding): Position {
  const inside = Math.max(0, Math.min(offset, text.length));
  const { line, column } = positionAt(starts, inside);
  if (encoding === 'utf-16') return { line, character: column };
  const before = text.slice(inside - column, inside);
  return { line, character: encoding === 'utf-8' ? Buffer.byteLength(before) : codePoints(before) };
}

/** Offset of a position; positions outside the text are clamped. */
export function toOffset({ text, starts }: LocatedText, position: Position, encoding: Encoding): number {
  if (encoding === 'utf-16') return offsetAt(starts, text.length, { line: position.line, column: position.character });
  const start = offsetAt(starts, text.length, { line: position.line, column: 0 });
  const end = position.line + 1 < starts.length ? (starts[position.line + 1] ?? text.length) : text.length;
  let units = 0;
  let offset = start;
  for (const character of text.slice(start, end)) {
    if (units >= position.character) break;
    units += encoding === 'utf-8' ? Buffer.byteLength(character) : 1;
    offset += character.length;
  }
  return offset;
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** `src/db.ts:11`, as people read places. */
export function positionTextOf(at: { readonly file: string; readonly span: Span }, text: string | undefined): string {
  return text === undefined ? at.file : `${at.file}:${positionAt(lineStarts(text), at.span[0]).line + 1}`;
}
