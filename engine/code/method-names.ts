// The methods that the catalogue says something of, by library and instance type.

import type { CompiledCatalog } from '../catalog';
import type { LibraryEntry } from '../../catalog/schema';
import type { Catalogued } from './catalogued';

/** Names of the catalogue's methods: all of them, and those of one instance type. */
export interface MethodNames {
  /** Last parts: `create` of `messages.create`. */
  readonly last: ReadonlySet<string>;
  /** Whether the instance type has a method of that dotted name. */
  has(library: LibraryEntry, instance: string, name: string): boolean;
  /** Whether the catalogue says nothing of a member of a member: `app.redis.get`, where `app` is a server. */
  isBeyond(place: Catalogued): boolean;
}

/** Method names that the catalogue says something of. Linear in the catalogue. */
export function methodNames(catalog: CompiledCatalog): MethodNames {
  const known = new Map<LibraryEntry, Set<string>>();
  const last = new Set<string>();
  for (const library of catalog.libraries) {
    const names = namesOf(library);
    known.set(library, names);
    for (const name of names) last.add(name.slice(name.lastIndexOf('.') + 1));
  }
  const has = (library: LibraryEntry, instance: string, name: string): boolean => known.get(library)?.has(`${instance}\0.${name}`) ?? false;
  return { last, has, isBeyond: ({ library, instance, path }) => instance !== '' && path.length > 1 && !has(library, instance, path.join('.')) };
}

function namesOf(library: LibraryEntry): Set<string> {
  const names = new Set<string>();
  const add = (instance: string, methods: readonly string[]): void => {
    // `''` is the instance itself, `*` any name at all: neither says what to look for.
    if (instance !== '') for (const method of methods) if (method !== '' && !method.includes('*')) names.add(`${instance}\0.${method}`);
  };
  for (const row of library.calls ?? []) add(row.on, row.names);
  for (const row of library.constructs ?? []) add(row.from ?? '', row.make);
  for (const row of library.consumers ?? []) add(row.on, row.names);
  for (const row of library.slots ?? []) add(row.on, row.names);
  for (const row of library.takes ?? []) add(row.on, row.names);
  for (const row of library.servers ?? []) for (const on of [row.on, ...(row.routers ?? [])]) add(on, [...row.listen, ...(row.routes ?? []), ...(row.routeObjects ?? []), ...(row.routeTables ?? [])]);
  return names;
}
