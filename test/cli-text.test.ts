// What a person reads, word for word.

import { describe, expect, it } from 'vitest';
import type { Finding } from '../engine/lint/finding';
import type { Fix } from '../engine/lint/fix';
import { fixedLines } from '../cli/reporters/fixed';
import { problemLines } from '../cli/reporters/problems';
import { remainLines, summaryLines } from '../cli/reporters/summary';
import { textReport } from '../cli/reporters/text';
import type { Report } from '../cli/report';
import { displayOf, type Display, type DisplayChoices } from '../cli/terminal/display';
import { charge, finding, inversion, place, readiness, report, result, SHOP, statistics } from './cli-sample';

function terminal(columns: number, choices: Partial<DisplayChoices> = {}): Display {
  return displayOf({ isTerminal: true, columns }, { color: 'never', ascii: false, plain: false, ...choices }, {});
}

const LOG = displayOf({ isTerminal: false, columns: undefined }, { color: 'auto', ascii: false, plain: false }, {});

function text(findings: readonly Finding[], display: Display, files = SHOP, added: ReadonlyMap<Fix, readonly string[]> = new Map()): string {
  return textReport(report(result({ findings }), files), { display, added, all: false, pageOf: () => undefined, addressOf: () => undefined });
}

describe('a finding in a terminal', () => {
  it('is message, marked code, evidence and fix', () => {
    expect(text([charge], terminal(80))).toBe(`warning  fault-tolerance/require-timeout                            fix: unsafe
  \`POST /orders\` can wait for ever for \`billing\`: axios sets no \`timeout\` by
  default.
     ╭─ src/orders/charge.ts:41:21
  41 │   const res = await axios.post(\`\${BILLING_URL}/charges\`, body);
     │                     ^^^^^^^^^^ no limit: axios 1.21.1, timeout 0 = none
  fix  Limit to 5 s with \`timeout\` in the third argument

`);
  });

  it('says the role of a reason beside its place, at the right edge, and shows the lines that a fix adds', () => {
    const added = new Map([[readiness.fixes[0] ?? never(), ['          readinessProbe:', '            httpGet:']]]);
    expect(text([readiness], terminal(78), SHOP, added)).toBe(`warning  monitoring/require-readiness-probe                         fix: safe
  A starting \`orders\` gets requests before it can answer: no readiness probe.
     ╭─ deploy/orders.yaml:23:17
  23 │         - name: orders
     │                 ^^^^^^ 3 instances, served by Service \`orders\`
     ├─ src/orders/health.ts:8:9                     the route exists already
   8 │ app.get('/readyz', readiness);
     │         ~~~~~~~~~
  fix  Add a readiness probe on \`GET /readyz\`, port 3000
     +           readinessProbe:
     +             httpGet:

`);
  });

  it('joins places of neighbouring lines in one frame, with their texts at the marks', () => {
    expect(text([inversion], terminal(120))).toContain(`     ├─ src/orders/charge.ts:12:27
  12 │ const http = axios.create({ timeout: 5_000 });
     │                           ~~~~~~~~~~~~~~~~~~ the callee waits 5 s an attempt
  13 │ axiosRetry(http, { retries: 2, retryCondition });
     │                    ~~~~~~~~~~ 3 attempts, also of POST
`);
  });

  it('offers a second fix in the same line, with its file', () => {
    expect(text([inversion], terminal(120))).toContain('  fix  Raise `proxy_read_timeout` to 16 s, or limit `http` to 1 attempt of 2 s (src/orders/charge.ts)\n');
  });

  it('puts a label below its mark where there is no room beside it', () => {
    const files = { 'a.ts': `${'x'.repeat(40)} MARK\n` };
    expect(text([finding({ ...charge, at: place('a.ts', 'MARK', files), fixes: [] })], terminal(70), files)).toMatch(/\n {5}│ {42}\^{4}\n {5}│ {23}no limit: axios 1\.21\.1, timeout 0 = none\n/);
  });

  it('shows three frames and says where the rest is', () => {
    const related = [1, 2, 3, 4].map((number) => ({ at: { file: `src/${number}.ts`, span: [0, 1] as const }, text: 'a reason' }));
    const shown = text([{ ...charge, related }], terminal(80));
    expect(shown).toContain('├─ src/2.ts');
    expect(shown).not.toContain('src/3.ts');
    expect(shown).toContain('  + 2 more places: holdfast explain 7c1e94\n');
  });

  it('names further places of the same cause by their lines, each file once', () => {
    const more = [place('src/orders/charge.ts', 'axios.create'), place('src/orders/charge.ts', 'axiosRetry'), place('compose.yaml', 'billing')];
    expect(text([{ ...charge, more, moreNoun: 'calls' }], terminal(80))).toContain('  and 3 more calls: src/orders/charge.ts:12, :13, compose.yaml:31\n');
    expect(text([{ ...charge, more: more.slice(0, 1), moreNoun: 'queries' }], terminal(80))).toContain('  and 1 more query: ');
  });

  it('has no frames below 60 columns: place, message, fix', () => {
    expect(text([charge], terminal(50))).toBe(`warning  src/orders/charge.ts:41:21
  \`POST /orders\` can wait for ever for \`billing\`:
  axios sets no \`timeout\` by default.
  fix  Limit to 5 s with \`timeout\` in the third
       argument (unsafe)
  fault-tolerance/require-timeout

`);
  });

  it('never is wider than the terminal', () => {
    for (const columns of [60, 80, 100, 120, 300]) {
      for (const line of text([inversion, charge, readiness], terminal(columns)).split('\n')) expect([...line].length, line).toBeLessThanOrEqual(Math.min(columns, 120));
    }
  });

  it('is one of at most 50, then a count', () => {
    const many = Array.from({ length: 211 }, () => charge);
    const shown = text(many, terminal(80));
    expect(shown.match(/^warning/gm)?.length).toBe(50);
    expect(shown.endsWith('\n161 more: --all\n\n')).toBe(true);
  });

  it('has its severity, rule and fix in colour by role, and the rule as a link', () => {
    const display = displayOf({ isTerminal: true, columns: 80 }, { color: 'auto', ascii: false, plain: false }, {});
    const shown = textReport(report(result({ findings: [charge] })), { display, added: new Map(), all: false, pageOf: (rule) => `file:///docs/${rule}.md`, addressOf: () => undefined });
    expect(shown).toContain('\u001b[33;1mwarning\u001b[0m  \u001b]8;;file:///docs/fault-tolerance/require-timeout.md\u001b\\\u001b[2mfault-tolerance/require-timeout\u001b[0m\u001b]8;;\u001b\\');
    expect(shown).toContain('fix: \u001b[35munsafe\u001b[0m');
    expect(shown).toContain('\u001b[33;1m^^^^^^^^^^\u001b[0m');
  });
});

