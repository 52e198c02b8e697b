// Where a construct stands: its name, its class, and whether it is made once, many times or only sometimes.

import { classOf } from '../scope';
import { isAccess, isFunctionNode, memberName, propertyName, strip, unstrip } from '../syntax';
import { ts, type TypeScript } from '../typescript';
import type { ConstructFact } from './facts';
import { declaredValue, type InfrastructureCore } from './values';

const ITERATES = /^(?:map|forEach|flatMap|reduce|filter)$/;

/** Id of the class around a node, -1 at module level. */
export function enclosingClass(state: InfrastructureCore, node: TypeScript.Node): number {
  const owner = classOf(node);
  return owner ? (state.core.scopes.classId(owner) ?? -1) : -1;
}

/** The construct id where it is known, else its literal parts, the variable that keeps it, or its class. */
export function nameOfConstruct(state: InfrastructureCore, node: TypeScript.CallExpression | TypeScript.NewExpression, name: TypeScript.Expression | undefined): string {
  const value = name && declaredValue(state, name);
  if (value?.kind === 'text' && value.value !== '') return value.value;
  const parts = name ? literalParts(name) : '';
  const callee = strip(node.expression, false);
  return parts || keptName(unstrip(node)) || (memberName(callee) ?? (ts.isIdentifier(callee) ? callee.text : 'construct'));
}

/** Names beside the construct's own that say what it is for: the variable that keeps it, the function that makes it, and a name among its properties that is computed. */
export function aliasesOf(node: TypeScript.CallExpression | TypeScript.NewExpression, properties: TypeScript.Expression | undefined): string[] {
  const maker = ts.findAncestor(node, isFunctionNode);
  const made = maker && !ts.isConstructorDeclaration(maker) && maker.name ? propertyName(maker.name) : undefined;
  const literal = properties && strip(properties);
  const named = literal && ts.isObjectLiteralExpression(literal) ? literal.properties.flatMap((property) => (ts.isPropertyAssignment(property) && /name$/i.test(propertyName(property.name) ?? '') ? [literalParts(property.initializer)] : [])) : [];
  return [...new Set([keptName(unstrip(node)), made, ...named])].flatMap((alias) => (alias === undefined || alias === '' ? [] : [alias])).slice(0, 6);
}

/** What stands in a template between its values. */
function literalParts(node: TypeScript.Expression): string {
  const inner = strip(node);
  return ts.isTemplateExpression(inner) ? [inner.head.text, ...inner.templateSpans.map((span) => span.literal.text)].join('').replace(/^[-_.]+|[-_.]+$/g, '') : '';
}

function keptName(node: TypeScript.Node): string | undefined {
  const { parent } = node;
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) return parent.name.text;
  if (ts.isPropertyDeclaration(parent) || ts.isPropertyAssignment(parent)) return propertyName(parent.name);
  return ts.isBinaryExpression(parent) && isAccess(parent.left) ? memberName(parent.left) : undefined;
}

/** Whether a loop or callback runs a node several times, and whether a condition that is not known decides over it. Climbs to the enclosing function. */
export function circumstancesOf(state: InfrastructureCore, node: TypeScript.Node): Pick<ConstructFact, 'isRepeated' | 'isConditional'> {
  let isRepeated = false;
  let isConditional = false;
  for (let at: TypeScript.Node = node; at.parent; at = at.parent) {
    const { parent } = at;
    if (ts.isForStatement(parent) || ts.isForOfStatement(parent) || ts.isForInStatement(parent) || ts.isWhileStatement(parent) || ts.isDoStatement(parent)) isRepeated ||= !('expression' in parent && parent.expression === at);
    else if (ts.isIfStatement(parent)) isConditional ||= at !== parent.expression && !isAlways(state, parent.expression, at === parent.thenStatement);
    else if (ts.isConditionalExpression(parent)) isConditional ||= at !== parent.condition && !isAlways(state, parent.condition, at === parent.whenTrue);
    else if (ts.isBinaryExpression(parent)) isConditional ||= parent.right === at && /^(?:&&|\|\||\?\?)$/.test(parent.operatorToken.getText(state.core.sourceFile));
    else if (ts.isCaseOrDefaultClause(parent)) isConditional = true;
    else if (isFunctionNode(at)) {
      const call = parent;
      const isCallback = ts.isCallExpression(call) && call.expression !== at;
      if (!isCallback) break;
      const method = memberName(strip(call.expression, false));
      if (method !== undefined && ITERATES.test(method)) isRepeated = true;
    }
  }
  return { isRepeated, isConditional };
}

function isAlways(state: InfrastructureCore, condition: TypeScript.Expression, whenTrue: boolean): boolean {
  const value = declaredValue(state, condition);
  return value.kind === 'boolean' && !value.isSoft && value.value === whenTrue;
}
