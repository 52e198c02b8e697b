// A backup is a promise until somebody has restored it.

import { defineRule } from '../../engine/lint/rule';
import { isLive, subjectOfThing } from '../cloud-fixes';
import { resource, stack } from '../example-templates';

const PLAN = "BackupPlan: { BackupPlanName: daily, BackupPlanRule: [{ RuleName: daily, TargetBackupVault: main, ScheduleExpression: 'cron(0 5 * * ? *)' }] }";

export const requireRestoreDrill = defineRule({
  id: 'testing/require-restore-drill',
  since: '0.2.0',
  severity: 'advice',
  reads: 'infrastructure',
  fault: 'lost',
  messages: {
    never: 'Whether the backups of `{name}` can be restored, and how long that takes, is not known: nothing tries it.',
  },
  docs: {
    what: 'Reports, once for a project, a backup plan beside which no plan of restore tests exists.',
    why: 'Missing keys, permissions, extensions and a copy that is too old are found when the data are needed, or before.',
    fix: 'Add a restore testing plan, or restore by hand now and then and write down how long it took.',
    not: 'Projects with a restore testing plan or a folder of drills, and plans for development.',
    references: ['https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing.html'],
  },
  check({ system, report }) {
    const [plan] = system.cloud.backupPlans.filter(isLive);
    if (!plan || system.cloud.hasRestoreTests || system.drills.length > 0) return;
    report({ at: plan.at, message: 'never', data: { name: plan.name }, label: plan.title, subject: subjectOfThing(plan) });
  },
  examples: {
    bad: [
      { name: 'a plan of backups', files: { 'stack.yaml': stack(resource('«Daily»', 'AWS::Backup::BackupPlan', PLAN)) }, expect: 'never' },
      { name: 'two plans are one finding', files: { 'stack.yaml': stack(resource('«Daily»', 'AWS::Backup::BackupPlan', PLAN), resource('Weekly', 'AWS::Backup::BackupPlan', PLAN)) }, expect: 'never' },
      { name: 'in Terraform', files: { 'main.tf': 'resource "aws_backup_plan" «"daily"» {\n  name = "daily"\n}\n' }, expect: 'never' },
      { name: 'beside a selection', files: { 'main.tf': 'resource "aws_backup_plan" «"daily"» {\n  name = "daily"\n}\n\nresource "aws_backup_selection" "all" {\n  plan_id   = aws_backup_plan.daily.id\n  resources = ["*"]\n}\n' }, expect: 'never' },
    ],
    good: [
      { name: 'restores are tried', files: { 'stack.yaml': stack(resource('Daily', 'AWS::Backup::BackupPlan', PLAN), resource('Tries', 'AWS::Backup::RestoreTestingPlan', 'RestoreTestingPlanName: weekly')) } },
      { name: 'no plan', files: { 'stack.yaml': stack(resource('Orders', 'AWS::DynamoDB::Table', 'BillingMode: PAY_PER_REQUEST')) } },
      { name: 'in Terraform, as it is meant', files: { 'main.tf': 'resource "aws_backup_plan" "daily" {\n  name = "daily"\n}\n\nresource "aws_backup_restore_testing_plan" "weekly" {\n  name = "weekly"\n}\n' } },
      { name: 'for development', files: { 'dev/main.tf': 'resource "aws_backup_plan" "daily" {\n  name = "daily"\n}\n' } },
    ],
    unknown: [
      { name: 'a folder of drills', files: { 'main.tf': 'resource "aws_backup_plan" "daily" {\n  name = "daily"\n}\n', 'drills/compose.yaml': 'services:\n  restore:\n    image: postgres:16\n' } },
      { name: 'a plan that may not exist', files: { 'test/main.tf': 'resource "aws_backup_plan" "daily" {\n  count = 0\n  name  = "daily"\n}\n' } },
    ],
  },
});
