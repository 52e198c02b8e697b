// The same program in another hand: line ends, tabs, no semicolons, other quotes, comments, line breaks, other names. What a rule finds and what a fix repairs must not depend on them.

import ts from 'typescript';

/** Changes a text without changing its program. `pick` gives whole numbers from 0 up to, and without, the bound. */
export type Mutation = (path: string, text: string, pick: (bound: number) => number) => string;

interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Each comment that `comments` puts in; all of them have to survive a fix. */
export const COMMENT = '// see the runbook';

export const mutations: Readonly<Record<string, Mutation>> = {
  comments: (path, text, pick) => edit(path, text, (source) => statementsOf(source).filter(() => pick(3) === 0).map((node) => before(source, node))),
  lineBreaks: (path, text, pick) => edit(path, text, (source) => argumentsOf(source).filter(() => pick(3) === 0).map((node) => broken(source, node))),
  importAliases: (path, text) => edit(path, text, renamedImports),
  names: (path, text, pick) => edit(path, text, (source) => renamedVariables(source, pick)),
  doubleQuotes: (path, text) => edit(path, text, (source) => nodesOf(source).filter((node) => ts.isStringLiteral(node) && /^'[^'"\\]*'$/.test(node.getText())).map((node) => ({ start: node.getStart(), end: node.end, text: `"${node.getText().slice(1, -1)}"` }))),
  noSemicolons: (path, text) => edit(path, text, withoutSemicolons),
  tabs: (_, text) => text.replace(/^(?: {2})+/gm, (spaces) => '\t'.repeat(spaces.length / 2)),
  crlf: (_, text) => text.replace(/\r?\n/g, '\r\n'),
};

export function isCode(path: string): boolean {
  return /\.[cm]?[jt]sx?$/.test(path);
}

/** Whether a text has no syntax error. */
export function parses(path: string, text: string): boolean {
  const diagnostics: unknown = Reflect.get(parse(path, text), 'parseDiagnostics');
  return Array.isArray(diagnostics) && diagnostics.length === 0;
}

function parse(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, /x$/.test(path) ? ts.ScriptKind.TSX : /\.[cm]?js$/.test(path) ? ts.ScriptKind.JSX : ts.ScriptKind.TS);
}

function edit(path: string, text: string, make: (source: ts.SourceFile) => readonly Replacement[]): string {
  let result = text;
  for (const { start, end, text: inserted } of [...make(parse(path, text))].sort((a, b) => b.start - a.start)) result = result.slice(0, start) + inserted + result.slice(end);
  return parses(path, result) === parses(path, text) ? result : text;
}

function nodesOf(root: ts.Node): ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    found.push(node);
    node.forEachChild(visit);
  };
  visit(root);
  return found;
}

// A comment inside a catch is an answer to a finding, and one that is cut by a template would be text.
function statementsOf(source: ts.SourceFile): ts.Node[] {
  return nodesOf(source).filter(
    (node) => ts.isStatement(node) && !ts.isBlock(node) && (ts.isSourceFile(node.parent) || ts.isBlock(node.parent)) && !isInCatch(node) && startsLine(source, node) && node.getStart() > 0,
  );
}

function isInCatch(node: ts.Node): boolean {
  for (let at: ts.Node | undefined = node; at; at = at.parent) if (ts.isCatchClause(at)) return true;
  return false;
}

function startsLine(source: ts.SourceFile, node: ts.Node): boolean {
  return /(?:^|\n)[ \t]*$/.test(source.text.slice(0, node.getStart()));
}

function before(source: ts.SourceFile, node: ts.Node): Replacement {
  const start = node.getStart();
  const indentation = /[ \t]*$/.exec(source.text.slice(0, start))?.[0] ?? '';
  return { start, end: start, text: `${COMMENT}\n${indentation}` };
}

function argumentsOf(source: ts.SourceFile): ts.Node[] {
  return nodesOf(source).filter((node) => ts.isCallExpression(node) && node.arguments.length > 0).flatMap((node) => (ts.isCallExpression(node) ? [...node.arguments] : []));
}

