// When the database is slow every connection is taken; without a limit on the wait, requests queue for ever, also those whose own query would be fast.

import type { Bound, PoolOption } from '../../catalog/schema';
import type { Value } from '../../engine/code/values';
import type { LinkedClient } from '../../engine/code/project';
import { formatDuration } from '../../engine/duration';
import type { Budgets } from '../../engine/lint/configuration';
import { rowHolds } from '../../engine/lint/installed';
import { defineRule, type Report } from '../../engine/lint/rule';
import { clientFix, clientName, millisecondsOf, noLimitLabel, optionAt, ridesOnAnother, valueText, waitingText } from '../limits';

export const boundPoolWait = defineRule({
  id: 'isolation/bound-pool-wait',
  since: '0.1.0',
  severity: 'warning',
  reads: 'code',
  fault: 'slow',
  options: {
    maxMs: { type: 'duration', default: '2min', describe: 'A longer wait counts as none.' },
  },
  messages: {
    missing: "`{call}` waits for ever for a free connection: {library}'s `{option}` is {default} by default.",
    queries: "Queries over `{client}` wait for ever for a free connection: {library}'s `{option}` is {default} by default.",
    off: '`{call}` waits for ever for a free connection: `{option}: {value}` switches the limit off.',
    huge: '`{call}` waits up to {wait} for a free connection: `{option}` is {value}.',
    queue: { text: "Requests of `{pool}` queue without a limit for a free connection: {library}'s `{option}` is {unlimited} by default.", severity: 'advice' },
  },
  docs: {
    what: 'Reports a connection pool whose wait for a free connection has no limit.',
    why: 'When the database is slow every connection is taken. New requests queue for ever, also those whose own query would be fast.',
    fix: 'Set the option named in the message at the pool: a request that gets no connection in time then fails, and can be tried elsewhere or later.',
    not: 'The limit is a value out of sight, the library limits the wait itself, or only scripts and tests use the pool.',
  },
  check({ file, budgets, options, report }) {
    if (file.facts.role !== 'server') return;
    for (const client of file.clients) {
      const pool = client.library.entry.pools?.find((option) => option.on.includes(client.instance));
      const finding = pool && judge(client, pool, budgets(file.path), options(file.path).maxMs);
      if (finding) report(finding);
    }
  },
  examples: {
    bad: [
      {
        name: 'pg waits for ever by default',
        files: { 'db.ts': "import { Pool } from 'pg';\nexport const pool = «new Pool»({ max: 10, query_timeout: 10_000 });\nexport const q = () => pool.query('select 1');\npool.on('error', console.error);\n" },
        expect: 'missing',
        fixed: { 'db.ts': "import { Pool } from 'pg';\nexport const pool = new Pool({ max: 10, query_timeout: 10_000, connectionTimeoutMillis: 5_000 });\nexport const q = () => pool.query('select 1');\npool.on('error', console.error);\n" },
      },
      {
        name: 'pg without options',
        files: { 'db.js': "const { Pool } = require('pg');\nconst pool = «new Pool»();\nmodule.exports = pool;\n" },
        expect: 'queries',
        fixed: { 'db.js': "const { Pool } = require('pg');\nconst pool = new Pool({ connectionTimeoutMillis: 5_000 });\nmodule.exports = pool;\n" },
      },
      {
        name: 'switched off',
        files: { 'db.ts': "import pg from 'pg';\nconst pool = new pg.Pool({ «connectionTimeoutMillis: 0», query_timeout: 5_000 });\nexport const q = () => pool.query('select 1');\npool.on('error', console.error);\n" },
        expect: 'off',
        fixed: { 'db.ts': "import pg from 'pg';\nconst pool = new pg.Pool({ connectionTimeoutMillis: 5_000, query_timeout: 5_000 });\nexport const q = () => pool.query('select 1');\npool.on('error', console.error);\n" },
      },
      {
        name: 'so long that it is none',
        files: { 'db.ts': "import knex from 'knex';\nexport const db = knex({ client: 'pg', connection: process.env.DATABASE_URL, «acquireConnectionTimeout: 600_000» });\n" },
        expect: 'huge',
      },
      {
        name: 'the adapter of Prisma hands its options to pg',
        files: { 'db.ts': "import { PrismaPg } from '@prisma/adapter-pg';\nexport const adapter = «new PrismaPg»({ connectionString: process.env.DATABASE_URL, query_timeout: 5_000 });\n" },
        expect: 'queries',
        fixed: { 'db.ts': "import { PrismaPg } from '@prisma/adapter-pg';\nexport const adapter = new PrismaPg({ connectionString: process.env.DATABASE_URL, query_timeout: 5_000, connectionTimeoutMillis: 5_000 });\n" },
      },
      {
        name: 'the MongoDB driver waits for ever by default',
        files: { 'db.ts': "import { MongoClient } from 'mongodb';\nexport const client = «new MongoClient»('mongodb://db', { socketTimeoutMS: 30_000 });\n" },
        expect: 'queries',
        fixed: { 'db.ts': "import { MongoClient } from 'mongodb';\nexport const client = new MongoClient('mongodb://db', { socketTimeoutMS: 30_000, waitQueueTimeoutMS: 5_000 });\n" },
      },
      {
        name: 'a generic pool',
        files: { 'p.ts': "import { createPool } from 'generic-pool';\nexport const make = (factory: never) => «createPool»(factory, { max: 5 });\n" },
        expect: 'queries',
      },
      {
        name: 'mysql2 limits only how many wait',
        files: { 'db.ts': "import mysql from 'mysql2/promise';\nexport const pool = «mysql.createPool»({ host: 'db' });\n" },
        expect: 'queue',
      },
    ],
    good: [
      { name: 'pg with a limit', files: { 'db.ts': "import { Pool } from 'pg';\nexport const pool = new Pool({ connectionTimeoutMillis: 2_000 });\n" } },
      { name: 'a limit that is set later', files: { 'db.ts': "import { Pool } from 'pg';\nconst config: Record<string, unknown> = { max: 5 };\nconfig.connectionTimeoutMillis = 2_000;\nexport const pool = new Pool(config);\n" } },
      { name: 'knex limits the wait to 60 s', files: { 'db.ts': "import knex from 'knex';\nexport const db = knex({ client: 'pg', connection: process.env.DATABASE_URL });\n" } },
      { name: 'sequelize limits the wait to 60 s', files: { 'db.ts': "import { Sequelize } from 'sequelize';\nexport const db = new Sequelize('postgres://db/shop');\n" } },
      { name: 'the limit in the address', files: { 'db.ts': "import { MongoClient } from 'mongodb';\nexport const client = new MongoClient('mongodb://db/?waitQueueTimeoutMS=2000&socketTimeoutMS=10000');\n" } },
      { name: 'mysql2 with a bounded queue', files: { 'db.ts': "import mysql from 'mysql2/promise';\nexport const pool = mysql.createPool({ host: 'db', queueLimit: 100 });\n" } },
      { name: 'a pool of a test', files: { 'test/db.ts': "import { Pool } from 'pg';\nexport const pool = new Pool();\n" } },
    ],
    unknown: [
      { name: 'options from a package', files: { 'db.ts': "import { Pool } from 'pg';\nimport config from 'config';\nexport const pool = new Pool(config.get('db'));\n" } },
      { name: 'options of a caller', files: { 'db.ts': "import { Pool, type PoolConfig } from 'pg';\nexport const open = (options: PoolConfig) => new Pool(options);\n" } },
      { name: 'a spread of a caller', files: { 'db.ts': "import { Pool, type PoolConfig } from 'pg';\nexport const open = (options: PoolConfig) => new Pool({ max: 5, ...options });\n" } },
      { name: 'a value from the environment', files: { 'db.ts': "import { Pool } from 'pg';\nexport const pool = new Pool({ connectionTimeoutMillis: Number(process.env.DB_WAIT) });\n" } },
    ],
  },
});

