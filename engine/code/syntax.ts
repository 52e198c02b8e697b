// Small questions about syntax nodes that every part of the code reader asks.

import { ts, type TypeScript } from './typescript';

export type FunctionNode =
  | TypeScript.FunctionDeclaration
  | TypeScript.FunctionExpression
  | TypeScript.ArrowFunction
  | TypeScript.MethodDeclaration
  | TypeScript.ConstructorDeclaration
  | TypeScript.GetAccessorDeclaration
  | TypeScript.SetAccessorDeclaration;

export type CallNode = TypeScript.CallExpression | TypeScript.NewExpression | TypeScript.TaggedTemplateExpression;

/** A function with a body of its own (overload signatures have none but count too: they hold nothing). */
export function isFunctionNode(node: TypeScript.Node): node is FunctionNode {
  switch (node.kind) {
    case ts.SyntaxKind.FunctionDeclaration:
    case ts.SyntaxKind.FunctionExpression:
    case ts.SyntaxKind.ArrowFunction:
    case ts.SyntaxKind.MethodDeclaration:
    case ts.SyntaxKind.Constructor:
    case ts.SyntaxKind.GetAccessor:
    case ts.SyntaxKind.SetAccessor:
      return true;
    default:
      return false;
  }
}

export function isCallNode(node: TypeScript.Node): node is CallNode {
  return node.kind === ts.SyntaxKind.CallExpression || node.kind === ts.SyntaxKind.NewExpression || node.kind === ts.SyntaxKind.TaggedTemplateExpression;
}

/** The callee of a call, `new` or tagged template. */
export function calleeOf(call: CallNode): TypeScript.Expression {
  return ts.isTaggedTemplateExpression(call) ? call.tag : call.expression;
}

/** Arguments of a call or `new`; a tagged template has none. */
export function argumentsOf(call: CallNode): readonly TypeScript.Expression[] {
  return ts.isTaggedTemplateExpression(call) ? [] : (call.arguments ?? []);
}

/** The expression without parentheses, `as`, `satisfies`, `!`, type assertions and, with `awaits`, without `await`. */
export function strip(node: TypeScript.Expression, awaits = true): TypeScript.Expression {
  let at = node;
  for (;;) {
    if (ts.isParenthesizedExpression(at) || ts.isAsExpression(at) || ts.isNonNullExpression(at) || ts.isSatisfiesExpression(at) || ts.isTypeAssertionExpression(at)) at = at.expression;
    else if (awaits && ts.isAwaitExpression(at)) at = at.expression;
    else return at;
  }
}

/** The outermost expression that is `node` in parentheses, `as`, `!` and, with `awaits`, `await`. */
export function unstrip(node: TypeScript.Node, awaits = true): TypeScript.Node {
  let at = node;
  for (;;) {
    const parent = at.parent;
    if (!parent) return at;
    if (ts.isParenthesizedExpression(parent) || ts.isAsExpression(parent) || ts.isNonNullExpression(parent) || ts.isSatisfiesExpression(parent) || ts.isTypeAssertionExpression(parent)) at = parent;
    else if (awaits && ts.isAwaitExpression(parent)) at = parent;
    else return at;
  }
}

/** The name of a property, where it is written: identifier, string, number, or a computed literal. */
export function propertyName(name: TypeScript.PropertyName | undefined): string | undefined {
  if (!name) return undefined;
  if (ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name)) return name.text;
  if (ts.isPrivateIdentifier(name)) return name.text;
  if (ts.isComputedPropertyName(name) && ts.isStringLiteralLike(name.expression)) return name.expression.text;
  return undefined;
}

/** The member that an access names: `b` of `a.b`, `a?.b` and `a['b']`. */
export function memberName(node: TypeScript.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) return node.argumentExpression.text;
  return undefined;
}

export function isAccess(node: TypeScript.Node): node is TypeScript.PropertyAccessExpression | TypeScript.ElementAccessExpression {
  return node.kind === ts.SyntaxKind.PropertyAccessExpression || node.kind === ts.SyntaxKind.ElementAccessExpression;
}

/** `=`, `+=`, `??=` and the like. */
export function isAssignmentOperator(kind: TypeScript.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

export function hasModifier(node: TypeScript.Node, kind: TypeScript.SyntaxKind): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node)?.some((modifier) => modifier.kind === kind) ?? false);
}

/** The method name of a call: `get` of `axios.get(…)`, `fetch` of `fetch(…)`. */
export function calledName(call: CallNode): string | undefined {
  const callee = strip(calleeOf(call), false);
  return ts.isIdentifier(callee) ? callee.text : memberName(callee);
}
