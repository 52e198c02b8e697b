// Instances that all stand on one node fall with it: several are then no better than one.

import type { Fix } from '../../engine/lint/fix';
import { defineRule } from '../../engine/lint/rule';
import type { Workload } from '../../engine/model/model';
import { intend, isOnKubernetes, isRequestServer, isWanted, keepsData, leastInstances, selectingLabels, severityFor, subjectOf } from '../../engine/model/questions';
import { isLive, subjectOfThing } from '../cloud-fixes';
import { autoscaler, budget, documents, manifest, service, spread } from '../example-manifests';
import { resource, stack } from '../example-templates';

const ANTI_AFFINITY = [
  '      affinity:',
  '        podAntiAffinity:',
  '          preferredDuringSchedulingIgnoredDuringExecution:',
  '            - weight: 100',
  '              podAffinityTerm:',
  '                topologyKey: topology.kubernetes.io/zone',
  '                labelSelector:',
  '                  matchExpressions:',
  '                    - key: app',
  '                      operator: In',
  '                      values: [orders]',
].join('\n');

export const requireSpread = defineRule({
  id: 'redundancy/require-spread',
  since: '0.1.0',
  severity: 'warning',
  reads: 'infrastructure',
  fault: 'lost',
  messages: {
    missing: 'One lost node can take all {count} instances of `{workload}`: nothing spreads them.',
    oneSubnet: 'A lost zone takes all of `{name}`: this {title} has one subnet, and a subnet is in one zone.',
    oneZone: 'A lost zone takes all of `{name}`: this {title} stands in one zone.',
    selector: 'One lost node can take all {count} instances of `{workload}`: its spread selects other labels.',
  },
  docs: {
    what: 'Reports a workload of several instances that nothing keeps on different nodes or in different zones, and groups, services, balancers and file systems of the cloud that stand in one subnet or zone.',
    why: 'The scheduler spreads by default only as a preference among many. After a drain or a scale-up all instances can stand on one node, and one failure takes them all.',
    fix: 'Add a topology spread constraint (or anti-affinity) over nodes, zones or both, with the labels of the workload.',
    not: 'Platforms that spread by themselves (Swarm), one instance, one instance on each node, workers that nobody calls, and constraints that a template or overlay decides. Any spread or anti-affinity over any topology counts.',
  },
  check({ system, report }) {
    for (const workload of system.workloads) {
      const count = leastInstances(workload);
      if (!isWanted(workload) || !isOnKubernetes(workload) || workload.spread.state !== 'absent' || count === undefined || count < 2) continue;
      if (!(workload.isServed && isRequestServer(workload.role)) && !keepsData(workload)) continue;
      report({
        at: workload.spreadMiss ?? workload.at,
        message: workload.spreadMiss ? 'selector' : 'missing',
        data: { workload: workload.name, count },
        related: workload.servedBy.slice(0, 1),
        fixes: workload.spreadMiss ? [] : fixesOf(workload),
        subject: subjectOf(workload),
        severity: severityFor(workload, 'warning'),
      });
    }
    for (const placement of system.cloud.placements) {
      const isOneZone = placement.oneZone.state === 'set' && placement.oneZone.value;
      const isOneSubnet = placement.subnets.state === 'set' && placement.subnets.value === 1 && placement.isSeveral;
      if (!isLive(placement) || !(isOneZone || isOneSubnet)) continue;
      const at = isOneZone && placement.oneZone.state === 'set' ? placement.oneZone.at : placement.subnets.state === 'set' ? placement.subnets.at : placement.at;
      report({ at, message: isOneZone ? 'oneZone' : 'oneSubnet', data: { name: placement.name, title: placement.title }, label: placement.title, subject: subjectOfThing(placement) });
    }
  },
  examples: {
    bad: [
      { name: 'a group of machines in one subnet', files: { 'stack.yaml': stack(resource('Web', 'AWS::AutoScaling::AutoScalingGroup', 'MinSize: 2', 'MaxSize: 6', 'VPCZoneIdentifier: «[subnet-1]»')) }, expect: 'oneSubnet' },
      { name: 'a file system in one zone', files: { 'main.tf': 'resource "aws_efs_file_system" "uploads" {\n  availability_zone_name = «"eu-west-1a"»\n}\n' }, expect: 'oneZone' },
      {
        name: 'three instances and no constraint',
        files: { 'k8s/orders.yaml': documents(manifest('«orders»', { spec: '  replicas: 3' }), service('orders')) },
        expect: 'missing',
        fixed: { 'k8s/orders.yaml': documents(manifest('orders', { spec: '  replicas: 3', pod: spread('orders') }), service('orders')) },
      },
      {
        name: 'an autoscaler that keeps at least two',
        files: { 'k8s/orders.yaml': documents(manifest('«orders»'), service('orders')), 'k8s/hpa.yaml': autoscaler('orders', '  minReplicas: 2\n') },
        expect: 'missing',
      },
      {
        name: 'the members of a data store',
        files: { 'k8s/db.yaml': manifest('«postgres»', { kind: 'StatefulSet', spec: '  replicas: 3\n  serviceName: postgres', image: 'postgres:16' }) },
        expect: 'missing',
      },
      {
        name: 'a constraint that selects the labels of another workload',
        files: { 'k8s/orders.yaml': documents(manifest('orders', { spec: '  replicas: 3', pod: spread('billing').replace('topologyKey: kubernetes.io/hostname', '«topologyKey: kubernetes.io/hostname»') }), service('orders')) },
        expect: 'selector',
      },
    ],
    good: [
      { name: 'a group of machines in two subnets', files: { 'stack.yaml': stack(resource('Web', 'AWS::AutoScaling::AutoScalingGroup', 'MinSize: 2', 'MaxSize: 6', 'VPCZoneIdentifier: [subnet-1, subnet-2]')) } },
      { name: 'one machine in one subnet', files: { 'stack.yaml': stack(resource('Bastion', 'AWS::AutoScaling::AutoScalingGroup', 'MinSize: 1', 'MaxSize: 1', 'VPCZoneIdentifier: [subnet-1]')) } },
      { name: 'spread over nodes', files: { 'k8s/orders.yaml': documents(manifest('orders', { spec: '  replicas: 3', pod: spread('orders') }), service('orders'), budget('orders')) } },
      { name: 'kept apart by a preferred anti-affinity over zones', files: { 'k8s/orders.yaml': documents(manifest('orders', { spec: '  replicas: 3', pod: ANTI_AFFINITY }), service('orders')) } },
      { name: 'one instance', files: { 'k8s/orders.yaml': documents(manifest('orders', { spec: '  replicas: 1' }), service('orders')) } },
      { name: 'one on each node', files: { 'k8s/agent.yaml': manifest('agent', { kind: 'DaemonSet' }) } },
      { name: 'a load generator', files: { 'k8s/load.yaml': documents(manifest('load-generator', { spec: '  replicas: 3' }), service('load-generator')) } },
    ],
    unknown: [
      { name: 'the subnets of a group are a variable', files: { 'main.tf': 'variable "subnets" {}\nresource "aws_autoscaling_group" "web" {\n  min_size            = 2\n  max_size            = 6\n  vpc_zone_identifier = var.subnets\n}\n' } },
      { name: 'the constraints come from template values', files: { 'chart/templates/orders.yaml': manifest('orders', { spec: '  replicas: 3', pod: '      {{- with .Values.topologySpreadConstraints }}\n      topologySpreadConstraints:\n        {{- toYaml . | nindent 8 }}\n      {{- end }}' }) } },
      { name: 'a template may add keys to the pod', files: { 'chart/templates/orders.yaml': manifest('orders', { spec: '  replicas: 3', pod: '      {{- include "shop.scheduling" . | nindent 6 }}' }) } },
      {
        name: 'a patch that is not here may add the constraint',
        files: {
          'base/orders.yaml': documents(manifest('orders', { spec: '  replicas: 3' }), service('orders')),
          'base/kustomization.yaml': 'resources:\n  - orders.yaml\n',
          'live/kustomization.yaml': 'resources:\n  - ../base\npatches:\n  - target:\n      kind: Deployment\n      name: orders\n    path: spread.yaml\n',
        },
      },
    ],
  },
});

/** A preference, never a demand: with one node left all instances still run. */
function fixesOf(workload: Workload): readonly Fix[] {
  const labels = selectingLabels(workload);
  if (!labels) return [];
  return [{ title: 'Spread over nodes, where possible', safety: 'safe', operations: [intend(workload.resource, { kind: 'add-spread', topologyKey: 'kubernetes.io/hostname', labels })] }];
}
