// The call that a piece of code is about: the first one that it awaits, else the first one.

import type { FileReader } from '../file-reader';
import { strip } from '../syntax';
import { ts, type TypeScript } from '../typescript';
import { awaitedDelay } from './delay';
import { walkInside } from './walk';

/** The first awaited call that is no sleep, else the first call at all. Linear in the code. */
export function firstWork(root: TypeScript.Node, reader: FileReader): TypeScript.CallExpression | undefined {
  let awaited: TypeScript.CallExpression | undefined;
  let any: TypeScript.CallExpression | undefined;
  walkInside(root, (node) => {
    if (ts.isAwaitExpression(node)) {
      const call = strip(node.expression);
      if (ts.isCallExpression(call) && !awaitedDelay(call, root, reader)) awaited ??= call;
    }
    if (ts.isCallExpression(node)) any ??= node;
    return awaited === undefined;
  });
  return awaited ?? any;
}
