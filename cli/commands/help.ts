// `holdfast --help` and `holdfast VERB --help`, from the table of flags.

import type { Command } from '../arguments';
import { FLAGS, VERBS, type Flag, type Verb } from '../flags';
import type { ExitCode } from '../report';
import type { Shell } from '../shell';
import { displayOf } from '../terminal/display';
import { style } from '../terminal/style';
import { padEnd, wrap } from '../terminal/width';

/** Prints the help of a verb, or of everything. */
export function help(command: Command, shell: Shell): ExitCode {
  const display = displayOf(shell.out.target, command, shell.environment);
  const verb = VERBS.find((known) => known.verb === command.operands[0]);
  const width = Math.min(display.width, 100);
  const lines = verb
    ? [`holdfast ${verb.usage}`, `  ${verb.describe}`, '', ...flagLines(verb.verb, width)]
    : [
        style('Holdfast: what happens when something goes down?', 'bold', display),
        '',
        ...VERBS.map(({ usage, describe }) => `  holdfast ${padEnd(usage, 20)}  ${describe}`),
        '',
        ...flagLines('check', width),
        '',
        '  exit code  0 nothing at or above the threshold  1 findings  2 usage, configuration, unreadable input or a fault of Holdfast',
      ].flatMap((line) => (line.length > width ? wrap(line, width) : [line]));
  shell.out.write(`${lines.join('\n')}\n`);
  return 0;
}

function flagLines(verb: Verb, width: number): string[] {
  const flags = FLAGS.filter((flag) => flag.verbs.includes(verb));
  const column = Math.max(...flags.map((flag) => nameOf(flag).length)) + 4;
  return flags.flatMap((flag) => wrap(flag.describe, Math.max(20, width - column)).map((line, index) => (index === 0 ? `  ${nameOf(flag)}`.padEnd(column) : ' '.repeat(column)) + line));
}

function nameOf({ name, short, value }: Flag): string {
  return `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
}
