// A loop whose body tries something, leaves on success and goes round again on failure.

import type { RetryFact } from '../construct-facts';
import type { FileReader } from '../file-reader';
import { strip } from '../syntax';
import { ts, type TypeScript } from '../typescript';
import { awaitedDelay, delayLength, type Delay } from './delay';
import { boundOf, conditionalExit, isLoop, stronger, type BoundKind } from './exits';
import { calleeName, keywordMark, nodeSpan } from './marks';
import { looksAtError } from './retry-errors';
import { retryScope } from './retry-scope';
import { leaves, walkInside } from './walk';

type Loop = TypeScript.WhileStatement | TypeScript.DoStatement | TypeScript.ForStatement;

/** Names of calls that make or keep a connection: they are meant to be tried until they succeed. */
export const CONNECTS = /connect|subscribe|listen|open|bootstrap|^init|^start|consume|login|register|join|attach|^run$|poll|watch|stream/i;

const CONFLICT = /conflict|transaction|duplicate|unique|already (exists|taken|claimed)|claim_?failed|E11000|P2002|P2034|40001|23505|serializ|deadlock|optimistic|collision|stale|version ?mismatch/i;

// Functions that wait for a state: what they repeat is a question.
const POLLS = /wait|poll|until|ready|health|probe/i;

/** The retry that a loop is; undefined where it is none. */
export function loopFact(loop: Loop, reader: FileReader): RetryFact | undefined {
  const tried = isOverList(loop) ? undefined : triedIn(loop);
  if (!tried?.catchClause) return undefined;
  const work = awaitedCalls(tried.tryBlock, loop, reader);
  const first = work[0];
  if (!first || leaves(tried.catchClause.block) && !endsInContinue(tried.catchClause.block)) return undefined;
  const flags = flagsSetIn(tried.tryBlock, loop);
  const after = statementsAfter(tried);
  const succeeds = exitsLoop(tried.tryBlock, loop) || flags.size > 0 || (endsInContinue(tried.catchClause.block) && after.some((statement) => exitsLoop(statement, loop)));
  const error = tried.catchClause.variableDeclaration?.name;
  const errorName = error && ts.isIdentifier(error) ? error.text : undefined;
  const bound = loopBound(loop, tried, errorName, flags, reader);
  const delay = delayIn(loop, tried, reader);
  const name = calleeName(first.expression, reader.sourceFile);
  return {
    kind: 'loop',
    mark: keywordMark(loop, reader.sourceFile),
    span: nodeSpan(loop, reader.sourceFile),
    function: reader.functionOf(loop),
    purpose: !succeeds ? 'consume' : POLLS.test(functionName(loop, reader)) ? 'poll' : CONNECTS.test(name.slice(name.lastIndexOf('.') + 1)) ? 'reconnect' : 'retry',
    bound,
    delay: delay?.kind ?? (hasUnknownWait(tried.catchClause.block, reader) || goesElsewhere(first, loop, reader) ? 'unknown' : 'none'),
    ...(delay ? { delaySpan: nodeSpan(delay.node, reader.sourceFile) } : {}),
    tries: name,
    isConflict: isConflict(tried.catchClause.block, name, reader),
    calls: work.flatMap((call) => reader.callIndex(call) ?? []),
    ...attemptsOf(loop, reader),
    ...fixPlaces(loop, tried.catchClause, reader),
    ...(delay?.argument ? { delayArgument: nodeSpan(delay.argument, reader.sourceFile) } : {}),
    ...(errorName === undefined ? {} : { errorName }),
    ...scopeOf(loop, tried.tryBlock, tried.catchClause.block, errorName, reader),
    ...delayLength(delay, reader),
  };
}

function scopeOf(loop: Loop, block: TypeScript.Block, failure: TypeScript.Block, errorName: string | undefined, reader: FileReader): Partial<RetryFact> {
  const scope = retryScope(loop, block, undefined, reader);
  return { ...scope, isSorted: scope.isSorted === true || looksAtError(failure, errorName, reader) };
}

function functionName(loop: Loop, reader: FileReader): string {
  const owner = reader.functionNode(reader.functionOf(loop));
  const name = owner?.name ?? (owner && ts.isVariableDeclaration(owner.parent) ? owner.parent.name : undefined);
  return name && ts.isIdentifier(name) ? name.text : '';
}

/** Whether what is tried again is a write that another one has overtaken: it needs no wait, for nobody is down. */
export function isConflict(failure: TypeScript.Node, name: string, reader: FileReader): boolean {
  return CONFLICT.test(name) || CONFLICT.test(failure.getText(reader.sourceFile).slice(0, 2_000));
}