describe('a finding elsewhere', () => {
  it('is the same text in a log, not wrapped, without colour or cap', () => {
    const shown = text(Array.from({ length: 60 }, () => charge), LOG);
    expect(shown.match(/^warning/gm)?.length).toBe(60);
    expect(shown).not.toContain('\u001b');
    expect(shown).toContain('  `POST /orders` can wait for ever for `billing`: axios sets no `timeout` by default.\n     ╭─ src/orders/charge.ts:41:21\n');
  });

  it('is full sentences for a screen reader', () => {
    expect(text([readiness], terminal(80, { plain: true }))).toBe(
      'Warning. deploy/orders.yaml, line 23, column 17. A starting `orders` gets requests before it can answer: no readiness probe. 3 instances, served by Service `orders`. Because the route exists already, src/orders/health.ts, line 8, column 9. Fix, safe: Add a readiness probe on `GET /readyz`, port 3000. Rule monitoring/require-readiness-probe.\n\n',
    );
  });

  it('is drawn in ASCII on request', () => {
    const shown = text([inversion], terminal(80, { ascii: true }));
    expect(shown).toMatch(/^[\x00-\x7f]*$/);
    expect(shown).toContain('     ,- edge/nginx.conf:18:5\n  18 |     proxy_read_timeout 3s;\n     |     ^^^^^^^^^^^^^^^^^^^^^');
    expect(shown).toContain('attempts x 5 s');
  });

  it('cannot act on the terminal or deceive, whatever its file, code and message hold', () => {
    const evil = 'a\u001b[2J\u202e\u0007\r\nb\u{e0041}';
    const files = { [`${evil}.ts`]: `x = "\u001b[31m\u202e" + MARK\u2028\n` };
    const hostile = finding({ rule: 'fault-tolerance/require-timeout', message: `${evil} waits`, label: evil, at: place(`${evil}.ts`, 'MARK', files), related: [{ at: { file: evil, span: [5, 9] }, text: evil }], more: [{ file: evil, span: [0, 0] }], fixes: [{ title: evil, safety: 'safe', operations: [] }] });
    for (const display of [terminal(80), terminal(40), terminal(80, { plain: true }), LOG]) {
      const shown = text([hostile], display, files);
      expect(shown.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e]|[\u{e0000}-\u{e007f}]/u);
      expect(shown).toContain('a\\u{1b}[2J\\u{202e}\\u{7}');
    }
  });

  it('names a place of a file that is gone', () => {
    expect(text([{ ...charge, at: { file: 'gone.ts', span: [10, 20] } }], terminal(80))).toContain('     ╭─ gone.ts:1:1\n  fix');
  });
});

