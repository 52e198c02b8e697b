// Writers are asked for many fixes of one text in a row: the tree of the last text is kept, so that n fixes of a file cost one parse and not n.

import { parseYaml, type ParsedYaml } from './tree';

let last: { readonly text: string; readonly parsed: ParsedYaml } | undefined;

/** As `parseYaml`; a text asked for again right away gives the same tree, which nobody may change. Holds one text at most. */
export function parseAgain(text: string): ParsedYaml {
  if (last?.text !== text) last = { text, parsed: parseYaml(text) };
  return last.parsed;
}
