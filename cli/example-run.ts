// What the rules' own examples give, linted in memory: so that `rules` and `explain` say which fixes a rule has without a second list that could differ.

import type { FileEntry, Host } from '../engine/host';
import type { Safety } from '../engine/lint/fix';
import type { Rule } from '../engine/lint/rule';
import { createWorkspace } from '../engine/workspace';

/** A host over texts in memory. */
function memoryHost(files: ReadonlyMap<string, string>): Host {
  const entry = (path: string): FileEntry | undefined => {
    const text = files.get(path);
    return text === undefined ? undefined : { path, size: text.length, stamp: '0' };
  };
  return {
    list: async (_, accepts) => ({ files: [...files.keys()].filter(accepts).sort().flatMap((path) => entry(path) ?? []), problems: [] }),
    read: ({ path }) => ({ kind: 'text', text: files.get(path) ?? '', hash: path }),
    stat: entry,
  };
}

/** The kinds of first fixes in the bad examples of each rule. One run for all rules, each example in a folder of its own. */
export async function fixesByRule(rules: readonly Rule[]): Promise<ReadonlyMap<string, ReadonlySet<Safety>>> {
  const files = new Map<string, string>([['holdfast.yaml', 'extends: all\n']]);
  rules.forEach((rule, ruleIndex) =>
    rule.examples.bad.forEach((example, index) => {
      for (const [path, text] of Object.entries(example.files)) files.set(`${ruleIndex}-${index}/${path}`, withoutMarks(text));
    }),
  );
  const result = await createWorkspace({ host: memoryHost(files), rules }).lint();
  const fixes = new Map<string, Set<Safety>>();
  for (const finding of result.findings) {
    const rule = rules[Number.parseInt(finding.at.file, 10)];
    const first = finding.fixes[0];
    if (rule?.id !== finding.rule || !first) continue;
    fixes.set(rule.id, (fixes.get(rule.id) ?? new Set<Safety>()).add(first.safety));
  }
  return fixes;
}

/** `safe`, `unsafe`, `safe, unsafe`, `by hand`, or nothing. */
export function fixesText(kinds: ReadonlySet<Safety> | undefined): string {
  const order: readonly Safety[] = ['safe', 'unsafe', 'by-hand'];
  return order.filter((kind) => kinds?.has(kind)).map((kind) => kind.replace('-', ' ')).join(', ');
}

/** An example's text without the `«…»` around what is expected to be marked. */
export function withoutMarks(text: string): string {
  return text.replace(/[«»]/g, '');
}
