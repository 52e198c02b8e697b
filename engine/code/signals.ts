// Abort signals: whether a timer ends them.

import type { Core } from './core';
import type { Value } from './values';
import { valueOf } from './fold';
import { entityOf } from './resolve';
import { isFunctionNode, memberName, strip } from './syntax';
import { ts, type TypeScript } from './typescript';

type SignalValue = Value & { kind: 'signal' };

/** `AbortSignal.timeout(ms)` and `AbortSignal.any([…])`; undefined for any other call. */
export function abortSignal(core: Core, node: TypeScript.CallExpression | TypeScript.NewExpression): Value | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const callee = strip(node.expression, false);
  if (!ts.isPropertyAccessExpression(callee) || !ts.isIdentifier(callee.expression) || callee.expression.text !== 'AbortSignal') return undefined;
  if (core.scopes.lookup('AbortSignal', callee)) return undefined;
  const first = node.arguments[0];
  if (callee.name.text === 'timeout') return timer(first ? valueOf(core, first) : { kind: 'unknown' });
  if (callee.name.text !== 'any') return { kind: 'signal', limit: 'unknown' };
  const list = first ? valueOf(core, first) : undefined;
  if (list?.kind !== 'array') return { kind: 'signal', limit: 'unknown' };
  const timers = list.items.filter((item): item is SignalValue => item.kind === 'signal' && item.limit === 'timer');
  if (timers.length > 0) {
    const known = timers.flatMap((item) => (item.ms === undefined ? [] : [item.ms]));
    return { kind: 'signal', limit: 'timer', ...(known.length > 0 ? { ms: Math.min(...known) } : {}) };
  }
  const isNone = !list.isOpen && list.items.every((item) => item.kind === 'signal' && item.limit === 'none');
  return { kind: 'signal', limit: isNone ? 'none' : 'unknown' };
}

function timer(delay: Value): SignalValue {
  return { kind: 'signal', limit: 'timer', ...(delay.kind === 'number' ? { ms: delay.value } : {}), ...(delay.kind === 'parameter' ? { delay } : {}) };
}

/** The signal of a controller that is made in this file; undefined where `base` is no such controller. */
export function controllerSignal(core: Core, base: TypeScript.Expression): Value | undefined {
  if (ts.isNewExpression(base)) return isController(core, base) ? { kind: 'signal', limit: 'none' } : undefined;
  if (!ts.isIdentifier(base)) return undefined;
  const binding = core.scopes.lookup(base.text, base);
  const declaration = binding?.node;
  if (!binding || !declaration || !ts.isVariableDeclaration(declaration)) return undefined;
  // `let controller; if (timeoutMs) { controller = new AbortController(); … }`
  const write = core.scopes.writes(binding)[0];
  const later = !declaration.initializer && core.scopes.writes(binding).length === 1 && write && ts.isBinaryExpression(write) ? write.right : undefined;
  const value = declaration.initializer ?? later;
  const made = value ? strip(value) : undefined;
  if (!made || !isController(core, made)) return undefined;
  let limit: SignalValue['limit'] = 'none';
  for (const use of core.scopes.references(binding)) {
    const access = use.parent;
    if (access === write) continue;
    const name = ts.isPropertyAccessExpression(access) && access.expression === use ? access.name.text : undefined;
    if (name === 'signal') continue;
    const delay = name === 'abort' ? delayOf(core, access) : undefined;
    if (delay) return timer(delay);
    // Handed on, or ended by something other than a timer (a closed request): not for us to judge.
    limit = 'unknown';
  }
  return { kind: 'signal', limit };
}

function isController(core: Core, node: TypeScript.Expression): boolean {
  if (!ts.isNewExpression(node)) return false;
  const entity = entityOf(core, node.expression);
  return (entity.kind === 'global' && entity.name === 'AbortController') || (entity.kind === 'package' && entity.path[0] === 'AbortController') || (entity.kind === 'package' && entity.package === 'abort-controller');
}

/** The delay of the timer that runs what a node stands in, or that takes it as its callback: `setTimeout(() => c.abort(), 5000)`, `setTimeout(c.abort.bind(c), ms)`. */
export function delayOf(core: Core, node: TypeScript.Node): Value | undefined {
  let at: TypeScript.Node = node;
  for (let i = 0; i < 12 && at.parent; i++) {
    const parent = at.parent;
    if (ts.isCallExpression(parent) && parent.arguments[0] === at && isTimer(core, parent)) {
      const delay = parent.arguments[1];
      return delay ? valueOf(core, delay) : { kind: 'number', value: 0 };
    }
    // Out of one callback only: a listener that is registered inside a timer is not the timer.
    if (isFunctionNode(at) && !(ts.isCallExpression(parent) && parent.arguments[0] === at)) return namedTimer(core, at);
    if (ts.isSourceFile(parent)) return undefined;
    at = parent;
  }
  return undefined;
}

// `const onTimeout = () => c.abort(); setTimeout(onTimeout, ms)`
function namedTimer(core: Core, callback: TypeScript.Node): Value | undefined {
  const owner = callback.parent;
  const name = ts.isFunctionDeclaration(callback) ? callback.name : ts.isVariableDeclaration(owner) && ts.isIdentifier(owner.name) ? owner.name : undefined;
  const binding = name && core.scopes.lookup(name.text, owner);
  for (const use of binding ? core.scopes.references(binding) : []) {
    const call = use.parent;
    if (ts.isCallExpression(call) && call.arguments[0] === use && isTimer(core, call)) {
      const delay = call.arguments[1];
      return delay ? valueOf(core, delay) : { kind: 'number', value: 0 };
    }
  }
  return undefined;
}

/** `setTimeout(…)`, of the global or `node:timers`. */
export function isTimer(core: Core, call: TypeScript.CallExpression): boolean {
  const callee = strip(call.expression, false);
  const name = ts.isIdentifier(callee) ? callee.text : memberName(callee);
  if (name !== 'setTimeout') return false;
  const entity = entityOf(core, callee);
  return entity.kind === 'global' || (entity.kind === 'package' && /^(node:)?timers(\/promises)?$/.test(entity.package));
}
