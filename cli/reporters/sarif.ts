// SARIF 2.1.0 (OASIS): the interchange format of code scanning. Addresses are relative to the working folder, columns are UTF-16 code units.

import type { Finding, Severity } from '../../engine/lint/finding';
import type { Message, Rule } from '../../engine/lint/rule';
import type { Location } from '../../engine/text';
import { ENGINE_VERSION } from '../../engine/version';
import type { Report } from '../report';
import { errorLine, rangeOf, writtenFixes, type Range, type WrittenFix } from './places';

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';
const MOST_RULES = 1_000;

const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = { error: 'error', warning: 'warning', info: 'note', advice: 'note' };
const SAFETY: Readonly<Record<WrittenFix['fix']['safety'], string>> = { safe: 'safe', unsafe: 'unsafe: can change behaviour', 'by-hand': 'by hand' };

/** The report as SARIF text with a line break at its end. */
export async function sarifReport(report: Report): Promise<string> {
  const { result } = report;
  const used = [...new Set([...report.rules.map((rule) => rule.id), ...report.shown.map(({ rule }) => rule), ...result.suppressed.map(({ finding }) => finding.rule)])].slice(0, MOST_RULES);
  const ruleIndex = new Map(used.map((id, index) => [id, index]));
  const results: unknown[] = [];
  for (const finding of report.shown) results.push(await resultOf(finding, report, ruleIndex));
  for (const { finding, reason } of result.suppressed) results.push({ ...(await resultOf(finding, report, ruleIndex)), suppressions: [{ kind: 'inSource', status: 'accepted', justification: reason }] });
  const run = {
    tool: {
      driver: {
        name: 'Holdfast',
        version: ENGINE_VERSION,
        semanticVersion: ENGINE_VERSION,
        rules: used.map((id) => ruleOf(id, report.rules.find((rule) => rule.id === id))),
      },
    },
    columnKind: 'utf16CodeUnits',
    invocations: [invocationOf(report)],
    results,
  };
  return `${JSON.stringify({ $schema: SCHEMA, version: '2.1.0', runs: [run] }, undefined, 2)}\n`;
}

function ruleOf(id: string, rule: Rule | undefined): Readonly<Record<string, unknown>> {
  const name = (id.split('/')[1] ?? id).replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
  if (!rule) return { id, name };
  return {
    id,
    name,
    shortDescription: { text: rule.docs.what },
    fullDescription: { text: `${rule.docs.what} ${rule.docs.why}` },
    help: { text: `${rule.docs.what}\n\nWhy: ${rule.docs.why}\n\nFix: ${rule.docs.fix}\n\nNot reported: ${rule.docs.not}`, markdown: `# ${id}\n\n${rule.docs.what}\n\n**Why** ${rule.docs.why}\n\n**Fix** ${rule.docs.fix}\n\n**Not reported** ${rule.docs.not}\n` },
    messageStrings: Object.fromEntries(Object.entries<Message | string>(rule.messages).map(([variant, message]) => [variant, { text: escapeBraces(typeof message === 'string' ? message : message.text) }])),
    defaultConfiguration: { enabled: rule.isOffByDefault !== true, level: LEVELS[rule.severity] },
    properties: { tags: ['reliability', id.split('/')[0] ?? id], severity: rule.severity, fault: rule.fault, since: rule.since },
  };
}

/** Our places have names, those of SARIF numbers: a brace stands for itself when doubled. */
function escapeBraces(text: string): string {
  return text.replace(/[{}]/g, (brace) => brace + brace);
}

