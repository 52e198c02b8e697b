// A limit that is switched off, or so long that no one waits for its end, is no limit, but it reads like one.

import type { Bound } from '../../catalog/schema';
import type { LinkedClient, OutboundCall, Verdict } from '../../engine/code/project';
import { formatDuration, numberText } from '../../engine/duration';
import type { Budgets } from '../../engine/lint/configuration';
import type { Fix } from '../../engine/lint/fix';
import { defineRule, type Report } from '../../engine/lint/rule';
import type { SystemModel } from '../../engine/model/model';
import { clientName, clip, isAtStart, isOnPath, targetName, valueText, waitingText } from '../limits';

export const noDisabledTimeout = defineRule({
  id: 'fault-tolerance/no-disabled-timeout',
  since: '0.1.0',
  severity: 'warning',
  reads: 'code',
  fault: 'hung',
  options: {
    maxMs: { type: 'duration', default: '10min', describe: 'A longer limit on a request path counts as none.' },
  },
  messages: {
    off: '`{route}` can wait for ever for `{target}`: `{text}` switches the limit off.',
    alone: '`{call}` can wait for ever: `{text}` switches the limit off.',
    huge: 'One slow answer holds a request for {wait}: `{option}` is {value}, the most on a request path is {most}.',
  },
  docs: {
    what: 'Reports a limit that is switched off (`timeout: 0`, `timeout: false`, `Infinity`), or one above ten minutes where a request or a message waits.',
    why: 'Whoever reads the code sees a timeout and believes the call is bounded. It waits for ever, or until long after its caller has given up.',
    fix: 'Give the option a value that its caller can wait for.',
    not: 'Something else bounds the call (a signal, a race, a wrapper), the call is a stream or a subscription, or the value is out of sight.',
  },
  check({ file, system, budgets, options, report }) {
    if (file.facts.role !== 'server') return;
    const seen = new Set<string>();
    for (const owner of [...file.clients, ...file.calls]) {
      const { verdict } = owner;
      if (verdict.kind !== 'disabled' || isPoolWait(owner, verdict.bound)) continue;
      const key = `${verdict.at.file}:${verdict.at.span[0]}`;
      const finding = seen.has(key) ? undefined : judge(owner, verdict, budgets(file.path), options(file.path).maxMs, system);
      seen.add(key);
      if (finding) report(finding);
    }
  },
  examples: {
    bad: [
      {
        name: 'axios on a route',
        files: { 'a.ts': "import express from 'express';\nimport axios from 'axios';\nconst app = express();\napp.get('/catalog', async (req, res) => {\n  res.json((await axios.get('http://orders/list', { «timeout: 0» })).data);\n});\n" },
        expect: 'off',
        fixed: { 'a.ts': "import express from 'express';\nimport axios from 'axios';\nconst app = express();\napp.get('/catalog', async (req, res) => {\n  res.json((await axios.get('http://orders/list', { timeout: 5_000 })).data);\n});\n" },
      },
      {
        name: 'ky in a function that anyone may call',
        files: { 'a.ts': "import ky from 'ky';\nexport const load = () => ky.get('http://orders', { «timeout: false» });\n" },
        expect: 'alone',
        fixed: { 'a.ts': "import ky from 'ky';\nexport const load = () => ky.get('http://orders', { timeout: 5_000 });\n" },
      },
      {
        name: 'once for all calls of a client',
        files: { 'a.ts': "import axios from 'axios';\nconst http = axios.create({ «timeout: 0» });\nexport const a = () => http.get('/a');\nexport const b = () => http.get('/b');\n" },
        expect: 'alone',
        fixed: { 'a.ts': "import axios from 'axios';\nconst http = axios.create({ timeout: 5_000 });\nexport const a = () => http.get('/a');\nexport const b = () => http.get('/b');\n" },
      },
      {
        name: 'a call that switches the limit of its client off',
        files: { 'a.ts': "import axios from 'axios';\nconst http = axios.create({ timeout: 5_000 });\nexport const a = () => http.get('/a', { «timeout: 0» });\n" },
        expect: 'alone',
      },
      {
        name: 'the queries of a pool',
        files: { 'db.ts': "import { Pool } from 'pg';\nexport const pool = new Pool({ connectionTimeoutMillis: 2_000, «query_timeout: 0» });\npool.on('error', console.error);\nexport const q = () => pool.query('select 1');\n" },
        expect: 'alone',
      },
      {
        name: 'half an hour on a route',
        files: { 'a.ts': "import express from 'express';\nimport axios from 'axios';\nconst app = express();\napp.get('/catalog', async (req, res) => {\n  res.json((await axios.get('http://orders/list', { «timeout: 1_800_000» })).data);\n});\n" },
        expect: 'huge',
      },
      {
        name: 'mssql has a limit of 15 s, here it is off',
        files: { 'db.ts': "import sql from 'mssql';\nexport const pool = new sql.ConnectionPool({ server: 'db', «requestTimeout: 0» });\nexport const q = () => pool.query('select 1');\n" },
        expect: 'alone',
      },
    ],
    good: [
      { name: 'a limit that holds', files: { 'a.ts': "import ky from 'ky';\nexport const load = () => ky.get('http://orders', { timeout: 20_000 });\n" } },
      { name: 'a signal bounds it instead', files: { 'a.ts': "import axios from 'axios';\nexport const load = () => axios.get('http://orders', { timeout: 0, signal: AbortSignal.timeout(5_000) });\n" } },
      { name: 'a race bounds it', files: { 'a.ts': "import axios from 'axios';\nexport const load = () => Promise.race([axios.get('/a', { timeout: 0 }), new Promise((_, reject) => setTimeout(reject, 3_000))]);\n" } },
      { name: 'ten minutes at most', files: { 'a.ts': "import express from 'express';\nimport axios from 'axios';\nconst app = express();\napp.get('/report', async (req, res) => res.json((await axios.get('http://r', { timeout: 600_000 })).data));\n" } },
      { name: 'a long limit of a job that nobody waits for', files: { 'a.ts': "import axios from 'axios';\nexport const load = () => axios.get('http://orders', { timeout: 1_800_000 });\n" } },
      { name: 'a script', files: { 'scripts/load.ts': "import axios from 'axios';\nawait axios.get('http://orders', { timeout: 0 });\n" } },
    ],
    unknown: [
      { name: 'the value comes from the environment', files: { 'a.ts': "import axios from 'axios';\nexport const load = () => axios.get('http://orders', { timeout: Number(process.env.WAIT) });\n" } },
      { name: 'only one of two values switches it off', files: { 'a.ts': "import axios from 'axios';\nexport const load = (isLong: boolean) => axios.get('http://orders', { timeout: isLong ? 0 : 5_000 });\n" } },
      { name: 'the options of a caller', files: { 'a.ts': "import axios from 'axios';\nexport const load = (options: object) => axios.get('http://orders', { timeout: 0, ...options });\n" } },
    ],
  },
});

