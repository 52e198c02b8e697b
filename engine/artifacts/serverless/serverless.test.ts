import { describe, expect, it } from 'vitest';
import { plainProperties, plainValue } from '../../../test/plain-values';
import { applyEdits } from '../../text';
import type { CloudResource } from '../cloud';
import { readCloudFormation } from '../cloudformation/read';
import { cloudFormationResources } from '../cloudformation/resources';
import type { ArtifactIntent } from '../intent';
import { readServerless } from './read';
import { partOf } from './recognise';
import { serverlessResources } from './resources';
import { writeServerless } from './write';

/** Resources of services and templates given by path. */
function resourcesOf(files: Readonly<Record<string, string>>, sources: readonly string[] = []): CloudResource[] {
  const all = Object.entries(files);
  const services = all.flatMap(([path, text]) => (partOf(path, text) === undefined ? [] : [readServerless(path, text).facts]));
  const templates = all.flatMap(([path, text]) => (partOf(path, text) === undefined ? [readCloudFormation(path, text).facts] : []));
  const context = { hasFile: (path: string) => sources.includes(path), factsOf: (format: string) => (format === 'serverless' ? services : templates) };
  return [...cloudFormationResources(templates, context), ...serverlessResources(services, context)];
}

const HEAD = 'service: shop\nprovider:\n  name: aws\n  runtime: nodejs20.x\n';

describe('a file of the framework', () => {
  it('is a service by name or content, or a part that a service includes', () => {
    expect(partOf('serverless.yml', HEAD)).toBe('service');
    expect(partOf('deploy/api.yml', `${HEAD}functions: {}\n`)).toBe('service');
    expect(partOf('resources/table.yml', 'Table:\n  Type: AWS::DynamoDB::Table\n')).toBe('resources');
    expect(partOf('functions/orders.yml', 'create:\n  handler: src/orders.create\n')).toBe('functions');
    expect(partOf('template.yml', 'Resources:\n  Table:\n    Type: AWS::DynamoDB::Table\n')).toBeUndefined();
    expect(partOf('playbook.yml', '- hosts: all\n  handlers: []\n')).toBeUndefined();
  });
});

describe('a function', () => {
  it('has what the provider gives it, its events, and its source', () => {
    const text = `${HEAD}  timeout: 10\n  environment: {A: 1}\nfunctions:\n  create:\n    handler: src/orders.create\n    memorySize: 256\n    environment: {B: 2}\n    events:\n      - http: POST /orders\n      - sqs: {arn: !GetAtt Queue.Arn, batchSize: 5}\nresources:\n  Resources:\n    Queue: {Type: AWS::SQS::Queue}\n`;
    const [made, queue] = resourcesOf({ 'a/serverless.yml': text }, ['a/src/orders.ts']);
    expect(made).toMatchObject({ dialect: 'serverless', type: 'function', name: 'create', scope: 'a/serverless.yml', code: { file: 'a/src/orders.ts', handler: 'create' }, mentions: ['a/serverless.yml#Queue'], resource: { format: 'serverless', path: ['functions', 'create'] } });
    expect(plainValue(made?.properties)).toEqual({
      runtime: 'nodejs20.x', timeout: 10, environment: { A: 1, B: 2 }, handler: 'src/orders.create', memorySize: 256,
      events: [{ http: 'POST /orders' }, { sqs: { arn: '→ a/serverless.yml#Queue.Arn', batchSize: 5 } }],
    });
    expect(queue).toMatchObject({ dialect: 'cloudformation', type: 'AWS::SQS::Queue', resource: { format: 'serverless', path: ['resources', 'Resources', 'Queue'] } });
  });

  it('is what resources mean by the logical id that the framework gives it', () => {
    const text = `${HEAD}functions:\n  on-order: {handler: a.b}\nresources:\n  Resources:\n    Alarm: {Type: AWS::CloudWatch::Alarm, Properties: {Value: !Ref OnDashorderLambdaFunction}}\n`;
    expect(plainProperties(resourcesOf({ 'serverless.yml': text }))['Alarm']).toEqual({ Value: '→ serverless.yml#functions.on-order' });
  });

  it('that an extension of its resource changes is nobody\'s business', () => {
    const text = `${HEAD}functions:\n  a: {handler: a.b}\nresources:\n  extensions:\n    ALambdaFunction: {Properties: {Timeout: 3}}\n`;
    expect(resourcesOf({ 'serverless.yml': text })[0]?.unmanaged).toEqual(['*']);
  });

  it('of another cloud is not read', () => {
    expect(resourcesOf({ 'serverless.yml': 'service: x\nprovider: {name: google}\nfunctions:\n  a: {handler: a.b}\n' })).toEqual([]);
  });
});

