// What changes around the documents: files on disk, settings and folders. Watching is asked of the client, which already does it for the editor.

import {
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type FileOperationRegistrationOptions,
  type FileSystemWatcher,
} from 'vscode-languageserver/node';
import { asRecord } from '../client-features';
import { pathOfUri, relativePath } from '../paths';
import type { Session } from '../session';

/** Only files that the engine reads, and those that decide what it reads. */
const PATTERNS = [
  '**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}',
  '**/*.{yaml,yml,json,jsonc}',
  '**/{Dockerfile,dockerfile,Containerfile,containerfile}*',
  '**/*.{Dockerfile,dockerfile,Containerfile,containerfile}',
  '**/{.holdfastignore,.gitignore,yarn.lock}',
];

/** Folders that are never read: their changes come in floods. */
const NEVER = /(^|\/)(node_modules|\.git)(\/|$)/;

/** Folders are renamed and removed without an event for each file in them. */
export const FILE_OPERATIONS: FileOperationRegistrationOptions = { filters: [{ scheme: 'file', pattern: { glob: '**', matches: 'folder' } }] };

export function registerChanges(session: Session): void {
  const { connection } = session;
  connection.onDidChangeConfiguration(({ settings }) => {
    void session.configure(session.features.configuration ? undefined : asRecord(settings)['holdfast']);
  });
  connection.onDidChangeWatchedFiles(({ changes }) =>
    noteChanges(
      session,
      changes.map(({ uri }) => uri),
    ),
  );
  const noteFolders = (): void => {
    for (const folder of session.folders.values()) folder.changed('all');
  };
  connection.workspace.onDidRenameFiles(noteFolders);
  connection.workspace.onDidDeleteFiles(noteFolders);
}

/** To be called once the client has said it is initialised. */
export async function watchClient(session: Session): Promise<void> {
  const { connection, features } = session;
  if (features.changesConfiguration) await connection.client.register(DidChangeConfigurationNotification.type, { section: 'holdfast' });
  if (features.watchesFiles)
    await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: PATTERNS.map((globPattern): FileSystemWatcher => ({ globPattern })) });
  if (features.workspaceFolders) {
    connection.workspace.onDidChangeWorkspaceFolders(async ({ added, removed }) => {
      for (const { uri } of removed) session.removeFolder(uri);
      for (const { uri } of added) await session.addFolder(uri);
    });
  }
}

function noteChanges(session: Session, uris: readonly string[]): void {
  for (const folder of session.folders.values()) {
    const paths: string[] = [];
    let isBroad = false;
    for (const uri of uris) {
      const path = pathOfUri(uri);
      const inside = path === undefined ? undefined : relativePath(folder.options.root, path);
      if (inside === undefined || inside === '' || NEVER.test(inside)) continue;
      if (/(^|\/)\.(holdfast|git)ignore$/.test(inside)) isBroad = true;
      paths.push(inside);
    }
    if (isBroad) folder.changed('all');
    else if (paths.length > 0) folder.changed(paths);
  }
}
