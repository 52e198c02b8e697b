// Which cache of the catalogue a read is of, for the rules about caches: directly, or by a function of the project that reads it.

import type { CacheShape } from '../catalog/schema';
import type { CacheReadFact } from '../engine/code/cache-facts';

import type { CodeProject, EntityResolver, InstalledLibrary, LinkedFile, ResolvedEntity } from '../engine/code/project';
import { rowHolds } from '../engine/lint/installed';
import { fileAt, isRemote, reachesIo } from './code-places';

interface CachePlace {
  readonly library: InstalledLibrary;
  readonly shape: CacheShape;
  /** The function of the project between catches a failed read. */
  readonly isCaught: boolean;
  /** The library's own call gives what is read: no function of the project stands between. */
  readonly isDirect: boolean;
}

/** The cache that is read; undefined where the catalogue knows none there. Linear in the calls of the function between. */
export function cacheAt(file: LinkedFile, fact: CacheReadFact, code: CodeProject, resolve: EntityResolver): CachePlace | undefined {
  const resolved = resolve(file.path, fact.entity);
  const direct = placeOf(resolved);
  if (direct) return { ...direct, isCaught: fact.isCaught, isDirect: true };
  const target = resolved.kind === 'function' ? fileAt(code, resolved.file) : undefined;
  const id = resolved.kind === 'function' ? resolved.id : -1;
  const between = target?.facts.functions[id];
  if (!target || !between) return undefined;
  for (const call of target.facts.calls) {
    const found = call.function === id ? placeOf(resolve(target.path, call.entity)) : undefined;
    if (found) return { ...found, isCaught: fact.isCaught || call.isCaught || between.isGuarded, isDirect: false };
  }
  return undefined;
}

function placeOf(resolved: ResolvedEntity): Pick<CachePlace, 'library' | 'shape'> | undefined {
  if (resolved.kind !== 'client' && resolved.kind !== 'instance') return undefined;
  const library = resolved.kind === 'client' ? resolved.client.library : resolved.library;
  const instance = resolved.kind === 'client' ? resolved.client.instance : resolved.instance;
  const method = resolved.path.join('.');
  const rows = (library.entry.caches ?? []).filter((row) => row.on === instance && row.read.includes(method));
  // Where the version is not known, the row that says less of a failure counts.
  const shape = rows.find((row) => rowHolds(library, row.versions) === 'yes') ?? rows.find((row) => row.failsOpen === true && rowHolds(library, row.versions) === 'maybe');
  return shape && { library, shape };
}

/** Whether another process than the cache answers on a miss. */
export function loadsFromOutside(file: LinkedFile, { load, loadSpan }: CacheReadFact, code: CodeProject, resolve: EntityResolver): boolean {
  if (isRemote(file, load, resolve) || reachesIo(file, load, code, resolve)) return true;
  return file.calls.some(({ fact: { span }, library }) => span[0] >= loadSpan[0] && span[1] <= loadSpan[1] && library.entry.caches === undefined);
}
