// The pages of the rules, made from the rules themselves: texts, options, examples with what is found in them, and what the catalogue knows for them.

import type { Catalog } from '../catalog/schema';
import type { Finding } from '../engine/lint/finding';
import type { BadExample, ExampleFiles, Message, OptionSchema, Rule, SilentExample } from '../engine/lint/rule';
import { knowledgeOf, type KnowledgeTable } from '../cli/rule-knowledge';
import { diffLines } from './line-diff';
import { cell, table } from './markdown-table';

/** Lints example files with one rule; gives its findings. */
export type LintExample = (rule: Rule, files: ExampleFiles, options: Readonly<Record<string, unknown>>) => Promise<readonly Finding[]>;

const FAULTS: Readonly<Record<Rule['fault'], string>> = {
  lost: 'one instance is lost',
  down: 'it goes down',
  hung: 'it hangs: it takes requests and never answers',
  slow: 'it is slow',
  cut: 'the network to it is cut',
};

const PRINCIPLES: readonly { readonly folder: string; readonly title: string; readonly question: string }[] = [
  { folder: 'redundancy', title: 'Redundancy', question: 'Is there another one when this one is gone?' },
  { folder: 'fault-tolerance', title: 'Fault tolerance', question: 'Does a fault of what it needs stay a fault, or does it become an outage?' },
  { folder: 'autoscaling', title: 'Autoscaling', question: 'Does the number of instances follow the load?' },
  { folder: 'load-balancing', title: 'Load balancing', question: 'Do requests reach only instances that can answer?' },
  { folder: 'failover', title: 'Failover', question: 'Where does the work go that could not be done?' },
  { folder: 'testing', title: 'Testing of failure', question: 'Has anyone seen what happens?' },
  { folder: 'monitoring', title: 'Monitoring', question: 'Who notices, and how soon?' },
  { folder: 'isolation', title: 'Isolation', question: 'What else falls with it?' },
  { folder: 'impact', title: 'What happens when something goes down', question: 'Which entry points stall, fail or degrade, and why?' },
  { folder: 'suppressions', title: 'Suppressions', question: 'Do the comments that switch findings off still do so, and for a reason?' },
];

/** Page of one rule, as Markdown. */
export async function rulePage(rule: Rule, catalog: Catalog, lint: LintExample): Promise<string> {
  const bad = await Promise.all(rule.examples.bad.map((example) => badSection(rule, example, lint)));
  const short = rule.id.slice(rule.id.indexOf('/') + 1);
  return `${[
    `# ${rule.id}`,
    '<!-- Made by `npm run generate` from the rule itself. -->',
    `${rule.severity} · reads ${rule.reads} · since ${rule.since} · asks what happens when ${FAULTS[rule.fault]}${rule.isOffByDefault ? ' · on only in preset `all`' : ''}`,
    '## What it finds',
    rule.docs.what,
    messageTable(rule),
    '## Why it matters',
    rule.docs.why,
    ...(rule.docs.references ?? []).map((reference) => `- ${reference}`),
    '## How to repair it',
    rule.docs.fix,
    '## When it stays silent',
    rule.docs.not,
    '## Options',
    optionTable(rule),
    '## Found',
    ...bad,
    '## Not found',
    ...rule.examples.good.map((example) => silentSection(example)),
    '## Not known, so not found',
    ...rule.examples.unknown.map((example) => silentSection(example)),
    ...knowledgeOf(rule.id, catalog).map(tableSection),
    '## Switching it off',
    `\`\`\`\n// holdfast-disable-next-line ${short} -- why (until 2027-03-31)\n\`\`\``,
    `For files or folders, in \`holdfast.yaml\`:`,
    `\`\`\`yaml\nrules:\n  ${rule.id}: off\n\`\`\``,
  ].join('\n\n')}\n`;
}

/** Index of all rules by principle. */
export function rulesIndex(rules: readonly Rule[]): string {
  const sections = PRINCIPLES.flatMap(({ folder, title, question }) => {
    const own = rules.filter((rule) => rule.id.startsWith(`${folder}/`)).sort((a, b) => (a.id < b.id ? -1 : 1));
    if (own.length === 0) return [];
    const rows = own.map((rule) => [`[${rule.id.slice(folder.length + 1)}](${rule.id}.md)`, rule.isOffByDefault ? `${rule.severity}, off` : rule.severity, rule.reads, rule.fault, firstSentence(rule.docs.what)]);
    return [`## ${title}`, question, table(['rule', 'severity', 'reads', 'fault', 'finds'], rows)];
  });
  const byFault = (Object.keys(FAULTS) as Rule['fault'][]).map((fault) => [
    FAULTS[fault],
    rules.filter((rule) => rule.fault === fault && !rule.id.startsWith('suppressions/')).map((rule) => `[${rule.id.slice(rule.id.indexOf('/') + 1)}](${rule.id}.md)`).sort().join(', ') || 'none',
  ]);
  return `${[
    '# Rules',
    '<!-- Made by `npm run generate` from the rules themselves. -->',
    `${rules.length} rules. Severity: error (will break, or its author believes himself safe and is not), warning (a weakness on a served path), info, advice (shown with \`--advice\`).`,
    ...sections,
    '## What happens when something goes down',
    'Each rule guards against one fault of what is used:',
    table(['when', 'rules'], byFault),
  ].join('\n\n')}\n`;
}

async function badSection(rule: Rule, example: BadExample<string>, lint: LintExample): Promise<string> {
  const findings = await lint(rule, unmarked(example.files), example.options ?? {});
  const lines = findings.map((finding) => {
    const fix = finding.fixes[0];
    return `> ${finding.severity}: ${finding.message}${fix ? `<br>fix (${fix.safety}): ${fix.title}` : ''}`;
  });
  const fixed = Object.entries(example.fixed ?? {}).map(([path, after]) => code('diff', path, diffLines(unmarked(example.files)[path] ?? '', after)));
  return [`### ${example.name}`, filesText(unmarked(example.files)), optionsText(example.options), lines.join('\n>\n'), ...(fixed.length > 0 ? ['After the fix:', ...fixed] : [])].filter((part) => part !== '').join('\n\n');
}

