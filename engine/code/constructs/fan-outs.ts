// Many calls at once: `Promise.all` over a list, promises pushed in a loop, and limiters that limit nothing.

import type { LimiterShape } from '../../../catalog/schema';
import type { FanOutFact } from '../construct-facts';
import type { Entity, Value } from '../values';
import type { Collector, FileReader } from '../file-reader';
import { argumentsOf, calledName, calleeOf, isFunctionNode, memberName, strip } from '../syntax';
import { ts, type TypeScript } from '../typescript';
import { placeOf } from './callee';
import { isOfProject, listSize } from './list-size';
import { limitableOf } from './limitable';
import { calleeMark, calleeName, nodeSpan } from './marks';
import { constructNames } from './names';
import { isStoreCall } from './stores';

const SORTS_OUT: ReadonlySet<string> = new Set(['filter', 'flat', 'concat']);
const LIMITERS = /limit|semaphore|mutex|throttle|queue|bottleneck|sema\b|acquire|schedule|\block\b|withLock/i;
const ONE_CONNECTION_RECEIVER = /^(?:this\.)?(?:trx|tx|transaction|dbTxn|queryRunner)\b/;
const ONE_CONNECTION = /\b(trx|tx|transaction|transacting|t)\b/;

/** Collects `fanOuts`. */
export function fanOuts(reader: FileReader): Collector {
  const names = constructNames(reader.catalog).limiters;
  const found: FanOutFact[] = [];
  const limiters = new Map<number, number>();
  return {
    visit(node) {
      if (ts.isCallExpression(node)) {
        const name = calledName(node) ?? '';
        const fact = name === 'all' || name === 'allSettled' ? promiseAll(node, name, limiters, reader) : undefined;
        if (fact) found.push(fact);
        if (names.has(name) || ts.isIdentifier(node.expression)) push(limiterFact(node, reader));
      } else if (ts.isNewExpression(node)) push(limiterFact(node, reader));
    },
    finish: () => ({ fanOuts: found }),
  };

  function push(fact: FanOutFact | undefined): void {
    if (fact) found.push(fact);
  }
}

function promiseAll(node: TypeScript.CallExpression, name: 'all' | 'allSettled', limiters: Map<number, number>, reader: FileReader): FanOutFact | undefined {
  const entity = reader.resolve(node.expression);
  const first = node.arguments[0] && strip(node.arguments[0]);
  if (entity.kind !== 'global' || entity.name !== 'Promise' || !first) return undefined;
  const given = ts.isArrayLiteralExpression(first) ? spreadOf(first) : first;
  if (!given) return undefined;
  const mapped = mappedOf(ts.isIdentifier(given) ? (initializerOf(given, reader) ?? given) : given);
  if (mapped) {
    const made = fact(node, name, mapped.list, mapped.each, reader);
    const limitable = made && limitableOf(node, mapped.list, mapped.each, limiters, reader);
    return limitable ? { ...made, limitable } : made;
  }
  return ts.isIdentifier(given) ? pushed(node, given, reader) : undefined;
}

// `[...orders.map(send), log()]`
function spreadOf(list: TypeScript.ArrayLiteralExpression): TypeScript.Expression | undefined {
  const spread = list.elements.find(ts.isSpreadElement);
  return spread && strip(spread.expression, false);
}

// `orders.map(send)`, `orders.flatMap(send)`, `_.map(orders, send)`, and what only sorts out or flattens its result.
function mappedOf(expression: TypeScript.Expression): { readonly list: TypeScript.Expression; readonly each: TypeScript.Expression } | undefined {
  let at = strip(expression, false);
  for (let hops = 0; hops < 6; hops++) {
    if (ts.isBinaryExpression(at) && at.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) at = strip(at.left, false);
    if (!ts.isCallExpression(at)) return undefined;
    const callee = strip(at.expression, false);
    const name = ts.isIdentifier(callee) ? callee.text : memberName(callee);
    if (name === 'map' || name === 'flatMap') {
      const [first, second] = at.arguments;
      if (second && (ts.isIdentifier(callee) || (ts.isPropertyAccessExpression(callee) && ts.isIdentifier(callee.expression) && /^(_|lodash)$/.test(callee.expression.text)))) return first && { list: first, each: second };
      return ts.isPropertyAccessExpression(callee) && first ? { list: callee.expression, each: first } : undefined;
    }
    if (name === undefined || !SORTS_OUT.has(name) || !ts.isPropertyAccessExpression(callee)) return undefined;
    at = strip(callee.expression, false);
  }
  return undefined;
}

function initializerOf(node: TypeScript.Identifier, reader: FileReader): TypeScript.Expression | undefined {
  const declaration = reader.lookup(node)?.node;
  return declaration && ts.isVariableDeclaration(declaration) && declaration.initializer ? strip(declaration.initializer, false) : undefined;
}

