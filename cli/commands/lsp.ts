// `holdfast lsp --stdio`: the language server for editors that start it by a command.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '../arguments';
import type { ExitCode } from '../report';
import { sayMistake } from '../say';
import type { Shell } from '../shell';

/** Runs the server in a process of its own, whose streams are ours; ends with it. */
export async function lsp(command: Command, shell: Shell): Promise<ExitCode> {
  const server = join(shell.packageFolder, 'dist', 'server.cjs');
  if (!existsSync(server)) return sayMistake({ message: 'the language server is not part of this installation', hint: undefined }, shell, command);
  return new Promise((done) => {
    const child = spawn(process.execPath, [server, '--stdio'], { stdio: 'inherit' });
    const stop = (signal: NodeJS.Signals): void => void child.kill(signal);
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
    child.once('error', () => done(sayMistake({ message: 'the language server could not be started', hint: undefined }, shell, command)));
    child.once('exit', (code) => done(code === 0 ? 0 : 2));
  });
}
