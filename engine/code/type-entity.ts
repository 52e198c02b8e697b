// What a declared type says of a value: `http: AxiosInstance`, `redis?: Redis | null`, `ReturnType<typeof createClient>`, `stores: Pick<Stores, 'orders'>`.

import type { Core } from './core';
import type { Entity } from './values';
import { memberOf } from './member';
import { bindingEntity, cataloguedOf } from './resolve';
import { isLeading, shapeEntity } from './shapes';
import { ts, type TypeScript } from './typescript';

const TRANSPARENT: ReadonlySet<string> = new Set(['Promise', 'Readonly', 'Awaited', 'NonNullable', 'Required', 'ReturnType', 'InstanceType', 'PromiseLike', 'Pick', 'Omit', 'Partial']);

/** The typed entity of a declared type, or undefined where it names nothing outside the file, no class and no interface of it. Each type is worked out once. */
export function typeEntity(core: Core, type: TypeScript.TypeNode, hops = 0): Entity | undefined {
  if (core.declaredTypes.has(type)) return core.declaredTypes.get(type);
  if (hops > 6) return undefined;
  core.declaredTypes.set(type, undefined);
  const entity = readType(core, type, hops);
  core.declaredTypes.set(type, entity);
  return entity;
}

function readType(core: Core, type: TypeScript.TypeNode, hops: number): Entity | undefined {
  if (ts.isParenthesizedTypeNode(type)) return typeEntity(core, type.type, hops + 1);
  if (ts.isTypeLiteralNode(type)) return isLeading(core, type, hops) ? shapeEntity(core, type) : undefined;
  if (ts.isUnionTypeNode(type) || ts.isIntersectionTypeNode(type)) {
    const found = type.types.flatMap((member) => typeEntity(core, member, hops + 1) ?? []);
    if (found.length > 1 && ts.isIntersectionTypeNode(type) && found.every((entity) => entity.kind === 'typed-project')) return shapeEntity(core, type);
    return found.length === 1 || ts.isIntersectionTypeNode(type) ? found[0] : oneLibrary(core, found);
  }
  if (ts.isTypeQueryNode(type)) return ts.isIdentifier(type.exprName) ? asType(entityOfName(core, type.exprName)) : undefined;
  if (ts.isIndexedAccessTypeNode(type)) {
    const owner = typeEntity(core, type.objectType, hops + 1);
    const key = ts.isLiteralTypeNode(type.indexType) && ts.isStringLiteral(type.indexType.literal) ? type.indexType.literal.text : undefined;
    return owner && key !== undefined ? memberOf(owner, key) : undefined;
  }
  if (!ts.isTypeReferenceNode(type)) return undefined;
  const names = dotted(type.typeName);
  const first = names[0];
  if (!first) return undefined;
  const binding = core.scopes.lookupType(first, type);
  if (!binding) {
    const argument = TRANSPARENT.has(first) ? type.typeArguments?.[0] : undefined;
    return argument && ((first === 'ReturnType' ? resultType(core, argument) : undefined) ?? typeEntity(core, argument, hops + 1));
  }
  if (ts.isTypeAliasDeclaration(binding.node)) return typeEntity(core, binding.node.type, hops + 1);
  if (ts.isInterfaceDeclaration(binding.node)) return interfaceEntity(core, binding.node, hops);
  if (binding.kind === 'class') return { kind: 'typed-project', module: '', type: names, path: [] };
  if (binding.kind !== 'import' && binding.kind !== 'variable') return undefined;
  const entity = bindingEntity(core, binding);
  return asType(entity, names.slice(1));
}

// `Knex | Knex.Transaction`: either does what the library does.
function oneLibrary(core: Core, types: readonly Entity[]): Entity | undefined {
  const first = types[0];
  const isOne = first?.kind === 'typed' && types.every((type) => type.kind === 'typed' && type.package === first.package);
  return isOne ? types.find((type) => cataloguedOf(core, type) !== undefined) : undefined;
}

// `interface Cache extends Redis {}` is a Redis; one with members that lead somewhere, or with methods, is what implements it.
function interfaceEntity(core: Core, node: TypeScript.InterfaceDeclaration, hops: number): Entity | undefined {
  if (isLeading(core, node, hops)) return shapeEntity(core, node);
  return extendedType(core, node, hops) ?? (node.members.some(isMethod) ? shapeEntity(core, node) : undefined);
}

/** A member that is called: `get(id): Order`, `get: (id) => Order`. */
export function isMethod(member: TypeScript.TypeElement): boolean {
  return ts.isMethodSignature(member) || (ts.isPropertySignature(member) && member.type !== undefined && ts.isFunctionTypeNode(member.type));
}

function extendedType(core: Core, node: TypeScript.InterfaceDeclaration, hops: number): Entity | undefined {
  for (const clause of node.heritageClauses ?? []) {
    for (const base of clause.types) {
      if (!ts.isIdentifier(base.expression)) continue;
      const binding = core.scopes.lookupType(base.expression.text, base);
      if (binding?.kind === 'import') return asType(bindingEntity(core, binding));
      if (binding && ts.isInterfaceDeclaration(binding.node) && hops < 4) return interfaceEntity(core, binding.node, hops + 1);
    }
  }
  return undefined;
}

// `ReturnType<typeof makeStores>`: what a function of the project gives.
function resultType(core: Core, type: TypeScript.TypeNode): Entity | undefined {
  const entity = ts.isTypeQueryNode(type) && ts.isIdentifier(type.exprName) ? entityOfName(core, type.exprName) : undefined;
  return entity?.kind === 'function' || entity?.kind === 'project' ? { kind: 'result', of: entity, path: [] } : undefined;
}

function entityOfName(core: Core, name: TypeScript.Identifier): Entity {
  const binding = core.scopes.lookup(name.text, name);
  return binding ? bindingEntity(core, binding) : { kind: 'unknown' };
}

/** The type that a name of a heritage clause means: `implements Store`, `extends types.Store`. */
export function heritageEntity(core: Core, base: TypeScript.ExpressionWithTypeArguments): Entity | undefined {
  const names: string[] = [];
  let at: TypeScript.Expression = base.expression;
  for (let i = 0; i < 8 && ts.isPropertyAccessExpression(at); i++) {
    names.unshift(at.name.text);
    at = at.expression;
  }
  if (!ts.isIdentifier(at)) return undefined;
  const binding = core.scopes.lookupType(at.text, at);
  if (!binding) return undefined;
  if (ts.isInterfaceDeclaration(binding.node)) return { kind: 'typed-project', module: '', type: [at.text], path: [] };
  if (ts.isTypeAliasDeclaration(binding.node)) return typeEntity(core, binding.node.type, 1);
  if (binding.kind === 'class') return { kind: 'typed-project', module: '', type: [at.text, ...names], path: [] };
  return binding.kind === 'import' ? asType(bindingEntity(core, binding), names) : undefined;
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
