// When a thing dies its metrics end with it, and an alarm that ignores missing data stays green.

import { defineRule } from '../../engine/lint/rule';
import { settled } from '../../engine/model/questions';
import { isLive, repairs, subjectOfThing } from '../cloud-fixes';
import { resource, stack } from '../example-templates';

/** Metrics that end when what they count is gone, with alarms for too little of it. */
const ALIVE = /^(?:RunningTaskCount|HealthyHostCount|GroupInServiceInstances|heartbeat|HeartBeat|Heartbeat|ActiveConnectionCount|InService\w*|RunningCount|HealthCheckStatus)$/;

export const noBlindAlarm = defineRule({
  id: 'monitoring/no-blind-alarm',
  since: '0.2.0',
  severity: 'info',
  reads: 'infrastructure',
  fault: 'down',
  messages: {
    blind: '`{name}` stays silent when `{metric}` stops coming: missing data are {missing}.',
  },
  docs: {
    what: 'Reports an alarm for too few of something that is alive (tasks, hosts, heartbeats) that does not count missing data as a breach.',
    why: 'When the last task or host is gone, nothing reports the metric any more. The alarm that was made for that case then has no data, and no opinion.',
    fix: 'Treat missing data as breaching.',
    not: 'Alarms for too much of something, and metrics that are zero when nothing happens.',
  },
  check({ system, report }) {
    for (const alarm of system.cloud.alarms) {
      const [metric, missing, comparison] = [settled(alarm.metric), settled(alarm.missingData), settled(alarm.comparison)];
      if (metric === undefined || missing === undefined || comparison === undefined || !ALIVE.test(metric) || !/^Less/.test(comparison.replace(/^.*\./, '').replace(/_/g, '')) && !/LESS/.test(comparison)) continue;
      if (/breaching$/i.test(missing) && !/not_?breaching$/i.test(missing) || !isLive(alarm)) continue;
      report({
        at: alarm.missingData.state === 'set' ? alarm.missingData.at : alarm.at,
        message: 'blind',
        data: { name: alarm.name, metric, missing: alarm.missingData.state === 'set' ? `\`${missing}\`` : 'ignored by default' },
        label: metric,
        fixes: repairs(alarm, 'missing', 'unsafe', 'Treat missing data as breaching'),
        subject: subjectOfThing(alarm),
      });
    }
  },
  examples: {
    bad: [
      {
        name: 'healthy hosts, by default',
        files: { 'stack.yaml': stack(resource('«Healthy»', 'AWS::CloudWatch::Alarm', 'MetricName: HealthyHostCount', 'ComparisonOperator: LessThanThreshold', 'AlarmActions: [arn]')) },
        expect: 'blind',
        fixed: { 'stack.yaml': stack(resource('Healthy', 'AWS::CloudWatch::Alarm', 'MetricName: HealthyHostCount', 'ComparisonOperator: LessThanThreshold', 'AlarmActions: [arn]', 'TreatMissingData: breaching')) },
      },
      { name: 'running tasks, not breaching', files: { 'main.tf': alarm('RunningTaskCount', '  treat_missing_data  = «"notBreaching"»\n') }, expect: 'blind' },
      { name: 'a heartbeat, ignored', files: { 'main.tf': alarm('Heartbeat', '  treat_missing_data  = «"ignore"»\n') }, expect: 'blind' },
      { name: 'instances in service', files: { 'main.tf': alarm('GroupInServiceInstances', '', '«"alive"»') }, expect: 'blind' },
    ],
    good: [
      { name: 'missing data are a breach', files: { 'main.tf': alarm('RunningTaskCount', '  treat_missing_data  = "breaching"\n') } },
      { name: 'errors', files: { 'main.tf': alarm('Errors', '').replace('LessThanThreshold', 'GreaterThanThreshold') } },
      { name: 'too many hosts', files: { 'main.tf': alarm('HealthyHostCount', '').replace('LessThanThreshold', 'GreaterThanThreshold') } },
      { name: 'free memory', files: { 'main.tf': alarm('FreeableMemory', '') } },
    ],
    unknown: [
      { name: 'a variable', files: { 'main.tf': `variable "missing" {}\n${alarm('RunningTaskCount', '  treat_missing_data  = var.missing\n')}` } },
      { name: 'the metric is a variable', files: { 'main.tf': `variable "metric" {}\n${alarm('RunningTaskCount', '').replace('"RunningTaskCount"', 'var.metric')}` } },
    ],
  },
});

function alarm(metric: string, lines: string, label = '"alive"'): string {
  return `resource "aws_cloudwatch_metric_alarm" ${label} {\n  metric_name         = "${metric}"\n  comparison_operator = "LessThanThreshold"\n  threshold           = 1\n  alarm_actions       = ["arn"]\n${lines}}\n`;
}
