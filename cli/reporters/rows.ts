// Rows of a summary: something said on the left, the command that goes on from it on the right.

import type { Display } from '../terminal/display';
import { style } from '../terminal/style';
import { padEnd, textWidth, wrap } from '../terminal/width';

export interface Row {
  readonly text: string;
  readonly command?: string;
}

const LEAST_COMMAND_COLUMN = 49;

/** Lines of the rows; the commands stand in one column, or below their text where the terminal is too narrow. */
export function rowLines(rows: readonly Row[], display: Display): string[] {
  const widest = Math.max(0, ...rows.filter((row) => row.command !== undefined).map((row) => textWidth(row.text) + 2));
  const longest = Math.max(0, ...rows.map((row) => textWidth(row.command ?? '')));
  const column = Math.max(Math.min(LEAST_COMMAND_COLUMN, display.edge + 1 - longest), widest);
  return rows.flatMap(({ text, command }) => {
    if (command === undefined) return [text];
    if (column + longest > display.edge + 1) return [text, `      ${style(command, 'bold', display)}`];
    return [padEnd(text, column) + style(command, 'bold', display)];
  });
}

/** Left and right text on one line, the right one at the edge; on two lines where both do not fit. */
export function spread(left: string, right: string, display: Display): string[] {
  const gap = display.edge - textWidth(left) - textWidth(right);
  return gap >= 2 ? [left + ' '.repeat(gap) + right] : [...wrap(left, display.wrap), `  ${right}`];
}
