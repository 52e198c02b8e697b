// A function that calls itself where it has failed: in a `catch`, in `.catch(…)`, or by a timer there.

import type { RetryFact } from '../construct-facts';
import type { FileReader } from '../file-reader';
import { calledName, isAccess, isFunctionNode, memberName, strip } from '../syntax';
import { ts, type TypeScript } from '../typescript';
import { awaitedDelay, delayLength, timerDelay, type Delay } from './delay';
import { boundOf, conditionalExit, stronger, type BoundKind } from './exits';
import { firstWork } from './first-work';
import { calleeName, nodeSpan } from './marks';
import { looksAtError } from './retry-errors';
import { CONNECTS, isConflict } from './retry-loop';
import { retryScope } from './retry-scope';
import { walkInside } from './walk';

/** The retry that a call of the function around it is; undefined where it is none. */
export function recursionFact(call: TypeScript.CallExpression, reader: FileReader): RetryFact | undefined {
  const timer = calledName(call) === 'setTimeout' ? call : undefined;
  const again = timer ? timedCall(timer, reader) : asAgain(call);
  if (!again) return undefined;
  const failure = failureAround(timer ?? call);
  if (!failure) return undefined;
  const target = functionOfCallee(again.callee, reader);
  if (target === undefined || !isInside(call, reader.functionNode(target))) return undefined;
  const self = reader.functionNode(target);
  if (!self || !failure.tried || (!timer && isTimed(call, failure.node)) || goesOnAnyway(self, target, failure.node, reader)) return undefined;
  const name = calleeName(failure.tried, reader.sourceFile);
  const delay = timer ? timerDelay(timer, self, reader) : delayBefore(failure.node, call, self, reader);
  const own = calleeName(again.callee, reader.sourceFile);
  return {
    kind: 'recursion',
    mark: nodeSpan(again.callee, reader.sourceFile),
    span: nodeSpan(call, reader.sourceFile),
    function: reader.functionOf(call),
    purpose: CONNECTS.test(own.slice(own.lastIndexOf('.') + 1)) || CONNECTS.test(name.slice(name.lastIndexOf('.') + 1)) ? 'reconnect' : 'retry',
    bound: recursionBound(again.arguments, failure.node, call, self, failure.errorName, reader),
    delay: delay?.kind ?? 'none',
    ...(delay ? { delaySpan: nodeSpan(delay.node, reader.sourceFile) } : {}),
    ...(delay?.argument ? { delayArgument: nodeSpan(delay.argument, reader.sourceFile) } : {}),
    tries: name,
    isConflict: isConflict(failure.node, name, reader),
    // `load(true)`: the one further attempt says so.
    ...(again.arguments?.some((argument) => argument.kind === ts.SyntaxKind.TrueKeyword || argument.kind === ts.SyntaxKind.FalseKeyword) ? { attempts: 2 } : {}),
    calls: [],
    ...scopeOf(call, failure, reader),
    ...delayLength(delay, reader),
  };
}

function scopeOf(call: TypeScript.CallExpression, failure: Failure, reader: FileReader): Partial<RetryFact> {
  const scope = retryScope(call, failure.root, undefined, reader);
  return { ...scope, isSorted: scope.isSorted === true || looksAtError(failure.node, failure.errorName, reader) };
}

// The timer around it is the retry.
function isTimed(call: TypeScript.Node, failure: TypeScript.Node): boolean {
  for (let at: TypeScript.Node = call; at !== failure && at.parent; at = at.parent) if (ts.isCallExpression(at) && /^set(Timeout|Interval|Immediate)$/.test(calledName(at) ?? '')) return true;
  return false;
}

// A function that is started again after success as well, by itself or by what it calls, runs on purpose, whatever becomes of one run.
function goesOnAnyway(self: TypeScript.Node, target: number, failure: TypeScript.Node, reader: FileReader): boolean {
  const called = new Set<TypeScript.Node>();
  const starts = (root: TypeScript.Node, isOutside: boolean): boolean => {
    let found = false;
    const visit = (node: TypeScript.Node): void => {
      if (found || node === failure || (isOutside && node === self)) return;
      if (ts.isCallExpression(node)) {
        const names = [node.expression, ...(/^set(Timeout|Interval|Immediate)$/.test(calledName(node) ?? '') ? node.arguments.slice(0, 1) : [])];
        for (const name of names) {
          const id = functionOfCallee(strip(name, false), reader);
          const next = id === undefined ? undefined : reader.functionNode(id);
          if (id === target) found = true;
          else if (next && !isOutside && called.size < 20) called.add(next);
        }
      }
      ts.forEachChild(node, visit);
    };
    ts.forEachChild(root, visit);
    return found;
  };
  return starts(self, false) || [...called].some((root) => starts(root, true));
}

interface Again {
  readonly callee: TypeScript.Expression;
  readonly arguments: readonly TypeScript.Expression[] | undefined;
}

function asAgain(call: TypeScript.CallExpression): Again {
  return { callee: call.expression, arguments: call.arguments };
}

// `setTimeout(load, 1000)`, `setTimeout(() => load(n + 1), 1000)`
function timedCall(timer: TypeScript.CallExpression, reader: FileReader): Again | undefined {
  const first = timer.arguments[0] && strip(timer.arguments[0], false);
  if (!first) return undefined;
  if (ts.isIdentifier(first) || isAccess(first)) return { callee: first, arguments: [...timer.arguments.slice(2)] };
  if (!isFunctionNode(first) || !first.body) return undefined;
  const call = firstWork(first.body, reader);
  return call ? asAgain(call) : undefined;
}

