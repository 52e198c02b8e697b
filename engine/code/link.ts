// Joins the facts of all code files: whose client a call is made on, with which options, in which context, and what bounds it.

import type { CompiledCatalog } from '../catalog';
import { argumentPlaces } from './link-places';
import { shapeAt } from './call-shapes';
import { commandPrograms } from './command-programs';
import { constructAt } from './catalogued';
import type { Context } from './construct-facts';
import type { CallFact, ClientFact, CodeFacts } from './facts';
import type { Value } from './values';
import { linkInfrastructure } from './infrastructure/link';
import { judge, type Case } from './judge';
import { linkContexts, type Contexts } from './link-contexts';
import { libraryDefaults } from './link-defaults';
import { entityLinker, placeOf } from './link-entities';
import { guardOfCall } from './link-guards';
import { importedFiles } from './link-imports';
import { assignOption, isWithoutHost, mergeOptions, resolveValue, targetOf } from './link-values';
import { wrapperCalls } from './link-wrappers';
import { moduleResolver } from './modules';
import type { PackageFacts } from './package-facts';
import { inPackage } from './package-role';
import { linkPackages, type Packages } from './packages';
import { recommendedPackages } from './recommended';
import type { CodeProject, EntityResolver, InstalledLibrary, LinkedClient, LinkedFile, OutboundCall, ResolvedEntity, Verdict } from './project';
import { installedLibrary } from './versions';

/** A client while it is linked: lists and verdict are filled in steps. */
type ClientDraft = { -readonly [K in keyof LinkedClient]: LinkedClient[K] } & { calls: OutboundCall[]; listeners: Set<string>; methods: Set<string> };

const UNJUDGED: Verdict = { kind: 'unknown', because: 'not judged' };

