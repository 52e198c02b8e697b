// Which stage of a service is judged: production where the file tells it apart from others, else the one that is deployed by default.

import { at, textAt, type Expression } from '../cloudformation/expression';
import { productionWord } from '../cloudformation/production';
import { literalOf, piecesOf } from './syntax';

const DEFAULT = 'dev';

/** The stage's name. Linear in the parts of the file that tell stages apart. */
export function stageOf(root: Expression): string {
  const words = new Set<string>();
  for (const section of ['custom', 'params', 'stages']) keysOf(at(root, section), 3, words);
  return productionWord(words) ?? defaultStage(at(root, 'provider', 'stage')) ?? DEFAULT;
}

function keysOf(expression: Expression | undefined, depth: number, words: Set<string>): void {
  if (expression?.kind !== 'map' || depth === 0) return;
  for (const { name, value } of expression.entries) {
    words.add(name);
    keysOf(value, depth - 1, words);
  }
}

/** `dev`, or the last fallback of `${opt:stage, 'dev'}`. */
function defaultStage(stage: Expression | undefined): string | undefined {
  const text = textAt(stage);
  const [only] = (text === undefined ? undefined : piecesOf(text)) ?? [];
  if (only?.kind !== 'variable') return text !== undefined && !text.includes('${') ? text : undefined;
  const fallback = only.alternatives.map(literalOf).find((literal) => literal !== undefined && literal !== null);
  return fallback === undefined ? undefined : String(fallback);
}
