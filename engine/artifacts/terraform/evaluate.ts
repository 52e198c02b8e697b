// Evaluates expressions of Terraform as far as the workspace says what they are. Whatever it does not say is unknown, with the resources that the expression mentions.

import type { CloudValue } from '../cloud';
import type { HclExpression, HclFor } from '../hcl/tree';
import { EACH_ITEM } from '../hcl/parse-expression';
import { callFunction } from './functions';
import { evaluateTemplate } from './template';
import { isProductionTest } from './production';
import { mentionsIn, mentionsOfOutput } from './mentions';
import { remembered, type Scope } from './scope';
import { booleanOf, distribute, eitherOf, failed, isFailed, isKnown, isSame, isSoft, heldOf, listOf, mapEntries, mapOf, mentionsOf, nullAt, numberOf, plainOf, scalar, soften, softenIf, textOf, unknown, type Value } from './values';
import { readInput } from './inputs';
import type { Location } from '../../text';

/** Where an expression stands, and what its own names mean: iterators of `for`, `dynamic`, `for_each`. */
export interface Context {
  readonly scope: Scope;
  readonly file: string;
  readonly names: ReadonlyMap<string, Value>;
  readonly depth: number;
}

const DEEPEST = 60;
const MOST_ITEMS = 300;

/** The value of an expression. Never throws; circles are unknown. Cost: linear in the expression and in what it leads to, each once. */
export function evaluate(expression: HclExpression, context: Context): Value {
  const at: Location = { file: context.file, span: expression.span };
  if (context.depth > DEEPEST) return unknown('too deep', at);
  const c: Context = { ...context, depth: context.depth + 1 };
  switch (expression.kind) {
    case 'literal':
      return expression.value === null ? undefined : scalar(expression.value, at);
    case 'parentheses':
      return evaluate(expression.of, c);
    case 'template':
      return evaluateTemplate(expression, c, at, evaluate);
    case 'tuple':
      return listOf(expression.items.map((item) => evaluate(item, c) ?? nullAt({ file: c.file, span: item.span })), at);
    case 'object':
      return evaluateObject(expression, c, at);
    case 'for':
      return evaluateFor(expression, c, at);
    case 'conditional':
      return evaluateConditional(expression, c, at);
    case 'call':
      return evaluateCall(expression, c, at);
    case 'unary':
      return distribute(evaluate(expression.of, c), at, (value) => {
        const made = expression.operator === '-' ? negative(numberOf(value)) : not(booleanOf(value));
        return made === undefined ? unknown('an operation on what is not known', at, mentionsOf(value)) : softenIf(isSoft(value), scalar(made, at));
      });
    case 'binary':
      return evaluateBinary(expression, c, at);
    case 'splat':
      return evaluateSplat(expression, c, at);
    case 'name':
    case 'attribute':
    case 'index':
      return evaluateTraversal(expression, c, at);
  }
}

function negative(value: number | undefined): number | undefined {
  return value === undefined ? undefined : -value;
}

function not(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}

function evaluateObject(expression: HclExpression & { readonly kind: 'object' }, c: Context, at: Location): Value {
  const entries: Record<string, CloudValue> = {};
  let isOpen = false;
  for (const item of expression.items) {
    const key = textOf(evaluate(item.key, c));
    if (key === undefined) {
      isOpen = true;
      continue;
    }
    entries[key] = evaluate(item.value, c) ?? nullAt({ file: c.file, span: item.value.span });
  }
  return mapOf(entries, at, isOpen);
}

/** Elements of a list or map that is known as a whole, with their keys. */
function elementsOf(value: Value, at: Location): { key: CloudValue; value: CloudValue }[] | undefined {
  if (value?.kind === 'list' && !value.isOpen) return value.items.map((item, index) => ({ key: scalar(index, at), value: item }));
  return value?.kind === 'map' && !value.isOpen ? Object.entries(value.entries).map(([key, entry]) => ({ key: scalar(key, at), value: entry })) : undefined;
}

