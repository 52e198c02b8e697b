// The functions of a file: what each calls, whether its rejections are caught, whether it logs or ends the process. Filled during the one walk.

import type { Core } from './core';
import type { FunctionFact } from './facts';
import type { Entity, Value } from './values';
import { valueOf } from './fold';
import { boundsParametersOf, dropsParametersOf, handlesParametersOf, limitParametersOf, listensParametersOf } from './function-parameters';
import { entityOf, returnedEntity, returnsOf } from './resolve';
import { calledName, isFunctionNode, propertyName, strip, unstrip, type FunctionNode } from './syntax';
import { typeEntity } from './type-entity';
import { ts, type TypeScript } from './typescript';

interface Draft {
  readonly calls: Map<string, Entity>;
  isGuarded: boolean;
  /** Functions whose rejection passes through; undefined once something else can reject. */
  unguarded: Map<string, Entity> | undefined;
  exits: boolean;
  logs: boolean;
}

export interface FunctionCollector {
  /** `id` is the innermost function around the node, -1 at module level. */
  visit(node: TypeScript.Node, id: number): void;
  finish(): FunctionFact[];
  /** What module level calls. */
  readonly moduleCalls: () => readonly Entity[];
}

const MAX_CALLS = 200;
const MAX_UNGUARDED = 20;
const LOGGER = /^(?:console|log|logger|logging|winston|pino|bunyan|_log|_logger|debug|captureException|reportError)$|(?:Logger|Log)$/i;

/** Collects what the walk meets inside each function. */
export function collectFunctions(core: Core): FunctionCollector {
  const drafts: Draft[] = core.scopes.functions.map(() => ({ calls: new Map(), isGuarded: true, unguarded: new Map(), exits: false, logs: false }));
  const module: Draft = { calls: new Map(), isGuarded: true, unguarded: new Map(), exits: false, logs: false };

  return {
    visit(node, id) {
      const draft = drafts[id] ?? module;
      switch (node.kind) {
        case ts.SyntaxKind.AwaitExpression:
          if (draft.unguarded && ts.isAwaitExpression(node) && !isCaught(node) && !neverRejects(node.expression)) open(draft, node.expression);
          return;
        case ts.SyntaxKind.ThrowStatement:
          if (draft.unguarded && !isCaught(node)) open(draft, undefined);
          return;
        case ts.SyntaxKind.ReturnStatement:
          if (draft.unguarded && ts.isReturnStatement(node) && node.expression && returnsRejection(node.expression)) open(draft, node.expression);
          return;
        case ts.SyntaxKind.ArrowFunction:
          if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) {
            const own = drafts[core.scopes.functionId(node) ?? -1];
            if (own && returnsRejection(node.body)) open(own, node.body);
          }
          return;
        case ts.SyntaxKind.ForOfStatement:
          if (draft.unguarded && ts.isForOfStatement(node) && node.awaitModifier && !isCaught(node)) open(draft, undefined);
          return;
        case ts.SyntaxKind.NewExpression:
        case ts.SyntaxKind.CallExpression:
          if (ts.isCallExpression(node) || ts.isNewExpression(node)) visitCall(draft, node);
          return;
        default:
      }
    },
    moduleCalls: () => [...module.calls.values()],
    finish: () => core.scopes.functions.map((node, id) => functionFact(core, node, id, drafts[id] ?? module)),
  };

  function visitCall(draft: Draft, node: TypeScript.CallExpression | TypeScript.NewExpression): void {
    const callee = strip(node.expression, false);
    add(draft, entityOf(core, callee));
    // A function handed to a call (`items.map(load)`) is as good as called.
    for (const argument of node.arguments ?? []) {
      if (ts.isIdentifier(argument) || ts.isPropertyAccessExpression(argument)) {
        const entity = entityOf(core, argument);
        if (entity.kind === 'function' || entity.kind === 'project') add(draft, entity);
      }
    }
    if (ts.isPropertyAccessExpression(callee)) {
      const base = rootName(callee.expression);
      if (callee.name.text === 'exit' || callee.name.text === 'kill' || callee.name.text === 'abort') draft.exits ||= base === 'process';
      else if (base !== undefined && LOGGER.test(base)) draft.logs = true;
    } else if (ts.isIdentifier(callee) && LOGGER.test(callee.text)) draft.logs = true;
  }

  // A rejection that passes through: of a function that can be followed, or of anything else.
  function open(draft: Draft, expression: TypeScript.Expression | undefined): void {
    draft.isGuarded = false;
    const inner = expression && strip(expression);
    const entity = inner && ts.isCallExpression(inner) ? entityOf(core, inner.expression) : undefined;
    if (!draft.unguarded || draft.unguarded.size >= MAX_UNGUARDED || (entity?.kind !== 'function' && entity?.kind !== 'project' && entity?.kind !== 'typed-project')) draft.unguarded = undefined;
    else draft.unguarded.set(JSON.stringify(entity), entity);
  }

  function add(draft: Draft, entity: Entity): void {
    if (draft.calls.size >= MAX_CALLS || !isCallee(entity)) return;
    draft.calls.set(JSON.stringify(entity), entity);
  }
}

