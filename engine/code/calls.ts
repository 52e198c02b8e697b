// Calls that may wait for something outside the process, or that lead to another file: what is called, with what, and what becomes of the result.

import { shapeAt } from './call-shapes';
import { LISTENS, type Catalogued } from './catalogued';
import type { Core } from './core';
import type { CallFact } from './facts';
import type { Entity, Value } from './values';
import { calleeText } from './callee-text';
import { argumentValue } from './argument-value';
import { valueOf } from './fold';
import { boundsParametersOf, dropsParametersOf, limitParametersOf } from './function-parameters';
import { guardsOf } from './guards';
import { cataloguedOf, entityOf } from './resolve';
import { argumentsOf, calleeOf, isCallNode, isFunctionNode, strip, unstrip, type CallNode } from './syntax';
import { ts, type TypeScript } from './typescript';

const MAX_ARGUMENTS = 6;

/** Index of the fact of a call of interest; undefined for any other node. Each node is asked once. */
export function callOf(core: Core, node: TypeScript.Node): number | undefined {
  if (!isCallNode(node)) return undefined;
  const known = core.callByNode.get(node);
  if (known !== undefined) return known < 0 ? undefined : known;
  core.callByNode.set(node, -1);
  // `new` makes clients, which are facts of their own.
  if (ts.isNewExpression(node)) return undefined;
  const entity = entityOf(core, calleeOf(node));
  const place = cataloguedOf(core, entity);
  const shape = place && shapeAt(place, ts.isTaggedTemplateExpression(node));
  if (!shape && !leadsOut(core, entity)) return undefined;
  const index = core.calls.length;
  core.callByNode.set(node, index);
  core.calls.push(callFact(core, node, entity, place));
  return index;
}

/** The fact of a call of a function of this file, which is of interest only for what it gives. */
export function localCallOf(core: Core, node: CallNode): CallFact | undefined {
  const known = core.callByNode.get(node);
  if (known !== undefined && known >= 0) return core.calls[known];
  core.callByNode.set(node, core.calls.length);
  const fact = callFact(core, node, entityOf(core, calleeOf(node)), undefined);
  core.calls.push(fact);
  return fact;
}

// Another file may say what it is: a client that it exports, or a wrapper.
function leadsOut(core: Core, entity: Entity): boolean {
  switch (entity.kind) {
    case 'project':
    // Called itself, it may be a client by its type: `this.db('orders')`.
    case 'typed-project':
      return true;
    case 'result':
      return leadsOut(core, entity.of);
    case 'function':
      return limitParametersOf(core, entity.id).length > 0 || boundsParametersOf(core, entity.id).length > 0 || dropsParametersOf(core, entity.id).length > 0;
    default:
      return false;
  }
}

function callFact(core: Core, node: CallNode, entity: Entity, place: Catalogued | undefined): CallFact {
  const start = node.getStart(core.sourceFile);
  const given = argumentsOf(node).slice(0, MAX_ARGUMENTS);
  const { chain, end } = chainOf(core, node);
  const result = resultOf(end);
  const name = result.usage === 'assigned' ? result.name : undefined;
  const later = name && place?.library.calls?.some((row) => row.result === 'emitter') ? usesOfResult(core, name) : [];
  return {
    entity,
    span: [start, node.end],
    callee: [start, calleeOf(node).end],
    calleeText: calleeText(core, node),
    arguments: (place ? requested(core, given) : given).map((argument) => (ts.isSpreadElement(argument) ? { kind: 'unknown', because: 'spread' } : argumentValue(core, argument))),
    argumentSpans: given.map((argument) => [argument.getStart(core.sourceFile), argument.end]),
    chain: [...chain, ...later].map(({ fact }) => fact),
    function: core.scopes.functionOf(node),
    usage: result.usage,
    guards: guardsOf(core, node, end, name),
    isCaught: [...chain].some(({ fact }) => fact.name === 'catch' || (fact.name === 'then' && fact.arguments.length > 1)) || isInTry(node),
    listeners: [...chain, ...later].flatMap((link) => listenerOf(core, link)),
    ...(name ? { resultName: name.text } : {}),
  };
}

// `fetch(new Request(url, init))` says what `fetch(url, init)` says.
function requested(core: Core, given: readonly TypeScript.Expression[]): readonly TypeScript.Expression[] {
  const only = given.length === 1 && given[0] ? strip(given[0], false) : undefined;
  if (!only) return given;
  const declaration = ts.isIdentifier(only) ? core.scopes.lookup(only.text, only)?.node : undefined;
  const made = declaration && ts.isVariableDeclaration(declaration) && declaration.initializer ? strip(declaration.initializer, false) : only;
  const isRequest = ts.isNewExpression(made) && ts.isIdentifier(made.expression) && made.expression.text === 'Request' && !core.scopes.lookup('Request', made.expression);
  return isRequest ? (made.arguments ?? given) : given;
}

interface Link {
  readonly fact: CallFact['chain'][number];
  readonly node: TypeScript.CallExpression;
}

