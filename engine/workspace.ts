// A workspace over time: files, overlays of open documents, and facts by content. The one entry of every host: the same files and configuration give the same findings in CLI and editor.

import type { LibraryEntry } from '../catalog/schema';
import type { TypeSource } from './code/type-source';
import type { FileProblem } from './facts';
import type { FactsCache, Host } from './host';
import type { LinkedWorkspace } from './link';
import type { ConfigurationProblem, EffectiveConfiguration } from './lint/configuration';
import type { Finding } from './lint/finding';
import type { SuppressedFinding } from './lint/suppress';
import type { Fix } from './lint/fix';
import type { Rule } from './lint/rule';
import type { RuleFailure } from './lint/run';
import type { TextEdit } from './text';

export { createWorkspace } from './workspace/create-workspace';

export interface WorkspaceOptions {
  readonly host: Host;
  readonly rules: readonly Rule[];
  readonly cache?: FactsCache;
  /** A configuration file to use for every file instead of the nearest ones, relative to the root. */
  readonly configurationFile?: string;
  /** Severities that a host sets on top (`--rule id=severity`). */
  readonly severities?: ReadonlyMap<string, Finding['severity'] | 'off'>;
  /** Today as ISO date, for suppressions with an end; the engine has no clock of its own. */
  readonly today?: string;
  /** Milliseconds of any clock, for `timings`; the engine has none of its own. */
  readonly clock?: () => number;
  /** A type checker for what bindings leave open. Absent = none is asked, and none is loaded. */
  readonly types?: TypeSource;
  /** `false` parses every code file; only for tests of the prefilter. */
  readonly usesPrefilter?: boolean;
}

export interface LintOptions {
  /** Report only on these files or folders (relative); the model is still of everything. Empty = all. */
  readonly paths?: readonly string[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly phase: 'list' | 'read' | 'link' | 'rules'; readonly done: number; readonly total: number }) => void;
}

export interface Statistics {
  readonly files: number;
  /** All files that the host found, also those that nothing here reads. */
  readonly seenFiles: number;
  readonly codeFiles: number;
  readonly infrastructureFiles: number;
  /** Code files that the prefilter let through to the parser. */
  readonly parsedFiles: number;
  readonly cachedFiles: number;
  readonly workloads: number;
  readonly stores: number;
  readonly unknownValues: number;
  /** Milliseconds by phase and by rule, only where a clock was given. */
  readonly timings: Readonly<Record<string, number>>;
}

export interface TypeOutcome {
  /** Calls whose receiver only the types tell. */
  readonly calls: number;
  /** Fingerprints of findings that were not there without them. */
  readonly findings: ReadonlySet<string>;
  /** Files that were not asked about: no packages are installed above them. */
  readonly withoutPackages: number;
}

export interface LintResult {
  /** Sorted; suppressed ones left out, findings about suppressions included. */
  readonly findings: readonly Finding[];
  readonly suppressed: readonly SuppressedFinding[];
  readonly problems: readonly FileProblem[];
  readonly configurationProblems: readonly ConfigurationProblem[];
  readonly failures: readonly RuleFailure[];
  readonly statistics: Statistics;
  /** What a type checker added, where one was asked. */
  readonly types?: TypeOutcome;
  /** Whether any configuration file was found. */
  readonly hasConfiguration: boolean;
}

/** What applying fixes gives: the new text of each file that changes. */
export interface FixResult {
  readonly files: ReadonlyMap<string, { readonly before: string; readonly after: string }>;
  readonly applied: readonly { readonly finding: Finding; readonly fix: Fix }[];
  /** Fixes that overlap another one or whose place is gone: run again. */
  readonly left: readonly { readonly finding: Finding; readonly fix: Fix }[];
  /** Fixes after which the file would have had more syntax errors, or the finding would still have been there: a fault of ours, not applied. */
  readonly dropped: readonly { readonly finding: Finding; readonly fix: Fix }[];
}

export interface Workspace {
  /** Text of an open document instead of the file on disk; undefined = closed. */
  setOverlay(path: string, text: string | undefined): void;
  /** These files changed, appeared or went away on disk; empty = look at everything again. */
  invalidate(paths: readonly string[]): void;
  lint(options?: LintOptions): Promise<LintResult>;
  /** Current text of a file: the overlay, else the disk. */
  textOf(path: string): string | undefined;
  configurationOf(path: string): EffectiveConfiguration;
  /** Clients that configurations and installed packages describe, as the last lint found them. */
  readonly clients: readonly LibraryEntry[];
  /** The linked code and model of the last lint, for hover and others. */
  readonly linked: LinkedWorkspace | undefined;
  /** Edits of one fix on the current texts; undefined where its place is gone. */
  edits(fix: Fix): Promise<ReadonlyMap<string, readonly TextEdit[]> | undefined>;
  /** Applies the first fix of each finding that `accepts`, again and again until nothing changes (at most 10 rounds), in memory. */
  fixAll(findings: readonly Finding[], accepts: (finding: Finding, fix: Fix) => boolean, signal?: AbortSignal): Promise<FixResult>;
}
