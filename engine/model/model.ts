// The system model: what is built, free of any file format. Readers fill it, rules ask it.

import type { ImageEntry, ImageShell, WorkloadRole } from '../../catalog/schema';
import type { Location } from '../text';
import { NO_CLOUD, type CloudModel, type CloudThing } from './cloud/things';
import type { AlertRouter, AlertRule, AlertServer } from './alerts';
import type { CiJob } from './ci';
import type { Supervision } from './supervision';
import type { ProxyListener, ProxyRoute, Upstream } from './proxy';

/**
 * A value of the model, never only two answers: `set` (written), `default` (absent, and the platform's default is known), `absent` (absent, no default),
 * `unknown` (templated, patched, from elsewhere: no rule reports on it).
 */
export type Setting<T> =
  | { readonly state: 'set'; readonly value: T; readonly at: Location; /** A default that a caller or a stage may replace. */ readonly isSoft?: true }
  | { readonly state: 'default'; readonly value: T; readonly source: string }
  | { readonly state: 'absent' }
  | { readonly state: 'unknown'; readonly because: string };

/** Where a thing stands in its format: enough for the format's writer to find it again in the current text. */
export interface ResourceRef {
  readonly file: string;
  readonly format: ArtifactFormat;
  /** Index of the document in a multi-document file, zero-based. */
  readonly document: number;
  /** Path inside the document: `['services', 'orders']`, `['spec', 'template', 'spec', 'containers', 0]`. */
  readonly path: readonly (string | number)[];
  /** Parts of it that a values file sets: a fix of them goes there. */
  readonly fromValues?: readonly ValueSource[];
}

/** A part of a resource that a values file sets. */
export interface ValueSource {
  /** Path below the resource. */
  readonly path: readonly (string | number)[];
  readonly file: string;
  /** Path in the values file. */
  readonly at: readonly (string | number)[];
  /** An empty map stands there. */
  readonly isEmpty?: true;
}

/** Name of a registered format: `compose`, `kubernetes`, `terraform`. */
export type ArtifactFormat = string;

export type Environment = 'production' | 'development' | 'test' | 'unknown';

