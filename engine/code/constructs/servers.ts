// Where a process begins to serve: servers that listen, workers and consumers that run.

import type { ServerShape } from '../../../catalog/schema';
import type { Catalogued } from '../catalogued';
import type { RouteFact, ServerFact } from '../construct-facts';
import type { Collector, FileReader } from '../file-reader';
import { argumentsOf, calledName, calleeOf } from '../syntax';
import { ts, type TypeScript } from '../typescript';
import { placeOf } from './callee';
import { isForDevelopment } from './development';
import { isHealthPath } from './health-path';
import { calleeMark, nodeSpan } from './marks';
import { constructNames } from './names';

/** Collects `servers`, and routes that are asked for by hand: `if (request.url === '/healthz')`. */
export function servers(reader: FileReader): Collector {
  const names = constructNames(reader.catalog).listen;
  const found: ServerFact[] = [];
  const routes: RouteFact[] = [];
  return {
    visit(node) {
      if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
        const fact = serverFact(node, names, reader);
        if (fact) found.push(fact);
        return;
      }
      const path = comparedPath(node);
      if (path !== undefined && isHealthPath(path)) routes.push({ method: 'ANY', path, span: nodeSpan(node, reader.sourceFile), handler: -1, isHealth: true, awaits: [] });
    },
    finish: () => ({ servers: found, routes: [...routes, ...fileRoutes(reader)] }),
  };
}

function serverFact(node: TypeScript.CallExpression | TypeScript.NewExpression, names: ReadonlySet<string>, reader: FileReader): ServerFact | undefined {
  const method = calledName(node) ?? '';
  const isListen = names.has(method);
  if (!isListen && !ts.isNewExpression(node) && !ts.isIdentifier(node.expression)) return undefined;
  const entity = reader.resolve(calleeOf(node));
  const place = placeOf(entity, reader);
  const shape = place && shapeOf(place, node, reader);
  if (place && shape) return make(node, shape, place, entity, reader);
  // The application comes from another file: the link resolves it, or its name and the port tell.
  const leadsOut = entity.kind === 'project' || entity.kind === 'typed-project' || (entity.kind === 'result' && entity.of.kind === 'project') || entity.kind === 'parameter';
  if (place || !leadsOut || method !== 'listen' || !ts.isCallExpression(node)) return undefined;
  return make(node, { protocol: 'http' }, undefined, entity, reader);
}

function shapeOf(place: Catalogued, node: TypeScript.CallExpression | TypeScript.NewExpression, reader: FileReader): ServerShape | undefined {
  const name = place.path.join('.');
  for (const shape of place.library.servers ?? []) {
    if (shape.on === place.instance && name !== '' && shape.listen.includes(name) && (name !== 'on' || isMessage(node))) return shape;
    // A construct that listens by itself: `new Worker(name, run)`.
    if (shape.listen.includes('') && reader.clientIndex(node) !== undefined && makes(place, shape.on)) return shape;
  }
  return undefined;
}

function makes(place: Catalogued, instance: string): boolean {
  const name = place.path.join('.');
  return place.library.constructs?.some((row) => row.instance === instance && (row.from ?? '') === place.instance && row.make.includes(name)) ?? false;
}

function isMessage(node: TypeScript.CallExpression | TypeScript.NewExpression): boolean {
  const first = argumentsOf(node)[0];
  return first !== undefined && ts.isStringLiteralLike(first) && first.text === 'message';
}

function make(node: TypeScript.CallExpression | TypeScript.NewExpression, shape: Pick<ServerShape, 'protocol' | 'closeOf' | 'drain' | 'drainBefore'>, place: Catalogued | undefined, entity: ServerFact['entity'], reader: FileReader): ServerFact {
  const receiver = ts.isPropertyAccessExpression(node.expression) ? node.expression.expression : undefined;
  const bound = reader.nameOf(node)?.text ?? simpleName(assignedTo(node));
  const onReceiver = receiver && isSimple(receiver) ? receiver.getText(reader.sourceFile) : undefined;
  const serverName = shape.closeOf === 'result' || !receiver ? bound : (onReceiver ?? bound);
  const port = portOf(node, reader);
  return {
    kind: shape.protocol === 'queue' ? 'worker' : 'listen',
    entity,
    span: nodeSpan(node, reader.sourceFile),
    callee: calleeMark(node, reader.sourceFile),
    protocol: shape.protocol,
    library: place?.library.package ?? '',
    ...(serverName === undefined ? {} : { serverName }),
    ...(port === undefined ? {} : { port }),
    function: reader.functionOf(node),
    isConditional: isForDevelopment(node, reader),
    ...(isLoopback(node, reader) ? { isLoopback: true } : {}),
    ...(onReceiver === undefined ? {} : { receiverName: onReceiver }),
    isStatement: ts.isExpressionStatement(node.parent) || (ts.isAwaitExpression(node.parent) && ts.isExpressionStatement(node.parent.parent)),
  };
}

