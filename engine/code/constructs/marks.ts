// The smallest thing a person would point at: `async`, a keyword, a name, an arrow.

import type { Span } from '../../text';
import type { FunctionNode } from '../syntax';
import { memberName, strip } from '../syntax';
import { ts, type TypeScript } from '../typescript';

/** `async` where the function has it, else its name, else its arrow, else its first token. */
export function functionMark(node: FunctionNode, file: TypeScript.SourceFile): Span {
  const modifier = ts.canHaveModifiers(node) ? ts.getModifiers(node)?.find(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) : undefined;
  if (modifier) return nodeSpan(modifier, file);
  if (node.name) return nodeSpan(node.name, file);
  if (ts.isArrowFunction(node)) return nodeSpan(node.equalsGreaterThanToken, file);
  const start = node.getStart(file);
  return [start, start + 'function'.length];
}

/** The keyword that a statement starts with. */
export function keywordMark(node: TypeScript.Node, file: TypeScript.SourceFile): Span {
  const token = node.getFirstToken(file);
  return token ? nodeSpan(token, file) : nodeSpan(node, file);
}

/** The callee of a call, cut to its last line: `.then(…).catch` is marked at `catch`. */
export function calleeMark(call: TypeScript.CallExpression | TypeScript.NewExpression, file: TypeScript.SourceFile): Span {
  const callee = call.expression;
  const [start, end] = nodeSpan(callee, file);
  const from = ts.isNewExpression(call) ? call.getStart(file) : start;
  if (end - from <= 60 && !file.text.slice(from, end).includes('\n')) return [from, end];
  if (ts.isPropertyAccessExpression(callee)) return nodeSpan(callee.name, file);
  return [from, Math.min(end, from + 60)];
}

export function nodeSpan(node: TypeScript.Node, file: TypeScript.SourceFile): Span {
  return [node.getStart(file), node.end];
}

/** A call's callee as a person would say it: `billing.charge`, `charge`, `new Pool`; a long chain by its last name. */
export function calleeName(expression: TypeScript.Expression, file: TypeScript.SourceFile): string {
  const node = strip(expression, false);
  const text = node.getText(file).replace(/\s+/g, '');
  if (text.length <= 40 && !/[(){}\[\]'"`]/.test(text)) return text.replace(/^this\./, '').replaceAll('?.', '.');
  return memberName(node) ?? (ts.isIdentifier(node) ? node.text.slice(0, 40) : 'call');
}
