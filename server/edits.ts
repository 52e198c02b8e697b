// Text edits of the engine as workspace edits of the protocol: versioned, with tab stops and annotations where the client has them.

import type {
  AnnotatedTextEdit,
  ChangeAnnotation,
  CreateFile,
  SnippetTextEdit,
  TextDocumentEdit,
  TextEdit as ProtocolEdit,
  WorkspaceEdit,
} from 'vscode-languageserver/node';
import type { TextEdit } from '../engine/text';
import type { ClientFeatures } from './client-features';
import type { Folder } from './folder';
import { locate, toRange } from './positions';

export interface EditOptions {
  /** Tab stops may be made; never in fix-all, where nobody could step through them. */
  readonly withSnippets: boolean;
  /** The file at hand: edits of any other file ask for confirmation, named by `label`. */
  readonly from?: string;
  readonly label?: string;
}

/** A workspace edit on the current texts of `folder`; undefined where the client cannot make it (a new file without `create`). */
export function toWorkspaceEdit(
  folder: Folder,
  edits: ReadonlyMap<string, readonly TextEdit[]>,
  features: ClientFeatures,
  options: EditOptions,
): WorkspaceEdit | undefined {
  const changes: Record<string, ProtocolEdit[]> = {};
  const documentChanges: (TextDocumentEdit | CreateFile)[] = [];
  const annotations: Record<string, ChangeAnnotation> = {};
  for (const [path, fileEdits] of edits) {
    const uri = folder.uriOf(path);
    const text = folder.documents.get(path)?.text ?? folder.workspace.textOf(path);
    if (text === undefined) {
      if (!features.createsFiles || !features.documentChanges) return undefined;
      documentChanges.push({ kind: 'create', uri, options: { ignoreIfExists: true } });
    }
    const isOther = options.from !== undefined && path !== options.from;
    const annotation = isOther && features.changeAnnotations ? `other-${path}` : undefined;
    if (annotation !== undefined) annotations[annotation] = { label: `${path}: ${lowerFirst(options.label ?? 'change')}`, needsConfirmation: true };
    const located = locate(text ?? '');
    const made = fileEdits.map((edit) =>
      toProtocolEdit(edit, toRange(located, edit.span, features.encoding), options.withSnippets && features.snippets && !isOther, annotation),
    );
    changes[uri] = made.map((edit) => ('newText' in edit ? { range: edit.range, newText: edit.newText } : { range: edit.range, newText: '' }));
    documentChanges.push({ textDocument: { uri, version: folder.documents.get(path)?.version ?? null }, edits: made });
  }
  if (!features.documentChanges) return { changes };
  return { documentChanges, ...(Object.keys(annotations).length === 0 ? {} : { changeAnnotations: annotations }) };
}

function toProtocolEdit(
  edit: TextEdit,
  range: ProtocolEdit['range'],
  asSnippet: boolean,
  annotationId: string | undefined,
): ProtocolEdit | AnnotatedTextEdit | SnippetTextEdit {
  if (asSnippet && edit.placeholders && edit.placeholders.length > 0) return { range, snippet: { kind: 'snippet', value: toSnippet(edit) } };
  return { range, newText: edit.newText, ...(annotationId === undefined ? {} : { annotationId }) };
}

/** Snippet text: placeholders become tab stops in their order, everything else stands for itself. */
export function toSnippet(edit: TextEdit): string {
  const stops = [...(edit.placeholders ?? [])].sort((a, b) => a[0] - b[0]);
  let result = '';
  let at = 0;
  let number = 0;
  for (const [start, end] of stops) {
    if (start < at) continue;
    number++;
    result += `${escapeSnippet(edit.newText.slice(at, start))}\${${number}:${escapeSnippet(edit.newText.slice(start, end))}}`;
    at = end;
  }
  return result + escapeSnippet(edit.newText.slice(at));
}

function escapeSnippet(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
