// A message that can never be handled has to end somewhere: else it comes back for ever, stops all behind it, or is gone without a trace.

import type { AckFact, ConsumerFact } from '../../engine/code/construct-facts';
import type { CodeProject, EntityResolver, LinkedFile } from '../../engine/code/project';
import type { CodeOperation, Fix } from '../../engine/lint/fix';
import { defineRule, type Report } from '../../engine/lint/rule';
import { nameOfFunction, packageFiles, placeIn, runsAsService } from '../code-places';
import { deadLetterFindings, type CloudDeadLetterMessage } from '../cloud-dead-letters';
import { consumerPlace } from '../consumer-places';
import { clip, optionAt } from '../limits';
import { entryAt, isValue, messagingPlaces, type MessagingPlace } from '../messaging-places';

type MessageId = 'requeue' | 'dropped' | 'removed' | 'returns' | 'buried' | 'poison' | 'swallowed' | CloudDeadLetterMessage;

export const requireDeadLetter = defineRule<MessageId>({
  id: 'failover/require-dead-letter',
  since: '0.1.0',
  severity: 'warning',
  reads: 'code',
  fault: 'lost',
  messages: {
    requeue: 'A message that always fails comes back for ever: `{method}` requeues it{queue}.',
    dropped: { text: 'A message that fails is gone: `{method}` drops it and `{queue}` has no dead-letter exchange.', severity: 'info' },
    removed: 'A job that has used its last attempt is gone: `{option}: true` leaves nothing to look at or run again.',
    returns: 'A message that always fails comes back for ever: `{call}` sets no `{option}`.',
    buried: { text: 'A job that has used its last attempt stays where nobody looks: `{call}` sets no `{option}`.', severity: 'advice' },
    swallowed: { text: 'A message whose `{work}` fails is gone: this `catch` ends it, and {library} counts it as done.', severity: 'advice' },
    queue: 'A message that always fails comes back for {days} and is then gone: `{name}` has no dead-letter queue.',
    once: { text: 'One failed attempt puts a message of `{name}` aside: `maxReceiveCount` is 1.', severity: 'info' },
    event: 'An event that `{name}` fails on is gone after two retries: it has neither a dead-letter queue nor a failure destination.',
    shard: { text: 'One record that always fails stops all behind it until it expires: `{name}` retries for ever and puts nothing aside.', severity: 'error' },
    delivery: 'An event that `{name}` cannot deliver is gone: it has no dead-letter queue.',
    poison: 'One message that is no JSON stops all behind it: `{parse}` throws outside any `try`, and {library} delivers it again for ever.',
  },
  docs: {
    what: 'Reports a message or job that fails for good and is put aside nowhere: given back without end, dropped, removed, or in the way of all others. Of cloud resources: a queue, a function that is started asynchronously, a stream and a delivery over HTTP without a dead-letter queue.',
    why: 'One message that nobody can handle takes a consumer, or its whole queue, until somebody finds it by hand; one that is dropped is never found.',
    fix: 'Put aside what has failed a few times: a dead-letter exchange, queue or topic, a list of failed jobs that is kept, and an alarm on its length. A function needs the permission to send to its queue.',
    not: 'Dead-letter queues themselves, functions that are called synchronously or take their work from a queue, schedules that run again within 15 minutes. Handlers that count deliveries, quorum queues, repeated jobs, and queues whose options are out of sight.',
  },
  check({ file, code, resolve, report }) {
    if (!runsAsService(code, file)) return;
    const places = messagingPlaces(file, resolve);
    file.facts.consumers.forEach((consumer, index) => {
      const acks = file.facts.acks.filter((ack) => ack.consumer === index && ack.returns !== undefined);
      const finding = returnFinding(file, consumer, acks, code, resolve) ?? poisonFinding(file, consumer, resolve) ?? swallowedFinding(file, consumer, resolve);
      if (finding) report(finding);
    });
    for (const place of places) {
      const finding = removeFinding(file, place) ?? setUpFinding(file, place);
      if (finding) report(finding);
    }
  },
  checkSystem({ system, report }) {
    for (const finding of deadLetterFindings(system)) report(finding);
  },
  examples: {
    bad: [
      {
        name: 'a queue of the cloud',
        files: { 'stack.yaml': 'Resources:\n  «Orders»:\n    Type: AWS::SQS::Queue\n    Properties:\n      VisibilityTimeout: 60\n' },
        expect: 'queue',
        fixed: { 'stack.yaml': 'Resources:\n  Orders:\n    Type: AWS::SQS::Queue\n    Properties:\n      VisibilityTimeout: 60\n      RedrivePolicy:\n        deadLetterTargetArn: !GetAtt OrdersDeadLetters.Arn\n        maxReceiveCount: 5\n  OrdersDeadLetters:\n    Type: AWS::SQS::Queue\n    Properties:\n      MessageRetentionPeriod: 1209600\n' },
      },
      {
        name: 'a queue in Terraform',
        files: { 'main.tf': 'resource "aws_sqs_queue" «"orders"» {\n  name = "orders"\n}\n' },
        expect: 'queue',
        fixed: { 'main.tf': 'resource "aws_sqs_queue" "orders" {\n  name = "orders"\n  redrive_policy = jsonencode({\n    deadLetterTargetArn = aws_sqs_queue.orders_dlq.arn\n    maxReceiveCount     = 5\n  })\n}\n\nresource "aws_sqs_queue" "orders_dlq" {\n  name                      = "orders-dlq"\n  message_retention_seconds = 1209600\n}\n' },
      },
      {
        name: 'a queue in the CDK',
        files: { 'lib/shop.ts': "import { Duration, Stack } from 'aws-cdk-lib';\nimport * as sqs from 'aws-cdk-lib/aws-sqs';\nimport type { Construct } from 'constructs';\nexport class Shop extends Stack {\n  constructor(scope: Construct, id: string) {\n    super(scope, id);\n    «new sqs.Queue»(this, 'Orders', { visibilityTimeout: Duration.seconds(60) });\n  }\n}\n" },
        expect: 'queue',
        fixed: { 'lib/shop.ts': "import { Duration, Stack } from 'aws-cdk-lib';\nimport * as sqs from 'aws-cdk-lib/aws-sqs';\nimport type { Construct } from 'constructs';\nexport class Shop extends Stack {\n  constructor(scope: Construct, id: string) {\n    super(scope, id);\n    const ordersDeadLetters = new sqs.Queue(this, 'OrdersDeadLetters', { retentionPeriod: Duration.days(14) });\n    new sqs.Queue(this, 'Orders', { visibilityTimeout: Duration.seconds(60), deadLetterQueue: { queue: ordersDeadLetters, maxReceiveCount: 5 } });\n  }\n}\n" },
      },
      { name: 'a function of a serverless service', files: { 'serverless.yml': 'service: shop\nprovider:\n  name: aws\nfunctions:\n  «notify»:\n    handler: src/notify.main\n    events:\n      - sns: orders\n' }, expect: 'event' },
      { name: 'a queue that gives up after one attempt', files: { 'stack.yaml': 'Resources:\n  Orders:\n    Type: AWS::SQS::Queue\n    Properties:\n      RedrivePolicy:\n        deadLetterTargetArn: !GetAtt Aside.Arn\n        maxReceiveCount: «1»\n  Aside:\n    Type: AWS::SQS::Queue\n' }, expect: 'once' },
      {
        name: 'a function that a topic starts',
        files: { 'template.yaml': 'Transform: AWS::Serverless-2016-10-31\nResources:\n  «Notify»:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: index.handler\n      Runtime: nodejs22.x\n      Events:\n        Order:\n          Type: SNS\n          Properties:\n            Topic: arn:aws:sns:eu-west-1:1:orders\n' },
        expect: 'event',
      },
      {
        name: 'a function that runs once a day',
        files: { 'stack.yaml': 'Resources:\n  «Report»:\n    Type: AWS::Lambda::Function\n    Properties:\n      Handler: index.handler\n  Nightly:\n    Type: AWS::Events::Rule\n    Properties:\n      ScheduleExpression: cron(0 3 * * ? *)\n      Targets:\n        - Id: report\n          Arn: !GetAtt Report.Arn\n' },
        expect: 'event',
      },
      {
        name: 'a stream whose records are retried for ever',
        files: { 'stack.yaml': 'Resources:\n  Clicks:\n    Type: AWS::Kinesis::Stream\n    Properties:\n      ShardCount: 2\n  Count:\n    Type: AWS::Lambda::Function\n    Properties:\n      Handler: index.handler\n  «Source»:\n    Type: AWS::Lambda::EventSourceMapping\n    Properties:\n      EventSourceArn: !GetAtt Clicks.Arn\n      FunctionName: !Ref Count\n      StartingPosition: LATEST\n' },
        expect: 'shard',
        fixed: { 'stack.yaml': 'Resources:\n  Clicks:\n    Type: AWS::Kinesis::Stream\n    Properties:\n      ShardCount: 2\n  Count:\n    Type: AWS::Lambda::Function\n    Properties:\n      Handler: index.handler\n  Source:\n    Type: AWS::Lambda::EventSourceMapping\n    Properties:\n      EventSourceArn: !GetAtt Clicks.Arn\n      FunctionName: !Ref Count\n      StartingPosition: LATEST\n      MaximumRetryAttempts: 5\n      BisectBatchOnFunctionError: true\n' },
      },
      { name: 'a subscription over HTTP', files: { 'stack.yaml': 'Resources:\n  Orders:\n    Type: AWS::SNS::Topic\n  «Partner»:\n    Type: AWS::SNS::Subscription\n    Properties:\n      TopicArn: !Ref Orders\n      Protocol: https\n      Endpoint: https://partner.example.com/orders\n' }, expect: 'delivery' },
      {
        name: 'amqplib: nack requeues by default',
        files: { 'a.ts': "import amqp from 'amqplib';\nimport { ship } from './orders';\nexport async function start(channel: amqp.Channel) {\n  await channel.consume('orders', async (message) => {\n    try {\n      await ship(message);\n      channel.ack(message);\n    } catch (error) {\n      console.error(error);\n      «channel.nack(message)»;\n    }\n  });\n}\n" },
        expect: 'requeue',
      },
      {
        name: 'amqplib: requeued although the queue has a dead-letter exchange',
        files: { 'a.ts': "import amqp from 'amqplib';\nimport { ship } from './orders';\nexport async function start(channel: amqp.Channel) {\n  await channel.assertQueue('orders', { durable: true, deadLetterExchange: 'orders.dead' });\n  await channel.consume('orders', async (message) => {\n    try {\n      await ship(message);\n      channel.ack(message);\n    } catch (error) {\n      «channel.nack(message, false, true)»;\n    }\n  });\n}\n" },
        expect: 'requeue',
        fixed: { 'a.ts': "import amqp from 'amqplib';\nimport { ship } from './orders';\nexport async function start(channel: amqp.Channel) {\n  await channel.assertQueue('orders', { durable: true, deadLetterExchange: 'orders.dead' });\n  await channel.consume('orders', async (message) => {\n    try {\n      await ship(message);\n      channel.ack(message);\n    } catch (error) {\n      channel.nack(message, false, false);\n    }\n  });\n}\n" },
      },
      {
        name: 'amqplib: dropped without a dead-letter exchange',
        files: { 'a.ts': "import amqp from 'amqplib';\nimport { ship } from './orders';\nexport async function start(channel: amqp.Channel) {\n  await channel.assertQueue('orders', { durable: true });\n  await channel.consume('orders', async (message) => {\n    try {\n      await ship(message);\n      channel.ack(message);\n    } catch (error) {\n      «channel.nack(message, false, false)»;\n    }\n  });\n}\n" },
        expect: 'dropped',
      },
      {
        name: 'Bull: failed jobs are removed',
        files: { 'a.ts': "import Queue from 'bull';\nexport const mail = new Queue('mail', 'redis://redis', { defaultJobOptions: { removeOnComplete: true, «removeOnFail: true» } });\n" },
        expect: 'removed',
        fixed: { 'a.ts': "import Queue from 'bull';\nexport const mail = new Queue('mail', 'redis://redis', { defaultJobOptions: { removeOnComplete: true, removeOnFail: 5_000 } });\n" },
      },
      {
        name: 'Bull: the default that a factory writes',
        files: { 'a.ts': "import Queue from 'bull';\nexport function createQueue(name: string, options?: Partial<Queue.JobOptions>) {\n  return new Queue(name, 'redis://redis', { defaultJobOptions: { «removeOnFail: true», ...options } });\n}\n" },
        expect: 'removed',
      },
      {
        name: 'BullMQ: the job of one call',
        files: { 'queue.ts': "import { Queue } from 'bullmq';\nexport const mail = new Queue('mail', { connection: {} });\n", 'a.ts': "import { mail } from './queue';\nexport const send = (to: string) => mail.add('send', { to }, { attempts: 3, «removeOnFail: true» });\n" },
        expect: 'removed',
      },
      {
        name: 'Pub/Sub: a subscription made without a dead-letter policy',
        files: { 'a.ts': "import { PubSub } from '@google-cloud/pubsub';\nconst pubsub = new PubSub();\nexport const setUp = () => «pubsub.createSubscription»('orders', 'orders-worker', { ackDeadlineSeconds: 60 });\n" },
        expect: 'returns',
      },
      {
        name: 'JetStream: a durable consumer without a last delivery',
        files: { 'a.ts': "import { AckPolicy, connect } from 'nats';\nconst connection = await connect({ servers: 'nats' });\nconst manager = await connection.jetstreamManager();\nawait «manager.consumers.add»('ORDERS', { durable_name: 'worker', ack_policy: AckPolicy.Explicit });\n" },
        expect: 'returns',
        fixed: { 'a.ts': "import { AckPolicy, connect } from 'nats';\nconst connection = await connect({ servers: 'nats' });\nconst manager = await connection.jetstreamManager();\nawait manager.consumers.add('ORDERS', { durable_name: 'worker', ack_policy: AckPolicy.Explicit, max_deliver: 5 });\n" },
      },
      {
        name: 'pg-boss: a queue without a dead-letter queue',
        files: { 'package.json': '{ "dependencies": { "pg-boss": "10.3.2" } }', 'a.ts': "import PgBoss from 'pg-boss';\nconst boss = new PgBoss('postgres://db');\nboss.on('error', console.error);\nawait «boss.createQueue»('mail', { retryLimit: 5 });\n" },
        expect: 'buried',
      },
      {
        name: 'KafkaJS: a message that is no JSON',
        files: { 'a.ts': "import { Kafka } from 'kafkajs';\nimport { save } from './store';\nconst consumer = new Kafka({ brokers: ['kafka:9092'] }).consumer({ groupId: 'orders' });\nawait consumer.run({\n  eachMessage: async ({ message }) => {\n    const order = «JSON.parse»(message.value.toString());\n    await save(order);\n  },\n});\n" },
        expect: 'poison',
      },
      {
        name: 'KafkaJS: a catch that only logs',
        files: { 'a.ts': "import { Kafka } from 'kafkajs';\nimport { save } from './store';\nconst consumer = new Kafka({ brokers: ['kafka:9092'] }).consumer({ groupId: 'orders' });\nawait consumer.run({\n  eachMessage: async ({ message }) => {\n    try {\n      await save(message.value);\n    } «catch» (error) {\n      console.error(error);\n    }\n  },\n});\n" },
        expect: 'swallowed',
      },
    ],
    good: [
      { name: 'a queue and its dead-letter queue', files: { 'stack.yaml': 'Resources:\n  Orders:\n    Type: AWS::SQS::Queue\n    Properties:\n      RedrivePolicy:\n        deadLetterTargetArn: !GetAtt Aside.Arn\n        maxReceiveCount: 5\n  Aside:\n    Type: AWS::SQS::Queue\n' } },
      { name: 'a function behind an API', files: { 'template.yaml': 'Transform: AWS::Serverless-2016-10-31\nResources:\n  Orders:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: index.handler\n      Events:\n        Get:\n          Type: Api\n          Properties:\n            Path: /orders\n            Method: get\n' } },
      { name: 'a function that a rule starts every five minutes', files: { 'stack.yaml': 'Resources:\n  Poll:\n    Type: AWS::Lambda::Function\n    Properties:\n      Handler: index.handler\n  Often:\n    Type: AWS::Events::Rule\n    Properties:\n      ScheduleExpression: rate(5 minutes)\n      Targets:\n        - Id: poll\n          Arn: !GetAtt Poll.Arn\n' } },
      { name: 'failed events have a destination', files: { 'stack.yaml': 'Resources:\n  Report:\n    Type: AWS::Lambda::Function\n    Properties:\n      Handler: index.handler\n  Invoke:\n    Type: AWS::Lambda::EventInvokeConfig\n    Properties:\n      FunctionName: !Ref Report\n      Qualifier: $LATEST\n      DestinationConfig:\n        OnFailure:\n          Destination: arn:aws:sqs:eu-west-1:1:failed\n  Nightly:\n    Type: AWS::Events::Rule\n    Properties:\n      ScheduleExpression: rate(1 day)\n      Targets:\n        - Id: report\n          Arn: !GetAtt Report.Arn\n' } },
      { name: 'KafkaJS: put aside in the catch', files: { 'a.ts': "import { Kafka } from 'kafkajs';\nimport { save } from './store';\nconst kafka = new Kafka({ brokers: ['kafka:9092'] });\nconst producer = kafka.producer();\nawait kafka.consumer({ groupId: 'orders' }).run({\n  eachMessage: async ({ topic, message }) => {\n    try {\n      await save(message.value);\n    } catch (error) {\n      await producer.send({ topic: `${topic}.dead`, messages: [{ value: message.value }] });\n    }\n  },\n});\n" } },
      { name: 'BullMQ: a failure that is thrown on', files: { 'a.ts': "import { Worker } from 'bullmq';\nimport { send } from './mail';\nnew Worker('mail', async (job) => {\n  try {\n    await send(job.data);\n  } catch (error) {\n    console.error(error);\n    throw error;\n  }\n}, { connection: {} });\n" } },
      { name: 'put aside by a dead-letter exchange', files: { 'a.ts': "import amqp from 'amqplib';\nimport { ship } from './orders';\nexport async function start(channel: amqp.Channel) {\n  await channel.assertQueue('orders', { durable: true, deadLetterExchange: 'orders.dead' });\n  await channel.consume('orders', async (message) => {\n    try {\n      await ship(message);\n      channel.ack(message);\n    } catch (error) {\n      channel.nack(message, false, false);\n    }\n  });\n}\n" } },
      { name: 'deliveries are counted', files: { 'a.ts': "import amqp from 'amqplib';\nimport { ship } from './orders';\nexport async function start(channel: amqp.Channel) {\n  await channel.consume('orders', async (message) => {\n    try {\n      await ship(message);\n      channel.ack(message);\n    } catch (error) {\n      if (message.fields.redelivered) channel.nack(message, false, false);\n      else channel.nack(message);\n    }\n  });\n}\n" } },
      { name: 'a quorum queue counts by itself', files: { 'a.ts': "import amqp from 'amqplib';\nimport { ship } from './orders';\nexport async function start(channel: amqp.Channel) {\n  await channel.assertQueue('orders', { arguments: { 'x-queue-type': 'quorum' } });\n  await channel.consume('orders', async (message) => {\n    try {\n      await ship(message);\n      channel.ack(message);\n    } catch (error) {\n      channel.nack(message);\n    }\n  });\n}\n" } },
      { name: 'failed jobs are kept', files: { 'a.ts': "import Queue from 'bull';\nexport const mail = new Queue('mail', 'redis://redis', { defaultJobOptions: { removeOnComplete: true, removeOnFail: 100 } });\n" } },
      { name: 'a job that is repeated', files: { 'a.ts': "import { Queue } from 'bullmq';\nconst reports = new Queue('reports', { connection: {} });\nawait reports.add('nightly', {}, { repeat: { pattern: '0 3 * * *' }, removeOnFail: true });\n" } },
      { name: 'a job whose id would keep the next one out', files: { 'a.ts': "import { Queue } from 'bullmq';\nconst sync = new Queue('sync', { connection: {} });\nexport const start = (id: string) => sync.add('sync', { id }, { jobId: `sync-${id}`, removeOnFail: true });\n" } },
      { name: 'a subscription with a dead-letter policy', files: { 'a.ts': "import { PubSub } from '@google-cloud/pubsub';\nconst pubsub = new PubSub();\nexport const setUp = () => pubsub.createSubscription('orders', 'orders-worker', { deadLetterPolicy: { deadLetterTopic: 'orders-dead', maxDeliveryAttempts: 5 } });\n" } },
      { name: 'parsed inside a try', files: { 'a.ts': "import { Kafka } from 'kafkajs';\nimport { putAside, save } from './store';\nconst consumer = new Kafka({ brokers: ['kafka:9092'] }).consumer({ groupId: 'orders' });\nawait consumer.run({\n  eachMessage: async ({ message }) => {\n    try {\n      await save(JSON.parse(message.value.toString()));\n    } catch (error) {\n      await putAside(message, error);\n    }\n  },\n});\n" } },
    ],
    unknown: [
      { name: 'the policy of a queue is imported', files: { 'stack.yaml': 'Resources:\n  Orders:\n    Type: AWS::SQS::Queue\n    Properties:\n      RedrivePolicy: !ImportValue policy\n' } },
      { name: 'whether it comes again is out of sight', files: { 'a.ts': "import amqp from 'amqplib';\nimport { mayComeAgain, ship } from './orders';\nexport async function start(channel: amqp.Channel) {\n  await channel.consume('orders', async (message) => {\n    try {\n      await ship(message);\n      channel.ack(message);\n    } catch (error) {\n      channel.nack(message, false, mayComeAgain(error));\n    }\n  });\n}\n" } },
      { name: 'the queue is made elsewhere', files: { 'a.ts': "import amqp from 'amqplib';\nimport { ship } from './orders';\nexport async function start(channel: amqp.Channel) {\n  await channel.consume('orders', async (message) => {\n    try {\n      await ship(message);\n      channel.ack(message);\n    } catch (error) {\n      channel.nack(message, false, false);\n    }\n  });\n}\n" } },
      { name: 'options from elsewhere', files: { 'a.ts': "import { PubSub } from '@google-cloud/pubsub';\nimport { options } from './options';\nexport const setUp = () => new PubSub().createSubscription('orders', 'orders-worker', options);\n" } },
    ],
  },
});

