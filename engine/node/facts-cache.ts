// The facts cache on disk: one text file of lines `key TAB value`. Any failure of it is a miss; it never stops a run.

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FactsCache } from '../host';

export interface FactsCacheOptions {
  /** Folder to keep it in; made when it is absent. */
  readonly folder: string;
  /** What distinguishes one workspace from another, usually the root's absolute path. */
  readonly scope: string;
  /** Changes with every build of the program, so that facts of another one are never used; the running script's size and time where absent. */
  readonly program?: string;
  readonly maximumBytes?: number;
}

const HEADER = '#holdfast-facts 1';
const MAXIMUM_BYTES = 128_000_000;
/** Files of other workspaces and older programs that may stay beside the own one. */
const MOST_FILES = 12;

/** Opens the cache of a workspace. The file is read once, at the first question, and values are cut out of it on demand. */
export function createFactsCache(options: FactsCacheOptions): FactsCache {
  const maximum = options.maximumBytes ?? MAXIMUM_BYTES;
  const program = options.program ?? programIdentity();
  const path = join(options.folder, `facts-${hash(options.scope)}-${hash(program)}.tsv`);
  const fresh = new Map<string, string>();
  const used = new Set<string>();
  let stored: Map<string, string> | undefined;
  let isDirty = false;

  return {
    get(key) {
      const line = escape(key);
      const value = fresh.get(line) ?? load().get(line);
      if (value !== undefined) used.add(line);
      return value;
    },
    set(key, value) {
      if (/[\n\r]/.test(value)) return;
      fresh.set(escape(key), value);
      isDirty = true;
    },
    flush() {
      if (!isDirty) return;
      isDirty = false;
      write();
    },
  };

  function load(): Map<string, string> {
    if (stored) return stored;
    stored = new Map();
    try {
      if (statSync(path).size > MAXIMUM_BYTES * 2) return stored;
      const text = readFileSync(path, 'utf8');
      const end = `\n${HEADER} end\n`;
      // A file that was cut off misses its last line.
      if (!text.startsWith(`${HEADER}\n`) || !text.endsWith(end)) return stored;
      let start = HEADER.length + 1;
      const last = text.length - end.length + 1;
      while (start < last) {
        const lineEnd = text.indexOf('\n', start);
        const tab = text.indexOf('\t', start);
        if (tab > 0 && tab < lineEnd) stored.set(text.slice(start, tab), text.slice(tab + 1, lineEnd));
        start = lineEnd + 1;
      }
    } catch {
      // Absent, unreadable or damaged: all of it is a miss.
    }
    return stored;
  }

  /** Keeps what is new and what was asked for, then what else fits; atomically, so that a reader never sees half a file. */
  function write(): void {
    const temporary = `${path}.${process.pid}.tmp`;
    try {
      const lines = [HEADER];
      let size = 0;
      const add = (key: string, value: string): void => {
        size += key.length + value.length + 2;
        if (size <= maximum) lines.push(`${key}\t${value}`);
      };
      for (const [key, value] of fresh) add(key, value);
      const old = load();
      for (const key of used) if (!fresh.has(key)) add(key, old.get(key) ?? '');
      for (const [key, value] of old) if (!fresh.has(key) && !used.has(key)) add(key, value);
      lines.push(`${HEADER} end`, '');
      mkdirSync(options.folder, { recursive: true });
      writeFileSync(temporary, lines.join('\n'));
      renameSync(temporary, path);
      removeOldest(options.folder);
    } catch {
      discard(temporary);
    }
  }
}

function discard(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It was never made.
  }
}

/** Size and time of the running script: another build is another program. */
function programIdentity(): string {
  const script = process.argv[1];
  if (script === undefined) return process.execPath;
  try {
    const { size, mtimeMs } = statSync(script);
    return `${script} ${size} ${mtimeMs}`;
  } catch {
    return script;
  }
}

function removeOldest(folder: string): void {
  const files = readdirSync(folder).filter((name) => /^facts-.*\.(tsv|tmp)$/.test(name));
  if (files.length <= MOST_FILES) return;
  const byAge = files.map((name) => ({ name, time: statSync(join(folder, name)).mtimeMs })).sort((a, b) => b.time - a.time);
  for (const { name } of byAge.slice(MOST_FILES)) rmSync(join(folder, name), { force: true });
}

function escape(key: string): string {
  return key.replace(/[\t\n\r\\]/g, (character) => `\\${character.charCodeAt(0)}.`);
}

/** Twelve hex digits that tell workspaces and programs apart. */
function hash(text: string): string {
  return createHash('sha1').update(text).digest('hex').slice(0, 12);
}
