// Whether a listener that hears of a lost connection does something about it, or only says so.

import type { Core } from './core';
import { entityOf } from './resolve';
import { calledName, isAssignmentOperator, isFunctionNode, strip } from './syntax';
import { ts, type TypeScript } from './typescript';

/** Events by which emitters tell that a connection has ended. */
export const LOSS_EVENTS: ReadonlySet<string> = new Set(['close', 'end', 'error', 'disconnect', 'disconnected', 'exit', 'finish', 'goaway']);

const TELLS = /^(log|debug|info|warn|warning|error|fatal|trace|verbose|inc|increment|captureException|captureMessage|notify|report|String|stringify|inspect|toString|now|toISOString)$/;

/** Whether a listener does more than log: it calls something else, sets something, throws or ends the process. One that is out of sight may do anything. Linear in its code. */
export function actsOnLoss(core: Core, listener: TypeScript.Expression): boolean {
  const node = strip(listener, false);
  const entity = isFunctionNode(node) ? undefined : entityOf(core, node);
  const body = isFunctionNode(node) ? node.body : entity?.kind === 'function' ? core.scopes.functions[entity.id]?.body : undefined;
  // `console.error` itself, or a function of another file.
  if (!body) return !(ts.isPropertyAccessExpression(node) && TELLS.test(node.name.text));
  let acts = false;
  const visit = (at: TypeScript.Node): void => {
    if (acts) return;
    if (ts.isCallExpression(at) && !TELLS.test(calledName(at) ?? '')) acts = true;
    else if (ts.isThrowStatement(at) || ts.isNewExpression(at) || (ts.isBinaryExpression(at) && isAssignmentOperator(at.operatorToken.kind))) acts = true;
    else ts.forEachChild(at, visit);
  };
  visit(body);
  return acts;
}
