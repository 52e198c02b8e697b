// Calls of globals whose value folds: conversions, arithmetic, merged objects.

import type { Core } from './core';
import type { Value } from './values';
import { valueOf } from './fold';
import { mergeValues } from './fold-object';
import { numberFrom } from './fold-operators';
import { ts, type TypeScript } from './typescript';

const UNKNOWN: Value = { kind: 'unknown' };

/** The value of a call of a global by its dotted name: `Number(…)`, `Math.min(…)`, `Object.assign(…)`. */
export function globalCall(core: Core, node: TypeScript.CallExpression | TypeScript.NewExpression, name: string): Value {
  const given = (node.arguments ?? []).slice(0, 8);
  const first = given[0];
  if (!first) return UNKNOWN;
  switch (name) {
    case 'Number':
    case 'Number.parseInt':
    case 'Number.parseFloat':
    case 'parseInt':
    case 'parseFloat':
      return numberFrom(valueOf(core, first));
    case 'String':
    case 'Object.freeze':
    case 'Promise.resolve':
    case 'structuredClone':
      return valueOf(core, first);
    case 'URL': {
      const address = valueOf(core, first);
      return given.length === 1 && (address.kind === 'string' || address.kind === 'environment' || address.kind === 'template') ? address : UNKNOWN;
    }
    case 'Math.min':
    case 'Math.max':
    case 'Math.round':
    case 'Math.floor':
    case 'Math.ceil': {
      const numbers = given.flatMap((argument) => {
        const value = valueOf(core, argument);
        return value.kind === 'number' ? [value.value] : [];
      });
      if (numbers.length !== given.length) return UNKNOWN;
      const [one] = numbers;
      return numberValue(name === 'Math.min' ? Math.min(...numbers) : name === 'Math.max' ? Math.max(...numbers) : name === 'Math.round' ? Math.round(one ?? 0) : name === 'Math.floor' ? Math.floor(one ?? 0) : Math.ceil(one ?? 0));
    }
    case 'Object.assign':
      return mergeValues(given.map((argument) => (ts.isSpreadElement(argument) ? UNKNOWN : valueOf(core, argument))));
    default:
      return UNKNOWN;
  }
}

function numberValue(value: number): Value {
  return Number.isFinite(value) ? { kind: 'number', value } : UNKNOWN;
}
