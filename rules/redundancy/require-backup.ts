// A standby copies a mistake as fast as anything else: only a backup brings back what was deleted, overwritten or encrypted.

import { defineRule, type Report } from '../../engine/lint/rule';
import type { CloudStore } from '../../engine/model/cloud/things';
import { isDeployed, settled, subjectOf } from '../../engine/model/questions';
import { isLive, isPassing, isSoft, repairs, subjectOfThing, wordsOf } from '../cloud-fixes';

type Messages = 'store' | 'none' | 'tables' | 'files' | 'short' | 'bucket';


export const requireBackup = defineRule({
  id: 'redundancy/require-backup',
  since: '0.2.0',
  severity: 'warning',
  reads: 'infrastructure',
  fault: 'lost',
  messages: {
    store: { text: 'What is deleted or overwritten in `{store}` is lost for good: nothing here backs it up.', severity: 'advice' },
    none: { text: 'What is deleted or overwritten in `{store}` is lost for good: this {title} keeps no backup.', severity: 'error' },
    tables: 'What is deleted or overwritten in `{store}` is lost for good: point-in-time recovery of this {title} is off.',
    files: 'What is deleted or overwritten in `{store}` is lost for good: nothing backs up this {title}.',
    short: 'A mistake that is noticed after {days} is final: backups of `{store}` are kept {days}.',
    bucket: { text: 'An overwritten or deleted object of `{store}` is lost for good: versioning of this {title} is off.', severity: 'advice' },
  },
  docs: {
    what: 'Reports a managed store without backups, point-in-time recovery or versioning, one that keeps its backups for one day, and (advice) a store in a cluster beside which nothing takes backups.',
    why: 'Replicas and standbys repeat a faulty migration, a wrong deletion or an attack within milliseconds. A backup is what is left, and a day is gone before a weekend is over.',
    fix: 'Keep backups for a week or longer, which is charged by size, and try a restore now and then.',
    not: 'Read replicas, stores that a backup plan names or chooses by tags, tables of locks, sessions and caches, buckets for logs, builds and static sites, and whatever says that it is for development.',
    references: ['https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/back-up-data.html'],
  },
  check({ system, report }) {
    for (const store of system.cloud.stores) {
      const found = isLive(store) ? judge(store) : undefined;
      if (found) report(found);
    }
    for (const workload of system.workloads) {
      if (workload.backup?.state === 'absent' && isDeployed(workload)) report({ at: workload.at, message: 'store', data: { store: workload.name }, related: workload.servedBy.slice(0, 1), subject: subjectOf(workload) });
    }
  },
  examples: {
    bad: [
      {
        name: 'the provider of Terraform sends 0 where nothing is written',
        files: { 'main.tf': 'resource "aws_db_instance" «"orders"» {\n  identifier = "orders"\n  multi_az   = true\n}\n' },
        expect: 'none',
        fixed: { 'main.tf': 'resource "aws_db_instance" "orders" {\n  identifier              = "orders"\n  multi_az                = true\n  backup_retention_period = 7\n}\n' },
      },
      {
        name: 'a table of the CDK',
        files: { 'lib/stack.ts': "import { Stack } from 'aws-cdk-lib';\nimport * as dynamodb from 'aws-cdk-lib/aws-dynamodb';\nexport class Shop extends Stack {\n  readonly orders = «new dynamodb.Table»(this, 'Orders', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING }, billingMode: dynamodb.BillingMode.PAY_PER_REQUEST });\n}\n" },
        expect: 'tables',
      },
      { name: 'a table of Pulumi', files: { 'index.ts': "import * as aws from '@pulumi/aws';\nexport const orders = «new aws.dynamodb.Table»('orders', { hashKey: 'id', billingMode: 'PAY_PER_REQUEST', attributes: [{ name: 'id', type: 'S' }] });\n" }, expect: 'tables' },
      { name: 'a table of a serverless service', files: { 'serverless.yml': 'service: shop\nprovider:\n  name: aws\n  runtime: nodejs22.x\nresources:\n  Resources:\n    «Orders»:\n      Type: AWS::DynamoDB::Table\n      Properties:\n        BillingMode: PAY_PER_REQUEST\n' }, expect: 'tables' },
      {
        name: 'an instance that keeps no backups',
        files: { 'stack.yaml': 'Resources:\n  Orders:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      MultiAZ: true\n      BackupRetentionPeriod: «0»\n' },
        expect: 'none',
        fixed: { 'stack.yaml': 'Resources:\n  Orders:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      MultiAZ: true\n      BackupRetentionPeriod: 7\n' },
      },
      { name: 'a cluster of an operator without a backup', files: { 'k8s/db.yaml': operated('«orders»') }, expect: 'store' },
      {
        name: 'an instance with the default of one day',
        files: { 'stack.yaml': 'Resources:\n  «Orders»:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      MultiAZ: true\n' },
        expect: 'short',
        fixed: { 'stack.yaml': 'Resources:\n  Orders:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      MultiAZ: true\n      BackupRetentionPeriod: 7\n' },
      },
      {
        name: 'a table without point-in-time recovery',
        files: { 'stack.yaml': 'Resources:\n  «Orders»:\n    Type: AWS::DynamoDB::Table\n    DeletionPolicy: Retain\n    Properties:\n      BillingMode: PAY_PER_REQUEST\n' },
        expect: 'tables',
        fixed: { 'stack.yaml': 'Resources:\n  Orders:\n    Type: AWS::DynamoDB::Table\n    DeletionPolicy: Retain\n    Properties:\n      BillingMode: PAY_PER_REQUEST\n      PointInTimeRecoverySpecification:\n        PointInTimeRecoveryEnabled: true\n' },
      },
      { name: 'a table that switches recovery off', files: { 'stack.json': '{\n  "Resources": {\n    "Orders": {\n      "Type": "AWS::DynamoDB::Table",\n      "Properties": { "PointInTimeRecoverySpecification": { "PointInTimeRecoveryEnabled": «false» } }\n    }\n  }\n}\n' }, expect: 'tables' },
      { name: 'a file system', files: { 'stack.yaml': 'Resources:\n  «Uploads»:\n    Type: AWS::EFS::FileSystem\n    Properties:\n      Encrypted: true\n' }, expect: 'files' },
      { name: 'a bucket of documents', files: { 'stack.yaml': 'Resources:\n  «Documents»:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: invoices\n' }, expect: 'bucket' },
    ],
    good: [
      { name: 'seven days, in Terraform', files: { 'main.tf': 'resource "aws_db_instance" "orders" {\n  backup_retention_period = 7\n}\n' } },
      { name: 'a cluster of an operator with a backup', files: { 'k8s/db.yaml': operated('orders', '  backup:\n    barmanObjectStore:\n      destinationPath: s3://backups/\n') } },
      { name: 'a schedule of its own', files: { 'k8s/db.yaml': `${operated('orders')}---\napiVersion: postgresql.cnpg.io/v1\nkind: ScheduledBackup\nmetadata:\n  name: orders\nspec:\n  schedule: "0 0 3 * * *"\n  cluster:\n    name: orders\n` } },
      { name: 'a week of backups', files: { 'stack.yaml': 'Resources:\n  Orders:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      BackupRetentionPeriod: 7\n' } },
      { name: 'a read replica', files: { 'stack.yaml': 'Resources:\n  Reader:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      SourceDBInstanceIdentifier: orders\n' } },
      { name: 'a table of locks', files: { 'stack.yaml': 'Resources:\n  LockTable:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      BillingMode: PAY_PER_REQUEST\n' } },
      { name: 'a cache', files: { 'stack.yaml': 'Resources:\n  Cache:\n    Type: AWS::ElastiCache::ReplicationGroup\n    Properties:\n      NumCacheClusters: 2\n' } },
      { name: 'a bucket of a static site', files: { 'stack.yaml': 'Resources:\n  Pages:\n    Type: AWS::S3::Bucket\n    Properties:\n      WebsiteConfiguration:\n        IndexDocument: index.html\n' } },
      { name: 'a bucket that is filled from files', files: { 'main.tf': 'resource "aws_s3_bucket" "rates" {\n  bucket = "rates"\n}\nresource "aws_s3_object" "rates" {\n  bucket = aws_s3_bucket.rates.id\n  key    = "rates.csv"\n  source = "rates.csv"\n}\n' } },
      { name: 'a plan that names it', files: { 'stack.yaml': 'Resources:\n  Orders:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      BillingMode: PAY_PER_REQUEST\n  Selection:\n    Type: AWS::Backup::BackupSelection\n    Properties:\n      BackupPlanId: plan\n      BackupSelection:\n        SelectionName: all\n        IamRoleArn: role\n        Resources: [!GetAtt Orders.Arn]\n' } },
    ],
    unknown: [
      { name: 'the retention is a parameter without a default', files: { 'stack.yaml': 'Parameters:\n  Days:\n    Type: Number\nResources:\n  Orders:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      BackupRetentionPeriod: !Ref Days\n' } },
      { name: 'a plan chooses by tags', files: { 'stack.yaml': 'Resources:\n  Orders:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      BillingMode: PAY_PER_REQUEST\n  Selection:\n    Type: AWS::Backup::BackupSelection\n    Properties:\n      BackupPlanId: plan\n      BackupSelection:\n        SelectionName: all\n        IamRoleArn: role\n        ListOfTags: [{ ConditionType: STRINGEQUALS, ConditionKey: backup, ConditionValue: daily }]\n' } },
    ],
  },
});

