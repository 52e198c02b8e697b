// docs/peers.md: which check of which other linter is which rule of ours, or why it is none.

import { cell, table } from './markdown-table';
import type { PeerCheck } from './peer-checks';

/** The page. `exists` tells whether an id is a rule; an unknown one is an error, so that the page never promises what is not there. */
export function peersPage(checks: readonly PeerCheck[], exists: (rule: string) => boolean): string {
  const lost = checks.find(({ rule }) => rule !== undefined && !exists(rule));
  if (lost) throw new Error(`catalog/peers: \`${lost.peer} ${lost.check}\` is mapped to \`${lost.rule ?? ''}\`, which is no rule`);
  const peers = [...new Set(checks.map(({ peer }) => peer))];
  const covered = checks.filter(({ rule }) => rule !== undefined).length;
  return `${[
    '# Other linters',
    '<!-- Made by `npm run generate` from catalog/peers. -->',
    `Who comes from another linter finds its checks here: ${covered} checks of ${peers.length} linters that bear on resilience have a rule of Holdfast, ${checks.length - covered} are left out for a reason. What each finds on the same files is measured in [peers-measured.md](peers-measured.md).`,
    ...peers.flatMap((peer) => [
      `## ${peer}`,
      table(['check', 'rule', 'remark'], checks.filter((one) => one.peer === peer).map(({ check, rule, whyNot, note }) => [`\`${cell(check)}\``, rule === undefined ? '' : `[${rule}](rules/${rule}.md)`, cell(whyNot ?? note ?? '')])),
    ]),
  ].join('\n\n')}\n`;
}
