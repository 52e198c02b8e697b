// What an expression is: follows bindings, members, classes, constructs and local factories inside one file.

import { cataloguedEntity, constructAt, resultPlace, RETURNS_RECEIVER, type Catalogued } from './catalogued';
import { clientOfClass, clientOfCall } from './clients';
import { UNKNOWN_ENTITY, type Core } from './core';
import { declaredOf } from './declared';
import type { Entity } from './values';
import { extendedOf, fieldEntity, staticMember } from './class-members';
import { memberOf, moduleEntity } from './member';
import { givenMember, isDefaulting, parameterNodeEntity } from './parameters';
import { shapeMember } from './shapes';
import { isMapRead, mapValue } from './map-values';
import { globalMember, literalOf, propertyEntity } from './object-members';
import { classOf, type Binding } from './scope';
import { argumentsOf, isAccess, isCallNode, isFunctionNode, memberName, propertyName, strip, type CallNode } from './syntax';
import { heritageEntity, typeEntity } from './type-entity';
import { spanKey } from './type-source';
import { ts, type TypeScript } from './typescript';

/** What an expression is. Parentheses, `await`, `as` and `!` count for nothing. Each node is worked out once. */
export function entityOf(core: Core, expression: TypeScript.Expression): Entity {
  const node = strip(expression);
  const known = core.entities.get(node);
  if (known) return known;
  if (core.pending.has(node) || core.pending.size > 200) return UNKNOWN_ENTITY;
  core.pending.add(node);
  const entity = core.types?.get(spanKey([node.getStart(core.sourceFile), node.end])) ?? resolveNode(core, node);
  core.pending.delete(node);
  core.entities.set(node, entity);
  return entity;
}

/** What the catalogue says of an entity, clients of this file included. */
export function cataloguedOf(core: Core, entity: Entity): Catalogued | undefined {
  if (entity.kind === 'result') {
    const callee = cataloguedOf(core, entity.of);
    const declared = declaredOf(entity);
    return (callee && resultPlace(callee, entity.path)) ?? (declared && cataloguedEntity(core.catalog, declared));
  }
  if (entity.kind !== 'client') return cataloguedEntity(core.catalog, entity);
  const made = core.clients[entity.client];
  if (!made) return undefined;
  const place = cataloguedOf(core, made.fact.entity);
  const construct = place && constructAt(place, made.fact.form === 'new');
  return place && construct && { library: place.library, instance: construct.instance, path: entity.path };
}

function resolveNode(core: Core, node: TypeScript.Expression): Entity {
  if (ts.isIdentifier(node)) return identifierEntity(core, node);
  if (node.kind === ts.SyntaxKind.ThisKeyword) return thisEntity(core, node);
  if (node.kind === ts.SyntaxKind.SuperKeyword) return superEntity(core, node);
  if (isAccess(node)) {
    const name = memberName(node);
    return name === undefined ? UNKNOWN_ENTITY : accessEntity(core, node.expression, name);
  }
  if (isCallNode(node)) return callEntity(core, node);
  if (isFunctionNode(node)) {
    const id = core.scopes.functionId(node);
    return id === undefined ? UNKNOWN_ENTITY : { kind: 'function', id };
  }
  if (ts.isBinaryExpression(node)) return binaryEntity(core, node);
  if (ts.isConditionalExpression(node)) return firstKnown(core, [node.whenTrue, node.whenFalse]);
  if (ts.isClassExpression(node)) return UNKNOWN_ENTITY;
  return UNKNOWN_ENTITY;
}

// `a = new X()` is what it assigns; `a ?? new X()` and `a || new X()` (singletons) are what is known of either side.
function binaryEntity(core: Core, node: TypeScript.BinaryExpression): Entity {
  switch (node.operatorToken.kind) {
    case ts.SyntaxKind.EqualsToken:
    case ts.SyntaxKind.CommaToken:
    case ts.SyntaxKind.AmpersandAmpersandToken:
      return entityOf(core, node.right);
    case ts.SyntaxKind.QuestionQuestionEqualsToken:
    case ts.SyntaxKind.BarBarEqualsToken:
    case ts.SyntaxKind.QuestionQuestionToken:
    case ts.SyntaxKind.BarBarToken:
      return firstKnown(core, [node.right, node.left]);
    default:
      return UNKNOWN_ENTITY;
  }
}

