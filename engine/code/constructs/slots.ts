// Callbacks handed over: async ones whose promise may be ignored, routes, and the contexts that their functions run in.

import type { LibraryEntry } from '../../../catalog/schema';
import type { AckFact, AsyncSlotFact, ConsumerFact, RouteFact } from '../construct-facts';
import type { Entity } from '../values';
import type { Collector, FileReader } from '../file-reader';
import { calledName, calleeOf, memberName, propertyName, strip, type FunctionNode } from '../syntax';
import { ts, type TypeScript } from '../typescript';
import { promiseOf, type Callback } from './callback';
import { placeOf } from './callee';
import { ackFacts } from './acks';
import { consumerFact, methodConsumer } from './consumers';
import { isForDevelopment } from './development';
import { healthAnswer } from './health-answer';
import { functionMark, nodeSpan } from './marks';
import { constructNames } from './names';
import { contextOf, pathOf, registrationsOf, type Call, type Registered, type Registration } from './registrations';
import { isHealthPath, joinPaths } from './health-path';

const MOUNTS: ReadonlySet<string> = new Set(['get', 'head', 'all', 'any', 'use', 'route', 'register', 'mount', 'addRoute', 'add', 'handle']);

/** Collects `asyncSlots`, `routes`, `consumers` and `acks`, and registers contexts. */
export function slots(reader: FileReader): Collector {
  const asyncSlots: AsyncSlotFact[] = [];
  const routes: RouteFact[] = [];
  const consumers: ConsumerFact[] = [];
  const acks: AckFact[] = [];

  function register(registered: Registered, call: Call): void {
    if (isForDevelopment(call, reader)) return;
    for (const one of registered.list) {
      const context = contextOf(one, registered.method);
      const route = one.route && `${one.route.method} ${one.route.path}`;
      if (context && one.callback.id >= 0) reader.addContext(one.callback.id, context, route);
      if (one.route) {
        const fact = routeFact(one.route.method, one.route.path, nodeSpan(call, reader.sourceFile), one.callback.id);
        routes.push(fact.isHealth ? healthRoute(fact, call.arguments?.[0], one.callback.node, reader) : fact);
      }
      if (one.consumer) {
        acks.push(...ackFacts(consumers.length, one.callback.node, one.consumer, reader));
        consumers.push(consumerFact(call, registered.entity, one.callback, one.consumer, reader));
      }
      const slot = slotFact(registered, one, call, reader);
      if (slot) asyncSlots.push(slot);
    }
  }

  // `@Process()` above a method, `process` of a class that extends `WorkerHost`.
  function consume(method: TypeScript.MethodDeclaration, entity: Entity, decorator: TypeScript.CallExpression | undefined): void {
    const id = reader.functionId(method);
    const place = placeOf(entity, reader);
    const name = place?.path.join('.') ?? '';
    const shape = place?.instance === '' ? place.library.consumers?.find((row) => row.on === '' && row.names.includes(name)) : undefined;
    if (id === undefined || !shape) return;
    reader.addContext(id, 'consumer');
    acks.push(...ackFacts(consumers.length, method, shape, reader));
    consumers.push(methodConsumer(method, entity, id, decorator, reader));
  }

  return {
    visit(node) {
      if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
        const registered = registrationsOf(node, reader);
        if (registered) register(registered, node);
        if (ts.isCallExpression(node) && !registered?.list.some(({ route }) => route)) mountedPath(node, routes, reader);
        return;
      }
      if (!ts.isMethodDeclaration(node)) return;
      decorated(node, routes, reader, (entity, decorator) => consume(node, entity, decorator));
      const inherited = inheritedFrom(node, reader);
      if (inherited) consume(node, inherited, undefined);
    },
    finish: () => ({ asyncSlots, routes, consumers, acks }),
  };
}

function routeFact(method: string, path: string, span: RouteFact['span'], handler: number): RouteFact {
  return { method, path, span, handler, isHealth: isHealthPath(path), awaits: [] };
}

function healthRoute(fact: RouteFact, mark: TypeScript.Node | undefined, handler: FunctionNode | undefined, reader: FileReader): RouteFact {
  return { ...fact, ...(mark ? { mark: nodeSpan(mark, reader.sourceFile) } : {}), ...(handler ? { health: healthAnswer(handler, reader) } : {}) };
}

// `app.use('/healthz', health.router)`, `app.get('/healthz', controller.health())`: the path is what counts.
function mountedPath(call: TypeScript.CallExpression, routes: RouteFact[], reader: FileReader): void {
  const path = pathOf(call.arguments[0]);
  const method = memberName(strip(call.expression, false));
  if (path === undefined || method === undefined || !MOUNTS.has(method) || call.arguments.length < 2 || !isHealthPath(path)) return;
  routes.push(routeFact(method === 'use' ? 'ANY' : method.toUpperCase(), path, nodeSpan(call, reader.sourceFile), -1));
}