describe('variables', () => {
  const valuesOf = (environment: string, sections = '', files: Readonly<Record<string, string>> = {}): unknown => {
    const text = `${HEAD}${sections}\nfunctions:\n  f:\n    handler: a.b\n    environment:\n${environment.split('\n').map((line) => `      ${line}`).join('\n')}\n`;
    const all = plainProperties(resourcesOf({ 'serverless.yml': text, ...files }));
    return Object.getOwnPropertyDescriptor(all['f'], 'environment')?.value;
  };

  it('of the file itself are known, those of stage and environment soft, others unknown', () => {
    expect(valuesOf('A: ${self:custom.a}\nB: ${self:custom.none, 4}\nC: ${env:X, "d"}\nD: ${opt:stage}\nE: ${ssm:/a}\nF: n-${self:service}-${opt:stage, "q"}\nG: ${self:custom.map.k}\nH: ${AWS::Region}', 'custom:\n  a: 3\n  map: {k: [1]}')).toEqual({
      A: 3, B: 4, C: 'soft:d', D: 'soft:dev', E: '?', F: 'soft:n-shop-dev', G: [1], H: '${AWS::Region}',
    });
  });

  it('that depend on the stage are judged for production where the file knows it', () => {
    const sections = 'custom:\n  size: {dev: 1, prod: 3}\nparams:\n  prod: {domain: p}\n  default: {domain: d, other: o}';
    expect(valuesOf('A: ${self:custom.size.${opt:stage, "dev"}}\nB: ${param:domain}\nC: ${param:other}\nD: ${sls:stage}', sections)).toEqual({ A: 'soft:3', B: 'soft:p', C: 'soft:o', D: 'soft:prod' });
  });

  it('that lead back to themselves, or double at each step, end', () => {
    const doubling = Array.from({ length: 60 }, (_, i) => `  c${i}: \${self:custom.c${i + 1}}\${self:custom.c${i + 1}}`).join('\n');
    expect(valuesOf('A: ${self:custom.a}\nB: ${self:custom.c0}', `custom:\n  a: \${self:custom.a}\n${doubling}\n  c60: x`)).toMatchObject({ A: '?' });
  });

  it('that name files bring in what stands there', () => {
    const sections = 'resources:\n  - ${file(res/table.yml)}\n  - ${file(res/stack.yml)}';
    const files = { 'res/table.yml': 'Table:\n  Type: AWS::DynamoDB::Table\n', 'res/stack.yml': 'Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n    Properties: {N: "${self:service}"}\n' };
    const resources = resourcesOf({ 'serverless.yml': `${HEAD}${sections}\nfunctions: \${file(fn.yml)}\n`, 'fn.yml': 'f:\n  handler: a.b\n', ...files });
    expect(resources.map(({ id, at, resource, scope }) => [id, at.file, resource.format, resource.path.join('.'), scope])).toEqual([
      ['serverless.yml#functions.f', 'fn.yml', 'serverless', 'f', 'serverless.yml'],
      ['serverless.yml#Table', 'res/table.yml', 'serverless', 'Table', 'serverless.yml'],
      ['serverless.yml#Queue', 'res/stack.yml', 'cloudformation', 'Resources.Queue', 'serverless.yml'],
    ]);
    expect(plainValue(resources[2]?.properties)).toEqual({ N: 'shop' });
  });
});

