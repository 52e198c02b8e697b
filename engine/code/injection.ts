// Dependency injection by token: which parameter or field asks for what, and what an object offers under a token.

import type { Core } from './core';
import type { ProviderFact } from './facts';
import { cataloguedOf, entityOf } from './resolve';
import { isFunctionNode, propertyName, strip } from './syntax';
import { ts, type TypeScript } from './typescript';
import { valueOf } from './fold';
import type { Entity, Value } from './values';

/** The entity of a parameter or field with the token that its decorator asks for: `@Inject('HTTP') http: AxiosInstance`. Without a decorator it is left as it is. */
export function withToken(core: Core, node: TypeScript.ParameterDeclaration | TypeScript.PropertyDeclaration, declared: Entity | undefined): Entity | undefined {
  const token = tokenOf(core, node);
  if (!token) return declared;
  if (declared === undefined || declared.kind === 'unknown') return { kind: 'typed-project', module: '', type: ['?'], path: [], token };
  return declared.kind === 'typed' || declared.kind === 'typed-project' ? { ...declared, token } : declared;
}

function tokenOf(core: Core, node: TypeScript.ParameterDeclaration | TypeScript.PropertyDeclaration): Value | undefined {
  for (const decorator of ts.getDecorators(node) ?? []) {
    const call = strip(decorator.expression, false);
    const first = ts.isCallExpression(call) ? call.arguments[0] : undefined;
    if (!first || !ts.isCallExpression(call)) continue;
    const place = cataloguedOf(core, entityOf(core, call.expression));
    if (place?.library.injects?.includes(place.path.join('.'))) return tokenValue(core, first);
  }
  return undefined;
}

// A string, or the name of a constant: what it holds (a symbol) need not be known.
function tokenValue(core: Core, expression: TypeScript.Expression): Value | undefined {
  const value = valueOf(core, expression);
  if (value.kind === 'string') return { kind: 'string', value: value.value };
  if (value.kind === 'reference') return { kind: 'reference', module: value.module, path: value.path };
  const node = strip(expression, false);
  return ts.isIdentifier(node) && core.scopes.lookup(node.text, node)?.kind === 'variable' ? { kind: 'reference', module: '', path: [node.text] } : undefined;
}

/** What an object literal offers under a token: `{ provide: TOKEN, useFactory: () => … }`; undefined where it is no such object. */
export function providerFact(core: Core, node: TypeScript.ObjectLiteralExpression): ProviderFact | undefined {
  let token: Value | undefined;
  let gives: Entity | undefined;
  for (const member of node.properties) {
    const name = propertyName(member.name);
    if (name === 'provide') token = ts.isPropertyAssignment(member) ? tokenValue(core, member.initializer) : undefined;
    else if (name === 'useValue' && ts.isPropertyAssignment(member)) gives = entityOf(core, member.initializer);
    else if (name === 'useClass' && ts.isPropertyAssignment(member)) gives = classEntity(core, member.initializer);
    else if (name === 'useFactory') gives = factoryResult(core, member);
  }
  return token && gives && gives.kind !== 'unknown' ? { token, gives } : undefined;
}

function classEntity(core: Core, expression: TypeScript.Expression): Entity | undefined {
  const node = strip(expression, false);
  const isLocal = ts.isIdentifier(node) && core.scopes.lookup(node.text, node)?.kind === 'class';
  if (isLocal && ts.isIdentifier(node)) return { kind: 'typed-project', module: '', type: [node.text], path: [] };
  const entity = entityOf(core, expression);
  return entity.kind === 'project' ? { kind: 'typed-project', module: entity.module, type: entity.path, path: [] } : undefined;
}

function factoryResult(core: Core, member: TypeScript.ObjectLiteralElementLike): Entity | undefined {
  const id = isFunctionNode(member) ? core.scopes.functionId(member) : undefined;
  const of: Entity | undefined = id !== undefined ? { kind: 'function', id } : ts.isPropertyAssignment(member) ? entityOf(core, member.initializer) : undefined;
  return of?.kind === 'function' || of?.kind === 'project' ? { kind: 'result', of, path: [] } : undefined;
}
