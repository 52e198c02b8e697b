// The tree of a template as plain data: values with their places, and intrinsic functions in one form, whether written `!Sub x` or `{ "Fn::Sub": "x" }`.

import type { Span } from '../../text';
import { entries, resolve, valueOf } from '../yaml/look-up';
import type { YamlNode, YamlScalar } from '../yaml/tree';

export type Expression =
  | { readonly kind: 'scalar'; readonly value: string | number | boolean | null; readonly span: Span }
  | { readonly kind: 'list'; readonly items: readonly Expression[]; readonly span: Span }
  | ExpressionMap
  /** An intrinsic function by its long name: `Ref`, `Condition`, `Fn::Sub`; `?` for a tag that is not known. */
  | { readonly kind: 'call'; readonly name: string; readonly argument: Expression; readonly span: Span };

export interface ExpressionMap {
  readonly kind: 'map';
  readonly entries: readonly ExpressionEntry[];
  readonly span: Span;
  /** A macro or a loop may add keys. */
  readonly isOpen?: true;
}

export interface ExpressionEntry {
  readonly name: string;
  readonly nameSpan: Span;
  readonly value: Expression;
}

/** Tags without `!`; the long name has `Fn::` in front, but for these two. */
const BARE = new Set(['Ref', 'Condition']);
const TAGS = new Set([
  'Ref', 'Condition', 'And', 'Base64', 'Cidr', 'Equals', 'FindInMap', 'GetAtt', 'GetAZs', 'If', 'ImportValue', 'Join', 'Not', 'Or', 'Select', 'Split', 'Sub', 'Transform', 'Length',
  'ToJsonString', 'Contains', 'EachMemberEquals', 'EachMemberIn', 'RefAll', 'ValueOf', 'ValueOfAll', 'GetStackOutput',
]);

/** Nodes of one file that are read at most: aliases of aliases may stand for many more than were written. */
const MAX_NODES = 200_000;
const MAX_DEPTH = 200;

/** How many nodes of a file may still be read. */
export interface Budget {
  left: number;
}

/** A budget for one file. */
export function newBudget(): Budget {
  return { left: MAX_NODES };
}

/** The tree of a node. Anchors and merge keys are resolved; what is too large or too deep is a call that nothing is known of. Linear in the nodes that aliases stand for, within the budget. */
export function readExpression(node: YamlNode | undefined, budget: Budget, depth = 0): Expression {
  const resolved = resolve(node);
  const span: Span = resolved ? [resolved.start, resolved.span[1]] : [0, 0];
  if (!resolved || --budget.left < 0 || depth > MAX_DEPTH) return { kind: 'call', name: '?', argument: { kind: 'scalar', value: null, span }, span };
  const tag = resolved.tag;
  if (tag === undefined || tag.startsWith('!!')) return readPlain(resolved, span, budget, depth);
  const name = tag.slice(1);
  const argument = readPlain(resolved, span, budget, depth);
  return { kind: 'call', name: !TAGS.has(name) ? '?' : BARE.has(name) ? name : `Fn::${name}`, argument: name === 'GetAtt' ? splitAttribute(argument) : argument, span };
}

function readPlain(node: Exclude<YamlNode, { kind: 'alias' }>, span: Span, budget: Budget, depth: number): Expression {
  if (node.kind === 'scalar') return { kind: 'scalar', value: scalarValue(node), span };
  if (node.kind === 'sequence') return { kind: 'list', items: node.items.map((item) => readExpression(item, budget, depth + 1)), span };
  const read = entries(node).map(({ name, pair, value }): ExpressionEntry => ({ name, nameSpan: pair.key.span, value: readExpression(value, budget, depth + 1) }));
  const only = read.length === 1 ? read[0] : undefined;
  if (only && (only.name === 'Ref' || /^Fn::\w+$/.test(only.name))) {
    return { kind: 'call', name: only.name, argument: only.name === 'Fn::GetAtt' ? splitAttribute(only.value) : only.value, span };
  }
  // `Fn::Transform` and `Fn::ForEach` put keys into the map around them.
  return { kind: 'map', entries: read, span, ...(read.some(({ name }) => name.startsWith('Fn::')) ? { isOpen: true } : {}) };
}

/** As AWS reads it: YAML 1.1, where `yes` and `on` are booleans. */
function scalarValue(node: YamlScalar): string | number | boolean | null {
  // A tag makes `valueOf` decline; what stands behind an intrinsic's tag is read like any other value.
  const value = node.tag === undefined || node.tag.startsWith('!!') ? valueOf(node) : node.text;
  if (typeof value === 'string' && node.style === 'plain' && /^(?:yes|no|on|off)$/i.test(value)) return /^(?:yes|on)$/i.test(value);
  return value ?? null;
}

/** `Queue.Arn` as the pair that the long form writes. */
function splitAttribute(argument: Expression): Expression {
  if (argument.kind !== 'scalar' || typeof argument.value !== 'string') return argument;
  const dot = argument.value.indexOf('.');
  if (dot < 0) return argument;
  const { span } = argument;
  return { kind: 'list', items: [{ kind: 'scalar', value: argument.value.slice(0, dot), span }, { kind: 'scalar', value: argument.value.slice(dot + 1), span }], span };
}

/** The entry of a map; undefined where it has none or is no map. */
export function entryOf(expression: Expression | undefined, name: string): ExpressionEntry | undefined {
  return expression?.kind === 'map' ? expression.entries.findLast((entry) => entry.name === name) : undefined;
}

/** The value at a path of keys. */
export function at(expression: Expression | undefined, ...path: readonly string[]): Expression | undefined {
  let value = expression;
  for (const name of path) value = entryOf(value, name)?.value;
  return value;
}

/** Text of a scalar that is a string or a number. */
export function textAt(expression: Expression | undefined, ...path: readonly string[]): string | undefined {
  const value = at(expression, ...path);
  return value?.kind === 'scalar' && (typeof value.value === 'string' || typeof value.value === 'number') ? String(value.value) : undefined;
}
