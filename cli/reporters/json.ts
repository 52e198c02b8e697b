// The JSON format, documented in docs/json-format.md. A field is added without a new version; a field that goes or changes its meaning makes one.

import type { Finding } from '../../engine/lint/finding';
import { ENGINE_VERSION } from '../../engine/version';
import { countBySeverity, countFixable, type Report } from '../report';
import { newByTypes } from './summary';
import { errorLine, locationRange, rangeOf, writtenFixes } from './places';

/** Version of the format's shape. */
const JSON_VERSION = 1;

/** The report as JSON text with a line break at its end. Neither times nor paths of the machine stand in it. */
export async function jsonReport(report: Report): Promise<string> {
  const { result, sourceOf } = report;
  const { statistics } = result;
  const findings: unknown[] = [];
  for (const finding of report.shown) findings.push(await findingJson(finding, report));
  const suppressed: unknown[] = [];
  for (const { finding, reason, peer } of result.suppressed) suppressed.push({ id: finding.fingerprint, rule: finding.rule, variant: finding.messageId, severity: finding.severity, message: finding.message, ...locationRange(finding.at, sourceOf), reason, ...(peer === undefined ? {} : { peer }) });
  const document = {
    version: JSON_VERSION,
    tool: { name: 'holdfast', version: ENGINE_VERSION },
    exitCode: report.exitCode,
    findings,
    suppressed,
    problems: result.problems.map(({ file, extent, because, span }) => ({ file, extent, because, ...(span ? { range: rangeOf(span, sourceOf(file)) } : {}) })),
    configurationProblems: result.configurationProblems.map(({ file, span, message, nearest }) => ({ file, range: rangeOf(span, sourceOf(file)), message, ...(nearest === undefined ? {} : { nearest }) })),
    failures: result.failures.map(({ rule, file, error }) => ({ rule, ...(file === undefined ? {} : { file }), error: errorLine(error) })),
    unknown: report.unknowns,
    summary: {
      files: statistics.files,
      codeFiles: statistics.codeFiles,
      infrastructureFiles: statistics.infrastructureFiles,
      workloads: statistics.workloads,
      stores: statistics.stores,
      unknownValues: statistics.unknownValues,
      severities: Object.fromEntries(countBySeverity(report.shown).map(({ severity, count }) => [severity, count])),
      fixable: countFixable(report.shown),
      hiddenAdvice: report.hiddenAdvice,
      hiddenByQuiet: report.hiddenByQuiet,
      hasConfiguration: result.hasConfiguration,
      ...(result.types ? { types: { calls: result.types.calls, findings: newByTypes(report, result.types) } } : {}),
    },
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

async function findingJson(finding: Finding, report: Report): Promise<unknown> {
  const { sourceOf } = report;
  const fixes = await writtenFixes(finding, report);
  return {
    id: finding.fingerprint,
    rule: finding.rule,
    variant: finding.messageId,
    severity: finding.severity,
    message: finding.message,
    ...(finding.label === undefined ? {} : { label: finding.label }),
    ...locationRange(finding.at, sourceOf),
    subject: finding.subject,
    related: finding.related.map(({ at, text }) => ({ ...locationRange(at, sourceOf), message: text })),
    more: { noun: finding.moreNoun, places: finding.more.map((at) => locationRange(at, sourceOf)) },
    fixes: fixes.map(({ fix, edits }) => ({ title: fix.title, safety: fix.safety, edits })),
  };
}
