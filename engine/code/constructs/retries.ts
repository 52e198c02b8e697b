// Loops, recursions and library calls that try the same thing again.

import type { RetryFact } from '../construct-facts';
import type { CodeFacts } from '../facts';
import type { Entity } from '../values';
import type { Collector, FileReader } from '../file-reader';
import { argumentsOf, calleeOf, isFunctionNode, strip } from '../syntax';
import { ts, type TypeScript } from '../typescript';
import { callbacksOf } from './callback';
import { placeOf } from './callee';
import { firstWork } from './first-work';
import { calleeMark, calleeName, nodeSpan } from './marks';
import { constructNames } from './names';
import { loopFact } from './retry-loop';
import { recursionFact } from './retry-recursion';
import { respawnFact } from './respawn';
import { retryScope } from './retry-scope';

// Names that say a repeat does no harm: a key that the other side knows, a write that only sets what is there already.
const IDEMPOTENT = /idempoten|dedup|upsert|on\s+conflict|if-none-match|ifnotexists|x-request-id|requestid\b|externalid\b|eventid\b/gi;
const MAX_MARKS = 200;
const RETRIES = /retr(y|ies)|attempt|backoff/i;

/** Collects `retries`, and `idempotency`: where the text names a key or a write that can be repeated. */
export function retries(reader: FileReader): Collector {
  const names = constructNames(reader.catalog).retries;
  const found: RetryFact[] = [];
  const push = (fact: RetryFact | undefined): void => {
    if (fact) found.push(fact);
  };
  return {
    visit(node) {
      if (ts.isWhileStatement(node) || ts.isDoStatement(node) || ts.isForStatement(node)) push(loopFact(node, reader));
      else if (ts.isCallExpression(node)) {
        const name = reader.calledName(node);
        if (names.has(name) || ts.isIdentifier(node.expression) || RETRIES.test(name)) push(callFact(node, reader));
        push(recursionFact(node, reader));
        push(respawnFact(node, reader));
      } else if (ts.isNewExpression(node) && names.has(reader.calledName(node))) push(callFact(node, reader));
    },
    finish: () => ({ retries: oneRespawn(found), ...idempotencyOf(reader.text) }),
  };
}

function callFact(node: TypeScript.CallExpression | TypeScript.NewExpression, reader: FileReader): RetryFact | undefined {
  const entity = reader.resolve(calleeOf(node));
  // A function of the project may be one that retries for its callers: the link tells.
  if (entity.kind === 'function' || entity.kind === 'project' || entity.kind === 'typed-project') return RETRIES.test(reader.calledName(node)) && argumentsOf(node).some((argument) => callbacksOf(argument, reader).length > 0) ? factOf(node, entity, reader) : undefined;
  if (entity.kind !== 'package') return undefined;
  const place = placeOf(entity, reader);
  const path = place?.path.join('.') ?? '';
  if (!place?.library.retries?.some((row) => row.of.includes(path)) || place.instance !== '') return undefined;
  return factOf(node, entity, reader);
}

function factOf(node: TypeScript.CallExpression | TypeScript.NewExpression, entity: Entity, reader: FileReader): RetryFact {
  const given = argumentsOf(node);
  return {
    kind: 'call',
    entity,
    arguments: given.map((argument) => reader.fold(argument)),
    argumentSpans: given.map((argument) => nodeSpan(argument, reader.sourceFile)),
    calleeText: reader.calleeText(node),
    mark: calleeMark(node, reader.sourceFile),
    span: nodeSpan(node, reader.sourceFile),
    function: reader.functionOf(node),
    purpose: 'retry',
    bound: 'unknown',
    delay: 'unknown',
    tries: triedBy(given, reader),
    calls: [],
    ...retriedScope(node, given, reader),
  };
}

function retriedScope(node: TypeScript.Node, given: readonly TypeScript.Expression[], reader: FileReader): Partial<RetryFact> {
  const retried = given.flatMap((argument) => (ts.isObjectLiteralExpression(strip(argument, false)) ? [] : callbacksOf(argument, reader)))[0];
  return retryScope(node, retried?.node, retried?.target, reader);
}

// What the retried function calls first, for the message.
function triedBy(given: readonly TypeScript.Expression[], reader: FileReader): string {
  for (const argument of given) {
    const node = strip(argument, false);
    if (ts.isIdentifier(node)) return node.text;
    if (!isFunctionNode(node) || !node.body) continue;
    const call = firstWork(node.body, reader);
    if (call) return calleeName(call.expression, reader.sourceFile);
  }
  return '';
}

// `exit` and `error` of one thing that are heard by the same listener are one repetition.
function oneRespawn(found: readonly RetryFact[]): RetryFact[] {
  // An error may come before the end or without one: of several listeners the last counts.
  return found.filter((fact, index) => fact.kind !== 'respawn' || !found.slice(index + 1, index + 10).some((later) => later.kind === 'respawn' && later.function === fact.function && later.tries === fact.tries));
}

function idempotencyOf(text: string): Partial<Pick<CodeFacts, 'idempotency'>> {
  const marks: number[] = [];
  for (const { index } of text.matchAll(IDEMPOTENT)) if (marks.length < MAX_MARKS) marks.push(index);
  return marks.length > 0 ? { idempotency: marks } : {};
}
