// What programs read: SARIF against its schema, JSON against its documentation.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import type { LintResult } from '../engine/workspace';
import { jsonReport } from '../cli/reporters/json';
import { errorLine } from '../cli/reporters/places';
import { sarifReport, uriOf } from '../cli/reporters/sarif';
import { charge, finding, inversion, place, readiness, report, result, SHOP } from './cli-sample';

const schema: unknown = JSON.parse(readFileSync(join(import.meta.dirname, 'schemas', 'sarif-2.1.0.json'), 'utf8'));
// The schema's pattern for languages is no valid unicode expression.
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats(ajv);
const validate = ajv.compile(schema as object);

const [readinessFix] = readiness.fixes;
const edits = { [readinessFix?.title ?? '']: new Map([['deploy/orders.yaml', [{ span: [44, 44] as const, newText: '\n          readinessProbe: {}' }]]]) };

const everything: LintResult = result({
  findings: [inversion, charge, readiness, { ...charge, severity: 'info', fingerprint: 'aaaaaa' }, { ...charge, severity: 'advice', fingerprint: 'bbbbbb' }],
  suppressed: [{ finding: { ...charge, fingerprint: 'cccccc' }, reason: 'the sidecar ends it', peer: 'checkov' }],
  problems: [
    { file: 'deploy/values.yaml', extent: 'not-read', because: '6.2 MB, the limit is 2 (limits.file)' },
    { file: 'deploy/orders.yaml', extent: 'in-part', because: 'starts with a tab', span: [3, 4] },
  ],
  configurationProblems: [{ file: 'holdfast.yaml', span: [0, 4], message: 'there is no rule `x`', nearest: 'y' }],
  failures: [{ rule: 'impact/cascade', file: 'src/a.ts', error: 'TypeError: x is not a function (/home/someone/project/rules/a.ts:1:1)\n    at check (/home/someone/x.js:1:1)' }],
});

const hostileFiles = { 'a b#%?ü\u202e\n.ts': 'x = MARK\ud800', '\ud800.ts': 'x' };
const hostile = result({
  findings: [finding({ rule: 'fault-tolerance/require-timeout', message: 'a\u0000\u202e"\ud800{0}', at: place('a b#%?ü\u202e\n.ts', 'MARK', hostileFiles), related: [{ at: { file: '\ud800.ts', span: [0, 99] }, text: '' }] })],
});

interface Log {
  runs: { tool: { driver: { rules: { id: string }[] } }; results: Record<string, unknown>[]; invocations: Record<string, unknown>[]; columnKind: string }[];
}

async function sarif(lint: LintResult, files: Readonly<Record<string, string>> = SHOP, rootFromWorkingFolder: string | undefined = ''): Promise<Log['runs'][0]> {
  const log = JSON.parse(await sarifReport({ ...report(lint, files, edits), rootFromWorkingFolder })) as Log;
  validate(log);
  expect(validate.errors ?? [], JSON.stringify(validate.errors, undefined, 1)).toEqual([]);
  const [run] = log.runs;
  if (!run) throw new Error('no run');
  return run;
}

describe('SARIF', () => {
  it('is checked by a schema that finds a wrong level', async () => {
    const log = JSON.parse(await sarifReport(report(everything))) as Log;
    const [first] = log.runs[0]?.results ?? [];
    if (first) first['level'] = 'loud';
    expect(validate(log)).toBe(false);
  });

  it('is valid for everything a run can say, and for a run that says nothing', async () => {
    await sarif(everything);
    await sarif(result({}));
  });

  it('is valid for hostile names and messages', async () => {
    await sarif(hostile, hostileFiles);
  });

  it('names the rule by its full id, the variant as message id, and the place in UTF-16 columns', async () => {
    const run = await sarif(result({ findings: [readiness] }));
    expect(run.columnKind).toBe('utf16CodeUnits');
    expect(run.results[0]).toMatchObject({
      ruleId: 'monitoring/require-readiness-probe',
      level: 'warning',
      message: { id: 'missing', text: readiness.message },
      locations: [{ physicalLocation: { artifactLocation: { uri: 'deploy/orders.yaml' }, region: { startLine: 23, startColumn: 17, endLine: 23, endColumn: 23 } } }],
      partialFingerprints: { 'holdfast/v1': '1b02ce' },
      relatedLocations: [{ id: 0, message: { text: 'the route exists already' } }],
    });
  });

  it('points each result at its rule', async () => {
    const run = await sarif(everything);
    for (const one of run.results) expect(run.tool.driver.rules[one['ruleIndex'] as number]?.id).toBe(one['ruleId']);
  });

  it('carries the fix as a replacement, the evidence as a code flow, and a suppression with its reason', async () => {
    const { results } = await sarif(everything);
    expect(results[2]?.['fixes']).toEqual([
      {
        description: { text: 'Add a readiness probe on `GET /readyz`, port 3000 (safe)' },
        artifactChanges: [{ artifactLocation: { uri: 'deploy/orders.yaml' }, replacements: [{ deletedRegion: { startLine: 23, startColumn: 23, endLine: 23, endColumn: 23 }, insertedContent: { text: '\n          readinessProbe: {}' } }] }],
      },
    ]);
    const flow = results[0]?.['codeFlows'] as { threadFlows: { locations: unknown[] }[] }[];
    expect(flow[0]?.threadFlows[0]?.locations.length).toBe(4);
    expect(results.at(-1)?.['suppressions']).toEqual([{ kind: 'inSource', status: 'accepted', justification: 'the sidecar ends it' }]);
  });

  it('gives the severities the levels that SARIF has', async () => {
    const { results } = await sarif(everything);
    expect(results.map((one) => one['level'])).toEqual(['error', 'warning', 'warning', 'note', 'note', 'warning']);
  });

  it('resolves its addresses from the working folder', async () => {
    const { results } = await sarif(result({ findings: [readiness] }), SHOP, 'examples/my shop');
    expect(JSON.stringify(results[0])).toContain('"uri":"examples/my%20shop/deploy/orders.yaml"');
  });

  it('encodes a name so that nothing in it can be read as scheme, query or fragment', () => {
    expect(uriOf('a:b/c d?#%é.ts')).toBe('a%3Ab/c%20d%3F%23%25%C3%A9.ts');
    expect(uriOf('\ud800')).toBe('%EF%BF%BD');
  });

  it('says that the run did not succeed where anything was not read or failed, without paths of the machine', async () => {
    const run = await sarif(everything);
    expect(run.invocations[0]).toMatchObject({ executionSuccessful: false, exitCode: 2 });
    expect(JSON.stringify(run)).not.toContain('/home/someone');
  });
});

