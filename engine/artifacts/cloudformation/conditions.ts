// Truth of conditions: true, false or not known, and whether a default decided it.

import { textAt, type Expression } from './expression';
import { evaluate } from './evaluate';
import type { Scope } from './scope';
import { isSoft, scalarText } from './values';

export interface Truth {
  /** Absent = not known. */
  readonly value?: boolean;
  /** Another value of a parameter would change it. */
  readonly isSoft?: boolean;
  /** The stage decided it: false means, not in production. */
  readonly isStage?: boolean;
}

/** Evaluates the body of a condition. Conditions that lead back to themselves are not known. */
export function evaluateCondition(expression: Expression, scope: Scope): Truth {
  if (expression.kind === 'scalar') return typeof expression.value === 'boolean' ? { value: expression.value } : {};
  // `{ Condition: Name }`, the long form.
  if (expression.kind === 'map') return expression.entries.length === 1 && expression.entries[0]?.name === 'Condition' ? named(expression.entries[0].value, scope) : {};
  if (expression.kind !== 'call') return {};
  const { name, argument } = expression;
  if (name === 'Condition') return named(argument, scope);
  const items = argument.kind === 'list' ? argument.items : [argument];
  if (name === 'Fn::Not') return not(evaluateCondition(items[0] ?? argument, scope));
  if (name === 'Fn::And' || name === 'Fn::Or') return combine(items.map((item) => evaluateCondition(item, scope)), name === 'Fn::And');
  return name === 'Fn::Equals' && items.length === 2 ? equals(items, scope) : {};
}

function named(name: Expression, scope: Scope): Truth {
  const text = textAt(name);
  return text === undefined ? {} : scope.condition(text);
}

function not(truth: Truth): Truth {
  return truth.value === undefined ? {} : { ...truth, value: !truth.value };
}

/** `And` and `Or` are decided by one side alone where that one decides. */
function combine(all: readonly Truth[], isAnd: boolean): Truth {
  const deciding = all.filter(({ value }) => value === !isAnd);
  if (deciding.length > 0) return truthOf(!isAnd, deciding.every((one) => one.isSoft === true), deciding.some((one) => one.isStage === true));
  if (all.some(({ value }) => value === undefined) || all.length === 0) return {};
  return truthOf(isAnd, all.some((one) => one.isSoft === true), all.some((one) => one.isStage === true));
}

function equals([left, right]: readonly Expression[], scope: Scope): Truth {
  const a = left && evaluate(left, scope);
  const b = right && evaluate(right, scope);
  // Lists are not compared: only scalars.
  const [first, second] = [scalarText(a), scalarText(b)];
  if (first === undefined || second === undefined) return {};
  return truthOf(first === second, isSoft(a) || isSoft(b), isStage(left, scope) || isStage(right, scope));
}

function isStage(expression: Expression | undefined, scope: Scope): boolean {
  return expression?.kind === 'call' && expression.name === 'Ref' && scope.isStage(textAt(expression.argument) ?? '');
}

function truthOf(value: boolean, soft: boolean, stage: boolean): Truth {
  return { value, ...(soft ? { isSoft: true } : {}), ...(stage && soft ? { isStage: true } : {}) };
}
