// What the catalogue knows of a thing that is called, results of calls included: `app.route('/x').get(…)`, `(await connect()).createChannel()`.

import type { LibraryEntry } from '../../../catalog/schema';
import { constructAt, LISTENS, type Catalogued } from '../catalogued';
import { declaredOf } from '../declared';
import type { Entity } from '../values';
import type { FileReader } from '../file-reader';

// Longest chain of results that is followed.
const DEPTH = 12;

/** The place in the catalogue that an entity of this file is; undefined = not in it, or it leads out of the file. */
export function placeOf(entity: Entity, reader: FileReader, depth = 0): Catalogued | undefined {
  if (entity.kind !== 'result') return reader.catalogued(entity);
  if (depth > DEPTH) return undefined;
  const callee = placeOf(entity.of, reader, depth + 1);
  const declared = callee ? undefined : declaredOf(entity);
  if (!callee) return declared && reader.catalogued(declared);
  const construct = constructAt(callee, false);
  if (construct) return { library: callee.library, instance: construct.instance, path: entity.path };
  return returnsItself(callee) ? { library: callee.library, instance: callee.instance, path: entity.path } : undefined;
}

// `router.get(…).post(…)`, `emitter.on(…).on(…)`
function returnsItself({ library, instance, path }: Catalogued): boolean {
  const method = path.length === 1 ? path[0] : undefined;
  if (method === undefined || instance === '') return false;
  return LISTENS.has(method) || isRoute(library, instance, method);
}

/** Whether `method` of an instance registers a handler. */
export function isRoute(library: LibraryEntry, instance: string, method: string): boolean {
  return serverOf(library, instance)?.routes?.includes(method) ?? false;
}

/** The server shape that an instance, or a router of it, belongs to. */
export function serverOf(library: LibraryEntry, instance: string): NonNullable<LibraryEntry['servers']>[number] | undefined {
  return library.servers?.find((server) => server.on === instance || (server.routers ?? []).includes(instance));
}

/** Whether an entity is a member of what another file exports, or of what a function of it gives: the link may know what it is. */
export function leadsOut(entity: Entity): boolean {
  for (let at = entity, hops = 0; hops < 5; hops++) {
    if (at.kind === 'project' || at.kind === 'typed-project') return hops > 0 || at.path.length > 0;
    if (at.kind !== 'result') return false;
    at = at.of;
  }
  return false;
}
