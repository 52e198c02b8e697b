// How a file calls what it imports: an expression for an export of a library, through a namespace or name that stands there, or an import that is to be added.

import { libraryMember, snakeCase } from '../infrastructure/libraries';
import type { Entity } from '../values';
import { ts, type TypeScript } from '../typescript';
import type { Document } from './document';

/** A name of a file that an import declares, and what of which module it is; `imported` absent = the whole module. */
export interface ModuleName {
  readonly local: string;
  readonly module: string;
  readonly imported?: string;
}

/** The imports of a file, types left out. */
export function namesIn({ source }: Document): ModuleName[] {
  return source.statements.flatMap((statement): ModuleName[] => {
    if (ts.isImportDeclaration(statement) && ts.isStringLiteral(statement.moduleSpecifier)) return ofClause(statement.importClause, statement.moduleSpecifier.text);
    if (ts.isImportEqualsDeclaration(statement) && ts.isExternalModuleReference(statement.moduleReference) && ts.isStringLiteralLike(statement.moduleReference.expression)) return [{ local: statement.name.text, module: statement.moduleReference.expression.text }];
    return ts.isVariableStatement(statement) ? statement.declarationList.declarations.flatMap(ofRequire) : [];
  });
}

function ofClause(clause: TypeScript.ImportClause | undefined, module: string): ModuleName[] {
  if (!clause || clause.isTypeOnly) return [];
  const bindings = clause.namedBindings;
  const own = clause.name ? [{ local: clause.name.text, module }] : [];
  if (!bindings) return own;
  if (ts.isNamespaceImport(bindings)) return [...own, { local: bindings.name.text, module }];
  return [...own, ...bindings.elements.flatMap((element) => (element.isTypeOnly ? [] : [{ local: element.name.text, module, imported: (element.propertyName ?? element.name).text }]))];
}

function ofRequire({ name, initializer }: TypeScript.VariableDeclaration): ModuleName[] {
  const specifier = initializer && ts.isCallExpression(initializer) && ts.isIdentifier(initializer.expression) && initializer.expression.text === 'require' ? initializer.arguments[0] : undefined;
  if (!specifier || !ts.isStringLiteralLike(specifier)) return [];
  if (ts.isIdentifier(name)) return [{ local: name.text, module: specifier.text }];
  if (!ts.isObjectBindingPattern(name)) return [];
  return name.elements.flatMap((element) => (ts.isIdentifier(element.name) ? [{ local: element.name.text, module: specifier.text, imported: element.propertyName && ts.isIdentifier(element.propertyName) ? element.propertyName.text : element.name.text }] : []));
}

/** The shortest way to say `path` of `module` with the names of the file; `wanted` = what has to be imported for it. */
export function expressionOf(document: Document, names: readonly ModuleName[], module: string, path: readonly string[]): { readonly text: string; readonly wanted?: { readonly module: string; readonly name: string } } {
  const aim = keyOf(module, path);
  let best: string | undefined;
  for (const { local, module: from, imported } of names) {
    const start = keyOf(from, imported === undefined ? [] : [imported]);
    const rest = aim.length >= start.length && start.every((part, index) => part === aim[index]) ? aim.slice(start.length) : undefined;
    // The old library has its services in packages of their own; inside the new one they are spelled with `_`.
    if (!rest || (from === '@aws-cdk/core' && rest[0]?.includes('-'))) continue;
    const said = [local, ...rest.map((part) => (part.includes('-') ? part.replaceAll('-', '_') : camelCase(part)))].filter((part) => part !== '').join('.');
    if (best === undefined || said.length < best.length) best = said;
  }
  if (best !== undefined) return { text: best };
  const [name = ''] = path;
  const generated = names.map((one) => /^(.*\.gen\/providers\/[\w-]+\/)[\w-]+$/.exec(one.module)?.[1]).find((folder) => folder !== undefined && module.startsWith(`@cdktf/provider-${folder.split('/').at(-2) ?? ''}/`));
  if (generated !== undefined) return { text: path.join('.'), wanted: { module: generated + (module.split('/').at(-1) ?? ''), name } };
  const isOld = names.some((one) => one.module.startsWith('@aws-cdk/') && !one.module.endsWith('-alpha')) && !names.some((one) => one.module.startsWith('aws-cdk-lib'));
  return { text: path.join('.'), wanted: { module: isOld ? oldModule(module) : module, name } };
}

// The module and the path as one list in which every spelling of a library is the same: `['aws-cdk-lib', 'aws-sqs', 'Queue']`.
function keyOf(module: string, path: readonly string[]): readonly string[] {
  const entity: Entity = { kind: 'package', package: module, path };
  const member = libraryMember(entity);
  if (!member) return [module, ...path];
  if (member.dialect === 'cdktf') return ['cdktf', member.module, ...member.path.map((part) => (/^[a-z]/.test(part) ? snakeCase(part) : part))];
  if (member.dialect === 'pulumi') return ['pulumi', member.module, ...member.path];
  const [library = '', service = ''] = member.module.split('/');
  return library === 'aws-cdk-lib' ? [library, ...(service === '' ? [] : [service]), ...member.path] : [member.module, ...member.path];
}

// Namespaces of cdktf providers: `sqsQueue`.
function camelCase(part: string): string {
  return part.replace(/_([a-z\d])/g, (_, letter: string) => letter.toUpperCase());
}

function oldModule(module: string): string {
  return module === 'aws-cdk-lib' ? '@aws-cdk/core' : module.replace(/^aws-cdk-lib\//, '@aws-cdk/');
}
