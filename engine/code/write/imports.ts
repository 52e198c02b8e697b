// Adds imports once, in the file's own module style. Import declarations that stand there already are extended by ts-morph.

import type { TextEdit } from '../../text';
import { ts, type TypeScript } from '../typescript';
import { afterTrailingComments, indentationOf, lineEndOf, type Document } from './document';

/** What is to be imported: `name` may be `setTimeout as sleep`. */
export interface WantedImport {
  readonly module: string;
  readonly name: string;
  readonly isDefault?: boolean;
}

/** Edits that add imports; none where the name is imported already. Loads ts-morph only to extend a declaration. */
export async function addImports(document: Document, wanted: readonly WantedImport[]): Promise<TextEdit[]> {
  const missing = distinct(wanted).map((one) => ({ ...one, module: specifierIn(document, one.module) })).filter((one) => !isImported(document, one));
  if (missing.length === 0) return [];
  if (!document.style.isModule) return [requires(document, missing)];
  const edits: TextEdit[] = [];
  const fresh: WantedImport[] = [];
  const extended = new Map<TypeScript.ImportDeclaration, WantedImport[]>();
  for (const one of missing) {
    const declaration = extendable(document, one);
    if (declaration) extended.set(declaration, [...(extended.get(declaration) ?? []), one]);
    else fresh.push(one);
  }
  for (const [declaration, names] of extended) edits.push(await intoExisting(document, declaration, names));
  return fresh.length > 0 ? [...edits, newImports(document, fresh)] : edits;
}

function distinct(wanted: readonly WantedImport[]): WantedImport[] {
  return wanted.filter((one, index) => wanted.findIndex((other) => other.module === one.module && other.name === one.name) === index);
}

// `fs` in a file that writes `fs`, `node:fs` elsewhere.
function specifierIn(document: Document, module: string): string {
  if (!module.startsWith('node:')) return module;
  const specifiers = [...document.text.matchAll(/(?:from\s*|require\s*\(\s*)['"]([^'"\n]{1,100})['"]/g)].map((match) => match[1] ?? '');
  const bare = /^(assert|buffer|child_process|crypto|dns|events|fs|fs\/promises|http|https|http2|net|os|path|stream|stream\/promises|timers|timers\/promises|tls|url|util|zlib)$/;
  return specifiers.some((specifier) => bare.test(specifier)) && !specifiers.some((specifier) => specifier.startsWith('node:')) ? module.slice('node:'.length) : module;
}

function isImported(document: Document, { module, name, isDefault }: WantedImport): boolean {
  const local = localName(name);
  return document.source.statements.some((statement) => {
    if (ts.isImportDeclaration(statement)) return moduleOf(statement.moduleSpecifier) === module && importsName(statement.importClause, local, isDefault === true);
    if (!ts.isVariableStatement(statement)) return false;
    return statement.declarationList.declarations.some((declaration) => isRequireOf(declaration.initializer, module) && declaresName(declaration.name, local));
  });
}

function moduleOf(specifier: TypeScript.Expression): string {
  return ts.isStringLiteral(specifier) ? specifier.text : '';
}

function importsName(clause: TypeScript.ImportClause | undefined, local: string, isDefault: boolean): boolean {
  if (!clause || clause.isTypeOnly) return false;
  if (isDefault) return clause.name?.text === local;
  const bindings = clause.namedBindings;
  return bindings !== undefined && ts.isNamedImports(bindings) && bindings.elements.some((element) => !element.isTypeOnly && element.name.text === local);
}

function isRequireOf(initializer: TypeScript.Expression | undefined, module: string): boolean {
  if (!initializer || !ts.isCallExpression(initializer) || !ts.isIdentifier(initializer.expression) || initializer.expression.text !== 'require') return false;
  const [specifier] = initializer.arguments;
  return specifier !== undefined && moduleOf(specifier) === module;
}

function declaresName(name: TypeScript.BindingName, local: string): boolean {
  if (ts.isIdentifier(name)) return name.text === local;
  return ts.isObjectBindingPattern(name) && name.elements.some((element) => ts.isIdentifier(element.name) && element.name.text === local);
}

function localName(name: string): string {
  return name.split(' as ').at(-1) ?? name;
}

/** Edit that adds names to an import declaration that stands there, in its one-line or multi-line form. */
async function intoExisting(document: Document, declaration: TypeScript.ImportDeclaration, wanted: readonly WantedImport[]): Promise<TextEdit> {
  return intoLines(document, declaration, wanted) ?? (await intoOneLine(document, declaration, wanted));
}

// One name a line; ts-morph would put the new ones on the last.
function intoLines(document: Document, declaration: TypeScript.ImportDeclaration, wanted: readonly WantedImport[]): TextEdit | undefined {
  const bindings = declaration.importClause?.namedBindings;
  if (!bindings || !ts.isNamedImports(bindings) || wanted.some((one) => one.isDefault)) return undefined;
  const [first] = bindings.elements;
  const last = bindings.elements.at(-1);
  if (!first || !last || !/[\r\n]/.test(document.text.slice(bindings.getStart(document.source), first.getStart(document.source)))) return undefined;
  const lines = wanted.map(({ name }) => document.style.lineBreak + indentationOf(document.text, last.getStart(document.source)) + name);
  if (!bindings.elements.hasTrailingComma) return { span: [last.getEnd(), last.getEnd()], newText: lines.map((line) => `,${line}`).join('') };
  return { span: [bindings.elements.end, bindings.elements.end], newText: lines.map((line) => `${line},`).join('') };
}

async function intoOneLine(document: Document, declaration: TypeScript.ImportDeclaration, wanted: readonly WantedImport[]): Promise<TextEdit> {
  const { Project, QuoteKind, NewLineKind } = await import('ts-morph');
  const { style } = document;
  const project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    skipFileDependencyResolution: true,
    manipulationSettings: {
      quoteKind: style.quote === '"' ? QuoteKind.Double : QuoteKind.Single,
      newLineKind: style.lineBreak === '\r\n' ? NewLineKind.CarriageReturnLineFeed : NewLineKind.LineFeed,
      insertSpaceAfterOpeningAndBeforeClosingNonemptyBraces: style.hasBraceSpaces,
    },
  });
  const start = declaration.getStart(document.source);
  const before = document.text.slice(start, declaration.getEnd());
  const file = project.createSourceFile('import.ts', before);
  const [written] = file.getImportDeclarations();
  for (const { name, isDefault } of wanted) {
    const [imported = name, alias] = name.split(' as ');
    if (isDefault) written?.setDefaultImport(imported);
    else written?.addNamedImport({ name: imported, ...(alias === undefined ? {} : { alias }) });
  }
  return difference(before, file.getFullText(), start);
}

