// The part of the model that comes from cloud resources: managed stores, queues, functions and their events, target groups, alarms. Free of any dialect; a rule asks here what it needs and takes its fixes from here.

import type { CloudKind } from '../../../catalog/cloud-schema';
import type { ArtifactIntent } from '../../artifacts/intent';
import type { Location } from '../../text';
import type { Environment } from '../environment';
import type { Evidence, ResourceRef } from '../resource';
import type { Setting } from '../setting';

/** How a fix brings one property in order, in the words of the resource's dialect. Texts may hold `{count}`. */
export interface Repair {
  readonly intents: readonly ArtifactIntent[];
  /** For the fix's title: `multi_az = true`. */
  readonly text: string;
  /** It adds a resource. */
  readonly adds: boolean;
}

/** One cloud resource, or what a dialect writes inside another one. */
export interface CloudThing {
  readonly id: string;
  readonly kind: CloudKind;
  readonly name: string;
  /** What it is, for messages: `RDS instance`. */
  readonly title: string;
  readonly format: string;
  /** What is deployed together. */
  readonly scope: string;
  readonly at: Location;
  readonly block: Location;
  readonly resource: ResourceRef;
  readonly environment: Environment;
  /** Fixes by the field that they set. */
  readonly repairs: Readonly<Record<string, Repair>>;
}

export interface CloudStore extends CloudThing {
  readonly kind: 'database' | 'cache' | 'search' | 'broker' | 'file-system' | 'object-store' | 'key-value' | 'volume' | 'stream';
  readonly engine: Setting<string>;
  /** Something takes over when its only instance or zone is lost: `default true` where the service does it by nature. */
  readonly standby: Setting<boolean>;
  /** Instances of it, where they are counted. */
  readonly members: Setting<number>;
  /** Whether a copy takes over by itself; absent where the question makes no sense. */
  readonly automaticFailover: Setting<boolean>;
  /** Backed up at all. `absent` = no question for this kind. */
  readonly backup: Setting<boolean>;
  /** Days that backups are kept. */
  readonly backupDays: Setting<number>;
  readonly deletionProtection: Setting<boolean>;
  /** Protected by the dialect's or service's own default: whoever switched that off meant it. */
  readonly protectedByDefault?: boolean;
  /** It stays when whatever deploys it is removed. */
  readonly isRetained: Setting<boolean>;
  /** The last snapshot is left out when it is deleted, or its contents go with it. */
  readonly isDestroyedWhole: Setting<boolean>;
  /** A copy of another store. */
  readonly isReplica: Setting<boolean>;
  /** Holds what can be made again. */
  readonly isCache: boolean;
  /** It serves a site: what it holds is built elsewhere. */
  readonly isWebsite?: boolean;
  /** Entries expire by themselves. */
  readonly expires: Setting<boolean>;
  /** Provisioned throughput that nothing changes; absent where the question makes no sense. */
  readonly hasFixedCapacity: Setting<boolean>;
}

export interface CloudQueue extends CloudThing {
  readonly deadLetter: Setting<boolean>;
  /** Something names it as its dead-letter queue or failure destination, or it says that it is one. */
  readonly isDeadLetter: boolean;
  /** Another resource sends its failures there; its name alone does not count. */
  readonly isNamedDeadLetter?: boolean;
  /** The construct has an alarm of its own, or could have one: absent = no question. */
  readonly hasAlarm?: boolean;
  readonly maxReceives: Setting<number>;
  readonly visibilitySeconds: Setting<number>;
  readonly retentionSeconds: Setting<number>;
}

/** How a function is started. */
export interface CloudTrigger {
  readonly kind: 'sync' | 'async' | 'poll';
  readonly text: string;
  readonly at: Location;
  /** Seconds between two runs, for a schedule with a fixed rate. */
  readonly everySeconds?: number;
}

export interface CloudFunction extends CloudThing {
  readonly timeoutSeconds: Setting<number>;
  readonly reservedConcurrency: Setting<number>;
  readonly triggers: readonly CloudTrigger[];
  /** A failed asynchronous event is kept somewhere. */
  readonly onFailure: Setting<boolean>;
  /** Source file of its handler, where the workspace holds it. */
  readonly source?: string;
}

/** A function that takes messages or records from a queue or stream. */
export interface CloudEventSource extends CloudThing {
  readonly from: 'queue' | 'stream' | 'unknown';
  readonly queue?: string;
  readonly function?: string;
  readonly batchSize: Setting<number>;
  /** Failed items are reported one by one. */
  readonly reportsItems: Setting<boolean>;
  /** -1 = for ever. */
  readonly retries: Setting<number>;
  readonly maxAgeSeconds: Setting<number>;
  readonly onFailure: Setting<boolean>;
  readonly maxConcurrency: Setting<number>;
}

