// A promise that nobody takes: its rejection ends the process, and whoever waits for the answer waits on.

import type { AsyncSlotFact, FloatingFact } from '../../engine/code/construct-facts';
import type { Entity } from '../../engine/code/values';
import type { CodeProject, EntityResolver, LinkedFile } from '../../engine/code/project';
import { handlesRejection, rowHolds, type CallbackPlace } from '../../engine/lint/installed';
import type { Fix } from '../../engine/lint/fix';
import { defineRule, type Report } from '../../engine/lint/rule';
import type { Span } from '../../engine/text';
import { asyncFunctionOf, canReject, contextsOf, fileAt, nameOfFunction, packageFiles, packageProvides, placeIn, reachesIo, routeOf, runsAsService, runsOften, type AsyncFunction } from '../code-places';
import { clip } from '../limits';
import { logCall } from '../logging';

type MessageId = 'handler' | 'handlerLives' | 'timer' | 'listener' | 'consumer' | 'iteration' | 'executor' | 'callback' | 'floating' | 'lives';

// A process that is ending anyway.
const ENDING: ReadonlySet<string> = new Set(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR2', 'exit', 'beforeExit', 'uncaughtException', 'unhandledRejection', 'disconnect', 'shutdown']);

// Work of a process that is ending, and calls that nothing names.
const SHUTS_DOWN = /shut(?:ting)?_?down|terminate|gracefulExit/i;

export const noUnhandledRejection = defineRule<MessageId>({
  id: 'fault-tolerance/no-unhandled-rejection',
  since: '0.1.0',
  severity: 'warning',
  reads: 'code',
  fault: 'down',
  messages: {
    handler: 'An error in this handler ends the process and leaves the client without an answer: {library} ignores its promise.',
    handlerLives: 'An error in this handler leaves the client without an answer: {library} ignores its promise.',
    timer: 'One failed run ends the process: nobody handles the promise of this `{method}` callback.',
    listener: 'An error in this `{event}` listener ends the process: `{method}` ignores its promise.',
    consumer: 'One failed message ends the process: {library} ignores the promise of its handler.',
    iteration: 'One failed element ends the process: `{method}` ignores the promises of its callback.',
    executor: 'An error in here ends the process and this promise never settles: `new Promise` ignores what its executor returns.',
    callback: 'An error in this callback ends the process: `{method}` ignores its promise.',
    floating: 'A failed `{call}` ends the process: nobody handles its promise.',
    lives: { text: 'A failure here reaches only the process-wide listener: nobody handles the promise of `{call}`.', severity: 'info' },
  },
  docs: {
    what: 'Reports an async function that is handed to something which ignores its promise, and a promise that nobody takes in a handler, consumer, timer or listener.',
    why: 'Since Node 15 an unhandled rejection ends the process, with every other request that runs in it. Where it does not, the client still waits for an answer that never comes.',
    fix: 'Catch the error inside: pass it to `next`, answer with an error, or log it.',
    not: 'Frameworks that await their handlers (Express 5, Fastify, Koa, Hapi, Nest, Hono, Next.js), wrapped handlers, bodies that catch everything, start-up code, and `void` before a call that stays inside the process.',
    references: ['https://nodejs.org/api/process.html#event-unhandledrejection'],
  },
  check({ file, code, resolve, report }) {
    if (!runsAsService(code, file)) return;
    for (const finding of slotFindings(file, code, resolve)) report(finding);
    for (const finding of droppedFindings(file, code, resolve)) report(finding);
    for (const fact of file.facts.floating ?? []) {
      const finding = floatingFinding(file, fact, code, resolve);
      if (finding) report(finding);
    }
  },
  examples: {
    bad: [
      {
        name: 'a handler of Express 4',
        files: {
          'package.json': '{ "dependencies": { "express": "4.22.1" } }',
          'a.ts': "import express from 'express';\nimport { find } from './users';\nconst router = express.Router();\nrouter.get('/users/:id', «async» (req, res) => {\n  res.json(await find(req.params.id));\n});\n",
        },
        expect: 'handler',
        fixed: {
          'a.ts':
            "import express from 'express';\nimport { find } from './users';\nconst router = express.Router();\nrouter.get('/users/:id', async (req, res, next) => {\n  try {\n    res.json(await find(req.params.id));\n  } catch (error) {\n    next(error);\n  }\n});\n",
        },
      },
      {
        name: 'a named handler of another file, Express 4 by range',
        files: {
          'package.json': '{ "dependencies": { "express": "^4.18.0" } }',
          'routes.js': "const express = require('express');\nconst users = require('./users');\nconst router = express.Router();\nrouter.get('/users', «users.list»);\nmodule.exports = router;\n",
          'users.js': "const { query } = require('./db');\nexports.list = async (req, res) => {\n  res.json(await query());\n};\n",
        },
        expect: 'handler',
      },
      {
        name: 'a request listener of node:http',
        files: { 'a.ts': "import http from 'node:http';\nimport { answer } from './answer';\nhttp.createServer(«async» (req, res) => {\n  res.end(await answer(req));\n}).listen(3000);\n" },
        expect: 'handler',
      },
      {
        name: 'a timer',
        files: { 'a.ts': "import { flush } from './buffer';\nsetInterval(«async» () => {\n  await flush();\n}, 10_000);\n" },
        expect: 'timer',
        fixed: { 'a.ts': "import { flush } from './buffer';\nsetInterval(async () => {\n  try {\n    await flush();\n  } catch (error) {\n    console.error(error);\n  }\n}, 10_000);\n" },
      },
      {
        name: 'an async function called in a timer',
        files: { 'a.ts': "import { write } from './buffer';\nasync function flush() {\n  await write();\n}\nsetInterval(() => {\n  «flush»();\n}, 10_000);\n" },
        expect: 'floating',
        fixed: { 'a.ts': "import { write } from './buffer';\nasync function flush() {\n  await write();\n}\nsetInterval(() => {\n  flush().catch((error) => console.error(error));\n}, 10_000);\n" },
      },
      {
        name: 'messages of a socket',
        files: { 'a.ts': "import { WebSocketServer } from 'ws';\nimport { save } from './store';\nconst server = new WebSocketServer({ port: 8080 });\nserver.on('connection', (socket) => {\n  socket.on('error', console.error);\n  socket.on('message', «async» (message) => {\n    await save(message);\n  });\n});\n" },
        expect: 'listener',
      },
      {
        name: 'a consumer of amqplib',
        files: { 'a.ts': "import amqp from 'amqplib';\nimport { ship } from './orders';\nexport async function start(channel: amqp.Channel) {\n  await channel.prefetch(10);\n  await channel.consume('orders', «async» (message) => {\n    await ship(message);\n    channel.ack(message);\n  });\n}\n" },
        expect: 'consumer',
      },
      {
        name: 'forEach with an async callback',
        files: { 'a.ts': "import { send } from './mail';\nexport function notify(users: string[]) {\n  users.forEach(«async» (user) => {\n    await send(user);\n  });\n}\n" },
        expect: 'iteration',
      },
      {
        name: 'an async executor',
        files: { 'a.ts': "import { load } from './data';\nexport const data = () => new Promise(«async» (resolve) => {\n  resolve(await load());\n});\n" },
        expect: 'executor',
      },
      {
        name: 'a handler of a gRPC service',
        files: { 'a.ts': "import { Server } from '@grpc/grpc-js';\nimport { definition } from './generated';\nimport { charge } from './billing';\nconst server = new Server();\nserver.addService(definition, {\n  charge: «async» (call, callback) => {\n    callback(null, await charge(call.request));\n  },\n});\n" },
        expect: 'handler',
      },
      {
        name: 'work put off to the next tick',
        files: { 'a.ts': "import { save } from './store';\nexport function later(order: object) {\n  process.nextTick(«async» () => {\n    await save(order);\n  });\n}\n" },
        expect: 'callback',
      },
      {
        name: 'a timer in a process that survives unhandled rejections',
        files: { 'a.ts': "import { flush } from './buffer';\nprocess.on('unhandledRejection', (reason) => console.error(reason));\nsetInterval(«async» () => {\n  await flush();\n}, 10_000);\n" },
        expect: 'lives',
      },
      {
        name: 'a handler of Express 4 in a process that survives unhandled rejections',
        files: {
          'package.json': '{ "dependencies": { "express": "4.22.1" } }',
          'a.ts': "import express from 'express';\nimport { find } from './users';\nprocess.on('unhandledRejection', (reason) => console.error(reason));\nconst app = express();\napp.get('/users', «async» (req, res) => {\n  res.json(await find());\n});\n",
        },
        expect: 'handlerLives',
      },
      {
        name: 'a timer of a class that has a logger',
        files: {
          'a.ts': "import pino from 'pino';\nimport { write } from './buffer';\nexport class Buffer {\n  private readonly logger = pino();\n  start() {\n    this.logger.info('starts');\n    setInterval(«async» () => {\n      await write();\n    }, 10_000);\n  }\n}\n",
        },
        expect: 'timer',
        fixed: {
          'a.ts': "import pino from 'pino';\nimport { write } from './buffer';\nexport class Buffer {\n  private readonly logger = pino();\n  start() {\n    this.logger.info('starts');\n    setInterval(async () => {\n      try {\n        await write();\n      } catch (error) {\n        this.logger.error(error);\n      }\n    }, 10_000);\n  }\n}\n",
        },
      },
      {
        name: 'a chain without a catch, whoever calls it',
        files: { 'a.ts': "import { Pool } from 'pg';\nconst pool = new Pool({ connectionTimeoutMillis: 1_000, query_timeout: 1_000 });\npool.on('error', console.error);\nexport function count(done: (rows: unknown[]) => void) {\n  «pool.query»('select 1').then(({ rows }) => done(rows));\n}\n" },
        expect: 'floating',
        fixed: { 'a.ts': "import { Pool } from 'pg';\nconst pool = new Pool({ connectionTimeoutMillis: 1_000, query_timeout: 1_000 });\npool.on('error', console.error);\nexport function count(done: (rows: unknown[]) => void) {\n  pool.query('select 1').then(({ rows }) => done(rows)).catch((error) => console.error(error));\n}\n" },
      },
      { name: 'void on a timer', files: { 'a.ts': "import { write } from './buffer';\nasync function flush() {\n  await write();\n}\nsetInterval(() => void «flush»(), 10_000);\n" }, expect: 'floating' },
      {
        name: 'a chain that a helper gives, in a function that answers by callback',
        files: { 'a.js': "const mongoose = require('mongoose');\nconst { Order } = require('./order');\nconst run = (connected, work) => connected.then(work).finally(() => mongoose.disconnect());\nfunction connectAnd(work) {\n  return run(mongoose.connect('mongodb://db/orders'), work);\n}\nexports.order = (event, context, callback) => {\n  «connectAnd»(() => Order.findById(event.id).then((order) => callback(null, order)).catch(callback));\n};\n" },
        expect: 'floating',
      },
      { name: 'an async callback of whatever listens', files: { 'a.ts': "import { server } from './server';\nimport { load } from './jobs';\nserver.instance.listen(3000, '0.0.0.0', «async» () => {\n  await load();\n});\n" }, expect: 'callback' },
      {
        name: 'an async callback of listen',
        files: { 'a.ts': "import http from 'node:http';\nimport { load } from './jobs';\nconst server = http.createServer((req, res) => res.end());\nserver.listen(3000, «async» () => {\n  await load();\n});\nprocess.once('SIGTERM', () => server.close());\n" },
        expect: 'callback',
      },
      {
        name: 'a callback that a function of the project calls and forgets',
        files: { 'batch.ts': "export async function inBatches<T>(items: T[], size: number, run: (item: T) => void) {\n  for (let at = 0; at < items.length; at += size) {\n    items.slice(at, at + size).forEach((item) => {\n      run(item);\n    });\n    await new Promise((resolve) => setTimeout(resolve, 1_000));\n  }\n}\n", 'a.ts': "import { inBatches } from './batch';\nimport { send } from './mail';\nexport async function notify(users: string[]) {\n  await inBatches(users, 10, «async» (user) => {\n    await send(user);\n  });\n}\n" },
        expect: 'callback',
      },
      {
        name: 'a named function that a method calls and forgets',
        files: { 'queue.ts': "export class Queue {\n  later(run: () => void) {\n    if (run) setTimeout(run, 1_000);\n  }\n}\n", 'a.ts': "import { Queue } from './queue';\nimport { send } from './mail';\nconst queue = new Queue();\nasync function work() {\n  await send('all');\n}\nexport function start() {\n  queue.later(«work»);\n}\n" },
        expect: 'callback',
      },
      {
        name: 'a wrapper of the project that catches nothing',
        files: { 'package.json': '{ "dependencies": { "express": "4.22.1" } }', 'timed.ts': "export const timed = (fn) => (req, res, next) => {\n  console.info(req.path);\n  fn(req, res, next);\n};\n", 'a.ts': "import express from 'express';\nimport { timed } from './timed';\nimport { find } from './users';\nconst app = express();\napp.get('/users', timed(«async» (req, res) => {\n  res.json(await find());\n}));\n" },
        expect: 'callback',
      },
    ],
    good: [
      { name: 'a function of the project that awaits its callback', files: { 'batch.ts': "export async function inBatches<T>(items: T[], size: number, run: (item: T) => void) {\n  for (let at = 0; at < items.length; at += size) {\n    for (const item of items.slice(at, at + size)) await run(item);\n    await new Promise((resolve) => setTimeout(resolve, 1_000));\n  }\n}\n", 'a.ts': "import { inBatches } from './batch';\nimport { send } from './mail';\nexport async function notify(users: string[]) {\n  await inBatches(users, 10, async (user) => {\n    await send(user);\n  });\n}\n" } },
      { name: 'a function of the project that handles what its callback rejects with', files: { 'queue.ts': "export const later = (run: () => Promise<void>) => {\n  run().catch((error) => console.error(error));\n};\n", 'a.ts': "import { later } from './queue';\nimport { send } from './mail';\nexport function start() {\n  later(async () => {\n    await send('all');\n  });\n}\n" } },
      { name: 'a callback that catches everything, called and forgotten', files: { 'queue.ts': "export const later = (run: () => void) => {\n  run();\n};\n", 'a.ts': "import { later } from './queue';\nimport { send } from './mail';\nexport function start() {\n  later(async () => {\n    try {\n      await send('all');\n    } catch (error) {\n      console.error(error);\n    }\n  });\n}\n" } },
      { name: 'Express 5 awaits its handlers', files: { 'package.json': '{ "dependencies": { "express": "5.1.0" } }', 'a.ts': "import express from 'express';\nimport { find } from './users';\nconst app = express();\napp.get('/users', async (req, res) => {\n  res.json(await find());\n});\n" } },
      { name: 'Express 4 with express-async-errors', files: { 'package.json': '{ "dependencies": { "express": "4.22.1", "express-async-errors": "3.1.1" } }', 'main.ts': "import 'express-async-errors';\nimport './a';\n", 'a.ts': "import express from 'express';\nimport { find } from './users';\nconst app = express();\napp.get('/users', async (req, res) => {\n  res.json(await find());\n});\n" } },
      { name: 'a body that catches everything', files: { 'package.json': '{ "dependencies": { "express": "4.22.1" } }', 'a.ts': "import express from 'express';\nimport { find } from './users';\nconst app = express();\napp.get('/users', async (req, res, next) => {\n  try {\n    res.json(await find());\n  } catch (error) {\n    next(error);\n  }\n});\n" } },
      { name: 'a wrapped handler', files: { 'package.json': '{ "dependencies": { "express": "4.22.1" } }', 'a.ts': "import express from 'express';\nimport asyncHandler from 'express-async-handler';\nimport { find } from './users';\nconst app = express();\napp.get('/users', asyncHandler(async (req, res) => {\n  res.json(await find());\n}));\n" } },
      { name: 'a wrapper of the project', files: { 'package.json': '{ "dependencies": { "express": "4.22.1" } }', 'catch.ts': "export const catchAsync = (fn) => (req, res, next) => {\n  Promise.resolve(fn(req, res, next)).catch(next);\n};\n", 'a.ts': "import express from 'express';\nimport { catchAsync } from './catch';\nimport { find } from './users';\nconst app = express();\napp.get('/users', catchAsync(async (req, res) => {\n  res.json(await find());\n}));\n" } },
      { name: 'Fastify, Koa and Hono await', files: { 'a.ts': "import Fastify from 'fastify';\nimport Koa from 'koa';\nimport { Hono } from 'hono';\nimport { find } from './users';\nFastify().get('/a', async () => find());\nnew Koa().use(async (ctx) => {\n  ctx.body = await find();\n});\nnew Hono().get('/b', async (c) => c.json(await find()));\n" } },
      { name: 'a caught call in a timer', files: { 'a.ts': "import { flush } from './buffer';\nsetInterval(() => {\n  flush().catch((error) => console.error(error));\n}, 10_000);\n" } },
      { name: 'the callee catches everything', files: { 'a.ts': "import { write } from './buffer';\nasync function flush() {\n  try {\n    await write();\n  } catch (error) {\n    console.error(error);\n  }\n}\nsetInterval(() => {\n  flush();\n}, 10_000);\n" } },
      { name: 'an executor that waits and asks only what catches everything', files: { 'a.ts': "import { load } from './data';\nexport const ready = () => new Promise<void>(async (resolve, reject) => {\n  const ask = async () => {\n    try {\n      return await load();\n    } catch (error) {\n      console.warn(error);\n      return undefined;\n    }\n  };\n  for (let n = 0; n < 5; n++) {\n    if (await ask()) return resolve();\n    await new Promise((go) => setTimeout(go, 1_000));\n  }\n  reject(new Error('not ready'));\n});\n" } },
      { name: 'a processor of BullMQ', files: { 'a.ts': "import { Worker } from 'bullmq';\nimport { send } from './mail';\nnew Worker('mail', async (job) => {\n  await send(job.data);\n}, { connection: {} });\n" } },
      { name: 'main at module level', files: { 'main.ts': "import { listen } from './server';\nasync function main() {\n  await listen();\n}\nmain();\n" } },
      { name: 'a shutdown that fails ends what ends anyway', files: { 'main.ts': "import { close } from './server';\nprocess.on('SIGTERM', async () => {\n  await close();\n  process.exit(0);\n});\n" } },
      { name: 'void before something that stays in the process', files: { 'a.ts': "import express from 'express';\nasync function count(name: string) {\n  if (name === '') throw new Error('no name');\n}\nexport const app = express();\napp.get('/x', (req, res) => {\n  void count(req.path);\n  res.end();\n});\n" } },
      { name: 'a listener that ends the process itself', files: { 'a.ts': "import http from 'node:http';\nimport { close } from './close';\nconst server = http.createServer((req, res) => res.end());\nserver.once('error', async (error) => {\n  console.error(error);\n  await close();\n  process.exit(1);\n});\nserver.listen(3000);\n" } },
      { name: 'void before what catches everything', files: { 'a.ts': "import { write } from './buffer';\nasync function flush() {\n  try {\n    await write();\n  } catch (error) {\n    console.error(error);\n  }\n}\nsetInterval(() => void flush(), 10_000);\n" } },
      { name: 'a job in a process of its own, which it ends', files: { 'job.js': "const { write, close } = require('./store');\nprocess.on('message', async (order) => {\n  if (order) {\n    await write(order);\n    await close();\n    process.exit(0);\n  }\n});\n" } },
      { name: 'a function that ends the process, called in a listener', files: { 'setup.js': "const { fork } = require('node:child_process');\nconst { tidy } = require('./tidy');\nasync function leave() {\n  await tidy();\n  process.exit(0);\n}\nmodule.exports.run = () => {\n  const child = fork('worker.js');\n  child.on('error', console.error);\n  child.on('close', () => {\n    leave();\n  });\n};\n" } },
      { name: 'registration of Fastify', files: { 'a.ts': "import Fastify from 'fastify';\nconst app = Fastify();\napp.register(async (instance) => {\n  await instance.register(import('./plugin'));\n});\napp.listen({ port: 3000 });\n" } },
      { name: 'a test', files: { 'a.test.ts': "import { describe, it } from 'node:test';\nimport { find } from './users';\ndescribe('users', () => {\n  it('finds', async () => {\n    await find();\n  });\n});\n" } },
    ],
    unknown: [
      { name: 'a function of the project that hands its callback on', files: { 'queue.ts': "import { queue } from 'acme-queue';\nexport const later = (run: () => Promise<void>) => {\n  queue.push(run);\n};\n", 'a.ts': "import { later } from './queue';\nimport { send } from './mail';\nexport function start() {\n  later(async () => {\n    await send('all');\n  });\n}\n" } },
      { name: 'a callback behind the last parameter', files: { 'batch.js': "exports.each = async (items, run) => {\n  for (const item of items) await run(item);\n};\nrequire('./with-callbacks')(exports);\n", 'a.js': "const batch = require('./batch');\nconst { send } = require('./mail');\nexports.notify = (users) => {\n  setTimeout(() => {\n    batch.each(users, async (user) => {\n      await send(user);\n    }, (error) => {\n      if (error) console.error(error);\n    });\n  }, 500);\n};\n" } },
      { name: 'a helper of the start', files: { 'ready.ts': "export const whenReady = (run: () => void) => {\n  setTimeout(run, 100);\n};\n", 'a.ts': "import { whenReady } from './ready';\nimport { load } from './jobs';\nwhenReady(async () => {\n  await load();\n});\n" } },
      { name: 'a chain at start', files: { 'a.ts': "import { createClient } from 'redis';\nconst client = createClient();\nclient.on('error', console.error);\nclient.connect().then(() => console.info('connected'));\n" } },
      { name: 'a client that may still take callbacks', files: { 'a.ts': "import express from 'express';\nimport redis from 'redis';\nconst client = redis.createClient();\nclient.on('error', console.error);\nconst app = express();\napp.get('/x', (req, res) => {\n  client.set('a', '1');\n  res.end();\n});\n" } },
      { name: 'a version that nothing says', files: { 'a.ts': "import express from 'express';\nimport { find } from './users';\nconst app = express();\napp.get('/users', async (req, res) => {\n  res.json(await find());\n});\n" } },
      { name: 'a wrapper out of sight', files: { 'package.json': '{ "dependencies": { "express": "4.22.1" } }', 'a.ts': "import express from 'express';\nimport { guard } from 'acme-guards';\nimport { find } from './users';\nconst app = express();\napp.get('/users', guard(async (req, res) => {\n  res.json(await find());\n}));\n" } },
      { name: 'an emitter that may await', files: { 'a.ts': "import { bus } from 'acme-bus';\nimport { save } from './store';\nbus.on('order', async (order) => {\n  await save(order);\n});\n" } },
      { name: 'a range that allows both majors', files: { 'package.json': '{ "dependencies": { "express": ">=4" } }', 'a.ts': "import express from 'express';\nimport { find } from './users';\nconst app = express();\napp.get('/users', async (req, res) => {\n  res.json(await find());\n});\n" } },
    ],
  },
});

// A handler that is handed over in several places of the file is one cause.
function slotFindings(file: LinkedFile, code: CodeProject, resolve: EntityResolver): Iterable<Report<MessageId>> {
  const found = new Map<string, Report<MessageId>>();
  for (const slot of file.facts.asyncSlots) {
    const finding = slotFinding(file, slot, code, resolve);
    if (!finding) continue;
    const own = finding.related?.[0]?.at;
    const key = own ? `${own.file}:${own.span[0]}` : `${finding.at.span[0]}`;
    const first = found.get(key);
    found.set(key, first ? { ...first, more: [...(first.more ?? []), finding.at], moreNoun: 'places' } : finding);
  }
  return found.values();
}

function slotFinding(file: LinkedFile, slot: AsyncSlotFact, code: CodeProject, resolve: EntityResolver): Report<MessageId> | undefined {
  if (slot.wrapper !== undefined || (slot.event !== undefined && ENDING.has(slot.event))) return undefined;
  const rejecting = rejectingOf(file, slot, code, resolve);
  // A listener, timer or callback that ends the process itself: its failure only does that too.
  if (!rejecting || (slot.slot !== 'handler' && slot.slot !== 'consumer' && endsProcess(file, slot.callback))) return undefined;
  const place = placeOf(file, slot, code, resolve);
  const verdict = place && handlesRejection(place);
  if (verdict ? verdict.handled : slot.slot !== 'iteration' && slot.slot !== 'executor' && (slot.slot !== 'listener' || place) && !(slot.slot === 'callback' && !place)) return undefined;
  if (verdict?.kind === 'handler' && packageProvides(code, file, 'async-errors', resolve)) return undefined;
  if (place && isHandledByOption(file, slot, place)) return undefined;
  const told = verdict?.kind ?? (slot.slot === 'iteration' || slot.slot === 'listener' || slot.slot === 'callback' ? slot.slot : 'executor');
  // Nobody waits for the answer to one message of a socket.
  const kind = told === 'handler' && place?.library.entry.role === 'socket' ? 'listener' : told;
  const library = place ? libraryName(place) : '';
  const data = { library, method: slot.method, event: clip(slot.event ?? slot.method, 40), call: slot.method };
  const own = placeIn(rejecting.file, rejecting.file.facts.functions[rejecting.id]?.mark ?? [0, 0]);
  const isInPlace = rejecting.file === file && own.span[0] >= slot.span[0] && own.span[1] <= slot.span[1];
  const common = {
    at: placeIn(file, slot.mark),
    data,
    subject: slotName(file, slot),
    fixes: fixesOf(rejecting, slot, kind, place),
    ...(isInPlace ? {} : { related: [{ at: own, text: 'what is handed over' }] }),
  };
  if (kind === 'handler') return { ...common, message: hasProcessListener(code, file) ? 'handlerLives' : 'handler' };
  if (hasProcessListener(code, file)) return { ...common, message: 'lives' };
  return { ...common, message: kind };
}

// Callbacks of functions of the project that call them without taking their promise.
function* droppedFindings(file: LinkedFile, code: CodeProject, resolve: EntityResolver): Generator<Report<MessageId>> {
  for (const fact of file.facts.calls) {
    if (!fact.arguments.some(({ kind }) => kind === 'function')) continue;
    const callee = resolve(file.path, fact.entity);
    const target = callee.kind === 'function' ? fileAt(code, callee.file) : undefined;
    const drops = (callee.kind === 'function' && target?.facts.role === 'server' && target.facts.functions[callee.id]?.dropsParameters) || [];
    for (const index of drops) {
      const given = fact.arguments[index];
      const callback = given?.kind === 'function' ? file.facts.functions[given.id] : undefined;
      // What fails at the start is seen at the start.
      if (!callback?.isAsync || (fact.function < 0 && !runsOften(file, callback.id)) || !canReject({ file, id: callback.id }, code, resolve)) continue;
      const span = fact.argumentSpans[index];
      const isInPlace = span !== undefined && callback.span[0] >= span[0] && callback.span[1] <= span[1];
      yield {
        at: placeIn(file, isInPlace ? callback.mark : (span ?? fact.callee)),
        message: hasProcessListener(code, file) ? 'lives' : 'callback',
        data: { method: clip(fact.calleeText, 40), call: clip(fact.calleeText, 40) },
        subject: `${nameOfFunction(file, fact.function)}:${fact.calleeText}:${index}`,
        related: target && callee.kind === 'function' ? [{ at: placeIn(target, target.facts.functions[callee.id]?.mark ?? [0, 0]), text: 'what calls it and goes on' }] : [],
      };
    }
  }
}

// By itself or by what it starts: `output.on('close', () => process.exit(0))`.
function endsProcess(file: LinkedFile, callback: number): boolean {
  const around = file.facts.functions[callback]?.span;
  return around !== undefined && file.facts.functions.some(({ exits, span }) => exits && span[0] >= around[0] && span[1] <= around[1]);
}

function slotName(file: LinkedFile, slot: AsyncSlotFact): string {
  const route = slot.callback >= 0 ? file.facts.functions[slot.callback]?.route : undefined;
  return `${route ?? nameOfFunction(file, slot.function)}:${slot.method}${slot.event === undefined ? '' : `:${slot.event}`}`;
}

// The function whose promise is ignored: the callback itself, the export that is handed over, or the async function that it gives back.
function rejectingOf(file: LinkedFile, slot: AsyncSlotFact, code: CodeProject, resolve: EntityResolver): AsyncFunction | undefined {
  if (slot.returns) {
    const returned = asyncTarget(file, slot.returns, code, resolve);
    if (returned) return { file, id: slot.callback };
    const isIo = file.calls.some((call) => call.fact.function === slot.callback && call.fact.usage === 'returned' && !call.fact.isCaught && (call.shape.result ?? 'promise') === 'promise');
    return isIo ? { file, id: slot.callback } : undefined;
  }
  if (slot.target) return asyncTarget(file, slot.target, code, resolve);
  const fact = file.facts.functions[slot.callback];
  const target = { file, id: slot.callback };
  return fact?.isAsync && canReject(target, code, resolve) ? target : undefined;
}

function asyncTarget(file: LinkedFile, entity: Entity, code: CodeProject, resolve: EntityResolver): AsyncFunction | undefined {
  const target = asyncFunctionOf(file, entity, code, resolve);
  return target && target.file.facts.role === 'server' && canReject(target, code, resolve) ? target : undefined;
}

function placeOf(file: LinkedFile, slot: AsyncSlotFact, code: CodeProject, resolve: EntityResolver): CallbackPlace | undefined {
  const resolved = resolve(file.path, slot.entity);
  const event = slot.event;
  if (resolved.kind === 'library') return { library: resolved.library, instance: '', path: resolved.path, event };
  if (resolved.kind === 'client') return { library: resolved.client.library, instance: resolved.client.instance, path: resolved.path, event };
  if (resolved.kind === 'instance') return { library: resolved.library, instance: resolved.instance, path: resolved.path, event };
  return slot.slot === 'unknown' && slot.parameters >= 2 && slot.parameters <= 4 && event?.startsWith('/') ? onlyFramework(file, slot.method, code) : undefined;
}

// `module.exports = (app) => app.get('/x', …)`: the package serves with one framework only, so that is the one.
function onlyFramework(file: LinkedFile, method: string, code: CodeProject): CallbackPlace | undefined {
  const found = new Map<string, CallbackPlace>();
  for (const other of packageFiles(code, file)) {
    for (const client of other.clients) {
      const server = client.library.entry.servers?.find((row) => row.on === client.instance && (row.routes ?? []).includes(method));
      if (server) found.set(client.library.entry.package, { library: client.library, instance: client.instance, path: [method], event: undefined });
    }
  }
  return found.size === 1 ? [...found.values()][0] : undefined;
}

// `new Cron(pattern, { catch: true }, run)`
function isHandledByOption(file: LinkedFile, slot: AsyncSlotFact, { library, instance, path }: CallbackPlace): boolean {
  const option = library.entry.slots?.find((row) => row.on === instance && row.names.includes(path.join('.')))?.handledBy;
  return option !== undefined && (slot.options ?? []).includes(option);
}

function libraryName({ library }: CallbackPlace): string {
  const major = /^(\d+)/.exec(library.version ?? library.range ?? '')?.[1];
  const differs = (library.entry.servers ?? []).some(({ rejections }) => rejections.length > 1);
  return differs && major !== undefined ? `${library.title} ${major}` : library.title;
}

function hasProcessListener(code: CodeProject, file: LinkedFile): boolean {
  return packageFiles(code, file).some((other) => other.facts.processListeners.some(({ event, exits, isOutOfSight }) => event === 'unhandledRejection' && !exits && !isOutOfSight));
}

// A handler with `(request, response)` of a router gets `next`; a timer or listener logs.
function fixesOf(rejecting: AsyncFunction, slot: AsyncSlotFact, kind: string, place: CallbackPlace | undefined): readonly Fix[] {
  const fact = rejecting.file.facts.functions[rejecting.id];
  if (!fact?.isAsync || slot.returns) return [];
  const file = rejecting.file.path;
  if (kind === 'handler') {
    const server = place?.library.entry.servers?.[0];
    const passesOn = (server?.routes ?? []).includes('use') && fact.parameters.length >= 2 && fact.parameters.length <= 3 && slot.method !== 'param';
    if (!passesOn) return [];
    const next = fact.parameters[2] ?? 'next';
    const body = { language: 'code', file, kind: 'catch-in-body', function: fact.span, name: 'error', lines: [`${next}(error);`] } as const;
    return [{ title: 'Pass errors to `next`', safety: 'safe', operations: fact.parameters.length === 3 ? [body] : [{ language: 'code', file, kind: 'add-parameter', function: fact.span, name: next }, body] }];
  }
  if (kind !== 'timer' && kind !== 'listener') return [];
  return [{ title: 'Catch and log', safety: 'safe', operations: [{ language: 'code', file, kind: 'catch-in-body', function: fact.span, name: 'error', lines: [`${logCall(rejecting.file, fact.span[0], fact.name ?? (slot.event === undefined ? kind : `${slot.event} ${kind}`)) ?? 'console.error(error)'};`] }] }];
}

function floatingFinding(file: LinkedFile, fact: FloatingFact, code: CodeProject, resolve: EntityResolver): Report<MessageId> | undefined {
  if (fact.calleeText === 'call' || SHUTS_DOWN.test(fact.calleeText)) return undefined;
  const isOften = runsOften(file, fact.function);
  // Whoever goes on with `then` waits for it; nothing need say who calls that.
  if (fact.isCaught || !(isOften || ((fact.isChained === true || fact.isOpenChain === true) && !contextsOf(file, fact.function).has('startup') && fact.function >= 0))) return undefined;
  const target = asyncTarget(file, fact.entity, code, resolve);
  const called = target?.file.facts.functions[target.id];
  if (called && (called.exits || answersByCallback(file, fact, called.parameters.length))) return undefined;
  const isOurs = target !== undefined || fact.isOpenChain === true;
  // `void` is meant; what it starts on a timer or for a request and reaches another process still ends this one.
  if (fact.isVoid === true && !(isOurs && isOften && (contextsOf(file, fact.function).has('timer') || reachesIo(file, fact.entity, code, resolve)))) return undefined;
  const isIo = !fact.hasCallback && file.calls.some(({ fact: call, shape, library }) => sameSpan(call.span, fact.span) && (shape.result ?? 'promise') === 'promise' && !call.isCaught && shape.isStream !== true && shape.io !== 'publish' && rowHolds(library, shape.promises) === 'yes');
  if (!isOurs && !isIo) return undefined;
  const data = { call: clip(fact.calleeText, 40) };
  const name = routeOf(file, fact.function) ?? nameOfFunction(file, fact.function);
  const fix: Fix = { title: 'Catch and log', safety: 'safe', operations: [{ language: 'code', file: file.path, kind: 'wrap', span: fact.chain ?? fact.span, before: '', after: `.catch((error) => ${logCall(file, fact.span[0], fact.calleeText) ?? 'console.error(error)'})` }] };
  return { at: placeIn(file, fact.callee), message: hasProcessListener(code, file) ? 'lives' : 'floating', data, fixes: [fix], subject: `${name}:${fact.calleeText}`, ...(isOften ? {} : { severity: 'info' as const }) };
}

// A callback behind the last parameter: what is exported under this name takes it, and gives it the error.
function answersByCallback(file: LinkedFile, fact: FloatingFact, parameters: number): boolean {
  return fact.hasCallback && file.facts.calls.some((call) => sameSpan(call.span, fact.span) && call.arguments.length > parameters);
}

function sameSpan(a: Span, b: Span): boolean {
  return a[0] === b[0] && a[1] === b[1];
}
