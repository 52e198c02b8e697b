// Evaluates expressions of infrastructure code as far as the file tells: literals, constants, library symbols, constructs and their members.

import type { Core } from '../core';
import { isEnvironment } from '../environment';
import { valueOf } from '../fold';
import { bindingEntity, entityOf, returnsOf, writtenValue } from '../resolve';
import { classOf, writeOf, type Binding } from '../scope';
import { hasModifier, isAccess, isCallNode, memberName, propertyName, strip } from '../syntax';
import { ts, type TypeScript } from '../typescript';
import { callValue } from './call-values';
import { eitherValue, fallbackValue, memberOfValue, setEntry, sizeOf, spreadInto, unknownValue } from './declared-values';
import type { DeclaredEntry, DeclaredValue } from './facts';
import { libraryMember, symbolText } from './libraries';

/** The state of one file while its infrastructure is read. */
export interface InfrastructureCore {
  readonly core: Core;
  readonly known: Map<TypeScript.Node, DeclaredValue>;
  readonly pending: Set<TypeScript.Node>;
  /** The index of the construct that a call makes; undefined where it makes none. */
  constructAt(node: TypeScript.CallExpression | TypeScript.NewExpression): number | undefined;
  /** The index of the site of an object of a class of the project. */
  instanceAt(node: TypeScript.NewExpression): number | undefined;
}

const MAX_DEPTH = 120;
const MAX_ENTRIES = 200;
const MAX_SIZE = 2_000;

/** The value of an expression. Each node is worked out once; a cycle is unknown. */
export function declaredValue(state: InfrastructureCore, expression: TypeScript.Expression): DeclaredValue {
  const node = strip(expression);
  const known = state.known.get(node);
  if (known) return known;
  const span = spanOf(state, node);
  if (state.pending.has(node) || state.pending.size > MAX_DEPTH) return unknownValue(span, 'refers to itself');
  state.pending.add(node);
  const made = evaluate(state, node, span);
  // Parts that stand in many places would be written out in each.
  const value = sizeOf(made) > MAX_SIZE ? unknownValue(span, 'too large') : made;
  state.pending.delete(node);
  state.known.set(node, value);
  return value;
}

/** Where a node stands. */
export function spanOf(state: InfrastructureCore, node: TypeScript.Node): readonly [number, number] {
  return [node.getStart(state.core.sourceFile), node.end];
}

function evaluate(state: InfrastructureCore, node: TypeScript.Expression, span: DeclaredValue['span']): DeclaredValue {
  if (ts.isObjectLiteralExpression(node)) return mapValue(state, node, span);
  if (ts.isArrayLiteralExpression(node)) return listValue(state, node, span);
  if (ts.isIdentifier(node)) return identifierValue(state, node, span);
  if (isAccess(node)) return accessValue(state, node, span);
  if (ts.isConditionalExpression(node)) return conditionalValue(state, node, span);
  if (ts.isBinaryExpression(node)) return binaryValue(state, node, span);
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) return callValue(state, node, span);
  if (ts.isTaggedTemplateExpression(node) && ts.isTemplateExpression(node.template)) return templateValue(state, node.template, span);
  if (ts.isTemplateExpression(node)) return templateValue(state, node, span);
  return plainValue(state, node, span);
}

/** What the code reader's own folding says of an expression, where that is a plain value. */
export function plainValue(state: InfrastructureCore, node: TypeScript.Expression, span: DeclaredValue['span']): DeclaredValue {
  const value = valueOf(state.core, node);
  switch (value.kind) {
    case 'string':
      return { kind: 'text', value: value.value, span };
    case 'number':
    case 'boolean':
      return value.kind === 'number' ? { kind: 'number', value: value.value, span } : { kind: 'boolean', value: value.value, span };
    case 'null':
    case 'undefined':
      return { kind: 'absent', span };
    default:
      return unknownValue(span, value.kind === 'environment' ? 'an environment variable' : 'computed');
  }
}

function mapValue(state: InfrastructureCore, node: TypeScript.ObjectLiteralExpression, span: DeclaredValue['span']): DeclaredValue {
  const entries: DeclaredEntry[] = [];
  let isOpen = node.properties.length > MAX_ENTRIES;
  for (const property of node.properties.slice(0, MAX_ENTRIES)) {
    if (ts.isSpreadAssignment(property)) {
      if (spreadInto(entries, declaredValue(state, property.expression))) isOpen = true;
      continue;
    }
    const key = keyOf(state, property.name);
    if (key === undefined) isOpen = true;
    else if (ts.isPropertyAssignment(property)) setEntry(entries, { key, value: declaredValue(state, property.initializer) });
    else if (ts.isShorthandPropertyAssignment(property)) setEntry(entries, { key, value: declaredValue(state, property.name) });
    else setEntry(entries, { key, value: unknownValue(spanOf(state, property), 'a function') });
  }
  return { kind: 'map', entries, isOpen, span };
}

