// A message that the sender believes sent and the broker never had is found by nobody: the order is placed and never shipped.

import type { UnconfirmedShape } from '../../catalog/schema';
import type { CallFact } from '../../engine/code/facts';
import type { CodeProject, EntityResolver, LinkedClient, LinkedFile, OutboundCall } from '../../engine/code/project';
import type { CodeOperation, Fix } from '../../engine/lint/fix';
import { defineRule, type Report } from '../../engine/lint/rule';
import { contextsOf, nameOfFunction, packageFiles, placeIn, runsAsService } from '../code-places';
import { clip, optionAt } from '../limits';
import { entryAt, isValue, messagingPlaces, type MessagingPlace } from '../messaging-places';

type MessageId = 'channel' | 'switchedOff' | 'default' | 'floating' | 'caught';

export const requirePublishConfirm = defineRule<MessageId>({
  id: 'failover/require-publish-confirm',
  since: '0.1.0',
  severity: 'warning',
  reads: 'code',
  fault: 'lost',
  messages: {
    channel: 'A lost message is noticed by nobody: `{call}` gives a channel on which {library} confirms no publish.',
    switchedOff: 'A lost message is noticed by nobody: `{option}: {value}` asks the broker for no answer.',
    default: { text: "A lost message is noticed by nobody: {library}'s `{option}` is {value} by default and asks for no answer.", severity: 'advice' },
    floating: 'A message that is not sent is noticed too late: nobody awaits `{call}`, and the work goes on as if it were.',
    caught: { text: 'A message that is not sent is only logged: nobody awaits `{call}`, and the work goes on as if it were.', severity: 'advice' },
  },
  docs: {
    what: 'Reports a publish whose loss nobody notices: on a channel without confirms, with the answer of the broker switched off, or not awaited.',
    why: 'A broker that restarts, a full disk or a cut connection takes the message with it; without an answer the sender can neither try again nor tell its caller.',
    fix: 'Use a confirm channel and wait for its answer, ask for acknowledgements, and await the promise.',
    not: 'Replies to a request, channels of which it is out of sight what they send, `void`, and telemetry.',
  },
  check({ file, code, resolve, report }) {
    if (!runsAsService(code, file)) return;
    for (const client of file.clients) {
      const finding = channelFinding(file, client, code);
      if (finding) report(finding);
    }
    for (const place of messagingPlaces(file, resolve)) {
      const finding = optionFinding(file, place);
      if (finding) report(finding);
    }
    for (const call of file.calls) {
      const finding = floatingFinding(file, call, resolve);
      if (finding) report(finding);
    }
  },
  examples: {
    bad: [
      {
        name: 'amqplib: a plain channel',
        files: { 'a.ts': "import amqp from 'amqplib';\nconst connection = await amqp.connect('amqp://rabbitmq', { timeout: 5_000 });\nconst channel = await «connection.createChannel»();\nexport function place(order: object) {\n  channel.sendToQueue('orders', Buffer.from(JSON.stringify(order)), { persistent: true });\n}\n" },
        expect: 'channel',
        fixed: { 'a.ts': "import amqp from 'amqplib';\nconst connection = await amqp.connect('amqp://rabbitmq', { timeout: 5_000 });\nconst channel = await connection.createConfirmChannel();\nexport function place(order: object) {\n  channel.sendToQueue('orders', Buffer.from(JSON.stringify(order)), { persistent: true });\n}\n" },
      },
      {
        name: 'amqplib: the function that publishes can wait for the answer',
        files: { 'a.ts': "import amqp from 'amqplib';\nexport async function place(order: object) {\n  const connection = await amqp.connect('amqp://rabbitmq', { timeout: 5_000 });\n  const channel = await «connection.createChannel»();\n  channel.publish('orders', 'placed', Buffer.from(JSON.stringify(order)));\n}\n" },
        expect: 'channel',
        fixed: { 'a.ts': "import amqp from 'amqplib';\nexport async function place(order: object) {\n  const connection = await amqp.connect('amqp://rabbitmq', { timeout: 5_000 });\n  const channel = await connection.createConfirmChannel();\n  channel.publish('orders', 'placed', Buffer.from(JSON.stringify(order)));\n  await channel.waitForConfirms();\n}\n" },
      },
      {
        name: 'amqplib: a channel by callback, kept in a field',
        files: { 'a.ts': "import * as amqp from 'amqplib/callback_api';\nexport class Events {\n  private channel: amqp.Channel | null = null;\n  start() {\n    amqp.connect('amqp://rabbitmq', (error: Error, connection: amqp.Connection) => {\n      «connection.createChannel»((failure: Error, channel: amqp.Channel) => {\n        this.channel = channel;\n      });\n    });\n  }\n  place(order: object) {\n    this.channel?.publish('orders', 'placed', Buffer.from(JSON.stringify(order)));\n  }\n}\n" },
        expect: 'channel',
      },
      {
        name: 'KafkaJS: no acknowledgement asked for',
        files: { 'a.ts': "import { Kafka } from 'kafkajs';\nconst producer = new Kafka({ brokers: ['kafka:9092'] }).producer();\nexport const place = (value: string) => producer.send({ topic: 'orders', «acks: 0», messages: [{ value }] });\n" },
        expect: 'switchedOff',
        fixed: { 'a.ts': "import { Kafka } from 'kafkajs';\nconst producer = new Kafka({ brokers: ['kafka:9092'] }).producer();\nexport const place = (value: string) => producer.send({ topic: 'orders', acks: -1, messages: [{ value }] });\n" },
      },
      {
        name: 'MQTT: a command with QoS 0',
        files: { 'a.ts': "import mqtt from 'mqtt';\nconst client = mqtt.connect('mqtt://broker');\nexport const open = () => «client.publish»('doors/1/open', 'now');\n" },
        expect: 'default',
        fixed: { 'a.ts': "import mqtt from 'mqtt';\nconst client = mqtt.connect('mqtt://broker');\nexport const open = () => client.publish('doors/1/open', 'now', { qos: 1 });\n" },
      },
      {
        name: 'KafkaJS: not awaited in a handler',
        files: { 'a.ts': "import express from 'express';\nimport { Kafka } from 'kafkajs';\nconst producer = new Kafka({ brokers: ['kafka:9092'] }).producer();\nconst app = express();\napp.post('/orders', (req, res) => {\n  «producer.send»({ topic: 'orders', messages: [{ value: req.body.id }] });\n  res.sendStatus(202);\n});\n" },
        expect: 'floating',
      },
      {
        name: 'BullMQ: not awaited in an async handler',
        files: { 'queue.ts': "import { Queue } from 'bullmq';\nexport const mail = new Queue('mail', { connection: {} });\n", 'a.ts': "import express from 'express';\nimport { mail } from './queue';\nconst app = express();\napp.post('/orders', async (req, res) => {\n  «mail.add»('placed', req.body);\n  res.sendStatus(202);\n});\n" },
        expect: 'floating',
        fixed: { 'a.ts': "import express from 'express';\nimport { mail } from './queue';\nconst app = express();\napp.post('/orders', async (req, res) => {\n  await mail.add('placed', req.body);\n  res.sendStatus(202);\n});\n" },
      },
      {
        name: 'BullMQ: a method that drops the promise, whoever calls it',
        files: { 'a.ts': "import { Queue } from 'bullmq';\nexport class Mail {\n  private readonly queue = new Queue('mail', { connection: {} });\n  add(order: object) {\n    «this.queue.add»('placed', order);\n  }\n}\n" },
        expect: 'floating',
      },
      {
        name: 'KafkaJS: its failure is only logged',
        files: { 'a.ts': "import express from 'express';\nimport { Kafka } from 'kafkajs';\nconst producer = new Kafka({ brokers: ['kafka:9092'] }).producer();\nconst app = express();\napp.post('/orders', (req, res) => {\n  «producer.send»({ topic: 'orders', messages: [{ value: req.body.id }] }).catch((error) => console.error(error));\n  res.sendStatus(202);\n});\n" },
        expect: 'caught',
      },
    ],
    good: [
      { name: 'the promise is given back', files: { 'queue.ts': "import { Queue } from 'bullmq';\nexport const mail = new Queue('mail', { connection: {} });\n", 'a.ts': "import { mail } from './queue';\nexport const place = (order: object) => mail.add('placed', order);\n" } },
      { name: 'a confirm channel', files: { 'a.ts': "import amqp from 'amqplib';\nconst connection = await amqp.connect('amqp://rabbitmq', { timeout: 5_000 });\nconst channel = await connection.createConfirmChannel();\nexport async function place(order: object) {\n  channel.sendToQueue('orders', Buffer.from(JSON.stringify(order)), { persistent: true });\n  await channel.waitForConfirms();\n}\n" } },
      { name: 'replies alone', files: { 'a.ts': "import amqp from 'amqplib';\nimport { price } from './prices';\nconst connection = await amqp.connect('amqp://rabbitmq', { timeout: 5_000 });\nconst channel = await connection.createChannel();\nawait channel.prefetch(10);\nawait channel.consume('prices', async (message) => {\n  channel.sendToQueue(message.properties.replyTo, await price(message), { correlationId: message.properties.correlationId });\n  channel.ack(message);\n});\n" } },
      { name: 'a channel that only consumes', files: { 'a.ts': "import amqp from 'amqplib';\nimport { ship } from './orders';\nconst connection = await amqp.connect('amqp://rabbitmq', { timeout: 5_000 });\nconst channel = await connection.createChannel();\nawait channel.prefetch(10);\nawait channel.consume('orders', async (message) => {\n  await ship(message);\n  channel.ack(message);\n});\n" } },
      { name: 'awaited with the default acknowledgement', files: { 'a.ts': "import express from 'express';\nimport { Kafka } from 'kafkajs';\nconst producer = new Kafka({ brokers: ['kafka:9092'] }).producer();\nconst app = express();\napp.post('/orders', async (req, res) => {\n  await producer.send({ topic: 'orders', messages: [{ value: req.body.id }] });\n  res.sendStatus(202);\n});\n" } },
      { name: 'MQTT with QoS 1', files: { 'a.ts': "import mqtt from 'mqtt';\nconst client = mqtt.connect('mqtt://broker');\nexport const open = () => client.publish('doors/1/open', 'now', { qos: 1 });\n" } },
    ],
    unknown: [
      { name: 'a channel whose making is out of sight', files: { 'a.ts': "import type { Channel } from 'amqplib';\nexport function place(channel: Channel, order: object) {\n  channel.sendToQueue('orders', Buffer.from(JSON.stringify(order)));\n}\n" } },
      { name: 'acks from elsewhere', files: { 'a.ts': "import { Kafka } from 'kafkajs';\nimport { acks } from './settings';\nconst producer = new Kafka({ brokers: ['kafka:9092'] }).producer();\nexport const place = (value: string) => producer.send({ topic: 'orders', acks, messages: [{ value }] });\n" } },
      { name: 'options from elsewhere', files: { 'a.ts': "import mqtt from 'mqtt';\nimport { options } from './options';\nconst client = mqtt.connect('mqtt://broker');\nexport const open = () => client.publish('doors/1/open', 'now', options);\n" } },
    ],
  },
});

