// Reads of a cache that a load from the source of truth follows on a miss: whether a failed read is caught, what is written back and for how long, and whether callers that miss together load once.

import type { CacheReadFact } from '../cache-facts';

import type { Collector, FileReader } from '../file-reader';
import { calledName, isFunctionNode, memberName, strip, unstrip } from '../syntax';
import { ts, type TypeScript } from '../typescript';
import { calleeName, nodeSpan } from './marks';
import { constructNames } from './names';
import { leaves, walkInside } from './walk';

const SHARES = /lock|mutex|acquire|single.?flight|dedup|in.?flight|coalesc|semaphore|exclusive|throttle|debounce|pending|setnx/i;
const LIFETIME_KEY = /^(?:ex|px|exat|pxat|ttl|expires|expiration|expiresIn|maxAge)$/i;
// Statements between a read and the test of what it gave.
const REACH = 6;

/** Collects `cacheReads`. */
export function cacheReads(reader: FileReader): Collector {
  const names = constructNames(reader.catalog);
  const found: CacheReadFact[] = [];
  return {
    visit(node) {
      if (!ts.isCallExpression(node) || node.arguments.length === 0 || !names.cacheReads.has(calledName(node) ?? '')) return;
      const callee = strip(node.expression, false);
      const fact = ts.isPropertyAccessExpression(callee) ? factOf(node, callee, reader, names.cacheWrites) : undefined;
      if (fact) found.push(fact);
    },
    finish: () => (found.length > 0 ? { cacheReads: found } : {}),
  };
}

function factOf(call: TypeScript.CallExpression, callee: TypeScript.PropertyAccessExpression, reader: FileReader, writes: ReadonlySet<string>): CacheReadFact | undefined {
  const { whole, isCaught } = chainOf(call);
  if (!ts.isAwaitExpression(whole.parent)) return undefined;
  const miss = missPath(whole.parent);
  const key = call.arguments[0]?.getText(reader.sourceFile);
  if (!miss || key === undefined) return undefined;
  const receiver = callee.expression.getText(reader.sourceFile);
  let load: TypeScript.CallExpression | undefined;
  let write: TypeScript.CallExpression | undefined;
  let isShared = false;
  for (const part of miss) {
    walkInside(part, (node) => {
      if (!ts.isCallExpression(node)) return;
      if (SHARES.test(node.expression.getText(reader.sourceFile).slice(-60)) || node.arguments.some((argument) => ts.isStringLiteralLike(argument) && argument.text === 'NX')) isShared = true;
      const own = strip(node.expression, false);
      const isOwn = ts.isPropertyAccessExpression(own) && own.expression.getText(reader.sourceFile) === receiver;
      if (isOwn && writes.has(own.name.text) && node.arguments[0]?.getText(reader.sourceFile) === key) write ??= node;
      else if (!isOwn && isWaitedFor(node)) load ??= node;
    });
  }
  if (!load) return undefined;
  const lifetime = write && lifetimeOf(write);
  return {
    entity: reader.resolve(callee),
    span: nodeSpan(call, reader.sourceFile),
    callee: nodeSpan(callee, reader.sourceFile),
    calleeText: calleeName(callee, reader.sourceFile),
    function: reader.functionOf(call),
    isCaught: isCaught || isInTry(call),
    load: reader.resolve(load.expression),
    loadText: calleeName(load.expression, reader.sourceFile),
    loadSpan: nodeSpan(load, reader.sourceFile),
    isShared: isShared || sharesAround(call, reader),
    ...(write ? { write: nodeSpan(write, reader.sourceFile) } : {}),
    ...(lifetime ? { lifetime: nodeSpan(lifetime, reader.sourceFile), isJittered: /random|jitter/i.test(lifetime.getText(reader.sourceFile)) } : {}),
  };
}

// `cache.get(key).catch(…)`: the chain up to what is awaited.
function chainOf(call: TypeScript.CallExpression): { readonly whole: TypeScript.Node; readonly isCaught: boolean } {
  let whole: TypeScript.Node = unstrip(call, false);
  let isCaught = false;
  while (ts.isPropertyAccessExpression(whole.parent) && ts.isCallExpression(whole.parent.parent) && whole.parent.parent.expression === whole.parent) {
    if (whole.parent.name.text === 'catch' || (whole.parent.name.text === 'then' && whole.parent.parent.arguments.length > 1)) isCaught = true;
    whole = unstrip(whole.parent.parent, false);
  }
  return { whole, isCaught };
}

