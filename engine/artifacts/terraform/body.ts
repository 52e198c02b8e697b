// Bodies of resources and module calls as maps of properties: attributes evaluated, blocks as lists, dynamic blocks as far as what they run over is known.

import { environmentOf } from '../../model/environment';
import type { Setting } from '../../model/model';
import type { Location } from '../../text';
import type { CloudMap, CloudValue } from '../cloud';
import { attributeOf, blocksOf, type HclBlock, type HclBody, type HclExpression } from '../hcl/tree';
import { eachOf, evaluate, type Context } from './evaluate';
import { cleaned, isSoft, mapOf, numberOf, unknown, type Value } from './values';

/** What says how many of it there are and how it is handled, and is no property. */
const META = new Set(['count', 'for_each', 'provider', 'providers', 'depends_on', 'source', 'version', 'provisioner', 'connection']);
const MOST_BLOCKS = 50;

/** Properties of a body. `null` is absent. Values stand where the attribute is written, what is inside a value where it is defined. */
export function evaluateBody(body: HclBody, context: Context, isTop = true): CloudMap {
  const entries: Record<string, CloudValue> = {};
  let isOpen = body.isBroken === true;
  for (const { name, value, span } of body.attributes) {
    if (isTop && META.has(name)) continue;
    const at: Location = { file: context.file, span: value?.span ?? span };
    const made = value ? evaluate(value, context) : unknown('it cannot be read', at);
    const clean = made && cleaned(made);
    if (clean) entries[name] = { ...clean, at };
  }
  for (const block of body.blocks) {
    if (isTop && META.has(block.type)) continue;
    const isDynamic = block.type === 'dynamic';
    const name = isDynamic ? block.labels[0]?.text : block.type;
    if (name === undefined) {
      isOpen = true;
      continue;
    }
    const at: Location = { file: context.file, span: block.header };
    const made = isDynamic ? evaluateDynamic(block, name, context) : { items: [evaluateBody(isTop && name === 'lifecycle' ? withoutIgnored(block.body) : block.body, context, false)], isOpen: false };
    if (!made) continue;
    const before = entries[name];
    const items = [...(before?.kind === 'list' ? before.items : []), ...made.items.map((item) => ({ ...item, at }))];
    entries[name] = { kind: 'list', items, isOpen: made.isOpen || (before?.kind === 'list' && before.isOpen), at: before?.at ?? at };
  }
  return mapOf(entries, { file: context.file, span: body.span }, isOpen);
}

function withoutIgnored(body: HclBody): HclBody {
  return { ...body, attributes: body.attributes.filter((attribute) => attribute.name !== 'ignore_changes') };
}

/** Undefined where there is none of it. */
function evaluateDynamic(block: HclBlock, name: string, context: Context): { items: CloudValue[]; isOpen: boolean } | undefined {
  const over = expressionIn(block.body, 'for_each');
  const content = blocksOf(block.body, 'content')[0];
  const iterator = expressionIn(block.body, 'iterator');
  const variable = iterator?.kind === 'name' ? iterator.name : name;
  const value = over && evaluate(over, context);
  const at: Location = { file: context.file, span: over?.span ?? block.header };
  const make = (each: Value): CloudValue => evaluateBody(content?.body ?? block.body, { ...context, names: new Map([...context.names, [variable, each]]) }, false);
  if (value?.kind === 'list' && !value.isOpen && value.items.length <= MOST_BLOCKS) {
    if (value.items.length === 0) return isSoft(value) ? { items: [], isOpen: true } : undefined;
    return { items: value.items.map((item) => make(mapOf({ key: item, value: item }, at))), isOpen: false };
  }
  if (value?.kind === 'map' && !value.isOpen && Object.keys(value.entries).length <= MOST_BLOCKS) {
    const elements = Object.entries(value.entries);
    if (elements.length === 0) return isSoft(value) ? { items: [], isOpen: true } : undefined;
    return { items: elements.map(([key, item]) => make(mapOf({ key: { kind: 'text', value: key, at }, value: item }, at))), isOpen: false };
  }
  return { items: [make(eachOf(value, at))], isOpen: true };
}

