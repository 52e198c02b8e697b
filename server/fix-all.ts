// Many fixes at once: which findings take part, and the result as small edits of the current texts.

import { diffLines } from 'diff';
import type { Finding } from '../engine/lint/finding';
import type { FixResult } from '../engine/workspace';
import type { TextEdit } from '../engine/text';
import { asRecord, asStrings } from './client-features';
import type { Folder } from './folder';

export interface FixScope {
  /** `unsafe` takes part beside `safe`; what a person has to decide never does. */
  readonly kind: 'safe' | 'unsafe';
  /** Only this rule, by full id. */
  readonly rule?: string;
  /** Only these principles; empty or absent = all. */
  readonly principles?: readonly string[];
}

/** A scope that came back from a client, or undefined where it is none. */
export function fixesOnly(value: unknown): FixScope | undefined {
  const { kind, rule, principles } = asRecord(value);
  if (kind !== 'safe' && kind !== 'unsafe') return undefined;
  return { kind, ...(typeof rule === 'string' ? { rule } : {}), ...(principles === undefined ? {} : { principles: asStrings(principles) }) };
}

/** Whether a fix-all of this scope repairs the finding, by its first fix and within its own file. */
export function isFixedBy(finding: Finding, scope: FixScope): boolean {
  const fix = finding.fixes[0];
  if (!fix || fix.safety === 'by-hand' || (fix.safety === 'unsafe' && scope.kind === 'safe')) return false;
  if (scope.rule !== undefined && finding.rule !== scope.rule) return false;
  if (scope.principles && scope.principles.length > 0 && !scope.principles.includes(finding.rule.slice(0, finding.rule.indexOf('/')))) return false;
  return fix.operations.every((operation) => operation.file === finding.at.file);
}

/** Edits of one file that apply every fix of `scope` in it; undefined when nothing changes. */
export async function fixFile(
  folder: Folder,
  path: string,
  findings: readonly Finding[],
  scope: FixScope,
): Promise<ReadonlyMap<string, readonly TextEdit[]> | undefined> {
  const { edits } = await fixFindings(
    folder,
    findings.filter((finding) => finding.at.file === path),
    scope,
  );
  const own = edits.get(path);
  return own && new Map([[path, own]]);
}

/** Edits of all files that apply every fix of `scope` among `findings`. */
export async function fixFindings(
  folder: Folder,
  findings: readonly Finding[],
  scope: FixScope,
): Promise<{ readonly edits: ReadonlyMap<string, readonly TextEdit[]>; readonly result: FixResult }> {
  const files = new Set(findings.map((finding) => finding.at.file));
  const result = await folder.workspace.fixAll(findings, (finding, fix) => fix === finding.fixes[0] && files.has(finding.at.file) && isFixedBy(finding, scope));
  const edits = new Map<string, readonly TextEdit[]>();
  for (const [path, { before, after }] of result.files) {
    const own = editsBetween(before, after);
    if (own.length > 0) edits.set(path, own);
  }
  return { edits, result };
}

/** Line-wise edits that turn `before` into `after`: cursors and marks elsewhere stay where they are. Cost: linear in the text times the number of changed lines. */
export function editsBetween(before: string, after: string): TextEdit[] {
  const edits: TextEdit[] = [];
  let at = 0;
  let pending: { start: number; end: number; text: string } | undefined;
  const flush = (): void => {
    if (pending) edits.push({ span: [pending.start, pending.end], newText: pending.text });
    pending = undefined;
  };
  for (const part of diffLines(before, after)) {
    if (!part.added && !part.removed) {
      flush();
      at += part.value.length;
      continue;
    }
    pending ??= { start: at, end: at, text: '' };
    if (part.added) pending.text += part.value;
    else {
      at += part.value.length;
      pending.end = at;
    }
  }
  flush();
  return edits;
}
