// Calls whose promise nobody takes: what they reject with is nobody's.

import type { FloatingFact } from '../facts';
import type { Collector, FileReader } from '../file-reader';
import { hasModifier, strip } from '../syntax';
import { ts, type TypeScript } from '../typescript';
import { calleeMark, calleeName, nodeSpan } from './marks';

const SETTLED: ReadonlySet<string> = new Set(['catch', 'finally']);

/** Collects `floating`: statements that call an async function of this file, an export of another one, or a catalogued method. */
export function floating(reader: FileReader): Collector {
  const found: FloatingFact[] = [];
  return {
    visit(node) {
      if (!ts.isExpressionStatement(node)) return;
      const call = promiseOf(strip(node.expression, false));
      if (!call) return;
      const entity = reader.resolve(call.expression);
      if (entity.kind === 'function') {
        const target = reader.functionNode(entity.id);
        if (!target || !hasModifier(target, ts.SyntaxKind.AsyncKeyword)) return;
      } else if (entity.kind !== 'project' && entity.kind !== 'typed-project' && reader.callIndex(call) === undefined) return;
      found.push({
        entity,
        span: nodeSpan(call, reader.sourceFile),
        callee: calleeMark(call, reader.sourceFile),
        calleeText: calleeName(call.expression, reader.sourceFile),
        function: reader.functionOf(node),
        isInTry: isInTry(node),
      });
    },
    finish: () => ({ floating: found }),
  };
}

// The call at the root of `work()` or `work().then(next)`; undefined where the rejection is taken.
function promiseOf(expression: TypeScript.Expression): TypeScript.CallExpression | undefined {
  let at = expression;
  for (let hops = 0; hops < 10; hops++) {
    if (!ts.isCallExpression(at)) return undefined;
    const callee = strip(at.expression, false);
    if (!ts.isPropertyAccessExpression(callee) || (callee.name.text !== 'then' && !SETTLED.has(callee.name.text))) return at;
    if (callee.name.text === 'catch' || (callee.name.text === 'then' && at.arguments.length > 1)) return undefined;
    at = strip(callee.expression, false);
  }
  return undefined;
}

function isInTry(node: TypeScript.Node): boolean {
  for (let at: TypeScript.Node = node; at.parent && !ts.isFunctionLike(at); at = at.parent) {
    if (ts.isTryStatement(at.parent) && at.parent.tryBlock === at && at.parent.catchClause) return true;
  }
  return false;
}
