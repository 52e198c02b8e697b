// Reads catalog/peers: which check of which peer is which rule of ours, or why it is none.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export interface PeerCheck {
  readonly peer: string;
  readonly check: string;
  readonly rule?: string;
  readonly whyNot?: string;
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
  const { peer, check, rule, 'why-not': whyNot, note } = entry;
  if (peer === undefined || check === undefined || (rule === undefined) === (whyNot === undefined)) throw new Error(`catalog/peers/${file}: ${JSON.stringify(entry)} needs peer, check and either rule or why-not`);
  return { peer, check, ...(rule === undefined ? {} : { rule }), ...(whyNot === undefined ? {} : { whyNot }), ...(note === undefined ? {} : { note }) };
}
