// Values with the constants of other files put in, and look-ups in options.

import type { Construct } from '../../catalog/schema';
import type { ArgumentRef } from '../../catalog/schema';
import type { ObjectEntry, Value } from './values';
import { choiceOf } from './fold-operators';

const UNKNOWN: Value = { kind: 'unknown' };
const EMPTY: Value = { kind: 'object', entries: [], isOpen: false };
const MAX_DEPTH = 6;

/** Gives the constant behind a reference of a file, with the file that it stands in. */
export type ConstantOf = (file: string, module: string, path: readonly string[]) => { readonly file: string; readonly value: Value } | undefined;

/** Replaces references by the constants that other files export, and merges spreads of them. Spans of other files are dropped. */
export function resolveValue(constantOf: ConstantOf, file: string, value: Value, depth = 0): Value {
  if (depth > MAX_DEPTH) return value;
  const inner = (child: Value): Value => resolveValue(constantOf, file, child, depth + 1);
  switch (value.kind) {
    case 'reference': {
      const found = constantOf(file, value.module, value.path);
      if (!found || found.value.kind === 'function' || found.value.kind === 'client') return value;
      return { ...withoutSpans(resolveValue(constantOf, found.file, found.value, depth + 1)), ...(value.span ? { span: value.span } : {}) };
    }
    case 'object':
      return resolveObject(value, inner);
    case 'array':
      return { ...value, items: value.items.map(inner) };
    case 'choice':
      return { ...choiceOf(value.options.map(inner)), ...(value.span ? { span: value.span } : {}) };
    case 'environment':
      return value.fallback ? { ...value, fallback: inner(value.fallback) } : value;
    case 'made':
      return { ...value, arguments: value.arguments.map(inner) };
    case 'template':
      return { ...value, parts: value.parts.map((part) => (typeof part === 'string' ? part : inner(part))) };
    default:
      return value;
  }
}

function resolveObject(value: Value & { kind: 'object' }, inner: (child: Value) => Value): Value {
  const entries = new Map<string, ObjectEntry>();
  let spreads = 0;
  let isOpen = false;
  for (const entry of value.entries) {
    const resolved = inner(entry.value);
    if (!entry.key.startsWith('...')) {
      entries.delete(entry.key);
      entries.set(entry.key, { ...entry, value: resolved });
      continue;
    }
    spreads++;
    if (resolved.kind === 'object') {
      for (const spread of resolved.entries) {
        const key = spread.key.startsWith('...') ? `${entry.key}${spread.key}` : spread.key;
        entries.set(key, { key, value: spread.value });
      }
      isOpen ||= resolved.isOpen;
      if (resolved.isOpen && !resolved.entries.some((spread) => spread.key.startsWith('...'))) entries.set(entry.key, { key: entry.key, value: UNKNOWN });
    } else if (resolved.kind !== 'undefined' && resolved.kind !== 'null' && resolved.kind !== 'boolean') {
      isOpen = true;
      // It may have replaced anything before it.
      for (const [key, before] of entries) {
        if (!key.startsWith('...')) entries.set(key, { ...before, value: { ...choiceOf([before.value, UNKNOWN]), ...(before.value.span ? { span: before.value.span } : {}) } });
      }
      // Kept in its place: what a caller gives is put in once the caller is known.
      entries.set(entry.key, { key: entry.key, value: resolved });
    }
  }
  return { ...value, entries: [...entries.values()], isOpen: spreads === 0 ? value.isOpen : isOpen };
}

/** A value without the places that it has in its own file. */
export function withoutSpans(value: Value): Value {
  switch (value.kind) {
    case 'object':
      return { kind: 'object', isOpen: value.isOpen, entries: value.entries.map((entry) => ({ key: entry.key, value: withoutSpans(entry.value) })) };
    case 'choice':
      return { kind: 'choice', options: value.options.map(withoutSpans) };
    case 'array':
      return { kind: 'array', isOpen: value.isOpen, items: value.items.map(withoutSpans) };
    default: {
      const { span: _span, ...rest } = value;
      return rest;
    }
  }
}

/** The options of a call or construct among its folded arguments: an empty object where none are given, `unknown` where they cannot be seen. `isAddress` says whether an argument is known to be an address and no options. */
export function optionsOf(given: readonly Value[], where: ArgumentRef | undefined, isAddress: (value: Value, index: number) => boolean): Value {
  if (where === undefined) return EMPTY;
  if (typeof where === 'number') return asOptions(given[where]);
  if (where === 'before-callback') return beforeCallback(given);
  const candidates = given.map((value, index) => ({ value, index })).filter(({ value, index }) => !isNoObject(value) && !isAddress(value, index));
  if (where === 'first-object') {
    const first = candidates.find(({ value }) => value.kind === 'object') ?? candidates[0];
    return asOptions(first?.value);
  }
  return asOptions(candidates[candidates.length - 1]?.value);
}

// `(request, [metadata], [options], callback)`: what stands before the callback, the request left out. Without a callback in sight options may be anywhere.
function beforeCallback(given: readonly Value[]): Value {
  const last = given[given.length - 1];
  if (given.length < 2 || !last) return UNKNOWN;
  if (last.kind === 'object') return last;
  if (last.kind === 'function' || last.kind === 'parameter') return given.length > 2 ? asOptions(given[given.length - 2]) : EMPTY;
  return UNKNOWN;
}

