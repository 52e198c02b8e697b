// A TOML text as the same light tree as YAML: one reader serves a format that is written in both.

import { ParseError, parseTOML, type AST } from 'toml-eslint-parser';
import type { Span } from '../../text';
import type { YamlMap, YamlNode, YamlPair, YamlScalar } from '../yaml/tree';

export interface ParsedToml {
  /** What stands above a syntax error, where there is one; undefined where nothing could be read. */
  readonly root: YamlMap | undefined;
  readonly comments: readonly { readonly span: Span; readonly body: string }[];
  readonly error?: { readonly because: string; readonly at: number };
}

interface DraftMap {
  readonly kind: 'map';
  readonly entries: Map<string, { readonly key: YamlScalar; value: Draft }>;
  start: number;
  end: number;
}

interface DraftList {
  readonly kind: 'list';
  readonly items: DraftMap[];
}

type Draft = DraftMap | DraftList | { readonly kind: 'node'; readonly node: YamlNode };

/** Parses a TOML text; never throws. With a syntax error the lines above it are read. Linear, with an error a few times that. */
export function parseToml(text: string): ParsedToml {
  const whole = attempt(text);
  if (whole.program) return { root: treeOf(whole.program, text), comments: commentsOf(whole.program) };
  const error = { because: whole.because, at: whole.at };
  let end = whole.at;
  // The parser notices some errors only on the line below.
  for (let tries = 0; tries < 4 && end > 0; tries++) {
    end = text.lastIndexOf('\n', end - 1);
    const above = attempt(text.slice(0, end + 1));
    if (above.program) return { root: treeOf(above.program, text), comments: commentsOf(above.program), error };
  }
  return { root: undefined, comments: [], error };
}

type Attempt = { readonly program: AST.TOMLProgram } | { readonly program?: undefined; readonly because: string; readonly at: number };

function attempt(text: string): Attempt {
  try {
    return { program: parseTOML(text, { tomlVersion: 'latest' }) };
  } catch (error) {
    return { because: error instanceof Error ? error.message : 'no TOML', at: error instanceof ParseError ? Math.min(error.index, text.length) : text.length };
  }
}

function commentsOf(program: AST.TOMLProgram): ParsedToml['comments'] {
  return program.comments.map((comment) => ({ span: [comment.range[0], comment.range[1]], body: comment.value.trim() }));
}

function treeOf(program: AST.TOMLProgram, text: string): YamlMap {
  const root = emptyMap(0);
  for (const entry of program.body[0].body) {
    if (entry.type === 'TOMLKeyValue') setValue(root, entry);
    else {
      const table = tableAt(root, entry);
      for (const pair of entry.body) setValue(table, pair);
    }
  }
  root.end = text.length;
  return finish(root);
}

function emptyMap(start: number): DraftMap {
  return { kind: 'map', entries: new Map(), start, end: start };
}

function keyNode(key: AST.TOMLBare | AST.TOMLQuoted): YamlScalar {
  return { kind: 'scalar', style: key.type === 'TOMLBare' ? 'plain' : 'double', text: key.type === 'TOMLBare' ? key.name : key.value, span: [key.range[0], key.range[1]], start: key.range[0] };
}

/** The map that `[a.b]` or one more `[[a.b]]` opens. */
function tableAt(root: DraftMap, table: AST.TOMLTable): DraftMap {
  let at = root;
  for (const [i, key] of table.key.keys.entries()) {
    const node = keyNode(key);
    const isLast = i === table.key.keys.length - 1;
    const own = at.entries.get(node.text)?.value;
    if (isLast && table.kind === 'array') {
      const list: DraftList = own?.kind === 'list' ? own : { kind: 'list', items: [] };
      const item = emptyMap(table.range[0]);
      list.items.push(item);
      if (own !== list) at.entries.set(node.text, { key: node, value: list });
      at = item;
    } else {
      at = childOf(at, node, table.range[0]);
    }
    at.end = Math.max(at.end, table.range[1]);
  }
  return at;
}

function childOf(parent: DraftMap, key: YamlScalar, start: number): DraftMap {
  const own = parent.entries.get(key.text)?.value;
  const last = own?.kind === 'list' ? own.items.at(-1) : own;
  if (last?.kind === 'map') return last;
  const made = emptyMap(start);
  parent.entries.set(key.text, { key, value: made });
  return made;
}

function setValue(table: DraftMap, pair: AST.TOMLKeyValue): void {
  let at = table;
  for (const [i, key] of pair.key.keys.entries()) {
    const node = keyNode(key);
    if (i === pair.key.keys.length - 1) at.entries.set(node.text, { key: node, value: { kind: 'node', node: nodeOf(pair.value) } });
    else at = childOf(at, node, pair.range[0]);
    at.end = Math.max(at.end, pair.range[1]);
  }
}

function nodeOf(value: AST.TOMLContentNode): YamlNode {
  const place = { span: [value.range[0], value.range[1]] as const, start: value.range[0] };
  if (value.type === 'TOMLArray') return { kind: 'sequence', style: 'flow', items: value.elements.map(nodeOf), ...place };
  if (value.type === 'TOMLInlineTable') {
    const draft = emptyMap(value.range[0]);
    for (const pair of value.body) setValue(draft, pair);
    return { ...finish(draft), style: 'flow', ...place };
  }
  const isText = value.kind === 'string';
  return { kind: 'scalar', style: isText ? (value.style === 'literal' ? 'single' : 'double') : 'plain', text: isText ? value.value : textOf(value), ...place };
}

function textOf(value: Exclude<AST.TOMLValue, AST.TOMLStringValue>): string {
  if (value.kind === 'boolean') return String(value.value);
  return 'number' in value ? value.number.replaceAll('_', '') : value.datetime;
}

function finish(draft: DraftMap): YamlMap {
  const pairs = [...draft.entries.values()].map(({ key, value }): YamlPair => {
    const node = value.kind === 'node' ? value.node : value.kind === 'map' ? finish(value) : listOf(value);
    return { key, name: key.text, value: node, span: [key.span[0], Math.max(key.span[1], node.span[1])] };
  });
  return { kind: 'map', style: 'block', pairs, index: new Map(pairs.map((pair) => [pair.name, pair])), span: [draft.start, Math.max(draft.end, draft.start)], start: draft.start };
}

function listOf(draft: DraftList): YamlNode {
  const items = draft.items.map(finish);
  const start = items[0]?.start ?? 0;
  return { kind: 'sequence', style: 'block', items, span: [start, items.at(-1)?.span[1] ?? start], start };
}
