// Every fix that is offered for real infrastructure files, tried one at a time and all together: can it be written, is its finding gone, what is new, what is lost.

import { countSyntaxErrors } from '../../engine/lint/syntax-errors';
import type { Finding, Severity } from '../../engine/lint/finding';
import type { Fix } from '../../engine/lint/fix';
import { applyEdits } from '../../engine/text';
import type { Workspace } from '../../engine/workspace';
import type { Copy } from './acceptance';

/** What came of fixes; each line says repository, rule, fix and what is wrong. */
export interface Tally {
  tried: number;
  /** Verdicts of tools on files after a fix, and how many of them have no weight: the tool refused the file before already. */
  asked: number;
  refusedBefore: number;
  /** A chart's own `fail` or `required` asks for a second value, in words of its author: no fix can know it. */
  readonly demanded: string[];
  readonly declined: string[];
  readonly broken: string[];
  readonly notGone: string[];
  /** New findings of equal or higher severity: the rule that was fixed, and the one that speaks now. */
  readonly appeared: { readonly of: string; readonly rule: string; readonly line: string }[];
  readonly lost: string[];
  readonly again: string[];
}

export const emptyTally = (): Tally => ({ tried: 0, asked: 0, refusedBefore: 0, demanded: [], declined: [], broken: [], notGone: [], appeared: [], lost: [], again: [] });

