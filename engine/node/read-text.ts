// Reads one file as UTF-8 text. Synchronous on purpose: for thousands of small files that is several times faster than promises.

import { isAscii, isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { ReadOutcome } from '../host';

const BINARY_PROBE = 8_192;
const LARGEST = 256 * 1024 * 1024;
let buffer = Buffer.allocUnsafe(256 * 1024);

/**
 * Text and content hash of a file. A byte order mark is left out of the text, as editors do, so offsets count from the character after it; `writeText` keeps it.
 * Everything that cannot be text becomes a problem: a NUL in the first 8 kB, invalid UTF-8, no permission, no regular file.
 */
export function readText(path: string): ReadOutcome {
  const bytes = readBytes(path);
  if (typeof bytes === 'string') return { kind: 'problem', because: bytes };
  if (bytes.subarray(0, BINARY_PROBE).includes(0)) return { kind: 'problem', because: 'binary: a NUL byte in the first 8 kB' };
  const hash = createHash('sha1').update(bytes).digest('base64url');
  if (isAscii(bytes)) return { kind: 'text', text: bytes.toString('latin1'), hash };
  if (!isUtf8(bytes)) return { kind: 'problem', because: 'not valid UTF-8' };
  return { kind: 'text', text: bytes.toString('utf8', hasByteOrderMark(bytes) ? 3 : 0), hash };
}

/** Whether the bytes begin with the UTF-8 byte order mark. */
export function hasByteOrderMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

/** The bytes, in a buffer that the next call uses again; or a clause that says why not. */
function readBytes(path: string): Buffer | string {
  let descriptor: number | undefined;
  try {
    // A pipe opened without O_NONBLOCK would wait for a writer for ever.
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) return 'not a regular file';
    if (stat.size > LARGEST) return `${Math.round(stat.size / 1e6)} MB, more than can be held`;
    if (stat.size + 1 > buffer.length) buffer = Buffer.allocUnsafe(Math.min(LARGEST + 1, (stat.size + 1) * 2));
    let length = 0;
    // Bounded by the buffer: a file that grows while it is read is cut there and read again when its stamp changes.
    while (length < buffer.length) {
      const got = readSync(descriptor, buffer, length, buffer.length - length, length);
      if (got === 0) break;
      length += got;
    }
    return buffer.subarray(0, length);
  } catch (error) {
    return reasonOf(error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** A clause for an error of the file system. */
export function reasonOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return 'no permission to read it';
    case 'ENOENT':
      return 'it is no longer there';
    case 'ELOOP':
      return 'a loop of symbolic links';
    case 'ENAMETOOLONG':
      return 'its name is too long';
    case 'EMFILE':
    case 'ENFILE':
      return 'too many open files';
    default:
      return code === '' ? 'it cannot be read' : `it cannot be read (${code})`;
  }
}