function keyOf(state: InfrastructureCore, name: TypeScript.PropertyName | undefined): string | undefined {
  const plain = propertyName(name);
  if (plain !== undefined || !name || !ts.isComputedPropertyName(name)) return plain === '__proto__' ? undefined : plain;
  const value = declaredValue(state, name.expression);
  return value.kind === 'text' ? value.value : undefined;
}

function listValue(state: InfrastructureCore, node: TypeScript.ArrayLiteralExpression, span: DeclaredValue['span']): DeclaredValue {
  const items: DeclaredValue[] = [];
  let isOpen = node.elements.length > MAX_ENTRIES;
  for (const element of node.elements.slice(0, MAX_ENTRIES)) {
    if (!ts.isSpreadElement(element)) {
      items.push(declaredValue(state, element));
      continue;
    }
    const spread = declaredValue(state, element.expression);
    if (spread.kind === 'list') items.push(...spread.items);
    else if (spread.kind !== 'absent') items.push(unknownValue(spread.span, 'a spread', [spread]));
    if (spread.kind !== 'absent' && (spread.kind !== 'list' || spread.isOpen)) isOpen = true;
  }
  return { kind: 'list', items, isOpen, span };
}

function templateValue(state: InfrastructureCore, node: TypeScript.TemplateExpression, span: DeclaredValue['span']): DeclaredValue {
  const parts = node.templateSpans.slice(0, 20).map((part) => declaredValue(state, part.expression));
  if (parts.every((part) => (part.kind === 'text' || part.kind === 'number') && part.isSoft !== true)) {
    const text = node.templateSpans.map((part, index) => `${plainText(parts[index])}${part.literal.text}`).join('');
    return { kind: 'text', value: node.head.text + text, span };
  }
  return unknownValue(span, 'a template', parts);
}

function plainText(value: DeclaredValue | undefined): string {
  return value?.kind === 'text' ? value.value : value?.kind === 'number' ? String(value.value) : '';
}

function identifierValue(state: InfrastructureCore, node: TypeScript.Identifier, span: DeclaredValue['span']): DeclaredValue {
  if (node.text === '__dirname') return { kind: 'text', value: '${__dirname}', span };
  const binding = state.core.scopes.lookup(node.text, node);
  if (!binding) return node.text === 'undefined' ? { kind: 'absent', span } : unknownValue(span, 'a global');
  const value = bindingValue(state, binding, span);
  return value.kind === 'map' ? withLaterKeys(state, binding, value) : value;
}

function bindingValue(state: InfrastructureCore, binding: Binding, span: DeclaredValue['span']): DeclaredValue {
  const { node } = binding;
  const { scopes } = state.core;
  if (binding.kind === 'import') return importedValue(state, binding, span);
  if (ts.isBindingElement(node)) return elementValue(state, node, span);
  if (binding.kind === 'parameter' && ts.isParameter(node)) return scopes.writes(binding).length > 0 ? unknownValue(span, 'written again') : parameterValue(state, node, span);
  if (binding.kind !== 'variable' || !ts.isVariableDeclaration(node)) return unknownValue(span, 'no value');
  if (ts.isForOfStatement(node.parent.parent) || ts.isForInStatement(node.parent.parent)) return unknownValue(span, 'a loop', node.parent.parent.expression ? [declaredValue(state, node.parent.parent.expression)] : []);
  const writes = scopes.writes(binding);
  const values = [...(node.initializer ? [node.initializer] : []), ...writes.flatMap(writtenValue)];
  return ofSeveral(state, values, writes.length, span);
}

// `let x; if (…) x = a; else x = b;`
function ofSeveral(state: InfrastructureCore, values: readonly TypeScript.Expression[], writes: number, span: DeclaredValue['span']): DeclaredValue {
  const only = values[0];
  if (!only || values.length > 6 || writes > 6) return unknownValue(span, 'no single value');
  if (values.length === 1) return declaredValue(state, only);
  return eitherValue(values.map((value) => declaredValue(state, value)), span);
}

