// Consumers of messages, and where in their work a message is acknowledged.

import type { ConsumerShape } from '../../../catalog/schema';
import type { AckFact, ConsumerFact } from '../construct-facts';
import type { Entity } from '../values';
import type { FileReader } from '../file-reader';
import { argumentsOf, calledName, hasModifier, memberName, strip, type FunctionNode } from '../syntax';
import { ts, type TypeScript } from '../typescript';
import { calleeMark, calleeName, nodeSpan } from './marks';
import type { Call, Registration } from './registrations';
import { findInside, leaves, walkInside } from './walk';

const NO_WORK = /^(ack|ackAll|nack|reject|log|debug|info|warn|error|trace|inc|observe|record\w*|set\w*Attribute|startSpan|end|heartbeat|sleep|delay|complete\w*|commit\w*|resolveOffset|json|text|parse|emit|close|increment|publishMetric\w*|track\w*)$/i;

/** The fact of one registration as a consumer. */
export function consumerFact(call: Call, entity: Entity, registration: Registration, shape: ConsumerShape, reader: FileReader): ConsumerFact {
  const given = argumentsOf(call);
  const options = shape.options === 'last-object' || shape.options === 'first-object' || shape.options === 'before-callback' || shape.options === undefined ? undefined : given[shape.options];
  const first = given[0];
  return {
    entity,
    span: nodeSpan(call, reader.sourceFile),
    callee: calleeMark(call, reader.sourceFile),
    handler: registration.callback.id,
    options: options ? reader.fold(options) : { kind: 'undefined' },
    function: reader.functionOf(call),
    ...(first ? { source: reader.fold(first) } : {}),
    doesWork: registration.callback.node !== undefined && firstWorkIn(registration.callback.node, reader) !== undefined,
    ...workOf(registration.callback.node, reader),
    ...receiverOf(call),
  };
}

function receiverOf(call: Call): { receiverName?: string } {
  const receiver = ts.isPropertyAccessExpression(call.expression) ? strip(call.expression.expression, false) : undefined;
  return receiver && ts.isIdentifier(receiver) ? { receiverName: receiver.text } : {};
}

function workOf(node: FunctionNode | undefined, reader: FileReader): { work?: string } {
  const call = node && firstWorkIn(node, reader);
  return call ? { work: calleeName(call.expression, reader.sourceFile) } : {};
}

function firstWorkIn(handler: FunctionNode, reader: FileReader): TypeScript.CallExpression | undefined {
  return handler.body && findInside(handler.body, (node): node is TypeScript.CallExpression => isWork(node, reader));
}

// Something that can fail or be cut: awaited, catalogued, or an async function of this file whose promise is dropped.
function isWork(node: TypeScript.Node, reader: FileReader): boolean {
  if (!ts.isCallExpression(node) || NO_WORK.test(calledName(node) ?? '')) return false;
  if (ts.isAwaitExpression(node.parent)) return true;
  if (reader.callIndex(node) !== undefined && !isPlain(node)) return true;
  const target = reader.functionBehind(node.expression);
  const fn = target === undefined ? undefined : reader.functionNode(target);
  return fn !== undefined && hasModifier(fn, ts.SyntaxKind.AsyncKeyword);
}

// A call of another file that is neither awaited nor kept as a promise may be anything.
function isPlain(node: TypeScript.CallExpression): boolean {
  return memberName(strip(node.expression, false)) !== undefined && !ts.isExpressionStatement(node.parent);
}

/** Acknowledgements inside a handler, each with the work that comes after it on the same way. Linear in the handler. */
export function ackFacts(consumer: number, handler: FunctionNode | undefined, shape: ConsumerShape, reader: FileReader): AckFact[] {
  const ack = shape.ack;
  if (!ack || !handler?.body) return [];
  const found: AckFact[] = [];
  const message = handler.parameters[0]?.name;
  walkInside(handler.body, (node) => {
    if (!ts.isCallExpression(node)) return;
    const callee = strip(node.expression, false);
    if (!ts.isPropertyAccessExpression(callee) || !ack.methods.includes(callee.name.text)) return;
    const root = rootName(callee.expression);
    if (ack.of === 'message' && !(message && ts.isIdentifier(message) && root === message.text)) return;
    const after = workAfter(node, handler, reader);
    found.push({
      consumer,
      method: callee.name.text,
      span: nodeSpan(node, reader.sourceFile),
      ...(after ? { workAfter: calleeName(after.expression, reader.sourceFile), workAfterSpan: nodeSpan(statementOf(after), reader.sourceFile), linesBetween: lineOf(after, reader) - lineOf(node, reader) } : {}),
      isInCatch: isInCatch(node, handler),
      isStatement: ts.isExpressionStatement(node.parent) || (ts.isAwaitExpression(node.parent) && ts.isExpressionStatement(node.parent.parent)),
    });
  });
  return found;
}

function rootName(node: TypeScript.Expression): string {
  let at = strip(node, false);
  for (let hops = 0; hops < 8 && ts.isPropertyAccessExpression(at); hops++) at = strip(at.expression, false);
  return ts.isIdentifier(at) ? at.text : '';
}

// Climbs from the acknowledgement to the handler; at each block, what follows is work unless the way ends before it.
function workAfter(ack: TypeScript.Node, handler: FunctionNode, reader: FileReader): TypeScript.CallExpression | undefined {
  let at: TypeScript.Node = ack;
  while (at.parent && at.parent !== handler) {
    const parent: TypeScript.Node = at.parent;
    if (ts.isCatchClause(parent) || (ts.isTryStatement(parent) && parent.finallyBlock === at)) return undefined;
    if (ts.isBlock(parent) || ts.isCaseOrDefaultClause(parent)) {
      const statements = parent.statements;
      for (let index = statements.findIndex((statement) => statement === at) + 1; index < statements.length; index++) {
        const statement = statements[index];
        const work = statement && findInside(statement, (node): node is TypeScript.CallExpression => isWork(node, reader));
        if (work) return work;
        if (leaves(statement)) return undefined;
      }
    }
    at = parent;
  }
  return undefined;
}

function isInCatch(node: TypeScript.Node, handler: FunctionNode): boolean {
  for (let at: TypeScript.Node = node; at.parent && at.parent !== handler; at = at.parent) if (ts.isCatchClause(at.parent)) return true;
  return false;
}

function statementOf(node: TypeScript.Node): TypeScript.Node {
  let at = node;
  while (at.parent && !ts.isBlock(at.parent) && !ts.isSourceFile(at.parent) && !ts.isCaseOrDefaultClause(at.parent)) at = at.parent;
  return at;
}

function lineOf(node: TypeScript.Node, reader: FileReader): number {
  return reader.sourceFile.getLineAndCharacterOfPosition(node.getStart(reader.sourceFile)).line;
}
