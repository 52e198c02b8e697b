// Reads canonical fields of one cloud resource through the catalogue: every value that a property can have, brought to what the field means.

import type { CloudField } from '../../../catalog/cloud-schema';
import type { CloudMap, CloudResource, CloudValue } from '../../artifacts/cloud';
import type { CloudConcept } from '../../cloud-catalog';
import type { Location } from '../../text';
import type { ResourceRef, Setting } from '../model';

/** A resource, or a part of one that other dialects write as a resource, with what the catalogue knows of it. */
export interface CloudView {
  readonly id: string;
  readonly resource: CloudResource;
  readonly concept: CloudConcept;
  /** Of the part; the resource's own otherwise. */
  readonly properties: CloudMap;
  /** Where the part stands in its resource. */
  readonly prefix: readonly (string | number)[];
  readonly at: Location;
  readonly parent?: CloudView;
}

/** The place that a fix of a view changes, and the path to the view's properties in it. An object of a library of constructs (`new SqsEventSource(queue, { … })`) is a call of its own, wherever it is handed to. */
export function fixPlaceOf(view: CloudView): { readonly resource: ResourceRef; readonly prefix: readonly (string | number)[] } {
  const { resource } = view.resource;
  if (view.prefix.length === 0 || view.properties.entries['$type'] === undefined) return { resource, prefix: view.prefix };
  const { file, span } = view.properties.at;
  return { resource: { ...resource, file, path: [span[0], span[1]] }, prefix: [] };
}

/** One possible value of a property. `absent` = not written in that case. */
export type Found = { readonly value: CloudValue } | 'absent' | 'unknown';

const MOST_VALUES = 64;

/** Every value that a path can have; `mentions` collects the resources that unknown ones mention. Bounded: beyond 64 the answer is unknown. */
export function walk(value: CloudValue, path: readonly string[], mentions: Set<string> = new Set()): readonly Found[] {
  const found: Found[] = [];
  visit(value, path, 0, { found, mentions }, 0);
  return found.length > MOST_VALUES ? ['unknown'] : found;
}

interface Collected {
  readonly found: Found[];
  readonly mentions: Set<string>;
}

function visit(value: CloudValue | undefined, path: readonly string[], index: number, into: Collected, depth: number): void {
  const { found, mentions } = into;
  if (found.length > MOST_VALUES || depth > 24) return void found.push('unknown');
  if (value === undefined) return void found.push('absent');
  if (value.kind === 'unknown') {
    for (const id of value.mentions) mentions.add(id);
    return void found.push('unknown');
  }
  if (value.kind === 'either') {
    for (const option of value.options) visit(option, path, index, into, depth + 1);
    return;
  }
  const segment = path[index];
  if (segment === undefined) return void found.push({ value });
  if (value.kind === 'list') {
    for (const item of value.items) visit(item, path, index, into, depth + 1);
    if (value.isOpen) found.push('unknown');
    else if (value.items.length === 0) found.push('absent');
    return;
  }
  if (value.kind !== 'map') return void found.push('unknown');
  if (segment === '*') {
    for (const entry of Object.values(value.entries)) visit(entry, path, index + 1, into, depth + 1);
    if (value.isOpen) found.push('unknown');
    return;
  }
  const entry = Object.hasOwn(value.entries, segment) ? value.entries[segment] : undefined;
  if (entry) visit(entry, path, index + 1, into, depth + 1);
  else found.push(value.isOpen ? 'unknown' : 'absent');
}

/** All values that a field can have, calls on the construct included. An empty list = the dialect has no word for it. */
export function foundOf(view: CloudView, name: string, mentions?: Set<string>): readonly Found[] {
  const field = view.concept.fields[name];
  if (!field) return [];
  const called = (field.calls ?? []).flatMap((call) => callValues(view, call));
  if (called.length > 0) return called;
  let written: readonly Found[] = ['absent'];
  for (const path of typeof field.path === 'string' ? [field.path] : field.path) {
    const own = pathValues(view, path, field.key, mentions);
    if (field.isAny) written = [...written, ...own];
    else if (own.some((one) => one !== 'absent')) return own;
  }
  return written;
}

