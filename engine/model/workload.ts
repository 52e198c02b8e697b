// What runs: a Deployment, a Compose service, a unit of systemd, a service of a cloud; with all that is said of it.

import type { WorkloadRole } from '../../catalog/schema';
import type { Location } from '../text';
import type { CloudThing } from './cloud/things';
import type { Container } from './container';
import type { Environment } from './environment';
import type { Autoscaler, DisruptionBudget, Rollout } from './instances';
import type { ArtifactFormat, Evidence, ResourceRef } from './resource';
import type { Setting } from './setting';
import type { Supervision } from './supervision';

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
  /** One of several versions among which a mesh divides the requests of their host. */
  readonly isVariant?: boolean;
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

export interface StartDependency {
  readonly on: string;
  readonly condition: 'started' | 'healthy' | 'completed';
  /** Short list form, which has no place for a condition. */
  readonly isShortForm: boolean;
  /** `false` where the workload may start without it. */
  readonly isRequired?: boolean;
  readonly at: Location;
}