/** Joins the facts of all code files of a workspace. Linear in the facts. */
export function linkCode(files: readonly CodeFacts[], packages: readonly PackageFacts[], catalog: CompiledCatalog): { project: CodeProject; resolve: EntityResolver } {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const linkedPackages = linkPackages(packages);
  const libraries = libraryFinder(catalog, linkedPackages);
  const clients = new Map<string, (ClientDraft | undefined)[]>();
  let isReady = false;
  const sources = {
    catalog,
    files: byPath,
    resolveModule: moduleResolver(new Set(byPath.keys()), packages),
    library: libraries,
    isReady: () => isReady,
    client: (file: string, id: number): LinkedClient | undefined => clients.get(file)?.[id],
  };
  const linker = entityLinker(sources);
  const value = (file: string, given: Value): Value => resolveValue(linker.constant, file, given);
  const places = argumentPlaces(byPath, value);
  const defaults = libraryDefaults(files, linkedPackages, linker, places, value);

  for (const file of files) makeClients(file);
  isReady = true;
  const contexts = linkContexts(files, linker.resolve);
  for (const file of files) for (const client of clients.get(file.path) ?? []) if (client) client.options = optionsOfClient(client, 0);
  for (const file of files) hearListeners(file);

  const calls = new Map(files.map((file) => [file.path, file.calls.flatMap((fact) => outboundCall(file, fact) ?? [])]));
  for (const list of calls.values()) for (const call of list) if (call.client) clients.get(call.client.file)?.[call.client.fact.id]?.calls.push(call);
  for (const file of files) {
    for (const client of clients.get(file.path) ?? []) {
      if (!client) continue;
      client.verdict = judge(clientCase(client));
      client.contexts = contextsOf(contexts, client);
    }
  }
  const wrapped = wrapperCalls({ files, linker, calls, contexts, value, judge: judgeInside });
  for (const [call, { verdict, callers }] of wrapped.atWrappers) {
    const list = calls.get(call.file);
    list?.splice(list.indexOf(call), 1, { ...call, verdict, callers });
  }
  for (const [path, extra] of wrapped.atCallers) calls.get(path)?.push(...extra);

  const imports = new Map(files.map((file) => [file.path, importedFiles(file, sources.resolveModule)]));
  const commandFiles = commandPrograms(imports, linkedPackages.all);
  const imported = new Set([...imports.values()].flat());
  const linked = files.map((file): LinkedFile => ({
    path: file.path,
    facts: inPackage(file, linkedPackages.around(file.path)[0], commandFiles.has(file.path), imported.has(file.path)),
    package: linkedPackages.around(file.path)[0],
    imports: imports.get(file.path) ?? [],
    clients: (clients.get(file.path) ?? []).flatMap((client) => client ?? []),
    calls: calls.get(file.path) ?? [],
    contexts: file.functions.map((fact) => contexts.of(file.path, fact.id)),
  }));
  const resources = linkInfrastructure(files, {
    files: byPath,
    constant: linker.constant,
    resolveModule: sources.resolveModule,
    classOf: linker.classOf,
    functionOf: (file, entity) => {
      const resolved = linker.resolve(file, entity);
      return resolved.kind === 'function' ? resolved : undefined;
    },
    packageFolder: (file) => linkedPackages.around(file)[0]?.folder,
  });
  return { project: { files: linked, packages: linkedPackages.all, resources, recommended: recommendedPackages(catalog) }, resolve: linker.resolve };

  function makeClients(file: CodeFacts): void {
    const list: (ClientDraft | undefined)[] = [];
    clients.set(file.path, list);
    for (const fact of file.clients) list[fact.id] = makeClient(file, fact);
  }

  function makeClient(file: CodeFacts, fact: ClientFact): ClientDraft | undefined {
    const place = placeOf(linker.resolve(file.path, fact.entity));
    const construct = place && constructAt(place, fact.form === 'new');
    const resolved = linker.resolve(file.path, fact.entity);
    const library = libraryOf(resolved);
    if (!place || !construct || !library) return undefined;
    return {
      file: file.path, fact, library, construct, instance: construct.instance, options: { kind: 'unknown' }, verdict: UNJUDGED, calls: [],
      listeners: new Set(fact.listeners), methods: new Set(fact.methods), isOutOfSight: isOutOfSight(fact), contexts: new Set(),
    };
  }

  // Options of the argument, over those of the client it is made from, under later assignments.
  function optionsOfClient(client: ClientDraft, depth: number): Value {
    const own = places.options(client.file, client.fact.arguments, client.construct.options, client.construct.target);
    let options = own;
    const from = client.fact.from === undefined ? undefined : clients.get(client.file)?.[client.fact.from];
    if (client.construct.inherits && from && depth < 5) options = mergeOptions(optionsOfClient(from, depth + 1), own);
    for (const { path, value: given, span } of client.fact.assignments) {
      const parts = path.split('.');
      options = assignOption(options, parts[0] === 'defaults' || parts[0] === 'options' ? parts.slice(1) : parts, value(client.file, given), span);
    }
    return options;
  }

  // Methods and listeners that other files call on a client.
  function hearListeners(file: CodeFacts): void {
    for (const call of file.calls) {
      if (call.entity.kind === 'client') continue;
      const resolved = linker.resolve(file.path, call.entity);
      if (resolved.kind !== 'client') {
        listenThroughFunction(file, call, resolved);
        continue;
      }
      const draft = clients.get(resolved.client.file)?.[resolved.client.fact.id];
      const method = resolved.path[resolved.path.length - 1];
      if (!draft || method === undefined) continue;
      draft.methods.add(method);
      const event = call.arguments[0];
      if (/^(on|once|addListener|prependListener)$/.test(method) && event?.kind === 'string') draft.listeners.add(event.value);
    }
  }

  // `attachErrorHandler(pool)`
  function listenThroughFunction(file: CodeFacts, call: CallFact, resolved: ResolvedEntity): void {
    if (resolved.kind !== 'function') return;
    const listens = byPath.get(resolved.file)?.functions[resolved.id]?.listensParameters ?? [];
    for (const index of listens) {
      const given = call.arguments[index];
      if (given?.kind === 'client') clients.get(file.path)?.[given.client]?.listeners.add('error');
    }
  }

  function outboundCall(file: CodeFacts, fact: CallFact): OutboundCall | undefined {
    const resolved = linker.resolve(file.path, fact.entity);
    const place = placeOf(resolved);
    const library = libraryOf(resolved);
    const shape = place && shapeAt(place);
    if (!place || !library || !shape || makesLongLived(file, fact)) return undefined;
    const client = resolved.kind === 'client' ? resolved.client : undefined;
    const options = places.options(file.path, fact.arguments, shape.options, shape.target);
    const given = fact.arguments.map((argument) => value(file.path, argument));
    const target = targetOf(given, options, shape);
    if (shape.needsHost === true && isWithoutHost(target)) return undefined;
    const call: OutboundCall = {
      file: file.path, fact, library, shape, client, instance: place.instance, options, verdict: UNJUDGED,
      contexts: contexts.of(file.path, fact.function),
      route: contexts.routeOf(file.path, fact.function),
      target,
    };
    return { ...call, verdict: judge(callCase(call, place.path.join('.'), given, resolved.kind === 'instance')) };
  }

  // `connect()` makes a connection that lives on: the verdict is the client's, once.
  function makesLongLived(file: CodeFacts, fact: CallFact): boolean {
    const made = clients.get(file.path)?.find((client) => client?.fact.span[0] === fact.span[0] && client.fact.span[1] === fact.span[1]);
    return made?.construct.isLongLived === true;
  }

  // A library's call as one caller of the function around it makes it.
  function judgeInside(inside: OutboundCall, given: readonly Value[], caller: { readonly file: string; readonly fact: CallFact }): Verdict {
    const { library, shape, fact } = inside;
    const guard = guardOfCall(caller.file, caller.fact, library.entry, linker, byPath);
    const call = { ...inside, options: places.options(inside.file, given, shape.options, shape.target), target: undefined };
    const place = placeOf(linker.resolve(inside.file, fact.entity));
    const made = place ? callCase(call, place.path.join('.'), given, place.instance !== '' && inside.client === undefined) : undefined;
    return made ? judge(guard ? { ...made, guard } : made) : UNJUDGED;
  }

  function callCase(call: OutboundCall, method: string, given: readonly Value[], isHidden: boolean): Case {
    const at = { file: call.file, span: call.fact.callee };
    return {
      library: call.library, instance: call.instance, method, shape: call.shape, at, target: call.target,
      call: places.place(call.file, call.options),
      construct: call.client ? places.place(call.client.file, call.client.options) : isHidden ? undefined : places.place(call.file, { kind: 'object', entries: [], isOpen: false }),
      defaults: defaults(call.file, call.library.entry.package),
      chain: call.fact.chain, arguments: given, listeners: call.fact.listeners,
      guard: guardOfCall(call.file, call.fact, call.library.entry, linker, byPath),
    };
  }

  function clientCase(client: ClientDraft): Case {
    const at = { file: client.file, span: client.fact.callee };
    return {
      library: client.library, instance: client.instance, method: undefined, shape: undefined, at,
      target: targetOf(client.fact.arguments.map((argument) => value(client.file, argument)), client.options, client.construct),
      call: undefined, construct: places.place(client.file, client.options), defaults: defaults(client.file, client.library.entry.package),
      chain: [], arguments: client.fact.arguments, listeners: [], guard: undefined,
    };
  }
}