// The calls chained after a call, and the expression that stands for the whole.
function chainOf(core: Core, node: CallNode): { chain: readonly Link[]; end: TypeScript.Node } {
  const chain: Link[] = [];
  let at = unstrip(node, false);
  while (chain.length < 20) {
    const access = at.parent;
    const call = access?.parent;
    if (!access || !call || !ts.isPropertyAccessExpression(access) || access.expression !== at || !ts.isCallExpression(call) || call.expression !== access) break;
    chain.push(linkOf(core, access, call));
    at = unstrip(call, false);
  }
  return { chain, end: at };
}

function linkOf(core: Core, access: TypeScript.PropertyAccessExpression, call: TypeScript.CallExpression): Link {
  return {
    node: call,
    fact: {
      name: access.name.text,
      arguments: call.arguments.slice(0, 3).map((argument) => valueOf(core, argument)),
      span: [access.name.getStart(core.sourceFile), call.end],
    },
  };
}

// Methods called on the name that an emitter is bound to: `req.on(…)`, `req.setTimeout(…)`.
function usesOfResult(core: Core, name: TypeScript.Identifier): Link[] {
  const binding = core.scopes.lookup(name.text, name);
  const links: Link[] = [];
  for (const use of binding ? core.scopes.references(binding).slice(0, 100) : []) {
    let at: TypeScript.Node = use;
    for (let i = 0; i < 20; i++) {
      const access = at.parent;
      const call = access?.parent;
      if (!access || !call || !ts.isPropertyAccessExpression(access) || access.expression !== at || !ts.isCallExpression(call) || call.expression !== access) break;
      links.push(linkOf(core, access, call));
      at = call;
    }
  }
  return links;
}

function listenerOf(core: Core, link: Link): CallFact['listeners'] {
  const { name } = link.fact;
  const given = link.node.arguments;
  const callback = given[1];
  if (name === 'setTimeout') return callback ? [{ event: 'timeout', destroys: destroys(core, callback) }] : [];
  const event: Value | undefined = link.fact.arguments[0];
  if (!LISTENS.has(name) || event?.kind !== 'string') return [];
  return [{ event: event.value, destroys: callback ? destroys(core, callback) : false }];
}

// A listener that ends what it listens to: in its body, in the function that it names, or by being that method itself.
function destroys(core: Core, callback: TypeScript.Expression): boolean {
  const inner = strip(callback, false);
  if (ts.isPropertyAccessExpression(inner)) return ENDS.has(inner.name.text);
  if (ts.isCallExpression(inner) && ts.isPropertyAccessExpression(inner.expression) && inner.expression.name.text === 'bind') return destroys(core, inner.expression.expression);
  const entity = isFunctionNode(inner) ? undefined : entityOf(core, inner);
  const body = isFunctionNode(inner) ? inner.body : entity?.kind === 'function' ? core.scopes.functions[entity.id]?.body : undefined;
  // A callback from elsewhere may well do it.
  if (!body) return !isFunctionNode(inner);
  let found = false;
  const visit = (node: TypeScript.Node): void => {
    if (found) return;
    if (ts.isPropertyAccessExpression(node) && ENDS.has(node.name.text)) found = true;
    else ts.forEachChild(node, visit);
  };
  visit(body);
  return found;
}

const ENDS: ReadonlySet<string> = new Set(['destroy', 'abort', 'terminate', 'end', 'close', 'cancel', 'kill', 'destroySoon']);

// What becomes of the value of an expression.
function resultOf(end: TypeScript.Node): { usage: CallFact['usage']; name?: TypeScript.Identifier } {
  const at = unstrip(end);
  const isAwaited = hasAwait(end, at);
  const parent = at.parent;
  const name = parent && ts.isVariableDeclaration(parent) && parent.initializer === at && ts.isIdentifier(parent.name) ? parent.name : undefined;
  const target = parent && ts.isBinaryExpression(parent) && parent.right === at && ts.isIdentifier(parent.left) ? parent.left : undefined;
  const named = name ?? target;
  if (isAwaited) return { usage: 'awaited', ...(named ? { name: named } : {}) };
  if (!parent) return { usage: 'other' };
  if (ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === at)) return { usage: 'returned' };
  if (ts.isExpressionStatement(parent)) return { usage: 'floating' };
  if (ts.isVoidExpression(parent)) return { usage: 'void' };
  if (ts.isForOfStatement(parent) && parent.awaitModifier) return { usage: 'awaited' };
  if (ts.isYieldExpression(parent)) return { usage: 'awaited' };
  if (ts.isVariableDeclaration(parent) || (ts.isBinaryExpression(parent) && parent.right === at)) return { usage: 'assigned', ...(named ? { name: named } : {}) };
  if ((isCallNode(parent) && !ts.isTaggedTemplateExpression(parent)) || ts.isArrayLiteralExpression(parent)) return { usage: 'argument' };
  return { usage: 'other' };
}

function hasAwait(from: TypeScript.Node, to: TypeScript.Node): boolean {
  for (let at = from; at !== to; at = at.parent) if (ts.isAwaitExpression(at.parent)) return true;
  return false;
}

/** Inside the block of a `try` that has a catch, in the same function. */
export function isInTry(node: TypeScript.Node): boolean {
  for (let at = node; at.parent && !isFunctionNode(at); at = at.parent) {
    if (ts.isTryStatement(at.parent) && at.parent.tryBlock === at && at.parent.catchClause) return true;
  }
  return false;
}
