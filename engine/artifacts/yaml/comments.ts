// Comments of a YAML text, found outside every scalar of its tree: a `#` in a block scalar, a quote or a plain value is no comment.

import type { Span } from '../../text';
import { lineEnd, type ParsedYaml, type YamlNode } from './tree';

export interface Comment {
  /** From the `#` to the end of its line. */
  readonly span: Span;
  /** Without the `#`, trimmed. */
  readonly text: string;
}

/** Comments in order. Text that a syntax error cut off is left out. Linear. */
export function commentsOf(text: string, parsed: ParsedYaml): Comment[] {
  const scalars = scalarSpans(parsed);
  const comments: Comment[] = [];
  let next = 0;
  for (const document of parsed.documents) {
    const stop = document.cutAt ?? document.span[1];
    let at = text.indexOf('#', Math.max(document.span[0], comments.at(-1)?.span[1] ?? 0));
    while (at >= 0 && at < stop) {
      while (next < scalars.length && (scalars[next]?.[1] ?? 0) <= at) next++;
      const inside = scalars[next];
      if (inside && inside[0] <= at && at < inside[1]) {
        at = text.indexOf('#', inside[1]);
        continue;
      }
      const before = text[at - 1];
      if (before === undefined || /\s/.test(before)) {
        const end = lineEnd(text, at);
        comments.push({ span: [at, end], text: text.slice(at + 1, end).trim() });
        at = text.indexOf('#', end);
      } else {
        at = text.indexOf('#', at + 1);
      }
    }
  }
  return comments;
}

function scalarSpans(parsed: ParsedYaml): Span[] {
  const spans: Span[] = [];
  const stack: YamlNode[] = parsed.documents.flatMap((document) => (document.root ? [document.root] : []));
  while (stack.length > 0) {
    const node = stack.pop();
    if (node?.kind === 'map') for (const pair of node.pairs) stack.push(pair.key, pair.value);
    else if (node?.kind === 'sequence') stack.push(...node.items);
    else if (node?.kind === 'scalar' && node.span[1] > node.span[0]) spans.push(node.span);
  }
  return spans.sort((a, b) => a[0] - b[0]);
}