function importedValue(state: InfrastructureCore, binding: Binding, span: DeclaredValue['span']): DeclaredValue {
  const entity = bindingEntity(state.core, binding);
  const member = libraryMember(entity);
  if (member) {
    const text = symbolText(member);
    return text === undefined ? unknownValue(span, 'a library') : { kind: 'text', value: text, span };
  }
  return entity.kind === 'project' ? { kind: 'export', module: entity.module, path: entity.path, span } : unknownValue(span, 'an import');
}

// `const { vpc, size = 2 } = props`, `({ size }: Props) => …`
function elementValue(state: InfrastructureCore, node: TypeScript.BindingElement, span: DeclaredValue['span']): DeclaredValue {
  const pattern = node.parent;
  if (!ts.isObjectBindingPattern(pattern)) return unknownValue(span, 'an element');
  const owner = pattern.parent;
  const whole = ts.isVariableDeclaration(owner) ? (owner.initializer ? declaredValue(state, owner.initializer) : undefined) : ts.isParameter(owner) ? parameterValue(state, owner, span) : elementValue(state, owner, span);
  if (!whole) return unknownValue(span, 'an element');
  // The rest of what a caller gives is the whole for all that is asked of it.
  if (node.dotDotDotToken) return whole;
  const name = propertyName(node.propertyName) ?? (ts.isIdentifier(node.name) ? node.name.text : undefined);
  if (name === undefined) return unknownValue(span, 'an element');
  const value = memberOfValue(whole, name, span);
  return node.initializer ? fallbackValue(value, declaredValue(state, node.initializer), span, false) : value;
}

function parameterValue(state: InfrastructureCore, node: TypeScript.ParameterDeclaration, span: DeclaredValue['span']): DeclaredValue {
  const id = state.core.scopes.functionId(node.parent);
  if (id === undefined || node.dotDotDotToken) return unknownValue(span, 'a parameter');
  const items = itemsOf(state, node);
  if (items) return unknownValue(span, 'one of several', [items]);
  const value: DeclaredValue = { kind: 'parameter', function: id, index: node.parent.parameters.indexOf(node), path: [], span };
  return node.initializer ? fallbackValue(value, declaredValue(state, node.initializer), span, false) : value;
}

// `queues.map((queue) => …)`: one of what is iterated.
function itemsOf(state: InfrastructureCore, { parent }: TypeScript.ParameterDeclaration): DeclaredValue | undefined {
  const call = parent.parent;
  const callee = ts.isCallExpression(call) && call.expression !== parent ? strip(call.expression, false) : undefined;
  return callee && isAccess(callee) && /^(?:map|forEach|flatMap|filter|reduce|apply)$/.test(memberName(callee) ?? '') ? declaredValue(state, callee.expression) : undefined;
}

function accessValue(state: InfrastructureCore, node: TypeScript.PropertyAccessExpression | TypeScript.ElementAccessExpression, span: DeclaredValue['span']): DeclaredValue {
  const member = libraryMember(entityOf(state.core, node));
  const symbol = member && symbolText(member);
  if (symbol !== undefined) return { kind: 'text', value: symbol, span };
  const name = memberName(node);
  if (name === undefined) return elementAccessValue(state, node, span);
  const base = strip(node.expression);
  if (isEnvironment(state.core, base)) return unknownValue(span, 'an environment variable');
  if (base.kind === ts.SyntaxKind.ThisKeyword) return fieldValue(state, base, name, span);
  const value = memberOfValue(declaredValue(state, node.expression), name, span);
  return value.kind === 'unknown' && value.of.length === 0 ? plainValue(state, node, span) : value;
}

function elementAccessValue(state: InfrastructureCore, node: TypeScript.PropertyAccessExpression | TypeScript.ElementAccessExpression, span: DeclaredValue['span']): DeclaredValue {
  const base = declaredValue(state, node.expression);
  const key = ts.isElementAccessExpression(node) ? declaredValue(state, node.argumentExpression) : undefined;
  if (key?.kind === 'number' && base.kind === 'list' && !base.isOpen) return base.items[key.value] ?? { kind: 'absent', span };
  return key?.kind === 'text' ? memberOfValue(base, key.value, span) : unknownValue(span, 'an element', [base]);
}

/** `this.name`: what the class writes into it, a parameter property, or what a getter returns. */
export function fieldValue(state: InfrastructureCore, at: TypeScript.Node, name: string, span: DeclaredValue['span']): DeclaredValue {
  const owner = classOf(at);
  return owner ? memberOfClass(state, owner, name, span) : unknownValue(span, 'no class');
}