function isSimple(node: TypeScript.Expression): boolean {
  return ts.isIdentifier(node) || (ts.isPropertyAccessExpression(node) && node.expression.kind === ts.SyntaxKind.ThisKeyword);
}

function assignedTo(node: TypeScript.Node): TypeScript.Node | undefined {
  const parent = ts.isAwaitExpression(node.parent) ? node.parent.parent : node.parent;
  if (ts.isVariableDeclaration(parent)) return parent.name;
  return ts.isBinaryExpression(parent) ? parent.left : undefined;
}

function simpleName(node: TypeScript.Node | undefined): string | undefined {
  return node && ts.isIdentifier(node) ? node.text : undefined;
}

function portOf(node: TypeScript.CallExpression | TypeScript.NewExpression, reader: FileReader): ServerFact['port'] {
  const first = argumentsOf(node)[0];
  if (!first) return undefined;
  const value = reader.fold(first);
  if (value.kind === 'object') return value.entries.find(({ key }) => key === 'port')?.value;
  return value.kind === 'function' ? undefined : value;
}

const LOOPBACK = /^(?:127\.0\.0\.1|localhost|::1)$/;

// `server.listen(3000, '127.0.0.1')`, `app.listen({ port: 3000, host: 'localhost' })`
function isLoopback(node: TypeScript.CallExpression | TypeScript.NewExpression, reader: FileReader): boolean {
  return argumentsOf(node).slice(0, 3).some((argument) => {
    const value = reader.fold(argument);
    const host = value.kind === 'object' ? value.entries.findLast(({ key }) => key === 'host' || key === 'hostname')?.value : value;
    return host?.kind === 'string' && LOOPBACK.test(host.value);
  });
}

// `request.url === '/healthz'`, `case '/healthz':`
function comparedPath(node: TypeScript.Node): string | undefined {
  if (ts.isCaseClause(node)) return ts.isStringLiteralLike(node.expression) && node.expression.text.startsWith('/') ? node.expression.text : undefined;
  if (!ts.isBinaryExpression(node)) return undefined;
  const kind = node.operatorToken.kind;
  if (kind !== ts.SyntaxKind.EqualsEqualsEqualsToken && kind !== ts.SyntaxKind.EqualsEqualsToken) return undefined;
  const literal = [node.left, node.right].find((side) => ts.isStringLiteralLike(side));
  return literal && ts.isStringLiteralLike(literal) && literal.text.startsWith('/') ? literal.text : undefined;
}

const FILE_ROUTE = /(?:^|\/)(?:(?:src\/)?(?:pages|app|routes)|server\/(?:api|routes))\/((?:[^/]+\/)*[^/]+)\.[cm]?[jt]sx?$/;

// A file that is a route by its place: `pages/api/health.ts`, `app/healthz/route.ts`, `routes/health/+server.ts`, `server/api/health.get.ts`.
function fileRoutes(reader: FileReader): RouteFact[] {
  if (reader.path.length > 400) return [];
  const place = FILE_ROUTE.exec(reader.path)?.[1];
  if (place === undefined) return [];
  const path = `/${place.replace(/(?:^|\/)(?:route|\+server|index|\+page\.server)$/, '').replace(/\.(?:get|post|all|head)$/, '').replace(/\/?\([^/]*\)/g, '')}`;
  // Flat routes: `routes/api+/health.ts`, `routes/api.health.ts`.
  const isHealth = isHealthPath(path) || isHealthPath(path.replace(/\+?[/.]/g, '/'));
  if (!isHealth || !exportsHandler(reader)) return [];
  return [{ method: 'GET', path, span: [0, 0], handler: -1, isHealth: true, awaits: [] }];
}

function exportsHandler(reader: FileReader): boolean {
  return reader.sourceFile.statements.some((statement) => {
    if (ts.isExportAssignment(statement)) return true;
    return ts.canHaveModifiers(statement) && (ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false);
  });
}
