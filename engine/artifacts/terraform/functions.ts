// Functions of Terraform, as far as linting needs them. One that is not here, or whose arguments are not known, gives an unknown value.

import type { CloudValue } from '../cloud';
import type { Location } from '../../text';
import { readJsonText } from './json-text';
import { booleanOf, cleaned, eitherOf, failed, heldOf, isFailed, isKnown, isSame, isSoft, listOf, mapOf, mentionsOf, nullAt, numberOf, scalar, softenIf, textOf, unknown, type List, type Value } from './values';

/** Undefined where it cannot be known. */
type Result = { readonly value: Value } | undefined;
type Call = (values: readonly Value[], at: Location) => Result;

/** The result of a call; softness of its arguments goes on. Linear in the arguments. */
export function callFunction(name: string, values: readonly Value[], at: Location): Result {
  const call = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (!call) return undefined;
  if (name !== 'try' && name !== 'can' && values.some(isFailed)) return { value: failed(at) };
  const made = call(values, at);
  return made && { value: softenIf(name !== 'try' && name !== 'coalesce' && values.some(isSoft), made.value) };
}

function done(value: Value): Result {
  return { value };
}

const same: Call = ([value]) => done(value);

/** A function of texts, numbers or flags; unknown where one of them is. */
function plain<T>(convert: (value: Value) => T | undefined, make: (...values: T[]) => string | number | boolean | undefined): Call {
  return (values, at) => {
    const known = values.map(convert);
    if (!known.every((one): one is T & {} => one !== undefined)) return undefined;
    const made = make(...known);
    return made === undefined ? undefined : done(scalar(made, at));
  };
}

/** A function of one closed list. */
function ofList(make: (list: List, at: Location, rest: readonly Value[]) => Value | undefined | 'unknown'): Call {
  return ([value, ...rest], at) => {
    if (value?.kind !== 'list' || value.isOpen) return undefined;
    const made = make(value, at, rest);
    return made === 'unknown' ? undefined : done(made);
  };
}

function items(values: readonly Value[], at: Location): CloudValue[] {
  return values.map((value) => value ?? nullAt(at));
}

const merge: Call = (values, at) => {
  const list = values.length === 1 && values[0]?.kind === 'list' ? values[0].items : values;
  let entries: Record<string, CloudValue> = {};
  let isOpen = false;
  for (const value of list) {
    if (value === undefined || (value.kind === 'either' && heldOf(value) === undefined)) continue;
    if (value.kind !== 'map' || value.isOpen) {
      isOpen = true;
      // It may set any of those before it.
      entries = Object.fromEntries(Object.entries(entries).map(([key, entry]) => [key, unknown('a later map may set it', entry.at, mentionsOf(entry))]));
    }
    if (value.kind === 'map') entries = { ...entries, ...value.entries };
  }
  return done(mapOf(entries, at, isOpen));
};

const concat: Call = (values, at) => {
  const lists = values.map((value) => (value?.kind === 'list' ? value : undefined));
  return done(listOf(lists.flatMap((list, i) => list?.items ?? (values[i] ? [values[i]] : [])), at, lists.some((list) => !list || list.isOpen)));
};

const flatten: Call = ([value], at) => {
  if (value?.kind !== 'list') return undefined;
  let isOpen = value.isOpen;
  const flat = (list: List, depth: number): CloudValue[] =>
    list.items.flatMap((item) => {
      if (item.kind === 'unknown' || item.kind === 'either' || (item.kind === 'list' && item.isOpen)) isOpen = true;
      return item.kind === 'list' && depth < 20 ? flat(item, depth + 1) : [item];
    });
  const made = flat(value, 0);
  return done(listOf(made, at, isOpen));
};

const coalesce: Call = (values) => {
  for (const value of values) {
    const held = heldOf(value);
    if (held === undefined || (held.kind === 'text' && held.value === '')) continue;
    return held.kind === 'unknown' || held.kind === 'either' ? undefined : done(held);
  }
  return undefined;
};

const coalesceList: Call = (values) => {
  for (const value of values) {
    if (value?.kind !== 'list') return undefined;
    if (value.items.length > 0) return done(value);
    if (value.isOpen) return undefined;
  }
  return undefined;
};

const attempt: Call = (values) => {
  const first = values.find((value) => !isFailed(value));
  return values.every(isFailed) || first?.kind === 'unknown' ? undefined : done(first);
};

