// The end of a run in words: how much was found in how much, and what to do next. Hints name only commands that exist.

import type { Finding } from '../../engine/lint/finding';
import { compareLocation } from '../../engine/lint/run';
import { SEVERITIES } from '../../engine/lint/finding';
import type { TypeOutcome } from '../../engine/workspace';
import { countBySeverity, countFixable, type Report } from '../report';
import { placeText } from '../source';
import { asciiSigns, type Display } from '../terminal/display';
import { visible, visibleLine } from '../terminal/escape';
import { style } from '../terminal/style';
import { cutEnd, cutStart, padEnd, textWidth, wrap } from '../terminal/width';
import { count, elapsed, numeral } from '../words';
import { rowLines, spread, type Row } from './rows';

export interface SummaryInput {
  readonly report: Report;
  readonly display: Display;
  readonly elapsedMs: number;
  /** Name of the folder that was linted. */
  readonly name: string;
}

/** More findings than this without a configuration are a first look, which shows the whole before the parts. */
export const FIRST_LOOK = 50;

/** Whether this is somebody's first run on a repository that has much to say. */
export function isFirstLook(report: Report): boolean {
  return !report.result.hasConfiguration && report.shown.length > FIRST_LOOK;
}

/** Lines of the summary. */
export function summaryLines(input: SummaryInput): string[] {
  const { report, display } = input;
  const lines = report.result.statistics.files === 0 ? nothingToRead(input) : report.shown.length === 0 ? nothingFound(input) : isFirstLook(report) ? firstLook(input) : found(input);
  if (report.result.types && lines.length > 0) lines.push(typesLine(report, report.result.types));
  return display.isAscii ? lines.map(asciiSigns) : lines;
}

function typesLine(report: Report, types: TypeOutcome): string {
  const findings = newByTypes(report, types);
  return `  types: ${numeral(types.calls)} more ${types.calls === 1 ? 'call' : 'calls'} resolved, ${numeral(findings)} more ${findings === 1 ? 'finding' : 'findings'}`;
}

/** How many of the shown findings only the types brought. */
export function newByTypes(report: Report, types: TypeOutcome): number {
  return report.shown.filter(({ fingerprint }) => types.findings.has(fingerprint)).length;
}

/** Lines after `--fix`: what remains. */
export function remainLines(input: SummaryInput): string[] {
  const { report, display } = input;
  if (report.shown.length === 0) return summaryLines(input);
  const { unsafe } = countFixable(report.shown);
  const text = `${count(report.shown.length, 'finding')} ${report.shown.length === 1 ? 'remains' : 'remain'}${unsafe > 0 ? `, ${numeral(unsafe)} with an unsafe fix.` : '.'}`;
  return rowLines([unsafe > 0 ? { text, command: 'holdfast --fix --unsafe --diff' } : { text }, ...hiddenRows(report)], display);
}

function nothingToRead({ report, display }: SummaryInput): string[] {
  // What could not be read was said before.
  if (report.result.problems.length > 0) return [];
  return wrap(`Nothing here that Holdfast reads (0 of ${count(report.result.statistics.seenFiles, 'file')}). What it reads: holdfast doctor --formats`, display.wrap);
}

function nothingFound({ report, display, elapsedMs }: SummaryInput): string[] {
  const { statistics } = report.result;
  const joined = [some(statistics.workloads, 'workload'), some(statistics.stores, 'store')].filter((part) => part !== undefined);
  const unknown = statistics.unknownValues > 0 ? `${count(statistics.unknownValues, 'value')} unknown.` : undefined;
  const joinedText = [joined.length > 0 ? `Joined: ${joined.join(', ')}.` : undefined, unknown].filter((part) => part !== undefined).join(' ');
  const read = `(${numeral(statistics.codeFiles)} code, ${numeral(statistics.infrastructureFiles)} infrastructure)`;
  return [
    ...spread(`${report.hiddenByQuiet > 0 ? 'No error' : 'Nothing found'} in ${count(statistics.files, 'file')} ${read}.`, elapsed(elapsedMs), display),
    ...(joinedText === '' ? [] : wrap(joinedText, display.wrap - 2).map((line) => `  ${line}`)),
    ...rowLines(hiddenRows(report), display),
  ];
}

function some(number: number, noun: string): string | undefined {
  return number === 0 ? undefined : count(number, noun);
}

