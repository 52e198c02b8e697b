// Writes a first holdfast.yaml into a folder that has none, and opens it.

import { FileType, Uri, window, workspace, type ExtensionContext } from 'vscode';

const NAMES = ['holdfast.yaml', 'holdfast.json', 'holdfast.jsonc'];

export async function createConfiguration(context: ExtensionContext): Promise<void> {
  const folder = workspace.workspaceFolders?.length === 1 ? workspace.workspaceFolders[0] : await window.showWorkspaceFolderPick({ placeHolder: 'Where?' });
  if (!folder) {
    if (!workspace.workspaceFolders) void window.showInformationMessage('Open a folder first: holdfast.yaml stands at its root.');
    return;
  }
  for (const name of NAMES) {
    const existing = Uri.joinPath(folder.uri, name);
    if (await exists(existing)) {
      await window.showTextDocument(existing);
      return;
    }
  }
  const created = Uri.joinPath(folder.uri, 'holdfast.yaml');
  await workspace.fs.copy(Uri.joinPath(context.extensionUri, 'media', 'holdfast.yaml'), created);
  await window.showTextDocument(created);
}

async function exists(uri: Uri): Promise<boolean> {
  try {
    return (await workspace.fs.stat(uri)).type !== FileType.Unknown;
  } catch {
    return false;
  }
}