// `for (const item of items) promises.push(send(item));` before `Promise.all(promises)`
function pushed(node: TypeScript.CallExpression, list: TypeScript.Identifier, reader: FileReader): FanOutFact | undefined {
  const binding = reader.lookup(list);
  for (const use of binding ? reader.references(binding).slice(0, 50) : []) {
    const push = use.parent.parent;
    if (memberName(use.parent) !== 'push' || !ts.isCallExpression(push) || !push.arguments[0]) continue;
    const loop = loopAround(push, reader.functionOf(node), reader);
    if (loop) return fact(node, 'push', loop, push.arguments[0], reader);
  }
  return undefined;
}

// The list of the `for … of` or `.forEach` around a node, inside the same function as the `Promise.all`.
function loopAround(node: TypeScript.Node, owner: number, reader: FileReader): TypeScript.Expression | undefined {
  for (let at: TypeScript.Node = node; at.parent; at = at.parent) {
    if ((ts.isForOfStatement(at.parent) || ts.isForInStatement(at.parent)) && at.parent.statement === at) return at.parent.expression;
    if (ts.isForStatement(at.parent) && at.parent.statement === at) return countedList(at.parent);
    if (!isFunctionNode(at)) continue;
    if (reader.functionId(at) === owner) return undefined;
    const call = at.parent;
    const callee = ts.isCallExpression(call) ? strip(call.expression, false) : undefined;
    return callee && ts.isPropertyAccessExpression(callee) && callee.name.text === 'forEach' ? callee.expression : undefined;
  }
  return undefined;
}

// `for (let i = 0; i < orders.length; i++)`
function countedList({ condition }: TypeScript.ForStatement): TypeScript.Expression | undefined {
  const limit = condition && ts.isBinaryExpression(condition) ? strip(condition.right, false) : undefined;
  return limit && ts.isPropertyAccessExpression(limit) && limit.name.text === 'length' ? limit.expression : undefined;
}

function fact(node: TypeScript.CallExpression | TypeScript.NewExpression, form: FanOutFact['form'], list: TypeScript.Expression, each: TypeScript.Expression, reader: FileReader): FanOutFact | undefined {
  const size = listSize(list, reader);
  const work = workOf(each, reader);
  if (size.size === 'small' || work.all.length === 0) return undefined;
  const text = list.getText(reader.sourceFile).replace(/\s+/g, ' ');
  return {
    mark: calleeMark(node, reader.sourceFile),
    span: nodeSpan(node, reader.sourceFile),
    form,
    list: text.length <= 40 ? text : (nameIn(list) ?? 'the list'),
    listSpan: nodeSpan(list, reader.sourceFile),
    size: size.size,
    ...(size.origin === undefined ? {} : { origin: size.origin }),
    ...(size.value === undefined ? {} : { listValue: size.value }),
    ...(size.of === undefined ? {} : { listOf: size.of }),
    callback: callbackId(each, reader),
    calls: work.calls,
    calledFunctions: work.functions,
    calledTexts: work.texts,
    callText: work.text,
    ...(work.store === '' ? {} : { storeCall: work.store }),
    isLimited: work.isLimited || isInTransaction(node) || isLengthChecked(node, list, reader),
    function: reader.functionOf(node),
    eachSpan: nodeSpan(each, reader.sourceFile),
  };
}

// Inside `@Transaction()` or `transaction(async (tx) => …)` all queries wait for one connection.
function isInTransaction(node: TypeScript.Node): boolean {
  for (let at = node; at.parent; at = at.parent) {
    if (!isFunctionNode(at)) continue;
    if (ts.isMethodDeclaration(at)) return (ts.getDecorators(at) ?? []).some(({ expression }) => /transaction/i.test(expression.getText().slice(0, 60)));
    if (ts.isCallExpression(at.parent) && /transaction/i.test(calledName(at.parent) ?? '')) return true;
  }
  return false;
}

// `if (ids.length > MAX_IDS) throw …` in the same function: what it is compared with is not worked out.
function isLengthChecked(node: TypeScript.Node, list: TypeScript.Expression, reader: FileReader): boolean {
  const owner = reader.functionNode(reader.functionOf(node));
  const name = strip(list).getText(reader.sourceFile).replace(/\s+/g, '');
  if (!owner || name.length > 60) return false;
  const text = reader.text.slice(owner.pos, Math.min(node.pos, owner.pos + 20_000)).replace(/\s+/g, '');
  for (let at = text.indexOf(`${name}.length>`); at >= 0; at = text.indexOf(`${name}.length>`, at + 1)) {
    if (!/^>=?[01]\b/.test(text.slice(at + name.length + '.length'.length))) return true;
  }
  return false;
}

function nameIn(list: TypeScript.Expression): string | undefined {
  let at = strip(list);
  for (let hops = 0; hops < 12; hops++) {
    if (ts.isIdentifier(at)) return at.text;
    if (ts.isCallExpression(at) || ts.isPropertyAccessExpression(at)) at = strip(at.expression);
    else return undefined;
  }
  return undefined;
}

function callbackId(each: TypeScript.Expression, reader: FileReader): number {
  const node = strip(each, false);
  return (isFunctionNode(node) ? reader.functionId(node) : reader.functionBehind(node)) ?? -1;
}

