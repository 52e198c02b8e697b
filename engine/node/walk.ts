// Lists files without git: a walk of our own that honours .gitignore and .holdfastignore and never follows a symbolic link to a folder, so that loops end.

import { readdirSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import type { ListProblem } from '../host';
import { compileIgnore, type PathTest } from '../patterns';
import { isNeverRead } from './ignored-folders';
import { readText, reasonOf } from './read-text';

const DEEPEST = 64;
const MOST_FILES = 2_000_000;

/** Files below `folder` (relative to `root`, `''` = the root itself), ignored ones left out. `honours` names the ignore files to read. */
export function walk(root: string, folder: string, honours: readonly string[], signal?: AbortSignal): { files: string[]; problems: ListProblem[] } {
  const files: string[] = [];
  const problems: ListProblem[] = [];
  visit(folder, [], 0);
  return { files, problems };

  function visit(at: string, inherited: readonly PathTest[], depth: number): void {
    signal?.throwIfAborted();
    let entries: Dirent[];
    try {
      entries = readdirSync(join(root, at), { withFileTypes: true });
    } catch (error) {
      problems.push({ path: at === '' ? '.' : at, because: reasonOf(error) });
      return;
    }
    const own = honours.filter((name) => entries.some((entry) => entry.name === name && entry.isFile())).map((name) => ignoreOf(root, at, name));
    const ignores = own.length === 0 ? inherited : [...inherited, ...own];
    for (const entry of entries) {
      const path = at === '' ? entry.name : `${at}/${entry.name}`;
      if (entry.isDirectory()) {
        if (isNeverRead(entry.name) || ignores.some((ignore) => ignore(path, true))) continue;
        if (depth >= DEEPEST) problems.push({ path, because: `more than ${DEEPEST} folders deep` });
        else visit(path, ignores, depth + 1);
      } else if (entry.isFile() && files.length < MOST_FILES && !ignores.some((ignore) => ignore(path))) {
        files.push(path);
      }
    }
  }
}

/** The patterns of one ignore file, asked with paths relative to the root. */
export function ignoreOf(root: string, folder: string, name: string): PathTest {
  const read = readText(join(root, folder, name));
  if (read.kind === 'problem') return () => false;
  const ignores = compileIgnore(read.text.split('\n'));
  const prefix = folder === '' ? 0 : folder.length + 1;
  return (path, isFolder) => ignores(path.slice(prefix), isFolder);
}
