// Values of infrastructure code that need no tree: members of them, merging of spreads, what a fallback gives.

import type { DeclaredEntry, DeclaredValue } from './facts';

type Span = DeclaredValue['span'];
type MapValue = DeclaredValue & { readonly kind: 'map' };

/** A value that nothing is known of, made of others that may lead to constructs. */
export function unknownValue(span: Span, because: string, of: readonly DeclaredValue[] = []): DeclaredValue {
  const kept = of.flatMap((value) => leading(value, 0)).slice(0, 20);
  return { kind: 'unknown', because, of: kept, span };
}

const MOST_OPTIONS = 8;

/** One of several: nested choices are one choice, the same value counts once, and many are unknown. */
export function eitherValue(options: readonly DeclaredValue[], span: Span): DeclaredValue {
  const flat = new Set(options.flatMap((option) => (option.kind === 'either' ? option.options : [option])));
  const [only] = flat;
  if (only && flat.size === 1) return only;
  return flat.size > MOST_OPTIONS ? unknownValue(span, 'many values', [...flat]) : { kind: 'either', options: [...flat], span };
}

const sizes = new WeakMap<DeclaredValue, number>();

/** How many values a value is made of. Each is counted once and remembered, though it may be part of many. */
export function sizeOf(value: DeclaredValue): number {
  const known = sizes.get(value);
  if (known !== undefined) return known;
  const size = 1 + partsOf(value).reduce((sum, part) => sum + sizeOf(part), 0);
  sizes.set(value, size);
  return size;
}

function partsOf(value: DeclaredValue): readonly DeclaredValue[] {
  switch (value.kind) {
    case 'list':
      return value.items;
    case 'map':
      return value.entries.map((entry) => entry.value);
    case 'either':
      return value.options;
    case 'fallback':
      return [value.of, value.otherwise];
    case 'scaled':
      return [value.of];
    case 'unknown':
      return value.of;
    default:
      return [];
  }
}

/** The parts of a value that lead to constructs, or may. */
function leading(value: DeclaredValue, depth: number): readonly DeclaredValue[] {
  if (depth > 6) return [];
  const inner = (child: DeclaredValue): readonly DeclaredValue[] => leading(child, depth + 1);
  switch (value.kind) {
    case 'construct':
    case 'instance':
    case 'field':
    case 'export':
    case 'parameter':
      return [value];
    case 'list':
      return value.items.flatMap(inner);
    case 'map':
      return value.entries.flatMap((entry) => inner(entry.value));
    case 'either':
      return value.options.flatMap(inner);
    case 'scaled':
      return inner(value.of);
    case 'fallback':
      return [...inner(value.of), ...inner(value.otherwise)];
    case 'unknown':
      return value.of;
    default:
      return [];
  }
}

/** Whether a value leads to a construct, or may. */
export function leadsSomewhere(value: DeclaredValue): boolean {
  return leading(value, 0).length > 0;
}

/** `value.name`. */
export function memberOfValue(value: DeclaredValue, name: string, span: Span, depth = 0): DeclaredValue {
  if (depth > 8) return unknownValue(span, 'too deep');
  switch (value.kind) {
    case 'map': {
      const found = value.entries.findLast((entry) => entry.key === name || entry.key.startsWith('...'));
      if (found && found.key === name) return found.value;
      if (found) return memberOfValue(found.value, name, span, depth + 1);
      return value.isOpen ? unknownValue(span, 'an open object') : { kind: 'absent', span };
    }
    case 'construct':
    case 'instance':
    case 'field':
    case 'export':
    case 'parameter':
      return value.path.length < 8 ? { ...value, path: [...value.path, name], span } : unknownValue(span, 'too deep', [value]);
    case 'either':
      return eitherValue(value.options.map((option) => memberOfValue(option, name, span, depth + 1)), span);
    case 'fallback':
      return eitherValue([memberOfValue(value.of, name, span, depth + 1), memberOfValue(value.otherwise, name, span, depth + 1)], span);
    case 'absent':
      return value;
    default:
      return unknownValue(span, 'a member of something unknown', [value]);
  }
}

/** `left ?? right`, or with `isLoose` `left || right`. */
export function fallbackValue(left: DeclaredValue, right: DeclaredValue, span: Span, isLoose: boolean): DeclaredValue {
  switch (left.kind) {
    case 'absent':
      return right;
    case 'text':
    case 'number':
    case 'boolean':
      return isLoose && !left.value ? right : left;
    case 'list':
    case 'map':
    case 'construct':
      return left;
    case 'unknown':
      return softened(right) ?? unknownValue(span, left.because, [left, right]);
    default:
      return { kind: 'fallback', of: left, otherwise: right, span };
  }
}

/** A default that whoever calls or deploys may replace; undefined where it is no plain value. */
export function softened(value: DeclaredValue): DeclaredValue | undefined {
  return value.kind === 'text' || value.kind === 'number' || value.kind === 'boolean' ? { ...value, isSoft: true } : undefined;
}

/** A map with the entries of a spread laid over it. */
export function spreadInto(entries: DeclaredEntry[], value: DeclaredValue): boolean {
  if (value.kind === 'absent' || value.kind === 'boolean') return false;
  if (value.kind === 'map') {
    // What is unknown in it may replace anything before.
    if (value.isOpen) doubt(entries);
    for (const entry of value.entries) setEntry(entries, entry);
    return value.isOpen;
  }
  if (value.kind === 'either' && value.options.every((option) => option.kind === 'map' || option.kind === 'absent' || option.kind === 'boolean')) return spreadChoice(entries, value.options, value.span);
  if (value.kind === 'unknown') {
    doubt(entries);
    return true;
  }
  entries.push({ key: `...${entries.length}`, value });
  return false;
}

// `...(isProduction && { multiAz: true })`
function spreadChoice(entries: DeclaredEntry[], options: readonly DeclaredValue[], span: Span): boolean {
  const maps = options.filter((option): option is MapValue => option.kind === 'map');
  const keys = new Set(maps.flatMap((map) => map.entries.map((entry) => entry.key)));
  for (const key of keys) {
    if (key.startsWith('...')) continue;
    const before = entries.findLast((entry) => entry.key === key)?.value ?? { kind: 'absent' as const, span };
    const values = options.map((option) => (option.kind === 'map' ? (option.entries.findLast((entry) => entry.key === key)?.value ?? before) : before));
    setEntry(entries, { key, value: eitherValue(values, span) });
  }
  const isOpen = maps.some((map) => map.isOpen || map.entries.some((entry) => entry.key.startsWith('...')));
  if (isOpen) doubt(entries);
  return isOpen;
}

function doubt(entries: DeclaredEntry[]): void {
  entries.forEach((entry, index) => {
    if (!entry.key.startsWith('...')) entries[index] = { key: entry.key, value: unknownValue(entry.value.span, 'something may replace it', [entry.value]) };
  });
}

/** Sets a key; the last one wins. */
export function setEntry(entries: DeclaredEntry[], entry: DeclaredEntry): void {
  const index = entries.findIndex((candidate) => candidate.key === entry.key);
  if (index >= 0) entries.splice(index, 1);
  entries.push(entry);
}
