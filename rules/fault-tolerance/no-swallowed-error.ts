// A failure that leaves no trace is found by the customers: the call did not happen and nothing says so.

import type { CatchFact } from '../../engine/code/construct-facts';
import type { CodeProject, EntityResolver, LinkedFile, OutboundCall } from '../../engine/code/project';
import type { Entity } from '../../engine/code/values';
import type { Fix } from '../../engine/lint/fix';
import { defineRule, type Report } from '../../engine/lint/rule';
import { asyncFunctionOf, callOf, canReject, isRemote, nameOfFunction, placeIn, reachesIo, routeOf, runsAsService } from '../code-places';
import { clip } from '../limits';
import { logCall } from '../logging';

type MessageId = 'empty' | 'drops' | 'method' | 'constant' | 'answer' | 'settled' | 'callback' | 'listener';

// Calls whose failure is of no interest to the work: metrics, traces, analytics.
const TELEMETRY = /telemetry|analytic|metric|track|posthog|mixpanel|amplitude|segment|sentry|statsd|datadog|span|trace|beacon|usage|heartbeat|setStatus|typing|presence|notif/i;

export const noSwallowedError = defineRule<MessageId>({
  id: 'fault-tolerance/no-swallowed-error',
  since: '0.1.0',
  severity: 'warning',
  reads: 'code',
  fault: 'down',
  messages: {
    empty: 'A failed `{call}` leaves no trace: this `catch` is empty.',
    drops: 'A failed `{call}` leaves no trace: this `catch` drops the error.',
    method: 'A failed `{call}` leaves no trace: this `.catch` does nothing.',
    callback: 'A failed `{call}` reads like an answer: its callback does not look at `{error}`.',
    listener: 'Failures of `{call}` leave no trace: its listener of `error` does nothing.',
    answer: 'A failed `{call}` reads like a yes or no: this `catch` drops the error and gives a constant.',
    settled: 'A failed `{call}` reads like a success: this `catch` drops the error and resolves the promise.',
    constant: { text: 'A failed `{call}` reads like an empty answer: this `catch` drops the error and gives a constant.', severity: 'advice' },
  },
  docs: {
    what: 'Reports a `catch` that drops the failure of a call to another process: no log, no rethrow, no answer made of it.',
    why: 'The work did not happen and nobody learns of it: no log line, no metric, no error for the caller.',
    fix: 'Log the error, or give it on; an answer that means something else is no place for an outage.',
    not: 'Clean-up (`close`, `rollback`, `unlink`), probes, telemetry, a comment that says why, a parameter named `ignored` or `expected`, a retry that goes round again, and another source, or a value that was there before, that stands for the result.',
  },
  check({ file, code, resolve, report }) {
    if (!runsAsService(code, file)) return;
    for (const fact of file.facts.catches) {
      const finding = judge(file, fact, code, resolve);
      if (finding) report(finding);
    }
  },
  examples: {
    bad: [
      {
        name: 'an empty catch around a command of Redis',
        files: { 'a.ts': "import Redis from 'ioredis';\nconst redis = new Redis({ commandTimeout: 1_000 });\nexport async function remember(key: string, value: string) {\n  try {\n    await redis.set(key, value);\n  } «catch» {\n  }\n}\n" },
        expect: 'empty',
      },
      {
        name: 'an empty catch with the error',
        files: { 'a.ts': "import axios from 'axios';\nexport async function charge(order: object) {\n  try {\n    await axios.post('http://billing/charges', order, { timeout: 5_000 });\n  } «catch» (error) {}\n}\n" },
        expect: 'empty',
        fixed: { 'a.ts': "import axios from 'axios';\nexport async function charge(order: object) {\n  try {\n    await axios.post('http://billing/charges', order, { timeout: 5_000 });\n  } catch (error) {\n    console.error(error);\n  }\n}\n" },
      },
      {
        name: 'a .catch that does nothing',
        files: { 'a.ts': "import { Pool } from 'pg';\nconst pool = new Pool({ connectionTimeoutMillis: 1_000, query_timeout: 1_000 });\npool.on('error', console.error);\nexport const save = (id: string) => pool.query('insert into orders values ($1)', [id]).«catch»(() => {});\n" },
        expect: 'method',
        fixed: { 'a.ts': "import { Pool } from 'pg';\nconst pool = new Pool({ connectionTimeoutMillis: 1_000, query_timeout: 1_000 });\npool.on('error', console.error);\nexport const save = (id: string) => pool.query('insert into orders values ($1)', [id]).catch((error) => console.error(error));\n" },
      },
      {
        name: 'a function of another file that asks the database',
        files: {
          'store.ts': "import { Pool } from 'pg';\nconst pool = new Pool({ connectionTimeoutMillis: 1_000, query_timeout: 1_000 });\npool.on('error', console.error);\nexport async function save(id: string) {\n  await pool.query('insert into orders values ($1)', [id]);\n}\n",
          'a.ts': "import { save } from './store';\nexport async function order(id: string) {\n  try {\n    await save(id);\n  } «catch» (error) {}\n}\n",
        },
        expect: 'empty',
      },
      {
        name: 'a message that is skipped',
        files: { 'a.ts': "import axios from 'axios';\nexport async function work(messages: string[]) {\n  for (const message of messages) {\n    try {\n      await axios.post('http://billing/charges', message, { timeout: 5_000 });\n    } «catch» (error) {\n      continue;\n    }\n  }\n}\n" },
        expect: 'drops',
      },
      {
        name: 'an empty list instead of the error',
        files: { 'a.ts': "import axios from 'axios';\nexport async function prices(ids: string[]) {\n  try {\n    const answer = await axios.get('http://prices/', { params: { ids }, timeout: 5_000 });\n    return answer.data;\n  } «catch» (error) {\n    return [];\n  }\n}\n" },
        expect: 'constant',
      },
      {
        name: 'undefined instead of the error, where somebody takes it',
        files: { 'a.ts': "import axios from 'axios';\nexport async function price(id: string) {\n  const answer = await axios.get('http://prices/' + id, { timeout: 5_000 }).«catch»(() => undefined);\n  return answer?.data;\n}\n" },
        expect: 'constant',
      },
      {
        name: 'the file has a logger, which is called as it is elsewhere',
        files: {
          'a.ts': "import axios from 'axios';\nimport { log } from './log';\nexport async function charge(order: object) {\n  try {\n    await axios.post('http://billing/charges', order, { timeout: 5_000 });\n  } «catch» {}\n}\nexport const stop = () => Promise.reject(new Error()).catch((error) => log.error('not stopped', { error: String(error) }));\n",
        },
        expect: 'empty',
        fixed: {
          'a.ts': "import axios from 'axios';\nimport { log } from './log';\nexport async function charge(order: object) {\n  try {\n    await axios.post('http://billing/charges', order, { timeout: 5_000 });\n  } catch (error) {\n    log.error('axios.post failed', { error: String(error) });\n  }\n}\nexport const stop = () => Promise.reject(new Error()).catch((error) => log.error('not stopped', { error: String(error) }));\n",
        },
      },
      {
        name: 'a callback that does not look at its error',
        files: { 'a.ts': "import { Pool } from 'pg';\nconst pool = new Pool({ connectionTimeoutMillis: 1_000, query_timeout: 1_000 });\npool.on('error', console.error);\nexport function list(done: (rows: unknown[]) => void) {\n  pool.query('select * from orders', («err», result) => {\n    done(result.rows);\n  });\n}\n" },
        expect: 'callback',
        fixed: { 'a.ts': "import { Pool } from 'pg';\nconst pool = new Pool({ connectionTimeoutMillis: 1_000, query_timeout: 1_000 });\npool.on('error', console.error);\nexport function list(done: (rows: unknown[]) => void) {\n  pool.query('select * from orders', (err, result) => {\n    if (err) console.error(err);\n    done(result.rows);\n  });\n}\n" },
      },
      {
        name: 'a listener of a connection that does nothing',
        files: { 'a.ts': "import { Pool } from 'pg';\nexport const pool = new Pool({ connectionTimeoutMillis: 1_000, query_timeout: 1_000 });\npool.on('error', «() => {}»);\n" },
        expect: 'listener',
        fixed: { 'a.ts': "import { Pool } from 'pg';\nexport const pool = new Pool({ connectionTimeoutMillis: 1_000, query_timeout: 1_000 });\npool.on('error', (error) => console.error(error));\n" },
      },
      {
        name: 'an outage reads as a name that is free',
        files: { 'a.ts': "import { Pool } from 'pg';\nconst pool = new Pool({ connectionTimeoutMillis: 1_000, query_timeout: 1_000 });\npool.on('error', console.error);\nexport async function isTaken(name: string) {\n  try {\n    const { rows } = await pool.query('select 1 from users where name = $1', [name]);\n    return rows.length > 0;\n  } «catch» (error) {\n    return false;\n  }\n}\n" },
        expect: 'answer',
      },
      {
        name: 'an outage resolves a promise that stands for a check',
        files: { 'a.ts': "import { Pool } from 'pg';\nconst pool = new Pool({ connectionTimeoutMillis: 1_000, query_timeout: 1_000 });\npool.on('error', console.error);\nconst find = (name: string) => pool.query('select 1 from users where name = $1', [name]);\nexport function check(name: string) {\n  return new Promise((resolve, reject) => {\n    find(name)\n      .then(() => reject(new Error('taken')))\n      .«catch»(() => resolve(name));\n  });\n}\n" },
        expect: 'settled',
      },
      {
        name: 'a statement of SQL by a library that is not known, and an error named as unused',
        files: { 'a.ts': "import { db } from 'acme-db';\nexport async function forget(id: string) {\n  try {\n    await db.run('DELETE FROM sessions WHERE user_id = ?', [id]);\n  } «catch» (_error) {}\n}\n" },
        expect: 'empty',
      },
      {
        name: 'a model of Prisma behind a service',
        files: {
          'prisma.service.ts': "import { PrismaClient } from '@prisma/client';\nexport class PrismaService extends PrismaClient {}\n",
          'a.ts': "import { PrismaService } from './prisma.service';\nexport class Users {\n  constructor(private readonly prisma: PrismaService) {}\n  async remove(id: string) {\n    try {\n      await this.prisma.settings.delete({ where: { userId: id } });\n    } «catch» {}\n  }\n}\n",
        },
        expect: 'empty',
      },
      {
        name: 'the second function of then',
        files: { 'a.ts': "import { Pool } from 'pg';\nconst pool = new Pool({ connectionTimeoutMillis: 1_000, query_timeout: 1_000 });\npool.on('error', console.error);\nexport const save = (id: string) => pool.query('insert into orders values ($1)', [id]).then(() => console.log('saved'), «() => {}»);\n" },
        expect: 'method',
      },
      {
        name: 'a store behind an interface, whose client has its type from another file',
        files: {
          'db.ts': "import type { Knex } from 'knex';\nexport type Db = Knex | Knex.Transaction;\n",
          'types.ts': "export interface Store {\n  get(name: string): Promise<object>;\n}\n",
          'store.ts': "import type { Db } from './db';\nimport type { Store } from './types';\nexport class SqlStore implements Store {\n  private db: Db;\n  constructor(db: Db) {\n    this.db = db;\n  }\n  async get(name: string) {\n    return this.db('plans').where({ name }).first();\n  }\n}\n",
          'a.ts': "import type { Store } from './types';\nexport class Plans {\n  constructor(private readonly store: Store) {}\n  async find(name: string) {\n    let plan: object | undefined;\n    try {\n      plan = await this.store.get(name);\n    } «catch» (_error) {}\n    return plan ?? 'wrong name';\n  }\n}\n",
        },
        expect: 'empty',
      },
    ],
    good: [
      { name: 'another source', files: { 'a.ts': "import axios from 'axios';\nimport { stored } from './stored';\nexport async function rates() {\n  try {\n    return await axios.get('http://rates/', { timeout: 500 });\n  } catch {}\n  return stored();\n}\n" } },
      { name: 'the next of several', files: { 'a.ts': "import axios from 'axios';\nexport async function any(urls: string[]) {\n  for (const url of urls) {\n    try {\n      return await axios.get(url, { timeout: 500 });\n    } catch {}\n  }\n  throw new Error('no mirror answers');\n}\n" } },
      { name: 'a value that is there already', files: { 'a.ts': "import axios from 'axios';\nimport { DEFAULT_FLAGS } from './flags';\nexport async function flags() {\n  let found = DEFAULT_FLAGS;\n  try {\n    found = (await axios.get('http://flags/all', { timeout: 500 })).data;\n  } catch {}\n  return found;\n}\n" } },
      { name: 'a callback that looks at its error', files: { 'a.ts': "import { Pool } from 'pg';\nconst pool = new Pool({ connectionTimeoutMillis: 1_000, query_timeout: 1_000 });\npool.on('error', console.error);\nexport function list(done: (error: unknown, rows?: unknown[]) => void) {\n  pool.query('select * from orders', (err, result) => {\n    if (err) return done(err);\n    done(null, result.rows);\n  });\n}\n" } },
      { name: 'logged', files: { 'a.ts': "import axios from 'axios';\nexport async function charge(order: object) {\n  try {\n    await axios.post('http://billing/charges', order, { timeout: 5_000 });\n  } catch (error) {\n    console.error(error);\n  }\n}\n" } },
      { name: 'a comment says why', files: { 'a.ts': "import Redis from 'ioredis';\nconst redis = new Redis({ commandTimeout: 1_000 });\nexport async function remember(key: string) {\n  try {\n    await redis.set(key, '1');\n  } catch {\n    // the cache is best effort\n  }\n}\n" } },
      { name: 'a fallback that someone made', files: { 'a.ts': "import axios from 'axios';\nimport { DEFAULT_FLAGS } from './flags';\nexport const flags = () => axios.get('http://flags/all', { timeout: 500 }).catch(() => DEFAULT_FLAGS);\n" } },
      { name: 'clean-up', files: { 'a.ts': "import { Pool } from 'pg';\nconst pool = new Pool({ connectionTimeoutMillis: 1_000, query_timeout: 1_000 });\npool.on('error', console.error);\nexport const stop = () => pool.end().catch(() => {});\n" } },
      { name: 'a command that is asked for what may not be there', files: { 'a.ts': "import { execSync } from 'node:child_process';\nexport function branch() {\n  try {\n    return execSync('git rev-parse --abbrev-ref HEAD', { timeout: 1_000 }).toString();\n  } catch {\n    return '';\n  }\n}\n" } },
      { name: 'a function that takes care of its failures itself', files: { 'a.ts': "import axios from 'axios';\nasync function ask(name: string) {\n  try {\n    return (await axios.get('http://names/' + name, { timeout: 500 })).data;\n  } catch (error) {\n    console.warn(error);\n    return undefined;\n  }\n}\nexport const has = (name: string) => {\n  const found = ask(name).catch(() => {});\n  return found;\n};\n" } },
      { name: 'parsing only', files: { 'a.ts': "export function parse(text: string) {\n  try {\n    return JSON.parse(text);\n  } catch {\n    return undefined;\n  }\n}\n" } },
      { name: 'a parameter that is named so', files: { 'a.ts': "import axios from 'axios';\nexport async function warm() {\n  try {\n    await axios.get('http://catalog/all', { timeout: 500 });\n  } catch (ignored) {}\n}\n" } },
      { name: 'the next attempt', files: { 'a.ts': "import axios from 'axios';\nexport async function load() {\n  for (let n = 0; n < 3; n++) {\n    try {\n      return await axios.get('http://catalog/all', { timeout: 500 });\n    } catch {}\n    await sleep(100 * 2 ** n * Math.random());\n  }\n  throw new Error('catalog is down');\n}\n" } },
      { name: 'telemetry', files: { 'a.ts': "import axios from 'axios';\nexport const trackEvent = (event: object) => axios.post('http://telemetry/events', event, { timeout: 500 }).catch(() => {});\n" } },
      { name: 'a test', files: { 'a.test.ts': "import axios from 'axios';\nexport async function charge() {\n  try {\n    await axios.post('http://billing');\n  } catch {}\n}\n" } },
    ],
    unknown: [
      { name: 'a callback of a package that we do not know', files: { 'a.ts': "import { find } from 'acme';\nexport const list = (done: (rows: unknown) => void) => find('all', (err, rows) => done(rows));\n" } },
      { name: 'a listener of something that comes from elsewhere', files: { 'a.ts': "import type { EventEmitter } from 'node:events';\nexport function mute(emitter: EventEmitter) {\n  emitter.on('error', () => {});\n}\n" } },
      { name: 'a function of a package that we do not know', files: { 'a.ts': "import { work } from 'acme';\nexport async function run() {\n  try {\n    await work();\n  } catch {}\n}\n" } },
      { name: 'a function of the project without a call outside', files: { 'b.ts': "export async function add(a: number) {\n  return a + 1;\n}\n", 'a.ts': "import { add } from './b';\nexport async function run() {\n  try {\n    await add(1);\n  } catch {}\n}\n" } },
    ],
  },
});

