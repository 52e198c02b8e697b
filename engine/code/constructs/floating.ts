// Calls whose promise nobody takes: what they reject with is nobody's.

import type { FloatingFact } from '../construct-facts';
import type { Collector, FileReader } from '../file-reader';
import { hasModifier, isFunctionNode, strip } from '../syntax';
import { ts, type TypeScript } from '../typescript';
import { calleeMark, calleeName, nodeSpan } from './marks';

const CHAINS: ReadonlySet<string> = new Set(['then', 'catch', 'finally']);

/** Collects `floating`: statements that call an async function of this file, an export of another one, or a catalogued method. */
export function floating(reader: FileReader): Collector {
  const found: FloatingFact[] = [];
  return {
    visit(node) {
      if (!ts.isExpressionStatement(node)) return;
      const root = rootOf(strip(node.expression, false));
      if (!root) return;
      const { call, isCaught, isChained } = root;
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
        isCaught,
        hasCallback: endsInFunction(call, reader),
        ...(isChained ? { isChained } : {}),
      });
    },
    finish: () => ({ floating: found }),
  };
}

// The call at the root of `work()` or `work().then(next).catch(log)`, and whether its rejection is taken.
function rootOf(expression: TypeScript.Expression): { call: TypeScript.CallExpression; isCaught: boolean; isChained: boolean } | undefined {
  let at = expression;
  let isCaught = false;
  let isChained = false;
  for (let hops = 0; hops < 10; hops++) {
    if (!ts.isCallExpression(at)) return undefined;
    const callee = strip(at.expression, false);
    if (!ts.isPropertyAccessExpression(callee) || !CHAINS.has(callee.name.text)) return { call: at, isCaught, isChained };
    isChained ||= callee.name.text === 'then';
    if (callee.name.text === 'catch' || (callee.name.text === 'then' && at.arguments.length > 1)) isCaught = true;
    at = strip(callee.expression, false);
  }
  return undefined;
}

// `get(key, (error, value) => …)`, `query(sql, done)`
function endsInFunction(call: TypeScript.CallExpression, reader: FileReader): boolean {
  const last = call.arguments.at(-1);
  if (!last) return false;
  const node = strip(last, false);
  // `function () { … }.bind(this)`
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === 'bind') return true;
  return isFunctionNode(node) || (ts.isIdentifier(node) && (/^(cb|callback|done|next)$/i.test(node.text) || reader.functionBehind(node) !== undefined));
}

function isInTry(node: TypeScript.Node): boolean {
  for (let at: TypeScript.Node = node; at.parent && !ts.isFunctionLike(at); at = at.parent) {
    if (ts.isTryStatement(at.parent) && at.parent.tryBlock === at && at.parent.catchClause) return true;
  }
  return false;
}
