// A cache is there to spare the source of truth, not to stand in front of it: when the cache is down, the source can still answer.

import type { LinkedFile, OutboundCall } from '../../engine/code/project';
import type { CacheReadFact } from '../../engine/code/cache-facts';

import type { Fix } from '../../engine/lint/fix';
import { defineRule } from '../../engine/lint/rule';
import { cacheAt, loadsFromOutside } from '../cache-places';
import { contextsOf, nameOfFunction, placeIn, routeOf, runsAsService } from '../code-places';
import { clip } from '../limits';
import { logCall } from '../logging';
import { bringIn } from '../recommended-packages';

const CACHE = "import Redis from 'ioredis';\nimport { Pool } from 'pg';\nconst redis = new Redis({ commandTimeout: 1_000 });\nconst pool = new Pool({ connectionTimeoutMillis: 1_000, query_timeout: 1_000 });\npool.on('error', console.error);\n";
const LOAD = "  const { rows } = await pool.query('select * from products where id = $1', [id]);\n  await redis.set(`product:${id}`, JSON.stringify(rows[0]), 'EX', 60);\n  return rows[0];\n}\n";
const ROUTE = "import axios from 'axios';\nimport express from 'express';\nimport { Pool } from 'pg';\nconst pool = new Pool({ connectionTimeoutMillis: 1_000, query_timeout: 1_000 });\npool.on('error', console.error);\nconst app = express();\n";

