// Columns that text takes in a terminal: wide characters two, combining ones none.

import stringWidth from 'string-width';

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** What a person sees as one character. `start` is its UTF-16 offset in the text it came from. */
export interface Grapheme {
  readonly text: string;
  readonly start: number;
  readonly width: number;
}

/** Columns of a text without control characters. Linear. */
export function textWidth(text: string): number {
  return PRINTABLE_ASCII.test(text) ? text.length : stringWidth(text);
}

/** The graphemes of a text in order. Linear. */
export function graphemes(text: string): Grapheme[] {
  if (PRINTABLE_ASCII.test(text)) return Array.from(text, (character, start) => ({ text: character, start, width: 1 }));
  return Array.from(segmenter.segment(text), ({ segment, index }) => ({ text: segment, start: index, width: stringWidth(segment) }));
}

/** Fills with spaces on the right up to `width` columns. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}

/** Fills with spaces on the left up to `width` columns. */
export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - textWidth(text))) + text;
}

/** The text, or its beginning and an ellipsis in at most `width` columns. */
export function cutEnd(text: string, width: number, ellipsis: string): string {
  if (textWidth(text) <= width) return text;
  let result = '';
  let used = textWidth(ellipsis);
  for (const grapheme of graphemes(text)) {
    if (used + grapheme.width > width) break;
    result += grapheme.text;
    used += grapheme.width;
  }
  return result + ellipsis;
}

/** The text, or an ellipsis and its end in at most `width` columns: for paths, whose end says most. */
export function cutStart(text: string, width: number, ellipsis: string): string {
  if (textWidth(text) <= width) return text;
  let result = '';
  let used = textWidth(ellipsis);
  for (const grapheme of graphemes(text).reverse()) {
    if (used + grapheme.width > width) break;
    result = grapheme.text + result;
    used += grapheme.width;
  }
  return ellipsis + result;
}

/** Lines of at most `width` columns, broken at spaces; a name in backticks stays whole where it is shorter than two thirds of a line. A longer word stands alone. */
export function wrap(text: string, width: number): string[] {
  if (textWidth(text) <= width) return [text];
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const word of words(text, (width * 2) / 3)) {
    const wordWidth = textWidth(word);
    if (line !== '' && used + 1 + wordWidth > width) {
      lines.push(line);
      line = word;
      used = wordWidth;
    } else {
      used += wordWidth + (line === '' ? 0 : 1);
      line += line === '' ? word : ` ${word}`;
    }
  }
  if (line !== '') lines.push(line);
  return lines;
}

function words(text: string, longestName: number): string[] {
  const result: string[] = [];
  for (const word of text.split(' ')) {
    const last = result.at(-1);
    const isOpen = last !== undefined && (last.match(/`/g)?.length ?? 0) % 2 === 1;
    if (isOpen && textWidth(last) + 1 + textWidth(word) <= longestName) result[result.length - 1] = `${last} ${word}`;
    else result.push(word);
  }
  return result;
}
