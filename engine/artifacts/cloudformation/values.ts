// Small operations on evaluated values: alternatives, softness, place, what they mention.

import type { Location } from '../../text';
import { isRecord } from '../../record';
import type { CloudMap, CloudValue } from '../cloud';
import { mentionsOfValue } from '../cloud-values';

export type MaybeValue = CloudValue | undefined;

/** Alternatives that are kept at most; more are as good as unknown. */
const MAX_OPTIONS = 16;

/** A value that is not known, and why. */
export function unknownValue(because: string, at: Location, mentions: readonly string[] = []): CloudValue {
  return { kind: 'unknown', because, mentions, at };
}

/** One of several values; the value itself where all are the same. */
export function either(options: readonly MaybeValue[], at: Location): MaybeValue {
  const distinct = new Map<string, MaybeValue>();
  for (const option of options.flatMap((one) => (one?.kind === 'either' ? one.options : [one]))) {
    const key = option === undefined ? '' : JSON.stringify(option, (name, value: unknown) => (name === 'at' || name === 'isSoft' ? undefined : value));
    if (!distinct.has(key)) distinct.set(key, option);
    if (distinct.size > MAX_OPTIONS) return unknownValue('it depends on too much', at, [...new Set(options.flatMap(mentionsOfValue))]);
  }
  const all = [...distinct.values()];
  return all.length === 1 ? all[0] : { kind: 'either', options: all, at };
}

/** Marks what a caller or stage may replace, down to the last scalar. */
export function soften(value: MaybeValue): MaybeValue {
  switch (value?.kind) {
    case 'text':
    case 'number':
    case 'boolean':
      return { ...value, isSoft: true };
    case 'list':
      return { ...value, items: value.items.flatMap((item) => soften(item) ?? []) };
    case 'map':
      return { ...value, entries: mapEntries(value, soften) };
    default:
      return value;
  }
}

/** Entries with another value each; those that come out undefined are left out. */
export function mapEntries(map: CloudMap, change: (value: CloudValue) => MaybeValue): Record<string, CloudValue> {
  return Object.fromEntries(Object.entries(map.entries).flatMap(([name, value]) => {
    const changed = change(value);
    return changed === undefined ? [] : [[name, changed] as const];
  }));
}

/** The value as it stands in another place: a parameter's default where the parameter is used. */
export function relocate(value: MaybeValue, at: Location): MaybeValue {
  return value && { ...value, at };
}

/** Text of a scalar as a service would get it; undefined for anything else. */
export function scalarText(value: MaybeValue): string | undefined {
  return value?.kind === 'text' || value?.kind === 'number' || value?.kind === 'boolean' ? String(value.value) : undefined;
}

/** Whether a scalar is a default that may be replaced. */
export function isSoft(value: MaybeValue): boolean {
  return (value?.kind === 'text' || value?.kind === 'number' || value?.kind === 'boolean') && value.isSoft === true;
}

/** A scalar as a value; null is absent. */
export function scalarValue(value: string | number | boolean | null, at: Location): MaybeValue {
  if (value === null) return undefined;
  if (typeof value === 'number') return { kind: 'number', value, at };
  return typeof value === 'boolean' ? { kind: 'boolean', value, at } : { kind: 'text', value, at };
}

const MAX_JSON = 200_000;

/** The value that a JSON text encodes; undefined where the text is no JSON object. `textValue` makes the values of its strings. */
export function fromJsonText(text: string, at: Location, textValue: (text: string) => MaybeValue): MaybeValue {
  if (!/^\s*\{/.test(text) || text.length > MAX_JSON) return undefined;
  try {
    return fromJson(JSON.parse(text), at, textValue);
  } catch {
    return undefined;
  }
}

function fromJson(value: unknown, at: Location, textValue: (text: string) => MaybeValue): MaybeValue {
  if (typeof value === 'string') return textValue(value);
  if (typeof value === 'number' || typeof value === 'boolean') return scalarValue(value, at);
  if (Array.isArray(value)) return { kind: 'list', items: value.flatMap((item) => fromJson(item, at, textValue) ?? []), isOpen: false, at };
  if (!isRecord(value)) return undefined;
  const entries = Object.entries(value).flatMap(([name, item]) => {
    const read = fromJson(item, at, textValue);
    return read === undefined ? [] : [[name, read] as const];
  });
  return { kind: 'map', entries: Object.fromEntries(entries), isOpen: false, at };
}
