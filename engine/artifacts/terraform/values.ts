// What an expression of Terraform can be: a cloud value, or nothing (`null`). Helpers that keep places, softness and what is mentioned.

import type { CloudMap, CloudValue } from '../cloud';
import type { Location } from '../../text';

/** Undefined = `null`. */
export type Value = CloudValue | undefined;
export type Scalar = Extract<CloudValue, { kind: 'text' | 'number' | 'boolean' }>;
export type List = Extract<CloudValue, { kind: 'list' }>;

const MOST_OPTIONS = 8;
/** The expression would be an error: what `try` and `can` ask. */
const FAILED = 'it names something that does not exist';

export function unknown(because: string, at: Location, mentions: readonly string[] = []): CloudValue {
  return { kind: 'unknown', because, mentions, at };
}

export function failed(at: Location): CloudValue {
  return unknown(FAILED, at);
}

export function isFailed(value: Value): boolean {
  return value?.kind === 'unknown' && value.because === FAILED;
}

export function scalar(value: string | number | boolean, at: Location): Scalar {
  if (typeof value === 'string') return { kind: 'text', value, at };
  return typeof value === 'number' ? { kind: 'number', value, at } : { kind: 'boolean', value, at };
}

export function listOf(items: readonly CloudValue[], at: Location, isOpen = false): CloudValue {
  return { kind: 'list', items, isOpen, at };
}

export function mapOf(entries: Readonly<Record<string, CloudValue>>, at: Location, isOpen = false): CloudMap {
  return { kind: 'map', entries, isOpen, at };
}

/** `null` as an entry of a map or an item of a list, which know none. */
export function nullAt(at: Location): CloudValue {
  return { kind: 'either', options: [undefined], at };
}

/** What an entry or item holds, `null` undone. */
export function heldOf(value: Value): Value {
  return value?.kind === 'either' && value.options.length === 1 ? value.options[0] : value;
}

/** Without entries that are `null`: what is given to others. Linear in the value. */
export function cleaned(value: CloudValue): Value {
  switch (value.kind) {
    case 'list':
      return { ...value, items: value.items.flatMap((item) => cleaned(item) ?? []) };
    case 'map':
      return { ...value, entries: mapEntries(value.entries, cleaned) };
    case 'either':
      return value.options.length === 1 ? undefined : { ...value, options: value.options.map((option) => option && cleaned(option)) };
    default:
      return value;
  }
}

/** The value of a scalar. */
export function plainOf(value: Value): string | number | boolean | undefined {
  return value?.kind === 'text' || value?.kind === 'number' || value?.kind === 'boolean' ? value.value : undefined;
}

/** As `tostring` gives it. */
export function textOf(value: Value): string | undefined {
  const plain = plainOf(value);
  return plain === undefined ? undefined : String(plain);
}

/** As `tonumber` gives it. */
export function numberOf(value: Value): number | undefined {
  const plain = plainOf(value);
  if (typeof plain === 'boolean' || plain === undefined || plain === '') return undefined;
  const number = Number(plain);
  return Number.isFinite(number) ? number : undefined;
}

/** As `tobool` gives it. */
export function booleanOf(value: Value): boolean | undefined {
  const plain = plainOf(value);
  return plain === true || plain === 'true' ? true : plain === false || plain === 'false' ? false : undefined;
}

/** Whether a caller may replace it, or what it was made of. */
export function isSoft(value: Value): boolean {
  return value !== undefined && 'isSoft' in value && value.isSoft === true;
}

/** The same value as a default that may be replaced, with all that it holds. Linear in the value. */
export function soften(value: Value): Value {
  switch (value?.kind) {
    case 'text':
    case 'number':
    case 'boolean':
      return { ...value, isSoft: true };
    case 'list':
      return { ...value, items: value.items.flatMap((item) => soften(item) ?? []), isSoft: true };
    case 'map':
      return { ...value, entries: mapEntries(value.entries, soften), isSoft: true };
    case 'either':
      return { ...value, options: value.options.map(soften) };
    default:
      return value;
  }
}

/** Softens only if asked. */
export function softenIf(isAsked: boolean, value: Value): Value {
  return isAsked ? soften(value) : value;
}

/** Entries with another value each; those that become nothing are left out. */
export function mapEntries(entries: Readonly<Record<string, CloudValue>>, change: (value: CloudValue) => Value): Record<string, CloudValue> {
  return Object.fromEntries(Object.entries(entries).flatMap(([key, value]) => {
    const made = change(value);
    return made === undefined ? [] : [[key, made]];
  }));
}

/** One of several; equal ones count once, and one alone is no choice. */
export function eitherOf(options: readonly Value[], at: Location): Value {
  const flat = options.flatMap((option) => (option?.kind === 'either' ? option.options : [option]));
  const distinct: Value[] = [];
  for (const option of flat) if (!distinct.some((other) => isSame(other, option))) distinct.push(option);
  if (distinct.length > MOST_OPTIONS) return unknown('too many cases', at, [...new Set(distinct.flatMap((option) => mentionsOf(option)))]);
  return distinct.length === 1 ? distinct[0] : { kind: 'either', options: distinct, at };
}

/** Applies a step to a value, or to each of its cases. */
export function distribute(value: Value, at: Location, step: (one: Value) => Value): Value {
  return value?.kind === 'either' ? eitherOf(value.options.map(step), at) : step(value);
}

/** Whether two values say the same, wherever they stand. */
export function isSame(a: Value, b: Value): boolean {
  return a === b || JSON.stringify(bare(a)) === JSON.stringify(bare(b));
}

function bare(value: Value): unknown {
  switch (value?.kind) {
    case undefined:
      return null;
    case 'text':
    case 'number':
    case 'boolean':
      return value.value;
    case 'list':
      return [value.isOpen, value.items.map(bare)];
    case 'map':
      return [value.isOpen, Object.entries(value.entries).map(([key, entry]) => [key, bare(entry)])];
    case 'reference':
      return [value.to, value.attribute];
    case 'either':
      return value.options.length === 1 ? null : ['either', value.options.map(bare)];
    case 'unknown':
      return value;
  }
}

/** Whether nothing in it is unknown. */
export function isKnown(value: Value): boolean {
  switch (value?.kind) {
    case 'list':
      return !value.isOpen && value.items.every(isKnown);
    case 'map':
      return !value.isOpen && Object.values(value.entries).every(isKnown);
    case 'either':
      return value.options.length === 1;
    case 'unknown':
    case 'reference':
      return false;
    default:
      return true;
  }
}

/** Ids that a value names, once each. */
export function mentionsOf(value: Value): readonly string[] {
  switch (value?.kind) {
    case 'reference':
      return [value.to];
    case 'unknown':
      return value.mentions;
    case 'list':
      return [...new Set(value.items.flatMap(mentionsOf))];
    case 'map':
      return [...new Set(Object.values(value.entries).flatMap(mentionsOf))];
    case 'either':
      return [...new Set(value.options.flatMap(mentionsOf))];
    default:
      return [];
  }
}
