// What holds in a section of HAProxy: its own lines, else those of the `defaults` it is based on.

import type { ProxyLimit } from '../../model/proxy';
import type { Location } from '../../text';
import type { HaproxyLine, HaproxySection } from './parse';
import type { HaproxyFacts } from './read';

/** A section with the `defaults` that hold for it, nearest first. */
export interface Scope {
  readonly file: string;
  readonly section: HaproxySection;
  /** Index among the sections of its kind, for the writer. */
  readonly index: number;
  readonly defaults: readonly HaproxySection[];
  /** Its `defaults` may stand in another file. */
  readonly isPart: boolean;
}

/** Sections of the files with their defaults: the one named after `from`, else the last one above. Source: HAProxy configuration manual, section 4. Linear. */
export function scopesOf(files: readonly HaproxyFacts[]): Scope[] {
  const folders = new Map<string, HaproxyFacts[]>();
  for (const file of files) {
    const folder = file.path.slice(0, file.path.lastIndexOf('/') + 1);
    folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  return files.flatMap((file) => {
    const siblings = folders.get(file.path.slice(0, file.path.lastIndexOf('/') + 1)) ?? [];
    const isBase = (one: HaproxyFacts): boolean => one.sections.some((section) => section.kind === 'defaults' || section.kind === 'global');
    const isPart = !isBase(file) && siblings.some((other) => other !== file && isBase(other));
    const named = new Map<string, HaproxySection>();
    const counts = new Map<string, number>();
    let last: HaproxySection | undefined;
    return file.sections.map((section): Scope => {
      const index = counts.get(section.kind) ?? 0;
      counts.set(section.kind, index + 1);
      const base = section.from === undefined ? (section.kind === 'defaults' || section.kind === 'global' ? undefined : last) : named.get(section.from);
      const scope = { file: file.path, section, index, defaults: chainOf(base, named), isPart };
      if (section.kind === 'defaults') {
        last = section;
        if (section.name !== '') named.set(section.name, section);
      }
      return scope;
    });
  });
}

function chainOf(base: HaproxySection | undefined, named: ReadonlyMap<string, HaproxySection>): HaproxySection[] {
  const chain: HaproxySection[] = [];
  for (let at = base; at && !chain.includes(at) && chain.length < 20; at = at.from === undefined ? undefined : named.get(at.from)) chain.push(at);
  return chain;
}

export interface Held {
  readonly line: HaproxyLine;
  readonly at: Location;
}

/** The last line that begins with these words, in the section or the nearest of its defaults. `no option x` counts as absent. */
export function held(scope: Scope, ...words: readonly string[]): Held | undefined {
  for (const section of [scope.section, ...scope.defaults]) {
    const line = section.lines.findLast((one) => words.every((word, i) => one.words[i]?.text === word));
    if (line) return { line, at: { file: scope.file, span: line.span } };
  }
  return undefined;
}

/** All lines of a section itself. */
export function own(scope: Scope, ...words: readonly string[]): readonly HaproxyLine[] {
  return scope.section.lines.filter((line) => words.every((word, i) => line.words[i]?.text === word));
}

/** A `timeout`; without one HAProxy waits for ever. */
export function timeoutOf(scope: Scope, name: string): ProxyLimit {
  const found = held(scope, 'timeout', name);
  if (!found) return scope.isPart ? { state: 'unknown', because: 'its defaults stand in another file' } : { state: 'absent' };
  if (found.line.isConditional) return { state: 'unknown', because: 'set under a condition' };
  const ms = parseTime(found.line.words[2]?.text ?? '');
  return ms === undefined ? { state: 'unknown', because: 'a variable' } : { state: 'set', value: ms === 0 ? 'none' : ms, at: found.at };
}

const UNITS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** ms of `30s`, `1m30s`; a bare number counts ms. Source: HAProxy configuration manual, section 2.5. */
export function parseTime(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  let rest = text;
  let total = 0;
  while (rest !== '') {
    const match = /^(\d+)(us|ms|[smhd])/.exec(rest);
    if (!match) return undefined;
    total += Number(match[1]) * (UNITS[match[2] ?? ''] ?? 0);
    rest = rest.slice(match[0].length);
  }
  return text === '' ? undefined : total;
}
