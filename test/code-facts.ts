// The facts of one code text, for tests of constructs: read with the shipped catalogue, spans shown as the text that they cover.

import { readCode } from '../engine/code/read';
import type { CodeFacts } from '../engine/code/facts';
import type { Span } from '../engine/text';
import { shippedCatalog } from './lint-files';

export interface ReadText {
  readonly facts: CodeFacts;
  /** The text of a span. */
  text(span: Span | undefined): string;
}

export function factsOf(text: string, path = 'a.ts'): ReadText {
  return { facts: readCode(path, text, shippedCatalog), text: (span) => (span ? text.slice(span[0], span[1]) : '') };
}
