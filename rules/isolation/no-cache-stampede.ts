// A key that many ask for expires once, and all of them load it at once: the source gets the whole load in the moment that the cache was to spare it.

import { defineRule } from '../../engine/lint/rule';
import { cacheAt, loadsFromOutside } from '../cache-places';
import { contextsOf, nameOfFunction, placeIn, routeOf, runsAsService } from '../code-places';
import { clip } from '../limits';

const HEAD = "import express from 'express';\nimport Redis from 'ioredis';\nimport { Pool } from 'pg';\nconst redis = new Redis({ commandTimeout: 1_000 });\nconst pool = new Pool({ connectionTimeoutMillis: 1_000, query_timeout: 1_000 });\npool.on('error', console.error);\nconst app = express();\n";
const route = (body: string): string => `${HEAD}app.get('/prices', async (req, res, next) => {\n  try {\n${body}  } catch (error) {\n    next(error);\n  }\n});\n`;
const LOAD = "    const { rows } = await pool.query('select * from prices');\n";

export const noCacheStampede = defineRule<'together'>({
  id: 'isolation/no-cache-stampede',
  since: '0.1.0',
  severity: 'advice',
  reads: 'code',
  fault: 'slow',
  messages: {
    together: 'Each time the key of `{read}` expires, all requests that miss together run `{load}` at once.',
  },
  docs: {
    what: 'Reports, on the path of a request, a value that is read from a cache, loaded on a miss and written back with an expiry, where nothing makes callers that miss together load once.',
    why: 'The more popular the key, the larger the burst: the source is hit by everyone in the moment of the expiry, gets slow, and the burst grows.',
    fix: 'Load once for all who wait (one promise for each key, or a lock in the cache), serve the old value while one caller loads, or spread the expiries by jitter.',
    not: 'A lock, a promise under way, an expiry with jitter, a cache whose library loads once, a load that asks nothing outside of the process, and work off the path of a request.',
    references: ['Vattani, Chierichetti, Lowenstein: Optimal Probabilistic Cache Stampede Prevention, VLDB 2015'],
  },
  check({ file, code, resolve, report }) {
    if (!runsAsService(code, file)) return;
    for (const fact of file.facts.cacheReads ?? []) {
      if (fact.isShared || !fact.lifetime || fact.isJittered || !contextsOf(file, fact.function).has('handler')) continue;
      if (!cacheAt(file, fact, code, resolve) || !loadsFromOutside(file, fact, code, resolve)) continue;
      const name = routeOf(file, fact.function) ?? nameOfFunction(file, fact.function);
      report({
        at: placeIn(file, fact.callee),
        message: 'together',
        data: { read: clip(fact.calleeText, 40), load: clip(fact.loadText, 40) },
        related: [{ at: placeIn(file, fact.lifetime), text: 'expires for all at once' }],
        fixes: [
          {
            title: 'Spread the expiry by 10 % either way',
            safety: 'safe',
            operations: [{ language: 'code', file: file.path, kind: 'wrap', span: fact.lifetime, before: 'Math.round((', after: ') * (0.9 + Math.random() * 0.2))' }],
          },
        ],
        subject: `${name}:${fact.calleeText}`,
      });
    }
  },
  examples: {
    bad: [
      {
        name: 'prices that are kept for a minute',
        files: { 'a.ts': route(`    const cached = await «redis.get»('prices');\n    if (cached) return res.json(JSON.parse(cached));\n${LOAD}    await redis.set('prices', JSON.stringify(rows), 'EX', 60);\n    res.json(rows);\n`) },
        expect: 'together',
        fixed: { 'a.ts': route(`    const cached = await redis.get('prices');\n    if (cached) return res.json(JSON.parse(cached));\n${LOAD}    await redis.set('prices', JSON.stringify(rows), 'EX', Math.round((60) * (0.9 + Math.random() * 0.2)));\n    res.json(rows);\n`) },
      },
      { name: 'setex inside of the test', files: { 'a.ts': route(`    let prices = await «redis.get»('prices');\n    if (!prices) {\n${LOAD}      prices = JSON.stringify(rows);\n      await redis.setex('prices', 60, prices);\n    }\n    res.send(prices);\n`) }, expect: 'together' },
      { name: 'an option of node-redis', files: { 'a.ts': route(`    const cached = await «redis.get»('prices');\n    if (cached !== null) {\n      return res.send(cached);\n    }\n${LOAD}    await redis.set('prices', JSON.stringify(rows), { EX: 60 });\n    res.json(rows);\n`).replace("import Redis from 'ioredis'", "import { createClient } from 'redis'").replace('new Redis({ commandTimeout: 1_000 })', "createClient({ socket: { socketTimeout: 1_000 } });\nredis.on('error', console.error)"), 'package.json': '{ "dependencies": { "redis": "5.8.0", "express": "5.1.0" } }' }, expect: 'together' },
      { name: 'a cache of this process', files: { 'a.ts': route(`    const cached = await «cache.get»('prices');\n    if (cached) return res.json(cached);\n${LOAD}    cache.set('prices', rows, 60);\n    res.json(rows);\n`).replace("import Redis from 'ioredis'", "import NodeCache from 'node-cache'").replace('const redis = new Redis({ commandTimeout: 1_000 })', 'const cache = new NodeCache()') }, expect: 'together' },
    ],
    good: [
      { name: 'an expiry with jitter', files: { 'a.ts': route(`    const cached = await redis.get('prices');\n    if (cached) return res.json(JSON.parse(cached));\n${LOAD}    await redis.set('prices', JSON.stringify(rows), 'EX', 60 + Math.floor(Math.random() * 10));\n    res.json(rows);\n`) } },
      { name: 'a lock', files: { 'a.ts': route(`    const cached = await redis.get('prices');\n    if (cached) return res.json(JSON.parse(cached));\n    if (!(await redis.set('prices:lock', '1', 'EX', 5, 'NX'))) return res.status(503).end();\n${LOAD}    await redis.set('prices', JSON.stringify(rows), 'EX', 60);\n    res.json(rows);\n`) } },
      { name: 'a promise under way', files: { 'a.ts': route(`    const cached = await redis.get('prices');\n    if (cached) return res.json(JSON.parse(cached));\n    const rows = await inFlight.run('prices', () => pool.query('select * from prices'));\n    await redis.set('prices', JSON.stringify(rows), 'EX', 60);\n    res.json(rows);\n`) } },
      { name: 'no expiry', files: { 'a.ts': route(`    const cached = await redis.get('prices');\n    if (cached) return res.json(JSON.parse(cached));\n${LOAD}    await redis.set('prices', JSON.stringify(rows));\n    res.json(rows);\n`) } },
      { name: 'off the path of a request', files: { 'a.ts': `${HEAD}setInterval(async () => {\n  const cached = await redis.get('prices');\n  if (cached) return;\n  const { rows } = await pool.query('select * from prices');\n  await redis.set('prices', JSON.stringify(rows), 'EX', 60);\n}, 60_000);\n` } },
    ],
    unknown: [
      { name: 'a cache that we do not know', files: { 'a.ts': route(`    const cached = await cache.get('prices');\n    if (cached) return res.json(JSON.parse(cached));\n${LOAD}    await cache.set('prices', JSON.stringify(rows), 60);\n    res.json(rows);\n`).replace("import Redis from 'ioredis'", "import { cache } from 'acme'").replace('const redis = new Redis({ commandTimeout: 1_000 });\n', '') } },
      { name: 'a load that we do not know', files: { 'a.ts': route(`    const cached = await redis.get('prices');\n    if (cached) return res.json(JSON.parse(cached));\n    const rows = await load();\n    await redis.set('prices', JSON.stringify(rows), 'EX', 60);\n    res.json(rows);\n`).replace('const app', "import { load } from 'acme';\nconst app") } },
    ],
  },
});
