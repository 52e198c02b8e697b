// Sets a value of a TOML file: replaces what stands there, adds a key to its table, or a table to the end of the file.

import type { TextEdit } from '../../text';
import type { YamlMap, YamlNode } from '../yaml/tree';
import { parseToml } from './tree';

/** The smallest edit that sets the scalar at `path`; undefined where something else than tables stands in the way. */
export function setTomlValue(text: string, path: readonly string[], value: string): TextEdit[] | undefined {
  const { root, error } = parseToml(text);
  if (!root || error || path.length === 0) return undefined;
  let at: YamlMap = root;
  for (const [i, name] of path.entries()) {
    const own: YamlNode | undefined = at.index.get(name)?.value;
    if (i === path.length - 1 && own) return own.kind === 'scalar' ? [{ span: own.span, newText: valueText(value) }] : undefined;
    if (own === undefined) return append(text, at, path.slice(0, i), path.slice(i), value);
    if (own.kind !== 'map') return undefined;
    at = own;
  }
  return undefined;
}

function append(text: string, table: YamlMap, above: readonly string[], rest: readonly string[], value: string): TextEdit[] | undefined {
  const lineBreak = /\r?\n/.exec(text)?.[0] ?? '\n';
  const name = rest.at(-1) ?? '';
  const header = `[${[...above, ...rest.slice(0, -1)].join('.')}]`;
  const last = rest.length === 1 && above.length > 0 && text[table.start] === '[' ? table.pairs.findLast((pair) => pair.value.kind === 'scalar') : undefined;
  if (last) {
    const feed = text.indexOf('\n', last.span[1]);
    const stop = feed < 0 ? text.length : text[feed - 1] === '\r' ? feed - 1 : feed;
    const lead = /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', last.span[0] - 1) + 1, last.span[0]))?.[0] ?? '';
    return [{ span: [stop, stop], newText: `${lineBreak}${lead}${name} = ${valueText(value)}` }];
  }
  if (rest.length === 1) return undefined;
  const end = text.trimEnd().length;
  return [{ span: [end, end], newText: `${lineBreak}${lineBreak}${header}${lineBreak}${name} = ${valueText(value)}` }];
}

function valueText(value: string): string {
  return /^(?:\d+|true|false)$/.test(value) ? value : JSON.stringify(value);
}