describe('the end of a run', () => {
  const input = (changed: Report, columns = 80): Parameters<typeof summaryLines>[0] => ({ report: changed, display: terminal(columns), elapsedMs: 1900, name: 'shop' });

  it('counts findings and what can be repaired, and leaves out lines of zero', () => {
    const all = report(result({ findings: [inversion, charge, readiness] }));
    expect(summaryLines(input({ ...all, hiddenAdvice: 6 }))).toEqual([
      '3 findings in 3 of 214 files   1 error   2 warnings                       1.9 s',
      '  1 can be fixed safely                          holdfast --fix',
      '  2 have a fix that can change behaviour         holdfast --fix --unsafe --diff',
      '  6 advice not shown                             holdfast --advice',
    ]);
    expect(summaryLines(input(report(result({ findings: [readiness] }))))).toEqual(['1 finding in 1 of 214 files   1 warning                                   1.9 s', '  1 can be fixed safely                          holdfast --fix']);
  });

  it('says what was read where nothing was found', () => {
    expect(summaryLines(input(report(result({}))))).toEqual(['Nothing found in 214 files (153 code, 61 infrastructure).                 1.9 s', '  Joined: 5 workloads, 3 stores. 7 values unknown.']);
  });

  it('says so where there was nothing to read', () => {
    const nothing = { ...statistics, files: 0, seenFiles: 31, codeFiles: 0, infrastructureFiles: 0 };
    expect(summaryLines(input(report(result({ statistics: nothing })), 120))).toEqual(['Nothing here that Holdfast reads (0 of 31 files). What it reads: holdfast doctor --formats']);
  });

  it('is a first look where there are many findings and no configuration', () => {
    const many = Array.from({ length: 212 }, (_, index) => ({ ...(index === 7 ? inversion : charge) }));
    expect(summaryLines(input(report(result({ findings: many, hasConfiguration: false })), 81))).toEqual([
      'First look at shop: 212 findings in 214 files. No holdfast.yaml: defaults used.',
      '  worst consequences',
      '  1  `edge` gives up after 3 s while `orders` still tries…  edge/nginx.conf:18:5',
      '  2  `POST /orders` can wait for ever for `billing`…  src/orders/charge.ts:41:21',
      '  3  `POST /orders` can wait for ever for `billing`…  src/orders/charge.ts:41:21',
      '  by principle  fault-tolerance 211 · impact 1',
      '  next   holdfast --all    every finding',
      '         holdfast init     holdfast.yaml',
    ]);
  });

  it('says what was fixed, what is left and what remains', () => {
    const [safe] = readiness.fixes;
    const [unsafe] = charge.fixes;
    if (!safe || !unsafe) throw new Error('the sample has fixes');
    const outcome = {
      result: { files: new Map([['deploy/orders.yaml', { before: '', after: 'x' }]]), applied: [{ finding: readiness, fix: safe }, { finding: readiness, fix: safe }], left: [{ finding: charge, fix: unsafe }], dropped: [] },
      unwritten: [],
      isDryRun: false,
    };
    expect(fixedLines(outcome, terminal(82))).toEqual(['fixed   2 in 1 file', '  deploy/orders.yaml    Add a readiness probe on `GET /readyz`, port 3000     (2)', 'left    1 overlaps another fix: run again']);
    expect(remainLines(input(report(result({ findings: [inversion, charge] })), 80))).toEqual(['2 findings remain, 2 with an unsafe fix.         holdfast --fix --unsafe --diff']);
  });
});

