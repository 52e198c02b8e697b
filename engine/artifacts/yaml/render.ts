// New YAML text for what a fix inserts: plain where that is safe, quoted where YAML or an older reader of it would take the text for something else.

import { valueOf } from './look-up';

/** `null` is a key without a value. */
export type NewNode = string | number | boolean | null | NewMap | NewList | NewRaw;

/** Text that goes in as it is: a value with a tag, `!GetAtt Queue.Arn`. */
export interface NewRaw {
  readonly kind: 'raw';
  readonly text: string;
}

export interface NewMap {
  readonly kind: 'map';
  readonly entries: readonly (readonly [name: string, value: NewNode])[];
}

export interface NewList {
  readonly kind: 'list';
  readonly style: 'block' | 'flow';
  readonly items: readonly NewNode[];
}

/** A map in the order of its keys; entries whose value is undefined are left out. */
export function map(entries: Readonly<Record<string, NewNode | undefined>>): NewMap {
  return { kind: 'map', entries: Object.entries(entries).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])) };
}

/** A list with one line an item. */
export function list(items: readonly NewNode[]): NewList {
  return { kind: 'list', style: 'block', items };
}

/** A list in brackets, with quoted texts: `["CMD", "curl"]`. */
export function flowList(items: readonly NewNode[]): NewList {
  return { kind: 'list', style: 'flow', items };
}

/** How a file writes: spaces a level, extra spaces before the dash of a list, its line break, and quoted keys (JSON). */
export interface Style {
  readonly unit: number;
  readonly dash: number;
  readonly lineBreak: string;
  readonly isJson: boolean;
}

/** Text of a scalar in plain style where it keeps its meaning, else in double quotes. */
export function scalarText(value: string | number | boolean): string {
  if (typeof value !== 'string') return String(value);
  const isPlain = /^[\w./*%+$-][\w./*%+${}:@=,-]*(?: [\w./*%+$=:@(-][\w./*%+${}:@=,()-]*)*$/.test(value) && !/:(?: |$)|^[-?:*%](?: |$)|^[*%]/.test(value);
  return isPlain && !isSpecial(value) ? value : JSON.stringify(value);
}

/** Text that some reader of YAML takes for a number, boolean, date or base-60 number. */
function isSpecial(value: string): boolean {
  const typed = valueOf({ kind: 'scalar', style: 'plain', text: value, span: [0, 0], start: 0 });
  return typeof typed !== 'string' || /^(?:y|yes|n|no|on|off)$/i.test(value) || /^[-+]?\d[\d_]*(?::[0-5]?\d)+$/.test(value) || /^\d{4}-\d\d?-\d\d?/.test(value) || value.startsWith('---');
}

/** Lines of one entry `name: value`, the first without indentation, the others indented from `column`. */
export function entryLines(name: string, value: NewNode, column: number, style: Style): string[] {
  const key = `${scalarText(name)}:`;
  const indent = ' '.repeat(column);
  if (value === null) return [key];
  if (typeof value !== 'object') return [`${key} ${scalarText(value)}`];
  if (value.kind === 'raw') return [`${key} ${value.text}`];
  if (value.kind === 'map') {
    if (value.entries.length === 0) return [`${key} {}`];
    const deeper = ' '.repeat(column + style.unit);
    return [key, ...value.entries.flatMap(([child, node]) => indented(entryLines(child, node, column + style.unit, style), deeper))];
  }
  if (value.style === 'flow' || value.items.length === 0) return [`${key} ${flowText(value, style)}`];
  const dashColumn = column + style.dash;
  return [key, ...value.items.flatMap((item) => indented(itemLines(item, dashColumn, style), indent + ' '.repeat(style.dash)))];
}

/** Lines of one list item, the first (`- …`) without indentation. */
export function itemLines(item: NewNode, column: number, style: Style): string[] {
  if (item === null) return ['-'];
  if (typeof item !== 'object') return [`- ${scalarText(item)}`];
  if (item.kind === 'raw') return [`- ${item.text}`];
  if (item.kind === 'list') return [`- ${flowText(item, style)}`];
  const lines = item.entries.flatMap(([name, value], i) => {
    const own = entryLines(name, value, column + 2, style);
    return i === 0 ? own : indented(own, ' '.repeat(column + 2));
  });
  return lines.length === 0 ? ['- {}'] : [`- ${lines[0] ?? ''}`, ...lines.slice(1)];
}

/** Only the first line lacks its indentation; later ones already carry theirs. */
function indented(lines: readonly string[], indent: string): string[] {
  return lines.map((line, i) => (i === 0 ? indent + line : line));
}

/** Flow text of a node: `{a: 1}`, `["a"]`; JSON where the file is JSON. */
export function flowText(node: NewNode, style: Pick<Style, 'isJson'>): string {
  if (node === null) return 'null';
  if (typeof node !== 'object') return style.isJson && typeof node === 'string' ? JSON.stringify(node) : flowScalar(node);
  if (node.kind === 'raw') return node.text;
  if (node.kind === 'list') return `[${node.items.map((item) => (typeof item === 'string' ? JSON.stringify(item) : flowText(item, style))).join(', ')}]`;
  const entries = node.entries.map(([name, value]) => `${keyText(name, style)}: ${flowText(value, style)}`).join(', ');
  return entries === '' ? '{}' : `{ ${entries} }`;
}

/** JSON over several lines, as it stands in files: `indent` is the indentation of the line that it begins on, `unit` that of one level. */
export function jsonText(node: NewNode, indent: string, unit: string, lineBreak: string): string {
  if (node === null || typeof node !== 'object' || node.kind === 'raw') return flowText(node, { isJson: true });
  if (node.kind === 'list' && node.style === 'flow') return flowText(node, { isJson: true });
  const deeper = indent + unit;
  const parts = node.kind === 'list' ? node.items.map((item) => jsonText(item, deeper, unit, lineBreak)) : node.entries.map(([name, value]) => `${JSON.stringify(name)}: ${jsonText(value, deeper, unit, lineBreak)}`);
  const [open, close] = node.kind === 'list' ? ['[', ']'] : ['{', '}'];
  return parts.length === 0 ? open + close : `${open}${lineBreak}${parts.map((part) => deeper + part).join(`,${lineBreak}`)}${lineBreak}${indent}${close}`;
}

export function keyText(name: string, style: Pick<Style, 'isJson'>): string {
  return style.isJson ? JSON.stringify(name) : scalarText(name);
}

/** In flow style commas, brackets and braces end a plain scalar. */
function flowScalar(value: string | number | boolean): string {
  return typeof value === 'string' && /[,[\]{}]/.test(value) ? JSON.stringify(value) : scalarText(value);
}
