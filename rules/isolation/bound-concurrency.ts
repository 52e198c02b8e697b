// One call for each row of a list, all at once, takes every connection and every byte of memory there is, and gives the callee the load of the whole list in one moment.

import type { FanOutFact, ListOrigin } from '../../engine/code/construct-facts';
import type { CodeProject, EntityResolver, LinkedFile, OutboundCall } from '../../engine/code/project';
import type { Budgets } from '../../engine/lint/configuration';
import type { Fix } from '../../engine/lint/fix';
import { defineRule, type Report } from '../../engine/lint/rule';
import { callOf as linkedCall, contextsOf, nameOfFunction, placeIn, reachesIo, routeOf, runsAsService, runsOften } from '../code-places';
import { longListOrigin, reachesStore } from '../list-origins';
import { clip, isOnlyStartup } from '../limits';
import { fewAtATime } from './few-at-a-time';
import { prefetchFinding, receiverFindings } from './prefetch';

type MessageId = 'all' | 'each' | 'queue' | 'prefetch';

export const boundConcurrency = defineRule<MessageId>({
  id: 'isolation/bound-concurrency',
  since: '0.1.0',
  severity: 'warning',
  reads: 'code',
  fault: 'slow',
  messages: {
    all: 'Each of `{list}` is a call of `{call}`, all at once: `{form}` over them has no limit.',
    each: 'Each of `{list}` is a call of `{call}`, all at once: `{form}` has no limit of its own.',
    queue: "`{queue}` holds nothing back: {library}'s `{option}` is unlimited by default.",
    prefetch: "A restart loads the whole queue into memory: {library}'s `prefetch` is unlimited by default.",
  },
  docs: {
    what: 'Reports calls over a list of unbounded length that all start at once, a limiter without a limit, and a consumer without a limit of messages in work.',
    why: 'The list grows with the data until one request takes the whole pool, the memory of the process, or the quota of the callee.',
    fix: 'Run a fixed number at a time, or ask for the rows in one call.',
    not: 'Lists that are short by construction (literals, slices, chunks, small LIMITs), lists whose length is out of sight, calls inside a limiter or one transaction, and loaders that batch.',
  },
  check({ file, code, resolve, budgets, report }) {
    if (!runsAsService(code, file)) return;
    for (const fact of file.facts.fanOuts) {
      const finding = fanOutFinding(file, fact, code, resolve, budgets(file.path));
      if (finding) report(finding);
    }
    for (const consumer of file.facts.consumers) {
      const finding = prefetchFinding(file, consumer, code, resolve, budgets(file.path));
      if (finding) report(finding);
    }
    for (const finding of receiverFindings(file, resolve, budgets(file.path))) report(finding);
  },
  examples: {
    bad: [
      {
        name: 'one query for each row of a query',
        files: { 'a.ts': "import { Pool } from 'pg';\nconst pool = new Pool({ connectionTimeoutMillis: 1_000, query_timeout: 1_000 });\npool.on('error', console.error);\nexport async function totals() {\n  const { rows } = await pool.query('select id from orders');\n  return «Promise.all»(rows.map((row) => pool.query('select sum(price) from items where order_id = $1', [row.id])));\n}\n" },
        expect: 'all',
      },
      {
        name: 'as many calls as the request says',
        files: { 'a.ts': "import Koa from 'koa';\nimport axios from 'axios';\nnew Koa().use(async (ctx) => {\n  ctx.body = await «Promise.all»(ctx.request.body.ids.map((id) => axios.get(`http://catalog/${id}`, { timeout: 1_000 })));\n});\n" },
        expect: 'all',
      },
      {
        name: 'p-map without concurrency',
        files: { 'a.ts': "import pMap from 'p-map';\nimport axios from 'axios';\nimport { readdir } from 'node:fs/promises';\nexport async function upload(folder: string) {\n  const files = await readdir(folder);\n  await «pMap»(files, (file) => axios.post('http://store', file, { timeout: 1_000 }));\n}\n" },
        expect: 'each',
        fixed: { 'a.ts': "import pMap from 'p-map';\nimport axios from 'axios';\nimport { readdir } from 'node:fs/promises';\nexport async function upload(folder: string) {\n  const files = await readdir(folder);\n  await pMap(files, (file) => axios.post('http://store', file, { timeout: 1_000 }), { concurrency: 10 });\n}\n" },
      },
      {
        name: 'Promise.all where p-map is at hand',
        files: {
          'package.json': '{ "dependencies": { "p-map": "7.0.3", "axios": "1.7.0" } }',
          'a.ts': "import axios from 'axios';\nimport { db } from './db';\nexport async function notify() {\n  const users = await db.users.findAll();\n  await «Promise.all»(users.map((user) => axios.post('http://mail', user, { timeout: 1_000 })));\n}\n",
        },
        expect: 'all',
        fixed: { 'a.ts': "import axios from 'axios';\nimport { db } from './db';\nimport pMap from 'p-map';\nexport async function notify() {\n  const users = await db.users.findAll();\n  await pMap(users, (user) => axios.post('http://mail', user, { timeout: 1_000 }), { concurrency: 10 });\n}\n" },
      },
      {
        name: 'Promise.allSettled where p-limit is at hand',
        files: {
          'package.json': '{ "dependencies": { "p-limit": "3.1.0", "axios": "1.7.0" } }',
          'a.ts': "import axios from 'axios';\nimport { db } from './db';\nexport async function notify(page: { limit: number }) {\n  const users = await db.users.findAll();\n  return «Promise.allSettled»(users.map(async (user) => {\n    await axios.post('http://mail', user, { timeout: 1_000 });\n    return user.id;\n  }));\n}\n",
        },
        expect: 'all',
        fixed: { 'a.ts': "import axios from 'axios';\nimport { db } from './db';\nimport pLimit from 'p-limit';\nexport async function notify(page: { limit: number }) {\n  const users = await db.users.findAll();\n  const limitCalls = pLimit(10);\n  return Promise.allSettled(users.map((user) => limitCalls(async () => {\n    await axios.post('http://mail', user, { timeout: 1_000 });\n    return user.id;\n  })));\n}\n" },
      },
      {
        name: 'a function that is handed on by its name, where p-queue is at hand',
        files: {
          'package.json': '{ "dependencies": { "p-queue": "9.0.0", "axios": "1.7.0" } }',
          'a.ts': "import axios from 'axios';\nimport { db } from './db';\nexport class Mails {\n  send(user: { id: string }) {\n    return axios.post('http://mail', user, { timeout: 1_000 });\n  }\n  async notify() {\n    const users = await db.users.findAll();\n    await «Promise.all»(users.map(this.send));\n  }\n}\n",
        },
        expect: 'all',
        fixed: { 'a.ts': "import axios from 'axios';\nimport { db } from './db';\nimport PQueue from 'p-queue';\nexport class Mails {\n  send(user: { id: string }) {\n    return axios.post('http://mail', user, { timeout: 1_000 });\n  }\n  async notify() {\n    const users = await db.users.findAll();\n    const limit = new PQueue({ concurrency: 10 });\n    await Promise.all(users.map((item) => limit.add(() => this.send(item))));\n  }\n}\n" },
      },
      {
        name: 'results that are used, where no limiter is at hand',
        files: {
          'package.json': '{\n  "dependencies": {\n    "axios": "1.7.0"\n  }\n}\n',
          'a.js': "const axios = require('axios');\nconst { db } = require('./db');\nexports.prices = async () => {\n  const items = await db.items.findAll();\n  const prices = await «Promise.all»(items.map(({ id }) => axios.get(`http://prices/${id}`, { timeout: 1_000 })));\n  return prices.map(({ data }) => data);\n};\n",
        },
        expect: 'all',
        fixed: {
          'package.json': '{\n  "dependencies": {\n    "axios": "1.7.0",\n    "p-limit": "^3.1.0"\n  }\n}\n',
          'a.js': "const axios = require('axios');\nconst { db } = require('./db');\nconst pLimit = require('p-limit');\nexports.prices = async () => {\n  const items = await db.items.findAll();\n  const limit = pLimit(10);\n  const prices = await Promise.all(items.map(({ id }) => limit(() => axios.get(`http://prices/${id}`, { timeout: 1_000 }))));\n  return prices.map(({ data }) => data);\n};\n",
        },
      },
      {
        name: 'two calls for each element, which a limiter would take for one',
        files: {
          'package.json': '{ "dependencies": { "p-limit": "3.1.0", "axios": "1.7.0" } }',
          'a.ts': "import axios from 'axios';\nimport { db } from './db';\nexport async function notify() {\n  const users = await db.users.findAll();\n  await «Promise.all»(users.flatMap((user) => [axios.post('http://mail', user, { timeout: 1_000 }), axios.post('http://sms', user, { timeout: 1_000 })]));\n}\n",
        },
        expect: 'all',
        fixed: { 'a.ts': "import axios from 'axios';\nimport { db } from './db';\nexport async function notify() {\n  const users = await db.users.findAll();\n  for (let start = 0; start < users.length; start += 10) await Promise.all(users.slice(start, start + 10).flatMap((user) => [axios.post('http://mail', user, { timeout: 1_000 }), axios.post('http://sms', user, { timeout: 1_000 })]));\n}\n" },
      },
      {
        name: 'promises pushed in a loop',
        files: { 'a.ts': "import axios from 'axios';\nimport { readdir } from 'node:fs/promises';\nexport async function upload(folder: string) {\n  const work = [];\n  for (const file of await readdir(folder)) work.push(axios.post('http://store', file, { timeout: 1_000 }));\n  await «Promise.all»(work);\n}\n" },
        expect: 'all',
      },
      {
        name: 'rows of a model, each of which is saved',
        files: {
          'order.ts': "import { Model } from 'sequelize';\nexport class Order extends Model {}\n",
          'a.ts': "import { Order } from './order';\nexport async function close(before: Date) {\n  const orders = await Order.unscoped().findAll({ where: { before } });\n  await «Promise.all»(orders.map((order) => order.destroy()));\n}\n",
        },
        expect: 'all',
        fixed: { 'a.ts': "import { Order } from './order';\nexport async function close(before: Date) {\n  const orders = await Order.unscoped().findAll({ where: { before } });\n  for (let start = 0; start < orders.length; start += 10) await Promise.all(orders.slice(start, start + 10).map((order) => order.destroy()));\n}\n" },
      },
      {
        name: 'a method of the model that reaches the database',
        files: {
          'order.ts': "import { Model } from 'sequelize';\nexport class Order extends Model {\n  async expire() {\n    await this.save();\n  }\n}\n",
          'a.ts': "import { Order } from './order';\nexport async function close() {\n  const orders = await Order.findAll();\n  await «Promise.all»(orders.map((order) => order.expire()));\n}\n",
        },
        expect: 'all',
      },
      {
        name: 'as many as a text has, found by a function of another file',
        files: {
          'ids.ts': "export const ids = (text: string) => [...text.matchAll(/#(\\d+)/g)].map((match) => match[1]);\n",
          'a.ts': "import axios from 'axios';\nimport { ids } from './ids';\nexport async function load(text: string) {\n  const found = ids(text);\n  await «Promise.all»(found.map((id) => axios.get(`http://catalog/${id}`, { timeout: 1_000 })));\n}\n",
        },
        expect: 'all',
      },
      {
        name: 'a member of a body that is handed on',
        files: {
          'a.ts': "import express from 'express';\nimport { load } from './load';\nconst app = express();\napp.post('/x', (req, res) => load(req.body).then(() => res.end(), () => res.end()));\n",
          'load.ts': "import axios from 'axios';\nexport const load = (input: { ids: string[] }) => «Promise.all»(input.ids.map((id) => axios.get(`http://catalog/${id}`, { timeout: 1_000 })));\n",
        },
        expect: 'all',
      },
      {
        name: 'a list of ids that a resolver is given',
        files: { 'a.ts': "import axios from 'axios';\nexport const resolvers = {\n  Mutation: {\n    deleteOrders: async (_: unknown, { ids }: { ids: string[] }) => {\n      await «Promise.all»(ids.map((id) => axios.delete(`http://orders/${id}`, { timeout: 1_000 })));\n    },\n  },\n};\n" },
        expect: 'all',
      },
      {
        name: 'a list of ids that a procedure is given, by a function of another file',
        files: {
          'a.ts': "import { procedure } from './router';\nimport { remove } from './orders';\nexport const removeOrders = procedure.mutation(async ({ input }) => remove({ ids: input.ids }));\n",
          'orders.ts': "import axios from 'axios';\nexport const remove = ({ ids }: { ids: string[] }) => «Promise.all»(ids.map((id) => axios.delete(`http://orders/${id}`, { timeout: 1_000 })));\n",
        },
        expect: 'all',
      },
      {
        name: 'rows that a caller hands on',
        files: {
          'a.ts': "import { Pool } from 'pg';\nimport { notify } from './mail';\nconst pool = new Pool({ connectionTimeoutMillis: 1_000, query_timeout: 1_000 });\npool.on('error', console.error);\nexport async function remind() {\n  const { rows } = await pool.query('select mail from users');\n  await notify(rows.map(({ mail }) => mail));\n}\n",
          'mail.ts': "import axios from 'axios';\nexport async function notify(addresses: string[]) {\n  await «Promise.all»(addresses.filter(Boolean).map((address) => axios.post('http://mail', { address }, { timeout: 1_000 })));\n}\n",
        },
        expect: 'all',
      },
      {
        name: 'rows that a method of the only instance of a class gives',
        files: {
          'server.js': "const { db } = require('./db');\nclass Server {\n  static instance = null;\n  static getInstance() {\n    if (Server.instance == null) Server.instance = new Server();\n    return Server.instance;\n  }\n  async list() {\n    const rows = await this.all();\n    return rows;\n  }\n  async all() {\n    return await db.orders.findAll();\n  }\n}\nmodule.exports = { Server };\n",
          'a.js': "const axios = require('axios');\nconst { Server } = require('./server');\nconst server = Server.getInstance();\nexports.notify = async () => {\n  const rows = await server.list();\n  await «Promise.all»(rows.map(({ id }) => axios.get(`http://mail/${id}`, { timeout: 1_000 })));\n};\n",
        },
        expect: 'all',
      },
      {
        name: 'a repository that is injected',
        files: { 'a.ts': "import type { Repository } from './ports';\nexport class Orders {\n  constructor(private readonly orderRepository: Repository) {}\n  async close() {\n    const orders = await this.orderRepository.findAll();\n    await «Promise.all»(orders.map((order) => this.orderRepository.save({ ...order, isClosed: true })));\n  }\n}\n" },
        expect: 'all',
      },
      {
        name: 'pushed in a loop over the keys of what a function gives',
        files: {
          'a.ts': "import { byId } from './rows';\nimport axios from 'axios';\nexport async function send() {\n  const orders = await byId();\n  const work = [];\n  for (const id in orders) work.push(axios.post(`http://mail/${id}`, {}, { timeout: 1_000 }));\n  await «Promise.all»(work);\n}\n",
          'rows.ts': "import { Pool } from 'pg';\nconst pool = new Pool({ connectionTimeoutMillis: 1_000, query_timeout: 1_000 });\npool.on('error', console.error);\nexport async function byId() {\n  const { rows } = await pool.query('select id from orders');\n  const result = {};\n  rows.forEach((row) => {\n    result[row.id] = row;\n  });\n  return result;\n}\n",
        },
        expect: 'all',
      },
      {
        name: 'a queue without concurrency',
        files: { 'a.ts': "import PQueue from 'p-queue';\nexport const queue = «new PQueue»();\n" },
        expect: 'queue',
        fixed: { 'a.ts': "import PQueue from 'p-queue';\nexport const queue = new PQueue({ concurrency: 10 });\n" },
      },
      {
        name: 'amqplib without prefetch',
        files: { 'a.ts': "import amqp from 'amqplib';\nimport { ship } from './orders';\nconst connection = await amqp.connect('amqp://rabbitmq', { timeout: 5_000 });\nconst channel = await connection.createChannel();\nawait «channel.consume»('orders', async (message) => {\n  try {\n    await ship(message);\n    channel.ack(message);\n  } catch (error) {\n    channel.nack(message, false, false);\n  }\n});\n" },
        expect: 'prefetch',
        fixed: { 'a.ts': "import amqp from 'amqplib';\nimport { ship } from './orders';\nconst connection = await amqp.connect('amqp://rabbitmq', { timeout: 5_000 });\nconst channel = await connection.createChannel();\nawait channel.prefetch(20);\nawait channel.consume('orders', async (message) => {\n  try {\n    await ship(message);\n    channel.ack(message);\n  } catch (error) {\n    channel.nack(message, false, false);\n  }\n});\n" },
      },
      {
        name: 'a channel that another file makes and a retry hands on',
        files: {
          'a.ts': "import type { Channel } from 'amqplib';\nimport { openChannel } from './queue';\nimport { patiently } from './patience';\nimport { ship } from './orders';\nconst channel: Channel = await patiently(openChannel);\nawait «channel.consume»('orders', async (message) => {\n  await ship(message);\n  channel.ack(message);\n});\n",
          'queue.ts': "import amqp from 'amqplib';\nexport async function openChannel() {\n  const connection = await amqp.connect('amqp://rabbitmq', { timeout: 5_000 });\n  connection.on('error', console.error);\n  const channel = await connection.createChannel();\n  await channel.assertQueue('orders');\n  return channel;\n}\n",
          'patience.ts': "export async function patiently<T>(connect: () => Promise<T>): Promise<T> {\n  for (let attempt = 1; ; attempt++) {\n    try {\n      return await connect();\n    } catch (error) {\n      if (attempt === 5) throw error;\n      await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** attempt));\n    }\n  }\n}\n",
        },
        expect: 'prefetch',
      },
      {
        name: 'Nest: acknowledged by hand, with no limit',
        files: { 'main.ts': "import { NestFactory } from '@nestjs/core';\nimport { Transport } from '@nestjs/microservices';\nimport { AppModule } from './app.module';\nconst app = await «NestFactory.createMicroservice»(AppModule, { transport: Transport.RMQ, options: { queue: 'orders', noAck: false } });\nawait app.listen();\n" },
        expect: 'prefetch',
        fixed: { 'main.ts': "import { NestFactory } from '@nestjs/core';\nimport { Transport } from '@nestjs/microservices';\nimport { AppModule } from './app.module';\nconst app = await NestFactory.createMicroservice(AppModule, { transport: Transport.RMQ, options: { queue: 'orders', noAck: false, prefetchCount: 20 } });\nawait app.listen();\n" },
      },
      {
        name: 'amqplib: a channel in a field that nobody limits',
        files: { 'a.ts': "import amqp from 'amqplib';\nimport { ship } from './orders';\nexport class Orders {\n  private channel?: amqp.Channel;\n  async start() {\n    const connection = await amqp.connect('amqp://rabbitmq', { timeout: 5_000 });\n    this.channel = await connection.createChannel();\n    await «this.channel.consume»('orders', async (message) => {\n      await ship(message);\n      this.channel?.ack(message);\n    });\n  }\n}\n" },
        expect: 'prefetch',
      },
    ],
    good: [
      { name: 'a channel whose maker limits it', files: { 'a.ts': "import { openChannel } from './queue';\nimport { ship } from './orders';\nconst channel = await openChannel();\nawait channel.consume('orders', async (message) => {\n  await ship(message);\n  channel.ack(message);\n});\n", 'queue.ts': "import amqp from 'amqplib';\nexport async function openChannel() {\n  const connection = await amqp.connect('amqp://rabbitmq', { timeout: 5_000 });\n  connection.on('error', console.error);\n  const channel = await connection.createChannel();\n  await channel.prefetch(10);\n  return channel;\n}\n" } },
      { name: 'a fixed tuple', files: { 'a.ts': "import axios from 'axios';\nexport const both = () => Promise.all([axios.get('http://a', { timeout: 1_000 }), axios.get('http://b', { timeout: 1_000 })]);\n" } },
      { name: 'a limiter', files: { 'a.ts': "import pLimit from 'p-limit';\nimport axios from 'axios';\nimport { db } from './db';\nconst limit = pLimit(10);\nexport async function notify() {\n  const users = await db.users.findAll();\n  await Promise.all(users.map((user) => limit(() => axios.post('http://mail', user, { timeout: 1_000 }))));\n}\n" } },
      { name: 'a slice', files: { 'a.ts': "import axios from 'axios';\nimport { db } from './db';\nexport async function notify() {\n  const users = await db.users.findAll();\n  await Promise.all(users.slice(0, 10).map((user) => axios.post('http://mail', user, { timeout: 1_000 })));\n}\n" } },
      { name: 'chunks of ten', files: { 'a.ts': "import axios from 'axios';\nimport { chunks } from './chunks';\nexport async function notify(users: string[]) {\n  for (const chunk of chunks(users, 10)) await Promise.all(chunk.map((user) => axios.post('http://mail', user, { timeout: 1_000 })));\n}\n" } },
      { name: 'a small LIMIT', files: { 'a.ts': "import { Pool } from 'pg';\nconst pool = new Pool({ connectionTimeoutMillis: 1_000, query_timeout: 1_000 });\npool.on('error', console.error);\nexport async function totals() {\n  const { rows } = await pool.query('select id from orders limit 20');\n  return Promise.all(rows.map((row) => pool.query('select 1 from items where order_id = $1', [row.id])));\n}\n" } },
      { name: 'nothing leaves the process', files: { 'a.ts': "import { db } from './db';\nimport { toDto } from './dto';\nexport async function list() {\n  const users = await db.users.findAll();\n  return Promise.all(users.map((user) => toDto(user)));\n}\n", 'dto.ts': "export const toDto = (user: { id: string }) => ({ id: user.id });\n" } },
      { name: 'one transaction', files: { 'a.ts': "import { User } from './models';\nimport { Pool } from 'pg';\nconst pool = new Pool({ connectionTimeoutMillis: 1_000, query_timeout: 1_000 });\npool.on('error', console.error);\nexport async function clean(transaction: object) {\n  const users = await User.findAll({ transaction });\n  await Promise.all(users.map((user) => pool.query('delete', [user.id], { transaction })));\n}\n" } },
      { name: 'inside a transaction', files: { 'a.ts': "import { Pool } from 'pg';\nimport { transaction } from './transaction';\nconst pool = new Pool({ connectionTimeoutMillis: 1_000, query_timeout: 1_000 });\npool.on('error', console.error);\nexport const close = () => transaction(async (client) => {\n  const { rows } = await pool.query('select id from orders');\n  await Promise.all(rows.map(({ id }) => pool.query('delete from orders where id = $1', [id])));\n});\n" } },
      { name: 'a request whose list is measured', files: { 'a.ts': "import Koa from 'koa';\nimport axios from 'axios';\nconst MOST = 20;\nnew Koa().use(async (ctx) => {\n  const { ids } = ctx.request.body;\n  if (ids.length > MOST) ctx.throw(400);\n  ctx.body = await Promise.all(ids.map((id) => axios.get(`http://catalog/${id}`, { timeout: 1_000 })));\n});\n" } },
      { name: 'p-queue with concurrency', files: { 'a.ts': "import PQueue from 'p-queue';\nexport const queue = new PQueue({ concurrency: 4 });\n" } },
      { name: 'prefetch is set', files: { 'a.ts': "import amqp from 'amqplib';\nimport { ship } from './orders';\nconst connection = await amqp.connect('amqp://rabbitmq', { timeout: 5_000 });\nconst channel = await connection.createChannel();\nawait channel.prefetch(10);\nawait channel.consume('orders', async (message) => {\n  await ship(message);\n  channel.ack(message);\n});\n" } },
    ],
    unknown: [
      { name: 'the caller decides how many', files: { 'a.ts': "import axios from 'axios';\nexport const notify = (users: string[]) => Promise.all(users.map((user) => axios.post('http://mail', user, { timeout: 1_000 })));\n" } },
      { name: 'the rows of one owner', files: { 'order.ts': "import { Model } from 'sequelize';\nexport class Order extends Model {}\n", 'a.ts': "import { Order } from './order';\nexport async function close(userId: string) {\n  const orders = await Order.findAll({ where: { userId } });\n  await Promise.all(orders.map((order) => order.destroy()));\n}\n" } },
      { name: 'a page of a listing', files: { 'order.ts': "import { Model } from 'sequelize';\nexport class Order extends Model {}\n", 'a.ts': "import { Order } from './order';\nexport async function touch(limit: number, offset: number) {\n  const orders = await Order.findAll({ limit, offset });\n  await Promise.all(orders.map((order) => order.save()));\n}\n" } },
      { name: 'the list comes from a function out of sight', files: { 'a.ts': "import axios from 'axios';\nimport { recipients } from 'acme';\nexport async function notify() {\n  const users = await recipients();\n  await Promise.all(users.map((user) => axios.post('http://mail', user, { timeout: 1_000 })));\n}\n" } },
      { name: 'a channel that another function prepares', files: { 'a.ts': "import amqp from 'amqplib';\nimport { prepare } from './prepare';\nimport { ship } from './orders';\nconst connection = await amqp.connect('amqp://rabbitmq', { timeout: 5_000 });\nconst channel = await connection.createChannel();\nawait prepare(channel);\nawait channel.consume('orders', async (message) => {\n  await ship(message);\n  channel.ack(message);\n});\n" } },
      { name: 'options from elsewhere', files: { 'a.ts': "import PQueue from 'p-queue';\nimport { options } from './options';\nexport const queue = new PQueue(options);\n" } },
    ],
  },
});

