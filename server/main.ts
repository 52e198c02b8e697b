// The language server's process: `--stdio`, `--node-ipc` or `--socket=N` say how the client talks to it.

import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { join } from 'node:path';
import packageFile from '../package.json';
import { userCacheFolder } from '../engine/node/cache-folder';
import { installCodeCache } from '../engine/node/code-cache';
import { createFactsCache } from '../engine/node/facts-cache';
import { createNodeHost } from '../engine/node/host';
import { createWorkspace } from '../engine/workspace/create-workspace';
import { rules } from '../rules/index';
import { serve } from './server';

// Always the user's own folder: a workspace may not be trusted, and is not written to.
const cacheFolder = userCacheFolder(process.env);
const codeCache = installCodeCache(join(__dirname, 'typescript.cjs'), cacheFolder);
const connection = createConnection(ProposedFeatures.all);

// A promise that nobody waits for, as an answer that a client refuses, is written down and does not end the server.
process.on('unhandledRejection', (error) => connection.console.error(error instanceof Error ? (error.stack ?? error.message) : String(error)));

serve(connection, {
  rules,
  createHost: createNodeHost,
  createWorkspace,
  createCache: (root) => createFactsCache({ folder: cacheFolder, scope: root }),
  onWarm: () => setTimeout(() => codeCache.save(), 1_000).unref(),
  pagesFolder: join(__dirname, '..', 'docs', 'rules'),
  version: packageFile.version,
  today: () => new Date().toISOString().slice(0, 10),
});
