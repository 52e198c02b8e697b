// What a run has to say, before any format gives it a shape: which findings are shown, what was left out, and the exit code.

import type { EffectiveConfiguration } from '../engine/lint/configuration';
import { SEVERITIES, type Finding, type Severity } from '../engine/lint/finding';
import type { Fix } from '../engine/lint/fix';
import type { Rule } from '../engine/lint/rule';
import type { TextEdit } from '../engine/text';
import type { LintResult } from '../engine/workspace';
import type { SourceOf } from './source';

export interface Report {
  readonly result: LintResult;
  /** Findings that the format prints, in order. */
  readonly shown: readonly Finding[];
  /** Advice that was counted and not shown. */
  readonly hiddenAdvice: number;
  /** Findings below error that `--quiet` leaves out. */
  readonly hiddenByQuiet: number;
  readonly exitCode: ExitCode;
  readonly rules: readonly Rule[];
  readonly sourceOf: SourceOf;
  readonly editsOf: (fix: Fix) => Promise<ReadonlyMap<string, readonly TextEdit[]> | undefined>;
  /** Values that were not known, by file. */
  readonly unknowns: readonly { readonly file: string; readonly count: number }[];
  /** From the working folder to the folder that was linted, with `/`; empty where they are the same, undefined where the one does not hold the other. */
  readonly rootFromWorkingFolder: string | undefined;
}

export type ExitCode = 0 | 1 | 2;

export interface Visibility {
  readonly advice: boolean;
  readonly quiet: boolean;
  readonly configurationOf: (file: string) => EffectiveConfiguration;
}

/** Parts findings into those to print and those only counted. Advice is printed on demand and in the stricter presets. */
export function visibleFindings(findings: readonly Finding[], visibility: Visibility): { shown: Finding[]; hiddenAdvice: number; hiddenByQuiet: number } {
  const shown: Finding[] = [];
  let hiddenAdvice = 0;
  let hiddenByQuiet = 0;
  for (const finding of findings) {
    if (finding.severity === 'advice' && !visibility.advice && visibility.configurationOf(finding.at.file).preset === 'recommended') hiddenAdvice++;
    else if (visibility.quiet && finding.severity !== 'error') hiddenByQuiet++;
    else shown.push(finding);
  }
  return { shown, hiddenAdvice, hiddenByQuiet };
}

export interface Threshold {
  readonly failOn: Severity;
  /** Warnings up to this number do not fail. */
  readonly maxWarnings: number | undefined;
}

/** 2 where anything was not read, not configured or failed; else 1 where a finding reaches the threshold; else 0. Hidden findings count like shown ones. */
export function exitCodeOf(result: Pick<LintResult, 'findings' | 'problems' | 'configurationProblems' | 'failures'>, threshold: Threshold): ExitCode {
  if (result.failures.length > 0 || result.configurationProblems.length > 0 || result.problems.length > 0) return 2;
  return reaches(result.findings, threshold) ? 1 : 0;
}

function reaches(findings: readonly Finding[], { failOn, maxWarnings }: Threshold): boolean {
  const most = SEVERITIES.indexOf(failOn);
  let warnings = 0;
  let others = 0;
  for (const { severity } of findings) {
    if (severity === 'warning') warnings++;
    else if (SEVERITIES.indexOf(severity) <= most) others++;
  }
  const warningsFail = maxWarnings === undefined ? failOn !== 'error' && warnings > 0 : warnings > maxWarnings;
  return others > 0 || warningsFail;
}

/** How many findings have a severity, in the order of severities; zeros left out. */
export function countBySeverity(findings: readonly Finding[]): { severity: Severity; count: number }[] {
  return SEVERITIES.map((severity) => ({ severity, count: findings.filter((finding) => finding.severity === severity).length })).filter(({ count }) => count > 0);
}

/** How many findings have a first fix of a kind that a command line can apply. */
export function countFixable(findings: readonly Finding[]): { safe: number; unsafe: number } {
  let safe = 0;
  let unsafe = 0;
  for (const { fixes } of findings) {
    if (fixes[0]?.safety === 'safe') safe++;
    else if (fixes[0]?.safety === 'unsafe') unsafe++;
  }
  return { safe, unsafe };
}
