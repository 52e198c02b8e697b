// The configuration as rules and stages see it, after files are found, merged and checked.

import type { LibraryEntry } from '../../catalog/schema';
import type { Severity } from './finding';

/** Values that fixes insert, in ms unless the name says otherwise. */
export interface Budgets {
  readonly http: number;
  readonly query: number;
  readonly connect: number;
  readonly acquire: number;
  readonly sdk: number;
  readonly process: number;
  readonly socket: number;
  readonly attempts: number;
  readonly concurrency: number;
  readonly prefetch: number;
  readonly memory: string;
  readonly cpu: string;
  readonly instances: number;
}

export const DEFAULT_BUDGETS: Budgets = {
  http: 5_000,
  query: 10_000,
  connect: 5_000,
  acquire: 5_000,
  sdk: 10_000,
  process: 30_000,
  socket: 30_000,
  attempts: 3,
  concurrency: 10,
  prefetch: 20,
  memory: '512Mi',
  cpu: '100m',
  instances: 2,
};

/** What is read at most. */
export interface Limits {
  /** Bytes of one file; larger ones are named as not read. */
  readonly file: number;
  /** Longest line of a code file, in UTF-16 units; a file with a longer one counts as generated. */
  readonly line: number;
  readonly files: number;
}

export const DEFAULT_LIMITS: Limits = { file: 2_000_000, line: 20_000, files: 200_000 };

export type Preset = 'recommended' | 'strict' | 'all';

/** The settings that hold for one file. */
export interface EffectiveConfiguration {
  readonly preset: Preset;
  /** Severity by full rule id, where the configuration sets one. */
  readonly severities: ReadonlyMap<string, Severity | 'off'>;
  /** Option values by full rule id, checked, durations in ms. */
  readonly options: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  readonly budgets: Budgets;
  readonly limits: Limits;
  readonly clients: readonly LibraryEntry[];
  /** Whether findings that other linters are told to accept are accepted here too; absent = yes. */
  readonly peerSuppressions?: boolean;
}

/** An error in a configuration file; the rest of it still holds. */
export interface ConfigurationProblem {
  readonly file: string;
  /** UTF-16 offsets of the key or value. */
  readonly span: readonly [number, number];
  /** `there is no rule \`fault-tolerance/require-timeouts\`` */
  readonly message: string;
  /** `require-timeout` where one is near. */
  readonly nearest?: string;
}
