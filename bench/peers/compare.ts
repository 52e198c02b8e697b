// Puts what a peer finds beside what we find: by rule, file and object, else by the lines that it marks.

import type { Label, PeerFinding } from './finding';

export interface OwnFinding {
  readonly rule: string;
  /** The message of the rule. */
  readonly message: string;
  readonly file: string;
  readonly subject: string;
  /** One-based. */
  readonly line: number;
}

/** The rule of ours that asks what a check of a peer asks. */
export interface Question {
  readonly rule: string;
  /** Messages of the rule that ask the same; absent = all. */
  readonly messages?: readonly string[];
}

/** A peer's checks that are rules of ours; the others are no question of ours. */
export type CheckMap = ReadonlyMap<string, Question>;

export interface Site {
  readonly file: string;
  readonly object: string;
  /** The peer's check, or our message. */
  readonly check: string;
}

export interface RuleRow {
  readonly rule: string;
  readonly checks: readonly string[];
  readonly both: number;
  readonly onlyPeer: readonly Site[];
  readonly onlyOurs: readonly Site[];
}

/**
 * One row for each rule that a check of the peer is mapped to; one site is one object of one file, however many checks name it.
 * Our findings count where `isAsked`: in a file that the peer read. Messages that no check of the peer asks for are left out. Cost: findings of one file and rule with each other.
 */
export function compare(peer: readonly PeerFinding[], ours: readonly OwnFinding[], map: CheckMap, isAsked: (finding: OwnFinding) => boolean): readonly RuleRow[] {
  const rules = [...new Set([...map.values()].map(({ rule }) => rule))].sort();
  return rules.map((rule): RuleRow => {
    const checks = [...map].filter(([, question]) => question.rule === rule);
    const messages = checks.every(([, question]) => question.messages !== undefined) ? new Set(checks.flatMap(([, question]) => question.messages ?? [])) : undefined;
    const own = ours.filter((one) => one.rule === rule);
    const byFile = new Map<string, OwnFinding[]>();
    for (const one of own) byFile.set(one.file, [...(byFile.get(one.file) ?? []), one]);
    const met = new Set<OwnFinding>();
    const both = new Set<string>();
    const missed = new Map<string, Site>();
    for (const finding of peer.filter((one) => map.get(one.check)?.rule === rule)) {
      const key = `${finding.file} ${finding.object ?? finding.lines?.join('-') ?? ''}`;
      const matching = (byFile.get(finding.file) ?? []).filter((one) => isSame(finding, one));
      for (const one of matching) met.add(one);
      if (matching.length > 0) both.add(key);
      else missed.set(key, { file: finding.file, object: finding.object ?? `line ${finding.lines?.[0] ?? 0}`, check: finding.check });
    }
    for (const key of both) missed.delete(key);
    const onlyOurs = new Map<string, Site>();
    for (const one of own) if (!met.has(one) && (messages?.has(one.message) ?? true) && isAsked(one)) onlyOurs.set(`${one.file} ${one.subject}`, { file: one.file, object: `${one.subject} (line ${one.line})`, check: one.message });
    return { rule, checks: checks.map(([check]) => check), both: both.size, onlyPeer: [...missed.values()], onlyOurs: [...onlyOurs.values()] };
  });
}

/** Whether a label speaks about what one of ours is about: only then is a finding of ours an answer to it. */
export function isLabelled(labels: readonly Label[], map: CheckMap): (finding: OwnFinding) => boolean {
  const byFile = new Map<string, Label[]>();
  for (const label of labels) byFile.set(label.file, [...(byFile.get(label.file) ?? []), label]);
  return (own) =>
    (byFile.get(own.file) ?? []).some((label) => {
      const question = map.get(label.check);
      return question?.rule === own.rule && (question.messages?.includes(own.message) ?? true) && isSame(label, own);
    });
}

function isSame(peer: PeerFinding, own: OwnFinding): boolean {
  if (peer.lines === undefined && peer.object === undefined) return true;
  if (peer.lines && own.line >= peer.lines[0] && own.line <= peer.lines[1]) return true;
  if (peer.object === undefined) return false;
  const name = (text: string): string => text.slice(text.indexOf('/') + 1).split('/')[0] ?? '';
  if (peer.object.includes('/')) return peer.object.split('/')[0] === own.subject.split('/')[0] && name(peer.object) === name(own.subject);
  return peer.object.endsWith(`.${name(own.subject)}`) || own.subject.endsWith(`/${peer.object}`) || own.subject === peer.object;
}
