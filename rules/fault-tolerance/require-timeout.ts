// A call that can wait for ever holds its caller's request, socket and memory for ever: a slow dependency then looks like a dead service.

import type { Bound } from '../../catalog/schema';
import type { LinkedClient, LinkedFile, OutboundCall, Verdict } from '../../engine/code/project';
import { formatDuration } from '../../engine/duration';
import type { Budgets } from '../../engine/lint/configuration';
import type { Severity } from '../../engine/lint/finding';
import { defineRule, type Report } from '../../engine/lint/rule';
import type { SystemModel } from '../../engine/model/model';
import { callFix, clientFix, clientName, clip, constructText, functionName, isAtStart, isOnPath, nameWithVersion, noLimitLabel, optionAt, ridesOnAnother, severityOf, targetName, valueText, waitingText } from '../limits';

export type RequireTimeoutMessage = 'missing' | 'alone' | 'query' | 'queries' | 'deadline' | 'connect' | 'process' | 'none' | 'weak';

export const requireTimeout = defineRule({
  id: 'fault-tolerance/require-timeout',
  since: '0.1.0',
  severity: 'warning',
  reads: 'code',
  fault: 'hung',
  options: {
    weakMs: { type: 'duration', default: '2min', describe: 'A longer default of a library counts as weak.' },
  },
  messages: {
    missing: '`{route}` can wait for ever for `{target}`: {library} sets no `{option}` by default.',
    alone: '`{call}` can wait for ever: {library} sets no `{option}` by default.',
    query: "`{call}` can wait for ever for its result: {library}'s `{option}` is off by default.",
    queries: "Queries over `{call}` can wait for ever for their result: {library}'s `{option}` is off by default.",
    deadline: '`{call}` can wait for ever: a {library} call has no deadline unless it is given one.',
    connect: '`{call}` can wait for ever for its connection: {library} sets no `{option}` by default.',
    process: '`{call}` can wait for ever for its process to end: {library} sets no `{option}` by default.',
    none: '`{call}` can wait for ever: {library} limits it by no default and no option.',
    weak: { text: '`{call}` can wait {wait}: only {limits} it.', severity: 'info' },
  },
  docs: {
    what: 'Reports an outbound call (HTTP, RPC, database, cache, queue, SDK, mail, socket, child process) whose waiting time nothing bounds, by the real defaults of the installed version.',
    why: 'When the callee hangs, its callers wait with it: requests, sockets and memory pile up until the caller is down as well.',
    fix: 'Set the option named in the message, at the client where there is one, else at the call.',
    not: 'A call that its library bounds within two minutes, a signal, a race with a timer, a wrapper with a limit, or an option whose value is out of sight. Scripts, tests, browser and generated code are not judged.',
    references: ['https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/'],
  },
  check({ file, system, budgets, options, report }) {
    if (file.facts.role !== 'server') return;
    const { weakMs } = options(file.path);
    for (const client of file.clients) {
      const finding = judgeClient(client, budgets(file.path), weakMs, system);
      if (finding) report(finding);
    }
    const constructs = new Set(file.clients.filter((client) => client.construct.isLongLived !== false).map((client) => client.fact.span[0]));
    for (const call of file.calls) {
      if (isJudgedAtClient(call) || constructs.has(call.fact.span[0])) continue;
      const finding = judgeCall(file, call, budgets(file.path), weakMs, system);
      if (finding) report(finding);
    }
  },
  examples: {
    bad: [
      {
        name: 'axios on a route, to a host that a variable names',
        files: {
          'a.ts': "import express from 'express';\nimport axios from 'axios';\nconst app = express();\napp.post('/orders', async (req, res) => {\n  const charged = await «axios.post»(`${process.env.BILLING_URL}/charges`, req.body);\n  res.json(charged.data);\n});\n",
        },
        expect: 'missing',
        fixed: {
          'a.ts': "import express from 'express';\nimport axios from 'axios';\nconst app = express();\napp.post('/orders', async (req, res) => {\n  const charged = await axios.post(`${process.env.BILLING_URL}/charges`, req.body, { timeout: 5_000 });\n  res.json(charged.data);\n});\n",
        },
      },
      {
        name: 'axios in a function that anyone may call',
        files: { 'a.ts': "import axios from 'axios';\nexport async function price(id: string) {\n  return (await «axios.get»('/prices/' + id)).data;\n}\n" },
        expect: 'alone',
        fixed: { 'a.ts': "import axios from 'axios';\nexport async function price(id: string) {\n  return (await axios.get('/prices/' + id, { timeout: 5_000 })).data;\n}\n" },
      },
      {
        name: 'a module that is exported by its name as well',
        files: { 'package.json': '{ "dependencies": { "got": "14.6.6" } }', 'a.ts': "import { got } from 'got';\nexport const price = (id: string) => «got.get»('http://prices/' + id, { throwHttpErrors: false });\n" },
        expect: 'alone',
        fixed: { 'a.ts': "import { got } from 'got';\nexport const price = (id: string) => got.get('http://prices/' + id, { throwHttpErrors: false, timeout: { request: 5_000 } });\n" },
      },
      {
        name: 'an instance, once for all its calls',
        files: { 'a.ts': "import axios from 'axios';\nconst http = «axios.create»({ baseURL: 'http://billing' });\nexport const a = () => http.get('/a');\nexport const b = () => http.post('/b', {});\n" },
        expect: 'alone',
        fixed: { 'a.ts': "import axios from 'axios';\nconst http = axios.create({ baseURL: 'http://billing', timeout: 5_000 });\nexport const a = () => http.get('/a');\nexport const b = () => http.post('/b', {});\n" },
      },
      {
        name: 'a pool whose queries have no limit',
        files: { 'db.ts': "import { Pool } from 'pg';\nexport const pool = «new Pool»({ max: 10 });\npool.on('error', console.error);\nexport const orders = () => pool.query('select * from orders');\n" },
        expect: 'query',
        fixed: { 'db.ts': "import { Pool } from 'pg';\nexport const pool = new Pool({ max: 10, query_timeout: 10_000 });\npool.on('error', console.error);\nexport const orders = () => pool.query('select * from orders');\n" },
      },
      {
        name: 'a pool that others ask, of which one connection is taken out',
        files: { 'db.ts': "import { Kysely, PostgresDialect } from 'kysely';\nimport { Pool } from 'pg';\nexport const pool = «new Pool»({ connectionTimeoutMillis: 1_000 });\npool.on('error', console.error);\nexport const db = new Kysely({ dialect: new PostgresDialect({ pool }) });\nexport const listen = () => pool.connect();\n" },
        expect: 'queries',
      },
      {
        name: 'a client whose calls are in other files',
        files: { 'db.js': "const mongoose = require('mongoose');\n«mongoose.connect»('mongodb://db/shop').catch(console.error);\n" },
        expect: 'queries',
        fixed: { 'db.js': "const mongoose = require('mongoose');\nmongoose.connect('mongodb://db/shop', { socketTimeoutMS: 30_000 }).catch(console.error);\n" },
      },
      {
        name: 'mail over an address that a configuration holds, where there is one',
        files: { 'mail.ts': "import { createTransport } from 'nodemailer';\nexport const mailer = (config: { smtpUrl: string }) => «createTransport»(config.smtpUrl);\n" },
        expect: 'weak',
        // An address takes no options: there is nothing that a fix could write.
        fixed: { 'mail.ts': "import { createTransport } from 'nodemailer';\nexport const mailer = (config: { smtpUrl: string }) => createTransport(config.smtpUrl);\n" },
      },
      {
        name: 'mysql2: only each query can set a limit',
        files: { 'db.ts': "import mysql from 'mysql2/promise';\nconst pool = «mysql.createPool»({ host: 'db', queueLimit: 100 });\nexport const orders = () => pool.query('select * from orders');\nexport const one = (id: string) => pool.query('select * from orders where id = ?', [id]);\n" },
        expect: 'query',
      },
      {
        name: 'a configuration that is taken out of another file',
        files: { 'config.js': "module.exports = { database: { host: process.env.DB_HOST || 'db' } };\n", 'db.js': "const knex = require('knex');\nconst { database } = require('./config');\nmodule.exports = «knex»({ client: 'pg', connection: database });\n" },
        expect: 'queries',
      },
      {
        name: 'the handler of an AWS client',
        files: {
          'package.json': '{ "dependencies": { "@smithy/node-http-handler": "3.1.0" } }',
          's3.ts': "import { S3Client } from '@aws-sdk/client-s3';\nimport { NodeHttpHandler } from '@smithy/node-http-handler';\nconst requestHandler = «new NodeHttpHandler»({ connectionTimeout: 3_000 });\nexport const s3 = new S3Client({ requestHandler });\n",
        },
        expect: 'alone',
        fixed: { 's3.ts': "import { S3Client } from '@aws-sdk/client-s3';\nimport { NodeHttpHandler } from '@smithy/node-http-handler';\nconst requestHandler = new NodeHttpHandler({ connectionTimeout: 3_000, requestTimeout: 10_000 });\nexport const s3 = new S3Client({ requestHandler });\n" },
      },
      {
        name: 'ioredis by URL',
        files: { 'r.js': "const Redis = require('ioredis');\nconst redis = «new Redis»(process.env.REDIS_URL);\nmodule.exports.read = (key) => redis.get(key);\n" },
        expect: 'query',
        fixed: { 'r.js': "const Redis = require('ioredis');\nconst redis = new Redis(process.env.REDIS_URL, { commandTimeout: 10_000 });\nmodule.exports.read = (key) => redis.get(key);\n" },
      },
      {
        name: 'global fetch on a route: the defaults of undici are 300 s',
        files: { 'a.ts': "import express from 'express';\nconst app = express();\napp.get('/x', async (req, res) => {\n  const answer = await «fetch»('http://catalog/x');\n  res.json(await answer.json());\n});\n" },
        expect: 'weak',
        fixed: { 'a.ts': "import express from 'express';\nconst app = express();\napp.get('/x', async (req, res) => {\n  const answer = await fetch('http://catalog/x', { signal: AbortSignal.timeout(5_000) });\n  res.json(await answer.json());\n});\n" },
      },
      {
        name: 'node-fetch 3 has no option, a signal bounds it',
        files: { 'package.json': '{ "dependencies": { "node-fetch": "3.3.2" } }', 'a.mjs': "import fetch from 'node-fetch';\nexport const load = () => «fetch»('http://catalog/x');\n" },
        expect: 'none',
        fixed: { 'a.mjs': "import fetch from 'node-fetch';\nexport const load = () => fetch('http://catalog/x', { signal: AbortSignal.timeout(5_000) });\n" },
      },
      {
        name: 'http.get without a listener for its timeout',
        files: { 'a.ts': "import http from 'node:http';\nexport function ping(done: () => void) {\n  «http.get»('http://catalog/x', { agent: new http.Agent() }, (res) => res.resume()).on('error', done);\n}\n" },
        expect: 'alone',
      },
      {
        name: 'a connection to RabbitMQ',
        files: { 'q.ts': "import amqp from 'amqplib';\nexport async function open() {\n  const connection = await «amqp.connect»(process.env.AMQP_URL);\n  connection.on('error', console.error);\n  return connection;\n}\n" },
        expect: 'connect',
        fixed: { 'q.ts': "import amqp from 'amqplib';\nexport async function open() {\n  const connection = await amqp.connect(process.env.AMQP_URL, { timeout: 5_000 });\n  connection.on('error', console.error);\n  return connection;\n}\n" },
      },
      {
        name: 'superagent: the limit is a link of the chain',
        files: { 'a.js': "const request = require('superagent');\nexports.load = () => «request.get»('http://catalog/x');\n" },
        expect: 'alone',
        fixed: { 'a.js': "const request = require('superagent');\nexports.load = () => request.get('http://catalog/x').timeout(5_000);\n" },
      },
      {
        name: 'Elasticsearch 9 has no limit of its own any more',
        files: {
          'package.json': '{ "dependencies": { "@elastic/elasticsearch": "9.1.0" } }',
          's.ts': "import { Client } from '@elastic/elasticsearch';\nconst client = «new Client»({ node: 'http://search:9200' });\nexport const find = () => client.search({ index: 'a' });\n",
        },
        expect: 'query',
      },
      {
        name: 'an address by its name, and a callback that is bound',
        files: { 'a.js': "const request = require('request');\nexports.load = function (paths, done) {\n  const url = paths.base + paths.rest;\n  «request.get»(url, function (error, response, body) { done(error, body); }.bind(this));\n};\n" },
        expect: 'alone',
        fixed: { 'a.js': "const request = require('request');\nexports.load = function (paths, done) {\n  const url = paths.base + paths.rest;\n  request.get(url, { timeout: 5_000 }, function (error, response, body) { done(error, body); }.bind(this));\n};\n" },
      },
      {
        name: 'a gRPC call: the deadline goes before the callback',
        files: {
          'a.ts': "import grpc from '@grpc/grpc-js';\nconst proto = grpc.loadPackageDefinition(load());\nconst client = new proto.shop.Billing('billing:50051', grpc.credentials.createInsecure());\nexport const charge = (order: object, done: () => void) => «client.charge»(order, () => done());\n",
        },
        expect: 'deadline',
        fixed: {
          'a.ts': "import grpc from '@grpc/grpc-js';\nconst proto = grpc.loadPackageDefinition(load());\nconst client = new proto.shop.Billing('billing:50051', grpc.credentials.createInsecure());\nexport const charge = (order: object, done: () => void) => client.charge(order, { deadline: Date.now() + 5_000 }, () => done());\n",
        },
      },
      {
        name: 'a wrapper that takes the limit as an option, and a caller that gives none',
        files: {
          'package.json': '{ "dependencies": { "node-fetch": "2.7.0" } }',
          'http.ts': "import nodeFetch from 'node-fetch';\nexport default async function load(url: string, init?: { timeout?: number; signal?: AbortSignal }) {\n  const { timeout, ...rest } = init || {};\n  let controller: AbortController | undefined;\n  if (timeout && !rest.signal) {\n    controller = new AbortController();\n    setTimeout(() => controller?.abort(), timeout);\n  }\n  return nodeFetch(url, { ...rest, signal: controller?.signal || rest.signal });\n}\n",
          'a.ts': "import load from './http';\nexport const user = () => «load»('http://users/1', { headers: { accept: 'application/json' } });\nexport const order = () => load('http://orders/1', { timeout: 3_000 });\n",
        },
        expect: 'alone',
        fixed: {
          'a.ts': "import load from './http';\nexport const user = () => load('http://users/1', { headers: { accept: 'application/json' }, timeout: 5_000 });\nexport const order = () => load('http://orders/1', { timeout: 3_000 });\n",
        },
      },
      {
        name: 'a command on a route',
        files: { 'a.ts': "import express from 'express';\nimport { exec } from 'node:child_process';\nconst app = express();\napp.get('/x', (req, res) => {\n  «exec»('convert a b', (error) => res.sendStatus(error ? 500 : 204));\n});\n" },
        expect: 'process',
      },
    ],
    good: [
      { name: 'bounded where the client is made', files: { 'a.ts': "import axios from 'axios';\nconst http = axios.create({ timeout: 3_000 });\nexport const a = () => http.get('/a');\n" } },
      { name: 'bounded at the call', files: { 'a.ts': "import axios from 'axios';\nexport const a = () => axios.post('/a', {}, { timeout: 3_000 });\n" } },
      { name: 'a signal with a timer', files: { 'a.ts': "export const a = () => fetch('http://a', { signal: AbortSignal.timeout(3_000) });\n" } },
      { name: 'a default for the whole process', files: { 'main.ts': "import axios from 'axios';\nimport { a } from './a';\naxios.defaults.timeout = 5_000;\na();\n", 'a.ts': "import axios from 'axios';\nexport const a = () => axios.get('/a');\n" } },
      { name: 'a wrapper with a limit of its own', files: { 'http.ts': "import axios from 'axios';\nexport const load = (url: string, { timeoutMs = 3_000 }: { timeoutMs?: number } = {}) => axios.get(url, { timeout: timeoutMs });\n", 'a.ts': "import { load } from './http';\nexport const a = () => load('/a');\nexport const b = () => load('/b', { timeoutMs: 500 });\n" } },
      { name: 'ky limits itself to 10 s', files: { 'a.ts': "import ky from 'ky';\nexport const a = () => ky.get('http://a');\n" } },
      { name: 'Elasticsearch 7 limits itself to 30 s', files: { 'package.json': '{ "dependencies": { "@elastic/elasticsearch": "7.17.0" } }', 's.ts': "import { Client } from '@elastic/elasticsearch';\nconst client = new Client({ node: 'http://s' });\nexport const f = () => client.search({ index: 'a' });\n" } },
      { name: 'a request that is made before with its signal', files: { 'a.ts': "export function a(url: string) {\n  const request = new Request(url, { signal: AbortSignal.timeout(3_000) });\n  return fetch(request);\n}\n" } },
      { name: 'mail that only goes into a stream', files: { 'a.ts': "import { createTransport } from 'nodemailer';\nconst mail = createTransport({ streamTransport: true, buffer: true });\nexport const send = (to: string) => mail.sendMail({ to });\n" } },
      { name: 'a socket that a server hands over later', files: { 'a.ts': "import { WebSocket } from 'ws';\nexport const take = () => new WebSocket(null, undefined, { autoPong: true });\n" } },
      { name: 'an address without a host, which only a browser can ask', files: { 'a.ts': "export const a = () => fetch('/api/orders');\n" } },
      { name: 'a race with a timer', files: { 'a.ts': "import axios from 'axios';\nexport const a = () => Promise.race([axios.get('/a'), new Promise((_, reject) => setTimeout(reject, 3_000))]);\n" } },
      { name: 'a blocking connection of a queue', files: { 'q.ts': "import Redis from 'ioredis';\nimport { Worker } from 'bullmq';\nconst connection = new Redis(process.env.REDIS_URL, { maxRetriesPerRequest: null });\nnew Worker('mail', async () => {}, { connection });\n" } },
      { name: 'a program that is started to go on by itself', files: { 'a.ts': "import express from 'express';\nimport { exec } from 'node:child_process';\nconst app = express();\napp.post('/start', (req, res) => {\n  exec('agent', { detached: true }).unref();\n  res.sendStatus(202);\n});\n" } },
      { name: 'mail that another program or service takes: no socket of its own', files: { 'mail.ts': "import nodemailer from 'nodemailer';\nimport * as aws from '@aws-sdk/client-ses';\nimport { ses } from './ses';\nconst local = nodemailer.createTransport({ sendmail: true, newline: 'unix' });\nconst remote = nodemailer.createTransport({ SES: { ses, aws } });\nexport const send = (mail: object) => local.sendMail(mail);\nexport const deliver = (mail: object) => remote.sendMail(mail);\n" } },
      { name: 'a step of the build of a front end', files: { 'frontend/fonts/make.mjs': "import fs from 'node:fs/promises';\nimport { execSync } from 'node:child_process';\nconst answer = await fetch('https://fonts/a.ttf');\nawait fs.writeFile('a.ttf', answer.body);\nexecSync('woff2_compress a.ttf');\n" } },
      { name: 'a test', files: { 'a.test.ts': "import axios from 'axios';\nexport const a = () => axios.get('/a');\n" } },
      { name: 'a script', files: { 'scripts/seed.ts': "import axios from 'axios';\nawait axios.get('/a');\n" } },
      { name: 'a program in a library that nothing starts', files: { 'package.json': '{ "main": "lib/index.js", "types": "lib/index.d.ts", "dependencies": { "axios": "1.7.0" } }', 'src/write.ts': "import axios from 'axios';\nasync function main() {\n  console.log((await axios.get('http://prices/all')).data);\n}\nmain();\n" } },
      { name: 'an adapter over a pool that has the limit', files: { 'db.ts': "import { Pool } from 'pg';\nimport { PrismaPg } from '@prisma/adapter-pg';\nconst pool = new Pool({ query_timeout: 5_000 });\nexport const adapter = new PrismaPg(pool);\n" } },
      { name: 'code for browsers', files: { 'package.json': '{ "dependencies": { "vue": "3.5.0", "axios": "1.7.0" } }', 'api.ts': "import axios from 'axios';\nexport const api = axios.create({});\nexport const load = () => api.get('/a');\n" } },
      { name: 'a function of the same name', files: { 'a.ts': "import express from 'express';\nconst app = express();\nfunction fetch(url: string) { return url; }\napp.get('/x', async (req, res) => res.json(await fetch('http://a')));\n" } },
    ],
    unknown: [
      { name: 'the options come from a caller', files: { 'b.ts': "import axios from 'axios';\nexport const a = (config: object) => axios.get('/a', config);\n" } },
      { name: 'a caller of a wrapper whose options come from its own caller', files: { 'http.ts': "import axios from 'axios';\nexport const load = (url: string, options: { timeout?: number }) => axios.get(url, options);\n", 'b.ts': "import { load } from './http';\nexport const a = (options: object) => load('/a', options);\n" } },
      { name: 'a request whose options come from a caller', files: { 'b.ts': "export function a(url: string, init: RequestInit) {\n  const request = new Request(url, init);\n  return fetch(request);\n}\n" } },
      { name: 'a spread of something out of sight', files: { 'b.ts': "import axios from 'axios';\nimport { defaults } from 'somewhere';\nexport const a = () => axios.get('/a', { ...defaults });\n" } },
      { name: 'the value comes from a package', files: { 'db.ts': "import { Pool } from 'pg';\nimport config from 'config';\nexport const pool = new Pool(config.get('db'));\nexport const q = () => pool.query('select 1');\n" } },
      { name: 'an argument of a name that is no address', files: { 'a.js': "const request = require('request');\nexports.load = (what, done) => request.get(what, done);\n" } },
      { name: 'a gRPC call whose last argument may be its options', files: { 'a.ts': "import grpc from '@grpc/grpc-js';\nconst proto = grpc.loadPackageDefinition(load());\nconst client = new proto.shop.Billing('billing:50051', grpc.credentials.createInsecure());\nexport const charge = (order: object) => client.charge(order, makeOptions());\n" } },
      { name: 'a client that is injected', files: { 'b.ts': "import type { AxiosInstance } from 'axios';\nexport class Prices {\n  constructor(private readonly http: AxiosInstance) {}\n  get() { return this.http.get('/a'); }\n}\n" } },
      { name: 'a version that nothing says, where the versions differ', files: { 's.ts': "import { Client } from '@elastic/elasticsearch';\nconst client = new Client({ node: 'http://s' });\nexport const f = () => client.search({ index: 'a' });\n" } },
    ],
  },
});

