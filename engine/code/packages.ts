// The packages of a workspace, with the exact versions that the nearest lock file gives.

import { folderOf } from './module-paths';
import type { PackageFacts } from './package-facts';
import type { PackageInfo } from './project';

export interface Packages {
  readonly all: readonly PackageInfo[];
  /** The packages around a file, nearest first. */
  around(path: string): readonly PackageInfo[];
}

/** Joins manifests with the lock files of their own folder or of one above. */
export function linkPackages(facts: readonly PackageFacts[]): Packages {
  const locks = facts.filter((fact): fact is PackageFacts & { source: 'lock' } => fact.source === 'lock');
  // The first of a folder counts.
  const lockByFolder = new Map([...locks].reverse().map((fact) => [folderOf(fact.path), fact]));
  const all = facts.flatMap((fact): PackageInfo[] => {
    if (fact.source !== 'manifest') return [];
    const folder = folderOf(fact.path);
    return [{
      folder,
      ...(fact.name === undefined ? {} : { name: fact.name }),
      scripts: fact.scripts,
      ...(fact.types === undefined || fact.main === undefined ? {} : { isLibrary: true }),
      hasBin: fact.hasBin,
      ...(fact.bin === undefined ? {} : { bin: fact.bin }),
      isModule: fact.isModule,
      dependencies: fact.dependencies,
      locked: lockOf(folder),
      workspaces: fact.workspaces,
      ...(fact.engineNode === undefined ? {} : { engineNode: fact.engineNode }),
    }];
  });
  // A lock file alone still says the versions.
  const folders = new Set(all.map((info) => info.folder));
  for (const fact of locks) {
    const folder = folderOf(fact.path);
    if (folders.has(folder)) continue;
    folders.add(folder);
    all.push({ folder, scripts: {}, hasBin: false, isModule: false, dependencies: {}, locked: fact.versions, workspaces: [] });
  }
  const byFolder = new Map(all.map((info) => [info.folder, info]));
  const known = new Map<string, readonly PackageInfo[]>();

  return {
    all,
    around(path) {
      const folder = folderOf(path);
      const before = known.get(folder);
      if (before) return before;
      const found: PackageInfo[] = [];
      for (let at: string | undefined = folder; at !== undefined; at = at === '' ? undefined : folderOf(at)) {
        const info = byFolder.get(at);
        if (info) found.push(info);
      }
      known.set(folder, found);
      return found;
    },
  };

  function lockOf(folder: string): Readonly<Record<string, string>> {
    for (let at: string | undefined = folder; at !== undefined; at = at === '' ? undefined : folderOf(at)) {
      const lock = lockByFolder.get(at);
      if (!lock) continue;
      // A workspace's own copies stand under its folder, relative to the lock file.
      const inner = at === '' ? folder : folder.slice(at.length + 1);
      const nested = inner === '' ? undefined : lock.nested?.[inner];
      // Its own before those of the lock file, which may be thousands: they are inherited, not copied for each package.
      return nested ? Object.assign(Object.create(lock.versions) as Record<string, string>, nested) : lock.versions;
    }
    return {};
  }
}
