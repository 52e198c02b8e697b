// Interfaces and object types of a file: what their members are declared as, and their facts for other files.

import { UNKNOWN_ENTITY, type Core, type Shape } from './core';
import type { TypeFact } from './facts';
import type { Entity } from './values';
import { memberOf } from './member';
import { propertyName } from './syntax';
import { heritageEntity, isMethod, typeEntity } from './type-entity';
import { ts, type TypeScript } from './typescript';

const MAX_MEMBERS = 200;

/** The entity of a value of such a type. The type is remembered by the name of its fact. */
export function shapeEntity(core: Core, shape: Shape): Entity {
  const name = shapeName(shape);
  core.shapes.set(name, shape);
  return { kind: 'typed-project', module: '', type: [name], path: [] };
}

function shapeName(shape: Shape): string {
  return ts.isInterfaceDeclaration(shape) ? shape.name.text : `{${shape.pos}}`;
}

/** Whether some member of a type is declared with a type that leads somewhere. */
export function isLeading(core: Core, shape: TypeScript.InterfaceDeclaration | TypeScript.TypeLiteralNode, hops: number): boolean {
  const known = core.leading.get(shape);
  if (known !== undefined) return known;
  core.leading.set(shape, false);
  const leads = shape.members.slice(0, MAX_MEMBERS).some((member) => declaredMember(core, member, hops + 1) !== undefined);
  core.leading.set(shape, leads);
  return leads;
}

// The type that a property is declared with; undefined for one of a plain value and for methods.
function declaredMember(core: Core, member: TypeScript.TypeElement, hops: number): Entity | undefined {
  return ts.isPropertySignature(member) && member.type && !ts.isFunctionTypeNode(member.type) ? typeEntity(core, member.type, hops) : undefined;
}

/** What `value.name` is, where the type of the value is one of this file; undefined where it is not. */
export function shapeMember(core: Core, entity: Entity, name: string, hops = 0): Entity | undefined {
  if (entity.kind !== 'typed-project' || entity.module !== '' || entity.path.length > 0 || hops > 6) return undefined;
  const shape = core.shapes.get(entity.type[0] ?? '');
  if (!shape) return undefined;
  if (ts.isIntersectionTypeNode(shape)) return memberOfBases(core, entity, basesOf(core, shape), name, hops);
  for (const member of shape.members) {
    if (propertyName(member.name) !== name) continue;
    return isMethod(member) ? memberOf(entity, name) : (declaredMember(core, member, 0) ?? UNKNOWN_ENTITY);
  }
  return memberOfBases(core, entity, basesOf(core, shape), name, hops);
}

// The first base in this file that has it; else that of the only one that another file may know, or whatever the link finds among several.
function memberOfBases(core: Core, owner: Entity, bases: readonly Entity[], name: string, hops: number): Entity {
  const elsewhere: Entity[] = [];
  for (const base of bases) {
    const known = base.kind === 'typed-project' && base.module === '' ? shapeMember(core, base, name, hops + 1) : undefined;
    if (known && known.kind !== 'unknown') return known;
    if (!known) elsewhere.push(base);
  }
  const only = elsewhere[0];
  return only ? memberOf(elsewhere.length === 1 ? only : owner, name) : UNKNOWN_ENTITY;
}

function basesOf(core: Core, shape: Shape): Entity[] {
  if (ts.isIntersectionTypeNode(shape)) return shape.types.slice(0, 12).flatMap((type) => typeEntity(core, type, 1) ?? []);
  if (ts.isTypeLiteralNode(shape)) return [];
  return (shape.heritageClauses ?? []).flatMap((clause) => clause.types.flatMap((base) => (heritageEntity(core, base) ?? [])));
}

/** The facts of the types that a file declares at its top, and of those without a name that a value was seen with. */
export function typeFacts(core: Core): TypeFact[] {
  const facts: TypeFact[] = [];
  for (const statement of core.sourceFile.statements) {
    if (ts.isTypeAliasDeclaration(statement)) {
      const of = typeEntity(core, statement.type);
      if (of) facts.push({ name: statement.name.text, of });
    } else if (ts.isInterfaceDeclaration(statement)) {
      const fact = shapeFact(core, statement);
      if (fact.members || fact.extends || statement.members.some(isMethod)) facts.push(fact);
      if (isDefault(statement)) facts.push({ name: 'default', of: shapeEntity(core, statement) });
    } else if (ts.isExportAssignment(statement) && ts.isIdentifier(statement.expression)) {
      const type = core.scopes.lookupType(statement.expression.text, statement)?.node;
      if (type && ts.isInterfaceDeclaration(type)) facts.push({ name: 'default', of: shapeEntity(core, type) });
      else if (type && ts.isTypeAliasDeclaration(type)) facts.push({ name: 'default', of: { kind: 'typed-project', module: '', type: [type.name.text], path: [] } });
    }
  }
  const isNamed = new Set(facts.map(({ name }) => name));
  // Reading a fact may meet further types.
  for (const [name, shape] of core.shapes) {
    if (!isNamed.has(name)) facts.push(shapeFact(core, shape));
  }
  return facts;
}

function shapeFact(core: Core, shape: Shape): TypeFact {
  const members: Record<string, Entity> = {};
  if (!ts.isIntersectionTypeNode(shape)) {
    for (const member of shape.members.slice(0, MAX_MEMBERS)) {
      const name = propertyName(member.name);
      const entity = name === undefined || name === '__proto__' ? undefined : declaredMember(core, member, 0);
      if (name !== undefined && entity) members[name] = entity;
    }
  }
  const bases = basesOf(core, shape);
  return { name: shapeName(shape), ...(Object.keys(members).length > 0 ? { members } : {}), ...(bases.length > 0 ? { extends: bases } : {}) };
}

function isDefault(node: TypeScript.InterfaceDeclaration): boolean {
  return ts.getModifiers(node)?.some((modifier) => modifier.kind === ts.SyntaxKind.DefaultKeyword) ?? false;
}
