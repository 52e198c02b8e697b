// How a file is written: quotes, semicolons, indentation, line ends, module style. What is inserted follows it.

import { ts, type TypeScript } from '../typescript';

export interface Style {
  readonly quote: "'" | '"';
  readonly hasSemicolons: boolean;
  /** One level: spaces or a tab. */
  readonly indent: string;
  readonly lineBreak: '\n' | '\r\n' | '\r';
  /** `{ a }` rather than `{a}`. */
  readonly hasBraceSpaces: boolean;
  readonly isModule: boolean;
}

/** Reads the style off a text; where it shows nothing: single quotes, semicolons, two spaces. Linear in the text. */
export function styleOf(path: string, text: string, source: TypeScript.SourceFile): Style {
  return {
    quote: quoteOf(source),
    hasSemicolons: semicolonsOf(source, text),
    indent: indentOf(source, text),
    lineBreak: /\r\n|\n|\r/.exec(text)?.[0] === '\r\n' ? '\r\n' : text.includes('\n') || !text.includes('\r') ? '\n' : '\r',
    hasBraceSpaces: !(count(text, /(?<!\$)\{[\w$'"]/g) > count(text, /(?<!\$)\{ ?[\w$'"]/g) / 2),
    isModule: isModuleFile(path, text, source),
  };
}

function count(text: string, pattern: RegExp): number {
  let found = 0;
  pattern.lastIndex = 0;
  while (found < 1_000 && pattern.exec(text)) found++;
  return found;
}

// String literals of the first thousand nodes decide; ties and none fall to single quotes.
function quoteOf(source: TypeScript.SourceFile): "'" | '"' {
  let single = 0;
  let double = 0;
  walk(source, 2_000, (node) => {
    if (!ts.isStringLiteral(node) || ts.isJsxAttribute(node.parent)) return;
    if (source.text[node.getStart(source)] === '"') double++;
    else single++;
  });
  return double > single ? '"' : "'";
}

function semicolonsOf(source: TypeScript.SourceFile, text: string): boolean {
  let withSemicolon = 0;
  let without = 0;
  walk(source, 2_000, (node) => {
    if (!takesSemicolon(node)) return;
    if (text[node.getEnd() - 1] === ';') withSemicolon++;
    else without++;
  });
  return withSemicolon >= without;
}

function takesSemicolon(node: TypeScript.Node): boolean {
  return ts.isExpressionStatement(node) || ts.isVariableStatement(node) || ts.isReturnStatement(node) || ts.isImportDeclaration(node) || ts.isThrowStatement(node);
}

// The difference of two indentations: a statement in a block and the line of that block's brace.
function indentOf(source: TypeScript.SourceFile, text: string): string {
  let found: string | undefined;
  walk(source, 5_000, (node) => {
    if (found !== undefined || !hasNestedLines(node)) return;
    const first = firstNested(node);
    if (!first) return;
    const inner = lineIndent(text, first.getStart(source));
    const outer = lineIndent(text, node.getStart(source));
    if (inner.length > outer.length && inner.startsWith(outer)) found = inner.slice(outer.length);
  });
  // No block stands on lines of its own: any indented line tells.
  return found ?? (/^\t/m.test(text) && !/^ {2}/m.test(text) ? '\t' : '  ');
}

function hasNestedLines(node: TypeScript.Node): boolean {
  return ts.isBlock(node) || ts.isObjectLiteralExpression(node) || ts.isClassDeclaration(node);
}

function firstNested(node: TypeScript.Node): TypeScript.Node | undefined {
  if (ts.isBlock(node)) return node.statements[0];
  if (ts.isObjectLiteralExpression(node)) return node.properties[0];
  return ts.isClassDeclaration(node) ? node.members[0] : undefined;
}

function lineIndent(text: string, offset: number): string {
  const start = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
  let end = start;
  while (text[end] === ' ' || text[end] === '\t') end++;
  return text.slice(start, end);
}

function isModuleFile(path: string, text: string, source: TypeScript.SourceFile): boolean {
  if (/\.m[jt]s$/i.test(path)) return true;
  if (/\.c[jt]s$/i.test(path)) return false;
  if (source.statements.some((statement) => ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement) || ts.isExportAssignment(statement) || isExported(statement))) return true;
  if (/\brequire\s*\(|\bmodule\.exports\b|\bexports\.\w/.test(text)) return false;
  return /\.tsx?$/i.test(path);
}

function isExported(statement: TypeScript.Statement): boolean {
  return ts.canHaveModifiers(statement) && (ts.getModifiers(statement) ?? []).some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword);
}

/** Visits at most `limit` nodes, outer ones first. */
function walk(root: TypeScript.Node, limit: number, visit: (node: TypeScript.Node) => void): void {
  const waiting: TypeScript.Node[] = [root];
  for (let i = 0; i < waiting.length && i < limit; i++) {
    const node = waiting[i];
    if (!node) return;
    visit(node);
    ts.forEachChild(node, (child) => {
      if (waiting.length < limit) waiting.push(child);
    });
  }
}

/** One piece of source text (an expression) in the file's quotes and brace style. */
export function expressionIn(style: Style, expression: string): string {
  return withBraceSpaces(style, withQuotes(style, expression));
}

/** Whole lines in the file's quotes, semicolons and indentation; `base` stands before each. */
export function linesIn(style: Style, lines: readonly string[], base: string): string {
  return lines.map((line, index) => (line.trim() === '' ? '' : base + lineIn(style, line, lines[index + 1]))).join(style.lineBreak);
}

function lineIn(style: Style, line: string, next: string | undefined): string {
  const spaces = line.length - line.trimStart().length;
  const indented = style.indent.repeat(Math.floor(spaces / 2)) + expressionIn(style, line.trimStart());
  return style.hasSemicolons || !canDropSemicolon(indented, next) ? indented : indented.slice(0, -1);
}

// Without a semicolon a next line that starts with one of these would go on with this one.
function canDropSemicolon(line: string, next: string | undefined): boolean {
  return line.endsWith(';') && !/^\s*[([`+\-/]/.test(next ?? '');
}

function withQuotes(style: Style, text: string): string {
  if (style.quote === "'") return text;
  let result = '';
  let at = 0;
  for (const [start, end] of stringTokens(text)) {
    const inner = text.slice(start + 1, end - 1);
    const canChange = text[start] === "'" && !inner.includes('"') && !inner.includes('\\');
    result += text.slice(at, start) + (canChange ? `"${inner}"` : text.slice(start, end));
    at = end;
  }
  return result + text.slice(at);
}

function withBraceSpaces(style: Style, text: string): string {
  if (style.hasBraceSpaces || text.includes("'") || text.includes('"') || text.includes('`')) return text;
  return text.replace(/\{ (?=\S)/g, '{').replace(/(\S) \}/g, '$1}');
}

function stringTokens(text: string): [number, number][] {
  const tokens: [number, number][] = [];
  const scanner = ts.createScanner(ts.ScriptTarget.ESNext, false, ts.LanguageVariant.Standard, text);
  let depth = 0;
  for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    if (token === ts.SyntaxKind.StringLiteral) tokens.push([scanner.getTokenStart(), scanner.getTokenEnd()]);
    if (token === ts.SyntaxKind.TemplateHead) depth++;
    else if (token === ts.SyntaxKind.CloseBraceToken && depth > 0 && scanner.reScanTemplateToken(false) === ts.SyntaxKind.TemplateTail) depth--;
  }
  return tokens;
}
