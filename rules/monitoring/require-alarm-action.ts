// An alarm that tells nobody turns red in a console that nobody has open.

import { defineRule } from '../../engine/lint/rule';
import { settled } from '../../engine/model/questions';
import { isLive, isSoft, repairs, subjectOfThing } from '../cloud-fixes';
import { resource, stack } from '../example-templates';

export const requireAlarmAction = defineRule({
  id: 'monitoring/require-alarm-action',
  since: '0.2.0',
  severity: 'warning',
  reads: 'infrastructure',
  fault: 'down',
  messages: {
    nobody: 'Nobody hears of it when `{name}` goes off: it has no action.',
    off: 'Nobody hears of it when `{name}` goes off: its actions are switched off.',
  },
  docs: {
    what: 'Reports an alarm without any action, and one whose actions are switched off.',
    why: 'The alarm was written because somebody wanted to know. Without an action nobody is told, and everybody believes that it is watched.',
    fix: 'Send it to a topic, a pager or a chat that somebody reads.',
    not: 'Alarms that something else uses (a composite alarm, a deployment, a scaling policy, a dashboard does not count), and actions that come from outside.',
  },
  check({ system, report }) {
    for (const alarm of system.cloud.alarms) {
      if (alarm.isUsed || !isLive(alarm)) continue;
      const isOff = settled(alarm.isEnabled) === false;
      if (!isOff && settled(alarm.tells) !== false) continue;
      report({
        at: isOff && alarm.isEnabled.state === 'set' ? alarm.isEnabled.at : alarm.at,
        message: isOff ? 'off' : 'nobody',
        data: { name: alarm.name },
        label: settled(alarm.metric) ?? alarm.title,
        fixes: isOff ? repairs(alarm, 'enabled', 'unsafe', 'Switch its actions on') : [],
        subject: subjectOfThing(alarm),
        ...(isSoft(isOff ? alarm.isEnabled : alarm.tells) ? { severity: 'advice' as const } : {}),
      });
    }
  },
  examples: {
    bad: [
      { name: 'no action', files: { 'main.tf': 'resource "aws_cloudwatch_metric_alarm" «"cpu"» {\n  metric_name         = "CPUUtilization"\n  comparison_operator = "GreaterThanThreshold"\n}\n' }, expect: 'nobody' },
      { name: 'an empty list', files: { 'main.tf': 'resource "aws_cloudwatch_metric_alarm" «"cpu"» {\n  metric_name   = "CPUUtilization"\n  alarm_actions = []\n}\n' }, expect: 'nobody' },
      {
        name: 'switched off',
        files: { 'stack.yaml': stack(resource('Errors', 'AWS::CloudWatch::Alarm', 'MetricName: Errors', 'AlarmActions: [!Ref Topic]', 'ActionsEnabled: «false»')) },
        expect: 'off',
        fixed: { 'stack.yaml': stack(resource('Errors', 'AWS::CloudWatch::Alarm', 'MetricName: Errors', 'AlarmActions: [!Ref Topic]', 'ActionsEnabled: true')) },
      },
      { name: 'in a template', files: { 'stack.yaml': stack(resource('«Errors»', 'AWS::CloudWatch::Alarm', 'MetricName: Errors')) }, expect: 'nobody' },
    ],
    good: [
      { name: 'a topic', files: { 'stack.yaml': stack(resource('Errors', 'AWS::CloudWatch::Alarm', 'MetricName: Errors', 'AlarmActions: [!Ref Topic]')) } },
      { name: 'a composite alarm uses it', files: { 'main.tf': 'resource "aws_cloudwatch_metric_alarm" "cpu" {\n  metric_name = "CPUUtilization"\n}\nresource "aws_cloudwatch_composite_alarm" "all" {\n  alarm_rule    = "ALARM(${aws_cloudwatch_metric_alarm.cpu.alarm_name})"\n  alarm_actions = ["arn"]\n}\n' } },
      { name: 'only told when it is over', files: { 'stack.yaml': stack(resource('Errors', 'AWS::CloudWatch::Alarm', 'MetricName: Errors', 'OKActions: [!Ref Topic]')) } },
      { name: 'for development', files: { 'dev/stack.yaml': stack(resource('Errors', 'AWS::CloudWatch::Alarm', 'MetricName: Errors')) } },
    ],
    unknown: [
      { name: 'the actions are a variable', files: { 'main.tf': 'variable "actions" {}\nresource "aws_cloudwatch_metric_alarm" "cpu" {\n  alarm_actions = var.actions\n}\n' } },
      { name: 'a condition decides', files: { 'stack.yaml': `Parameters:\n  Topic:\n    Type: String\nConditions:\n  HasTopic: !Not [!Equals [!Ref Topic, none]]\n${stack(resource('Errors', 'AWS::CloudWatch::Alarm', 'MetricName: Errors', 'AlarmActions: !If [HasTopic, [!Ref Topic], !Ref "AWS::NoValue"]'))}` } },
    ],
  },
});
