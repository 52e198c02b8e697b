// What comments, annotations and metadata of other linters accept, through a whole workspace, and the table that says what they ask.

import { describe, expect, it } from 'vitest';
import { rules } from '../rules/index';
import { peerChecks } from '../scripts/peer-checks';
import { workspaceOf } from './lint-example';

const TODAY = '2026-01-01';

async function lint(files: Readonly<Record<string, string>>): Promise<{ found: string[]; accepted: string[]; own: string[] }> {
  const result = await workspaceOf(files, { today: TODAY }).lint();
  return {
    found: result.findings.map(({ rule }) => rule),
    accepted: result.suppressed.map(({ finding, reason, peer }) => `${finding.rule} ${peer ?? ''} ${reason}`),
    own: result.findings.filter(({ rule }) => rule.startsWith('suppressions/')).map(({ message }) => message),
  };
}

const database = (inside: string, above = ''): Record<string, string> => ({
  'main.tf': `provider "aws" {}\n${above}resource "aws_db_instance" "orders" {\n${inside}  engine                  = "postgres"\n  instance_class          = "db.m6g.large"\n  backup_retention_period = 0\n}\n\nresource "aws_db_instance" "carts" {\n  engine                  = "postgres"\n  instance_class          = "db.m6g.large"\n  backup_retention_period = 0\n}\n`,
});

const deployment = (annotations: string): Record<string, string> => ({
  'deploy/orders.yaml': `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: orders\n  annotations:\n    team: shop\n${annotations}spec:\n  selector: { matchLabels: { app: orders } }\n  template:\n    metadata: { labels: { app: orders } }\n    spec:\n      containers:\n        - name: orders\n          image: registry.example.com/orders:1\n          ports: [{ containerPort: 3000 }]\n---\napiVersion: v1\nkind: Service\nmetadata: { name: orders }\nspec:\n  selector: { app: orders }\n  ports: [{ port: 80, targetPort: 3000 }]\n`,
});

const template = (metadata: string): Record<string, string> => ({
  'template.yaml': `AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  Orders:\n    Type: AWS::RDS::DBInstance\n${metadata}    Properties:\n      Engine: postgres\n      DBInstanceClass: db.m6g.large\n      AllocatedStorage: '100'\n      BackupRetentionPeriod: 0\n`,
});

