// What the code of a `catch`, or of a function that takes an error, makes of it: nothing, a constant, a log line, another error, or something that only it knows.

import type { CatchFact } from '../construct-facts';
import type { FileReader } from '../file-reader';
import { strip, type FunctionNode } from '../syntax';
import { ts, type TypeScript } from '../typescript';
import { walkInside } from './walk';

const LOGS = /^(log|debug|info|warn|warning|error|fatal|trace|verbose|report|capture\w*|track|notify|emit|increment|inc|record\w*|addBreadcrumb|observe|setStatus|recordException|notice\w*|alert|print|write)$/i;

/** What is made of an error; `gives` = the kind of constant that stands for it. */
export interface Answer {
  readonly does: CatchFact['does'];
  readonly gives?: NonNullable<CatchFact['gives']>;
}

/** What a block does with the error. Linear in the block. */
export function blockAnswer(block: TypeScript.Block, reader: FileReader): Answer {
  if (block.statements.length === 0) return { does: 'nothing' };
  if (block.statements.every(isSilent)) {
    const value = block.statements.map(valueOf).find((one) => one !== undefined);
    return value === undefined ? { does: 'nothing' } : { does: 'constant', gives: kindOf(value) };
  }
  const [only] = block.statements;
  if (block.statements.length === 1 && only && ts.isExpressionStatement(only) && settles(only.expression, reader)) return { does: 'constant', gives: 'settled' };
  let throws = false;
  let logs = false;
  walkInside(block, (node) => {
    if (ts.isThrowStatement(node)) throws = true;
    if (ts.isCallExpression(node) && LOGS.test(reader.calledName(node))) logs = true;
    if (ts.isCallExpression(node) && /log|report|capture/i.test(reader.calleeText(node))) logs = true;
  });
  return { does: throws ? 'rethrows' : logs ? 'logs' : 'handles' };
}

/** What a function that is handed an error does with it. */
export function functionAnswer(fn: FunctionNode | undefined, reader: FileReader): Answer {
  const body = fn?.body;
  if (!body) return { does: 'handles' };
  if (ts.isBlock(body)) return blockAnswer(body, reader);
  const value = strip(body, false);
  if (isUndefined(value)) return { does: 'nothing' };
  if (isConstant(value)) return { does: 'constant', gives: kindOf(value) };
  if (settles(value, reader)) return { does: 'constant', gives: 'settled' };
  return { does: ts.isCallExpression(value) && LOGS.test(reader.calledName(value)) ? 'logs' : 'handles' };
}

/** `null`, `false`, `[]`, `''` and the like: an answer that says nothing. */
export function isConstant(node: TypeScript.Expression): boolean {
  switch (node.kind) {
    case ts.SyntaxKind.NullKeyword:
    case ts.SyntaxKind.TrueKeyword:
    case ts.SyntaxKind.FalseKeyword:
    case ts.SyntaxKind.NumericLiteral:
    case ts.SyntaxKind.StringLiteral:
    case ts.SyntaxKind.NoSubstitutionTemplateLiteral:
      return true;
    default:
      return isUndefined(node) || (ts.isArrayLiteralExpression(node) && node.elements.length === 0) || (ts.isObjectLiteralExpression(node) && node.properties.length === 0);
  }
}

/** `undefined` or `void 0`. */
export function isUndefined(node: TypeScript.Expression): boolean {
  return (ts.isIdentifier(node) && node.text === 'undefined') || ts.isVoidExpression(node);
}

function kindOf(value: TypeScript.Expression): 'boolean' | 'empty' {
  return value.kind === ts.SyntaxKind.TrueKeyword || value.kind === ts.SyntaxKind.FalseKeyword ? 'boolean' : 'empty';
}

// `resolve(data)` of a promise's executor: the failure becomes a success.
function settles(node: TypeScript.Expression, reader: FileReader): boolean {
  const call = strip(node, false);
  if (!ts.isCallExpression(call) || !ts.isIdentifier(call.expression)) return false;
  const binding = reader.lookup(call.expression);
  const executor = binding?.kind === 'parameter' ? ts.findAncestor(binding.node, ts.isFunctionLike) : undefined;
  const made = executor?.parent;
  return made !== undefined && ts.isNewExpression(made) && ts.isIdentifier(made.expression) && made.expression.text === 'Promise' && executor?.parameters[0]?.name.getText(reader.sourceFile) === call.expression.text;
}

// `continue;`, `return;`, `return null;`, `x = [];`
function isSilent(statement: TypeScript.Statement): boolean {
  if (ts.isEmptyStatement(statement) || ts.isContinueStatement(statement) || ts.isBreakStatement(statement)) return true;
  if (ts.isReturnStatement(statement)) return !statement.expression || isConstant(strip(statement.expression, false));
  if (!ts.isExpressionStatement(statement)) return false;
  const expression = strip(statement.expression, false);
  return ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.EqualsToken && isConstant(strip(expression.right, false));
}

function valueOf(statement: TypeScript.Statement): TypeScript.Expression | undefined {
  if (ts.isReturnStatement(statement)) {
    const value = statement.expression && strip(statement.expression, false);
    return value && !isUndefined(value) ? value : undefined;
  }
  const expression = ts.isExpressionStatement(statement) ? strip(statement.expression, false) : undefined;
  return expression && ts.isBinaryExpression(expression) ? strip(expression.right, false) : undefined;
}