// `nack` in a catch: back into the queue without an end, or out of it into nothing.
function returnFinding(file: LinkedFile, consumer: ConsumerFact, acks: readonly AckFact[], code: CodeProject, resolve: EntityResolver): Report<MessageId> | undefined {
  const place = acks.length === 0 ? undefined : consumerPlace(file, consumer, resolve);
  const ack = place?.shape.reject && acks.find(({ isInCatch, isCounted }) => isInCatch && isCounted !== true);
  if (!ack || acks.some(({ returns }) => returns !== ack.returns)) return undefined;
  const queue = consumer.source?.kind === 'string' ? consumer.source.value : undefined;
  const queues = packageFiles(code, file).flatMap((other) => messagingPlaces(other, resolve)).filter(({ row, fact }) => row.deadLetter?.without === 'drops' && (queue === undefined || named(fact.arguments[row.name ?? 0], queue)));
  const subject = `${nameOfFunction(file, consumer.function)}:${ack.method}`;
  const end = endOf(queues);
  if (ack.returns === 'always' && !queues.some(({ options }) => countsItself(options))) {
    const text = end === 'none' && queue !== undefined ? ` and \`${clip(queue, 30)}\` has no dead-letter exchange` : '';
    return { at: placeIn(file, ack.span), message: 'requeue', data: { method: ack.method, queue: text }, fixes: end === 'some' ? putAsideFix(file, ack, place.shape.reject) : [], subject };
  }
  if (ack.returns !== 'never' || end !== 'none' || queue === undefined) return undefined;
  return { at: placeIn(file, ack.span), message: 'dropped', data: { method: ack.method, queue: clip(queue, 30) }, related: queues.slice(0, 1).map(({ fact }) => ({ at: placeIn(file, fact.callee), text: 'made here without a dead-letter exchange' })).filter(() => queues[0] !== undefined && file.facts.messaging?.includes(queues[0].fact) === true), subject };
}

