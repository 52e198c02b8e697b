// What ends a retry besides success: a count, a deadline, a signal, or nothing.

import type { RetryFact } from '../construct-facts';
import type { FileReader } from '../file-reader';
import { ts, type TypeScript } from '../typescript';
import { walkInside } from './walk';

export type BoundKind = RetryFact['bound'];

const CLOCK = /Date\.now|performance\.now|hrtime|deadline|elapsed|getTime\(|startedAt|startTime|expires/i;
const SIGNAL = /abort|signal|cancel|stop|shut|closed|closing|running|exiting|destroyed|disposed|isActive|enabled|alive/i;

/** What a condition that decides over another attempt bounds. `isFlagOf` says whether a name is set on success inside the loop. */
export function boundOf(condition: TypeScript.Expression, loop: TypeScript.Node, reader: FileReader, isSuccessFlag: (name: TypeScript.Identifier) => boolean): BoundKind {
  const text = condition.getText(reader.sourceFile);
  if (CLOCK.test(text)) return 'deadline';
  if (countsSomething(condition, loop, reader)) return 'count';
  if (SIGNAL.test(text)) return 'signal';
  if (condition.kind === ts.SyntaxKind.TrueKeyword || ts.isNumericLiteral(condition)) return 'none';
  const names = identifiersOf(condition);
  if (names.length > 0 && names.every(isSuccessFlag)) return 'none';
  return 'unknown';
}

// A comparison by size, or a name that is counted down: `i < n`, `retries--`, `while (retries)`.
function countsSomething(condition: TypeScript.Expression, loop: TypeScript.Node, reader: FileReader): boolean {
  let counts = false;
  walkInside(condition, (node) => {
    if (ts.isBinaryExpression(node) && isOrder(node.operatorToken.kind)) counts = true;
    if (isStep(node)) counts = true;
    if (ts.isIdentifier(node)) {
      const binding = reader.lookup(node);
      if (binding && reader.writes(binding).some((write) => isStep(write) && write.pos >= loop.pos && write.end <= loop.end)) counts = true;
    }
    return !counts;
  });
  return counts;
}

function isOrder(kind: TypeScript.SyntaxKind): boolean {
  return kind === ts.SyntaxKind.LessThanToken || kind === ts.SyntaxKind.LessThanEqualsToken || kind === ts.SyntaxKind.GreaterThanToken || kind === ts.SyntaxKind.GreaterThanEqualsToken;
}

function isStep(node: TypeScript.Node): boolean {
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken;
  return ts.isBinaryExpression(node) && (node.operatorToken.kind === ts.SyntaxKind.PlusEqualsToken || node.operatorToken.kind === ts.SyntaxKind.MinusEqualsToken);
}

function identifiersOf(root: TypeScript.Node): TypeScript.Identifier[] {
  const found: TypeScript.Identifier[] = [];
  walkInside(root, (node) => {
    if (ts.isPropertyAccessExpression(node)) return false;
    if (ts.isIdentifier(node)) found.push(node);
    return true;
  });
  return found;
}

/** The strongest bound among conditional ways out of a block (`if (attempt >= 5) throw error`); tests of the error alone bound nothing. */
export function conditionalExit(block: TypeScript.Node, loop: TypeScript.Node, errorName: string | undefined, reader: FileReader): BoundKind {
  let best: BoundKind = 'none';
  walkInside(block, (node) => {
    if (isLoop(node) && node !== loop) return false;
    if (!ts.isIfStatement(node) || !hasExit(node.thenStatement, loop)) {
      if (ts.isIfStatement(node) && node.elseStatement && hasExit(node.elseStatement, loop)) best = stronger(best, exitBound(node.expression, loop, errorName, reader));
      return true;
    }
    best = stronger(best, exitBound(node.expression, loop, errorName, reader));
    return true;
  });
  return best;
}

const ORDER: readonly BoundKind[] = ['none', 'unknown', 'signal', 'deadline', 'count'];

export function stronger(a: BoundKind, b: BoundKind): BoundKind {
  return ORDER.indexOf(a) >= ORDER.indexOf(b) ? a : b;
}

function exitBound(condition: TypeScript.Expression, loop: TypeScript.Node, errorName: string | undefined, reader: FileReader): BoundKind {
  const bound = boundOf(condition, loop, reader, () => false);
  if (bound !== 'unknown' || errorName === undefined) return bound;
  return mentionsOnly(condition, errorName) ? 'none' : 'unknown';
}

// `error.code === 'EAUTH'`, `error instanceof Fatal`, `isFatal(error)`: no other value takes part.
function mentionsOnly(condition: TypeScript.Expression, errorName: string): boolean {
  let only = true;
  let mentions = false;
  walkInside(condition, (node) => {
    if (!ts.isIdentifier(node)) return true;
    if (node.text === errorName) mentions = true;
    else if (ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) return true;
    else if (ts.isCallExpression(node.parent) && node.parent.expression === node) return true;
    else if (!/^[A-Z]/.test(node.text)) only = false;
    return true;
  });
  return only && mentions;
}

function hasExit(statement: TypeScript.Statement, loop: TypeScript.Node): boolean {
  let found = false;
  walkInside(statement, (node) => {
    if (isLoop(node) && node !== loop) return false;
    if (ts.isThrowStatement(node) || ts.isReturnStatement(node) || ts.isBreakStatement(node)) found = true;
    if (ts.isCallExpression(node) && /^process\.(exit|abort)$/.test(node.expression.getText())) found = true;
    return !found;
  });
  return found;
}

export function isLoop(node: TypeScript.Node): boolean {
  return ts.isWhileStatement(node) || ts.isDoStatement(node) || ts.isForStatement(node) || ts.isForOfStatement(node) || ts.isForInStatement(node);
}
