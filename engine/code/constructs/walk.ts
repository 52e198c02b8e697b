// Walks inside one function: nested functions and classes are left out.

import { isFunctionNode } from '../syntax';
import { ts, type TypeScript } from '../typescript';

/** Calls `see` for each node below `root` (itself included) that runs in the same function; `false` leaves out what is below a node. Linear. */
export function walkInside(root: TypeScript.Node, see: (node: TypeScript.Node) => boolean | void): void {
  const visit = (node: TypeScript.Node): void => {
    if (node !== root && (isFunctionNode(node) || ts.isClassLike(node))) return;
    if (see(node) === false) return;
    ts.forEachChild(node, visit);
  };
  visit(root);
}

/** The first node that `is` accepts, in document order. */
export function findInside<T extends TypeScript.Node>(root: TypeScript.Node, is: (node: TypeScript.Node) => node is T): T | undefined {
  let found: T | undefined;
  walkInside(root, (node) => {
    if (found) return false;
    if (is(node)) found = node;
    return found === undefined;
  });
  return found;
}

/** Whether a statement always leaves what is around it: `return`, `throw`, `break`, `continue`, or an `if` that does so on both ways. */
export function leaves(statement: TypeScript.Statement | undefined): boolean {
  if (!statement) return false;
  if (ts.isReturnStatement(statement) || ts.isThrowStatement(statement) || ts.isBreakStatement(statement) || ts.isContinueStatement(statement)) return true;
  if (ts.isBlock(statement)) return statement.statements.some(leaves);
  if (ts.isIfStatement(statement)) return statement.elseStatement !== undefined && leaves(statement.thenStatement) && leaves(statement.elseStatement);
  return ts.isExpressionStatement(statement) && isExit(statement.expression);
}

function isExit(node: TypeScript.Expression): boolean {
  return ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === 'exit' && ts.isIdentifier(node.expression.expression) && node.expression.expression.text === 'process';
}