// Once for each channel, where it is made: all that is published on it is not confirmed.
function channelFinding(file: LinkedFile, client: LinkedClient, code: CodeProject): Report<MessageId> | undefined {
  const row = client.library.entry.unconfirmed?.find(({ on }) => on === client.instance);
  const method = client.fact.calleeText?.slice(client.fact.calleeText.lastIndexOf('.') + 1);
  if (!row || method === undefined || client.methods.has(row.wait)) return undefined;
  const isPublish = ({ shape, fact }: OutboundCall): boolean => shape.io === 'publish' && row.publish.some((name) => fact.calleeText.endsWith(`.${name}`)) && !isReply(fact);
  const first = client.calls.find(isPublish) ?? elsewhere(file, client, row, isPublish, code);
  if (!first) return undefined;
  const callee = client.fact.callee;
  const fixes: readonly Fix[] = [{ title: clip(`Use \`${row.instead}\``, 60), safety: 'unsafe', operations: [{ language: 'code', file: file.path, kind: 'replace', span: [callee[1] - method.length, callee[1]], text: row.instead }, ...waitFor(file, first, row.wait)] }];
  return {
    at: placeIn(file, callee),
    message: 'channel',
    data: { call: clip(method, 40), library: client.library.title },
    related: [{ at: { file: first.file, span: first.fact.callee }, text: 'published here' }],
    fixes,
    subject: `${nameOfFunction(file, client.fact.function)}:${method}`,
  };
}

