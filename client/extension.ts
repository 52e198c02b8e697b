// The VS Code side: starts the language server, shows what it is doing, and offers its commands. No analysis.

import { commands, window, workspace, type ExtensionContext } from 'vscode';
import { registerCommands } from './commands';
import { createClient, type ServerLife } from './server-process';
import { StatusItem } from './status-item';

let life: ServerLife | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const log = window.createOutputChannel('Holdfast', { log: true });
  const status = new StatusItem();
  life = createClient(context, log, status);
  context.subscriptions.push(log, status, ...registerCommands(context, life, log));
  context.subscriptions.push(
    workspace.onDidGrantWorkspaceTrust(() => status.refresh()),
    workspace.onDidChangeConfiguration((event) => {
      // The limit of memory is a flag of the process.
      if (event.affectsConfiguration('holdfast.memory')) void commands.executeCommand('holdfast.restart');
    }),
  );
  await life.start();
}

export async function deactivate(): Promise<void> {
  await life?.stop();
}
