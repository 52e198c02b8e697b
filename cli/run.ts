// From words to an exit code: chooses the command. The only place that knows all of them; each loads when it is asked for.

import { parseArguments } from './arguments';
import { help } from './commands/help';
import { version } from './commands/version';
import type { ExitCode } from './report';
import { sayMistake } from './say';
import type { Shell } from './shell';

/** Runs one command line. Never throws on any words or files; a fault of ours may, and the caller turns it into exit code 2. */
export async function run(words: readonly string[], shell: Shell): Promise<ExitCode> {
  const parsed = parseArguments(words);
  if (parsed.kind === 'usage') return sayMistake(parsed, shell, { color: 'auto', ascii: false, plain: false });
  const { command } = parsed;
  switch (command.verb) {
    case 'help':
      return help(command, shell);
    case 'version':
      return version(shell);
    case 'check':
      return (await import('./commands/check')).check(command, shell);
    case 'explain':
      return (await import('./commands/explain')).explain(command, shell);
    case 'rules':
      return (await import('./commands/rules')).listRules(command, shell);
    case 'clients':
      return (await import('./commands/clients')).clients(command, shell);
    case 'init':
      return (await import('./commands/init')).init(command, shell);
    case 'doctor':
      return (await import('./commands/doctor')).doctor(command, shell);
    case 'lsp':
      return (await import('./commands/lsp')).lsp(command, shell);
  }
}
