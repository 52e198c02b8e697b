// Moves an expression to one place: for text whose own offsets mean nothing in its file.

import type { Span } from '../../text';
import type { HclExpression } from './tree';

/** The same expression with every node at `span`. Linear. */
export function respan(one: HclExpression, span: Span): HclExpression {
  const move = (inner: HclExpression): HclExpression => respan(inner, span);
  switch (one.kind) {
    case 'literal':
    case 'name':
      return { ...one, span };
    case 'template':
      return { ...one, parts: one.parts.map((part) => (part.kind === 'expression' ? { ...part, expression: move(part.expression), span } : { ...part, span })), span };
    case 'attribute':
    case 'unary':
    case 'parentheses':
      return { ...one, of: move(one.of), span };
    case 'index':
      return { ...one, of: move(one.of), key: move(one.key), span };
    case 'splat':
      return { ...one, of: move(one.of), ...(one.then ? { then: move(one.then) } : {}), span };
    case 'call':
      return { ...one, arguments: one.arguments.map(move), span };
    case 'conditional':
      return { ...one, test: move(one.test), yes: move(one.yes), no: move(one.no), span };
    case 'binary':
      return { ...one, left: move(one.left), right: move(one.right), span };
    case 'tuple':
      return { ...one, items: one.items.map(move), span };
    case 'object':
      return { ...one, items: one.items.map((item) => ({ key: move(item.key), value: move(item.value), span })), span };
    case 'for':
      return { ...one, in: move(one.in), value: move(one.value), ...(one.key ? { key: move(one.key) } : {}), ...(one.if ? { if: move(one.if) } : {}), span };
  }
}
