// Calls that by their names go to a store or another service: for objects whose library is out of sight (injected, generated, made by a factory).

import { memberName, strip } from '../syntax';
import { ts, type TypeScript } from '../typescript';

const METHOD = /^(?:find|get|list|load|fetch|read|count|save|insert|create|update|upsert|delete|remove|destroy|query|execute|exec|request|post|put|patch|publish|upload|download|persist|replace|increment|archive)(?![a-z])/;
const RECEIVER = /(?:repository|repo|store|dao|prisma|knex|db|database|orm|entitymanager|collection|bucket|redis|s3|queries|datasource|queryrunner|sql)s?$/i;
const STATEMENT = /^\s*(?:select\s|insert\s+into\s|update\s+\S+\s+set\s|delete\s+from\s|with\s+(?:recursive\s+)?\w+\s+as\s)/i;
// Names that a list, a map or a cache in memory has as well.
const IN_MEMORY = /cache|map|memory|local|registry|config|settings|params|headers|state/i;

/** Whether a call goes to a store by its names, and somebody waits for it. Linear in the length of the callee. */
export function isStoreCall(node: TypeScript.CallExpression): boolean {
  const callee = strip(node.expression, false);
  const method = memberName(callee);
  if (isStatement(node.arguments[0]) && isWaitedFor(node)) return true;
  if (method === undefined || !METHOD.test(method) || !ts.isPropertyAccessExpression(callee) || !isWaitedFor(node)) return false;
  let at = strip(callee.expression);
  for (let hops = 0; hops < 6; hops++) {
    if (ts.isCallExpression(at)) at = strip(at.expression, false);
    const name = ts.isIdentifier(at) ? at.text : memberName(at);
    if (name === undefined) return false;
    if (IN_MEMORY.test(name)) return false;
    if (RECEIVER.test(name)) return true;
    if (!ts.isPropertyAccessExpression(at)) return false;
    at = strip(at.expression);
  }
  return false;
}

// `query('SELECT id FROM orders')`
function isStatement(node: TypeScript.Expression | undefined): boolean {
  if (!node) return false;
  const text = ts.isStringLiteralLike(node) ? node.text : ts.isTemplateExpression(node) ? node.head.text : undefined;
  return text !== undefined && STATEMENT.test(text.slice(0, 200));
}

// `await`, `return`, the body of an arrow, or a chain of `then` and `catch` that one of these takes.
function isWaitedFor(node: TypeScript.CallExpression): boolean {
  let at: TypeScript.Node = node;
  for (let hops = 0; hops < 8; hops++) {
    const parent: TypeScript.Node = at.parent;
    if (ts.isAwaitExpression(parent) || ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === at)) return true;
    if (ts.isPropertyAccessExpression(parent) && parent.expression === at && ts.isCallExpression(parent.parent) && /^(?:then|catch|finally)$/.test(parent.name.text)) at = parent.parent;
    else if (ts.isCallExpression(parent) && memberName(parent.expression) === 'push' && parent.arguments[0] === at) return true;
    else if (ts.isParenthesizedExpression(parent) || ts.isConditionalExpression(parent) || ts.isAsExpression(parent) || ts.isNonNullExpression(parent)) at = parent;
    else return false;
  }
  return false;
}
