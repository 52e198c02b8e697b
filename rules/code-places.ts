// Small questions that several code rules ask of a linked file: where a function stands, which route it answers, which file of the package says what.

import type { LibraryRole } from '../catalog/schema';
import type { CodeProject, EntityResolver, LinkedFile, OutboundCall } from '../engine/code/project';
import type { Context } from '../engine/code/construct-facts';
import type { CallFact } from '../engine/code/facts';
import type { Entity } from '../engine/code/values';
import type { Location, Span } from '../engine/text';

/** A span of a file as a location. */
export function placeIn(file: LinkedFile, span: Span): Location {
  return { file: file.path, span };
}

/** Contexts of a function, those of the functions around it included. */
export function contextsOf(file: LinkedFile, id: number): ReadonlySet<Context> {
  const found = new Set<Context>();
  for (let at = id, hops = 0; at >= 0 && hops < 50; at = file.facts.functions[at]?.parent ?? -1, hops++) {
    for (const context of file.contexts[at] ?? file.facts.functions[at]?.contexts ?? []) found.add(context);
  }
  return found;
}

/** Whether a function runs for a request, a message, a timer or an event. */
export function runsOften(file: LinkedFile, id: number): boolean {
  const contexts = contextsOf(file, id);
  return contexts.has('handler') || contexts.has('consumer') || contexts.has('timer') || contexts.has('listener');
}

/** `POST /orders` where the function, or one around it, is that route's handler. */
export function routeOf(file: LinkedFile, id: number): string | undefined {
  for (let at = id, hops = 0; at >= 0 && hops < 50; at = file.facts.functions[at]?.parent ?? -1, hops++) {
    const route = file.facts.functions[at]?.route;
    if (route !== undefined) return route;
  }
  return undefined;
}

/** A name for a function in subjects of findings: its own, its route's, or that of the function around it. */
export function nameOfFunction(file: LinkedFile, id: number): string {
  for (let at = id, hops = 0; at >= 0 && hops < 50; at = file.facts.functions[at]?.parent ?? -1, hops++) {
    const fact = file.facts.functions[at];
    const name = fact?.route ?? fact?.name;
    if (name !== undefined) return name;
  }
  return 'module';
}

const byPackage = new WeakMap<CodeProject, Map<unknown, readonly LinkedFile[]>>();

/** Files of the same package that are part of the running program. Grouped once for each project. */
export function packageFiles(code: CodeProject, file: LinkedFile): readonly LinkedFile[] {
  let groups = byPackage.get(code);
  if (!groups) {
    groups = groupByPackage(code);
    byPackage.set(code, groups);
  }
  return groups.get(file.package) ?? [];
}

function groupByPackage(code: CodeProject): Map<unknown, readonly LinkedFile[]> {
  const groups = new Map<unknown, LinkedFile[]>();
  for (const file of code.files) {
    if (file.facts.role !== 'server') continue;
    const group = groups.get(file.package);
    if (group) group.push(file);
    else groups.set(file.package, [file]);
  }
  return groups;
}

const provided = new WeakMap<CodeProject, Map<unknown, ReadonlySet<string>>>();

/** Whether a file of the same package imports or calls something that provides this for the whole package (a drain, health routes, async errors). Worked out once for each package. */
export function packageProvides(code: CodeProject, file: LinkedFile, what: 'drain' | 'health' | 'async-errors', resolve: EntityResolver): boolean {
  let known = provided.get(code);
  if (!known) provided.set(code, (known = new Map<unknown, ReadonlySet<string>>()));
  let set = known.get(file.package);
  if (!set) known.set(file.package, (set = providedIn(packageFiles(code, file), resolve)));
  return set.has(what);
}

/** What the catalogued imports and calls of these files provide for the whole program. */
export function providedIn(files: readonly LinkedFile[], resolve: EntityResolver): ReadonlySet<string> {
  const found = new Set<string>();
  for (const file of files) {
    for (const { module, names } of file.facts.imports) {
      const resolved = resolve(file.path, { kind: 'package', package: module, path: [] });
      if (resolved.kind !== 'library') continue;
      for (const { what, path } of resolved.library.entry.provides ?? []) {
        if (path === '' || names.includes('*') || names.includes('default') || names.includes(path.split('.')[0] ?? '')) found.add(what);
      }
    }
    for (const client of file.clients) {
      for (const { what, path } of client.library.entry.provides ?? []) {
        const [instance, method] = path.split('.');
        if (instance === client.instance && method !== undefined && client.methods.has(method)) found.add(what);
      }
    }
  }
  return found;
}

