// Applies fixes in memory, round by round, until nothing more is found to fix.

import { editsOf } from '../lint/edit';
import type { Finding } from '../lint/finding';
import type { Fix } from '../lint/fix';
import { countSyntaxErrors } from '../lint/syntax-errors';
import { applyEdits, type Span, type TextEdit } from '../text';
import type { FixResult } from '../workspace';

const MOST_ROUNDS = 10;
const MOST_RETRIES = 8;

export interface FixSource {
  textOf(path: string): string | undefined;
  /** Findings as they would be with these texts. */
  lint(texts: ReadonlyMap<string, string>): Promise<readonly Finding[]>;
  readonly signal?: AbortSignal;
}

interface Candidate {
  readonly finding: Finding;
  readonly fix: Fix;
}

type Edits = ReadonlyMap<string, readonly TextEdit[]>;

interface Attempt {
  readonly texts: ReadonlyMap<string, string>;
  readonly applied: readonly Candidate[];
  readonly left: readonly Candidate[];
  /** Fixes that broke their file, and fixes after which their finding was still there. */
  readonly failed: ReadonlyMap<string, Candidate>;
  /** One of the texts holds a fix that has failed to remove its finding. */
  readonly isSpoilt: boolean;
}

/**
 * Rounds of fixes that do not overlap, each on the texts that the round before left, with a new analysis between two rounds; at most ten. Only rules and files of `findings` take part, and
 * what the fixes themselves bring to light there. A fix after which a file would have more syntax errors, or its finding would still be there, is dropped.
 */
export async function fixAll(findings: readonly Finding[], accepts: (finding: Finding, fix: Fix) => boolean, source: FixSource): Promise<FixResult> {
  const atStart = await source.lint(new Map());
  const isAskedFor = scopeOf(findings, candidates(atStart, accepts).map(({ finding }) => finding));
  const failed = new Map<string, Candidate>();
  let attempt: Attempt | undefined;
  // A fix that does not help is found out only after it was applied: then all is done again without it.
  for (let retry = 0; retry < MOST_RETRIES && (attempt === undefined || attempt.isSpoilt); retry++) {
    attempt = await attemptFixes(findings, accepts, source, isAskedFor, failed);
    for (const [key, candidate] of attempt.failed) failed.set(key, candidate);
  }
  if (attempt === undefined || attempt.isSpoilt) return { files: new Map(), applied: [], left: [], dropped: [...failed.values()] };
  return { files: changedFiles(attempt.texts, source), applied: attempt.applied, left: attempt.left, dropped: [...failed.values()] };
}

async function attemptFixes(findings: readonly Finding[], accepts: (finding: Finding, fix: Fix) => boolean, source: FixSource, isAskedFor: (finding: Finding) => boolean, known: ReadonlyMap<string, Candidate>): Promise<Attempt> {
  const texts = new Map<string, string>();
  const textOf = (path: string): string | undefined => texts.get(path) ?? source.textOf(path);
  const failed = new Map<string, Candidate>(known);
  const applied: Candidate[] = [];
  let left: Candidate[] = [];
  let current = findings;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    source.signal?.throwIfAborted();
    const chosen = candidates(current, accepts).filter((candidate) => isAskedFor(candidate.finding) && !failed.has(keyOf(candidate)));
    const { made, overlapping } = await chooseEdits(chosen, textOf);
    const done = await applyRound(made, texts, textOf, failed);
    applied.push(...done);
    left = overlapping;
    if (done.length === 0) break;
    const before = countsOf(candidates(current, accepts));
    current = await source.lint(texts);
    const after = countsOf(candidates(current, accepts));
    const useless = done.filter((candidate) => (after.get(keyOf(candidate)) ?? 0) >= (before.get(keyOf(candidate)) ?? 0));
    for (const candidate of useless) failed.set(keyOf(candidate), candidate);
    if (useless.length > 0) return { texts, applied, left, failed, isSpoilt: true };
  }
  return { texts, applied, left: stillLeft(left, current, accepts), failed, isSpoilt: false };
}

function countsOf(list: readonly Candidate[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const candidate of list) counts.set(keyOf(candidate), (counts.get(keyOf(candidate)) ?? 0) + 1);
  return counts;
}

/** The first accepted fix of each finding. */
function candidates(findings: readonly Finding[], accepts: (finding: Finding, fix: Fix) => boolean): Candidate[] {
  return findings.flatMap((finding) => {
    const fix = finding.fixes.find((candidate) => accepts(finding, candidate));
    return fix ? [{ finding, fix }] : [];
  });
}

/**
 * Whether a finding of a later round belongs to what was asked for: of the same rules and files, and not one that was there from the start without being asked for.
 * Where all that could be fixed in a file was asked for, what the fixes bring to light there belongs to it too, whatever its rule.
 */
