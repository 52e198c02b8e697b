// One failed message makes its whole batch come back, and what was done already is done again.

import { defineRule } from '../../engine/lint/rule';
import { settled } from '../../engine/model/questions';
import { isLive, repairs, subjectOfThing } from '../cloud-fixes';
import { queueAndFunction } from '../example-templates';

export const requirePartialBatchResponse = defineRule({
  id: 'fault-tolerance/require-partial-batch-response',
  since: '0.2.0',
  severity: 'info',
  reads: 'infrastructure',
  fault: 'down',
  messages: {
    batch: 'One message that fails brings all {size} of its batch back, done ones included: `{name}` does not report failed items.',
    stream: { text: 'One record that fails repeats its whole batch: `{name}` does not report failed items.', severity: 'advice' },
  },
  docs: {
    what: 'Reports a function that takes several messages at once from a queue or stream and cannot say which of them failed.',
    why: 'Without partial responses a single failure returns the whole batch: what succeeded is repeated, and after the last attempt all of them are put aside together.',
    fix: 'Switch on `ReportBatchItemFailures` and return `batchItemFailures` from the handler; a handler that throws still fails as a whole.',
    not: 'Batches of one, and mappings whose settings cannot be known.',
    references: ['https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html'],
  },
  check({ system, report }) {
    const functions = new Map(system.cloud.functions.map((one) => [one.id, one]));
    for (const source of system.cloud.eventSources) {
      if (!isLive(source) || settled(source.reportsItems) !== false || source.from === 'unknown') continue;
      if (source.batchSize.state === 'unknown' || settled(source.batchSize) === 1) continue;
      const owner = functions.get(source.function ?? '');
      report({
        at: source.at,
        message: source.from === 'queue' ? 'batch' : 'stream',
        data: { name: owner?.name ?? source.name, size: settled(source.batchSize) ?? 10 },
        label: source.from === 'queue' ? 'batches of 10 by default' : 'batches',
        fixes: repairs(source, 'reportsItems', 'by-hand', 'Report failed items'),
        subject: subjectOfThing(source),
      });
    }
  },
  examples: {
    bad: [
      {
        name: 'a queue with the default batch',
        files: { 'stack.yaml': queueAndFunction(['VisibilityTimeout: 60'], ['Timeout: 10']).replace('  Source:', '  «Source»:') },
        expect: 'batch',
        fixed: { 'stack.yaml': queueAndFunction(['VisibilityTimeout: 60'], ['Timeout: 10'], ['FunctionResponseTypes:', '  - ReportBatchItemFailures']) },
      },
      { name: 'a batch of a hundred', files: { 'stack.yaml': queueAndFunction(['VisibilityTimeout: 60'], ['Timeout: 10'], ['BatchSize: 100']).replace('  Source:', '  «Source»:') }, expect: 'batch' },
      { name: 'an event of a SAM function', files: { 'template.yaml': 'Transform: AWS::Serverless-2016-10-31\nResources:\n  Ship:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: index.handler\n      Events:\n        Orders:\n          Type: SQS\n          Properties:\n            Queue: arn:aws:sqs:eu-west-1:1:orders\n' }, expect: 'batch' },
      { name: 'a stream', files: { 'stack.yaml': 'Resources:\n  «Source»:\n    Type: AWS::Lambda::EventSourceMapping\n    Properties:\n      EventSourceArn: arn:aws:kinesis:eu-west-1:1:stream/clicks\n      FunctionName: count\n      MaximumRetryAttempts: 3\n' }, expect: 'stream' },
    ],
    good: [
      { name: 'failed items are reported', files: { 'stack.yaml': queueAndFunction(['VisibilityTimeout: 60'], ['Timeout: 10'], ['FunctionResponseTypes: [ReportBatchItemFailures]']) } },
      { name: 'one message at a time', files: { 'stack.yaml': queueAndFunction(['VisibilityTimeout: 60'], ['Timeout: 10'], ['BatchSize: 1']) } },
      { name: 'a queue that no function reads', files: { 'stack.yaml': 'Resources:\n  Orders:\n    Type: AWS::SQS::Queue\n    Properties:\n      DelaySeconds: 1\n' } },
      { name: 'a function behind an API', files: { 'template.yaml': 'Transform: AWS::Serverless-2016-10-31\nResources:\n  Orders:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: index.handler\n      Events:\n        Get:\n          Type: HttpApi\n' } },
    ],
    unknown: [
      { name: 'the size of the batch is a parameter', files: { 'stack.yaml': `Parameters:\n  Size:\n    Type: Number\n${queueAndFunction(['VisibilityTimeout: 60'], ['Timeout: 10'], ['BatchSize: !Ref Size'])}` } },
      { name: 'the source cannot be known', files: { 'stack.yaml': 'Resources:\n  Source:\n    Type: AWS::Lambda::EventSourceMapping\n    Properties:\n      EventSourceArn: !ImportValue source\n      FunctionName: count\n' } },
    ],
  },
});