const can: Call = ([value], at) => (isFailed(value) ? done(scalar(false, at)) : value?.kind === 'unknown' ? undefined : done(scalar(true, at)));

const length: Call = ([value], at) => {
  if (value?.kind === 'text') return done(scalar([...value.value].length, at));
  if (value?.kind === 'list' && !value.isOpen) return done(scalar(value.items.length, at));
  return value?.kind === 'map' && !value.isOpen ? done(scalar(Object.keys(value.entries).length, at)) : undefined;
};

const lookup: Call = ([map, key, fallback], at) => {
  const name = textOf(key);
  if (map?.kind !== 'map' || name === undefined) return undefined;
  if (Object.hasOwn(map.entries, name)) return done(heldOf(map.entries[name]));
  return map.isOpen ? undefined : done(fallback ?? failed(at));
};

const jsonDecode: Call = ([value], at) => {
  if (value?.kind === 'map' || value?.kind === 'list') return done(value);
  const read = value?.kind === 'text' ? readJsonText([{ text: value.value, start: value.at.span[0] }], at) : undefined;
  return read && done(read);
};

const jsonEncode: Call = ([value], at) => {
  if (value?.kind === 'text' || value?.kind === 'number' || value?.kind === 'boolean') return done(scalar(JSON.stringify(value.value), at));
  return value === undefined ? done(scalar('null', at)) : value.kind === 'list' || value.kind === 'map' ? done(cleaned(value)) : undefined;
};

const zipmap: Call = ([keys, values], at) => {
  if (keys?.kind !== 'list' || values?.kind !== 'list' || keys.isOpen || values.isOpen) return undefined;
  const names = keys.items.map(textOf);
  if (!names.every((name) => name !== undefined)) return undefined;
  return done(mapOf(Object.fromEntries(names.map((name, i) => [name, values.items[i] ?? nullAt(at)])), at));
};

function distinct(list: List): CloudValue[] | undefined {
  if (!list.items.every(isKnown)) return undefined;
  return list.items.filter((item, i) => list.items.findIndex((other) => isSame(item, other)) === i);
}

const toSet: Call = ([value], at) => {
  if (value?.kind !== 'list' || value.isOpen || value.items.length > 200) return done(value);
  return done(listOf(distinct(value) ?? value.items, at));
};

function texts(list: List): string[] | undefined {
  const all = list.items.map(textOf);
  return all.every((one) => one !== undefined) ? all : undefined;
}

/** `%s`, `%d`, `%v`, `%%` and zero-padded numbers; other verbs are left unknown. */
function format(template: string, ...values: string[]): string | undefined {
  let index = 0;
  let isKnown = true;
  const made = template.replaceAll(/%(?:%|(0?\d{0,2})([a-zA-Z])|.)/g, (verb, width: string | undefined, kind: string | undefined) => {
    if (verb === '%%') return '%';
    const value = values[index++];
    if (value === undefined || kind === undefined || !/[sdv]/.test(kind) || (width !== '' && !width?.startsWith('0'))) isKnown = false;
    return width ? (value ?? '').padStart(Number(width), '0') : (value ?? '');
  });
  return isKnown && index === values.length ? made : undefined;
}

const join: Call = ([separator, ...lists], at) => {
  const between = textOf(separator);
  const all = lists.map((list) => (list?.kind === 'list' && !list.isOpen ? texts(list) : undefined));
  return between === undefined || !all.every((one) => one !== undefined) ? undefined : done(scalar(all.flat().join(between), at));
};

const split: Call = ([separator, text], at) => {
  const [between, whole] = [textOf(separator), textOf(text)];
  return between === undefined || whole === undefined || between === '' ? undefined : done(listOf(whole.split(between).map((part) => scalar(part, at)), at));
};

const contains: Call = ([list, wanted], at) => {
  if (list?.kind !== 'list' || !isKnown(wanted)) return undefined;
  if (list.items.some((item) => isKnown(item) && isSame(item, wanted))) return done(scalar(true, at));
  return list.isOpen || !list.items.every(isKnown) ? undefined : done(scalar(false, at));
};

const slice: Call = ([list, from, to], at) => {
  const [start, end] = [numberOf(from), numberOf(to)];
  return list?.kind !== 'list' || list.isOpen || start === undefined || end === undefined ? undefined : done(listOf(list.items.slice(start, end), at));
};