/** What a field or getter of a class holds. */
export function memberOfClass(state: InfrastructureCore, owner: TypeScript.ClassLikeDeclaration, name: string, span: DeclaredValue['span']): DeclaredValue {
  const { scopes } = state.core;
  const values: TypeScript.Expression[] = [];
  for (const member of owner.members) {
    if (ts.isConstructorDeclaration(member)) {
      const parameter = member.parameters.find((candidate) => ts.isIdentifier(candidate.name) && candidate.name.text === name && (ts.getModifiers(candidate)?.length ?? 0) > 0);
      if (parameter) return parameterValue(state, parameter, span);
    } else if (propertyName(member.name) === name && !hasModifier(member, ts.SyntaxKind.StaticKeyword)) {
      if (ts.isPropertyDeclaration(member) && member.initializer) values.push(member.initializer);
      if (ts.isGetAccessorDeclaration(member) && member.body) values.push(...returnsOf(member.body));
    }
  }
  const writes = scopes.thisMembers(owner, name).flatMap((use) => writeOf(use) ?? []);
  values.push(...writes.flatMap(writtenValue));
  const id = scopes.classId(owner);
  if (values.length === 0 && writes.length === 0 && id !== undefined) return { kind: 'field', class: id, path: [name], span };
  return ofSeveral(state, values, writes.length, span);
}

function conditionalValue(state: InfrastructureCore, node: TypeScript.ConditionalExpression, span: DeclaredValue['span']): DeclaredValue {
  const condition = declaredValue(state, node.condition);
  if (condition.kind === 'boolean' && !condition.isSoft) return declaredValue(state, condition.value ? node.whenTrue : node.whenFalse);
  return eitherValue([declaredValue(state, node.whenTrue), declaredValue(state, node.whenFalse)], span);
}

function binaryValue(state: InfrastructureCore, node: TypeScript.BinaryExpression, span: DeclaredValue['span']): DeclaredValue {
  switch (node.operatorToken.kind) {
    case ts.SyntaxKind.QuestionQuestionToken:
      return fallbackValue(declaredValue(state, node.left), declaredValue(state, node.right), span, false);
    case ts.SyntaxKind.BarBarToken:
      return fallbackValue(declaredValue(state, node.left), declaredValue(state, node.right), span, true);
    case ts.SyntaxKind.AmpersandAmpersandToken: {
      const left = declaredValue(state, node.left);
      if (left.kind === 'boolean' && !left.isSoft) return left.value ? declaredValue(state, node.right) : left;
      return eitherValue([declaredValue(state, node.right), { kind: 'absent', span }], span);
    }
    case ts.SyntaxKind.EqualsToken:
      return declaredValue(state, node.right);
    default: {
      const value = plainValue(state, node, span);
      return value.kind === 'unknown' ? unknownValue(span, 'computed', [declaredValue(state, node.left), declaredValue(state, node.right)]) : value;
    }
  }
}

// `props.multiAz = true` after `const props = { … }`: whether before or behind the use, it is what it was or what is written.
function withLaterKeys(state: InfrastructureCore, binding: Binding, value: DeclaredValue & { readonly kind: 'map' }): DeclaredValue {
  const entries = [...value.entries];
  let isOpen = value.isOpen;
  for (const use of state.core.scopes.references(binding).slice(0, 60)) {
    let at: TypeScript.Node = use;
    let key: string | undefined;
    while (isAccess(at.parent) && at.parent.expression === at) {
      key ??= memberName(at.parent) ?? '';
      at = at.parent;
    }
    const call = at.parent;
    if (isCallNode(call) && ts.isCallExpression(call) && call.arguments[0] === use && memberName(call.expression) === 'assign') isOpen = true;
    if (key === undefined || !writeOf(at)) continue;
    if (key === '') isOpen = true;
    else setEntry(entries, { key, value: laterValue(state, at, use, entries.findLast((entry) => entry.key === key)?.value) });
  }
  return { ...value, entries, isOpen };
}

function laterValue(state: InfrastructureCore, target: TypeScript.Node, use: TypeScript.Identifier, before: DeclaredValue | undefined): DeclaredValue {
  const span = spanOf(state, target);
  const write = writeOf(target);
  const isWhole = isAccess(target) && target.expression === use;
  const given = write && isWhole ? writtenValue(write)[0] : undefined;
  if (!given) return unknownValue(span, 'written later', before ? [before] : []);
  return eitherValue([before ?? { kind: 'absent', span }, declaredValue(state, given)], span);
}
