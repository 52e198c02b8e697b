// Says values in HCL as its formatter writes them: two spaces, `=` of neighbours aligned, short lists on one line.

import type { CloudLiteral, CloudReferenceLiteral } from '../cloud';

export interface RenderStyle {
  /** Line break of the file. */
  readonly eol: string;
  /** One step of indentation. */
  readonly unit: string;
}

/** Maps that providers take as attributes although most maps are blocks. */
const ATTRIBUTE_MAPS = new Set(['tags', 'labels', 'user_labels', 'resource_labels', 'annotations', 'dimensions', 'variables', 'triggers', 'match_labels', 'node_selector', 'default_tags', 'request_parameters', 'limits', 'requests', 'headers']);

type LiteralMap = { readonly [key: string]: CloudLiteral };

export function isMapLiteral(value: CloudLiteral): value is LiteralMap {
  return typeof value === 'object' && !Array.isArray(value) && !('$json' in value) && !isReference(value);
}

function isReference(value: CloudLiteral): value is CloudReferenceLiteral {
  return typeof value === 'object' && !Array.isArray(value) && '$reference' in value;
}

function isList(value: CloudLiteral): value is readonly CloudLiteral[] {
  return Array.isArray(value);
}

function isJson(value: CloudLiteral): value is { readonly $json: CloudLiteral } {
  return typeof value === 'object' && !Array.isArray(value) && '$json' in value;
}

/** Whether a property of a resource is written as a block. Those of modules never are. */
export function isBlockLiteral(name: string, value: CloudLiteral): boolean {
  if (ATTRIBUTE_MAPS.has(name)) return false;
  return isMapLiteral(value) || (isList(value) && value.length > 0 && value.every(isMapLiteral));
}

/** An expression; `indent` is that of the line it begins in. */
export function renderExpression(value: CloudLiteral, indent: string, style: RenderStyle): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object') return String(value);
  const inner = indent + style.unit;
  if (isList(value)) {
    if (value.every((item) => typeof item !== 'object' || isReference(item))) return `[${value.map((item) => renderExpression(item, indent, style)).join(', ')}]`;
    return `[${style.eol}${value.map((item) => `${inner}${renderExpression(item, inner, style)},${style.eol}`).join('')}${indent}]`;
  }
  if (isJson(value)) return `jsonencode(${renderExpression(value.$json, indent, style)})`;
  if (isReference(value)) return renderReference(value);
  if (!isMapLiteral(value)) return '{}';
  const entries = Object.entries(value);
  if (entries.length === 0) return '{}';
  return `{${style.eol}${renderAttributes(entries, inner, style)}${indent}}`;
}

/** A block with its attributes first; `indent` is its own. Without a line break at the end. */
export function renderBlock(header: string, properties: LiteralMap, indent: string, style: RenderStyle): string {
  const inner = indent + style.unit;
  const all = Object.entries(properties);
  const blocks = all.filter(([name, value]) => isBlockLiteral(name, value));
  const attributes = all.filter(([name, value]) => !isBlockLiteral(name, value));
  const parts = [
    ...(attributes.length > 0 ? [renderAttributes(attributes, inner, style)] : []),
    ...blocks.flatMap(([name, value]) => (isList(value) ? value : [value]).flatMap((one) => (isMapLiteral(one) ? [`${renderBlock(name, one, inner, style)}${style.eol}`] : []))),
  ];
  return parts.length === 0 ? `${indent}${header} {}` : `${indent}${header} {${style.eol}${parts.join(style.eol)}${indent}}`;
}

// Only neighbours that stand on one line each are aligned.
function renderAttributes(entries: readonly (readonly [string, CloudLiteral])[], indent: string, style: RenderStyle): string {
  const lines = entries.map(([name, value]) => ({ key: keyOf(name), text: renderExpression(value, indent, style) }));
  const isSingle = lines.map((line) => !line.text.includes(style.eol));
  return lines.map((line, i) => {
    let from = i;
    let to = i;
    while (isSingle[from - 1]) from--;
    while (isSingle[to + 1]) to++;
    const width = isSingle[i] ? Math.max(...lines.slice(from, to + 1).map((other) => other.key.length)) : line.key.length;
    return `${indent}${line.key.padEnd(width)} = ${line.text}${style.eol}`;
  }).join('');
}

/** A key of an object or the name of an attribute. */
export function keyOf(name: string): string {
  return /^[A-Za-z_][\w-]*$/.test(name) ? name : quoted(name);
}

function renderReference({ $reference: { type, name, attribute } }: CloudReferenceLiteral): string {
  const label = name.replace(/^new:/, '');
  // Published modules are types too; they are named by their call.
  const address = type.includes('/') ? `module.${label}` : `${type}.${label}`;
  return attribute === undefined ? address : `${address}.${attribute}`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t').replaceAll(/[$%](?=\{)/g, (mark) => mark + mark)}"`;
}
