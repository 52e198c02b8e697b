// The value of one argument. What cannot be known keeps the name that it is given by: `url` is an address and no options.

import { namedUnknown } from './argument-name';
import type { Core } from './core';
import type { Value } from './values';
import { valueOf } from './fold';
import { isFunctionNode, strip } from './syntax';
import { ts, type TypeScript } from './typescript';

/** The folded value of an argument. */
export function argumentValue(core: Core, argument: TypeScript.Expression): Value {
  const value = valueOf(core, argument);
  if (value.kind !== 'unknown' || value.because !== undefined) return value;
  const inner = strip(argument, false);
  const bound = boundFunction(inner);
  if (bound) return valueOf(core, bound);
  const name = ts.isIdentifier(inner) ? inner.text : ts.isPropertyAccessExpression(inner) ? inner.name.text : undefined;
  return name === undefined ? value : { ...value, because: namedUnknown(name) };
}

// `function () { … }.bind(this)` is that function.
function boundFunction(node: TypeScript.Expression): TypeScript.Expression | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const callee = strip(node.expression, false);
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 'bind') return undefined;
  const inner = strip(callee.expression, false);
  return isFunctionNode(inner) && ts.isExpression(inner) ? inner : undefined;
}