const FORMS: Readonly<Record<FanOutFact['form'], string>> = { all: 'Promise.all', allSettled: 'Promise.allSettled', push: 'Promise.all', 'for-each': 'forEach', limiter: '' };

function fanOutFinding(file: LinkedFile, fact: FanOutFact, code: CodeProject, resolve: EntityResolver, budgets: Budgets): Report<MessageId> | undefined {
  if (fact.isLimited) return undefined;
  const name = routeOf(file, fact.function) ?? nameOfFunction(file, fact.function);
  if (fact.limiter && fact.callText === '') {
    const { library, option } = fact.limiter;
    const data = { queue: clip(fact.list === '' ? 'This queue' : fact.list, 40), library, option };
    return { at: placeIn(file, fact.mark), message: 'queue', data, fixes: limitFix(file, fact, budgets.concurrency), subject: `${name}:${fact.list}` };
  }
  const origin = longListOrigin(file, fact, code, resolve);
  if (origin === undefined || isOnlyStartup(contextsOf(file, fact.function))) return undefined;
  const call = callOf(file, fact, code, resolve);
  if (call === undefined) return undefined;
  return {
    at: placeIn(file, fact.mark),
    message: fact.limiter ? 'each' : 'all',
    data: { list: clip(fact.list, 40), call: clip(call, 40), form: fact.limiter ? clip(textOfLimiter(fact), 30) : FORMS[fact.form] },
    related: [{ at: placeIn(file, fact.listSpan), text: originText(origin) }],
    fixes: fact.limiter ? limitFix(file, fact, budgets.concurrency) : fewAtATime(file, fact, budgets.concurrency, code, resolve),
    subject: `${name}:${fact.list}:${call}`,
    ...(runsOften(file, fact.function) || origin === 'request' ? {} : { severity: 'info' as const }),
  };
}

