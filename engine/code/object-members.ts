// Members of object literals: of constants, frozen ones, and those that are filled after they are made.

import { UNKNOWN_ENTITY, type Core } from './core';
import type { Entity } from './values';
import { entityOf, writtenValue } from './resolve';
import { writeOf } from './scope';
import { isAccess, memberName, propertyName, strip } from './syntax';
import { ts, type TypeScript } from './typescript';

/** The object literal that an expression is, through constants of this file. */
export function literalOf(core: Core, expression: TypeScript.Expression): TypeScript.ObjectLiteralExpression | undefined {
  let at = strip(expression);
  for (let hops = 0; hops < 5; hops++) {
    if (ts.isObjectLiteralExpression(at)) return at;
    if (ts.isCallExpression(at) && ts.isPropertyAccessExpression(at.expression) && at.expression.name.text === 'freeze' && at.arguments[0]) {
      at = strip(at.arguments[0]);
      continue;
    }
    if (!ts.isIdentifier(at)) return undefined;
    const binding = core.scopes.lookup(at.text, at);
    const node = binding?.node;
    if (!binding || !node || !ts.isVariableDeclaration(node) || !node.initializer || core.scopes.writes(binding).length > 0) return undefined;
    at = strip(node.initializer);
  }
  return undefined;
}

/** What a property of a literal holds. */
export function propertyEntity(core: Core, literal: TypeScript.ObjectLiteralExpression, name: string): Entity {
  for (let i = literal.properties.length - 1; i >= 0; i--) {
    const property = literal.properties[i];
    if (!property) continue;
    if (ts.isSpreadAssignment(property)) return UNKNOWN_ENTITY;
    if (propertyName(property.name) !== name) continue;
    if (ts.isPropertyAssignment(property)) return entityOf(core, property.initializer);
    if (ts.isShorthandPropertyAssignment(property)) return entityOf(core, property.name);
    const id = core.scopes.functionId(property);
    return id === undefined ? UNKNOWN_ENTITY : { kind: 'function', id };
  }
  return assignedProperty(core, literal, name) ?? UNKNOWN_ENTITY;
}

/** What is written to a member of the global object: `globalThis.prisma = client`. */
export function globalMember(core: Core, owner: string, name: string): Entity | undefined {
  for (const use of core.scopes.identifiers(owner)) {
    const access = use.parent;
    if (!isAccess(access) || access.expression !== use || memberName(access) !== name) continue;
    const write = writeOf(access);
    const value = write ? writtenValue(write)[0] : undefined;
    if (value) return entityOf(core, value);
  }
  return undefined;
}

// `const db = {}; db.pool = new Pool();`
function assignedProperty(core: Core, literal: TypeScript.ObjectLiteralExpression, name: string): Entity | undefined {
  const declaration = literal.parent;
  if (!ts.isVariableDeclaration(declaration) || !ts.isIdentifier(declaration.name)) return undefined;
  const binding = core.scopes.lookup(declaration.name.text, declaration);
  for (const use of binding ? core.scopes.references(binding) : []) {
    const access = use.parent;
    if (!isAccess(access) || access.expression !== use || memberName(access) !== name) continue;
    const write = writeOf(access);
    const value = write ? writtenValue(write)[0] : undefined;
    if (value) return entityOf(core, value);
  }
  return undefined;
}
