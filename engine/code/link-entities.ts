// Resolves what an entity of one file is over imports, re-exports, barrels, classes and factories.

import type { CompiledCatalog } from '../catalog';
import { barrelSearch, starsOf } from './barrels';
import { cataloguedType, constructAt, pathOf, resultPlace, type Catalogued } from './catalogued';
import { declaredOf } from './declared';
import type { ClassFact, CodeFacts, ExportFact, TypeFact } from './facts';
import { declarations, type DeclaredClass } from './link-declarations';
import type { Entity, Value } from './values';
import type { ModuleResolver } from './modules';
import type { InstalledLibrary, LinkedClient, ResolvedEntity } from './project';

/** Hops over files that are followed. */
const MAX_HOPS = 11;
const UNKNOWN: ResolvedEntity = { kind: 'unknown' };

export interface LinkSources {
  readonly catalog: CompiledCatalog;
  readonly files: ReadonlyMap<string, CodeFacts>;
  readonly resolveModule: ModuleResolver;
  /** The library behind a module specifier, as installed for a file. */
  library(file: string, specifier: string): InstalledLibrary | undefined;
  /** The clients of all files are made. */
  isReady(): boolean;
  /** A client of a file by its id. */
  client(file: string, id: number): LinkedClient | undefined;
}

export interface EntityLinker {
  resolve(file: string, entity: Entity): ResolvedEntity;
  /** The value that another file exports under a name and path. */
  constant(file: string, module: string, path: readonly string[]): { readonly file: string; readonly value: Value } | undefined;
  /** The class behind a type of this file or another. */
  classOf(file: string, module: string, type: readonly string[]): { readonly file: string; readonly fact: ClassFact } | undefined;
}

