// Which workloads hold data that somebody would miss, and which are copies or members of one store.

import { isDataStore } from './images/known-images';
import type { Container, SystemModel, Workload } from './model';

/** Stores by role; caches that keep data on purpose, or hold carts or sessions by their name or their caller's; monitoring whose history is known to lie on disk; applications that keep what their users make. */
export function holdsData(workload: Workload, system: SystemModel): boolean {
  const [container] = workload.containers;
  if (isDataStore(workload.role)) return true;
  if (workload.role === 'monitoring') return container?.knownImage?.data !== undefined;
  if (workload.role === 'app') return container?.knownImage?.keepsUserData === true;
  return workload.role === 'cache' && (isNeededCache(workload) || isCartStore(workload, system));
}

const CARTS = /(?:^|[-_.])(?:carts?|baskets?|sessions?)(?:$|[-_.])/;

/** A cache whose loss users notice: it is told to write to disk, each of its members has a claim of its own, or it holds carts or sessions. */
export function isNeededCache(workload: Workload): boolean {
  const hasClaim = workload.kind === 'StatefulSet' && workload.containers[0]?.mounts.some((mount) => mount.kind === 'claim') === true;
  return hasClaim || isPersistent(workload.containers[0]) || CARTS.test(workload.name);
}

/** The only store that a service of carts or sessions names: the carts are in it. Linear in the workloads. */
function isCartStore(workload: Workload, system: SystemModel): boolean {
  const near = system.workloads.filter((other) => other.scope === workload.scope && !other.isFragment);
  const names = (other: Workload): string[] => [...(other.hosts ?? []).map((host) => host.name), ...other.dependencies.map((edge) => edge.on)];
  const stores = new Set(near.filter((other) => isDataStore(other.role) || other.role === 'cache').map((other) => other.name));
  return near.some((other) => other !== workload && !stores.has(other.name) && CARTS.test(other.name) && names(other).includes(workload.name) && names(other).every((name) => name === workload.name || !stores.has(name)));
}

/** `--appendonly yes`, or a `--save` that names a time. */
function isPersistent(container: Container | undefined): boolean {
  const command = container?.command.state === 'set' ? container.command.value.join(' ') : '';
  return /--appendonly\s+["']?yes/.test(command) || /--save\s+["']?\d/.test(command);
}

const COPY = /[-_.]?(?:replicas?|secondary|slaves?|followers?|standby|readers?)\d*$/;
const MEMBER = /[-_.]?(?:\d+|primary|secondary|master|slaves?|replicas?|standby|leader|followers?|readers?|writer|node\d*)$/;

/** Named as a copy of another store (`db-replica`): it starts again from that one. */
export function isCopy(workload: Workload): boolean {
  return COPY.test(workload.name.toLowerCase());
}

/** Another workload of the scope is the same store under a numbered or telling name (`mongo-1`, `mongo-2`): together they are the members. */
export function hasOtherMembers(workload: Workload, system: SystemModel): boolean {
  const stem = stemOf(workload.name);
  return system.workloads.some((other) => other.name !== workload.name && other.scope === workload.scope && other.role === workload.role && !other.isFragment && stemOf(other.name) === stem);
}

function stemOf(name: string): string {
  return name.toLowerCase().replace(MEMBER, '');
}
