// What went wrong beside the findings: configuration errors, files not read, values not known, and faults of Holdfast itself.

import type { LintResult } from '../../engine/workspace';
import type { Report } from '../report';
import { pointAt, type SourceOf } from '../source';
import { showLine } from '../terminal/code-line';
import type { Display } from '../terminal/display';
import { visible, visibleLine } from '../terminal/escape';
import { style } from '../terminal/style';
import { cutStart, padEnd, padStart, textWidth, wrap } from '../terminal/width';
import { lineSpan } from '../source';
import { count, numeral } from '../words';

const MOST_ROWS = 10;

/** Lines of everything that is not a finding; empty where all went well. */
export function problemLines(report: Report, display: Display): string[] {
  return [...configurationLines(report.result, report.sourceOf, display), ...unreadLines(report, display), ...failureLines(report.result, display)];
}

function configurationLines(result: LintResult, sourceOf: SourceOf, display: Display): string[] {
  const lines: string[] = [];
  for (const { file, span, message, nearest } of result.configurationProblems) {
    const source = sourceOf(file);
    const { line, column } = pointAt(source, span[0]);
    const said = `${visible(file)}:${line}:${column}  ${visibleLine(message)}`;
    lines.push(...wrap(said, display.wrap - 7).map((part, index) => (index === 0 ? `${style('error', 'error', display)}  ${part}` : `       ${part}`)));
    const hint = nearest === undefined ? undefined : `nearest: ${visibleLine(nearest)}`;
    if (source && display.hasFrames) {
      const gutter = Math.max(2, String(line).length) + 2;
      const [start, end] = lineSpan(source, line);
      const shown = showLine(source.text.slice(start, end), [span[0] - start, Math.min(span[1], end) - start], display.width - gutter - 3, display.glyphs.ellipsis);
      const side = style(display.glyphs.side, 'dim', display);
      lines.push(`${style(padStart(String(line), gutter), 'dim', display)} ${side} ${shown.text}`.trimEnd());
      const mark = ' '.repeat(shown.mark.column) + style('^'.repeat(shown.mark.width), 'error', display);
      lines.push(`${' '.repeat(gutter + 1)}${side} ${mark}${hint === undefined ? '' : ` ${style(hint, 'error', display)}`}`);
    } else if (hint !== undefined) {
      lines.push(`  ${hint}`);
    }
  }
  const number = result.configurationProblems.length;
  if (number > 0) lines.push(...wrap(number === 1 ? 'This line was ignored, all others apply. Exit code 2.' : `These ${number} places were ignored, all others apply. Exit code 2.`, display.wrap - 2).map((line) => `  ${line}`));
  return lines;
}

function unreadLines(report: Report, display: Display): string[] {
  const { problems } = report.result;
  const rows = problems.map((problem) => {
    const line = problem.span === undefined ? '' : `:${pointAt(report.sourceOf(problem.file), problem.span[0]).line}`;
    return { what: problem.extent === 'not-read' ? 'not read' : 'in part', place: `${visible(problem.file)}${line}`, because: visibleLine(problem.because) };
  });
  // Values that are not known are normal; they are named where something else is unread too, and always by `doctor`.
  const unknowns = problems.length === 0 ? [] : report.unknowns.map(({ file, count: number }) => ({ what: 'unknown', place: visible(file), because: `${count(number, 'value')}, nothing reported` }));
  const shown = [...rows.slice(0, MOST_ROWS), ...unknowns.slice(0, MOST_ROWS)];
  const left = rows.length + unknowns.length - shown.length;
  const files = new Set(problems.map((problem) => problem.file)).size;
  return [
    ...tableLines(shown, display),
    ...(left > 0 ? [`and ${numeral(left)} more: holdfast doctor --files`] : []),
    ...(files > 0 ? wrap(`${count(files, 'file')} ${files === 1 ? 'was' : 'were'} not read in full: findings may be missing. Exit code 2.`, display.wrap) : []),
  ];
}

function tableLines(rows: readonly { readonly what: string; readonly place: string; readonly because: string }[], display: Display): string[] {
  const most = Math.max(20, Math.floor(display.edge / 2) - 9);
  const places = rows.map(({ place }) => cutStart(place, most, display.glyphs.ellipsis));
  const width = Math.max(0, ...places.map(textWidth));
  return rows.flatMap(({ what, because }, index) => {
    const [first = '', ...rest] = wrap(because, Math.max(20, display.wrap - 11 - width - 2));
    return [`${padEnd(what, 11)}${padEnd(places[index] ?? '', width)}  ${first}`, ...rest.map((line) => `${' '.repeat(13 + width)}${line}`)];
  });
}

function failureLines(result: LintResult, display: Display): string[] {
  const named = result.failures.map(({ rule, file }) => `Holdfast failed in ${rule}${file === undefined ? '' : ` at ${visible(file)}`}.`);
  const distinct = [...new Set(named)];
  if (distinct.length === 0) return [];
  const more = distinct.length > 3 ? ` And ${distinct.length - 3} more times.` : '';
  const text = `${distinct.slice(0, 3).join(' ')}${more} This is a bug of Holdfast, not of your code; everything else was checked. holdfast doctor --bug writes a report without your code.`;
  return wrap(text, display.wrap);
}
