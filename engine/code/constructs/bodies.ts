// Bodies of requests: collected by hand, piece by piece, or by a parser with an option that limits them.

import { LISTENS } from '../catalogued';
import type { BodyFact } from '../construct-facts';
import type { Collector, FileReader } from '../file-reader';
import { argumentsOf, calledName, calleeOf, isFunctionNode, strip, type FunctionNode } from '../syntax';
import { ts, type TypeScript } from '../typescript';
import { placeOf } from './callee';
import { calleeMark, keywordMark, nodeSpan } from './marks';
import { constructNames } from './names';

const REQUEST = /^_?(req|request|incoming)$/i;
const RESPONSE = /^_?(res|response|reply)$/i;
const CHECKS = /length|limit|max|size|413|destroy|content-length|byteLength/i;

/** Collects `bodies`. */
export function bodies(reader: FileReader): Collector {
  const names = constructNames(reader.catalog).bodies;
  const found: BodyFact[] = [];
  return {
    visit(node) {
      if (ts.isForOfStatement(node) && node.awaitModifier) {
        const source = strip(node.expression, false);
        if (isRequest(source, reader) && collects(node.statement) && !isChecked(node, reader)) found.push(rawFact(node, keywordMark(node, reader.sourceFile), reader));
      } else if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
        const raw = ts.isCallExpression(node) ? rawListener(node, reader) : undefined;
        if (raw) found.push(raw);
        else if (names.has(calledName(node) ?? '') || ts.isIdentifier(node.expression)) {
          const parser = parserFact(node, reader);
          if (parser) found.push(parser);
        }
      }
    },
    finish: () => ({ bodies: found }),
  };
}

function rawFact(node: TypeScript.Node, mark: BodyFact['mark'], reader: FileReader): BodyFact {
  return { form: 'raw', mark, span: nodeSpan(node, reader.sourceFile), entity: { kind: 'unknown' }, arguments: [], calleeText: '', function: reader.functionOf(node) };
}

// `request.on('data', (chunk) => { body += chunk; })`
function rawListener(node: TypeScript.CallExpression, reader: FileReader): BodyFact | undefined {
  const callee = strip(node.expression, false);
  const [event, listener] = node.arguments;
  if (!ts.isPropertyAccessExpression(callee) || !LISTENS.has(callee.name.text) || !event || !listener || !ts.isStringLiteralLike(event) || event.text !== 'data') return undefined;
  if (!isRequest(strip(callee.expression, false), reader) || !collects(listener) || isChecked(node, reader)) return undefined;
  return rawFact(node, calleeMark(node, reader.sourceFile), reader);
}

// A request of a server: the first of two parameters `(request, response)`, or a declared type that says so.
function isRequest(node: TypeScript.Expression, reader: FileReader): boolean {
  if (!ts.isIdentifier(node)) return false;
  const entity = reader.resolve(node);
  if (entity.kind === 'typed') return /^(IncomingMessage|NextApiRequest|FastifyRequest|Request)$/.test(entity.type.at(-1) ?? '') && REQUEST.test(node.text);
  if (entity.kind !== 'parameter' || !REQUEST.test(node.text)) return false;
  const owner = reader.functionNode(entity.function)?.parameters ?? [];
  // `({ req, res, user }) => …` of a wrapper of the project
  const pattern = owner[entity.index]?.name;
  if (entity.path.length > 0) return pattern !== undefined && ts.isObjectBindingPattern(pattern) && pattern.elements.some(({ name }) => ts.isIdentifier(name) && RESPONSE.test(name.text));
  // A helper that is given nothing but the request: `readBody(req)`.
  if (owner.length === 1 && owner[0]?.type === undefined) return true;
  const second = owner[1]?.name;
  return entity.index === 0 && second !== undefined && ts.isIdentifier(second) && RESPONSE.test(second.text);
}

function collects(root: TypeScript.Node): boolean {
  let found = false;
  const visit = (node: TypeScript.Node): void => {
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusEqualsToken) found = true;
    if (ts.isCallExpression(node) && /^(push|concat)$/.test(calledName(node) ?? '')) found = true;
    if (!found) ts.forEachChild(node, visit);
  };
  visit(root);
  return found;
}

// Something around it looks at sizes: what it does with them is not worked out.
function isChecked(node: TypeScript.Node, reader: FileReader): boolean {
  let owner: FunctionNode | undefined;
  for (let at: TypeScript.Node = node; at.parent && !owner; at = at.parent) if (isFunctionNode(at.parent)) owner = at.parent;
  const text = (owner ?? reader.sourceFile).getText(reader.sourceFile).slice(0, 5_000);
  return CHECKS.test(text.replace(/\.length\b\s*[;,)]/g, ''));
}

function parserFact(node: TypeScript.CallExpression | TypeScript.NewExpression, reader: FileReader): BodyFact | undefined {
  const entity = reader.resolve(calleeOf(node));
  if (entity.kind !== 'package') return undefined;
  const place = placeOf(entity, reader);
  const path = place?.path.join('.') ?? '';
  const row = place?.instance === '' ? place.library.bodies?.find((candidate) => candidate.of.includes(path)) : undefined;
  const stream = row?.request === undefined ? undefined : argumentsOf(node)[row.request];
  if (!row || (row.request !== undefined && !(stream && isRequest(strip(stream, false), reader)))) return undefined;
  return {
    form: 'parser',
    mark: calleeMark(node, reader.sourceFile),
    span: nodeSpan(node, reader.sourceFile),
    entity,
    arguments: argumentsOf(node).map((argument) => reader.fold(argument)),
    calleeText: reader.calleeText(node),
    function: reader.functionOf(node),
  };
}
