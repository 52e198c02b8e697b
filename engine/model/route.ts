// What sends requests to workloads by their labels or names: Services, Ingresses and their kin.

import type { Location } from '../text';
import type { ResourceRef } from './resource';

/** A Service, or what else sends requests to workloads. */
export interface Route {
  readonly name: string;
  readonly kind: string;
  readonly scope: string;
  readonly at: Location;
  readonly resource: ResourceRef;
  readonly selector: Readonly<Record<string, string>> | undefined;
  readonly ports: readonly { readonly port?: number; readonly targetPort?: number | string; readonly at: Location }[];
  /** Ids of the workloads it reaches. */
  readonly targets: readonly string[];
  /** Every document of its scope was read, so that "selects nothing" can be said. */
  readonly isScopeComplete: boolean;
  readonly publishesNotReady: boolean;
  readonly isHeadless: boolean;
  readonly publishesNotReadyAt?: Location;
  /** Labels of the one workload of its scope that it nearly selects. */
  readonly nearest?: Readonly<Record<string, string>>;
  /** Ports by name that none of the containers it reaches declares, and ports that a Service which it names does not have. */
  readonly missingPorts?: readonly { readonly port: string; readonly of: string; readonly at: Location }[];
  /** Services that it sends requests to and that do not exist in a scope that was read completely. */
  readonly missing?: readonly { readonly name: string; readonly at: Location }[];
}
