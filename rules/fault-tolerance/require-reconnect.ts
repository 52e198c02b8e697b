// A connection that is made once at start and not made again turns its first break into the end of what depends on it, while the process looks healthy.

import { defineRule } from '../../engine/lint/rule';
import type { Fix } from '../../engine/lint/fix';
import type { LinkedClient, LinkedFile } from '../../engine/code/project';
import { contextsOf, nameOfFunction, placeIn, runsAsService } from '../code-places';
import { clip } from '../limits';

type MessageId = 'heard' | 'used';

const LOSS = /^(close|end|disconnect|disconnected|exit|goaway)$/;
// What a program hears of a connection besides its end: then a lost one is silence.
const HEARS = /^(message|data|notification|push|stream|event)$/;
const CONSUMES = /^(consume|subscribe|createChannel|createConfirmChannel)$/;

export const requireReconnect = defineRule<MessageId>({
  id: 'fault-tolerance/require-reconnect',
  since: '0.1.0',
  severity: 'warning',
  reads: 'code',
  fault: 'down',
  messages: {
    heard: 'After the first break `{name}` hears no message again: nothing makes this {library} connection anew.',
    used: 'After the first break every call of `{name}` fails: nothing makes this {library} connection anew.',
  },
  docs: {
    what: 'Reports a long-lived connection whose library does not connect again by itself and whose end nobody acts on.',
    why: 'A restart of the other side or one lost packet ends the connection. The process goes on, answers its health check and does nothing until somebody restarts it.',
    fix: 'Make the connection again when it closes, after a wait; or use a pool or a client that does so; or end the process, so that it is started again.',
    not: 'Clients that reconnect by themselves, connections made for one request, message or job, those that are closed again, and those handed to code that is out of sight.',
  },
  check({ file, code, report }) {
    if (!runsAsService(code, file)) return;
    for (const client of file.clients) {
      if (client.construct.reconnects !== false || !isKept(file, client) || isWatched(client)) continue;
      const name = client.fact.name?.text ?? client.instance;
      const hears = [...client.listeners].some((event) => HEARS.test(event)) || [...client.methods].some((method) => CONSUMES.test(method));
      report({
        at: placeIn(file, client.fact.name?.span ?? client.fact.callee),
        message: hears ? 'heard' : 'used',
        data: { name: clip(name, 40), library: client.library.title },
        fixes: reconnectFix(file, client),
        subject: `${nameOfFunction(file, client.fact.function)}:${name}`,
      });
    }
  },
  examples: {
    bad: [
      {
        name: 'a feed that is opened once',
        files: { 'a.ts': "import WebSocket from 'ws';\nconst «feed» = new WebSocket('wss://ticks', { handshakeTimeout: 5_000 });\nfeed.on('error', (error) => console.error(error));\nfeed.on('message', (tick) => console.log(tick));\n" },
        expect: 'heard',
      },
      {
        name: 'a close that is only logged',
        files: { 'a.ts': "import WebSocket from 'ws';\nexport function open() {\n  const «feed» = new WebSocket('wss://ticks', { handshakeTimeout: 5_000 });\n  feed.on('error', (error) => console.error(error));\n  feed.on('message', (tick) => console.log(tick));\n  feed.on('close', () => console.warn('closed'));\n}\nopen();\n" },
        expect: 'heard',
        fixed: { 'a.ts': "import WebSocket from 'ws';\nexport function open() {\n  const feed = new WebSocket('wss://ticks', { handshakeTimeout: 5_000 });\n  feed.on('close', () => setTimeout(open, 1_000 + 4_000 * Math.random()));\n  feed.on('error', (error) => console.error(error));\n  feed.on('message', (tick) => console.log(tick));\n  feed.on('close', () => console.warn('closed'));\n}\nopen();\n" },
      },
      {
        name: 'a broker connection that a consumer lives on',
        files: { 'a.ts': "import amqp from 'amqplib';\nimport { handle } from './orders';\nexport async function start() {\n  const «connection» = await amqp.connect('amqp://rabbitmq', { timeout: 5_000 });\n  connection.on('error', (error) => console.error(error));\n  const channel = await connection.createChannel();\n  channel.on('error', (error) => console.error(error));\n  await channel.prefetch(10);\n  await channel.consume('orders', handle);\n}\nvoid start();\n" },
        expect: 'heard',
      },
      {
        name: 'one database connection for all requests',
        files: { 'a.js': "const mysql = require('mysql2');\nconst «db» = mysql.createConnection({ host: 'mysql', connectTimeout: 5000 });\ndb.on('error', (error) => console.error(error));\nmodule.exports.list = (done) => db.query({ sql: 'SELECT 1', timeout: 5000 }, done);\n" },
        expect: 'used',
      },
    ],
    good: [
      { name: 'opened again after a wait', files: { 'a.ts': "import WebSocket from 'ws';\nexport function open() {\n  const feed = new WebSocket('wss://ticks', { handshakeTimeout: 5_000 });\n  feed.on('error', (error) => console.error(error));\n  feed.on('close', () => setTimeout(open, 1_000 * Math.random()));\n}\nopen();\n" } },
      { name: 'the process ends with it', files: { 'a.ts': "import amqp from 'amqplib';\nexport async function start() {\n  const connection = await amqp.connect('amqp://rabbitmq', { timeout: 5_000 });\n  connection.on('close', () => process.exit(1));\n  return connection.createChannel();\n}\n" } },
      { name: 'a pool makes connections as they are needed', files: { 'a.js': "const mysql = require('mysql2');\nconst db = mysql.createPool({ host: 'mysql' });\nmodule.exports.list = (done) => db.query('SELECT 1', done);\n" } },
      { name: 'a connection for one job', files: { 'a.ts': "import mysql from 'mysql2/promise';\nexport async function clean() {\n  const db = await mysql.createConnection({ host: 'mysql' });\n  await db.query('DELETE FROM old');\n  await db.end();\n}\n" } },
      { name: 'forgotten when it closes, so that the next use makes it', files: { 'a.ts': "import amqp, { type ChannelModel } from 'amqplib';\nlet connection: ChannelModel | undefined;\nexport async function connected() {\n  if (connection) return connection;\n  connection = await amqp.connect('amqp://rabbitmq', { timeout: 5_000 });\n  connection.on('close', () => {\n    connection = undefined;\n  });\n  return connection;\n}\n" } },
      { name: 'a client that reconnects by itself', files: { 'a.ts': "import { io } from 'socket.io-client';\nexport const feed = io('https://ticks');\nfeed.on('tick', (tick) => console.log(tick));\n" } },
      { name: 'one socket for each request', files: { 'a.ts': "import express from 'express';\nimport WebSocket from 'ws';\nconst app = express();\napp.get('/probe', (request, response) => {\n  const probe = new WebSocket('wss://ticks', { handshakeTimeout: 5_000 });\n  probe.on('error', () => response.sendStatus(502));\n  probe.on('message', () => response.sendStatus(200));\n});\n" } },
    ],
    unknown: [
      { name: 'handed to a function that may watch it', files: { 'a.ts': "import WebSocket from 'ws';\nimport { watch } from './watch';\nconst feed = new WebSocket('wss://ticks');\nwatch(feed);\n" } },
      { name: 'a listener of another file', files: { 'a.ts': "import WebSocket from 'ws';\nimport { lost } from './lost';\nconst feed = new WebSocket('wss://ticks');\nfeed.on('close', lost);\n" } },
      { name: 'given back to whoever asks for one', files: { 'a.ts': "import mysql from 'mysql2/promise';\nexport async function connection() {\n  return mysql.createConnection({ host: 'mysql' });\n}\n" } },
    ],
  },
});

