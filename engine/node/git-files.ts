// Lists the files of a git work tree that git does not ignore, by git itself: exact ignore rules for the price of a walk.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ListProblem } from '../host';

const TIME_LIMIT_MS = 20_000;
const OUTPUT_LIMIT = 512 * 1024 * 1024;

/** The nearest folder at or above `root` that holds `.git`, if any. */
export function gitTop(root: string): string | undefined {
  let folder = root;
  for (let depth = 0; depth < 64; depth++) {
    if (existsSync(join(folder, '.git'))) return folder;
    const above = dirname(folder);
    if (above === folder) return undefined;
    folder = above;
  }
  return undefined;
}

export interface GitListing {
  readonly files: readonly string[];
  readonly problems: readonly ListProblem[];
}

/** Tracked and untracked files below `root`, relative to it, ignored ones left out; undefined where git is absent, refuses or takes too long. */
export async function gitFiles(root: string, signal?: AbortSignal): Promise<GitListing | undefined> {
  // fsmonitor may name a program of the repository's own choice: nothing of the workspace is run.
  const options = ['-c', 'core.fsmonitor=false', '-c', 'core.quotePath=false'];
  return new Promise((resolve) => {
    execFile(
      'git',
      [...options, 'ls-files', '-co', '--exclude-standard', '-z', '--deduplicate'],
      { cwd: root, encoding: 'utf8', timeout: TIME_LIMIT_MS, maxBuffer: OUTPUT_LIMIT, windowsHide: true, env: { ...process.env, GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' }, ...(signal ? { signal } : {}) },
      (error, output, complaints) => resolve(error ? undefined : { files: output.split('\0').filter((path) => path !== ''), problems: unreadableFolders(complaints) }),
    );
  });
}

/** Folders that git could not open, from what it says on standard error. */
export function unreadableFolders(complaints: string): ListProblem[] {
  return complaints.split('\n').flatMap((line) => {
    const match = /^warning: could not open directory '(.*)\/': (.*)$/.exec(line);
    return match?.[1] === undefined ? [] : [{ path: match[1], because: match[2] === 'Permission denied' ? 'no permission to read it' : 'it cannot be read' }];
  });
}
