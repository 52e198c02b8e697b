// Which consumer of the catalogue a registration is, for the rules about messages.

import type { ConsumerShape } from '../catalog/schema';
import type { ConsumerFact } from '../engine/code/construct-facts';
import type { EntityResolver, InstalledLibrary, LinkedClient, LinkedFile } from '../engine/code/project';
import { rowHolds } from '../engine/lint/installed';

export interface ConsumerPlace {
  readonly library: InstalledLibrary;
  readonly shape: ConsumerShape;
  /** What it consumes from, where that was made in sight. */
  readonly client: LinkedClient | undefined;
}

/** The consumer row that holds at a registration, with its library and client. */
export function consumerPlace(file: LinkedFile, fact: ConsumerFact, resolve: EntityResolver): ConsumerPlace | undefined {
  const resolved = resolve(file.path, fact.entity);
  if (resolved.kind !== 'client' && resolved.kind !== 'instance' && resolved.kind !== 'library') return undefined;
  const library = resolved.kind === 'client' ? resolved.client.library : resolved.library;
  const instance = resolved.kind === 'client' ? resolved.client.instance : resolved.kind === 'instance' ? resolved.instance : '';
  const name = resolved.path.join('.');
  const shape = library.entry.consumers?.find((row) => row.on === instance && row.names.includes(name) && rowHolds(library, row.versions) === 'yes');
  return shape && { library, shape, client: resolved.kind === 'client' ? resolved.client : undefined };
}

/** The consumer row alone. */
export function consumerAt(file: LinkedFile, fact: ConsumerFact, resolve: EntityResolver): ConsumerShape | undefined {
  return consumerPlace(file, fact, resolve)?.shape;
}
