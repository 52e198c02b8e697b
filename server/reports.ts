// Findings of one run as diagnostics by file, with a result id that changes exactly when the diagnostics do.

import { createHash } from 'node:crypto';
import { DiagnosticSeverity, DiagnosticTag, type Diagnostic, type DiagnosticRelatedInformation, type Range } from 'vscode-languageserver/node';
import type { ConfigurationProblem } from '../engine/lint/configuration';
import type { Finding, Severity } from '../engine/lint/finding';
import type { LintResult } from '../engine/workspace';
import type { Location } from '../engine/text';
import type { ClientFeatures } from './client-features';
import { locate, toRange, type LocatedText } from './positions';
import { severityFor, type Settings } from './settings';

export interface FileReport {
  readonly path: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly resultId: string;
}

/** Everything the conversion needs to know besides the findings. */
export interface ReportContext {
  readonly settings: Settings;
  readonly features: ClientFeatures;
  readonly textOf: (path: string) => string | undefined;
  readonly uriOf: (path: string) => string;
  /** Address of a rule's page, where there is one that works without a network. */
  readonly pageOf: (rule: string) => string | undefined;
  readonly isShown: (path: string) => boolean;
}

/** Most related places of one diagnostic: more are noise in a list. */
const RELATED_LIMIT = 5;

const SEVERITY: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  advice: DiagnosticSeverity.Hint,
};

/** Reports of every file that has at least one diagnostic, by path. Linear in findings and in the texts of their files. */
export function buildReports(result: LintResult, context: ReportContext): ReadonlyMap<string, FileReport> {
  const texts = new Map<string, LocatedText>();
  const rangeOf = (at: Location): Range => {
    let located = texts.get(at.file);
    if (!located) texts.set(at.file, (located = locate(context.textOf(at.file) ?? '')));
    return toRange(located, at.span, context.features.encoding);
  };
  const byFile = new Map<string, Diagnostic[]>();
  const add = (path: string, diagnostic: Diagnostic): void => {
    const list = byFile.get(path);
    if (list) list.push(diagnostic);
    else byFile.set(path, [diagnostic]);
  };

  for (const group of groupByFileAndRule(shownFindings(result.findings, context)).values()) {
    const shown = group.slice(0, context.settings.maxPerFile);
    const hidden = group.length - shown.length;
    for (const [index, { finding, severity }] of shown.entries()) {
      const rest = index === shown.length - 1 && hidden > 0 ? ` And ${hidden} more in this file.` : '';
      add(finding.at.file, toDiagnostic(finding, severity, rest, rangeOf, context));
    }
  }
  for (const problem of result.configurationProblems) {
    if (context.isShown(problem.file)) add(problem.file, configurationDiagnostic(problem, rangeOf));
  }

  const reports = new Map<string, FileReport>();
  for (const [path, diagnostics] of byFile) {
    diagnostics.sort((a, b) => a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character);
    reports.set(path, { path, diagnostics, resultId: resultIdOf(diagnostics) });
  }
  return reports;
}

/** Equal for equal diagnostics, in any session. */
export function resultIdOf(diagnostics: readonly Diagnostic[]): string {
  return createHash('sha1').update(JSON.stringify(diagnostics)).digest('base64url').slice(0, 16);
}

interface ShownFinding {
  readonly finding: Finding;
  readonly severity: Severity;
}

function* shownFindings(findings: readonly Finding[], { settings, isShown }: ReportContext): Generator<ShownFinding> {
  for (const finding of findings) {
    if (!isShown(finding.at.file)) continue;
    const severity = severityFor(settings, finding.rule, finding.severity);
    if (severity === 'off' || (severity === 'advice' && !settings.showAdvice && !isAboutSuppression(finding))) continue;
    yield { finding, severity };
  }
}

function groupByFileAndRule(findings: Iterable<ShownFinding>): ReadonlyMap<string, ShownFinding[]> {
  const groups = new Map<string, ShownFinding[]>();
  for (const shown of findings) {
    const key = `${shown.finding.at.file}\0${shown.finding.rule}`;
    const group = groups.get(key);
    if (group) group.push(shown);
    else groups.set(key, [shown]);
  }
  return groups;
}

/** Findings about disabling comments: they are shown as unused text, not as weaknesses of the system. */
export function isAboutSuppression(finding: Finding): boolean {
  return finding.rule === 'suppressions' || finding.rule.startsWith('suppressions/') || finding.rule.endsWith('/suppressions');
}

function toDiagnostic(finding: Finding, severity: Severity, rest: string, rangeOf: (at: Location) => Range, context: ReportContext): Diagnostic {
  const { features } = context;
  const page = features.linksCodes ? context.pageOf(finding.rule) : undefined;
  const aboutSuppression = isAboutSuppression(finding);
  const related = features.relatedInformation ? relatedInformation(finding, rangeOf, context) : [];
  return {
    range: rangeOf(finding.at),
    severity: aboutSuppression && severity !== 'error' ? DiagnosticSeverity.Hint : SEVERITY[severity],
    source: 'holdfast',
    code: finding.rule,
    message: finding.message + rest,
    ...(page === undefined ? {} : { codeDescription: { href: page } }),
    ...(related.length === 0 ? {} : { relatedInformation: related }),
    ...(aboutSuppression && features.tagsUnnecessary ? { tags: [DiagnosticTag.Unnecessary] } : {}),
    data: { fingerprint: finding.fingerprint },
  };
}

function relatedInformation(finding: Finding, rangeOf: (at: Location) => Range, { uriOf }: ReportContext): DiagnosticRelatedInformation[] {
  const related: DiagnosticRelatedInformation[] = [];
  const add = (at: Location, message: string): void => {
    if (related.length < RELATED_LIMIT) related.push({ location: { uri: uriOf(at.file), range: rangeOf(at) }, message });
  };
  for (const { at, text } of finding.related) add(at, text);
  const first = finding.more[0];
  if (first) add(first, `${finding.more.length} more ${finding.moreNoun}`);
  return related;
}

function configurationDiagnostic(problem: ConfigurationProblem, rangeOf: (at: Location) => Range): Diagnostic {
  const nearest = problem.nearest === undefined ? '' : ` Nearest: \`${problem.nearest}\`.`;
  const text = problem.message.replace(/\.$/, '');
  return {
    range: rangeOf({ file: problem.file, span: problem.span }),
    severity: DiagnosticSeverity.Error,
    source: 'holdfast',
    code: 'configuration',
    message: `${text.charAt(0).toUpperCase()}${text.slice(1)}.${nearest}`,
  };
}
