// The life of the server's process: how it is started, what it is told, and what happens when it stops.

import { commands, window, workspace, type ExtensionContext, type LogOutputChannel } from 'vscode';
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  State,
  TransportKind,
  type DocumentSelector,
  type ErrorHandler,
  type LanguageClientOptions,
} from 'vscode-languageclient/node';
import type { Status } from '../server/features/status';
import { LANGUAGES, PLAIN_FILES } from './languages';
import type { StatusItem } from './status-item';

const SELECTOR: DocumentSelector = [
  ...LANGUAGES.flatMap((language) => [
    { scheme: 'file', language },
    { scheme: 'untitled', language },
  ]),
  { scheme: 'file', language: 'plaintext', pattern: PLAIN_FILES },
];

/** A server that ends this often within this time stays off. */
const STOPS = { count: 3, withinMs: 180_000 };

export interface ServerLife {
  readonly client: LanguageClient;
  start(): Promise<void>;
  stop(): Promise<void>;
  restart(): Promise<void>;
}

export function createClient(context: ExtensionContext, log: LogOutputChannel, status: StatusItem): ServerLife {
  const memory = workspace.getConfiguration('holdfast').get<number>('memory', 1024);
  const module = context.asAbsolutePath('dist/server.cjs');
  const options = { execArgv: [`--max-old-space-size=${memory}`] };
  const errors = new StopCounter(status);
  const clientOptions: LanguageClientOptions = {
    documentSelector: SELECTOR,
    outputChannel: log,
    traceOutputChannel: log,
    errorHandler: errors,
    initializationOptions: { commands: ['holdfast.explainRule'], status: true },
    // The whole object replaces the default: without `onChange` nothing would be asked while typing.
    diagnosticPullOptions: { onChange: true, onSave: false },
    diagnosticCollectionName: 'holdfast',
  };
  const client = new LanguageClient(
    'holdfast',
    'Holdfast',
    { run: { module, transport: TransportKind.ipc, options }, debug: { module, transport: TransportKind.ipc, options } },
    clientOptions,
  );
  client.onNotification('holdfast/status', (message: Status) => status.show(message));
  client.onDidChangeState(({ newState }) => {
    if (newState === State.Starting) status.showStarting();
    if (newState === State.Stopped) status.showStopped();
  });
  context.subscriptions.push(client);
  return {
    client,
    start: () => client.start(),
    stop: () => (client.needsStop() ? client.stop() : Promise.resolve()),
    async restart() {
      errors.forget();
      if (client.needsStop()) await client.restart();
      else await client.start();
    },
  };
}

class StopCounter implements ErrorHandler {
  private stops: number[] = [];

  constructor(private readonly status: StatusItem) {}

  forget(): void {
    this.stops = [];
  }

  error(): { action: ErrorAction } {
    return { action: ErrorAction.Continue };
  }

  closed(): { action: CloseAction; handled: boolean } {
    const now = Date.now();
    this.stops = [...this.stops.filter((stop) => now - stop < STOPS.withinMs), now];
    if (this.stops.length < STOPS.count) return { action: CloseAction.Restart, handled: true };
    this.status.showStopped();
    void window.showErrorMessage('Holdfast stopped three times in 3 minutes and stays off.', 'Show log', 'Restart').then((choice) => {
      if (choice === 'Show log') void commands.executeCommand('holdfast.showLog');
      if (choice === 'Restart') void commands.executeCommand('holdfast.restart');
    });
    return { action: CloseAction.DoNotRestart, handled: true };
  }
}
