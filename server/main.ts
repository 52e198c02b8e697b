// The language server's process: `--stdio`, `--node-ipc` or `--socket=N` say how the client talks to it.

import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { join } from 'node:path';
import packageFile from '../package.json';
import { createNodeHost } from '../engine/node/host';
import { createWorkspace } from '../engine/workspace/create-workspace';
import { rules } from '../rules/index';
import { serve } from './server';

const connection = createConnection(ProposedFeatures.all);

// A promise that nobody waits for, as an answer that a client refuses, is written down and does not end the server.
process.on('unhandledRejection', (error) => connection.console.error(error instanceof Error ? (error.stack ?? error.message) : String(error)));

serve(connection, {
  rules,
  createHost: createNodeHost,
  createWorkspace,
  pagesFolder: join(__dirname, '..', 'docs', 'rules'),
  version: packageFile.version,
  today: () => new Date().toISOString().slice(0, 10),
});
