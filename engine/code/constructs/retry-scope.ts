// What a retry runs again: where that stands, which functions it calls, whether a repeat can do harm, and what becomes of an answer that says no.

import type { RetryFact } from '../construct-facts';
import type { Entity } from '../values';
import type { FileReader } from '../file-reader';
import { isFunctionNode, propertyName, strip } from '../syntax';
import { ts, type TypeScript } from '../typescript';
import { nodeSpan } from './marks';

type Scope = Pick<RetryFact, 'tried' | 'targets' | 'triesParameter' | 'newKeys' | 'throwsStatus' | 'throwsOwn' | 'isSorted' | 'isInBlock'>;

const MAX_TARGETS = 20;
const KEY_NAME = /idempoten|dedup|request-?_?id|nonce|jobId|transaction-?_?id/i;
const RANDOM_KEY = /^(randomUUID|uuid|uuidv[1-7]|v[1-7]|nanoid|ulid|cuid|createId|randomBytes)$/;
// A class of errors that its own name says are not to be tried again, and a test of which errors pass.
const STOPS = /^(Abort|Bail|Permanent|NonRetr|NonRetryable|Unrecoverable|Unretryable|Fatal|StopRetry|NoRetry)/i;
const SORTS = /retr(y|ia|ya)ble|should_?retry|can_?retry|is_?transient|is_?temporary|is_?permanent|is_?client_?error|is_?fatal|is_?network_?error|is_?rate_?limit/i;

/** What is known of the code that a retry runs again. `root` undefined = it is a function of another file, `named`. */
export function retryScope(retry: TypeScript.Node, root: TypeScript.Node | undefined, named: Entity | undefined, reader: FileReader): Scope {
  if (!root) return { ...(named ? { targets: [named] } : {}), isInBlock: isInBlock(retry) };
  const targets = new Map<string, Entity>();
  const newKeys: NonNullable<RetryFact['newKeys']>[number][] = [];
  let throwsStatus: TypeScript.Node | undefined;
  let throwsOwn = false;
  let triesParameter: RetryFact['triesParameter'];
  let isSorted = isFunctionNode(root) && callsParameter(root, reader);
  const visit = (node: TypeScript.Node): void => {
    if (ts.isCallExpression(node)) {
      const entity = reader.resolve(node.expression);
      if (targets.size < MAX_TARGETS && isFollowed(entity)) targets.set(JSON.stringify(entity), entity);
      if (entity.kind === 'parameter' && entity.path.length === 0) triesParameter ??= { function: entity.function, index: entity.index };
      if (SORTS.test(reader.calledName(node))) isSorted = true;
    } else if (ts.isThrowStatement(node)) {
      if (isStop(node.expression, reader)) isSorted = true;
      else if (isAfterRefusal(node, root)) throwsStatus ??= node;
      else if (ts.isNewExpression(strip(node.expression, false)) && !isInCatch(node, root)) throwsOwn = true;
    } else if (ts.isBinaryExpression(node) && isStatusTest(node)) isSorted = true;
    else if (ts.isPropertyAssignment(node)) {
      const made = KEY_NAME.test(propertyName(node.name) ?? '') ? madeAnew(node.initializer, root, reader) : undefined;
      if (made) newKeys.push({ span: nodeSpan(made, reader.sourceFile), property: propertyName(node.name) ?? '' });
    }
    ts.forEachChild(node, visit);
  };
  visit(root);
  return {
    tried: nodeSpan(root, reader.sourceFile),
    ...(targets.size > 0 ? { targets: [...targets.values()] } : {}),
    ...(triesParameter ? { triesParameter } : {}),
    ...(newKeys.length > 0 ? { newKeys } : {}),
    ...(throwsOwn ? { throwsOwn: true as const } : {}),
    ...(throwsStatus ? { throwsStatus: nodeSpan(throwsStatus, reader.sourceFile) } : {}),
    isSorted,
    isInBlock: isInBlock(retry),
  };
}

function isFollowed(entity: Entity): boolean {
  return entity.kind === 'function' || entity.kind === 'project' || entity.kind === 'typed-project' || (entity.kind === 'result' && isFollowed(entity.of));
}

