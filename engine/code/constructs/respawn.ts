// A listener that starts again what has ended: `child.on('exit', start)` inside `start`, `cluster.on('exit', () => cluster.fork())`.

import type { RetryFact } from '../construct-facts';
import type { FileReader } from '../file-reader';
import { LISTENS } from '../catalogued';
import { calledName, isFunctionNode, strip, type FunctionNode } from '../syntax';
import { ts, type TypeScript } from '../typescript';
import { callbacksOf } from './callback';
import { awaitedDelay, timerDelay, type Delay } from './delay';
import { boundOf, stronger, type BoundKind } from './exits';
import { calleeMark, nodeSpan } from './marks';

const ENDS = /^(exit|close|end|disconnect|disconnected|error)$/;
const CONNECTION = /ws|sock|conn|client|child|proc|worker|server|thread|fork|feed|channel|peer|subscri/i;
const STARTS = /^(fork|spawn|start|restart|launch|connect|reconnect|open)$/;
// One run after the other, each with the next piece of work, is no repetition.
const GOES_ON = /\.(shift|pop|next|splice)\(|queue|\bnext\w*\(|\+\+/i;

interface Again {
  readonly name: string;
  /** The call in the listener itself that leads to it. */
  readonly first: TypeScript.CallExpression;
  readonly delay: Delay | undefined;
  readonly bound: BoundKind;
}

/** The repetition that a listener is; undefined where it starts nothing again. */
export function respawnFact(node: TypeScript.CallExpression, reader: FileReader): RetryFact | undefined {
  if (!LISTENS.has(calledName(node) ?? '') || !ts.isPropertyAccessExpression(node.expression) || node.arguments.length < 2) return undefined;
  const event = node.arguments[0] && ts.isStringLiteralLike(node.arguments[0]) ? node.arguments[0].text : '';
  const handler = node.arguments[1];
  if (!ENDS.test(event) || !handler) return undefined;
  const receiver = strip(node.expression.expression, false);
  const text = receiver.getText(reader.sourceFile).slice(-60);
  if (event !== 'exit' && !CONNECTION.test(text)) return undefined;
  const owner = reader.functionNode(reader.functionOf(node));
  if (owner && GOES_ON.test(owner.getText(reader.sourceFile).slice(0, 5_000))) return undefined;
  const again = againIn(node, handler, owner, text, reader);
  if (!again) return undefined;
  return {
    kind: 'respawn',
    mark: again.first === node || !isFunctionNode(strip(handler, false)) ? nodeSpan(handler, reader.sourceFile) : calleeMark(again.first, reader.sourceFile),
    span: nodeSpan(node, reader.sourceFile),
    function: reader.functionOf(node),
    purpose: 'reconnect',
    bound: again.bound,
    delay: again.delay?.kind ?? 'none',
    ...(again.delay ? { delaySpan: nodeSpan(again.delay.node, reader.sourceFile) } : {}),
    ...(again.delay?.argument ? { delayArgument: nodeSpan(again.delay.argument, reader.sourceFile) } : {}),
    tries: again.name,
    calls: [],
  };
}

// The first call in the listener, or in functions of the file that it calls (two deep), that runs the owner again or starts the same thing anew.
function againIn(listener: TypeScript.CallExpression, handler: TypeScript.Expression, owner: FunctionNode | undefined, receiver: string, reader: FileReader): Again | undefined {
  const named = strip(handler, false);
  if (!isFunctionNode(named) && owner && behind(named, reader) === owner) return { name: nameOfOwner(owner), first: listener, delay: undefined, bound: 'none' };
  const root = callbacksOf(handler, reader)[0]?.node;
  const seen = new Set<TypeScript.Node>();
  const search = (fn: FunctionNode, delay: Delay | undefined, bound: BoundKind, depth: number): Again | undefined => {
    if (seen.has(fn) || !fn.body) return undefined;
    seen.add(fn);
    let found: Again | undefined;
    let waited = delay;
    let limit = bound;
    const visit = (at: TypeScript.Node, timer: Delay | undefined): void => {
      if (found) return;
      if (ts.isAwaitExpression(at)) waited ??= awaitedDelay(at.expression, fn, reader) ?? { kind: 'unknown', node: at };
      if (ts.isIfStatement(at)) limit = stronger(limit, countedBy(at.expression, fn, reader));
      let inner = timer;
      if (ts.isCallExpression(at)) {
        const name = calledName(at) ?? '';
        if (/^set(Timeout|Interval)$|delay|debounce|throttle|schedule|backoff/i.test(name)) inner = name === 'setTimeout' ? timerDelay(at, fn, reader) : { kind: 'unknown', node: at };
        const target = behind(strip(at.expression, false), reader) ?? (name === 'setTimeout' && at.arguments[0] ? behind(strip(at.arguments[0], false), reader) : undefined);
        const isStart = !owner && STARTS.test(name) && ts.isPropertyAccessExpression(at.expression) && at.expression.expression.getText(reader.sourceFile) === receiver;
        if ((owner && target === owner) || isStart) {
          found = { name: name === 'setTimeout' && owner ? nameOfOwner(owner) : name, first: at, delay: inner ?? waited, bound: limit };
          return;
        }
        const deeper = target && depth < 2 ? search(target, inner ?? waited, limit, depth + 1) : undefined;
        if (deeper) found = { ...deeper, first: at };
        if (found) return;
      }
      ts.forEachChild(at, (child) => visit(child, inner));
    };
    visit(fn.body, undefined);
    return found;
  };
  return root && isFunctionNode(root) && root !== owner ? search(root, undefined, 'none', 0) : undefined;
}

function countedBy(condition: TypeScript.Expression, scope: TypeScript.Node, reader: FileReader): BoundKind {
  // `code > 0` compares what the listener was told, not a number of attempts.
  if (/\b(code|status|signal|exitCode)\b\s*[!=<>]/.test(condition.getText(reader.sourceFile))) return 'none';
  const bound = boundOf(condition, scope, reader, () => false);
  return bound === 'count' || bound === 'deadline' ? bound : 'none';
}

function behind(callee: TypeScript.Expression, reader: FileReader): FunctionNode | undefined {
  if (!ts.isIdentifier(callee) && !ts.isPropertyAccessExpression(callee)) return undefined;
  const id = reader.functionBehind(callee);
  return id === undefined ? undefined : reader.functionNode(id);
}

function nameOfOwner(owner: FunctionNode): string {
  const name = owner.name ?? (ts.isVariableDeclaration(owner.parent) || ts.isPropertyDeclaration(owner.parent) ? owner.parent.name : undefined);
  return name && ts.isIdentifier(name) ? name.text : 'it';
}
