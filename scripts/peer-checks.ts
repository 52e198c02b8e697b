// Reads catalog/peers: which check of which peer is which rule of ours, or why it is none.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { normalCheck } from '../engine/lint/peer-rules';

export interface PeerCheck {
  readonly peer: string;
  readonly check: string;
  readonly rule?: string;
  readonly whyNot?: string;
  /** Messages of the rule that ask the same; absent = all. */
  readonly messages?: readonly string[];
  /** Other names of the check. */
  readonly also?: readonly string[];
  /** How ours differs. */
  readonly note?: string;
}

const folder = join(import.meta.dirname, '..', 'catalog', 'peers');

/** All of them, in the order of files and entries. Throws on an entry that is neither mapped nor explained. */
export function peerChecks(): readonly PeerCheck[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .flatMap((name) => (parse(readFileSync(join(folder, name), 'utf8')) as readonly Readonly<Record<string, string>>[]).map((entry) => checked(name, entry)));
}

function checked(file: string, entry: Readonly<Record<string, string>>): PeerCheck {
  const { peer, check, rule, messages, also, 'why-not': whyNot, note } = entry;
  if (peer === undefined || check === undefined || (rule === undefined) === (whyNot === undefined)) throw new Error(`catalog/peers/${file}: ${JSON.stringify(entry)} needs peer, check and either rule or why-not`);
  return { peer, check, ...(rule === undefined ? {} : { rule }), ...listOf('messages', messages), ...listOf('also', also), ...(whyNot === undefined ? {} : { whyNot }), ...(note === undefined ? {} : { note }) };
}

/** `cpu, memory`. */
function listOf<K extends string>(key: K, text: string | undefined): Partial<Record<K, readonly string[]>> {
  const list: Partial<Record<K, readonly string[]>> = {};
  if (text !== undefined) list[key] = text.split(/[\s,]+/);
  return list;
}

/** Checks whose suppressions are heard, by peer and lower-case name: the rule, then its messages where only those ask the same. Several rules of one name are joined by `;`. */
export function peerRules(checks: readonly PeerCheck[], peers: readonly string[]): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const made: Record<string, Record<string, string>> = {};
  for (const { peer, check, rule, messages = [], also = [] } of checks) {
    const known = peers.find((name) => name === peer.toLowerCase());
    if (known === undefined || rule === undefined) continue;
    for (const name of [check, ...also]) {
      const byName = (made[known] ??= {});
      const key = normalCheck(known, name);
      const value = [rule, ...messages].join(' ');
      byName[key] = byName[key] === undefined ? value : `${byName[key]};${value}`;
    }
  }
  return made;
}
