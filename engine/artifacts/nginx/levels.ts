// The levels of an nginx configuration (http, server, location) with included files put in their place, and the values that a level inherits.

import type { Setting } from '../../model/model';
import type { ProxyLimit, ProxyListener } from '../../model/proxy';
import type { Location } from '../../text';
import type { FormatContext } from '../format';
import type { NginxFacts } from './facts';
import { includedFiles } from './includes';
import type { NginxDirective } from './parse';

/** A directive with its file and the way to it from the root of that file: names and places among equal names. */
export interface Placed {
  readonly file: string;
  readonly directive: NginxDirective;
  readonly path: readonly (string | number)[];
}

/** One level: its directives in order, and whether an include that cannot be read may add to it. */
export interface Level {
  readonly items: readonly Placed[];
  readonly isOpen: boolean;
}

/** From the outermost to the innermost. */
export type Chain = readonly Level[];

const MAX_INCLUDES = 10;

/** Expands includes, and remembers which files were put in somewhere. */
export class Expander {
  readonly included = new Set<string>();
  private readonly paths: readonly string[];
  private readonly byPath: ReadonlyMap<string, NginxFacts>;

  constructor(files: readonly NginxFacts[]) {
    this.paths = files.map((file) => file.path);
    this.byPath = new Map(files.map((file) => [file.path, file]));
  }

  /** The level that a list of directives of a file makes. `path` leads to it inside the file. */
  level(directives: readonly NginxDirective[], file: string, path: readonly (string | number)[], above: readonly string[] = []): Level {
    const items: Placed[] = [];
    const counts = new Map<string, number>();
    let isOpen = false;
    for (const directive of directives) {
      const index = counts.get(directive.name) ?? 0;
      counts.set(directive.name, index + 1);
      items.push({ file, directive, path: [...path, directive.name, index] });
      if (directive.name !== 'include') continue;
      const found = includedFiles(file, directive.args[0]?.text ?? '', this.paths);
      if (found.kind === 'unknown') isOpen = true;
      if (found.kind !== 'files') continue;
      for (const name of found.paths) {
        const facts = this.byPath.get(name);
        if (!facts || name === file || above.includes(name) || above.length >= MAX_INCLUDES) continue;
        this.included.add(name);
        const inner = this.level(facts.directives, name, [], [...above, file]);
        items.push(...inner.items);
        isOpen ||= inner.isOpen;
      }
    }
    return { items, isOpen };
  }

  /** The level inside a block. */
  inside(placed: Placed): Level {
    return this.level(placed.directive.block ?? [], placed.file, placed.path);
  }
}

/** Items of a level with a name. */
export function named(level: Level, name: string): readonly Placed[] {
  return level.items.filter(({ directive }) => directive.name === name);
}

/** The directive that holds at the innermost level: `unknown` where an include may set it. */
export function inherited(chain: Chain, name: string): Placed | 'unknown' | undefined {
  for (const level of chain.toReversed()) {
    const own = named(level, name).at(-1);
    if (own) return own;
    if (level.isOpen) return 'unknown';
  }
  return undefined;
}

/** What every part of the model that stands at a block says of its place. */
export function partOf(id: string, name: string, kind: string, placed: Placed, context: FormatContext): Pick<ProxyListener, 'id' | 'name' | 'kind' | 'proxy' | 'scope' | 'environment' | 'at' | 'resource'> {
  const at = placeOf(placed);
  return { id, name, kind, proxy: 'nginx', scope: placed.file, environment: context.environmentOf(placed.file), at, resource: { file: placed.file, format: 'nginx', document: 0, path: placed.path } };
}

export function placeOf({ file, directive }: Placed): Location {
  return { file, span: directive.head };
}

/** A time that holds at the innermost level; without one nginx's own default. */
export function timeLimit(chain: Chain, name: string, defaultMs: number): ProxyLimit {
  return valueSetting(chain, name, parseTime, defaultMs);
}

/** A value of one word; what holds a variable is unknown. */
export function valueSetting<T>(chain: Chain, name: string, parse: (text: string) => T | undefined, byDefault: T): Setting<T> {
  const found = inherited(chain, name);
  if (found === undefined) return { state: 'default', value: byDefault, source: 'nginx' };
  if (found === 'unknown') return { state: 'unknown', because: 'an include that was not read may set it' };
  const value = parse(found.directive.args.map((word) => word.text).join(' '));
  return value === undefined ? { state: 'unknown', because: 'a variable, or no value of nginx' } : { state: 'set', value, at: placeOf(found) };
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000, M: 2_592_000_000, y: 31_536_000_000 };

/** ms of `60`, `1m30s`, `500ms`; a bare number counts seconds. 0 is no limit that nginx knows and stays unknown. Source: nginx.org/en/docs/syntax.html. */
export function parseTime(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) > 0 ? Number(text) * 1_000 : undefined;
  let rest = text.replaceAll(' ', '');
  let total = 0;
  while (rest !== '') {
    const match = /^(\d+)(ms|[smhdwMy])/.exec(rest);
    if (!match) return undefined;
    total += Number(match[1]) * (UNITS[match[2] ?? ''] ?? 0);
    rest = rest.slice(match[0].length);
  }
  return total > 0 ? total : undefined;
}

/** Bytes of `10m`, `1g`; `none` for 0, which switches the limit off. */
export function parseSize(text: string): number | 'none' | undefined {
  const match = /^(\d+)([kmg]?)$/i.exec(text);
  if (!match) return undefined;
  const bytes = Number(match[1]) * ({ k: 1_024, m: 1_048_576, g: 1_073_741_824 }[(match[2] ?? '').toLowerCase()] ?? 1);
  return bytes === 0 ? 'none' : bytes;
}