/** One cause is one finding: what a client leaves open is said where the client is made, also for what is made from it (`await pool.connect()`). */
function isJudgedAtClient({ client }: OutboundCall): boolean {
  if (!client) return false;
  const { construct, library } = client;
  if (construct.isLongLived !== false) return true;
  return construct.inherits === true && (library.entry.constructs ?? []).some((origin) => origin.instance === construct.from && origin.isLongLived !== false);
}

function judgeClient(client: LinkedClient, budgets: Budgets, weakMs: number, system: SystemModel): Report<RequireTimeoutMessage> | undefined {
  const { construct } = client;
  const verdict = openVerdict(client);
  if (construct.isLongLived === false || !verdict || waitsOnPurpose(client) || ridesOnAnother(client, verdict.bound)) return undefined;
  // Taking a connection out of a pool waits for that, not for a result.
  const open = client.calls.filter((call) => call.verdict.kind === verdict.kind && !call.shape.isStream && (isConnectOnly(client) || call.shape.io !== 'connect'));
  const work = client.calls.filter((call) => call.shape.isStream !== true && call.shape.io !== 'connect');
  if (verdict.kind === 'unbounded' && !verdict.bound?.option && work.length === 0) return undefined;
  if (work.length > 0 && (open.length === 0 || work.every(isAtStart))) return undefined;
  const common = {
    at: { file: client.file, span: client.fact.callee },
    more: open.map((call) => ({ file: call.file, span: call.fact.callee })),
    moreNoun: 'calls',
    subject: clientName(client),
  };
  if (verdict.kind === 'weak') return weak(common, waitingText(open) ?? clientName(client), client, verdict.bound, verdict.ms, weakMs, [clientFix(client, verdict.bound, budgets)]);
  const fix = clientFix(client, verdict.bound, budgets);
  const call = isConnectOnly(client) ? constructText(client) : (waitingText(open) ?? clientName(client));
  return { ...common, ...words(client, verdict.bound, open[0], call, isConnectOnly(client), system), label: noLimitLabel(client.library, verdict.bound), fixes: fix ? [fix] : [] };
}

