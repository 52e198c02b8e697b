// Which call shape of the catalogue a called place is.

import type { CallShape } from '../../catalog/schema';
import { RETURNS_RECEIVER, type Catalogued } from './catalogued';

/** The call shape of a place; `isTag` asks for tagged templates, undefined for either. */
export function shapeAt(place: Catalogued, isTag?: boolean): CallShape | undefined {
  const name = place.path.join('.');
  const rows = place.library.calls?.filter((row) => row.on === place.instance && (isTag === undefined || (row.isTag ?? false) === isTag)) ?? [];
  return rows.find((row) => row.names.includes(name)) ?? (isWork(place, name) ? rows.find((row) => row.names.includes('*')) : undefined);
}

// `*` stands for the methods that do the work: not closing, not listening.
function isWork(place: Catalogued, name: string): boolean {
  return place.path.length === 1 && !RETURNS_RECEIVER.has(name) && !place.library.close?.some((row) => row.method === name);
}