function firstKnown(core: Core, nodes: readonly TypeScript.Expression[]): Entity {
  let weak: Entity = UNKNOWN_ENTITY;
  for (const node of nodes) {
    const entity = entityOf(core, node);
    if (entity.kind === 'client' || entity.kind === 'typed') return entity;
    if (weak.kind === 'unknown') weak = entity;
  }
  return weak;
}

function identifierEntity(core: Core, node: TypeScript.Identifier): Entity {
  const binding = core.scopes.lookup(node.text, node);
  if (!binding) return node.text === 'undefined' ? UNKNOWN_ENTITY : { kind: 'global', name: node.text, path: [] };
  return bindingEntity(core, binding);
}

/** What a binding holds. */
export function bindingEntity(core: Core, binding: Binding): Entity {
  const node = binding.node;
  switch (binding.kind) {
    case 'import':
      return importEntity(core, node);
    case 'function': {
      const id = core.scopes.functionId(node);
      return id === undefined ? UNKNOWN_ENTITY : { kind: 'function', id };
    }
    case 'parameter':
      return parameterEntity(core, node, binding);
    case 'variable':
      return variableEntity(core, binding);
    default:
      return UNKNOWN_ENTITY;
  }
}

function importEntity(core: Core, node: TypeScript.Node): Entity {
  if (ts.isImportEqualsDeclaration(node)) {
    const reference = node.moduleReference;
    return ts.isExternalModuleReference(reference) && ts.isStringLiteralLike(reference.expression) ? moduleOf(core, reference.expression.text) : UNKNOWN_ENTITY;
  }
  const declaration = ts.findAncestor(node, ts.isImportDeclaration);
  if (!declaration || !ts.isStringLiteralLike(declaration.moduleSpecifier)) return UNKNOWN_ENTITY;
  const module = moduleOf(core, declaration.moduleSpecifier.text);
  if (ts.isImportSpecifier(node)) return memberOf(module, (node.propertyName ?? node.name).text);
  if (ts.isImportClause(node)) return memberOf(module, 'default');
  return module;
}

/** A module by its specifier. */
export function moduleOf(core: Core, specifier: string): Entity {
  return moduleEntity(specifier, core.catalog.library(specifier) !== undefined);
}

function variableEntity(core: Core, binding: Binding): Entity {
  const node = binding.node;
  if (ts.isBindingElement(node)) return elementEntity(core, node);
  if (!ts.isVariableDeclaration(node)) return UNKNOWN_ENTITY;
  const values = [...(node.initializer && !isNothing(node.initializer) ? [node.initializer] : []), ...core.scopes.writes(binding).flatMap(writtenValue)];
  // Several values: all known ones must be one kind of thing, of which the first stands for the rest (`if (url) c = new A(url); else c = new A()`).
  const first = values[0];
  const entity = values.length === 0 || first === undefined ? UNKNOWN_ENTITY : values.length === 1 ? entityOf(core, first) : commonEntity(core, values);
  if (!node.type) return entity;
  const declared = isUseful(entity) && entity.kind !== 'result' ? undefined : typeEntity(core, node.type);
  if (!isUseful(entity)) return declared ?? entity;
  if (entity.kind === 'typed-project') {
    const library = typeEntity(core, node.type);
    return library && cataloguedOf(core, library) ? library : entity;
  }
  return entity.kind === 'result' && declared?.kind === 'typed' && cataloguedOf(core, declared) ? { ...entity, declared: { package: declared.package, type: declared.type, depth: entity.path.length } } : entity;
}

