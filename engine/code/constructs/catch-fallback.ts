// Whether a failure that a `catch` drops is made good: the next of several is tried, code after it does the work in another way, or the result has a value already.

import type { FileReader } from '../file-reader';
import { strip } from '../syntax';
import { ts, type TypeScript } from '../typescript';
import { isConstant, isUndefined, type Answer } from './catch-answers';
import { walkInside } from './walk';

/** What a `catch` that does nothing comes to, where the guarded block gives the function's result: what the code after it returns. Linear in the block. */
export function answerAfter(statement: TypeScript.TryStatement, clause: TypeScript.CatchClause): Answer {
  if (!returnsValue(statement.tryBlock)) return { does: 'nothing' };
  const [only] = clause.block.statements;
  const next = only ? undefined : nextOf(statement);
  if (only ? !ts.isReturnStatement(only) : next && !ts.isReturnStatement(next)) return { does: 'nothing' };
  const value = next && ts.isReturnStatement(next) && next.expression ? strip(next.expression, false) : undefined;
  if (value && !isConstant(value)) return { does: 'nothing' };
  return { does: 'constant', gives: value?.kind === ts.SyntaxKind.TrueKeyword || value?.kind === ts.SyntaxKind.FalseKeyword ? 'boolean' : 'empty' };
}

/** Whether something else stands for the result of the guarded block. */
export function fallsBack(statement: TypeScript.TryStatement, clause: TypeScript.CatchClause, reader: FileReader): boolean {
  const last = clause.block.statements.at(-1);
  if (last && ts.isReturnStatement(last)) return false;
  if (isInLoop(statement) && (returnsValue(statement.tryBlock) || breaks(statement.tryBlock))) return true;
  const next = nextOf(statement);
  if (returnsValue(statement.tryBlock) && next && !(ts.isReturnStatement(next) && (!next.expression || isConstant(strip(next.expression, false))))) return true;
  return clause.block.statements.length === 0 && statement.tryBlock.statements.some((one) => assignsOver(one, reader));
}

function returnsValue(block: TypeScript.Block): boolean {
  let found = false;
  walkInside(block, (node) => {
    if (ts.isReturnStatement(node) && node.expression && !isUndefined(strip(node.expression, false))) found = true;
    return !found;
  });
  return found;
}

function breaks(block: TypeScript.Block): boolean {
  let found = false;
  walkInside(block, (node) => {
    if (ts.isBreakStatement(node)) found = true;
    return !found && !ts.isSwitchStatement(node);
  });
  return found;
}

function isInLoop(node: TypeScript.Node): boolean {
  for (let at = node.parent; at && !ts.isFunctionLike(at); at = at.parent) if (ts.isIterationStatement(at, false)) return true;
  return false;
}

// The statement that runs after one that is the last of its blocks, up to the function's end.
function nextOf(statement: TypeScript.Statement): TypeScript.Statement | undefined {
  for (let at: TypeScript.Node = statement; at.parent; at = at.parent) {
    const { parent } = at;
    if (ts.isFunctionLike(parent) || ts.isIterationStatement(parent, false)) return undefined;
    if (!ts.isBlock(parent) && !ts.isSourceFile(parent) && !ts.isCaseOrDefaultClause(parent)) continue;
    const next = parent.statements[parent.statements.findIndex((one) => one === at) + 1];
    if (next) return next;
  }
  return undefined;
}

// `let flags = DEFAULTS; try { flags = await load(); } catch {}`
function assignsOver(statement: TypeScript.Statement, reader: FileReader): boolean {
  if (!ts.isExpressionStatement(statement) || !ts.isBinaryExpression(statement.expression)) return false;
  const { left, operatorToken } = statement.expression;
  if (operatorToken.kind !== ts.SyntaxKind.EqualsToken || !ts.isIdentifier(left)) return false;
  const declaration = reader.lookup(left)?.node;
  const initial = declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
  return initial !== undefined && !isConstant(strip(initial, false));
}
