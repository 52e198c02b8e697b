// What the parameters of a function are: by their types, by the call that takes the function, or by what its callers give.

import { cataloguedOf, entityOf, isUseful } from './resolve';
import { withToken } from './injection';
import { UNKNOWN_ENTITY, type Core } from './core';
import { literalOf, propertyEntity } from './object-members';
import { argumentsOf, hasModifier, isCallNode, isFunctionNode, strip, type FunctionNode } from './syntax';
import { typeEntity } from './type-entity';
import { ts, type TypeScript } from './typescript';
import type { Entity } from './values';

const MAX_CALLERS = 20;

/** `client = client || axios`, `options ??= {}`: a write that keeps what the caller gave. */
export function isDefaulting(write: TypeScript.Node): boolean {
  if (!ts.isBinaryExpression(write)) return false;
  if (write.operatorToken.kind === ts.SyntaxKind.QuestionQuestionEqualsToken || write.operatorToken.kind === ts.SyntaxKind.BarBarEqualsToken) return true;
  const right = strip(write.right);
  return ts.isBinaryExpression(right) && ts.isIdentifier(right.left) && ts.isIdentifier(write.left) && right.left.text === write.left.text;
}

/** What a parameter is: by its type, by the call that takes the function as a callback, or by what all callers of a function of this file give. */
export function parameterNodeEntity(core: Core, node: TypeScript.ParameterDeclaration): Entity {
  const declared = withToken(core, node, node.type && typeEntity(core, node.type));
  if (declared) return declared;
  const owner = node.parent;
  const id = core.scopes.functionId(owner);
  if (id === undefined || !isFunctionNode(owner)) return UNKNOWN_ENTITY;
  const index = owner.parameters.indexOf(node);
  return callbackParameter(core, owner, index) ?? settledParameter(core, owner, index) ?? elementParameter(core, owner, index) ?? given(core, owner, index, undefined) ?? { kind: 'parameter', function: id, index, path: [] };
}

// `import('./db').then(({ pool }) => …)`: what is waited for.
function settledParameter(core: Core, callback: TypeScript.Node, index: number): Entity | undefined {
  const call = callback.parent;
  if (index !== 0 || !ts.isCallExpression(call) || call.arguments[0] !== callback) return undefined;
  const callee = strip(call.expression, false);
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 'then') return undefined;
  const settled = entityOf(core, callee.expression);
  return settled.kind === 'function' || settled.kind === 'unknown' ? undefined : settled;
}

const GIVES_ELEMENTS: ReadonlySet<string> = new Set(['map', 'forEach', 'flatMap', 'filter', 'some', 'every']);

// `rows.map((row) => …)`: an element of what a call gives is as much of it as the list.
function elementParameter(core: Core, callback: TypeScript.Node, index: number): Entity | undefined {
  const call = callback.parent;
  if (index !== 0 || !ts.isCallExpression(call) || call.arguments[0] !== callback) return undefined;
  const callee = strip(call.expression, false);
  if (!ts.isPropertyAccessExpression(callee) || !GIVES_ELEMENTS.has(callee.name.text)) return undefined;
  const list = entityOf(core, callee.expression);
  return list.kind === 'result' && list.path.length === 0 ? list : undefined;
}

// The parameters of a callback handed to a catalogued slot: `server.on('connection', (socket) => …)`.
function callbackParameter(core: Core, callback: TypeScript.Node, index: number): Entity | undefined {
  let at = callback;
  while (at.parent && ts.isParenthesizedExpression(at.parent)) at = at.parent;
  const call = at.parent;
  if (!call || !isCallNode(call) || ts.isTaggedTemplateExpression(call)) return undefined;
  const given = argumentsOf(call);
  const position = given.findIndex((argument) => argument === at);
  if (position < 0) return undefined;
  const place = cataloguedOf(core, entityOf(core, call.expression));
  if (!place) return undefined;
  const name = place.path.join('.');
  const slot = place.library.slots?.find((row) => {
    if (row.on !== place.instance || !row.names.includes(name) || row.parameters === undefined) return false;
    const first = given[0];
    if (row.event !== undefined && !(first && ts.isStringLiteralLike(first) && first.text === row.event)) return false;
    return row.handler === 'last' ? position === given.length - 1 : row.handler === position;
  });
  const type = slot?.parameters?.[index];
  return type ? { kind: 'typed', package: place.library.package, type: [type], path: [] } : undefined;
}

/** What `name` of an object is that all callers of a function of this file give as a parameter without a type. */
export function givenMember(core: Core, node: TypeScript.ParameterDeclaration, name: string): Entity | undefined {
  const owner = node.parent;
  return node.type || !isFunctionNode(owner) ? undefined : given(core, owner, owner.parameters.indexOf(node), name);
}

// A function that only this file calls, always with one and the same thing.
function given(core: Core, owner: FunctionNode, index: number, name: string | undefined): Entity | undefined {
  const id = core.scopes.functionId(owner);
  if (id === undefined) return undefined;
  const key = `${id} ${index} ${name ?? ''}`;
  if (core.givenParameters.has(key)) return core.givenParameters.get(key);
  // Nothing while it is worked out: a function that calls itself gives what it was given.
  core.givenParameters.set(key, undefined);
  const entities = callsOf(core, owner).map((call) => givenBy(core, call, index, name));
  const first = entities[0];
  const isOne = first !== undefined && isUseful(first) && first.kind !== 'function' && first.kind !== 'result' && entities.every((entity) => entity !== undefined && JSON.stringify(entity) === JSON.stringify(first));
  const answer = isOne ? first : undefined;
  core.givenParameters.set(key, answer);
  return answer;
}

function givenBy(core: Core, call: TypeScript.CallExpression, index: number, name: string | undefined): Entity | undefined {
  const argument = call.arguments[index];
  if (!argument || call.arguments.some(ts.isSpreadElement)) return undefined;
  if (name === undefined) return entityOf(core, argument);
  const literal = literalOf(core, argument);
  return literal && propertyEntity(core, literal, name);
}

// All calls of a function; none where it leaves the file or is handed on.
function callsOf(core: Core, owner: FunctionNode): readonly TypeScript.CallExpression[] {
  const declaration = ts.isFunctionDeclaration(owner) ? owner : owner.parent;
  if (!ts.isFunctionDeclaration(declaration) && !ts.isVariableDeclaration(declaration)) return [];
  const statement = ts.isFunctionDeclaration(declaration) ? declaration : declaration.parent.parent;
  if (!declaration.name || !ts.isIdentifier(declaration.name) || hasModifier(statement, ts.SyntaxKind.ExportKeyword)) return [];
  const binding = core.scopes.lookup(declaration.name.text, declaration.parent);
  const uses = binding?.node === declaration ? core.scopes.references(binding) : [];
  if (uses.length > MAX_CALLERS) return [];
  const calls = uses.flatMap((use) => (ts.isCallExpression(use.parent) && use.parent.expression === use ? [use.parent] : []));
  return calls.length === uses.length ? calls : [];
}