const range: Call = (values, at) => {
  const numbers = values.map(numberOf);
  if (!numbers.every((one) => one !== undefined) || numbers.length > 2) return undefined;
  const [first = 0, second] = numbers;
  const [from, to] = second === undefined ? [0, first] : [first, second];
  return to < from || to - from > 300 ? undefined : done(listOf(Array.from({ length: to - from }, (_, i) => scalar(from + i, at)), at));
};

const flags = (decide: (all: readonly boolean[]) => boolean): Call => ofList((list, at) => {
  const all = list.items.map(booleanOf);
  return all.every((one) => one !== undefined) ? scalar(decide(all), at) : 'unknown';
});

const conversion = (make: (value: Value) => string | number | boolean | undefined): Call => ([value], at) => {
  const made = make(value);
  if (made !== undefined) return done(scalar(made, at));
  return value === undefined || value.kind === 'reference' ? done(value) : value.kind === 'either' ? done(eitherOf(value.options.map((option) => conversion(make)([option], at)?.value), at)) : undefined;
};

const FUNCTIONS: Readonly<Record<string, Call>> = {
  abs: plain(numberOf, (value: number) => Math.abs(value)),
  alltrue: flags((all) => all.every(Boolean)),
  anytrue: flags((all) => all.some(Boolean)),
  can,
  ceil: plain(numberOf, (value: number) => Math.ceil(value)),
  coalesce,
  coalescelist: coalesceList,
  compact: ofList((list, at) => {
    const all = list.items.map((item) => (heldOf(item) === undefined ? '' : textOf(item)));
    return all.every((one) => one !== undefined) ? listOf(list.items.filter((_, i) => all[i] !== ''), at) : 'unknown';
  }),
  concat,
  contains,
  distinct: ofList((list, at) => {
    const made = list.items.length > 200 ? undefined : distinct(list);
    return made ? listOf(made, at) : 'unknown';
  }),
  element: ofList((list, _at, [index]) => {
    const number = numberOf(index);
    const count = list.items.length;
    return number === undefined || count === 0 ? 'unknown' : heldOf(list.items[((number % count) + count) % count]);
  }),
  endswith: plain(textOf, (text: string, end: string) => text.endsWith(end)),
  flatten,
  floor: plain(numberOf, (value: number) => Math.floor(value)),
  format: plain(textOf, format),
  join,
  jsondecode: jsonDecode,
  jsonencode: jsonEncode,
  keys: ([map], at) => (map?.kind === 'map' && !map.isOpen ? done(listOf(Object.keys(map.entries).sort().map((key) => scalar(key, at)), at)) : undefined),
  length,
  lookup,
  lower: plain(textOf, (text: string) => text.toLowerCase()),
  max: plain(numberOf, (...values: number[]) => Math.max(...values)),
  merge,
  min: plain(numberOf, (...values: number[]) => Math.min(...values)),
  nonsensitive: same,
  one: ofList((list) => (list.items.length > 1 ? 'unknown' : heldOf(list.items[0]))),
  range,
  replace: plain(textOf, (text: string, from: string, to: string) => (/^\/.*\/$/.test(from) || from === '' ? undefined : text.replaceAll(from, () => to))),
  reverse: ofList((list, at) => listOf([...list.items].reverse(), at)),
  sensitive: same,
  slice,
  sort: ofList((list, at) => {
    const all = texts(list);
    return all ? listOf([...all].sort().map((text) => scalar(text, at)), at) : 'unknown';
  }),
  split,
  startswith: plain(textOf, (text: string, start: string) => text.startsWith(start)),
  sum: ofList((list, at) => {
    const all = list.items.map(numberOf);
    return all.length > 0 && all.every((one) => one !== undefined) ? scalar(all.reduce((sum, one) => sum + one, 0), at) : 'unknown';
  }),
  tobool: conversion(booleanOf),
  tolist: same,
  tomap: same,
  tonumber: conversion(numberOf),
  toset: toSet,
  tostring: conversion(textOf),
  trimprefix: plain(textOf, (text: string, start: string) => (text.startsWith(start) ? text.slice(start.length) : text)),
  trimspace: plain(textOf, (text: string) => text.trim()),
  trimsuffix: plain(textOf, (text: string, end: string) => (end !== '' && text.endsWith(end) ? text.slice(0, -end.length) : text)),
  try: attempt,
  upper: plain(textOf, (text: string) => text.toUpperCase()),
  values: ([map], at) => (map?.kind === 'map' && !map.isOpen ? done(listOf(items(Object.keys(map.entries).sort().map((key) => map.entries[key]), at), at)) : undefined),
  zipmap,
};
