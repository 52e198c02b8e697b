// Functions of templates that make, ask and change lists and maps, and that turn them into text and back.

import { equal } from './functions-number';
import { isKnown, knownText, numberOf, textOf, type Call, type TemplateFunction } from './functions';
import { toYaml } from './to-yaml';
import { NIL, booleanValue, deepCopy, holdsCondition, integerValue, isMarked, listValue, mapValue, member, printed, sortedEntries, textValue, truth, unknown, valueOfYaml, type ListValue, type MapValue, type Value } from './value';

/** A function whose last argument is a list. */
function ofList(make: (list: ListValue, args: readonly Value[], call: Call) => Value): TemplateFunction {
  return (call, ...args) => {
    const list = args.at(-1);
    if (list?.kind === 'nil') return make(listValue([]), args.slice(0, -1), call);
    if (list?.kind !== 'list') return call.unknown();
    call.spend(1 + list.items.length / 8);
    return make(list, args.slice(0, -1), call);
  };
}

/** A function whose first argument is a list. */
function onList(make: (items: readonly Value[], args: readonly Value[], call: Call) => Value): TemplateFunction {
  return (call, list = NIL, ...args) => {
    if (list.kind !== 'list' && list.kind !== 'nil') return call.unknown();
    const items = list.kind === 'list' ? list.items : [];
    call.spend(1 + items.length / 8);
    return make(items, args, call);
  };
}

function onMap(make: (map: MapValue, args: readonly Value[], call: Call) => Value): TemplateFunction {
  return (call, map = NIL, ...args) => (map.kind === 'map' ? make(map, args, call) : map.kind === 'nil' ? make(mapValue([]), args, call) : call.unknown());
}

const dict: TemplateFunction = (call, ...args) => {
  const map = mapValue([]);
  call.spend(args.length);
  for (let i = 0; i < args.length; i += 2) {
    const key = knownText(args[i]);
    if (key === undefined) map.isOpen = true;
    else map.entries.set(key, args[i + 1] ?? textValue(''));
  }
  return map;
};

/** Entries of later maps fill gaps of earlier ones, or override them; maps in maps are merged too. */
function mergeInto(target: MapValue, source: Value, overrides: boolean, call: Call, depth: number): void {
  if (source.kind === 'unknown') target.isOpen = true;
  if (source.kind !== 'map' || depth > 50) return;
  if (source.isOpen) target.isOpen = true;
  for (const [key, value] of source.entries) {
    call.spend();
    const own = target.entries.get(key);
    if (own?.kind === 'map' && value.kind === 'map') {
      const copy = deepCopy(own, call.spend);
      if (copy.kind === 'map') {
        mergeInto(copy, value, overrides, call, depth + 1);
        target.entries.set(key, copy);
      }
      continue;
    }
    const has = own === undefined ? false : truth(own);
    if (overrides ? truth(value) !== false || own === undefined : has === false) target.entries.set(key, value);
    else if (!overrides && has === undefined) target.entries.set(key, unknown(`.${key}`));
  }
}

function merge(overrides: boolean): TemplateFunction {
  return (call, target = NIL, ...sources) => {
    if (target.kind === 'unknown') return target;
    if (target.kind !== 'map' && target.kind !== 'nil') return call.unknown();
    const map = target.kind === 'map' ? target : mapValue([]);
    for (const source of sources) mergeInto(map, source, overrides, call, 0);
    return map;
  };
}

const index: TemplateFunction = (call, ...[value = NIL, ...path]) => {
  let at: Value = value;
  for (const step of path) {
    if (at.kind === 'list') {
      const position = numberOf(step);
      const origin = at.origin;
      const item: Value | undefined = position === undefined ? undefined : at.items[position];
      if (item === undefined) return unknown('index', origin);
      at = item;
      continue;
    }
    const key = knownText(step);
    if (key === undefined) return call.unknown();
    at = member(at, key);
  }
  return at;
};

