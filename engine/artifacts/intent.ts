// What a fix wants of an artifact, in the model's words. Each format's writer says it in its own style, or declines (undefined) where it has no word for it.

import type { Span } from '../text';
import type { CloudLiteral } from './cloud';

export type ArtifactIntent =
  | { readonly kind: 'set-restart'; readonly policy: 'unless-stopped' | 'always' | 'on-failure'; /** Wait before each start. */ readonly delaySeconds?: number }
  | { readonly kind: 'set-health-check'; readonly test: readonly string[]; readonly interval?: string; readonly timeout?: string; readonly retries?: number; readonly startPeriod?: string }
  | { readonly kind: 'set-start-condition'; readonly dependency: string; /** Further dependencies of the same workload. */ readonly also?: readonly string[]; readonly condition: 'service_healthy' | 'service_completed_successfully' }
  | { readonly kind: 'set-memory-limit'; readonly memory: string; readonly cpuRequest?: string }
  | { readonly kind: 'set-cpu-request'; readonly cpu: string }
  | { readonly kind: 'set-stop-grace-period'; readonly seconds: number }
  | { readonly kind: 'set-instances'; readonly count: number }
  | { readonly kind: 'remove-instances' }
  | { readonly kind: 'set-probe'; readonly probe: 'readiness' | 'liveness' | 'startup'; readonly handler: { readonly kind: 'http'; readonly path: string; readonly port: number | string } | { readonly kind: 'tcp'; readonly port: number | string } | { readonly kind: 'exec'; readonly command: readonly string[] }; readonly periodSeconds?: number; readonly timeoutSeconds?: number; readonly failureThreshold?: number }
  | { readonly kind: 'set-probe-field'; readonly probe: 'readiness' | 'liveness' | 'startup'; readonly field: 'initialDelaySeconds' | 'periodSeconds' | 'timeoutSeconds' | 'failureThreshold' | 'successThreshold' | 'port' | 'path'; readonly value: number | string }
  | { readonly kind: 'add-spread'; readonly topologyKey: string; readonly labels: Readonly<Record<string, string>> }
  | { readonly kind: 'add-disruption-budget'; readonly name: string; readonly labels: Readonly<Record<string, string>>; readonly namespace?: string; readonly maxUnavailable: number }
  | { readonly kind: 'set-budget'; readonly maxUnavailable: number }
  | { readonly kind: 'add-pre-stop'; readonly seconds: number }
  | { readonly kind: 'set-rollout'; readonly strategy: 'rolling' | 'recreate'; readonly maxUnavailable?: number; readonly maxSurge?: number }
  | { readonly kind: 'add-autoscaler'; readonly name: string; readonly targetKind: string; readonly namespace?: string; readonly min: number; readonly max: number }
  | { readonly kind: 'set-autoscaler-min'; readonly count: number }
  | { readonly kind: 'set-autoscaler-max'; readonly count: number }
  /** Whether a Service names instances that are not ready. */
  | { readonly kind: 'set-publishes-not-ready'; readonly value: boolean }
  | { readonly kind: 'set-selector'; readonly labels: Readonly<Record<string, string>> }
  | { readonly kind: 'add-volume'; readonly volume: string; readonly target: string }
  | { readonly kind: 'set-mount-target'; readonly from: string; readonly to: string }
  | { readonly kind: 'set-command'; readonly instruction: 'CMD' | 'ENTRYPOINT'; readonly argv: readonly string[] }
  /** Sets what stands at a path of the file's own tree (YAML, JSON), making the maps on the way: a Helm value, a key of a workflow. */
  | { readonly kind: 'set-value'; readonly path: readonly (string | number)[]; readonly value: CloudLiteral }
  | { readonly kind: 'remove-value'; readonly path: readonly (string | number)[] }
  /** Sets a property of a cloud resource, in the dialect's own spelling and with its blocks: `['deployment_circuit_breaker', 'enable']`. */
  | { readonly kind: 'set-property'; readonly path: readonly (string | number)[]; readonly value: CloudLiteral }
  | { readonly kind: 'remove-property'; readonly path: readonly (string | number)[] }
  /** Adds a cloud resource of the same dialect behind the one that the operation names. `properties` are spelled as the dialect spells them. */
  | { readonly kind: 'add-resource'; readonly type: string; readonly name: string; readonly properties: { readonly [key: string]: CloudLiteral } }
  /** Sets an option of a line- or block-based configuration (nginx, HAProxy, systemd, Caddyfile) in the section of the resource: `proxy_read_timeout` `30s`. */
  | { readonly kind: 'set-directive'; readonly name: string; readonly value: string; /** Section where it goes, if not the resource's own: `Unit`. */ readonly section?: string }
  | { readonly kind: 'replace-text'; readonly span: Span; readonly text: string };
