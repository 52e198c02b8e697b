// The loggers that a file writes errors with, each with the stretch of text in which its name means it: what a fix that logs calls instead of `console`.

import type { Span } from '../../text';
import type { LoggerFact } from '../construct-facts';
import type { Entity } from '../values';
import type { Collector, FileReader } from '../file-reader';
import { ts, type TypeScript } from '../typescript';
import { nodeSpan } from './marks';

const NAME = /^_?(?:log|logger)$|Logger$/i;
const LEVELS = new Set(['error', 'warn', 'info', 'debug', 'trace', 'fatal', 'verbose']);
const ERROR_NAME = /^(?:e|err|error|ex|exception|reason|cause)$/;
const MOST = 30;

interface Seen {
  readonly fact: LoggerFact;
  readonly isThis: boolean;
  /** How much the call that was seen tells: another level < `error` < `error` that is given an error. */
  readonly rank: number;
}

/** Collects `loggers`: named as one and called as one. */
export function loggers(reader: FileReader): Collector {
  const seen = new Map<string, Seen>();
  const breaks: Span[] = [];
  return {
    visit(node) {
      if (breaksThis(node)) breaks.push(nodeSpan(node, reader.sourceFile));
      if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression) || !LEVELS.has(node.expression.name.text)) return;
      const { expression: receiver, name, questionDotToken } = node.expression;
      const scope = scopeOf(receiver, reader);
      if (!scope || (name.text !== 'error' && /^[A-Z]/.test(receiver.getText(reader.sourceFile)))) return;
      const callee = `${receiver.getText(reader.sourceFile)}${questionDotToken ? '?' : ''}.error`;
      const shape = name.text === 'error' ? observedShape(node, reader) : undefined;
      const rank = shape === undefined ? (name.text === 'error' ? 1 : 0) : 2;
      const key = `${callee} ${scope.span.join()}`;
      const known = seen.get(key);
      if ((known && known.rank >= rank) || (!known && seen.size >= MOST)) return;
      const given = shape ?? (isForeign(reader.resolve(receiver)) || /\.[cm]?jsx?$/.test(reader.path) ? '{error}' : 'String({error})');
      seen.set(key, { fact: { call: `${callee}(${given})`, scope: scope.span }, isThis: scope.isThis, rank });
    },
    finish() {
      const found = [...seen.values()].map(({ fact, isThis }) => {
        const holes = isThis ? breaks.filter((one) => contains(fact.scope, one) && (one[0] !== fact.scope[0] || one[1] !== fact.scope[1])) : [];
        return holes.length > 0 ? { ...fact, except: holes } : fact;
      });
      return found.length > 0 ? { loggers: found } : {};
    },
  };
}

function contains(outer: Span, inner: Span): boolean {
  return outer[0] <= inner[0] && inner[1] <= outer[1];
}

/** Inside it `this` is another one than around it. */
function breaksThis(node: TypeScript.Node): boolean {
  if (ts.isFunctionExpression(node) || ts.isFunctionDeclaration(node) || ts.isClassLike(node)) return true;
  const isMember = ts.isMethodDeclaration(node) || ts.isGetAccessor(node) || ts.isSetAccessor(node) || ts.isPropertyDeclaration(node);
  if (!isMember) return ts.isClassStaticBlockDeclaration(node);
  return !ts.isClassLike(node.parent) || (node.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.StaticKeyword) ?? false);
}

/** Where the name of a logger means it; undefined for what is none, or has no name that holds elsewhere. */
function scopeOf(receiver: TypeScript.Expression, reader: FileReader): { readonly span: Span; readonly isThis: boolean } | undefined {
  const last = ts.isPropertyAccessExpression(receiver) ? receiver.name.text : ts.isIdentifier(receiver) ? receiver.text : '';
  if (!NAME.test(last)) return undefined;
  let root: TypeScript.Expression = receiver;
  for (let depth = 0; depth < 3 && ts.isPropertyAccessExpression(root); depth++) root = root.expression;
  if (root.kind === ts.SyntaxKind.ThisKeyword) {
    const owner = ownerOfThis(root);
    return owner && { span: nodeSpan(owner, reader.sourceFile), isThis: true };
  }
  const binding = ts.isIdentifier(root) ? reader.lookup(root) : undefined;
  if (!binding) return undefined;
  if (binding.kind === 'import') return { span: [0, reader.text.length], isThis: false };
  if (binding.kind === 'parameter') {
    const body = ts.findAncestor(binding.node, (node): node is TypeScript.FunctionLikeDeclaration => ts.isFunctionLike(node))?.body;
    return body && { span: nodeSpan(body, reader.sourceFile), isThis: false };
  }
  const block = ts.findAncestor(binding.node, (node) => ts.isBlock(node) || ts.isSourceFile(node) || ts.isModuleBlock(node) || ts.isCaseBlock(node) || ts.isForStatement(node) || ts.isForOfStatement(node) || ts.isForInStatement(node));
  if (!block) return undefined;
  return { span: ts.isSourceFile(block) ? [0, reader.text.length] : [binding.node.end, block.end], isThis: false };
}

function ownerOfThis(node: TypeScript.Node): TypeScript.ClassLikeDeclaration | undefined {
  for (let at = node.parent; at; at = at.parent) {
    if (breaksThis(at)) return undefined;
    if (ts.isClassLike(at.parent)) return at.kind === ts.SyntaxKind.Decorator || at.kind === ts.SyntaxKind.HeritageClause ? undefined : at.parent;
  }
  return undefined;
}

/** How the file gives an error to the logger, with `{error}` and `{what}` in its place; undefined where this call does not tell. */
function observedShape(call: TypeScript.CallExpression, reader: FileReader): string | undefined {
  const [first, second] = call.arguments;
  if (!first) return undefined;
  if (isErrorName(first)) return '{error}';
  if (ts.isObjectLiteralExpression(first)) {
    const fields = errorField(first, reader);
    return fields && second && ts.isStringLiteralLike(second) ? `${fields}, '{what}'` : fields;
  }
  if (!second || !(ts.isStringLiteralLike(first) || ts.isTemplateExpression(first))) return undefined;
  if (isErrorName(second)) return `'{what}', {error}`;
  if (!ts.isObjectLiteralExpression(second)) return undefined;
  const fields = errorField(second, reader);
  return fields && `'{what}', ${fields}`;
}

function errorField(object: TypeScript.ObjectLiteralExpression, reader: FileReader): string | undefined {
  for (const property of object.properties) {
    const name = property.name && ts.isIdentifier(property.name) ? property.name.text : '';
    if (!ERROR_NAME.test(name)) continue;
    if (ts.isShorthandPropertyAssignment(property)) return `{ ${name}: {error} }`;
    if (!ts.isPropertyAssignment(property)) continue;
    return isErrorName(property.initializer) ? `{ ${name}: {error} }` : /^String\(\w+\)$|\.message$/.test(property.initializer.getText(reader.sourceFile)) ? `{ ${name}: String({error}) }` : undefined;
  }
  return undefined;
}

function isErrorName(node: TypeScript.Expression): boolean {
  return ts.isIdentifier(node) && ERROR_NAME.test(node.text);
}

/** Made by a package: loggers of packages take whatever is thrown. */
function isForeign(entity: Entity): boolean {
  if (entity.kind === 'result') return isForeign(entity.of);
  return (entity.kind === 'package' || entity.kind === 'typed') && !/^[.~#/]|^@\//.test(entity.package);
}