describe('suppressions of other linters', () => {
  it('accept in Terraform for the resource in or above which they stand, and only there', async () => {
    const bare = await lint(database(''));
    expect(bare.found.filter((rule) => rule === 'redundancy/require-backup')).toHaveLength(2);
    for (const files of [database('  #checkov:skip=CKV_AWS_133:it is filled anew each night\n'), database('', '# checkov:skip=CKV_AWS_133:it is filled anew each night\n')]) {
      const { found, accepted } = await lint(files);
      expect(found.filter((rule) => rule === 'redundancy/require-backup')).toHaveLength(1);
      expect(accepted).toEqual(['redundancy/require-backup checkov accepted for checkov: it is filled anew each night']);
    }
    expect((await lint(database('', '#tfsec:ignore:aws-rds-specify-backup-retention\n'))).accepted).toEqual(['redundancy/require-backup trivy accepted for trivy']);
    expect((await lint(database('  backup_window = "" #trivy:ignore:AVD-AWS-0077:exp:2025-12-31\n'))).accepted).toEqual([]);
  });

  it('accept only what the check asks, and are never called useless', async () => {
    const { found, accepted, own } = await lint(database('  #checkov:skip=CKV_AWS_16:no secrets in it\n  #checkov:skip=CKV_AWS_157:one zone\n'));
    expect(found.filter((rule) => rule === 'redundancy/require-backup')).toHaveLength(2);
    expect(accepted.filter((one) => one.startsWith('redundancy/require-backup'))).toEqual([]);
    expect(own).toEqual([]);
  });

  it('accept in annotations of an object', async () => {
    const bare = await lint(deployment(''));
    expect(bare.found).toEqual(expect.arrayContaining(['isolation/bound-resources', 'monitoring/require-readiness-probe', 'redundancy/require-replicas']));
    const { found, accepted } = await lint(deployment("    checkov.io/skip1: CKV_K8S_9=started by hand\n    ignore-check.kube-linter.io/unset-memory-requirements: the namespace has a LimitRange\n    kube-score/ignore: deployment-replicas\n"));
    expect(found).not.toContain('monitoring/require-readiness-probe');
    expect(found).not.toContain('redundancy/require-replicas');
    expect(accepted).toEqual(expect.arrayContaining(['monitoring/require-readiness-probe checkov accepted for checkov: started by hand', 'isolation/bound-resources kube-linter accepted for kube-linter: the namespace has a LimitRange', 'redundancy/require-replicas kube-score accepted for kube-score']));
    expect((await lint(deployment('    polaris.fairwinds.com/exempt: "true"\n'))).found).not.toContain('isolation/bound-resources');
  });

  it('accept in metadata and comments of a template', async () => {
    expect((await lint(template(''))).found).toContain('redundancy/require-backup');
    for (const metadata of [
      '    Metadata:\n      checkov:\n        skip:\n          - id: CKV_AWS_133\n            comment: filled anew\n',
      '    # checkov:skip=CKV_AWS_133:filled anew\n',
      '    Metadata:\n      cdk_nag:\n        rules_to_suppress:\n          - { id: AwsSolutions-RDS13, reason: filled anew }\n',
    ]) {
      const { found, accepted } = await lint(template(metadata));
      expect(found).not.toContain('redundancy/require-backup');
      expect(accepted.filter((one) => one.startsWith('redundancy/require-backup') && one.endsWith(': filled anew'))).toHaveLength(1);
    }
  });

  it('accept in a Dockerfile for the next instruction', async () => {
    const files = (comment: string): Record<string, string> => ({ Dockerfile: `FROM node:22-slim\nCOPY . .\n${comment}CMD node dist/main.js\n` });
    expect((await lint(files(''))).found).toContain('fault-tolerance/require-graceful-termination');
    expect((await lint(files('# hadolint ignore=DL3025\n'))).found).not.toContain('fault-tolerance/require-graceful-termination');
  });

  it('accept in CDK code for the construct that is named', async () => {
    const files = (calls: string): Record<string, string> => ({
      'lib/stack.ts': `import { Stack, Duration } from 'aws-cdk-lib';\nimport * as rds from 'aws-cdk-lib/aws-rds';\nimport { NagSuppressions } from 'cdk-nag';\nexport class Shop extends Stack {\n  constructor(scope: any, vpc: any) {\n    super(scope, 'Shop');\n    const orders = new rds.DatabaseInstance(this, 'Orders', { engine: rds.DatabaseInstanceEngine.POSTGRES, vpc, backupRetention: Duration.days(0) });\n    const carts = new rds.DatabaseInstance(this, 'Carts', { engine: rds.DatabaseInstanceEngine.POSTGRES, vpc, backupRetention: Duration.days(0) });\n${calls}  }\n}\n`,
    });
    expect((await lint(files(''))).found.filter((rule) => rule === 'redundancy/require-backup')).toHaveLength(2);
    const one = await lint(files("    NagSuppressions.addResourceSuppressions(orders, [{ id: 'AwsSolutions-RDS13', reason: 'filled anew' }]);\n"));
    expect(one.found.filter((rule) => rule === 'redundancy/require-backup')).toHaveLength(1);
    expect(one.accepted).toEqual(['redundancy/require-backup cdk-nag accepted for cdk-nag: filled anew']);
    const all = await lint(files("    NagSuppressions.addStackSuppressions(this, [{ id: 'AwsSolutions-RDS13', reason: 'a demo' }]);\n"));
    expect(all.found).not.toContain('redundancy/require-backup');
  });

  it('are not heard where the configuration says so', async () => {
    const { found, accepted } = await lint({ ...database('  #checkov:skip=CKV_AWS_133:filled anew\n'), 'holdfast.yaml': 'peerSuppressions: false\n' });
    expect(found.filter((rule) => rule === 'redundancy/require-backup')).toHaveLength(2);
    expect(accepted).toEqual([]);
  });
});

describe('the table of other linters', () => {
  it('names rules and messages that there are', () => {
    const messages = new Map(rules.map((rule) => [rule.id as string, Object.keys(rule.messages)]));
    const lost = peerChecks().filter(({ rule, messages: named }) => rule !== undefined && (!messages.has(rule) || (named ?? []).some((name) => !messages.get(rule)?.includes(name))));
    expect(lost.map(({ peer, check }) => `${peer} ${check}`)).toEqual([]);
  });
});