function slotFact(registered: Registered, one: Registration, call: Call, reader: FileReader): AsyncSlotFact | undefined {
  const { callback } = one;
  const { isAsync, returned } = promiseOf(callback.node);
  const entity = returned && reader.resolve(calleeOf(returned));
  const isPromise = returned && entity && (entity.kind === 'function' || entity.kind === 'project' || entity.kind === 'typed-project' || reader.callIndex(returned) !== undefined);
  if (!isAsync && !isPromise && !callback.target) return undefined;
  return {
    entity: registered.entity,
    method: registered.method,
    ...(registered.event === undefined ? {} : { event: registered.event }),
    argument: one.argument,
    slot: one.slot,
    callback: callback.id,
    mark: markOf(callback, reader),
    span: nodeSpan(call, reader.sourceFile),
    ...(callback.wrapper ? { wrapper: callback.wrapper.entity, wrapperName: callback.wrapper.name } : {}),
    ...(callback.target ? { target: callback.target, ...registeredAs(registered, one) } : {}),
    ...(isPromise ? { returns: entity, returnsText: calledName(returned) ?? '' } : {}),
    ...optionNames(call),
    function: reader.functionOf(call),
    parameters: callback.node ? callback.node.parameters.length : -1,
  };
}

function registeredAs(registered: Registered, one: Registration): Pick<AsyncSlotFact, 'context' | 'route'> {
  const context = contextOf(one, registered.method);
  return { ...(context === undefined ? {} : { context }), ...(one.route ? { route: `${one.route.method} ${one.route.path}` } : {}) };
}

function optionNames(call: Call): { options?: readonly string[] } {
  const names = (call.arguments ?? []).flatMap((argument) => (ts.isObjectLiteralExpression(argument) ? argument.properties.flatMap((member) => propertyName(member.name) ?? []) : []));
  return names.length === 0 ? {} : { options: names.slice(0, 30) };
}

function markOf(callback: Callback, reader: FileReader): AsyncSlotFact['mark'] {
  return callback.node && callback.mark === callback.node ? functionMark(callback.node, reader.sourceFile) : nodeSpan(callback.mark, reader.sourceFile);
}

// `@Get('/orders/:id')` above a method of `@Controller('/orders')`.
function decorated(node: TypeScript.MethodDeclaration, routes: RouteFact[], reader: FileReader, consume: (entity: Entity, decorator: TypeScript.CallExpression | undefined) => void): void {
  const id = reader.functionId(node);
  const decorators = ts.getDecorators(node);
  if (id === undefined || !decorators) return;
  const names = constructNames(reader.catalog).decorators;
  for (const decorator of decorators) {
    const call = strip(decorator.expression, false);
    const callee = ts.isCallExpression(call) ? call.expression : call;
    if (!ts.isIdentifier(callee) && !ts.isPropertyAccessExpression(callee)) continue;
    const name = ts.isIdentifier(callee) ? reader.exportedName(callee) : callee.name.text;
    if (!names.has(name)) continue;
    const entity = reader.resolve(callee);
    const known = decoratorOf(entity, reader);
    if (!known) continue;
    if (!known.route) {
      reader.addContext(id, known.kind);
      if (known.kind === 'consumer') consume(entity, ts.isCallExpression(call) ? call : undefined);
      continue;
    }
    const own = ts.isCallExpression(call) ? pathOf(call.arguments[0]) : undefined;
    const path = joinPaths(prefixOf(node.parent), own ?? '');
    const method = name === 'All' ? 'ANY' : name === 'Sse' ? 'GET' : name.toUpperCase();
    reader.addContext(id, known.kind, `${method} ${path}`);
    const fact = routeFact(method, path, nodeSpan(decorator, reader.sourceFile), id);
    routes.push(fact.isHealth ? healthRoute(fact, decorator, node, reader) : fact);
  }
}

// What a method is of the class that its own one extends: `WorkerHost.process`.
function inheritedFrom(node: TypeScript.MethodDeclaration, reader: FileReader): Entity | undefined {
  const name = propertyName(node.name);
  if (name === undefined || !constructNames(reader.catalog).inherited.has(name) || !ts.isClassLike(node.parent)) return undefined;
  const base = node.parent.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
  const entity = base && reader.resolve(base.expression);
  return entity?.kind === 'package' ? { ...entity, path: [...entity.path, name] } : undefined;
}

function decoratorOf(entity: Entity, reader: FileReader): NonNullable<LibraryEntry['decorators']>[number] | undefined {
  const place = placeOf(entity, reader);
  const name = place?.path.join('.') ?? '';
  return place?.library.decorators?.find((row) => row.names.includes(name));
}

// The path that the class's own decorator gives: `@Controller('orders')`, `@Controller({ path: 'orders' })`.
function prefixOf(owner: TypeScript.Node): string {
  if (!ts.isClassLike(owner)) return '';
  for (const decorator of ts.getDecorators(owner) ?? []) {
    const call = strip(decorator.expression, false);
    const first = ts.isCallExpression(call) ? call.arguments[0] : undefined;
    if (!first) continue;
    const direct = pathOf(first);
    if (direct !== undefined) return direct;
    if (!ts.isObjectLiteralExpression(first)) continue;
    for (const member of first.properties) if (ts.isPropertyAssignment(member) && propertyName(member.name) === 'path') return pathOf(member.initializer) ?? '';
  }
  return '';
}
