// Workloads that are deployed together, looked up by scope and name: rules ask this for every edge, so it is indexed once for each model.

import type { SystemModel, Workload } from './model';

interface Neighbourhood {
  readonly members: ReadonlyMap<string, readonly Workload[]>;
  /** Names that somebody of the scope depends on, with the conditions. */
  readonly awaited: ReadonlyMap<string, ReadonlySet<string>>;
}

const indexes = new WeakMap<SystemModel, Map<string, Neighbourhood>>();

function neighbourhood(system: SystemModel, scope: string): Neighbourhood | undefined {
  let index = indexes.get(system);
  if (!index) {
    index = new Map();
    const scopes = new Map<string, Workload[]>();
    for (const workload of system.workloads) {
      const list = scopes.get(workload.scope);
      if (list) list.push(workload);
      else scopes.set(workload.scope, [workload]);
    }
    for (const [name, workloads] of scopes) index.set(name, indexOf(workloads));
    indexes.set(system, index);
  }
  return index.get(scope);
}

function indexOf(workloads: readonly Workload[]): Neighbourhood {
  const members = new Map<string, Workload[]>();
  const awaited = new Map<string, Set<string>>();
  for (const workload of workloads) {
    members.set(workload.name, [...(members.get(workload.name) ?? []), workload]);
    if (workload.isFragment) continue;
    for (const edge of workload.dependencies) awaited.set(edge.on, (awaited.get(edge.on) ?? new Set()).add(edge.condition));
  }
  return { members, awaited };
}

/** The workload of that name that is deployed with this one: of its own file before others, never a fragment. */
export function neighbour(system: SystemModel, workload: Workload, name: string): Workload | undefined {
  const candidates = (neighbourhood(system, workload.scope)?.members.get(name) ?? []).filter((other) => other.format === workload.format && !other.isFragment);
  return candidates.find((other) => other.at.file === workload.at.file) ?? candidates[0];
}

/** How others of its scope wait for a workload: `started`, `healthy`, `completed`; empty where nobody does. */
export function awaitedConditions(system: SystemModel, workload: Workload): ReadonlySet<string> {
  return neighbourhood(system, workload.scope)?.awaited.get(workload.name) ?? new Set();
}
