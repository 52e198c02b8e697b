// How long a retry waits between two attempts: not at all, always the same, longer each time, or spread at random.

import type { RetryFact } from '../construct-facts';
import type { FileReader } from '../file-reader';
import { calledName, isFunctionNode, strip } from '../syntax';
import { ts, type TypeScript } from '../typescript';

const SLEEP = /^(sleep|delay|wait|waitFor|pause|backoff|timeout|setTimeout|snooze|nap|tick|cooldown|throttle|retryDelay|asyncTimeout|promisedTimeout)|(sleep|delay|wait|backoff|timeout)(ms|async|promise|for|time|seconds|before\w*|with\w*)?$/i;
const RANDOM = /random|jitter/i;

export interface Delay {
  readonly kind: RetryFact['delay'];
  readonly node: TypeScript.Node;
  /** The expression that gives its length. */
  readonly argument?: TypeScript.Expression;
}

/** The delay that an expression waits for when awaited (`sleep(1000)`, `new Promise((r) => setTimeout(r, 1000))`); undefined = it waits for something else. */
export function awaitedDelay(expression: TypeScript.Expression, loop: TypeScript.Node, reader: FileReader): Delay | undefined {
  const node = strip(expression);
  if (ts.isNewExpression(node)) {
    const timer = node.arguments?.[0] && timerIn(node.arguments[0]);
    return timer && withArgument({ kind: delayKind(timer.arguments[1], loop, reader), node }, timer.arguments[1]);
  }
  if (!ts.isCallExpression(node)) return undefined;
  const name = calledName(node) ?? '';
  if (!SLEEP.test(name)) return undefined;
  return withArgument({ kind: node.arguments.length === 0 ? 'unknown' : delayKind(node.arguments[0], loop, reader), node }, node.arguments[0]);
}

/** `setTimeout(again, ms)` as a delay of what it starts. */
export function timerDelay(call: TypeScript.CallExpression, scope: TypeScript.Node, reader: FileReader): Delay {
  return withArgument({ kind: delayKind(call.arguments[1], scope, reader), node: call }, call.arguments[1]);
}

/** The length in ms of a wait that is always the same number. */
export function delayLength(delay: Delay | undefined, reader: FileReader): { delayMs?: number } {
  const value = delay?.kind === 'fixed' && delay.argument ? reader.fold(delay.argument) : undefined;
  return value?.kind === 'number' ? { delayMs: value.value } : {};
}

function withArgument(delay: Delay, argument: TypeScript.Expression | undefined): Delay {
  return argument ? { ...delay, argument } : delay;
}

function timerIn(root: TypeScript.Node): TypeScript.CallExpression | undefined {
  let found: TypeScript.CallExpression | undefined;
  const visit = (node: TypeScript.Node): void => {
    if (found) return;
    if (ts.isCallExpression(node) && calledName(node) === 'setTimeout') found = node;
    else ts.forEachChild(node, visit);
  };
  visit(root);
  return found;
}

// What the delay is made of: a random part, something that changes in the loop, a power, or only constants.
function delayKind(node: TypeScript.Expression | undefined, loop: TypeScript.Node, reader: FileReader, depth = 0): RetryFact['delay'] {
  if (!node) return 'none';
  const text = node.getText(reader.sourceFile);
  if (RANDOM.test(text)) return 'jittered';
  let grows = membersOf(node).some((member) => isWrittenIn(member.getText(reader.sourceFile), loop, reader));
  if (!grows && isConstant(node, reader)) return 'fixed';
  let kind: RetryFact['delay'] | undefined;
  const visit = (at: TypeScript.Node): void => {
    if (isFunctionNode(at)) return;
    if (ts.isCallExpression(at)) {
      const callee = at.expression.getText(reader.sourceFile);
      if (!/^(Math\.\w+|Number|parseInt|parseFloat|ms)$/.test(callee)) kind = 'unknown';
      if (callee === 'Math.pow') grows = true;
    }
    if (ts.isBinaryExpression(at) && (at.operatorToken.kind === ts.SyntaxKind.AsteriskAsteriskToken || at.operatorToken.kind === ts.SyntaxKind.LessThanLessThanToken)) grows = true;
    if (ts.isElementAccessExpression(at)) grows = true;
    if (ts.isIdentifier(at)) {
      const binding = reader.lookup(at);
      if (binding && reader.writes(binding).some((write) => write.pos >= loop.pos && write.end <= loop.end)) grows = true;
      else if (binding && ts.isVariableDeclaration(binding.node) && binding.node.initializer && binding.node.pos >= loop.pos && binding.node.end <= loop.end && depth < 3) {
        const inner = delayKind(binding.node.initializer, loop, reader, depth + 1);
        if (inner === 'jittered' || inner === 'unknown') kind = inner;
        else if (inner === 'growing') grows = true;
      } else if (binding?.kind === 'parameter') kind ??= isParameterOf(binding.node, loop) ? undefined : 'fixed';
    }
    ts.forEachChild(at, visit);
  };
  visit(node);
  if (kind === 'jittered' || kind === 'unknown') return kind;
  return grows ? 'growing' : 'fixed';
}

function membersOf(root: TypeScript.Node): TypeScript.PropertyAccessExpression[] {
  const members: TypeScript.PropertyAccessExpression[] = [];
  const visit = (node: TypeScript.Node): void => {
    if (ts.isPropertyAccessExpression(node)) members.push(node);
    ts.forEachChild(node, visit);
  };
  visit(root);
  return members;
}

// A counter that is a member: `this.retries++`.
function isWrittenIn(member: string, loop: TypeScript.Node, reader: FileReader): boolean {
  let isWritten = false;
  const visit = (node: TypeScript.Node): void => {
    if (isWritten) return;
    const target =
      ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)
        ? node.operand
        : ts.isBinaryExpression(node) && node.operatorToken.kind >= ts.SyntaxKind.FirstAssignment && node.operatorToken.kind <= ts.SyntaxKind.LastAssignment
          ? node.left
          : undefined;
    if (target && ts.isPropertyAccessExpression(target) && target.getText(reader.sourceFile) === member) isWritten = true;
    else ts.forEachChild(node, visit);
  };
  visit(loop);
  return isWritten;
}

// In a recursion the function's own parameter is what changes from attempt to attempt.
function isParameterOf(parameter: TypeScript.Node, scope: TypeScript.Node): boolean {
  return parameter.pos >= scope.pos && parameter.end <= scope.end;
}

function isConstant(node: TypeScript.Expression, reader: FileReader): boolean {
  const value = reader.fold(node);
  return value.kind === 'number' || value.kind === 'infinity' || value.kind === 'environment' || value.kind === 'reference';
}
