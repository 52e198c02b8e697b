// `source.pipe(target)`, where the source is made in sight: errors of the source reach nobody unless somebody listens.

import { LISTENS } from '../catalogued';
import type { PipeFact } from '../construct-facts';
import type { Collector, FileReader } from '../file-reader';
import { calledName, calleeOf, isCallNode, isFunctionNode, memberName, strip } from '../syntax';
import { ts, type TypeScript } from '../typescript';
import { placeOf } from './callee';
import { calleeName, nodeSpan } from './marks';

// Methods that give a stream by their names, whatever they belong to: `bucket.file(name).createReadStream()`.
const GIVES_STREAM = /^(?:create|get|open|download|read)\w*Stream(?:ByName)?$|^readStream$/;
const STREAM_TYPE = /^(?:Readable|ReadStream|IncomingMessage|Duplex|PassThrough|ReadableStream)$/;

/** Collects `pipes` whose source is a catalogued stream, one by the name of what gives it, or one that is given and that a promise waits for. */
export function pipes(reader: FileReader): Collector {
  const found: PipeFact[] = [];
  return {
    visit(node) {
      if (!ts.isCallExpression(node) || calledName(node) !== 'pipe' || node.arguments.length === 0) return;
      // The outermost `.pipe` stands for the whole chain.
      if (ts.isPropertyAccessExpression(node.parent) && node.parent.name.text === 'pipe') return;
      const fact = pipeFact(node, reader);
      if (fact) found.push(fact);
    },
    finish: () => ({ pipes: found }),
  };
}

function pipeFact(node: TypeScript.CallExpression, reader: FileReader): PipeFact | undefined {
  const links: TypeScript.Expression[] = [];
  let at: TypeScript.Expression = node;
  let mark: TypeScript.Node = node;
  let isPlain = true;
  for (let hops = 0; hops < 20; hops++) {
    if (!ts.isCallExpression(at) || !ts.isPropertyAccessExpression(at.expression) || at.expression.name.text !== 'pipe' || !at.arguments[0]) break;
    if (at.arguments.length > 1) isPlain = false;
    links.unshift(at.arguments[0]);
    mark = at.expression.name;
    at = strip(at.expression.expression, false);
  }
  const target = links.at(-1);
  const source = target && (sourceOf(at, reader) ?? givenSource(at, node, reader));
  if (!source) return undefined;
  const entity = source.call ? reader.resolve(calleeOf(source.call)) : ({ kind: 'unknown' } as const);
  const place = placeOf(entity, reader);
  const isKnown = place?.instance === '' && place.library.streams?.includes(place.path.join('.')) === true;
  const isNamed = !isKnown && (!source.call || GIVES_STREAM.test(calledName(source.call) ?? ''));
  if (!isKnown && !isNamed) return undefined;
  return {
    source: entity,
    ...(isNamed ? { isNamed } : {}),
    ...(isInExecutor(node, reader) ? { isInPromise: true } : {}),
    sourceText: ts.isIdentifier(at) ? at.text : source.call ? calleeName(calleeOf(source.call), reader.sourceFile) : calleeName(at, reader.sourceFile),
    targetText: ts.isCallExpression(target) || ts.isNewExpression(target) ? calleeName(target.expression, reader.sourceFile) : calleeName(target, reader.sourceFile),
    mark: nodeSpan(mark, reader.sourceFile),
    span: nodeSpan(node, reader.sourceFile),
    links: isPlain ? [at, ...links].map((link) => nodeSpan(link, reader.sourceFile)) : [],
    isHeard: source.isHeard,
    isStatement: ts.isExpressionStatement(node.parent),
    function: reader.functionOf(node),
  };
}

// The call that makes the source, inline or by a constant, and whether somebody hears its errors.
interface Source {
  readonly call?: TypeScript.CallExpression | TypeScript.NewExpression;
  readonly isHeard: boolean;
}