function pathValues(view: CloudView, path: string, key: string | undefined, mentions?: Set<string>): readonly Found[] {
  const full = [...view.prefix, ...(path === '' ? [] : path.split('.'))].join('.');
  if (view.resource.unmanaged.some((managed) => managed === '*' || full === managed || full.startsWith(`${managed}.`) || managed.startsWith(`${full}.`))) return ['unknown'];
  const values = path === '' ? [{ value: view.properties } satisfies Found] : walk(view.properties, path.split('.'), mentions);
  return key === undefined ? values : values.flatMap((one) => (typeof one === 'string' ? [one] : pairValues(one.value, key)));
}

/** The value of a key in a list of pairs: `[{ Key, Value }]`. */
function pairValues(list: CloudValue, key: string): readonly Found[] {
  if (list.kind === 'map') return walk(list, [key]);
  if (list.kind !== 'list') return ['unknown'];
  let isOpen = list.isOpen;
  for (const item of list.items) {
    if (item.kind !== 'map') {
      isOpen = true;
      continue;
    }
    const name = ['Key', 'key', 'Name', 'name', 'OptionName'].map((word) => item.entries[word]).find((word) => word !== undefined);
    if (name?.kind !== 'text') isOpen = true;
    else if (name.value === key) return walk(item, ['Value' in item.entries ? 'Value' : 'value']);
  }
  return [isOpen ? 'unknown' : 'absent'];
}

function callValues(view: CloudView, field: NonNullable<CloudField['calls']>[number]): readonly Found[] {
  const calls = (view.resource.calls ?? []).filter((call) => call.method === field.method && (field.key === undefined || (call.arguments[0]?.kind === 'text' && call.arguments[0].value === field.key)));
  return calls.flatMap((call): readonly Found[] => {
    if (field.means !== undefined) return [{ value: literal(field.means, call.at) }];
    const argument = call.arguments[field.argument ?? 0];
    if (!argument) return [];
    const values = walk(argument, field.path === undefined || field.path === '' ? [] : field.path.split('.'));
    return values.every((one) => one === 'absent') ? [] : values;
  });
}

function literal(value: string | number | boolean, at: Location): CloudValue {
  if (typeof value === 'string') return { kind: 'text', value, at };
  return typeof value === 'number' ? { kind: 'number', value, at } : { kind: 'boolean', value, at };
}

/** Whether a field says yes. Where several values are possible they must agree. */
export function flagOf(view: CloudView, name: string): Setting<boolean> {
  const field = view.concept.fields[name];
  if (!field) return { state: 'absent' };
  const found = foundOf(view, name);
  if (field.isAny) {
    const yes = found.find((one) => typeof one !== 'string' && booleanOf(one.value, field) === true);
    if (yes && typeof yes !== 'string') return { state: 'set', value: true, at: yes.value.at };
    if (found.includes('unknown')) return { state: 'unknown', because: 'its parts cannot all be known' };
    return { state: 'default', value: false, source: sourceOf(view) };
  }
  return agree(view, field, found, (value) => booleanOf(value, field), (value) => (typeof value === 'boolean' ? value : meaning(value, field)));
}

/** A number, in seconds where the field has a unit. */
export function amountOf(view: CloudView, name: string): Setting<number> {
  const field = view.concept.fields[name];
  if (!field) return { state: 'absent' };
  const factor = UNITS[field.unit ?? 's'] ?? 1;
  return agree(view, field, foundOf(view, name), (value) => numberOf(value, factor), (value) => (typeof value === 'number' ? value * factor : undefined));
}

/** A text as it is written. */
export function wordOf(view: CloudView, name: string): Setting<string> {
  const field = view.concept.fields[name];
  if (!field) return { state: 'absent' };
  return agree(view, field, foundOf(view, name), (value) => (value.kind === 'text' ? value.value : value.kind === 'number' || value.kind === 'boolean' ? String(value.value) : undefined), String);
}

