// A fixed count answers a fixed load. What comes above it waits, and what waits is asked again.

import type { Fix } from '../../engine/lint/fix';
import { defineRule } from '../../engine/lint/rule';
import type { Workload } from '../../engine/model/model';
import { intend, isDeployed, isSubject, isOnKubernetes, settled, severityFor, subjectOf } from '../../engine/model/questions';
import { isLive, subjectOfThing } from '../cloud-fixes';
import { autoscaler, documents, manifest, service } from '../example-manifests';
import { resource, served, stack } from '../example-templates';

const REQUEST = '          resources:\n            requests:\n              cpu: 100m';

const ADDED = autoscaler('orders', '  minReplicas: 3\n') + [
  '  metrics:',
  '  - type: Resource',
  '    resource:',
  '      name: cpu',
  '      target:',
  '        type: Utilization',
  '        averageUtilization: 70',
  '',
].join('\n');

export const requireAutoscaler = defineRule({
  id: 'autoscaling/require-autoscaler',
  since: '0.1.0',
  severity: 'advice',
  reads: 'infrastructure',
  fault: 'slow',
  messages: {
    capacity: { text: 'More requests than `{store}` was given capacity for are refused: nothing adjusts its provisioned throughput.', severity: 'info' },
    missing: 'More requests than {count} of `{workload}` can take wait: nothing adds one.',
  },
  docs: {
    what: 'Reports a workload that answers requests, keeps nothing, and runs a fixed number of instances.',
    why: 'A peak, or the traffic of a failed neighbour, meets instances that cannot become more.',
    fix: 'Add an autoscaler whose minimum is today\'s count.',
    not: 'Data stores, workers, workloads with volumes, and an autoscaler that a template or overlay may bring.',
  },
  check({ system, report }) {
    for (const workload of system.workloads) {
      const count = settled(workload.instances);
      if (!isSubject(workload) || !(isOnKubernetes(workload) || workload.cloud) || !isDeployed(workload) || !workload.isServed || workload.role !== 'app' || workload.autoscalers.length > 0) continue;
      if (count === undefined || count < 1 || workload.isSingleton || workload.isVariant || workload.isTiedToNode || workload.kind === 'Pod' || workload.kind === 'StatefulSet') continue;
      report({
        at: workload.at,
        message: 'missing',
        data: { workload: workload.name, count: `${count} instance${count === 1 ? '' : 's'}` },
        related: workload.servedBy.slice(0, 1),
        fixes: workload.cloud ? [] : fixesOf(workload, count),
        subject: subjectOf(workload),
        severity: severityFor(workload, 'advice'),
      });
    }
    for (const store of system.cloud.stores) {
      if (store.hasFixedCapacity.state === 'unknown' || settled(store.hasFixedCapacity) !== true || !isLive(store) || /lock|state/i.test(store.name)) continue;
      report({ at: store.at, message: 'capacity', data: { store: store.name }, label: 'provisioned, not scaled', subject: subjectOfThing(store) });
    }
  },
  examples: {
    bad: [
      { name: 'a table with provisioned throughput', files: { 'stack.yaml': stack(resource('«Orders»', 'AWS::DynamoDB::Table', 'ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 }')) }, expect: 'capacity' },
      { name: 'a service of the cloud', files: { 'stack.yaml': served('DesiredCount: 3').replace('  Orders:', '  «Orders»:') }, expect: 'missing' },
      {
        name: 'three instances, always',
        files: { 'k8s/orders.yaml': documents(manifest('«orders»', { spec: '  replicas: 3', container: REQUEST }), service('orders')) },
        expect: 'missing',
        fixed: { 'k8s/orders.yaml': documents(manifest('orders', { container: REQUEST }), ADDED, service('orders')) },
      },
      { name: 'without a CPU request there is nothing to measure yet', files: { 'k8s/orders.yaml': documents(manifest('«orders»', { spec: '  replicas: 2' }), service('orders')) }, expect: 'missing' },
      { name: 'the autoscaler of another workload', files: { 'k8s/orders.yaml': documents(manifest('«orders»', { spec: '  replicas: 2' }), manifest('billing'), autoscaler('billing', '  minReplicas: 2\n')) }, expect: 'missing' },
      { name: 'one instance, always', files: { 'k8s/orders.yaml': documents(manifest('«orders»', { spec: '  replicas: 1' }), service('orders')) }, expect: 'missing' },
      { name: 'several behind a Service', files: { 'k8s/web.yaml': documents(manifest('«web»', { spec: '  replicas: 4', container: REQUEST }), service('web')) }, expect: 'missing' },
    ],
    good: [
      { name: 'a table that is charged by request', files: { 'stack.yaml': stack(resource('Orders', 'AWS::DynamoDB::Table', 'BillingMode: PAY_PER_REQUEST')) } },
      { name: 'a table whose throughput is scaled', files: { 'stack.yaml': stack(resource('Orders', 'AWS::DynamoDB::Table', 'ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 }'), resource('Reads', 'AWS::ApplicationAutoScaling::ScalableTarget', 'MinCapacity: 5', 'MaxCapacity: 50', 'ResourceId: !Sub table/${Orders}')) } },
      { name: 'an autoscaler in another file', files: { 'k8s/orders.yaml': documents(manifest('orders'), service('orders')), 'k8s/hpa.yaml': autoscaler('orders', '  minReplicas: 3\n') } },
      { name: 'switched off', files: { 'k8s/orders.yaml': documents(manifest('orders', { spec: '  replicas: 0' }), service('orders')) } },
      { name: 'a worker', files: { 'k8s/worker.yaml': manifest('worker', { spec: '  replicas: 3' }) } },
      { name: 'the members of a data store', files: { 'k8s/db.yaml': manifest('mongo', { kind: 'StatefulSet', spec: '  replicas: 3\n  serviceName: mongo', image: 'mongo:7' }) } },
    ],
    unknown: [
      { name: 'a template that may scale it', files: { 'chart/templates/orders.yaml': manifest('{{ include "shop.fullname" . }}', { app: 'orders', spec: '  replicas: 3' }), 'chart/templates/hpa.yaml': autoscaler('{{ .Release.Name }}-orders', '  minReplicas: 3\n') } },
      { name: 'the count comes from template values', files: { 'chart/templates/orders.yaml': manifest('orders', { spec: '  replicas: {{ .Values.count }}' }) } },
    ],
  },
});

/** An autoscaler by CPU needs a request to measure against. */
function fixesOf(workload: Workload, count: number): readonly Fix[] {
  const measured = workload.containers.every((container) => container.kind === 'init' || container.cpuRequest.state === 'set');
  if (!measured || workload.name.includes('{{')) return [];
  const { namespace } = workload;
  const min = Math.max(2, count);
  const max = min * 2;
  return [{
    title: `Add an autoscaler from ${min} to ${max}`,
    safety: 'by-hand',
    operations: [
      intend(workload.resource, { kind: 'add-autoscaler', name: workload.name, targetKind: workload.kind, ...(namespace === undefined ? {} : { namespace }), min, max }),
      // A written count would be contested from now on.
      ...(workload.instances.state === 'set' ? [intend(workload.resource, { kind: 'remove-instances' })] : []),
    ],
  }];
}
