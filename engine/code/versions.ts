// Which version of a library a file gets, and whether a catalogue row holds for it.

import semver from 'semver';
import type { LibraryEntry } from '../../catalog/schema';
import type { InstalledLibrary, PackageInfo } from './project';

/** `yes` and `no` where the installed version, or the whole declared range, says so; `maybe` otherwise. */
export type Holds = 'yes' | 'no' | 'maybe';

/** The package that a module specifier belongs to: `mysql2` of `mysql2/promise`, `@aws-sdk/client-s3` of itself. */
export function packageNameOf(specifier: string): string {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? specifier);
}

/** The library as the packages around a file install it: the nearest first, then those above it. */
export function installedLibrary(entry: LibraryEntry, specifier: string, packages: readonly PackageInfo[]): InstalledLibrary {
  const own = /^(node|global):/.test(entry.package) ? entry.package : packageNameOf(specifier);
  const name = entry.versionOf ?? own;
  const version = first(packages, (info) => info.locked[name]);
  // Only the library itself is declared; a transitive one is known from a lock file alone.
  const declared = entry.versionOf === undefined ? first(packages, (info) => info.dependencies[own]) : undefined;
  const range = declared === undefined ? undefined : semver.validRange(declared, { loose: true }) ?? undefined;
  const lowest = range === undefined || range === '*' ? undefined : (semver.minVersion(range)?.version ?? undefined);
  return {
    entry,
    title: entry.title ?? own.replace(/^(node|global):/, ''),
    version: version !== undefined && semver.valid(version, { loose: true }) ? version : undefined,
    range: version === undefined ? lowest : undefined,
    ...(range === undefined || range === '*' ? {} : { declared: range }),
  };
}

function first<T>(packages: readonly PackageInfo[], pick: (info: PackageInfo) => T | undefined): T | undefined {
  for (const info of packages) {
    const found = pick(info);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether a row with this `versions` range holds for the installed library. */
export function holds(versions: string | undefined, library: InstalledLibrary): Holds {
  if (versions === undefined || versions === '') return 'yes';
  try {
    if (library.version !== undefined) return semver.satisfies(library.version, versions, { includePrerelease: true, loose: true }) ? 'yes' : 'no';
    if (library.declared === undefined) return 'maybe';
    if (semver.subset(library.declared, versions, { includePrerelease: true })) return 'yes';
    return semver.intersects(library.declared, versions, { includePrerelease: true }) ? 'maybe' : 'no';
  } catch {
    return 'maybe';
  }
}
