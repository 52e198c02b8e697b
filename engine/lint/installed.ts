// What a rule may ask of an installed library: whether a catalogue row holds for its version, and what the catalogue says of a callback that is handed to it.

import type { CallbackSlot, ConsumerShape, LibraryEntry } from '../../catalog/schema';
import type { InstalledLibrary } from '../code/project';
import { holds } from '../code/versions';

/** Whether a row with this `versions` range holds: `maybe` where the version is not known well enough. */
export function rowHolds(library: InstalledLibrary, versions: string | undefined): 'yes' | 'no' | 'maybe' {
  return holds(versions, library);
}

/** The answer of several rows that differ by version; undefined where no row, or rows with different answers, can hold. */
export function answerOf<Row extends { readonly versions?: string }, Answer>(library: InstalledLibrary, rows: readonly Row[], answer: (row: Row) => Answer): Answer | undefined {
  const open = rows.filter((row) => rowHolds(library, row.versions) !== 'no');
  const first = open[0];
  if (!first) return undefined;
  const value = answer(first);
  return open.every((row) => answer(row) === value) ? value : undefined;
}

/** A callback's place: a method of an instance type, `''` = the module itself. */
export interface CallbackPlace {
  readonly library: InstalledLibrary;
  readonly instance: string;
  /** Names after the instance: `['get']`, `['Consumer', 'create']`. */
  readonly path: readonly string[];
  readonly event: string | undefined;
}

/** Whether the library handles the rejection of a callback handed over at this place; undefined = the catalogue cannot tell. */
export function handlesRejection(place: CallbackPlace): { readonly handled: boolean; readonly kind: CallbackSlot['kind'] } | undefined {
  const { library, instance, path, event } = place;
  const name = path.join('.');
  const consumers = (library.entry.consumers ?? []).filter((row) => row.on === instance && row.names.includes(name) && (row.event === undefined || row.event === event));
  if (consumers.length > 0) {
    const handled = answerOf(library, consumers, (row: ConsumerShape) => row.rejections === 'handled');
    return handled === undefined ? undefined : { handled, kind: 'consumer' };
  }
  const slots = slotsAt(library.entry, instance, name, event);
  const slot = slots[0];
  if (slot) {
    const handled = answerOf(library, slots, (row) => row.handled);
    return handled === undefined ? undefined : { handled, kind: slot.kind };
  }
  const server = library.entry.servers?.find((row) => (row.on === instance || (row.routers ?? []).includes(instance)) && registers(row, name));
  const handled = server && answerOf(library, server.rejections, (row) => row.handled);
  return handled === undefined ? undefined : { handled, kind: 'handler' };
}

// Rows of the very event first; rows of any event where there is none.
function slotsAt(entry: LibraryEntry, instance: string, name: string, event: string | undefined): readonly CallbackSlot[] {
  const all = (entry.slots ?? []).filter((row) => row.on === instance && row.names.includes(name));
  const exact = all.filter((row) => row.event !== undefined && row.event === event);
  return exact.length > 0 ? exact : all.filter((row) => row.event === undefined);
}

function registers(server: NonNullable<LibraryEntry['servers']>[number], name: string): boolean {
  return [...(server.routes ?? []), ...(server.routeObjects ?? []), ...(server.routeTables ?? [])].includes(name);
}
