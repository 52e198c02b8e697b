// What becomes of a failure: `catch` clauses, `.catch(…)`, error-first callbacks, listeners of `error` and `allSettled`, and what they do with the error.

import type { CatchFact } from '../construct-facts';
import type { Entity } from '../values';
import type { Collector, FileReader } from '../file-reader';
import { calledName, isFunctionNode, memberName, strip, unstrip, type FunctionNode } from '../syntax';
import { ts, type TypeScript } from '../typescript';
import { blockAnswer, functionAnswer, isUndefined, type Answer } from './catch-answers';
import { answerAfter, fallsBack } from './catch-fallback';
import { calleeName, keywordMark, nodeSpan } from './marks';
import { walkInside } from './walk';

const CLEANUP = /^(close|end|destroy|disconnect|quit|release|rollback|kill|unlink|unlinkSync|rm|rmdir|remove|removeSync|rmSync|cancel|abort|unsubscribe|terminate|stop|dispose|shutdown|teardown|cleanup|cleanUp|unlock|free|detach|removeListener|unref|flush|abortTransaction|endSession|deleteFile|clear|reset|killall|dump|unpipe)\w*$/i;
const PROBE = /^(access|stat|lstat|exists|pathExists|parse|require|resolve|import|URL|isValid|decode|accessSync|statSync)$/;
const REASON_NAME = /^_?(ignore\w*|expected\w*|unused\w*)$/;
const ERROR_NAME = /^_?(e|er|err|error)$/i;
const REASON = /best.?effort|ignore|swallow|fire.and.forget|optional|does ?n.t matter|not critical|non.?critical|no.?op|on purpose|intentional|safe to|silent/i;
const STATEMENT = /^\s*(?:select\s|insert\s+into\s|update\s+\S+\s+set\s|delete\s+from\s|with\s+\S+\s+as\s)/i;
const LISTENS = /^(?:on|once|addListener)$/;

/** Collects `catches` whose guarded code calls something. */
export function catches(reader: FileReader): Collector {
  const found: CatchFact[] = [];
  return {
    visit(node) {
      if (ts.isTryStatement(node) && node.catchClause) found.push(clauseFact(node, node.catchClause, reader));
      else if (ts.isCallExpression(node)) {
        const fact = methodFact(node, reader) ?? callbackFact(node, reader) ?? listenerFact(node, reader);
        if (fact) found.push(fact);
      }
    },
    finish: () => ({ catches: found.filter(({ calls, awaits, emitter }) => emitter !== undefined || calls.length + awaits.length > 0) }),
  };
}

function clauseFact(statement: TypeScript.TryStatement, clause: TypeScript.CatchClause, reader: FileReader): CatchFact {
  const name = clause.variableDeclaration?.name;
  const errorName = name && ts.isIdentifier(name) ? name.text : undefined;
  const answer = blockAnswer(clause.block, reader);
  return {
    form: 'clause',
    mark: keywordMark(clause, reader.sourceFile),
    body: nodeSpan(clause.block, reader.sourceFile),
    function: reader.functionOf(clause),
    ...(answer.does === 'nothing' ? answerAfter(statement, clause) : answer),
    ...(fallsBack(statement, clause, reader) ? { fallsBack: true as const } : {}),
    isEmpty: clause.block.statements.length === 0,
    hasComment: hasComment(clause.block, reader) || isReason(errorName) || commentBefore(statement, reader),
    ...guardedIn(statement.tryBlock, reader),
    header: [clause.getStart(reader.sourceFile), clause.block.getStart(reader.sourceFile)],
    ...(errorName === undefined ? {} : { errorName }),
  };
}

