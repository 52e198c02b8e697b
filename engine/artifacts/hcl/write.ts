// Edits of HCL bodies and objects: set, insert and remove what stands at a path, in the style of the place.

import type { CloudLiteral } from '../cloud';
import type { TextEdit } from '../../text';
import { alignTo, groupOf, isAligned } from './align';
import { isBlockLiteral, isMapLiteral, keyOf, renderBlock, renderExpression, type RenderStyle } from './render';
import { attributeOf, literalOf, type HclAttribute, type HclBlock, type HclBody, type HclExpression } from './tree';

export type HclPath = readonly (string | number)[];

export interface Place {
  readonly text: string;
  readonly style: RenderStyle;
  /** Maps are objects here, never blocks: module calls, variables. */
  readonly hasNoBlocks: boolean;
}

const META = new Set(['count', 'for_each', 'provider', 'source', 'version']);

/** Line break and indentation of a text. */
export function placeIn(text: string, hasNoBlocks: boolean): Place {
  const indented = /^(\t+| +)(?=\S)/m.exec(text)?.[1];
  return { text, style: { eol: text.includes('\r\n') ? '\r\n' : '\n', unit: indented?.startsWith('\t') ? '\t' : '  ' }, hasNoBlocks };
}

/** Sets what stands at a path below a block, making what is missing on the way; undefined where the path leads into what has no place of its own. */
export function setInBlock(place: Place, block: HclBlock, path: HclPath, value: CloudLiteral): TextEdit[] | undefined {
  const [name, ...rest] = path;
  if (typeof name !== 'string') return undefined;
  const attribute = attributeOf(block.body, name);
  if (attribute) return attribute.value && setInExpression(place, attribute.value, rest, value);
  if (block.body.blocks.some((inner) => inner.type === 'dynamic' && inner.labels[0]?.text === name)) return undefined;
  const blocks = block.body.blocks.filter((inner) => inner.type === name);
  if (blocks.length > 0) {
    const isIndexed = typeof rest[0] === 'number';
    const inner = isIndexed ? blocks[Number(rest[0])] : blocks.length === 1 ? blocks[0] : undefined;
    const further = isIndexed ? rest.slice(1) : rest;
    if (!inner) return undefined;
    if (further.length > 0) return setInBlock(place, inner, further, value);
    if (!isMapLiteral(value)) return undefined;
    const edits = Object.entries(value).map(([key, held]) => setInBlock(place, inner, [key], held));
    return edits.every((made) => made !== undefined) ? edits.flat() : undefined;
  }
  const built = nest(rest, value);
  return built === undefined ? undefined : insert(place, block, name, built);
}

/** The value below the first part of a path. Indexes cannot be made. */
function nest(path: HclPath, value: CloudLiteral): CloudLiteral | undefined {
  const steps = path[0] === 0 ? path.slice(1) : path;
  if (steps.some((step) => typeof step === 'number')) return undefined;
  return steps.reduceRight<CloudLiteral>((held, key) => ({ [key]: held }), value);
}

function setInExpression(place: Place, expression: HclExpression, path: HclPath, value: CloudLiteral): TextEdit[] | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return [{ span: expression.span, newText: renderExpression(value, indentAt(place.text, expression.span[0]), place.style) }];
  switch (expression.kind) {
    case 'parentheses':
      return setInExpression(place, expression.of, path, value);
    case 'call': {
      const [only] = expression.arguments;
      return only && (expression.name === 'jsonencode' || expression.name === 'tolist' || expression.name === 'toset' || expression.name === 'tomap') ? setInExpression(place, only, path, value) : undefined;
    }
    case 'tuple': {
      const item = typeof step === 'number' ? expression.items[step] : undefined;
      return item && setInExpression(place, item, rest, value);
    }
    case 'object': {
      const item = expression.items.find((one) => literalOf(one.key) === String(step));
      if (item) return setInExpression(place, item.value, rest, value);
      const built = typeof step === 'string' ? nest(rest, value) : undefined;
      return built === undefined || typeof step !== 'string' ? undefined : insertItem(place, expression, step, built);
    }
    default:
      return undefined;
  }
}

