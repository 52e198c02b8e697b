// How a platform asks a container whether it is well: probes of Kubernetes, health checks of Compose, Dockerfiles and the clouds.

import type { Location } from '../text';
import type { Setting } from './setting';

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
