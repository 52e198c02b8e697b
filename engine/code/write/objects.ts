// Writes properties into object literals: merged into what stands there, in its own one-line or multi-line form.

import type { Span, TextEdit } from '../../text';
import { ts, type TypeScript } from '../typescript';
import { afterTrailingComments, indentationOf, lineEndOf, lineStartOf, unwrapped, type Document } from './document';
import { expressionIn } from './style';

/** What is to be set: a value, or an object with more to be set inside. */
export interface OptionTree {
  readonly entries: Map<string, OptionTree | string>;
}

/** A piece of new text with the places of inserted values in it. */
export interface Piece {
  readonly text: string;
  readonly placeholders: readonly Span[];
}

/** Puts the value of a dotted path into a tree; a later value of the same path wins. */
export function plant(tree: OptionTree, path: string, value: string): void {
  const [first = '', ...rest] = path.split('.');
  if (rest.length === 0) {
    tree.entries.set(first, value);
    return;
  }
  const inner = tree.entries.get(first);
  const next = typeof inner === 'object' ? inner : { entries: new Map<string, OptionTree | string>() };
  tree.entries.set(first, next);
  plant(next, rest.join('.'), value);
}

/** `{ timeout: 5_000 }` of a tree. */
export function objectText(document: Document, tree: OptionTree): Piece {
  return inBraces(document, entriesPiece(document, tree, ', '));
}

/** Joins pieces; plain strings have no placeholder. */
export function join(...parts: readonly (Piece | string)[]): Piece {
  let text = '';
  const placeholders: Span[] = [];
  for (const part of parts) {
    const piece = typeof part === 'string' ? { text: part, placeholders: [] } : part;
    for (const [start, end] of piece.placeholders) placeholders.push([text.length + start, text.length + end]);
    text += piece.text;
  }
  return { text, placeholders };
}

/** An edit whose new text is a piece. */
export function editOf(span: Span, piece: Piece): TextEdit {
  return { span, newText: piece.text, ...(piece.placeholders.length > 0 ? { placeholders: piece.placeholders } : {}) };
}

/** Edits that set a tree in an object literal; undefined where a property is a method or an accessor. */
export function mergeInto(document: Document, literal: TypeScript.ObjectLiteralExpression, tree: OptionTree): TextEdit[] | undefined {
  const edits: TextEdit[] = [];
  const missing: OptionTree = { entries: new Map() };
  for (const [key, value] of tree.entries) {
    const property = propertyNamed(document, literal, key);
    if (!property) {
      missing.entries.set(key, value);
      continue;
    }
    const made = setProperty(document, property, value);
    if (!made) return undefined;
    edits.push(...made);
  }
  if (missing.entries.size > 0) edits.push(insertProperties(document, literal, missing));
  return edits;
}

function propertyNamed(document: Document, literal: TypeScript.ObjectLiteralExpression, key: string): TypeScript.ObjectLiteralElementLike | undefined {
  return literal.properties.findLast((property) => property.name !== undefined && nameOf(document, property.name) === key);
}

function nameOf(document: Document, name: TypeScript.PropertyName): string {
  return ts.isStringLiteralLike(name) || ts.isNumericLiteral(name) ? name.text : name.getText(document.source);
}

function setProperty(document: Document, property: TypeScript.ObjectLiteralElementLike, value: OptionTree | string): TextEdit[] | undefined {
  if (ts.isShorthandPropertyAssignment(property)) {
    const made = newValue(document, property.name, value);
    return [editOf([property.getEnd(), property.getEnd()], join(': ', made))];
  }
  if (!ts.isPropertyAssignment(property)) return undefined;
  const { initializer } = property;
  const inner = unwrapped(initializer);
  if (typeof value === 'object' && ts.isObjectLiteralExpression(inner)) return mergeInto(document, inner, value);
  const span: Span = [initializer.getStart(document.source), initializer.getEnd()];
  return [editOf(span, newValue(document, initializer, value))];
}

// A signal that stands there already keeps its say; an object that comes from elsewhere is spread.
function newValue(document: Document, existing: TypeScript.Expression, value: OptionTree | string): Piece {
  const text = existing.getText(document.source);
  if (typeof value === 'object') return inBraces(document, join(`...${text}, `, entriesPiece(document, value, ', ')));
  if (value.startsWith('AbortSignal.timeout(') && !isNothing(unwrapped(existing))) return join(`AbortSignal.any([${text}, `, valuePiece(document, value), '])');
  return valuePiece(document, value);
}

