// A replica that nobody promotes is no failover: somebody has to wake up, find it and switch.

import { defineRule } from '../../engine/lint/rule';
import { settled } from '../../engine/model/questions';
import { isLive, repairs, subjectOfThing } from '../cloud-fixes';

export const requireAutomaticFailover = defineRule({
  id: 'failover/require-automatic-failover',
  since: '0.2.0',
  severity: 'warning',
  reads: 'infrastructure',
  fault: 'down',
  messages: {
    manual: 'When the primary of `{name}` is lost its replicas wait for somebody to promote one: automatic failover is off.',
  },
  docs: {
    what: 'Reports a replicated store that does not fail over by itself, which is the default of replication groups and of accounts in several regions.',
    why: 'The copies are paid for and kept in step, and the outage is as long as without them: until somebody acts.',
    fix: 'Switch automatic failover on.',
    not: 'Stores of one node (they have no standby at all, which is another finding), values that cannot be known, and whatever says that it is for development.',
  },
  check({ system, report }) {
    for (const store of system.cloud.stores) {
      const members = settled(store.members);
      if (settled(store.automaticFailover) !== false || members === undefined || members < 2 || !isLive(store)) continue;
      report({
        at: store.automaticFailover.state === 'set' ? store.automaticFailover.at : store.at,
        message: 'manual',
        data: { name: store.name },
        label: store.automaticFailover.state === 'set' ? store.title : 'off by default',
        fixes: repairs(store, 'automaticFailover', 'unsafe'),
        subject: subjectOfThing(store),
      });
    }
  },
  examples: {
    bad: [
      {
        name: 'a replica and the default',
        files: { 'main.tf': 'resource "aws_elasticache_replication_group" «"carts"» {\n  replication_group_id = "carts"\n  num_cache_clusters   = 2\n}\n' },
        expect: 'manual',
      },
      { name: 'switched off', files: { 'main.tf': 'resource "aws_elasticache_replication_group" "carts" {\n  num_cache_clusters         = 3\n  automatic_failover_enabled = «false»\n}\n' }, expect: 'manual' },
      { name: 'in a template', files: { 'stack.yaml': 'Resources:\n  «Carts»:\n    Type: AWS::ElastiCache::ReplicationGroup\n    Properties:\n      NumCacheClusters: 2\n' }, expect: 'manual' },
      { name: 'replicas of each shard', files: { 'stack.yaml': 'Resources:\n  Carts:\n    Type: AWS::ElastiCache::ReplicationGroup\n    Properties:\n      ReplicasPerNodeGroup: 1\n      AutomaticFailoverEnabled: «false»\n' }, expect: 'manual' },
    ],
    good: [
      { name: 'it fails over by itself', files: { 'main.tf': 'resource "aws_elasticache_replication_group" "carts" {\n  num_cache_clusters         = 2\n  automatic_failover_enabled = true\n}\n' } },
      { name: 'one node', files: { 'main.tf': 'resource "aws_elasticache_replication_group" "carts" {\n  num_cache_clusters = 1\n}\n' } },
      { name: 'a database with a standby', files: { 'main.tf': 'resource "aws_db_instance" "orders" {\n  multi_az                = true\n  backup_retention_period = 7\n}\n' } },
      { name: 'for tests', files: { 'test/main.tf': 'resource "aws_elasticache_replication_group" "carts" {\n  num_cache_clusters = 2\n}\n' } },
    ],
    unknown: [
      { name: 'a variable decides', files: { 'main.tf': 'variable "failover" {}\nresource "aws_elasticache_replication_group" "carts" {\n  num_cache_clusters         = 2\n  automatic_failover_enabled = var.failover\n}\n' } },
      { name: 'the number of nodes is a variable', files: { 'main.tf': 'variable "nodes" {}\nresource "aws_elasticache_replication_group" "carts" {\n  num_cache_clusters = var.nodes\n}\n' } },
    ],
  },
});