function insertItem(place: Place, object: HclExpression & { readonly kind: 'object' }, name: string, value: CloudLiteral): TextEdit[] {
  const { text, style } = place;
  const last = object.items.at(-1);
  const isColon = last !== undefined && /^\s*:/.test(text.slice(last.key.span[1]));
  const key = isColon && last && text[last.key.span[0]] === '"' ? `"${name}"` : keyOf(name);
  const assign = isColon ? ': ' : ' = ';
  const outer = indentAt(text, object.span[0]);
  if (!last) {
    const inner = outer + style.unit;
    return [{ span: object.span, newText: `{${style.eol}${inner}${key}${assign}${renderExpression(value, inner, style)}${style.eol}${outer}}` }];
  }
  const isMultiLine = text.slice(object.span[0], last.span[0]).includes('\n');
  const indent = isMultiLine ? indentAt(text, last.span[0]) : outer;
  const rendered = `${renderExpression(value, indent, style)}`;
  const hasComma = /^[ \t]*,/.exec(text.slice(last.span[1], last.span[1] + 50));
  if (!isMultiLine) return [{ span: [last.span[1], last.span[1]], newText: `, ${key}${assign}${rendered}` }];
  const lines = object.items.map((item) => asAttribute(item));
  const own = lines.at(-1);
  const group = own && !isColon ? groupOf(text, lines, own) : [];
  const { pad, edits } = align(place, group, key, rendered);
  const end = lineEnd(text, last.span[1]);
  // A comma of the last item stays one behind each; where there is none, a line break parts them.
  return [...edits, { span: [end, end], newText: `${style.eol}${indent}${key}${pad}${assign}${rendered}${hasComma ? ',' : ''}` }];
}

function asAttribute(item: { readonly key: HclExpression; readonly value: HclExpression; readonly span: readonly [number, number] }): HclAttribute {
  return { name: '', nameSpan: item.key.span, value: item.value, span: item.span };
}

/** Padding of a new name beside a group, and the edits that widen the group where the name is longer. A group that is not aligned is left as it is. */
function align(place: Place, group: ReturnType<typeof groupOf>, key: string, rendered: string): { pad: string; edits: TextEdit[] } {
  if (group.length === 0 || rendered.includes('\n') || !isAligned(group)) return { pad: '', edits: [] };
  const width = Math.max(...group.map((line) => line.width));
  return key.length <= width ? { pad: ' '.repeat(width - key.length), edits: [] } : { pad: '', edits: alignTo(group, key.length) };
}

function insert(place: Place, block: HclBlock, name: string, value: CloudLiteral): TextEdit[] {
  const { text, style } = place;
  const { body } = block;
  const outer = indentAt(text, block.span[0]);
  const first = [...body.attributes, ...body.blocks].sort((a, b) => a.span[0] - b.span[0])[0];
  const isOneLine = !text.slice(block.header[1], body.span[1]).includes('\n');
  const inner = first && !isOneLine ? indentAt(text, first.span[0]) : outer + style.unit;
  const isBlock = !place.hasNoBlocks && isBlockLiteral(name, value);
  const rendered = isBlock
    ? (Array.isArray(value) ? value : [value]).map((one: CloudLiteral) => renderBlock(name, isMapLiteral(one) ? one : {}, inner, style)).join(style.eol + style.eol)
    : renderExpression(value, inner, style);
  if (isOneLine) return expand(place, block, name, rendered, isBlock, outer, inner);
  if (isBlock) {
    const end = body.span[0] + text.slice(body.span[0], body.span[1]).trimEnd().length;
    return [{ span: [end, end], newText: `${style.eol}${first || end > body.span[0] ? style.eol : ''}${rendered}` }];
  }
  const key = keyOf(name);
  const after = anchorOf(text, body);
  if (!after) return [{ span: [block.header[1], block.header[1]], newText: `${style.eol}${inner}${key} = ${rendered}${body.blocks.length > 0 ? style.eol : ''}` }];
  const { pad, edits } = align(place, groupOf(text, body.attributes, after), key, rendered);
  const end = lineEnd(text, after.span[1]);
  return [...edits, { span: [end, end], newText: `${style.eol}${inner}${key}${pad} = ${rendered}` }];
}

/** A block on one line gets lines of its own. */
function expand(place: Place, block: HclBlock, name: string, rendered: string, isBlock: boolean, outer: string, inner: string): TextEdit[] {
  const { text, style } = place;
  const held = text.slice(block.header[1], block.body.span[1]).trim();
  const [own] = block.body.attributes;
  const width = own && !isBlock ? Math.max(own.nameSpan[1] - own.nameSpan[0], keyOf(name).length) : 0;
  const before = held === '' ? [] : [own?.value && width > 0 ? `${inner}${text.slice(...own.nameSpan).padEnd(width)} = ${text.slice(...own.value.span)}` : `${inner}${held}`];
  const added = isBlock ? [...(held === '' ? [] : ['']), rendered] : [`${inner}${keyOf(name).padEnd(width)} = ${rendered}`];
  return [{ span: [block.header[1], block.body.span[1]], newText: `${style.eol}${[...before, ...added].join(style.eol)}${style.eol}${outer}` }];
}

