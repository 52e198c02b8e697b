// A configuration file as a tree that knows where everything stands: YAML, JSON with comments, or the key of a package.json.

import type { Node, Pair } from 'yaml';
import type { Span } from '../text';
import type { ConfigurationProblem } from './configuration';

export type ConfigurationNode =
  | { readonly kind: 'map'; readonly span: Span; readonly entries: readonly ConfigurationEntry[] }
  | { readonly kind: 'list'; readonly span: Span; readonly items: readonly ConfigurationNode[] }
  | { readonly kind: 'scalar'; readonly span: Span; readonly value: string | number | boolean | null };

export interface ConfigurationEntry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: ConfigurationNode;
}

const LARGEST = 500_000;
const DEEPEST = 32;
const MOST_NODES = 50_000;

/** Parses a configuration text. Syntax errors become problems; what was understood is still given. A package.json gives the value of its key `holdfast`, or nothing. */
export async function parseConfiguration(file: string, text: string): Promise<{ readonly root: ConfigurationNode | undefined; readonly problems: readonly ConfigurationProblem[] }> {
  if (text.length > LARGEST) return { root: undefined, problems: [{ file, span: [0, 0], message: 'this configuration is too large to be read' }] };
  const isPackage = /(^|\/)package\.json$/.test(file);
  if (isPackage && !holdsConfiguration(text)) return { root: undefined, problems: [] };
  const isJson = /\.jsonc?$/i.test(file);
  const { parseDocument, isMap, isPair, isScalar, isSeq, isAlias } = await import('yaml');
  const document = parseDocument(isJson ? plainJson(text) : text, { prettyErrors: false, logLevel: 'silent', merge: false });
  const problems = document.errors.map((error): ConfigurationProblem => ({ file, span: [error.pos[0], Math.max(error.pos[1], error.pos[0])], message: syntaxMessage(error.message, isJson) }));
  let nodes = 0;
  const converted = document.contents === null ? undefined : convert(document.contents, 0);
  if (!isPackage) return { root: converted, problems };
  const own = converted?.kind === 'map' ? converted.entries.find((entry) => entry.key === 'holdfast')?.value : undefined;
  return own?.kind === 'map' ? { root: own, problems } : { root: undefined, problems: [] };

  function convert(node: Node | null, depth: number): ConfigurationNode | undefined {
    if (node === null || depth > DEEPEST || ++nodes > MOST_NODES) return undefined;
    // An alias stands for its anchor's value; the bounds above end a circle of them.
    if (isAlias(node)) return convert(node.resolve(document) ?? null, depth + 1);
    const span = spanOf(node);
    if (isMap(node)) return { kind: 'map', span, entries: node.items.flatMap((pair) => (isPair(pair) ? entriesOfPair(pair as Pair<Node, Node | null>, depth) : [])) };
    if (isSeq(node)) return { kind: 'list', span, items: node.items.flatMap((item) => convert(item as Node, depth + 1) ?? []) };
    if (isScalar(node)) {
      const value = node.value;
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null) return { kind: 'scalar', span, value };
      return { kind: 'scalar', span, value: node.source ?? '' };
    }
    return undefined;
  }

  function entriesOfPair(pair: Pair<Node, Node | null>, depth: number): ConfigurationEntry[] {
    const key = isScalar(pair.key) ? String(pair.key.value) : '';
    const keySpan = spanOf(pair.key);
    const value = convert(pair.value, depth + 1) ?? { kind: 'scalar', span: [keySpan[1], keySpan[1]], value: null };
    if (key === '<<' && value.kind === 'map') return [...value.entries];
    return [{ key, keySpan, value }];
  }
}

/** The entries of a mapping; none for anything else. */
export function entriesOf(node: ConfigurationNode | undefined): readonly ConfigurationEntry[] {
  return node?.kind === 'map' ? node.entries : [];
}

/** A value without its places. */
export function plainValue(node: ConfigurationNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plainValue);
  return Object.fromEntries(node.entries.map(({ key, value }) => [key, plainValue(value)]));
}

/** Whether a package.json has a mapping under the key `holdfast`, asked without the slower parser; a broken one holds none. */
function holdsConfiguration(text: string): boolean {
  if (!text.includes('"holdfast"')) return false;
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && 'holdfast' in parsed && typeof parsed.holdfast === 'object' && parsed.holdfast !== null;
  } catch {
    return false;
  }
}

function spanOf(node: Node): Span {
  return [node.range?.[0] ?? 0, node.range?.[1] ?? 0];
}

function syntaxMessage(message: string, isJson: boolean): string {
  const first = message.split('\n', 1)[0] ?? '';
  return `not valid ${isJson ? 'JSON' : 'YAML'}: ${first.charAt(0).toLowerCase()}${first.slice(1).replace(/[.:]$/, '')}`;
}

/** JSON with comments, trailing commas and tabs made plain, every offset kept. Linear. */
function plainJson(text: string): string {
  let result = '';
  let at = 0;
  while (at < text.length) {
    const c = text[at] ?? '';
    let end = at + 1;
    if (c === '"') {
      while (end < text.length && text[end] !== '"' && text[end] !== '\n') end += text[end] === '\\' ? 2 : 1;
      end = Math.min(end + 1, text.length);
      result += text.slice(at, end);
    } else if (c === '/' && text[end] === '/') {
      while (end < text.length && text[end] !== '\n') end++;
      result += ' '.repeat(end - at);
    } else if (c === '/' && text[end] === '*') {
      const close = text.indexOf('*/', end + 1);
      end = close < 0 ? text.length : close + 2;
      result += text.slice(at, end).replace(/[^\n]/g, ' ');
    } else {
      result += c === '\t' ? ' ' : c;
    }
    at = end;
  }
  return withoutTrailingCommas(result);
}

function withoutTrailingCommas(text: string): string {
  const pieces: string[] = [];
  let from = 0;
  let comma = -1;
  for (let i = 0; i < text.length; i++) {
    const c = text[i] ?? '';
    if (c === '"') {
      comma = -1;
      i++;
      while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
    } else if (c === ',') {
      comma = i;
    } else if ((c === '}' || c === ']') && comma >= 0) {
      pieces.push(text.slice(from, comma), ' ');
      from = comma + 1;
      comma = -1;
    } else if (c.trim() !== '') {
      comma = -1;
    }
  }
  return pieces.join('') + text.slice(from);
}
