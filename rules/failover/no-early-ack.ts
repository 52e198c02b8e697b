// A message that is acknowledged before its work is done is gone when the work fails: the broker has forgotten it.

import type { AckFact, ConsumerFact, FloatingFact, TakeFact } from '../../engine/code/construct-facts';
import type { CodeProject, EntityResolver, LinkedFile } from '../../engine/code/project';
import type { ConsumerShape } from '../../catalog/schema';
import { defineRule, type Report } from '../../engine/lint/rule';
import { asyncFunctionOf, callOf, nameOfFunction, packageFiles, placeIn, runsAsService } from '../code-places';
import { clip, optionAt } from '../limits';
import { consumerAt } from '../consumer-places';
import { entryAt, isValue, messagingPlaces, type MessagingPlace } from '../messaging-places';

type MessageId = 'early' | 'auto' | 'default' | 'floating' | 'taken';

export const noEarlyAck = defineRule<MessageId>({
  id: 'failover/no-early-ack',
  since: '0.1.0',
  severity: 'warning',
  reads: 'code',
  fault: 'lost',
  messages: {
    early: 'A crash in `{work}` loses the message: it is acknowledged {when}.',
    auto: 'A crash in `{work}` loses the message: `{option}: {value}` acknowledges it on arrival.',
    default: "A crash while a message is handled loses it: {library}'s `{option}` is {value} by default and acknowledges on arrival.",
    taken: 'A crash in `{work}` loses the message: `{call}` has already taken it off its queue.',
    floating: 'A crash in `{work}` loses the message: nobody awaits it, so the message counts as done.',
  },
  docs: {
    what: 'Reports a message that is acknowledged before the work on it: by its own call, by an option, or because the work is not awaited.',
    why: 'When the process ends in between, by a deploy, a crash or a lost node, the broker believes the message done and nobody does it again.',
    fix: 'Acknowledge as the last step, after everything that can fail.',
    not: 'An acknowledgement in a `catch`, on a way that ends before the work, and one with nothing but logging after it.',
  },
  check({ file, code, resolve, report }) {
    if (!runsAsService(code, file)) return;
    file.facts.consumers.forEach((consumer, index) => {
      const shape = consumerAt(file, consumer, resolve);
      if (!shape) return;
      const acks = file.facts.acks.filter((ack) => ack.consumer === index);
      const finding = earlyFinding(file, consumer, acks) ?? autoFinding(file, consumer, shape) ?? floatingFinding(file, consumer, shape, code, resolve);
      if (finding) report(finding);
    });
    for (const place of messagingPlaces(file, resolve)) {
      const finding = optionFinding(file, place, code, resolve);
      if (finding) report(finding);
    }
    for (const fact of file.facts.takes ?? []) report(takeFinding(file, fact));
  },
  examples: {
    bad: [
      {
        name: 'amqplib: acknowledged first',
        files: { 'a.ts': "import amqp from 'amqplib';\nimport { ship } from './orders';\nconst connection = await amqp.connect('amqp://rabbitmq', { timeout: 5_000 });\nconst channel = await connection.createChannel();\nawait channel.prefetch(10);\nawait channel.consume('orders', async (message) => {\n  «channel.ack(message)»;\n  await ship(message);\n});\n" },
        expect: 'early',
        fixed: { 'a.ts': "import amqp from 'amqplib';\nimport { ship } from './orders';\nconst connection = await amqp.connect('amqp://rabbitmq', { timeout: 5_000 });\nconst channel = await connection.createChannel();\nawait channel.prefetch(10);\nawait channel.consume('orders', async (message) => {\n  await ship(message);\n  channel.ack(message);\n});\n" },
      },
      {
        name: 'amqplib: noAck with work',
        files: { 'a.ts': "import amqp from 'amqplib';\nimport { ship } from './orders';\nexport async function start(channel: amqp.Channel) {\n  await channel.consume('orders', async (message) => {\n    await ship(message);\n  }, { «noAck: true» });\n}\n" },
        expect: 'auto',
      },
      {
        name: 'Pub/Sub: acknowledged in the first line',
        files: { 'a.ts': "import { PubSub } from '@google-cloud/pubsub';\nimport { handle } from './work';\nconst subscription = new PubSub().subscription('orders');\nsubscription.on('error', console.error);\nsubscription.on('message', async (message) => {\n  «message.ack()»;\n  console.info(message.id);\n  await handle(message);\n});\n" },
        expect: 'early',
      },
      {
        name: 'KafkaJS: the work is not awaited',
        files: { 'a.ts': "import { Kafka } from 'kafkajs';\nimport { save } from './store';\nasync function handle(value: Buffer) {\n  await save(value);\n}\nconst consumer = new Kafka({ brokers: ['kafka:9092'] }).consumer({ groupId: 'orders' });\nawait consumer.run({\n  eachMessage: async ({ message }) => {\n    «handle»(message.value);\n  },\n});\n" },
        expect: 'floating',
      },
      {
        name: 'BullMQ: the work is not awaited',
        files: { 'a.ts': "import { Worker } from 'bullmq';\nimport { send } from './mail';\nasync function deliver(job: { data: string }) {\n  await send(job.data);\n}\nnew Worker('mail', async (job) => {\n  «deliver»(job);\n}, { connection: {} });\n" },
        expect: 'floating',
      },
      {
        name: 'a channel that is declared with its type',
        files: { 'a.ts': "import type { Channel } from 'amqplib';\nimport { openChannel } from './queue';\nimport { patiently } from './patience';\nimport { ship } from './orders';\nconst channel: Channel = await patiently(openChannel);\nawait channel.consume('orders', async (message) => {\n  «channel.ack(message)»;\n  await ship(message);\n});\n" },
        expect: 'early',
      },
      {
        name: 'Redis: popped before the work',
        files: { 'a.ts': "import Redis from 'ioredis';\nimport { handle } from './work';\nconst redis = new Redis();\nexport async function run() {\n  while (true) {\n    const job = await «redis.brpop»('jobs', 0);\n    await handle(job);\n  }\n}\n" },
        expect: 'taken',
      },
      {
        name: 'SQS: deleted before the work',
        files: { 'a.ts': "import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';\nimport { handle } from './work';\nconst sqs = new SQSClient({});\nexport async function poll(QueueUrl: string) {\n  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));\n  for (const message of Messages ?? []) {\n    await «sqs.send»(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));\n    await handle(message);\n  }\n}\n" },
        expect: 'taken',
        fixed: { 'a.ts': "import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';\nimport { handle } from './work';\nconst sqs = new SQSClient({});\nexport async function poll(QueueUrl: string) {\n  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));\n  for (const message of Messages ?? []) {\n    await handle(message);\n    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));\n  }\n}\n" },
      },
      {
        name: 'Service Bus: received and deleted',
        files: { 'a.ts': "import { ServiceBusClient } from '@azure/service-bus';\nconst client = new ServiceBusClient('Endpoint=sb://bus');\nexport const receiver = client.createReceiver('orders', { «receiveMode: 'receiveAndDelete'» });\n" },
        expect: 'auto',
        fixed: { 'a.ts': "import { ServiceBusClient } from '@azure/service-bus';\nconst client = new ServiceBusClient('Endpoint=sb://bus');\nexport const receiver = client.createReceiver('orders', { receiveMode: 'peekLock' });\n" },
      },
      {
        name: 'Nest: RabbitMQ events are acknowledged on arrival by default',
        files: {
          'orders.controller.ts': "import { Controller } from '@nestjs/common';\nimport { EventPattern } from '@nestjs/microservices';\nimport { ship } from './orders';\n@Controller()\nexport class OrdersController {\n  @EventPattern('order.placed')\n  async placed(order: { id: string }) {\n    await ship(order.id);\n  }\n}\n",
          'main.ts': "import { NestFactory } from '@nestjs/core';\nimport { Transport } from '@nestjs/microservices';\nimport { AppModule } from './app.module';\nconst app = await «NestFactory.createMicroservice»(AppModule, { transport: Transport.RMQ, options: { urls: ['amqp://rabbitmq'], queue: 'orders', prefetchCount: 10 } });\napp.enableShutdownHooks();\nawait app.listen();\n",
        },
        expect: 'default',
      },
      {
        name: 'Bull: a queue of another file, and a method whose failure is only logged',
        files: {
          'queues.ts': "import Queue from 'bull';\nexport const createQueue = (name: string) => new Queue(name, 'redis://redis');\nexport const mailQueue = createQueue('mail');\n",
          'mailer.ts': "export class Mailer {\n  public async perform(data: object) {\n    await fetch('http://mail', { signal: AbortSignal.timeout(1_000), body: JSON.stringify(data) });\n  }\n}\n",
          'a.ts': "import { Mailer } from './mailer';\nimport { mailQueue } from './queues';\nconst mailer = new Mailer();\nmailQueue.process(async (job) => {\n  «mailer.perform»(job.data).catch((error) => console.error(error));\n});\n",
        },
        expect: 'floating',
      },
      {
        name: 'Nest: a processor that waits for nothing',
        files: { 'a.ts': "import { Processor, WorkerHost } from '@nestjs/bullmq';\nimport { send } from './mail';\n@Processor('mail')\nexport class MailProcessor extends WorkerHost {\n  async process(job: { data: string }) {\n    «this.deliver»(job.data);\n  }\n  private async deliver(to: string) {\n    await send(to);\n  }\n}\n" },
        expect: 'floating',
      },
      {
        name: 'Nest: acknowledged by hand before the work',
        files: { 'a.ts': "import { Controller } from '@nestjs/common';\nimport { Ctx, EventPattern, Payload, RmqContext } from '@nestjs/microservices';\nimport { ship } from './orders';\n@Controller()\nexport class OrdersController {\n  @EventPattern('order.placed')\n  async placed(@Payload() order: { id: string }, @Ctx() context: RmqContext) {\n    const channel = context.getChannelRef();\n    «channel.ack(context.getMessage())»;\n    await ship(order.id);\n  }\n}\n" },
        expect: 'early',
      },
    ],
    good: [
      { name: 'Redis: kept until the work is done', files: { 'a.ts': "import Redis from 'ioredis';\nimport { handle } from './work';\nconst redis = new Redis();\nexport async function run() {\n  const job = await redis.blmove('jobs', 'working', 'RIGHT', 'LEFT', 0);\n  await handle(job);\n  await redis.lrem('working', 1, job);\n}\n" } },
      { name: 'SQS: deleted last', files: { 'a.ts': "import { DeleteMessageCommand, SQSClient } from '@aws-sdk/client-sqs';\nimport { count, handle, next } from './work';\nconst sqs = new SQSClient({});\nexport async function poll(QueueUrl: string) {\n  for (const message of await next()) {\n    await handle(message);\n    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));\n    await count(message);\n  }\n}\n" } },
      { name: 'Nest: requests over RabbitMQ have a caller who waits', files: { 'a.ts': "import { NestFactory } from '@nestjs/core';\nimport { MessagePattern, Transport } from '@nestjs/microservices';\nimport { AppModule } from './app.module';\nimport { find } from './orders';\nexport class OrdersController {\n  @MessagePattern('order')\n  async order(id: string) {\n    return await find(id);\n  }\n}\nconst app = await NestFactory.createMicroservice(AppModule, { transport: Transport.RMQ, options: { queue: 'orders' } });\nawait app.listen();\n" } },
      { name: 'Bull: done is called later', files: { 'a.ts': "import Queue from 'bull';\nimport { send } from './mail';\nconst mail = new Queue('mail', 'redis://redis');\nasync function deliver(data: object, done: () => void) {\n  await send(data);\n  done();\n}\nmail.process((job, done) => {\n  deliver(job.data, done);\n});\n" } },
      { name: 'acknowledged last', files: { 'a.ts': "import amqp from 'amqplib';\nimport { ship } from './orders';\nexport async function start(channel: amqp.Channel) {\n  await channel.consume('orders', async (message) => {\n    try {\n      await ship(message);\n      channel.ack(message);\n    } catch (error) {\n      console.error(error);\n      channel.nack(message, false, false);\n    }\n  });\n}\n" } },
      { name: 'a way that ends before the work', files: { 'a.ts': "import amqp from 'amqplib';\nimport { isDone, ship } from './orders';\nexport async function start(channel: amqp.Channel) {\n  await channel.consume('orders', async (message) => {\n    if (isDone(message)) {\n      channel.ack(message);\n      return;\n    }\n    await ship(message);\n    channel.ack(message);\n  });\n}\n" } },
      { name: 'either or', files: { 'a.ts': "import amqp from 'amqplib';\nimport { isDone, ship } from './orders';\nexport async function start(channel: amqp.Channel) {\n  await channel.consume('orders', async (message) => {\n    if (isDone(message)) channel.ack(message);\n    else {\n      await ship(message);\n      channel.ack(message);\n    }\n  });\n}\n" } },
      { name: 'only a log after it', files: { 'a.ts': "import { PubSub } from '@google-cloud/pubsub';\nimport { handle } from './work';\nconst subscription = new PubSub().subscription('orders');\nsubscription.on('error', console.error);\nsubscription.on('message', async (message) => {\n  await handle(message);\n  message.ack();\n  console.info(message.id);\n});\n" } },
      { name: 'KafkaJS: awaited', files: { 'a.ts': "import { Kafka } from 'kafkajs';\nimport { save } from './store';\nconst consumer = new Kafka({ brokers: ['kafka:9092'] }).consumer({ groupId: 'orders' });\nawait consumer.run({\n  eachMessage: async ({ message }) => {\n    await save(message.value);\n  },\n});\n" } },
      { name: 'in finally', files: { 'a.ts': "import amqp from 'amqplib';\nimport { ship } from './orders';\nexport async function start(channel: amqp.Channel) {\n  await channel.consume('orders', async (message) => {\n    try {\n      await ship(message);\n    } finally {\n      channel.ack(message);\n    }\n  });\n}\n" } },
    ],
    unknown: [
      { name: 'the option comes from elsewhere', files: { 'a.ts': "import amqp from 'amqplib';\nimport { options } from './options';\nimport { ship } from './orders';\nexport async function start(channel: amqp.Channel) {\n  await channel.consume('orders', async (message) => {\n    await ship(message);\n  }, options);\n}\n" } },
      { name: 'another library that looks alike', files: { 'a.ts': "import { channel } from 'acme-queue';\nimport { ship } from './orders';\nchannel.consume('orders', async (message) => {\n  channel.ack(message);\n  await ship(message);\n});\n" } },
    ],
  },
});

