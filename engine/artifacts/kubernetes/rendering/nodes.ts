// Trees that rendering works on: aliases and merge keys written out, every span an address. Nothing is changed in place: each step makes the nodes anew that lie on its way.

import type { Span } from '../../../text';
import { entries, items, resolve } from '../../yaml/look-up';
import { parseYaml, type YamlMap, type YamlNode, type YamlPair, type YamlScalar, type YamlSequence } from '../../yaml/tree';
import type { SourceText } from '../facts';
import { FILL } from '../template';
import { placeIn } from '../kustomize';
import { addressOf } from './address';

/** Nodes of one object; a document that unfolds beyond this by its aliases is not rendered. */
const MOST_NODES = 100_000;

/** The first document's root of a source text of file number `file`; undefined where it is broken or far too large. Linear. */
export function parseSource(source: SourceText, file: number): YamlNode | undefined {
  const { documents, problems } = parseYaml(source.text);
  const root = documents.find((document) => document.root)?.root;
  return root && problems.length === 0 ? unfold(root, (span) => addressOf(file, placeIn(source, span))) : undefined;
}

function unfold(root: YamlNode, place: (span: Span) => Span): YamlNode | undefined {
  let left = MOST_NODES;
  const visit = (raw: YamlNode): YamlNode => {
    const node = resolve(raw);
    if (!node || --left < 0) return emptyScalar(place(raw.span));
    const span = place(node.span);
    // What another tool fills in before anything is deployed is not known.
    const text = node.kind === 'scalar' && node.text.includes('{{') && node.text.length < 500 ? FILL : node.kind === 'scalar' ? node.text : '';
    if (node.kind === 'scalar') return { kind: 'scalar', style: node.style, text, span, start: span[0], ...(node.tag === undefined ? {} : { tag: node.tag }) };
    if (node.kind === 'sequence') return { kind: 'sequence', style: node.style, items: items(node).map(visit), span, start: span[0] };
    const pairs = entries(node).map(({ name, pair, value }): YamlPair => ({ name, key: visit(pair.key), value: visit(value ?? pair.value), span: place(pair.span) }));
    return { kind: 'map', style: node.style, pairs, index: indexOf(pairs), span, start: span[0] };
  };
  const made = visit(root);
  return left < 0 ? undefined : made;
}

function indexOf(pairs: readonly YamlPair[]): ReadonlyMap<string, YamlPair> {
  return new Map(pairs.map((pair) => [pair.name, pair]));
}

function emptyScalar(span: Span): YamlScalar {
  return scalar('', span);
}

/** A scalar that stands at a place. */
export function scalar(text: string, span: Span): YamlScalar {
  return { kind: 'scalar', style: 'plain', text, span, start: span[0] };
}

/** An entry whose key and value are written at one place of some file. */
export function entry(name: string, value: YamlNode, span: Span): YamlPair {
  return { name, key: scalar(name, span), value, span };
}

/** A map with other entries. */
export function withPairs(map: YamlMap, pairs: readonly YamlPair[]): YamlMap {
  return { ...map, pairs, index: indexOf(pairs) };
}

/** A map whose entry of that name is this one; it keeps its place in the order. */
export function withPair(map: YamlMap, pair: YamlPair): YamlMap {
  return map.index.has(pair.name) ? withPairs(map, map.pairs.map((own) => (own.name === pair.name ? pair : own))) : withPairs(map, [...map.pairs, pair]);
}

/** A map without an entry. */
export function withoutPair(map: YamlMap, name: string): YamlMap {
  return map.index.has(name) ? withPairs(map, map.pairs.filter((own) => own.name !== name)) : map;
}

export function emptyMap(span: Span): YamlMap {
  return { kind: 'map', style: 'block', pairs: [], index: new Map(), span, start: span[0] };
}

export function sequence(all: readonly YamlNode[], span: Span): YamlSequence {
  return { kind: 'sequence', style: 'block', items: all, span, start: span[0] };
}

export function child(node: YamlNode | undefined, name: string): YamlNode | undefined {
  return node?.kind === 'map' ? node.index.get(name)?.value : undefined;
}

export function textAt(node: YamlNode | undefined, ...path: readonly string[]): string | undefined {
  let at = node;
  for (const name of path) at = child(at, name);
  return at?.kind === 'scalar' && at.text !== '' ? at.text : undefined;
}

/**
 * Changes what stands at a path; `*` = every item of a list. What is not there is made as an empty map where `span` is given, else nothing changes.
 * `change` gets the value (undefined where there is none) and gives the new one, or undefined to leave it.
 */
export function changeAt(node: YamlNode, path: readonly string[], change: (value: YamlNode | undefined) => YamlNode | undefined, span?: Span): YamlNode {
  const [step, ...rest] = path;
  if (step === undefined) return change(node) ?? node;
  if (step === '*') return node.kind === 'sequence' ? { ...node, items: node.items.map((item) => changeAt(item, rest, change, span)) } : node;
  if (node.kind !== 'map') return node;
  const own = node.index.get(step);
  if (own && !(own.value.kind === 'scalar' && own.value.text === '' && rest.length > 0)) {
    const value = changeAt(own.value, rest, change, span);
    return value === own.value ? node : withPair(node, rest.length === 0 ? { ...own, key: { ...own.key, span: keySpan(own, value) }, value, span: pairSpan(own, value) } : { ...own, value });
  }
  if (!span) return node;
  const made = rest.length === 0 ? change(undefined) : changeAt(emptyMap(span), rest, change, span);
  return made ? withPair(node, entry(step, made, span)) : node;
}

/** A value from elsewhere takes its key along: the place that decides is the one that is shown. */
function pairSpan(own: YamlPair, value: YamlNode): Span {
  return value === own.value || (value.kind !== 'scalar' && value.span === own.value.span) ? own.span : value.span;
}

function keySpan(own: YamlPair, value: YamlNode): Span {
  return value === own.value || (value.kind !== 'scalar' && value.span === own.value.span) ? own.key.span : value.span;
}
