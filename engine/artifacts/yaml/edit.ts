// The smallest text edits that change one thing of a YAML text, computed from the places of its tree. Nothing is written anew: comments, anchors, order and all other bytes stay.

import type { Span, TextEdit } from '../../text';
import { valueOf } from './look-up';
import { entryLines, flowText, itemLines, jsonText, keyText, scalarText, type NewNode, type Style } from './render';
import { lineEnd, type YamlDocument, type YamlMap, type YamlNode, type YamlPair, type YamlScalar, type YamlSequence } from './tree';

/** How the text around writes; looks at the first nested map and the first list of the document. */
export function styleOf(text: string, document: YamlDocument): Style {
  let unit: number | undefined;
  let dash: number | undefined;
  const stack: YamlNode[] = document.root ? [document.root] : [];
  for (let seen = 0; stack.length > 0 && seen < 2_000 && (unit === undefined || dash === undefined); seen++) {
    const node = stack.pop();
    if (node?.kind === 'sequence') stack.push(...node.items.toReversed());
    if (node?.kind !== 'map' || node.style === 'flow') continue;
    for (const pair of node.pairs.toReversed()) stack.push(pair.value);
    for (const { key, value } of node.pairs) {
      if (value.kind === 'scalar' || value.kind === 'alias' || value.style === 'flow') continue;
      const step = columnOf(text, value.span[0]) - columnOf(text, key.span[0]);
      if (value.kind === 'map' && step > 0) unit ??= step;
      if (value.kind === 'sequence' && step >= 0) dash ??= step;
    }
  }
  const root = document.root;
  const isJson = root?.kind === 'map' && root.style === 'flow' && root.pairs.every(({ key }) => key.kind === 'scalar' && key.style === 'double');
  return { unit: unit ?? 2, dash: dash ?? unit ?? 2, lineBreak: /\r?\n/.exec(text)?.[0] ?? '\n', isJson };
}

/** UTF-16 units between the start of the line and an offset. */
export function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

/** Where a new entry goes: behind the first of these keys that the map holds itself, before one, or (neither) at its end. */
export interface Where {
  readonly after?: readonly string[];
  readonly before?: readonly string[];
}

/** Inserts an entry into a map, in the map's own style. Undefined where the map already has the key itself. */
export function insertEntry(text: string, document: YamlDocument, map: YamlMap, name: string, value: NewNode, where: Where = {}): TextEdit | undefined {
  if (map.index.has(name)) return undefined;
  const style = styleOf(text, document);
  const after = where.after?.map((key) => map.index.get(key)).find((pair) => pair !== undefined);
  const before = after ? undefined : where.before?.map((key) => map.index.get(key)).find((pair) => pair !== undefined);
  if (map.style === 'flow') return insertIntoFlow(text, map, name, value, style, after ?? (before ? undefined : map.pairs.at(-1)), before);
  const sibling = before ?? after ?? map.pairs.at(-1);
  if (!sibling) return undefined;
  const column = columnOf(text, (map.pairs[0] ?? sibling).key.start);
  const lines = entryLines(name, value, column, style);
  const indent = ' '.repeat(column);
  if (before) return { span: [before.key.start, before.key.start], newText: lines.join(style.lineBreak) + style.lineBreak + indent };
  const at = endOfEntry(text, sibling, column);
  return { span: [at, at], newText: style.lineBreak + indent + lines.join(style.lineBreak) };
}

/** End of the last line of an entry, with comment lines that stand deeper than its key. */
export function endOfEntry(text: string, pair: YamlPair, column: number): number {
  return endWithComments(text, pair.span[1], column);
}

function endWithComments(text: string, from: number, column: number): number {
  let end = lineEnd(text, from);
  for (;;) {
    const next = /^\r?\n([ \t]*)#[^\n]*/.exec(text.slice(end, end + 2_000));
    if (!next || (next[1]?.length ?? 0) <= column) return end;
    end = lineEnd(text, end + next[0].length);
  }
}

function insertIntoFlow(text: string, map: YamlMap, name: string, value: NewNode, style: Style, after: YamlPair | undefined, before: YamlPair | undefined): TextEdit | undefined {
  const isJson = style.isJson || (map.pairs.length > 0 && map.pairs.every(({ key }) => key.kind === 'scalar' && key.style === 'double'));
  const sibling = before ?? after;
  if (!sibling) {
    const inner: Span = [map.span[0] + 1, map.span[1] - 1];
    return text.slice(...inner).includes('#') ? undefined : { span: inner, newText: ` ${keyText(name, { isJson })}: ${flowText(value, { isJson })} ` };
  }
  const lineStart = text.lastIndexOf('\n', sibling.key.start - 1) + 1;
  const lead = text.slice(lineStart, sibling.key.start);
  const isOnLines = lead.trim() === '' && lineStart > map.span[0];
  const outer = indentAt(text, map.span[0]);
  const unit = lead.startsWith(outer) && lead.length > outer.length ? lead.slice(outer.length) : '  ';
  const entry = `${keyText(name, { isJson })}: ${isJson && isOnLines ? jsonText(value, lead, unit, style.lineBreak) : flowText(value, { isJson })}`;
  const separator = isOnLines ? style.lineBreak + lead : ' ';
  if (before) return { span: [before.key.start, before.key.start], newText: `${entry},${separator}` };
  return { span: [sibling.span[1], sibling.span[1]], newText: `,${separator}${entry}` };
}

