// Consumers of messages: handlers that a call registers, that a decorator marks, or that a class has because of what it extends.

import type { ConsumerShape } from '../../../catalog/schema';
import type { ConsumerFact } from '../construct-facts';
import type { Entity } from '../values';
import type { FileReader } from '../file-reader';
import { argumentsOf, memberName, strip, type FunctionNode } from '../syntax';
import { ts, type TypeScript } from '../typescript';
import type { Callback } from './callback';
import { calleeMark, calleeName, functionMark, nodeSpan } from './marks';
import type { Call } from './registrations';
import { walkInside } from './walk';
import { firstWorkIn } from './work';

/** The fact of one registration as a consumer. */
export function consumerFact(call: Call, entity: Entity, callback: Callback, shape: ConsumerShape, reader: FileReader): ConsumerFact {
  const given = argumentsOf(call);
  const options = typeof shape.options === 'number' ? given[shape.options] : undefined;
  const first = given[0];
  return {
    entity,
    span: nodeSpan(call, reader.sourceFile),
    callee: calleeMark(call, reader.sourceFile),
    handler: callback.id,
    options: options ? reader.fold(options) : { kind: 'undefined' },
    function: reader.functionOf(call),
    ...(first ? { source: reader.fold(first) } : {}),
    ...handlerOf(callback.node, reader),
    ...receiverOf(call),
  };
}

/** The fact of a method that is a consumer by its decorator, or by the class that its own one extends. */
export function methodConsumer(method: TypeScript.MethodDeclaration, entity: Entity, id: number, decorator: TypeScript.CallExpression | undefined, reader: FileReader): ConsumerFact {
  const first = decorator?.arguments[0];
  return {
    entity,
    span: nodeSpan(method, reader.sourceFile),
    callee: functionMark(method, reader.sourceFile),
    handler: id,
    options: first ? reader.fold(first) : { kind: 'undefined' },
    function: reader.functionOf(method),
    ...(first ? { source: reader.fold(first) } : {}),
    ...handlerOf(method, reader),
  };
}

function receiverOf(call: Call): { receiverName?: string } {
  const receiver = ts.isPropertyAccessExpression(call.expression) ? strip(call.expression.expression, false) : undefined;
  return receiver && ts.isIdentifier(receiver) ? { receiverName: receiver.text } : {};
}

function handlerOf(node: FunctionNode | undefined, reader: FileReader): Pick<ConsumerFact, 'doesWork' | 'work' | 'parse' | 'hasDone'> {
  const work = node && firstWorkIn(node, reader);
  const parse = node && parseIn(node, reader);
  const hasDone = node?.parameters.slice(1).some(({ name }) => ts.isIdentifier(name) && /^(done|cb|callback|next|complete)$/i.test(name.text)) ?? false;
  return {
    doesWork: work !== undefined,
    ...(work ? { work: calleeName(work.expression, reader.sourceFile) } : {}),
    ...(parse ? { parse } : {}),
    ...(hasDone ? { hasDone } : {}),
  };
}

// `JSON.parse(…)` that no `try` of the handler is around.
function parseIn(node: FunctionNode, reader: FileReader): ConsumerFact['parse'] {
  if (!node.body) return undefined;
  let found: ConsumerFact['parse'];
  walkInside(node.body, (at) => {
    if (ts.isTryStatement(at) && at.catchClause) return false;
    if (found || !ts.isCallExpression(at) || memberName(at.expression) !== 'parse' || !ts.isPropertyAccessExpression(at.expression)) return;
    const object = at.expression.expression;
    if (ts.isIdentifier(object) && object.text === 'JSON') found = { callee: nodeSpan(at.expression, reader.sourceFile), text: 'JSON.parse' };
  });
  return found;
}