function judge(file: LinkedFile, fact: CatchFact, code: CodeProject, resolve: EntityResolver): Report<MessageId> | undefined {
  if ((fact.does !== 'nothing' && fact.does !== 'constant') || fact.hasComment || fact.isCleanup || fact.fallsBack || isRetried(file, fact)) return undefined;
  const name = routeOf(file, fact.function) ?? nameOfFunction(file, fact.function);
  const call = fact.emitter ? emitterOf(file, fact, fact.emitter, resolve) : guardedCall(file, fact, code, resolve);
  if (!call || TELEMETRY.test(call.text) || TELEMETRY.test(name)) return undefined;
  const message = messageOf(fact, call);
  const fixes = fact.does === 'nothing' || fact.form === 'clause' ? logFixes(file, fact, call.text) : [];
  return { at: placeIn(file, fact.mark), message, data: { call: clip(call.text, 40), error: clip(fact.errorName ?? 'error', 20) }, fixes, subject: `${name}:${call.text}` };
}

function messageOf({ form, does, gives, isEmpty }: CatchFact, { isQuery }: Guarded): MessageId {
  if (form === 'callback' || form === 'listener') return form;
  if (does === 'constant') return gives === 'settled' ? 'settled' : gives === 'boolean' && isQuery ? 'answer' : 'constant';
  return form === 'method' ? 'method' : isEmpty ? 'empty' : 'drops';
}

