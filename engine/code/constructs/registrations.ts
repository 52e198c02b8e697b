// What a call registers its callbacks as: handler of a route, consumer of messages, timer, listener, or something that only calls them.

import type { CallbackSlot, ConsumerShape } from '../../../catalog/schema';
import { LISTENS, type Catalogued } from '../catalogued';
import type { AsyncSlotFact, Context } from '../construct-facts';
import type { Entity } from '../values';
import type { FileReader } from '../file-reader';
import { argumentsOf, calledName, calleeOf, memberName, propertyName, strip } from '../syntax';
import { ts, type TypeScript } from '../typescript';
import { callbacksOf, literalOf, methodOf, optionOf, type Callback } from './callback';
import { leadsOut, placeOf, serverOf } from './callee';
import { constructNames } from './names';

export type Call = TypeScript.CallExpression | TypeScript.NewExpression;

export interface Registration {
  readonly slot: AsyncSlotFact['slot'];
  readonly callback: Callback;
  readonly argument: number;
  /** `POST /orders` */
  readonly route?: { readonly method: string; readonly path: string };
  readonly consumer?: ConsumerShape;
}

export interface Registered {
  readonly entity: Entity;
  readonly method: string;
  readonly event?: string;
  readonly place: Catalogued | undefined;
  readonly list: readonly Registration[];
}

const VERBS: ReadonlySet<string> = new Set(['get', 'post', 'put', 'patch', 'delete', 'del', 'head', 'options', 'all']);
const ITERATES: ReadonlySet<string> = new Set(['forEach']);

/** Callbacks that a call registers; undefined where it takes none that matter. */
export function registrationsOf(call: Call, reader: FileReader): Registered | undefined {
  const given = argumentsOf(call);
  if (given.length === 0 || !given.some(mayHoldCallback)) return undefined;
  const method = calledName(call) ?? '';
  const entity = reader.resolve(calleeOf(call));
  const event = given[0] && ts.isStringLiteralLike(given[0]) ? given[0].text : undefined;
  const place = placeOf(entity, reader);
  const list = place ? catalogued(place, method, event, given, reader) : undefined;
  const all = list ?? byShape(call, entity, method, event, given, reader);
  if (all.length === 0) return undefined;
  return { entity, method, ...(event === undefined ? {} : { event }), place, list: all };
}

function mayHoldCallback(argument: TypeScript.Expression): boolean {
  switch (argument.kind) {
    case ts.SyntaxKind.StringLiteral:
    case ts.SyntaxKind.NoSubstitutionTemplateLiteral:
    case ts.SyntaxKind.NumericLiteral:
    case ts.SyntaxKind.TemplateExpression:
    case ts.SyntaxKind.TrueKeyword:
    case ts.SyntaxKind.FalseKeyword:
      return false;
    default:
      return true;
  }
}

// Undefined = the catalogue says nothing of this method.
function catalogued(place: Catalogued, method: string, event: string | undefined, given: readonly TypeScript.Expression[], reader: FileReader): readonly Registration[] | undefined {
  const name = place.path.join('.');
  const consumer = place.library.consumers?.find((row) => row.on === place.instance && row.names.includes(name) && (row.event === undefined || row.event === event) && handlerExists(row, given, reader));
  if (consumer) return at(consumer.handler, given, reader).map((found) => ({ ...found, slot: 'consumer' as const, consumer }));
  const slots = place.library.slots?.filter((row) => row.on === place.instance && row.names.includes(name)) ?? [];
  const slot = slots.find((row) => row.event !== undefined && row.event === event) ?? slots.find((row) => row.event === undefined);
  const server = place.path.length === 1 ? serverOf(place.library, place.instance) : undefined;
  if (slot) return at(slot.handler, given, reader).map((found) => ({ ...found, slot: slotKind(slot) }));
  if (!server) return undefined;
  if (server.routes?.includes(method)) return routeCallbacks(method, given, reader);
  if (server.routeObjects?.includes(method)) return given.slice(0, 1).flatMap((argument) => routeObjects(argument, reader));
  if (server.routeTables?.includes(method)) return given.slice(1, 2).flatMap((argument) => routeTable(argument, reader));
  return undefined;
}

function slotKind(slot: CallbackSlot): Registration['slot'] {
  return slot.kind;
}

function handlerExists(row: ConsumerShape, given: readonly TypeScript.Expression[], reader: FileReader): boolean {
  return typeof row.handler === 'number' || at(row.handler, given, reader).length > 0;
}

// Callbacks at an argument index, at the last argument, or in an option of the options object.
function at(handler: number | string, given: readonly TypeScript.Expression[], reader: FileReader): readonly { callback: Callback; argument: number }[] {
  if (typeof handler === 'number' || handler === 'last') {
    const argument = handler === 'last' ? given.length - 1 : handler;
    const node = given[argument];
    return node ? callbacksOf(node, reader).map((callback) => ({ callback, argument })) : [];
  }
  return given.flatMap((node, argument) => {
    const method = methodOf(node, handler, reader);
    if (method) return [{ argument, callback: { id: reader.functionId(method) ?? -1, node: method, mark: method } }];
    const option = optionOf(node, handler, reader);
    return option ? callbacksOf(option, reader).map((callback) => ({ callback, argument })) : [];
  });
}

function routeCallbacks(method: string, given: readonly TypeScript.Expression[], reader: FileReader): readonly Registration[] {
  const path = pathOf(given[0]);
  const verb = VERBS.has(method) ? (method === 'all' ? 'ANY' : method === 'del' ? 'DELETE' : method.toUpperCase()) : undefined;
  const found = given.flatMap((node, argument) => callbacksOf(node, reader).map((callback): Registration => ({ slot: 'handler', callback, argument })));
  return found.map((one) => (verb && path !== undefined ? { ...one, route: { method: verb, path } } : one));
}