describe('what went wrong beside the findings', () => {
  const files = { ...SHOP, 'holdfast.yaml': `${'\n'.repeat(6)}  fault-tolerance/require-timeouts: error\n`, 'k8s/api.yaml': '\n'.repeat(40) };
  const wrong = result({
    problems: [
      { file: 'deploy/values.yaml', extent: 'not-read', because: '6.2 MB, the limit is 2 (limits.file)' },
      { file: 'k8s/api.yaml', extent: 'in-part', because: 'starts with a tab; lines 1-30 read', span: [30, 31] },
    ],
    configurationProblems: [{ file: 'holdfast.yaml', span: [8, 40], message: 'there is no rule `fault-tolerance/require-timeouts`', nearest: 'require-timeout' }],
    failures: [{ rule: 'impact/cascade', file: 'src/a.ts', error: 'TypeError: x' }],
  });

  it('is said with its place, its reason and the exit code', () => {
    expect(problemLines({ ...report(wrong, files), unknowns: [{ file: 'charts/api/templates/api.yaml', count: 9 }] }, terminal(120))).toEqual([
      'error  holdfast.yaml:7:3  there is no rule `fault-tolerance/require-timeouts`',
      '   7 │   fault-tolerance/require-timeouts: error',
      '     │   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ nearest: require-timeout',
      '  This line was ignored, all others apply. Exit code 2.',
      'not read   deploy/values.yaml             6.2 MB, the limit is 2 (limits.file)',
      'in part    k8s/api.yaml:31                starts with a tab; lines 1-30 read',
      'unknown    charts/api/templates/api.yaml  9 values, nothing reported',
      '2 files were not read in full: findings may be missing. Exit code 2.',
      'Holdfast failed in impact/cascade at src/a.ts. This is a bug of Holdfast, not of your code; everything else was',
      'checked. holdfast doctor --bug writes a report without your code.',
    ]);
  });

  it('is nothing where all went well', () => {
    expect(problemLines(report(result({})), terminal(80))).toEqual([]);
  });

  it('names ten files and counts the rest', () => {
    const many = result({ problems: Array.from({ length: 14 }, (_, index) => ({ file: `a/${index}.yaml`, extent: 'not-read' as const, because: 'not valid UTF-8' })) });
    const lines = problemLines(report(many), terminal(80));
    expect(lines.filter((line) => line.startsWith('not read')).length).toBe(10);
    expect(lines.slice(-2)).toEqual(['and 4 more: holdfast doctor --files', '14 files were not read in full: findings may be missing. Exit code 2.']);
  });
});

function never(): never {
  throw new Error('the sample has a fix');
}
