// The function that an argument is: written in place, named, bound, or wrapped by another function (`asyncHandler(fn)`).

import type { Entity } from '../values';
import type { FileReader } from '../file-reader';
import { argumentsOf, calleeOf, calledName, hasModifier, isFunctionNode, memberName, propertyName, strip, type CallNode, type FunctionNode } from '../syntax';
import { ts, type TypeScript } from '../typescript';

export interface Callback {
  /** Id of the function of this file, or -1. */
  readonly id: number;
  readonly node: FunctionNode | undefined;
  /** An export of another file, where the callback is not of this one. */
  readonly target?: Entity;
  readonly wrapper?: { readonly entity: Entity; readonly name: string };
  /** The smallest thing to point at: `async`, the arrow's parameters, or the name it is handed over by. */
  readonly mark: TypeScript.Node;
}

/** Callbacks that an argument gives: several for an array of handlers. */
export function callbacksOf(argument: TypeScript.Expression, reader: FileReader, depth = 0): readonly Callback[] {
  const node = strip(argument, false);
  if (isFunctionNode(node)) return [{ id: reader.functionId(node) ?? -1, node, mark: node }];
  if (depth > 4) return [];
  if (ts.isArrayLiteralExpression(node)) return node.elements.flatMap((element) => callbacksOf(element, reader, depth + 1));
  if (ts.isCallExpression(node)) return wrapped(node, reader, depth);
  if (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)) return named(node, reader);
  return [];
}

function named(node: TypeScript.Expression, reader: FileReader): readonly Callback[] {
  const entity = reader.resolve(node);
  if (entity.kind === 'function') return [{ id: entity.id, node: reader.functionNode(entity.id), mark: node }];
  if (entity.kind === 'project') return [{ id: -1, node: undefined, target: entity, mark: node }];
  return [];
}

// `fn.bind(this)` is the function; any other call around a function is a wrapper.
function wrapped(node: TypeScript.CallExpression, reader: FileReader, depth: number): readonly Callback[] {
  const callee = strip(node.expression, false);
  if (ts.isPropertyAccessExpression(callee) && callee.name.text === 'bind') return callbacksOf(callee.expression, reader, depth + 1);
  const name = calledName(node) ?? '';
  const entity = reader.resolve(calleeOf(node));
  return argumentsOf(node).flatMap((argument) => callbacksOf(argument, reader, depth + 1).map((callback) => ({ ...callback, wrapper: callback.wrapper ?? { entity, name } })));
}

/** Value of an option of the first object literal among the arguments: `handler` of `{ method, path, handler }`; dotted paths allowed. */
export function optionOf(argument: TypeScript.Expression | undefined, path: string, reader: FileReader): TypeScript.Expression | undefined {
  let at = argument;
  for (const name of path.split('.')) {
    const object = at && literalOf(at, reader);
    at = object && property(object, name);
  }
  return at;
}

/** The object literal that an expression is, directly or by a constant of this file. */
export function literalOf(expression: TypeScript.Expression, reader: FileReader): TypeScript.ObjectLiteralExpression | undefined {
  const node = strip(expression, false);
  if (ts.isObjectLiteralExpression(node)) return node;
  if (!ts.isIdentifier(node)) return undefined;
  const binding = reader.lookup(node);
  if (!binding || !ts.isVariableDeclaration(binding.node) || !binding.node.initializer || reader.writes(binding).length > 0) return undefined;
  const value = strip(binding.node.initializer, false);
  return ts.isObjectLiteralExpression(value) ? value : undefined;
}

function property(object: TypeScript.ObjectLiteralExpression, name: string): TypeScript.Expression | undefined {
  for (const member of object.properties) {
    if (propertyName(member.name) !== name) continue;
    if (ts.isPropertyAssignment(member)) return member.initializer;
    if (ts.isShorthandPropertyAssignment(member)) return member.name;
  }
  return undefined;
}

/** A method written in an object literal: `{ async eachMessage() {} }`. */
export function methodOf(argument: TypeScript.Expression | undefined, name: string, reader: FileReader): FunctionNode | undefined {
  const object = argument && literalOf(argument, reader);
  if (!object || !ts.isObjectLiteralExpression(object)) return undefined;
  return object.properties.find((member): member is TypeScript.MethodDeclaration => ts.isMethodDeclaration(member) && propertyName(member.name) === name);
}

/** Whether calling the function gives a promise, as its own text says: `async`, or an arrow whose body is a call (`returned`). */
export function promiseOf(node: FunctionNode | undefined): { readonly isAsync: boolean; readonly returned: CallNode | undefined } {
  if (!node) return { isAsync: false, returned: undefined };
  if (hasModifier(node, ts.SyntaxKind.AsyncKeyword)) return { isAsync: true, returned: undefined };
  if (!ts.isArrowFunction(node) || ts.isBlock(node.body)) return { isAsync: false, returned: undefined };
  const body = strip(node.body, false);
  return { isAsync: false, returned: ts.isCallExpression(body) && memberName(body.expression) !== 'catch' ? body : undefined };
}