// It outlives the function that makes it: nothing that runs often makes it, nobody closes it there, and it has a name.
function isKept(file: LinkedFile, { fact, isOutOfSight, library, instance, methods }: LinkedClient): boolean {
  if (isOutOfSight || fact.name === undefined) return false;
  const contexts = contextsOf(file, fact.function);
  if (contexts.has('handler') || contexts.has('consumer') || contexts.has('timer') || contexts.has('listener')) return false;
  const closes = (library.entry.close ?? []).filter(({ on }) => on === instance).map(({ method }) => method);
  return fact.function === -1 || ![...closes, 'close', 'end', 'destroy', 'terminate'].some((method) => methods.has(method));
}

// Somebody acts on its end, or may: a listener that does more than log, one of another file, a handler that is assigned.
function isWatched({ fact, listeners }: LinkedClient): boolean {
  if ((fact.heeds ?? []).length > 0 || fact.assignments.some(({ path }) => /^on(close|error)$/.test(path))) return true;
  return [...listeners].some((event) => LOSS.test(event) && !fact.listeners.includes(event));
}

// Where a function without parameters makes it, that function can make it again.
function reconnectFix(file: LinkedFile, { fact }: LinkedClient): readonly Fix[] {
  const made = file.facts.functions[fact.function];
  if (fact.name === undefined || made?.name === undefined || made.parameters.length > 0 || made.parent !== -1) return [];
  return [
    {
      title: 'Reconnect when the connection closes',
      safety: 'by-hand',
      operations: [{ language: 'code', file: file.path, kind: 'insert-after', statement: fact.span, lines: [`${fact.name.text}.on('close', () => setTimeout(${made.name}, 1_000 + 4_000 * Math.random()));`] }],
    },
  ];
}