/** Whether anything is written there. */
export function isWritten(view: CloudView, name: string): Setting<boolean> {
  const found = foundOf(view, name);
  const first = found.find((one) => typeof one !== 'string');
  if (first && typeof first !== 'string') return { state: 'set', value: true, at: first.value.at };
  return found.includes('unknown') ? { state: 'unknown', because: 'it cannot be known' } : { state: 'absent' };
}

const UNITS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, min: 60, h: 3600, d: 86_400 };

function agree<T>(view: CloudView, field: CloudField, found: readonly Found[], read: (value: CloudValue) => T | undefined, fallback: (value: string | number | boolean) => T | undefined): Setting<T> {
  const ofDefault = field.default === undefined ? undefined : fallback(field.default);
  let at: Location | undefined;
  let isSoft = false;
  const values: (T | undefined)[] = [];
  for (const one of found) {
    if (one === 'unknown') return { state: 'unknown', because: `\`${lastOf(field)}\` cannot be known` };
    if (one === 'absent') {
      if (field.default !== undefined && ofDefault === undefined) return { state: 'unknown', because: `\`${lastOf(field)}\` cannot be known` };
      values.push(ofDefault);
      continue;
    }
    const value = read(one.value);
    if (value === undefined) return { state: 'unknown', because: `\`${lastOf(field)}\` cannot be known` };
    at ??= one.value.at;
    isSoft ||= 'isSoft' in one.value && one.value.isSoft === true;
    values.push(value);
  }
  const [first] = values;
  if (values.some((value) => value !== first)) return { state: 'unknown', because: `\`${lastOf(field)}\` has several values` };
  if (first === undefined) return { state: 'absent' };
  if (at) return { state: 'set', value: first, at, ...(isSoft ? { isSoft: true } : {}) };
  return { state: 'default', value: first, source: sourceOf(view) };
}

function lastOf(field: CloudField): string {
  const path = typeof field.path === 'string' ? field.path : (field.path[0] ?? '');
  return path.slice(path.lastIndexOf('.') + 1);
}

function sourceOf(view: CloudView): string {
  return view.concept.entry.sources[0] ?? view.concept.entry.title;
}

function booleanOf(value: CloudValue, field: CloudField): boolean | undefined {
  if (value.kind === 'map') return field.isPresence ? true : undefined;
  if (value.kind === 'list') return field.isPresence ? value.items.length > 0 || (value.isOpen ? undefined : false) : undefined;
  if (value.kind === 'reference') return field.isPresence ? true : undefined;
  if (value.kind === 'boolean' || value.kind === 'text' || value.kind === 'number') return meaning(value.value, field);
  return undefined;
}

function meaning(value: string | number | boolean, field: CloudField): boolean | undefined {
  const isOneOf = (list: readonly (string | number | boolean)[]): boolean => list.some((one) => String(one).toLowerCase() === String(value).toLowerCase());
  if (field.yes) return isOneOf(field.yes);
  if (field.no) return !isOneOf(field.no);
  if (field.isPresence) return value !== '' && value !== false;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value > 0;
  if (/^(?:true|yes|enabled|on)$/i.test(value)) return true;
  return /^(?:false|no|disabled|off)$/i.test(value) ? false : undefined;
}

/** Numbers, numbers in texts, and durations such as `10s` and `PT1M30S`. */
function numberOf(value: CloudValue, factor: number): number | undefined {
  if (value.kind === 'number') return value.value * factor;
  if (value.kind !== 'text') return undefined;
  const text = value.value.trim();
  if (/^-?\d{1,15}(?:\.\d{1,9})?$/.test(text)) return Number(text) * factor;
  const short = /^(\d{1,9}(?:\.\d{1,9})?)(ms|s|m|h|d)$/.exec(text);
  if (short) return Number(short[1]) * (UNITS[short[2] === 'm' ? 'min' : (short[2] ?? 's')] ?? 1);
  const iso = /^P(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?$/.exec(text);
  return iso && text.length > 2 ? Number(iso[1] ?? 0) * 86_400 + Number(iso[2] ?? 0) * 3600 + Number(iso[3] ?? 0) * 60 + Number(iso[4] ?? 0) : undefined;
}