function broken(source: ts.SourceFile, node: ts.Node): Replacement {
  const line = source.text.slice(source.text.lastIndexOf('\n', node.getStart() - 1) + 1);
  return { start: node.getFullStart(), end: node.getStart(), text: `\n${/^[ \t]*/.exec(line)?.[0] ?? ''}  ` };
}

function renamedImports(source: ts.SourceFile): Replacement[] {
  const names = new Set<string>();
  for (const node of nodesOf(source)) {
    if (ts.isImportClause(node) && node.name) names.add(node.name.text);
    if (ts.isNamespaceImport(node) || ts.isImportSpecifier(node)) names.add(node.name.text);
  }
  return renamed(source, names, (name) => `${name}Import`);
}

// Names that are declared once, by `const x = …`, and that nobody outside sees.
function renamedVariables(source: ts.SourceFile, pick: (bound: number) => number): Replacement[] {
  const declared = new Map<string, number>();
  const names = new Set<string>();
  for (const node of nodesOf(source)) {
    if ((ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isFunctionDeclaration(node) || ts.isBindingElement(node) || ts.isClassDeclaration(node)) && node.name && ts.isIdentifier(node.name)) {
      declared.set(node.name.text, (declared.get(node.name.text) ?? 0) + 1);
    }
    if (!ts.isVariableDeclaration(node) || !ts.isIdentifier(node.name) || !node.initializer) continue;
    const statement = node.parent.parent;
    const isExported = ts.isVariableStatement(statement) && statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    const isMade = ts.isNewExpression(node.initializer) || ts.isCallExpression(node.initializer) || ts.isAwaitExpression(node.initializer);
    if (isMade && !isExported && pick(2) === 0) names.add(node.name.text);
  }
  return renamed(source, new Set([...names].filter((name) => declared.get(name) === 1)), (name) => `${name}Here`);
}

function renamed(source: ts.SourceFile, names: ReadonlySet<string>, to: (name: string) => string): Replacement[] {
  const made: Replacement[] = [];
  for (const node of nodesOf(source)) {
    if (!ts.isIdentifier(node) || !names.has(node.text)) continue;
    const { parent } = node;
    const span = { start: node.getStart(), end: node.end };
    if (ts.isPropertyAccessExpression(parent) && parent.name === node) continue;
    if (ts.isQualifiedName(parent) && parent.right === node) continue;
    if ((ts.isPropertyAssignment(parent) || ts.isMethodDeclaration(parent) || ts.isPropertyDeclaration(parent) || ts.isPropertySignature(parent) || ts.isMethodSignature(parent)) && parent.name === node) continue;
    if (ts.isJsxAttribute(parent) || (ts.isBindingElement(parent) && parent.propertyName === node)) continue;
    if (ts.isImportSpecifier(parent)) {
      if (parent.propertyName === node) continue;
      made.push({ ...span, text: parent.propertyName ? to(node.text) : `${node.text} as ${to(node.text)}` });
    } else if (ts.isExportSpecifier(parent)) {
      if (parent.propertyName ? parent.propertyName === node : true) made.push({ ...span, text: parent.propertyName ? to(node.text) : `${to(node.text)} as ${node.text}` });
    } else if (ts.isShorthandPropertyAssignment(parent) || (ts.isBindingElement(parent) && ts.isObjectBindingPattern(parent.parent) && !parent.propertyName)) {
      made.push({ ...span, text: `${node.text}: ${to(node.text)}` });
    } else made.push({ ...span, text: to(node.text) });
  }
  return made;
}

function withoutSemicolons(source: ts.SourceFile): Replacement[] {
  return nodesOf(source).flatMap((node): Replacement[] => {
    const end = node.end;
    if (!(ts.isStatement(node) || ts.isPropertyDeclaration(node)) || source.text[end - 1] !== ';' || ts.isEmptyStatement(node) || ts.isForStatement(node.parent)) return [];
    const rest = source.text.slice(end);
    if (!/^[ \t]*(?:\r?\n|$)/.test(rest) || /^\s*[([`+\-/*.,?]/.test(rest.replace(/^(?:\s*\/\/[^\n]*\n)+/, ''))) return [];
    return [{ start: end - 1, end, text: '' }];
  });
}
