// A routing policy without health is a fixed answer: it goes on sending people to what is down.

import { defineRule, type Report } from '../../engine/lint/rule';
import type { CloudRecord } from '../../engine/model/cloud/things';
import { settled } from '../../engine/model/questions';
import { isLive, repairs, subjectOfThing } from '../cloud-fixes';

type Messages = 'blind' | 'alias';

export const requireDnsFailover = defineRule<Messages>({
  id: 'failover/require-dns-failover',
  since: '0.2.0',
  severity: 'warning',
  reads: 'infrastructure',
  fault: 'down',
  messages: {
    blind: '`{name}` is answered with a dead address too: it is one of several by a policy, and nothing checks it.',
    alias: '`{name}` is answered with a dead target too: `{property}` is false.',
  },
  docs: {
    what: 'Reports a DNS record that is one of several by a routing policy (failover, weighted, latency, multivalue) and that neither a health check nor its target’s health takes out.',
    why: 'The other records are there for the day when this one is down. Without health they are not used on that day.',
    fix: 'Give the record a health check, or let an alias evaluate the health of its target.',
    not: 'Records without a policy (one place by design), the secondary of a failover pair, and records that are no addresses.',
    references: ['https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover.html'],
  },
  check({ system, report }) {
    for (const record of system.cloud.records) {
      const found = isLive(record) ? judge(record) : undefined;
      if (found) report(found);
    }
  },
  examples: {
    bad: [
      { name: 'a weighted address', files: { 'main.tf': record('  records        = ["192.0.2.1"]\n  set_identifier = "a"\n\n  weighted_routing_policy {\n    weight = 50\n  }\n', '«"shop"»') }, expect: 'blind' },
      { name: 'the primary of a pair', files: { 'main.tf': record('  records        = ["192.0.2.1"]\n  set_identifier = "a"\n\n  failover_routing_policy {\n    type = "PRIMARY"\n  }\n', '«"shop"»') }, expect: 'blind' },
      {
        name: 'an alias that does not look',
        files: { 'main.tf': record('  set_identifier = "a"\n\n  latency_routing_policy {\n    region = "eu-west-1"\n  }\n\n  alias {\n    name                   = "edge.example.com"\n    zone_id                = "Z1"\n    evaluate_target_health = «false»\n  }\n') },
        expect: 'alias',
        fixed: { 'main.tf': record('  set_identifier = "a"\n\n  latency_routing_policy {\n    region = "eu-west-1"\n  }\n\n  alias {\n    name                   = "edge.example.com"\n    zone_id                = "Z1"\n    evaluate_target_health = true\n  }\n') },
      },
      { name: 'in a template', files: { 'stack.yaml': 'Resources:\n  «Shop»:\n    Type: AWS::Route53::RecordSet\n    Properties:\n      Name: shop.example.com\n      Type: A\n      SetIdentifier: a\n      Weight: 10\n      ResourceRecords: [192.0.2.1]\n' }, expect: 'blind' },
    ],
    good: [
      { name: 'a health check', files: { 'main.tf': record('  records         = ["192.0.2.1"]\n  set_identifier  = "a"\n  health_check_id = "check-1"\n\n  weighted_routing_policy {\n    weight = 50\n  }\n') } },
      { name: 'one place by design', files: { 'main.tf': record('  records = ["192.0.2.1"]\n') } },
      { name: 'the secondary of a pair', files: { 'main.tf': record('  records        = ["192.0.2.2"]\n  set_identifier = "b"\n\n  failover_routing_policy {\n    type = "SECONDARY"\n  }\n') } },
      { name: 'a plain alias', files: { 'main.tf': record('\n  alias {\n    name                   = "edge.example.com"\n    zone_id                = "Z1"\n    evaluate_target_health = false\n  }\n') } },
    ],
    unknown: [
      { name: 'the health check is a variable', files: { 'main.tf': `variable "check" {}\n${record('  records         = ["192.0.2.1"]\n  set_identifier  = "a"\n  health_check_id = var.check\n\n  weighted_routing_policy {\n    weight = 50\n  }\n')}` } },
      { name: 'whether the alias looks is a variable', files: { 'main.tf': `variable "look" {}\n${record('  set_identifier = "a"\n\n  weighted_routing_policy {\n    weight = 50\n  }\n\n  alias {\n    name                   = "edge.example.com"\n    zone_id                = "Z1"\n    evaluate_target_health = var.look\n  }\n')}` } },
    ],
  },
});

function judge(one: CloudRecord): Report<Messages> | undefined {
  if (one.policy.state !== 'set' || !/^(?:A|AAAA|CNAME)$/i.test(settled(one.type) ?? '')) return undefined;
  // What comes last has nowhere else to go.
  if (one.isPrimary.state === 'unknown' || settled(one.isPrimary) === false) return undefined;
  if (settled(one.healthCheck) !== false) return undefined;
  const common = { data: { name: one.name, property: 'evaluate_target_health' }, label: one.title, subject: subjectOfThing(one) };
  if (!one.isAlias) return { ...common, at: one.at, message: 'blind' };
  if (settled(one.evaluatesHealth) !== false) return undefined;
  return { ...common, at: one.evaluatesHealth.state === 'set' ? one.evaluatesHealth.at : one.at, message: 'alias', fixes: repairs(one, 'evaluates', 'unsafe') };
}

function record(lines: string, label = '"shop"'): string {
  return `resource "aws_route53_record" ${label} {\n  zone_id = "Z0"\n  name    = "shop.example.com"\n  type    = "A"\n  ttl     = 60\n${lines}}\n`;
}
