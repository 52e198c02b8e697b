import { describe, expect, it } from 'vitest';
import type { CloudResource, CloudValue } from '../../artifacts/cloud';
import { shippedCatalog } from '../../../test/lint-files';
import { linkCode } from '../link';
import { readCode } from '../read';

/** Values without their places: what a test compares. */
function plain(value: CloudValue | undefined): unknown {
  switch (value?.kind) {
    case undefined:
      return undefined;
    case 'text':
    case 'number':
    case 'boolean':
      return value.isSoft ? { soft: value.value } : value.value;
    case 'list':
      return [...value.items.map(plain), ...(value.isOpen ? ['…'] : [])];
    case 'map':
      return { ...Object.fromEntries(Object.entries(value.entries).map(([key, entry]) => [key, plain(entry)])), ...(value.isOpen ? { '…': true } : {}) };
    case 'reference':
      return `@${value.to}${value.attribute === undefined ? '' : `.${value.attribute}`}`;
    case 'either':
      return { either: value.options.map((option) => (option ? plain(option) : 'absent')) };
    case 'unknown':
      return value.mentions.length > 0 ? { unknown: value.mentions } : 'unknown';
  }
}

function resourcesOf(files: Readonly<Record<string, string>>): Promise<readonly CloudResource[]> {
  const facts = Object.entries(files).map(([path, text]) => readCode(path, text, shippedCatalog));
  return Promise.resolve(linkCode(facts.sort((a, b) => (a.path < b.path ? -1 : 1)), [], shippedCatalog).project.resources ?? []);
}

async function propertiesOf(files: Readonly<Record<string, string>>, name: string): Promise<unknown> {
  const resource = (await resourcesOf(files)).find((candidate) => candidate.name === name);
  if (!resource) throw new Error(`no resource ${name}`);
  return plain(resource.properties);
}

const CDK = "import * as cdk from 'aws-cdk-lib';\nimport * as sqs from 'aws-cdk-lib/aws-sqs';\nimport * as rds from 'aws-cdk-lib/aws-rds';\nimport { aws_lambda as lambda, Duration } from 'aws-cdk-lib';\nimport { Construct } from 'constructs';\n";
const inStack = (body: string, props = 'props: any'): string => `${CDK}export class OrdersStack extends cdk.Stack {\n  constructor(scope: Construct, id: string, ${props}) {\n    super(scope, id);\n${body}\n  }\n}\n`;

