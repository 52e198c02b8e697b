// Look-ups in a YAML tree that see through aliases and merge keys, and tell who owns what was found: a fix belongs into the map at hand, not into a shared anchor.

import type { YamlDocument, YamlMap, YamlNode, YamlPair, YamlScalar, YamlSequence } from './tree';

export interface Found {
  /** Never an alias: the node that it stands for. */
  readonly node: YamlNode;
  /** The pair that holds it; undefined for the item of a sequence. */
  readonly pair: YamlPair | undefined;
  /** The collection that literally holds it. */
  readonly owner: YamlMap | YamlSequence;
  /** Reached through an alias or a merge key: others may use it too. */
  readonly isShared: boolean;
}

/** A bound on aliases of aliases; trees hold no circles, this only keeps a hostile file cheap. */
const MAX_ALIASES = 100;

/** The node that an alias stands for; the node itself otherwise. Undefined for an unknown anchor. */
export function resolve(node: YamlNode | undefined): Exclude<YamlNode, { kind: 'alias' }> | undefined {
  let at = node;
  for (let i = 0; at?.kind === 'alias' && i < MAX_ALIASES; i++) at = at.target;
  return at?.kind === 'alias' ? undefined : at;
}

/** What stands at a path of keys and indexes, with its owner. Direct keys win over merged ones, earlier merges over later. */
export function find(node: YamlNode | undefined, ...path: readonly (string | number)[]): Found | undefined {
  let found: Found | undefined;
  let at = node;
  let isShared = false;
  for (const step of path) {
    isShared ||= at?.kind === 'alias';
    const here = resolve(at);
    const next = typeof step === 'number' ? itemAt(here, step) : pairAt(here, step);
    if (!next) return undefined;
    isShared ||= next.isMerged;
    at = next.node;
    const value = resolve(at);
    if (!value) return undefined;
    found = { node: value, pair: next.pair, owner: next.owner, isShared: isShared || at.kind === 'alias' };
  }
  return found;
}

/** The node at a path, aliases resolved. */
export function get(node: YamlNode | undefined, ...path: readonly (string | number)[]): YamlNode | undefined {
  return path.length === 0 ? resolve(node) : find(node, ...path)?.node;
}

interface Step {
  readonly node: YamlNode;
  readonly pair: YamlPair | undefined;
  readonly owner: YamlMap | YamlSequence;
  readonly isMerged: boolean;
}

function itemAt(node: YamlNode | undefined, index: number): Step | undefined {
  const item = node?.kind === 'sequence' ? node.items[index] : undefined;
  return item && node?.kind === 'sequence' ? { node: item, pair: undefined, owner: node, isMerged: false } : undefined;
}

function pairAt(node: YamlNode | undefined, key: string): Step | undefined {
  if (node?.kind !== 'map') return undefined;
  const direct = node.index.get(key);
  if (direct) return { node: direct.value, pair: direct, owner: node, isMerged: false };
  if (!node.index.has('<<')) return undefined;
  for (const map of mergedMaps(node)) {
    const pair = map.index.get(key);
    if (pair) return { node: pair.value, pair, owner: map, isMerged: true };
  }
  return undefined;
}

/** Maps that a map merges in, in the order in which they win; each once. */
function mergedMaps(map: YamlMap): YamlMap[] {
  const seen = new Set<YamlMap>([map]);
  const order: YamlMap[] = [];
  const visit = (of: YamlMap): void => {
    for (const pair of of.pairs) {
      if (pair.name !== '<<') continue;
      const value = resolve(pair.value);
      for (const source of value?.kind === 'sequence' ? value.items : [value]) {
        const merged = resolve(source);
        if (merged?.kind !== 'map' || seen.has(merged) || seen.size > 1_000) continue;
        seen.add(merged);
        order.push(merged);
        visit(merged);
      }
    }
  };
  visit(map);
  return order;
}

export interface Entry {
  readonly name: string;
  readonly pair: YamlPair;
  /** Aliases resolved; undefined for an unknown anchor. */
  readonly value: YamlNode | undefined;
  readonly owner: YamlMap;
  readonly isMerged: boolean;
}

