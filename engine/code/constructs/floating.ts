// Calls whose promise nobody takes: what they reject with is nobody's.

import type { FloatingFact } from '../construct-facts';
import type { Collector, FileReader } from '../file-reader';
import { endsInCatch } from '../functions';
import { hasModifier, isFunctionNode, memberName, strip, type FunctionNode } from '../syntax';
import { ts, type TypeScript } from '../typescript';
import { calleeMark, calleeName, nodeSpan } from './marks';

const CHAINS: ReadonlySet<string> = new Set(['then', 'catch', 'finally']);

/** Collects `floating`: statements that call an async function of this file, an export of another one, or a catalogued method. */
export function floating(reader: FileReader): Collector {
  const found: FloatingFact[] = [];
  return {
    visit(node) {
      // `void send()`, also as the body of an arrow, says that nobody waits, not that nothing fails.
      const isVoid = ts.isVoidExpression(node);
      if (!isVoid && !ts.isExpressionStatement(node)) return;
      const whole = strip(node.expression, false);
      const root = rootOf(whole);
      if (!root) return;
      const { call, isCaught, isChained } = root;
      const entity = reader.resolve(call.expression);
      if (entity.kind === 'function') {
        const target = reader.functionNode(entity.id);
        if (!target || (!hasModifier(target, ts.SyntaxKind.AsyncKeyword) && !givesChain(target, reader))) return;
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
        ...(whole === call ? {} : { chain: nodeSpan(whole, reader.sourceFile) }),
        ...(isVoid ? { isVoid } : {}),
        ...(entity.kind === 'function' && isOpenChain(entity.id, reader) ? { isOpenChain: true } : {}),
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

function isOpenChain(id: number, reader: FileReader): boolean {
  const target = reader.functionNode(id);
  return target !== undefined && !hasModifier(target, ts.SyntaxKind.AsyncKeyword) && givesChain(target, reader);
}

// A function that gives `work().then(next)` or `.finally(close)` without a `catch`, or hands on what such a function of this file gives.
function givesChain(node: FunctionNode, reader: FileReader, depth = 0): boolean {
  const given = depth < 3 && node.body ? givenBy(node.body) : undefined;
  if (!given || !ts.isCallExpression(given)) return false;
  const last = memberName(strip(given.expression, false));
  if (last === 'then' || last === 'finally') return !endsInCatch(given);
  const entity = reader.resolve(given.expression);
  const next = entity.kind === 'function' ? reader.functionNode(entity.id) : undefined;
  return next !== undefined && givesChain(next, reader, depth + 1);
}

// What a function gives, where that is its body or its last statement.
function givenBy(body: TypeScript.ConciseBody): TypeScript.Expression | undefined {
  if (!ts.isBlock(body)) return strip(body, false);
  const last = body.statements.at(-1);
  return last && ts.isReturnStatement(last) && last.expression ? strip(last.expression, false) : undefined;
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
