// Positions in text. Inside the engine everything is a half-open span of UTF-16 offsets; lines and columns exist only at the edge.

/** Half-open range of UTF-16 offsets: `[start, end)`. */
export type Span = readonly [start: number, end: number];

/** A span in a file. `file` is relative to the workspace root, with `/` on every system. */
export interface Location {
  readonly file: string;
  readonly span: Span;
}

/** Replaces `span` by `newText`. `placeholders` are spans inside `newText` that an editor may offer as tab stops. */
export interface TextEdit {
  readonly span: Span;
  readonly newText: string;
  readonly placeholders?: readonly Span[];
}

/** Zero-based line and UTF-16 column. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Offsets at which each line starts. `\r\n`, `\n` and a lone `\r` end a line. Linear in the text. */
export function lineStarts(text: string): number[] {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 13 && text.charCodeAt(i + 1) === 10) i++;
    if (c === 10 || c === 13) starts.push(i + 1);
  }
  return starts;
}

/** Zero-based position of an offset; offsets outside the text are clamped. Logarithmic in the number of lines. */
export function positionAt(starts: readonly number[], offset: number): Position {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low, column: Math.max(0, offset - (starts[low] ?? 0)) };
}

/** Offset of a zero-based position; positions outside the text are clamped. */
export function offsetAt(starts: readonly number[], length: number, at: Position): number {
  const start = starts[Math.min(at.line, starts.length - 1)] ?? 0;
  const next = at.line + 1 < starts.length ? (starts[at.line + 1] ?? length) : length;
  return Math.max(start, Math.min(start + at.column, next));
}

/** Applies edits that do not overlap; of overlapping ones the first by position wins and the rest are returned as `left`. Equal ones (two fixes that add the same import) count once. */
export function applyEdits(text: string, edits: readonly TextEdit[]): { text: string; left: TextEdit[] } {
  const sorted = [...edits].sort((a, b) => a.span[0] - b.span[0] || a.span[1] - b.span[1]);
  const left: TextEdit[] = [];
  let result = '';
  let at = 0;
  for (const [index, edit] of sorted.entries()) {
    if (sorted.slice(Math.max(0, index - 8), index).some((other) => isSameEdit(other, edit))) continue;
    if (edit.span[0] < at) {
      left.push(edit);
      continue;
    }
    result += text.slice(at, edit.span[0]) + edit.newText;
    at = edit.span[1];
  }
  return { text: result + text.slice(at), left };
}

// Short ones are brackets, of which two can end at one place.
function isSameEdit(a: TextEdit, b: TextEdit): boolean {
  return a.span[0] === b.span[0] && a.span[1] === b.span[1] && a.newText === b.newText && a.newText.trim().length > 2;
}

/** Edits that do at once what `first` and then `second` do, in the offsets of the text before both; `length` is its length. Edits of one list do not overlap. Linear in the edits. */
export function composeEdits(length: number, first: readonly TextEdit[], second: readonly TextEdit[]): TextEdit[] {
  let pieces = piecesOf(length, first);
  for (const edit of [...second].sort((a, b) => b.span[0] - a.span[0])) pieces = [...cut(pieces, 0, edit.span[0]), { newText: edit.newText }, ...cut(pieces, edit.span[1], Infinity)];
  const edits: TextEdit[] = [];
  let at = 0;
  let inserted = '';
  for (const piece of [...pieces, { span: [length, length] as const }]) {
    if ('newText' in piece) inserted += piece.newText;
    else {
      if (inserted !== '' || piece.span[0] > at) edits.push({ span: [at, piece.span[0]], newText: inserted });
      inserted = '';
      at = piece.span[1];
    }
  }
  return edits;
}

/** A part of a text after edits: kept from before, or new. */
type Piece = { readonly span: Span } | { readonly newText: string };

function piecesOf(length: number, edits: readonly TextEdit[]): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const { span, newText } of [...edits].sort((a, b) => a.span[0] - b.span[0])) {
    pieces.push({ span: [at, span[0]] }, { newText });
    at = span[1];
  }
  return [...pieces, { span: [at, length] }];
}

/** The pieces between two offsets of the text that they make. */
function cut(pieces: readonly Piece[], start: number, end: number): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const piece of pieces) {
    const size = 'newText' in piece ? piece.newText.length : piece.span[1] - piece.span[0];
    const [from, to] = [Math.max(0, start - at), Math.min(size, end - at)];
    if (to > from) found.push('newText' in piece ? { newText: piece.newText.slice(from, to) } : { span: [piece.span[0] + from, piece.span[0] + to] });
    at += size;
  }
  return found;
}