export function expressionIn(body: HclBody, name: string): HclExpression | undefined {
  return attributeOf(body, name)?.value;
}

export interface Copies {
  readonly count: Setting<number>;
  readonly isConditional: boolean;
  /** Certainly none. */
  readonly isNone: boolean;
  /** None unless someone replaces a default. */
  readonly isNoneByDefault: boolean;
  /** Names for the body: `each`. */
  readonly names: ReadonlyMap<string, Value>;
}

/** How often a block counts: `count`, `for_each`. */
export function copiesOf(body: HclBody, context: Context): Copies {
  const count = expressionIn(body, 'count');
  const over = expressionIn(body, 'for_each');
  const expression = count ?? over;
  if (!expression) return { count: { state: 'default', value: 1, source: 'neither `count` nor `for_each`' }, isConditional: false, isNone: false, isNoneByDefault: false, names: new Map() };
  const at: Location = { file: context.file, span: expression.span };
  const value = evaluate(expression, context);
  const names: ReadonlyMap<string, Value> = count ? new Map() : new Map([['each', eachOf(value, at)]]);
  const numbers = optionsOf(value).map((option) => (count ? numberOf(option) : sizeOf(option)));
  const some = [...new Set(numbers.filter((number) => number !== 0))];
  const [only] = some;
  // Where it may be none, it is as many as it is in the other case.
  if (numbers.includes(undefined) || some.length > 1) return { count: { state: 'unknown', because: 'how many there are is not known' }, isConditional: true, isNone: false, isNoneByDefault: false, names };
  if (only === undefined) return { count: { state: 'unknown', because: 'there is none by default' }, isConditional: true, isNone: !isSoft(value), isNoneByDefault: isSoft(value), names };
  return { count: { state: 'set', value: only, at }, isConditional: numbers.includes(0), isNone: false, isNoneByDefault: false, names };
}

function optionsOf(value: Value): readonly Value[] {
  return value?.kind === 'either' ? value.options : [value];
}

function sizeOf(value: Value): number | undefined {
  if (value?.kind === 'list' && !value.isOpen) return value.items.length;
  return value?.kind === 'map' && !value.isOpen ? Object.keys(value.entries).length : undefined;
}

/** Paths that `lifecycle.ignore_changes` leaves to others; `*` for all of them. */
export function unmanagedOf(body: HclBody): readonly string[] {
  return blocksOf(body, 'lifecycle').flatMap((block) => {
    const ignored = expressionIn(block.body, 'ignore_changes');
    if (ignored?.kind === 'name' && ignored.name === 'all') return ['*'];
    if (ignored?.kind === 'literal' && ignored.value === 'all') return ['*'];
    return ignored?.kind === 'tuple' ? ignored.items.flatMap((item) => pathOf(item) ?? []) : [];
  });
}

function pathOf(expression: HclExpression): string | undefined {
  switch (expression.kind) {
    case 'name':
      return expression.name === 'all' ? '*' : expression.name;
    case 'literal':
      return typeof expression.value === 'string' ? expression.value.replaceAll(/\.\d+|\.?\*|\[\d*\]/g, '') || '*' : undefined;
    case 'index':
      return pathOf(expression.of);
    case 'attribute': {
      const of = pathOf(expression.of);
      return of === undefined ? undefined : `${of}.${expression.name}`;
    }
    default:
      return undefined;
  }
}

/** The environment that a use of a module is for, by its folder or files of values: `prod`. */
export function stageOf(path: string): string | undefined {
  const words = path.toLowerCase().split(/[^a-z0-9]+/);
  return environmentOf(path) === 'unknown' ? undefined : words.findLast((word) => /^(?:prod|production|prd|live|staging|stage|stg|dev|development|test|qa|uat|sandbox)$/.test(word));
}
