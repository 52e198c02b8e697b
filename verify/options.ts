// Options between the catalogue's words and a child process: texts of source that are put at dotted paths.

import type { Bound, LibraryEntry } from '../catalog/schema';
import type { Options, OptionText } from './contract';

/** A value of the catalogue as source: `Infinity` is a number there. */
export function textOfValue(value: number | boolean | null | string): string {
  return value === 'Infinity' ? 'Infinity' : JSON.stringify(value);
}

/** What `bound` looks like in source when it is one second. */
export function oneSecond(bound: { readonly unit: 'ms' | 's'; readonly fix?: Bound['fix'] }): string {
  const number = bound.unit === 's' ? '1' : '1000';
  return bound.fix?.value?.replaceAll('{ms}', number) ?? number;
}

/** Puts a value at a dotted path; objects on the way are made, and a class instance on the way is left as it is. */
export function put(options: Options, path: string, value: unknown): void {
  const names = path.split('.');
  const last = names.pop();
  let at: Options = options;
  for (const name of names) {
    const next: unknown = at[name];
    if (typeof next !== 'object' || next === null) at[name] = {};
    at = at[name] as Options;
  }
  if (last !== undefined) at[last] = value;
}

/** A copy that can be written to; functions and class instances are shared. */
export function copyOf(options: Options): Options {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, isPlain(value) ? copyOf(value) : (value as unknown)]));
}

function isPlain(value: unknown): value is Options {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** Reads source texts into options of one place; `scope` holds the names that the texts may use. */
export function readOptions(base: Options, texts: readonly OptionText[], place: OptionText['place'], scope: Readonly<Record<string, unknown>>): Options {
  const options = copyOf(base);
  for (const one of texts) if (one.place === place) put(options, one.path, evaluate(one.text, scope));
  return options;
}

/** The value of a catalogue's source text. The texts are ours: they stand in catalog/libraries. */
export function evaluate(text: string, scope: Readonly<Record<string, unknown>>): unknown {
  const source = text.replaceAll('{callee}', 'main').replaceAll(/\{import (\w+)\}/g, 'named.$1');
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- source text of our own catalogue, in a process that is thrown away
  const read = new Function(...Object.keys(scope), `return (${source});`) as (...values: unknown[]) => unknown;
  return read(...Object.values(scope));
}

/** The entry's method that closes an instance, where it names one. */
export function closeMethod(entry: LibraryEntry, on: string): string | undefined {
  return entry.close?.find((row) => row.on === on)?.method;
}
