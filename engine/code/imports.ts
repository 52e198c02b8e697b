// Import and export statements of a file, and the environment variables that it reads.

import { isExports } from './clients';
import type { Core } from './core';
import type { CodeFacts, ExportFact, ImportFact } from './facts';
import type { Entity, Value } from './values';
import { isEnvironment } from './environment';
import { valueOf } from './fold';
import { bindingEntity, entityOf, isUseful } from './resolve';
import { hasModifier, memberName, propertyName, strip } from './syntax';
import { ts, type TypeScript } from './typescript';

/** Static imports, re-exports, `require` and `import()` with a literal. `nodes` are the calls that the walk met. */
export function importFacts(core: Core, calls: readonly TypeScript.CallExpression[]): ImportFact[] {
  const facts: ImportFact[] = [];
  const span = (node: TypeScript.Node): readonly [number, number] => [node.getStart(core.sourceFile), node.end];
  for (const statement of core.sourceFile.statements) {
    if (ts.isImportDeclaration(statement) && ts.isStringLiteralLike(statement.moduleSpecifier)) {
      facts.push({ module: statement.moduleSpecifier.text, names: importedNames(statement.importClause), isTypeOnly: isTypeOnly(statement.importClause), span: span(statement) });
    } else if (ts.isExportDeclaration(statement) && statement.moduleSpecifier && ts.isStringLiteralLike(statement.moduleSpecifier)) {
      const clause = statement.exportClause;
      const names = clause && ts.isNamedExports(clause) ? clause.elements.map((element) => (element.propertyName ?? element.name).text) : ['*'];
      facts.push({ module: statement.moduleSpecifier.text, names, isTypeOnly: statement.isTypeOnly, span: span(statement) });
    } else if (ts.isImportEqualsDeclaration(statement) && ts.isExternalModuleReference(statement.moduleReference) && ts.isStringLiteralLike(statement.moduleReference.expression)) {
      facts.push({ module: statement.moduleReference.expression.text, names: ['*'], isTypeOnly: statement.isTypeOnly, span: span(statement) });
    }
  }
  for (const call of calls) {
    const first = call.arguments[0];
    if (!first || !ts.isStringLiteralLike(first)) continue;
    const isRequire = ts.isIdentifier(call.expression) && call.expression.text === 'require';
    if (isRequire || call.expression.kind === ts.SyntaxKind.ImportKeyword) facts.push({ module: first.text, names: requiredNames(call), isTypeOnly: false, span: span(call) });
  }
  return facts;
}

function importedNames(clause: TypeScript.ImportClause | undefined): string[] {
  if (!clause) return [];
  const names = clause.name ? ['default'] : [];
  if (!clause.namedBindings) return names;
  if (ts.isNamespaceImport(clause.namedBindings)) return [...names, '*'];
  return [...names, ...clause.namedBindings.elements.map((element) => (element.propertyName ?? element.name).text)];
}

// `import { type A, type B }` brings in nothing at run time.
function isTypeOnly(clause: TypeScript.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.isTypeOnly) return true;
  return !clause.name && clause.namedBindings !== undefined && ts.isNamedImports(clause.namedBindings) && clause.namedBindings.elements.length > 0 && clause.namedBindings.elements.every((element) => element.isTypeOnly);
}

function requiredNames(call: TypeScript.CallExpression): string[] {
  const parent = call.parent;
  if (ts.isVariableDeclaration(parent) && ts.isObjectBindingPattern(parent.name)) {
    return parent.name.elements.flatMap((element) => propertyName(element.propertyName) ?? (ts.isIdentifier(element.name) ? element.name.text : []));
  }
  return ts.isPropertyAccessExpression(parent) && parent.expression === call ? [parent.name.text] : ['*'];
}

/** What the file exports. `module.exports = x` is the export `default`; its properties, and `exports.x`, are named ones. `assignments` are the assignments that the walk met. */
export function exportFacts(core: Core, assignments: readonly TypeScript.BinaryExpression[]): ExportFact[] {
  const facts = new Map<string, ExportFact>();
  const add = (fact: ExportFact): void => {
    if (!facts.has(fact.name) || fact.kind !== 'other') facts.set(fact.name, fact);
  };
  let stars = 0;
  for (const statement of core.sourceFile.statements) {
    if (ts.isExportDeclaration(statement)) {
      const module = statement.moduleSpecifier && ts.isStringLiteralLike(statement.moduleSpecifier) ? statement.moduleSpecifier.text : undefined;
      const clause = statement.exportClause;
      if (module !== undefined && (!clause || ts.isNamespaceExport(clause))) add({ name: clause ? clause.name.text : `*${stars++}`, kind: 'reexport', module, imported: '*' });
      else if (clause && ts.isNamedExports(clause)) for (const element of clause.elements) add(specifierFact(core, element, module));
    } else if (ts.isExportAssignment(statement)) {
      add(expressionFact(core, 'default', statement.expression));
    } else if (hasModifier(statement, ts.SyntaxKind.ExportKeyword)) {
      declarationFacts(core, statement).forEach(add);
    }
  }
  for (const assignment of assignments) commonExports(core, assignment).forEach(add);
  return [...facts.values()];
}

function specifierFact(core: Core, element: TypeScript.ExportSpecifier, module: string | undefined): ExportFact {
  const imported = element.propertyName ?? element.name;
  if (module !== undefined) return { name: element.name.text, kind: 'reexport', module, imported: imported.text };
  if (!ts.isIdentifier(imported)) return { name: element.name.text, kind: 'other' };
  return expressionFact(core, element.name.text, imported);
}

