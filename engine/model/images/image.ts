// What a Dockerfile builds.

import type { ImageShell } from '../../../catalog/schema';
import type { Location } from '../../text';
import type { HealthCheck } from '../probe';
import type { ResourceRef } from '../resource';
import type { Setting } from '../setting';

/** The final stage of a Dockerfile. */
export interface Image {
  readonly file: string;
  readonly resource: ResourceRef;
  /** Base image of the final stage, resolved through stages and ARG defaults. */
  readonly base: Setting<string>;
  readonly command: Setting<ImageCommand>;
  readonly entrypoint: Setting<ImageCommand>;
  readonly healthCheck: Setting<HealthCheck>;
  readonly ports: readonly number[];
  readonly stopSignal: Setting<string>;
  /** Packages and tools that a RUN of the final stage installs: `curl`, `tini`. */
  readonly installs: readonly string[];
  /** Packages and tools that the final stage removes. */
  readonly removes?: readonly string[];
  /** Workloads that run it. */
  readonly usedBy: readonly string[];
  readonly buildContext: string;
  /** What `/bin/sh` of its base is, where that is known. */
  readonly baseShell?: ImageShell;
  /** PID 1 is an init that forwards signals. */
  readonly hasInit?: boolean;
  /** `SHELL`, where it is set. */
  readonly shell?: readonly string[];
}

export interface ImageCommand {
  readonly form: 'exec' | 'shell';
  readonly argv: readonly string[];
  readonly text: string;
  readonly at: Location;
  /** The stage that says it: this image's last one, or one that it builds on. */
  readonly resource?: ResourceRef;
  /** Written with brackets, but no JSON: Docker takes it for the shell form. */
  readonly isBrokenJson?: boolean;
}