describe('a construct of the Lift plugin', () => {
  it('is a resource, and the worker of a queue a function that it feeds', () => {
    const text = `${HEAD}constructs:\n  jobs:\n    type: queue\n    worker: {handler: w.run}\nfunctions:\n  f: {handler: a.b, environment: {U: "\${construct:jobs.queueUrl}"}}\n`;
    const resources = resourcesOf({ 'serverless.yml': text }, ['w.ts']);
    expect(resources.map(({ name, type }) => [name, type])).toEqual([['f', 'function'], ['jobs', 'constructs/queue'], ['jobsWorker', 'function']]);
    expect(resources[0]?.mentions).toEqual(['serverless.yml#constructs.jobs']);
    expect(resources[2]?.code?.file).toBe('w.ts');
    expect(plainProperties(resources)['jobsWorker']).toMatchObject({ events: [{ sqs: { arn: '→ serverless.yml#constructs.jobs.Arn' } }] });
  });
});

describe('a plugin', () => {
  it('makes alarms and capacities, of which only that they exist is known', () => {
    const text = `${HEAD}plugins: [serverless-plugin-aws-alerts, serverless-dynamodb-autoscaling]\ncustom:\n  alerts: {alarms: [functionErrors]}\n  capacities:\n    - table: Table\nconstructs:\n  jobs: {type: queue, alarm: ops@example.com}\nfunctions:\n  f: {handler: a.b}\nresources:\n  Resources:\n    Table: {Type: AWS::DynamoDB::Table}\n`;
    const made = resourcesOf({ 'serverless.yml': text }).filter(({ unmanaged }) => unmanaged.includes('*'));
    expect(made.map(({ type, mentions }) => [type, mentions])).toEqual([
      ['AWS::CloudWatch::Alarm', ['serverless.yml#functions.f']],
      ['AWS::CloudWatch::Alarm', ['serverless.yml#constructs.jobs']],
      ['AWS::ApplicationAutoScaling::ScalableTarget', ['serverless.yml#Table']],
    ]);
  });
});

describe('fixes', () => {
  const written = (text: string, path: readonly (string | number)[], intent: ArtifactIntent): string | undefined => {
    const edits = writeServerless(text, { file: 's', format: 'serverless', document: 0, path }, intent);
    return edits && applyEdits(text, edits).text;
  };
  const queue: ArtifactIntent = { kind: 'add-resource', type: 'AWS::SQS::Queue', name: 'Dead', properties: { MessageRetentionPeriod: 1 } };

  it('set what a function says, and refer to functions by their logical ids', () => {
    const text = 'functions:\n  a:\n    handler: a.b\n';
    expect(written(text, ['functions', 'a'], { kind: 'set-property', path: ['destinations', 'onFailure'], value: { $reference: { type: 'AWS::SQS::Queue', name: 'new:Dead', attribute: 'Arn' } } })).toBe(`${text}    destinations:\n      onFailure: !GetAtt Dead.Arn\n`);
    const table = 'functions:\n  a: {handler: a.b}\nresources:\n  Resources:\n    T:\n      Type: AWS::A::B\n';
    expect(written(table, ['resources', 'Resources', 'T'], { kind: 'set-property', path: ['F'], value: { $reference: { type: 'function', name: 'a' } } })).toBe(`${table}      Properties:\n        F: !Ref ALambdaFunction\n`);
  });

  it('add resources to the section, and make it where there is none', () => {
    const lines = '    Dead:\n      Type: AWS::SQS::Queue\n      Properties:\n        MessageRetentionPeriod: 1\n';
    expect(written('functions:\n  a: {handler: a.b}\n', ['functions', 'a'], queue)).toBe(`functions:\n  a: {handler: a.b}\nresources:\n  Resources:\n${lines}`);
    const some = 'functions:\n  a: {handler: a.b}\n\nresources:\n  Resources:\n    T:\n      Type: AWS::A::B\n';
    expect(written(some, ['functions', 'a'], queue)).toBe(some + lines);
    expect(written('functions:\n  a: {handler: a.b}\nresources: ${file(r.yml)}\n', ['functions', 'a'], queue)).toBeUndefined();
  });
});
