// What becomes of a failure: `catch` clauses, `.catch(…)` and error-first callbacks, and what they do with the error.

import type { CatchFact } from '../construct-facts';
import type { Entity } from '../values';
import type { Collector, FileReader } from '../file-reader';
import { calledName, isFunctionNode, memberName, strip, type FunctionNode } from '../syntax';
import { ts, type TypeScript } from '../typescript';
import { calleeName, keywordMark, nodeSpan } from './marks';
import { walkInside } from './walk';

const CLEANUP = /^(close|end|destroy|disconnect|quit|release|rollback|kill|unlink|unlinkSync|rm|rmdir|remove|removeSync|rmSync|cancel|abort|unsubscribe|terminate|stop|dispose|shutdown|teardown|cleanup|cleanUp|unlock|free|detach|removeListener|unref|flush|abortTransaction|endSession|deleteFile|clear|reset|killall|dump|unpipe)\w*$/i;
const PROBE = /^(access|stat|lstat|exists|pathExists|parse|require|resolve|import|URL|isValid|decode|accessSync|statSync)$/;
const LOGS = /^(log|debug|info|warn|warning|error|fatal|trace|verbose|report|capture\w*|track|notify|emit|increment|inc|record\w*|addBreadcrumb|observe|setStatus|recordException|notice\w*|alert|print|write)$/i;
const UNUSED = /^(_\w*|ignore\w*|expected\w*|unused\w*)$/;

/** Collects `catches` whose guarded code calls something. */
export function catches(reader: FileReader): Collector {
  const found: CatchFact[] = [];
  return {
    visit(node) {
      if (ts.isTryStatement(node) && node.catchClause) found.push(clauseFact(node, node.catchClause, reader));
      else if (ts.isCallExpression(node) && calledName(node) === 'catch') {
        const fact = methodFact(node, reader);
        if (fact) found.push(fact);
      }
    },
    finish: () => ({ catches: found.filter(({ calls, awaits }) => calls.length + awaits.length > 0) }),
  };
}

function clauseFact(statement: TypeScript.TryStatement, clause: TypeScript.CatchClause, reader: FileReader): CatchFact {
  const name = clause.variableDeclaration?.name;
  const guarded = guardedIn(statement.tryBlock, reader);
  const errorName = name && ts.isIdentifier(name) ? name.text : undefined;
  return {
    form: 'clause',
    mark: keywordMark(clause, reader.sourceFile),
    body: nodeSpan(clause.block, reader.sourceFile),
    function: reader.functionOf(clause),
    does: blockDoes(clause.block, reader),
    isEmpty: clause.block.statements.length === 0,
    hasComment: hasComment(clause.block, reader) || (errorName !== undefined && UNUSED.test(errorName)) || commentBefore(statement, reader),
    ...guarded,
    header: [clause.getStart(reader.sourceFile), clause.block.getStart(reader.sourceFile)],
    ...(errorName === undefined ? {} : { errorName }),
  };
}

// `work().catch(() => {})`, `.catch(noop)`
function methodFact(call: TypeScript.CallExpression, reader: FileReader): CatchFact | undefined {
  const callee = strip(call.expression, false);
  const handler = call.arguments[0] && strip(call.arguments[0], false);
  if (!ts.isPropertyAccessExpression(callee) || !handler) return undefined;
  const fn = isFunctionNode(handler) ? handler : functionBehind(handler, reader);
  const isNoop = ts.isIdentifier(handler) && /^(noop|_?noop\w*)$/i.test(handler.text);
  const isMember = memberName(handler) === 'noop';
  if (!fn && !isNoop && !isMember) return undefined;
  const parameter = fn?.parameters[0]?.name;
  const errorName = parameter && ts.isIdentifier(parameter) ? parameter.text : undefined;
  return {
    form: 'method',
    mark: nodeSpan(callee.name, reader.sourceFile),
    body: fn?.body ? nodeSpan(fn.body, reader.sourceFile) : nodeSpan(handler, reader.sourceFile),
    function: reader.functionOf(call),
    does: isNoop || isMember ? 'nothing' : functionDoes(fn, reader),
    isEmpty: fn?.body !== undefined && ts.isBlock(fn.body) && fn.body.statements.length === 0,
    hasComment: hasComment(handler, reader) || (errorName !== undefined && UNUSED.test(errorName)) || commentBefore(call, reader),
    ...guardedIn(callee.expression, reader, true),
    handler: nodeSpan(handler, reader.sourceFile),
    ...(errorName === undefined ? {} : { errorName }),
  };
}