type Found = Report<'missing' | 'queries' | 'off' | 'huge' | 'queue'>;

function judge(client: LinkedClient, pool: PoolOption, budgets: Budgets, maxMs: number): Found | undefined {
  if (ridesOnAnother(client)) return undefined;
  if (pool.wait === undefined) return pool.queueLimit && judgeQueue(client, pool.queueLimit);
  const bound = boundOf(client, pool.wait);
  if (!bound) return undefined;
  const call = waitingText(client.calls.filter((one) => one.shape.io !== 'connect'));
  const data = { call: call ?? clientName(client), client: clientName(client), library: client.library.title, option: bound.option };
  const subject = clientName(client);
  const found = settingOf(client, bound);
  if (found === 'unknown') return undefined;
  if (found === 'absent') {
    if (bound.default !== null) return undefined;
    const fix = clientFix(client, bound, budgets);
    const more = client.calls.map((one) => ({ file: one.file, span: one.fact.callee }));
    const isLarge = (pool.size?.default ?? 0) > 50;
    return {
      at: { file: client.file, span: client.fact.callee },
      message: call === undefined ? 'queries' : 'missing',
      data: { ...data, default: bound.off?.[0] === 0 ? 0 : 'unset' },
      label: noLimitLabel(client.library, bound),
      more,
      moreNoun: 'calls',
      subject,
      fixes: fix ? [{ ...fix, title: `Limit the wait to ${formatDuration(budgets[bound.fix?.budget ?? 'acquire'])} with \`${bound.option}\`` }] : [],
      ...(isLarge ? { severity: 'info' as const } : {}),
    };
  }
  return judgeWritten(client, bound, found, data, subject, budgets, maxMs);
}

