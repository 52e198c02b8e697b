// `source.pipe(target)`, where the source is made in sight: errors of the source reach nobody unless somebody listens.

import { LISTENS } from '../catalogued';
import type { PipeFact } from '../construct-facts';
import type { Collector, FileReader } from '../file-reader';
import { calledName, calleeOf, isCallNode, memberName, strip } from '../syntax';
import { ts, type TypeScript } from '../typescript';
import { placeOf } from './callee';
import { calleeName, nodeSpan } from './marks';

/** Collects `pipes` whose source is a catalogued stream. */
export function pipes(reader: FileReader): Collector {
  const found: PipeFact[] = [];
  return {
    visit(node) {
      if (!ts.isCallExpression(node) || calledName(node) !== 'pipe' || node.arguments.length === 0) return;
      // The outermost `.pipe` stands for the whole chain.
      if (ts.isPropertyAccessExpression(node.parent) && node.parent.name.text === 'pipe') return;
      const fact = pipeFact(node, reader);
      if (fact) found.push(fact);
    },
    finish: () => ({ pipes: found }),
  };
}

function pipeFact(node: TypeScript.CallExpression, reader: FileReader): PipeFact | undefined {
  const links: TypeScript.Expression[] = [];
  let at: TypeScript.Expression = node;
  let mark: TypeScript.Node = node;
  let isPlain = true;
  for (let hops = 0; hops < 20; hops++) {
    if (!ts.isCallExpression(at) || !ts.isPropertyAccessExpression(at.expression) || at.expression.name.text !== 'pipe' || !at.arguments[0]) break;
    if (at.arguments.length > 1) isPlain = false;
    links.unshift(at.arguments[0]);
    mark = at.expression.name;
    at = strip(at.expression.expression, false);
  }
  const source = sourceOf(at, reader);
  const target = links.at(-1);
  if (!source || !target) return undefined;
  const entity = reader.resolve(calleeOf(source.call));
  const place = placeOf(entity, reader);
  if (place?.instance !== '' || !place.library.streams?.includes(place.path.join('.'))) return undefined;
  return {
    source: entity,
    sourceText: ts.isIdentifier(at) ? at.text : calleeName(calleeOf(source.call), reader.sourceFile),
    targetText: ts.isCallExpression(target) || ts.isNewExpression(target) ? calleeName(target.expression, reader.sourceFile) : calleeName(target, reader.sourceFile),
    mark: nodeSpan(mark, reader.sourceFile),
    span: nodeSpan(node, reader.sourceFile),
    links: isPlain ? [at, ...links].map((link) => nodeSpan(link, reader.sourceFile)) : [],
    isHeard: source.isHeard,
    isStatement: ts.isExpressionStatement(node.parent),
    function: reader.functionOf(node),
  };
}

// The call that makes the source, inline or by a constant, and whether somebody hears its errors.
function sourceOf(expression: TypeScript.Expression, reader: FileReader): { call: TypeScript.CallExpression | TypeScript.NewExpression; isHeard: boolean } | undefined {
  let at = expression;
  let isHeard = false;
  for (let hops = 0; hops < 20; hops++) {
    if (ts.isIdentifier(at)) {
      const binding = reader.lookup(at);
      const declaration = binding?.node;
      if (!binding || !declaration || !ts.isVariableDeclaration(declaration) || !declaration.initializer || reader.writes(binding).length > 0) return undefined;
      isHeard ||= reader.references(binding).some(isListenedOrGiven);
      at = strip(declaration.initializer);
    } else if (ts.isCallExpression(at) && ts.isPropertyAccessExpression(at.expression) && LISTENS.has(at.expression.name.text)) {
      const event = at.arguments[0];
      if (event && ts.isStringLiteralLike(event) && event.text === 'error') isHeard = true;
      at = strip(at.expression.expression, false);
    } else if (isCallNode(at) && !ts.isTaggedTemplateExpression(at)) return { call: at, isHeard };
    else return undefined;
  }
  return undefined;
}

// `source.on('error', …)`, or the source handed to a function that may listen.
function isListenedOrGiven(use: TypeScript.Identifier): boolean {
  const parent = use.parent;
  if (ts.isCallExpression(parent) && parent.arguments.some((argument) => argument === use)) return calledName(parent) !== 'pipe';
  if (!ts.isPropertyAccessExpression(parent) || !LISTENS.has(memberName(parent) ?? '') || !ts.isCallExpression(parent.parent)) return false;
  const event = parent.parent.arguments[0];
  return event !== undefined && (!ts.isStringLiteralLike(event) || event.text === 'error');
}
