// Which containers of the workspace run a file of the code, and what their probes and entry points ask of it.

import type { CodeProject, LinkedFile } from '../engine/code/project';
import { codeFolderOf } from '../engine/model/images/health-routes';
import type { Container, Probe, Route, Setting, SystemModel, Workload } from '../engine/model/model';
import type { Location } from '../engine/text';

interface ProbeUses {
  readonly liveness?: Location;
  readonly readiness?: Location;
}

interface CodeContainer {
  readonly workload: Workload;
  readonly container: Container;
  readonly folder: string;
}

const found = new WeakMap<SystemModel, readonly CodeContainer[]>();

/** Containers that run the code of this file, where the workspace holds both. Worked out once for the workspace. */
function containersOf(system: SystemModel, code: CodeProject, file: LinkedFile): readonly CodeContainer[] {
  let known = found.get(system);
  if (!known) found.set(system, (known = containersWithCode(system, code)));
  return known.filter(({ folder }) => folder === '' || file.path.startsWith(`${folder}/`));
}

// Routes of HTTP that keep connections to what they reach; a Service passes packets on.
const KEEPS = /^(?:Ingress|HTTPRoute|GRPCRoute|VirtualService|IngressRoute|HTTPProxy)$/;

/** The balancer or proxy of the workspace that sends requests to the code of this file. */
export function balancerOf(system: SystemModel, code: CodeProject, file: LinkedFile): Route | undefined {
  const workloads = new Set(containersOf(system, code, file).map(({ workload }) => workload.id));
  return system.routes.find(({ kind, targets }) => KEEPS.test(kind) && targets.some((id) => workloads.has(id)));
}

/** Probes that ask a path of the code in this file; a route's path may be mounted below another one. Undefined where no container of the workspace runs the file. */
export function probeUses(system: SystemModel, code: CodeProject, file: LinkedFile, path: string): ProbeUses | undefined {
  const containers = containersOf(system, code, file);
  if (containers.length === 0) return undefined;
  const asks = (probe: Setting<Probe>): Location | undefined => (probe.state === 'set' && probe.value.handler.kind === 'http' && isPath(probe.value.handler.path, path) ? probe.value.at : undefined);
  const liveness = containers.map(({ container }) => asks(container.liveness)).find((at) => at !== undefined);
  const readiness = containers.map(({ container }) => asks(container.readiness)).find((at) => at !== undefined);
  return { ...(liveness ? { liveness } : {}), ...(readiness ? { readiness } : {}) };
}

function containersWithCode(system: SystemModel, code: CodeProject): readonly CodeContainer[] {
  return system.workloads.flatMap((workload) =>
    workload.containers.flatMap((container) => {
      const folder = container.build?.buildContext ?? (container.image.state === 'set' ? codeFolderOf(container.image.value, system.images, code) : undefined);
      return folder === undefined || container.kind === 'init' ? [] : [{ workload, container, folder }];
    }),
  );
}

function isPath(asked: string, route: string): boolean {
  const plain = asked.replace(/[?#].*$/, '').replace(/\/$/, '');
  return plain === route || (route.startsWith('/') && plain.endsWith(route));
}
