// Folding of object and array literals: spreads, computed keys, and properties that are set after the literal.

import type { Core } from './core';
import type { ObjectEntry, Value } from './values';
import { choiceOf, isNullish, optionsOf } from './fold-operators';
import { valueOf } from './fold';
import { writeOf, type Binding } from './scope';
import { isAccess, memberName, propertyName } from './syntax';
import { ts, type TypeScript } from './typescript';

const UNKNOWN: Value = { kind: 'unknown' };
const MAX_ENTRIES = 200;
type ObjectValue = Value & { kind: 'object' };

/** Entries in the order in which they win; a spread of something unknown leaves the object open and what stands before it in doubt. */
export function objectValue(core: Core, node: TypeScript.ObjectLiteralExpression): Value {
  const builder = new ObjectBuilder();
  for (const property of node.properties) {
    if (ts.isSpreadAssignment(property)) {
      builder.spread(valueOf(core, property.expression));
      continue;
    }
    const span = [property.getStart(core.sourceFile), property.end] as const;
    const key = keyOf(core, property.name);
    const value = propertyValue(core, property);
    if (key === undefined) builder.open();
    else builder.set({ key, value, span });
  }
  return builder.value();
}

function keyOf(core: Core, name: TypeScript.PropertyName | undefined): string | undefined {
  const plain = propertyName(name);
  if (plain !== undefined || !name || !ts.isComputedPropertyName(name)) return plain;
  const value = valueOf(core, name.expression);
  return value.kind === 'string' ? value.value : value.kind === 'number' ? String(value.value) : undefined;
}

function propertyValue(core: Core, property: TypeScript.ObjectLiteralElementLike): Value {
  if (ts.isPropertyAssignment(property)) return valueOf(core, property.initializer);
  if (ts.isShorthandPropertyAssignment(property)) return valueOf(core, property.name);
  const id = ts.isMethodDeclaration(property) ? core.scopes.functionId(property) : undefined;
  return id === undefined ? UNKNOWN : { kind: 'function', id };
}

/** Items of an array literal; a spread of something unknown leaves it open. */
export function arrayValue(core: Core, node: TypeScript.ArrayLiteralExpression): Value {
  const items: Value[] = [];
  let isOpen = node.elements.length > MAX_ENTRIES;
  for (const element of node.elements.slice(0, MAX_ENTRIES)) {
    if (!ts.isSpreadElement(element)) {
      items.push(valueOf(core, element));
      continue;
    }
    const spread = valueOf(core, element.expression);
    if (spread.kind === 'array') items.push(...spread.items);
    if (spread.kind !== 'array' || spread.isOpen) isOpen = true;
  }
  return { kind: 'array', items, isOpen };
}

/** The value of a key: absent in a closed object = undefined, in an open one = unknown. */
export function entryOf(value: Value, key: string): Value {
  switch (value.kind) {
    case 'object': {
      for (let i = value.entries.length - 1; i >= 0; i--) if (value.entries[i]?.key === key) return value.entries[i]?.value ?? UNKNOWN;
      return value.isOpen ? UNKNOWN : { kind: 'undefined' };
    }
    case 'reference':
      return { kind: 'reference', module: value.module, path: [...value.path, key] };
    case 'parameter':
      return { kind: 'parameter', function: value.function, index: value.index, path: [...value.path, key], ...(value.fallback ? { fallback: entryOf(value.fallback, key) } : {}) };
    case 'choice':
      return choiceOf(value.options.map((option) => entryOf(option, key)));
    default:
      return UNKNOWN;
  }
}

/** Objects merged from left to right, as `Object.assign` and spreads do. */
export function mergeValues(values: readonly Value[]): Value {
  const builder = new ObjectBuilder();
  for (const value of values) builder.spread(value, true);
  return builder.value();
}

// Builds an object value; later keys win.
class ObjectBuilder {
  readonly #entries = new Map<string, ObjectEntry>();
  #isOpen = false;
  #spreads = 0;

  set(entry: ObjectEntry): void {
    if (this.#entries.size >= MAX_ENTRIES) {
      this.#isOpen = true;
      return;
    }
    this.#entries.delete(entry.key);
    this.#entries.set(entry.key, entry);
  }

  /** Something unknown may have replaced any key before it. */
  open(): void {
    this.#isOpen = true;
    for (const [key, entry] of this.#entries) {
      if (key.startsWith('...')) continue;
      this.#entries.set(key, { ...entry, value: { ...choiceOf([entry.value, UNKNOWN]), ...(entry.value.span ? { span: entry.value.span } : {}) } });
    }
    // In its place among the spreads, so that the link sees that not all of them can be known.
    this.set({ key: `...${this.#spreads++}`, value: UNKNOWN });
  }

