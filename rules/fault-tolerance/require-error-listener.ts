// An emitter throws its `error` event where nobody listens, and the throw ends the process: one dropped connection takes every request with it.

import type { ErrorEvent } from '../../catalog/schema';
import type { InstalledLibrary, LinkedClient, LinkedFile } from '../../engine/code/project';
import type { Fix } from '../../engine/lint/fix';
import { answerOf } from '../../engine/lint/installed';
import { defineRule } from '../../engine/lint/rule';
import { clientName, constructText, nameWithVersion } from '../limits';
import { logCall } from '../logging';

export const requireErrorListener = defineRule({
  id: 'fault-tolerance/require-error-listener',
  since: '0.1.0',
  severity: 'warning',
  reads: 'code',
  fault: 'cut',
  messages: {
    missing: '{when} ends this process: `{name}` has no `error` listener.',
  },
  docs: {
    what: "Reports a pool, connection, socket, request or child process whose `error` event nobody hears, of the libraries for which that was measured to end the process.",
    why: 'Node throws an `error` event that has no listener. The process ends, and with it every request that it was serving.',
    fix: 'Add a listener that logs. The library repairs or replaces the connection itself, or the next call fails in its own place.',
    not: 'Someone listens in this or another file, the client goes where we cannot see, or the library hears its own errors (ioredis, BullMQ, mqtt, the MongoDB driver).',
    references: ['https://nodejs.org/api/events.html#error-events'],
  },
  check({ file, resolve, report }) {
    if (file.facts.role !== 'server') return;
    for (const client of file.clients) {
      const event = crashing(client.library, client.instance);
      if (!event || client.isOutOfSight || listens(client) || isLeftBehind(file, client)) continue;
      report({
        at: { file: file.path, span: client.fact.name?.span ?? client.fact.callee },
        message: 'missing',
        data: { when: event.when ?? 'An error', name: clientName(client) },
        label: `no listener: ${nameWithVersion(client.library)}`.slice(0, 40),
        subject: clientName(client),
        fixes: [listenerFix(file, client)],
        ...(isMinor(client) ? { severity: 'info' as const } : {}),
      });
    }
    for (const handed of file.facts.handed ?? []) {
      if (handed.isOutOfSight || handed.listeners.includes('error')) continue;
      const resolved = resolve(file.path, { kind: 'typed', package: handed.package, type: [handed.instance], path: [] });
      const library = resolved.kind === 'instance' ? resolved.library : undefined;
      const event = library && crashing(library, handed.instance);
      if (!event) continue;
      report({
        at: { file: file.path, span: handed.mark },
        message: 'missing',
        data: { when: event.whenHanded ?? event.when ?? 'An error', name: handed.name },
        label: `no listener: ${nameWithVersion(library)}`.slice(0, 40),
        subject: `${handed.instance}:${handed.name}`,
        fixes: [
          {
            title: 'Add an `error` listener that logs',
            safety: 'safe',
            operations: [{ language: 'code', file: file.path, kind: 'insert-in-body', body: handed.callback, at: 'start', lines: [`${handed.name}.on('error', (error) => ${logCall(file, handed.callback[0], handed.name) ?? `console.error('${handed.name}', error)`});`] }],
          },
        ],
      });
    }
  },
  examples: {
    bad: [
      {
        name: 'a pool of pg',
        files: { 'db.ts': "import { Pool } from 'pg';\nconst «pool» = new Pool({ max: 10 });\nexport const q = () => pool.query('select 1');\n" },
        expect: 'missing',
        fixed: { 'db.ts': "import { Pool } from 'pg';\nconst pool = new Pool({ max: 10 });\npool.on('error', (error) => console.error('pool', error));\nexport const q = () => pool.query('select 1');\n" },
      },
      {
        name: 'node-redis',
        files: { 'r.js': "const redis = require('redis');\nconst «client» = redis.createClient({ url: process.env.REDIS_URL });\nclient.connect();\nexports.read = (key) => client.get(key);\n", 'package.json': '{ "dependencies": { "redis": "4.6.0" } }' },
        expect: 'missing',
        fixed: { 'r.js': "const redis = require('redis');\nconst client = redis.createClient({ url: process.env.REDIS_URL });\nclient.on('error', (error) => console.error('client', error));\nclient.connect();\nexports.read = (key) => client.get(key);\n" },
      },
      {
        name: 'a WebSocket of ws',
        files: { 'feed.ts': "import WebSocket from 'ws';\nimport { logger } from './logger';\nconst «feed» = new WebSocket('wss://feed', { handshakeTimeout: 5_000 });\nfeed.on('message', (message) => console.log(message));\n", 'logger.ts': 'export const logger = console;\n' },
        expect: 'missing',
        fixed: { 'feed.ts': "import WebSocket from 'ws';\nimport { logger } from './logger';\nconst feed = new WebSocket('wss://feed', { handshakeTimeout: 5_000 });\nfeed.on('error', (error) => logger.error(error));\nfeed.on('message', (message) => console.log(message));\n" },
      },
      {
        name: 'a connection of mysql2',
        files: { 'db.js': "const mysql = require('mysql2');\nconst «connection» = mysql.createConnection(process.env.DATABASE_URL);\nexports.q = (done) => connection.query('select 1', done);\n" },
        expect: 'missing',
      },
      {
        name: 'a request that is bound to nothing',
        files: { 'a.ts': "import http from 'node:http';\nexport function ping() {\n  «http.get»('http://a', { signal: AbortSignal.timeout(5_000) }, (res) => res.resume());\n}\n" },
        expect: 'missing',
        fixed: { 'a.ts': "import http from 'node:http';\nexport function ping() {\n  const clientRequest = http.get('http://a', { signal: AbortSignal.timeout(5_000) }, (res) => res.resume());\n  clientRequest.on('error', (error) => console.error('clientRequest', error));\n}\n" },
      },
      {
        name: 'a child process',
        files: { 'a.ts': "import { spawn } from 'node:child_process';\nexport function convert(path: string) {\n  const «child» = spawn('convert', [path]);\n  child.stdout.on('data', console.log);\n}\n" },
        expect: 'missing',
        fixed: { 'a.ts': "import { spawn } from 'node:child_process';\nexport function convert(path: string) {\n  const child = spawn('convert', [path]);\n  child.on('error', (error) => console.error('child', error));\n  child.stdout.on('data', console.log);\n}\n" },
      },
      {
        name: 'a connection of amqplib',
        files: { 'q.ts': "import amqp from 'amqplib';\nconst «connection» = await amqp.connect(process.env.AMQP_URL, { timeout: 5_000 });\nprocess.once('SIGTERM', () => connection.close());\n" },
        expect: 'missing',
      },
      {
        name: 'each socket of a WebSocket server',
        files: { 's.ts': "import { WebSocketServer } from 'ws';\nconst server = new WebSocketServer({ port: 8080 });\nconst sockets = new Set();\nserver.on('connection', («socket») => {\n  sockets.add(socket);\n  socket.on('message', (message) => console.log(message));\n});\n" },
        expect: 'missing',
        fixed: { 's.ts': "import { WebSocketServer } from 'ws';\nconst server = new WebSocketServer({ port: 8080 });\nconst sockets = new Set();\nserver.on('connection', (socket) => {\n  socket.on('error', (error) => console.error('socket', error));\n  sockets.add(socket);\n  socket.on('message', (message) => console.log(message));\n});\n" },
      },
      {
        name: 'each connection of a TCP server',
        files: { 's.js': "const net = require('net');\nnet.createServer((«connection») => {\n  connection.on('data', (data) => console.log(data));\n}).listen(9000);\n" },
        expect: 'missing',
      },
      {
        name: 'a socket',
        files: { 's.ts': "import net from 'node:net';\nconst «socket» = net.connect(6379, 'redis');\nsocket.on('data', console.log);\n" },
        expect: 'missing',
      },
    ],
    good: [
      { name: 'one variable for several kinds of client, heard after all', files: { 'a.ts': "import { createClient, createCluster } from 'redis';\nlet client;\nif (process.env.CLUSTER) client = createCluster({ rootNodes: [] });\nelse client = createClient({ url: 'redis://cache:6379' });\nclient.on('error', console.error);\nawait client.connect();\n" } },
      { name: 'a listener on the variable', files: { 'db.ts': "import { Pool } from 'pg';\nconst pool = new Pool();\npool.on('error', console.error);\nexport const q = () => pool.query('select 1');\n" } },
      { name: 'a listener in the chain', files: { 'r.ts': "import { createClient } from 'redis';\nexport const client = createClient().on('error', console.error);\n" } },
      { name: 'once, and addListener', files: { 'r.ts': "import net from 'node:net';\nconst a = net.connect(1);\na.once('error', console.error);\nconst b = net.connect(2);\nb.addListener('error', console.error);\n" } },
      { name: 'a listener in an importing file', files: { 'db.ts': "import { Pool } from 'pg';\nexport const pool = new Pool();\n", 'main.ts': "import { pool } from './db';\npool.on('error', console.error);\n" } },
      { name: 'ioredis hears itself', files: { 'r.ts': "import Redis from 'ioredis';\nconst redis = new Redis();\nexport const read = () => redis.get('a');\n" } },
      { name: 'a worker of BullMQ hears itself', files: { 'w.ts': "import { Worker } from 'bullmq';\nnew Worker('mail', async () => {}, { connection: { host: 'redis' } });\n" } },
      { name: 'a pool of mysql2 hears its connections', files: { 'db.ts': "import mysql from 'mysql2/promise';\nconst pool = mysql.createPool(process.env.DATABASE_URL);\nexport const q = () => pool.query('select 1');\n" } },
      { name: 'onerror of a WebSocket', files: { 's.ts': "import WebSocket from 'ws';\nconst socket = new WebSocket('wss://a');\nsocket.onerror = (event) => console.error(event.message);\n" } },
      { name: 'each socket has a listener', files: { 's.ts': "import { WebSocketServer } from 'ws';\nconst server = new WebSocketServer({ port: 8080 });\nserver.on('connection', (socket) => {\n  socket.on('message', console.log).on('error', console.error);\n});\n" } },
      { name: 'a child that goes on when this process has ended', files: { 'a.js': "const { spawn } = require('node:child_process');\nmodule.exports.start = () => {\n  const child = spawn('node', ['main.js'], { detached: true });\n  child.unref();\n  process.exit(0);\n};\n" } },
      { name: 'a test', files: { 'test/db.ts': "import { Pool } from 'pg';\nexport const pool = new Pool();\n" } },
      { name: 'the global WebSocket is no emitter', files: { 's.ts': "const socket = new WebSocket('wss://a');\nsocket.addEventListener('message', console.log);\n" } },
    ],
    unknown: [
      { name: 'given to code out of sight', files: { 'db.ts': "import { Pool } from 'pg';\nimport { watch } from 'pool-watch';\nconst pool = new Pool();\nwatch(pool);\n" } },
      { name: 'returned to a caller out of sight', files: { 'a.ts': "import { spawn } from 'node:child_process';\nexport const run = (command: string) => spawn(command);\n" } },
      { name: 'a socket that is handed on', files: { 's.ts': "import { WebSocketServer } from 'ws';\nimport { attach } from 'somewhere';\nconst server = new WebSocketServer({ port: 8080 });\nserver.on('connection', (socket) => attach(socket));\n" } },
      { name: 'made by a class of another package', files: { 'db.ts': "import { Database } from 'somewhere';\nexport const db = new Database();\n" } },
    ],
  },
});