function found({ report, display, elapsedMs }: SummaryInput): string[] {
  const files = new Set(report.shown.map((finding) => finding.at.file)).size;
  const severities = countBySeverity(report.shown);
  const plain = severities.map(({ severity, count: number }) => severityCount(severity, number)).join('   ');
  const head = `${count(report.shown.length, 'finding')} in ${numeral(files)} of ${count(report.result.statistics.files, 'file')}   ${plain}`;
  const styled = severities.reduce((text, { severity, count: number }) => text.replace(`   ${severityCount(severity, number)}`, `   ${style(severityCount(severity, number), severity, display)}`), head);
  const lines = spread(head, elapsed(elapsedMs), display).map((line) => line.replace(head, styled));
  return [...lines, ...rowLines([...fixRows(report), ...hiddenRows(report)], display)];
}

function severityCount(severity: Finding['severity'], number: number): string {
  return severity === 'info' || severity === 'advice' ? `${numeral(number)} ${severity}` : count(number, severity);
}

function fixRows(report: Report): Row[] {
  const { safe, unsafe } = countFixable(report.shown);
  return [
    ...(safe > 0 ? [{ text: `  ${numeral(safe)} can be fixed safely`, command: 'holdfast --fix' }] : []),
    ...(unsafe > 0 ? [{ text: `  ${numeral(unsafe)} ${unsafe === 1 ? 'has' : 'have'} a fix that can change behaviour`, command: 'holdfast --fix --unsafe --diff' }] : []),
  ];
}

function hiddenRows(report: Report): Row[] {
  return [
    ...(report.hiddenAdvice > 0 ? [{ text: `  ${numeral(report.hiddenAdvice)} advice not shown`, command: 'holdfast --advice' }] : []),
    ...(report.hiddenByQuiet > 0 ? [{ text: `  ${numeral(report.hiddenByQuiet)} below error not shown` }] : []),
  ];
}

function firstLook({ report, display, name }: SummaryInput): string[] {
  const head = `First look at ${visible(name)}: ${count(report.shown.length, 'finding')} in ${count(report.result.statistics.files, 'file')}. No holdfast.yaml: defaults used.`;
  const { safe } = countFixable(report.shown);
  const next: [command: string, what: string][] = [
    ['holdfast --all', 'every finding'],
    ...(safe > 0 ? [['holdfast --fix', safe === 1 ? 'the safe fix' : `the ${numeral(safe)} safe fixes`] satisfies [string, string]] : []),
    ['holdfast init', 'holdfast.yaml'],
  ];
  return [
    ...wrap(head, display.wrap),
    '  worst consequences',
    ...worst(report).map((finding, index) => worstLine(finding, index + 1, report, display)),
    ...wrap(`by principle  ${byPrinciple(report.shown)}`, display.wrap - 2).map((line) => `  ${line}`),
    ...next.map(([command, what], index) => `${index === 0 ? '  next   ' : '         '}${style(command, 'bold', display)}${' '.repeat(18 - command.length)}${what}`),
  ];
}

/** The three worst: by severity, then of different rules, then by place. */
function worst(report: Report): Finding[] {
  const rank = (finding: Finding): number => SEVERITIES.indexOf(finding.severity);
  const sorted = [...report.shown].sort((a, b) => rank(a) - rank(b) || b.more.length - a.more.length || compareLocation(a.at, b.at));
  const firsts = sorted.filter((finding, index) => sorted.findIndex((other) => other.rule === finding.rule) === index);
  return [...firsts, ...sorted.filter((finding) => !firsts.includes(finding))].slice(0, 3);
}

function worstLine(finding: Finding, number: number, report: Report, display: Display): string {
  const place = cutStart(visible(placeText(finding.at, report.sourceOf)), Math.max(24, Math.floor(display.edge / 3)), display.glyphs.ellipsis);
  const room = display.edge - 5 - 2 - textWidth(place);
  const message = cutEnd(visibleLine(finding.message).replace(/\.$/, ''), Math.max(10, room), display.glyphs.ellipsis);
  return `  ${number}  ${padEnd(message, room)}  ${place}`;
}

function byPrinciple(findings: readonly Finding[]): string {
  const counts = new Map<string, number>();
  for (const { rule } of findings) {
    const principle = rule.split('/')[0] ?? rule;
    counts.set(principle, (counts.get(principle) ?? 0) + 1);
  }
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const others = sorted.slice(3).reduce((sum, [, number]) => sum + number, 0);
  return [...sorted.slice(0, 3).map(([principle, number]) => `${principle} ${numeral(number)}`), ...(others > 0 ? [`other ${numeral(others)}`] : [])].join(' · ');
}
