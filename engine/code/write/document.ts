// One text to be changed: its tree, its style, and how to find the places that operations name by their spans.

import type { Span } from '../../text';
import { parseCode } from '../parse';
import { ts, type TypeScript } from '../typescript';
import { styleOf, type Style } from './style';

export interface Document {
  readonly path: string;
  readonly text: string;
  readonly source: TypeScript.SourceFile;
  readonly hasErrors: boolean;
  readonly style: Style;
}

/** Parses a text for writing; undefined where its nesting is deeper than the stack. Linear in the text. */
export function documentOf(path: string, text: string): Document | undefined {
  const parsed = parseCode(path, text);
  return parsed && { path, text, source: parsed.sourceFile, hasErrors: parsed.hasErrors, style: styleOf(path, text, parsed.sourceFile) };
}

/** The innermost node that contains a span. */
export function nodeAround(document: Document, [start, end]: Span): TypeScript.Node {
  let found: TypeScript.Node = document.source;
  for (;;) {
    const inner = ts.forEachChild(found, (child) => (child.getStart(document.source) <= start && child.getEnd() >= end ? child : undefined));
    if (!inner) return found;
    found = inner;
  }
}

/** The innermost node of a kind that has exactly this span. */
export function nodeAt<T extends TypeScript.Node>(document: Document, span: Span, isKind: (node: TypeScript.Node) => node is T): T | undefined {
  let node: TypeScript.Node | undefined = nodeAround(document, span);
  while (node && sameSpan(document, node, span)) {
    if (isKind(node)) return node;
    node = node.parent;
  }
  return undefined;
}

/** Whether a node starts and ends where the span does. */
export function sameSpan(document: Document, node: TypeScript.Node, span: Span): boolean {
  return node.getStart(document.source) === span[0] && node.getEnd() === span[1];
}

export function isCallOrNew(node: TypeScript.Node): node is TypeScript.CallExpression | TypeScript.NewExpression {
  return ts.isCallExpression(node) || ts.isNewExpression(node);
}

/** The expression without parentheses, `as`, `satisfies` and `!`. */
export function unwrapped(expression: TypeScript.Expression): TypeScript.Expression {
  let inner = expression;
  while (ts.isParenthesizedExpression(inner) || ts.isAsExpression(inner) || ts.isSatisfiesExpression(inner) || ts.isNonNullExpression(inner)) inner = inner.expression;
  return inner;
}

/** Offset at which the line of `offset` starts. */
export function lineStartOf(text: string, offset: number): number {
  return Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
}

/** Offset of the end of the line of `offset`, before its line break. */
export function lineEndOf(text: string, offset: number): number {
  let end = offset;
  while (end < text.length && text.charCodeAt(end) !== 10 && text.charCodeAt(end) !== 13) end++;
  return end;
}

/** White space at the start of the line of `offset`. */
export function indentationOf(text: string, offset: number): string {
  const start = lineStartOf(text, offset);
  let end = start;
  while (end < text.length && (text[end] === ' ' || text[end] === '\t')) end++;
  return text.slice(start, end);
}

/** End of the comments that follow `offset` on its own line, else `offset` itself. */
export function afterTrailingComments(text: string, offset: number): number {
  const comments = ts.getTrailingCommentRanges(text, offset) ?? [];
  return comments.at(-1)?.end ?? offset;
}
