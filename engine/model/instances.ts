// What decides how many instances run at a time: autoscalers, budgets of disruptions, rollouts.

import type { Location } from '../text';
import type { CloudThing } from './cloud/things';
import type { ResourceRef } from './resource';
import type { Setting } from './setting';

export interface Autoscaler {
  readonly name: string;
  readonly kind: string;
  readonly at: Location;
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