  spread(value: Value, keepsSpans = false): void {
    if (isNullish(value) || value.kind === 'boolean') return;
    if (value.kind === 'object') {
      if (value.isOpen && !value.entries.some((entry) => entry.key.startsWith('...'))) this.open();
      else if (value.isOpen) this.#isOpen = true;
      for (const given of value.entries) {
        const entry = given.key.startsWith('...') ? { ...given, key: `...${this.#spreads++}` } : given;
        this.set(keepsSpans || entry.span === undefined ? entry : { key: entry.key, value: entry.value });
      }
      return;
    }
    if (value.kind === 'reference' || value.kind === 'parameter') {
      // Kept in its place, for the link to merge.
      this.#isOpen = true;
      this.set({ key: `...${this.#spreads++}`, value });
      return;
    }
    const options = optionsOf(value);
    if (value.kind === 'choice' && options.every((option) => option.kind === 'object' || isNullish(option) || option.kind === 'boolean')) {
      this.#spreadChoice(options);
      return;
    }
    this.open();
  }

  // `...(condition && { timeout: 5000 })`
  #spreadChoice(options: readonly Value[]): void {
    const objects = options.filter((option): option is ObjectValue => option.kind === 'object');
    if (objects.some((object) => object.isOpen)) this.open();
    const keys = new Set(objects.flatMap((object) => object.entries.map((entry) => entry.key)));
    for (const key of keys) {
      const before = this.#entries.get(key)?.value ?? ({ kind: 'undefined' } as const);
      const values = options.map((option) => (option.kind === 'object' && option.entries.some((entry) => entry.key === key) ? entryOf(option, key) : before));
      this.set({ key, value: choiceOf(values) });
    }
  }

  value(): Value {
    return { kind: 'object', entries: [...this.#entries.values()], isOpen: this.#isOpen };
  }
}

/** An object constant as it is at a use: with the properties that were set on it before, in the same function. */
export function mutatedObject(core: Core, binding: Binding, use: TypeScript.Identifier, value: Value): Value {
  let result = value;
  const at = core.scopes.functionOf(use);
  for (const reference of core.scopes.references(binding).slice(0, 100)) {
    if (reference.pos >= use.pos) break;
    const change = changeOf(core, reference);
    if (!change || (core.scopes.functionOf(reference) !== at && core.scopes.functionOf(reference) !== core.scopes.functionOf(binding.node))) continue;
    if (result.kind !== 'object') {
      // Keys set on a parameter: those are known, the rest is the caller's.
      result = { kind: 'object', entries: [{ key: '...0', value: result }], isOpen: true };
    }
    const isCertain = contains(blockOf(change.node), use);
    result = applyChange(result, change.path, change.value, isCertain, change.span);
  }
  return result;
}

interface Change {
  readonly node: TypeScript.Node;
  readonly path: readonly string[] | undefined;
  readonly value: Value;
  readonly span: readonly [number, number];
}

// `options.timeout = 5000`, `options['timeout'] = …`, `options.socket.timeout = …`, `options[key] = …`, `Object.assign(options, …)`
function changeOf(core: Core, reference: TypeScript.Identifier): Change | undefined {
  const path: string[] = [];
  let isKnown = true;
  let at: TypeScript.Node = reference;
  while (at.parent && isAccess(at.parent) && at.parent.expression === at && path.length < 5) {
    const name = memberName(at.parent);
    if (name === undefined) isKnown = false;
    else path.push(name);
    at = at.parent;
  }
  if (at !== reference) {
    const write = writeOf(at);
    if (!write) return undefined;
    const plain = ts.isBinaryExpression(write) && write.operatorToken.kind === ts.SyntaxKind.EqualsToken;
    return { node: write, path: isKnown ? path : undefined, value: plain ? valueOf(core, write.right) : UNKNOWN, span: [write.getStart(core.sourceFile), write.end] };
  }
  const call = reference.parent;
  if (ts.isCallExpression(call) && call.arguments[0] === reference && ts.isPropertyAccessExpression(call.expression) && call.expression.name.text === 'assign') {
    return { node: call, path: undefined, value: UNKNOWN, span: [call.getStart(core.sourceFile), call.end] };
  }
  return undefined;
}

function applyChange(object: Value, path: readonly string[] | undefined, value: Value, isCertain: boolean, span: readonly [number, number]): Value {
  const base: ObjectValue = object.kind === 'object' ? object : { kind: 'object', entries: [], isOpen: true };
  const key = path?.[0];
  if (path === undefined || key === undefined) return { ...base, isOpen: true };
  const before = entryOf(base, key);
  const next = path.length > 1 ? applyChange(before, path.slice(1), value, isCertain, span) : isCertain ? value : choiceOf([before, value]);
  const entry: ObjectEntry = path.length > 1 ? { key, value: next } : { key, value: next, span };
  return { ...base, entries: [...base.entries.filter((candidate) => candidate.key !== key), entry] };
}

function blockOf(node: TypeScript.Node): TypeScript.Node {
  let at = node.parent;
  while (at.parent && !ts.isBlock(at) && !ts.isSourceFile(at) && !ts.isIfStatement(at) && !ts.isConditionalExpression(at) && !ts.isCaseOrDefaultClause(at)) at = at.parent;
  return at;
}

function contains(outer: TypeScript.Node, inner: TypeScript.Node): boolean {
  return outer.pos <= inner.pos && inner.end <= outer.end;
}