/** Effective entries of a map: its own in order, then merged ones that it does not override. Empty for anything else. */
export function entries(node: YamlNode | undefined): Entry[] {
  const map = resolve(node);
  if (map?.kind !== 'map') return [];
  const result: Entry[] = [];
  const seen = new Set<string>();
  for (const owner of map.index.has('<<') ? [map, ...mergedMaps(map)] : [map]) {
    for (const pair of owner.index.values()) {
      if (pair.name === '<<' || seen.has(pair.name)) continue;
      seen.add(pair.name);
      result.push({ name: pair.name, pair, value: resolve(pair.value), owner, isMerged: owner !== map });
    }
  }
  return result;
}

/** Items of a sequence, aliases resolved (an unknown anchor leaves the alias). Empty for anything else. */
export function items(node: YamlNode | undefined): readonly YamlNode[] {
  const sequence = resolve(node);
  return sequence?.kind === 'sequence' ? sequence.items.map((item) => resolve(item) ?? item) : [];
}

export type ScalarValue = string | number | boolean | null;

/** Value of a scalar by the core schema of YAML 1.2: `yes`, `on` and `0755` in quotes stay text. Undefined for collections and custom tags. */
export function valueOf(node: YamlNode | undefined): ScalarValue | undefined {
  const scalar = resolve(node);
  if (scalar?.kind !== 'scalar') return undefined;
  if (scalar.tag === '!!str' || scalar.style !== 'plain') return scalar.text;
  if (scalar.tag !== undefined && !scalar.tag.startsWith('!!')) return undefined;
  return coreValue(scalar.text);
}

function coreValue(text: string): ScalarValue {
  if (/^(?:null|Null|NULL|~)?$/.test(text)) return null;
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE)$/.test(text)) return false;
  if (/^[-+]?\d+$/.test(text) || /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(text)) return Number(text);
  if (/^0o[0-7]+$/.test(text) || /^0x[\da-fA-F]+$/.test(text)) return Number(text);
  return text;
}

/** Text of a scalar as written, quotes undone; undefined for collections and for an empty or null one. */
export function textOf(node: YamlNode | undefined): string | undefined {
  const scalar = resolve(node);
  if (scalar?.kind !== 'scalar') return undefined;
  return valueOf(scalar) === null ? undefined : scalar.text;
}

/** Number of a scalar, also of a quoted one. */
export function numberOf(node: YamlNode | undefined): number | undefined {
  const text = textOf(node)?.trim();
  if (text === undefined) return undefined;
  const value = coreValue(text);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** Boolean of a plain scalar. `isLoose` also takes the words of YAML 1.1 (`yes`, `off`), as Compose and Kubernetes do. */
export function booleanOf(node: YamlNode | undefined, isLoose = true): boolean | undefined {
  const value = valueOf(node);
  if (typeof value === 'boolean') return value;
  if (!isLoose || typeof value !== 'string' || scalarStyle(node) !== 'plain') return undefined;
  if (/^(?:y|yes|on)$/i.test(value)) return true;
  if (/^(?:n|no|off)$/i.test(value)) return false;
  return undefined;
}

function scalarStyle(node: YamlNode | undefined): YamlScalar['style'] | undefined {
  const scalar = resolve(node);
  return scalar?.kind === 'scalar' ? scalar.style : undefined;
}

/** Map of scalar texts (labels, selectors): entries whose value is a scalar, merged ones included. */
export function textsOf(node: YamlNode | undefined): Record<string, string> {
  const result: Record<string, string> = {};
  for (const { name, value } of entries(node)) {
    const text = textOf(value);
    if (text !== undefined) result[name] = text;
  }
  return result;
}

/** Whether a node ends where its document was cut off by a syntax error: what it lacks may stand below. */
export function isCut(document: YamlDocument, node: YamlNode): boolean {
  return document.cutAt !== undefined && document.root !== undefined && node.span[1] >= document.root.span[1];
}
