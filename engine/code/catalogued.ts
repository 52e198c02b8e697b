// From what an expression is to what the catalogue says of it: the library, the instance type, and the path after it. Used while reading and while linking.

import type { CompiledCatalog } from '../catalog';
import type { Construct, LibraryEntry } from '../../catalog/schema';
import type { Entity } from './values';

/** A place in the catalogue. `instance` is `''` for the module itself; `path` are the names after module or instance. */
export interface Catalogued {
  readonly library: LibraryEntry;
  readonly instance: string;
  readonly path: readonly string[];
}

/** What the catalogue knows of a package's export, a global, or a declared type. Clients are known only to who made them: see `cataloguedOf` of the reader and the link. */
export function cataloguedEntity(catalog: CompiledCatalog, entity: Entity): Catalogued | undefined {
  switch (entity.kind) {
    case 'package': {
      const library = catalog.library(entity.package);
      return library && { library, instance: '', path: pathOf(library, entity.path) };
    }
    case 'global': {
      const library = catalog.global(entity.name);
      return library && { library, instance: '', path: entity.path };
    }
    case 'typed':
      return cataloguedType(catalog, entity.package, entity.type, entity.path);
    case 'result': {
      const callee = cataloguedEntity(catalog, entity.of);
      return callee && resultPlace(callee, entity.path);
    }
    default:
      return undefined;
  }
}

/** The names after the module: an export that is the module itself is none of them. */
export function pathOf(library: LibraryEntry, path: readonly string[]): readonly string[] {
  return path[0] !== undefined && library.itself?.includes(path[0]) === true ? path.slice(1) : path;
}

/** The instance type that a type name of a package stands for: one of its `types`, an instance, or what a construct of that name makes. */
export function cataloguedType(catalog: CompiledCatalog, packageName: string, type: readonly string[], path: readonly string[]): Catalogued | undefined {
  const library = catalog.library(packageName);
  // A default import used as a type has no name of its own: `redis: Redis` after `import Redis from 'ioredis'`.
  const last = type[type.length - 1] ?? '';
  if (!library) return undefined;
  const dotted = type.join('.');
  const named = library.types?.find((row) => row.names.includes(dotted) || row.names.includes(last));
  if (named) {
    const other = named.package === undefined ? library : catalog.library(named.package);
    return other && { library: other, instance: named.instance, path };
  }
  const construct = library.constructs?.find((row) => row.instance === last) ?? library.constructs?.find((row) => row.from === undefined && row.make.includes(dotted));
  if (construct) return { library, instance: construct.instance, path };
  return hasInstance(library, last) ? { library, instance: last, path } : undefined;
}

// Instance types that nothing constructs (a message, an injected service) still have calls, slots or listeners.
function hasInstance(library: LibraryEntry, instance: string): boolean {
  return (
    (library.calls?.some((row) => row.on === instance) ?? false) ||
    (library.slots?.some((row) => row.on === instance) ?? false) ||
    (library.servers?.some((row) => row.on === instance) ?? false) ||
    (library.consumers?.some((row) => row.on === instance) ?? false)
  );
}

/** The construct that calling (or `new`) this place is. */
export function constructAt(place: Catalogued, isNew: boolean): Construct | undefined {
  const name = place.path.join('.');
  const rows = place.library.constructs?.filter((row) => (row.from ?? '') === place.instance && (row.form === 'either' || (row.form === 'new') === isNew)) ?? [];
  // `*` stands for any member: classes that are made from a definition.
  return rows.find((row) => row.make.includes(name)) ?? rows.find((row) => row.make.some((path) => isEnding(path, name)));
}

// `*Client` stands for any path that ends so, `*` for any at all.
function isEnding(path: string, name: string): boolean {
  return path.startsWith('*') && name.length >= path.length && name.endsWith(path.slice(1));
}

/** What a call of this place gives back: the instance of a construct, or itself for methods that can be chained. `path` are the names after the result. */
export function resultPlace(callee: Catalogued, path: readonly string[]): Catalogued | undefined {
  const construct = constructAt(callee, false);
  if (construct) return { library: callee.library, instance: construct.instance, path };
  const name = callee.path.join('.');
  const given = callee.library.gives?.find((row) => row.on === callee.instance && row.calls.includes(name));
  if (given) return { library: callee.library, instance: given.instance, path };
  const method = callee.path.length === 1 ? callee.path[0] : undefined;
  if (method === undefined || callee.instance === '' || !RETURNS_RECEIVER.has(method)) return undefined;
  return { library: callee.library, instance: callee.instance, path };
}

/** Methods of emitters and sockets that give back what they are called on. */
export const RETURNS_RECEIVER: ReadonlySet<string> = new Set([
  'on', 'once', 'addListener', 'prependListener', 'prependOnceListener', 'off', 'removeListener', 'removeAllListeners', 'setMaxListeners', 'ref', 'unref', 'setTimeout', 'setKeepAlive', 'setNoDelay', 'setEncoding',
]);

/** Methods that attach a listener. */
export const LISTENS: ReadonlySet<string> = new Set(['on', 'once', 'addListener', 'prependListener', 'prependOnceListener']);