type Open = Extract<Verdict, { kind: 'unbounded' | 'weak' }>;

/** What a client leaves open: by its own options or, where only each call can set a limit, by its calls. */
function openVerdict(client: LinkedClient): Open | undefined {
  if (client.verdict.kind === 'unbounded' || client.verdict.kind === 'weak') return client.verdict;
  if (client.verdict.kind !== 'bounded') return undefined;
  const isOfCallsOnly = ({ verdict }: OutboundCall): boolean => verdict.kind === 'unbounded' && verdict.bound !== undefined && !verdict.bound.at.includes('construct');
  const verdict = client.calls.find((call) => call.shape.isStream !== true && isOfCallsOnly(call))?.verdict;
  return verdict?.kind === 'unbounded' ? verdict : undefined;
}

/** Only making the connection is judged where the library bounds nothing else: a socket, a broker. */
function isConnectOnly(client: LinkedClient): boolean {
  return client.verdict.kind === 'unbounded' && client.verdict.bound !== undefined && client.verdict.bound.phases.every((phase) => phase === 'connect');
}

// A blocking connection, a subscriber: it waits because that is its work.
function waitsOnPurpose(client: LinkedClient): boolean {
  return client.calls.some((call) => call.shape.isStream === true && call.shape.io !== 'socket') || isMeantToWait(client);
}

