// A target that leaves a balancer may still be answering: without a drain its requests are cut.

import { defineRule } from '../../engine/lint/rule';
import { settled } from '../../engine/model/questions';
import { isLive, repairs, subjectOfThing } from '../cloud-fixes';
import { resource, stack } from '../example-templates';

const CLASSIC = ["Listeners: [{ LoadBalancerPort: '80', InstancePort: '80', Protocol: HTTP }]", "HealthCheck: { Target: 'HTTP:80/', Interval: '10', Timeout: '5', HealthyThreshold: '2', UnhealthyThreshold: '2' }"];

export const requireDraining = defineRule({
  id: 'load-balancing/require-draining',
  since: '0.2.0',
  severity: 'warning',
  reads: 'infrastructure',
  fault: 'cut',
  messages: {
    off: 'Each rollout cuts running requests: connection draining of `{name}` is off.',
    zero: 'Each rollout cuts running requests: `{name}` waits 0 s before it lets a target go.',
  },
  docs: {
    what: 'Reports a classic load balancer without connection draining, which is its default, and a target group or backend service that waits no time at all.',
    why: 'Rollouts, scaling and repairs take targets out all the time. What they are answering at that moment ends in an error.',
    fix: 'Switch draining on, for as long as the slowest ordinary request takes.',
    not: 'Target groups that say nothing (300 s hold), targets that are functions, and values that cannot be known.',
  },
  check({ system, report }) {
    for (const balancer of system.cloud.balancers) {
      if (!balancer.isClassic || settled(balancer.drain) !== false || !isLive(balancer)) continue;
      report({ at: balancer.drain.state === 'set' ? balancer.drain.at : balancer.at, message: 'off', data: { name: balancer.name }, label: balancer.title, fixes: repairs(balancer, 'drainEnabled', 'safe', 'Drain connections'), subject: subjectOfThing(balancer) });
    }
    for (const group of system.cloud.targetGroups) {
      if (group.drainSeconds.state !== 'set' || group.drainSeconds.value !== 0 || settled(group.targetType) === 'lambda' || !isLive(group)) continue;
      report({ at: group.drainSeconds.at, message: 'zero', data: { name: group.name }, label: group.title, fixes: repairs(group, 'drain', 'safe', 'Drain for 30 s'), subject: subjectOfThing(group) });
    }
  },
  examples: {
    bad: [
      {
        name: 'a classic load balancer that says nothing',
        files: { 'stack.yaml': stack(resource('«Edge»', 'AWS::ElasticLoadBalancing::LoadBalancer', ...CLASSIC)) },
        expect: 'off',
        fixed: { 'stack.yaml': stack(resource('Edge', 'AWS::ElasticLoadBalancing::LoadBalancer', ...CLASSIC, 'ConnectionDrainingPolicy:', '  Enabled: true', '  Timeout: 300')) },
      },
      { name: 'a classic load balancer that switches it off', files: { 'stack.yaml': stack(resource('Edge', 'AWS::ElasticLoadBalancing::LoadBalancer', ...CLASSIC, 'ConnectionDrainingPolicy: { Enabled: «false» }')) }, expect: 'off' },
      {
        name: 'a target group that waits 0 s',
        files: { 'stack.yaml': stack(resource('Targets', 'AWS::ElasticLoadBalancingV2::TargetGroup', 'Protocol: HTTP', 'TargetGroupAttributes:', '  - Key: deregistration_delay.timeout_seconds', "    Value: «'0'»")) },
        expect: 'zero',
        fixed: { 'stack.yaml': stack(resource('Targets', 'AWS::ElasticLoadBalancingV2::TargetGroup', 'Protocol: HTTP', 'TargetGroupAttributes:', '  - Key: deregistration_delay.timeout_seconds', "    Value: '30'")) },
      },
      { name: 'in Terraform', files: { 'main.tf': 'resource "aws_lb_target_group" "web" {\n  protocol             = "HTTP"\n  port                 = 80\n  deregistration_delay = «0»\n}\n' }, expect: 'zero' },
    ],
    good: [
      { name: 'the default of a target group is 300 s', files: { 'stack.yaml': stack(resource('Targets', 'AWS::ElasticLoadBalancingV2::TargetGroup', 'Protocol: HTTP')) } },
      { name: 'a classic load balancer that drains', files: { 'stack.yaml': stack(resource('Edge', 'AWS::ElasticLoadBalancing::LoadBalancer', ...CLASSIC, 'ConnectionDrainingPolicy: { Enabled: true, Timeout: 60 }')) } },
      { name: 'functions as targets', files: { 'main.tf': 'resource "aws_lb_target_group" "web" {\n  target_type          = "lambda"\n  deregistration_delay = 0\n}\n' } },
      { name: 'a short time', files: { 'main.tf': 'resource "aws_lb_target_group" "web" {\n  protocol             = "HTTP"\n  deregistration_delay = 15\n}\n' } },
    ],
    unknown: [
      { name: 'a variable without a default', files: { 'main.tf': 'variable "delay" {}\nresource "aws_lb_target_group" "web" {\n  protocol             = "HTTP"\n  deregistration_delay = var.delay\n}\n' } },
      { name: 'a parameter', files: { 'stack.yaml': `Parameters:\n  Drain:\n    Type: String\n${stack(resource('Edge', 'AWS::ElasticLoadBalancing::LoadBalancer', ...CLASSIC, 'ConnectionDrainingPolicy: { Enabled: !Ref Drain }'))}` } },
    ],
  },
});