/** What runs when nothing was found; undefined where no test of the result follows. */
function missPath(awaited: TypeScript.AwaitExpression): readonly TypeScript.Node[] | undefined {
  let at: TypeScript.Node = unstrip(awaited, false);
  if (ts.isCallExpression(at.parent) && memberName(strip(at.parent.expression, false)) === 'parse') at = unstrip(at.parent, false);
  const { parent } = at;
  if (ts.isBinaryExpression(parent) && parent.left === at && (parent.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken || parent.operatorToken.kind === ts.SyntaxKind.BarBarToken)) return [parent.right];
  const name = ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name) ? parent.name.text : ts.isBinaryExpression(parent) && parent.right === at && ts.isIdentifier(parent.left) ? parent.left.text : undefined;
  const statement = ts.findAncestor(parent, ts.isStatement);
  const block = statement?.parent;
  if (name === undefined || !statement || !block || !(ts.isBlock(block) || ts.isSourceFile(block))) return undefined;
  const from = block.statements.findIndex((one) => one === statement) + 1;
  for (let index = from; index < Math.min(from + REACH, block.statements.length); index++) {
    const next = block.statements[index];
    if (!next || !ts.isIfStatement(next) || !mentions(next.expression, name)) continue;
    if (isMissTest(next.expression, name)) return [next.thenStatement];
    if (next.elseStatement) return [next.elseStatement];
    return leaves(next.thenStatement) ? block.statements.slice(index + 1) : undefined;
  }
  return undefined;
}

function mentions(node: TypeScript.Node, name: string): boolean {
  let found = false;
  walkInside(node, (inner) => {
    if (ts.isIdentifier(inner) && inner.text === name) found = true;
    return !found;
  });
  return found;
}

// `!cached`, `cached === null`, `cached == undefined`
function isMissTest(condition: TypeScript.Expression, name: string): boolean {
  const test = strip(condition, false);
  if (ts.isPrefixUnaryExpression(test)) return test.operator === ts.SyntaxKind.ExclamationToken && mentions(test.operand, name);
  if (!ts.isBinaryExpression(test)) return false;
  const isEqual = test.operatorToken.kind === ts.SyntaxKind.EqualsEqualsEqualsToken || test.operatorToken.kind === ts.SyntaxKind.EqualsEqualsToken;
  if (isEqual) return /^(?:null|undefined)$/.test(strip(test.right, false).getText());
  return isMissTest(test.left, name) || isMissTest(test.right, name);
}

function isWaitedFor(call: TypeScript.CallExpression): boolean {
  let whole: TypeScript.Node = unstrip(call, false);
  while (ts.isPropertyAccessExpression(whole.parent) && ts.isCallExpression(whole.parent.parent)) whole = unstrip(whole.parent.parent, false);
  return ts.isAwaitExpression(whole.parent) || ts.isReturnStatement(whole.parent);
}

function isInTry(node: TypeScript.Node): boolean {
  for (let at = node; at.parent && !isFunctionNode(at); at = at.parent) {
    if (ts.isTryStatement(at.parent) && at.parent.tryBlock === at && at.parent.catchClause) return true;
  }
  return false;
}

// The read stands in a function that is handed to a lock, or an earlier statement takes one or keeps a promise under way.
function sharesAround(node: TypeScript.Node, reader: FileReader): boolean {
  for (let at = node; at.parent; at = at.parent) {
    if (isFunctionNode(at)) {
      if (ts.isCallExpression(at.parent) && SHARES.test(at.parent.expression.getText(reader.sourceFile).slice(-60))) return true;
      return at.body !== undefined && new RegExp(`(?:${SHARES.source})\\w*\\s*[.(=]`, 'i').test(reader.text.slice(at.body.pos, at.body.end));
    }
  }
  return false;
}

/** What says how long a value is kept: an argument after `'EX'`, an option, or the third argument. */
function lifetimeOf(write: TypeScript.CallExpression): TypeScript.Expression | undefined {
  const given = write.arguments;
  const unit = given.findIndex((argument) => ts.isStringLiteralLike(argument) && LIFETIME_KEY.test(argument.text));
  if (unit > 1) return given[unit + 1];
  if (/^p?setex$/i.test(calledName(write) ?? '')) return given[1];
  const third = given[2] && strip(given[2], false);
  if (!third || ts.isStringLiteralLike(third)) return undefined;
  if (!ts.isObjectLiteralExpression(third)) return third;
  for (const property of third.properties) {
    if (ts.isPropertyAssignment(property) && ts.isIdentifier(property.name) && LIFETIME_KEY.test(property.name.text)) return property.initializer;
  }
  return undefined;
}