function evaluateFor(expression: HclFor, c: Context, at: Location): Value {
  const over = evaluate(expression.in, c);
  const elements = elementsOf(over, at);
  if (!elements || elements.length > MOST_ITEMS || expression.isGrouped) return unknown('a `for` over what is not known', at, mentionsIn(expression, c));
  const items: CloudValue[] = [];
  const entries: Record<string, CloudValue> = {};
  let isOpen = false;
  for (const { key, value } of elements) {
    const names = new Map(c.names);
    const [first, second] = expression.names;
    names.set(first ?? '', second === undefined ? heldOf(value) : key);
    if (second !== undefined) names.set(second, heldOf(value));
    const inner: Context = { ...c, names };
    const isTaken = expression.if ? booleanOf(evaluate(expression.if, inner)) : true;
    if (isTaken === undefined) isOpen = true;
    if (isTaken !== true) continue;
    const made = evaluate(expression.value, inner);
    const name = expression.key && textOf(evaluate(expression.key, inner));
    if (expression.key && name === undefined) isOpen = true;
    else if (name !== undefined) entries[name] = made ?? nullAt(at);
    else items.push(made ?? nullAt(at));
  }
  return softenIf(isSoft(over), expression.key ? mapOf(entries, at, isOpen) : listOf(items, at, isOpen));
}

function evaluateConditional(expression: HclExpression & { readonly kind: 'conditional' }, c: Context, at: Location): Value {
  const test = evaluate(expression.test, c);
  const decided = booleanOf(test);
  const isHard = decided !== undefined && !isSoft(test);
  // A test on the environment, whose default is what somebody tries out: the branch of production counts.
  const production = isHard ? undefined : isProductionTest(expression.test);
  const chosen = production ?? decided;
  if (chosen !== undefined) return softenIf(!isHard, evaluate(chosen ? expression.yes : expression.no, c));
  return eitherOf([evaluate(expression.yes, c), evaluate(expression.no, c)], at);
}

function evaluateCall(expression: HclExpression & { readonly kind: 'call' }, c: Context, at: Location): Value {
  const values = expression.arguments.map((argument) => evaluate(argument, c));
  const last = values.at(-1);
  const spread = expression.isExpanded ? (last?.kind === 'list' && !last.isOpen ? [...values.slice(0, -1), ...last.items] : undefined) : values;
  const made = spread && callFunction(expression.name, spread, at);
  return made ? made.value : unknown(`\`${expression.name}\` of what is not known`, at, mentionsIn(expression, c));
}

function evaluateBinary(expression: HclExpression & { readonly kind: 'binary' }, c: Context, at: Location): Value {
  const left = evaluate(expression.left, c);
  const right = evaluate(expression.right, c);
  const { operator } = expression;
  const soft = isSoft(left) || isSoft(right);
  const decided = operate(operator, left, right);
  // One side alone may decide.
  if (operator === '&&' && (booleanOf(left) === false || booleanOf(right) === false)) return softenIf([left, right].every((side) => booleanOf(side) !== false || isSoft(side)), scalar(false, at));
  if (operator === '||' && (booleanOf(left) === true || booleanOf(right) === true)) return softenIf([left, right].every((side) => booleanOf(side) !== true || isSoft(side)), scalar(true, at));
  return decided === undefined ? unknown('an operation on what is not known', at, [...new Set([...mentionsOf(left), ...mentionsOf(right)])]) : softenIf(soft, scalar(decided, at));
}

function operate(operator: string, left: Value, right: Value): boolean | number | undefined {
  if (operator === '==' || operator === '!=') {
    if (!isKnown(left) || !isKnown(right)) return isNullTest(left, right) ? operator === '!=' : undefined;
    return isSame(left, right) === (operator === '==');
  }
  if (operator === '&&' || operator === '||') {
    const [a, b] = [booleanOf(left), booleanOf(right)];
    return a === undefined || b === undefined ? undefined : operator === '&&' ? a && b : a || b;
  }
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a === undefined || b === undefined) return undefined;
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0 ? undefined : a / b;
    case '%':
      return b === 0 ? undefined : a % b;
    case '<':
      return a < b;
    case '>':
      return a > b;
    case '<=':
      return a <= b;
    case '>=':
      return a >= b;
    default:
      return undefined;
  }
}