/** The one edit between two texts that stand at `offset`. */
function difference(before: string, after: string, offset: number): TextEdit {
  let start = 0;
  const most = Math.min(before.length, after.length);
  while (start < most && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let end = 0;
  while (end < most - start && before.charCodeAt(before.length - 1 - end) === after.charCodeAt(after.length - 1 - end)) end++;
  return { span: [offset + start, offset + before.length - end], newText: after.slice(start, after.length - end) };
}

function extendable(document: Document, wanted: WantedImport): TypeScript.ImportDeclaration | undefined {
  return document.source.statements.filter(ts.isImportDeclaration).find((declaration) => {
    const clause = declaration.importClause;
    if (!clause || clause.isTypeOnly || moduleOf(declaration.moduleSpecifier) !== wanted.module) return false;
    if (wanted.isDefault) return clause.name === undefined;
    return clause.namedBindings === undefined || ts.isNamedImports(clause.namedBindings);
  });
}

function newImports(document: Document, wanted: readonly WantedImport[]): TextEdit {
  const { style } = document;
  const lines = oneForEachModule(wanted).map(({ module, name, isDefault }) => {
    const binding = isDefault ? name : style.hasBraceSpaces ? `{ ${name} }` : `{${name}}`;
    return `import ${binding} from ${style.quote}${module}${style.quote}${style.hasSemicolons ? ';' : ''}`;
  });
  return linesAfter(document, document.source.statements.filter(ts.isImportDeclaration).at(-1), lines);
}

/** Names of one module go into one declaration: `a, b`; a default stands alone. */
function oneForEachModule(wanted: readonly WantedImport[]): readonly WantedImport[] {
  const named = (module: string): readonly string[] => wanted.filter((one) => one.module === module && !one.isDefault).map(({ name }) => name);
  return wanted.flatMap((one, index) => {
    if (one.isDefault) return [one];
    const isFirst = wanted.findIndex(({ module, isDefault }) => module === one.module && !isDefault) === index;
    return isFirst ? [{ module: one.module, name: named(one.module).join(', ') }] : [];
  });
}

/** Edit that puts lines below a statement, or where there is none on top of the file, below directives and the shebang. */
function linesAfter(document: Document, last: TypeScript.Statement | undefined, lines: readonly string[]): TextEdit {
  const { style, text, source } = document;
  if (last) {
    const end = Math.min(afterTrailingComments(text, last.getEnd()), lineEndOf(text, last.getEnd()));
    const indentation = indentationOf(text, last.getStart(source));
    return { span: [end, end], newText: lines.map((line) => style.lineBreak + indentation + line).join('') };
  }
  const first = source.statements.find((statement) => !isDirective(statement));
  const at = first ? first.getStart(source) : text.length;
  return { span: [at, at], newText: lines.join(style.lineBreak) + style.lineBreak };
}

function requires(document: Document, wanted: readonly WantedImport[]): TextEdit {
  const { style, source } = document;
  const lines = oneForEachModule(wanted).map(({ module, name, isDefault }) => {
    const member = name.replaceAll(' as ', ': ');
    const binding = isDefault ? localName(name) : style.hasBraceSpaces ? `{ ${member} }` : `{${member}}`;
    return `const ${binding} = require(${style.quote}${module}${style.quote})${style.hasSemicolons ? ';' : ''}`;
  });
  return linesAfter(document, source.statements.filter(isRequireStatement).at(-1), lines);
}

function isDirective(statement: TypeScript.Statement): boolean {
  return ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression);
}

function isRequireStatement(statement: TypeScript.Statement): boolean {
  return ts.isVariableStatement(statement) && statement.declarationList.declarations.some(({ initializer }) => initializer !== undefined && /^require\s*\(/.test(initializer.getText()));
}
