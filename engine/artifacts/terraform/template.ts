// Templates: texts whose parts are known become texts, JSON in them the value that it encodes.

import type { HclExpression } from '../hcl/tree';
import type { Location } from '../../text';
import type { Context } from './evaluate';
import { readJsonText, type JsonPiece } from './json-text';
import { mentionsIn } from './mentions';
import { isSoft, scalar, softenIf, textOf, unknown, type Value } from './values';

/** Linear in the template. */
export function evaluateTemplate(template: HclExpression & { readonly kind: 'template' }, context: Context, at: Location, evaluate: (expression: HclExpression, context: Context) => Value): Value {
  const [only] = template.parts;
  if (only?.kind === 'expression' && template.parts.length === 1) return evaluate(only.expression, context);
  const pieces: JsonPiece[] = [];
  let soft = false;
  for (const part of template.parts) {
    if (part.kind === 'directive') return unknown('a text with conditions', at, mentionsIn(template, context));
    if (part.kind === 'text') {
      pieces.push({ text: part.text, start: part.span[0] });
      continue;
    }
    const value = evaluate(part.expression, context);
    const text = textOf(value);
    soft ||= isSoft(value);
    pieces.push(text === undefined ? { hole: value } : { text, start: part.span[0] });
  }
  const json = readJsonText(pieces, at);
  if (json) return json;
  if (pieces.some((piece) => 'hole' in piece)) return unknown('a text with parts that are not known', at, mentionsIn(template, context));
  return softenIf(soft, scalar(pieces.map((piece) => ('text' in piece ? piece.text : '')).join(''), at));
}
