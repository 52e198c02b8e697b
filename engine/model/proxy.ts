// Routes and upstreams of proxies, gateways and meshes: nginx, HAProxy, Envoy, Traefik, Caddy, Istio, Gateway API, Ingress. What a caller of the proxy can wait for, and who is behind it.

import type { Location } from '../text';
import type { ArtifactIntent } from '../artifacts/intent';
import type { Environment } from './environment';
import type { ResourceRef } from './resource';
import type { Setting } from './setting';

/** A limit in ms. `set` to `none` = switched off in writing; `default` = the proxy's own; `absent` = the proxy has none. */
export type ProxyLimit = Setting<number | 'none'>;

interface ProxyPart {
  /** Stable: format, scope and name. */
  readonly id: string;
  readonly name: string;
  /** What it is called in its format: `location`, `backend`, `VirtualService`, `HTTPRoute`, `cluster`. */
  readonly kind: string;
  /** Name for messages: `nginx`, `HAProxy`, `Istio`. */
  readonly proxy: string;
  readonly scope: string;
  readonly environment: Environment;
  /** The place that findings of the whole mark. */
  readonly at: Location;
  readonly resource: ResourceRef;
}

export interface ProxyRoute extends ProxyPart {
  /** Until the answer is there, or until its next piece (nginx): what bounds a caller. */
  readonly timeout: ProxyLimit;
  readonly connectTimeout: ProxyLimit;
  readonly retries: Setting<ProxyRetries>;
  /** WebSocket, server-sent events, gRPC streams, uploads: long on purpose. */
  readonly isStreaming: boolean;
  /** Redirects, fixed answers, files: nothing is waited for. */
  readonly isLocal: boolean;
  /** Bytes, not requests, are passed on (TCP, databases): connections are long on purpose. */
  readonly isTcp?: boolean;
  /** Names of the upstreams or services that it sends to, as written. */
  readonly targets: readonly string[];
  /** Names of the options that set the limits, for messages and for the fix, which is the intent `set-directive` of this name: `proxy_read_timeout`, `timeout server`; dotted in formats of YAML: `timeouts.request`. */
  readonly timeoutOption: string;
  readonly connectOption?: string;
  /** For proxies that bound their clients apart: until a client takes or sends the next piece. */
  readonly clientTimeout?: ProxyLimit;
  readonly clientOption?: string;
  /** Ends a request on which nothing moves, also where `timeout` is off. */
  readonly idleTimeout?: ProxyLimit;
  /** The wait ends with the client that gives up (Caddy, Traefik): an absent limit is half the hazard. */
  readonly endsWithClient?: boolean;
  /** Many implementations have a limit of their own (Gateway API): an absent one is advice. */
  readonly mayBeBounded?: boolean;
}

export interface ProxyRetries {
  /** Attempts after the first. `unlimited` where nothing ends them. */
  readonly attempts: number | 'unlimited';
  readonly perTryTimeoutMs: ProxyLimit;
  /** Conditions as written: `5xx`, `error`, `timeout`, `non_idempotent`. */
  readonly on: readonly string[];
  /** Also repeats requests that are not idempotent. */
  readonly repeatsWrites: boolean;
  readonly at: Location;
  /** Names of the options that set attempts and conditions, for messages: `num_retries`, `retry-on`. */
  readonly attemptsOption?: string;
  readonly onOption?: string;
  /** Wait between two attempts, where the proxy has such an option; `set` to `none` or `default` 0 = at once. */
  readonly wait?: ProxyLimit;
  readonly waitOption?: string;
}

export interface Upstream extends ProxyPart {
  readonly servers: readonly UpstreamServer[];
  /** Of several addresses behind a name it takes one (HAProxy); others take all of them. */
  readonly takesOneAddress?: boolean;
  /** A policy for a service of a mesh (DestinationRule), whose servers the platform knows. */
  readonly isPolicy?: boolean;
  /** An address that stands at the route itself: nobody has made a pool. */
  readonly isImplicit?: boolean;
  /** Servers come from elsewhere too (templates, discovery, includes that are not read): their number is unknown. */
  readonly isOpen: boolean;
  /** Asks the servers by itself whether they are well. `absent` = it never does, `set` false = switched off. */
  readonly activeCheck: Setting<UpstreamCheck | 'off'>;
  /** Takes a server out after failed requests. */
  readonly passiveCheck: Setting<UpstreamCheck | 'off'>;
  /** Names are resolved once at start and never again. */
  readonly resolvesOnce: Setting<boolean>;
  /** What switches its check on, and takes servers out after failures, where that is one insertion that needs no choice. */
  readonly checkFix?: { readonly title: string; readonly intents: readonly ArtifactIntent[] };
  readonly passiveFix?: { readonly title: string; readonly intents: readonly ArtifactIntent[] };
  /** Name of the option that takes servers out after failures, for messages: `max_fails`, `outlier_detection`. */
  readonly passiveOption?: string;
  /** Makes the proxy resolve the names of its servers again. */
  readonly resolveFix?: { readonly title: string; readonly intents: readonly ArtifactIntent[] };
}

/** What clients reach: an nginx `server`, a HAProxy frontend, an Envoy listener, a Traefik entry point; also a whole process (`isProcess`). */
export interface ProxyListener extends ProxyPart {
  readonly isProcess: boolean;
  /** Limits on clients that send or take slowly. */
  readonly clientLimits: readonly { readonly option: string; readonly limit: ProxyLimit; /** The limit that a fix sets. */ readonly usual: string }[];
  /** Size of a request body in bytes. */
  readonly bodyLimit: Setting<number | 'none'>;
  readonly bodyOption: string;
  /** Something slows down or refuses one who asks too often. */
  readonly limitsRate: Setting<boolean>;
  /** Sends requests on; others serve files or answers of their own. */
  readonly forwards: boolean;
  /** How long it waits at its end for what runs. */
  readonly stop: ProxyLimit;
  readonly stopOption: string;
  /** Some of its connections are long: what waits for their end can wait for ever. */
  readonly hasStreams: boolean;
}

export interface UpstreamServer {
  /** Host as written, without port. */
  readonly host: string;
  readonly port?: number;
  /** An IP address or `localhost`, no name. */
  readonly isLiteral: boolean;
  /** A name that stands for many: a Compose service, a Kubernetes Service, a load balancer. Set at link. */
  readonly workload?: string;
  /** Who answers for the name: `compose` gives a container another address when it is made anew, the address of a `service` of Kubernetes stays. */
  readonly namedBy?: 'compose' | 'service';
  readonly isBackup: boolean;
  /** One line that stands for several (`server-template 3`, `resolve`, a DNS cluster). */
  readonly standsForMany: boolean;
  readonly at: Location;
}

export interface UpstreamCheck {
  readonly at: Location;
}