interface Work {
  readonly all: readonly string[];
  readonly calls: number[];
  readonly functions: Entity[];
  readonly texts: string[];
  text: string;
  isLimited: boolean;
  store: string;
}

// Calls that each element makes: catalogued ones, and functions of this or another file. Callbacks inside count, for they run too.
function workOf(each: TypeScript.Expression, reader: FileReader): Work {
  const all: string[] = [];
  const work: Work = { all, calls: [], functions: [], texts: [], text: '', isLimited: false, store: '' };
  const node = strip(each, false);
  const named = isFunctionNode(node) || ts.isCallExpression(node) ? undefined : reader.resolve(node);
  if (named && named.kind !== 'unknown') {
    all.push(node.getText(reader.sourceFile));
    work.functions.push(named);
    work.texts.push(calleeName(node, reader.sourceFile));
    work.text = calleeName(node, reader.sourceFile);
    return work;
  }
  const visit = (at: TypeScript.Node): void => {
    if (ts.isCallExpression(at)) call(at);
    ts.forEachChild(at, visit);
  };
  const call = (at: TypeScript.CallExpression): void => {
    const text = at.expression.getText(reader.sourceFile).slice(0, 120);
    if (isLimiter(at, text, reader) || ONE_CONNECTION_RECEIVER.test(text) || at.arguments.some((argument) => ts.isIdentifier(argument) && ONE_CONNECTION.test(argument.text)) || /\b(transaction|transacting|trx|tx)\b/.test(at.arguments.map((argument) => argument.getText(reader.sourceFile).slice(0, 200)).join())) work.isLimited = true;
    const index = reader.callIndex(at);
    const entity = reader.resolve(at.expression);
    const isStore = isStoreCall(at);
    if (index === undefined && !isStore && !isOfProject(entity)) return;
    all.push(text);
    if (isStore && work.store === '') work.store = calleeName(at.expression, reader.sourceFile);
    if (index !== undefined) work.calls.push(index);
    if (isOfProject(entity)) {
      work.functions.push(entity);
      work.texts.push(calleeName(at.expression, reader.sourceFile));
    }
    if (work.text === '' || (index !== undefined && work.calls.length === 1)) work.text = calleeName(at.expression, reader.sourceFile);
  };
  visit(node);
  return work;
}

function isLimiter(node: TypeScript.CallExpression, text: string, reader: FileReader): boolean {
  const takesFunction = node.arguments.some((argument) => isFunctionNode(strip(argument, false)));
  if (takesFunction && LIMITERS.test(text)) return true;
  if (/\.(acquire|runExclusive|load|loadMany)$/.test(text)) return true;
  const place = placeOf(reader.resolve(node.expression), reader);
  return place?.library.limiters !== undefined;
}

// --- limiters without a limit ---

function limiterFact(node: TypeScript.CallExpression | TypeScript.NewExpression, reader: FileReader): FanOutFact | undefined {
  const entity = reader.resolve(calleeOf(node));
  if (entity.kind !== 'package') return undefined;
  const place = placeOf(entity, reader);
  const path = place?.path.join('.') ?? '';
  const shape = place?.instance === '' ? place.library.limiters?.find((row) => row.call === path && (row.form === 'either' || (row.form === 'new') === ts.isNewExpression(node))) : undefined;
  if (!place || !shape?.unlimitedByDefault || !isUnlimited(node, shape, reader)) return undefined;
  const given = argumentsOf(node);
  const list = shape.list === undefined ? undefined : given[shape.list];
  const each = shape.function === undefined ? list : given[shape.function];
  const [index = '', option] = shape.limit.split('.');
  const limiter = { library: place.library.package, option: option ?? '', ...(option === undefined ? {} : { argument: Number(index) }) };
  if (list && each) {
    const made = fact(node, 'limiter', list, each, reader);
    return made && { ...made, limiter };
  }
  return {
    mark: calleeMark(node, reader.sourceFile), span: nodeSpan(node, reader.sourceFile), form: 'limiter', list: reader.nameOf(node)?.text ?? '', listSpan: nodeSpan(node, reader.sourceFile),
    size: 'unknown', callback: -1, calls: [], calledFunctions: [], callText: '', isLimited: false, function: reader.functionOf(node), limiter,
  };
}

// `0.concurrency`: option of an argument; `1`: the argument; ``: there is none.
function isUnlimited(node: TypeScript.CallExpression | TypeScript.NewExpression, shape: LimiterShape, reader: FileReader): boolean {
  if (shape.limit === '') return true;
  const [index, option] = shape.limit.split('.');
  const argument = argumentsOf(node)[Number(index)];
  if (!argument) return true;
  const value = reader.fold(argument);
  if (option === undefined) return isOff(value);
  if (value.kind !== 'object') return false;
  if (value.entries.some(({ key }) => /^(interval|intervalCap|minTime|reservoir)$/.test(key))) return false;
  const entry = value.entries.find(({ key }) => key === option);
  return entry ? isOff(entry.value) : !value.isOpen;
}

function isOff(value: Value): boolean {
  return value.kind === 'infinity' || value.kind === 'undefined' || value.kind === 'null' || (value.kind === 'number' && value.value === 0);
}