/** The attribute behind which a new one goes: the last of the first group that says more than how many there are. */
function anchorOf(text: string, body: HclBody): HclAttribute | undefined {
  const firstBlock = body.blocks[0]?.span[0] ?? Infinity;
  const before = body.attributes.filter((attribute) => attribute.span[0] < firstBlock);
  const candidates = before.length > 0 ? before : body.attributes;
  const start = candidates.findIndex((attribute) => !META.has(attribute.name));
  if (start < 0) return candidates.at(-1);
  let index = start;
  for (; index + 1 < candidates.length; index++) {
    const [one, next] = [candidates[index], candidates[index + 1]];
    if (!one || !next || /\n[ \t]*\r?\n/.test(text.slice(one.span[1], next.span[0]))) break;
  }
  return candidates[index];
}

/** Removes what stands at a path, with its line. */
export function removeInBlock(place: Place, block: HclBlock, path: HclPath): TextEdit[] | undefined {
  const [name, ...rest] = path;
  if (typeof name !== 'string') return undefined;
  const { text } = place;
  const attribute = attributeOf(block.body, name);
  if (attribute) {
    if (rest.length > 0) return attribute.value && removeInExpression(text, attribute.value, rest);
    const group = groupOf(text, block.body.attributes, attribute);
    const others = group.filter((line) => line.attribute !== attribute);
    const edits = others.length > 0 && isAligned(group) ? alignTo(others, Math.max(...others.map((line) => line.width))) : [];
    return [...edits, { span: withLine(text, attribute.span), newText: '' }];
  }
  const blocks = block.body.blocks.filter((inner) => inner.type === name);
  const isIndexed = typeof rest[0] === 'number';
  const inner = isIndexed ? blocks[Number(rest[0])] : blocks.length === 1 ? blocks[0] : undefined;
  const further = isIndexed ? rest.slice(1) : rest;
  if (!inner) return undefined;
  if (further.length > 0) return removeInBlock(place, inner, further);
  const [start, end] = withLine(text, inner.span);
  // The empty line that parted it goes with it.
  const gap = /(?:^|\n)([ \t]*\r?\n)$/.exec(text.slice(Math.max(0, start - 200), start))?.[1]?.length ?? 0;
  return [{ span: [start - gap, end], newText: '' }];
}

function removeInExpression(text: string, expression: HclExpression, path: HclPath): TextEdit[] | undefined {
  const [step, ...rest] = path;
  if (expression.kind === 'call') return expression.name === 'jsonencode' && expression.arguments[0] ? removeInExpression(text, expression.arguments[0], path) : undefined;
  if (expression.kind === 'tuple') {
    const item = typeof step === 'number' ? expression.items[step] : undefined;
    return item && rest.length > 0 ? removeInExpression(text, item, rest) : undefined;
  }
  if (expression.kind !== 'object') return undefined;
  const index = expression.items.findIndex((one) => literalOf(one.key) === String(step));
  const item = expression.items[index];
  if (!item) return undefined;
  if (rest.length > 0) return removeInExpression(text, item.value, rest);
  const comma = /^[ \t]*,/.exec(text.slice(item.span[1], item.span[1] + 50))?.[0].length ?? 0;
  const whole = withLine(text, [item.span[0], item.span[1] + comma]);
  if (whole[0] !== item.span[0]) return [{ span: whole, newText: '' }];
  const previous = expression.items[index - 1];
  const next = expression.items[index + 1];
  return [{ span: next ? [item.span[0], next.span[0]] : previous ? [previous.span[1], item.span[1] + comma] : [item.span[0], item.span[1] + comma], newText: '' }];
}

/** The lines of a span where nothing else stands on them, else the span alone. */
function withLine(text: string, span: readonly [number, number]): [number, number] {
  const start = span[0] - indentAt(text, span[0]).length;
  const rest = /^[ \t]*(?:(?:#|\/\/)[^\n]*)?(?:\r?\n|$)/.exec(text.slice(span[1], lineEnd(text, span[1]) + 2));
  const isAlone = (start === 0 || text[start - 1] === '\n') && rest !== null;
  return isAlone ? [start, span[1] + rest[0].length] : [span[0], span[1]];
}

/** Whitespace in front of the line that holds an offset. */
export function indentAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? '';
}

/** Where the line of an offset ends, before its break. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  if (end < 0) return text.length;
  return text[end - 1] === '\r' ? end - 1 : end;
}
