// What a value of a function becomes once its parameters are what one caller gives.

import type { ObjectEntry, Value } from './values';
import { choiceOf, isNullish } from './fold-operators';
import { withoutSpans } from './link-values';

const UNKNOWN: Value = { kind: 'unknown' };
const UNDEFINED: Value = { kind: 'undefined' };
const MAX_DEPTH = 8;

/** Ids of the functions of a file whose parameters a value is made of. Linear in the value. */
export function parameterFunctions(value: Value, found: Set<number>, depth = 0): void {
  if (depth > MAX_DEPTH) return;
  switch (value.kind) {
    case 'parameter':
      found.add(value.function);
      return;
    case 'object':
      for (const entry of value.entries) parameterFunctions(entry.value, found, depth + 1);
      return;
    case 'choice':
      for (const option of value.options) parameterFunctions(option, found, depth + 1);
      return;
    case 'signal':
      if (value.delay) parameterFunctions(value.delay, found, depth + 1);
      return;
    default:
  }
}

/** Puts what a caller gives in the place of the parameters of a function. `given` holds values in which the constants of other files are put in already; whatever they name by number is the caller's and is left out. */
export function substitute(value: Value, functionId: number, given: (index: number) => Value, depth = 0): Value {
  if (depth > MAX_DEPTH) return UNKNOWN;
  const inner = (child: Value): Value => substitute(child, functionId, given, depth + 1);
  switch (value.kind) {
    case 'parameter': {
      if (value.function !== functionId) return UNKNOWN;
      const found = memberAt(given(value.index), value.path);
      const fallback = value.fallback && inner(value.fallback);
      if (isNullish(found)) return fallback ?? found;
      if (found.kind === 'choice' && fallback && found.options.some(isNullish)) return choiceOf([...found.options.filter((option) => !isNullish(option)), fallback]);
      return found.kind === 'parameter' && fallback && !found.fallback ? { ...found, fallback } : found;
    }
    case 'object':
      return { ...value, entries: value.entries.map((entry): ObjectEntry => ({ key: entry.key, value: inner(entry.value) })) };
    case 'choice': {
      // A signal whose timer is not set is not there: the other ones decide.
      const kept = value.options.map((option) => ({ option, put: inner(option) })).filter(({ option, put }) => !(option.kind === 'signal' && isNullish(put)));
      return kept.length === 0 ? UNDEFINED : choiceOf(kept.map(({ put }) => put));
    }
    case 'signal': {
      if (!value.delay) return value;
      const delay = inner(value.delay);
      if (isNullish(delay)) return UNDEFINED;
      return { kind: 'signal', limit: 'timer', ...(delay.kind === 'number' ? { ms: delay.value } : {}), ...(delay.kind === 'parameter' ? { delay } : {}) };
    }
    default:
      return value;
  }
}

// The member of a value of a caller, without places, clients and spreads of the caller's file.
function memberAt(value: Value, path: readonly string[]): Value {
  const [name, ...rest] = path;
  if (name === undefined) return ofCaller(value, 0);
  switch (value.kind) {
    case 'object': {
      const entry = value.entries.findLast((candidate) => candidate.key === name);
      if (entry) return memberAt(entry.value, rest);
      const spreads = value.entries.filter(({ key }) => key.startsWith('...'));
      const only = spreads.length === 1 ? spreads[0]?.value : undefined;
      if (only?.kind === 'parameter') return memberAt(only, path);
      return value.isOpen ? UNKNOWN : UNDEFINED;
    }
    case 'parameter':
      return { kind: 'parameter', function: value.function, index: value.index, path: [...value.path, ...path], ...(value.fallback ? { fallback: memberAt(value.fallback, path) } : {}) };
    case 'choice':
      return choiceOf(value.options.map((option) => memberAt(option, path)));
    case 'undefined':
    case 'null':
      return UNDEFINED;
    default:
      return UNKNOWN;
  }
}

function ofCaller(value: Value, depth: number): Value {
  if (depth > MAX_DEPTH) return UNKNOWN;
  switch (value.kind) {
    case 'object':
      return { kind: 'object', isOpen: value.isOpen, entries: value.entries.map((entry) => ({ key: entry.key, value: ofCaller(entry.value, depth + 1) })) };
    case 'choice':
      return { kind: 'choice', options: value.options.map((option) => ofCaller(option, depth + 1)) };
    case 'client':
    case 'made':
    case 'reference':
      return UNKNOWN;
    default:
      return withoutSpans(value);
  }
}
