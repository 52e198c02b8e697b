// What bounds a call in time from outside: a race with a timer, a wrapper around it, a `.timeout(…)` in its chain.

import { BOUNDING_NAME } from './bounding-name';
import type { Core } from './core';
import type { Guard } from './facts';
import type { Entity, Value } from './values';
import { valueOf } from './fold';
import { boundsParametersOf } from './function-parameters';
import { cataloguedOf, entityOf } from './resolve';
import { isTimer } from './signals';
import { calledName, isFunctionNode, strip, unstrip, type CallNode } from './syntax';
import { ts, type TypeScript } from './typescript';

const MAX_PARENTS = 24;
const TIMER_NAME = /timeout|timer|deadline|rejectafter|sleep|delay|abortafter/i;

/** Guards of a call. `end` is the expression that stands for it with its chain; `name` the variable that its promise is bound to. */
export function guardsOf(core: Core, node: CallNode, end: TypeScript.Node, name: TypeScript.Identifier | undefined, depth = 0): Guard[] {
  const guards = [...chainGuards(core, node), ...outerGuards(core, end)];
  if (name) {
    const binding = core.scopes.lookup(name.text, name);
    for (const use of binding ? core.scopes.references(binding).slice(0, 50) : []) guards.push(...outerGuards(core, use));
  }
  return guards.length > 0 || depth > 0 ? guards : callerGuards(core, node);
}

// A function of this file whose every call is bounded is bounded itself: `withTimeout(load(), 500)`.
function callerGuards(core: Core, node: TypeScript.Node): Guard[] {
  const owner = core.scopes.functions[core.scopes.functionOf(node)];
  if (!owner) return [];
  const named = ts.isFunctionDeclaration(owner) ? owner.name : ts.isVariableDeclaration(owner.parent) && ts.isIdentifier(owner.parent.name) ? owner.parent.name : undefined;
  if (!named || isExportedDeclaration(owner)) return [];
  const binding = core.scopes.lookup(named.text, owner.parent);
  const uses = binding ? core.scopes.references(binding) : [];
  if (uses.length === 0 || uses.length > 20) return [];
  let first: Guard[] = [];
  for (const use of uses) {
    const call = ts.isCallExpression(use.parent) && use.parent.expression === use ? use.parent : use;
    const guards = outerGuards(core, unstrip(call, false));
    if (guards.length === 0) return [];
    if (first.length === 0) first = guards;
  }
  return first;
}

function isExportedDeclaration(node: TypeScript.Node): boolean {
  const statement = ts.findAncestor(node, (candidate) => ts.isFunctionDeclaration(candidate) || ts.isVariableStatement(candidate));
  return statement !== undefined && ts.canHaveModifiers(statement) && (ts.getModifiers(statement)?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) ?? false);
}

// `.timeout(500)` of Bluebird and streams; `.pipe(timeout(500))`.
function chainGuards(core: Core, node: CallNode): Guard[] {
  const guards: Guard[] = [];
  let at = unstrip(node, false);
  for (let i = 0; i < 20; i++) {
    const access = at.parent;
    const call = access?.parent;
    if (!access || !call || !ts.isPropertyAccessExpression(access) || access.expression !== at || !ts.isCallExpression(call) || call.expression !== access) break;
    const method = access.name.text;
    const isPipedTimeout = method === 'pipe' && call.arguments.some((argument) => ts.isCallExpression(argument) && /^timeout(With)?$/.test(calledName(argument) ?? ''));
    if (method === 'timeout' || isPipedTimeout) guards.push({ kind: 'chain', method, span: [access.name.getStart(core.sourceFile), call.end] });
    at = unstrip(call, false);
  }
  return guards;
}

// Climbs from a promise to what takes it: directly, in a list, or through the closure that makes it.
function outerGuards(core: Core, from: TypeScript.Node): Guard[] {
  const guards: Guard[] = [];
  let at: TypeScript.Node = from;
  for (let i = 0; i < MAX_PARENTS && at.parent; i++) {
    const parent: TypeScript.Node = at.parent;
    if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) {
      const guard = guardOf(core, parent, at);
      if (guard) guards.push(guard);
    }
    // A named function is called from elsewhere; a closure that is an argument belongs to the call that takes it.
    if (isFunctionNode(at)) {
      const isArgument = (ts.isCallExpression(parent) || ts.isNewExpression(parent)) && parent.expression !== at;
      const isCalled = ts.isParenthesizedExpression(parent);
      if (!isArgument && !isCalled) break;
      // A registered handler or timer is no wrapper around what runs in it.
      if (isArgument && guards.length === 0 && i > 0 && !mayWrap(core, parent)) break;
    }
    at = parent;
  }
  return guards;
}

function mayWrap(core: Core, call: TypeScript.Node): boolean {
  if (ts.isNewExpression(call)) return true;
  if (!ts.isCallExpression(call)) return false;
  const place = cataloguedOf(core, entityOf(core, call.expression));
  return place === undefined || place.library.role === 'resilience' || (place.library.guards?.length ?? 0) > 0;
}

