// Where in its work a message is acknowledged, given back, or taken off its queue.

import type { ConsumerShape } from '../../../catalog/schema';
import type { AckFact, TakeFact } from '../construct-facts';
import type { Collector, FileReader } from '../file-reader';
import { strip, type FunctionNode } from '../syntax';
import { ts, type TypeScript } from '../typescript';
import { placeOf } from './callee';
import { calleeMark, calleeName, nodeSpan } from './marks';
import { constructNames } from './names';
import { findInside, walkInside } from './walk';
import { isWork, statementOf, workAfter } from './work';

// A handler that speaks of these knows that a message can come again.
const COUNTS = /redeliver|deliver(y|ies|edCount)|x-death|retr(y|ies)|attempt|requeueCount/i;

/** Acknowledgements and refusals inside a handler, each with the work that comes after it on the same way. Linear in the handler. */
export function ackFacts(consumer: number, handler: FunctionNode | undefined, shape: ConsumerShape, reader: FileReader): AckFact[] {
  const body = handler?.body;
  if (!body || (!shape.ack && !shape.reject)) return [];
  const found: AckFact[] = [];
  const first = handler.parameters[0]?.name;
  const message = first && ts.isIdentifier(first) ? first.text : undefined;
  const isCounted = COUNTS.test(reader.text.slice(body.pos, body.end));
  walkInside(body, (node) => {
    if (!ts.isCallExpression(node)) return;
    const callee = strip(node.expression, false);
    if (!ts.isPropertyAccessExpression(callee)) return;
    const method = callee.name.text;
    const back = shape.reject?.methods.find(({ name }) => name === method);
    if (!back && !shape.ack?.methods.includes(method)) return;
    if (shape.ack?.of === 'message' && (message === undefined || rootName(callee.expression) !== message)) return;
    const after = back ? undefined : workAfter(node, handler, reader);
    found.push({
      consumer,
      method,
      span: nodeSpan(node, reader.sourceFile),
      ...(after ? { workAfter: calleeName(after.expression, reader.sourceFile), workAfterSpan: nodeSpan(statementOf(after), reader.sourceFile), linesBetween: lineOf(after, reader) - lineOf(node, reader) } : {}),
      ...(back ? { returns: returnsOf(node, back.argument, back.comesBack), isCounted, argumentsSpan: [callee.name.getStart(reader.sourceFile), node.end] as const } : {}),
      ...(message === undefined ? {} : { message }),
      isInCatch: isInCatch(node, handler),
      isStatement: ts.isExpressionStatement(node.parent) || (ts.isAwaitExpression(node.parent) && ts.isExpressionStatement(node.parent.parent)),
    });
  });
  return found;
}

function returnsOf(call: TypeScript.CallExpression, argument: number | undefined, comesBack: boolean): NonNullable<AckFact['returns']> {
  const given = argument === undefined ? undefined : call.arguments[argument];
  if (call.arguments.some((one) => ts.isSpreadElement(one))) return 'unknown';
  if (!given || (ts.isIdentifier(given) && given.text === 'undefined')) return comesBack ? 'always' : 'never';
  if (given.kind === ts.SyntaxKind.TrueKeyword) return 'always';
  return given.kind === ts.SyntaxKind.FalseKeyword ? 'never' : 'unknown';
}

function rootName(node: TypeScript.Expression): string {
  let at = strip(node, false);
  for (let hops = 0; hops < 8 && ts.isPropertyAccessExpression(at); hops++) at = strip(at.expression, false);
  return ts.isIdentifier(at) ? at.text : '';
}

function isInCatch(node: TypeScript.Node, handler: TypeScript.Node): boolean {
  for (let at = node; at.parent && at.parent !== handler; at = at.parent) if (ts.isCatchClause(at.parent)) return true;
  return false;
}

function lineOf(node: TypeScript.Node, reader: FileReader): number {
  return reader.sourceFile.getLineAndCharacterOfPosition(node.getStart(reader.sourceFile)).line;
}

/** Collects `takes`: calls that take a message off its queue before the work on it. */
export function takes(reader: FileReader): Collector {
  const found: TakeFact[] = [];
  const names = constructNames(reader.catalog).takes;
  return {
    visit(node) {
      if (!ts.isCallExpression(node) || !names.has(reader.calledName(node)) || !isAwaited(node)) return;
      const entity = reader.resolve(node.expression);
      const place = placeOf(entity, reader);
      const row = place && place.library.takes?.find((one) => one.on === place.instance && one.names.includes(place.path.join('.')) && (one.command === undefined || one.command === commandOf(node, reader)));
      if (!row || (row.isLast === true && !isFirst(node, reader))) return;
      const work = workAfter(statementOf(node), undefined, reader);
      if (!work) return;
      found.push({
        entity,
        callee: calleeMark(node, reader.sourceFile),
        calleeText: row.command ?? calleeName(node.expression, reader.sourceFile),
        span: nodeSpan(node, reader.sourceFile),
        work: calleeName(work.expression, reader.sourceFile),
        workSpan: nodeSpan(statementOf(work), reader.sourceFile),
        function: reader.functionOf(node),
        ...(row.isLast === true ? { isLast: true } : {}),
      });
    },
    finish: () => ({ takes: found }),
  };
}

// `await queue.take()`, `await queue.take().promise()`
function isAwaited(node: TypeScript.Node): boolean {
  const { parent } = node;
  if (ts.isAwaitExpression(parent)) return true;
  return ts.isPropertyAccessExpression(parent) && parent.name.text === 'promise' && ts.isCallExpression(parent.parent) && ts.isAwaitExpression(parent.parent.parent);
}

// `send(new DeleteMessageCommand(…))`
function commandOf(call: TypeScript.CallExpression, reader: FileReader): string | undefined {
  const first = call.arguments[0];
  return first && ts.isNewExpression(first) ? reader.calledName(first) : undefined;
}

// Directly in a loop over what was received, with no work before it in the loop's body.
function isFirst(call: TypeScript.Node, reader: FileReader): boolean {
  const statement = statementOf(call);
  const block = statement.parent;
  if (!block || !ts.isBlock(block) || !(ts.isForOfStatement(block.parent) || ts.isForStatement(block.parent))) return false;
  const index = block.statements.findIndex((one) => one === statement);
  return block.statements.slice(0, index).every((one) => findInside(one, (node): node is TypeScript.CallExpression => isWork(node, reader)) === undefined);
}