function named(value: ConsumerFact['source'], queue: string): boolean {
  return value?.kind !== 'string' || value.value === queue;
}

// Whether the queues that it may be have a dead-letter exchange, as far as all of them say.
function endOf(queues: readonly MessagingPlace[]): 'some' | 'none' | 'unknown' {
  const answers = queues.map(({ row, options }) => (row.deadLetter?.options ?? []).map((path) => optionAt(options, path)));
  if (answers.length === 0 || answers.some((values) => values.includes('unknown'))) return 'unknown';
  return answers.every((values) => values.every((value) => value === 'absent')) ? 'none' : 'some';
}

// A quorum queue, or one with a delivery limit of its own.
function countsItself(options: MessagingPlace['options']): boolean {
  return optionAt(options, 'arguments') === 'unknown' || optionAt(options, 'arguments.x-delivery-limit') !== 'absent' || optionAt(options, 'arguments.x-queue-type') !== 'absent';
}

function putAsideFix(file: LinkedFile, ack: AckFact, reject: { readonly methods: readonly { readonly name: string; readonly argument?: number }[] }): readonly Fix[] {
  const argument = reject.methods.find(({ name }) => name === ack.method)?.argument;
  if (argument === undefined || ack.message === undefined || ack.argumentsSpan === undefined) return [];
  const given = [ack.message, ...Array.from({ length: argument }, () => 'false')].slice(argument === 0 ? 1 : 0);
  const text = `${ack.method}(${(argument === 0 ? ['false'] : given).join(', ')})`;
  return [{ title: clip(`Put aside with \`${text}\``, 60), safety: 'unsafe', operations: [{ language: 'code', file: file.path, kind: 'replace', span: ack.argumentsSpan, text }] }];
}