describe('JSON', () => {
  it('says everything of a finding', async () => {
    const document = JSON.parse(await jsonReport(report(result({ findings: [readiness] }), SHOP, edits))) as { findings: unknown[] };
    expect(document.findings).toEqual([
      {
        id: '1b02ce',
        rule: 'monitoring/require-readiness-probe',
        variant: 'missing',
        severity: 'warning',
        message: readiness.message,
        label: '3 instances, served by Service `orders`',
        file: 'deploy/orders.yaml',
        range: { start: { line: 23, column: 17, offset: 38 }, end: { line: 23, column: 23, offset: 44 } },
        subject: 'orders',
        related: [{ file: 'src/orders/health.ts', range: { start: { line: 8, column: 9, offset: 15 }, end: { line: 8, column: 18, offset: 24 } }, message: 'the route exists already' }],
        more: { noun: 'places', places: [] },
        fixes: [
          {
            title: 'Add a readiness probe on `GET /readyz`, port 3000',
            safety: 'safe',
            edits: [{ file: 'deploy/orders.yaml', range: { start: { line: 23, column: 23, offset: 44 }, end: { line: 23, column: 23, offset: 44 } }, text: '\n          readinessProbe: {}' }],
          },
        ],
      },
    ]);
  });

  it('has each field that its documentation names, and no other', async () => {
    const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'json-format.md'), 'utf8');
    const documented = new Set([...page.matchAll(/^\| `([A-Za-z.[\]]+)` \|/gm)].map((match) => match[1] ?? ''));
    const document = JSON.parse(await jsonReport(report({ ...everything, types: { calls: 1, findings: new Set(), withoutPackages: 0 }, findings: [{ ...readiness, more: [place('compose.yaml', 'billing')] }] }, SHOP, edits))) as Record<string, unknown>;
    document['unknown'] = [{ file: 'a.yaml', count: 1 }];
    const present = new Set(fieldsOf(document));
    expect([...present].filter((field) => !documented.has(field)).sort()).toEqual([]);
    expect([...documented].filter((field) => !present.has(field)).sort()).toEqual([]);
  });

  it('is the same text for the same findings, and holds neither times nor paths of the machine', async () => {
    const first = await jsonReport(report(everything));
    expect(await jsonReport(report(everything))).toBe(first);
    expect(first).not.toContain('/home/someone');
    expect(first).not.toMatch(/timings|elapsed|\d{4}-\d\d-\d\d/);
  });

  it('survives hostile names and messages', async () => {
    const text = await jsonReport(report(hostile, hostileFiles));
    expect(JSON.parse(text)).toMatchObject({ findings: [{ file: 'a b#%?ü\u202e\n.ts', message: 'a\u0000\u202e"\ud800{0}' }] });
  });
});

describe('an error in a machine format', () => {
  it('is its first line, with file names alone', () => {
    expect(errorLine('TypeError: bad at file:///a/b/c.js:1:2 and C:\\x\\y\\z.ts\nstack')).toBe('TypeError: bad at c.js:1:2 and z.ts');
  });
});

/** Paths of all fields: `findings[].range.start.line`; ranges of one kind are written once. */
function fieldsOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => fieldsOf(item, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const name = path === '' ? key : `${path}.${key}`;
    const isOpen = key === 'range' || key === 'severities';
    return isOpen ? [name] : [name, ...fieldsOf(inner, name)];
  });
}
