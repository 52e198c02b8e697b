// The packages of the catalogue that a fix may bring into a project, by what they are for.

import type { CompiledCatalog } from '../catalog';
import type { CodeProject } from './project';

/** One package for each purpose: the first by name. Linear in the catalogue. */
export function recommendedPackages(catalog: CompiledCatalog): NonNullable<CodeProject['recommended']> {
  const found: { -readonly [Purpose in keyof NonNullable<CodeProject['recommended']>]: NonNullable<CodeProject['recommended']>[Purpose] } = {};
  for (const entry of catalog.libraries) if (entry.recommended) found[entry.recommended.for] ??= { ...entry.recommended, package: entry.package };
  return found;
}
