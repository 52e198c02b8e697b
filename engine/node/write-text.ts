// Writes a changed text back, whole or not at all.

import { chmodSync, closeSync, openSync, readSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hasByteOrderMark, reasonOf } from './read-text';

/** Replaces the content of an existing file, keeping its mode and byte order mark. Undefined when done, else a clause that says why not; then the file is as it was. */
export function writeText(path: string, text: string): string | undefined {
  let temporary: string | undefined;
  try {
    const target = realpathSync(path);
    const mark = startsWithMark(target) ? '\ufeff' : '';
    temporary = join(dirname(target), `.holdfast-${process.pid}.tmp`);
    writeFileSync(temporary, mark + text);
    chmodSync(temporary, statSync(target).mode);
    renameSync(temporary, target);
    return undefined;
  } catch (error) {
    discard(temporary);
    return reasonOf(error).replace('to read it', 'to write it').replace('cannot be read', 'cannot be written');
  }
}

function discard(path: string | undefined): void {
  try {
    if (path !== undefined) rmSync(path, { force: true });
  } catch {
    // What cannot be removed was not made by us.
  }
}

function startsWithMark(path: string): boolean {
  const head = new Uint8Array(3);
  const descriptor = openSync(path, 'r');
  try {
    return readSync(descriptor, head, 0, 3, 0) === 3 && hasByteOrderMark(head);
  } finally {
    closeSync(descriptor);
  }
}