function poisonFinding(file: LinkedFile, consumer: ConsumerFact, resolve: EntityResolver): Report<MessageId> | undefined {
  if (!consumer.parse) return undefined;
  const place = consumerPlace(file, consumer, resolve);
  if (place?.shape.blocksOnFailure !== true) return undefined;
  return { at: placeIn(file, consumer.parse.callee), message: 'poison', data: { parse: consumer.parse.text, library: place.library.title }, subject: `${nameOfFunction(file, consumer.function)}:parse` };
}

// A message is done when its handler resolves: a catch that only logs the failure of the work makes it so.
function swallowedFinding(file: LinkedFile, consumer: ConsumerFact, resolve: EntityResolver): Report<MessageId> | undefined {
  const work = consumer.work;
  if (work === undefined || consumer.handler < 0 || consumer.hasDone === true) return undefined;
  const place = consumerPlace(file, consumer, resolve);
  if (place?.shape.settlesOnReturn !== true) return undefined;
  const fact = file.facts.catches.find(({ form, function: id, does, isCleanup, awaits, calls }) =>
    form === 'clause' && id === consumer.handler && (does === 'logs' || does === 'nothing') && !isCleanup && (awaits.includes(work) || calls.some((index) => file.facts.calls[index]?.calleeText === work)));
  return fact && { at: placeIn(file, fact.mark), message: 'swallowed', data: { work: clip(work, 40), library: place.library.title }, subject: `${nameOfFunction(file, consumer.function)}:${work}:swallowed` };
}