function commonEntity(core: Core, values: readonly TypeScript.Expression[]): Entity {
  // A look-up in a map gives what was put into it, which may be what is worked out here.
  const entities = values.slice(0, 8).flatMap((value) => {
    const entity = entityOf(core, value);
    return entity.kind === 'unknown' && isMapRead(core, value) ? [] : [entity];
  });
  const first = entities[0];
  if (!first) return UNKNOWN_ENTITY;
  const place = cataloguedOf(core, first);
  const agree = entities.every((entity) => {
    if (JSON.stringify(entity) === JSON.stringify(first)) return true;
    const other = cataloguedOf(core, entity);
    return entity.kind === 'client' && first.kind === 'client' && place !== undefined && other !== undefined && other.library === place.library && other.instance === place.instance;
  });
  return agree ? first : UNKNOWN_ENTITY;
}

/** Every client that a variable may hold, as indexes into `clients`: `let c; if (cluster) c = createCluster(…); else c = createClient(…)`. */
export function clientsOfVariable(core: Core, node: TypeScript.Expression): number[] {
  const inner = strip(node);
  const binding = ts.isIdentifier(inner) ? core.scopes.lookup(inner.text, inner) : undefined;
  if (binding?.kind !== 'variable' || !ts.isVariableDeclaration(binding.node)) return [];
  const { initializer } = binding.node;
  const written = core.scopes.writes(binding).flatMap(writtenValue);
  // With one value the name itself says what it is.
  if (written.length + (initializer ? 1 : 0) < 2) return [];
  const values = [...(initializer ? [initializer] : []), ...written].slice(0, 8);
  return values.map((value) => entityOf(core, value)).flatMap((entity) => (entity.kind === 'client' && entity.path.length === 0 ? [entity.client] : []));
}

/** The expression that a write gives, where it is a plain assignment of something. */
export function writtenValue(write: TypeScript.Node): TypeScript.Expression[] {
  if (!ts.isBinaryExpression(write)) return [];
  const kind = write.operatorToken.kind;
  const plain = kind === ts.SyntaxKind.EqualsToken || kind === ts.SyntaxKind.QuestionQuestionEqualsToken || kind === ts.SyntaxKind.BarBarEqualsToken;
  return plain && !isNothing(write.right) && !ts.isArrayLiteralExpression(write.left) && !ts.isObjectLiteralExpression(strip(write.left)) ? [write.right] : [];
}

/** `null`, `undefined`, `void 0`: a place that is filled later. */
export function isNothing(node: TypeScript.Expression): boolean {
  const inner = strip(node);
  return inner.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(inner) && inner.text === 'undefined') || ts.isVoidExpression(inner);
}

/** Something that the link or the catalogue can say more about. */
export function isUseful(entity: Entity): boolean {
  return entity.kind !== 'unknown' && entity.kind !== 'parameter' && !(entity.kind === 'result' && entity.of.kind !== 'project' && entity.of.kind !== 'function' && entity.of.kind !== 'typed-project');
}

// `const { get } = require('x')`, `const { http: { client } } = clients`, `const [a] = [new X()]`.
function elementEntity(core: Core, node: TypeScript.BindingElement): Entity {
  const pattern = node.parent;
  const owner = pattern.parent;
  if (node.dotDotDotToken) return UNKNOWN_ENTITY;
  if (ts.isArrayBindingPattern(pattern)) {
    const list = ts.isVariableDeclaration(owner) && owner.initializer ? strip(owner.initializer) : undefined;
    const item = list && ts.isArrayLiteralExpression(list) ? list.elements[pattern.elements.indexOf(node)] : undefined;
    return item && !ts.isSpreadElement(item) ? entityOf(core, item) : UNKNOWN_ENTITY;
  }
  const name = propertyName(node.propertyName) ?? (ts.isIdentifier(node.name) ? node.name.text : undefined);
  if (name === undefined) return UNKNOWN_ENTITY;
  if (ts.isBindingElement(owner)) return knownMember(core, elementEntity(core, owner), name);
  if (ts.isVariableDeclaration(owner)) return owner.initializer ? accessEntity(core, owner.initializer, name) : UNKNOWN_ENTITY;
  return givenMember(core, owner, name) ?? knownMember(core, parameterNodeEntity(core, owner), name);
}

