// Turns the operations of one fix into the smallest text edits on the current text of a code file, in the file's own style.

import type { CodeOperation } from '../lint/fix';
import { applyEdits, type TextEdit } from '../text';
import { parseCode } from './parse';
import { moveArgument, setOptions } from './write/arguments';
import { documentOf, nodeAround, nodeAt, type Document } from './write/document';
import { addParameter, catchInBody, moveStatement } from './write/functions';
import { addImports } from './write/imports';
import { removeProperties } from './write/objects';
import { commentsBetween, insertAfter, insertBefore, insertInBody } from './write/statements';
import { expressionIn, linesIn } from './write/style';
import { ts } from './typescript';

/** Text edits for the operations of one fix on the current text of one file, in its own style; undefined where a place is gone or the result would not parse. Linear in the text. */
export async function writeCode(path: string, text: string, operations: readonly CodeOperation[]): Promise<TextEdit[] | undefined> {
  const document = documentOf(path, text);
  if (!document) return undefined;
  const edits: TextEdit[] = [];
  for (const group of [wraps(document, operations), setOptions(document, operations.filter((operation) => operation.kind === 'set-option')), removals(document, operations)]) {
    if (!group) return undefined;
    edits.push(...group);
  }
  for (const operation of operations) {
    const made = write(document, operation);
    if (!made) return undefined;
    edits.push(...made);
  }
  edits.push(...(await addImports(document, operations.filter((operation) => operation.kind === 'add-import'))));
  const joined = joinRemovals(edits);
  const result = applyEdits(text, joined);
  if (result.left.length > 0) return undefined;
  return !document.hasErrors && parseCode(path, result.text)?.hasErrors !== false ? undefined : joined;
}

function write(document: Document, operation: CodeOperation): TextEdit[] | undefined {
  switch (operation.kind) {
    case 'replace':
      return replace(document, operation);
    case 'insert-after':
      return insertAfter(document, operation);
    case 'insert-before':
      return insertBefore(document, operation);
    case 'insert-in-body':
      return insertInBody(document, operation);
    case 'move-argument':
      return moveArgument(document, operation);
    case 'catch-in-body':
      return catchInBody(document, operation);
    case 'add-parameter':
      return addParameter(document, operation);
    case 'move-statement':
      return moveStatement(document, operation);
    case 'remove-property':
    case 'set-option':
    case 'wrap':
    case 'add-import':
      return [];
  }
}

// Wraps come first: what is inserted after a statement that ends in a wrapped expression stands behind the wrap.
function wraps(document: Document, operations: readonly CodeOperation[]): TextEdit[] | undefined {
  const edits: TextEdit[] = [];
  for (const operation of operations) {
    if (operation.kind !== 'wrap') continue;
    const [start, end] = operation.span;
    if (!isInside(document, operation.span) || !endsOnTokens(document, operation.span)) return undefined;
    edits.push({ span: [start, start], newText: expressionIn(document.style, operation.before) }, { span: [end, end], newText: expressionIn(document.style, operation.after) });
  }
  return edits;
}

function removals(document: Document, operations: readonly CodeOperation[]): TextEdit[] | undefined {
  const properties = operations.filter((operation) => operation.kind === 'remove-property').map(({ property }) => nodeAt(document, property, ts.isObjectLiteralElementLike));
  const found = properties.filter((property) => property !== undefined);
  return found.length < properties.length ? undefined : removeProperties(document, found);
}

function replace(document: Document, { span, text, isVerbatim }: Extract<CodeOperation, { kind: 'replace' }>): TextEdit[] | undefined {
  if (!isInside(document, span)) return undefined;
  if (isVerbatim) return [{ span, newText: text }];
  const comments = commentsBetween(document, span, nodeAround(document, span));
  const lines = text.split('\n');
  const base = lines.length > 1 || comments.length > 0 ? /^[ \t]*/.exec(document.text.slice(document.text.lastIndexOf('\n', span[0] - 1) + 1, span[0]))?.[0] ?? '' : '';
  const code = lines.length === 1 ? expressionIn(document.style, text) : linesIn(document.style, lines, base).slice(base.length);
  const written = [...comments, code].join(document.style.lineBreak + base);
  const number = /(?<![\w.])\d[\d_]*(?![\w.])/.exec(written);
  return [{ span, newText: written, ...(number ? { placeholders: [[number.index, number.index + number[0].length] as const] } : {}) }];
}

function isInside({ text }: Document, [start, end]: readonly [number, number]): boolean {
  return start >= 0 && start <= end && end <= text.length;
}

/** Whether an expression starts at the one and one ends at the other offset. */
function endsOnTokens(document: Document, [start, end]: readonly [number, number]): boolean {
  const node = nodeAround(document, [start, end]);
  const children = node.getChildren(document.source);
  if (node.getStart(document.source) === start && node.getEnd() === end) return true;
  return children.some((child) => child.getStart(document.source) === start) && children.some((child) => child.getEnd() === end);
}

/** Removals that touch or overlap become one, so that neighbours can go together. */
function joinRemovals(edits: readonly TextEdit[]): TextEdit[] {
  const removals = edits.filter((edit) => edit.newText === '').sort((a, b) => a.span[0] - b.span[0]);
  const joined: TextEdit[] = [];
  for (const edit of removals) {
    const last = joined.at(-1);
    if (last && edit.span[0] < last.span[1]) joined[joined.length - 1] = { span: [last.span[0], Math.max(last.span[1], edit.span[1])], newText: '' };
    else joined.push(edit);
  }
  return [...edits.filter((edit) => edit.newText !== ''), ...joined];
}
