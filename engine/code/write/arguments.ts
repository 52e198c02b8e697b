// Writes options of calls: into the object that stands in the argument, into the constant it names, or as a new argument.

import type { CodeOperation } from '../../lint/fix';
import type { Span, TextEdit } from '../../text';
import { ts, type TypeScript } from '../typescript';
import { indentationOf, isCallOrNew, lineStartOf, nodeAt, unwrapped, type Document } from './document';
import { editOf, isNothing, join, mergeInto, objectText, plant, removeProperties, type OptionTree, type Piece } from './objects';

type Call = TypeScript.CallExpression | TypeScript.NewExpression;
type ArgumentPlace = Extract<CodeOperation, { kind: 'set-option' }>['argument'];

/** Edits for all options that one fix sets, calls and arguments merged; undefined where one cannot be written. */
export function setOptions(document: Document, operations: readonly Extract<CodeOperation, { kind: 'set-option' }>[]): TextEdit[] | undefined {
  const groups = new Map<string, { call: Span; argument: ArgumentPlace; tree: OptionTree }>();
  for (const { call, argument, path, value } of operations) {
    const key = `${call[0]}:${call[1]}:${argument}`;
    const group = groups.get(key) ?? { call, argument, tree: { entries: new Map() } };
    plant(group.tree, path, value);
    groups.set(key, group);
  }
  const edits: TextEdit[] = [];
  for (const group of groups.values()) {
    const call = nodeAt(document, group.call, isCallOrNew);
    const made = call && setInCall(document, call, group.argument, group.tree);
    if (!made) return undefined;
    edits.push(...made);
  }
  return edits;
}

function setInCall(document: Document, call: Call, place: ArgumentPlace, tree: OptionTree): TextEdit[] | undefined {
  const given = call.arguments ?? [];
  const index = indexOf(document, given, place);
  if (given.slice(0, index + 1).some((argument) => ts.isSpreadElement(argument))) return undefined;
  const existing = given[index];
  if (!existing || isFunction(existing)) return [insertArgument(document, call, index, objectText(document, tree))];
  return setInExpression(document, existing, tree);
}

/** The argument at which options stand or are to stand. */
function indexOf(document: Document, given: readonly TypeScript.Expression[], place: ArgumentPlace): number {
  if (typeof place === 'number') return place;
  const literals = given.flatMap((argument, index) => (isObject(document, unwrapped(argument)) ? [index] : []));
  const callback = given.findIndex((argument) => isFunction(argument));
  const end = callback === -1 ? given.length : callback;
  if (place === 'first-object') return literals[0] ?? end;
  if (place === 'last-object') return literals.at(-1) ?? end;
  const before = end - 1;
  return before >= 1 && literals.includes(before) ? before : end;
}

// A constant that names an object is the object: beside it a second one would be taken for something else.
function isObject(document: Document, expression: TypeScript.Expression): boolean {
  return ts.isObjectLiteralExpression(expression) || (ts.isIdentifier(expression) && declaredObject(document, expression) !== undefined);
}

// Callbacks stay last: options are put in front of one.
function isFunction(expression: TypeScript.Expression): boolean {
  const inner = unwrapped(expression);
  if (ts.isArrowFunction(inner) || ts.isFunctionExpression(inner)) return true;
  if (ts.isIdentifier(inner)) return /^(cb|callback|done|next|resolve|on[A-Z]\w*|handle[A-Z]?\w*)$/.test(inner.text);
  // `function () { … }.bind(this)`
  return ts.isCallExpression(inner) && ts.isPropertyAccessExpression(inner.expression) && inner.expression.name.text === 'bind' && isFunction(inner.expression.expression);
}

