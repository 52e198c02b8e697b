// Keeps V8's compiled form of one large script of ours (the TypeScript parser) between runs: its load falls from half a second to a tenth.
// The file is made at the first run and never shipped; any failure of it is a load without it.

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import v8 from 'node:v8';
import vm from 'node:vm';

export interface CodeCache {
  /** Writes the cache where the script was loaded without one. Called after the script has done some work, so that functions compiled on the way are in it. Takes about 50 ms, once. */
  save(): void;
}

const MOST_FILES = 4;

/**
 * Makes the next `require` of `file` (absolute, CommonJS) use a compiled form kept in `folder`. Nothing is read before that `require`.
 * The folder must be the user's own and never lie in a workspace: who can write the cache decides what is run.
 */
export function installCodeCache(file: string, folder: string): CodeCache {
  const require = createRequire(file);
  let script: vm.Script | undefined;
  let path: string | undefined;
  let loaded: { exports: unknown } | undefined;

  const entry = new Module(file);
  entry.filename = file;
  entry.loaded = true;
  Object.defineProperty(entry, 'exports', { get: () => (loaded ??= load()).exports });
  require.cache[file] = entry;

  return {
    save() {
      if (script && path !== undefined && script.cachedDataRejected !== false) write(folder, path, script);
    },
  };

  function load(): { exports: unknown } {
    path = join(folder, nameOf(file));
    const data = readOwn(path);
    script = new vm.Script(Module.wrap(readFileSync(file, 'utf8')), { filename: file, ...(data ? { cachedData: data } : {}) });
    const module: { exports: unknown } = { exports: {} };
    const run = script.runInThisContext() as (exports: unknown, require: NodeJS.Require, module: unknown, filename: string, dirname: string) => void;
    run.call(module.exports, module.exports, require, module, file, dirname(file));
    return module;
  }
}

/** V8 itself checks only the length of the source, so size and time of the script are part of the name; the tag covers version, flags and processor. */
function nameOf(file: string): string {
  const { size, mtimeMs } = statSync(file);
  const script = createHash('sha1').update(`${file} ${size} ${mtimeMs}`).digest('hex').slice(0, 12);
  return `code-${v8.cachedDataVersionTag().toString(16)}-${script}.bin`;
}

/** The file's bytes where it belongs to this user alone. */
function readOwn(path: string): Buffer | undefined {
  try {
    const { uid, mode } = statSync(path);
    const isOwn = process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
    return isOwn ? readFileSync(path) : undefined;
  } catch {
    return undefined;
  }
}

function write(folder: string, path: string, script: vm.Script): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(temporary, script.createCachedData(), { mode: 0o600 });
    renameSync(temporary, path);
    removeOldest(folder);
  } catch {
    discard(temporary);
  }
}

function discard(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // A folder on the way that is a file: then there is nothing to remove.
  }
}

function removeOldest(folder: string): void {
  const names = readdirSync(folder).filter((name) => /^code-.*\.(bin|tmp)$/.test(name));
  if (names.length <= MOST_FILES) return;
  const byAge = names.map((name) => ({ name, time: statSync(join(folder, name)).mtimeMs })).sort((a, b) => b.time - a.time);
  for (const { name } of byAge.slice(MOST_FILES)) rmSync(join(folder, name), { force: true });
}