const MADE_AGAIN = /(?:^|[-_.])(?:logs?|logging|access|audit|artifacts?|assets?|builds?|static|sites?|website|web|www|frontend|spa|cdn|cloudfront|replica|dest|destination|deploy\w*|pipeline|source|code|lambda|templates?|tmp|temp|cache|trail|cloudtrail|athena|results?|inventory|flow|config|redirect)(?:$|[-_.])/;

function judge(store: CloudStore): Report<Messages> | undefined {
  const isReplica = store.isReplica.state === 'unknown' || (store.isReplica.state === 'set' && store.isReplica.value);
  if (isReplica || store.isCache || store.kind === 'stream' || store.kind === 'broker') return undefined;
  const words = wordsOf(store);
  if (store.kind === 'key-value' && isPassing(store)) return undefined;
  if (store.kind === 'object-store' && (MADE_AGAIN.test(words) || store.isWebsite === true)) return undefined;
  const days = settled(store.backupDays);
  if (settled(store.backup) === false) return found(store, variantOf(store), store.backup.state === 'set' ? store.backup.at : store.at, store.expires.state === 'set' && store.expires.value);
  if (days === 1 && (store.kind === 'database' || store.kind === 'search')) return found(store, 'short', store.backupDays.state === 'set' ? store.backupDays.at : store.at, store.backupDays.state === 'set');
  return undefined;
}

