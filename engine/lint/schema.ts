// The part of JSON Schema that our own schemas use, and a check of a configuration tree against it that says where and what.

import { parseDuration } from '../duration';
import { nearestName } from '../nearest';
import type { Span } from '../text';
import type { ConfigurationNode } from './configuration-tree';

export interface JsonSchema {
  readonly $schema?: string;
  readonly $id?: string;
  readonly $ref?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema | readonly JsonSchema[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly anyOf?: readonly JsonSchema[];
  readonly enum?: readonly (string | number | boolean | null)[];
  readonly const?: string | number | boolean | null;
  readonly pattern?: string;
  /** `duration` and `bytes` are checked by us; editors use the pattern beside it. */
  readonly format?: string;
  readonly minimum?: number;
  readonly default?: unknown;
  readonly examples?: readonly string[];
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
}

export interface SchemaError {
  /** Keys and indexes from the root: `['budgets', 'http']`. */
  readonly path: readonly (string | number)[];
  readonly span: Span;
  readonly kind: 'unknown-key' | 'missing-key' | 'value' | 'type';
  /** The key or value as written. */
  readonly written: string;
  /** `a duration like \`5s\``, `error, warning or off`. */
  readonly expected: string;
  readonly nearest?: string;
}

/** Errors of a tree, in the order of the text; empty = valid. `root` holds the definitions. Cost: nodes times alternatives of `anyOf`. */
export function checkSchema(node: ConfigurationNode, schema: JsonSchema, root: JsonSchema, path: readonly (string | number)[] = []): SchemaError[] {
  const resolved = resolve(schema, root);
  if (resolved.anyOf) return checkAlternatives(node, resolved.anyOf.map((option) => resolve(option, root)), root, path);
  if (!hasType(node, resolved)) return [typeError(node, resolved, path)];
  switch (node.kind) {
    case 'map':
      return checkMap(node, resolved, root, path);
    case 'list':
      return node.items.flatMap((item, index) => {
        const schemaOfItem = Array.isArray(resolved.items) ? (resolved.items as readonly JsonSchema[])[Math.min(index, resolved.items.length - 1)] : (resolved.items as JsonSchema | undefined);
        return schemaOfItem ? checkSchema(item, schemaOfItem, root, [...path, index]) : [];
      });
    case 'scalar':
      return isAllowed(node.value, resolved) ? [] : [valueError(node, resolved, path)];
  }
}

function checkMap(node: Extract<ConfigurationNode, { kind: 'map' }>, schema: JsonSchema, root: JsonSchema, path: readonly (string | number)[]): SchemaError[] {
  const known = schema.properties ?? {};
  const errors: SchemaError[] = [];
  for (const { key, keySpan, value } of node.entries) {
    const own = Object.hasOwn(known, key) ? known[key] : undefined;
    const inner = own ?? (typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined);
    if (inner) {
      // An empty value is a key whose value has not been typed yet: it says nothing.
      if (value.kind === 'scalar' && value.value === null && value.span[0] === value.span[1]) continue;
      errors.push(...checkSchema(value, inner, root, [...path, key]));
    } else if (schema.additionalProperties === false) {
      const nearest = nearestName(key, Object.keys(known));
      errors.push({ path: [...path, key], span: keySpan, kind: 'unknown-key', written: key, expected: '', ...(nearest === undefined ? {} : { nearest }) });
    }
  }
  for (const key of schema.required ?? []) {
    if (!node.entries.some((entry) => entry.key === key)) errors.push({ path, span: firstPart(node), kind: 'missing-key', written: key, expected: '' });
  }
  return errors;
}

/** Of several forms, the one that fits best decides what is said. */
function checkAlternatives(node: ConfigurationNode, options: readonly JsonSchema[], root: JsonSchema, path: readonly (string | number)[]): SchemaError[] {
  const flat = options.flatMap((option) => option.anyOf?.map((inner) => resolve(inner, root)) ?? [option]);
  let best: SchemaError[] | undefined;
  for (const option of flat) {
    const errors = checkSchema(node, option, root, path);
    if (errors.length === 0) return [];
    if (hasType(node, option) && (!best || errors.length < best.length)) best = errors;
  }
  if (best && node.kind !== 'scalar') return best;
  const fitting = flat.filter((option) => hasType(node, option));
  const expected = joinWords([...new Set((fitting.length > 0 ? fitting : flat).map(describe))]);
  const written = textOf(node);
  const nearest = nearestName(written, flat.flatMap((option) => [...(option.enum ?? []), option.const].filter((value) => typeof value === 'string')));
  return [{ path, span: firstPart(node), kind: node.kind === 'scalar' ? 'value' : 'type', written, expected, ...(nearest === undefined ? {} : { nearest }) }];
}

function resolve(schema: JsonSchema, root: JsonSchema): JsonSchema {
  let at = schema;
  for (let hop = 0; hop < 8 && at.$ref !== undefined; hop++) at = root.definitions?.[at.$ref.replace('#/definitions/', '')] ?? {};
  return at;
}

function hasType(node: ConfigurationNode, schema: JsonSchema): boolean {
  const type = node.kind === 'map' ? 'object' : node.kind === 'list' ? 'array' : node.value === null ? 'null' : typeof node.value;
  if (schema.type === undefined) return schema.enum === undefined && schema.const === undefined ? true : node.kind === 'scalar';
  const types = typeof schema.type === 'string' ? [schema.type] : schema.type;
  return types.includes(type) || (type === 'number' && node.kind === 'scalar' && Number.isInteger(node.value) && types.includes('integer'));
}

function isAllowed(value: string | number | boolean | null, schema: JsonSchema): boolean {
  if (schema.const !== undefined && schema.const !== value) return false;
  if (schema.enum && !schema.enum.includes(value)) return false;
  if (typeof value === 'number' && schema.minimum !== undefined && value < schema.minimum) return false;
  if (typeof value === 'string') {
    if (schema.format === 'duration') return (parseDuration(value) ?? -1) >= (schema.minimum ?? 0);
    if (schema.format === 'bytes') return (parseBytes(value) ?? 0) > 0;
    // Patterns are our own, each linear.
    if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(value)) return false;
  }
  return true;
}

