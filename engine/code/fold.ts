// What an expression's value is, as far as the file tells: literals, constants, arithmetic, environment variables, signals. Objects stand in fold-object.ts.

import { parseDuration } from '../duration';
import { clientOfCall } from './clients';
import type { Core } from './core';
import { isEnvironment } from './environment';
import type { Entity, Value } from './values';
import { globalCall } from './fold-globals';
import { arrayValue, entryOf, mutatedObject, objectValue } from './fold-object';
import { arithmetic, choiceOf, isNullish, negate, numberFrom, withFallback, type Operator } from './fold-operators';
import { bindingEntity, entityOf, returnsOf, writtenValue } from './resolve';
import { classOf, type Binding } from './scope';
import { abortSignal, controllerSignal } from './signals';
import { isAccess, isFunctionNode, memberName, propertyName, strip } from './syntax';
import { ts, type TypeScript } from './typescript';

const UNKNOWN: Value = { kind: 'unknown' };

/** The folded value of an expression, with its span. Whatever cannot be known is `unknown`. Each node is worked out once. */
export function valueOf(core: Core, expression: TypeScript.Expression): Value {
  const known = core.values.get(expression);
  if (known) return known;
  if (core.folding.has(expression) || core.folding.size > 200) return UNKNOWN;
  core.folding.add(expression);
  const value: Value = { ...fold(core, strip(expression)), span: [expression.getStart(core.sourceFile), expression.end] };
  core.folding.delete(expression);
  core.values.set(expression, value);
  return value;
}

function fold(core: Core, node: TypeScript.Expression): Value {
  switch (node.kind) {
    case ts.SyntaxKind.TrueKeyword:
      return { kind: 'boolean', value: true };
    case ts.SyntaxKind.FalseKeyword:
      return { kind: 'boolean', value: false };
    case ts.SyntaxKind.NullKeyword:
      return { kind: 'null' };
    case ts.SyntaxKind.VoidExpression:
      return { kind: 'undefined' };
    default:
  }
  if (ts.isNumericLiteral(node)) return numberValue(Number(node.text));
  if (ts.isBigIntLiteral(node)) return numberValue(Number(node.text.replace(/n$/, '')));
  if (ts.isStringLiteralLike(node)) return { kind: 'string', value: node.text };
  if (ts.isTemplateExpression(node)) return templateValue(core, node);
  if (ts.isIdentifier(node)) return identifierValue(core, node);
  if (ts.isObjectLiteralExpression(node)) return objectValue(core, node);
  if (ts.isArrayLiteralExpression(node)) return arrayValue(core, node);
  if (isFunctionNode(node)) return functionValue(core, node);
  if (isAccess(node)) return accessValue(core, node);
  if (ts.isBinaryExpression(node)) return binaryValue(core, node);
  if (ts.isPrefixUnaryExpression(node)) return prefixValue(core, node);
  if (ts.isConditionalExpression(node)) return conditionalValue(core, node);
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) return callValue(core, node);
  return UNKNOWN;
}

function numberValue(value: number): Value {
  return Number.isFinite(value) ? { kind: 'number', value } : UNKNOWN;
}

function functionValue(core: Core, node: TypeScript.Node): Value {
  const id = core.scopes.functionId(node);
  return id === undefined ? UNKNOWN : { kind: 'function', id };
}

function templateValue(core: Core, node: TypeScript.TemplateExpression): Value {
  const parts: (string | Value)[] = [];
  const add = (part: string | Value): void => {
    const text = typeof part === 'string' ? part : part.kind === 'string' ? part.value : part.kind === 'number' ? String(part.value) : undefined;
    const last = parts[parts.length - 1];
    if (text === undefined) parts.push(part);
    else if (typeof last === 'string') parts[parts.length - 1] = last + text;
    else if (text !== '') parts.push(text);
  };
  add(node.head.text);
  for (const span of node.templateSpans.slice(0, 20)) {
    add(valueOf(core, span.expression));
    add(span.literal.text);
  }
  const only = parts[0];
  return parts.length === 0 ? { kind: 'string', value: '' } : parts.length === 1 && typeof only === 'string' ? { kind: 'string', value: only } : { kind: 'template', parts };
}