function setInExpression(document: Document, existing: TypeScript.Expression, tree: OptionTree): TextEdit[] | undefined {
  const inner = unwrapped(existing);
  if (ts.isObjectLiteralExpression(inner)) return mergeInto(document, inner, tree);
  const span: Span = [existing.getStart(document.source), existing.getEnd()];
  if (isNothing(inner)) return [editOf(span, objectText(document, tree))];
  const declared = ts.isIdentifier(inner) ? declaredObject(document, inner) : undefined;
  if (declared) return mergeInto(document, declared, tree);
  if (!canBeSpread(inner)) return undefined;
  const text = existing.getText(document.source);
  const object = objectText(document, tree);
  const open = document.style.hasBraceSpaces ? '{ ' : '{';
  const rest = { text: object.text.slice(open.length), placeholders: object.placeholders.map(([start, end]): Span => [start - open.length, end - open.length]) };
  return [editOf(span, join(`${open}...${text}, `, rest))];
}

// A string (an address) has no options to keep.
function canBeSpread(expression: TypeScript.Expression): boolean {
  return ts.isIdentifier(expression) || ts.isPropertyAccessExpression(expression) || ts.isCallExpression(expression) || ts.isConditionalExpression(expression);
}

/** The object literal of `const options = { … }` where the name is declared once in the file. */
function declaredObject(document: Document, name: TypeScript.Identifier): TypeScript.ObjectLiteralExpression | undefined {
  const found: TypeScript.VariableDeclaration[] = [];
  const visit = (node: TypeScript.Node): void => {
    if (found.length > 1) return;
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.name.text === name.text) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(document.source);
  const [only] = found;
  if (found.length !== 1 || !only?.initializer) return undefined;
  const initializer = unwrapped(only.initializer);
  return ts.isObjectLiteralExpression(initializer) ? initializer : undefined;
}

/** Edit that puts a new argument at `index`; arguments that are missing before it become `undefined`. It overlaps any other such edit of the same call, so that two fixes never both add one. */
function insertArgument(document: Document, call: Call, index: number, argument: Piece): TextEdit {
  const { text, source } = document;
  const given = call.arguments;
  if (!given) return editOf([call.getEnd(), call.getEnd()], join('(', argument, ')'));
  const close = call.getEnd() - 1;
  const following = given[index];
  if (following) {
    const start = following.getStart(source);
    return editOf([start, start], join(argument, ', '));
  }
  const last = given.at(-1);
  const filled = join('undefined, '.repeat(Math.max(0, index - given.length)), argument);
  if (!last) return editOf([close, close + 1], join(filled, ')'));
  const isMultiLine = /[\r\n]/.test(text.slice(text.lastIndexOf('(', (given[0] ?? last).getStart(source)), (given[0] ?? last).getStart(source)));
  const separator = isMultiLine ? document.style.lineBreak + indentationOf(text, lineStartOf(text, last.getStart(source))) : ' ';
  const end = given.hasTrailingComma ? given.end : last.getEnd();
  const before = given.hasTrailingComma ? '' : ',';
  return editOf([end, close + 1], join(before, separator, filled, given.hasTrailingComma ? ',' : '', text.slice(end, close + 1)));
}

/** Edits that move properties from one argument's object into another argument. */
export function moveArgument(document: Document, operation: Extract<CodeOperation, { kind: 'move-argument' }>): TextEdit[] | undefined {
  const call = nodeAt(document, operation.call, isCallOrNew);
  const given = call?.arguments ?? [];
  const from = given[operation.from];
  const literal = from && unwrapped(from);
  if (!call || !from || !literal || !ts.isObjectLiteralExpression(literal)) return undefined;
  const moved = literal.properties.filter((property) => property.name && operation.keys.includes(property.name.getText(document.source).replace(/^['"]|['"]$/g, '')));
  if (moved.length !== operation.keys.length) return undefined;
  const tree: OptionTree = { entries: new Map() };
  for (const property of moved) {
    if (ts.isPropertyAssignment(property)) tree.entries.set(property.name.getText(document.source).replace(/^['"]|['"]$/g, ''), property.initializer.getText(document.source));
    else if (ts.isShorthandPropertyAssignment(property)) tree.entries.set(property.name.text, property.name.text);
    else return undefined;
  }
  const whole: Span = [from.getStart(document.source), from.getEnd()];
  const removed = moved.length === literal.properties.length ? [{ span: whole, newText: 'undefined' }] : removeProperties(document, moved);
  const added = setInCall(document, call, operation.to, tree);
  return added && removed && [...removed, ...added];
}
