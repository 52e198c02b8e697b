// A balancer takes a dead machine out of the rotation; only its group replaces it, and it asks by default whether the machine is on, not whether it answers.

import { defineRule } from '../../engine/lint/rule';
import { settled } from '../../engine/model/questions';
import { isLive, repairs, subjectOfThing } from '../cloud-fixes';

export const requireTargetHealthReplacement = defineRule({
  id: 'load-balancing/require-target-health-replacement',
  since: '0.2.0',
  severity: 'warning',
  reads: 'infrastructure',
  fault: 'hung',
  messages: {
    machine: 'A hung machine of `{name}` is never replaced: the group asks only whether it is switched on, not what its balancer says.',
  },
  docs: {
    what: 'Reports a group of machines behind a load balancer that does not use the balancer’s health check.',
    why: 'A process that hangs on a running machine fails the balancer’s check only. The group keeps the machine, and runs with less than it was given, one by one.',
    fix: 'Set the health check type to `ELB`, with a grace period that is longer than a start takes.',
    not: 'Groups that nothing balances, hosts of a container cluster, and types that cannot be known.',
    references: ['https://docs.aws.amazon.com/autoscaling/ec2/userguide/health-checks-overview.html'],
  },
  check({ system, report }) {
    for (const group of system.cloud.instanceGroups) {
      const type = settled(group.healthCheckType);
      if (!isLive(group) || settled(group.balancers) === undefined || type === undefined || /elb/i.test(type) || /ecs|eks|cluster/i.test(group.name)) continue;
      report({
        at: group.healthCheckType.state === 'set' ? group.healthCheckType.at : group.at,
        message: 'machine',
        data: { name: group.name },
        label: group.healthCheckType.state === 'set' ? `health check ${type}` : `health check ${type} by default`,
        related: group.balancerEvidence.slice(0, 2),
        fixes: repairs(group, 'healthCheckType', 'unsafe', 'Replace machines that the balancer finds dead'),
        subject: subjectOfThing(group),
      });
    }
  },
  examples: {
    bad: [
      {
        name: 'the default, behind a target group',
        files: { 'main.tf': group('').replace('"aws_autoscaling_group" "web"', '"aws_autoscaling_group" «"web"»') },
        expect: 'machine',
      },
      { name: 'written', files: { 'main.tf': group('  health_check_type = «"EC2"»\n') }, expect: 'machine' },
      { name: 'joined by an attachment', files: { 'main.tf': 'resource "aws_autoscaling_group" "web" {\n  min_size          = 2\n  max_size          = 6\n  health_check_type = «"EC2"»\n}\n\nresource "aws_autoscaling_attachment" "web" {\n  autoscaling_group_name = aws_autoscaling_group.web.id\n  lb_target_group_arn    = "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/web/1"\n}\n' }, expect: 'machine' },
      { name: 'in a template', files: { 'stack.yaml': 'Resources:\n  «Web»:\n    Type: AWS::AutoScaling::AutoScalingGroup\n    Properties:\n      MinSize: 2\n      MaxSize: 6\n      TargetGroupARNs: [!Ref Targets]\n  Targets:\n    Type: AWS::ElasticLoadBalancingV2::TargetGroup\n    Properties:\n      Protocol: HTTP\n' }, expect: 'machine' },
    ],
    good: [
      { name: 'by the balancer', files: { 'main.tf': group('  health_check_type = "ELB"\n') } },
      { name: 'nothing balances it', files: { 'main.tf': 'resource "aws_autoscaling_group" "worker" {\n  min_size = 2\n  max_size = 6\n}\n' } },
      { name: 'by the balancer, joined by an attachment', files: { 'main.tf': 'resource "aws_autoscaling_group" "web" {\n  min_size          = 2\n  max_size          = 6\n  health_check_type = "ELB"\n}\n\nresource "aws_autoscaling_attachment" "web" {\n  autoscaling_group_name = aws_autoscaling_group.web.id\n  lb_target_group_arn    = "arn"\n}\n' } },
      { name: 'for development', files: { 'dev/main.tf': group('') } },
    ],
    unknown: [
      { name: 'the type is a variable', files: { 'main.tf': `variable "type" {}\n${group('  health_check_type = var.type\n')}` } },
      { name: 'the target groups are a variable', files: { 'main.tf': 'variable "groups" {}\nresource "aws_autoscaling_group" "web" {\n  min_size          = 2\n  max_size          = 6\n  target_group_arns = var.groups\n}\n' } },
    ],
  },
});

function group(lines: string): string {
  return `resource "aws_autoscaling_group" "web" {\n  min_size          = 2\n  max_size          = 6\n${lines}  target_group_arns = [aws_lb_target_group.web.arn]\n}\n\nresource "aws_lb_target_group" "web" {\n  protocol = "HTTP"\n  port     = 80\n}\n`;
}
