// Clients: what catalogued constructs make, under which name it is kept, and where it goes.

import { calleeText } from './callee-text';
import { constructAt, RETURNS_RECEIVER } from './catalogued';
import type { ClientDraft, Core } from './core';
import type { ClientFact } from './facts';
import type { Entity } from './values';
import { argumentValue } from './argument-value';
import { cataloguedOf, entityOf } from './resolve';
import { argumentsOf, memberName, propertyName, strip, unstrip, type CallNode } from './syntax';
import { ts, type TypeScript } from './typescript';

/** The client that a call or `new` makes; undefined where it makes none. Each node is asked once. */
export function clientOfCall(core: Core, node: CallNode): number | undefined {
  const known = core.clientByNode.get(node);
  if (known !== undefined) return known < 0 ? undefined : known;
  core.clientByNode.set(node, -1);
  if (ts.isTaggedTemplateExpression(node)) return undefined;
  const entity = entityOf(core, strip(node.expression, false));
  if (!makesClient(core, entity, ts.isNewExpression(node)) || goesNowhere(core, entity, node)) return undefined;
  const start = node.getStart(core.sourceFile);
  const name = nameOf(node);
  return add(core, node, argumentsOf(node), {
    entity,
    form: ts.isNewExpression(node) ? 'new' : 'call',
    span: [start, node.end],
    callee: [start, node.expression.end],
    calleeText: calleeText(core, node),
    ...(name ? { name } : {}),
    function: core.scopes.functionOf(node),
    ...(entity.kind === 'client' ? { from: entity.client } : {}),
  });
}

