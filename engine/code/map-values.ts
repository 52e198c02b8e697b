// What a map of this file holds: `clients.get(name)` gives what `clients.set(name, client)` put into it.

import { UNKNOWN_ENTITY, type Core } from './core';
import { entityOf, isUseful } from './resolve';
import { classOf } from './scope';
import { isCallNode, memberName, strip } from './syntax';
import { ts, type TypeScript } from './typescript';
import { typeEntity } from './type-entity';
import type { Entity } from './values';

const MAX_USES = 40;

/** What a look-up gives, where `callee` is `get` of a map whose values are all one known thing; else by the type of its values. Undefined where it is no map. */
export function mapValue(core: Core, callee: TypeScript.Expression): Entity | undefined {
  const map = mapOf(core, callee);
  if (!map) return undefined;
  const put = map.uses.slice(0, MAX_USES).flatMap((use) => {
    const call = use.parent.parent;
    const value = ts.isPropertyAccessExpression(use.parent) && use.parent.expression === use && use.parent.name.text === 'set' && ts.isCallExpression(call) && call.expression === use.parent ? call.arguments[1] : undefined;
    return value ? [entityOf(core, value)] : [];
  });
  const known = put.filter(isUseful);
  const first = known[0];
  if (first && known.every((entity) => JSON.stringify(entity) === JSON.stringify(first))) return first;
  const type = map.made.typeArguments?.[1];
  return (type && typeEntity(core, type)) ?? UNKNOWN_ENTITY;
}

/** `clients.get(name)` of a map of this file. */
export function isMapRead(core: Core, expression: TypeScript.Expression): boolean {
  const call = strip(expression);
  return isCallNode(call) && ts.isCallExpression(call) && mapOf(core, strip(call.expression, false)) !== undefined;
}

function mapOf(core: Core, callee: TypeScript.Expression): { made: TypeScript.NewExpression; uses: readonly TypeScript.Node[] } | undefined {
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 'get') return undefined;
  const owner = strip(callee.expression, false);
  if (ts.isIdentifier(owner)) {
    const binding = core.scopes.lookup(owner.text, owner);
    const made = binding && ts.isVariableDeclaration(binding.node) ? newMap(binding.node.initializer) : undefined;
    return binding && made && { made, uses: core.scopes.references(binding) };
  }
  const name = ts.isPropertyAccessExpression(owner) && owner.expression.kind === ts.SyntaxKind.ThisKeyword ? memberName(owner) : undefined;
  const holder = name === undefined ? undefined : classOf(owner);
  const field = holder?.members.find((member) => ts.isPropertyDeclaration(member) && (ts.isIdentifier(member.name) || ts.isPrivateIdentifier(member.name)) && member.name.text === name);
  const made = field && ts.isPropertyDeclaration(field) ? newMap(field.initializer) : undefined;
  return holder && made && name !== undefined ? { made, uses: core.scopes.thisMembers(holder, name) } : undefined;
}

function newMap(value: TypeScript.Expression | undefined): TypeScript.NewExpression | undefined {
  const made = value && strip(value, false);
  return made && ts.isNewExpression(made) && ts.isIdentifier(made.expression) && /^(?:Weak)?Map$/.test(made.expression.text) ? made : undefined;
}
