// Look-ups in a manifest that give three answers: what is written, that nothing is, or that it cannot be known (template action or condition, broken file, wrong type).

import type { Span } from '../../text';
import { entries, find, isCut, items, numberOf, resolve, textOf } from '../yaml/look-up';
import type { YamlDocument, YamlNode } from '../yaml/tree';
import { FILL, depthAt, mayAddKeys, writesIn, type Template } from './template';
import type { Field, Labels, Selector } from './facts';

/** One document being read. */
export interface Source {
  readonly text: string;
  readonly document: YamlDocument;
  readonly template: Template | undefined;
  /** Template blocks open where the object starts: only deeper ones make a part of it conditional. */
  readonly depth: number;
}

export type Answer =
  | { readonly kind: 'node'; readonly node: YamlNode; readonly keySpan: Span; readonly span: Span }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown'; readonly because: string };

const ABSENT: Answer = { kind: 'absent' };
const TEMPLATE: Answer = { kind: 'unknown', because: 'it comes from template values' };

/** What stands at a path of keys. The first absent or unknown step decides. */
export function ask(source: Source, node: YamlNode | undefined, ...path: readonly string[]): Answer {
  let answer: Answer = node ? { kind: 'node', node, keySpan: node.span, span: node.span } : ABSENT;
  for (const key of path) {
    if (answer.kind !== 'node') return answer;
    answer = askOne(source, answer.node, key);
  }
  return answer;
}

function askOne(source: Source, node: YamlNode, key: string): Answer {
  const map = resolve(node);
  if (map?.kind === 'scalar' && isMasked(map.text)) return TEMPLATE;
  if (map?.kind !== 'map') return { kind: 'unknown', because: 'it is not a mapping' };
  const found = find(map, key);
  const { template } = source;
  if (!found?.pair) {
    if (isCut(source.document, map)) return { kind: 'unknown', because: 'the file was read in part' };
    return template && mayAddKeys(template, blockExtent(template.text, map.span[0]), columnOf(template.text, map.span[0])) ? TEMPLATE : ABSENT;
  }
  const keySpan = found.pair.key.span;
  if (template && depthAt(template, keySpan[0]) > source.depth) return { kind: 'unknown', because: 'it stands under a template condition' };
  const value = found.node;
  if (value.kind === 'scalar') {
    if (isMasked(value.text) || isConditionalText(source, value)) return TEMPLATE;
    if (value.style === 'plain' && /^(?:null|Null|NULL|~)?$/.test(value.text)) {
      if (template && writesIn(template, [keySpan[1], childExtent(template.text, keySpan[0])])) return TEMPLATE;
      return isCut(source.document, value) ? { kind: 'unknown', because: 'the file was read in part' } : ABSENT;
    }
  }
  return { kind: 'node', node: value, keySpan, span: [keySpan[0], Math.max(keySpan[1], found.pair.value.span[1])] };
}

/** A block of text of which a part stands under a template condition. */
function isConditionalText({ template }: Source, node: YamlNode): boolean {
  return template !== undefined && node.kind === 'scalar' && (node.style === 'literal' || node.style === 'folded') && template.actions.some(({ kind, span }) => kind !== 'silent' && span[0] >= node.span[0] && span[0] < node.span[1]);
}

/** Whether a scalar holds a masked action. */
export function isMasked(text: string): boolean {
  return text.includes(FILL);
}

/** Whether a template may add keys to a map, or items to a list, that are not written. */
export function isOpen(source: Source, node: YamlNode | undefined): boolean {
  const { template } = source;
  if (!node || !template) return false;
  return mayAddKeys(template, blockExtent(template.text, node.span[0]), columnOf(template.text, node.span[0])) || writesConditionally(source, node);
}