function declarationFacts(core: Core, statement: TypeScript.Statement): ExportFact[] {
  const isDefault = hasModifier(statement, ts.SyntaxKind.DefaultKeyword);
  if (ts.isFunctionDeclaration(statement)) {
    const id = core.scopes.functionId(statement);
    const name = isDefault ? 'default' : statement.name?.text;
    return id === undefined || name === undefined || !statement.body ? [] : [{ name, kind: 'function', id }];
  }
  if (ts.isClassDeclaration(statement)) {
    const id = core.scopes.classId(statement);
    const name = isDefault ? 'default' : statement.name?.text;
    return id === undefined || name === undefined ? [] : [{ name, kind: 'class', class: id }];
  }
  if (ts.isEnumDeclaration(statement)) return [{ name: statement.name.text, kind: 'value', value: enumObject(core, statement) }];
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.flatMap((declaration): ExportFact[] => {
    if (!ts.isIdentifier(declaration.name)) return bindingNames(declaration.name).map((name): ExportFact => expressionFact(core, name.text, name));
    return [expressionFact(core, declaration.name.text, declaration.name)];
  });
}

function bindingNames(pattern: TypeScript.BindingPattern): TypeScript.Identifier[] {
  return pattern.elements.flatMap((element) => (!ts.isBindingElement(element) ? [] : ts.isIdentifier(element.name) ? [element.name] : bindingNames(element.name)));
}

function enumObject(core: Core, node: TypeScript.EnumDeclaration): Value {
  let next = 0;
  const entries = node.members.flatMap((member) => {
    const key = propertyName(member.name);
    const value: Value = member.initializer ? valueOf(core, member.initializer) : { kind: 'number', value: next };
    next = value.kind === 'number' ? value.value + 1 : next + 1;
    return key === undefined ? [] : [{ key, value }];
  });
  return { kind: 'object', entries, isOpen: false };
}

function expressionFact(core: Core, name: string, expression: TypeScript.Expression): ExportFact {
  const inner = strip(expression);
  if (ts.isIdentifier(inner)) {
    const binding = core.scopes.lookup(inner.text, inner);
    if (binding?.kind === 'class') {
      const id = core.scopes.classId(binding.node);
      if (id !== undefined) return { name, kind: 'class', class: id };
    }
    if (binding?.kind === 'enum' && ts.isEnumDeclaration(binding.node)) return { name, kind: 'value', value: enumObject(core, binding.node) };
    const entity = binding && bindingEntity(core, binding);
    if (entity?.kind === 'project' && binding?.kind === 'import') return { name, kind: 'reexport', module: entity.module, imported: entity.path[0] ?? '*' };
  }
  if (ts.isClassExpression(inner)) {
    const id = core.scopes.classId(inner);
    if (id !== undefined) return { name, kind: 'class', class: id };
  }
  const entity: Entity = entityOf(core, inner);
  if (entity.kind === 'client' && entity.path.length === 0) return { name, kind: 'client', client: entity.client };
  if (entity.kind === 'function') return { name, kind: 'function', id: entity.id };
  const value = valueOf(core, inner);
  if (value.kind !== 'unknown' && value.kind !== 'made' && value.kind !== 'reference') return { name, kind: 'value', value };
  return isUseful(entity) ? { name, kind: 'entity', entity } : value.kind === 'unknown' ? { name, kind: 'other' } : { name, kind: 'value', value };
}

function commonExports(core: Core, node: TypeScript.BinaryExpression): ExportFact[] {
  if (node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return [];
  const target = strip(node.left, false);
  if (isExports(target)) return [...propertyExports(core, node.right), expressionFact(core, 'default', node.right)];
  if (!ts.isPropertyAccessExpression(target)) return [];
  const base = strip(target.expression, false);
  const isNamed = isExports(base) || (ts.isIdentifier(base) && base.text === 'exports');
  // `exports = module.exports = …` is handled by the inner assignment.
  return isNamed && memberName(target) !== undefined ? [expressionFact(core, target.name.text, node.right)] : [];
}

function propertyExports(core: Core, expression: TypeScript.Expression): ExportFact[] {
  const inner = strip(expression);
  if (!ts.isObjectLiteralExpression(inner)) return [];
  return inner.properties.flatMap((property): ExportFact[] => {
    const name = propertyName(property.name);
    if (name === undefined) return [];
    if (ts.isPropertyAssignment(property)) return [expressionFact(core, name, property.initializer)];
    if (ts.isShorthandPropertyAssignment(property)) return [expressionFact(core, name, property.name)];
    const id = core.scopes.functionId(property);
    return id === undefined ? [] : [{ name, kind: 'function', id }];
  });
}

/** An environment variable that an access reads; undefined for any other node. */
export function environmentFact(core: Core, node: TypeScript.Node): CodeFacts['environment'][number] | undefined {
  const name = memberName(node);
  if (name === undefined || !(ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) || !isEnvironment(core, strip(node.expression))) return undefined;
  const parent = node.parent;
  const isFallback = ts.isBinaryExpression(parent) && parent.left === node && (parent.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken || parent.operatorToken.kind === ts.SyntaxKind.BarBarToken);
  const fallback = isFallback ? valueOf(core, parent.right) : undefined;
  return { name, ...(fallback && fallback.kind !== 'unknown' ? { fallback } : {}), span: [node.getStart(core.sourceFile), node.end] };
}
