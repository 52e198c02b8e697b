// Puts what a peer finds beside what we find: by rule, file and object, else by the lines that it marks.

import type { PeerFinding } from './finding';

export interface OwnFinding {
  readonly rule: string;
  readonly file: string;
  readonly subject: string;
  /** One-based. */
  readonly line: number;
  readonly severity: string;
}

/** What becomes of a peer's check: a rule of ours, or the reason why it is none. */
export type CheckMap = ReadonlyMap<string, { readonly rule?: string; readonly whyNot?: string }>;

export interface Site {
  readonly file: string;
  readonly object: string;
  readonly check?: string;
}

export interface RuleRow {
  readonly rule: string;
  readonly checks: readonly string[];
  readonly both: number;
  readonly onlyPeer: readonly Site[];
  readonly onlyOurs: readonly Site[];
}

export interface Comparison {
  readonly rows: readonly RuleRow[];
  /** Checks that are none of ours, and how often they spoke. */
  readonly others: ReadonlyMap<string, number>;
}

/** Cost: findings of one file and rule with each other. */
export function compare(peer: readonly PeerFinding[], ours: readonly OwnFinding[], map: CheckMap, isRead: (file: string) => boolean): Comparison {
  const others = new Map<string, number>();
  const byRule = new Map<string, PeerFinding[]>();
  const checks = new Map<string, Set<string>>();
  for (const [check, { rule }] of map) if (rule !== undefined) checks.set(rule, (checks.get(rule) ?? new Set()).add(check));
  for (const finding of peer) {
    const rule = map.get(finding.check)?.rule;
    if (rule === undefined) others.set(finding.check, (others.get(finding.check) ?? 0) + 1);
    else byRule.set(rule, [...(byRule.get(rule) ?? []), finding]);
  }
  const rows = [...checks.keys()].sort().map((rule): RuleRow => {
    const theirs = byRule.get(rule) ?? [];
    const own = ours.filter((finding) => finding.rule === rule && isRead(finding.file));
    const met = new Set<OwnFinding>();
    const onlyPeer = new Map<string, Site>();
    let both = 0;
    const seen = new Set<string>();
    for (const finding of theirs) {
      const key = `${finding.file} ${finding.object ?? finding.lines?.join('-') ?? ''}`;
      const matching = own.filter((one) => one.file === finding.file && isSame(finding, one));
      for (const one of matching) met.add(one);
      if (matching.length === 0) onlyPeer.set(key, { file: finding.file, object: finding.object ?? `line ${finding.lines?.[0] ?? 0}`, check: finding.check });
      else if (!seen.has(key)) both++;
      seen.add(key);
    }
    const onlyOurs = own.filter((one) => !met.has(one)).map((one) => ({ file: one.file, object: `${one.subject} (line ${one.line})` }));
    return { rule, checks: [...(checks.get(rule) ?? [])], both, onlyPeer: [...onlyPeer.values()], onlyOurs };
  });
  return { rows, others };
}

function isSame(peer: PeerFinding, own: OwnFinding): boolean {
  if (peer.lines && own.line >= peer.lines[0] && own.line <= peer.lines[1]) return true;
  if (peer.object === undefined) return false;
  const [kind = '', name = ''] = peer.object.split('/');
  const [ownKind = '', ownName = ''] = own.subject.split('/');
  return (ownKind === kind && ownName === name) || (peer.object.includes('.') && peer.object.endsWith(`.${ownName}`));
}
