// What `--fix` did: which file got which fix, and what is left.

import type { FixResult } from '../../engine/workspace';
import type { Display } from '../terminal/display';
import { visible, visibleLine } from '../terminal/escape';
import { cutEnd, cutStart, padEnd, textWidth } from '../terminal/width';
import { count, numeral } from '../words';

export interface FixOutcome {
  readonly result: FixResult;
  /** Files that could not be written, and why. */
  readonly unwritten: readonly { readonly file: string; readonly because: string }[];
  /** Nothing was written: the differences were shown. */
  readonly isDryRun: boolean;
}

/** Lines of `fixed` and `left`; one line for each title in each file. */
export function fixedLines({ result, unwritten, isDryRun }: FixOutcome, display: Display): string[] {
  const failed = new Set(unwritten.map(({ file }) => file));
  const applied = result.applied.filter(({ finding }) => !failed.has(finding.at.file));
  const files = [...result.files.keys()].filter((file) => !failed.has(file)).length;
  const head = applied.length === 0 ? [] : [`${isDryRun ? 'to fix ' : 'fixed  '} ${numeral(applied.length)} in ${count(files, 'file')}`];
  const left = result.left.length;
  const dropped = result.dropped.length;
  return [
    ...head,
    ...appliedLines(applied, display),
    ...unwritten.map(({ file, because }) => `not written  ${visible(file)}  ${because}`),
    ...(dropped > 0 ? [`dropped ${numeral(dropped)} ${dropped === 1 ? 'fix' : 'fixes'} that did not help or broke the file; the text is as it was`] : []),
    ...(left > 0 ? [`left    ${numeral(left)} ${left === 1 ? 'overlaps' : 'overlap'} another fix: run again`] : []),
  ];
}

function appliedLines(applied: FixResult['applied'], display: Display): string[] {
  const rows = new Map<string, { file: string; title: string; number: number }>();
  for (const { finding, fix } of applied) {
    const key = `${finding.at.file}\0${fix.title}`;
    const row = rows.get(key) ?? { file: visible(finding.at.file), title: visibleLine(fix.title), number: 0 };
    row.number++;
    rows.set(key, row);
  }
  const list = [...rows.values()];
  const most = Math.max(16, Math.floor(display.edge / 3));
  const places = list.map(({ file }) => cutStart(file, most, display.glyphs.ellipsis));
  const width = Math.max(20, ...places.map(textWidth));
  const counts = list.map(({ number }) => (number > 1 ? `  (${number})` : ''));
  const room = display.edge - 4 - width - Math.max(0, ...counts.map((text) => text.length));
  return list.map(({ title }, index) => {
    const text = `  ${padEnd(places[index] ?? '', width)}  ${padEnd(cutEnd(title, Math.max(20, room), display.glyphs.ellipsis), room)}`;
    return `${text}${counts[index] ?? ''}`.trimEnd();
  });
}
