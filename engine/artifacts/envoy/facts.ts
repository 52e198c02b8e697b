// What one Envoy configuration says, as plain data: routes, clusters and the HTTP connection managers that clients reach.

import type { Field } from '../field';
import type { ArtifactFacts } from '../format';
import type { Span } from '../../text';

export type Path = readonly (string | number)[];

/** ms, or `none` where 0 switches the limit off. */
export type LimitField = Field<number | 'none'>;

export interface EnvoyFacts extends ArtifactFacts {
  readonly format: 'envoy';
  readonly routes: readonly EnvoyRoute[];
  readonly clusters: readonly EnvoyCluster[];
  readonly managers: readonly EnvoyManager[];
  /** Clusters that requests or connections are sent to; others serve Envoy itself (control plane, tracing, rate limits). */
  readonly used: readonly string[];
}

export interface EnvoyRoute {
  readonly name: string;
  readonly document: number;
  /** Path of the route action. */
  readonly path: Path;
  /** The key `match`. */
  readonly span: Span;
  readonly clusters: readonly string[];
  readonly timeout: LimitField;
  /** `stream_idle_timeout` of its connection manager. */
  readonly idle: LimitField;
  readonly retry?: EnvoyRetry;
  readonly isStreaming: boolean;
  readonly isLocal: boolean;
  /** It takes only requests that write. */
  readonly isWrite: boolean;
}

export interface EnvoyRetry {
  readonly span: Span;
  readonly on: readonly string[];
  readonly attempts: Field<number>;
  readonly perTry: LimitField;
}

export interface EnvoyCluster {
  readonly name: string;
  readonly document: number;
  readonly path: Path;
  readonly span: Span;
  readonly type: string | undefined;
  readonly connectTimeout: LimitField;
  readonly endpoints: readonly { readonly host: string; readonly port?: number; readonly span: Span }[];
  /** Endpoints that cannot be read, or come from elsewhere. */
  readonly isOpen: boolean;
  readonly healthCheck?: Span;
  readonly outlierDetection?: Span;
  readonly isHttp2: boolean;
}

export interface EnvoyManager {
  readonly name: string;
  readonly document: number;
  readonly path: Path;
  readonly span: Span;
  readonly headersTimeout: LimitField;
  readonly streamIdle: LimitField;
  readonly limitsRate?: Span;
}
