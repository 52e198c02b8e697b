// Fields, methods and statics of a class: what each holds.

import { clientOfClass } from './clients';
import { UNKNOWN_ENTITY, type Core } from './core';
import type { ClassFact } from './facts';
import type { Entity } from './values';
import { withToken } from './injection';
import { memberOf } from './member';
import { cataloguedOf, entityOf, isNothing, isUseful, writtenValue } from './resolve';
import { writeOf } from './scope';
import { hasModifier, propertyName } from './syntax';
import { heritageEntity, typeEntity } from './type-entity';
import { ts, type TypeScript } from './typescript';

/** What `this.name` holds in a class: a method, a field by its value or declared type, a constructor parameter, or a member of a catalogued base. Undefined = no such member is written in this class. */
export function fieldEntity(core: Core, owner: TypeScript.ClassLikeDeclaration, name: string, hops = 0): Entity | undefined {
  let declared: Entity | undefined;
  for (const member of owner.members) {
    if (ts.isConstructorDeclaration(member)) {
      for (const parameter of member.parameters) {
        if (ts.isIdentifier(parameter.name) && parameter.name.text === name && isProperty(parameter)) declared ??= parameterProperty(core, parameter);
      }
      continue;
    }
    if (hasModifier(member, ts.SyntaxKind.StaticKeyword) || propertyName(member.name) !== name) continue;
    if (ts.isMethodDeclaration(member)) {
      const id = core.scopes.functionId(member);
      // An overload has no body; the implementation comes after it.
      if (member.body && id !== undefined) return { kind: 'function', id };
    } else if (ts.isGetAccessorDeclaration(member)) {
      const id = core.scopes.functionId(member);
      return id === undefined ? UNKNOWN_ENTITY : { kind: 'result', of: { kind: 'function', id }, path: [] };
    } else if (ts.isPropertyDeclaration(member)) {
      const value = member.initializer && !isNothing(member.initializer) ? entityOf(core, member.initializer) : undefined;
      if (value && isUseful(value)) return value;
      declared ??= withToken(core, member, (member.type && typeEntity(core, member.type)) ?? value);
    }
  }
  const written = core.scopes
    .thisMembers(owner, name)
    .flatMap((use) => {
      const write = writeOf(use);
      return write ? writtenValue(write) : [];
    })
    .slice(0, 8)
    .map((value) => entityOf(core, value));
  const best = written.find((entity) => entity.kind === 'client') ?? written.find(isUseful);
  // A member of an interface says no more than the library's type that the field is declared with.
  if (best?.kind === 'typed-project' && declared && cataloguedOf(core, declared)) return declared;
  if (best) return best;
  if (declared) return declared;
  const weak = written[0];
  if (weak) return weak;
  const client = clientOfClass(core, owner);
  if (client !== undefined) return memberOf({ kind: 'client', client, path: [] }, name);
  const base = hops < 5 ? localBase(core, owner) : undefined;
  return base && base !== owner ? fieldEntity(core, base, name, hops + 1) : undefined;
}

/** What a class extends, as it is written. */
export function extendedOf(owner: TypeScript.ClassLikeDeclaration): TypeScript.ExpressionWithTypeArguments | undefined {
  return owner.heritageClauses?.find((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
}

function localBase(core: Core, owner: TypeScript.ClassLikeDeclaration): TypeScript.ClassLikeDeclaration | undefined {
  const base = extendedOf(owner)?.expression;
  const binding = base && ts.isIdentifier(base) ? core.scopes.lookup(base.text, base) : undefined;
  return binding?.kind === 'class' && ts.isClassLike(binding.node) ? binding.node : undefined;
}

/** What `Class.name` holds. */
export function staticMember(core: Core, owner: TypeScript.ClassLikeDeclaration, name: string): Entity | undefined {
  for (const member of owner.members) {
    if (propertyName(member.name) !== name || !hasModifier(member, ts.SyntaxKind.StaticKeyword)) continue;
    if (ts.isPropertyDeclaration(member)) {
      if (member.initializer && !isNothing(member.initializer)) return entityOf(core, member.initializer);
      return staticWrite(core, owner, name) ?? (member.type && typeEntity(core, member.type));
    }
    const id = core.scopes.functionId(member);
    if (id === undefined) return undefined;
    return ts.isGetAccessorDeclaration(member) ? { kind: 'result', of: { kind: 'function', id }, path: [] } : { kind: 'function', id };
  }
  return undefined;
}

function staticWrite(core: Core, owner: TypeScript.ClassLikeDeclaration, name: string): Entity | undefined {
  const className = owner.name?.text;
  const uses = className === undefined ? [] : core.scopes.identifiers(className);
  for (const access of [...uses.map((use) => use.parent), ...core.scopes.thisMembers(owner, name)]) {
    if (!ts.isPropertyAccessExpression(access) || access.name.text !== name) continue;
    const write = writeOf(access);
    const value = write ? writtenValue(write)[0] : undefined;
    if (value) return entityOf(core, value);
  }
  return undefined;
}

function isProperty(parameter: TypeScript.ParameterDeclaration): boolean {
  return ts.getModifiers(parameter)?.length !== undefined && (ts.getModifiers(parameter)?.length ?? 0) > 0;
}

function parameterProperty(core: Core, parameter: TypeScript.ParameterDeclaration): Entity | undefined {
  return withToken(core, parameter, (parameter.type && typeEntity(core, parameter.type)) ?? (parameter.initializer ? entityOf(core, parameter.initializer) : undefined)) ?? UNKNOWN_ENTITY;
}

/** The fact of one class: fields that hold something known, methods, and what it extends. */
export function classFact(core: Core, owner: TypeScript.ClassLikeDeclaration, id: number): ClassFact {
  const fields: Record<string, Entity> = {};
  const methods: Record<string, number> = {};
  for (const member of owner.members) {
    const names = ts.isConstructorDeclaration(member)
      ? member.parameters.flatMap((parameter) => (isProperty(parameter) && ts.isIdentifier(parameter.name) ? [parameter.name.text] : []))
      : [propertyName(member.name) ?? ''];
    const isStatic = hasModifier(member, ts.SyntaxKind.StaticKeyword);
    for (const name of names) {
      if (name === '' || name === '__proto__') continue;
      const entity = isStatic ? staticMember(core, owner, name) : fieldEntity(core, owner, name);
      if (entity?.kind === 'function') methods[name] = entity.id;
      else if (entity && isUseful(entity)) fields[name] = entity;
    }
  }
  const base = extendedOf(owner);
  const client = clientOfClass(core, owner);
  const isLocal = localBase(core, owner) !== undefined;
  const parent: Entity | undefined = client !== undefined ? { kind: 'client', client, path: [] } : base ? (isLocal ? heritageEntity(core, base) : entityOf(core, base.expression)) : undefined;
  const promised = owner.heritageClauses?.find((clause) => clause.token === ts.SyntaxKind.ImplementsKeyword)?.types.flatMap((type) => heritageEntity(core, type) ?? []) ?? [];
  return {
    id,
    ...(owner.name ? { name: owner.name.text } : {}),
    fields,
    methods,
    ...(parent && parent.kind !== 'unknown' ? { extends: parent } : {}),
    ...(promised.length > 0 ? { implements: promised } : {}),
    ...(hasModifier(owner, ts.SyntaxKind.AbstractKeyword) ? { isAbstract: true } : {}),
  };
}