// Lists and maps with something unknown inside are still no `null`; a resource is none either.
function isNullTest(left: Value, right: Value): boolean {
  const other = left === undefined ? right : right === undefined ? left : undefined;
  return other?.kind === 'list' || other?.kind === 'map' || (other?.kind === 'reference' && other.attribute === undefined);
}

function evaluateSplat(expression: HclExpression & { readonly kind: 'splat' }, c: Context, at: Location): Value {
  const of = evaluate(expression.of, c);
  const then = (value: CloudValue): Value => (expression.then ? evaluate(expression.then, { ...c, names: new Map([...c.names, [EACH_ITEM, value]]) }) : value);
  if (of === undefined) return listOf([], at);
  if (of.kind === 'list') return softenIf(isSoft(of), listOf(of.items.map((item) => then(item) ?? nullAt(at)), at, of.isOpen));
  if (of.kind === 'map' || plainOf(of) !== undefined) return softenIf(isSoft(of), listOf([then(of) ?? nullAt(at)], at));
  // Of a resource that there is several times: a list of whom nobody knows how many there are.
  if (of.kind === 'reference') return listOf([then(of) ?? of], at, true);
  return unknown('`[*]` of what is not known', at, mentionsIn(expression, c));
}

type Step = { readonly kind: 'attribute'; readonly name: string } | { readonly kind: 'index'; readonly key: HclExpression };

function evaluateTraversal(expression: HclExpression, c: Context, at: Location): Value {
  const steps: Step[] = [];
  let root: HclExpression = expression;
  while (root.kind === 'attribute' || root.kind === 'index') {
    steps.push(root.kind === 'attribute' ? { kind: 'attribute', name: root.name } : { kind: 'index', key: root.key });
    root = root.of;
  }
  steps.reverse();
  if (root.kind !== 'name') return applySteps(evaluate(root, c), steps, c, at);
  if (c.names.has(root.name)) return applySteps(c.names.get(root.name), steps, c, at);
  const [first, ...rest] = steps;
  if (first?.kind !== 'attribute') return unknown(`\`${root.name}\` is not known here`, at);
  switch (root.name) {
    case 'var':
      return applySteps(readInput(first.name, c, at, evaluate), rest, c, at);
    case 'local':
      return applySteps(readLocal(first.name, c, at), rest, c, at);
    case 'module':
      return readOutput(first.name, rest, c, at);
    case 'data':
    case 'path':
    case 'terraform':
    case 'self':
    case 'each':
    case 'count':
      return unknown(`\`${root.name}.${first.name}\` is known only when it is applied`, at);
  }
  const resource = c.scope.module.resources.has(`${root.name}.${first.name}`);
  if (!resource) return unknown(`\`${root.name}.${first.name}\` is not declared here`, at);
  return applySteps({ kind: 'reference', to: `${c.scope.prefix}${root.name}.${first.name}`, at }, rest, c, at);
}

function readLocal(name: string, c: Context, at: Location): Value {
  return remembered(c.scope, `local.${name}`, at, () => {
    const local = c.scope.module.locals.get(name);
    if (!local?.node.value) return unknown(`\`local.${name}\` is not declared here`, at);
    return evaluate(local.node.value, { scope: c.scope, file: local.file, names: new Map(), depth: c.depth });
  });
}

function readOutput(name: string, steps: readonly Step[], c: Context, at: Location): Value {
  const isDeclared = c.scope.module.modules.has(name);
  const [first, ...rest] = steps[0]?.kind === 'index' ? steps.slice(1) : steps;
  if (!isDeclared) return unknown(`\`module.${name}\` is not declared here`, at);
  const child = c.scope.children.get(name);
  if (!child) return applySteps({ kind: 'reference', to: `${c.scope.prefix}module.${name}`, at }, first ? [first, ...rest] : [], c, at);
  if (first?.kind !== 'attribute') return unknown('a module as a whole', at);
  const output = child.module.outputs.get(first.name);
  const expression = output?.node.body.attributes.find((attribute) => attribute.name === 'value')?.value;
  if (!output || !expression) return unknown(`\`${first.name}\` is no output of \`module.${name}\``, at);
  const value = remembered(child, `output.${first.name}`, at, () => evaluate(expression, { scope: child, file: output.file, names: new Map(), depth: c.depth }));
  const made = applySteps(value, rest, c, at);
  return made?.kind === 'unknown' && made.mentions.length === 0 ? { ...made, mentions: mentionsOfOutput(child, first.name) } : made;
}

