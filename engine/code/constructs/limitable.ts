// Where and how calls over a list could be made a few at a time: what a limiter takes, where it is declared, and the statement that could become a loop over slices.

import type { Span } from '../../text';
import type { LimitableFact } from '../construct-facts';
import type { FileReader } from '../file-reader';
import { calledName, isFunctionNode, strip, unstrip } from '../syntax';
import { ts, type TypeScript } from '../typescript';
import { nodeSpan } from './marks';

/** What a fix needs of `Promise.all(list.map(each))`; `declared` counts the limiters of each function, whose names must differ. Linear in the text. */
export function limitableOf(node: TypeScript.CallExpression, list: TypeScript.Expression, each: TypeScript.Expression, declared: Map<number, number>, reader: FileReader): LimitableFact | undefined {
  const statement = statementAround(node);
  const callback = strip(each, false);
  if (!statement || list.pos < node.pos || each.end > node.end) return undefined;
  const owner = reader.functionOf(statement);
  const ordinal = declared.get(owner) ?? 0;
  declared.set(owner, ordinal + 1);
  const asyncKeyword = ts.isArrowFunction(callback) ? callback.modifiers?.find(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) : undefined;
  const map = mapAround(each, node);
  const callee = map && calleeSpan(node, map, list, each, reader);
  const loop = loopStatement(node, list, each, reader);
  return {
    statement: nodeSpan(statement, reader.sourceFile),
    names: { limiter: `${freeName(['limit', 'limitCalls'], reader)}${ordinal === 0 ? '' : ordinal + 1}`, item: freeName(['item', 'element'], reader), start: freeName(['start', 'from', 'offset'], reader) },
    ...(map && ts.isArrowFunction(callback) ? { body: nodeSpan(callback.body, reader.sourceFile) } : {}),
    ...(ts.isArrowFunction(callback) && asyncKeyword ? { async: [asyncKeyword.getStart(reader.sourceFile), startAfter(callback, asyncKeyword, reader)] as const } : {}),
    ...(map && isName(callback) ? { isNamed: true as const } : {}),
    ...(callee ? { callee } : {}),
    ...(loop ? { loop: nodeSpan(loop, reader.sourceFile) } : {}),
  };
}

// The statement in a list of statements; through bodies that are expressions and fields of classes, for nothing can be declared there.
function statementAround(node: TypeScript.Node): TypeScript.Node | undefined {
  for (let at = node; at.parent; at = at.parent) {
    const { parent } = at;
    if ((ts.isSourceFile(parent) || ts.isBlock(parent) || ts.isModuleBlock(parent) || ts.isCaseOrDefaultClause(parent)) && ts.isStatement(at)) return at;
  }
  return undefined;
}

function startAfter(callback: TypeScript.ArrowFunction, keyword: TypeScript.Node, reader: FileReader): number {
  const next = /\S/g;
  next.lastIndex = keyword.end;
  return Math.min(next.exec(reader.text)?.index ?? keyword.end, callback.body.pos);
}

function isName(node: TypeScript.Expression): boolean {
  let at = node;
  for (let hops = 0; hops < 8 && ts.isPropertyAccessExpression(at) && !at.questionDotToken; hops++) at = at.expression;
  return ts.isIdentifier(at) || at.kind === ts.SyntaxKind.ThisKeyword;
}

// The `map` that makes one promise of each element: `flatMap`, or what flattens its result, would get a promise for a list.
function mapAround(each: TypeScript.Expression, node: TypeScript.CallExpression): TypeScript.CallExpression | undefined {
  const map = each.parent;
  if (!ts.isCallExpression(map) || calledName(map) !== 'map') return undefined;
  const { parent } = unstrip(map, false);
  return parent === node || (ts.isSpreadElement(parent) && parent.parent.parent === node) ? map : undefined;
}

// `Promise.all` with its type arguments, where the text up to each element's function has no comment after the list.
function calleeSpan(node: TypeScript.CallExpression, map: TypeScript.CallExpression, list: TypeScript.Expression, each: TypeScript.Expression, reader: FileReader): Span | undefined {
  const isCommented = /\/[/*]/.test(reader.text.slice(list.end, each.getStart(reader.sourceFile)) + reader.text.slice(each.end, node.end));
  const isDirect = node.arguments[0] && strip(node.arguments[0], false) === map && ts.isPropertyAccessExpression(list.parent) && list.parent === map.expression;
  return isCommented || !isDirect ? undefined : [node.getStart(reader.sourceFile), node.arguments.pos - 1];
}

// `await Promise.all(list.map(each));` alone, over a list that stays the same while its elements are worked on.
function loopStatement(node: TypeScript.CallExpression, list: TypeScript.Expression, each: TypeScript.Expression, reader: FileReader): TypeScript.Node | undefined {
  const { parent } = node;
  const [given] = node.arguments;
  if (!ts.isAwaitExpression(parent) || !ts.isExpressionStatement(parent.parent) || !given || given.getStart(reader.sourceFile) !== list.getStart(reader.sourceFile)) return undefined;
  const isPlain = isName(list) && list.end - list.getStart(reader.sourceFile) <= 40 && ts.isPropertyAccessExpression(list.parent) && !list.parent.questionDotToken;
  const isTouched = (isFunctionNode(strip(each, false)) ? each.getText(reader.sourceFile) : '').includes(list.getText(reader.sourceFile));
  return isPlain && !isTouched ? parent.parent : undefined;
}

// The first of the names that the text has not, or one with a number.
function freeName(names: readonly string[], reader: FileReader): string {
  const numbered = Array.from({ length: 20 }, (_, index) => `${names[0] ?? ''}${index + 2}`);
  return [...names, ...numbered].find((name) => !new RegExp(`\\b${name}\\b`).test(reader.text)) ?? `${names[0] ?? ''}Here`;
}
