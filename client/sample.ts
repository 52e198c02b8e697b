// A sample to try Holdfast on without a project: opened untitled, so that nothing is written.

import { Uri, window, workspace, type ExtensionContext } from 'vscode';

export async function openSample(context: ExtensionContext): Promise<void> {
  const text = new TextDecoder().decode(await workspace.fs.readFile(Uri.joinPath(context.extensionUri, 'media', 'sample.ts')));
  const document = await workspace.openTextDocument({ language: 'typescript', content: text });
  await window.showTextDocument(document);
}
