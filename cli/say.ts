// How the command line answers a wrong question.

import type { ColorChoice } from './terminal/display';
import { displayOf } from './terminal/display';
import { visibleLine } from './terminal/escape';
import { style } from './terminal/style';
import type { Mistake } from './open-workspace';
import type { Shell } from './shell';

/** Says what is wrong on standard error; the exit code of a wrong question. */
export function sayMistake({ message, hint }: Mistake, shell: Shell, choices: { readonly color: ColorChoice; readonly ascii: boolean; readonly plain: boolean }): 2 {
  const display = displayOf(shell.err.target, choices, shell.environment);
  shell.err.write(`${style('error', 'error', display)}  ${visibleLine(message)}\n${hint === undefined ? '' : `  ${visibleLine(hint)}\n`}`);
  return 2;
}
