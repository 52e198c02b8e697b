// What a declared type says of a value: `http: AxiosInstance`, `redis?: Redis | null`, `ReturnType<typeof createClient>`.

import type { Core } from './core';
import type { Entity } from './values';
import { bindingEntity } from './resolve';
import { ts, type TypeScript } from './typescript';

const TRANSPARENT: ReadonlySet<string> = new Set(['Promise', 'Readonly', 'Awaited', 'NonNullable', 'Required', 'ReturnType', 'InstanceType', 'PromiseLike']);

/** The typed entity of a declared type, or undefined where it names nothing outside the file or a class of it. */
export function typeEntity(core: Core, type: TypeScript.TypeNode, hops = 0): Entity | undefined {
  if (hops > 6) return undefined;
  if (ts.isParenthesizedTypeNode(type)) return typeEntity(core, type.type, hops + 1);
  if (ts.isUnionTypeNode(type) || ts.isIntersectionTypeNode(type)) {
    const found = type.types.flatMap((member) => typeEntity(core, member, hops + 1) ?? []);
    return found.length === 1 || ts.isIntersectionTypeNode(type) ? found[0] : undefined;
  }
  if (ts.isTypeQueryNode(type)) return ts.isIdentifier(type.exprName) ? asType(entityOfName(core, type.exprName)) : undefined;
  if (!ts.isTypeReferenceNode(type)) return undefined;
  const names = dotted(type.typeName);
  const first = names[0];
  if (!first) return undefined;
  const binding = core.scopes.lookupType(first, type);
  if (!binding) {
    const argument = TRANSPARENT.has(first) ? type.typeArguments?.[0] : undefined;
    return argument && typeEntity(core, argument, hops + 1);
  }
  if (ts.isTypeAliasDeclaration(binding.node)) return typeEntity(core, binding.node.type, hops + 1);
  if (ts.isInterfaceDeclaration(binding.node)) return extendedType(core, binding.node, hops);
  if (binding.kind === 'class') return { kind: 'typed-project', module: '', type: names, path: [] };
  if (binding.kind !== 'import' && binding.kind !== 'variable') return undefined;
  const entity = bindingEntity(core, binding);
  return asType(entity, names.slice(1));
}

// `interface Cache extends Redis {}` is a Redis.
function extendedType(core: Core, node: TypeScript.InterfaceDeclaration, hops: number): Entity | undefined {
  for (const clause of node.heritageClauses ?? []) {
    for (const base of clause.types) {
      if (!ts.isIdentifier(base.expression)) continue;
      const binding = core.scopes.lookupType(base.expression.text, base);
      if (binding?.kind === 'import') return asType(bindingEntity(core, binding));
      if (binding && ts.isInterfaceDeclaration(binding.node) && hops < 4) return extendedType(core, binding.node, hops + 1);
    }
  }
  return undefined;
}

function entityOfName(core: Core, name: TypeScript.Identifier): Entity {
  const binding = core.scopes.lookup(name.text, name);
  return binding ? bindingEntity(core, binding) : { kind: 'unknown' };
}

function asType(entity: Entity, rest: readonly string[] = []): Entity | undefined {
  if (entity.kind === 'package') return { kind: 'typed', package: entity.package, type: [...entity.path, ...rest], path: [] };
  if (entity.kind === 'project') return { kind: 'typed-project', module: entity.module, type: [...entity.path, ...rest], path: [] };
  if (entity.kind === 'client' && rest.length === 0) return entity;
  return undefined;
}

function dotted(name: TypeScript.EntityName): string[] {
  const names: string[] = [];
  let at = name;
  for (let i = 0; i < 8 && ts.isQualifiedName(at); i++) {
    names.unshift(at.right.text);
    at = at.left;
  }
  if (ts.isIdentifier(at)) names.unshift(at.text);
  return names;
}
