// Applies suppression comments to findings, and finds the suppressions that do nothing.

import { nearestName } from '../nearest';
import { lineStarts, positionAt, type Span } from '../text';
import type { EffectiveConfiguration } from './configuration';
import type { Finding } from './finding';
import type { CodeOperation, Fix } from './fix';
import type { Report, Rule } from './rule';
import { compareFindings, makeFinding, withFingerprints } from './run';
import type { PeerName } from './peer-directives';
import type { Suppression } from './suppression';
import { SUPPRESSION_RULE_ID, suppressionRule } from './suppression-rule';

export interface SuppressInput {
  readonly findings: readonly Finding[];
  readonly suppressions: ReadonlyMap<string, readonly Suppression[]>;
  readonly rules: readonly Rule[];
  readonly configurationOf: (file: string) => EffectiveConfiguration;
  readonly textOf: (file: string) => string | undefined;
  /** Whether the rule could speak in this file: it is on, did not fail, and the file was read in full. Else silence proves nothing. */
  readonly couldSpeak: (rule: string, file: string) => boolean;
  /** ISO date; without it nothing ends. */
  readonly today: string | undefined;
  /** What of ours asks the same as a check of another linter, or as all of them where none is named. Without it nothing of theirs is heard. */
  readonly peerRules?: (peer: PeerName, check: string | undefined) => readonly PeerRule[];
}

/** A rule, or some of its messages. */
export interface PeerRule {
  readonly rule: string;
  /** Absent = all. */
  readonly messages?: readonly string[];
}

/** A finding that somebody accepted. */
export interface SuppressedFinding {
  readonly finding: Finding;
  /** As written; of another linter `accepted for checkov: as written`. */
  readonly reason: string;
  /** The other linter whose words accept it. */
  readonly peer?: PeerName;
}

export interface SuppressResult {
  readonly findings: readonly Finding[];
  readonly suppressed: readonly SuppressedFinding[];
}

/** One suppression with what became of it. */
interface Judged {
  readonly file: string;
  readonly suppression: Suppression;
  /** Rule ids for its names; undefined = there is no such rule. */
  readonly ids: readonly { readonly written: string; readonly id: string | undefined }[];
  readonly isEnded: boolean;
  readonly isValid: boolean;
  readonly used: Set<string>;
}

/** Takes suppressed findings out and adds those about suppressions. Sorted again. Linear in findings times the suppressions of their file. */
export function applySuppressions(input: SuppressInput): SuppressResult {
  const names = ruleNames(input.rules);
  const judged = new Map<string, Judged[]>();
  const accepted = new Map<string, Accepted[]>();
  for (const [file, list] of input.suppressions) {
    const isPeer = ({ kind }: Suppression): boolean => kind === 'peer';
    judged.set(file, list.filter((suppression) => !isPeer(suppression)).map((suppression) => judge(file, suppression, names, input.today)));
    const theirs = input.configurationOf(file).peerSuppressions === false ? [] : list.filter(isPeer);
    if (theirs.length > 0) accepted.set(file, theirs.flatMap((suppression) => acceptedOf(suppression, input)));
  }
  const suppressed: SuppressedFinding[] = [];
  const kept = withoutAccepted(sift(input.findings, judged, suppressed), accepted, suppressed);
  const own = [...judged.values()].flat().flatMap((one) => reportsOf(one, input, names));
  const made = own.map(({ file, report }) => makeFinding(suppressionRule, report, input.configurationOf(file))).filter((finding) => finding !== undefined);
  const keptOwn = sift(withFingerprints(made), judged, suppressed);
  return { findings: [...kept, ...keptOwn].sort(compareFindings), suppressed: suppressed.sort((a, b) => compareFindings(a.finding, b.finding)) };
}

function sift(findings: readonly Finding[], judged: ReadonlyMap<string, readonly Judged[]>, suppressed: SuppressedFinding[]): Finding[] {
  return findings.filter((finding) => {
    const one = judged.get(finding.at.file)?.find((candidate) => covers(candidate, finding));
    if (!one) return true;
    one.used.add(finding.rule);
    if (!one.isValid || one.isEnded) return true;
    suppressed.push({ finding, reason: one.suppression.reason });
    return false;
  });
}