// A loop that tries again drops the error of each attempt but the last.
function isRetried(file: LinkedFile, fact: CatchFact): boolean {
  return file.facts.retries.some(({ kind, span }) => kind !== 'call' && kind !== 'respawn' && span[0] <= fact.mark[0] && span[1] >= fact.mark[1]);
}

interface Guarded {
  readonly text: string;
  /** It asks a store, which answers "there is none" without an error. */
  readonly isQuery: boolean;
}

// The first guarded call that leaves the process.
function guardedCall(file: LinkedFile, fact: CatchFact, code: CodeProject, resolve: EntityResolver): Guarded | undefined {
  for (const index of fact.calls) {
    const own = file.facts.calls[index];
    const call = callOf(file, own);
    if (call && leaves(call) && !(call.shape.io === 'exec' && (fact.form === 'callback' || fact.does === 'constant'))) return { text: call.fact.calleeText, isQuery: call.shape.io === 'query' && !/throw/i.test(call.fact.calleeText) };
    if (call || !own || fact.form === 'callback') continue;
    if (isRemote(file, own.entity, resolve)) return { text: own.calleeText, isQuery: !/throw/i.test(own.calleeText) };
    if (fails(file, own.entity, code, resolve)) return { text: own.calleeText, isQuery: false };
  }
  const position = fact.targets.findIndex((target) => fails(file, target, code, resolve));
  const text = position < 0 ? fact.statement : fact.awaits[position];
  return text === undefined ? undefined : { text, isQuery: position < 0 };
}

