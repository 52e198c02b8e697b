// A light tree of a YAML (or JSON) text with the place of every key and value, built from js-yaml's flat events: some fifteen times cheaper than a document model.
// A syntax error never throws: its document keeps what stands above the error.

import { EVENT_ID, SCALAR_STYLE, YAMLException, getScalarValue, parseEvents, type Event, type ScalarEvent } from 'js-yaml';
import type { Span } from '../../text';

export type YamlNode = YamlMap | YamlSequence | YamlScalar | YamlAlias;

interface NodeBase {
  /** Without anchor and tag; quotes and brackets included. A block collection ends where its last value ends, never behind the line break. */
  readonly span: Span;
  readonly anchor?: string;
  readonly tag?: string;
  /** Where anchor or tag begins; the span's start where there is neither. */
  readonly start: number;
}

export interface YamlMap extends NodeBase {
  readonly kind: 'map';
  readonly style: 'block' | 'flow';
  /** In the order of the text; merge keys are pairs like others, with the key `<<`. */
  readonly pairs: readonly YamlPair[];
  /** By key; of equal keys the last one. */
  readonly index: ReadonlyMap<string, YamlPair>;
}

export interface YamlSequence extends NodeBase {
  readonly kind: 'sequence';
  readonly style: 'block' | 'flow';
  readonly items: readonly YamlNode[];
}

export interface YamlScalar extends NodeBase {
  readonly kind: 'scalar';
  readonly style: 'plain' | 'single' | 'double' | 'literal' | 'folded';
  /** Decoded text: quotes, escapes and folding undone. */
  readonly text: string;
}

export interface YamlAlias extends NodeBase {
  readonly kind: 'alias';
  readonly name: string;
  /** The node that bears the anchor, where it stands above and is not around this alias: so no walk over targets ends in a circle. */
  readonly target: YamlNode | undefined;
}

export interface YamlPair {
  readonly key: YamlNode;
  /** Text of a scalar key; empty for others. */
  readonly name: string;
  readonly value: YamlNode;
  /** From the key's start to the value's end. */
  readonly span: Span;
}

export interface YamlDocument {
  /** Place in the file, from 0. An empty document between two `---` counts. */
  readonly index: number;
  readonly root: YamlNode | undefined;
  /** From the `---` that opens it (or the start of the text) to the next one. */
  readonly span: Span;
  /** Keys that stand twice in one map: the later place. */
  readonly duplicates: readonly { readonly name: string; readonly span: Span }[];
  /** Offset of the line behind which nothing was read, after a syntax error. */
  readonly cutAt?: number;
}

export interface YamlProblem {
  /** A clause: `bad indentation of a mapping entry; lines 1-30 read`. */
  readonly because: string;
  readonly span: Span;
  readonly extent: 'not-read' | 'in-part';
}

export interface ParsedYaml {
  readonly documents: readonly YamlDocument[];
  readonly problems: readonly YamlProblem[];
}

/** Parses every document of a text. Never throws. Linear; with a syntax error a logarithm of the lines more. */
export function parseYaml(text: string): ParsedYaml {
  const documents: YamlDocument[] = [];
  const problems: YamlProblem[] = [];
  for (const span of chunksOf(text)) {
    const read = parseChunk(text, span);
    if (read.problem) problems.push(read.problem);
    for (const built of read.trees) documents.push({ index: documents.length, span, ...built });
  }
  return { documents, problems };
}

