// What a function does with what it is given: takes it as a time limit, bounds it in time, handles its rejection, listens to it.

import { LISTENS } from './catalogued';
import type { Core } from './core';
import { BOUNDING_NAME } from './bounding-name';
import { raceOf, timerInside } from './guards';
import { cataloguedOf, entityOf } from './resolve';
import type { Binding } from './scope';
import { isInTry } from './calls';
import { isTimer } from './signals';
import { calledName, isFunctionNode, propertyName, strip, unstrip, type FunctionNode } from './syntax';
import { ts, type TypeScript } from './typescript';

type Use = (core: Core, use: TypeScript.Identifier, owner: FunctionNode) => boolean;

function parametersWhere(core: Core, id: number, what: string, test: Use): readonly number[] {
  const cache = core.summaries;
  const key = `${what}${id}`;
  const known = cache.get(key);
  if (known) return known;
  // Empty until known, so that functions which call each other end.
  cache.set(key, []);
  const node = core.scopes.functions[id];
  const found: number[] = [];
  node?.parameters.forEach((parameter, index) => {
    if (bindingsOf(core, parameter).some((binding) => core.scopes.references(binding).slice(0, 60).some((use) => test(core, use, node)))) found.push(index);
  });
  cache.set(key, found);
  return found;
}

function bindingsOf(core: Core, parameter: TypeScript.ParameterDeclaration): Binding[] {
  const names: TypeScript.Identifier[] = [];
  const collect = (name: TypeScript.BindingName): void => {
    if (ts.isIdentifier(name)) names.push(name);
    else for (const element of name.elements) if (ts.isBindingElement(element)) collect(element.name);
  };
  collect(parameter.name);
  return names.flatMap((name) => {
    const binding = core.scopes.lookup(name.text, parameter);
    return binding ? [binding] : [];
  });
}

/** Parameters that end up as a time limit: a timer's delay, a signal's, an option named like a limit, or the limit parameter of another function of this file. */
export function limitParametersOf(core: Core, id: number): readonly number[] {
  return parametersWhere(core, id, 'limit', isLimit);
}

/** Parameters that are promises or functions which the function bounds in time. */
export function boundsParametersOf(core: Core, id: number): readonly number[] {
  const limits = limitParametersOf(core, id);
  return parametersWhere(core, id, 'bounds', isBounded).filter((index) => !limits.includes(index));
}

/** Parameters whose rejection the function handles (an `asyncHandler`). */
export function handlesParametersOf(core: Core, id: number): readonly number[] {
  return parametersWhere(core, id, 'handles', isHandled);
}

/** Parameters to which the function attaches an error listener, or that it registers with the process. */
export function listensParametersOf(core: Core, id: number): readonly number[] {
  return parametersWhere(core, id, 'listens', isListenedTo);
}

/** Parameters that the function calls without taking their promise: whatever they reject with is nobody's. One that is awaited, returned or kept anywhere is none. */
export function dropsParametersOf(core: Core, id: number): readonly number[] {
  return parametersWhere(core, id, 'drops', isDropped).filter((index) => {
    const parameter = core.scopes.functions[id]?.parameters[index];
    return parameter !== undefined && bindingsOf(core, parameter).every((binding) => core.scopes.writes(binding).length === 0 && core.scopes.references(binding).every((use) => isDropped(core, use) || isAsked(use)));
  });
}

// `run(item);`, `list.forEach(run)`, `list.forEach((item) => run(item))`, `setTimeout(run, 500)`
function isDropped(core: Core, use: TypeScript.Identifier): boolean {
  const parent = use.parent;
  if (ts.isCallExpression(parent) && parent.expression !== use) return ignoresCallback(core, parent, use);
  if (!ts.isCallExpression(parent)) return false;
  const at = unstrip(parent, false);
  if (ts.isExpressionStatement(at.parent)) return true;
  const callback = at.parent;
  return ts.isArrowFunction(callback) && callback.body === at && ts.isCallExpression(callback.parent) && ignoresCallback(core, callback.parent, callback);
}

function ignoresCallback(core: Core, call: TypeScript.CallExpression, callback: TypeScript.Node): boolean {
  if (call.arguments[0] !== callback) return false;
  const name = calledName(call) ?? '';
  if (name === 'forEach') return ts.isPropertyAccessExpression(call.expression);
  return (name === 'setInterval' || isTimer(core, call)) && entityOf(core, call.expression).kind === 'global';
}

// `if (run)`, `typeof run === 'function'`, `run && run()`
function isAsked(use: TypeScript.Identifier): boolean {
  const parent = use.parent;
  return ts.isTypeOfExpression(parent) || (ts.isIfStatement(parent) && parent.expression === use) || (ts.isPrefixUnaryExpression(parent) && parent.operator === ts.SyntaxKind.ExclamationToken) || (ts.isBinaryExpression(parent) && parent.left === use && parent.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken);
}

const LIMIT_OPTION = /time_?out|deadline|time_?limit|^signal$|max_?time/i;

function isLimit(core: Core, use: TypeScript.Identifier): boolean {
  let at: TypeScript.Node = use;
  for (let i = 0; i < 8 && at.parent; i++) {
    const parent: TypeScript.Node = at.parent;
    if (ts.isCallExpression(parent)) {
      const index = parent.arguments.findIndex((argument) => argument === at);
      if (index === 1 && isTimer(core, parent)) return true;
      const name = calledName(parent) ?? '';
      if (index === 0 && name === 'timeout') return true;
      const entity = index < 0 ? undefined : entityOf(core, parent.expression);
      if (entity?.kind === 'function') return limitParametersOf(core, entity.id).includes(index);
      if (!(index === 0 && /^(Number|parseInt|ms|min|max)$/.test(name))) return false;
    } else if (ts.isPropertyAssignment(parent)) {
      return parent.initializer === at && LIMIT_OPTION.test(propertyName(parent.name) ?? '');
    } else if (ts.isShorthandPropertyAssignment(parent)) {
      return LIMIT_OPTION.test(parent.name.text);
    } else if (!isPassThrough(parent, at)) return false;
    at = parent;
  }
  return false;
}