const FIX_TITLES: Partial<Record<Messages, string>> = { none: 'Keep backups', tables: 'Switch point-in-time recovery on', files: 'Back up the file system', bucket: 'Keep old versions of objects' };

function variantOf(store: CloudStore): Messages {
  if (store.kind === 'key-value') return 'tables';
  if (store.kind === 'file-system' || store.kind === 'volume') return 'files';
  return store.kind === 'object-store' ? 'bucket' : 'none';
}

/** Where it was chosen, or entries expire by themselves, it is advice. */
function found(store: CloudStore, message: Messages, at: CloudStore['at'], isChosen: boolean): Report<Messages> {
  const field = store.repairs['backup'] ? 'backup' : 'backupDays';
  return {
    at,
    message,
    data: { store: store.name, title: store.title, days: '1 day' },
    label: store.title,
    fixes: repairs(store, field, 'unsafe', field === 'backupDays' ? 'Keep backups for 7 days' : FIX_TITLES[message]),
    subject: subjectOfThing(store),
    ...((isChosen && message !== 'none') || isSoft(store.backup) ? { severity: 'advice' as const } : {}),
  };
}

function operated(name: string, lines = ''): string {
  return `apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nmetadata:\n  name: ${name}\nspec:\n  instances: 3\n  storage:\n    size: 10Gi\n${lines}`;
}
