// A queue starts as many copies of a function as it has messages for; each copy opens connections of its own, and the database has a fixed number.

import type { CodeProject, LinkedClient } from '../../engine/code/project';
import { defineRule } from '../../engine/lint/rule';
import { settled } from '../../engine/model/questions';
import { isLive, repairs, subjectOfThing } from '../cloud-fixes';
import { resource, stack } from '../example-templates';

export const boundFunctionConcurrency = defineRule({
  id: 'isolation/bound-function-concurrency',
  since: '0.2.0',
  severity: 'info',
  reads: 'system',
  fault: 'slow',
  messages: {
    pool: 'A full queue can use up the connections of the database: copies of `{name}` are unlimited, and each opens its own through {library}.',
    zero: { text: 'Every call of `{name}` is refused: its reserved concurrency is 0.', severity: 'warning' },
  },
  docs: {
    what: 'Reports a function that takes messages from a queue without a limit of copies while its code opens connections to a database, and one whose reserved concurrency is 0.',
    why: 'A backlog starts up to a thousand copies. Each has a pool of its own, so that the limit of the pool bounds nothing, and other callers of the database get no connection.',
    fix: 'Limit the copies at the event source, so that copies times connections stay below what the database allows.',
    not: 'Functions whose source is out of sight, and those that reach no database by connections. A missing reserved concurrency alone is no weakness: the account’s limit holds.',
    references: ['https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html'],
  },
  check({ system, code, report }) {
    const { functions, eventSources } = system.cloud;
    const queueSources = new Map(eventSources.flatMap((source) => (source.from === 'queue' && source.function !== undefined ? [[source.function, source] as const] : [])));
    for (const one of functions) {
      if (!isLive(one)) continue;
      if (one.reservedConcurrency.state === 'set' && one.reservedConcurrency.value === 0) report({ at: one.reservedConcurrency.at, message: 'zero', data: { name: one.name }, label: one.title, subject: subjectOfThing(one) });
      const client = one.source === undefined || (settled(one.reservedConcurrency) ?? 0) >= 0 ? undefined : connecting(one.source, code);
      const source = queueSources.get(one.id);
      if (!client || source?.maxConcurrency.state !== 'absent') continue;
      report({
        at: source.at,
        message: 'pool',
        data: { name: one.name, library: client.library.title },
        label: 'no limit of copies',
        related: [{ at: { file: client.file, span: client.fact.callee }, text: 'connects here' }],
        fixes: repairs(source, 'maxConcurrency', 'unsafe', 'Run at most 10 copies'),
        subject: subjectOfThing(source),
      });
    }
  },
  examples: {
    bad: [
      {
        name: 'a handler that queries a pool',
        files: { 'template.yaml': sam('«Type: SQS', '          Properties:', '            Queue: !GetAtt Orders.Arn', '            FunctionResponseTypes: [ReportBatchItemFailures]»'), 'src/ship.ts': pool() },
        expect: 'pool',
      },
      { name: 'the pool stands in another file', files: { 'template.yaml': sam('Type: SQS', '          Properties:', '            Queue: !GetAtt Orders.Arn'), 'src/ship.ts': "import { pool } from './db';\nexport const handler = async () => pool.query('select 1');\n", 'src/db.ts': pool().replace(/export const handler.*\n/, '') }, expect: 'pool' },
      { name: 'in a serverless service', files: { 'serverless.yml': 'service: shop\nprovider:\n  name: aws\nfunctions:\n  ship:\n    handler: src/ship.handler\n    events:\n      - sqs:\n          arn: arn:aws:sqs:eu-west-1:1:orders\n', 'src/ship.ts': pool() }, expect: 'pool' },
      { name: 'switched off by 0', files: { 'stack.yaml': stack(resource('Ship', 'AWS::Lambda::Function', 'ReservedConcurrentExecutions: «0»')) }, expect: 'zero' },
    ],
    good: [
      { name: 'a limit at the event source', files: { 'template.yaml': sam('Type: SQS', '          Properties:', '            Queue: !GetAtt Orders.Arn', '            ScalingConfig: { MaximumConcurrency: 5 }'), 'src/ship.ts': pool() } },
      { name: 'no database', files: { 'template.yaml': sam('Type: SQS', '          Properties:', '            Queue: !GetAtt Orders.Arn'), 'src/ship.ts': 'export const handler = async () => 1;\n' } },
      { name: 'behind an API', files: { 'template.yaml': sam('Type: HttpApi'), 'src/ship.ts': pool() } },
      { name: 'nothing reserved', files: { 'stack.yaml': stack(resource('Ship', 'AWS::Lambda::Function', 'Handler: index.handler')) } },
    ],
    unknown: [
      { name: 'the limit is a parameter', files: { 'template.yaml': `Parameters:\n  Most:\n    Type: Number\n${sam('Type: SQS', '          Properties:', '            Queue: !GetAtt Orders.Arn', '            ScalingConfig: { MaximumConcurrency: !Ref Most }')}`, 'src/ship.ts': pool() } },
      { name: 'the code is out of sight', files: { 'template.yaml': sam('Type: SQS', '          Properties:', '            Queue: !GetAtt Orders.Arn') } },
    ],
  },
});

/** A client of a database that the code of a function makes, in its file or in what that brings in. */
function connecting(source: string, code: CodeProject): LinkedClient | undefined {
  const seen = new Set([source]);
  for (const path of seen) {
    const file = code.files.find((one) => one.path === path);
    const client = file?.clients.find(({ library }) => library.entry.role === 'sql');
    if (client) return client;
    if (seen.size < 50) file?.imports.forEach((imported) => seen.add(imported));
  }
  return undefined;
}

function sam(...event: readonly string[]): string {
  return `Transform: AWS::Serverless-2016-10-31\nResources:\n  Ship:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: src/\n      Handler: ship.handler\n      Runtime: nodejs22.x\n      Events:\n        Orders:\n          ${event.join('\n')}\n`;
}

function pool(): string {
  return "import { Pool } from 'pg';\nexport const pool = new Pool({ connectionTimeoutMillis: 2_000, query_timeout: 5_000 });\npool.on('error', console.error);\nexport const handler = async () => pool.query('select 1');\n";
}