/** A route's path where it is written out: a string, or the text of a template with `${…}` as `:x`. */
export function pathOf(node: TypeScript.Expression | undefined): string | undefined {
  if (!node) return undefined;
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) return node.head.text + node.templateSpans.map((span) => span.literal.text).join('');
  return undefined;
}

// `server.route({ method: 'GET', path: '/x', handler })`, also as an array of them.
function routeObjects(argument: TypeScript.Expression, reader: FileReader): readonly Registration[] {
  const node = strip(argument, false);
  const objects = ts.isArrayLiteralExpression(node) ? [...node.elements] : [node];
  return objects.slice(0, 200).flatMap((object) => {
    const path = pathOf(optionOf(object, 'path', reader) ?? optionOf(object, 'url', reader));
    const verb = pathOf(optionOf(object, 'method', reader))?.toUpperCase() ?? 'ANY';
    const method = methodOf(object, 'handler', reader);
    const written = method ? [{ id: reader.functionId(method) ?? -1, node: method, mark: method }] : undefined;
    const option = optionOf(object, 'handler', reader) ?? optionOf(object, 'options.handler', reader);
    const callbacks = written ?? (option ? callbacksOf(option, reader) : []);
    return callbacks.map((callback): Registration => ({ slot: 'handler', callback, argument: 0, ...(path === undefined ? {} : { route: { method: verb, path } }) }));
  });
}

// `server.addService(definition, { charge, refund: async (call, callback) => … })`
function routeTable(argument: TypeScript.Expression, reader: FileReader): readonly Registration[] {
  const table = literalOf(argument, reader);
  if (!table) return [];
  return table.properties.flatMap((member) => {
    const name = propertyName(member.name) ?? '';
    const route = { method: 'RPC', path: name };
    if (ts.isMethodDeclaration(member)) return [{ slot: 'handler' as const, argument: 1, route, callback: { id: reader.functionId(member) ?? -1, node: member, mark: member } }];
    const value = ts.isPropertyAssignment(member) ? member.initializer : ts.isShorthandPropertyAssignment(member) ? member.name : undefined;
    return value ? callbacksOf(value, reader).map((callback) => ({ slot: 'handler' as const, argument: 1, route, callback })) : [];
  });
}

// What the language or the shape of a call tells where the receiver leads out of this file: the link resolves it, or it stays of use for contexts only.
function byShape(call: Call, entity: Entity, method: string, event: string | undefined, given: readonly TypeScript.Expression[], reader: FileReader): readonly Registration[] {
  if (ts.isNewExpression(call)) return entity.kind === 'global' && entity.name === 'Promise' ? at(0, given, reader).map((found) => ({ ...found, slot: 'executor' as const })) : [];
  if (memberName(strip(call.expression, false)) === undefined) return [];
  const elsewhere = leadsOut(entity) ? consumersByName(method, event, given, reader) : [];
  if (elsewhere.length > 0) return elsewhere;
  if (ITERATES.has(method)) return entity.kind === 'package' ? [] : at(0, given, reader).map((found) => ({ ...found, slot: 'iteration' as const }));
  if (LISTENS.has(method) && event !== undefined) return at(1, given, reader).map((found) => ({ ...found, slot: isEmitter(entity, event, reader) ? ('listener' as const) : ('unknown' as const) }));
  // Whatever listens takes a callback for when it does, and no promise.
  if (method === 'listen' && entity.kind !== 'package') return at('last', given, reader).map((found) => ({ ...found, slot: 'callback' as const }));
  const path = pathOf(given[0]);
  const isRouteShape = (VERBS.has(method) && path !== undefined && (path.startsWith('/') || path === '*')) || (method === 'use' && entity.kind !== 'package');
  return isRouteShape ? routeCallbacks(method, given, reader).map((one) => ({ ...one, slot: 'unknown' as const })) : [];
}

// A queue or channel that another file exports or makes: a method of that name, with a handler where one of the catalogue has it. The link tells which it is.
function consumersByName(method: string, event: string | undefined, given: readonly TypeScript.Expression[], reader: FileReader): readonly Registration[] {
  for (const row of constructNames(reader.catalog).consumers.get(method) ?? []) {
    if (row.event !== event && row.event !== undefined) continue;
    const found = at(row.handler, given, reader).filter(({ callback }) => callback.id >= 0);
    if (found.length > 0) return found.map((one) => ({ ...one, slot: 'unknown' as const, consumer: row }));
  }
  return [];
}

// Only emitters that await nothing have connections and pieces of data; a parameter of a `connection` listener is such a socket.
function isEmitter(entity: Entity, event: string, reader: FileReader): boolean {
  if (event === 'connection' || event === 'data') return true;
  if (entity.kind !== 'parameter' || entity.index !== 0 || entity.path.length !== 1) return false;
  const owner = reader.functionNode(entity.function);
  const call = owner?.parent;
  if (!call || !ts.isCallExpression(call) || !LISTENS.has(calledName(call) ?? '')) return false;
  const name = call.arguments[0];
  return name !== undefined && ts.isStringLiteralLike(name) && name.text === 'connection';
}

/** The context that a registration puts its callback in; undefined = it only calls it. */
export function contextOf(registration: Registration, method: string): Context | undefined {
  switch (registration.slot) {
    case 'handler':
    case 'consumer':
    case 'timer':
    case 'listener':
      return registration.slot;
    case 'unknown':
      return registration.route ? 'handler' : LISTENS.has(method) ? 'listener' : undefined;
    default:
      return undefined;
  }
}
