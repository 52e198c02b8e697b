// One finding as text: message, marked code, evidence, fix; in frames, without frames in a narrow terminal, or as sentences for a screen reader.

import type { Finding } from '../../engine/lint/finding';
import type { Fix } from '../../engine/lint/fix';
import type { Location } from '../../engine/text';
import { pointAt, placeText, type SourceOf } from '../source';
import { asciiSigns, type Display } from '../terminal/display';
import { visible, visibleLine } from '../terminal/escape';
import { drawFrames, type Place } from '../terminal/frame';
import { link, style } from '../terminal/style';
import { cutEnd, textWidth, wrap } from '../terminal/width';
import { capital, singular, small } from '../words';

export interface FindingContext {
  readonly sourceOf: SourceOf;
  readonly display: Display;
  /** Address of a rule's page, for terminals with links. */
  readonly pageOf: (rule: string) => string | undefined;
  readonly addressOf: (file: string) => string | undefined;
  /** Lines that a fix adds, where it adds one to six and does nothing else. */
  readonly addedLines: (fix: Fix) => readonly string[] | undefined;
  /** Most frames of code; 3 where nothing is said. */
  readonly mostFrames?: number;
}

const MOST_MORE_IN_A_LOG = 10;
const SAFETY = { safe: 'safe', unsafe: 'unsafe', 'by-hand': 'by hand' } as const;

/** The lines of one finding, without an empty line at the end. */
export function findingLines(finding: Finding, context: FindingContext): string[] {
  if (context.display.isPlain) return [plainText(finding, context)];
  return context.display.hasFrames ? framedLines(finding, context) : narrowLines(finding, context);
}

function framedLines(finding: Finding, context: FindingContext): string[] {
  const { display } = context;
  const drawn = drawFrames(placesOf(finding), { severity: finding.severity, sourceOf: context.sourceOf, display, addressOf: context.addressOf, ...(context.mostFrames === undefined ? {} : { mostFrames: context.mostFrames }) });
  const left = drawn.left === 0 ? [] : [`  + ${drawn.left} more ${drawn.left === 1 ? 'place' : 'places'}: holdfast explain ${finding.fingerprint}`];
  return [headerLine(finding, context), ...messageLines(finding, display), ...drawn.lines, ...left, ...moreLines(finding, context), ...fixLines(finding, drawn.side, context)];
}

function narrowLines(finding: Finding, context: FindingContext): string[] {
  const { display } = context;
  const place = link(visible(placeText(finding.at, context.sourceOf)), context.addressOf(finding.at.file), display);
  const fix = finding.fixes[0];
  return [
    `${style(finding.severity, finding.severity, display)}  ${place}`,
    ...messageLines(finding, display),
    ...(fix ? wrap(`${titleOf(fix, finding, display)} (${SAFETY[fix.safety]})`, display.wrap - 7).map((line, index) => (index === 0 ? `  ${style('fix', fix.safety, display)}  ${line}` : `       ${line}`)) : []),
    `  ${ruleText(finding, context)}`,
  ];
}

function headerLine(finding: Finding, context: FindingContext): string {
  const { display } = context;
  const left = `${finding.severity}  ${finding.rule}`;
  const styled = `${style(finding.severity, finding.severity, display)}  ${ruleText(finding, context)}`;
  const fix = finding.fixes[0];
  if (!fix) return styled;
  const right = `fix: ${SAFETY[fix.safety]}`;
  const gap = Math.max(2, display.edge - textWidth(left) - textWidth(right));
  return `${styled}${' '.repeat(gap)}fix: ${style(SAFETY[fix.safety], fix.safety, display)}`;
}

function ruleText(finding: Finding, { display, pageOf }: FindingContext): string {
  return link(style(finding.rule, 'dim', display), pageOf(finding.rule), display);
}

function messageLines(finding: Finding, display: Display): string[] {
  return wrap(own(visibleLine(finding.message), display), display.wrap - 2).map((line) => `  ${line}`);
}