function guardOf(core: Core, call: TypeScript.CallExpression | TypeScript.NewExpression, inside: TypeScript.Node): Guard | undefined {
  const given = call.arguments ?? [];
  const argument = given.findIndex((candidate) => candidate === inside);
  if (argument < 0 || ts.isNewExpression(call)) return undefined;
  const span = [call.getStart(core.sourceFile), call.end] as const;
  const callee = [span[0], call.expression.end] as const;
  const name = calledName(call) ?? '';
  if (name === 'race' && given[0] && isPromise(call)) {
    const race = raceOf(core, strip(given[0]), inside);
    return race ? { kind: 'race', span, callee, ...(race.kind === 'number' ? { ms: race.value } : {}) } : undefined;
  }
  const entity = entityOf(core, call.expression);
  return isWrapper(core, entity, argument, name) ? { kind: 'wrapper', entity, argument, arguments: given.slice(0, 4).map((value) => (value === inside ? { kind: 'unknown' as const } : valueOf(core, value))), span, callee, ...(name === '' ? {} : { name }) } : undefined;
}

function isPromise(call: TypeScript.CallExpression): boolean {
  const callee = strip(call.expression, false);
  return ts.isPropertyAccessExpression(callee) && ts.isIdentifier(callee.expression) && (callee.expression.text === 'Promise' || callee.expression.text === 'Bluebird');
}

function isWrapper(core: Core, entity: Entity, argument: number, name: string): boolean {
  if (BOUNDING_NAME.test(name)) return true;
  const place = cataloguedOf(core, entity);
  if (place) return (place.library.guards?.length ?? 0) > 0;
  if (entity.kind === 'function') return boundsParametersOf(core, entity.id).includes(argument);
  return entity.kind === 'project' || entity.kind === 'typed-project' || (entity.kind === 'result' && entity.of.kind === 'project');
}

/** The limit of a race in which something else than `inside` is a timer; `unknown` where its length is not known, undefined where there is none. */
export function raceOf(core: Core, list: TypeScript.Expression, inside: TypeScript.Node | undefined): Value | undefined {
  if (!ts.isArrayLiteralExpression(list)) return undefined;
  for (const element of list.elements) {
    if (inside && element.pos <= inside.pos && inside.end <= element.end) continue;
    const limit = timerOf(core, element, 0);
    if (limit) return limit;
  }
  return undefined;
}

// `new Promise((_, reject) => setTimeout(reject, 500))`, `sleep(500)`, `timeout`, `once(signal, 'abort')`
function timerOf(core: Core, expression: TypeScript.Expression, depth: number): Value | undefined {
  const node = strip(expression);
  if (depth > 4) return undefined;
  if (ts.isIdentifier(node)) {
    const binding = core.scopes.lookup(node.text, node);
    const declaration = binding?.node;
    const initializer = declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
    return (initializer && timerOf(core, initializer, depth + 1)) ?? (TIMER_NAME.test(node.text) ? { kind: 'unknown' } : undefined);
  }
  if (ts.isNewExpression(node)) return timerInside(core, node);
  if (!ts.isCallExpression(node)) return ts.isPropertyAccessExpression(node) && TIMER_NAME.test(node.name.text) ? { kind: 'unknown' } : undefined;
  if (isTimer(core, node)) return node.arguments[0] ? valueOf(core, node.arguments[0]) : { kind: 'unknown' };
  if (TIMER_NAME.test(calledName(node) ?? '')) {
    const known = node.arguments.map((argument) => valueOf(core, argument)).find((value) => value.kind === 'number');
    return known ?? { kind: 'unknown' };
  }
  const entity = entityOf(core, node.expression);
  const body = entity.kind === 'function' ? core.scopes.functions[entity.id]?.body : undefined;
  if (body) return timerInside(core, body);
  // `timer.then(() => { throw … })`
  return ts.isPropertyAccessExpression(node.expression) ? timerOf(core, node.expression.expression, depth + 1) : undefined;
}

/** The delay of the first timer that is started inside a node. Linear in the node. */
export function timerInside(core: Core, node: TypeScript.Node): Value | undefined {
  let found: Value | undefined;
  const visit = (child: TypeScript.Node): void => {
    if (found) return;
    if (ts.isCallExpression(child)) {
      if (isTimer(core, child)) {
        const delay = child.arguments[1] ?? child.arguments[0];
        found = delay ? valueOf(core, delay) : { kind: 'unknown' };
        return;
      }
      const signal = valueOf(core, child);
      if (signal.kind === 'signal' && signal.limit === 'timer') {
        found = signal.ms === undefined ? { kind: 'unknown' } : { kind: 'number', value: signal.ms };
        return;
      }
    }
    ts.forEachChild(child, visit);
  };
  visit(node);
  return found;
}