function parameterEntity(core: Core, node: TypeScript.Node, binding: Binding): Entity {
  if (ts.isBindingElement(node)) return elementEntity(core, node);
  // A parameter that is given a new value is no longer what the caller gave.
  if (core.scopes.writes(binding).some((write) => !isDefaulting(write))) return UNKNOWN_ENTITY;
  return ts.isParameter(node) ? parameterNodeEntity(core, node) : UNKNOWN_ENTITY;
}

function thisEntity(core: Core, node: TypeScript.Node): Entity {
  const owner = classOf(node);
  if (!owner) return UNKNOWN_ENTITY;
  const base = clientOfClass(core, owner);
  if (base !== undefined) return { kind: 'client', client: base, path: [] };
  return owner.name ? { kind: 'typed-project', module: '', type: [owner.name.text], path: [] } : UNKNOWN_ENTITY;
}

// `super.save()`: what the class that is extended says of it.
function superEntity(core: Core, node: TypeScript.Node): Entity {
  const owner = classOf(node);
  const base = owner && extendedOf(owner);
  if (!owner || !base || clientOfClass(core, owner) !== undefined) return UNKNOWN_ENTITY;
  return heritageEntity(core, base) ?? UNKNOWN_ENTITY;
}

const GLOBAL_NAMES: ReadonlySet<string> = new Set(['globalThis', 'global']);

/** What `base.name` is: a field of a class, a property of an object literal, else the member of what `base` is. */
export function accessEntity(core: Core, base: TypeScript.Expression, name: string): Entity {
  const inner = strip(base);
  if (inner.kind === ts.SyntaxKind.ThisKeyword) {
    const owner = classOf(inner);
    const field = owner && fieldEntity(core, owner, name);
    if (field) return field;
  }
  if (ts.isIdentifier(inner) && GLOBAL_NAMES.has(inner.text) && !core.scopes.lookup(inner.text, inner)) {
    const kept = globalMember(core, inner.text, name);
    if (kept) return kept;
  }
  const literal = literalOf(core, inner);
  if (literal) return propertyEntity(core, literal, name);
  const owner = classNamed(core, inner);
  if (owner) return staticMember(core, owner, name) ?? UNKNOWN_ENTITY;
  return knownMember(core, entityOf(core, inner), name);
}

// A member of a value whose class, interface or object type stands in this file; else what the link makes of the name.
function knownMember(core: Core, entity: Entity, name: string): Entity {
  if (entity.kind === 'typed-project' && entity.module === '' && entity.path.length === 0) {
    const local = core.scopes.classes.find((candidate) => candidate.name?.text === entity.type[0]);
    const member = local ? fieldEntity(core, local, name) : shapeMember(core, entity, name);
    if (member) return member;
  }
  return memberOf(entity, name);
}

function classNamed(core: Core, node: TypeScript.Expression): TypeScript.ClassLikeDeclaration | undefined {
  if (!ts.isIdentifier(node)) return undefined;
  const binding = core.scopes.lookup(node.text, node);
  return binding?.kind === 'class' && ts.isClassLike(binding.node) ? binding.node : undefined;
}

