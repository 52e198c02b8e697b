// The model of cloud resources: values over dialects, joins by reference, name and extension, and what stays unknown.

import { describe, expect, it } from 'vitest';
import { linkFiles } from '../../../test/lint-files';
import type { CloudModel } from './things';

async function cloudOf(files: Readonly<Record<string, string>>): Promise<CloudModel> {
  return (await linkFiles(files)).system.cloud;
}

describe('stores', () => {
  it('have the default of their dialect', async () => {
    const terraform = await cloudOf({ 'main.tf': 'resource "aws_db_instance" "a" {}\n' });
    const template = await cloudOf({ 'template.yaml': 'Resources:\n  A:\n    Type: AWS::RDS::DBInstance\n    Properties: { Engine: postgres }\n' });
    expect([terraform, template].map(({ stores }) => stores[0]?.backupDays)).toMatchObject([{ state: 'default', value: 0 }, { state: 'default', value: 1 }]);
  });

  it('read CDK, Pulumi and Terraform alike', async () => {
    const cdk = await cloudOf({ 'a.ts': "import { Duration, Stack } from 'aws-cdk-lib';\nimport * as rds from 'aws-cdk-lib/aws-rds';\nexport class A extends Stack {\n  db = new rds.DatabaseInstance(this, 'Db', { multiAz: true, backupRetention: Duration.days(14) });\n}\n" });
    const pulumi = await cloudOf({ 'a.ts': "import * as aws from '@pulumi/aws';\nexport const db = new aws.rds.Instance('db', { multiAz: true, backupRetentionPeriod: 14 });\n" });
    const terraform = await cloudOf({ 'main.tf': 'resource "aws_db_instance" "db" {\n  multi_az                = true\n  backup_retention_period = 14\n}\n' });
    for (const { stores } of [cdk, pulumi, terraform]) expect(stores[0]).toMatchObject({ standby: { state: 'set', value: true }, backupDays: { state: 'set', value: 14 } });
  });

  it('are told by a resource that sets one of their properties', async () => {
    const { stores } = await cloudOf({ 'main.tf': 'resource "aws_s3_bucket" "a" {}\nresource "aws_s3_bucket" "b" {}\nresource "aws_s3_bucket_versioning" "a" {\n  bucket = aws_s3_bucket.a.id\n\n  versioning_configuration {\n    status = "Enabled"\n  }\n}\n' });
    expect(stores.map(({ name, backup }) => [name, backup.state, 'value' in backup && backup.value])).toEqual([['a', 'set', true], ['b', 'default', false]]);
  });

  it('count the members of a cluster, each as often as it is copied', async () => {
    const { stores } = await cloudOf({ 'main.tf': 'resource "aws_rds_cluster" "a" {\n  engine = "aurora-mysql"\n}\nresource "aws_rds_cluster_instance" "a" {\n  count              = 2\n  cluster_identifier = aws_rds_cluster.a.id\n}\n' });
    expect(stores).toMatchObject([{ members: { value: 2 }, standby: { value: true } }]);
  });

  it('are unknown where a condition decides, and known where both branches agree', async () => {
    const { stores } = await cloudOf({ 'main.tf': 'variable "large" {}\nresource "aws_db_instance" "a" {\n  multi_az                = var.large ? true : false\n  backup_retention_period = var.large ? 30 : 30\n}\n' });
    expect(stores[0]?.standby.state).toBe('unknown');
    expect(stores[0]?.backupDays).toMatchObject({ state: 'set', value: 30 });
  });

  it('leave alone what something else manages', async () => {
    const { stores } = await cloudOf({ 'main.tf': 'resource "aws_db_instance" "a" {\n  multi_az = false\n\n  lifecycle {\n    ignore_changes = [multi_az]\n  }\n}\n' });
    expect(stores[0]?.standby.state).toBe('unknown');
  });
});

describe('queues and functions', () => {
  it('know a dead-letter queue by whoever names it', async () => {
    const { queues } = await cloudOf({ 'main.tf': 'resource "aws_sqs_queue" "orders" {\n  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.aside.arn, maxReceiveCount = 5 })\n}\nresource "aws_sqs_queue" "aside" {}\n' });
    expect(queues).toMatchObject([{ name: 'orders', isDeadLetter: false, deadLetter: { value: true }, maxReceives: { value: 5 } }, { name: 'aside', isDeadLetter: true }]);
  });

  it('tell what starts a function, and how often', async () => {
    const { functions } = await cloudOf({ 'serverless.yml': 'service: a\nprovider:\n  name: aws\nfunctions:\n  a:\n    handler: a.main\n    events:\n      - schedule: rate(5 minutes)\n      - http: GET /\n  b:\n    handler: b.main\n    events:\n      - sqs: arn:aws:sqs:eu-west-1:1:orders\n' });
    expect(functions.map(({ triggers }) => triggers.map(({ kind, everySeconds }) => [kind, everySeconds]))).toEqual([[['async', 300], ['sync', undefined]], [['poll', undefined]]]);
  });

  it('bring durations to seconds', async () => {
    const { queues, functions } = await cloudOf({ 'a.ts': "import { Duration, Stack } from 'aws-cdk-lib';\nimport * as sqs from 'aws-cdk-lib/aws-sqs';\nimport * as lambda from 'aws-cdk-lib/aws-lambda';\nexport class A extends Stack {\n  queue = new sqs.Queue(this, 'Q', { visibilityTimeout: Duration.minutes(2) });\n  run = new lambda.Function(this, 'F', { timeout: Duration.seconds(20) });\n}\n" });
    expect([queues[0]?.visibilitySeconds, functions[0]?.timeoutSeconds]).toMatchObject([{ value: 120 }, { value: 20 }]);
  });
});

describe('services', () => {
  it('are workloads with the containers of their task definition', async () => {
    const { system } = await linkFiles({ 'main.tf': 'resource "aws_ecs_service" "web" {\n  name            = "web"\n  desired_count   = 3\n  launch_type     = "EC2"\n  task_definition = aws_ecs_task_definition.web.arn\n}\nresource "aws_ecs_task_definition" "web" {\n  family                = "web"\n  container_definitions = jsonencode([{ name = "app", image = "shop/web:1", memory = 256 }])\n}\n' });
    expect(system.workloads).toMatchObject([{ name: 'web', instances: { value: 3 }, isServed: false, containers: [{ name: 'app', image: { value: 'shop/web:1' }, memoryLimit: { value: '256m' } }] }]);
  });

  it('are scaled by a target that names them', async () => {
    const { system } = await linkFiles({ 'main.tf': 'resource "aws_ecs_service" "web" {\n  name = "web"\n}\nresource "aws_appautoscaling_target" "web" {\n  min_capacity = 2\n  max_capacity = 9\n  resource_id  = "service/main/${aws_ecs_service.web.name}"\n}\n' });
    expect(system.workloads[0]?.autoscalers).toMatchObject([{ min: { value: 2 }, max: { value: 9 } }]);
    expect(system.workloads[0]?.autoscalers[0]?.isAssumed).toBeUndefined();
  });
});
