// The lines that a fix adds, for the fixes that add one to six and change nothing else: shown under the finding, so that a person sees what would stand there.

import type { Finding } from '../../engine/lint/finding';
import type { Fix } from '../../engine/lint/fix';
import { applyEdits, type TextEdit } from '../../engine/text';
import type { SourceOf } from '../source';

const MOST_LINES = 6;
// Each is a run of a writer; a log of thousands of findings stays quick.
const MOST_FINDINGS = 50;

/** Added lines by fix, of the first fix of each of the first 50 findings. Only artifact fixes are written out; the lines of code fixes stand in their data. */
export async function addedLinesOf(findings: readonly Finding[], editsOf: (fix: Fix) => Promise<ReadonlyMap<string, readonly TextEdit[]> | undefined>, sourceOf: SourceOf): Promise<ReadonlyMap<Fix, readonly string[]>> {
  const result = new Map<Fix, readonly string[]>();
  for (const finding of findings.slice(0, MOST_FINDINGS)) {
    const fix = finding.fixes[0];
    if (!fix) continue;
    const lines = insertedCode(fix) ?? (fix.operations.every(({ language }) => language === 'artifact') ? await writtenLines(fix, editsOf, sourceOf) : undefined);
    if (lines && lines.length > 0 && lines.length <= MOST_LINES) result.set(fix, lines);
  }
  return result;
}

function insertedCode(fix: Fix): readonly string[] | undefined {
  const [operation, ...rest] = fix.operations.filter((candidate) => candidate.language === 'code' && candidate.kind !== 'add-import');
  if (!operation || rest.length > 0 || operation.language !== 'code') return undefined;
  return operation.kind === 'insert-after' || operation.kind === 'insert-before' || operation.kind === 'insert-in-body' ? operation.lines : undefined;
}

async function writtenLines(fix: Fix, editsOf: (fix: Fix) => Promise<ReadonlyMap<string, readonly TextEdit[]> | undefined>, sourceOf: SourceOf): Promise<readonly string[] | undefined> {
  const edits = await editsOf(fix);
  const [only, ...others] = [...(edits ?? [])];
  if (!only || others.length > 0) return undefined;
  const before = sourceOf(only[0])?.text;
  return before === undefined ? undefined : addedLines(before, applyEdits(before, only[1]).text);
}

/** The lines that stand in `after` alone, where `before` lost none; else undefined. Linear. */
export function addedLines(before: string, after: string): readonly string[] | undefined {
  const old = before.split(/\r?\n/);
  const now = after.split(/\r?\n/);
  let top = 0;
  while (top < old.length && old[top] === now[top]) top++;
  let bottom = 0;
  while (bottom < old.length - top && bottom < now.length - top && old[old.length - 1 - bottom] === now[now.length - 1 - bottom]) bottom++;
  return top + bottom === old.length ? now.slice(top, now.length - bottom) : undefined;
}
