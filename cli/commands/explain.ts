// `holdfast explain NAME`: a rule, one of its variants, or one finding with everything that is known of it.

import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { compileCatalog } from '../../engine/catalog';
import type { Finding } from '../../engine/lint/finding';
import type { BadExample, Message, OptionSchema, Rule, SilentExample } from '../../engine/lint/rule';
import type { LintResult } from '../../engine/workspace';
import type { Command } from '../arguments';
import { fixesByRule, fixesText, withoutMarks } from '../example-run';
import { allRules, openPaths, pageAddress, ruleId, unknownRule, type Opened } from '../open-workspace';
import type { ExitCode } from '../report';
import { addedLinesOf } from '../reporters/added-lines';
import { spread } from '../reporters/rows';
import { findingLines } from '../reporters/text-finding';
import { namesKnown } from '../rule-knowledge';
import { sayMistake } from '../say';
import type { Shell } from '../shell';
import { placeText } from '../source';
import { displayOf, type Display } from '../terminal/display';
import { visible } from '../terminal/escape';
import { style } from '../terminal/style';
import { wrap } from '../terminal/width';
import { count } from '../words';

const LABEL = 9;
const MOST_PLACES = 5;
const MOST_EXAMPLE_LINES = 12;

/** Prints the explanation; a miss names the three nearest rules. */
export async function explain(command: Command, shell: Shell): Promise<ExitCode> {
  const [name, ...others] = command.operands;
  if (name === undefined || others.length > 0) return sayMistake({ message: '`explain` takes one name', hint: 'holdfast explain RULE' }, shell, command);
  const asked = ruleOf(name);
  const isId = /^[0-9a-f]{6}$/.test(name);
  if (!asked && !isId) return sayMistake(unknownRule(name), shell, command);
  const opened = openPaths(command, shell, []);
  if ('message' in opened) return sayMistake(opened, shell, command);
  const result = await opened.lint();
  const display = displayOf(shell.out.target, command, shell.environment);
  if (asked) {
    shell.out.write(`${(await ruleLines(asked, result, opened, display)).join('\n')}\n`);
    return 0;
  }
  const finding = result.findings.find((candidate) => candidate.fingerprint === name);
  if (!finding) return sayMistake({ message: `there is no finding \`${name}\` here`, hint: undefined }, shell, command);
  const rule = ruleOf(finding.rule);
  const lines = [...(await wholeFinding(finding, opened, display, shell)), ...(rule ? ['', ...(await ruleLines(rule, result, opened, display))] : [])];
  shell.out.write(`${lines.join('\n')}\n`);
  return 0;
}

interface Asked {
  readonly rule: Rule;
  readonly variant: string | undefined;
}

/** A rule by its id, its last part, `rule.variant`, or a variant that only one rule has. */
function ruleOf(name: string): Asked | undefined {
  const find = (id: string | undefined): Rule | undefined => allRules.find((rule) => rule.id === id);
  const whole = find(ruleId(name));
  if (whole) return { rule: whole, variant: undefined };
  const dot = name.lastIndexOf('.');
  const byDot = dot === -1 ? undefined : find(ruleId(name.slice(0, dot)));
  if (byDot && name.slice(dot + 1) in byDot.messages) return { rule: byDot, variant: name.slice(dot + 1) };
  const having = allRules.filter((rule) => name in rule.messages);
  return having.length === 1 && having[0] ? { rule: having[0], variant: name } : undefined;
}

async function wholeFinding(finding: Finding, opened: Opened, display: Display, shell: Shell): Promise<string[]> {
  const added = await addedLinesOf([finding], (fix) => opened.workspace.edits(fix), opened.sourceOf);
  return findingLines(finding, {
    sourceOf: opened.sourceOf,
    display,
    pageOf: (rule) => pageAddress(shell, rule),
    addressOf: (file) => pathToFileURL(join(opened.root.folder, file)).href,
    addedLines: (fix) => added.get(fix),
    mostFrames: 100,
  });
}