function prefixValue(core: Core, node: TypeScript.PrefixUnaryExpression): Value {
  const operand = valueOf(core, node.operand);
  switch (node.operator) {
    case ts.SyntaxKind.MinusToken:
      return negate(operand);
    case ts.SyntaxKind.PlusToken:
      return numberFrom(operand);
    case ts.SyntaxKind.ExclamationToken:
      if (operand.kind === 'boolean') return { kind: 'boolean', value: !operand.value };
      return operand.kind === 'number' ? { kind: 'boolean', value: operand.value === 0 } : UNKNOWN;
    default:
      return UNKNOWN;
  }
}

const OPERATORS: ReadonlyMap<TypeScript.SyntaxKind, Operator> = new Map<TypeScript.SyntaxKind, Operator>([
  [ts.SyntaxKind.PlusToken, '+'],
  [ts.SyntaxKind.MinusToken, '-'],
  [ts.SyntaxKind.AsteriskToken, '*'],
  [ts.SyntaxKind.SlashToken, '/'],
  [ts.SyntaxKind.AsteriskAsteriskToken, '**'],
  [ts.SyntaxKind.PercentToken, '%'],
]);

function binaryValue(core: Core, node: TypeScript.BinaryExpression): Value {
  const operator = OPERATORS.get(node.operatorToken.kind);
  if (operator) return arithmetic(operator, valueOf(core, node.left), valueOf(core, node.right));
  switch (node.operatorToken.kind) {
    case ts.SyntaxKind.QuestionQuestionToken:
      return withFallback(valueOf(core, node.left), valueOf(core, node.right), false);
    case ts.SyntaxKind.BarBarToken:
      return withFallback(valueOf(core, node.left), valueOf(core, node.right), true);
    case ts.SyntaxKind.AmpersandAmpersandToken: {
      const left = valueOf(core, node.left);
      if (left.kind === 'boolean') return left.value ? valueOf(core, node.right) : left;
      return isNullish(left) ? left : choiceOf([{ kind: 'boolean', value: false }, valueOf(core, node.right)]);
    }
    case ts.SyntaxKind.EqualsToken:
    case ts.SyntaxKind.CommaToken:
      return valueOf(core, node.right);
    default:
      return UNKNOWN;
  }
}

function conditionalValue(core: Core, node: TypeScript.ConditionalExpression): Value {
  const condition = valueOf(core, node.condition);
  if (condition.kind === 'boolean') return valueOf(core, condition.value ? node.whenTrue : node.whenFalse);
  return choiceOf([valueOf(core, node.whenTrue), valueOf(core, node.whenFalse)]);
}

function identifierValue(core: Core, node: TypeScript.Identifier): Value {
  const binding = core.scopes.lookup(node.text, node);
  if (!binding) {
    if (node.text === 'undefined') return { kind: 'undefined' };
    return node.text === 'Infinity' ? { kind: 'infinity' } : UNKNOWN;
  }
  const value = bindingValue(core, binding);
  return value.kind === 'object' || value.kind === 'parameter' ? mutatedObject(core, binding, node, value) : value;
}

function bindingValue(core: Core, binding: Binding): Value {
  const node = binding.node;
  const writes = core.scopes.writes(binding);
  if (binding.kind === 'variable' && ts.isVariableDeclaration(node)) {
    const values = [...(node.initializer ? [valueOf(core, node.initializer)] : []), ...writes.slice(0, 6).map((write) => writeValue(core, write))];
    if (writes.length > 6 || !ts.isVariableDeclarationList(node.parent)) return UNKNOWN;
    // A loop variable has a value for each turn.
    if (ts.isForOfStatement(node.parent.parent) || ts.isForInStatement(node.parent.parent)) return UNKNOWN;
    if (values.length === 0) return UNKNOWN;
    const only = values[0];
    if (values.length === 1 && only) return only;
    // `let x; x = …` is given before use; a `null` start of a lazily filled variable is no value of its own.
    const known = values.filter((value) => !isNullish(value));
    return choiceOf(known.length === 0 ? values : known);
  }
  if (ts.isBindingElement(node)) {
    if (writes.length > 0) return UNKNOWN;
    const value = elementValue(core, node);
    // `const { database } = require('./config')` names an export of another file.
    return value.kind === 'unknown' ? entityValue(core, bindingEntity(core, binding)) : value;
  }
  if (binding.kind === 'parameter' && ts.isParameter(node)) return writes.length > 0 ? UNKNOWN : parameterValue(core, node);
  return entityValue(core, bindingEntity(core, binding));
}

