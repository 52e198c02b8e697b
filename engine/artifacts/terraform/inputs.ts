// Input variables: what the call binds, what files of values say, else the default, which a caller may replace.

import { literalOf, type HclBody, type HclExpression } from '../hcl/tree';
import type { CloudValue } from '../cloud';
import type { Location } from '../../text';
import type { Context } from './evaluate';
import { remembered } from './scope';
import { booleanOf, heldOf, isSoft, nullAt, numberOf, scalar, soften, softenIf, textOf, unknown, type Value } from './values';

type Evaluate = (expression: HclExpression, context: Context) => Value;

/** The value of `var.NAME` in a use of a module. */
export function readInput(name: string, c: Context, at: Location, evaluate: Evaluate): Value {
  const { scope } = c;
  return remembered(scope, `var.${name}`, at, () => {
    const variable = scope.module.variables.get(name);
    if (!variable) return unknown(`\`var.${name}\` is not declared here`, at);
    const { body } = variable.node;
    const own: Context = { scope, file: variable.file, names: new Map(), depth: c.depth };
    const type = valueIn(body, 'type');
    const bound = scope.inputOf?.(name) ?? (scope.values?.has(name) ? { value: scope.values.get(name) } : undefined);
    const isNullable = literalOf(valueIn(body, 'nullable')) !== false;
    if (bound && (bound.value !== undefined || isNullable)) return converted(bound.value, type, own, evaluate);
    if (scope.hasOpenInputs && !bound) return unknown(`\`var.${name}\` may be set elsewhere`, at);
    const given = valueIn(body, 'default');
    if (!given) return unknown(`\`var.${name}\` has no default`, at);
    const made = converted(evaluate(given, own), type, own, evaluate);
    // A call that is known has decided to leave it at that.
    const value = scope.inputOf ? made : soften(made);
    return value === undefined && scope.isLibrary ? unknown(`\`var.${name}\` is left to the caller`, at) : value;
  });
}

function valueIn(body: HclBody, name: string): HclExpression | undefined {
  return body.attributes.find((attribute) => attribute.name === name)?.value;
}

const MOST_NESTED = 12;

/** A value as its type takes it: `"3"` for a number is 3, optional attributes get their defaults. */
function converted(value: Value, type: HclExpression | undefined, own: Context, evaluate: Evaluate, depth = 0): Value {
  if (!type || value === undefined || depth > MOST_NESTED) return value;
  // Old files write the type in quotes.
  const name = type.kind === 'name' ? type.name : typeof literalOf(type) === 'string' ? literalOf(type) : undefined;
  if (name !== undefined) return convertedScalar(value, String(name));
  if (type.kind !== 'call') return value;
  const [of] = type.arguments;
  const inner = (one: CloudValue): CloudValue => converted(heldOf(one), of, own, evaluate, depth + 1) ?? nullAt(one.at);
  if (type.name === 'list' || type.name === 'set' || type.name === 'map') {
    if (value.kind === 'list') return { ...value, items: value.items.map(inner) };
    return value.kind === 'map' ? { ...value, entries: Object.fromEntries(Object.entries(value.entries).map(([key, entry]) => [key, inner(entry)])) } : value;
  }
  if (type.name !== 'object' || of?.kind !== 'object' || value.kind !== 'map') return value;
  const entries: Record<string, CloudValue> = {};
  for (const item of of.items) {
    const key = String(literalOf(item.key) ?? '');
    const isOptional = item.value.kind === 'call' && item.value.name === 'optional';
    const [inside, fallback] = item.value.kind === 'call' && isOptional ? item.value.arguments : [item.value];
    const given = Object.hasOwn(value.entries, key) ? heldOf(value.entries[key]) : undefined;
    if (given === undefined && value.isOpen) continue;
    const filled = given ?? (fallback ? evaluate(fallback, own) : undefined);
    entries[key] = converted(filled, inside, own, evaluate, depth + 1) ?? nullAt(value.at);
  }
  return { ...value, entries };
}

function convertedScalar(value: CloudValue, type: string): Value {
  const plain = type === 'string' ? textOf(value) : type === 'number' ? numberOf(value) : type === 'bool' ? booleanOf(value) : undefined;
  return plain === undefined ? value : softenIf(isSoft(value), scalar(plain, value.at));
}