function functionBehind(node: TypeScript.Expression, reader: FileReader): FunctionNode | undefined {
  const id = ts.isIdentifier(node) || memberName(node) !== undefined ? reader.functionBehind(node) : undefined;
  return id === undefined ? undefined : reader.functionNode(id);
}

function functionDoes(fn: FunctionNode | undefined, reader: FileReader): CatchFact['does'] {
  const body = fn?.body;
  if (!body) return 'handles';
  if (ts.isBlock(body)) return blockDoes(body, reader);
  const value = strip(body, false);
  if (isUndefined(value)) return 'nothing';
  if (isConstant(value)) return 'constant';
  return ts.isCallExpression(value) && LOGS.test(calledName(value) ?? '') ? 'logs' : 'handles';
}

function blockDoes(block: TypeScript.Block, reader: FileReader): CatchFact['does'] {
  if (block.statements.length === 0) return 'nothing';
  if (block.statements.every(isSilent)) return block.statements.every((statement) => !givesValue(statement)) ? 'nothing' : 'constant';
  let throws = false;
  let logs = false;
  walkInside(block, (node) => {
    if (ts.isThrowStatement(node)) throws = true;
    if (ts.isCallExpression(node) && LOGS.test(calledName(node) ?? '')) logs = true;
    if (ts.isCallExpression(node) && /log|report|capture/i.test(reader.calleeText(node))) logs = true;
  });
  return throws ? 'rethrows' : logs ? 'logs' : 'handles';
}

// `continue;`, `return;`, `return null;`, `x = [];`
function isSilent(statement: TypeScript.Statement): boolean {
  if (ts.isEmptyStatement(statement) || ts.isContinueStatement(statement) || ts.isBreakStatement(statement)) return true;
  if (ts.isReturnStatement(statement)) return !statement.expression || isConstant(strip(statement.expression, false));
  if (!ts.isExpressionStatement(statement)) return false;
  const expression = strip(statement.expression, false);
  return ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.EqualsToken && isConstant(strip(expression.right, false));
}

function givesValue(statement: TypeScript.Statement): boolean {
  if (ts.isReturnStatement(statement)) return statement.expression !== undefined && !isUndefined(strip(statement.expression, false));
  return ts.isExpressionStatement(statement);
}

function isUndefined(node: TypeScript.Expression): boolean {
  return (ts.isIdentifier(node) && node.text === 'undefined') || ts.isVoidExpression(node);
}

function isConstant(node: TypeScript.Expression): boolean {
  switch (node.kind) {
    case ts.SyntaxKind.NullKeyword:
    case ts.SyntaxKind.TrueKeyword:
    case ts.SyntaxKind.FalseKeyword:
    case ts.SyntaxKind.NumericLiteral:
    case ts.SyntaxKind.StringLiteral:
    case ts.SyntaxKind.NoSubstitutionTemplateLiteral:
      return true;
    default:
      return isUndefined(node) || (ts.isArrayLiteralExpression(node) && node.elements.length === 0) || (ts.isObjectLiteralExpression(node) && node.properties.length === 0);
  }
}

interface Guarded {
  readonly calls: readonly number[];
  readonly awaits: readonly string[];
  readonly targets: readonly Entity[];
  readonly isCleanup: boolean;
}

// What runs under the guard: catalogued calls, and what is awaited besides.
function guardedIn(root: TypeScript.Node, reader: FileReader, isPromise = false): Guarded {
  const calls: number[] = [];
  const awaits: string[] = [];
  const targets: Entity[] = [];
  let cleanups = 0;
  let all = 0;
  walkInside(root, (node) => {
    if (!ts.isCallExpression(node)) return true;
    const name = calledName(node) ?? '';
    if (/^(then|catch|finally|toString|json|text)$/.test(name)) return true;
    const index = reader.callIndex(node);
    const isAwaited = ts.isAwaitExpression(node.parent) || isPromise;
    if (index === undefined && !isAwaited) return true;
    all++;
    if (CLEANUP.test(name) || PROBE.test(name)) cleanups++;
    if (index !== undefined) calls.push(index);
    else {
      awaits.push(calleeName(node.expression, reader.sourceFile));
      targets.push(reader.resolve(node.expression));
    }
    return !isPromise;
  });
  return { calls, awaits, targets, isCleanup: all > 0 && cleanups === all };
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
  return [...leading, ...trailing].some(({ pos, end }) => /best.?effort|ignore|swallow|fire.and.forget|optional|does ?n.t matter|not critical|non.?critical|no.?op|on purpose|intentional|safe to|silent/i.test(reader.text.slice(pos, end)));
}
