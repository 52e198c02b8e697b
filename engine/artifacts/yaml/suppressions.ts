// Suppression comments of a YAML file.

import { parseSuppressions } from '../../lint/parse-suppression';
import type { Suppression } from '../../lint/suppression';
import { commentsOf } from './comments';
import type { ParsedYaml } from './tree';

/** Comments are only looked for where one can matter. */
export function suppressionsOf(text: string, parsed: ParsedYaml): Suppression[] {
  if (!text.includes('holdfast-')) return [];
  return [...parseSuppressions(text, commentsOf(text, parsed).map((comment) => ({ span: comment.span, body: comment.text })))];
}