const has: TemplateFunction = (call, wanted = NIL, list = NIL) => {
  if (list.kind === 'nil') return booleanValue(false);
  if (list.kind !== 'list') return call.unknown();
  const answers = list.items.map((item) => equal(wanted, item));
  return answers.includes(true) ? booleanValue(true) : answers.includes(undefined) ? call.unknown() : booleanValue(false);
};

/** `dig "a" "b" default map`. */
const dig: TemplateFunction = (call, ...args) => {
  const map = args.at(-1) ?? NIL;
  const otherwise = args.at(-2) ?? NIL;
  let at: Value = map;
  for (const step of args.slice(0, -2)) {
    const key = knownText(step);
    if (key === undefined || at.kind === 'unknown') return call.unknown();
    if (at.kind !== 'map') return otherwise;
    const found: Value | undefined = at.entries.get(key);
    if (!found) return at.isOpen ? call.unknown() : { ...otherwise, origin: member(at, key).origin };
    at = found;
  }
  return at;
};

const length: TemplateFunction = (call, value = NIL) => {
  switch (value.kind) {
    case 'list':
      return integerValue(value.items.length);
    case 'map':
      return value.isOpen ? call.unknown() : integerValue(value.entries.size);
    case 'text':
      return isMarked(value.text) ? call.unknown() : integerValue(new TextEncoder().encode(value.text).length);
    case 'nil':
      return integerValue(0);
    default:
      return call.unknown();
  }
};

const MAX_COUNT = 1_000;

function count(from: number, to: number, step: number): Value {
  const numbers: Value[] = [];
  for (let at = from; step > 0 ? at < to : at > to; at += step) numbers.push(integerValue(at));
  return listValue(numbers);
}

const until: TemplateFunction = (call, end) => {
  const to = numberOf(end);
  return to === undefined || Math.abs(to) > MAX_COUNT ? call.unknown() : count(0, to, to < 0 ? -1 : 1);
};

const untilStep: TemplateFunction = (call, start, end, step) => {
  const [from, to, by] = [numberOf(start), numberOf(end), numberOf(step)];
  if (from === undefined || to === undefined || by === undefined) return call.unknown();
  return by === 0 ? listValue([]) : Math.abs((to - from) / by) > MAX_COUNT ? call.unknown() : count(from, to, by);
};

/** Items that are known to differ; unknown ones stay. */
function uniq(items: readonly Value[]): Value {
  const found: Value[] = [];
  for (const item of items.slice(0, MAX_COUNT)) if (!found.some((other) => equal(other, item) === true)) found.push(item);
  return listValue(found);
}

function json(value: Value, call: Call): Value {
  if (!isKnown(value, call.spend)) return call.unknown();
  return textValue(jsonText(value));
}

function jsonText(value: Value): string {
  switch (value.kind) {
    case 'list':
      return `[${value.items.map(jsonText).join(',')}]`;
    case 'map':
      return `{${sortedEntries(value).map(([key, item]) => `${JSON.stringify(key)}:${jsonText(item)}`).join(',')}}`;
    case 'text':
      return JSON.stringify(value.text);
    case 'number':
      return String(value.number);
    case 'boolean':
      return String(value.isTrue);
    default:
      return 'null';
  }
}

function fromText(call: Call, value: Value | undefined): Value {
  if (value?.kind === 'unknown') return value;
  const text = textOf(value);
  if (text === undefined || holdsCondition(text)) return call.unknown();
  call.spend(1 + text.length / 16);
  return valueOfYaml(text);
}

function keysOf(keep: (key: string, wanted: ReadonlySet<string>) => boolean): TemplateFunction {
  return onMap((map, args, call) => {
    const names = args.flatMap((arg) => (arg.kind === 'list' ? arg.items : [arg])).map(knownText);
    if (!names.every((name) => name !== undefined)) return call.unknown();
    const wanted = new Set(names);
    return mapValue([...map.entries].filter(([key]) => keep(key, wanted)), map.isOpen);
  });
}

