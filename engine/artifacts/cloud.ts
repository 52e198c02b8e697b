// A cloud resource as every dialect gives it (Terraform, CloudFormation, SAM, serverless.yml, CDK, Pulumi, cdktf): its type, its properties as far as they are known, and what it mentions.

import type { Location } from '../text';
import type { ResourceRef } from '../model/resource';
import type { Setting } from '../model/setting';

/** How types and properties are spelled, and which defaults hold. */
export type CloudDialect = 'terraform' | 'cloudformation' | 'serverless' | 'cdk' | 'pulumi' | 'cdktf';

export interface CloudResource {
  /** Unique in the workspace: scope and address. References name it. */
  readonly id: string;
  readonly dialect: CloudDialect;
  /** As the dialect spells it: `aws_db_instance`, `AWS::RDS::DBInstance`, `aws-cdk-lib/aws-rds.DatabaseInstance`, `aws.rds.Instance`; a registry module by its source without version: `terraform-aws-modules/rds/aws`, `terraform-aws-modules/ecs/aws//modules/service`. */
  readonly type: string;
  /** Label, logical id, construct id or function key, as written. */
  readonly name: string;
  /** Further names that say what it is for: the variable or function that keeps it, literal parts of a computed name. */
  readonly aliases?: readonly string[];
  /** What is deployed together: the root module's folder, the template's path, the stack's class and file. */
  readonly scope: string;
  /** Place of the name. Findings of the whole resource stand on this line. */
  readonly at: Location;
  /** The line that opens it in its format. */
  readonly block: Location;
  readonly resource: ResourceRef;
  readonly properties: CloudMap;
  /** How many of it there are: `count`, `for_each`; 1 where nothing multiplies it, `unknown` where something does that cannot be evaluated. */
  readonly copies: Setting<number>;
  /** It exists only under a condition that is not known. */
  readonly isConditional: boolean;
  /** Ids of resources that it mentions anywhere, once each: enough to say that two are connected. */
  readonly mentions: readonly string[];
  /** Property paths (dotted) that something else manages: `lifecycle.ignore_changes`, `addPropertyOverride`. `*` = all. Their values are nobody's business. */
  readonly unmanaged: readonly string[];
  /** Extra calls on a construct that count as properties of it: `autoScaleTaskCount`, `configureHealthCheck`, `addTargets`, each with its arguments. CDK only. */
  readonly calls?: readonly CloudCall[];
  /** File of the workspace that holds its code (`entry`, `CodeUri` + `Handler`, `handler`), where the dialect says so. */
  readonly code?: { readonly file: string; readonly handler?: string };
  /** Name of the environment where the file or variables say it: `prod`. */
  readonly stage?: string;
}

export interface CloudCall {
  readonly method: string;
  readonly arguments: readonly CloudValue[];
  readonly at: Location;
}

/**
 * An object that a library of constructs makes on the spot is a map with the keys of its options and `$type` (`aws-cdk-lib/aws-lambda-event-sources.SqsEventSource`, `ContainerImage.fromRegistry`)
 * and `$arguments`, a list of its further arguments (the queue). A symbol, and a static call that names neither a construct nor a text, is a text: `RemovalPolicy.DESTROY`, `DatabaseInstanceEngine.postgres`.
 * Durations are numbers of seconds. What a method of a construct makes (`listener.addTargets(…)`, `metric.createAlarm(…)`) is a resource with `$on`, a reference to that construct.
 */
export interface CloudMap {
  readonly kind: 'map';
  readonly entries: Readonly<Record<string, CloudValue>>;
  /** Something may add keys (spread, dynamic block, transform): an absent key is unknown. */
  readonly isOpen: boolean;
  readonly at: Location;
  /** As a whole a default that the caller or the stage may replace. */
  readonly isSoft?: true;
}

/**
 * A property's value after evaluation. Blocks that may repeat (`health_check { … }`) are lists of maps in Terraform.
 * `null` and `AWS::NoValue` are left out: absent. JSON in a string (`jsonencode`, heredoc, `JSON.stringify`) is given as the value that it encodes.
 */
export type CloudValue =
  | { readonly kind: 'text'; readonly value: string; readonly at: Location; /** A default that the caller or the stage may replace. */ readonly isSoft?: true }
  | { readonly kind: 'number'; readonly value: number; readonly at: Location; readonly isSoft?: true }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly at: Location; readonly isSoft?: true }
  | { readonly kind: 'list'; readonly items: readonly CloudValue[]; readonly isOpen: boolean; readonly at: Location; readonly isSoft?: true }
  | CloudMap
  /** Exactly one resource or one attribute of it. `to` is an id. */
  | { readonly kind: 'reference'; readonly to: string; readonly attribute?: string; readonly at: Location }
  /** A condition that cannot be decided; `undefined` = absent in that case. A rule speaks only where all of them are bad. */
  | { readonly kind: 'either'; readonly options: readonly (CloudValue | undefined)[]; readonly at: Location }
  | { readonly kind: 'unknown'; readonly because: string; /** Ids that the expression mentions. */ readonly mentions: readonly string[]; readonly at: Location };

/** A value that a fix writes, in no dialect: the writer spells it. */
export type CloudLiteral =
  | string | number | boolean
  | readonly CloudLiteral[]
  | { readonly [key: string]: CloudLiteral }
  /** A reference to a resource by its id, or to one that the same fix adds (`new:NAME`); the writer knows how its dialect says it. */
  | CloudReferenceLiteral
  /** JSON text of a value: `jsonencode({…})`, a JSON string. */
  | { readonly $json: CloudLiteral };

export interface CloudReferenceLiteral {
  /** Type and name of what is meant, as the dialect spells them. */
  readonly $reference: { readonly type: string; readonly name: string; /** `arn`, `id`, `url` … as the dialect spells it; absent = the thing itself (CDK). */ readonly attribute?: string };
}