function isCallee(entity: Entity): boolean {
  return entity.kind === 'function' || entity.kind === 'project' || entity.kind === 'typed-project' || (entity.kind === 'result' && isCallee(entity.of));
}

// The last name before the method: `logger` of `this.logger.error`, `log` of `request.log.warn`.
function rootName(node: TypeScript.Expression): string | undefined {
  const inner = strip(node);
  if (ts.isIdentifier(inner)) return inner.text;
  if (ts.isPropertyAccessExpression(inner)) return inner.name.text;
  return ts.isCallExpression(inner) ? calledName(inner) : undefined;
}

// Handled inside its function: `.catch(…)` on it, or a `try` around it whose catch does not throw again.
function isCaught(node: TypeScript.Node): boolean {
  if (ts.isAwaitExpression(node) && endsInCatch(node.expression)) return true;
  for (let at = node; at.parent && !isFunctionNode(at); at = at.parent) {
    const parent = at.parent;
    if (ts.isTryStatement(parent) && parent.tryBlock === at && parent.catchClause) return !throwsAgain(parent.catchClause);
  }
  return false;
}

function throwsAgain(clause: TypeScript.CatchClause): boolean {
  let found = false;
  const visit = (node: TypeScript.Node): void => {
    if (found || isFunctionNode(node)) return;
    if (ts.isThrowStatement(node)) {
      found = !isCaught(node);
      return;
    }
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(clause.block, visit);
  return found;
}

/** `promise.catch(…)`, `promise.then(a, b)`, and `finally` after them. */
export function endsInCatch(expression: TypeScript.Expression): boolean {
  let at = strip(expression, false);
  for (let i = 0; i < 20 && ts.isCallExpression(at) && ts.isPropertyAccessExpression(at.expression); i++) {
    const name = at.expression.name.text;
    if (name === 'catch' || (name === 'then' && at.arguments.length > 1)) return true;
    if (name !== 'finally' && name !== 'then') return false;
    at = strip(at.expression.expression, false);
  }
  return false;
}

// `new Promise((resolve) => setTimeout(resolve, 500))`, `Promise.allSettled(…)`
function neverRejects(expression: TypeScript.Expression): boolean {
  const node = strip(expression, false);
  if (ts.isCallExpression(node)) return calledName(node) === 'allSettled';
  if (!ts.isNewExpression(node) || !ts.isIdentifier(node.expression) || node.expression.text !== 'Promise') return false;
  const executor = node.arguments?.[0] && strip(node.arguments[0], false);
  return executor !== undefined && isFunctionNode(executor) && executor.parameters.length < 2;
}

// A call that is returned without `await`: its rejection leaves the function even out of a `try`.
function returnsRejection(expression: TypeScript.Expression): boolean {
  const inner = strip(expression, false);
  if (ts.isConditionalExpression(inner)) return returnsRejection(inner.whenTrue) || returnsRejection(inner.whenFalse);
  return (ts.isCallExpression(inner) || ts.isTaggedTemplateExpression(inner)) && !endsInCatch(inner) && !isPlain(inner);
}

// Calls that clearly give no promise: `response.json(…)`, `String(x)`, `list.map(…)` — the common answers of handlers.
function isPlain(call: TypeScript.Expression): boolean {
  if (!ts.isCallExpression(call)) return false;
  return PLAIN.has(calledName(call) ?? '');
}

const PLAIN: ReadonlySet<string> = new Set([
  'json', 'send', 'status', 'sendStatus', 'end', 'redirect', 'render', 'next', 'String', 'Number', 'Boolean', 'stringify', 'parse', 'filter', 'slice', 'join', 'trim', 'toString', 'concat', 'push', 'keys', 'values', 'entries', 'log', 'warn', 'error', 'info', 'debug', 'resolve', 'close', 'destroy', 'terminate', 'emit',
]);

function functionFact(core: Core, node: FunctionNode, id: number, draft: Draft): FunctionFact {
  const name = functionName(node);
  const registered = core.contexts.get(id);
  const returns = returnsValue(core, node);
  const drops = dropsParametersOf(core, id);
  const returnType = (node.type && typeEntity(core, node.type)) ?? (returns ? undefined : returnedEntity(core, id));
  return {
    id,
    ...(name ? { name: name.text } : {}),
    span: [node.getStart(core.sourceFile), node.end],
    mark: markOf(core, node, name?.node),
    isAsync: isAsync(node),
    parent: core.scopes.functionOf(node),
    parameters: node.parameters.map((parameter) => (ts.isIdentifier(parameter.name) ? parameter.name.text : '')),
    contexts: [...(registered?.contexts ?? [])].sort(),
    ...(registered?.route === undefined ? {} : { route: registered.route }),
    calls: [...draft.calls.values()],
    isGuarded: draft.isGuarded,
    ...(draft.unguarded && draft.unguarded.size > 0 ? { unguarded: [...draft.unguarded.values()] } : {}),
    limitParameters: limitParametersOf(core, id),
    boundsParameters: boundsParametersOf(core, id),
    handlesParameters: handlesParametersOf(core, id),
    ...(drops.length > 0 ? { dropsParameters: drops } : {}),
    listensParameters: listensParametersOf(core, id),
    exits: draft.exits,
    logs: draft.logs,
    ...(returns ? { returns } : {}),
    ...(returnType && returnType.kind !== 'client' ? { returnType } : {}),
    ...returnsCallOf(core, node, id),
  };
}

function isAsync(node: TypeScript.Node): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node)?.some((modifier) => modifier.kind === ts.SyntaxKind.AsyncKeyword) ?? false);
}

