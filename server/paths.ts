// URIs of the protocol to paths relative to a folder, and back.

import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of a `file:` URI; undefined for any other scheme or a URI that names no path. */
export function pathOfUri(uri: string): string | undefined {
  if (!uri.startsWith('file:')) return undefined;
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined;
  }
}

/** `path` relative to `root` with `/`; undefined when it lies outside. The root itself is the empty string. */
export function relativePath(root: string, path: string): string | undefined {
  const found = relative(root, path);
  if (found === '..' || found.startsWith(`..${sep}`) || (sep === '\\' && /^[a-z]:/i.test(found))) return undefined;
  return found.split(sep).join('/');
}

/** `file:` URI of a path relative to `root`, written as editors write it: every character that need not stand bare is encoded. */
export function uriOfPath(root: string, path: string): string {
  const whole = path === '' ? root : `${root}/${path}`;
  const segments = whole
    .split(sep)
    .join('/')
    .replace(/^([a-z]):/i, (drive) => drive.toLowerCase())
    .split('/')
    .map(encodeSegment);
  return `file://${segments[0] === '' ? '' : '/'}${segments.join('/')}`;
}

function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