function writeValue(core: Core, write: TypeScript.Node): Value {
  const value = writtenValue(write)[0];
  if (value) return valueOf(core, value);
  return ts.isBinaryExpression(write) && write.operatorToken.kind === ts.SyntaxKind.EqualsToken ? { kind: 'null' } : UNKNOWN;
}

// `const { timeout = 5000 } = options`, `({ timeoutMs = 1000 }) => …`
function elementValue(core: Core, node: TypeScript.BindingElement): Value {
  const pattern = node.parent;
  if (!ts.isObjectBindingPattern(pattern)) return UNKNOWN;
  if (node.dotDotDotToken) return restValue(core, pattern.parent);
  const name = propertyName(node.propertyName) ?? (ts.isIdentifier(node.name) ? node.name.text : undefined);
  if (name === undefined) return UNKNOWN;
  const owner = pattern.parent;
  let value: Value = UNKNOWN;
  if (ts.isVariableDeclaration(owner)) value = owner.initializer ? memberValue(core, owner.initializer, name) : UNKNOWN;
  else if (ts.isBindingElement(owner)) value = entryOf(elementValue(core, owner), name);
  else value = entryOf(parameterValue(core, owner), name);
  return node.initializer ? withFallback(value, valueOf(core, node.initializer), false) : value;
}

// `const { url, ...rest } = options`: of what a caller gives, the rest is the whole for all that is asked of it.
function restValue(core: Core, owner: TypeScript.Node): Value {
  const whole = ts.isVariableDeclaration(owner) ? (owner.initializer ? valueOf(core, owner.initializer) : UNKNOWN) : ts.isParameter(owner) ? parameterValue(core, owner) : UNKNOWN;
  return whole.kind === 'parameter' ? whole : UNKNOWN;
}

function parameterValue(core: Core, node: TypeScript.ParameterDeclaration): Value {
  const owner = node.parent;
  const id = core.scopes.functionId(owner);
  if (id === undefined || !isFunctionNode(owner)) return UNKNOWN;
  const index = owner.parameters.indexOf(node);
  if (node.dotDotDotToken) return UNKNOWN;
  return { kind: 'parameter', function: id, index, path: [], ...(node.initializer ? { fallback: valueOf(core, node.initializer) } : {}) };
}

function accessValue(core: Core, node: TypeScript.PropertyAccessExpression | TypeScript.ElementAccessExpression): Value {
  const name = memberName(node);
  if (name !== undefined) return memberValue(core, node.expression, name, node);
  if (!ts.isElementAccessExpression(node)) return UNKNOWN;
  const key = valueOf(core, node.argumentExpression);
  if (key.kind === 'string') return memberValue(core, node.expression, key.value, node);
  const base = valueOf(core, node.expression);
  if (base.kind === 'array' && key.kind === 'number') return base.items[key.value] ?? UNKNOWN;
  return UNKNOWN;
}

/** The value of `base.name`. */
function memberValue(core: Core, base: TypeScript.Expression, name: string, whole?: TypeScript.Expression): Value {
  const inner = strip(base);
  if (isEnvironment(core, inner)) return { kind: 'environment', name };
  if (name === 'signal') {
    const signal = controllerSignal(core, inner);
    if (signal) return signal;
  }
  if (ts.isIdentifier(inner)) {
    const binding = core.scopes.lookup(inner.text, inner);
    if (binding?.kind === 'enum') return enumValue(core, binding.node, name);
    if (!binding && inner.text === 'Number') {
      if (name === 'MAX_SAFE_INTEGER') return { kind: 'number', value: Number.MAX_SAFE_INTEGER };
      if (name === 'MAX_VALUE' || name === 'POSITIVE_INFINITY') return { kind: 'infinity' };
    }
  }
  if (inner.kind === ts.SyntaxKind.ThisKeyword) return fieldValue(core, inner, name);
  const object = valueOf(core, inner);
  if (object.kind !== 'unknown') return entryOf(object, name);
  return whole ? entityValue(core, entityOf(core, whole)) : UNKNOWN;
}