export interface Workload {
  /** Stable: format, scope and name, never a line. */
  readonly id: string;
  readonly name: string;
  readonly format: ArtifactFormat;
  /** `service` in Compose; `Deployment`, `StatefulSet`, … in Kubernetes. */
  readonly kind: string;
  /** What is deployed together: a Compose project, or a namespace of one folder of manifests. */
  readonly scope: string;
  /** The name, which findings of the whole workload mark. */
  readonly at: Location;
  /** The line that labels the workload in its format: the service's key, or `kind:`. */
  readonly block: Location;
  readonly resource: ResourceRef;
  readonly role: WorkloadRole;
  readonly environment: Environment;
  /** One host (a Compose file without Swarm keys): instances, standby and backup are no questions there. */
  readonly isSingleHost: boolean;
  /** Something reaches it: a Service, Ingress, published or exposed port, or another workload that names it. */
  readonly isServed: boolean;
  /** Why: related places, `served by Service orders`. */
  readonly servedBy: readonly Evidence[];
  /** Runs once and ends: Job, hook, migration, target of `service_completed_successfully`, behind a profile. */
  readonly isOneShot: boolean;
  /** One instance on each node (DaemonSet, Swarm global). */
  readonly isPerNode: boolean;
  /** Part of a whole that is elsewhere (patch, override fragment): absence in it means nothing. */
  readonly isFragment: boolean;
  /** Leader-elected or an operator: one instance works, the others wait. */
  readonly isSingleton: boolean;
  /** A host port, the host's network or a volume that one node holds: two instances cannot share a node, or the second cannot start. */
  readonly isTiedToNode?: boolean;
  /** Placement keeps it on certain machines; `false` where it may be started on any machine of a swarm. */
  readonly isPinned?: boolean;
  readonly instances: Setting<number>;
  readonly autoscalers: readonly Autoscaler[];
  readonly spread: Setting<'host' | 'zone' | 'both'>;
  /** A spread or anti-affinity whose selector misses the workload's own labels. */
  readonly spreadMiss?: Location;
  readonly budgets: readonly DisruptionBudget[];
  readonly restart: Setting<'always' | 'unless-stopped' | 'on-failure' | 'no'>;
  /** Restarts after which it gives up; absent = never. */
  readonly restartAttempts?: number;
  readonly rollout: Rollout;
  readonly gracePeriodMs: Setting<number>;
  readonly stopSignal: Setting<string>;
  readonly dependencies: readonly StartDependency[];
  /** Other workloads of its scope that its environment or command names as hosts. */
  readonly hosts?: readonly { readonly name: string; readonly at: Location }[];
  readonly containers: readonly Container[];
  /** Labels of the instances. */
  readonly labels: Readonly<Record<string, string>>;
  readonly namespace?: string;
  readonly replicasOfSelector?: Readonly<Record<string, string>>;
  /** A resource that an operator turns into instances: their containers are not known. */
  readonly isRunByOperator?: boolean;
  /** A majority of its members must live. */
  readonly needsQuorum?: boolean;
  /** Another object made it and looks after it. */
  readonly isOwned?: boolean;
  /** A hook of a release tool, which has its own limit. */
  readonly isHook?: boolean;
  /** How its runs end, where it is a Job or CronJob. */
  readonly job?: JobSettings;
  /** Who is evicted first, and who may push others out. Absent where the platform has no such word. */
  readonly priorityClass?: Setting<string>;
  /** Something that changes its requests while it runs. */
  readonly verticalScalers?: readonly { readonly name: string; readonly at: Location }[];
  /** For stores: whether anything in the workspace keeps copies of the data elsewhere. `absent` = nothing was found, `unknown` = it may be outside. */
  readonly backup?: Setting<boolean>;
  /** The chart's own values leave it out: it matters to whoever switches it on. */
  readonly isOff?: boolean;
  /** Its name or labels are computed where it is written: a fix cannot repeat them. */
  readonly hasComputedLabels?: boolean;
  /** The cloud resource that it is: its fixes stand there. */
  readonly cloud?: CloudThing;
  /** What a supervisor of processes says of it; absent where there is none. */
  readonly supervision?: Supervision;
  /** What its format calls its settings, where messages name them: `count`, `kill_timeout`. */
  readonly words?: { readonly instances?: string; readonly stopPeriod?: string };
}

/** A Job, or what a CronJob starts. */
export interface JobSettings {
  /** Cron expression, for a CronJob. */
  readonly schedule: Setting<string>;
  readonly concurrency: Setting<string>;
  readonly startingDeadlineSeconds: Setting<number>;
  /** Seconds after which a run is ended. */
  readonly deadlineSeconds: Setting<number>;
  readonly backoffLimit: Setting<number>;
  readonly isSuspended: boolean;
}

export interface Evidence {
  readonly at: Location;
  readonly text: string;
}