/** What an event goes to: the target of a rule or schedule, or a subscription. */
export interface CloudEventTarget extends CloudThing {
  readonly via: 'rule' | 'schedule' | 'subscription';
  /** `sqs`, `lambda`, `https` …, as far as it can be known. */
  readonly protocol?: string;
  readonly deadLetter: Setting<boolean>;
}

export interface CloudTargetGroup extends CloudThing {
  readonly protocol: Setting<string>;
  readonly check: Setting<boolean>;
  readonly checkProtocol: Setting<string>;
  readonly matcher: Setting<string>;
  readonly intervalSeconds: Setting<number>;
  readonly timeoutSeconds: Setting<number>;
  readonly unhealthyCount: Setting<number>;
  readonly drainSeconds: Setting<number>;
  readonly targetType: Setting<string>;
}

export interface CloudBalancer extends CloudThing {
  readonly isClassic: boolean;
  readonly drain: Setting<boolean>;
  readonly check: Setting<boolean>;
}

export interface CloudRecord extends CloudThing {
  readonly type: Setting<string>;
  /** Another answer is chosen by a policy: failover, weight, latency. */
  readonly policy: Setting<string>;
  readonly isPrimary: Setting<boolean>;
  readonly healthCheck: Setting<boolean>;
  readonly isAlias: boolean;
  readonly evaluatesHealth: Setting<boolean>;
}

export interface CloudAlarm extends CloudThing {
  readonly metric: Setting<string>;
  /** Somebody or something is told. */
  readonly tells: Setting<boolean>;
  readonly isEnabled: Setting<boolean>;
  readonly missingData: Setting<string>;
  readonly comparison: Setting<string>;
  /** Another resource uses it (a composite alarm, a scaling policy, a deployment). */
  readonly isUsed: boolean;
  /** It only drives scaling. */
  readonly onlyScales: boolean;
  /** Resources that it watches, as far as they can be known. */
  readonly watches: readonly string[];
}

export interface CloudNetwork extends CloudThing {
  readonly singleNat: Setting<boolean>;
  readonly zones: Setting<number>;
}

/** Where the instances of something stand, where that is written out. */
export interface CloudPlacement extends CloudThing {
  readonly subnets: Setting<number>;
  /** It stands in one zone by its own nature or words. */
  readonly oneZone: Setting<boolean>;
  /** Several instances, as far as that is known. */
  readonly isSeveral: boolean;
}

export interface CloudApi extends CloudThing {
  readonly throttle: Setting<boolean>;
}

export interface CloudStateMachine extends CloudThing {
  readonly states: readonly CloudState[];
}

/** One task of a state machine. */
export interface CloudState {
  readonly name: string;
  readonly at: Location;
  readonly waits: boolean;
  readonly timeout: Setting<boolean>;
}

/** A group of machines that is kept at a size: what the workload says plus what only groups have. */
export interface CloudInstanceGroup extends CloudThing {
  readonly healthCheckType: Setting<string>;
  /** Target groups or classic balancers that its machines are registered in. */
  readonly balancers: Setting<number>;
  readonly balancerEvidence: readonly Evidence[];
}

/** Everything of the model that comes from cloud resources. */
export interface CloudModel {
  readonly stores: readonly CloudStore[];
  readonly queues: readonly CloudQueue[];
  readonly functions: readonly CloudFunction[];
  readonly eventSources: readonly CloudEventSource[];
  readonly eventTargets: readonly CloudEventTarget[];
  readonly targetGroups: readonly CloudTargetGroup[];
  readonly balancers: readonly CloudBalancer[];
  readonly records: readonly CloudRecord[];
  readonly alarms: readonly CloudAlarm[];
  readonly networks: readonly CloudNetwork[];
  readonly apis: readonly CloudApi[];
  readonly stateMachines: readonly CloudStateMachine[];
  readonly placements: readonly CloudPlacement[];
  readonly instanceGroups: readonly CloudInstanceGroup[];
  /** Alarms and monitors of any product exist. */
  readonly hasMonitors: boolean;
  /** Restores are tried out by a plan. */
  readonly hasRestoreTests: boolean;
  readonly backupPlans: readonly CloudThing[];
}

export const NO_CLOUD: CloudModel = {
  stores: [], queues: [], functions: [], eventSources: [], eventTargets: [], targetGroups: [], balancers: [], records: [], alarms: [],
  networks: [], apis: [], stateMachines: [], placements: [], instanceGroups: [], hasMonitors: false, hasRestoreTests: false, backupPlans: [],
};