function judgeWritten(client: LinkedClient, bound: Bound, { value, span }: Written, data: Record<string, string>, subject: string, budgets: Budgets, maxMs: number): Found | undefined {
  const ms = millisecondsOf(value, bound);
  const isOff = bound.off?.some((off) => String(off) === valueText(value)) ?? false;
  if (!isOff && (ms === undefined || ms <= maxMs)) return undefined;
  const at = { file: client.file, span: span ?? client.fact.callee };
  const key = bound.option.split('.').at(-1) ?? bound.option;
  const budget = budgets[bound.fix?.budget ?? 'acquire'];
  const fixes = span ? [{ title: `Limit the wait to ${formatDuration(budget)}`, safety: 'unsafe' as const, operations: [{ language: 'code' as const, file: client.file, kind: 'replace' as const, span, text: `${key}: ${String(budget).replace(/\B(?=(\d{3})+$)/g, '_')}` }] }] : [];
  if (isOff || ms === undefined || !Number.isFinite(ms)) return { at, message: 'off', data: { ...data, option: key, value: valueText(value) }, subject, fixes };
  return { at, message: 'huge', data: { ...data, option: key, wait: formatDuration(ms), value: valueText(value) }, subject, fixes };
}

interface Written {
  readonly value: Value;
  /** The whole property, where it stands in the client's own file. */
  readonly span: readonly [number, number] | undefined;
}

// Limits that stand in the address count as set to something: whoever wrote them has thought of it.
function settingOf(client: LinkedClient, bound: Bound): Written | 'absent' | 'unknown' {
  if (client.verdict.kind === 'unknown' && client.options.kind !== 'object') return 'unknown';
  if (bound.at.includes('url') && addressOf(client)?.includes(`${bound.option}=`)) return 'unknown';
  const hasOptions = client.construct.options !== undefined;
  const found = hasOptions ? optionAt(client.options, bound.option) : 'absent';
  if (typeof found === 'string') return found;
  return { value: found, span: propertySpan(client.options, bound.option) };
}

function propertySpan(options: Value, path: string): readonly [number, number] | undefined {
  let value: Value = options;
  let span: readonly [number, number] | undefined;
  for (const key of path.split('.')) {
    if (value.kind !== 'object') return undefined;
    const entry = value.entries.findLast((candidate) => candidate.key === key);
    if (!entry) return undefined;
    span = entry.span;
    value = entry.value;
  }
  return span;
}

function addressOf(client: LinkedClient): string | undefined {
  const argument = client.construct.target === undefined ? undefined : client.fact.arguments[client.construct.target];
  return argument?.kind === 'string' ? argument.value : undefined;
}

function boundOf({ library, instance }: LinkedClient, option: string): Bound | undefined {
  return library.entry.bounds?.find((bound) => bound.option === option && bound.phases.includes('queue') && (bound.on === undefined || bound.on.includes(instance)) && rowHolds(library, bound.versions) === 'yes');
}

function judgeQueue(client: LinkedClient, limit: NonNullable<PoolOption['queueLimit']>): Found | undefined {
  const found = optionAt(client.options, limit.option);
  const isUnlimited = found === 'absent' || (typeof found === 'object' && found.kind === 'number' && found.value === limit.unlimited);
  if (!isUnlimited) return undefined;
  return {
    at: { file: client.file, span: client.fact.callee },
    message: 'queue',
    data: { pool: clientName(client), library: client.library.title, option: limit.option, unlimited: limit.unlimited },
    subject: clientName(client),
  };
}