/** What another linter is told to accept, in our rules. */
interface Accepted {
  readonly peer: PeerName;
  readonly reason: string;
  readonly covers: Span;
  readonly rules: readonly PeerRule[];
}

function acceptedOf({ peer, rules, reason, until, covers: place }: Suppression, { peerRules, today }: SuppressInput): Accepted[] {
  if (peer === undefined || !peerRules || (until !== undefined && today !== undefined && until < today)) return [];
  const ours = rules.length === 0 ? peerRules(peer, undefined) : rules.flatMap((check) => peerRules(peer, check));
  return ours.length === 0 ? [] : [{ peer, reason: reason === '' ? `accepted for ${peer}` : `accepted for ${peer}: ${reason}`, covers: place, rules: ours }];
}

/** Nothing is said about suppressions of others, used or not: who wrote them needs them for the other linter. */
function withoutAccepted(findings: readonly Finding[], accepted: ReadonlyMap<string, readonly Accepted[]>, suppressed: SuppressedFinding[]): Finding[] {
  return findings.filter((finding) => {
    const one = accepted.get(finding.at.file)?.find(({ covers: place, rules }) => isWithin(finding, place) && rules.some(({ rule, messages }) => rule === finding.rule && (messages?.includes(finding.messageId) ?? true)));
    if (one) suppressed.push({ finding, reason: one.reason, peer: one.peer });
    return !one;
  });
}

function isWithin(finding: Finding, [start, end]: Span): boolean {
  const at = finding.at.span[0];
  return at >= start && at < Math.max(end, start + 1);
}

function covers(one: Judged, finding: Finding): boolean {
  if (!isWithin(finding, one.suppression.covers)) return false;
  // A finding about suppressions is switched off only by name, else a comment for all rules would hide that it does nothing.
  return one.ids.some(({ id }) => id === finding.rule) || (one.ids.length === 0 && finding.rule !== SUPPRESSION_RULE_ID);
}

