// The sample system `shop` as findings in memory, for tests of what the command line prints.

import type { Finding } from '../engine/lint/finding';
import type { Fix } from '../engine/lint/fix';
import type { Location, TextEdit } from '../engine/text';
import type { LintResult, Statistics } from '../engine/workspace';
import { sourceReader } from '../cli/source';
import { exitCodeOf, type Report } from '../cli/report';
import { rules } from '../rules/index';

export const SHOP: Readonly<Record<string, string>> = {
  'src/orders/charge.ts': `${'\n'.repeat(11)}const http = axios.create({ timeout: 5_000 });\naxiosRetry(http, { retries: 2, retryCondition });\n${'\n'.repeat(27)}  const res = await axios.post(\`\${BILLING_URL}/charges\`, body);\n`,
  'deploy/orders.yaml': `${'\n'.repeat(22)}        - name: orders\n          image: orders\n`,
  'src/orders/health.ts': `${'\n'.repeat(7)}app.get('/readyz', readiness);\n`,
  'edge/nginx.conf': `${'\n'.repeat(17)}    proxy_read_timeout 3s;\n`,
  'compose.yaml': `${'\n'.repeat(30)}      BILLING_URL: http://billing:8080\n`,
};

/** The place of `text` in a file of `files`, the n-th one. */
export function place(file: string, text: string, files: Readonly<Record<string, string>> = SHOP): Location {
  const start = files[file]?.indexOf(text) ?? -1;
  if (start < 0) throw new Error(`no ${text} in ${file}`);
  return { file, span: [start, start + text.length] };
}

/** A fix that inserts `text` at the end of a place. */
export function insertion(title: string, safety: Fix['safety'], at: Location): Fix {
  return { title, safety, operations: [{ language: 'artifact', file: at.file, resource: { file: at.file, format: 'compose', document: 0, path: [] }, intent: { kind: 'replace-text', span: [at.span[1], at.span[1]], text: '' } }] };
}

export function finding(parts: Partial<Finding> & Pick<Finding, 'rule' | 'message' | 'at'>): Finding {
  return { messageId: 'missing', severity: 'warning', related: [], more: [], moreNoun: 'places', fixes: [], subject: 'orders', fingerprint: '7c1e94', ...parts };
}

export const charge = finding({
  rule: 'fault-tolerance/require-timeout',
  message: '`POST /orders` can wait for ever for `billing`: axios sets no `timeout` by default.',
  label: 'no limit: axios 1.21.1, timeout 0 = none',
  at: place('src/orders/charge.ts', 'axios.post'),
  fixes: [insertion('Limit to 5 s with `timeout` in the third argument', 'unsafe', place('src/orders/charge.ts', 'body'))],
});

export const readiness = finding({
  rule: 'monitoring/require-readiness-probe',
  message: 'A starting `orders` gets requests before it can answer: no readiness probe.',
  label: '3 instances, served by Service `orders`',
  at: { file: 'deploy/orders.yaml', span: [38, 44] },
  related: [{ at: place('src/orders/health.ts', "'/readyz'"), text: 'the route exists already' }],
  fixes: [insertion('Add a readiness probe on `GET /readyz`, port 3000', 'safe', place('deploy/orders.yaml', 'image: orders'))],
  fingerprint: '1b02ce',
});

export const inversion = finding({
  rule: 'impact/timeout-inversion',
  severity: 'error',
  message: '`edge` gives up after 3 s while `orders` still tries for up to 15 s: 3 attempts × 5 s.',
  label: "the caller's limit: 3 s",
  at: place('edge/nginx.conf', 'proxy_read_timeout 3s'),
  related: [
    { at: place('src/orders/charge.ts', '{ timeout: 5_000 }'), text: 'the callee waits 5 s an attempt' },
    { at: place('src/orders/charge.ts', 'retries: 2'), text: '3 attempts, also of POST' },
    { at: place('compose.yaml', 'billing'), text: 'why they are joined' },
  ],
  fixes: [insertion('Raise `proxy_read_timeout` to 16 s', 'unsafe', place('edge/nginx.conf', '3s')), insertion('Limit `http` to 1 attempt of 2 s', 'unsafe', place('src/orders/charge.ts', 'retries: 2'))],
  fingerprint: '0aa311',
});

export const statistics: Statistics = { files: 214, seenFiles: 300, codeFiles: 153, infrastructureFiles: 61, parsedFiles: 30, cachedFiles: 0, workloads: 5, stores: 3, unknownValues: 7, timings: {} };

export function result(parts: Partial<LintResult>): LintResult {
  return { findings: [], suppressed: [], problems: [], configurationProblems: [], failures: [], statistics, hasConfiguration: true, ...parts };
}

/** A report over findings as they are; `edits` gives the edits of each fix by its title. */
export function report(lint: LintResult, files: Readonly<Record<string, string>> = SHOP, edits: Readonly<Record<string, ReadonlyMap<string, readonly TextEdit[]>>> = {}): Report {
  return {
    result: lint,
    shown: lint.findings,
    hiddenAdvice: 0,
    hiddenByQuiet: 0,
    exitCode: exitCodeOf(lint, { failOn: 'warning', maxWarnings: undefined }),
    rules,
    sourceOf: sourceReader((file) => files[file]),
    editsOf: async (fix) => edits[fix.title],
    unknowns: [],
    rootFromWorkingFolder: '',
  };
}