function crashing(library: InstalledLibrary, instance: string): ErrorEvent | undefined {
  const events = (library.entry.errorEvents ?? []).filter(({ on }) => on === instance);
  return answerOf(library, events, ({ crashes }) => crashes) === true ? events[0] : undefined;
}

function listens(client: LinkedClient): boolean {
  return client.listeners.has('error') || client.fact.assignments.some(({ path }) => path === 'onerror');
}

// A child that is started by a function which ends this process itself.
function isLeftBehind(file: LinkedFile, client: LinkedClient): boolean {
  return client.library.entry.role === 'process' && file.facts.functions[client.fact.function]?.exits === true;
}

// One that its own function closes again, or a part of a connection that has a finding of its own.
function isMinor(client: LinkedClient): boolean {
  const closes = (client.library.entry.close ?? []).filter(({ on }) => on === client.instance).map(({ method }) => method);
  const isShortLived = client.fact.function !== -1 && closes.some((method) => client.fact.methods.includes(method));
  return isShortLived || client.construct.from !== undefined;
}

function listenerFix(file: LinkedFile, client: LinkedClient): Fix {
  const name = client.fact.name?.text ?? client.instance.charAt(0).toLowerCase() + client.instance.slice(1);
  return {
    title: client.fact.name ? 'Add an `error` listener that logs' : `Add an \`error\` listener that logs to \`${constructText(client)}\``.slice(0, 60),
    safety: 'safe',
    operations: [{ language: 'code', file: file.path, kind: 'insert-after', statement: client.fact.span, lines: [`${name}.on('error', (error) => ${logCall(file, client.fact.span[1], name) ?? `console.error('${name}', error)`});`], bind: { call: client.fact.span, name } }],
  };
}