function libraryOf(resolved: ResolvedEntity): InstalledLibrary | undefined {
  return resolved.kind === 'client' ? resolved.client.library : resolved.kind === 'library' || resolved.kind === 'instance' ? resolved.library : undefined;
}

// A client that is returned, handed on or kept in a field that this file does not follow may be listened to there.
function isOutOfSight(fact: ClientFact): boolean {
  return fact.escapes.some((escape) => escape !== 'export');
}

// A client runs where it is made and where calls are made on it.
function contextsOf(contexts: Contexts, client: ClientDraft): ReadonlySet<Context> {
  const all = new Set<Context>(contexts.of(client.file, client.fact.function));
  for (const call of client.calls) for (const context of call.contexts) all.add(context);
  return new Set([...all].sort());
}

function libraryFinder(catalog: CompiledCatalog, packages: Packages): (file: string, specifier: string) => InstalledLibrary | undefined {
  const known = new Map<string, InstalledLibrary | undefined>();
  return (file, specifier) => {
    const around = packages.around(file);
    const key = `${around[0]?.folder ?? ' '}\0${specifier}`;
    if (known.has(key)) return known.get(key);
    const entry = catalog.library(specifier);
    const library = entry && installedLibrary(entry, specifier, around);
    known.set(key, library);
    return library;
  };
}

