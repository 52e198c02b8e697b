// Values of a template while it is evaluated. A part that cannot be known is a value of its own, and inside a text it stands between marks that no source text holds.

import { parseYaml, type YamlNode } from '../yaml/tree';
import { entries, items, resolve } from '../yaml/look-up';

/** Where a value can be set: a path in a values file. */
export interface Origin {
  readonly file: string;
  readonly path: readonly (string | number)[];
}

interface Base {
  readonly origin?: Origin | undefined;
}

export type Value = NilValue | BooleanValue | NumberValue | TextValue | ListValue | MapValue | UnknownValue;

export interface NilValue extends Base {
  readonly kind: 'nil';
}

export interface BooleanValue extends Base {
  readonly kind: 'boolean';
  readonly isTrue: boolean;
}

export interface NumberValue extends Base {
  readonly kind: 'number';
  readonly number: number;
  readonly isFloat: boolean;
}

/** May hold marked parts that are unknown. */
export interface TextValue extends Base {
  readonly kind: 'text';
  readonly text: string;
}

export interface ListValue extends Base {
  readonly kind: 'list';
  readonly items: readonly Value[];
}

/** `set` and `unset` change it, as they do in templates. */
export interface MapValue extends Base {
  readonly kind: 'map';
  readonly entries: Map<string, Value>;
  /** It may hold further entries. */
  isOpen: boolean;
}

/** `label` is what was asked, as source text: the same question has the same answer. */
export interface UnknownValue extends Base {
  readonly kind: 'unknown';
  readonly label: string;
}

export const NIL: NilValue = { kind: 'nil' };

/** Marks of an unknown part in a text: each is two units wide, as are the braces that it becomes. */
export const OPEN_MARK = '\uE001\uE002';
export const CLOSE_MARK = '\uE003\uE004';
const MARKS = /[\uE001-\uE004]/;

const MAX_LABEL = 120;

export function textValue(text: string, origin?: Origin): TextValue {
  return { kind: 'text', text, origin };
}

export function booleanValue(isTrue: boolean): BooleanValue {
  return { kind: 'boolean', isTrue };
}

export function integerValue(number: number): NumberValue {
  return { kind: 'number', number: Math.trunc(number), isFloat: false };
}

export function listValue(values: readonly Value[]): ListValue {
  return { kind: 'list', items: values };
}

export function mapValue(pairs: Iterable<readonly [string, Value]>, isOpen = false): MapValue {
  return { kind: 'map', entries: new Map(pairs), isOpen };
}

export function unknown(label: string, origin?: Origin): UnknownValue {
  return { kind: 'unknown', label: label.replace(/\s+/g, ' ').replace(/[\uE000-\uE004]/g, '').slice(0, MAX_LABEL), origin };
}

/** Whether a text holds parts that are unknown. */
export function isMarked(text: string): boolean {
  return MARKS.test(text);
}

/** Whether a part of a text stands there under a condition that is unknown. */
export function holdsCondition(text: string): boolean {
  return text.includes(`${OPEN_MARK}if`);
}

/** An unknown part for a text. */
export function mark(label: string): string {
  return `${OPEN_MARK} ${label} ${CLOSE_MARK}`;
}

/** The same value as coming from another place, or from none. */
export function withOrigin<T extends Value>(value: T, origin: Origin | undefined): T {
  return value.origin === origin ? value : { ...value, origin };
}

/** Whether a condition holds; undefined where that is unknown. */
export function truth(value: Value): boolean | undefined {
  switch (value.kind) {
    case 'nil':
      return false;
    case 'boolean':
      return value.isTrue;
    case 'number':
      return value.number !== 0;
    case 'text':
      if (!isMarked(value.text)) return value.text.length > 0;
      // What stands outside the marked parts is there in any case, unless a marked condition decides about it.
      return holdsCondition(value.text) || value.text.replace(/\uE001[^\uE004]*\uE004/g, '').trim() === '' ? undefined : true;
    case 'list':
      return value.items.length > 0;
    case 'map':
      return value.entries.size > 0 ? true : value.isOpen ? undefined : false;
    case 'unknown':
      return undefined;
  }
}

