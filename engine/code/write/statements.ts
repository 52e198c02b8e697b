// Writes whole lines: before and after a statement, and at the start or end of a body.

import type { CodeOperation } from '../../lint/fix';
import type { Span, TextEdit } from '../../text';
import { ts, type TypeScript } from '../typescript';
import { afterTrailingComments, indentationOf, isCallOrNew, lineEndOf, nodeAround, nodeAt, sameSpan, type Document } from './document';
import { linesIn } from './style';

/** Edits that put lines after the statement around a span; undefined where it stands in an expression body, a class field or the like. */
export function insertAfter(document: Document, operation: Extract<CodeOperation, { kind: 'insert-after' }>): TextEdit[] | undefined {
  const statement = statementAround(document, operation.statement);
  if (!statement) return undefined;
  const { bind } = operation;
  const bound = bind ? bindResult(document, statement, bind) : { edits: [], name: '' };
  if (!bound) return undefined;
  const lines = bind ? operation.lines.map((line) => renamed(line, bind.name, bound.name)) : operation.lines;
  const end = statement.getEnd();
  const at = Math.min(afterTrailingComments(document.text, end), lineEndOf(document.text, end));
  const base = indentationOf(document.text, statement.getStart(document.source));
  return [...bound.edits, { span: [at, at], newText: document.style.lineBreak + linesIn(document.style, lines, base) }];
}

/** Edits that put lines before the statement around a span and before the comments that belong to it. */
export function insertBefore(document: Document, operation: Extract<CodeOperation, { kind: 'insert-before' }>): TextEdit[] | undefined {
  const statement = statementAround(document, operation.statement);
  if (!statement) return undefined;
  const start = startWithComments(document, statement);
  const base = indentationOf(document.text, start);
  const text = linesIn(document.style, operation.lines, base).slice(base.length);
  return [{ span: [start, start], newText: text + document.style.lineBreak + base }];
}

/** Edits that put lines first or last into a block, or into the body of the function at the span. */
export function insertInBody(document: Document, operation: Extract<CodeOperation, { kind: 'insert-in-body' }>): TextEdit[] | undefined {
  const block = nodeAt(document, operation.body, ts.isBlock);
  if (block) return [intoBlock(document, block, operation.at, operation.lines)];
  const owner = nodeAt(document, operation.body, isFunctionWithBody);
  if (owner?.body && ts.isBlock(owner.body)) return [intoBlock(document, owner.body, operation.at, operation.lines)];
  const arrow = nodeAt(document, operation.body, ts.isArrowFunction) ?? arrowOfBody(document, operation.body);
  if (!arrow || ts.isBlock(arrow.body)) return undefined;
  return operation.at === 'start' ? [intoExpressionBody(document, arrow, arrow.body, operation.lines)] : undefined;
}

function isFunctionWithBody(node: TypeScript.Node): node is TypeScript.FunctionDeclaration | TypeScript.FunctionExpression | TypeScript.ArrowFunction | TypeScript.MethodDeclaration {
  return ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node) || ts.isArrowFunction(node) || ts.isMethodDeclaration(node);
}

function arrowOfBody(document: Document, body: Span): TypeScript.ArrowFunction | undefined {
  let node: TypeScript.Node | undefined = nodeAround(document, body);
  while (node && sameSpan(document, node, body)) {
    if (ts.isArrowFunction(node.parent) && node.parent.body === node) return node.parent;
    node = node.parent;
  }
  return undefined;
}

function intoBlock(document: Document, block: TypeScript.Block, at: 'start' | 'end', lines: readonly string[]): TextEdit {
  const { text, source, style } = document;
  const start = block.getStart(source);
  const first = block.statements[0];
  const last = block.statements.at(-1);
  const outer = indentationOf(text, start);
  const isOneLine = !/[\r\n]/.test(text.slice(start, block.getEnd()));
  if (!first || !last || isOneLine) {
    const inside = text.slice(start + 1, block.getEnd() - 1).trim();
    const base = outer + style.indent;
    const kept = inside === '' ? [] : [base + inside];
    const added = linesIn(style, lines, base);
    const all = at === 'start' ? [added, ...kept] : [...kept, added];
    return { span: [start, block.getEnd()], newText: ['{', ...all, `${outer}}`].join(style.lineBreak) };
  }
  const base = indentationOf(text, first.getStart(source));
  if (at === 'start') return { span: [start + 1, start + 1], newText: style.lineBreak + linesIn(style, lines, base) };
  const end = Math.min(afterTrailingComments(text, last.getEnd()), lineEndOf(text, last.getEnd()));
  return { span: [end, end], newText: style.lineBreak + linesIn(style, lines, base) };
}

function intoExpressionBody(document: Document, arrow: TypeScript.ArrowFunction, body: TypeScript.Expression, lines: readonly string[]): TextEdit {
  const { text, source, style } = document;
  const outer = indentationOf(text, arrow.getStart(source));
  const base = outer + style.indent;
  const result = `${base}return ${body.getText(source)}${style.hasSemicolons ? ';' : ''}`;
  return { span: [body.getStart(source), body.getEnd()], newText: ['{', linesIn(style, lines, base), result, `${outer}}`].join(style.lineBreak) };
}

