// What one Compose file says, as plain data with spans. Anchors, merge keys and defaults of variables are resolved; nothing here knows another file.

import type { Suppression } from '../../lint/suppression';
import type { Span } from '../../text';
import type { Field } from '../field';

export type { Field } from '../field';

export interface ComposeFacts {
  readonly kind: 'compose';
  readonly path: string;
  readonly suppressions: readonly Suppression[];
  readonly services: readonly ComposeService[];
  readonly volumes: readonly { readonly name: string; readonly isExternal: boolean; /** Of the machine that it is made on: no driver and no options that say otherwise. */ readonly isLocal: boolean; readonly span: Span }[];
  /** Paths of `include`, relative to this file; undefined for one that cannot be known. */
  readonly includes: readonly (string | undefined)[];
  /** Nothing was cut off by a syntax error. */
  readonly isComplete: boolean;
}

export interface ComposeService {
  readonly name: string;
  /** The service's key. */
  readonly nameSpan: Span;
  /** From the key to the end of the service. */
  readonly span: Span;
  readonly extends?: { readonly service: string; readonly file?: string; readonly isKnown: boolean };
  readonly image: Field<string>;
  /** Repository of the image, known even where its tag is a variable. */
  readonly imageName?: string;
  readonly imageSpan?: Span;
  readonly build: Field<ComposeBuild>;
  readonly restart: Field<string>;
  /** `deploy.restart_policy.condition`, which wins over `restart`; `any` where only the policy stands there. */
  readonly restartPolicy: Field<string>;
  readonly restartPolicyAttempts: Field<number>;
  readonly ports: readonly ComposePort[];
  readonly expose: readonly { readonly number: number; readonly span: Span }[];
  readonly dependsOn: readonly ComposeDependency[];
  readonly links: readonly string[];
  readonly healthCheck: Field<ComposeHealthCheck>;
  readonly command: Field<readonly string[]>;
  readonly entrypoint: Field<readonly string[]>;
  readonly environment: Readonly<Record<string, Field<string>>>;
  /** `env_file`, or a variable list that cannot be known: absent variables mean nothing. */
  readonly hasOpenEnvironment: boolean;
  readonly mounts: readonly ComposeMount[];
  /** A part of the volumes that cannot be known, or `volumes_from`. */
  readonly hasOpenMounts: boolean;
  readonly profiles: readonly string[];
  readonly replicas: Field<number>;
  /** `deploy.replicas`, `mode`, `placement` or `update_config`: the file is meant for a swarm. */
  readonly hasSwarmKeys: boolean;
  /** `mode`, `placement` or `update_config`, which only `docker stack` reads. */
  readonly isStackOnly: boolean;
  /** `deploy.placement.constraints`: it is started on certain machines only. */
  readonly hasConstraints: boolean;
  readonly mode: Field<string>;
  readonly updateOrder: Field<string>;
  readonly updateFailureAction: Field<string>;
  readonly memoryLimit: Field<string>;
  readonly memoryReservation: Field<string>;
  readonly cpuLimit: Field<string>;
  readonly stopGracePeriodMs: Field<number>;
  readonly stopSignal: Field<string>;
  readonly hasInit: boolean;
  readonly containerName: Field<string>;
  readonly usesHostNetwork: boolean;
  /** Further host names by which others reach it. */
  readonly aliases: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** Ends at a syntax error: what it lacks may stand below. */
  readonly isCut: boolean;
}

export interface ComposeBuild {
  /** Folder relative to the file; undefined where it is a variable or a URL. */
  readonly context: string | undefined;
  readonly dockerfile?: string;
  readonly target?: string;
  /** The Dockerfile stands in the Compose file itself. */
  readonly isInline: boolean;
}

export interface ComposePort {
  readonly target?: number;
  /** Fixed host port; undefined for none, a range or a variable. */
  readonly published?: number;
  readonly span: Span;
}

export interface ComposeDependency {
  readonly service: string;
  readonly condition: 'service_started' | 'service_healthy' | 'service_completed_successfully' | 'unknown';
  readonly isShortForm: boolean;
  readonly isRequired: boolean;
  /** The name. */
  readonly span: Span;
}

export interface ComposeHealthCheck {
  readonly isDisabled: boolean;
  readonly test:
    | { readonly form: 'argv'; readonly argv: readonly string[] }
    | { readonly form: 'shell'; readonly command: string }
    /** A list that starts with neither CMD, CMD-SHELL nor NONE: Docker refuses it. */
    | { readonly form: 'malformed'; readonly argv: readonly string[] }
    | { readonly form: 'absent' }
    | { readonly form: 'unknown' };
  readonly intervalMs: Field<number>;
  readonly timeoutMs: Field<number>;
  readonly retries: Field<number>;
  readonly startPeriodMs: Field<number>;
  /** The value of `test`, else the key `healthcheck`. */
  readonly testSpan: Span;
}

export interface ComposeMount {
  readonly kind: 'named' | 'anonymous' | 'host' | 'memory' | 'config' | 'unknown';
  readonly source?: string;
  /** Undefined where it is a variable. */
  readonly target: string | undefined;
  readonly isReadOnly: boolean;
  readonly span: Span;
}