export interface Container {
  readonly name: string;
  readonly at: Location;
  readonly block: Location;
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

export interface Probe {
  readonly handler:
    | { readonly kind: 'http'; readonly path: string; readonly port: number | string; readonly portAt: Location }
    | { readonly kind: 'tcp'; readonly port: number | string; readonly portAt: Location }
    | { readonly kind: 'exec'; readonly command: readonly string[] }
    | { readonly kind: 'grpc'; readonly port: number }
    | { readonly kind: 'unknown' };
  readonly initialDelaySeconds: Setting<number>;
  readonly periodSeconds: Setting<number>;
  readonly timeoutSeconds: Setting<number>;
  readonly failureThreshold: Setting<number>;
  readonly successThreshold: Setting<number>;
  readonly at: Location;
}

export interface HealthCheck {
  readonly isDisabled: boolean;
  /** `CMD-SHELL` form is one string. */
  readonly test: { readonly form: 'argv'; readonly argv: readonly string[] } | { readonly form: 'shell'; readonly command: string } | /** Neither CMD, CMD-SHELL nor NONE in front: it is refused. */ { readonly form: 'malformed'; readonly argv: readonly string[] } | { readonly form: 'unknown' };
  readonly intervalMs: Setting<number>;
  readonly timeoutMs: Setting<number>;
  readonly retries: Setting<number>;
  readonly startPeriodMs: Setting<number>;
  readonly at: Location;
}

export interface Autoscaler {
  readonly name: string;
  readonly kind: string;
  readonly at: Location;
  readonly block: Location;
  readonly resource: ResourceRef;
  readonly min: Setting<number>;
  readonly max: Setting<number>;
  /** Resources whose utilisation it measures and which therefore need a request: `cpu`, `memory`. */
  readonly utilisation: readonly string[];
  /** Places of `utilisation`, in the same order. */
  readonly utilisationAt?: readonly Location[];
  /** What it scales, as written. */
  readonly target?: { readonly kind: string; readonly name: string; readonly at: Location };
  /** It may belong to the workload, or exist only under a condition: enough to stay silent, not to report. */
  readonly isAssumed?: boolean;
  /** The cloud resource that it is: its fixes stand there. */
  readonly cloud?: CloudThing;
  /** The chart's own values leave it out: nothing is scaled until somebody switches it on. */
  readonly isOff?: boolean;
}

export interface DisruptionBudget {
  readonly name: string;
  readonly at: Location;
  readonly block: Location;
  readonly resource: ResourceRef;
  readonly minAvailable: Setting<number | string>;
  readonly maxUnavailable: Setting<number | string>;
  /** Whether instances that are not ready may be evicted: `AlwaysAllow`, `IfHealthyBudget`. */
  readonly unhealthyEviction?: Setting<string>;
  /** It may belong to the workload, or exist only under a condition: enough to stay silent, not to report. */
  readonly isAssumed?: boolean;
}

export interface Rollout {
  readonly strategy: Setting<'rolling' | 'recreate' | 'on-delete' | 'start-first' | 'stop-first'>;
  readonly maxUnavailable: Setting<number | string>;
  readonly maxSurge: Setting<number | string>;
  readonly rollsBack: Setting<boolean>;
  /** Number below which instances keep the old version. */
  readonly partition?: Setting<number>;
  /** Share of the instances that go on during a rollout, in percent, where the platform counts so. */
  readonly minHealthyPercent?: Setting<number>;
}

export interface StartDependency {
  readonly on: string;
  readonly condition: 'started' | 'healthy' | 'completed';
  /** Short list form, which has no place for a condition. */
  readonly isShortForm: boolean;
  /** `false` where the workload may start without it. */
  readonly isRequired?: boolean;
  readonly at: Location;
}

/** A Service, or what else sends requests to workloads. */
export interface Route {
  readonly name: string;
  readonly kind: string;
  readonly scope: string;
  readonly namespace?: string;
  readonly at: Location;
  readonly block: Location;
  readonly resource: ResourceRef;
  readonly selector: Readonly<Record<string, string>> | undefined;
  readonly ports: readonly { readonly port?: number; readonly targetPort?: number | string; readonly at: Location }[];
  /** Ids of the workloads it reaches. */
  readonly targets: readonly string[];
  /** Every document of its scope was read, so that "selects nothing" can be said. */
  readonly isScopeComplete: boolean;
  readonly publishesNotReady: boolean;
  readonly isHeadless: boolean;
  /** Place of the key that a rule about its selector or its readiness points at. */
  readonly selectorAt?: Location;
  readonly publishesNotReadyAt?: Location;
  /** Labels of the one workload of its scope that it nearly selects. */
  readonly nearest?: Readonly<Record<string, string>>;
  /** Ports by name that none of the containers it reaches declares, and ports that a Service which it names does not have. */
  readonly missingPorts?: readonly { readonly port: string; readonly of: string; readonly at: Location }[];
  /** Services that it sends requests to and that do not exist in a scope that was read completely. */
  readonly missing?: readonly { readonly name: string; readonly at: Location }[];
}

/** The final stage of a Dockerfile. */
export interface Image {
  readonly file: string;
  readonly at: Location;
  readonly resource: ResourceRef;
  /** Base image of the final stage, resolved through stages and ARG defaults. */
  readonly base: Setting<string>;
  readonly command: Setting<ImageCommand>;
  readonly entrypoint: Setting<ImageCommand>;
  readonly healthCheck: Setting<HealthCheck>;
  readonly ports: readonly number[];
  readonly stopSignal: Setting<string>;
  readonly user: Setting<string>;
  /** Packages and tools that a RUN of the final stage installs: `curl`, `tini`. */
  readonly installs: readonly string[];
  /** Packages and tools that the final stage removes. */
  readonly removes?: readonly string[];
  /** Workloads that run it. */
  readonly usedBy: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly buildContext: string;
  /** What `/bin/sh` of its base is, where that is known. */
  readonly baseShell?: ImageShell;
  /** PID 1 is an init that forwards signals. */
  readonly hasInit?: boolean;
  /** `SHELL`, where it is set. */
  readonly shell?: readonly string[];
}

export interface ImageCommand {
  readonly form: 'exec' | 'shell';
  readonly argv: readonly string[];
  readonly text: string;
  readonly at: Location;
  /** The stage that says it: this image's last one, or one that it builds on. */
  readonly resource?: ResourceRef;
  /** Written with brackets, but no JSON: Docker takes it for the shell form. */
  readonly isBrokenJson?: boolean;
}

/** Artifacts that show failure drills: Chaos Mesh, Litmus, FIS, Toxiproxy, drill folders. */
export interface Drill {
  readonly at: Location;
  readonly kind: string;
  readonly targets: readonly string[];
}

export interface SystemModel {
  readonly workloads: readonly Workload[];
  readonly routes: readonly Route[];
  readonly images: readonly Image[];
  readonly drills: readonly Drill[];
  /** Autoscalers and budgets whose target does not exist in a scope that was read completely. */
  readonly danglingAutoscalers: readonly Autoscaler[];
  readonly danglingBudgets: readonly DisruptionBudget[];
  /** Values that could not be known, for the summary and `doctor`. */
  readonly unknowns: readonly { readonly at: Location; readonly because: string }[];
  readonly proxyRoutes: readonly ProxyRoute[];
  readonly upstreams: readonly Upstream[];
  readonly jobs: readonly CiJob[];
  readonly alertRules: readonly AlertRule[];
  readonly alertServers: readonly AlertServer[];
  readonly alertRouters: readonly AlertRouter[];
  readonly proxyListeners: readonly ProxyListener[];
  /** Managed stores, queues, functions, target groups, alarms: made once from the resources of all dialects. */
  readonly cloud: CloudModel;
}

/** What one format adds to the model. */
export type ModelPart = Partial<SystemModel>;

/** Puts parts together, list by list, in their order. */
export function mergeParts(parts: readonly ModelPart[]): SystemModel {
  return {
    workloads: parts.flatMap((part) => part.workloads ?? []),
    routes: parts.flatMap((part) => part.routes ?? []),
    images: parts.flatMap((part) => part.images ?? []),
    drills: parts.flatMap((part) => part.drills ?? []),
    danglingAutoscalers: parts.flatMap((part) => part.danglingAutoscalers ?? []),
    danglingBudgets: parts.flatMap((part) => part.danglingBudgets ?? []),
    unknowns: parts.flatMap((part) => part.unknowns ?? []),
    proxyRoutes: parts.flatMap((part) => part.proxyRoutes ?? []),
    upstreams: parts.flatMap((part) => part.upstreams ?? []),
    jobs: parts.flatMap((part) => part.jobs ?? []),
    alertRules: parts.flatMap((part) => part.alertRules ?? []),
    alertServers: parts.flatMap((part) => part.alertServers ?? []),
    alertRouters: parts.flatMap((part) => part.alertRouters ?? []),
    proxyListeners: parts.flatMap((part) => part.proxyListeners ?? []),
    cloud: parts.find((part) => part.cloud !== undefined)?.cloud ?? NO_CLOUD,
  };
}
