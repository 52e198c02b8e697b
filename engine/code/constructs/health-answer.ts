// What the handler of a health route answers from: whether anything can change its answer, and whether its `catch` answers as if nothing had failed.

import type { HealthAnswer } from '../construct-facts';
import type { FileReader } from '../file-reader';
import { calledName, isFunctionNode, strip, type FunctionNode } from '../syntax';
import { ts, type TypeScript } from '../typescript';
import { nodeSpan } from './marks';

// Globals that tell nothing of what the service needs.
const STILL: ReadonlySet<string> = new Set(['Date', 'JSON', 'Math', 'Object', 'String', 'Number', 'Response', 'NextResponse', 'Promise', 'console', 'process', 'undefined', 'performance']);
// Members by which an application hands its parts to a handler.
const PARTS: ReadonlySet<string> = new Set(['app', 'locals', 'server', 'state', 'services', 'container', 'db', 'var', 'env', 'context', 'instance']);
const ANSWERS: ReadonlySet<string> = new Set(['send', 'json', 'end', 'sendStatus', 'text', 'response']);
const FAILS = /fail|reject|unavailable|next|throw|abort|assert/i;
const MOST_NODES = 400;

/** Reads the handler of a health route, functions inside it included. Linear; a handler of more than 400 nodes is taken for one that asks something. */
export function healthAnswer(handler: FunctionNode, reader: FileReader): HealthAnswer {
  const caught = handler.body ? hiddenFailure(handler.body, reader) : undefined;
  return { isConstant: handler.body !== undefined && isConstant(handler, reader), ...(caught ? { hidesFailure: caught } : {}) };
}

// No condition, nothing awaited, and no name but its own, a constant or a plain global.
function isConstant(handler: FunctionNode, reader: FileReader): boolean {
  let left = MOST_NODES;
  let answer = true;
  const visit = (node: TypeScript.Node): void => {
    if (!answer || --left < 0 || decides(node) || (ts.isIdentifier(node) && !isStill(node, handler, reader))) {
      answer = false;
      return;
    }
    ts.forEachChild(node, visit);
  };
  if (handler.body) visit(handler.body);
  return answer;
}

function decides(node: TypeScript.Node): boolean {
  if (ts.isBinaryExpression(node)) return [ts.SyntaxKind.AmpersandAmpersandToken, ts.SyntaxKind.BarBarToken, ts.SyntaxKind.QuestionQuestionToken].includes(node.operatorToken.kind);
  return ts.isAwaitExpression(node) || ts.isIfStatement(node) || ts.isConditionalExpression(node) || ts.isSwitchStatement(node) || ts.isTryStatement(node) || ts.isThrowStatement(node) || ts.isNewExpression(node) && !isStillName(node.expression) || node.kind === ts.SyntaxKind.ThisKeyword;
}

function isStillName(node: TypeScript.Expression): boolean {
  return ts.isIdentifier(node) && STILL.has(node.text);
}

function isStill(name: TypeScript.Identifier, handler: FunctionNode, reader: FileReader): boolean {
  const { parent } = name;
  if (ts.isPropertyAccessExpression(parent) && parent.name === name) return !PARTS.has(name.text);
  if ((ts.isPropertyAssignment(parent) || ts.isMethodDeclaration(parent)) && parent.name === name) return true;
  const binding = reader.lookup(name);
  if (!binding) return STILL.has(name.text);
  if (binding.node.pos >= handler.pos && binding.node.end <= handler.end) return true;
  // A text or number of this file: a version, a name. An import may be anything.
  if (!ts.isVariableDeclaration(binding.node) || !binding.node.initializer || reader.writes(binding).length > 0) return false;
  const value = strip(binding.node.initializer, false);
  return ts.isStringLiteralLike(value) || ts.isNumericLiteral(value) || (ts.isCallExpression(value) && ts.isIdentifier(value.expression) && value.expression.text === 'Date');
}

// The block of a `catch` that answers, and answers no failure.
function hiddenFailure(body: TypeScript.Node, reader: FileReader): HealthAnswer['hidesFailure'] {
  let found: TypeScript.CatchClause | undefined;
  const visit = (node: TypeScript.Node): void => {
    if (found) return;
    if (ts.isTryStatement(node) && node.catchClause && asksSomething(node.tryBlock) && answersWell(node.catchClause.block)) found = node.catchClause;
    ts.forEachChild(node, visit);
  };
  visit(body);
  return found && nodeSpan(found, reader.sourceFile);
}

function asksSomething(block: TypeScript.Block): boolean {
  let asks = false;
  const visit = (node: TypeScript.Node): void => {
    if (ts.isAwaitExpression(node)) asks = true;
    if (!asks && !isFunctionNode(node)) ts.forEachChild(node, visit);
  };
  visit(block);
  return asks;
}

// It sends something, and neither a status of failure, a throw, a flag that is read later nor a call that may fail stands in it.
function answersWell(block: TypeScript.Block): boolean {
  let sends = false;
  let fails = false;
  const visit = (node: TypeScript.Node): void => {
    if (ts.isNumericLiteral(node) && Number(node.text) >= 300 && Number(node.text) < 600) fails = true;
    if (ts.isThrowStatement(node) || ts.isIfStatement(node) || ts.isConditionalExpression(node)) fails = true;
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) fails = true;
    if (ts.isCallExpression(node)) {
      const name = calledName(node) ?? '';
      if (ANSWERS.has(name)) sends = true;
      else if (name === 'status' || name === 'code' || name === 'writeHead') fails ||= !(node.arguments[0] && ts.isNumericLiteral(node.arguments[0]));
      else if (FAILS.test(name) || (ts.isIdentifier(node.expression) && name !== 'String')) fails = true;
      if (name === 'sendStatus' && !(node.arguments[0] && ts.isNumericLiteral(node.arguments[0]))) fails = true;
    }
    ts.forEachChild(node, visit);
  };
  visit(block);
  return sends && !fails;
}