function textOfLimiter(fact: FanOutFact): string {
  return fact.limiter?.library ?? 'it';
}

function originText(origin: ListOrigin): string {
  switch (origin) {
    case 'text':
      return 'as long as there are matches';
    case 'request':
      return 'as long as the request says';
    case 'listing':
      return 'as long as the listing is';
    default:
      return 'as long as the result of a query without a limit';
  }
}

// The call that leaves the process: a catalogued one, or a function that makes one.
function callOf(file: LinkedFile, fact: FanOutFact, code: CodeProject, resolve: EntityResolver): string | undefined {
  for (const index of fact.calls) {
    const known = linkedCall(file, file.facts.calls[index]);
    if (known && leaves(known)) return known.fact.calleeText;
  }
  const position = fact.calledFunctions.findIndex((entity) => reachesIo(file, entity, code, resolve) || reachesStore(file, entity, code, resolve));
  return position < 0 ? fact.storeCall : (fact.calledTexts?.[position] ?? fact.callText);
}

function leaves({ shape }: OutboundCall): boolean {
  return shape.io !== 'connect' && shape.isStream !== true;
}

function limitFix(file: LinkedFile, fact: FanOutFact, concurrency: number): readonly Fix[] {
  const limiter = fact.limiter;
  if (!limiter?.option || limiter.argument === undefined) return [];
  return [{ title: `Run ${concurrency} at a time`, safety: 'unsafe', operations: [{ language: 'code', file: file.path, kind: 'set-option', call: fact.span, argument: limiter.argument, path: limiter.option, value: String(concurrency) }] }];
}