function isMeantToWait({ library, instance, options }: Pick<LinkedClient, 'library' | 'instance' | 'options'>): boolean {
  return (library.entry.waitsOnPurpose ?? []).some(({ on, option, value }) => {
    const found = on === instance ? optionAt(options, option) : 'absent';
    return typeof found === 'object' && valueText(found) === String(value);
  });
}

function judgeCall(file: LinkedFile, call: OutboundCall, budgets: Budgets, weakMs: number, system: SystemModel): Report<RequireTimeoutMessage> | undefined {
  const { verdict, fact } = call;
  if ((verdict.kind !== 'unbounded' && verdict.kind !== 'weak') || isMeantToWait(call)) return undefined;
  const common = { at: { file: call.file, span: fact.callee }, subject: `${call.route ?? functionName(file, fact.function)}:${fact.calleeText}`, ...(call.callers && call.callers.length > 1 ? { more: call.callers, moreNoun: 'calls' } : {}) };
  const name = clip(fact.calleeText, 40);
  const fix = callFix(call, verdict.bound, budgets);
  if (verdict.kind === 'weak') return isAtStart(call) ? undefined : weak(common, name, call, verdict.bound, verdict.ms, weakMs, [fix]);
  if (call.shape.io === 'exec' && !isOnPath(call.contexts)) return undefined;
  return { ...common, ...words(call, verdict.bound, call, name, call.shape.io === 'connect', system), label: noLimitLabel(call.library, verdict.bound), severity: severityOf(call), fixes: fix ? [fix] : [] };
}

