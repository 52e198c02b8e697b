// Puts a session and its features onto a connection. Holds no analysis: the engine comes in through the parts.

import { type Connection, type InitializeParams, type InitializeResult, type WorkspaceFolder } from 'vscode-languageserver/node';
import { pathToFileURL } from 'node:url';
import { asRecord, clientFeatures } from './client-features';
import { FILE_OPERATIONS, registerChanges, watchClient } from './features/changes';
import { FIX_ALL_KIND, FIX_ALL_UNSAFE_KIND, registerCodeActions } from './features/code-actions';
import { COMMANDS, registerCommands } from './features/commands';
import { registerPulledDiagnostics, registerPushedDiagnostics } from './features/diagnostics';
import { registerHover } from './features/hover';
import { registerRulePages } from './features/rule-page';
import { registerStatus } from './features/status';
import { PAGE_SCHEME, RulePages } from './rule-pages';
import { Session, type ServerParts } from './session';
import { readSettings } from './settings';

/** Serves one client until it says goodbye. */
export function serve(connection: Connection, parts: ServerParts): void {
  let session: Session | undefined;
  let folders: WorkspaceFolder[] = [];

  connection.onInitialize((params): InitializeResult => {
    const features = clientFeatures(params);
    folders = foldersOf(params);
    const pages = new RulePages(parts.rules, parts.pagesFolder, features.virtualDocuments);
    session = new Session(connection, parts, features, pages, readSettings(asRecord(params.initializationOptions)['settings']));
    registerCodeActions(session);
    registerCommands(session);
    registerHover(session);
    registerChanges(session);
    registerStatus(session);
    if (features.virtualDocuments) registerRulePages(session);
    if (features.pullsDiagnostics) registerPulledDiagnostics(session);
    else registerPushedDiagnostics(session);
    session.documents.listen(connection);
    return initializeResult(session);
  });

  connection.onInitialized(() => {
    const current = session;
    if (!current) return;
    void current.start(folders).catch((error: unknown) => current.reportFailure('the start', error));
    void watchClient(current).catch((error: unknown) => current.reportFailure('client/registerCapability', error));
  });

  connection.onShutdown(() => session?.dispose());
  connection.listen();
}

function initializeResult({ features, parts, syncKind }: Session): InitializeResult {
  return {
    serverInfo: { name: 'Holdfast', version: parts.version },
    capabilities: {
      positionEncoding: features.encoding,
      textDocumentSync: { openClose: true, change: syncKind, save: { includeText: false } },
      ...(features.pullsDiagnostics ? { diagnosticProvider: { identifier: 'holdfast', interFileDependencies: true, workspaceDiagnostics: true } } : {}),
      codeActionProvider: { codeActionKinds: ['quickfix', FIX_ALL_KIND, FIX_ALL_UNSAFE_KIND], resolveProvider: features.resolvesEdits },
      hoverProvider: true,
      executeCommandProvider: { commands: Object.values(COMMANDS) },
      workspace: {
        workspaceFolders: { supported: true, changeNotifications: true },
        fileOperations: { didRename: FILE_OPERATIONS, didDelete: FILE_OPERATIONS },
        ...(features.virtualDocuments ? { textDocumentContent: { schemes: [PAGE_SCHEME] } } : {}),
      },
    },
  };
}

function foldersOf(params: InitializeParams): WorkspaceFolder[] {
  if (params.workspaceFolders && params.workspaceFolders.length > 0) return params.workspaceFolders;
  const uri = params.rootUri ?? (params.rootPath ? pathToFileURL(params.rootPath).href : undefined);
  return uri ? [{ uri, name: '' }] : [];
}
