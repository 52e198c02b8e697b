// Texts that are put together of parts: `Fn::Sub` and `Fn::Join`. Known parts make a text, a single reference stays one, JSON becomes the value that it encodes.

import { mentionsOfValue } from '../cloud-values';
import type { Location } from '../../text';
import type { CloudValue } from '../cloud';
import { at, type Expression } from './expression';
import { evaluate } from './evaluate';
import { PLACEHOLDER } from './mentions';
import { referenceTo } from './references';
import type { Scope } from './scope';
import { fromJsonText, scalarText, unknownValue, type MaybeValue } from './values';

/** `Fn::Sub` with its optional map of names. */
export function substitute(items: readonly Expression[], place: Location, scope: Scope, file: string): MaybeValue {
  const [text, names] = items;
  // A scalar is taken as it stands: JSON in it may hold placeholders. Variables of a serverless file come first.
  const template = text?.kind === 'scalar' && typeof text.value === 'string' && !scope.variables ? text.value : scalarText(text && evaluate(text, scope, file));
  if (template === undefined) return unknownValue('a text that is put together', place);
  const parts: MaybeValue[] = [];
  let from = 0;
  for (const match of template.matchAll(PLACEHOLDER)) {
    parts.push({ kind: 'text', value: template.slice(from, match.index), at: place });
    parts.push(match[1] === '!' ? { kind: 'text', value: `\${${match[2] ?? ''}}`, at: place } : named((match[2] ?? '').trim(), names, place, scope, file));
    from = match.index + match[0].length;
  }
  parts.push({ kind: 'text', value: template.slice(from), at: place });
  return composed(parts, place);
}

function named(name: string, names: Expression | undefined, place: Location, scope: Scope, file: string): MaybeValue {
  const own = at(names, name);
  if (own) return evaluate(own, scope, file);
  const dot = name.indexOf('.');
  return dot < 0 ? referenceTo(name, undefined, place, scope) : referenceTo(name.slice(0, dot), name.slice(dot + 1), place, scope);
}

/** One text of several parts; the part itself where it is the only one. */
export function composed(all: readonly MaybeValue[], place: Location): MaybeValue {
  const parts = all.filter((part): part is CloudValue => part !== undefined && !(part.kind === 'text' && part.value === ''));
  const [only] = parts;
  if (parts.length === 1 && only) return { ...only, at: place };
  const soft = parts.some((part) => 'isSoft' in part && part.isSoft === true) ? { isSoft: true as const } : {};
  const textOfKnown = (text: string): CloudValue => ({ kind: 'text', value: text, at: place, ...soft });
  const texts = parts.map(scalarText);
  if (texts.every((text) => text !== undefined)) {
    const text = texts.join('');
    return fromJsonText(text, place, textOfKnown) ?? textOfKnown(text);
  }
  return listOfParts(parts, place) ?? jsonOfParts(parts, texts, place, textOfKnown) ?? unknownValue('a text that is put together', place, [...new Set(parts.flatMap(mentionsOfValue))]);
}

/** Values with commas between them are how a list is passed from one stack to another: subnets, security groups. */
function listOfParts(parts: readonly CloudValue[], place: Location): MaybeValue {
  const isList = parts.length >= 3 && parts.length % 2 === 1 && parts.every((part, index) => (index % 2 === 1 ? part.kind === 'text' && part.value.trim() === ',' : part.kind === 'reference' || part.kind === 'unknown'));
  return isList ? { kind: 'list', items: parts.filter((_part, index) => index % 2 === 0), isOpen: false, at: place } : undefined;
}

/** Private-use characters around the number of a part that is not known. */
const OPEN = '\uE000';
const CLOSE = '\uE001';

/** JSON with parts that are not known: they stand in its strings. */
function jsonOfParts(parts: readonly CloudValue[], texts: readonly (string | undefined)[], place: Location, textOfKnown: (text: string) => CloudValue): MaybeValue {
  const whole = texts.map((text, index) => text ?? `${OPEN}${index}${CLOSE}`).join('');
  return fromJsonText(whole, place, (text) => {
    if (!text.includes(OPEN)) return textOfKnown(text);
    const numbers = [...text.matchAll(/\uE000(\d+)\uE001/g)].map((match) => Number(match[1]));
    const only = numbers.length === 1 ? parts[numbers[0] ?? -1] : undefined;
    if (only && text === `${OPEN}${numbers[0] ?? ''}${CLOSE}`) return { ...only, at: place };
    return unknownValue('a text that is put together', place, [...new Set(numbers.flatMap((number) => mentionsOfValue(parts[number])))]);
  });
}