/** `undefined` and `null`. */
export function isNothing(expression: TypeScript.Expression): boolean {
  return expression.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(expression) && expression.text === 'undefined');
}

function insertProperties(document: Document, literal: TypeScript.ObjectLiteralExpression, tree: OptionTree): TextEdit {
  const { text, source } = document;
  const last = literal.properties.at(-1);
  if (!last) return editOf([literal.getStart(source), literal.getEnd()], objectText(document, tree));
  const first = literal.properties[0] ?? last;
  const isMultiLine = /[\r\n]/.test(text.slice(literal.getStart(source), first.getStart(source)));
  const hasComma = literal.properties.hasTrailingComma;
  const end = hasComma ? literal.properties.end : last.getEnd();
  if (!isMultiLine) {
    const entries = entriesPiece(document, tree, ', ');
    return editOf([end, end], hasComma ? join(' ', entries, ',') : join(', ', entries));
  }
  const lineStart = document.style.lineBreak + indentationOf(text, last.getStart(source));
  const entries = join(lineStart, entriesPiece(document, tree, `,${lineStart}`));
  const afterComments = Math.min(afterTrailingComments(text, end), lineEndOf(text, end));
  if (hasComma) return editOf([afterComments, afterComments], join(entries, ','));
  if (afterComments === end) return editOf([end, end], join(',', entries));
  return editOf([end, afterComments], join(',', text.slice(end, afterComments), entries));
}

function entriesPiece(document: Document, tree: OptionTree, separator: string): Piece {
  const parts: (Piece | string)[] = [];
  for (const [key, value] of tree.entries) {
    if (parts.length > 0) parts.push(separator);
    const name = /^[A-Za-z_$][\w$]*$/.test(key) ? key : expressionIn(document.style, `'${key}'`);
    if (typeof value === 'string' && value === key) parts.push(name);
    else parts.push(`${name}: `, typeof value === 'string' ? valuePiece(document, value) : objectText(document, value));
  }
  return join(...parts);
}

function inBraces(document: Document, inner: Piece): Piece {
  return document.style.hasBraceSpaces ? join('{ ', inner, ' }') : join('{', inner, '}');
}

// The number inside is what a person may want to change; where there is none, the whole value.
function valuePiece(document: Document, value: string): Piece {
  const text = expressionIn(document.style, value);
  const number = /\b\d[\d_]*(?:\.\d+)?\b/.exec(text);
  const start = number?.index ?? 0;
  return { text, placeholders: [[start, start + (number?.[0].length ?? text.length)]] };
}

/** Edits that remove properties with their commas, and their lines where they stand alone; undefined where one is in no object literal. */
export function removeProperties(document: Document, removed: readonly TypeScript.ObjectLiteralElementLike[]): TextEdit[] | undefined {
  const edits: TextEdit[] = [];
  const emptied = new Set<TypeScript.ObjectLiteralExpression>();
  for (const property of removed) {
    const literal = property.parent;
    if (!ts.isObjectLiteralExpression(literal)) return undefined;
    const kept = literal.properties.filter((other) => !removed.includes(other));
    if (kept.length > 0) edits.push({ span: removedSpan(document, property, literal, kept), newText: '' });
    else if (!emptied.has(literal)) edits.push({ span: [literal.getStart(document.source), literal.getEnd()], newText: '{}' });
    emptied.add(literal);
  }
  return edits;
}

function removedSpan({ text, source }: Document, property: TypeScript.ObjectLiteralElementLike, literal: TypeScript.ObjectLiteralExpression, kept: readonly TypeScript.ObjectLiteralElementLike[]): Span {
  const start = property.getStart(source);
  const end = property.getEnd();
  const lineStart = lineStartOf(text, start);
  const lineEnd = lineEndOf(text, end);
  const standsAlone = lineStart > literal.getStart(source) && lineEnd < literal.getEnd() && text.slice(lineStart, start).trim() === '' && /^,?[ \t]*(\/\/.*|\/\*.*\*\/[ \t]*)?$/.test(text.slice(end, lineEnd));
  if (standsAlone) return [lineStart, afterLineBreak(text, lineEnd)];
  const next = literal.properties[literal.properties.indexOf(property) + 1];
  const before = kept.findLast((other) => other.pos < property.pos);
  if (next && kept.some((other) => other.pos > property.pos)) return [start, next.getStart(source)];
  return [before?.getEnd() ?? start, end];
}

function afterLineBreak(text: string, offset: number): number {
  if (text.startsWith('\r\n', offset)) return offset + 2;
  return text[offset] === '\n' || text[offset] === '\r' ? offset + 1 : offset;
}