export const requireFallback = defineRule<'cache' | 'alone'>({
  id: 'failover/require-fallback',
  since: '0.1.0',
  severity: 'info',
  reads: 'code',
  fault: 'down',
  messages: {
    cache: '`{read}` down takes this read with it, although `{load}` could answer: a failed read of the cache is no miss here.',
    alone: { text: '`{route}` fails whenever the other end of `{read}` does, although `{load}` answers: nothing stands for its part.', severity: 'advice' },
  },
  docs: {
    what: 'Reports a read of a cache that a load from the source of truth follows on a miss, where a failure of the cache itself ends the work. As advice: a route that puts its answer together from several sources, where a read over HTTP has neither a fallback nor a breaker.',
    why: 'The cache becomes a second thing that has to be up: its outage, failover or restart fails requests that the database could answer.',
    fix: 'Count a failed read as a miss, and log it. Keep an eye on the source: it takes the whole load then. For a part of an answer: a value that stands for it, or a breaker that fails at once and leaves the other end alone.',
    not: 'A read that is caught, a cache that says "not there" when it fails, one in this process, and a store that nothing is written back to: that is no cache. A route with one source has nothing else to answer with.',
  },
  check({ file, code, resolve, report }) {
    if (!runsAsService(code, file)) return;
    for (const fact of file.facts.cacheReads ?? []) {
      if (fact.isCaught || !fact.write || !loadsFromOutside(file, fact, code, resolve)) continue;
      const place = cacheAt(file, fact, code, resolve);
      if (!place || place.isCaught || place.shape.failsOpen || place.shape.isLocal) continue;
      const name = routeOf(file, fact.function) ?? nameOfFunction(file, fact.function);
      report({
        at: placeIn(file, fact.callee),
        message: 'cache',
        data: { read: clip(fact.calleeText, 40), load: clip(fact.loadText, 40) },
        related: [{ at: placeIn(file, fact.loadSpan), text: 'this could answer' }],
        fixes: [missFix(file, fact, place.isDirect)],
        subject: `${name}:${fact.calleeText}`,
        ...(contextsOf(file, fact.function).has('handler') ? {} : { severity: 'advice' as const }),
      });
    }
    for (const call of file.calls) {
      const route = file.facts.functions[call.fact.function]?.route;
      const other = route === undefined || !isLoneRead(call) ? undefined : file.calls.find((one) => one.fact.function === call.fact.function && one.library.title !== call.library.title);
      if (route === undefined || !other) continue;
      const name = `${call.fact.calleeText.split('.')[0]?.replace(/\W/g, '') || 'call'}Breaker`;
      const brought = bringIn(code, file, 'breaker', call.fact.span, { name });
      report({
        at: placeIn(file, call.fact.callee),
        message: 'alone',
        data: { route: clip(route, 30), read: clip(call.fact.calleeText, 30), load: clip(other.fact.calleeText, 30) },
        fixes: brought ? [{ title: clip(`Put a breaker around it${brought.isNew ? ` (adds ${brought.package})` : ''}`, 60), safety: 'by-hand', operations: brought.operations }] : [],
        subject: `${route}:${call.fact.calleeText}`,
      });
    }
  },
  examples: {
    bad: [
      {
        name: 'a product that is kept in Redis',
        files: { 'a.ts': `${CACHE}export async function product(id: string) {\n  const cached = await «redis.get»(\`product:\${id}\`);\n  if (cached) return JSON.parse(cached);\n${LOAD}` },
        expect: 'cache',
        fixed: { 'a.ts': `${CACHE}export async function product(id: string) {\n  const cached = await redis.get(\`product:\${id}\`).catch((error) => { console.error(error); return null; });\n  if (cached) return JSON.parse(cached);\n${LOAD}` },
      },
      {
        name: 'the miss inside of the test',
        files: { 'a.ts': `${CACHE}export async function product(id: string) {\n  let row = await «redis.get»('p' + id);\n  if (!row) {\n    const answer = await pool.query('select * from products where id = $1', [id]);\n    row = JSON.stringify(answer.rows[0]);\n    await redis.setex('p' + id, 60, row);\n  }\n  return row;\n}\n` },
        expect: 'cache',
      },
      {
        name: 'a cache of another file, a load of another file',
        files: {
          'cache.ts': "import Redis from 'ioredis';\nexport const cache = new Redis({ commandTimeout: 1_000 });\n",
          'users.ts': "import { Pool } from 'pg';\nconst pool = new Pool({ connectionTimeoutMillis: 1_000, query_timeout: 1_000 });\npool.on('error', console.error);\nexport const find = (id: string) => pool.query('select * from users where id = $1', [id]);\n",
          'a.ts': "import { cache } from './cache';\nimport { find } from './users';\nexport async function user(id: string) {\n  const hit = await «cache.get»(id);\n  if (hit !== null) {\n    return JSON.parse(hit);\n  }\n  const found = await find(id);\n  await cache.set(id, JSON.stringify(found), 'EX', 300);\n  return found;\n}\n",
        },
        expect: 'cache',
      },
      {
        name: 'a function of the project that reads the cache',
        files: {
          'cache.ts': "import Redis from 'ioredis';\nconst redis = new Redis({ commandTimeout: 1_000 });\nexport class Cache {\n  async get(key: string) {\n    return redis.get(key);\n  }\n  async set(key: string, value: string) {\n    return redis.set(key, value, 'EX', 60);\n  }\n}\n",
          'a.ts': "import { PrismaClient } from '@prisma/client';\nimport { Cache } from './cache';\nexport class Users {\n  constructor(private readonly cache: Cache, private readonly prisma: PrismaClient) {}\n  async find(id: string) {\n    const hit = await «this.cache.get»(id);\n    if (hit) return hit;\n    const user = await this.prisma.user.findUnique({ where: { id } });\n    await this.cache.set(id, JSON.stringify(user));\n    return user;\n  }\n}\n",
        },
        expect: 'cache',
      },
      {
        name: 'one part of an answer comes from another service',
        files: {
          'package.json': '{\n  "dependencies": {\n    "axios": "1.7.0",\n    "express": "5.1.0",\n    "pg": "8.13.0"\n  }\n}\n',
          'a.ts': `${ROUTE}app.get('/orders/:id', async (req, res) => {\n  const { rows } = await pool.query('select * from orders where id = $1', [req.params.id]);\n  const rate = await «axios.get»('http://rates/today', { timeout: 2_000 });\n  res.json({ order: rows[0], rate: rate.data });\n});\n`,
        },
        expect: 'alone',
        fixed: {
          'package.json': '{\n  "dependencies": {\n    "axios": "1.7.0",\n    "cockatiel": "^3.2.1",\n    "express": "5.1.0",\n    "pg": "8.13.0"\n  }\n}\n',
          'a.ts': `${ROUTE.replace("from 'pg';\n", "from 'pg';\nimport { circuitBreaker, ConsecutiveBreaker, handleAll } from 'cockatiel';\n")}const axiosBreaker = circuitBreaker(handleAll, { halfOpenAfter: 10_000, breaker: new ConsecutiveBreaker(5) });\napp.get('/orders/:id', async (req, res) => {\n  const { rows } = await pool.query('select * from orders where id = $1', [req.params.id]);\n  const rate = await axiosBreaker.execute(() => axios.get('http://rates/today', { timeout: 2_000 }));\n  res.json({ order: rows[0], rate: rate.data });\n});\n`,
        },
      },
    ],
    good: [
      { name: 'a value that stands for the part', files: { 'a.ts': `${ROUTE}app.get('/orders/:id', async (req, res) => {\n  const { rows } = await pool.query('select * from orders where id = $1', [req.params.id]);\n  const rate = await axios.get('http://rates/today', { timeout: 2_000 }).catch(() => LAST_RATE);\n  res.json({ order: rows[0], rate: rate.data });\n});\n` } },
      { name: 'a route with one source', files: { 'a.ts': `${ROUTE}app.get('/rate', async (req, res) => {\n  const rate = await axios.get('http://rates/today', { timeout: 2_000 });\n  res.json(rate.data);\n});\n` } },
      { name: 'a read that is caught', files: { 'a.ts': `${CACHE}export async function product(id: string) {\n  const cached = await redis.get(\`product:\${id}\`).catch(() => null /* counts as a miss */);\n  if (cached) return JSON.parse(cached);\n${LOAD}` } },
      { name: 'a try around the read', files: { 'a.ts': `${CACHE}export async function product(id: string) {\n  try {\n    const cached = await redis.get(\`product:\${id}\`);\n    if (cached) return JSON.parse(cached);\n  } catch (error) {\n    console.error(error);\n  }\n${LOAD}` } },
      { name: 'a cache that says "not there" when it fails', files: { 'a.ts': "import Keyv from 'keyv';\nimport { PrismaClient } from '@prisma/client';\nconst cache = new Keyv();\nconst prisma = new PrismaClient();\nexport async function user(id: string) {\n  const hit = await cache.get(id);\n  if (hit) return hit;\n  const found = await prisma.user.findUnique({ where: { id } });\n  await cache.set(id, found, 60_000);\n  return found;\n}\n" } },
      { name: 'a session, which is written nowhere else', files: { 'a.ts': `${CACHE}export async function session(id: string) {\n  const found = await redis.get(id);\n  if (!found) return null;\n  const { rows } = await pool.query('select * from users where id = $1', [found]);\n  return rows[0];\n}\n` } },
      { name: 'the wrapper around the cache catches', files: { 'cache.ts': "import Redis from 'ioredis';\nconst redis = new Redis({ commandTimeout: 1_000 });\nexport async function get(key: string) {\n  try {\n    return await redis.get(key);\n  } catch (error) {\n    console.error(error);\n    return null;\n  }\n}\nexport const set = (key: string, value: string) => redis.set(key, value, 'EX', 60);\n", 'a.ts': "import * as cache from './cache';\nimport { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\nexport async function user(id: string) {\n  const hit = await cache.get(id);\n  if (hit) return hit;\n  const found = await prisma.user.findUnique({ where: { id } });\n  await cache.set(id, JSON.stringify(found));\n  return found;\n}\n" } },
    ],
    unknown: [
      { name: 'a cache that we do not know', files: { 'a.ts': "import { cache } from 'acme-cache';\nimport { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\nexport async function user(id: string) {\n  const hit = await cache.get(id);\n  if (hit) return hit;\n  const found = await prisma.user.findUnique({ where: { id } });\n  await cache.set(id, found);\n  return found;\n}\n" } },
      { name: 'a load that computes', files: { 'a.ts': `${CACHE}import { compute } from 'acme';\nexport async function product(id: string) {\n  const cached = await redis.get(id);\n  if (cached) return cached;\n  const value = await compute(id);\n  await redis.set(id, value, 'EX', 60);\n  return value;\n}\n` } },
      { name: 'cache-manager, whose version is not known', files: { 'a.ts': "import type { Cache } from 'cache-manager';\nimport { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\nexport async function user(cache: Cache, id: string) {\n  const hit = await cache.get(id);\n  if (hit) return hit;\n  const found = await prisma.user.findUnique({ where: { id } });\n  await cache.set(id, found);\n  return found;\n}\n" } },
    ],
  },
});

// A read over HTTP whose failure is the route's: awaited in its handler, caught by nothing, behind nothing.
function isLoneRead({ fact, shape }: OutboundCall): boolean {
  const method = shape.verb ?? fact.calleeText.slice(fact.calleeText.lastIndexOf('.') + 1);
  const isRead = shape.isWrite === false || /^(?:get|head)$/i.test(method);
  return shape.io === 'http' && isRead && fact.usage === 'awaited' && !fact.isCaught && fact.guards.every(({ kind }) => kind === 'signal' || kind === 'chain');
}

function missFix(file: LinkedFile, fact: CacheReadFact, isDirect: boolean): Fix {
  const log = logCall(file, fact.span[0], fact.calleeText) ?? 'console.error(error)';
  return {
    title: 'Count a failed read as a miss, and log it',
    safety: 'safe',
    operations: [{ language: 'code', file: file.path, kind: 'wrap', span: fact.span, before: '', after: `.catch((error) => { ${log}; return ${isDirect ? 'null' : 'undefined'}; })` }],
  };
}
