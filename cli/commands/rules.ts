// `holdfast rules`: every rule by principle, whether it is on, and what it found here.

import { SEVERITIES, type Finding } from '../../engine/lint/finding';
import type { Rule } from '../../engine/lint/rule';
import type { Command } from '../arguments';
import { fixesByRule, fixesText } from '../example-run';
import { openPaths } from '../open-workspace';
import { exitCodeOf, type ExitCode } from '../report';
import { sayMistake } from '../say';
import type { Shell } from '../shell';
import { displayOf, type Display } from '../terminal/display';
import { style } from '../terminal/style';
import { textWidth } from '../terminal/width';
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
  const tables = principles.map((principle) => [
    [principle, 'severity', 'reads', 'fix', 'state', 'here'],
    ...opened.rules.filter((rule) => principleOf(rule) === principle).map((rule) => cellsOf(rule, stateOf(rule), fixesText(fixes.get(rule.id)), here.get(rule.id) ?? 0)),
  ]);
  const widths = [0, 1, 2, 3, 4, 5].map((column) => Math.max(...tables.flat().map((cells) => (cells[column] ?? '').length)) + 2);
  const lines = tables.flatMap((rows, index) => [...(index === 0 ? [] : ['']), ...rows.map((cells, number) => row(cells, widths, number === 0, display))]);
  const states = opened.rules.map(stateOf);
  const on = states.filter((state) => state !== 'off' && state !== 'advice').length;
  const advice = states.filter((state) => state === 'advice').length;
  const end = `${count(states.length, 'rule')}: ${on} on, ${advice} advice, ${states.length - on - advice} off. What one is about: holdfast explain RULE`;
  shell.out.write(`${[...lines, '', end].join('\n')}\n`);
  return exitCodeOf(result, { failOn: 'error', maxWarnings: undefined }) === 2 && result.failures.length > 0 ? 2 : 0;
}

function cellsOf(rule: Rule, state: Finding['severity'] | 'off', fix: string, here: number): string[] {
  return [lastPart(rule), state === 'off' ? rule.severity : state, rule.reads, fix, state === 'off' ? 'off' : 'on', here === 0 ? '' : String(here)];
}

function row(cells: readonly string[], widths: readonly number[], isHead: boolean, display: Display): string {
  const padded = cells.map((cell, index) => {
    const severity = SEVERITIES.find((known) => known === cell);
    return style(cell, isHead ? 'bold' : index === 1 ? (severity ?? 'none') : 'none', display) + ' '.repeat(Math.max(0, (widths[index] ?? 0) - textWidth(cell)));
  });
  return padded.join('').trimEnd();
}

function principleOf(rule: Rule): string {
  return rule.id.split('/')[0] ?? rule.id;
}

function lastPart(rule: Rule): string {
  return rule.id.split('/')[1] ?? rule.id;
}
