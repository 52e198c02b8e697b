// Stage three: joins the facts of all files into the linked code and the system model. Pure; linear in the facts.

import type { CompiledCatalog } from './catalog';
import type { CodeFacts } from './code/facts';
import { linkCode } from './code/link';
import type { PackageFacts } from './code/package-facts';
import type { CodeProject, EntityResolver } from './code/project';
import type { FileFacts } from './facts';
import { linkSystem } from './model/link';
import type { SystemModel } from './model/model';

export interface LinkedWorkspace {
  readonly code: CodeProject;
  readonly system: SystemModel;
  readonly resolve: EntityResolver;
}

/** The order of `facts` does not matter: they are sorted by path first. */
export function link(facts: readonly FileFacts[], catalog: CompiledCatalog): LinkedWorkspace {
  const sorted = [...facts].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const code = sorted.filter((fact): fact is CodeFacts => fact.kind === 'code');
  const packages = sorted.filter((fact): fact is PackageFacts => fact.kind === 'package');
  const { project, resolve } = linkCode(code, packages, catalog);
  return { code: project, system: linkSystem(sorted, project, catalog), resolve };
}