function placesOf(finding: Finding): Place[] {
  return [{ at: finding.at, kind: 'primary', text: finding.label }, ...finding.related.map(({ at, text }): Place => ({ at, kind: 'reason', text }))];
}

/** `and 13 more calls: src/a.ts:7, :19, src/b.ts:4, …` */
function moreLines(finding: Finding, { sourceOf, display }: FindingContext): string[] {
  const number = finding.more.length;
  if (number === 0) return [];
  const noun = number === 1 ? singular(finding.moreNoun) : finding.moreNoun;
  const text = `and ${number} more ${noun}: ${shortPlaces(finding.more, sourceOf, display)}`;
  return [`  ${Number.isFinite(display.wrap) ? cutEnd(text, display.wrap - 2, display.glyphs.ellipsis) : text}`];
}

function shortPlaces(places: readonly Location[], sourceOf: SourceOf, display: Display): string {
  let previous: string | undefined;
  const parts = places.slice(0, MOST_MORE_IN_A_LOG).map(({ file, span }) => {
    const line = pointAt(sourceOf(file), span[0]).line;
    const part = file === previous ? `:${line}` : `${visible(file)}:${line}`;
    previous = file;
    return part;
  });
  return parts.join(', ') + (places.length > MOST_MORE_IN_A_LOG ? `, ${display.glyphs.ellipsis}` : '');
}

function fixLines(finding: Finding, side: number, context: FindingContext): string[] {
  const { display } = context;
  const [first, second] = finding.fixes;
  if (!first) return [];
  const text = titleOf(first, finding, display) + (second ? `, or ${small(titleOf(second, finding, display))}` : '');
  const [head = '', ...rest] = wrap(text, display.wrap - 7);
  const added = context.addedLines(first) ?? [];
  return [
    `  ${style('fix', first.safety, display)}  ${head}`,
    ...rest.map((line) => `       ${line}`),
    ...added.map((line) => ' '.repeat(side) + style(cutEnd(`+ ${shownCode(line)}`, display.width - side, display.glyphs.ellipsis).trimEnd(), 'added', display)),
  ];
}

function shownCode(line: string): string {
  return visible(line.replaceAll('\t', '    '));
}

/** The fix's title, and the file where it is another one than the finding's. */
function titleOf(fix: Fix, finding: Finding, display: Display): string {
  const other = fix.operations.find((operation) => operation.file !== finding.at.file);
  const title = own(visibleLine(fix.title), display);
  return other ? `${title} (${visible(other.file)})` : title;
}

function own(text: string, display: Display): string {
  return display.isAscii ? asciiSigns(text) : text;
}

/** `Warning. src/a.ts, line 41, column 21. … Because … Fix, unsafe: …` */
function plainText(finding: Finding, { sourceOf, display }: FindingContext): string {
  const place = (at: Location): string => {
    const { line, column } = pointAt(sourceOf(at.file), at.span[0]);
    return `${visible(at.file)}, line ${line}, column ${column}`;
  };
  const label = finding.label === undefined ? [] : [sentence(capital(visibleLine(finding.label)))];
  const because = finding.related.map(({ at, text }) => sentence(`Because ${visibleLine(text)}, ${place(at)}`));
  const number = finding.more.length;
  const more = number === 0 ? [] : [sentence(`And ${number} more ${number === 1 ? singular(finding.moreNoun) : finding.moreNoun}: ${finding.more.slice(0, MOST_MORE_IN_A_LOG).map(place).join('; ')}`)];
  const fixes = finding.fixes.slice(0, 2).map((fix, index) => sentence(`${index === 0 ? 'Fix' : 'Or'}, ${SAFETY[fix.safety]}: ${titleOf(fix, finding, display)}`));
  return own([`${capital(finding.severity)}.`, sentence(place(finding.at)), sentence(visibleLine(finding.message)), ...label, ...because, ...more, ...fixes, sentence(`Rule ${finding.rule}`)].join(' '), display);
}

function sentence(text: string): string {
  return /[.?:]$/.test(text) ? text : `${text}.`;
}