// `removeOnFail: true`, unless something beside it says that it is meant.
function removeFinding(file: LinkedFile, { fact, row, options, argument }: MessagingPlace): Report<MessageId> | undefined {
  const removes = row.removes;
  // What the caller of a factory spreads after it may set it again: written is written.
  if (!removes || ![options, fact.arguments[argument] ?? options].some((given) => isValue(optionAt(given, removes.option), true))) return undefined;
  if (removes.unless?.some((path) => !isAbsent(optionAt(options, path))) === true) return undefined;
  const name = removes.option.slice(removes.option.lastIndexOf('.') + 1);
  const own = entryAt(fact.arguments[argument] ?? options, removes.option) ?? entryAt(options, removes.option);
  const isHere = own !== undefined && own.span[0] >= fact.span[0] && own.span[1] <= fact.span[1];
  const operations: readonly CodeOperation[] = [{ language: 'code', file: file.path, kind: 'set-option', call: fact.span, argument, path: removes.option, value: removes.keep }];
  return {
    at: placeIn(file, own?.span ?? fact.callee),
    message: 'removed',
    data: { option: name },
    fixes: isHere ? [{ title: clip(`Keep the last ${removes.keep.replace('_', ',')} failed jobs`, 60), safety: 'unsafe', operations }] : [],
    subject: `${nameOfFunction(file, fact.function)}:${fact.calleeText}:${name}`,
  };
}

