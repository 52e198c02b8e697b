// `holdfast rules`: every rule by principle, whether it is on, and what it found here.

import type { Finding } from '../../engine/lint/finding';
import type { Rule } from '../../engine/lint/rule';
import type { Command } from '../arguments';
import { fixesByRule, fixesText } from '../example-run';
import { openPaths } from '../open-workspace';
import { exitCodeOf, type ExitCode } from '../report';
import { sayMistake } from '../say';
import type { Shell } from '../shell';
import { displayOf, type Display } from '../terminal/display';
import { style } from '../terminal/style';
import { padEnd } from '../terminal/width';
import { count } from '../words';

/** Prints the table; exit 0 unless something failed, since this only informs. */
export async function listRules(command: Command, shell: Shell): Promise<ExitCode> {
  const opened = openPaths(command, shell, command.operands);
  if ('message' in opened) return sayMistake(opened, shell, command);
  const result = await opened.lint();
  const display = displayOf(shell.out.target, command, shell.environment);
  const { severities, preset } = opened.workspace.configurationOf('');
  const stateOf = (rule: Rule): Finding['severity'] | 'off' => severities.get(rule.id) ?? (rule.isOffByDefault && preset !== 'all' ? 'off' : rule.severity);
  const here = new Map<string, number>();
  for (const { rule } of result.findings) here.set(rule, (here.get(rule) ?? 0) + 1);
  const fixes = await fixesByRule(opened.rules);
  const principles = [...new Set(opened.rules.map(principleOf))];
  const nameWidth = Math.max(22, ...opened.rules.map((rule) => lastPart(rule).length), ...principles.map((name) => name.length)) + 2;
  const lines = principles.flatMap((principle, index) => [
    ...(index === 0 ? [] : ['']),
    style(row([principle, 'severity', 'reads', 'fix', 'state', 'here'], nameWidth), 'bold', display),
    ...opened.rules.filter((rule) => principleOf(rule) === principle).map((rule) => ruleRow({ rule, state: stateOf(rule), here: here.get(rule.id) ?? 0, fix: fixesText(fixes.get(rule.id)) }, nameWidth, display)),
  ]);
  const states = opened.rules.map(stateOf);
  const on = states.filter((state) => state !== 'off' && state !== 'advice').length;
  const advice = states.filter((state) => state === 'advice').length;
  const end = `${count(states.length, 'rule')}: ${on} on, ${advice} advice, ${states.length - on - advice} off. What one is about: holdfast explain RULE`;
  shell.out.write(`${[...lines, '', end].join('\n')}\n`);
  return exitCodeOf(result, { failOn: 'error', maxWarnings: undefined }) === 2 && result.failures.length > 0 ? 2 : 0;
}

interface RuleState {
  readonly rule: Rule;
  readonly state: Finding['severity'] | 'off';
  readonly here: number;
  readonly fix: string;
}

function ruleRow({ rule, state, here, fix }: RuleState, nameWidth: number, display: Display): string {
  const severity = state === 'off' ? rule.severity : state;
  const text = row([lastPart(rule), severity, rule.reads, fix, state === 'off' ? 'off' : 'on', here === 0 ? '' : String(here)], nameWidth);
  return text.slice(0, nameWidth) + text.slice(nameWidth).replace(severity, style(severity, severity, display));
}

function row(cells: readonly string[], nameWidth: number): string {
  const widths = [nameWidth, 11, 17, 15, 7, 6];
  return cells.map((cell, index) => (index === cells.length - 1 ? cell : padEnd(cell, widths[index] ?? 0))).join('').trimEnd();
}

function principleOf(rule: Rule): string {
  return rule.id.split('/')[0] ?? rule.id;
}

function lastPart(rule: Rule): string {
  return rule.id.split('/')[1] ?? rule.id;
}
