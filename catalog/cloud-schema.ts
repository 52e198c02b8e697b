// What the catalogue can say about cloud resources. One entry is one concept (an RDS instance); each of its spellings says under which types a dialect knows it and where its properties stand there.

/** What it is, whatever the provider. `extension` = a resource that sets properties of another one (a bucket's versioning, a queue's redrive policy). */
export type CloudKind =
  | 'database' | 'cache' | 'search' | 'broker' | 'file-system' | 'object-store' | 'key-value' | 'volume' | 'stream' | 'store-member'
  | 'queue' | 'topic' | 'subscription' | 'function' | 'event-source' | 'event-rule' | 'event-target' | 'permission' | 'trigger'
  | 'container-service' | 'container' | 'task-definition' | 'instance-group' | 'instance'
  | 'load-balancer' | 'target-group' | 'classic-load-balancer' | 'attachment'
  | 'autoscaler' | 'dns-record'
  | 'alarm' | 'composite-alarm' | 'monitor' | 'backup-plan' | 'backup-selection' | 'restore-test'
  | 'nat-gateway' | 'network' | 'subnet' | 'route' | 'api-stage' | 'state-machine' | 'extension';

/**
 * What holds for a concept by its nature. `regional`: copies in several zones without being asked. `members`: its instances are resources of their own.
 * `self-backup`: backed up by the service. `async`, `sync` and `poll` say how a trigger starts a function. `pattern`: one construct that makes several things.
 */
export type CloudTrait = 'async' | 'sync' | 'poll' | 'regional' | 'members' | 'self-backup' | 'pattern';

/** A literal that a fix writes. `$reference`, `$json` and `$duration` are the writer's words: a reference to a resource, JSON in a string, seconds. `{name}`, `{label}` and `{count}` inside texts are filled in. */
export type CloudFixValue = string | number | boolean | readonly CloudFixValue[] | { readonly [key: string]: CloudFixValue };

export interface CloudEntry {
  /** Unique: `rds-instance`. */
  readonly name: string;
  readonly kind: CloudKind;
  /** In messages: `RDS instance`. */
  readonly title: string;
  /** Where the facts were read. */
  readonly sources: readonly string[];
  readonly traits?: readonly CloudTrait[];
  readonly spellings: readonly CloudSpelling[];
}

/** Types that share their properties. Pulumi has Terraform's in camelCase and cdktf has Terraform's own; L1 constructs of CDK have CloudFormation's with a small first letter, without being named here. */
export interface CloudSpelling {
  /** A registry module is a type too, by its source: `terraform-aws-modules/rds/aws`. */
  readonly terraform?: readonly string[];
  readonly pulumi?: readonly string[];
  readonly cloudformation?: readonly string[];
  readonly cdk?: readonly string[];
  readonly serverless?: readonly string[];
  /** Traits that hold in this spelling besides those of the entry. */
  readonly traits?: readonly CloudTrait[];
  /** What stands inside it and is a resource of its own in other dialects: an event of a function, a container of a task, the target group of a construct that makes both. */
  readonly parts?: readonly CloudPart[];
  /** By canonical name. A text is a field of that path and nothing else, several are paths of which the first that is written counts. */
  readonly fields: Readonly<Record<string, string | readonly string[] | CloudField>>;
}

export interface CloudPart {
  /** Dotted path to maps or lists of them; `*` = every key, `''` = the resource itself. */
  readonly path: string;
  /** A type that is spelled in this dialect by another entry: `events.sqs`. */
  readonly type: string;
  /** A property whose value is put behind the type: `sam.` + `SQS`. */
  readonly typeFrom?: string;
  /** It is the argument of a call on the construct (`addEventSource(new …)`), CDK; `path` goes on from there. */
  readonly call?: { readonly method: string; readonly argument: number };
}

export interface CloudField {
  /** Dotted path in the dialect's spelling; a path through a list means its items. Of several paths the first that is written counts; `''` is the resource itself. */
  readonly path: string | readonly string[];
  /** The property is a list of pairs (`TargetGroupAttributes`): the key whose value is meant. */
  readonly key?: string;
  /** Calls on a construct that set it as well, CDK: what is written there wins. */
  readonly calls?: readonly CloudCallField[];
  /** What holds where nothing is written, by the source of the entry. Without it, absent stays absent. */
  readonly default?: string | number | boolean;
  /** Numbers are brought to seconds. */
  readonly unit?: 'ms' | 's' | 'min' | 'h' | 'd';
  /** Values that mean yes (others mean no), or no (others mean yes). */
  readonly yes?: readonly (string | number | boolean)[];
  readonly no?: readonly (string | number | boolean)[];
  /** One place that means yes is enough (events of a function). */
  readonly isAny?: boolean;
  /** Whatever is written there means yes. */
  readonly isPresence?: boolean;
  /** What brings it in order: paths with the values that they get. */
  readonly fix?: Readonly<Record<string, CloudFixValue>>;
  /** A resource that the fix adds behind this one. */
  readonly adds?: { readonly type: string; readonly name: string; readonly properties: Readonly<Record<string, CloudFixValue>> };
}

/** A method with the argument that holds the value, a path inside it, and what a call without it means. */
export interface CloudCallField {
  readonly method: string;
  readonly argument?: number;
  readonly path?: string;
  /** The first argument is this key (`setAttribute`). */
  readonly key?: string;
  /** What the mere call means. */
  readonly means?: string | number | boolean;
}

export interface CloudCatalog {
  readonly cloud: readonly CloudEntry[];
}
