// Reads one value of a Compose file into a field: set, absent or unknown.

import { textOf, valueOf, resolve } from '../yaml/look-up';
import type { YamlNode } from '../yaml/tree';
import { parseDuration } from '../../duration';
import type { Field } from './facts';
import { interpolate, isUnknown } from './interpolate';

export const ABSENT: Field<never> = { state: 'absent' };

export function unknown(because: string): Field<never> {
  return { state: 'unknown', because };
}

/** Text of a scalar with variables replaced by their defaults. `null` counts as absent. */
export function textField(node: YamlNode | undefined): Field<string> {
  if (!node) return ABSENT;
  const scalar = resolve(node);
  if (!scalar) return unknown('an anchor that is not defined');
  if (scalar.tag === '!reset' || scalar.tag === '!override') return unknown(`\`${scalar.tag}\` changes what is merged`);
  const text = textOf(scalar);
  if (text === undefined) return scalar.kind === 'scalar' ? ABSENT : unknown('not a single value');
  const value = interpolate(text);
  return isUnknown(value) ? unknown('a variable without default') : { state: 'set', value, span: scalar.span };
}

/** A field whose text is turned into something else; undefined from `convert` makes it unknown. */
export function converted<T>(field: Field<string>, convert: (text: string) => T | undefined): Field<T> {
  if (field.state !== 'set') return field;
  const value = convert(field.value);
  return value === undefined ? unknown(`\`${field.value.slice(0, 40)}\` is not understood`) : { ...field, value };
}

export function numberField(node: YamlNode | undefined): Field<number> {
  return converted(textField(node), (text) => (/^\d+(?:\.\d+)?$/.test(text.trim()) ? Number(text) : undefined));
}

/** A duration of Compose (`1m30s`) in ms; a bare number is not one. */
export function durationField(node: YamlNode | undefined): Field<number> {
  return converted(textField(node), (text) => (/^\d+(?:\.\d+)?$/.test(text.trim()) ? (Number(text) === 0 ? 0 : undefined) : parseDuration(text)));
}

/** Truth of a scalar by the rules of YAML 1.1, which Compose keeps. */
export function isTrue(node: YamlNode | undefined): boolean {
  const field = textField(node);
  return field.state === 'set' && /^(?:true|yes|on|y)$/i.test(field.value);
}

/** Text of a scalar for labels: unknown parts stay as they are written. */
export function plainText(node: YamlNode | undefined): string | undefined {
  const value = valueOf(node);
  return value === undefined || value === null ? undefined : String(value);
}