async function ruleLines({ rule, variant }: Asked, result: LintResult, opened: Opened, display: Display): Promise<string[]> {
  const fix = fixesText((await fixesByRule([rule])).get(rule.id));
  const dot = ` ${display.glyphs.dot} `;
  const traits = [rule.severity, rule.reads, `since ${rule.since}`, ...(fix === '' ? [] : [`fix: ${fix}`])].join(dot);
  const last = rule.id.split('/')[1] ?? rule.id;
  const example = rule.examples.bad.find(({ fixed }) => fixed !== undefined) ?? rule.examples.bad[0];
  const here = result.findings.filter((finding) => finding.rule === rule.id);
  return [
    ...spread(rule.id, traits, display),
    ...field('What', rule.docs.what, display),
    ...field('Why', rule.docs.why, display),
    ...field('Fix', rule.docs.fix, display),
    ...field('Here', hereText(here, opened), display),
    ...block('Bad', badLines(example), display),
    ...block('Good', goodLines(example, rule.examples.good[0]), display),
    ...field('Silent', rule.docs.not, display),
    ...block('Says', messageLines(rule, variant, display), display),
    ...block('Options', Object.entries<OptionSchema>(rule.options ?? {}).map(([name, schema]) => `${name}  ${schema.type}  ${Array.isArray(schema.default) ? schema.default.join(', ') || 'none' : String(schema.default)}  ${schema.describe}`), display),
    ...field('Knows', namesKnown(rule.id, compileCatalog(opened.workspace.clients)).map(visible).join(dot), display),
    ...field('More', (rule.docs.references ?? []).join('  '), display),
    ...block('Off', [`${rule.reads === 'code' ? '//' : '#'} holdfast-disable-next-line ${last} -- why (until 2027-03-31)`], display),
  ];
}

function hereText(findings: readonly Finding[], opened: Opened): string {
  if (findings.length === 0) return 'nothing found';
  const places = findings.slice(0, MOST_PLACES).map(({ at }) => visible(placeText(at, opened.sourceOf)));
  return `${count(findings.length, 'finding')}: ${places.join('  ')}${findings.length > MOST_PLACES ? `  and ${findings.length - MOST_PLACES} more` : ''}`;
}

function messageLines(rule: Rule, only: string | undefined, display: Display): string[] {
  return Object.entries<Message | string>(rule.messages)
    .filter(([variant]) => only === undefined || variant === only)
    .flatMap(([variant, message]) => {
      const { text, severity } = typeof message === 'string' ? { text: message, severity: undefined } : message;
      return wrap(`(${variant}${severity === undefined ? '' : `, ${severity}`}) ${text}`, display.wrap - LABEL);
    });
}

/** The part of a bad example around what is found in it. */
function badLines(example: BadExample<string> | undefined): string[] {
  const [path, text] = Object.entries(example?.files ?? {}).find(([, content]) => content.includes('«')) ?? Object.entries(example?.files ?? {})[0] ?? ['', ''];
  const lines = text.trimEnd().split('\n');
  return excerpt(path, lines.map(withoutMarks), lines.findIndex((line) => line.includes('«')));
}

/** The part of the repaired text around the repair, or a text in which nothing is found. */
function goodLines(bad: BadExample<string> | undefined, good: SilentExample | undefined): string[] {
  const [path, text] = Object.entries(bad?.fixed ?? {})[0] ?? Object.entries(good?.files ?? {})[0] ?? ['', ''];
  const before = withoutMarks(bad?.files[path] ?? '').split('\n');
  const lines = text.trimEnd().split('\n');
  return excerpt(path, lines, bad?.fixed ? lines.findIndex((line, index) => line !== before[index]) : 0);
}

function excerpt(path: string, lines: readonly string[], around: number): string[] {
  if (lines.length <= MOST_EXAMPLE_LINES) return [...lines];
  const first = Math.max(0, Math.min(around - Math.floor(MOST_EXAMPLE_LINES / 2), lines.length - MOST_EXAMPLE_LINES));
  const shown = lines.slice(first, first + MOST_EXAMPLE_LINES);
  return [...(first > 0 ? [`... (${path}, line ${first + 1})`] : []), ...shown, ...(first + MOST_EXAMPLE_LINES < lines.length ? ['...'] : [])];
}

function field(label: string, text: string, display: Display): string[] {
  return text === '' ? [] : block(label, wrap(text, display.wrap - LABEL), display);
}

function block(label: string, lines: readonly string[], display: Display): string[] {
  return lines.map((line, index) => (index === 0 ? style(label.padEnd(LABEL), 'bold', display) : ' '.repeat(LABEL)) + line);
}