type Words = Pick<Report<RequireTimeoutMessage>, 'message' | 'data'>;

/** The message for something that nothing bounds. */
function words(owner: LinkedClient | OutboundCall, bound: Bound | undefined, first: OutboundCall | undefined, call: string, isConnect: boolean, system: SystemModel): Words {
  const { library } = owner;
  const data = { call, library: library.title, option: bound?.option ?? '' };
  if (!bound || bound.option === '') return { message: 'none', data };
  if (bound.option === 'deadline') return { message: 'deadline', data };
  if (isConnect) return { message: 'connect', data };
  const io = first?.shape.io;
  if (io === 'exec') return { message: 'process', data };
  const target = first && targetName(first.target, system);
  if (first?.route !== undefined && target !== undefined) return { message: 'missing', data: { ...data, route: clip(first.route, 40), target } };
  if (io === undefined && RESULT_ROLES.has(library.entry.role)) return { message: 'queries', data };
  return { message: io === 'query' || io === 'command' ? 'query' : 'alone', data };
}

const RESULT_ROLES: ReadonlySet<string> = new Set(['sql', 'document', 'cache', 'search']);

function weak(
  common: Omit<Report<RequireTimeoutMessage>, 'message'>,
  call: string,
  { library }: LinkedClient | OutboundCall,
  bound: Bound,
  ms: number,
  weakMs: number,
  fixes: readonly (ReturnType<typeof callFix>)[],
): Report<RequireTimeoutMessage> | undefined {
  if (ms <= weakMs) return undefined;
  const hasIdle = library.entry.bounds?.some((other) => other.phases.includes('bodyIdle') && other.owner === bound.owner && other.option !== bound.option && other.default !== null);
  const wait = hasIdle ? `${formatDuration(ms)} for headers and ${formatDuration(ms)} for each piece of the body` : formatDuration(ms);
  const severity: Severity = 'info';
  return {
    ...common,
    message: 'weak',
    data: { call, wait, limits: `${bound.owner ?? library.title}'s ${hasIdle ? 'defaults limit' : 'default limits'}` },
    label: clip(`${formatDuration(ms)} by default: ${bound.owner ?? nameWithVersion(library)}`, 40),
    severity,
    fixes: fixes.filter((fix) => fix !== undefined),
  };
}
