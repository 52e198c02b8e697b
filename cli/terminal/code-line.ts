// One line of code with its mark, as columns of a terminal: tabs, wide and combining characters measured, invisible ones written out, a long line cut on both sides of its mark.

import { visible } from './escape';
import { graphemes } from './width';

export interface ShownLine {
  readonly text: string;
  /** Column and width of the mark in `text`; the width is at least 1. */
  readonly mark: { readonly column: number; readonly width: number };
}

interface Cell {
  readonly text: string;
  readonly start: number;
  /** UTF-16 units in the line. */
  readonly length: number;
  readonly column: number;
  readonly width: number;
}

const TAB = 4;
// Of a line of megabytes only the part around the mark is looked at.
const REACH = 600;

/** Shows `line` in at most `width` columns; `mark` is in UTF-16 offsets of the line. Cost is bounded by REACH, whatever the line's length. */
export function showLine(line: string, mark: readonly [start: number, end: number], width: number, ellipsis: string): ShownLine {
  const from = boundary(line, Math.max(0, Math.min(mark[0], line.length) - REACH));
  const to = boundary(line, Math.min(line.length, Math.max(mark[0], Math.min(mark[1], mark[0] + REACH)) + REACH));
  const cells = cellsOf(line.slice(from, to), from);
  const total = end(cells.at(-1));
  const column = startColumn(cells, mark[0]);
  const markEnd = Math.max(column + 1, endColumn(cells, mark[1]));
  const isCutLeft = from > 0;
  const isCutRight = to < line.length;
  if (!isCutLeft && !isCutRight && total <= width) return { text: join(cells), mark: { column, width: markEnd - column } };
  return cut(cells, { column, end: markEnd, total, isCutLeft, isCutRight }, width, ellipsis);
}

interface Extent {
  readonly column: number;
  readonly end: number;
  readonly total: number;
  readonly isCutLeft: boolean;
  readonly isCutRight: boolean;
}

function cut(cells: readonly Cell[], extent: Extent, width: number, ellipsis: string): ShownLine {
  const room = width - ellipsis.length;
  // From the line's start where the mark fits there, else with a third of the room before the mark.
  const first = !extent.isCutLeft && extent.end <= room ? 0 : Math.max(0, Math.min(extent.column - Math.floor(width / 3), extent.total - width + (extent.isCutRight ? ellipsis.length : 0)));
  const hasLeft = first > 0 || extent.isCutLeft;
  const start = first === 0 ? 0 : first + ellipsis.length;
  const limit = first + width - (first + width < extent.total || extent.isCutRight ? ellipsis.length : 0);
  const kept = cells.filter((cell) => cell.column >= start && cell.column + cell.width <= limit);
  const offset = (kept[0]?.column ?? start) - (hasLeft ? ellipsis.length : 0);
  const last = end(kept.at(-1));
  const hasRight = last < extent.total || extent.isCutRight;
  const column = Math.max(0, extent.column - offset);
  const markWidth = Math.max(1, Math.min(extent.end, last) - extent.column);
  return { text: (hasLeft ? ellipsis : '') + join(kept) + (hasRight ? ellipsis : ''), mark: { column, width: markWidth } };
}

function cellsOf(text: string, from: number): Cell[] {
  const cells: Cell[] = [];
  let column = 0;
  for (const grapheme of graphemes(text)) {
    const shown = grapheme.text === '\t' ? ' '.repeat(TAB - (column % TAB)) : visible(grapheme.text);
    const width = shown === grapheme.text ? grapheme.width : shown.length;
    cells.push({ text: shown, start: from + grapheme.start, length: grapheme.text.length, column, width });
    column += width;
  }
  return cells;
}

function join(cells: readonly Cell[]): string {
  return cells.map((cell) => cell.text).join('').trimEnd();
}

function end(cell: Cell | undefined): number {
  return cell === undefined ? 0 : cell.column + cell.width;
}

/** Column where the character of the offset begins; the end of the line for an offset behind it. */
function startColumn(cells: readonly Cell[], offset: number): number {
  const cell = cells.findLast((candidate) => candidate.start <= offset);
  if (cell === undefined) return 0;
  return offset >= cell.start + cell.length ? end(cell) : cell.column;
}

/** Column behind the last character that begins before the offset. */
function endColumn(cells: readonly Cell[], offset: number): number {
  return end(cells.findLast((candidate) => candidate.start < offset));
}

/** An offset that does not part a surrogate pair. */
function boundary(text: string, offset: number): number {
  const code = text.charCodeAt(offset);
  return code >= 0xdc00 && code <= 0xdfff ? offset - 1 : offset;
}
