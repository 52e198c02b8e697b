// An autoscaler whose minimum is its maximum measures and never acts; it looks like elasticity and is none.

import { defineRule } from '../../engine/lint/rule';
import { certainAutoscalers, settled, severityFor } from '../../engine/model/questions';
import { isSoft } from '../cloud-fixes';
import { autoscaler, documents, manifest } from '../example-manifests';
import { resource, stack } from '../example-templates';

export const noFixedAutoscaler = defineRule({
  id: 'autoscaling/no-fixed-autoscaler',
  since: '0.1.0',
  severity: 'info',
  reads: 'infrastructure',
  fault: 'slow',
  messages: {
    equal: '`{workload}` never gets another instance: minimum and maximum of its autoscaler are both {count}.',
    reversed: { text: '`{workload}` is not scaled at all: the minimum {minimum} of its autoscaler is above the maximum {maximum}.', severity: 'error' },
  },
  docs: {
    what: 'Reports an autoscaler that has no room: its minimum equals its maximum, or is above it.',
    why: 'A peak meets a fixed number of instances although everybody believes they grow.',
    fix: 'Raise the maximum to what the stores and quotas behind the workload can take.',
    not: 'Numbers that a template or an overlay decides.',
  },
  check({ system, report }) {
    const seen = new Set<string>();
    for (const workload of system.workloads) {
      for (const scaler of certainAutoscalers(workload)) {
        const minimum = settled(scaler.min);
        const maximum = settled(scaler.max);
        const key = `${scaler.resource.file} ${scaler.resource.document} ${scaler.resource.path.join('/')}`;
        if (minimum === undefined || maximum === undefined || minimum < maximum || seen.has(key)) continue;
        seen.add(key);
        report({
          at: scaler.max.state === 'set' ? scaler.max.at : scaler.at,
          message: minimum === maximum ? 'equal' : 'reversed',
          data: { workload: workload.name, count: maximum, minimum, maximum },
          related: [{ at: workload.at, text: 'what it scales' }],
          subject: `${scaler.kind}/${scaler.name}`,
          severity: isSoft(scaler.min) && isSoft(scaler.max) ? 'advice' : severityFor(workload, minimum === maximum ? 'info' : 'error'),
        });
      }
    }
  },
  examples: {
    bad: [
      { name: 'a group of machines of one size', files: { 'stack.yaml': stack(resource('Hosts', 'AWS::AutoScaling::AutoScalingGroup', 'MinSize: 4', 'MaxSize: «4»')) }, expect: 'equal' },
      { name: 'both are three', files: { 'k8s/orders.yaml': documents(manifest('orders'), autoscaler('orders', '  minReplicas: 3\n', 'orders', '  «maxReplicas: 3»\n')) }, expect: 'equal' },
      { name: 'the minimum by default is the maximum', files: { 'k8s/orders.yaml': documents(manifest('orders'), autoscaler('orders', '', 'orders', '  «maxReplicas: 1»\n')) }, expect: 'equal' },
      { name: 'the minimum is above the maximum', files: { 'k8s/orders.yaml': documents(manifest('orders'), autoscaler('orders', '  minReplicas: 5\n', 'orders', '  «maxReplicas: 3»\n')) }, expect: 'reversed' },
      {
        name: 'by events',
        files: { 'k8s/orders.yaml': manifest('orders'), 'k8s/keda.yaml': 'apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata:\n  name: orders\nspec:\n  scaleTargetRef:\n    name: orders\n  minReplicaCount: 2\n  «maxReplicaCount: 2»\n  triggers: []\n' },
        expect: 'equal',
      },
    ],
    good: [
      { name: 'one machine that is only replaced', files: { 'stack.yaml': stack(resource('Bastion', 'AWS::AutoScaling::AutoScalingGroup', 'MinSize: 1', 'MaxSize: 1')) } },
      { name: 'room to grow', files: { 'k8s/orders.yaml': documents(manifest('orders'), autoscaler('orders', '  minReplicas: 2\n')) } },
      { name: 'the minimum by default', files: { 'k8s/orders.yaml': documents(manifest('orders'), autoscaler('orders', '')) } },
      { name: 'no autoscaler', files: { 'k8s/orders.yaml': manifest('orders', { spec: '  replicas: 3' }) } },
      { name: 'it scales nothing that is here', files: { 'k8s/hpa.yaml': autoscaler('orders', '  minReplicas: 3\n', 'orders', '  maxReplicas: 3\n') } },
    ],
    unknown: [
      { name: 'the maximum comes from template values', files: { 'chart/templates/orders.yaml': documents(manifest('orders'), autoscaler('orders', '  minReplicas: 3\n', 'orders', '  maxReplicas: {{ .Values.most }}\n')) } },
      {
        name: 'an overlay raises the maximum',
        files: {
          'base/orders.yaml': documents(manifest('orders'), autoscaler('orders', '  minReplicas: 3\n', 'orders', '  maxReplicas: 3\n')),
          'base/kustomization.yaml': 'resources:\n  - orders.yaml\n',
          'live/kustomization.yaml': 'resources:\n  - ../base\npatches:\n  - target:\n      kind: HorizontalPodAutoscaler\n      name: orders\n    patch: |-\n      - op: replace\n        path: /spec/maxReplicas\n        value: 9\n',
        },
      },
    ],
  },
});