const io = new WeakMap<CodeProject, Map<string, OutboundCall | undefined>>();

/** Whether calling an entity makes a catalogued call: itself, or the function that it is, at most three functions deep. */
export function reachesIo(file: LinkedFile, entity: Entity, code: CodeProject, resolve: EntityResolver): boolean {
  return ioOf(file, entity, code, resolve, 0) !== undefined || reachesRemote(file, entity, code, resolve, 0);
}

const remote = new WeakMap<CodeProject, Map<string, boolean>>();

// The same for methods that the catalogue does not list one by one.
function reachesRemote(file: LinkedFile, entity: Entity, code: CodeProject, resolve: EntityResolver, depth: number): boolean {
  if (isRemote(file, entity, resolve)) return true;
  const resolved = resolve(file.path, entity);
  const target = resolved.kind === 'function' ? fileAt(code, resolved.file) : undefined;
  if (!target || resolved.kind !== 'function' || depth > 2) return false;
  let known = remote.get(code);
  if (!known) remote.set(code, (known = new Map<string, boolean>()));
  const key = `${target.path}\0${resolved.id}\0${depth}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  known.set(key, false);
  const answer =
    target.facts.calls.some((call) => isWithin(target, call.function, resolved.id) && isRemote(target, call.entity, resolve)) ||
    (target.facts.functions[resolved.id]?.calls ?? []).slice(0, 20).some((called) => reachesRemote(target, called, code, resolve, depth + 1));
  known.set(key, answer);
  return answer;
}

const REMOTE: ReadonlySet<LibraryRole> = new Set<LibraryRole>(['http', 'rpc', 'smtp', 'sql', 'document', 'cache', 'search', 'object-store', 'queue', 'broker', 'cloud', 'sdk']);

/** Whether an entity is a method of a client of another process whose methods the catalogue does not list: `prisma.user.delete`. */
export function isRemote(file: LinkedFile, entity: Entity, resolve: EntityResolver): boolean {
  const resolved = resolve(file.path, entity);
  if (resolved.kind !== 'client' && resolved.kind !== 'instance') return false;
  const { entry } = resolved.kind === 'client' ? resolved.client.library : resolved.library;
  const instance = resolved.kind === 'client' ? resolved.client.instance : resolved.instance;
  const method = resolved.path.at(-1);
  if (method === undefined || /^\$?(?:on|once|off|emit|use|extends|connect)$/.test(method) || entry.close?.some((row) => row.method === method)) return false;
  if (entry.caches?.some(({ isLocal, failsOpen }) => isLocal === true || failsOpen === true)) return false;
  return REMOTE.has(entry.role) && entry.calls?.some(({ on }) => on === instance) !== true && entry.constructs?.some((row) => row.instance === instance && row.isLongLived === true) === true;
}

function ioOf(file: LinkedFile, entity: Entity, code: CodeProject, resolve: EntityResolver, depth: number): OutboundCall | undefined {
  if (depth > 2) return undefined;
  const resolved = resolve(file.path, entity);
  const target = resolved.kind === 'function' ? fileAt(code, resolved.file) : undefined;
  return target && resolved.kind === 'function' ? ioInside(target, resolved.id, code, resolve, depth) : undefined;
}

/** The first catalogued call that a function makes: itself, or by functions that it calls, three functions deep with it. Each function is asked once for each depth. */
export function ioInside(file: LinkedFile, id: number, code: CodeProject, resolve: EntityResolver, depth = 0): OutboundCall | undefined {
  let known = io.get(code);
  if (!known) io.set(code, (known = new Map<string, OutboundCall | undefined>()));
  const key = `${file.path}\0${id}\0${depth}`;
  if (known.has(key)) return known.get(key);
  known.set(key, undefined);
  const fact = file.facts.functions[id];
  let answer = fact && file.calls.find((call) => isWithin(file, call.fact.function, id));
  for (const called of answer ? [] : (fact?.calls.slice(0, 20) ?? [])) answer ??= ioOf(file, called, code, resolve, depth + 1);
  known.set(key, answer);
  return answer;
}

// A function and those written inside it.
function isWithin(file: LinkedFile, id: number, outer: number): boolean {
  for (let at = id, hops = 0; at >= 0 && hops < 50; at = file.facts.functions[at]?.parent ?? -1, hops++) if (at === outer) return true;
  return false;
}

const byPath = new WeakMap<CodeProject, ReadonlyMap<string, LinkedFile>>();

/** The linked file of a path. */
export function fileAt(code: CodeProject, path: string): LinkedFile | undefined {
  let known = byPath.get(code);
  if (!known) byPath.set(code, (known = new Map(code.files.map((file) => [file.path, file]))));
  return known.get(path);
}

/** A function that gives a promise, and the file it stands in. */
export interface AsyncFunction {
  readonly file: LinkedFile;
  readonly id: number;
}

/** The async function of the project that an entity is. */
export function asyncFunctionOf(file: LinkedFile, entity: Entity, code: CodeProject, resolve: EntityResolver): AsyncFunction | undefined {
  const resolved = resolve(file.path, entity);
  if (resolved.kind !== 'function') return undefined;
  const target = fileAt(code, resolved.file);
  return target?.facts.functions[resolved.id]?.isAsync === true ? { file: target, id: resolved.id } : undefined;
}

/** Whether an async function can reject: something in it is not caught, and is no function that catches everything itself. Follows at most four functions. */
export function canReject(target: AsyncFunction, code: CodeProject, resolve: EntityResolver, seen: ReadonlySet<string> = new Set()): boolean {
  const fact = target.file.facts.functions[target.id];
  if (!fact || fact.isGuarded) return false;
  if (!fact.unguarded || seen.size > 4) return true;
  const inside = new Set(seen).add(`${target.file.path}\0${target.id}`);
  return fact.unguarded.some((entity) => {
    const called = functionAt(target.file, entity, code, resolve);
    return !called || (!inside.has(`${called.file.path}\0${called.id}`) && canReject(called, code, resolve, inside));
  });
}

function functionAt(file: LinkedFile, entity: Entity, code: CodeProject, resolve: EntityResolver): AsyncFunction | undefined {
  const resolved = resolve(file.path, entity);
  const target = resolved.kind === 'function' ? fileAt(code, resolved.file) : undefined;
  return target && resolved.kind === 'function' ? { file: target, id: resolved.id } : undefined;
}

const outbound = new WeakMap<LinkedFile, ReadonlyMap<CallFact, OutboundCall>>();

/** The linked call of a call fact. Indexed once for each file. */
export function callOf(file: LinkedFile, fact: CallFact | undefined): OutboundCall | undefined {
  let known = outbound.get(file);
  if (!known) outbound.set(file, (known = new Map(file.calls.map((call) => [call.fact, call]))));
  return fact && known.get(fact);
}

const cli = new WeakMap<CodeProject, Map<unknown, boolean>>();

/** Whether a file is part of something that runs as a service: server code, and not a command-line program that serves nothing. */
export function runsAsService(code: CodeProject, file: LinkedFile): boolean {
  if (file.facts.role !== 'server') return false;
  if (file.package?.hasBin !== true) return true;
  let known = cli.get(code);
  if (!known) cli.set(code, (known = new Map<unknown, boolean>()));
  let serves = known.get(file.package);
  if (serves === undefined) known.set(file.package, (serves = packageFiles(code, file).some(({ facts }) => facts.servers.length + facts.consumers.length + facts.routes.length > 0)));
  return serves;
}

/** Names of a function and of those around it, innermost first. */
export function functionNames(file: LinkedFile, id: number): readonly string[] {
  const found: string[] = [];
  for (let at = id, hops = 0; at >= 0 && hops < 50; at = file.facts.functions[at]?.parent ?? -1, hops++) {
    const name = file.facts.functions[at]?.name;
    if (name !== undefined) found.push(name);
  }
  return found;
}
