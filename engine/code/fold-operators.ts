// Operators on folded values. Pure: nothing here knows syntax.

import type { Value } from './values';

export type Operator = '+' | '-' | '*' | '/' | '**' | '%';

const UNKNOWN: Value = { kind: 'unknown' };

/** `a + b` and the like. An environment variable with a fallback keeps its name, with the fallback worked out. */
export function arithmetic(operator: Operator, left: Value, right: Value): Value {
  if (left.kind === 'choice' || right.kind === 'choice') {
    const pairs = optionsOf(left).flatMap((a) => optionsOf(right).map((b) => arithmetic(operator, a, b)));
    return pairs.length > 8 ? UNKNOWN : choiceOf(pairs);
  }
  if (left.kind === 'environment' && right.kind === 'number') return ofFallback(left, (value) => arithmetic(operator, value, right));
  if (right.kind === 'environment' && left.kind === 'number') return ofFallback(right, (value) => arithmetic(operator, left, value));
  if (left.kind === 'infinity' || right.kind === 'infinity') return { kind: 'infinity' };
  if (left.kind === 'number' && right.kind === 'number') {
    const value = compute(operator, left.value, right.value);
    return Number.isFinite(value) ? { kind: 'number', value } : UNKNOWN;
  }
  return operator === '+' ? concatenate(left, right) : UNKNOWN;
}

function compute(operator: Operator, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '**':
      return a ** b;
    case '%':
      return a % b;
  }
}

// `'http://' + host + ':80'` is a template.
function concatenate(left: Value, right: Value): Value {
  if (left.kind === 'object' || right.kind === 'object') return UNKNOWN;
  if (left.kind !== 'string' && right.kind !== 'string' && left.kind !== 'template' && right.kind !== 'template') return UNKNOWN;
  const parts: (string | Value)[] = [];
  for (const part of [...partsOf(left), ...partsOf(right)]) {
    const last = parts[parts.length - 1];
    if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part;
    else parts.push(part);
  }
  const only = parts[0];
  if (parts.length === 1 && typeof only === 'string') return { kind: 'string', value: only };
  return parts.length > 40 ? UNKNOWN : { kind: 'template', parts };
}

function partsOf(value: Value): readonly (string | Value)[] {
  if (value.kind === 'template') return value.parts;
  if (value.kind === 'string') return [value.value];
  return value.kind === 'number' ? [String(value.value)] : [value];
}

function ofFallback(value: Value & { kind: 'environment' }, change: (fallback: Value) => Value): Value {
  return value.fallback ? { kind: 'environment', name: value.name, fallback: change(value.fallback) } : { kind: 'environment', name: value.name };
}

/** `-a`. */
export function negate(value: Value): Value {
  return value.kind === 'number' ? { kind: 'number', value: -value.value } : UNKNOWN;
}

/** `Number(a)`, `parseInt(a)`, `+a`. */
export function numberFrom(value: Value): Value {
  switch (value.kind) {
    case 'number':
    case 'infinity':
    case 'parameter':
      return value;
    case 'string': {
      const number = /^\s*[-+]?[\d_]+(\.\d+)?/.test(value.value) ? Number.parseFloat(value.value.replaceAll('_', '')) : Number.NaN;
      return Number.isFinite(number) ? { kind: 'number', value: number } : UNKNOWN;
    }
    case 'environment':
      return ofFallback(value, numberFrom);
    case 'choice':
      return choiceOf(value.options.map(numberFrom));
    default:
      return UNKNOWN;
  }
}

/** `left ?? right`, or `left || right` where `falsy`. */
export function withFallback(left: Value, right: Value, falsy: boolean): Value {
  if (isNullish(left)) return right;
  switch (left.kind) {
    case 'environment':
      return left.fallback ? { ...left, fallback: withFallback(left.fallback, right, falsy) } : { kind: 'environment', name: left.name, fallback: right };
    case 'parameter':
      return left.fallback && !isNullish(left.fallback) ? left : { kind: 'parameter', function: left.function, index: left.index, path: left.path, fallback: right };
    case 'number':
      return falsy && left.value === 0 ? right : left;
    case 'string':
      return falsy && left.value === '' ? right : left;
    case 'boolean':
      return falsy && !left.value ? right : left;
    case 'choice':
      return choiceOf(left.options.map((option) => withFallback(option, right, falsy)));
    case 'signal':
      return left.delay ? choiceOf([left, right]) : left;
    case 'unknown':
    case 'reference':
    case 'made':
      return choiceOf([left, right]);
    default:
      return left;
  }
}

export function isNullish(value: Value): boolean {
  return value.kind === 'null' || value.kind === 'undefined';
}

/** The possible values: those of a choice, else the one. */
export function optionsOf(value: Value): readonly Value[] {
  return value.kind === 'choice' ? value.options : [value];
}

/** One of several; equal ones count once, a single one is itself. */
export function choiceOf(values: readonly Value[]): Value {
  const seen = new Map<string, Value>();
  for (const value of values.flatMap(optionsOf)) {
    const key = JSON.stringify({ ...value, span: undefined });
    if (!seen.has(key)) seen.set(key, value);
  }
  const options = [...seen.values()];
  const only = options[0];
  if (options.length === 1 && only) return only;
  return options.length > 8 || options.length === 0 ? UNKNOWN : { kind: 'choice', options };
}
