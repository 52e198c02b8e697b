// Unified differences of what fixes change, as `git apply` and people read them.

import { createTwoFilesPatch } from 'diff';
import type { Display } from '../terminal/display';
import { visible } from '../terminal/escape';
import { style, type Role } from '../terminal/style';

/** Lines of the differences of all files, sorted by file. On a terminal invisible characters are written out; elsewhere the text is exact, so that it can be applied. */
export function diffLines(files: ReadonlyMap<string, { readonly before: string; readonly after: string }>, display: Display): string[] {
  return [...files.keys()].sort().flatMap((file) => {
    const change = files.get(file);
    if (!change || change.before === change.after) return [];
    const patch = createTwoFilesPatch(`a/${file}`, `b/${file}`, change.before, change.after, undefined, undefined, { context: 3 });
    const lines = patch.replace(/^=+\n/, '').replace(/\n$/, '').split('\n');
    return display.isTerminal ? lines.map((line) => style(visible(line.replaceAll('\t', '    ')), roleOf(line), display)) : lines;
  });
}

function roleOf(line: string): Role {
  if (line.startsWith('+++') || line.startsWith('---')) return 'bold';
  if (line.startsWith('@@')) return 'reason';
  if (line.startsWith('+')) return 'added';
  return line.startsWith('-') ? 'removed' : 'none';
}
