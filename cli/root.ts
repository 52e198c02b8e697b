// Which folder is linted when paths are given. Everything in it is read, since a finding may need a file that was not named; the paths only choose what is reported.

import { existsSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { gitTop } from '../engine/node/git-files';

export interface Root {
  /** Absolute. */
  readonly folder: string;
  /** Relative to the folder, with `/`; empty = everything. */
  readonly paths: readonly string[];
}

const MARKS = ['.git', 'package.json', 'holdfast.yaml', 'holdfast.json', 'compose.yaml', 'docker-compose.yml'];

/** The folder and the paths in it, or the first path that does not exist. */
export function chooseRoot(workingFolder: string, paths: readonly string[]): Root | { readonly missing: string } {
  const missing = paths.find((path) => !existsSync(resolve(workingFolder, path)));
  if (missing !== undefined) return { missing };
  const absolute = paths.map((path) => resolve(workingFolder, path));
  const folder = rootOf(workingFolder, absolute);
  const within = absolute.map((path) => relative(folder, path).split(sep).join('/'));
  return { folder, paths: within.includes('') ? [] : within };
}

/**
 * The working folder, unless it is no project itself or the paths lie elsewhere: a single folder with a repository of its own, or one below a folder of projects, is a root,
 * so that `holdfast some-service` in a folder of clones does not read all of them.
 */
function rootOf(workingFolder: string, paths: readonly string[]): string {
  const [first] = paths;
  if (first === undefined) return workingFolder;
  const isInside = paths.every((path) => isBelow(path, workingFolder));
  if (paths.length === 1 && isFolder(first)) {
    if (existsSync(join(first, '.git'))) return first;
    const isProject = gitTop(workingFolder) !== undefined || MARKS.some((mark) => existsSync(join(workingFolder, mark)));
    return isInside && isProject ? workingFolder : first;
  }
  if (isInside) return workingFolder;
  const common = paths.map((path) => (isFolder(path) ? path : dirname(path))).reduce(commonFolder);
  return gitTop(common) ?? common;
}

function commonFolder(a: string, b: string): string {
  let folder = a;
  while (!isBelow(b, folder)) folder = dirname(folder);
  return folder;
}

function isBelow(path: string, folder: string): boolean {
  const between = relative(folder, path);
  return !between.startsWith(`..${sep}`) && between !== '..' && !isAbsolute(between);
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** From one folder to another below it, with `/`; undefined where the other lies elsewhere. */
export function pathBetween(folder: string, other: string): string | undefined {
  return isBelow(other, folder) ? relative(folder, other).split(sep).join('/') : undefined;
}