// `for (let i = 0; i < hosts.length; i++)` and `while ((item = list.next()))` go over a list: each round is another target.
function isOverList(loop: Loop): boolean {
  const condition = ts.isForStatement(loop) ? loop.condition : strip(loop.expression, false);
  if (condition && ts.isBinaryExpression(condition) && condition.operatorToken.kind === ts.SyntaxKind.EqualsToken) return true;
  return ts.isForStatement(loop) && loop.condition !== undefined && ts.isBinaryExpression(loop.condition) && ts.isPropertyAccessExpression(loop.condition.right) && /^(length|size)$/.test(loop.condition.right.name.text);
}

// `const host = pick(remaining)`, `const host = hosts[n % hosts.length]`: each round asks another one, which need not be down.
function goesElsewhere(call: TypeScript.CallExpression, loop: Loop, reader: FileReader): boolean {
  const inside = (node: TypeScript.Node): boolean => node.pos >= loop.pos && node.end <= loop.end;
  const changes = (node: TypeScript.Node, isCounted: boolean): boolean => {
    let found = false;
    walkInside(node, (child) => {
      const binding = ts.isIdentifier(child) ? reader.lookup(child) : undefined;
      if (binding) found ||= reader.writes(binding).some((write) => inside(write) && (isCounted || ts.isBinaryExpression(write) || ts.isBinaryExpression(write.parent)));
      return !found;
    });
    return found;
  };
  const isPick = (node: TypeScript.Expression): boolean => (ts.isElementAccessExpression(node) ? changes(node.argumentExpression, true) : ts.isCallExpression(node) && node.arguments.some((argument) => changes(argument, false)));
  let found = false;
  walkInside(call, (node) => {
    if (ts.isElementAccessExpression(node) && isPick(node)) found = true;
    const declaration = ts.isIdentifier(node) ? reader.lookup(node)?.node : undefined;
    if (declaration && inside(declaration) && ts.isVariableDeclaration(declaration) && declaration.initializer && isPick(strip(declaration.initializer))) found = true;
    return !found;
  });
  return found;
}

// Where a fix counts and waits.
function fixPlaces(loop: Loop, clause: TypeScript.CatchClause, reader: FileReader): Partial<RetryFact> {
  const condition = ts.isForStatement(loop) ? loop.condition : loop.expression;
  const isEndless = !ts.isDoStatement(loop) && (!condition || condition.kind === ts.SyntaxKind.TrueKeyword) && !(ts.isForStatement(loop) && (loop.initializer ?? loop.incrementor));
  const start = loop.getStart(reader.sourceFile);
  const catchStart = clause.getStart(reader.sourceFile);
  const last = clause.block.statements.at(-1);
  const counter = counterOf(loop, reader);
  return {
    catchBody: nodeSpan(clause.block, reader.sourceFile),
    catchHeader: [catchStart, clause.block.getStart(reader.sourceFile)],
    ...(isEndless ? { header: [start, loop.statement.getStart(reader.sourceFile)] as const } : {}),
    ...(counter ? { counter } : {}),
    isOpenEnded: !leaves(last),
    isAttemptFree: !/\battempt\b/.test(reader.text),
  };
}

function counterOf(loop: Loop, reader: FileReader): RetryFact['counter'] {
  if (!ts.isForStatement(loop) || !loop.initializer || !ts.isVariableDeclarationList(loop.initializer)) return undefined;
  const declaration = loop.initializer.declarations[0];
  const from = declaration?.initializer ? reader.fold(declaration.initializer) : undefined;
  if (!declaration || !ts.isIdentifier(declaration.name) || from?.kind !== 'number' || !loop.incrementor || !/\+\+/.test(loop.incrementor.getText(reader.sourceFile))) return undefined;
  return { name: declaration.name.text, from: from.value };
}

// The first `try` of the loop that is not inside another loop or function.
function triedIn(loop: Loop): TypeScript.TryStatement | undefined {
  let found: TypeScript.TryStatement | undefined;
  walkInside(loop.statement, (node) => {
    if (found || (isLoop(node) && node !== loop)) return false;
    if (ts.isTryStatement(node)) found = node;
    return found === undefined;
  });
  return found;
}