function functionName(node: FunctionNode): { text: string; node: TypeScript.Node } | undefined {
  if (node.name) {
    const text = ts.isIdentifier(node.name) ? node.name.text : propertyName(node.name);
    return text === undefined ? undefined : { text, node: node.name };
  }
  const at = unstrip(node, false);
  const parent = at.parent;
  if (!parent) return undefined;
  if ((ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent)) && parent.initializer === at) {
    const text = ts.isIdentifier(parent.name) ? parent.name.text : ts.isObjectBindingPattern(parent.name) || ts.isArrayBindingPattern(parent.name) ? undefined : propertyName(parent.name);
    return text === undefined ? undefined : { text, node: parent.name };
  }
  if (ts.isBinaryExpression(parent) && parent.right === at) {
    const target = strip(parent.left, false);
    if (ts.isIdentifier(target)) return { text: target.text, node: target };
    if (ts.isPropertyAccessExpression(target)) return { text: target.name.text, node: target.name };
  }
  return undefined;
}

// What a person would point at: the name, `async`, or the arrow.
function markOf(core: Core, node: FunctionNode, name: TypeScript.Node | undefined): FunctionFact['mark'] {
  const own = node.name ?? (name && !ts.isArrowFunction(node) && !ts.isFunctionExpression(node) ? name : undefined);
  if (own) return [own.getStart(core.sourceFile), own.end];
  const keyword = ts.canHaveModifiers(node) ? ts.getModifiers(node)?.find((modifier) => modifier.kind === ts.SyntaxKind.AsyncKeyword) : undefined;
  if (keyword) return [keyword.getStart(core.sourceFile), keyword.end];
  if (ts.isArrowFunction(node)) return [node.equalsGreaterThanToken.getStart(core.sourceFile), node.equalsGreaterThanToken.end];
  const start = node.getStart(core.sourceFile);
  return [start, Math.min(node.end, start + (ts.isConstructorDeclaration(node) ? 'constructor' : 'function').length)];
}

// `return await connect()` of a function that is handed `connect`.
function returnsCallOf(core: Core, node: FunctionNode, id: number): { returnsCallOf?: number } {
  if (!node.body) return {};
  const values = ts.isBlock(node.body) ? returnsOf(node.body) : [node.body];
  const indexes = new Set(values.slice(0, 6).map((value) => {
    const call = strip(value);
    const called = ts.isCallExpression(call) ? entityOf(core, call.expression) : undefined;
    return called?.kind === 'parameter' && called.function === id && called.path.length === 0 ? called.index : -1;
  }));
  const [index] = indexes;
  return indexes.size === 1 && index !== undefined && index >= 0 ? { returnsCallOf: index } : {};
}

// The returned value where it says something: a client, options, a constant.
function returnsValue(core: Core, node: FunctionNode): Value | undefined {
  if (!node.body) return undefined;
  const values = ts.isBlock(node.body) ? returnsOf(node.body) : [node.body];
  if (values.length === 0 || values.length > 6) return undefined;
  const entities = values.map((value) => entityOf(core, value));
  const client = entities.find((entity) => entity.kind === 'client' && entity.path.length === 0);
  if (client?.kind === 'client' && entities.every((entity) => entity.kind === 'client' || entity.kind === 'unknown')) return { kind: 'client', client: client.client };
  const only = values[0];
  if (values.length > 1 || !only) return undefined;
  const value = valueOf(core, only);
  return value.kind === 'unknown' || value.kind === 'parameter' ? undefined : value;
}

