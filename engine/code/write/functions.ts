// Changes to a function as a whole: its body into a `try`, a parameter more, a statement to another place.

import type { CodeOperation } from '../../lint/fix';
import type { TextEdit } from '../../text';
import { isFunctionNode, type FunctionNode } from '../syntax';
import { ts, type TypeScript } from '../typescript';
import { afterTrailingComments, indentationOf, lineEndOf, lineStartOf, nodeAt, type Document } from './document';
import { statementAround } from './statements';
import { linesIn } from './style';

/** Edits that put the body of a function into `try { … } catch (name) { lines }`; lines of template literals keep their indentation. */
export function catchInBody(document: Document, operation: Extract<CodeOperation, { kind: 'catch-in-body' }>): TextEdit[] | undefined {
  const body = functionAt(document, operation.function)?.body;
  if (!body) return undefined;
  const { text, source, style } = document;
  const start = body.getStart(source);
  const outer = indentationOf(text, start);
  const inner = outer + style.indent;
  const handler = linesIn(style, operation.lines, inner + style.indent);
  const caught = [`${inner}} catch (${operation.name}) {`, handler, `${inner}}`];
  if (!ts.isBlock(body)) {
    const result = `${inner}${style.indent}return ${body.getText(source)}${style.hasSemicolons ? ';' : ''}`;
    return [{ span: [start, body.getEnd()], newText: ['{', `${inner}try {`, result, ...caught, `${outer}}`].join(style.lineBreak) }];
  }
  const first = body.statements[0];
  const last = body.statements.at(-1);
  if (!first || !last) return undefined;
  if (!/[\r\n]/.test(text.slice(start, first.getStart(source)))) {
    const inside = text.slice(start + 1, body.getEnd() - 1).trim();
    if (/[\r\n]/.test(inside)) return undefined;
    return [{ span: [start, body.getEnd()], newText: ['{', `${inner}try {`, inner + style.indent + inside, ...caught, `${outer}}`].join(style.lineBreak) }];
  }
  const end = Math.max(afterTrailingComments(text, last.getEnd()), last.getEnd());
  const open = lineEndOf(text, start);
  return [
    { span: [open, open], newText: `${style.lineBreak}${inner}try {` },
    ...indentLines(document, body, open, end),
    { span: [end, end], newText: style.lineBreak + caught.join(style.lineBreak) },
  ];
}

// One indent more for each line that starts outside template literals.
function indentLines(document: Document, body: TypeScript.Block, from: number, to: number): TextEdit[] {
  const { text, source, style } = document;
  const kept: (readonly [number, number])[] = [];
  const visit = (node: TypeScript.Node): void => {
    if (ts.isTemplateExpression(node) || ts.isNoSubstitutionTemplateLiteral(node)) kept.push([node.getStart(source), node.getEnd()]);
    else ts.forEachChild(node, visit);
  };
  visit(body);
  const edits: TextEdit[] = [];
  for (let at = lineEndOf(text, from); at < to; at = lineEndOf(text, at)) {
    at += text.startsWith('\r\n', at) ? 2 : 1;
    const isBlank = lineEndOf(text, at) === at || text.slice(at, lineEndOf(text, at)).trim() === '';
    if (at < to && !isBlank && !kept.some(([start, end]) => at > start && at < end)) edits.push({ span: [at, at], newText: style.indent });
  }
  return edits;
}

/** Edits that add a last parameter, with parentheses where an arrow function had none. */
export function addParameter(document: Document, operation: Extract<CodeOperation, { kind: 'add-parameter' }>): TextEdit[] | undefined {
  const owner = functionAt(document, operation.function);
  const last = owner?.parameters.at(-1);
  if (!owner) return undefined;
  const { source, text } = document;
  if (last) {
    if (last.dotDotDotToken) return undefined;
    const hasParentheses = text[owner.parameters.end] === ')' || /^\s*,?\s*\)/.test(text.slice(last.getEnd()));
    const end = last.getEnd();
    if (hasParentheses) return [{ span: [end, end], newText: `, ${operation.name}` }];
    return [{ span: [last.getStart(source), end], newText: `(${last.getText(source)}, ${operation.name})` }];
  }
  const open = owner.getChildren(source).find((child) => child.kind === ts.SyntaxKind.OpenParenToken)?.getEnd();
  return open === undefined ? undefined : [{ span: [open, open], newText: operation.name }];
}

/** Edits that move a statement, with the rest of its line, to stand after another one of the same function. */
export function moveStatement(document: Document, operation: Extract<CodeOperation, { kind: 'move-statement' }>): TextEdit[] | undefined {
  const moved = statementAround(document, operation.statement);
  const before = statementAround(document, operation.after);
  if (!moved || !before || moved === before) return undefined;
  const { text, source, style } = document;
  const written = moved.getText(source);
  const start = moved.getStart(source);
  const lineStart = lineStartOf(text, start);
  const lineEnd = lineEndOf(text, moved.getEnd());
  const isAlone = text.slice(lineStart, start).trim() === '' && text.slice(moved.getEnd(), lineEnd).trim() === '';
  const breakLength = text.startsWith('\r\n', lineEnd) ? 2 : lineEnd < text.length ? 1 : 0;
  const removed: TextEdit = isAlone ? { span: [lineStart, lineEnd + breakLength], newText: '' } : { span: [start, moved.getEnd() + (text[moved.getEnd()] === ' ' ? 1 : 0)], newText: '' };
  const at = Math.min(afterTrailingComments(text, before.getEnd()), lineEndOf(text, before.getEnd()));
  const isOneLine = text.slice(before.getEnd(), lineEndOf(text, before.getEnd())).trim() !== '' && at === before.getEnd();
  const newText = isOneLine ? ` ${written}` : style.lineBreak + indentationOf(text, before.getStart(source)) + written;
  return [removed, { span: [at, at], newText }];
}

function functionAt(document: Document, span: readonly [number, number]): FunctionNode | undefined {
  return nodeAt(document, span, isFunctionNode);
}
