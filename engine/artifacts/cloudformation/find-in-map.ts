// `Fn::FindInMap`: the value where the keys are known, else one of those that they may lead to.

import type { Location } from '../../text';
import { at, textAt, type Expression } from './expression';
import { evaluate } from './evaluate';
import type { Scope } from './scope';
import { either, isSoft, relocate, scalarText, soften, unknownValue, type MaybeValue } from './values';

/** Evaluates the arguments `[map, key, key, { DefaultValue }]`. Linear in the mapping. */
export function findInMap(items: readonly Expression[], place: Location, scope: Scope, file: string): MaybeValue {
  const [map, first, second, options] = items;
  const name = scalarText(map && evaluate(map, scope, file));
  const mapping = name === undefined ? undefined : scope.mapping(name);
  const fallback = at(options, 'DefaultValue');
  const otherwise = fallback && evaluate(fallback, scope, file);
  if (mapping?.kind !== 'map') return unknownValue('a mapping that is not known', place);
  const outer = first && evaluate(first, scope, file);
  const inner = second && evaluate(second, scope, file);
  const softly = (value: MaybeValue): MaybeValue => relocate(isSoft(outer) || isSoft(inner) ? soften(value) : value, place);
  const rows = scalarText(outer) === undefined ? mapping.entries.map(({ value }) => value) : [at(mapping, scalarText(outer) ?? '')];
  const cells = rows.flatMap((row) => (scalarText(inner) === undefined ? (row?.kind === 'map' ? row.entries.map(({ value }) => value) : []) : [at(row, scalarText(inner) ?? '')]));
  const found = cells.filter((cell) => cell !== undefined);
  if (found.length === 0) return otherwise ?? unknownValue(`mapping \`${textAt(map) ?? name ?? ''}\` has no such key`, place);
  const isKnown = scalarText(outer) !== undefined && scalarText(inner) !== undefined;
  const values = found.map((cell) => evaluate(cell, scope, file));
  return softly(either(isKnown ? values : [...values, ...(otherwise ? [otherwise] : [])], place));
}