/** Makes a resolver. Each look-up follows at most a few hops; nothing is read. */
export function entityLinker(sources: LinkSources): EntityLinker {
  const exportsOf = new Map<string, ReadonlyMap<string, ExportFact>>();
  // An entity object belongs to one file. Kept only once the clients are there, on which answers depend.
  const answers = new WeakMap<Entity, ResolvedEntity>();
  const starLines = new Map<string, ReturnType<typeof starsOf>>();
  const throughStars = barrelSearch<ResolvedEntity>(stars);
  const valueThroughStars = barrelSearch<{ file: string; value: Value }>(stars);

  let providers: ReturnType<typeof allProviders> | undefined;
  const declared = declarations(sources.files, exported, sources.resolveModule);

  return { resolve: remembered, constant: (file, module, path) => constantOf(file, module, path, 0), classOf: declared.classOf };

  function remembered(file: string, entity: Entity): ResolvedEntity {
    const known = answers.get(entity);
    if (known) return known;
    if (!sources.isReady()) throughStars.forget();
    const answer = resolve(file, entity, 0);
    if (sources.isReady()) answers.set(entity, answer);
    return answer;
  }

  function exported(file: string): ReadonlyMap<string, ExportFact> {
    const known = exportsOf.get(file);
    if (known) return known;
    const map = new Map((sources.files.get(file)?.exports ?? []).map((fact) => [fact.name, fact]));
    exportsOf.set(file, map);
    return map;
  }

  function stars(file: string): ReturnType<typeof starsOf> {
    const known = starLines.get(file);
    if (known) return known;
    const found = starsOf(exported(file).values());
    starLines.set(file, found);
    return found;
  }

  function resolve(file: string, entity: Entity, hops: number): ResolvedEntity {
    if (hops > MAX_HOPS) return UNKNOWN;
    switch (entity.kind) {
      case 'package': {
        const target = sources.catalog.library(entity.package) ? undefined : sources.resolveModule(file, entity.package);
        if (target !== undefined) return resolveExport(target, entity.path, hops + 1);
        const library = sources.library(file, entity.package);
        return library ? { kind: 'library', library, path: pathOf(library.entry, entity.path) } : UNKNOWN;
      }
      case 'project': {
        const target = sources.resolveModule(file, entity.module);
        return target === undefined ? UNKNOWN : resolveExport(target, entity.path, hops + 1);
      }
      case 'client': {
        const client = sources.client(file, entity.client);
        return client ? { kind: 'client', client, path: entity.path } : UNKNOWN;
      }
      case 'typed': {
        const provided = injected(file, entity, hops);
        if (provided.kind !== 'unknown') return provided;
        const place = cataloguedType(sources.catalog, entity.package, entity.type, entity.path);
        const library = place && sources.library(file, place.library.aliases?.includes(entity.package) ? entity.package : place.library.package === sources.catalog.library(entity.package)?.package ? entity.package : place.library.package);
        return place && library ? { kind: 'instance', library, instance: place.instance, path: entity.path } : UNKNOWN;
      }
      case 'typed-project': {
        const provided = injected(file, entity, hops);
        if (provided.kind !== 'unknown') return provided;
        const found = declared.classOf(file, entity.module, entity.type);
        if (found) return memberOfClass(found.file, found.fact, entity.path, hops + 1);
        const type = declared.typeOf(file, entity.module, entity.type);
        if (type) return memberOfType(type.file, type.fact, entity.path, hops + 1);
        // A type that another file declares as one of a package's, or a value of it.
        const target = entity.module === '' ? undefined : sources.resolveModule(file, entity.module);
        return target === undefined ? UNKNOWN : resolveExport(target, [...entity.type, ...entity.path], hops + 1);
      }
      case 'global': {
        const library = sources.library(file, `global:${entity.name}`);
        return library ? { kind: 'library', library, path: entity.path } : { kind: 'global', name: entity.name, path: entity.path };
      }
      case 'function':
        return { kind: 'function', file, id: entity.id };
      case 'result':
        return resultOrDeclared(file, entity, hops);
      default:
        return UNKNOWN;
    }
  }

  // What the only object offers that provides the token of an injected value.
  function injected(file: string, { token, path }: Entity & { readonly kind: 'typed' | 'typed-project' }, hops: number): ResolvedEntity {
    const key = token && tokenKey(file, token);
    if (key === undefined) return UNKNOWN;
    providers ??= allProviders();
    const found = providers.get(key) ?? [];
    const only = found[0];
    return only && found.length === 1 ? resolve(only.file, withPath(only.gives, path), hops + 1) : UNKNOWN;
  }

  function allProviders(): ReadonlyMap<string, readonly { readonly file: string; readonly gives: Entity }[]> {
    const found = new Map<string, { file: string; gives: Entity }[]>();
    for (const [file, facts] of sources.files) {
      for (const { token, gives } of facts.providers ?? []) {
        const key = tokenKey(file, token);
        if (key !== undefined) found.set(key, [...(found.get(key) ?? []), { file, gives }]);
      }
    }
    return found;
  }

  // Its text, or the place of the constant that it is.
  function tokenKey(file: string, token: Value): string | undefined {
    if (token.kind === 'string') return `'${token.value}`;
    if (token.kind !== 'reference') return undefined;
    const target = token.module === '' ? file : sources.resolveModule(file, token.module);
    const constant = token.module === '' ? undefined : constantOf(file, token.module, token.path, 0);
    if (constant?.value.kind === 'string') return `'${constant.value.value}`;
    return target === undefined ? undefined : `${target}\0${token.path.join('.')}`;
  }

  function resultOrDeclared(file: string, entity: Entity & { readonly kind: 'result' }, hops: number): ResolvedEntity {
    const found = resolveResult(file, entity.of, entity.path, hops);
    if (found.kind !== 'unknown') return found;
    const passed = passedThrough(file, entity, hops);
    if (passed.kind !== 'unknown') return passed;
    const declared = declaredOf(entity);
    return declared ? resolve(file, declared, hops + 1) : UNKNOWN;
  }

  // `retry(connect)` gives what `connect` gives, where `retry` returns what its parameter returns.
  function passedThrough(file: string, { of, path, given }: Entity & { readonly kind: 'result' }, hops: number): ResolvedEntity {
    if (!given) return UNKNOWN;
    const callee = resolve(file, of, hops + 1);
    const index = callee.kind === 'function' ? sources.files.get(callee.file)?.functions[callee.id]?.returnsCallOf : undefined;
    const source = index === undefined ? undefined : given[index];
    return source ? resolveResult(file, source, path, hops + 1) : UNKNOWN;
  }

  function resolveResult(file: string, of: Entity, path: readonly string[], hops: number): ResolvedEntity {
    const owner = classGiven(file, of, hops + 1);
    if (owner) return memberOfClass(owner.file, owner.fact, path, hops + 1);
    const callee = resolve(file, of, hops + 1);
    if (callee.kind === 'function') {
      const fact = sources.files.get(callee.file)?.functions[callee.id];
      const returned = fact?.returns ? memberOfValue(callee.file, fact.returns, path, hops + 1) : UNKNOWN;
      return returned.kind === 'unknown' && fact?.returnType ? resolve(callee.file, withPath(fact.returnType, path), hops + 1) : returned;
    }
    const place = placeOf(callee);
    if (!place) return UNKNOWN;
    const library = callee.kind === 'client' ? callee.client.library : callee.kind === 'library' || callee.kind === 'instance' ? callee.library : undefined;
    if (callee.kind === 'client' && constructAt(place, false) === undefined && resultPlace(place, path)) return { kind: 'client', client: callee.client, path };
    const result = resultPlace(place, path);
    return result && library ? { kind: 'instance', library, instance: result.instance, path: result.path } : UNKNOWN;
  }

  // `Order.findAll()` gives orders, where `Order` extends a model of a library: what the class adds to it is known too.
  function classGiven(file: string, of: Entity, hops: number): DeclaredClass | undefined {
    if (hops > MAX_HOPS || !('path' in of)) return undefined;
    const method = of.kind === 'project' ? of.path.slice(1) : of.path;
    const name = method[0];
    if (method.length !== 1 || name === undefined) return undefined;
    const owner =
      of.kind === 'project' ? declared.classOf(file, of.module, [of.path[0] ?? 'default'])
      : of.kind === 'typed-project' ? declared.classOf(file, of.module, of.type)
      : of.kind === 'result' ? classGiven(file, of.of, hops + 1)
      : undefined;
    const base = owner && memberOfClass(owner.file, owner.fact, method, hops + 1);
    if (!owner || base?.kind !== 'instance') return undefined;
    return base.library.entry.gives?.some((row) => row.on === base.instance && row.instance === base.instance && row.calls.includes(name)) ? owner : undefined;
  }

  function resolveExport(file: string, path: readonly string[], hops: number): ResolvedEntity {
    if (hops > MAX_HOPS) return UNKNOWN;
    const facts = exported(file);
    const name = path[0] ?? 'default';
    const own = facts.get(name);
    if (own) return resolveExportFact(file, own, path.slice(1), hops);
    const found = throughStars.find(file, path, hops, (fact) => {
      const target = sources.resolveModule(file, fact.module);
      const answer = target === undefined ? UNKNOWN : resolveExport(target, path, hops + 1);
      return answer.kind === 'unknown' ? undefined : answer;
    });
    if (found) return found;
    // `import x from './cjs'`, and members of a default export.
    if (name === 'default') return path.length > 1 ? resolveExport(file, path.slice(1), hops + 1) : UNKNOWN;
    const whole = facts.get('default');
    return whole ? resolveExportFact(file, whole, path, hops) : UNKNOWN;
  }

  function resolveExportFact(file: string, fact: ExportFact, rest: readonly string[], hops: number): ResolvedEntity {
    switch (fact.kind) {
      case 'client': {
        const client = sources.client(file, fact.client);
        return client ? { kind: 'client', client, path: rest } : UNKNOWN;
      }
      case 'function':
        return rest.length === 0 ? { kind: 'function', file, id: fact.id } : UNKNOWN;
      case 'class': {
        const found = sources.files.get(file)?.classes[fact.class];
        return found ? memberOfClass(file, found, rest, hops) : UNKNOWN;
      }
      case 'value':
        return memberOfValue(file, fact.value, rest, hops);
      case 'entity':
        return resolve(file, withPath(fact.entity, rest), hops + 1);
      case 'reexport': {
        const path = fact.imported === '*' ? rest : [fact.imported, ...rest];
        return resolve(file, { kind: 'project', module: fact.module, path }, hops + 1);
      }
      default:
        return UNKNOWN;
    }
  }

  function memberOfValue(file: string, value: Value, path: readonly string[], hops: number): ResolvedEntity {
    if (hops > MAX_HOPS) return UNKNOWN;
    const [name, ...rest] = path;
    switch (value.kind) {
      case 'client': {
        const client = sources.client(file, value.client);
        return client ? { kind: 'client', client, path } : UNKNOWN;
      }
      case 'function':
        return path.length === 0 ? { kind: 'function', file, id: value.id } : UNKNOWN;
      case 'reference':
        return resolve(file, { kind: sources.catalog.library(value.module) ? 'package' : 'project', package: value.module, module: value.module, path: [...value.path, ...path] }, hops + 1);
      case 'object': {
        const entry = name === undefined ? undefined : value.entries.find((candidate) => candidate.key === name);
        return entry ? memberOfValue(file, entry.value, rest, hops + 1) : UNKNOWN;
      }
      case 'made':
        return resolve(file, { kind: 'result', of: value.entity, path }, hops + 1);
      default:
        return UNKNOWN;
    }
  }

  function memberOfClass(file: string, fact: ClassFact, path: readonly string[], hops: number): ResolvedEntity {
    if (hops > MAX_HOPS) return UNKNOWN;
    const [name, ...rest] = path;
    if (name !== undefined) {
      const method = Object.hasOwn(fact.methods, name) ? fact.methods[name] : undefined;
      if (method !== undefined) return rest.length === 0 ? { kind: 'function', file, id: method } : UNKNOWN;
      const field = Object.hasOwn(fact.fields, name) ? fact.fields[name] : undefined;
      if (field) return resolve(file, withPath(field, rest), hops + 1);
    }
    const inherited = memberOfBase(file, fact, path, hops);
    // What an abstract class leaves open is what the class that extends it does.
    return inherited.kind === 'unknown' && fact.isAbstract && fact.name !== undefined ? memberBehind(file, fact.name, path, hops) : inherited;
  }

  // What a value can do whose type is an interface: its members by their own types, the rest by the class behind it.
  function memberOfType(file: string, fact: TypeFact, path: readonly string[], hops: number): ResolvedEntity {
    if (hops > MAX_HOPS) return UNKNOWN;
    if (fact.of) return resolve(file, withPath(fact.of, path), hops + 1);
    const [name, ...rest] = path;
    const member = name !== undefined && fact.members && Object.hasOwn(fact.members, name) ? fact.members[name] : undefined;
    if (member) return resolve(file, withPath(member, rest), hops + 1);
    const found = memberBehind(file, fact.name, path, hops);
    if (found.kind !== 'unknown') return found;
    for (const base of fact.extends ?? []) {
      const inherited = resolve(file, withPath(base, path), hops + 1);
      if (inherited.kind !== 'unknown') return inherited;
    }
    return UNKNOWN;
  }

  // The member of the only class behind an interface, or the one that all of them have in common.
  function memberBehind(file: string, name: string, path: readonly string[], hops: number): ResolvedEntity {
    if (path.length === 0 || hops > MAX_HOPS) return UNKNOWN;
    const found = declared.behind(file, name).map((owner) => memberOfClass(owner.file, owner.fact, path, hops + 2));
    const first = found[0];
    if (!first || found.length === 1) return first ?? UNKNOWN;
    if (found.every((one) => isSame(one, first))) return first;
    const functions = found.flatMap((one) => (one.kind === 'function' ? [{ file: one.file, id: one.id }] : []));
    return functions.length === found.length ? { kind: 'functions', all: functions } : UNKNOWN;
  }

  function memberOfBase(file: string, fact: ClassFact, path: readonly string[], hops: number): ResolvedEntity {
    const base = fact.extends;
    if (!base) return UNKNOWN;
    if (base.kind === 'project') return resolve(file, { kind: 'typed-project', module: base.module, type: base.path, path }, hops + 1);
    if (base.kind === 'package') {
      const instance = resolve(file, { kind: 'typed', package: base.package, type: base.path, path }, hops + 1);
      if (instance.kind !== 'unknown') return instance;
    }
    return resolve(file, withPath(base, path), hops + 1);
  }

  function constantOf(file: string, module: string, path: readonly string[], hops: number): { file: string; value: Value } | undefined {
    if (hops > MAX_HOPS || sources.catalog.library(module)) return undefined;
    const target = sources.resolveModule(file, module);
    return target === undefined ? undefined : exportedValue(target, path, hops + 1);
  }

  function exportedValue(file: string, path: readonly string[], hops: number): { file: string; value: Value } | undefined {
    if (hops > MAX_HOPS) return undefined;
    const name = path[0] ?? 'default';
    const facts = exported(file);
    const own = facts.get(name);
    if (own?.kind === 'value') return memberValue(file, own.value, path.slice(1), hops);
    if (own?.kind === 'client') return { file, value: { kind: 'client', client: own.client } };
    if (own?.kind === 'reexport') return constantOf(file, own.module, own.imported === '*' ? path.slice(1) : [own.imported, ...path.slice(1)], hops + 1);
    if (own?.kind === 'class') return undefined;
    const found = valueThroughStars.find(file, path, hops, (fact) => constantOf(file, fact.module, path, hops + 1));
    if (found) return found;
    if (name === 'default') return path.length > 1 && !own ? exportedValue(file, path.slice(1), hops + 1) : undefined;
    const whole = facts.get('default');
    return whole?.kind === 'value' ? memberValue(file, whole.value, path, hops) : whole?.kind === 'reexport' ? constantOf(file, whole.module, [whole.imported, ...path], hops + 1) : undefined;
  }

  function memberValue(file: string, value: Value, path: readonly string[], hops: number): { file: string; value: Value } | undefined {
    const [name, ...rest] = path;
    if (name === undefined) return value.kind === 'reference' ? constantOf(file, value.module, value.path, hops + 1) ?? { file, value } : { file, value };
    if (value.kind === 'reference') return constantOf(file, value.module, [...value.path, ...path], hops + 1);
    if (value.kind !== 'object') return undefined;
    const entry = value.entries.find((candidate) => candidate.key === name);
    if (entry) return memberValue(file, entry.value, rest, hops);
    return value.isOpen ? undefined : { file, value: { kind: 'undefined' } };
  }
}

/** The place in the catalogue that a resolved entity is. */
export function placeOf(resolved: ResolvedEntity): Catalogued | undefined {
  switch (resolved.kind) {
    case 'library':
      return { library: resolved.library.entry, instance: '', path: resolved.path };
    case 'instance':
      return { library: resolved.library.entry, instance: resolved.instance, path: resolved.path };
    case 'client':
      return { library: resolved.client.library.entry, instance: resolved.client.instance, path: resolved.path };
    default:
      return undefined;
  }
}

function isSame(one: ResolvedEntity, other: ResolvedEntity): boolean {
  if (one.kind === 'function') return other.kind === 'function' && one.file === other.file && one.id === other.id;
  if (one.kind !== 'instance') return false;
  return other.kind === 'instance' && one.library === other.library && one.instance === other.instance && one.path.join('.') === other.path.join('.');
}

function withPath(entity: Entity, rest: readonly string[]): Entity {
  return rest.length === 0 || !('path' in entity) ? entity : { ...entity, path: [...entity.path, ...rest] };
}
