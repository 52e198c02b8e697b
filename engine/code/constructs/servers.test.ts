import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../test/code-facts';

function servers(code: string): string[] {
  return factsOf(code).facts.servers.map((fact) => `${fact.kind} ${fact.protocol} ${fact.library} ${fact.serverName ?? '-'}${fact.isConditional ? ' development' : ''}`);
}

describe('where a process begins to serve', () => {
  it.each([
    ["import express from 'express';\nconst app = express();\nconst server = app.listen(3000);", ['listen http express server']],
    ["import express from 'express';\nexpress().listen(3000);", ['listen http express -']],
    ["import http from 'http';\nconst server = http.createServer(run);\nserver.listen(80);", ['listen http node:http server']],
    ["import Fastify from 'fastify';\nconst app = Fastify();\nawait app.listen({ port: 1 });", ['listen http fastify app']],
    ["import { serve } from '@hono/node-server';\nserve({ fetch });", ['listen http @hono/node-server -']],
    ["import { Worker } from 'bullmq';\nconst worker = new Worker('mail', run);", ['worker queue bullmq worker']],
    ["import express from 'express';\nconst app = express();\nif (process.env.NODE_ENV === 'development') app.listen(1);", ['listen http express - development']],
    ["import express from 'express';\nconst app = express();\nif (process.env.NODE_ENV !== 'test') app.listen(1);", ['listen http express -']],
    ['emitter.listen(3);', []],
  ])('%s', (code, expected) => {
    expect(servers(code)).toEqual(expected);
  });
});

describe('listeners of the process', () => {
  function listeners(code: string): string[] {
    return factsOf(code).facts.processListeners.map((fact) => `${fact.event} ${fact.closes.join('+') || '-'}${fact.exits ? ' exits' : ''}${fact.isOutOfSight ? ' out of sight' : ''}${fact.isEmpty ? ' empty' : ''}`);
  }

  it.each([
    ["process.on('SIGTERM', () => process.exit(0));", ['SIGTERM - exits']],
    ["process.once('SIGTERM', () => server.close(() => process.exit(0)));", ['SIGTERM server.close exits']],
    ["function stop() { server.close(); pool.end(); }\nprocess.on('SIGTERM', stop);", ['SIGTERM server.close+pool.end']],
    ["import { stop } from './stop';\nprocess.on('SIGTERM', stop);", ['SIGTERM - out of sight']],
    ["process.on('unhandledRejection', () => {});", ['unhandledRejection - empty']],
    ["process.on('uncaughtException', (e) => { log.error(e); });", ['uncaughtException -']],
  ])('%s', (code, expected) => {
    expect(listeners(code)).toEqual(expected);
  });

  it('takes a name that is not written out for every signal', () => {
    expect(factsOf("for (const s of ['SIGTERM', 'SIGINT']) process.on(s, () => server.close());").facts.processListeners.some(({ event, closes }) => event === 'SIGTERM' && closes.length > 0)).toBe(true);
  });
});

describe('calls that block', () => {
  function blocking(code: string): string[] {
    return factsOf(code).facts.blocking.map((fact) => `${fact.calleeText}${fact.isCachedAtModuleLevel ? ' kept' : ''}`);
  }

  it.each([
    ["import { readFileSync } from 'fs';\nexport const f = () => readFileSync('a');", ['readFileSync']],
    ["import { readFileSync } from 'fs';\nexport const a = readFileSync('a');", []],
    ["import fs from 'fs';\nexport const f = () => fs.existsSync('a');", []],
    ["import { readFileSync } from './own';\nexport const f = () => readFileSync('a');", []],
    ["import fs from 'fs';\nlet page;\nexport const f = () => (page ??= fs.readFileSync('a'));", ['fs.readFileSync kept']],
    ["import fs from 'fs';\nconst pages = new Map();\nexport const f = (n) => pages.set(n, fs.readFileSync(n));", ['fs.readFileSync kept']],
    ["import bcrypt from 'bcryptjs';\nexport const f = (p, h) => bcrypt.compareSync(p, h);", ['bcrypt.compareSync']],
  ])('%s', (code, expected) => {
    expect(blocking(code)).toEqual(expected);
  });
});

describe('timers', () => {
  it('keeps the delay that they are given', () => {
    const delays = factsOf('const day = 24 * 3600 * 1000;\nsetTimeout(run, 30 * day);\nAbortSignal.timeout(50);\nsetTimeout(run, later);').facts.timers.map(({ callee, delay }) => `${callee} ${delay.kind === 'number' ? delay.value : delay.kind}`);
    expect(delays).toEqual(['setTimeout 2592000000', 'AbortSignal.timeout 50']);
  });
});