function awaitedCalls(root: TypeScript.Node, scope: TypeScript.Node, reader: FileReader): TypeScript.CallExpression[] {
  const found: TypeScript.CallExpression[] = [];
  walkInside(root, (node) => {
    if (!ts.isAwaitExpression(node) || awaitedDelay(node.expression, scope, reader)) return;
    const call = strip(node.expression);
    if (ts.isCallExpression(call)) found.push(call);
  });
  // `return charge()` without `await` is not caught, so it is not tried again.
  return found;
}

function endsInContinue(block: TypeScript.Block): boolean {
  return block.statements.some((statement) => ts.isContinueStatement(statement));
}

function statementsAfter(tried: TypeScript.TryStatement): readonly TypeScript.Statement[] {
  const block = tried.parent;
  if (!ts.isBlock(block)) return [];
  return block.statements.slice(block.statements.indexOf(tried) + 1);
}

// `return`, or a `break` of this loop.
function exitsLoop(root: TypeScript.Node, loop: TypeScript.Node): boolean {
  let found = false;
  walkInside(root, (node) => {
    if (ts.isReturnStatement(node)) found = true;
    if (ts.isBreakStatement(node) && breaks(node, loop)) found = true;
    return !found;
  });
  return found;
}

function breaks(node: TypeScript.BreakStatement, loop: TypeScript.Node): boolean {
  if (node.label) return true;
  for (let at: TypeScript.Node = node.parent; at; at = at.parent) {
    if (at === loop) return true;
    if (isLoop(at) || ts.isSwitchStatement(at)) return false;
  }
  return false;
}

// Names of the loop's condition that the tried block sets: `done = true`, `result = await get()`.
function flagsSetIn(block: TypeScript.Block, loop: Loop): ReadonlySet<string> {
  const condition = ts.isForStatement(loop) ? loop.condition : loop.expression;
  const names = new Set<string>();
  if (condition) {
    walkInside(condition, (node) => {
      if (ts.isIdentifier(node)) names.add(node.text);
    });
  }
  const set = new Set<string>();
  walkInside(block, (node) => {
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken && ts.isIdentifier(node.left) && names.has(node.left.text)) set.add(node.left.text);
  });
  return set;
}

function loopBound(loop: Loop, tried: TypeScript.TryStatement, errorName: string | undefined, flags: ReadonlySet<string>, reader: FileReader): BoundKind {
  const condition = ts.isForStatement(loop) ? loop.condition : loop.expression;
  const own = condition ? boundOf(condition, loop, reader, (name) => flags.has(name.text)) : 'none';
  const exit = conditionalExit(loop.statement, loop, errorName, reader);
  const inCatch = tried.catchClause ? conditionalExit(tried.catchClause.block, loop, errorName, reader) : 'none';
  // A way out that stands in the tried block itself is success, so only what follows a failure can be unknown.
  return stronger(own, exit === 'unknown' ? inCatch : stronger(exit, inCatch));
}

function attemptsOf(loop: Loop, reader: FileReader): { attempts?: number } {
  if (!ts.isForStatement(loop) || !loop.condition || !ts.isBinaryExpression(loop.condition)) return {};
  const limit = reader.fold(loop.condition.right);
  if (limit.kind !== 'number') return {};
  const start = loop.initializer && ts.isVariableDeclarationList(loop.initializer) ? loop.initializer.declarations[0]?.initializer : undefined;
  const from = start ? reader.fold(start) : undefined;
  const first = from?.kind === 'number' ? from.value : 0;
  const isInclusive = loop.condition.operatorToken.kind === ts.SyntaxKind.LessThanEqualsToken;
  const attempts = limit.value - first + (isInclusive ? 1 : 0);
  return attempts > 0 && Number.isInteger(attempts) ? { attempts } : {};
}

// A wait anywhere in the loop but in the tried block counts: it stands between two attempts.
function delayIn(loop: Loop, tried: TypeScript.TryStatement, reader: FileReader): Delay | undefined {
  let found: Delay | undefined;
  walkInside(loop, (node) => {
    if (ts.isAwaitExpression(node)) found ??= awaitedDelay(node.expression, loop, reader);
    return found === undefined;
  });
  return found ?? (tried.finallyBlock ? undefined : found);
}

// Something else is awaited after a failure: it may wait.
function hasUnknownWait(block: TypeScript.Block, reader: FileReader): boolean {
  let found = false;
  walkInside(block, (node) => {
    if (ts.isAwaitExpression(node) || (ts.isCallExpression(node) && /setTimeout|atomics\.wait/i.test(reader.calleeText(node)))) found = true;
    return !found;
  });
  return found;
}