function functionOfCallee(callee: TypeScript.Expression, reader: FileReader): number | undefined {
  return ts.isIdentifier(callee) || memberName(callee) !== undefined ? reader.functionBehind(callee) : undefined;
}

function isInside(node: TypeScript.Node, fn: TypeScript.Node | undefined): boolean {
  return fn !== undefined && node.pos >= fn.pos && node.end <= fn.end;
}

interface Failure {
  readonly node: TypeScript.Node;
  /** Callee of what has failed. */
  readonly tried: TypeScript.Expression | undefined;
  readonly errorName: string | undefined;
  /** What has been tried. */
  readonly root: TypeScript.Node;
}

// The catch clause or `.catch` callback around a node, at most one function away.
function failureAround(node: TypeScript.Node): Failure | undefined {
  let functions = 0;
  for (let at: TypeScript.Node = node; at.parent; at = at.parent) {
    if (ts.isCatchClause(at)) {
      const name = at.variableDeclaration?.name;
      return { node: at.block, tried: firstAwait(at.parent.tryBlock), errorName: name && ts.isIdentifier(name) ? name.text : undefined, root: at.parent.tryBlock };
    }
    if (!isFunctionNode(at)) continue;
    const owner = at.parent;
    if (ts.isCallExpression(owner) && calledName(owner) === 'catch' && owner.arguments[0] === at) {
      const receiver = ts.isPropertyAccessExpression(owner.expression) ? strip(owner.expression.expression) : undefined;
      const parameter = at.parameters[0]?.name;
      return { node: at.body ?? at, tried: receiver && ts.isCallExpression(receiver) ? rootCall(receiver) : undefined, errorName: parameter && ts.isIdentifier(parameter) ? parameter.text : undefined, root: owner.expression };
    }
    if (++functions > 1) return undefined;
  }
  return undefined;
}

// `get` of `get().then(use)`.
function rootCall(call: TypeScript.CallExpression): TypeScript.Expression {
  let at = call;
  for (let hops = 0; hops < 10; hops++) {
    const callee = at.expression;
    const inner = ts.isPropertyAccessExpression(callee) && /^(then|catch|finally)$/.test(callee.name.text) ? strip(callee.expression) : undefined;
    if (!inner || !ts.isCallExpression(inner)) break;
    at = inner;
  }
  return at.expression;
}

function firstAwait(block: TypeScript.Block): TypeScript.Expression | undefined {
  let found: TypeScript.Expression | undefined;
  walkInside(block, (node) => {
    if (found || !ts.isAwaitExpression(node)) return found === undefined;
    const call = strip(node.expression);
    if (ts.isCallExpression(call)) found = call.expression;
    return found === undefined;
  });
  return found;
}

function delayBefore(failure: TypeScript.Node, call: TypeScript.CallExpression, self: TypeScript.Node, reader: FileReader): Delay | undefined {
  let found: Delay | undefined;
  walkInside(failure, (node) => {
    if (node.pos > call.pos) return false;
    if (ts.isAwaitExpression(node)) found ??= awaitedDelay(node.expression, self, reader);
    return found === undefined;
  });
  return found;
}

// Counted where an argument changes from attempt to attempt or a condition around the call compares.
function recursionBound(given: readonly TypeScript.Expression[] | undefined, failure: TypeScript.Node, call: TypeScript.Node, self: TypeScript.Node, errorName: string | undefined, reader: FileReader): BoundKind {
  let bound: BoundKind = conditionalExit(failure, failure, errorName, reader);
  for (let at: TypeScript.Node = call; at !== failure && at.parent; at = at.parent) {
    const parent: TypeScript.Node = at.parent;
    const condition = (ts.isIfStatement(parent) && parent.expression !== at) || (ts.isConditionalExpression(parent) && parent.condition !== at) ? (ts.isIfStatement(parent) ? parent.expression : parent.condition) : undefined;
    if (condition) bound = stronger(bound, boundOf(condition, self, reader, () => false) === 'none' ? 'none' : boundAround(condition, self, errorName, reader));
  }
  for (const argument of given ?? []) {
    const text = argument.getText(reader.sourceFile);
    if (/[+-]/.test(text)) bound = stronger(bound, 'count');
    else if (!ts.isIdentifier(argument) || !isOwnParameter(argument, self, reader)) bound = stronger(bound, 'unknown');
  }
  return bound;
}

// A condition about the error alone lets every transient error through again.
function boundAround(condition: TypeScript.Expression, self: TypeScript.Node, errorName: string | undefined, reader: FileReader): BoundKind {
  const bound = boundOf(condition, self, reader, () => false);
  if (bound !== 'unknown') return bound;
  return errorName !== undefined && new RegExp(`^[!(\\s]*(\\w+\\()?${errorName.replace(/\$/g, '\\$')}\\b`).test(condition.getText(reader.sourceFile)) ? 'none' : 'unknown';
}

function isOwnParameter(node: TypeScript.Identifier, self: TypeScript.Node, reader: FileReader): boolean {
  const binding = reader.lookup(node);
  return binding?.kind === 'parameter' && binding.node.pos >= self.pos && binding.node.end <= self.end;
}
