// Timers and the delays they are given: one above the largest delay fires at once.

import type { TimerFact } from '../construct-facts';
import type { Collector, FileReader } from '../file-reader';
import { ts, type TypeScript } from '../typescript';
import { nodeSpan } from './marks';

const DELAY_AT: ReadonlyMap<string, number> = new Map([['setTimeout', 1], ['setInterval', 1], ['timeout', 0]]);

/** Collects `timers` whose delay folds to something other than unknown. */
export function timers(reader: FileReader): Collector {
  const found: TimerFact[] = [];
  return {
    visit(node) {
      if (!ts.isCallExpression(node)) return;
      const name = reader.calledName(node);
      const argument = node.arguments[delayIndex(node, name, reader) ?? -1];
      if (!argument) return;
      const delay = reader.fold(argument);
      if (delay.kind === 'unknown') return;
      found.push({ callee: reader.calleeText(node), delay: { ...delay, span: nodeSpan(argument, reader.sourceFile) }, span: nodeSpan(node, reader.sourceFile), function: reader.functionOf(node) });
    },
    finish: () => ({ timers: found }),
  };
}

function delayIndex(call: TypeScript.CallExpression, name: string, reader: FileReader): number | undefined {
  const index = DELAY_AT.get(name);
  if (index === undefined) return undefined;
  const entity = reader.resolve(call.expression);
  if (entity.kind === 'global') {
    if (name === 'timeout') return entity.name === 'AbortSignal' ? 0 : undefined;
    return entity.path.length === 0 ? index : undefined;
  }
  if (entity.kind !== 'package' || !/^(node:)?timers(\/promises)?$/.test(entity.package) || name === 'timeout') return undefined;
  return entity.package.endsWith('/promises') ? 0 : index;
}