type Disabled = Extract<Verdict, { kind: 'disabled' }>;
type Found = Report<'off' | 'alone' | 'huge'>;

/** The wait for a connection of a pool is bound-pool-wait's. */
function isPoolWait(owner: LinkedClient | OutboundCall, bound: Bound): boolean {
  return (owner.library.entry.pools ?? []).some((pool) => pool.wait === bound.option) && bound.phases.includes('queue');
}

function judge(owner: LinkedClient | OutboundCall, { bound, value, at, ms }: Disabled, budgets: Budgets, maxMs: number, system: SystemModel): Found | undefined {
  const first = 'shape' in owner ? owner : owner.calls[0];
  const calls = 'shape' in owner ? [owner] : owner.calls;
  const key = bound.option.split('.').at(-1) ?? bound.option;
  const common = {
    at,
    subject: 'shape' in owner ? `${owner.route ?? ''}:${owner.fact.calleeText}:${key}` : `${clientName(owner)}:${key}`,
    more: calls.filter((call) => call.verdict.kind === 'disabled').map((call) => ({ file: call.file, span: call.fact.callee })),
    moreNoun: 'calls',
    fixes: [fixOf(bound, key, at, budgets)],
  };
  if (ms !== undefined && Number.isFinite(ms)) {
    if (ms <= maxMs || !calls.some((call) => isOnPath(call.contexts))) return undefined;
    return { ...common, message: 'huge', data: { wait: formatDuration(ms), option: key, value: bound.unit === 's' ? `${grouped(ms / 1_000)} s` : `${grouped(ms)} ms`, most: formatDuration(maxMs) } };
  }
  const text = `${key}: ${valueText(value)}`;
  const target = first && targetName(first.target, system);
  const severity = calls.length > 0 && calls.every(isAtStart) ? { severity: 'advice' as const } : {};
  if (first?.route !== undefined && target !== undefined) return { ...common, message: 'off', data: { route: clip(first.route, 40), target, text } };
  return { ...common, ...severity, message: 'alone', data: { call: 'shape' in owner ? clip(owner.fact.calleeText, 40) : (waitingText(owner.calls) ?? clientName(owner)), text } };
}

function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

// `at` is the whole property.
function fixOf(bound: Bound, key: string, at: Found['at'], budgets: Budgets): Fix {
  const ms = budgets[bound.fix?.budget ?? 'http'];
  const value = bound.unit === 's' ? Math.round(ms / 1_000) : ms;
  return { title: `Limit to ${formatDuration(ms)}`, safety: 'unsafe', operations: [{ language: 'code', file: at.file, kind: 'replace', span: at.span, text: `${key}: ${numberText(value)}` }] };
}
