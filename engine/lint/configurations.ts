// All configurations of a workspace: which file's settings hold for which path.

import type { LibraryEntry } from '../../catalog/schema';
import { DEFAULT_BUDGETS, DEFAULT_LIMITS, type ConfigurationProblem, type EffectiveConfiguration } from './configuration';
import type { Severity } from './finding';
import type { Rule } from './rule';

export interface Configurations {
  /** Changes when any setting may have changed. */
  readonly key: string;
  readonly isPresent: boolean;
  readonly problems: readonly ConfigurationProblem[];
  /** Clients of all configuration files: the catalogue is one for the whole workspace, since a client of one folder may be used in another. */
  readonly clients: readonly LibraryEntry[];
  /** The settings of one file. */
  of(path: string): EffectiveConfiguration;
  /** Whether `ignore` of its configuration leaves the file out. */
  ignores(path: string): boolean;
}

export interface ConfigurationSource {
  /** All files of the workspace. */
  readonly files: readonly string[];
  /** Folders above the root, nearest first. */
  readonly above: readonly string[];
  read(path: string): string | undefined;
  stampOf(path: string): string | undefined;
  readonly rules: readonly Rule[];
  /** Severities that the host sets on top of every file's. */
  readonly severities: ReadonlyMap<string, Severity | 'off'>;
  /** The one file to use for everything. */
  readonly only?: string;
  /** Given back when nothing has changed. */
  readonly previous: Configurations;
}

const DEFAULT: EffectiveConfiguration = { preset: 'recommended', severities: new Map(), options: new Map(), budgets: DEFAULT_BUDGETS, limits: DEFAULT_LIMITS, clients: [] };

/** What holds before anything is read. */
export const DEFAULT_CONFIGURATIONS: Configurations = { key: '', isPresent: false, problems: [], clients: [], of: () => DEFAULT, ignores: () => false };

/** Finds, reads and checks every configuration file. */
export async function loadConfigurations(source: ConfigurationSource): Promise<Configurations> {
  return source.previous;
}