function callEntity(core: Core, node: CallNode): Entity {
  if (ts.isTaggedTemplateExpression(node)) return { kind: 'result', of: entityOf(core, node.tag), path: [] };
  const callee = strip(node.expression, false);
  const first = node.arguments?.[0];
  if (ts.isCallExpression(node) && first && ts.isStringLiteralLike(first)) {
    const isRequire = ts.isIdentifier(callee) && callee.text === 'require' && core.scopes.lookup('require', callee) === undefined;
    if (isRequire || callee.kind === ts.SyntaxKind.ImportKeyword) return moduleOf(core, first.text);
  }
  const client = clientOfCall(core, node);
  if (client !== undefined) return { kind: 'client', client, path: [] };
  if (ts.isNewExpression(node)) return newEntity(core, node, callee);
  const called = entityOf(core, callee);
  const name = memberName(callee);
  if (isAccess(callee) && name !== undefined) {
    const receiver = entityOf(core, callee.expression);
    if ((receiver.kind === 'client' || receiver.kind === 'typed') && RETURNS_RECEIVER.has(name)) return receiver;
    if (name === 'bind') return receiver;
  }
  if (first && isTransparent(called)) return entityOf(core, first);
  const kept = mapValue(core, callee);
  if (kept) return kept;
  if (called.kind === 'function') return returnedEntity(core, called.id) ?? { kind: 'result', of: called, path: [], ...givenFunctions(core, node) };
  return called.kind === 'unknown' ? UNKNOWN_ENTITY : { kind: 'result', of: called, path: [], ...(called.kind === 'project' || called.kind === 'typed-project' ? givenFunctions(core, node) : {}) };
}

// Functions handed to a call, by index.
function givenFunctions(core: Core, node: CallNode): { given?: Readonly<Record<number, Entity>> } {
  const found: Record<number, Entity> = {};
  for (const [index, argument] of argumentsOf(node).slice(0, 4).entries()) {
    if (!ts.isIdentifier(argument) && !isFunctionNode(argument)) continue;
    const entity = entityOf(core, argument);
    if (entity.kind === 'function' || entity.kind === 'project') found[index] = entity;
  }
  return Object.keys(found).length > 0 ? { given: found } : {};
}

// `promisify(exec)` is `exec` with another way to hand over the result.
function isTransparent(entity: Entity): boolean {
  return entity.kind === 'package' && /^(node:)?util$/.test(entity.package) && entity.path[0] === 'promisify';
}

function newEntity(core: Core, node: TypeScript.NewExpression, callee: TypeScript.Expression): Entity {
  const owner = classNamed(core, callee);
  if (owner) {
    const base = clientOfClass(core, owner);
    if (base !== undefined) return { kind: 'client', client: base, path: [] };
    return { kind: 'typed-project', module: '', type: [owner.name?.text ?? ''], path: [] };
  }
  const called = entityOf(core, node.expression);
  if (called.kind === 'project') return { kind: 'typed-project', module: called.module, type: called.path, path: [] };
  if (called.kind === 'package') return { kind: 'typed', package: called.package, type: called.path, path: [] };
  return called.kind === 'unknown' ? UNKNOWN_ENTITY : { kind: 'result', of: called, path: [] };
}

/** What a function of this file gives where all that it returns is one known thing. */
export function returnedEntity(core: Core, id: number): Entity | undefined {
  const node = core.scopes.functions[id];
  if (!node?.body) return undefined;
  const values = ts.isBlock(node.body) ? returnsOf(node.body) : [node.body];
  if (values.length === 0 || values.length > 6) return undefined;
  const entity = values.length === 1 && values[0] ? entityOf(core, values[0]) : commonEntity(core, values);
  return entity.kind === 'client' || entity.kind === 'typed' || entity.kind === 'typed-project' || (entity.kind === 'result' && entity.of.kind === 'project') ? entity : undefined;
}

/** The returned expressions of a block, those of inner functions left out. Bare `return` and `return null` count for nothing. Linear in the block. */
export function returnsOf(block: TypeScript.Node): TypeScript.Expression[] {
  const found: TypeScript.Expression[] = [];
  const visit = (node: TypeScript.Node): void => {
    if (isFunctionNode(node) || ts.isClassLike(node)) return;
    if (ts.isReturnStatement(node)) {
      if (node.expression && !isNothing(node.expression)) found.push(node.expression);
      return;
    }
    if (!ts.isExpression(node)) ts.forEachChild(node, visit);
  };
  ts.forEachChild(block, visit);
  return found;
}