// Arithmetic, defaults, conditions and members (`options.timeoutMs`) keep what comes from the parameter.
function isPassThrough(parent: TypeScript.Node, at: TypeScript.Node): boolean {
  return ts.isBinaryExpression(parent) || ts.isParenthesizedExpression(parent) || ts.isConditionalExpression(parent) || ts.isAsExpression(parent) || ts.isNonNullExpression(parent) || (ts.isPropertyAccessExpression(parent) && parent.expression === at && LIMIT_OPTION.test(parent.name.text));
}

// `Promise.race([promise, timer])`, `Promise.race([fn(), timer])`, `pTimeout(promise, …)`, `fn(AbortSignal.timeout(ms))`
function isBounded(core: Core, use: TypeScript.Identifier, owner: FunctionNode): boolean {
  const called = ts.isCallExpression(use.parent) && use.parent.expression === use ? use.parent : undefined;
  if (called && called.arguments.length > 0 && called.arguments.some((argument) => timerInside(core, argument) !== undefined || isTimedSignal(core, argument))) return true;
  let at: TypeScript.Node = unstrip(called ?? use, false);
  for (let i = 0; i < 10 && at.parent && at !== owner; i++) {
    const parent = at.parent;
    if (ts.isCallExpression(parent)) {
      const index = parent.arguments.findIndex((argument) => argument === at);
      const list = parent.arguments[0];
      const name = calledName(parent) ?? '';
      if (index === 0 && name === 'race' && list) return raceOf(core, strip(list), use) !== undefined;
      if (index >= 0) {
        const entity = entityOf(core, parent.expression);
        if (entity.kind === 'function') return boundsParametersOf(core, entity.id).includes(index);
        if (BOUNDING_NAME.test(name)) return true;
        const place = cataloguedOf(core, entity);
        return place?.library.guards?.some((guard) => guard.call === place.path.join('.') && guard.of === index) ?? false;
      }
    }
    at = parent;
  }
  // `new Promise((resolve, reject) => { setTimeout(reject, ms); promise.then(resolve, reject); })`
  const executor = ts.findAncestor(use, isFunctionNode);
  return executor !== undefined && executor !== owner && ts.isNewExpression(executor.parent) && ts.isIdentifier(executor.parent.expression) && executor.parent.expression.text === 'Promise' && timerInside(core, executor) !== undefined;
}

function isTimedSignal(core: Core, argument: TypeScript.Expression): boolean {
  const node = strip(argument);
  if (!ts.isPropertyAccessExpression(node) || node.name.text !== 'signal' || !ts.isIdentifier(node.expression)) return false;
  const binding = core.scopes.lookup(node.expression.text, node);
  return binding !== undefined && core.scopes.references(binding).some((use) => ts.isPropertyAccessExpression(use.parent) && use.parent.name.text === 'abort');
}

// `fn(request, response, next).catch(next)`, `Promise.resolve(fn(…)).catch(next)`, `try { await fn(…) } catch …`
function isHandled(core: Core, use: TypeScript.Identifier): boolean {
  const call = use.parent;
  const isCall = ts.isCallExpression(call) && (call.expression === use || (ts.isPropertyAccessExpression(call.expression) && call.expression.expression === use && /^(call|apply)$/.test(call.expression.name.text)));
  const outer = ts.isPropertyAccessExpression(call) && ts.isCallExpression(call.parent) && /^(call|apply|catch|then)$/.test(call.name.text) ? call.parent : undefined;
  if (!isCall && !outer) return passesOn(core, use, handlesParametersOf);
  let at: TypeScript.Node = outer ?? call;
  if (isInTry(at) && ts.isAwaitExpression(unstrip(at, false).parent)) return true;
  for (let i = 0; i < 10 && at.parent && !isFunctionNode(at.parent); i++) {
    const parent = at.parent;
    if (ts.isCallExpression(at) && ts.isPropertyAccessExpression(at.expression)) {
      if (at.expression.name.text === 'catch' || (at.expression.name.text === 'then' && at.arguments.length > 1)) return true;
    }
    at = parent;
  }
  return ts.isCallExpression(at) && ts.isPropertyAccessExpression(at.expression) && at.expression.name.text === 'catch' ? true : isInTry(call) && hasAwaitAbove(call);
}

function hasAwaitAbove(node: TypeScript.Node): boolean {
  for (let at = node; at.parent && !isFunctionNode(at); at = at.parent) if (ts.isAwaitExpression(at.parent)) return true;
  return false;
}

function isListenedTo(core: Core, use: TypeScript.Identifier): boolean {
  const access = use.parent;
  if (ts.isPropertyAccessExpression(access) && access.expression === use && LISTENS.has(access.name.text)) {
    const event = ts.isCallExpression(access.parent) ? access.parent.arguments[0] : undefined;
    return event !== undefined && ts.isStringLiteralLike(event) && event.text === 'error';
  }
  return passesOn(core, use, listensParametersOf);
}

// The parameter is handed on to a function of this file that does it.
function passesOn(core: Core, use: TypeScript.Identifier, summary: (core: Core, id: number) => readonly number[]): boolean {
  const call = use.parent;
  if (!ts.isCallExpression(call) || call.expression === use) return false;
  const entity = entityOf(core, call.expression);
  return entity.kind === 'function' && summary(core, entity.id).includes(call.arguments.findIndex((argument) => argument === use));
}