// `work().catch(() => {})`, `.catch(noop)`, `.then(show, () => {})`
function methodFact(call: TypeScript.CallExpression, reader: FileReader): CatchFact | undefined {
  const method = calledName(call);
  const given = method === 'catch' ? call.arguments[0] : method === 'then' ? call.arguments[1] : undefined;
  const callee = strip(call.expression, false);
  const handler = given && strip(given, false);
  if (!ts.isPropertyAccessExpression(callee) || !handler) return undefined;
  const fn = isFunctionNode(handler) ? handler : functionBehind(handler, reader);
  const isNoop = (ts.isIdentifier(handler) && /^_?noop\w*$/i.test(handler.text)) || memberName(handler) === 'noop';
  if (!fn && !isNoop) return undefined;
  const answer: Answer = isNoop ? { does: 'nothing' } : givesUndefined(fn, call) ? { does: 'constant', gives: 'empty' } : functionAnswer(fn, reader);
  const parameter = fn?.parameters[0]?.name;
  const errorName = parameter && ts.isIdentifier(parameter) ? parameter.text : undefined;
  return {
    form: 'method',
    mark: nodeSpan(method === 'then' ? handler : callee.name, reader.sourceFile),
    body: fn?.body ? nodeSpan(fn.body, reader.sourceFile) : nodeSpan(handler, reader.sourceFile),
    function: reader.functionOf(call),
    ...answer,
    isEmpty: fn?.body !== undefined && ts.isBlock(fn.body) && fn.body.statements.length === 0,
    hasComment: hasComment(handler, reader) || isReason(errorName) || commentBefore(call, reader),
    ...guardedIn(callee.expression, reader, true),
    handler: nodeSpan(handler, reader.sourceFile),
    ...(errorName === undefined ? {} : { errorName }),
  };
}

// `const rows = await load().catch(() => undefined)`: an empty answer, as `null` is.
function givesUndefined(fn: FunctionNode | undefined, call: TypeScript.CallExpression): boolean {
  if (!fn?.body || ts.isBlock(fn.body) || !isUndefined(strip(fn.body, false))) return false;
  const { parent } = unstrip(call);
  return ts.isVariableDeclaration(parent) || ts.isReturnStatement(parent) || ts.isBinaryExpression(parent);
}

// `pool.query(sql, (err, rows) => response.json(rows))`: an error-first callback that never looks at the error and goes on.
function callbackFact(call: TypeScript.CallExpression, reader: FileReader): CatchFact | undefined {
  const last = call.arguments.at(-1);
  const fn = last && strip(last, false);
  if (!fn || !isFunctionNode(fn) || fn.parameters.length < 2) return undefined;
  const name = fn.parameters[0]?.name;
  if (!name || !ts.isIdentifier(name) || !ERROR_NAME.test(name.text) || !fn.body) return undefined;
  const index = reader.callIndex(call);
  if (index === undefined || isUsed(fn, name.text)) return undefined;
  return {
    form: 'callback',
    mark: nodeSpan(name, reader.sourceFile),
    body: nodeSpan(fn.body, reader.sourceFile),
    function: reader.functionOf(call),
    does: 'nothing',
    isEmpty: ts.isBlock(fn.body) && fn.body.statements.length === 0,
    hasComment: isReason(name.text) || commentBefore(call, reader) || (ts.isBlock(fn.body) && fn.body.statements.length === 0 && hasComment(fn.body, reader)),
    calls: [index],
    awaits: [],
    targets: [],
    isCleanup: CLEANUP.test(calledName(call) ?? ''),
    errorName: name.text,
    ...(ts.isBlock(fn.body) ? { isBlock: true as const } : {}),
  };
}

// `client.on('error', () => {})`
function listenerFact(call: TypeScript.CallExpression, reader: FileReader): CatchFact | undefined {
  const callee = strip(call.expression, false);
  const [event, given] = call.arguments;
  if (!ts.isPropertyAccessExpression(callee) || !LISTENS.test(callee.name.text) || !event || !given || !ts.isStringLiteralLike(event) || event.text !== 'error') return undefined;
  const handler = strip(given, false);
  const fn = isFunctionNode(handler) ? handler : functionBehind(handler, reader);
  const isNoop = (ts.isIdentifier(handler) && /^_?noop\w*$/i.test(handler.text)) || memberName(handler) === 'noop';
  if (!isNoop && (!fn || functionAnswer(fn, reader).does !== 'nothing')) return undefined;
  return {
    form: 'listener',
    mark: nodeSpan(handler, reader.sourceFile),
    body: fn?.body ? nodeSpan(fn.body, reader.sourceFile) : nodeSpan(handler, reader.sourceFile),
    function: reader.functionOf(call),
    does: 'nothing',
    isEmpty: true,
    hasComment: hasComment(handler, reader) || commentBefore(call, reader),
    calls: [],
    awaits: [calleeName(callee.expression, reader.sourceFile)],
    targets: [],
    isCleanup: false,
    emitter: reader.resolve(callee.expression),
    handler: nodeSpan(handler, reader.sourceFile),
  };
}