function scopeOf(findings: readonly Finding[], fixableAtStart: readonly Finding[]): (finding: Finding) => boolean {
  const subjectOf = (finding: Finding): string => `${finding.rule}\0${finding.at.file}\0${finding.subject}`;
  const rules = new Set(findings.map((finding) => finding.rule));
  const files = new Set(findings.map((finding) => finding.at.file));
  const asked = new Set(findings.map(subjectOf));
  const others = fixableAtStart.filter((finding) => !asked.has(subjectOf(finding)));
  const otherSubjects = new Set(others.map(subjectOf));
  const partial = new Set(others.map((finding) => finding.at.file));
  return (finding) => files.has(finding.at.file) && !otherSubjects.has(subjectOf(finding)) && (rules.has(finding.rule) || !partial.has(finding.at.file));
}

/** One fix of one finding; fingerprints tell equal subjects of a file apart. */
function keyOf({ finding, fix }: Candidate): string {
  return `${finding.fingerprint}\0${fix.title}`;
}

/** Edits of the fixes that fit together, in the order of the findings; a fix is taken whole or not at all. */
async function chooseEdits(chosen: readonly Candidate[], textOf: (path: string) => string | undefined): Promise<{ made: (Candidate & { edits: Edits })[]; overlapping: Candidate[] }> {
  const taken = new Map<string, TextEdit[]>();
  const made: (Candidate & { edits: Edits })[] = [];
  const overlapping: Candidate[] = [];
  for (const candidate of chosen) {
    const edits = await editsOf(candidate.fix, textOf);
    if (!edits || [...edits].some(([file, list]) => list.some((edit) => (taken.get(file) ?? []).some((other) => overlaps(edit.span, other.span, textOf(file) ?? '') && !isSame(edit, other))))) {
      overlapping.push(candidate);
      continue;
    }
    if ([...edits.values()].every((list) => list.length === 0)) continue;
    made.push({ ...candidate, edits });
    for (const [file, list] of edits) taken.set(file, [...(taken.get(file) ?? []), ...list]);
  }
  return { made, overlapping };
}

/** Two insertions at one place, or with nothing but a line's end between them, overlap too: their order would be an accident, and both may add the same key. */
function overlaps(a: Span, b: Span, text: string): boolean {
  if (a[0] === b[0] || (a[0] < b[1] && b[0] < a[1])) return true;
  if (a[0] !== a[1] || b[0] !== b[1]) return false;
  const [start, end] = a[0] < b[0] ? [a[0], b[0]] : [b[0], a[0]];
  return end - start <= 200 && text.slice(start, end).trim() === '';
}

function isSame(a: TextEdit, b: TextEdit): boolean {
  return a.span[0] === b.span[0] && a.span[1] === b.span[1] && a.newText === b.newText;
}

/** Applies the fixes of one round to `texts`; where a file would get new syntax errors, one fix after the other, leaving out the guilty ones. */
async function applyRound(made: readonly (Candidate & { edits: Edits })[], texts: Map<string, string>, textOf: (path: string) => string | undefined, failed: Map<string, Candidate>): Promise<Candidate[]> {
  const before = new Map([...new Set(made.flatMap(({ edits }) => [...edits.keys()]))].map((file) => [file, textOf(file) ?? '']));
  const after = applyTo(before, made.map(({ edits }) => edits));
  if (await isSound(before, after)) {
    for (const [file, text] of after) texts.set(file, text);
    return made.map(({ finding, fix }) => ({ finding, fix }));
  }
  const accepted: (Candidate & { edits: Edits })[] = [];
  for (const candidate of made) {
    const touched = new Map([...before].filter(([file]) => candidate.edits.has(file)));
    if (await isSound(touched, applyTo(touched, [...accepted.map(({ edits }) => edits), candidate.edits]))) accepted.push(candidate);
    else failed.set(keyOf(candidate), { finding: candidate.finding, fix: candidate.fix });
  }
  for (const [file, text] of applyTo(before, accepted.map(({ edits }) => edits))) texts.set(file, text);
  return accepted.map(({ finding, fix }) => ({ finding, fix }));
}

function applyTo(before: ReadonlyMap<string, string>, edits: readonly Edits[]): Map<string, string> {
  const after = new Map<string, string>();
  for (const [file, text] of before) {
    const unique: TextEdit[] = [];
    for (const edit of edits.flatMap((list) => list.get(file) ?? [])) if (!unique.some((other) => isSame(edit, other))) unique.push(edit);
    after.set(file, applyEdits(text, unique).text);
  }
  return after;
}

async function isSound(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): Promise<boolean> {
  for (const [file, text] of after) {
    const old = before.get(file) ?? '';
    if (text !== old && (await countSyntaxErrors(file, text)) > (await countSyntaxErrors(file, old))) return false;
  }
  return true;
}

function changedFiles(texts: ReadonlyMap<string, string>, source: FixSource): FixResult['files'] {
  const files = new Map<string, { before: string; after: string }>();
  for (const [file, after] of [...texts].sort((a, b) => (a[0] < b[0] ? -1 : 1))) {
    const before = source.textOf(file) ?? '';
    if (before !== after) files.set(file, { before, after });
  }
  return files;
}

/** Of the fixes that did not fit, those whose finding is still there. */
function stillLeft(left: readonly Candidate[], current: readonly Finding[], accepts: (finding: Finding, fix: Fix) => boolean): Candidate[] {
  const there = new Set(candidates(current, accepts).map(keyOf));
  return left.filter((candidate) => there.has(keyOf(candidate)));
}