// A field that is written once, where it is declared or in the constructor.
function fieldValue(core: Core, node: TypeScript.Node, name: string): Value {
  const owner = classOf(node);
  if (!owner) return UNKNOWN;
  const writes = core.scopes.thisMembers(owner, name).filter((use) => ts.isBinaryExpression(use.parent) && use.parent.left === use);
  const declared = owner.members.find((member) => ts.isPropertyDeclaration(member) && propertyName(member.name) === name);
  const initial = declared && ts.isPropertyDeclaration(declared) ? declared.initializer : undefined;
  if (writes.length === 0) return initial ? valueOf(core, initial) : constructorParameter(core, owner, name);
  const only = writes[0]?.parent;
  return writes.length === 1 && !initial && only ? writeValue(core, only) : UNKNOWN;
}

function constructorParameter(core: Core, owner: TypeScript.ClassLikeDeclaration, name: string): Value {
  for (const member of owner.members) {
    if (!ts.isConstructorDeclaration(member)) continue;
    const parameter = member.parameters.find((candidate) => ts.isIdentifier(candidate.name) && candidate.name.text === name && (ts.getModifiers(candidate)?.length ?? 0) > 0);
    if (parameter) return parameterValue(core, parameter);
  }
  return UNKNOWN;
}

function enumValue(core: Core, node: TypeScript.Node, name: string): Value {
  if (!ts.isEnumDeclaration(node)) return UNKNOWN;
  let next: number | undefined = 0;
  for (const member of node.members) {
    const value: Value | undefined = member.initializer ? valueOf(core, member.initializer) : next === undefined ? undefined : { kind: 'number', value: next };
    next = value?.kind === 'number' ? value.value + 1 : undefined;
    if (propertyName(member.name) === name) return value ?? UNKNOWN;
  }
  return UNKNOWN;
}

/** Entities that are values too: clients, functions, constants of other files. */
function entityValue(core: Core, entity: Entity): Value {
  void core;
  switch (entity.kind) {
    case 'client':
      return entity.path.length === 0 ? { kind: 'client', client: entity.client } : UNKNOWN;
    case 'function':
      return { kind: 'function', id: entity.id };
    case 'project':
      return { kind: 'reference', module: entity.module, path: entity.path };
    case 'package':
      return { kind: 'reference', module: entity.package, path: entity.path };
    case 'parameter':
      return { kind: 'parameter', function: entity.function, index: entity.index, path: entity.path };
    default:
      return UNKNOWN;
  }
}

function callValue(core: Core, node: TypeScript.CallExpression | TypeScript.NewExpression): Value {
  const client = clientOfCall(core, node);
  if (client !== undefined) return { kind: 'client', client };
  const signal = abortSignal(core, node);
  if (signal) return signal;
  const callee = strip(node.expression, false);
  const called = entityOf(core, callee);
  const first = node.arguments?.[0];
  if (called.kind === 'global') return globalCall(core, node, [called.name, ...called.path].join('.'));
  // Durations as text: `ms('5s')`.
  if (called.kind === 'package' && /(^|\/)(ms|parse-duration)$/.test(called.package) && first) {
    const text = valueOf(core, first);
    const ms = text.kind === 'string' ? parseDuration(text.value) : undefined;
    return ms === undefined ? UNKNOWN : { kind: 'number', value: ms };
  }
  const entity = entityOf(core, node);
  if (entity.kind === 'client') return entityValue(core, entity);
  if (called.kind === 'function') return returnedValue(core, called.id);
  if (called.kind === 'package' || called.kind === 'project') return { kind: 'made', entity: called, arguments: (node.arguments ?? []).slice(0, 4).map((argument) => valueOf(core, argument)), ...(ts.isNewExpression(node) ? { isNew: true } : {}) };
  return UNKNOWN;
}

// A function without parameters that returns one thing: `getOptions()`.
function returnedValue(core: Core, id: number): Value {
  const node = core.scopes.functions[id];
  if (!node?.body || node.parameters.length > 0) return UNKNOWN;
  const values = ts.isBlock(node.body) ? returnsOf(node.body) : [node.body];
  const only = values[0];
  return values.length === 1 && only ? valueOf(core, only) : UNKNOWN;
}