// An open object may still hold it: a spread of the caller's.
function isAbsent(value: ReturnType<typeof optionAt>): boolean {
  return value === 'absent' || value === 'unknown';
}

function setUpFinding(file: LinkedFile, { fact, row, options, argument }: MessagingPlace): Report<MessageId> | undefined {
  const rule = row.deadLetter;
  if (!rule || rule.without === 'drops' || rule.options.some((path) => optionAt(options, path) !== 'absent')) return undefined;
  if (rule.needs !== undefined && (optionAt(options, rule.needs) === 'absent' || optionAt(options, rule.needs) === 'unknown')) return undefined;
  const queue = fact.arguments[row.name ?? -1];
  if (queue?.kind === 'string' && /dead|dlq|dlx|fail/i.test(queue.value)) return undefined;
  const operations = Object.entries(rule.fix ?? {}).map(([path, value]): CodeOperation => ({ language: 'code', file: file.path, kind: 'set-option', call: fact.span, argument, path, value }));
  const [first] = Object.entries(rule.fix ?? {});
  return {
    at: placeIn(file, fact.callee),
    message: rule.without,
    data: { call: clip(fact.calleeText, 40), option: rule.options[0] ?? '' },
    fixes: first ? [{ title: clip(`Set \`${first[0]}: ${first[1]}\``, 60), safety: 'unsafe', operations }] : [],
    subject: `${nameOfFunction(file, fact.function)}:${fact.calleeText}`,
  };
}