/** White space that the line of an offset begins with. */
function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset))?.[0] ?? '';
}

/** Gives a key whose value is empty or null its first child. */
export function fillEmpty(text: string, document: YamlDocument, pair: YamlPair, name: string, value: NewNode): TextEdit | undefined {
  if (pair.value.kind !== 'scalar' || valueOf(pair.value) !== null) return undefined;
  const style = styleOf(text, document);
  const column = columnOf(text, pair.key.start) + style.unit;
  if (pair.value.anchor !== undefined || pair.value.tag !== undefined || style.isJson) return undefined;
  const lines = entryLines(name, value, column, style);
  const child = style.lineBreak + ' '.repeat(column) + lines.join(style.lineBreak);
  if (pair.value.span[1] > pair.value.span[0]) return { span: [trimBack(text, pair.value.span[0]), pair.value.span[1]], newText: child };
  const at = lineEnd(text, pair.value.span[0]);
  return { span: [at, at], newText: child };
}

function trimBack(text: string, from: number): number {
  let at = from;
  while (text[at - 1] === ' ' || text[at - 1] === '\t') at--;
  return at;
}

/** Replaces a scalar by another value and keeps its quotes. */
export function replaceScalar(node: YamlScalar, value: string | number | boolean): TextEdit {
  if (node.style === 'double') return { span: node.span, newText: JSON.stringify(String(value)) };
  if (node.style === 'single') return { span: node.span, newText: `'${String(value).replaceAll("'", "''")}'` };
  return { span: node.span, newText: (node.span[0] === node.span[1] ? ' ' : '') + scalarText(value) };
}

/** Replaces any value of a pair by a scalar, or undefined where that would leave anchors without their node. */
export function replaceValue(pair: YamlPair, value: string | number | boolean): TextEdit | undefined {
  const node = pair.value;
  if (node.kind === 'scalar') return replaceScalar(node, value);
  return node.kind === 'alias' ? { span: node.span, newText: scalarText(value) } : undefined;
}

/** Puts flow text (`["CMD", "x"]`) in the place of a pair's value. Undefined where an anchor or a comment inside the old value would be lost. */
export function replaceWithFlow(text: string, pair: YamlPair, flow: string): TextEdit | undefined {
  const node = pair.value;
  if (node.kind === 'alias' || node.anchor !== undefined || node.tag !== undefined) return undefined;
  const isBlock = node.kind !== 'scalar' ? node.style === 'block' : node.style === 'literal' || node.style === 'folded';
  if (!isBlock || node.kind === 'scalar') return { span: node.span, newText: (node.span[0] === node.span[1] ? ' ' : '') + flow };
  const start = trimBack(text, pair.key.span[1] + 1);
  return text.slice(start, node.span[1]).includes('#') ? undefined : { span: [pair.key.span[1] + 1, node.span[1]], newText: ` ${flow}` };
}

/** Sets a key of a map to a scalar: replaces what the map itself holds, else inserts it. Values that come from an anchor are overridden in the map at hand. */
export function setEntry(text: string, document: YamlDocument, map: YamlMap, name: string, value: string | number | boolean, where: Where = {}): TextEdit | undefined {
  const own = map.index.get(name);
  return own ? replaceValue(own, value) : insertEntry(text, document, map, name, value, where);
}

/** Sets a value deep inside a map and makes the maps between where they are absent. Undefined where something else than a map stands in the way. */
export function setPath(text: string, document: YamlDocument, from: YamlMap, path: readonly string[], value: string | number | boolean, where: Where = {}): TextEdit | undefined {
  let at = from;
  for (let i = 0; i < path.length; i++) {
    const name = path[i] ?? '';
    const own = at.index.get(name);
    if (i === path.length - 1) return setEntry(text, document, at, name, value, i === 0 ? where : {});
    if (!own) return insertEntry(text, document, at, name, nest(path.slice(i + 1), value), i === 0 ? where : {});
    if (own.value.kind === 'map') at = own.value;
    else return fillEmpty(text, document, own, path[i + 1] ?? '', nest(path.slice(i + 2), value));
  }
  return undefined;
}

function nest(path: readonly string[], value: string | number | boolean): NewNode {
  return path.reduceRight<NewNode>((inner, name) => ({ kind: 'map', entries: [[name, inner]] }), value);
}

