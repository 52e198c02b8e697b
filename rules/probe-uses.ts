// How the infrastructure of the workspace uses a health route of the code: as liveness or readiness probe of the container that runs it.

import type { CodeProject, LinkedFile } from '../engine/code/project';
import { codeFolderOf } from '../engine/model/health-routes';
import type { Container, Probe, Setting, SystemModel } from '../engine/model/model';
import type { Location } from '../engine/text';

export interface ProbeUses {
  readonly liveness?: Location;
  readonly readiness?: Location;
}

const folders = new WeakMap<SystemModel, readonly { readonly container: Container; readonly folder: string }[]>();

/** Probes that ask a path of the code in this file; a route's path may be mounted below another one. Undefined where no container of the workspace runs the file. */
export function probeUses(system: SystemModel, code: CodeProject, file: LinkedFile, path: string): ProbeUses | undefined {
  const known = folders.get(system) ?? containersWithCode(system, code);
  folders.set(system, known);
  const containers = known.filter(({ folder }) => folder === '' || file.path.startsWith(`${folder}/`));
  if (containers.length === 0) return undefined;
  const asks = (probe: Setting<Probe>): Location | undefined => (probe.state === 'set' && probe.value.handler.kind === 'http' && isPath(probe.value.handler.path, path) ? probe.value.at : undefined);
  const liveness = containers.map(({ container }) => asks(container.liveness)).find((at) => at !== undefined);
  const readiness = containers.map(({ container }) => asks(container.readiness)).find((at) => at !== undefined);
  return { ...(liveness ? { liveness } : {}), ...(readiness ? { readiness } : {}) };
}

function containersWithCode(system: SystemModel, code: CodeProject): readonly { readonly container: Container; readonly folder: string }[] {
  return system.workloads.flatMap(({ containers }) =>
    containers.flatMap((container) => {
      const folder = container.build?.buildContext ?? (container.image.state === 'set' ? codeFolderOf(container.image.value, system.images, code) : undefined);
      return folder === undefined || container.kind === 'init' ? [] : [{ container, folder }];
    }),
  );
}

function isPath(asked: string, route: string): boolean {
  const plain = asked.replace(/[?#].*$/, '').replace(/\/$/, '');
  return plain === route || (route.startsWith('/') && plain.endsWith(route));
}