function earlyFinding(file: LinkedFile, consumer: ConsumerFact, acks: readonly AckFact[]): Report<MessageId> | undefined {
  const ack = acks.find(({ workAfter, isInCatch }) => workAfter !== undefined && !isInCatch);
  if (!ack?.workAfter || !ack.workAfterSpan) return undefined;
  const work = clip(ack.workAfter, 40);
  const lines = ack.linesBetween ?? 0;
  return {
    at: placeIn(file, ack.span),
    message: 'early',
    data: { work, when: lines === 1 ? 'one line earlier' : lines < 1 ? 'before it' : `${lines} lines earlier` },
    related: [{ at: placeIn(file, ack.workAfterSpan), text: 'the work that comes after it' }],
    fixes: ack.isStatement ? [{ title: clip(`Acknowledge after \`${clip(work, 30)}\``, 60), safety: 'unsafe', operations: [{ language: 'code', file: file.path, kind: 'move-statement', statement: ack.span, after: ack.workAfterSpan }] }] : [],
    subject: `${nameOfFunction(file, consumer.function)}:${ack.workAfter}`,
  };
}

function autoFinding(file: LinkedFile, consumer: ConsumerFact, shape: ConsumerShape): Report<MessageId> | undefined {
  const auto = shape.autoAck;
  if (!auto || !consumer.doesWork || consumer.work === undefined) return undefined;
  const value = optionAt(consumer.options, auto.option);
  if (typeof value !== 'object' || value.kind !== 'boolean' || value.value !== auto.value) return undefined;
  const entry = consumer.options.kind === 'object' ? consumer.options.entries.findLast(({ key }) => key === auto.option) : undefined;
  return {
    at: placeIn(file, entry?.span ?? consumer.callee),
    message: 'auto',
    data: { work: clip(consumer.work, 40), option: auto.option, value: String(auto.value) },
    subject: `${nameOfFunction(file, consumer.function)}:${consumer.work}`,
  };
}

