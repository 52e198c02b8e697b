// What one Dockerfile says, stage by stage, as plain data with spans. Build arguments with defaults are put in; nothing here knows another file.

import type { Suppression } from '../../lint/suppression';
import type { Span } from '../../text';

export interface DockerfileFacts {
  readonly kind: 'dockerfile';
  readonly path: string;
  readonly suppressions: readonly Suppression[];
  readonly stages: readonly DockerfileStage[];
}

export interface DockerfileStage {
  /** Name after `AS`, in lower case. */
  readonly name?: string;
  /** The word `FROM`. */
  readonly fromSpan: Span;
  /** Base image with build arguments put in; undefined where one has no default. */
  readonly base: string | undefined;
  /** Index of the earlier stage that `FROM` names. */
  readonly baseStage?: number;
  /** The last of its kind in the stage counts, as Docker has it. */
  readonly command?: DockerfileCommand;
  readonly entrypoint?: DockerfileCommand;
  readonly healthCheck?: DockerfileHealthCheck;
  readonly ports: readonly number[];
  readonly environment: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly stopSignal?: string;
  /** `SHELL` of the stage. */
  readonly shell?: readonly string[];
  /** Programs that the stage brings: packages installed, files copied from elsewhere, tools that a RUN calls by name. */
  readonly installs: readonly string[];
  /** Packages that it removes. */
  readonly removes: readonly string[];
}

export interface DockerfileCommand {
  readonly form: 'exec' | 'shell';
  /** Exec form: its words. Shell form: the words as far as no shell is needed to split them. */
  readonly argv: readonly string[];
  /** Text as written, continuation lines joined. */
  readonly text: string;
  /** Written with brackets, but no JSON: Docker takes it for the shell form. */
  readonly isBrokenJson: boolean;
  /** The instruction's word. */
  readonly span: Span;
}

export interface DockerfileHealthCheck {
  readonly isDisabled: boolean;
  readonly command?: DockerfileCommand;
  readonly interval?: string;
  readonly timeout?: string;
  readonly startPeriod?: string;
  readonly retries?: number;
  readonly span: Span;
}
