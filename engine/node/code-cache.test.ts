import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { userCacheFolder } from './cache-folder';
import { installCodeCache } from './code-cache';

let folder: string;
let script: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-'));
  script = join(folder, 'script.cjs');
  writeFileSync(script, "const { sep } = require('node:path'); module.exports = { answer: [1, 2].map((x) => x * 21)[1], sep, file: __filename };\n");
  // A whole second: the time can be set again without losing its fraction.
  utimesSync(script, 1_000, 1_000);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Loads the script through a cache in `cache` and saves it. */
function load(cache = join(folder, 'cache')): unknown {
  const codeCache = installCodeCache(script, cache);
  const loaded: unknown = createRequire(script)(script);
  codeCache.save();
  return loaded;
}

function cacheFile(): string {
  const [name = ''] = readdirSync(join(folder, 'cache'));
  return join(folder, 'cache', name);
}

describe('the compiled form of a script', () => {
  it('gives the same exports with and without it', () => {
    const first = load();
    expect(first).toMatchObject({ answer: 42, file: script });
    expect(load()).toEqual(first);
  });

  it('is written once and then used', () => {
    load();
    utimesSync(cacheFile(), 1, 1);
    load();
    expect(statSync(cacheFile()).mtimeMs).toBe(1000);
  });

  it('is not made where the script was never asked for', () => {
    installCodeCache(script, join(folder, 'cache')).save();
    expect(() => readdirSync(join(folder, 'cache'))).toThrow();
  });

  it('is replaced where it is damaged', () => {
    // A time in whole milliseconds: only such a one can be set again.
    utimesSync(script, new Date(1_700_000_000_000), new Date(1_700_000_000_000));
    load();
    writeFileSync(cacheFile(), 'damaged');
    // Another text of the same size and time: what this process compiled before does not answer for it.
    const { mtime } = statSync(script);
    writeFileSync(script, readFileSync(script, 'utf8').replace('21', '22'));
    utimesSync(script, mtime, mtime);
    expect(load()).toMatchObject({ answer: 44 });
    expect(statSync(cacheFile()).size).toBeGreaterThan(100);
  });

  it('belongs to one state of the script', () => {
    load();
    writeFileSync(script, 'module.exports = 2;\n');
    expect(load()).toBe(2);
    expect(readdirSync(join(folder, 'cache')).length).toBe(2);
  });

  it('is left out without a word where it cannot be written', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(load(join(folder, 'file'))).toMatchObject({ answer: 42 });
  });
});

describe('the folder of caches', () => {
  it('follows the custom of each system', () => {
    expect(userCacheFolder({ XDG_CACHE_HOME: '/x' }, 'linux')).toBe(join('/x', 'holdfast'));
    expect(userCacheFolder({ LOCALAPPDATA: '/l' }, 'win32')).toBe(join('/l', 'holdfast'));
    expect(userCacheFolder({}, 'darwin')).toMatch(/Library.Caches.holdfast$/);
    expect(userCacheFolder({}, 'linux')).toMatch(/\.cache.holdfast$/);
  });
});
