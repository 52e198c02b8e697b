// Stage four: runs the rules over the linked workspace and makes findings of their reports. A rule that throws is reported once and ends nothing.

import type { LinkedWorkspace } from '../link';
import type { Location } from '../text';
import { hash6 } from '../hash';
import { optionDefaults } from './options';
import type { EffectiveConfiguration } from './configuration';
import type { Finding, Severity } from './finding';
import type { Message, Report, Rule } from './rule';

/** A fault of Holdfast itself, for the user to pass on. */
export interface RuleFailure {
  readonly rule: string;
  readonly file: string | undefined;
  readonly error: string;
}

export interface RunResult {
  /** Sorted by file, place and rule; suppressions are not yet applied. */
  readonly findings: readonly Finding[];
  readonly failures: readonly RuleFailure[];
  /** Milliseconds of each rule, empty without a clock. */
  readonly timings: ReadonlyMap<string, number>;
}

/** Runs `rules`; `configurationOf` gives the settings of a file. Cost: the sum of the rules' own, each linear in facts or model. */
export function runRules(workspace: LinkedWorkspace, rules: readonly Rule[], configurationOf: (file: string) => EffectiveConfiguration, clock?: () => number): RunResult {
  const findings: Finding[] = [];
  const failures: RuleFailure[] = [];
  const timings = new Map<string, number>();
  for (const rule of rules) {
    const defaults = optionDefaults(rule);
    const values = new Map<EffectiveConfiguration, Readonly<Record<string, unknown>>>();
    const start = clock?.() ?? 0;
    const report = (finding: Report): void => {
      const made = makeFinding(rule, finding, configurationOf(finding.at.file));
      if (made) findings.push(made);
    };
    const context = {
      code: workspace.code,
      system: workspace.system,
      resolve: workspace.resolve,
      options: (file: string): never => {
        const configuration = configurationOf(file);
        const known = values.get(configuration) ?? { ...defaults, ...configuration.options.get(rule.id) };
        values.set(configuration, known);
        return known as never;
      },
      budgets: (file: string) => configurationOf(file).budgets,
      report,
    };
    if (rule.reads === 'code') {
      for (const file of workspace.code.files) {
        if (severityOf(rule, rule.severity, configurationOf(file.path)) === 'off') continue;
        attempt(() => rule.check({ ...context, file }), rule.id, file.path);
      }
      if (rule.checkSystem) attempt(() => rule.checkSystem?.(context), rule.id, undefined);
    } else {
      attempt(() => rule.check(context), rule.id, undefined);
    }
    if (clock) timings.set(rule.id, clock() - start);
  }
  return { findings: withFingerprints(withoutRepeats(findings)), failures, timings };

  function attempt(check: () => void, rule: string, file: string | undefined): void {
    try {
      check();
    } catch (error) {
      // Once is enough: it will fail in the same way on the next file.
      if (failures.some((failure) => failure.rule === rule)) return;
      failures.push({ rule, file, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  }
}

/** The severity that holds for a finding: the configuration's, else the finding's own, else the message's, else the rule's. */
export function severityOf(rule: Rule, own: Severity, configuration: EffectiveConfiguration): Severity | 'off' {
  const configured = configuration.severities.get(rule.id);
  if (configured !== undefined) return configured;
  if (rule.isOffByDefault && configuration.preset !== 'all') return 'off';
  return own;
}

/** A finding of a report; undefined where the configuration switches it off. Its fingerprint is made by `withFingerprints`. */
export function makeFinding(rule: Rule, report: Report, configuration: EffectiveConfiguration): Finding | undefined {
  const template = rule.messages[report.message];
  if (template === undefined) throw new Error(`${rule.id} has no message ${report.message}`);
  const message: Message = typeof template === 'string' ? { text: template } : template;
  const severity = severityOf(rule, report.severity ?? message.severity ?? rule.severity, configuration);
  if (severity === 'off') return undefined;
  return {
    rule: rule.id,
    messageId: report.message,
    severity,
    message: fill(message.text, report.data ?? {}),
    ...(report.label === undefined ? {} : { label: fill(report.label, report.data ?? {}) }),
    at: report.at,
    related: report.related ?? [],
    more: report.more ?? [],
    moreNoun: report.moreNoun ?? 'places',
    fixes: report.fixes ?? [],
    subject: report.subject,
    fingerprint: '',
  };
}

/** Fills `{name}` places. */
export function fill(template: string, data: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => (name in data ? String(data[name]) : whole));
}

const WEIGHT: readonly Severity[] = ['advice', 'info', 'warning', 'error'];

/** One place that several overlays deploy is found once, as severe as the worst of them has it. */
function withoutRepeats(findings: readonly Finding[]): Finding[] {
  const worst = new Map<string, Finding>();
  for (const finding of findings) {
    const key = `${finding.rule}\0${finding.messageId}\0${finding.at.file}\0${finding.at.span.join()}\0${finding.subject}`;
    const known = worst.get(key);
    if (!known || WEIGHT.indexOf(finding.severity) > WEIGHT.indexOf(known.severity)) worst.set(key, finding);
  }
  return [...worst.values()];
}

/** Order of findings in every output: file, place, rule, variant, subject. */
export function compareFindings(a: Finding, b: Finding): number {
  return compareLocation(a.at, b.at) || compareText(a.rule, b.rule) || compareText(a.messageId, b.messageId) || compareText(a.subject, b.subject);
}

/** Sorts findings and gives each its fingerprint. */
export function withFingerprints(findings: readonly Finding[]): Finding[] {
  const sorted = [...findings].sort(compareFindings);
  const seen = new Map<string, number>();
  return sorted.map((finding) => {
    const key = `${finding.rule}\0${finding.at.file}\0${finding.subject}`;
    const count = seen.get(key) ?? 0;
    seen.set(key, count + 1);
    return { ...finding, fingerprint: hash6(count === 0 ? key : `${key}\0${count}`) };
  });
}

/** Order of places: file, start, end. */
export function compareLocation(a: Location, b: Location): number {
  return compareText(a.file, b.file) || a.span[0] - b.span[0] || a.span[1] - b.span[1];
}

/** Order by UTF-16 code units, the same on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
