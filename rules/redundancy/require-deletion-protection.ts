// A mistaken apply, a renamed resource or a deleted stack takes a store with it, and its automatic backups too.

import { defineRule, type Report } from '../../engine/lint/rule';
import type { CloudStore } from '../../engine/model/cloud/things';
import { settled } from '../../engine/model/questions';
import { isPassing, repairs, subjectOfThing } from '../cloud-fixes';
import { resource, stack } from '../example-templates';

type Messages = 'gone' | 'unprotected' | 'off';

export const requireDeletionProtection = defineRule<Messages>({
  id: 'redundancy/require-deletion-protection',
  since: '0.2.0',
  severity: 'warning',
  reads: 'infrastructure',
  fault: 'lost',
  messages: {
    gone: 'When `{store}` is replaced or removed its data are gone for good: nothing protects it and no last snapshot is kept.',
    unprotected: { text: 'A mistaken change can delete `{store}` with its automatic backups: this {title} has no deletion protection.', severity: 'advice' },
    off: 'A mistaken change can delete `{store}`: deletion protection, on by default for this {title}, is switched off.',
  },
  docs: {
    what: 'Reports a production store that can be deleted by mistake: unprotected and without a last snapshot, with its protection switched off, or merely unprotected (advice).',
    why: 'A store is deleted in one step, by a rename in code, another environment, or a stack that is torn down. What is left is what was told to stay.',
    fix: 'Switch on deletion protection, and keep a last snapshot.',
    not: 'Whatever says that it is for development, caches, read replicas, and stores whose protection is on by default. Without a word that says production, a missing snapshot alone is advice.',
  },
  check({ system, report }) {
    for (const store of system.cloud.stores) {
      const found = judge(store);
      if (found) report(found);
    }
  },
  examples: {
    bad: [
      {
        name: 'deleted without a snapshot',
        files: { 'prod/stack.yaml': 'Resources:\n  Orders:\n    Type: AWS::RDS::DBInstance\n    DeletionPolicy: «Delete»\n    Properties:\n      MultiAZ: true\n      BackupRetentionPeriod: 7\n' },
        expect: 'gone',
        fixed: { 'prod/stack.yaml': 'Resources:\n  Orders:\n    Type: AWS::RDS::DBInstance\n    DeletionPolicy: Delete\n    Properties:\n      MultiAZ: true\n      BackupRetentionPeriod: 7\n      DeletionProtection: true\n' },
      },
      { name: 'a cluster', files: { 'prod/stack.yaml': 'Resources:\n  Orders:\n    Type: AWS::RDS::DBCluster\n    DeletionPolicy: «Delete»\n    Properties:\n      Engine: aurora-postgresql\n      DeletionProtection: false\n' }, expect: 'gone' },
      { name: 'unprotected', files: { 'prod/stack.yaml': stack(resource('«Orders»', 'AWS::RDS::DBInstance', 'MultiAZ: true')) }, expect: 'unprotected' },
      { name: 'a default that is switched off', files: { 'prod/main.tf': 'resource "google_sql_database_instance" "orders" {\n  deletion_protection = «false»\n}\n' }, expect: 'off' },
      { name: 'an unprotected table', files: { 'live/stack.yaml': stack(resource('«Orders»', 'AWS::DynamoDB::Table', 'BillingMode: PAY_PER_REQUEST')) }, expect: 'unprotected' },
    ],
    good: [
      { name: 'protected', files: { 'prod/stack.yaml': stack(resource('Orders', 'AWS::RDS::DBInstance', 'DeletionProtection: true')) } },
      { name: 'for development', files: { 'dev/stack.yaml': 'Resources:\n  Orders:\n    Type: AWS::RDS::DBInstance\n    DeletionPolicy: Delete\n    Properties:\n      MultiAZ: false\n' } },
      { name: 'a table of sessions', files: { 'prod/stack.yaml': stack(resource('SessionTable', 'AWS::DynamoDB::Table', 'BillingMode: PAY_PER_REQUEST')) } },
      { name: 'a read replica', files: { 'prod/stack.yaml': stack(resource('Reader', 'AWS::RDS::DBInstance', 'SourceDBInstanceIdentifier: orders')) } },
      { name: 'a table that is kept', files: { 'prod/stack.yaml': 'Resources:\n  Orders:\n    Type: AWS::DynamoDB::Table\n    DeletionPolicy: Retain\n    Properties:\n      BillingMode: PAY_PER_REQUEST\n' } },
    ],
    unknown: [
      { name: 'a table whose entries expire by themselves', files: { 'lib/stack.ts': "import { RemovalPolicy, Stack } from 'aws-cdk-lib';\nimport * as dynamodb from 'aws-cdk-lib/aws-dynamodb';\nexport class Shop extends Stack {\n  readonly baskets = new dynamodb.Table(this, 'Baskets', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING }, removalPolicy: RemovalPolicy.DESTROY, timeToLiveAttribute: 'expires' });\n}\n" } },
      { name: 'a parameter without a default', files: { 'prod/stack.yaml': `Parameters:\n  Protect:\n    Type: String\n${stack(resource('Orders', 'AWS::RDS::DBInstance', 'DeletionProtection: !Ref Protect'))}` } },
      { name: 'imported', files: { 'prod/stack.yaml': stack(resource('Orders', 'AWS::DynamoDB::Table', 'DeletionProtectionEnabled: !ImportValue protect')) } },
    ],
  },
});

function judge(store: CloudStore): Report<Messages> | undefined {
  if (store.environment === 'development' || store.environment === 'test' || store.isCache || store.isReplica.state === 'unknown' || settled(store.isReplica) === true) return undefined;
  // Sessions, locks and whatever expires by itself are made again.
  if (store.kind === 'key-value' && (isPassing(store) || (store.expires.state !== 'absent' && settled(store.expires) !== false))) return undefined;
  if (settled(store.deletionProtection) !== false || settled(store.isRetained) === true || store.isRetained.state === 'unknown') return undefined;
  const isLive = store.environment === 'production';
  const isDestroyed = settled(store.isDestroyedWhole) === true;
  const fixes = repairs(store, 'deletionProtection', 'unsafe');
  const common = { data: { store: store.name, title: store.title }, label: store.title, fixes, subject: subjectOfThing(store) };
  if (store.protectedByDefault === true) return { ...common, at: store.deletionProtection.state === 'set' ? store.deletionProtection.at : store.at, message: 'off', ...(isLive ? {} : { severity: 'info' as const }) };
  if (isDestroyed) return { ...common, at: store.isDestroyedWhole.state === 'set' ? store.isDestroyedWhole.at : store.at, message: 'gone', ...(isLive ? {} : { severity: 'advice' as const }) };
  return isLive ? { ...common, at: store.deletionProtection.state === 'set' ? store.deletionProtection.at : store.at, message: 'unprotected' } : undefined;
}