describe('constructs as cloud resources', () => {
  it('names types by their import: namespaces, names, the root, old packages, Pulumi and cdktf', async () => {
    const types = (await resourcesOf({
      'a.ts': inStack("new sqs.Queue(this, 'a'); new lambda.Function(this, 'b', {}); new cdk.aws_sns.Topic(this, 'c');"),
      'b.js': "const { Queue } = require('@aws-cdk/aws-sqs');\nconst core = require('@aws-cdk/core');\nnew Queue(new core.Stack(), 'd');\n",
      'c.ts': "import * as aws from '@pulumi/aws';\nimport { rds } from '@pulumi/aws';\nimport * as k8s from '@pulumi/kubernetes';\nnew aws.sqs.Queue('e'); new rds.Instance('f', {}); new k8s.apps.v1.Deployment('g', {});\n",
      'd.ts': "import { DbInstance } from '@cdktf/provider-aws/lib/db-instance';\nimport { sqsQueue } from '@cdktf/provider-aws';\nimport { S3Bucket } from './.gen/providers/aws/s3-bucket';\nexport const make = (stack: any) => { new DbInstance(stack, 'h', {}); new sqsQueue.SqsQueue(stack, 'i', {}); new S3Bucket(stack, 'j', {}); };\n",
    })).map(({ name, dialect, type }) => `${name} ${dialect} ${type}`);
    expect(types).toEqual([
      'a cdk aws-cdk-lib/aws-sqs.Queue', 'b cdk aws-cdk-lib/aws-lambda.Function', 'c cdk aws-cdk-lib/aws-sns.Topic', 'd cdk aws-cdk-lib/aws-sqs.Queue',
      'e pulumi aws.sqs.Queue', 'f pulumi aws.rds.Instance', 'g pulumi kubernetes.apps.v1.Deployment',
      'h cdktf aws_db_instance', 'i cdktf aws_sqs_queue', 'j cdktf aws_s3_bucket',
    ]);
  });

  it('leaves objects of a library that are no constructs where they are used, with their type, options and arguments', async () => {
    const text = inStack("const queue = new sqs.Queue(this, 'q');\nconst fn = new lambda.Function(this, 'fn', { runtime: lambda.Runtime.NODEJS_20_X });\nfn.addEventSource(new cdk.aws_lambda_event_sources.SqsEventSource(queue, { batchSize: 5 }));");
    const fn = (await resourcesOf({ 'lib/a.ts': text })).find(({ name }) => name === 'fn');
    expect(plain(fn?.properties)).toEqual({ runtime: 'Runtime.NODEJS_20_X' });
    expect(fn?.calls?.map(({ method, arguments: given }) => [method, given.map(plain)])).toEqual([
      ['addEventSource', [{ batchSize: 5, $type: 'aws-cdk-lib/aws-lambda-event-sources.SqsEventSource', $arguments: ['@lib/a.ts#OrdersStack/q'] }]],
    ]);
    expect(fn?.mentions).toEqual(['lib/a.ts#OrdersStack/q']);
  });

  it('folds durations to seconds, symbols and static calls to text, and keeps what a call names', async () => {
    const text = inStack("new rds.DatabaseInstance(this, 'db', { engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_16 }), backupRetention: cdk.Duration.days(7), monitoringInterval: Duration.minutes(1), removalPolicy: cdk.RemovalPolicy.DESTROY, image: cdk.aws_ecs.ContainerImage.fromRegistry('redis:7') });");
    expect(await propertiesOf({ 'a.ts': text }, 'db')).toEqual({
      engine: 'DatabaseInstanceEngine.postgres', backupRetention: 604_800, monitoringInterval: 60, removalPolicy: 'RemovalPolicy.DESTROY',
      image: { $type: 'ContainerImage.fromRegistry', $arguments: ['redis:7'] },
    });
  });

  it('merges constants and spreads in their order, and doubts what something unknown may replace', async () => {
    const known = inStack("const base = { multiAz: false, port: 5432 };\nnew rds.DatabaseInstance(this, 'db', { ...base, multiAz: true });");
    expect(await propertiesOf({ 'a.ts': known }, 'db')).toEqual({ port: 5432, multiAz: true });
    const open = inStack("new rds.DatabaseInstance(this, 'db', { multiAz: false, ...load(), port: 1 });");
    expect(await propertiesOf({ 'a.ts': open }, 'db')).toEqual({ multiAz: 'unknown', port: 1, '…': true });
    const choice = inStack("new rds.DatabaseInstance(this, 'db', { port: 1, ...(isProduction() && { multiAz: true }) });");
    expect(await propertiesOf({ 'a.ts': choice }, 'db')).toEqual({ port: 1, multiAz: { either: [true, 'absent'] } });
    const later = inStack("const options: any = { port: 1 };\nif (id) options.multiAz = true;\nnew rds.DatabaseInstance(this, 'db', options);");
    expect(await propertiesOf({ 'a.ts': later }, 'db')).toEqual({ port: 1, multiAz: { either: ['absent', true] } });
  });

  it('gives both values of a condition, soft defaults, and unknown for what is known when it is deployed', async () => {
    const text = inStack("new rds.DatabaseInstance(this, 'db', { multiAz: isProduction() ? true : false, count: this.node.tryGetContext('count') ?? 2, size: process.env.SIZE || 'small', zone: this.node.tryGetContext('zone'), none: undefined });");
    expect(await propertiesOf({ 'a.ts': text }, 'db')).toEqual({ multiAz: { either: [true, false] }, count: { soft: 2 }, size: { soft: 'small' }, zone: 'unknown' });
  });

  it('follows what a stack is given over files, with all its callers', async () => {
    const stack = inStack("new rds.DatabaseInstance(this, 'db', { multiAz: props.multiAz, port: props.port ?? 5432, vpc: props.vpc, tier: props.tier });");
    const one = "import { OrdersStack } from '../lib/orders';\nimport * as ec2 from 'aws-cdk-lib/aws-ec2';\nimport { App, Stack } from 'aws-cdk-lib';\nconst app = new App();\nclass Net extends Stack { readonly vpc: ec2.Vpc; constructor(s: any, i: string) { super(s, i); this.vpc = new ec2.Vpc(this, 'net'); } }\nconst net = new Net(app, 'net');\nnew OrdersStack(app, 'orders-prod', { multiAz: true, vpc: net.vpc });\n";
    expect(await propertiesOf({ 'lib/orders.ts': stack, 'bin/app.ts': one }, 'db')).toEqual({ multiAz: true, port: 5432, vpc: '@bin/app.ts#Net/net' });
    const two = `${one}new OrdersStack(app, 'orders-dev', { multiAz: false, vpc: net.vpc, tier: 'x' });\n`;
    expect(await propertiesOf({ 'lib/orders.ts': stack, 'bin/app.ts': two }, 'db')).toEqual({ multiAz: { either: [true, false] }, port: 5432, vpc: '@bin/app.ts#Net/net', tier: { either: ['absent', 'x'] } });
    expect(await propertiesOf({ 'lib/orders.ts': stack }, 'db')).toEqual({ multiAz: 'unknown', port: { soft: 5432 }, vpc: 'unknown', tier: 'unknown' });
    const [resource] = await resourcesOf({ 'lib/orders.ts': stack, 'bin/app.ts': one }).then((all) => all.filter(({ name }) => name === 'db'));
    expect(resource?.stage).toBe('prod');
    expect(resource?.scope).toBe('lib/orders.ts#OrdersStack');
  });

  it('knows the arguments of a call up to a spread, and that there may be more behind one', async () => {
    const make = (call: string): string => `${CDK}function make(scope: any, a: any, b: any, c: any, d: any, e: any, f: any, days: number) { new sqs.Queue(scope, 'q', { days }); }\n${call}\n`;
    expect(await propertiesOf({ 'a.ts': make('make(app, 1, 2, 3, 4, 5, 6, 7);') }, 'q')).toEqual({ days: 7 });
    expect(await propertiesOf({ 'a.ts': make('make(app, ...rest);') }, 'q')).toEqual({ days: 'unknown' });
    expect(await propertiesOf({ 'a.ts': make('make(app);') }, 'q')).toEqual({});
  });

  it('reaches constructs through fields, getters, helper methods and constants of other files', async () => {
    const text = `${CDK}import { LIMITS } from './limits';\nclass Orders extends Construct {\n  readonly dead = this.queue('dead');\n  get main() { return this.dead; }\n  queue(name: string) { return new sqs.Queue(this, name, { retentionPeriod: Duration.days(LIMITS.days) }); }\n}\nexport class S extends cdk.Stack {\n  constructor(scope: Construct, id: string) {\n    super(scope, id);\n    const orders = new Orders(this, 'orders');\n    new sqs.Queue(this, 'live', { deadLetterQueue: { queue: orders.main, maxReceiveCount: 3 } });\n  }\n}\n`;
    const files = { 'lib/s.ts': text, 'lib/limits.ts': 'export const LIMITS = { days: 14 };\n' };
    const all = await resourcesOf(files);
    expect(all.map(({ name, scope }) => `${name} in ${scope}`)).toEqual(['queue in lib/s.ts#S', 'live in lib/s.ts#S'].map((line) => line.replace('queue in', `${all[0]?.name ?? ''} in`)));
    expect(plain(all[0]?.properties)).toEqual({ retentionPeriod: 1_209_600 });
    expect(plain(all[1]?.properties)).toEqual({ deadLetterQueue: { queue: `@${all[0]?.id ?? ''}`, maxReceiveCount: 3 } });
  });

  it('counts copies in loops as unknown, and knows what is made under a condition', async () => {
    const all = await resourcesOf({ 'a.ts': inStack("for (const name of ['a', 'b']) new sqs.Queue(this, `q-${name}`);\nprops.names.map((name: string) => new sqs.Queue(this, name));\nif (props.extra) new sqs.Queue(this, 'extra');\nnew sqs.Queue(this, 'plain');") });
    expect(all.map(({ copies, isConditional }) => [copies.state, isConditional])).toEqual([['unknown', false], ['unknown', false], ['default', true], ['default', false]]);
  });

  it('makes resources of what methods make, with what they are made on', async () => {
    const text = inStack("const elb = cdk.aws_elasticloadbalancingv2;\nconst lb = new cdk.aws_elasticloadbalancingv2.ApplicationLoadBalancer(this, 'lb');\nconst listener = lb.addListener('http', { port: 80 });\nconst group = listener.addTargets('web', { port: 80, deregistrationDelay: Duration.seconds(10) });\ngroup.configureHealthCheck({ path: '/health' });\nconst queue = new sqs.Queue(this, 'q');\nqueue.metricApproximateAgeOfOldestMessage().createAlarm(this, 'old', { threshold: 60, evaluationPeriods: 1 });");
    const all = await resourcesOf({ 'a.ts': text });
    const of = (name: string): CloudResource | undefined => all.find((resource) => resource.name === name);
    expect(of('web')?.type).toBe('aws-cdk-lib/aws-elasticloadbalancingv2.ApplicationTargetGroup');
    expect(plain(of('web')?.properties)).toEqual({ port: 80, deregistrationDelay: 10, $on: '@a.ts#OrdersStack/http' });
    expect(of('web')?.calls?.map(({ method }) => method)).toEqual(['configureHealthCheck']);
    expect(plain(of('old')?.properties)).toEqual({ threshold: 60, evaluationPeriods: 1, $on: '@a.ts#OrdersStack/q.metricApproximateAgeOfOldestMessage' });
    expect(of('lb')?.calls?.map(({ method }) => method)).toEqual(['addListener', 'addTargets', 'configureHealthCheck']);
  });

  it('leaves alone what escape hatches, assignments and aspects set', async () => {
    const body = "const db = new rds.DatabaseInstance(this, 'db', {});\n(db.node.defaultChild as rds.CfnDBInstance).addPropertyOverride('MultiAZ', true);\nconst low = new rds.CfnDBInstance(this, 'low', {});\nlow.addPropertyOverride('BackupRetentionPeriod', 7);\nlow.multiAz = true;\nnew sqs.Queue(this, 'q');";
    const all = await resourcesOf({ 'a.ts': inStack(body) });
    expect(all.map(({ name, unmanaged }) => [name, unmanaged])).toEqual([['db', ['*']], ['low', ['backupRetentionPeriod', 'multiAz']], ['q', []]]);
    const aspect = "import { CfnDBInstance } from 'aws-cdk-lib/aws-rds';\nexport class Protect { visit(node: any) { if (node instanceof CfnDBInstance) node.deletionProtection = true; } }\n";
    expect((await resourcesOf({ 'a.ts': inStack("new rds.DatabaseInstance(this, 'db', {});"), 'b.ts': aspect })).map(({ unmanaged }) => unmanaged)).toEqual([['deletionProtection']]);
  });

  it('reads options and ignored changes of Pulumi, and blocks of cdktf by the names of Terraform', async () => {
    const all = await resourcesOf({
      'index.ts': "import * as aws from '@pulumi/aws';\nimport * as pulumi from '@pulumi/pulumi';\nconst config = new pulumi.Config();\nconst dead = new aws.sqs.Queue('dead');\nnew aws.sqs.Queue('live', { redrivePolicy: pulumi.jsonStringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: config.getNumber('most') ?? 4 }) }, { protect: true, ignoreChanges: ['tags'] });\n",
      'main.ts': "import { EcsService } from '@cdktf/provider-aws/lib/ecs-service';\nexport const make = (stack: any) => new EcsService(stack, 'web', { desiredCount: 2, deploymentCircuitBreaker: { enable: true, rollback: true }, lifecycle: { ignoreChanges: ['desired_count'] } });\n",
    });
    expect(plain(all.find(({ name }) => name === 'live')?.properties)).toEqual({ redrivePolicy: { deadLetterTargetArn: '@index.ts#/dead.arn', maxReceiveCount: { soft: 4 } }, $options: { protect: true, ignoreChanges: ['tags'] } });
    expect(all.find(({ name }) => name === 'live')?.unmanaged).toEqual(['tags']);
    expect(plain(all.find(({ name }) => name === 'web')?.properties)).toEqual({ desired_count: 2, deployment_circuit_breaker: { enable: true, rollback: true }, lifecycle: { ignore_changes: ['desired_count'] } });
    expect(all.find(({ name }) => name === 'web')?.unmanaged).toEqual(['desired_count']);
  });

  it('knows the file that a function runs', async () => {
    const text = "import * as path from 'path';\nimport { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';\n" + inStack("new NodejsFunction(this, 'a', { entry: path.join(__dirname, '../src/a.ts') });\nnew NodejsFunction(this, 'beside');\nnew lambda.Function(this, 'c', { code: lambda.Code.fromAsset('src'), handler: 'c.main' });");
    const all = await resourcesOf({ 'lib/s.ts': text, 'src/a.ts': 'export const handler = async () => 1;', 'lib/s.beside.ts': 'export const handler = async () => 1;', 'src/c.js': 'exports.main = async () => 1;' });
    expect(all.map(({ code }) => code)).toEqual([{ file: 'src/a.ts', handler: 'handler' }, { file: 'lib/s.beside.ts', handler: 'handler' }, { file: 'src/c.js', handler: 'main' }]);
  });

  it('stands where the construct is made', async () => {
    const text = inStack("const queue =\n      new sqs.Queue(\n        this,\n        'orders',\n      );");
    const [queue] = await resourcesOf({ 'a.ts': text });
    expect(text.slice(...(queue?.at.span ?? [0, 0]))).toBe('new sqs.Queue');
  });

  it('stays small where values are made of values again and again', async () => {
    const maps = Array.from({ length: 40 }, (_, index) => `const m${index + 1} = { a: m${index}, b: m${index} };`).join('\n');
    const choices = Array.from({ length: 40 }, (_, index) => `const c${index + 1} = load() ? c${index} : { n: ${index}, c: c${index} };`).join('\n');
    const calls = Array.from({ length: 20 }, (_, index) => `function f${index + 1}(x: any) { f${index}({ a: x, b: x }); f${index}({ c: x }); }`).join('\n');
    const text = `${CDK}const m0 = { deep: 1 };\n${maps}\nconst c0 = {};\n${choices}\nfunction f0(x: any) { new sqs.Queue(x.scope, 'q', x); }\n${calls}\nf20({ n: 1 });\nnew sqs.Queue(app, 'm', m40);\nnew sqs.Queue(app, 'c', c40);\n`;
    const all = await resourcesOf({ 'a.ts': text });
    expect(all.map(({ name }) => name)).toEqual(['q', 'm', 'c']);
    expect(JSON.stringify(all).length).toBeLessThan(2_000_000);
  });

  it('never throws, whatever the text', async () => {
    const whole = inStack("const a = { ...b }; const b = { ...a };\nnew sqs.Queue(this, 'x', { ...a, y: [...b], z: `${a}` });\nclass L extends L { constructor() { super(new L()); } }");
    for (let end = 0; end <= whole.length; end += 7) await resourcesOf({ 'a.ts': whole.slice(0, end) });
    expect((await resourcesOf({ 'a.ts': whole })).length).toBe(1);
  });
});
