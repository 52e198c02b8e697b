// What nobody watches is found by its users. A stack without any alarm is one finding, a dead-letter queue that nobody watches one of its own.

import { defineRule } from '../../engine/lint/rule';
import type { CloudThing } from '../../engine/model/cloud/things';
import type { SystemModel } from '../../engine/model/model';
import { isLive, subjectOfThing } from '../cloud-fixes';
import { queueAndFunction, resource, served, stack } from '../example-templates';

export const requireAlarm = defineRule<'none' | 'some' | 'aside'>({
  id: 'monitoring/require-alarm',
  since: '0.2.0',
  severity: 'advice',
  reads: 'infrastructure',
  fault: 'down',
  messages: {
    none: 'Users notice first when `{name}` is down: no alarm watches anything that is deployed with it.',
    some: 'Users notice first when `{name}` is down: the alarms of this project watch other things.',
    aside: { text: 'Messages that were put aside in `{name}` stay there until somebody looks: no alarm watches this dead-letter queue.', severity: 'warning' },
  },
  docs: {
    what: 'Reports, once for each stack, that nothing in it has an alarm (stores, queues, services, functions behind an API), and in projects with alarms a dead-letter queue that none of them watches.',
    why: 'Managed does not mean watched: a full disk, a growing queue or a failing function is only seen by whoever asks for the metric.',
    fix: 'One alarm on what users feel (errors, latency, age of the oldest message) for each important resource, with somebody to tell.',
    not: 'Projects with monitors of another product, and whatever says that it is for development. Alarms that only drive scaling do not count: they tell nobody.',
    references: ['https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/monitor-workload-resources.html'],
  },
  check({ system, report }) {
    const { cloud } = system;
    const alarms = cloud.alarms.filter((alarm) => !alarm.onlyScales);
    const watched = new Set(alarms.flatMap((alarm) => [...alarm.watches]));
    const scopes = new Set([...alarms, ...cloud.queues.filter((queue) => queue.hasAlarm === true)].map((one) => one.scope));
    if (cloud.hasMonitors || system.alertRules.length > 0) return;
    const aside = cloud.queues.filter((queue) => queue.isNamedDeadLetter === true && !watched.has(queue.id) && queue.hasAlarm !== true && isLive(queue));
    // One finding for a stack, and one place for a module that several stacks call.
    const seen = new Set<string>();
    for (const thing of firstOfEachScope(system)) {
      const place = `${thing.at.file}:${thing.at.span[0]}`;
      if (scopes.has(thing.scope) || watched.has(thing.id) || seen.has(place) || aside.some((queue) => queue.scope === thing.scope)) continue;
      seen.add(place);
      report({ at: thing.at, message: alarms.length === 0 ? 'none' : 'some', data: { name: thing.name }, label: thing.title, subject: `alarms of ${thing.scope}` });
    }
    for (const queue of aside) {
      report({ at: queue.at, message: 'aside', data: { name: queue.name }, label: 'dead-letter queue', subject: subjectOfThing(queue), ...(alarms.length === 0 && queue.hasAlarm === undefined ? { severity: 'advice' as const } : {}) });
    }
  },
  examples: {
    bad: [
      { name: 'a database that nothing watches', files: { 'stack.yaml': stack(resource('«Orders»', 'AWS::RDS::DBInstance', 'MultiAZ: true', 'BackupRetentionPeriod: 7')) }, expect: 'none' },
      { name: 'a service that nothing watches', files: { 'stack.yaml': served('DesiredCount: 2').replace('  Orders:', '  «Orders»:') }, expect: 'none' },
      { name: 'the alarms of another stack', files: { 'a/stack.yaml': stack(resource('«Orders»', 'AWS::RDS::DBInstance', 'MultiAZ: true')), 'b/stack.yaml': stack(resource('Busy', 'AWS::CloudWatch::Alarm', 'MetricName: Errors', 'AlarmActions: [arn]')) }, expect: 'some' },
      { name: 'what all requests come through stands for the rest of its stack', files: { 'lib/stack.ts': "import { Stack } from 'aws-cdk-lib';\nimport * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';\nimport * as rds from 'aws-cdk-lib/aws-rds';\nexport class Shop extends Stack {\n  readonly orders = new rds.DatabaseInstance(this, 'Orders', { multiAz: true });\n  readonly entry = «new elb.ApplicationLoadBalancer»(this, 'Entry', { internetFacing: true });\n}\n" }, expect: 'none' },
      {
        name: 'a module that two stacks call is said once',
        files: {
          'modules/db/main.tf': 'resource "aws_db_instance" «"orders"» {\n  multi_az                = true\n  backup_retention_period = 7\n}\n',
          'live/main.tf': 'module "orders" {\n  source = "../modules/db"\n}\n',
          'other/main.tf': 'module "orders" {\n  source = "../modules/db"\n}\n',
        },
        expect: 'none',
      },
      { name: 'alarms that only scale', files: { 'stack.yaml': served('DesiredCount: 2').replace('  Orders:', '  «Orders»:') + resource('Busy', 'AWS::CloudWatch::Alarm', 'MetricName: CPUUtilization', 'AlarmActions: [!Ref Grow]') + resource('Grow', 'AWS::ApplicationAutoScaling::ScalingPolicy', 'PolicyName: grow') }, expect: 'none' },
      { name: 'a dead-letter queue beside other alarms', files: { 'stack.yaml': queueAndFunction(['VisibilityTimeout: 60'], ['Timeout: 10']).replace('  Aside:', '  «Aside»:') + resource('Errors', 'AWS::CloudWatch::Alarm', 'MetricName: Errors', 'AlarmActions: [arn]', 'Dimensions: [{ Name: FunctionName, Value: !Ref Ship }]') }, expect: 'aside' },
    ],
    good: [
      { name: 'an alarm in the stack', files: { 'stack.yaml': stack(resource('Orders', 'AWS::RDS::DBInstance', 'MultiAZ: true'), resource('Full', 'AWS::CloudWatch::Alarm', 'MetricName: FreeStorageSpace', 'AlarmActions: [arn]', 'Dimensions: [{ Name: DBInstanceIdentifier, Value: !Ref Orders }]')) } },
      { name: 'an alarm in another stack', files: { 'main.tf': 'resource "aws_db_instance" "orders" {\n  identifier = "orders"\n}\nresource "datadog_monitor" "orders" {\n  name = "orders"\n}\n' } },
      { name: 'nothing critical', files: { 'stack.yaml': stack(resource('Logs', 'AWS::S3::Bucket', 'BucketName: logs')) } },
      { name: 'for development', files: { 'dev/stack.yaml': stack(resource('Orders', 'AWS::RDS::DBInstance', 'MultiAZ: true')) } },
    ],
    unknown: [
      { name: 'rules of a metrics server', files: { 'stack.yaml': stack(resource('Orders', 'AWS::RDS::DBInstance', 'MultiAZ: true')), 'prometheus/rules.yaml': 'groups:\n  - name: orders\n    rules:\n      - alert: Down\n        expr: up == 0\n        for: 5m\n' } },
      { name: 'a composite alarm', files: { 'stack.yaml': stack(resource('Orders', 'AWS::RDS::DBInstance', 'MultiAZ: true'), resource('All', 'AWS::CloudWatch::CompositeAlarm', 'AlarmRule: ALARM(a)')) } },
    ],
  },
});

/** What users depend on most in each stack: the balancer that all requests come through, services, stores that keep data, queues, functions that answer. */
function firstOfEachScope(system: SystemModel): readonly CloudThing[] {
  const { cloud, workloads } = system;
  const services = workloads.flatMap((workload) => (workload.cloud && workload.isServed ? [workload.cloud] : []));
  const stores = cloud.stores.filter((store) => store.kind !== 'object-store' && !/lock|state/i.test(store.name));
  const functions = cloud.functions.filter((one) => one.triggers.some((trigger) => trigger.kind === 'async' && (trigger.everySeconds === undefined || trigger.everySeconds > 3600)));
  const all: readonly CloudThing[] = [...cloud.balancers, ...services, ...stores, ...cloud.queues.filter((queue) => !queue.isDeadLetter), ...functions];
  const first = new Map<string, CloudThing>();
  for (const thing of all) if (isLive(thing) && !first.has(thing.scope)) first.set(thing.scope, thing);
  return [...first.values()];
}
