// A message that is acknowledged before its work is done is gone when the work fails: the broker has forgotten it.

import type { AckFact, ConsumerFact } from '../../engine/code/construct-facts';
import type { CodeProject, EntityResolver, LinkedFile } from '../../engine/code/project';
import type { ConsumerShape } from '../../catalog/schema';
import { defineRule, type Report } from '../../engine/lint/rule';
import { asyncFunctionOf, nameOfFunction, placeIn, runsAsService } from '../code-places';
import { clip, optionAt } from '../limits';
import { consumerAt } from '../consumer-places';

type MessageId = 'early' | 'auto' | 'floating';

export const noEarlyAck = defineRule<MessageId>({
  id: 'failover/no-early-ack',
  since: '0.1.0',
  severity: 'warning',
  reads: 'code',
  fault: 'lost',
  messages: {
    early: 'A crash in `{work}` loses the message: it is acknowledged {when}.',
    auto: 'A crash in `{work}` loses the message: `{option}: {value}` acknowledges it on arrival.',
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
    ],
    good: [
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
  if (shape.rejections !== 'handled' || consumer.handler < 0) return undefined;
  const fact = (file.facts.floating ?? []).find((one) => one.function === consumer.handler && asyncFunctionOf(file, one.entity, code, resolve) !== undefined);
  if (!fact) return undefined;
  return { at: placeIn(file, fact.callee), message: 'floating', data: { work: clip(fact.calleeText, 40) }, subject: `${nameOfFunction(file, consumer.function)}:${fact.calleeText}` };
}
