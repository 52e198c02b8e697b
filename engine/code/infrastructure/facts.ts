// What a code file says about infrastructure: constructs that it declares, with values as far as this file tells. Plain data, JSON-safe; engine/code/infrastructure/link.ts makes cloud resources of it.

import type { CloudDialect } from '../../artifacts/cloud';
import type { Span } from '../../text';
import type { Entity } from '../values';

export type ConstructDialect = Extract<CloudDialect, 'cdk' | 'pulumi' | 'cdktf'>;

/** A value given to a construct. Whatever leads out of the function, class or file stays open until the link. */
export type DeclaredValue = { readonly span: Span } & (
  | { readonly kind: 'text'; readonly value: string; readonly isSoft?: true }
  | { readonly kind: 'number'; readonly value: number; readonly isSoft?: true }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly isSoft?: true }
  | { readonly kind: 'absent' }
  | { readonly kind: 'list'; readonly items: readonly DeclaredValue[]; readonly isOpen: boolean }
  /** Entries in the order in which they win. */
  | { readonly kind: 'map'; readonly entries: readonly DeclaredEntry[]; readonly isOpen: boolean }
  /** A construct of this file, or a member of it (`queueArn`, `metricErrors`). */
  | { readonly kind: 'construct'; readonly construct: number; readonly path: readonly string[] }
  /** A member of an object of a class of the project: `network.vpc`. */
  | { readonly kind: 'instance'; readonly site: number; readonly path: readonly string[] }
  /** A member that a class has from its base. */
  | { readonly kind: 'field'; readonly class: number; readonly path: readonly string[] }
  /** What another file exports. */
  | { readonly kind: 'export'; readonly module: string; readonly path: readonly string[] }
  | { readonly kind: 'parameter'; readonly function: number; readonly index: number; readonly path: readonly string[] }
  /** `left ?? right` where the left leads out of the file. */
  | { readonly kind: 'fallback'; readonly of: DeclaredValue; readonly otherwise: DeclaredValue }
  /** A number times a factor: a duration in minutes whose amount leads out of the file. */
  | { readonly kind: 'scaled'; readonly of: DeclaredValue; readonly factor: number }
  | { readonly kind: 'either'; readonly options: readonly DeclaredValue[] }
  | { readonly kind: 'unknown'; readonly because: string; /** Values that the expression is made of and that lead to constructs. */ readonly of: readonly DeclaredValue[] }
);

export interface DeclaredEntry {
  /** `...` = a spread of something that only the link can tell. */
  readonly key: string;
  readonly value: DeclaredValue;
}

/** A construct of an infrastructure library: `new sqs.Queue(this, 'Orders', { … })`, `listener.addTargets('web', { … })`. */
export interface ConstructFact {
  readonly dialect: ConstructDialect;
  /** As `CloudResource.type` has it. */
  readonly type: string;
  readonly name: string;
  /** Names beside it: variable, function, literal parts of a computed name. */
  readonly aliases?: readonly string[];
  /** The whole call, the part of it on whose line findings stand, and the index of the argument that holds the properties. */
  readonly span: Span;
  readonly at: Span;
  readonly argument: number;
  /** Enclosing class and function, -1 = none. */
  readonly class: number;
  readonly function: number;
  readonly properties: DeclaredValue | undefined;
  /** Pulumi: how the engine treats it (`protect`, `ignoreChanges`). */
  readonly options?: DeclaredValue;
  /** The construct whose method made it, as a value. */
  readonly receiver?: DeclaredValue;
  readonly isRepeated: boolean;
  readonly isConditional: boolean;
}

/** A method called on a construct, or on something that it holds. */
export interface ConstructCallFact {
  readonly on: DeclaredValue;
  readonly method: string;
  readonly arguments: readonly DeclaredValue[];
  readonly at: Span;
  /** It is made under a condition or in a loop. */
  readonly isConditional: boolean;
}

/** A call that gives values to the parameters of a function or constructor of the project. */
export interface SiteFact {
  readonly callee: { readonly kind: 'function'; readonly id: number } | { readonly kind: 'class'; readonly id: number } | { readonly kind: 'entity'; readonly entity: Entity };
  readonly arguments: readonly DeclaredValue[];
  /** Further arguments follow that are not known. */
  readonly isOpen?: true;
  readonly class: number;
  readonly span: Span;
  readonly isRepeated: boolean;
}

export interface InfrastructureClassFact {
  readonly class: number;
  readonly name: string;
  /** The function that `new` runs, -1 = the base's. */
  readonly constructorId: number;
  readonly extends?: { readonly kind: 'class'; readonly id: number } | { readonly kind: 'entity'; readonly entity: Entity };
  /** It is deployed as a unit of its own. */
  readonly isStack: boolean;
  readonly fields: readonly { readonly name: string; readonly value: DeclaredValue }[];
}

export interface InfrastructureFacts {
  readonly constructs: readonly ConstructFact[];
  readonly calls: readonly ConstructCallFact[];
  /** Set on a construct after it was made: `cfn.multiAz = true`. */
  readonly assignments: readonly { readonly on: DeclaredValue; readonly path: readonly string[] }[];
  readonly sites: readonly SiteFact[];
  readonly classes: readonly InfrastructureClassFact[];
  readonly exports: readonly { readonly name: string; readonly value: DeclaredValue }[];
  /** Properties that aspects of this file set on whatever they visit. */
  readonly aspects: readonly string[];
}