/** Bytes of `2MB`, `500 kB`, `1_000_000`; undefined for anything else. */
export function parseBytes(text: string): number | undefined {
  const match = /^([\d_]+(?:\.\d+)?) ?(k|M|G)?B?$/i.exec(text.trim());
  if (!match?.[1]) return undefined;
  const unit = match[2]?.toLowerCase() ?? '';
  const factor: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9 };
  return Number(match[1].replaceAll('_', '')) * (factor[unit] ?? 1);
}

function typeError(node: ConfigurationNode, schema: JsonSchema, path: readonly (string | number)[]): SchemaError {
  return { path, span: firstPart(node), kind: 'type', written: textOf(node), expected: describe(schema) };
}

function valueError(node: Extract<ConfigurationNode, { kind: 'scalar' }>, schema: JsonSchema, path: readonly (string | number)[]): SchemaError {
  const written = textOf(node);
  const nearest = nearestName(written, (schema.enum ?? []).filter((value) => typeof value === 'string'));
  return { path, span: node.span, kind: 'value', written, expected: describe(schema), ...(nearest === undefined ? {} : { nearest }) };
}

function textOf(node: ConfigurationNode): string {
  return node.kind === 'map' ? 'a mapping' : node.kind === 'list' ? 'a list' : String(node.value);
}

/** The place to mark: a whole scalar, else the first character of a collection's first entry. */
function firstPart(node: ConfigurationNode): Span {
  if (node.kind === 'scalar') return node.span;
  if (node.kind === 'map') return node.entries[0]?.keySpan ?? node.span;
  return node.items[0] === undefined ? node.span : firstPart(node.items[0]);
}

/** What a schema takes, in words. */
export function describe(schema: JsonSchema): string {
  if (schema.enum) return joinWords(schema.enum.map((value) => `\`${String(value)}\``));
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.format === 'duration') return 'a duration like `5s`';
  if (schema.format === 'bytes') return 'a size like `2MB`';
  const type = typeof schema.type === 'string' ? schema.type : (schema.type?.[0] ?? '');
  const least = schema.minimum === undefined ? '' : ` of at least ${schema.minimum}`;
  const words: Readonly<Record<string, string>> = { string: 'a text', integer: `a whole number${least}`, number: `a number${least}`, boolean: '`true` or `false`', array: 'a list', object: 'a mapping', null: 'nothing' };
  return schema.examples?.[0] === undefined ? (words[type] ?? 'another value') : `${words[type] ?? 'a value'} like \`${String(schema.examples[0])}\``;
}

function joinWords(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words[words.length - 1] ?? ''}`;
}
