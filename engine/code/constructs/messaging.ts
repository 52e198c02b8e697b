// Calls and constructs that set up queues, subscribe or send messages: their options say where a message ends that cannot be handled, and who notices a lost one.

import type { MessagingFact } from '../construct-facts';
import type { Collector, FileReader } from '../file-reader';
import type { Entity } from '../values';
import { argumentsOf, calleeOf } from '../syntax';
import { ts } from '../typescript';
import { leadsOut, placeOf } from './callee';
import { calleeMark, calleeName, nodeSpan } from './marks';
import { constructNames } from './names';

const MAX_ARGUMENTS = 4;

/** Collects `messaging`: calls that the catalogue names, and those of other files whose name is one of them and which are given options. */
export function messaging(reader: FileReader): Collector {
  const found: MessagingFact[] = [];
  const names = constructNames(reader.catalog).messaging;
  return {
    visit(node) {
      if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return;
      const name = reader.calledName(node);
      const entity = names.has(name) || (names.has('') && ts.isNewExpression(node)) ? reader.resolve(calleeOf(node)) : undefined;
      if (!entity || !isOfInterest(entity, name)) return;
      found.push({
        entity,
        span: nodeSpan(node, reader.sourceFile),
        callee: calleeMark(node, reader.sourceFile),
        calleeText: calleeName(node.expression, reader.sourceFile),
        arguments: argumentsOf(node).slice(0, MAX_ARGUMENTS).map((argument) => (ts.isSpreadElement(argument) ? { kind: 'unknown', because: 'spread' } : reader.fold(argument))),
        function: reader.functionOf(node),
      });
    },
    finish: () => ({ messaging: found }),
  };

  function isOfInterest(entity: Entity, name: string): boolean {
    const place = placeOf(entity, reader);
    if (!place) return names.has(name) && leadsOut(entity);
    const path = place.path.join('.');
    const full = place.instance === '' ? path : `${place.instance}.${path}`;
    return place.library.messaging?.some(({ of }) => of.includes(full)) ?? false;
  }
}
