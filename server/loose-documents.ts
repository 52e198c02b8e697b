// Documents that lie in no workspace folder, and untitled ones: a host that knows only what is open, so that nothing around them is read.

import { createHash } from 'node:crypto';
import type { FileEntry, Host } from '../engine/host';
import type { OpenDocument } from './folder';

const EXTENSIONS: Readonly<Record<string, string>> = {
  typescript: '.ts',
  typescriptreact: '.tsx',
  javascript: '.js',
  javascriptreact: '.jsx',
  yaml: '.yaml',
  dockercompose: '.yaml',
  dockerfile: '.dockerfile',
};

/** A path for a document without a folder; undefined for schemes that are no text of a person's own. */
export function loosePath(uri: string, languageId: string): string | undefined {
  if (uri.startsWith('untitled:')) {
    const name = decode(uri.slice('untitled:'.length)).replace(/^\/+/, '');
    const extension = EXTENSIONS[languageId];
    if (extension === undefined) return undefined;
    return `untitled/${name}${name.endsWith(extension) ? '' : extension}`;
  }
  if (!uri.startsWith('file:')) return undefined;
  return decode(uri.slice('file:'.length)).replace(/^\/+/, '');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A host over open documents. */
export function createLooseHost(documents: () => ReadonlyMap<string, OpenDocument>): Host {
  const entryOf = (path: string, document: OpenDocument): FileEntry => ({ path, size: document.text.length, stamp: `${document.version}` });
  return {
    list(_paths, accepts) {
      const files = [...documents()].filter(([path]) => accepts(path)).map(([path, document]) => entryOf(path, document));
      return Promise.resolve({ files, problems: [] });
    },
    read(entry) {
      const document = documents().get(entry.path);
      if (!document) return { kind: 'problem', because: 'it is closed' };
      return { kind: 'text', text: document.text, hash: createHash('sha1').update(document.text).digest('hex') };
    },
    stat(path) {
      const document = documents().get(path);
      return document && entryOf(path, document);
    },
  };
}
