// Jobs of pipelines in the model: how long they may run, what their steps do, whose failure is dropped, and whether two runs can meet.

import type { WorkloadRole } from '../../catalog/schema';
import type { Location } from '../text';
import type { Environment } from './environment';
import type { ArtifactFormat, ResourceRef } from './resource';
import type { Setting } from './setting';

export interface CiJob {
  readonly name: string;
  readonly format: ArtifactFormat;
  readonly at: Location;
  readonly resource: ResourceRef;
  /** Where the pipeline's file lies, by its folders. */
  readonly environment: Environment;
  readonly timeoutMs: Setting<number>;
  /** Path of the workflow that it calls; it then has no steps of its own. */
  readonly calls?: string;
  readonly steps: readonly CiStep[];
  readonly ignoresFailure: Setting<boolean>;
  /** Events that start its pipeline: `push`, `tag` (a push of tags alone), `pull_request`, `call`, `manual`, `schedule`; empty where they are not known. */
  readonly triggers: readonly string[];
  /** What keeps two runs apart, on the job or its pipeline. `cancels`: a newer run stops the one at work; undefined where an expression decides. */
  readonly concurrency: Setting<{ readonly cancels?: boolean }>;
  /** Name of the environment that it deploys to, where it says one. */
  readonly target?: string;
  /** Several runs of it are one: a matrix. */
  readonly isMatrix: boolean;
  readonly services: readonly CiService[];
  /** It runs only when a person starts it. */
  readonly isManual: boolean;
}

export interface CiStep {
  readonly name: string;
  /** Its name, or its first line. */
  readonly at: Location;
  readonly resource: ResourceRef;
  /** The action that it uses, without its version. */
  readonly uses?: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly commands: readonly CiCommand[];
  readonly timeoutMs: Setting<number>;
  readonly ignoresFailure: Setting<boolean>;
  /** A later step or job asks how it ended. */
  readonly isOutcomeRead: boolean;
}

export interface CiCommand {
  readonly words: readonly string[];
  readonly at: Location;
  /** The place of a `|| true` behind it. */
  readonly ignored?: Location;
}

/** A container beside the job: a database for its tests. */
export interface CiService {
  readonly name: string;
  readonly at: Location;
  readonly resource: ResourceRef;
  readonly image: Setting<string>;
  /** Options of its container, as written. */
  readonly options: Setting<string>;
  /** What the catalogue knows of its image. */
  readonly known?: { readonly role: WorkloadRole; readonly hasHealthCheck: boolean; /** Words of a command that tells whether it answers. */ readonly healthCommand?: string };
}
