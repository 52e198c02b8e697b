// Calls that block the only thread, with what says that they run once: a value kept at module level.

import type { BlockingFact } from '../construct-facts';
import type { Collector, FileReader } from '../file-reader';
import { calledName } from '../syntax';
import { ts, type TypeScript } from '../typescript';
import { placeOf } from './callee';
import { calleeMark, nodeSpan } from './marks';
import { constructNames } from './names';

/** Collects `blocking`: catalogued calls that are not cheap, inside functions. */
export function blocking(reader: FileReader): Collector {
  const { blocking: names } = constructNames(reader.catalog);
  const found: BlockingFact[] = [];
  return {
    visit(node) {
      if (!ts.isCallExpression(node)) return;
      const name = calledName(node) ?? '';
      if (!names.has(name) && !ts.isIdentifier(node.expression)) return;
      if (reader.functionOf(node) < 0) return;
      const entity = reader.resolve(node.expression);
      const place = placeOf(entity, reader);
      if (!place || place.instance !== '') return;
      const path = place.path.join('.');
      const call = place.library.blocking?.find((row) => row.path === path);
      if (!call || call.isCheap === true) return;
      found.push({
        entity,
        ...(isOfConstant(node, reader) ? { isOfConstant: true } : {}),
        callee: calleeMark(node, reader.sourceFile),
        calleeText: reader.calleeText(node),
        span: nodeSpan(node, reader.sourceFile),
        function: reader.functionOf(node),
        isCachedAtModuleLevel: isKept(node, reader),
        isOperand: (ts.isPropertyAccessExpression(node.parent) || ts.isElementAccessExpression(node.parent)) && node.parent.expression === node,
      });
    },
    finish: () => ({ blocking: found }),
  };
}

// `gzipSync(PAGE)`, `gzipSync(Buffer.from(PAGE))` of a text of this file.
function isOfConstant(node: TypeScript.CallExpression, reader: FileReader): boolean {
  const first = node.arguments[0];
  const inner = first && ts.isCallExpression(first) && calledName(first) === 'from' ? first.arguments[0] : first;
  return inner !== undefined && reader.fold(inner).kind === 'string';
}

// `cache ??= readFileSync(p)`, `if (!cache) cache = readFileSync(p)`, `cache[p] = readFileSync(p)`, `cache.set(p, readFileSync(p))`, `this.template ??= …`.
function isKept(call: TypeScript.CallExpression, reader: FileReader): boolean {
  let at: TypeScript.Node = call;
  for (let hops = 0; hops < 12 && at.parent && !ts.isFunctionLike(at.parent); hops++) {
    const parent: TypeScript.Node = at.parent;
    if (ts.isBinaryExpression(parent) && parent.right === at) {
      if (parent.operatorToken.kind === ts.SyntaxKind.QuestionQuestionEqualsToken || parent.operatorToken.kind === ts.SyntaxKind.BarBarEqualsToken) return true;
      if (parent.operatorToken.kind === ts.SyntaxKind.EqualsToken && isOutside(parent.left, call, reader) && isGuardedByIf(parent)) return true;
    }
    if (ts.isCallExpression(parent) && calledName(parent) === 'set' && isOutside(parent.expression, call, reader)) return true;
    at = parent;
  }
  return false;
}

// The root name of the expression is declared outside the function of the call, or is a field.
function isOutside(expression: TypeScript.Expression, call: TypeScript.Node, reader: FileReader): boolean {
  let at: TypeScript.Expression = expression;
  for (let hops = 0; hops < 8 && (ts.isPropertyAccessExpression(at) || ts.isElementAccessExpression(at)); hops++) at = at.expression;
  if (at.kind === ts.SyntaxKind.ThisKeyword) return true;
  if (!ts.isIdentifier(at)) return false;
  const binding = reader.lookup(at);
  return binding !== undefined && reader.functionOf(binding.node) !== reader.functionOf(call);
}

function isGuardedByIf(node: TypeScript.Node): boolean {
  for (let at: TypeScript.Node | undefined = node; at && !ts.isFunctionLike(at); at = at.parent) if (ts.isIfStatement(at)) return true;
  return false;
}