// A channel that goes out of sight: whoever in the package publishes on a channel of that type has this one, where no other kind is made.
function elsewhere(file: LinkedFile, client: LinkedClient, row: UnconfirmedShape, isPublish: (call: OutboundCall) => boolean, code: CodeProject): OutboundCall | undefined {
  const files = packageFiles(code, file);
  if (files.some((other) => other.clients.some(({ fact }) => fact.calleeText?.endsWith(row.instead) === true))) return undefined;
  for (const other of files) {
    const call = other.calls.find((one) => one.client === undefined && one.instance === row.on && one.library.entry === client.library.entry && isPublish(one));
    if (call) return call;
  }
  return undefined;
}

// To the queue that the asker named, or with the number of its question.
function isReply({ arguments: given }: CallFact): boolean {
  return given.slice(0, 2).some((value) => value.kind === 'parameter' && value.path.includes('replyTo')) || given.some((value) => value.kind === 'object' && value.entries.some(({ key }) => key === 'correlationId'));
}

// Only where the publish is a statement of an async function of the same file, on a thing with a plain name.
function waitFor(file: LinkedFile, { file: path, fact }: OutboundCall, wait: string): readonly CodeOperation[] {
  const receiver = fact.calleeText.slice(0, fact.calleeText.lastIndexOf('.'));
  if (path !== file.path || fact.usage !== 'floating' || !/^(this\.)?\w+$/.test(receiver) || file.facts.functions[fact.function]?.isAsync !== true) return [];
  return [{ language: 'code', file: path, kind: 'insert-after', statement: fact.span, lines: [`await ${receiver}.${wait}();`] }];
}