/** Rule names as people write them -> full id: the full id, its last part, and both with a variant after a dot. */
function ruleNames(rules: readonly Rule[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>([[SUPPRESSION_RULE_ID, SUPPRESSION_RULE_ID], [lastPart(SUPPRESSION_RULE_ID), SUPPRESSION_RULE_ID]]);
  for (const rule of rules) {
    names.set(rule.id, rule.id);
    names.set(lastPart(rule.id), rule.id);
  }
  return names;
}

function lastPart(id: string): string {
  return id.slice(id.indexOf('/') + 1);
}

function judge(file: string, suppression: Suppression, names: ReadonlyMap<string, string>, today: string | undefined): Judged {
  const ids = suppression.rules.map((written) => ({ written, id: names.get(written) ?? names.get(written.split('.')[0] ?? '') }));
  const until = suppression.until;
  const isValid = suppression.reason.trim() !== '' && (until === undefined || isDate(until)) && (ids.length === 0 || ids.some(({ id }) => id !== undefined));
  return { file, suppression, ids, isValid, isEnded: until !== undefined && today !== undefined && isDate(until) && until < today, used: new Set() };
}

function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (!match) return false;
  const [month, day] = [Number(match[2]), Number(match[3])];
  const last = [31, Number(match[1]) % 4 === 0 ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return day >= 1 && day <= last;
}

/** What is to be said about one suppression: at most one finding, or one for each unknown or dead name. */
function reportsOf(one: Judged, input: SuppressInput, names: ReadonlyMap<string, string>): { file: string; report: Report }[] {
  const { file, suppression } = one;
  const text = input.textOf(file);
  const subject = `${suppression.kind} ${suppression.rules.join(' ')}`;
  const remove: Fix[] = text === undefined ? [] : [{ title: 'Remove the comment', safety: 'safe', operations: [removal(file, text, suppression)] }];
  const say = (message: string, data: Record<string, string>, fixes: readonly Fix[]): { file: string; report: Report } => ({ file, report: { at: { file, span: suppression.span }, message, data, fixes, subject } });
  if (suppression.reason.trim() === '') return [say('reason', {}, [])];
  if (suppression.until !== undefined && !isDate(suppression.until)) return [say('date', { until: suppression.until }, [])];
  const unknown = one.ids.filter(({ id }) => id === undefined).map(({ written }) => {
    const nearest = nearestName(written, [...names.keys()]);
    return nearest === undefined ? say('rule', { rule: written }, remove) : say('rule-near', { rule: written, nearest }, remove);
  });
  if (unknown.length > 0) return unknown;
  if (one.isEnded && one.used.size > 0) return [say('ended', { until: suppression.until ?? '' }, remove)];
  if (one.ids.length === 0) return one.used.size > 0 || !input.couldSpeak('', file) ? [] : [say('dead-all', { where: whereOf(suppression) }, remove)];
  const dead = one.ids.filter(({ id }) => id !== undefined && !one.used.has(id) && input.couldSpeak(id, file));
  if (dead.length === 0) return [];
  const misplaced = text === undefined ? undefined : moveAbove(one, input.findings, text);
  if (misplaced) return [say('place', {}, [misplaced])];
  const fixes = dead.length === one.ids.length ? remove : [];
  return dead.map(({ written }) => say('dead', { rule: written, where: whereOf(suppression) }, fixes));
}

function whereOf(suppression: Suppression): string {
  switch (suppression.kind) {
    case 'next-line':
      return 'on the next line';
    case 'line':
      return 'on this line';
    case 'block':
      return 'in this block';
    case 'file':
      return 'in this file';
    case 'annotation':
    case 'peer':
      return 'in this resource';
  }
}

/** Deletes the comment, with its whole line where it stands alone. */
function removal(file: string, text: string, suppression: Suppression): CodeOperation {
  const [start, end] = suppression.span;
  const line = lineAround(text, suppression.span);
  const isAlone = text.slice(line[0], start).trim() === '' && text.slice(end, line[1]).trim() === '';
  if (isAlone) return { language: 'code', kind: 'replace', file, span: line, text: '', isVerbatim: true };
  let from = start;
  while (from > line[0] && /[ \t]/.test(text[from - 1] ?? '')) from--;
  const isLast = text.slice(end, line[1]).trim() === '';
  return { language: 'code', kind: 'replace', file, span: [isLast ? from : start, end], text: '', isVerbatim: true };
}

/** The whole lines of a span, with the line break after them. */
function lineAround(text: string, [start, end]: Span): Span {
  const from = Math.max(text.lastIndexOf('\n', start - 1), text.lastIndexOf('\r', start - 1)) + 1;
  const next = text.indexOf('\n', end);
  return [start === 0 ? 0 : from, next < 0 ? text.length : next + 1];
}

/** Where the line above a next-line comment holds what it names: the comment is one line too low. */
function moveAbove(one: Judged, findings: readonly Finding[], text: string): Fix | undefined {
  const { file, suppression } = one;
  if (suppression.kind !== 'next-line') return undefined;
  const starts = lineStarts(text);
  const ids = new Set(one.ids.map(({ id }) => id));
  const line = positionAt(starts, suppression.span[0]).line;
  const above = findings.find((finding) => finding.at.file === file && ids.has(finding.rule) && positionAt(starts, finding.at.span[0]).line === line - 1);
  const own = lineAround(text, suppression.span);
  const isAlone = text.slice(own[0], suppression.span[0]).trim() === '' && text.slice(suppression.span[1], own[1]).trim() === '';
  if (!above || !isAlone) return undefined;
  const target = starts[line - 1] ?? 0;
  const indentation = /^[ \t]*/.exec(text.slice(target))?.[0] ?? '';
  const eol = text.slice(own[0], own[1]).endsWith('\r\n') ? '\r\n' : '\n';
  return {
    title: `Move it above line ${line}`,
    safety: 'safe',
    operations: [
      { language: 'code', kind: 'replace', file, span: [target, target], text: indentation + text.slice(...suppression.span) + eol, isVerbatim: true },
      { language: 'code', kind: 'replace', file, span: own, text: '', isVerbatim: true },
    ],
  };
}