/** Entries under a condition may be there or not. */
function writesConditionally(source: Source, node: YamlNode): boolean {
  const { template } = source;
  if (!template) return false;
  const [start, end] = blockExtent(template.text, node.span[0]);
  return template.actions.some((action) => action.kind === 'open' && action.span[0] >= start && action.span[0] < Math.min(end, Math.max(node.span[1], start + 1)));
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

/** The lines of the block whose first key or dash stands at `start`: blank (masked) ones above it, and all up to the next line that is indented less. */
function blockExtent(text: string, start: number): Span {
  let from = start;
  while (from > 0 && /\s/.test(text[from - 1] ?? '')) from--;
  return [from, extentEnd(text, start, columnOf(text, start))];
}

/** Where the block below the key at `keyStart` ends. A sequence may stand at the key's own column. */
function childExtent(text: string, keyStart: number): number {
  return extentEnd(text, keyStart, columnOf(text, keyStart) + 1);
}

function extentEnd(text: string, start: number, column: number): number {
  for (let at = text.indexOf('\n', start) + 1; at > 0 && at < text.length; at = text.indexOf('\n', at) + 1) {
    let end = at;
    while (text[end] === ' ') end++;
    if (end - at < column && text[end] !== '\n' && text[end] !== '\r' && text[end] !== undefined && text[end] !== '#') return at;
  }
  return text.length;
}

function field<T>(answer: Answer, read: (node: YamlNode) => T | undefined): Field<T> {
  if (answer.kind === 'absent') return { state: 'absent' };
  if (answer.kind === 'unknown') return { state: 'unknown', because: answer.because };
  const value = read(answer.node);
  return value === undefined ? { state: 'unknown', because: 'it is not of the expected type' } : { state: 'set', value, span: answer.span };
}

/** Text at a path. The span is that of the whole entry `key: value`. */
export function textField(source: Source, node: YamlNode | undefined, ...path: readonly string[]): Field<string> {
  return field(ask(source, node, ...path), textOf);
}

export function numberField(source: Source, node: YamlNode | undefined, ...path: readonly string[]): Field<number> {
  return field(ask(source, node, ...path), numberOf);
}

export function booleanField(source: Source, node: YamlNode | undefined, ...path: readonly string[]): Field<boolean> {
  return field(ask(source, node, ...path), (found) => {
    const text = textOf(found);
    return text === undefined ? undefined : /^(?:true|yes|on)$/i.test(text) ? true : /^(?:false|no|off)$/i.test(text) ? false : undefined;
  });
}

/** An int-or-string: `1`, `"25%"`. */
export function amountField(source: Source, node: YamlNode | undefined, ...path: readonly string[]): Field<number | string> {
  return field(ask(source, node, ...path), (found) => numberOf(found) ?? textOf(found));
}

/** A list of texts; unknown where an item is not one or a template may add some. */
export function textsField(source: Source, node: YamlNode | undefined, ...path: readonly string[]): Field<readonly string[]> {
  return field(ask(source, node, ...path), (found) => {
    if (found.kind !== 'sequence' || isOpen(source, found)) return undefined;
    const texts = items(found).map((item) => (item.kind === 'scalar' && !isMasked(item.text) && !isConditionalText(source, item) ? item.text : undefined));
    return texts.every((text) => text !== undefined) ? texts : undefined;
  });
}

/** The node at a path, where it is written and certain. */
export function nodeAt(source: Source, node: YamlNode | undefined, ...path: readonly string[]): YamlNode | undefined {
  const answer = ask(source, node, ...path);
  return answer.kind === 'node' ? answer.node : undefined;
}

/** Source text of a scalar, actions included: the same action is the same name. */
export function sourceText(source: Source, node: YamlNode | undefined): string | undefined {
  const scalar = resolve(node);
  if (scalar?.kind !== 'scalar') return undefined;
  if (!isMasked(scalar.text)) return textOf(scalar);
  return source.text.slice(...scalar.span).replace(/^(["'])([\s\S]*)\1$/, '$2').replace(/\{\{-?\s*/g, '{{ ').replace(/\s*-?\}\}/g, ' }}');
}

/** Labels at a path. */
export function labelsAt(source: Source, node: YamlNode | undefined, ...path: readonly string[]): Labels {
  const answer = ask(source, node, ...path);
  if (answer.kind !== 'node') return { entries: {}, isOpen: answer.kind === 'unknown' };
  return labelsOf(source, answer.node);
}

function labelsOf(source: Source, node: YamlNode): Labels {
  const found: Record<string, string> = {};
  let open = isOpen(source, node);
  for (const { name, value } of entries(node)) {
    const text = sourceText(source, value);
    if (isMasked(name)) open = true;
    else if (text !== undefined) found[name] = text;
  }
  return { entries: found, isOpen: open };
}

/** `matchLabels` + `matchExpressions` at a path, or a plain map of labels where `isPlain`. */
export function selectorAt(source: Source, isPlain: boolean, node: YamlNode | undefined, ...path: readonly string[]): Selector | undefined {
  const answer = ask(source, node, ...path);
  if (answer.kind === 'absent') return undefined;
  if (answer.kind === 'unknown') return { labels: {}, expressions: [], isOpen: true, span: node?.span ?? [0, 0] };
  if (isPlain) {
    const labels = labelsOf(source, answer.node);
    return { labels: labels.entries, expressions: [], isOpen: labels.isOpen, span: answer.span };
  }
  const labels = labelsAt(source, answer.node, 'matchLabels');
  const expressions = ask(source, answer.node, 'matchExpressions');
  return {
    labels: labels.entries,
    expressions: expressions.kind === 'node' ? items(expressions.node).map((item) => ({
      key: textOf(find(item, 'key')?.node) ?? '',
      operator: textOf(find(item, 'operator')?.node) ?? '',
      values: items(find(item, 'values')?.node).flatMap((value) => textOf(value) ?? []),
    })) : [],
    isOpen: labels.isOpen || expressions.kind === 'unknown' || isOpen(source, answer.node),
    span: answer.span,
  };
}

/** Items of the list at a path. */
export function itemsAt(source: Source, node: YamlNode | undefined, ...path: readonly string[]): readonly YamlNode[] {
  return items(nodeAt(source, node, ...path));
}