// The library's way to give up, handed to the function: `bail(error)`, `context.abort()`.
function callsParameter(root: TypeScript.Node, reader: FileReader): boolean {
  const [first] = isFunctionNode(root) ? root.parameters : [];
  if (!first) return false;
  const names = new Set<string>();
  const collect = (name: TypeScript.BindingName): void => {
    if (ts.isIdentifier(name)) names.add(name.text);
    else for (const element of name.elements) if (ts.isBindingElement(element)) collect(element.name);
  };
  collect(first.name);
  let found = false;
  const visit = (node: TypeScript.Node): void => {
    if (found) return;
    if (ts.isCallExpression(node)) {
      const callee = strip(node.expression, false);
      const base = ts.isPropertyAccessExpression(callee) ? strip(callee.expression, false) : callee;
      if (ts.isIdentifier(base) && names.has(base.text) && reader.lookup(base)?.kind === 'parameter') found = true;
      // Handed on: `attempt(bail)`.
      else if (node.arguments.some((argument) => ts.isIdentifier(argument) && names.has(argument.text) && /bail|stop|abort|retry/i.test(argument.text))) found = true;
    }
    ts.forEachChild(node, visit);
  };
  visit(root);
  return found;
}

function isStop(thrown: TypeScript.Expression, reader: FileReader): boolean {
  const made = strip(thrown, false);
  return (ts.isNewExpression(made) || ts.isCallExpression(made)) && STOPS.test(reader.calledName(made));
}

// `if (!response.ok) throw …`: thrown because of the answer, whatever it says.
function isAfterRefusal(thrown: TypeScript.Node, root: TypeScript.Node): boolean {
  for (let at: TypeScript.Node = thrown; at !== root && at.parent; at = at.parent) {
    if (isFunctionNode(at)) return false;
    const parent = at.parent;
    if (ts.isIfStatement(parent) && parent.thenStatement === at) return /(^|[^\w.])!\s*\w[\w.]*\.ok\b|\.ok\s*===?\s*false|status(Code)?\s*(!==?\s*200|>=\s*[34]00|>\s*[23]99)\b/.test(parent.expression.getText());
  }
  return false;
}

function isInCatch(node: TypeScript.Node, root: TypeScript.Node): boolean {
  for (let at = node; at !== root && at.parent; at = at.parent) if (ts.isCatchClause(at)) return true;
  return false;
}

// `response.status >= 500`, `error.code === 'ECONNRESET'`; not `status !== 200` and `>= 400`, which say no more than `ok`.
function isStatusTest(node: TypeScript.BinaryExpression): boolean {
  const left = strip(node.left, false);
  const name = ts.isPropertyAccessExpression(left) ? left.name.text : ts.isIdentifier(left) ? left.text : '';
  if (!/^(status|statusCode|code|name|httpStatus|errorCode|errno)$|status_?code$/i.test(name)) return false;
  const right = strip(node.right, false);
  const text = ts.isNumericLiteral(right) || ts.isStringLiteral(right) ? right.text : ts.isPropertyAccessExpression(right) || ts.isIdentifier(right) ? right.getText() : '';
  // A timeout of the attempt itself is not a refusal.
  if (text === '' || !isComparison(node.operatorToken.kind) || (name === 'name' && /abort|timeout/i.test(text))) return false;
  return !/^(200|201|204|299|300|400|399)$/.test(text) || (text === '400' && node.operatorToken.kind === ts.SyntaxKind.EqualsEqualsEqualsToken);
}

function isComparison(kind: TypeScript.SyntaxKind): boolean {
  return (kind >= ts.SyntaxKind.LessThanToken && kind <= ts.SyntaxKind.GreaterThanEqualsToken) || (kind >= ts.SyntaxKind.EqualsEqualsToken && kind <= ts.SyntaxKind.ExclamationEqualsEqualsToken);
}

// A random key that is made inside the tried code, directly or by a variable there.
function madeAnew(value: TypeScript.Expression, root: TypeScript.Node, reader: FileReader): TypeScript.CallExpression | undefined {
  const node = strip(value, false);
  if (ts.isCallExpression(node)) return RANDOM_KEY.test(reader.calledName(node)) ? node : undefined;
  if (!ts.isIdentifier(node)) return undefined;
  const declaration = reader.lookup(node)?.node;
  const made = declaration && ts.isVariableDeclaration(declaration) && declaration.initializer ? strip(declaration.initializer, false) : undefined;
  if (!made || made.pos < root.pos || made.end > root.end || !ts.isCallExpression(made)) return undefined;
  return RANDOM_KEY.test(reader.calledName(made)) ? made : undefined;
}

// The statement around it belongs to the same function: something can be put before it.
function isInBlock(node: TypeScript.Node): boolean {
  for (let at = node; at.parent; at = at.parent) {
    if (isFunctionNode(at)) return false;
    if (ts.isStatement(at) && !ts.isBlock(at)) return ts.isBlock(at.parent) || ts.isSourceFile(at.parent) || ts.isCaseClause(at.parent);
  }
  return false;
}