/** What stands at a key. Of something unknown, unknown; of nothing, nothing. */
export function member(value: Value, key: string): Value {
  const origin = value.origin && { file: value.origin.file, path: [...value.origin.path, key] };
  switch (value.kind) {
    case 'map': {
      const found = value.entries.get(key);
      if (found) return found;
      return value.isOpen ? unknown(`.${key}`, origin) : { kind: 'nil', origin };
    }
    case 'nil':
      return { kind: 'nil', origin };
    case 'unknown':
      return unknown(`${value.label === '.' ? '' : value.label}.${key}`, origin);
    default:
      return unknown(`.${key}`);
  }
}

/** Text of a number as Go prints it: floats of seven digits and more, and tiny ones, with an exponent. */
export function numberText(number: number, isFloat: boolean): string {
  if (!isFloat || number === 0) return String(number);
  const [digits = '', exponentText = '0'] = number.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < GENERAL_DIGITS) return String(number);
  return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** Go's general verb writes an exponent from here on. */
const GENERAL_DIGITS = 6;

/** Text of a value as an action prints it. Linear in the value. */
export function printed(value: Value): string {
  switch (value.kind) {
    case 'nil':
      return '';
    case 'boolean':
      return String(value.isTrue);
    case 'number':
      return numberText(value.number, value.isFloat);
    case 'text':
      return value.text;
    case 'list':
      return `[${value.items.map(printedInside).join(' ')}]`;
    case 'map':
      return `map[${sortedEntries(value).map(([key, item]) => `${key}:${printedInside(item)}`).join(' ')}]`;
    case 'unknown':
      return mark(value.label);
  }
}

function printedInside(value: Value): string {
  return value.kind === 'nil' ? '<nil>' : printed(value);
}

/** Entries in the order in which templates see them. */
export function sortedEntries(value: MapValue): [string, Value][] {
  return [...value.entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** A copy that shares nothing that could be changed. `spend` is told of each part. */
export function deepCopy(value: Value, spend: () => void): Value {
  spend();
  if (value.kind === 'list') return { ...value, items: value.items.map((item) => deepCopy(item, spend)) };
  if (value.kind !== 'map') return value;
  return { ...value, entries: new Map([...value.entries].map(([key, item]) => [key, deepCopy(item, spend)])) };
}

/** Reads YAML text into a value; unknown where it has errors. */
export function valueOfYaml(text: string): Value {
  const parsed = parseYaml(text);
  if (parsed.problems.length > 0) return unknown('fromYaml');
  const root = parsed.documents[0]?.root;
  return root ? valueOfNode(root, { left: 20_000 }) : mapValue([]);
}

function valueOfNode(node: YamlNode, budget: { left: number }): Value {
  if (budget.left-- <= 0) return unknown('fromYaml');
  const at = resolve(node);
  if (at?.kind === 'map') return mapValue(entries(at).map(({ name, value }) => [name, value ? valueOfNode(value, budget) : NIL] as const));
  if (at?.kind === 'sequence') return listValue(items(at).map((item) => valueOfNode(item, budget)));
  if (at?.kind !== 'scalar') return NIL;
  const scalar = scalarOf(at.text, at.style === 'plain' && at.tag !== '!!str');
  return scalarValue(scalar.value, scalar.isFloat ?? typeof scalar.value === 'number');
}

/** A value of a scalar that was read. Numbers of values files are floats to Go. */
export function scalarValue(scalar: string | number | boolean | null, isFloat: boolean, origin?: Origin): Value {
  if (scalar === null) return { kind: 'nil', origin };
  if (typeof scalar === 'boolean') return { kind: 'boolean', isTrue: scalar, origin };
  return typeof scalar === 'number' ? { kind: 'number', number: scalar, isFloat, origin } : { kind: 'text', text: scalar, origin };
}

export interface Scalar {
  readonly value: string | number | boolean | null;
  readonly isFloat?: boolean;
}

/** A scalar by the rules of YAML 1.1, which Helm reads by: `yes` and `off` are booleans, `0755` is octal. */
export function scalarOf(text: string, isPlain: boolean): Scalar {
  if (!isPlain) return { value: text };
  if (/^(?:null|Null|NULL|~)?$/.test(text)) return { value: null };
  if (/^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)$/.test(text)) return { value: true };
  if (/^(?:n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/.test(text)) return { value: false };
  const digits = text.replaceAll('_', '');
  if (/^[-+]?0[0-7]+$/.test(digits)) return { value: Number.parseInt(digits, 8) };
  if (/^[-+]?\d+$/.test(digits) || /^0x[\da-fA-F]+$/.test(digits)) return { value: Number(digits) };
  if (/^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(digits)) return { value: Number(digits), isFloat: true };
  return { value: text };
}
