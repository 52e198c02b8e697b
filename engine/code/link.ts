import type { CompiledCatalog } from '../catalog';
import type { CodeFacts } from './facts';
import type { PackageFacts } from './package-facts';
import type { CodeProject, EntityResolver } from './project';

/** Joins the facts of all code files of a workspace. Linear in the facts. */
export function linkCode(_files: readonly CodeFacts[], _packages: readonly PackageFacts[], _catalog: CompiledCatalog): { project: CodeProject; resolve: EntityResolver } {
  return { project: { files: [], packages: [] }, resolve: () => ({ kind: 'unknown' }) };
}