// It leaves the process and does not take care of its failures itself.
function fails(file: LinkedFile, entity: Entity, code: CodeProject, resolve: EntityResolver): boolean {
  const target = asyncFunctionOf(file, entity, code, resolve);
  return reachesIo(file, entity, code, resolve) && (!target || canReject(target, code, resolve));
}

// A client that lives on: what its errors say nobody else learns.
function emitterOf(file: LinkedFile, fact: CatchFact, emitter: Entity, resolve: EntityResolver): Guarded | undefined {
  const resolved = resolve(file.path, emitter);
  if (resolved.kind !== 'client' || resolved.path.length > 0 || resolved.client.construct.isLongLived === false) return undefined;
  if (!resolved.client.library.entry.errorEvents?.some(({ on }) => on === resolved.client.instance)) return undefined;
  return { text: fact.awaits[0] ?? resolved.client.instance, isQuery: false };
}

// A command that nobody waits for is a probe or clean-up.
function leaves({ shape, fact }: OutboundCall): boolean {
  return shape.io !== 'exec' || fact.usage !== 'other';
}

function logFixes(file: LinkedFile, fact: CatchFact, what: string): readonly Fix[] {
  const log = (offset: number, error: string): string => logCall(file, offset, what, error) ?? `console.error(${error})`;
  const fix = (...operations: Fix['operations']): Fix => ({ title: 'Log the error', safety: 'safe', operations });
  if (fact.form === 'method' || fact.form === 'listener') {
    const span = fact.handler ?? fact.body;
    return [fix({ language: 'code', file: file.path, kind: 'replace', span, text: `(error) => ${log(span[0], 'error')}` })];
  }
  const error = fact.errorName ?? 'error';
  if (fact.form === 'callback') return fact.isBlock ? [fix({ language: 'code', file: file.path, kind: 'insert-in-body', body: fact.body, at: 'start', lines: [`if (${error}) ${log(fact.body[0], error)};`] })] : [];
  if (fact.errorName === undefined && !fact.header) return [];
  const header = fact.errorName === undefined && fact.header ? [{ language: 'code' as const, file: file.path, kind: 'replace' as const, span: fact.header, text: 'catch (error) ' }] : [];
  const body = { language: 'code', file: file.path, kind: 'insert-in-body', body: fact.body, at: 'start' } as const;
  const logged = `${log(fact.body[0], error)};`;
  const first = fix(...header, { ...body, lines: [logged] });
  if (!fact.isEmpty) return [first];
  return [first, { title: 'Log the error and throw it on', safety: 'unsafe', operations: [...header, { ...body, lines: [logged, `throw ${error};`] }] }];
}