// The message counts as done when the handler's promise resolves: what it does not wait for is not covered.
function floatingFinding(file: LinkedFile, consumer: ConsumerFact, shape: ConsumerShape, code: CodeProject, resolve: EntityResolver): Report<MessageId> | undefined {
  if (shape.settlesOnReturn !== true || consumer.handler < 0 || consumer.hasDone === true) return undefined;
  const fact = (file.facts.floating ?? []).find((one) => one.function === consumer.handler && !one.hasCallback && isWork(file, one, code, resolve));
  if (!fact) return undefined;
  return { at: placeIn(file, fact.callee), message: 'floating', data: { work: clip(fact.calleeText, 40) }, subject: `${nameOfFunction(file, consumer.function)}:${fact.calleeText}` };
}

const TELLS = /(^|\.)(log\w*|debug|info|warn|error|track\w*|emit\w*|capture\w*|report\w*|record\w*|increment|audit\w*|heartbeat|ping|notify\w*|updateProgress|progress|log)$/i;

// Another file's async function, a method of one of its classes, or a call that leaves the process; not what only tells.
function isWork(file: LinkedFile, fact: FloatingFact, code: CodeProject, resolve: EntityResolver): boolean {
  if (TELLS.test(fact.calleeText)) return false;
  if (asyncFunctionOf(file, fact.entity, code, resolve) !== undefined) return true;
  const call = file.facts.calls.find(({ span }) => span[0] === fact.span[0] && span[1] === fact.span[1]);
  const known = callOf(file, call);
  return known !== undefined && known.shape.io !== 'publish' && known.shape.isStream !== true && known.shape.isWrite !== false && (known.shape.result ?? 'promise') === 'promise';
}

