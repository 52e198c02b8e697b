// One container of a workload: what it runs, how it is asked, what it may use, what it keeps.

import type { ImageEntry, WorkloadRole } from '../../catalog/schema';
import type { Location } from '../text';
import type { CloudThing } from './cloud/things';
import type { Image } from './images/image';
import type { HealthCheck, Probe } from './probe';
import type { ResourceRef } from './resource';
import type { Setting } from './setting';

export interface Container {
  readonly name: string;
  readonly at: Location;
  readonly resource: ResourceRef;
  readonly kind: 'main' | 'init' | 'sidecar';
  readonly image: Setting<string>;
  readonly role: WorkloadRole;
  /** The catalogue's entry of its image. */
  readonly knownImage?: ImageEntry;
  /** Health routes of the code that runs in it, where the workspace holds that. */
  readonly health?: HealthRoutes;
  /** The Dockerfile that builds it, where the workspace holds it. */
  readonly build?: Image;
  readonly ports: readonly { readonly number?: number; readonly name?: string; readonly at: Location }[];
  /** A template may declare further ports. */
  readonly hasOpenPorts?: boolean;
  readonly command: Setting<readonly string[]>;
  /** The command takes the place of the image's entry point too; otherwise an entry point that is not known may come first. */
  readonly replacesEntrypoint?: boolean;
  readonly liveness: Setting<Probe>;
  readonly readiness: Setting<Probe>;
  readonly startup: Setting<Probe>;
  /** Compose and Dockerfile. `disabled` is an answer, not an absence. */
  readonly healthCheck: Setting<HealthCheck>;
  readonly memoryLimit: Setting<string>;
  readonly memoryRequest: Setting<string>;
  readonly cpuRequest: Setting<string>;
  readonly cpuLimit: Setting<string>;
  readonly preStop: Setting<{ readonly sleepMs?: number }>;
  readonly mounts: readonly Mount[];
  /** Mounts may come from elsewhere or cannot be known: an absent one means nothing. */
  readonly hasOpenMounts?: boolean;
  readonly environment: Readonly<Record<string, Setting<string>>>;
  /** A mechanism that brings settings from elsewhere (`envFrom`, `env_file`, template): absent variables mean nothing. */
  readonly hasOpenEnvironment: boolean;
  /** The tag of its image comes from elsewhere: `image` is its name alone. */
  readonly hasOpenTag?: boolean;
  /** Programs of its image, as far as they are known: by the catalogue, and by what its Dockerfile installs and removes. What is in neither list is unknown. */
  readonly tools?: Tools;
  /** PID 1 is an init that forwards signals. */
  readonly hasInit: boolean;
  /** The cloud resource that it is part of: its fixes stand there. */
  readonly cloud?: CloudThing;
}

export interface Tools {
  readonly has: readonly string[];
  readonly lacks: readonly string[];
  readonly hasShell?: boolean;
  /** Name of the image that says so: `node:22-alpine`. */
  readonly of: string;
}

/** Routes that the code of a container answers health questions on. */
export interface HealthRoutes {
  readonly readiness?: HealthRoute;
  /** Asks nothing but the process itself. */
  readonly liveness?: HealthRoute;
  /** Port that the code listens on, where it folds to a number. */
  readonly port?: number;
}

export interface HealthRoute {
  readonly path: string;
  readonly at: Location;
}

export interface Mount {
  readonly target: string;
  readonly at: Location;
  /** `named` and `claim` live on; `anonymous`, `memory` and `empty` do not outlive the container or pod; `host` is tied to one node. */
  readonly kind: 'named' | 'claim' | 'anonymous' | 'memory' | 'empty' | 'host' | 'config' | 'unknown';
  readonly source?: string;
  /** The volume is reached from every machine; `false` where it is known to be one machine's own. */
  readonly isShared?: boolean;
  readonly accessModes?: readonly string[];
}
