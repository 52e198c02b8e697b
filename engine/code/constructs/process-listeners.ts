// Listeners of the whole process: signals, uncaught errors. What they close and whether they end the process.

import type { ProcessListenerFact, StopStep } from '../construct-facts';
import type { Collector, FileReader } from '../file-reader';
import { calledName, isFunctionNode, memberName, strip, type FunctionNode } from '../syntax';
import { LISTENS } from '../catalogued';
import { ts, type TypeScript } from '../typescript';
import { callbacksOf } from './callback';
import { isForDevelopment } from './development';
import { calleeMark, nodeSpan } from './marks';
import { stopStep } from './stop-steps';

const CLOSES = /^(close|closeAll|closeAsync|end|stop|drain|shutdown|shutDown|gracefulShutdown|quit|disconnect|destroy|terminate|tryShutdown|forceShutdown|gracefulStop|dispose|teardown|cleanup|cleanUp|pause|cancel|abort|kill|exitGracefully|onShutdown|beforeExit|release|unsubscribe|stopAllMicroservices|closeAllConnections)$/i;
// What only tells of the error, wherever it is written.
const WATCHES = /^(?!.*(?:exit|stop|shut|crash|die|kill|end|fatal)).*(?:log|report|capture|track|record|notify|alert)/i;
const SIGNALS: ReadonlySet<string> = new Set(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR2', 'SIGBREAK']);

/** Collects `processListeners`: one fact for each event that a listener is attached to. */
export function processListeners(reader: FileReader): Collector {
  const found: ProcessListenerFact[] = [];
  return {
    visit(node) {
      if (!ts.isCallExpression(node) || node.arguments.length < 2) return;
      if (!LISTENS.has(calledName(node) ?? '') || !isProcess(node, reader) || isForDevelopment(node, reader)) return;
      const callback = node.arguments[1] && callbacksOf(node.arguments[1], reader)[0];
      const body = callback?.node ?? undefined;
      for (const event of eventsOf(node.arguments[0], reader)) {
        const acts = body ? actionsOf(body, reader) : undefined;
        found.push({
          event,
          span: nodeSpan(node, reader.sourceFile),
          mark: calleeMark(node, reader.sourceFile),
          callback: callback?.id ?? -1,
          closes: acts?.closes ?? [],
          exits: acts?.exits ?? false,
          isEmpty: body !== undefined && body.body !== undefined && ts.isBlock(body.body) && body.body.statements.length === 0,
          isOutOfSight: acts === undefined || acts.isOutOfSight,
          logs: acts?.logs ?? false,
          ...(acts && acts.steps.length > 0 ? { steps: acts.steps } : {}),
          ...(body && node.arguments[1] && strip(node.arguments[1], false) === body ? { handler: nodeSpan(body, reader.sourceFile) } : {}),
        });
      }
    },
    finish: () => ({ processListeners: found }),
  };
}

function isProcess(call: TypeScript.CallExpression, reader: FileReader): boolean {
  const entity = reader.resolve(call.expression);
  return (entity.kind === 'global' && entity.name === 'process') || (entity.kind === 'package' && /^(node:)?process$/.test(entity.package));
}

// A literal, a variable of a loop over literals (`for (const signal of ['SIGTERM', 'SIGINT'])`, `signals.forEach((signal) => …)`), else every signal: it may be one.
function eventsOf(node: TypeScript.Expression | undefined, reader: FileReader): readonly string[] {
  if (!node) return [];
  const value = reader.fold(node);
  if (value.kind === 'string') return [value.value];
  if (value.kind === 'choice') return value.options.flatMap((option) => (option.kind === 'string' ? [option.value] : []));
  return [...SIGNALS];
}

interface Actions {
  readonly closes: string[];
  readonly steps: StopStep[];
  exits: boolean;
  logs: boolean;
  /** It calls something whose body we do not see. */
  isOutOfSight: boolean;
}

// What the function does, functions of this file that it calls included (three levels), nested callbacks too.
function actionsOf(root: FunctionNode, reader: FileReader): Actions {
  const acts: Actions = { closes: [], steps: [], exits: false, logs: false, isOutOfSight: false };
  const seen = new Set<TypeScript.Node>();
  const read = (fn: FunctionNode, depth: number): void => {
    if (seen.has(fn) || depth > 3 || !fn.body) return;
    seen.add(fn);
    const visit = (node: TypeScript.Node): void => {
      if (ts.isThrowStatement(node)) acts.exits = true;
      if (ts.isCallExpression(node)) readCall(node, depth);
      if (ts.isBinaryExpression(node) && ts.isPropertyAccessExpression(node.left) && node.left.name.text === 'exitCode') acts.exits = true;
      ts.forEachChild(node, visit);
    };
    visit(fn.body);
  };
  const readCall = (call: TypeScript.CallExpression, depth: number): void => {
    const callee = strip(call.expression, false);
    const name = calledName(call) ?? '';
    const entity = reader.resolve(call.expression);
    if (entity.kind === 'global' && entity.name === 'process' && /^(exit|abort|kill|reallyExit)$/.test(entity.path[0] ?? '')) {
      acts.exits = true;
      return;
    }
    if (/^(log|debug|info|warn|error|fatal|trace|captureException|captureMessage|notify|report)$/i.test(name)) acts.logs = true;
    const target = entity.kind === 'function' ? reader.functionNode(entity.id) : undefined;
    if (target && isFunctionNode(target)) {
      if (CLOSES.test(name)) acts.closes.push(name);
      read(target, depth + 1);
      return;
    }
    const receiver = memberName(callee) === undefined || !ts.isPropertyAccessExpression(callee) ? '' : callee.expression.getText(reader.sourceFile).slice(0, 60);
    if (CLOSES.test(name)) {
      acts.closes.push(receiver === '' ? name : `${receiver}.${name}`);
      const step = acts.steps.length < 50 ? stopStep(call, reader, (other) => CLOSES.test(other)) : undefined;
      if (step) acts.steps.push(step);
    } else if (!WATCHES.test(name) && (entity.kind === 'project' || entity.kind === 'typed-project' || entity.kind === 'parameter' || /emit|dispatch|run|exit|signal/i.test(name))) acts.isOutOfSight = true;
  };
  read(root, 0);
  return acts;
}