/** The statement of a block around a span, in the same function as the span; undefined where another function's or class's body lies between. */
export function statementAround(document: Document, span: Span): TypeScript.Statement | undefined {
  let node = nodeAround(document, span);
  while (node.parent) {
    const { parent } = node;
    if (isStatementList(parent) && ts.isStatement(node)) return node;
    if (ts.isArrowFunction(parent) && parent.body === node) return undefined;
    if (ts.isPropertyDeclaration(node) || ts.isParameter(node) || ts.isClassStaticBlockDeclaration(node)) return undefined;
    node = parent;
  }
  return undefined;
}

function isStatementList(node: TypeScript.Node): node is TypeScript.SourceFile | TypeScript.Block | TypeScript.ModuleBlock | TypeScript.CaseOrDefaultClause {
  return ts.isSourceFile(node) || ts.isBlock(node) || ts.isModuleBlock(node) || ts.isCaseOrDefaultClause(node);
}

function startWithComments(document: Document, statement: TypeScript.Statement): number {
  const { text, source } = document;
  const comments = ts.getLeadingCommentRanges(text, statement.getFullStart()) ?? [];
  let start = statement.getStart(source);
  for (const comment of comments.toReversed()) {
    if (/(\r\n|\n|\r)[ \t]*(\r\n|\n|\r)/.test(text.slice(comment.end, start)) || !/[\r\n]/.test(text.slice(comment.end, start))) break;
    if (!isFirstOnLine(text, comment.pos)) break;
    start = comment.pos;
  }
  return start;
}

function isFirstOnLine(text: string, offset: number): boolean {
  return /(^|[\r\n])[ \t]*$/.test(text.slice(Math.max(0, offset - 500), offset));
}

/** The comments between the statements that a span covers, as they are written: what takes the place of several statements still has to do with them. */
export function commentsBetween({ text, source }: Document, [start, end]: Span, owner: TypeScript.Node): string[] {
  if (!isStatementList(owner)) return [];
  const covered = owner.statements.filter((statement) => statement.getStart(source) >= start && statement.getStart(source) < end);
  return covered.slice(1).flatMap((statement, index) => {
    const before = covered[index];
    const ranges = [...(before ? (ts.getTrailingCommentRanges(text, before.getEnd()) ?? []) : []), ...(ts.getLeadingCommentRanges(text, statement.getFullStart()) ?? [])];
    return ranges.map((range) => text.slice(range.pos, range.end));
  });
}

/** Binds the value of a call to a name where it has none; gives the name that it has or gets. */
function bindResult(document: Document, statement: TypeScript.Statement, { call, name }: { readonly call: Span; readonly name: string }): { edits: TextEdit[]; name: string } | undefined {
  const expression = nodeAt(document, call, isCallOrNew);
  if (!expression) return undefined;
  const whole = wholeValue(expression);
  const { parent } = whole;
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) return { edits: [], name: parent.name.text };
  if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken && parent.right === whole) return { edits: [], name: parent.left.getText(document.source) };
  if (!ts.isExpressionStatement(parent) || parent !== statement) return undefined;
  const free = freeName(document, name);
  const start = whole.getStart(document.source);
  return { edits: [{ span: [start, start], newText: `const ${free} = ` }], name: free };
}

// `new WebSocket(url).on('open', f)` gives the socket itself: a chain of listeners counts as the value.
function wholeValue(expression: TypeScript.Expression): TypeScript.Expression {
  let value: TypeScript.Expression = expression;
  for (;;) {
    const { parent } = value;
    if (ts.isAwaitExpression(parent) || ts.isParenthesizedExpression(parent) || ts.isAsExpression(parent) || ts.isNonNullExpression(parent)) value = parent;
    else if (ts.isPropertyAccessExpression(parent) && parent.expression === value && /^(on|once|addListener|setTimeout)$/.test(parent.name.text) && ts.isCallExpression(parent.parent)) value = parent.parent;
    else return value;
  }
}

function freeName(document: Document, name: string): string {
  const taken = usedNames(document);
  if (!taken.has(name)) return name;
  for (let n = 2; ; n++) if (!taken.has(`${name}${n}`)) return `${name}${n}`;
}

// Every name that is not a member's: a new one of these could shadow or clash.
function usedNames(document: Document): Set<string> {
  const names = new Set<string>();
  const visit = (node: TypeScript.Node): void => {
    if (ts.isIdentifier(node) && !isMemberName(node)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(document.source);
  return names;
}

function isMemberName(node: TypeScript.Identifier): boolean {
  const { parent } = node;
  return (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) && parent.name === node;
}

function renamed(line: string, from: string, to: string): string {
  return from === to || !/^[\w$]+$/.test(from) ? line : line.replace(new RegExp(`(?<![\\w$.'"])${from.replaceAll('$', '\\$')}(?![\\w$'"])`, 'g'), () => to);
}
