// Evaluates an expression of a template: what is known becomes a value, what depends on a default is soft, what cannot be known says why and what it mentions.

import { mentionsOfValue } from '../cloud-values';
import type { Location } from '../../text';
import type { CloudValue } from '../cloud';
import { textAt, type Expression, type ExpressionMap } from './expression';
import { evaluateCondition } from './conditions';
import { findInMap } from './find-in-map';
import { mentionsOf } from './mentions';
import { referenceTo } from './references';
import type { Scope } from './scope';
import { composed, substitute } from './substitute';
import { either, fromJsonText, relocate, scalarText, scalarValue, soften, unknownValue, type MaybeValue } from './values';

/** The value of an expression; undefined where it is absent (`AWS::NoValue`, null). `file` is where the expression stands, if not in the scope's own. Linear in the expression and what it leads to. */
export function evaluate(expression: Expression, scope: Scope, file = scope.file): MaybeValue {
  const place = scope.locate(expression.span, file);
  return scope.descend(place, () => {
    switch (expression.kind) {
      case 'scalar':
        return evaluateScalar(expression.value, place, scope);
      case 'list':
        return evaluateList(expression.items, place, scope, file);
      case 'map':
        return evaluateMap(expression, scope, file);
      case 'call':
        return evaluateCall(expression.name, expression.argument, place, scope, file);
    }
  });
}

function evaluateScalar(value: string | number | boolean | null, place: Location, scope: Scope): MaybeValue {
  if (typeof value !== 'string') return scalarValue(value, place);
  const replaced = scope.variables?.(value, place, scope);
  if (replaced) return 'value' in replaced ? replaced.value : evaluate(replaced.expression, scope, replaced.file);
  return fromJsonText(value, place, (text) => ({ kind: 'text', value: text, at: place })) ?? { kind: 'text', value, at: place };
}

function evaluateList(items: readonly Expression[], place: Location, scope: Scope, file: string): CloudValue {
  let isOpen = false;
  const values = items.flatMap((item) => {
    const value = evaluate(item, scope, file);
    if (value?.kind === 'either') isOpen ||= value.options.includes(undefined);
    return value ?? [];
  });
  return { kind: 'list', items: values, isOpen, at: place };
}

/** A map of properties; an undecided one says `undefined` among its options. */
export function evaluateMap(map: ExpressionMap, scope: Scope, file = scope.file): Extract<CloudValue, { kind: 'map' }> {
  const entries: Record<string, CloudValue> = {};
  for (const entry of map.entries) {
    const value = entry.name.startsWith('Fn::') ? undefined : evaluate(entry.value, scope, file);
    if (value !== undefined) entries[entry.name] = value;
  }
  return { kind: 'map', entries, isOpen: map.isOpen === true, at: scope.locate(map.span, file) };
}

function evaluateCall(name: string, argument: Expression, place: Location, scope: Scope, file: string): MaybeValue {
  const items = argument.kind === 'list' ? argument.items : [argument];
  const value = (index: number): MaybeValue => {
    const item = items[index];
    return item && evaluate(item, scope, file);
  };
  switch (name) {
    case 'Ref':
      return referenceTo(textAt(argument) ?? '', undefined, place, scope);
    case 'Fn::GetAtt':
      return referenceTo(textAt(items[0]) ?? '', scalarText(value(1)), place, scope);
    case 'Fn::If':
      return choose(items, place, scope, file);
    case 'Fn::Sub':
      return substitute(items, place, scope, file);
    case 'Fn::Join':
      return join(value(0), value(1), place);
    case 'Fn::Split':
      return split(value(0), value(1), place);
    case 'Fn::Select':
      return select(value(0), value(1), place);
    case 'Fn::FindInMap':
      return findInMap(items, place, scope, file);
    case 'Fn::ToJsonString':
    case 'Fn::Base64':
      return relocate(evaluate(argument, scope, file), place);
    case 'Fn::Length': {
      const list = evaluate(argument, scope, file);
      return list?.kind === 'list' && !list.isOpen ? { kind: 'number', value: list.items.length, at: place } : unknownValue('the length of a list that is not known', place);
    }
    case 'Fn::ImportValue': {
      const exported = scalarText(evaluate(argument, scope, file));
      return relocate(exported === undefined ? undefined : scope.surroundings.exported(exported), place) ?? unknownValue('it is imported from another stack', place, mentionsOf(argument, scope));
    }
    case 'Fn::GetAZs':
      return unknownValue('the zones of the region', place);
    default:
      return unknownValue(name === '?' ? 'a tag that is not known' : `\`${name}\``, place, mentionsOf(argument, scope));
  }
}

/** The branch that a condition takes; both where it is not decided, or where only a default decides that there is nothing. */
function choose(items: readonly Expression[], place: Location, scope: Scope, file: string): MaybeValue {
  const [condition, whenTrue, whenFalse] = items;
  const name = textAt(condition);
  const truth = name !== undefined ? scope.condition(name) : condition ? evaluateCondition(condition, scope) : {};
  const branches = [whenTrue, whenFalse].map((branch) => branch && evaluate(branch, scope, file));
  if (truth.value === undefined) return either(branches, place);
  const [taken] = truth.value ? branches : branches.toReversed();
  if (!truth.isSoft) return taken;
  return taken === undefined ? either(branches, place) : soften(taken);
}

function join(delimiter: MaybeValue, list: MaybeValue, place: Location): MaybeValue {
  const between = scalarText(delimiter);
  if (between === undefined || list?.kind !== 'list' || list.isOpen) return unknownValue('a text that is put together', place, [...new Set(mentionsOfValue(list))]);
  const parts: CloudValue[] = [];
  for (const [index, item] of list.items.entries()) {
    if (index > 0) parts.push({ kind: 'text', value: between, at: place });
    parts.push(item);
  }
  return composed(parts, place);
}

function split(delimiter: MaybeValue, text: MaybeValue, place: Location): MaybeValue {
  const between = scalarText(delimiter);
  const whole = scalarText(text);
  if (text?.kind === 'list' && between === ',') return relocate(text, place);
  if (between === undefined || between === '' || whole === undefined) return unknownValue('a text that is split', place, mentionsOfValue(text));
  const items = whole.split(between).map((value): CloudValue => ({ kind: 'text', value, at: place }));
  const list: CloudValue = { kind: 'list', items, isOpen: false, at: place };
  return text?.kind === 'text' && text.isSoft ? soften(list) : list;
}

function select(index: MaybeValue, list: MaybeValue, place: Location): MaybeValue {
  const at = Number(scalarText(index) ?? Number.NaN);
  if (list?.kind === 'list' && !list.isOpen && list.items[at]) return relocate(list.items[at], place);
  if (list?.kind === 'unknown' && list.because === 'the zones of the region' && Number.isInteger(at)) return unknownValue(`zone ${at} of the region`, place);
  return unknownValue('one of a list that is not known', place, [...new Set(mentionsOfValue(list))]);
}