function sourceOf(expression: TypeScript.Expression, reader: FileReader): Source | undefined {
  let at = expression;
  let isHeard = false;
  for (let hops = 0; hops < 20; hops++) {
    if (ts.isIdentifier(at)) {
      const binding = reader.lookup(at);
      const declaration = binding?.node;
      if (!binding || !declaration || !ts.isVariableDeclaration(declaration) || !declaration.initializer || reader.writes(binding).length > 0) return undefined;
      isHeard ||= reader.references(binding).some(isListenedOrGiven);
      at = strip(declaration.initializer);
    } else if (ts.isCallExpression(at) && ts.isPropertyAccessExpression(at.expression) && LISTENS.has(at.expression.name.text)) {
      const event = at.arguments[0];
      if (event && ts.isStringLiteralLike(event) && event.text === 'error') isHeard = true;
      at = strip(at.expression.expression, false);
    } else if (isCallNode(at) && !ts.isTaggedTemplateExpression(at)) return { call: at, isHeard };
    else return undefined;
  }
  return undefined;
}

// A parameter that is a stream by its declared type or by `instanceof`, where a promise around the pipe waits for its end.
function givenSource(expression: TypeScript.Expression, pipe: TypeScript.CallExpression, reader: FileReader): Source | undefined {
  const binding = ts.isIdentifier(expression) ? reader.lookup(expression) : undefined;
  if (!binding || !ts.isIdentifier(expression) || !isInExecutor(pipe, reader)) return undefined;
  const { node } = binding;
  const isParameter = ts.isParameter(node) || (ts.isBindingElement(node) && ts.isParameter(node.parent.parent));
  if (!isParameter) return undefined;
  const uses = reader.references(binding);
  const isStream = (ts.isParameter(node) && node.type !== undefined && namesStream(node.type, reader)) || uses.some((use) => isTestedAsStream(use, reader));
  // What is done with it on another way says nothing about this one.
  const around = executorAround(pipe);
  return isStream ? { isHeard: uses.some((use) => isListenedOrGiven(use) && (!ts.isCallExpression(use.parent) || executorAround(use) === around)) } : undefined;
}

// `Readable`, `string | Readable`, `NodeJS.ReadableStream`
function namesStream(type: TypeScript.TypeNode, reader: FileReader): boolean {
  if (ts.isUnionTypeNode(type)) return type.types.some((part) => namesStream(part, reader));
  if (!ts.isTypeReferenceNode(type)) return false;
  return STREAM_TYPE.test(ts.isIdentifier(type.typeName) ? reader.exportedName(type.typeName) : type.typeName.right.text);
}

function isTestedAsStream({ parent }: TypeScript.Identifier, reader: FileReader): boolean {
  return ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword && ts.isIdentifier(parent.right) && /^(?:Readable|Stream|PassThrough|Duplex|ReadStream)$/.test(reader.exportedName(parent.right));
}

// Inside `new Promise((resolve, reject) => …)`, which nothing settles when the source fails.
function isInExecutor(node: TypeScript.Node, reader: FileReader): boolean {
  const made = executorAround(node);
  const entity = made && reader.resolve(made.expression);
  return entity?.kind === 'global' && entity.name === 'Promise';
}

// The `new` whose first argument is the innermost function around a node.
function executorAround(node: TypeScript.Node): TypeScript.NewExpression | undefined {
  for (let at = node; at.parent; at = at.parent) {
    if (isFunctionNode(at)) return ts.isNewExpression(at.parent) && at.parent.arguments?.[0] === at ? at.parent : undefined;
  }
  return undefined;
}

// `source.on('error', …)`, or the source handed to a function that may listen.
function isListenedOrGiven(use: TypeScript.Identifier): boolean {
  const parent = use.parent;
  if (ts.isCallExpression(parent) && parent.arguments.some((argument) => argument === use)) return calledName(parent) !== 'pipe';
  if (!ts.isPropertyAccessExpression(parent) || !LISTENS.has(memberName(parent) ?? '') || !ts.isCallExpression(parent.parent)) return false;
  const event = parent.parent.arguments[0];
  return event !== undefined && (!ts.isStringLiteralLike(event) || event.text === 'error');
}