function asOptions(value: Value | undefined): Value {
  if (value === undefined || isNoObject(value)) return EMPTY;
  return value;
}

// Values that hold no options whatever they are.
function isNoObject(value: Value): boolean {
  switch (value.kind) {
    case 'string':
    case 'number':
    case 'infinity':
    case 'boolean':
    case 'null':
    case 'undefined':
    case 'template':
    case 'environment':
    case 'function':
    case 'array':
    case 'signal':
      return true;
    default:
      return false;
  }
}

export interface Found {
  /** `undefined` value = certainly not given. */
  readonly value: Value;
  readonly entry?: ObjectEntry;
}

/** The value at a dotted path of options, also through clients and objects made on the spot (`requestHandler: new Handler({ … })`), whose options are their first object. */
export function optionAt(options: Value, path: string, argumentsOfClient: (client: number) => readonly Value[]): Found {
  return find(options, path.split('.'), argumentsOfClient, 0);
}

function find(value: Value, path: readonly string[], argumentsOfClient: (client: number) => readonly Value[], depth: number): Found {
  const [name, ...rest] = path;
  if (name === undefined) return { value };
  if (depth > MAX_DEPTH) return { value: UNKNOWN };
  switch (value.kind) {
    case 'object': {
      const entry = value.entries.findLast((candidate) => candidate.key === name);
      // A key with the dot in it: `'socket.timeout': 5`.
      if (!entry) return { value: value.isOpen ? UNKNOWN : { kind: 'undefined' } };
      const found = find(entry.value, rest, argumentsOfClient, depth + 1);
      return rest.length === 0 ? { value: entry.value, entry } : found;
    }
    case 'made':
    case 'client': {
      // What `config.get('db')` gives is out of sight.
      if (value.kind === 'made' && !value.isNew) return { value: UNKNOWN };
      const given = value.kind === 'made' ? value.arguments : argumentsOfClient(value.client);
      const object = given.find((argument) => argument.kind === 'object');
      if (object) return find(object, path, argumentsOfClient, depth + 1);
      return { value: given.every(isNoObject) ? { kind: 'undefined' } : UNKNOWN };
    }
    case 'choice': {
      const found = value.options.map((option) => find(option, path, argumentsOfClient, depth + 1));
      return { value: choiceOf(found.map((one) => one.value)), ...(found[0]?.entry ? { entry: found[0].entry } : {}) };
    }
    case 'undefined':
    case 'null':
    case 'string':
    case 'number':
    case 'boolean':
    case 'function':
    case 'environment':
    case 'template':
      return { value: { kind: 'undefined' } };
    default:
      return { value: UNKNOWN };
  }
}

/** Options of `over` on top of `under`, key by key and down into nested objects; `undefined` in `over` keeps what is under it. */
export function mergeOptions(under: Value, over: Value): Value {
  if (over.kind === 'object' && under.kind === 'object') {
    const entries = new Map(under.entries.map((entry) => [entry.key, entry]));
    for (const entry of over.entries) {
      const before = entries.get(entry.key);
      if (entry.value.kind === 'undefined' && before) continue;
      const isNested = before?.value.kind === 'object' && entry.value.kind === 'object';
      entries.set(entry.key, isNested && before ? { ...entry, value: mergeOptions(before.value, entry.value) } : entry);
    }
    return { kind: 'object', entries: [...entries.values()], isOpen: under.isOpen || over.isOpen, ...(over.span ? { span: over.span } : {}) };
  }
  if (over.kind === 'object') return { ...over, isOpen: true };
  if (under.kind === 'object' && !isNoObject(over)) return { ...under, isOpen: true };
  return isNoObject(over) ? under : UNKNOWN;
}

/** Options with a later assignment (`http.defaults.timeout = 5000`, path `timeout`) put in. */
export function assignOption(options: Value, path: readonly string[], value: Value, span: ObjectEntry['span']): Value {
  const [name, ...rest] = path;
  if (name === undefined) return options;
  const base: Value & { kind: 'object' } = options.kind === 'object' ? options : { kind: 'object', entries: [], isOpen: true };
  const before = base.entries.find((entry) => entry.key === name);
  const entry: ObjectEntry = rest.length === 0 ? { key: name, value, ...(span ? { span } : {}) } : { key: name, value: assignOption(before?.value ?? EMPTY, rest, value, span) };
  return { ...base, entries: [...base.entries.filter((candidate) => candidate.key !== name), entry] };
}

/** The address that a construct or call is given: its argument, or one of its address options. */
export function targetOf(given: readonly Value[], options: Value, shape: { readonly target?: number; readonly targetOptions?: Construct['targetOptions'] }): Value | undefined {
  const direct = shape.target === undefined ? undefined : given[shape.target];
  if (direct && (direct.kind === 'string' || direct.kind === 'template' || direct.kind === 'environment')) return direct;
  for (const path of shape.targetOptions ?? []) {
    const found = optionAt(direct?.kind === 'object' ? direct : options, path, () => []).value;
    if (found.kind !== 'undefined' && found.kind !== 'unknown') return found;
  }
  return direct && direct.kind !== 'object' && direct.kind !== 'function' ? direct : undefined;
}

/** Whether an address starts at the root of whoever asks: `/api/orders`. */
export function isWithoutHost(target: Value | undefined): boolean {
  const first = target?.kind === 'template' ? target.parts[0] : target?.kind === 'string' ? target.value : undefined;
  return typeof first === 'string' && first.startsWith('/');
}
