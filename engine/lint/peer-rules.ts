// Which rules of ours ask the same as a check of another linter, by the table that the catalogue holds.

import type { PeerName } from './peer-directives';
import type { PeerRule } from './suppress';

/** By peer and normal name of the check: `rule message message`, several joined by `;`. Made from catalog/peers. */
export type PeerTable = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** One name for the ways in which people write a check: letter case, and for trivy `AVD-AWS-0077`, `AWS-0077` and `AWS077`. */
export function normalCheck(peer: string, check: string): string {
  const name = check.trim().toLowerCase();
  const numbered = peer === 'trivy' ? /^(?:avd-)?([a-z]{2,8})-?0*(\d+)(?:\s|$)/.exec(name) : null;
  return numbered ? `${numbered[1] ?? ''}-${numbered[2] ?? ''}` : name;
}

/** The look-up in a table; without a check, all rules of the peer. */
export function peerRulesOf(table: PeerTable): (peer: PeerName, check: string | undefined) => readonly PeerRule[] {
  return (peer, check) => {
    const checks = table[peer] ?? {};
    const found = check === undefined ? Object.values(checks) : Object.hasOwn(checks, normalCheck(peer, check)) ? [checks[normalCheck(peer, check)] ?? ''] : [];
    return found.flatMap((text) => text.split(';')).filter((text) => text !== '').map((text) => {
      const [rule = '', ...messages] = text.split(' ');
      return { rule, ...(messages.length === 0 ? {} : { messages }) };
    });
  };
}
