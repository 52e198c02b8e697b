// Emitters that a library hands to a callback, as the socket of `server.on('connection', (socket) => …)`: who listens to them there.

import { LISTENS } from '../catalogued';
import type { HandedEmitterFact } from '../construct-facts';
import type { Collector, FileReader } from '../file-reader';
import { isFunctionNode, strip } from '../syntax';
import { ts, type TypeScript } from '../typescript';
import { nodeSpan } from './marks';

/** Methods of collections that keep an emitter without listening to it. */
const KEEPS: ReadonlySet<string> = new Set(['add', 'set', 'push', 'delete', 'has', 'get', 'includes', 'indexOf', 'log', 'info', 'debug', 'warn', 'error']);

/** Collects `handed`: parameters of function literals whose type has an `error` event that ends the process. */
export function handedEmitters(reader: FileReader): Collector {
  const found: HandedEmitterFact[] = [];
  return {
    visit(node) {
      if (!isFunctionNode(node) || !node.parent || !ts.isCallExpression(node.parent)) return;
      for (const parameter of node.parameters) {
        const name = parameter.name;
        if (!ts.isIdentifier(name) || parameter.type) continue;
        const binding = reader.lookup(name);
        if (!binding) continue;
        const entity = reader.resolve(name);
        if (entity.kind !== 'typed' || entity.path.length > 0) continue;
        const place = reader.catalogued(entity);
        if (!place || place.path.length > 0 || !place.library.errorEvents?.some((event) => event.on === place.instance && event.crashes)) continue;
        const uses = reader.references(binding);
        found.push({
          package: place.library.package,
          instance: place.instance,
          name: name.text,
          mark: nodeSpan(name, reader.sourceFile),
          callback: nodeSpan(node, reader.sourceFile),
          function: reader.functionId(node) ?? -1,
          listeners: uses.flatMap((use) => eventOf(use) ?? []),
          isOutOfSight: uses.some(escapes),
        });
      }
    },
    finish: () => ({ handed: found }),
  };
}

// `socket.on('error', …)`, `socket.onerror = …`, `socket.addEventListener('error', …)`
function eventOf(use: TypeScript.Identifier): string | undefined {
  const access = use.parent;
  if (!ts.isPropertyAccessExpression(access) || access.expression !== use) return undefined;
  const name = access.name.text;
  if (ts.isBinaryExpression(access.parent) && access.parent.left === access) return name.startsWith('on') ? name.slice(2) : undefined;
  if (!ts.isCallExpression(access.parent) || !(LISTENS.has(name) || name === 'addEventListener')) return undefined;
  return chainOf(access.parent).find((event) => event === 'error') ?? chainOf(access.parent)[0];
}

// Events of `.on('message', f).on('error', g)`, the first call given.
function chainOf(first: TypeScript.CallExpression): string[] {
  const events: string[] = [];
  let call: TypeScript.Node = first;
  for (let hops = 0; hops < 20 && ts.isCallExpression(call); hops++) {
    const event = call.arguments[0];
    if (event && ts.isStringLiteralLike(event)) events.push(event.text);
    const access: TypeScript.Node = call.parent;
    if (!ts.isPropertyAccessExpression(access) || access.expression !== call) break;
    call = access.parent;
  }
  return events;
}

// Given to code that may listen to it: a function, a constructor, another name.
function escapes(use: TypeScript.Identifier): boolean {
  const { parent } = use;
  if (ts.isPropertyAccessExpression(parent)) return false;
  if (ts.isCallExpression(parent) && parent.arguments.includes(use)) {
    const callee = strip(parent.expression, false);
    return !ts.isPropertyAccessExpression(callee) || !KEEPS.has(callee.name.text);
  }
  return !(ts.isBinaryExpression(parent) && parent.operatorToken.kind !== ts.SyntaxKind.EqualsToken) && !ts.isExpressionStatement(parent) && !ts.isTypeOfExpression(parent) && !ts.isIfStatement(parent);
}