// An option of the receiver: written, or what holds where a program has consumers of events.
function optionFinding(file: LinkedFile, { fact, row, library, options, argument }: MessagingPlace, code: CodeProject, resolve: EntityResolver): Report<MessageId> | undefined {
  const auto = row.autoAck;
  if (!auto) return undefined;
  const value = optionAt(options, auto.option);
  const name = auto.option.slice(auto.option.lastIndexOf('.') + 1);
  const fixes = auto.fix === undefined ? [] : [{ title: clip(`Set \`${name}\` to ${auto.fix}`, 60), safety: 'unsafe' as const, operations: [{ language: 'code' as const, file: file.path, kind: 'set-option' as const, call: fact.span, argument, path: auto.option, value: auto.fix }] }];
  const subject = `${nameOfFunction(file, fact.function)}:${name}`;
  if (isValue(value, auto.value)) {
    if (row.when !== undefined && !hasEvents(file, code, resolve)) return undefined;
    const work = 'the handler';
    return { at: placeIn(file, entryAt(options, auto.option)?.span ?? fact.callee), message: 'auto', data: { work, option: name, value: String(auto.value) }, fixes, subject };
  }
  if (value !== 'absent' || auto.default !== auto.value || !hasEvents(file, code, resolve)) return undefined;
  return { at: placeIn(file, fact.callee), message: 'default', data: { library: library.title, option: name, value: String(auto.default) }, subject };
}

// Somebody in the program handles messages to which nobody waits for an answer.
function hasEvents(file: LinkedFile, code: CodeProject, resolve: EntityResolver): boolean {
  return packageFiles(code, file).some((other) => other.facts.consumers.some((consumer) => {
    const shape = consumer.doesWork ? consumerAt(other, consumer, resolve) : undefined;
    return shape !== undefined && shape.on === '' && shape.isRequest !== true && shape.settlesOnReturn === true;
  }));
}

function takeFinding(file: LinkedFile, fact: TakeFact): Report<MessageId> {
  return {
    at: placeIn(file, fact.callee),
    message: 'taken',
    data: { work: clip(fact.work, 40), call: clip(fact.calleeText, 30) },
    related: [{ at: placeIn(file, fact.workSpan), text: 'the work that comes after it' }],
    fixes: fact.isLast === true ? [{ title: clip(`Delete after \`${clip(fact.work, 30)}\``, 60), safety: 'unsafe', operations: [{ language: 'code', file: file.path, kind: 'move-statement', statement: fact.span, after: fact.workSpan }] }] : [],
    subject: `${nameOfFunction(file, fact.function)}:${fact.calleeText}:${fact.work}`,
  };
}