function isUsed(fn: FunctionNode, name: string): boolean {
  let used = false;
  const visit = (node: TypeScript.Node): void => {
    if (ts.isIdentifier(node) && node.text === name) used = true;
    else ts.forEachChild(node, visit);
  };
  if (fn.body) visit(fn.body);
  return used;
}

function isReason(errorName: string | undefined): boolean {
  return errorName !== undefined && REASON_NAME.test(errorName);
}

function functionBehind(node: TypeScript.Expression, reader: FileReader): FunctionNode | undefined {
  const id = ts.isIdentifier(node) || memberName(node) !== undefined ? reader.functionBehind(node) : undefined;
  return id === undefined ? undefined : reader.functionNode(id);
}

interface Guarded {
  readonly calls: readonly number[];
  readonly awaits: readonly string[];
  readonly targets: readonly Entity[];
  readonly isCleanup: boolean;
  readonly statement?: string;
}

// What runs under the guard: catalogued calls, and what is awaited besides.
function guardedIn(root: TypeScript.Node, reader: FileReader, isPromise = false): Guarded {
  const calls: number[] = [];
  const awaits: string[] = [];
  const targets: Entity[] = [];
  let cleanups = 0;
  let all = 0;
  let statement: string | undefined;
  walkInside(root, (node) => {
    if (!ts.isCallExpression(node)) return true;
    const name = calledName(node) ?? '';
    if (/^(then|catch|finally|toString|json|text)$/.test(name)) return true;
    const index = reader.callIndex(node);
    const isAwaited = ts.isAwaitExpression(node.parent) || isPromise;
    if (index === undefined && !isAwaited) return true;
    all++;
    if (index === undefined && isStatement(node.arguments[0])) statement ??= calleeName(node.expression, reader.sourceFile);
    if (CLEANUP.test(name) || PROBE.test(name)) cleanups++;
    if (index !== undefined) calls.push(index);
    else {
      awaits.push(calleeName(node.expression, reader.sourceFile));
      targets.push(reader.resolve(node.expression));
    }
    return !isPromise;
  });
  return { calls, awaits, targets, isCleanup: all > 0 && cleanups === all, ...(statement === undefined ? {} : { statement }) };
}

// A text that starts like a statement of SQL goes to a database, whoever is called.
function isStatement(argument: TypeScript.Expression | undefined): boolean {
  if (!argument) return false;
  const text = ts.isStringLiteralLike(argument) ? argument.text : ts.isTemplateExpression(argument) ? argument.head.text : '';
  return STATEMENT.test(text.slice(0, 200));
}

// Only what stands between the braces counts: an empty catch with a reason in it.
function hasComment(node: TypeScript.Node, reader: FileReader): boolean {
  const text = reader.text.slice(node.getStart(reader.sourceFile), node.end);
  return /\/\/|\/\*/.test(text.replace(/'[^'\n]*'|"[^"\n]*"/g, ''));
}

// `// best effort` on the line above or at the end of the line.
function commentBefore(node: TypeScript.Node, reader: FileReader): boolean {
  let statement: TypeScript.Node = node;
  while (statement.parent && !ts.isStatement(statement)) statement = statement.parent;
  const leading = ts.getLeadingCommentRanges(reader.text, statement.pos) ?? [];
  const trailing = ts.getTrailingCommentRanges(reader.text, statement.end) ?? [];
  // A suppression speaks for itself: its words would silence what it suppresses.
  return [...leading, ...trailing].map(({ pos, end }) => reader.text.slice(pos, end)).some((text) => !text.includes('holdfast-') && REASON.test(text));
}
