// Turns the catalogue's word on how a field is brought in order into intents on one resource: existing blocks are kept and only what is missing is written.

import type { CloudFixValue } from '../../../catalog/cloud-schema';
import type { CloudLiteral, CloudValue } from '../../artifacts/cloud';
import type { ArtifactIntent } from '../../artifacts/intent';
import type { Repair } from './things';
import { fixPlaceOf, type CloudView } from './fields';

/** Fixes of all fields of a view that have one. */
export function repairsOf(view: CloudView): Readonly<Record<string, Repair>> {
  const repairs: Record<string, Repair> = {};
  // A short form (`stream: arn`) has no room for settings.
  if ('$value' in view.properties.entries) return repairs;
  for (const [name, field] of Object.entries(view.concept.fields)) {
    if (!field.fix && !field.adds) continue;
    const intents: ArtifactIntent[] = [];
    let isPossible = true;
    const own = field.key === undefined ? treeOf(field.fix ?? {}) : {};
    if (field.key !== undefined && field.fix) isPossible = pairIntents(view, field.key, field.fix, intents);
    else emit(own, view.properties, [...fixPlaceOf(view).prefix], view, intents);
    if (!isPossible) continue;
    if (field.adds) {
      const { type, name: added, properties } = field.adds;
      const filled = filledMap(properties, view);
      intents.push({ kind: 'add-resource', type, name: String(fill(added, view)), properties: filled });
    }
    if (intents.length > 0) repairs[name] = { intents, text: textOf(field.fix ?? {}, view.resource.dialect === 'terraform' ? ' = ' : ': '), adds: field.adds !== undefined };
  }
  return repairs;
}

type Tree = { readonly [key: string]: CloudFixValue };

/** `{ 'a.b': 1, 'a.c': 2 }` -> `{ a: { b: 1, c: 2 } }`. */
function treeOf(fix: Readonly<Record<string, CloudFixValue>>): Tree {
  const root: Record<string, CloudFixValue> = {};
  for (const [path, value] of Object.entries(fix)) {
    const segments = path.split('.');
    let level: Record<string, CloudFixValue> = root;
    for (const segment of segments.slice(0, -1)) {
      const existing = level[segment];
      const next: Record<string, CloudFixValue> = isMap(existing) ? { ...existing } : {};
      level[segment] = next;
      level = next;
    }
    level[segments.at(-1) ?? ''] = value;
  }
  return root;
}

function emit(tree: Tree, current: CloudValue | undefined, path: (string | number)[], view: CloudView, intents: ArtifactIntent[]): void {
  const map = current?.kind === 'list' && current.items.length === 1 ? current.items[0] : current;
  for (const [key, value] of Object.entries(tree)) {
    const existing = map?.kind === 'map' ? map.entries[key] : undefined;
    const inner = existing?.kind === 'list' && existing.items.length === 1 ? existing.items[0] : existing;
    if (isMap(value) && !Object.keys(value).some((name) => name.startsWith('$')) && inner?.kind === 'map') emit(value, existing, [...path, key], view, intents);
    else intents.push({ kind: 'set-property', path: [...path, key], value: filled(value, view) });
  }
}

/** One pair of a list of pairs: its value where it is written, the whole list where there is none. A list without it is left alone. */
function pairIntents(view: CloudView, key: string, fix: Readonly<Record<string, CloudFixValue>>, intents: ArtifactIntent[]): boolean {
  const [[path, value] = ['', '']] = Object.entries(fix);
  const list = view.properties.entries[path];
  if (!list) {
    intents.push({ kind: 'set-property', path: [...view.prefix, path], value: [{ Key: key, Value: filled(value, view) }] });
    return true;
  }
  if (list.kind !== 'list') return false;
  const index = list.items.findIndex((item) => item.kind === 'map' && item.entries['Key']?.kind === 'text' && item.entries['Key'].value === key);
  if (index < 0) return false;
  intents.push({ kind: 'set-property', path: [...view.prefix, path, index, 'Value'], value: filled(value, view) });
  return true;
}

function filled(value: CloudFixValue, view: CloudView): CloudLiteral {
  if (typeof value === 'string') return fill(value, view);
  if (typeof value !== 'object') return value;
  if (isList(value)) return value.map((item) => filled(item, view));
  return filledMap(value, view);
}

function filledMap(value: Readonly<Record<string, CloudFixValue>>, view: CloudView): { readonly [key: string]: CloudLiteral } {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, view)]));
}

/** `{name}` is the name as the file spells it. */
function fill(text: string, view: CloudView): string {
  return text.replaceAll('{name}', view.resource.name);
}

function isMap(value: CloudFixValue | undefined): value is Tree {
  return typeof value === 'object' && !Array.isArray(value);
}

function isList(value: CloudFixValue): value is readonly CloudFixValue[] {
  return Array.isArray(value);
}

/** `multi_az = true`, `multiAz: true` in code; only the last words of a path. */
function textOf(fix: Readonly<Record<string, CloudFixValue>>, separator: string): string {
  const [entry] = Object.entries(fix);
  if (!entry) return '';
  const [path, value] = entry;
  const last = path.slice(path.lastIndexOf('.') + 1);
  return typeof value === 'object' ? last : `${last}${separator}${String(value)}`;
}

/** The intents of a repair with its count filled in. */
export function intentsOf(repair: Repair, count: number | undefined): readonly ArtifactIntent[] {
  return repair.intents.map((intent) => (intent.kind === 'set-property' ? { ...intent, value: counted(intent.value, count) } : intent));
}

function counted(value: CloudLiteral, count: number | undefined): CloudLiteral {
  if (value === '{count}') return count ?? 2;
  if (value === '{range}') return (count ?? 2) * 2;
  if (typeof value !== 'object' || '$reference' in value) return value;
  if (isLiteralList(value)) return value.map((item) => counted(item, count));
  return Object.fromEntries(Object.entries(value).map(([key, item]: [string, CloudLiteral]) => [key, counted(item, count)]));
}

function isLiteralList(value: CloudLiteral): value is readonly CloudLiteral[] {
  return Array.isArray(value);
}
