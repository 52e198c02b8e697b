// The engine's host on Node: lists by git where it can, reads synchronously, never throws on what it finds.

import { lstatSync, statSync, type Stats } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import type { FileEntry, Host, ListProblem, ReadOutcome } from '../host';
import { folderOf } from '../model/paths';
import { gitFiles, gitTop } from './git-files';
import { isBelowNeverRead } from './ignored-folders';
import { readText } from './read-text';
import { ignoreOf, walk } from './walk';

/** A file whose stamp is younger than this may change again within one tick of the file system's clock. */
const RACY_MS = 2_000;
let racy = 0;

/** A host over the folder `root` (absolute or relative to the working folder). Paths in and out are relative to it, with `/`. */
export function createNodeHost(root: string): Host {
  const top = resolve(root);
  return {
    above: foldersAbove(top),
    async list(paths, accepts, signal) {
      const listed = await listFiles(top, signal);
      const files: FileEntry[] = [];
      let count = 0;
      for (const path of listed.files) {
        if ((++count & 1023) === 0) signal?.throwIfAborted();
        if (!isBelow(path, paths) || !accepts(path)) continue;
        const entry = entryOf(top, path, lstatSync);
        if (entry) files.push(entry);
      }
      return { files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), problems: listed.problems };
    },
    read: (entry: FileEntry): ReadOutcome => readText(join(top, entry.path)),
    stat: (path: string) => entryOf(top, path, statSync),
    pause: () => new Promise((done) => setImmediate(done)),
  };
}

async function listFiles(top: string, signal?: AbortSignal): Promise<{ files: string[]; problems: ListProblem[] }> {
  const tracked = gitTop(top) === undefined ? undefined : await gitFiles(top, signal);
  signal?.throwIfAborted();
  // No file at all: the folder itself is ignored by the repository around it, and yet it was asked for.
  if (tracked === undefined || (tracked.files.length === 0 && tracked.problems.length === 0)) return walk(top, '', ['.gitignore', '.holdfastignore'], signal);
  const files: string[] = [];
  const problems: ListProblem[] = [...tracked.problems];
  const ignore = holdfastIgnore(top, tracked.files);
  for (const path of tracked.files) {
    if (isBelowNeverRead(path)) continue;
    if (path.endsWith('/') || isFolder(join(top, path))) {
      // A repository inside the repository (a submodule, a nested checkout): git names only its folder.
      const folder = path.replace(/\/$/, '');
      if (isBelowNeverRead(`${folder}/x`)) continue;
      const inside = walk(top, folder, ['.gitignore', '.holdfastignore'], signal);
      files.push(...inside.files.filter((file) => !ignore(file)));
      problems.push(...inside.problems);
    } else if (!ignore(path)) {
      files.push(path);
    }
  }
  return { files, problems };
}

/** What the .holdfastignore files of a listing leave out. */
function holdfastIgnore(top: string, files: readonly string[]): (path: string) => boolean {
  const ignores = files
    .filter((path) => path === '.holdfastignore' || path.endsWith('/.holdfastignore'))
    .map((path) => ({ folder: folderOf(path), ignore: ignoreOf(top, folderOf(path), '.holdfastignore') }));
  return (path) => ignores.some(({ folder, ignore }) => (folder === '' || path.startsWith(`${folder}/`)) && ignore(path));
}

function entryOf(top: string, path: string, stat: (path: string) => Stats): FileEntry | undefined {
  try {
    const found = stat(join(top, path));
    if (!found.isFile()) return undefined;
    const changed = Math.max(found.mtimeMs, found.ctimeMs);
    const stamp = `${found.size}:${found.mtimeMs}:${found.ctimeMs}:${found.ino}`;
    return { path, size: found.size, stamp: Date.now() - changed < RACY_MS ? `${stamp}:${++racy}` : stamp };
  } catch {
    return undefined;
  }
}

function isFolder(path: string): boolean {
  // Only names without an extension can be submodules; a stat of every file would double the cost of listing.
  if (/\.[a-z0-9]+$/i.test(path)) return false;
  try {
    return lstatSync(path).isDirectory();
  } catch {
    return false;
  }
}

function isBelow(path: string, folders: readonly string[]): boolean {
  return folders.length === 0 || folders.some((folder) => folder === '' || folder === '.' || path === folder || path.startsWith(`${folder}/`));
}

/** Folders between the root and the top of its repository, nearest first: configuration may stand there. */
function foldersAbove(top: string): { path: string; prefix: string }[] {
  const repository = gitTop(top);
  if (repository === undefined) return [];
  const names = relative(repository, top).split(sep).filter((part) => part !== '');
  return names.map((_, index) => ({ path: Array.from({ length: index + 1 }, () => '..').join('/'), prefix: names.slice(names.length - index - 1).join('/') }));
}