/** Document parts: a `---` in the first column starts a document wherever it stands, also inside a block scalar. */
function chunksOf(text: string): Span[] {
  const starts: number[] = [0];
  for (const match of text.matchAll(/^---(?=\s|$)/gm)) {
    // Directives and comments above the first marker belong to its document.
    const isFirst = starts.length === 1 && /^\uFEFF?(?:[ \t]*(?:#[^\n]*)?(?:\n|\r\n?)|%[^\n]*\n)*$/.test(text.slice(0, match.index));
    if (!isFirst) starts.push(match.index);
  }
  return starts.map((start, i) => [start, starts[i + 1] ?? text.length]);
}

interface Tree {
  readonly root: YamlNode | undefined;
  readonly duplicates: readonly { readonly name: string; readonly span: Span }[];
  readonly cutAt?: number;
}

function parseChunk(text: string, [from, to]: Span): { trees: Tree[]; problem?: YamlProblem } {
  const base = text.charCodeAt(from) === 0xfeff ? from + 1 : from;
  const whole = eventsOf(text.slice(base, to));
  if (whole.events) return { trees: buildTrees(text, base, whole.source, whole.events) };
  const lineOf = (offset: number): number => lineNumber(text, offset);
  const errorAt = Math.min(base + whole.at, Math.max(base, to - 1));
  const prefix = longestPrefix(text, base, errorAt);
  const span: Span = [errorAt, lineEnd(text, errorAt)];
  if (!prefix) return { trees: [{ root: undefined, duplicates: [], cutAt: from }], problem: { because: whole.reason, span, extent: 'not-read' } };
  const trees = buildTrees(text, base, prefix.source, prefix.events).map((tree, i, all) => (i === all.length - 1 ? { ...tree, cutAt: prefix.end } : tree));
  const first = lineOf(base);
  const last = lineOf(Math.max(base, prefix.end - 1));
  return { trees, problem: { because: `${whole.reason}; lines ${first}-${last} read`, span, extent: 'in-part' } };
}

type Attempt = { readonly events: Event[]; readonly source: string } | { readonly events: undefined; readonly at: number; readonly reason: string };

function eventsOf(source: string): Attempt {
  let text = source;
  for (let attempt = 0; ; attempt++) {
    try {
      return { events: parseEvents(text, {}), source };
    } catch (error) {
      if (!(error instanceof YAMLException)) return { events: undefined, at: 0, reason: 'it is nested too deeply' };
      const at = error.mark?.position ?? 0;
      const repaired = error.reason === 'deficient indentation' && attempt < MAX_REPAIRS ? (attempt === 0 ? joinClosingBrackets(text) : joinLine(text, at)) : text;
      if (repaired === text) return { events: undefined, at, reason: error.reason.replace(/\s+/g, ' ') };
      text = repaired;
    }
  }
}

const MAX_REPAIRS = 10;

/**
 * Other parsers, Compose's and Kubernetes' among them, let a bracket close in the column of its key; js-yaml refuses that. Their lines are joined with those above,
 * one space for each line break, so that every offset stays. Values are read from the text as it is.
 */
function joinClosingBrackets(text: string): string {
  return text.replace(/^([^#\n]*?)\r?\n(?=[ \t]*[\]}])/gm, (whole, line: string) => line + ' '.repeat(whole.length - line.length));
}

/** Joins the line of an offset with the one above, where no comment is in the way. */
function joinLine(text: string, at: number): string {
  const start = text.lastIndexOf('\n', at - 1);
  const above = text.lastIndexOf('\n', start - 1) + 1;
  if (start <= 0 || text.slice(above, start).includes('#')) return text;
  return `${text.slice(0, start)} ${text.slice(start + 1)}`;
}

/** The longest run of whole lines above the error that parses; an open quote or bracket moves the end up to where it opens. */
function longestPrefix(text: string, base: number, errorAt: number): { events: Event[]; source: string; end: number } | undefined {
  const starts = [base];
  for (let at = text.indexOf('\n', base); at >= 0 && at < errorAt; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const attempt = (line: number): { events: Event[]; source: string; end: number } | undefined => {
    const end = starts[line] ?? base;
    const read = eventsOf(text.slice(base, end));
    return read.events && { events: read.events, source: read.source, end };
  };
  let best = attempt(starts.length - 1);
  let low = best ? starts.length : 1;
  let high = starts.length - 2;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const read = attempt(middle);
    if (read) {
      best = read;
      low = middle + 1;
    } else {
      high = middle - 1;
    }
  }
  return best && best.end > base ? best : undefined;
}

interface OpenCollection {
  readonly kind: 'map' | 'sequence';
  readonly style: 'block' | 'flow';
  readonly at: number;
  readonly properties: Properties;
  readonly children: YamlNode[];
}

interface Properties {
  readonly anchor?: string;
  readonly tag?: string;
  readonly start: number;
}

function buildTrees(text: string, base: number, source: string, events: readonly Event[]): Tree[] {
  const trees: { root: YamlNode | undefined; duplicates: { name: string; span: Span }[] }[] = [];
  const anchors = new Map<string, YamlNode>();
  const open: OpenCollection[] = [];
  let end = base;

  const place = (node: YamlNode): void => {
    end = Math.max(end, node.span[1]);
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    const parent = open.at(-1);
    if (parent) parent.children.push(node);
    else {
      const tree = trees.at(-1);
      const isEmpty = node.kind === 'scalar' && node.span[0] === node.span[1];
      if (tree && !isEmpty) tree.root ??= node;
    }
  };
  const propertiesOf = (event: { anchorStart: number; anchorEnd: number; tagStart: number; tagEnd: number }, start: number): Properties => ({
    ...(event.anchorStart < 0 ? {} : { anchor: source.slice(event.anchorStart, event.anchorEnd) }),
    ...(event.tagStart < 0 ? {} : { tag: source.slice(event.tagStart, event.tagEnd) }),
    start: Math.min(start, event.anchorStart < 0 ? start : base + event.anchorStart - 1, event.tagStart < 0 ? start : base + event.tagStart),
  });

  for (const event of events) {
    switch (event.type) {
      case EVENT_ID.DOCUMENT:
        trees.push({ root: undefined, duplicates: [] });
        anchors.clear();
        break;
      case EVENT_ID.MAPPING:
      case EVENT_ID.SEQUENCE: {
        const at = base + event.start;
        const bracket = text.charCodeAt(at);
        const kind = event.type === EVENT_ID.MAPPING ? 'map' : 'sequence';
        const isFlow = kind === 'map' ? bracket === 123 : bracket === 91;
        open.push({ kind, style: isFlow ? 'flow' : 'block', at, properties: propertiesOf(event, at), children: [] });
        end = Math.max(end, isFlow ? at + 1 : at);
        break;
      }
      case EVENT_ID.SCALAR:
        place(scalarOf(event));
        break;
      case EVENT_ID.ALIAS: {
        const name = source.slice(event.anchorStart, event.anchorEnd);
        place({ kind: 'alias', name, target: anchors.get(name), span: [base + event.anchorStart - 1, base + event.anchorEnd], start: base + event.anchorStart - 1 });
        break;
      }
      case EVENT_ID.POP: {
        const closed = open.pop();
        if (closed) place(close(closed));
        break;
      }
    }
  }
  return trees;

  function scalarOf(event: ScalarEvent): YamlScalar {
    const style = STYLES[event.style] ?? 'plain';
    if (event.valueStart < 0) {
      const at = Math.max(emptyAt(text, end, open.at(-1)), event.anchorEnd < 0 ? 0 : base + event.anchorEnd, event.tagEnd < 0 ? 0 : base + event.tagEnd);
      return { kind: 'scalar', style, text: '', span: [at, at], ...propertiesOf(event, at) };
    }
    const start = base + event.valueStart;
    const stop = base + event.valueEnd;
    const value = event.fast ? source.slice(event.valueStart, event.valueEnd) : getScalarValue(source, event);
    let span: Span = [start, stop];
    if (style === 'single' || style === 'double') span = [start - 1, stop + 1];
    if (style === 'literal' || style === 'folded') span = [headerAt(text, start), trimLines(text, start, stop)];
    return { kind: 'scalar', style, text: value, span, ...propertiesOf(event, span[0]) };
  }

  function close(closed: OpenCollection): YamlNode {
    const last = closed.children.at(-1)?.span[1] ?? closed.at;
    const bracket = closed.kind === 'map' ? 125 : 93;
    const stop = closed.style === 'flow' ? closingBracket(text, Math.max(last, closed.at + 1), bracket) : Math.max(last, closed.at);
    const common = { span: [closed.at, stop] as const, ...closed.properties };
    if (closed.kind === 'sequence') return { kind: 'sequence', style: closed.style, items: closed.children, ...common };
    const pairs: YamlPair[] = [];
    const index = new Map<string, YamlPair>();
    for (let i = 0; i + 1 < closed.children.length; i += 2) {
      const key = closed.children[i];
      const value = closed.children[i + 1];
      if (!key || !value) break;
      const name = key.kind === 'scalar' ? key.text : '';
      const pair: YamlPair = { key, name, value, span: [key.start, Math.max(key.span[1], value.span[1])] };
      if (index.has(name) && name !== '<<') trees.at(-1)?.duplicates.push({ name, span: key.span });
      pairs.push(pair);
      index.set(name, pair);
    }
    return { kind: 'map', style: closed.style, pairs, index, ...common };
  }
}

const STYLES: Readonly<Record<number, YamlScalar['style']>> = {
  [SCALAR_STYLE.PLAIN]: 'plain',
  [SCALAR_STYLE.SINGLE_QUOTED]: 'single',
  [SCALAR_STYLE.DOUBLE_QUOTED]: 'double',
  [SCALAR_STYLE.LITERAL_BLOCK]: 'literal',
  [SCALAR_STYLE.FOLDED_BLOCK]: 'folded',
};

/** Where an empty value would stand: behind the `:` or `-` that announces it. Events give it no place. */
function emptyAt(text: string, from: number, parent: OpenCollection | undefined): number {
  if (!parent) return from;
  const isValue = parent.kind === 'sequence' || parent.children.length % 2 === 1;
  const at = skipBlank(text, from);
  const expected = parent.kind === 'map' ? 58 : 45;
  return isValue && text.charCodeAt(at) === expected ? at + 1 : from;
}

/** Offset behind the closing bracket of a flow collection whose last child ends at `from`. */
function closingBracket(text: string, from: number, bracket: number): number {
  let at = from;
  for (;;) {
    at = skipBlank(text, at);
    const c = text.charCodeAt(at);
    if (c === bracket) return at + 1;
    // A comma, or the colon of a key without a value.
    if (c !== 44 && c !== 58) return from;
    at++;
  }
}

/** Skips white space, line breaks and comments. */
function skipBlank(text: string, from: number): number {
  let at = from;
  for (;;) {
    const c = text.charCodeAt(at);
    if (c === 32 || c === 9 || c === 10 || c === 13) at++;
    else if (c === 35 && /\s/.test(text[at - 1] ?? '\n')) at = lineEnd(text, at);
    else return at;
  }
}

/** Where the `|` or `>` of a block scalar stands, whose text starts at `from`. */
function headerAt(text: string, from: number): number {
  let end = from;
  while (end > 0) {
    const start = text.lastIndexOf('\n', end - 2) + 1;
    const header = /[|>][+-]?\d?[+-]?[ \t]*(?:#[^\n]*)?\r?$/.exec(text.slice(start, end).replace(/\n$/, ''));
    if (header) return start + header.index;
    if (text.slice(start, end).trim() !== '' || start === 0) return from;
    end = start;
  }
  return from;
}

function trimLines(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && (text.charCodeAt(at - 1) === 10 || text.charCodeAt(at - 1) === 13 || text.charCodeAt(at - 1) === 32)) at--;
  return at;
}

/** Offset of the line's end, before its break. */
export function lineEnd(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  if (at < 0) return text.length;
  return text.charCodeAt(at - 1) === 13 && at - 1 >= from ? at - 1 : at;
}

function lineNumber(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}