const OWN_DEMAND = /execution error at \(|calling fail|calling required/;

const WEIGHT: readonly Severity[] = ['advice', 'info', 'warning', 'error'];

/** Whether a fix changes infrastructure files and nothing else. */
export function isOfInfrastructure(fix: Fix): boolean {
  return fix.operations.every((operation) => operation.language === 'artifact');
}

/** Tries each fix on the files as they are. `most` = how many alike (rule, message, format, title but for names and numbers) are tried. Cost: one lint of the workspace for each. */
export async function tryEach(repository: string, workspace: Workspace, copy: Copy, most: number, tally: Tally): Promise<void> {
  const before = (await workspace.lint()).findings;
  const seen = new Map<string, number>();
  for (const finding of before) {
    for (const fix of finding.fixes.filter(isOfInfrastructure)) {
      const kind = kindOf(finding, fix);
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
      if ((seen.get(kind) ?? 0) > most) continue;
      const where = `${repository} ${finding.at.file}: ${finding.rule} ${finding.messageId} (${finding.subject}) "${fix.title}"`;
      tally.tried++;
      const texts = await textsAfter(workspace, fix);
      if (!texts) {
        tally.declined.push(where);
        continue;
      }
      await judgeTexts(where, workspace, copy, texts, tally, fix);
      for (const [path, text] of texts) workspace.setOverlay(path, text);
      const { findings } = await workspace.lint();
      if (count(findings, finding) >= count(before, finding)) tally.notGone.push(where);
      for (const one of newOf(before, findings)) if (WEIGHT.indexOf(one.severity) >= WEIGHT.indexOf(finding.severity)) tally.appeared.push({ of: finding.rule, rule: one.rule, line: `${where} -> ${one.severity} ${one.rule} ${one.messageId} (${one.subject}) at ${one.at.file}` });
      for (const path of texts.keys()) workspace.setOverlay(path, undefined);
    }
  }
}

/** Applies the first fix of each finding that `accepts`, until nothing changes; then once more, which changes nothing. */
export async function tryAll(repository: string, what: string, workspace: Workspace, copy: Copy, accepts: (fix: Fix) => boolean, tally: Tally): Promise<void> {
  const wanted = (_: Finding, fix: Fix): boolean => isOfInfrastructure(fix) && accepts(fix);
  const { findings } = await workspace.lint();
  const result = await workspace.fixAll(findings, wanted);
  tally.tried += result.applied.length;
  const where = `${repository} ${what}`;
  for (const { finding, fix } of result.dropped) tally.notGone.push(`${where}: ${finding.at.file} ${finding.rule} ${finding.messageId} (${finding.subject}) "${fix.title}" was dropped`);
  const texts = new Map([...result.files].map(([path, { after }]) => [path, after]));
  await judgeTexts(where, workspace, copy, texts, tally);
  for (const [path, text] of texts) workspace.setOverlay(path, text);
  const left = (await workspace.lint()).findings;
  const second = await workspace.fixAll(left, wanted);
  for (const { finding, fix } of second.applied) tally.again.push(`${where}: ${finding.at.file} ${finding.rule} ${finding.messageId} (${finding.subject}) "${fix.title}"`);
  for (const path of texts.keys()) workspace.setOverlay(path, undefined);
}

function kindOf(finding: Finding, fix: Fix): string {
  const [operation] = fix.operations;
  const format = operation?.language === 'artifact' ? operation.resource.format : '';
  return `${finding.rule} ${finding.messageId} ${format} ${fix.title.replace(/`[^`]*`|\d+/g, '')}`;
}

async function textsAfter(workspace: Workspace, fix: Fix): Promise<Map<string, string> | undefined> {
  const edits = await workspace.edits(fix);
  if (!edits || [...edits.values()].every((list) => list.length === 0)) return undefined;
  return new Map([...edits].map(([path, list]) => [path, applyEdits(workspace.textOf(path) ?? '', list).text]));
}

async function judgeTexts(where: string, workspace: Workspace, copy: Copy, texts: ReadonlyMap<string, string>, tally: Tally, fix?: Fix): Promise<void> {
  for (const [path, text] of texts) {
    const was = workspace.textOf(path) ?? '';
    if ((await countSyntaxErrors(path, text)) > (await countSyntaxErrors(path, was))) tally.broken.push(`${where}: ${path} does not parse`);
    const lost = lostOf(was, text);
    if (lost.length > 0 && !(fix?.operations.some((operation) => operation.language === 'artifact' && operation.intent.kind.startsWith('remove-')) ?? true)) tally.lost.push(`${where}: ${path}: ${lost.slice(0, 3).join(' | ')}`);
  }
  const verdicts = [...copy.compare(texts)];
  tally.asked += verdicts.length;
  for (const [name, { before, after }] of verdicts) {
    if (before.refused !== undefined) {
      tally.refusedBefore++;
      continue;
    }
    if (after.refused !== undefined && OWN_DEMAND.test(after.refused)) {
      tally.demanded.push(`${where}: ${name}: ${after.refused.slice(0, 400)}`);
      continue;
    }
    const made = after.complaints.filter((complaint) => !before.complaints.includes(complaint));
    if (after.refused !== undefined || made.length > 0) tally.broken.push(`${where}: ${name}: ${(after.refused ?? made.join('; ')).slice(0, 400)}`);
  }
}

/** Comments and line ends that are there no more. Linear. */
function lostOf(was: string, text: string): string[] {
  const comments = (of: string): string[] => of.match(/(?:^|\s)#.*$/gm)?.map((comment) => comment.trim()) ?? [];
  const left = new Set(comments(text));
  const lost = comments(was).filter((comment) => !left.has(comment));
  if (was.includes('\r\n') && !/[^\r]\n/.test(was) && /[^\r]\n/.test(text)) lost.push('line ends of Windows');
  if (!was.includes('\r') && text.includes('\r')) lost.push('line ends of Unix');
  if (was.endsWith('\n') && !text.endsWith('\n')) lost.push('the last line end');
  return lost;
}

const keyOf = ({ rule, messageId, at, subject }: Finding): string => `${rule}\0${messageId}\0${at.file}\0${subject}`;

function count(findings: readonly Finding[], wanted: Finding): number {
  return findings.filter((one) => keyOf(one) === keyOf(wanted)).length;
}

function newOf(before: readonly Finding[], after: readonly Finding[]): Finding[] {
  const left = new Map<string, number>();
  for (const one of before) left.set(keyOf(one), (left.get(keyOf(one)) ?? 0) + 1);
  return after.filter((one) => {
    const known = left.get(keyOf(one)) ?? 0;
    left.set(keyOf(one), known - 1);
    return known <= 0;
  });
}