export const COLLECTION_FUNCTIONS: Readonly<Record<string, TemplateFunction>> = {
  list: (_, ...args) => listValue(args),
  tuple: (_, ...args) => listValue(args),
  dict,
  get: onMap((map, [key], call) => {
    const name = knownText(key);
    if (name === undefined) return call.unknown();
    const found = member(map, name);
    return found.kind === 'nil' && !map.entries.has(name) ? textValue('', found.origin) : found;
  }),
  hasKey: onMap((map, [key], call) => {
    const name = knownText(key);
    if (name === undefined) return call.unknown();
    return map.entries.has(name) ? booleanValue(true) : map.isOpen ? call.unknown() : booleanValue(false);
  }),
  keys: (call, ...maps) => (maps.every((map) => map.kind === 'map' && !map.isOpen) ? listValue(maps.flatMap((map) => (map.kind === 'map' ? sortedEntries(map).map(([key]) => textValue(key)) : []))) : call.unknown()),
  values: (call, ...maps) => (maps.every((map) => map.kind === 'map' && !map.isOpen) ? listValue(maps.flatMap((map) => (map.kind === 'map' ? sortedEntries(map).map(([, item]) => item) : []))) : call.unknown()),
  pick: keysOf((key, wanted) => wanted.has(key)),
  omit: keysOf((key, wanted) => !wanted.has(key)),
  pluck: (call, key, ...maps) => {
    const name = knownText(key);
    if (name === undefined || maps.some((map) => map.kind === 'unknown')) return call.unknown();
    return listValue(maps.flatMap((map) => (map.kind === 'map' ? (map.entries.get(name) ?? []) : [])));
  },
  merge: merge(false),
  mergeOverwrite: merge(true),
  deepCopy: (call, value = NIL) => deepCopy(value, call.spend),
  dig,
  index,
  len: length,
  has,
  first: ofList(({ items }) => items[0] ?? NIL),
  last: ofList(({ items }) => items.at(-1) ?? NIL),
  rest: ofList(({ items }) => listValue(items.slice(1))),
  initial: ofList(({ items }) => listValue(items.slice(0, -1))),
  reverse: ofList(({ items }) => listValue(items.toReversed())),
  compact: ofList(({ items }) => listValue(items.filter((item) => truth(item) !== false))),
  uniq: ofList(({ items }) => uniq(items)),
  sortAlpha: ofList(({ items }, _, call) => {
    const texts = items.map(knownText);
    return texts.every((text) => text !== undefined) ? listValue(texts.toSorted().map((text) => textValue(text))) : call.unknown();
  }),
  toStrings: ofList(({ items }) => listValue(items.map((item) => textValue(printed(item))))),
  append: onList((items, [item = NIL]) => listValue([...items, item])),
  prepend: onList((items, [item = NIL]) => listValue([item, ...items])),
  concat: (call, ...lists) => {
    if (!lists.every((list) => list.kind === 'list' || list.kind === 'nil')) return call.unknown();
    const items = lists.flatMap((list) => (list.kind === 'list' ? list.items : []));
    call.spend(items.length);
    return listValue(items);
  },
  without: onList((items, gone) => listValue(items.filter((item) => !gone.some((other) => equal(item, other) === true)))),
  slice: (call, value = NIL, start, end) => {
    const from = start === undefined ? 0 : numberOf(start);
    const to = end === undefined ? undefined : numberOf(end);
    if (from === undefined || value.kind !== 'list') return call.unknown();
    return listValue(value.items.slice(from, to));
  },
  until,
  untilStep,
  toYaml: (call, value = NIL) => (value.kind === 'unknown' ? value : textValue(toYaml(value, call.spend))),
  toYamlPretty: (call, value = NIL) => (value.kind === 'unknown' ? value : textValue(toYaml(value, call.spend))),
  toJson: (call, value = NIL) => json(value, call),
  toRawJson: (call, value = NIL) => json(value, call),
  toPrettyJson: (call, value = NIL) => json(value, call),
  fromYaml: fromText,
  fromYamlArray: fromText,
  fromJson: fromText,
  fromJsonArray: fromText,
};
