// The parts of README.md that are facts: what the command prints for files of the example system, and the rules by principle. Each stands between `<!-- NAME -->` and `<!-- /NAME -->`.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../cli/run';
import type { Shell, Sink } from '../cli/shell';
import type { Rule } from '../engine/lint/rule';

const root = join(import.meta.dirname, '..');
const shop = join(root, 'examples', 'shop');

/** README.md with its generated parts made anew. Throws where a mark is missing: a fault of ours. */
export async function readme(rules: readonly Rule[]): Promise<string> {
  let text = readFileSync(join(root, 'README.md'), 'utf8');
  text = replacePart(text, 'output', `\`\`\`\n${await outputOf(['src/orders/charge.ts', 'deploy/orders.yaml', '--rule', 'require-backoff=off', '--rule', 'bound-resources=off', '--rule', 'require-spread=off', '--rule', 'require-disruption-budget=off', '--rule', 'no-contested-count=off', '--rule', 'require-liveness-probe=off'])}\n\`\`\``);
  return replacePart(text, 'rules', rulesByPrinciple(rules));
}

/** What a terminal of 80 columns shows on standard output, without colour. */
async function outputOf(words: readonly string[]): Promise<string> {
  let written = '';
  const target: Sink['target'] = { isTerminal: true, columns: 80 };
  const out: Sink = { write: (text) => void (written += text), target };
  const shell: Shell = {
    out,
    err: { write: () => undefined, target },
    workingFolder: shop,
    environment: { NO_COLOR: '1', LANG: 'C.UTF-8', TERM: 'xterm' },
    clock: () => 0,
    today: '2026-01-01',
    readInput: async () => ({ text: '' }),
    packageFolder: root,
  };
  await run(['check', ...words, '--no-cache', '--color', 'never'], shell);
  return written.trim();
}

function rulesByPrinciple(rules: readonly Rule[]): string {
  const principles = [...new Set(rules.map((rule) => rule.id.split('/')[0] ?? ''))];
  const rows = principles.map((principle) => {
    const links = rules.filter((rule) => rule.id.startsWith(`${principle}/`)).map((rule) => `[${rule.id.slice(principle.length + 1)}](docs/rules/${rule.id}.md)`);
    return `| ${principle} | ${links.join(' · ')} |`;
  });
  return ['| principle | rules |', '|---|---|', ...rows].join('\n');
}

function replacePart(text: string, name: string, part: string): string {
  const start = `<!-- ${name} -->`;
  const end = `<!-- /${name} -->`;
  const from = text.indexOf(start);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`README.md has no part ${name}`);
  return `${text.slice(0, from + start.length)}\n${part}\n${text.slice(to)}`;
}