async function resultOf(finding: Finding, report: Report, ruleIndex: ReadonlyMap<string, number>): Promise<Readonly<Record<string, unknown>>> {
  const fixes = (await writtenFixes(finding, report)).filter(({ edits }) => edits.length > 0);
  const related = [
    ...finding.related.map(({ at, text }) => physical(at, report, text)),
    ...finding.more.map((at) => physical(at, report, `one of the ${finding.moreNoun} with the same cause`)),
  ].map((location, id) => ({ id, ...location }));
  const crossesFiles = finding.related.some(({ at }) => at.file !== finding.at.file);
  return {
    ruleId: finding.rule,
    ruleIndex: ruleIndex.get(finding.rule) ?? -1,
    level: LEVELS[finding.severity],
    message: { text: finding.message, id: finding.messageId },
    locations: [physical(finding.at, report, finding.label)],
    partialFingerprints: { 'holdfast/v1': finding.fingerprint },
    ...(related.length > 0 ? { relatedLocations: related } : {}),
    ...(crossesFiles ? { codeFlows: [codeFlow(finding, report)] } : {}),
    ...(fixes.length > 0 ? { fixes: fixes.map((fix) => fixOf(fix, report)) } : {}),
    properties: { severity: finding.severity, subject: finding.subject },
  };
}

/** The evidence in the order of its story: reasons first, the place that the finding points at last. */
function codeFlow(finding: Finding, report: Report): unknown {
  const steps = [...finding.related.map(({ at, text }) => physical(at, report, text)), physical(finding.at, report, finding.label ?? finding.message)];
  return { threadFlows: [{ locations: steps.map((location) => ({ location })) }] };
}

function physical(at: Location, report: Report, text: string | undefined): Readonly<Record<string, unknown>> {
  return {
    physicalLocation: { artifactLocation: artifact(at.file, report), region: region(rangeOf(at.span, report.sourceOf(at.file))) },
    ...(text === undefined ? {} : { message: { text } }),
  };
}

function artifact(file: string, report: Report): { uri: string } {
  const prefix = report.rootFromWorkingFolder;
  return { uri: uriOf(prefix === undefined || prefix === '' ? file : `${prefix}/${file}`) };
}

/** A relative reference: each segment percent-encoded, so that no name can be read as a scheme, query or fragment. */
export function uriOf(path: string): string {
  return path.split('/').map((segment) => encodeURIComponent(segment.replace(/\p{Cs}/gu, '\ufffd'))).join('/');
}

function region(range: Range): Readonly<Record<string, number>> {
  return { startLine: range.start.line, startColumn: range.start.column, endLine: range.end.line, endColumn: range.end.column };
}

function fixOf({ fix, edits }: WrittenFix, report: Report): unknown {
  const files = [...new Set(edits.map(({ file }) => file))];
  return {
    description: { text: `${fix.title} (${SAFETY[fix.safety]})` },
    artifactChanges: files.map((file) => ({
      artifactLocation: artifact(file, report),
      replacements: edits.filter((edit) => edit.file === file).map(({ range, text }) => ({ deletedRegion: region(range), insertedContent: { text } })),
    })),
  };
}

function invocationOf(report: Report): unknown {
  const { result, sourceOf } = report;
  const at = (file: string, span: readonly [number, number] | undefined): { locations: unknown[] } => ({
    locations: [{ physicalLocation: { artifactLocation: artifact(file, report), ...(span ? { region: region(rangeOf(span, sourceOf(file))) } : {}) } }],
  });
  const execution = [
    ...result.problems.map(({ file, extent, because, span }) => ({ level: 'warning', message: { text: `${extent === 'not-read' ? 'Not read' : 'Read in part'}: ${because}` }, descriptor: { id: extent }, ...at(file, span) })),
    ...result.failures.map(({ rule, file, error }) => ({ level: 'error', message: { text: `Holdfast failed in ${rule}: ${errorLine(error)}` }, descriptor: { id: 'failure' }, associatedRule: { id: rule }, ...(file === undefined ? {} : at(file, undefined)) })),
  ];
  const configuration = result.configurationProblems.map(({ file, span, message }) => ({ level: 'error', message: { text: message }, descriptor: { id: 'configuration' }, ...at(file, span) }));
  return {
    executionSuccessful: report.exitCode !== 2,
    exitCode: report.exitCode,
    ...(execution.length > 0 ? { toolExecutionNotifications: execution } : {}),
    ...(configuration.length > 0 ? { toolConfigurationNotifications: configuration } : {}),
  };
}
