// What counts as work on a message, and what follows an acknowledgement on the same way.

import type { FileReader } from '../file-reader';
import { hasModifier, memberName, strip, type FunctionNode } from '../syntax';
import { ts, type TypeScript } from '../typescript';
import { findInside, leaves } from './walk';

/** Names of calls whose loss with a crash costs nothing: telling, counting, settling, formatting. */
const NO_WORK = /^(ack\w*|nack\w*|reject\w*|log\w*|debug|info|warn\w*|error|trace|captureException|captureMessage|inc|increment|observe|gauge|timing|record\w*|set\w*Attributes?|startSpan|end|heartbeat|sleep|delay|setTimeout|wait|complete\w*|commit\w*|resolveOffset|updateCheckpoint|json|text|parse|emit|close|publishMetric\w*|track\w*|notify\w*Metric\w*|fork|clear\w*)$/i;

/** The first call inside a function that can fail or be cut. Linear in the function. */
export function firstWorkIn(handler: FunctionNode, reader: FileReader): TypeScript.CallExpression | undefined {
  return handler.body && findInside(handler.body, (node): node is TypeScript.CallExpression => isWork(node, reader));
}

/** Something that can fail or be cut: awaited, catalogued, or an async function of this file whose promise is dropped. */
export function isWork(node: TypeScript.Node, reader: FileReader): node is TypeScript.CallExpression {
  if (!ts.isCallExpression(node) || NO_WORK.test(reader.calledName(node))) return false;
  if (ts.isAwaitExpression(node.parent)) return true;
  if (reader.callIndex(node) !== undefined && !isPlain(node)) return true;
  const target = reader.functionBehind(node.expression);
  const fn = target === undefined ? undefined : reader.functionNode(target);
  return fn !== undefined && hasModifier(fn, ts.SyntaxKind.AsyncKeyword);
}

// A call of another file that is neither awaited nor kept as a promise may be anything.
function isPlain(node: TypeScript.CallExpression): boolean {
  return memberName(strip(node.expression, false)) !== undefined && !ts.isExpressionStatement(node.parent);
}

/** Climbs from a node to the function around it; at each block, what follows is work unless the way ends before it. Linear in the function. */
export function workAfter(from: TypeScript.Node, end: TypeScript.Node | undefined, reader: FileReader): TypeScript.CallExpression | undefined {
  for (let at: TypeScript.Node = from; at.parent && at.parent !== end && !ts.isSourceFile(at.parent); at = at.parent) {
    const parent: TypeScript.Node = at.parent;
    if (ts.isFunctionLike(at)) return undefined;
    if (ts.isCatchClause(parent) || (ts.isTryStatement(parent) && parent.finallyBlock === at)) return undefined;
    if (!ts.isBlock(parent) && !ts.isCaseOrDefaultClause(parent)) continue;
    const statements = parent.statements;
    for (let index = statements.findIndex((statement) => statement === at) + 1; index < statements.length; index++) {
      const statement = statements[index];
      const work = statement && findInside(statement, (node): node is TypeScript.CallExpression => isWork(node, reader));
      if (work) return work;
      if (leaves(statement)) return undefined;
    }
  }
  return undefined;
}

/** The statement of a block that a node stands in. */
export function statementOf(node: TypeScript.Node): TypeScript.Node {
  let at = node;
  while (at.parent && !ts.isBlock(at.parent) && !ts.isSourceFile(at.parent) && !ts.isCaseOrDefaultClause(at.parent)) at = at.parent;
  return at;
}