function applySteps(value: Value, steps: readonly Step[], c: Context, at: Location): Value {
  let made = value;
  for (const step of steps) {
    const key = step.kind === 'attribute' ? undefined : evaluate(step.key, c);
    made = distribute(made, at, (one) => (step.kind === 'attribute' ? attributeOf(one, step.name, at) : itemOf(one, key, at)));
  }
  // A reference that was passed on stands where it is used.
  return made?.kind === 'reference' ? { ...made, at } : made;
}

function attributeOf(value: Value, name: string, at: Location): Value {
  switch (value?.kind) {
    case 'map':
      if (Object.hasOwn(value.entries, name)) return heldOf(value.entries[name]);
      return value.isOpen ? unknown(`\`${name}\` may be set elsewhere`, at, mentionsOf(value)) : failed(at);
    case 'reference':
      return { ...value, attribute: value.attribute === undefined ? name : `${value.attribute}.${name}` };
    case 'unknown':
      return isFailed(value) ? value : unknown(value.because, at, value.mentions);
    case 'list': {
      // `name` of a list of one block, as old files write it.
      const [only] = value.items;
      return only && value.items.length === 1 && !value.isOpen ? attributeOf(only, name, at) : unknown('an attribute of a list', at, mentionsOf(value));
    }
    default:
      return failed(at);
  }
}

function itemOf(value: Value, key: Value, at: Location): Value {
  const plain = plainOf(key);
  switch (value?.kind) {
    case 'reference':
      return value;
    case 'unknown':
      return isFailed(value) ? value : unknown(value.because, at, value.mentions);
    case 'list': {
      const index = numberOf(key);
      if (index === undefined) return key?.kind === 'either' || key?.kind === 'unknown' ? anyOf(value, at) : failed(at);
      const item = value.items[index];
      if (item && (!value.isOpen || item.kind === 'reference')) return softenIf(isSoft(key), heldOf(item));
      const [first] = value.items;
      if (value.isOpen && first?.kind === 'reference') return first;
      return value.isOpen ? unknown('an element of a list that is not known', at, mentionsOf(value)) : failed(at);
    }
    case 'map':
      if (plain === undefined) return value.isOpen ? unknown('an element of a map that is not known', at, mentionsOf(value)) : anyOf(listOf(Object.values(value.entries), at), at);
      return softenIf(isSoft(key), attributeOf(value, String(plain), at));
    default:
      return failed(at);
  }
}

// Which element is not known; where they are alike, that does not matter.
function anyOf(list: Value, at: Location): Value {
  if (list?.kind !== 'list' || list.isOpen || list.items.length === 0) return unknown('an element of a list that is not known', at, mentionsOf(list));
  return eitherOf(list.items, at);
}

/** What `each.key` and `each.value` are for a `for_each`, over all of its elements. */
export function eachOf(value: Value, at: Location): Value {
  const elements = value?.kind === 'list' && !value.isOpen ? value.items.map((item) => ({ key: item, value: item })) : elementsOf(value, at);
  if (!elements || elements.length === 0) {
    const unclear = unknown('an element of `for_each`', at, mentionsOf(value));
    return mapOf({ key: unclear, value: unclear }, at);
  }
  const key = eitherOf(elements.map((element) => element.key), at);
  const held = eitherOf(elements.map((element) => element.value), at);
  const made = mapOf({ ...(key ? { key } : {}), ...(held ? { value: held } : {}) }, at);
  return isSoft(value) ? soften({ ...made, entries: mapEntries(made.entries, (entry) => entry) }) : made;
}
