// What the client can do, read once from its `initialize` request.

import { type InitializeParams, type PositionEncodingKind } from 'vscode-languageserver/node';

export type Encoding = 'utf-16' | 'utf-8' | 'utf-32';

export interface ClientFeatures {
  /** Asks for diagnostics; otherwise they are pushed. Never both. */
  readonly pullsDiagnostics: boolean;
  readonly refreshesDiagnostics: boolean;
  readonly linksCodes: boolean;
  readonly relatedInformation: boolean;
  readonly tagsUnnecessary: boolean;
  readonly codeActionLiterals: boolean;
  readonly resolvesEdits: boolean;
  readonly documentChanges: boolean;
  readonly createsFiles: boolean;
  readonly changeAnnotations: boolean;
  readonly snippets: boolean;
  readonly appliesEdits: boolean;
  readonly markdownHover: boolean;
  readonly workDoneProgress: boolean;
  readonly configuration: boolean;
  readonly changesConfiguration: boolean;
  readonly watchesFiles: boolean;
  readonly relativePatterns: boolean;
  readonly workspaceFolders: boolean;
  readonly showsDocuments: boolean;
  readonly virtualDocuments: boolean;
  readonly encoding: Encoding;
  /** Commands that the client runs itself, named in its initialisation options: `holdfast.explainRule`. */
  readonly ownCommands: ReadonlySet<string>;
  /** Wants `holdfast/status` notifications. */
  readonly wantsStatus: boolean;
}

/** Reads the client's capabilities. Anything that is not announced counts as absent. */
export function clientFeatures(params: InitializeParams): ClientFeatures {
  const { textDocument, workspace, window, general } = params.capabilities;
  const options = asRecord(params.initializationOptions);
  const edits = workspace?.workspaceEdit;
  return {
    pullsDiagnostics: textDocument?.diagnostic !== undefined,
    refreshesDiagnostics: workspace?.diagnostics?.refreshSupport === true,
    linksCodes: (textDocument?.diagnostic?.codeDescriptionSupport ?? textDocument?.publishDiagnostics?.codeDescriptionSupport) === true,
    relatedInformation: (textDocument?.diagnostic?.relatedInformation ?? textDocument?.publishDiagnostics?.relatedInformation) === true,
    tagsUnnecessary: (textDocument?.diagnostic?.tagSupport ?? textDocument?.publishDiagnostics?.tagSupport) !== undefined,
    codeActionLiterals: textDocument?.codeAction?.codeActionLiteralSupport !== undefined,
    resolvesEdits: textDocument?.codeAction?.resolveSupport?.properties.includes('edit') === true && textDocument.codeAction.dataSupport === true,
    documentChanges: edits?.documentChanges === true,
    createsFiles: edits?.resourceOperations?.includes('create') === true,
    changeAnnotations: edits?.changeAnnotationSupport !== undefined && edits.documentChanges === true,
    snippets: edits?.snippetEditSupport === true && edits.documentChanges === true,
    appliesEdits: workspace?.applyEdit === true,
    markdownHover: textDocument?.hover?.contentFormat?.includes('markdown') === true,
    workDoneProgress: window?.workDoneProgress === true,
    configuration: workspace?.configuration === true,
    changesConfiguration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    watchesFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    relativePatterns: workspace?.didChangeWatchedFiles?.relativePatternSupport === true,
    workspaceFolders: workspace?.workspaceFolders === true,
    showsDocuments: window?.showDocument?.support === true,
    virtualDocuments: workspace?.textDocumentContent !== undefined,
    encoding: chooseEncoding(general?.positionEncodings),
    ownCommands: new Set(asStrings(options['commands'])),
    wantsStatus: options['status'] === true,
  };
}

/** UTF-16 is the engine's own and is taken wherever the client knows it. */
function chooseEncoding(offered: readonly PositionEncodingKind[] | undefined): Encoding {
  if (!offered || offered.length === 0 || offered.includes('utf-16')) return 'utf-16';
  return offered.find((kind): kind is Encoding => kind === 'utf-8' || kind === 'utf-32') ?? 'utf-16';
}

/** The value as a record of unknown values; anything else counts as empty. */
export function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The strings of a list; anything else counts as empty. */
export function asStrings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