/** The client that stands for the instances of a class which extends a catalogued one: its options are those of `super(…)`. */
export function clientOfClass(core: Core, owner: TypeScript.ClassLikeDeclaration): number | undefined {
  const known = core.clientByNode.get(owner);
  if (known !== undefined) return known < 0 ? undefined : known;
  core.clientByNode.set(owner, -1);
  const base = owner.heritageClauses?.find((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
  if (!base) return undefined;
  const entity = entityOf(core, base.expression);
  if (!makesClient(core, entity, true)) return undefined;
  const call = superCall(owner);
  const made = call ?? base;
  const start = made.getStart(core.sourceFile);
  return add(core, owner, call?.arguments ?? [], {
    entity,
    form: 'new',
    span: [start, made.end],
    callee: [start, made.expression.end],
    ...(owner.name ? { name: { text: owner.name.text, span: [owner.name.getStart(core.sourceFile), owner.name.end] } } : {}),
    function: call ? core.scopes.functionOf(call) : -1,
  });
}

function makesClient(core: Core, entity: Entity, isNew: boolean): boolean {
  const place = cataloguedOf(core, entity);
  return place !== undefined && constructAt(place, isNew) !== undefined;
}

// `new WebSocket(null)`: made without an address, for somebody who hands it a connection.
function goesNowhere(core: Core, entity: Entity, node: TypeScript.CallExpression | TypeScript.NewExpression): boolean {
  const place = cataloguedOf(core, entity);
  const target = place && constructAt(place, ts.isNewExpression(node))?.target;
  return target !== undefined && node.arguments?.[target]?.kind === ts.SyntaxKind.NullKeyword;
}

// The index is given before the arguments are folded: they may name the client itself.
function add(core: Core, node: TypeScript.Node, given: readonly TypeScript.Expression[], made: Omit<ClientDraft['fact'], 'id' | 'arguments'>): number {
  const id = core.clients.length;
  const values: ClientFact['arguments'][number][] = [];
  core.clientByNode.set(node, id);
  core.clients.push({ node, fact: { ...made, id, arguments: values }, assignments: [], listeners: new Set(), heeds: new Set(), methods: new Set(), escapes: new Set() });
  values.push(...given.map((argument) => argumentValue(core, argument)));
  return id;
}

function superCall(owner: TypeScript.ClassLikeDeclaration): TypeScript.CallExpression | undefined {
  for (const member of owner.members) {
    if (!ts.isConstructorDeclaration(member) || !member.body) continue;
    for (const statement of member.body.statements) {
      if (ts.isExpressionStatement(statement) && ts.isCallExpression(statement.expression) && statement.expression.expression.kind === ts.SyntaxKind.SuperKeyword) return statement.expression;
    }
  }
  return undefined;
}

/** The node that stands for an expression in its surroundings: through `await`, parentheses, `.on(…)` chains, and the sides of `??`, `||` and `? :`. */
export function outermost(node: TypeScript.Node): TypeScript.Node {
  let at = unstrip(node);
  for (;;) {
    const parent = at.parent;
    if (!parent) return at;
    const call = parent.parent;
    if (ts.isPropertyAccessExpression(parent) && parent.expression === at && call && ts.isCallExpression(call) && call.expression === parent && RETURNS_RECEIVER.has(parent.name.text)) at = unstrip(call);
    else if (ts.isConditionalExpression(parent) && parent.condition !== at) at = unstrip(parent);
    else if (ts.isBinaryExpression(parent) && (parent.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken || parent.operatorToken.kind === ts.SyntaxKind.BarBarToken)) at = unstrip(parent);
    else return at;
  }
}

/** The name under which an expression is kept: of a variable, field or property. */
export function nameOf(node: TypeScript.Node): ClientFact['name'] {
  const at = outermost(node);
  const parent = at.parent;
  if (!parent) return undefined;
  if ((ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent) || ts.isPropertyAssignment(parent)) && parent.initializer === at) {
    const text = ts.isIdentifier(parent.name) ? parent.name.text : ts.isObjectBindingPattern(parent.name) || ts.isArrayBindingPattern(parent.name) ? undefined : propertyName(parent.name);
    return text === undefined ? undefined : { text, span: [parent.name.getStart(), parent.name.end] };
  }
  if (!ts.isBinaryExpression(parent) || parent.right !== at) return undefined;
  const target = strip(parent.left, false);
  if (ts.isIdentifier(target)) return { text: target.text, span: [target.getStart(), target.end] };
  const text = memberName(target);
  if (text === undefined || !ts.isPropertyAccessExpression(target) || isExports(target)) return undefined;
  return { text, span: [target.name.getStart(), target.name.end] };
}

/** `module.exports` itself, which is no name. */
export function isExports(node: TypeScript.Expression): boolean {
  return ts.isPropertyAccessExpression(node) && node.name.text === 'exports' && ts.isIdentifier(node.expression) && node.expression.text === 'module';
}

/** Where one use of a client takes it, seen from the node that stands for it. Undefined = it stays. */
export function escapeOf(use: TypeScript.Node): ClientFact['escapes'][number] | undefined {
  const at = outermost(use);
  const parent = at.parent;
  if (!parent) return undefined;
  if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) return parent.expression === at ? undefined : 'argument';
  if (ts.isReturnStatement(parent) || ts.isYieldExpression(parent)) return 'return';
  if (ts.isArrowFunction(parent) && parent.body === at) return 'return';
  if (ts.isExportAssignment(parent) || ts.isExportSpecifier(parent)) return 'export';
  if (ts.isPropertyAssignment(parent) || ts.isShorthandPropertyAssignment(parent) || ts.isArrayLiteralExpression(parent) || ts.isSpreadAssignment(parent) || ts.isSpreadElement(parent)) return isExported(parent) ? 'export' : 'field';
  if (ts.isBinaryExpression(parent) && parent.right === at && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
    const target = strip(parent.left, false);
    if (ts.isIdentifier(target)) return undefined;
    if (isExports(target) || (ts.isPropertyAccessExpression(target) && ((ts.isIdentifier(target.expression) && target.expression.text === 'exports') || isExports(target.expression)))) return 'export';
    return 'field';
  }
  if (ts.isTemplateSpan(parent) || ts.isJsxExpression(parent)) return 'argument';
  return undefined;
}

function isExported(node: TypeScript.Node): boolean {
  for (let at: TypeScript.Node = node; at.parent; at = at.parent) {
    if (ts.isExportAssignment(at.parent)) return true;
    if (ts.isBinaryExpression(at.parent)) return at.parent.right === at && isExports(at.parent.left);
    if (ts.isStatement(at.parent)) return false;
  }
  return false;
}