function silentSection(example: SilentExample): string {
  return [`### ${example.name}`, filesText(example.files), optionsText(example.options)].filter((part) => part !== '').join('\n\n');
}

function optionsText(options: Readonly<Record<string, unknown>> | undefined): string {
  return options === undefined ? '' : `With the options \`${JSON.stringify(options)}\`.`;
}

function unmarked(files: ExampleFiles): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [path, text.replace(/[«»]/g, '')]));
}

function filesText(files: ExampleFiles): string {
  return Object.entries(files).map(([path, text]) => code(languageOf(path), path, text)).join('\n\n');
}

function code(language: string, path: string, text: string): string {
  const fence = text.includes('```') ? '````' : '```';
  return `\`${path}\`\n\n${fence}${language}\n${text.replace(/\n+$/, '')}\n${fence}`;
}

function languageOf(path: string): string {
  const extension = /\.(\w+)$/.exec(path)?.[1] ?? '';
  const names: Readonly<Record<string, string>> = { mts: 'ts', cts: 'ts', mjs: 'js', cjs: 'js', yml: 'yaml' };
  return /dockerfile/i.test(path) ? 'dockerfile' : (names[extension] ?? extension);
}

function messageTable(rule: Rule): string {
  const rows = Object.entries<Message | string>(rule.messages).map(([id, message]) => {
    const { text, severity } = typeof message === 'string' ? { text: message, severity: undefined } : message;
    return [`\`${id}\``, severity ?? rule.severity, cell(text)];
  });
  return table(['variant', 'severity', 'message'], rows);
}

function optionTable(rule: Rule): string {
  const rows = Object.entries<OptionSchema>(rule.options ?? {}).map(([name, option]) => [`\`${name}\``, option.type, `\`${String(option.default) || '[]'}\``, cell(option.describe)]);
  return rows.length === 0 ? 'None.' : table(['option', 'type', 'default', 'what it does'], rows);
}

function tableSection({ title, columns, rows }: KnowledgeTable): string {
  return `## ${title}\n\n${table(columns, rows.map((row) => row.map(cell)))}`;
}

function firstSentence(text: string): string {
  return cell(/^.*?[.](?=\s|$)/.exec(text)?.[0] ?? text);
}