function optionFinding(file: LinkedFile, { fact, row, library, options, argument }: MessagingPlace): Report<MessageId> | undefined {
  const confirm = row.confirm;
  if (!confirm) return undefined;
  const value = optionAt(options, confirm.option);
  const off = confirm.off.find((one) => isValue(value, one));
  const name = confirm.option.slice(confirm.option.lastIndexOf('.') + 1);
  const isDefault = value === 'absent' && confirm.off.includes(confirm.default);
  if (off === undefined && !isDefault) return undefined;
  const operations: readonly CodeOperation[] = [{ language: 'code', file: file.path, kind: 'set-option', call: fact.span, argument, path: confirm.option, value: confirm.fix }];
  return {
    at: placeIn(file, (isDefault ? undefined : entryAt(options, confirm.option)?.span) ?? fact.callee),
    message: isDefault ? 'default' : 'switchedOff',
    data: { library: library.title, option: name, value: String(off ?? confirm.default) },
    fixes: [{ title: clip(`Set \`${name}: ${confirm.fix}\``, 60), safety: 'unsafe', operations }],
    subject: `${nameOfFunction(file, fact.function)}:${fact.calleeText}:${name}`,
  };
}

// A promise of a publish that a handler or consumer drops.
function floatingFinding(file: LinkedFile, { fact, shape, library }: OutboundCall, resolve: EntityResolver): Report<MessageId> | undefined {
  if (shape.io !== 'publish' || (shape.result ?? 'promise') !== 'promise' || fact.usage !== 'floating' || isFireAndForget(library.entry.role)) return undefined;
  const contexts = contextsOf(file, fact.function);
  const isWaitedFor = contexts.has('handler') || contexts.has('consumer');
  if (!isWaitedFor && (contexts.size > 0 || fact.function < 0)) return undefined;
  if (fact.arguments.at(-1)?.kind === 'function' || resolve(file.path, fact.entity).kind === 'unknown') return undefined;
  const floating = file.facts.floating?.find(({ span }) => span[0] === fact.span[0]);
  if (!floating || floating.isChained === true) return undefined;
  const canAwait = file.facts.functions[fact.function]?.isAsync === true && !floating.isCaught;
  return {
    at: placeIn(file, fact.callee),
    message: floating.isCaught ? 'caught' : 'floating',
    data: { call: clip(fact.calleeText, 40) },
    fixes: canAwait ? [{ title: clip(`Await \`${clip(fact.calleeText, 40)}\``, 60), safety: 'unsafe', operations: [{ language: 'code', file: file.path, kind: 'wrap', span: fact.span, before: 'await ', after: '' }] }] : [],
    subject: `${nameOfFunction(file, fact.function)}:${fact.calleeText}:floating`,
    ...(isWaitedFor || floating.isCaught ? {} : { severity: 'info' as const }),
  };
}

// A cache's or socket's publish is no message that somebody has to have.
function isFireAndForget(role: string): boolean {
  return role !== 'queue' && role !== 'broker';
}