/** Removes an entry with the comment lines that stand directly above it. Undefined where it is the only one of its map. */
export function removeEntry(text: string, map: YamlMap, name: string): TextEdit | undefined {
  const at = map.pairs.findIndex((pair) => pair.name === name);
  const pair = map.pairs[at];
  if (!pair || map.pairs.length < 2) return undefined;
  const next = map.pairs[at + 1];
  const previous = map.pairs[at - 1];
  if (map.style === 'flow') {
    if (next) return { span: [pair.span[0], next.span[0]], newText: '' };
    return previous ? { span: [previous.span[1], pair.span[1]], newText: '' } : undefined;
  }
  const lineStart = text.lastIndexOf('\n', pair.key.start - 1) + 1;
  // The first key of a list item shares its line with the dash, which stays.
  if (text.slice(lineStart, pair.key.start).trim() !== '') return next ? { span: [pair.span[0], next.span[0]], newText: '' } : undefined;
  const end = lineEnd(text, pair.span[1]);
  const start = startWithComments(text, lineStart, columnOf(text, pair.key.start));
  const isLastLine = end >= text.length;
  if (isLastLine) return { span: [beforeBreak(text, start), end], newText: '' };
  return { span: [start, text.indexOf('\n', end) + 1], newText: '' };
}

function startWithComments(text: string, from: number, column: number): number {
  let start = from;
  while (start > 0) {
    const above = text.lastIndexOf('\n', start - 2) + 1;
    const line = text.slice(above, start);
    if (!line.trimStart().startsWith('#') || line.length - line.trimStart().length !== column) return start;
    start = above;
  }
  return start;
}

function beforeBreak(text: string, lineStart: number): number {
  if (lineStart === 0) return 0;
  return text[lineStart - 2] === '\r' ? lineStart - 2 : lineStart - 1;
}

/** Appends an item to a list, in the list's own style. */
export function appendItem(text: string, document: YamlDocument, sequence: YamlSequence, item: NewNode): TextEdit | undefined {
  const style = styleOf(text, document);
  const last = sequence.items.at(-1);
  if (sequence.style === 'flow') {
    const entry = typeof item === 'string' && last?.kind === 'scalar' && last.style === 'double' ? JSON.stringify(item) : flowText(item, style);
    if (last) return { span: [last.span[1], last.span[1]], newText: `, ${entry}` };
    const inner: Span = [sequence.span[0] + 1, sequence.span[1] - 1];
    return text.slice(...inner).includes('#') ? undefined : { span: inner, newText: entry };
  }
  if (!last) return undefined;
  const column = columnOf(text, sequence.span[0]);
  const at = endWithComments(text, last.span[1], column);
  return { span: [at, at], newText: style.lineBreak + ' '.repeat(column) + itemLines(item, column, style).join(style.lineBreak) };
}

/** Puts a document behind another one; `lines` are its lines without `---`. */
export function appendDocument(text: string, document: YamlDocument, lines: readonly string[]): TextEdit | undefined {
  if (!document.root) return undefined;
  const { lineBreak } = styleOf(text, document);
  const at = endWithComments(text, document.root.span[1], 0);
  return { span: [at, at], newText: lineBreak + ['---', ...lines].join(lineBreak) };
}

/** Turns a list of names under a key into a map: `- a` becomes `a:` with the given child. Comments stay at their lines. Undefined where an item is no plain scalar. */
export function listToMap(text: string, document: YamlDocument, pair: YamlPair, childOf: (name: string) => readonly [string, NewNode]): TextEdit[] | undefined {
  const sequence = pair.value;
  if (sequence.kind !== 'sequence' || sequence.items.length === 0 || sequence.anchor !== undefined || sequence.tag !== undefined) return undefined;
  const names = sequence.items.map((item) => (item.kind === 'scalar' && item.anchor === undefined && item.style !== 'literal' && item.style !== 'folded' ? item.text : undefined));
  if (names.some((name) => name === undefined) || new Set(names).size !== names.length) return undefined;
  const style = styleOf(text, document);
  const column = columnOf(text, pair.key.start) + style.unit;
  const indent = ' '.repeat(column);
  const childLine = (name: string): string => {
    const [child, value] = childOf(name);
    return style.lineBreak + ' '.repeat(column + style.unit) + entryLines(child, value, column + style.unit, style).join(style.lineBreak);
  };
  const lineStart = text.lastIndexOf('\n', pair.key.start - 1) + 1;
  if (sequence.style === 'flow') {
    const inFlow = style.isJson || !/^\s*(?:- )*$/.test(text.slice(lineStart, pair.key.start)) || text.slice(...sequence.span).includes('#');
    if (inFlow) {
      const entries = names.map((name = '') => `${keyText(name, style)}: ${flowText({ kind: 'map', entries: [childOf(name)] }, style)}`);
      return [{ span: sequence.span, newText: `{ ${entries.join(', ')} }` }];
    }
    const lines = names.map((name = '') => `${style.lineBreak}${indent}${scalarText(name)}:${childLine(name)}`);
    return [{ span: [trimBack(text, sequence.span[0]), sequence.span[1]], newText: lines.join('') }];
  }
  return sequence.items.flatMap((item, i) => {
    const name = names[i] ?? '';
    const start = text.lastIndexOf('\n', item.start - 1) + 1;
    const end = lineEnd(text, item.span[1]);
    return [
      { span: [start, item.span[1]], newText: `${indent}${scalarText(name)}:` },
      { span: [end, end], newText: childLine(name) },
    ];
  });
}
