// Utilisation is use divided by request. Without the request there is nothing to divide by, and the autoscaler never acts.

import type { Fix } from '../../engine/lint/fix';
import { defineRule } from '../../engine/lint/rule';
import type { Autoscaler, Container, Workload } from '../../engine/model/model';
import { certainAutoscalers, intend, severityFor } from '../../engine/model/questions';
import { PORT, autoscaler, documents, manifest } from '../example-manifests';

const METRICS = '  minReplicas: 2\n  metrics:\n    - type: Resource\n      resource:\n        «name: cpu»\n        target:\n          type: Utilization\n          averageUtilization: 70\n';
const PLAIN_METRICS = METRICS.replace(/[«»]/g, '');
const REQUEST = '          resources:\n            requests:\n              cpu: 100m';

export const requireScalingRequest = defineRule({
  id: 'autoscaling/require-scaling-request',
  since: '0.1.0',
  severity: 'error',
  reads: 'infrastructure',
  fault: 'slow',
  messages: {
    request: '`{workload}` never gets another instance: its autoscaler measures {resource}, and container `{container}` has no {resource} request.',
    target: { text: 'Autoscaler `{scaler}` scales nothing: there is no {kind} `{target}`.', severity: 'warning' },
  },
  docs: {
    what: 'Reports an autoscaler by utilisation of a resource that a container does not request, and one whose target does not exist.',
    why: 'The autoscaler reports an unknown metric and leaves the count as it is, in the very peak it was made for. A sidecar without a request is enough.',
    fix: 'Request the resource in every container of the workload, or name the workload that exists.',
    not: 'Metrics by average value, per container or from outside; requests that a template, an overlay or a LimitRange sets; a limit, which is also the request.',
  },
  check({ system, budgets, report }) {
    for (const workload of system.workloads) {
      for (const scaler of certainAutoscalers(workload)) {
        scaler.utilisation.forEach((resource, i) => {
          const container = workload.containers.find((candidate) => candidate.kind !== 'init' && lacks(candidate, resource));
          if (!container) return;
          report({
            at: scaler.utilisationAt?.[i] ?? scaler.at,
            message: 'request',
            data: { workload: workload.name, container: container.name, resource: resource === 'cpu' ? 'CPU' : resource },
            related: [{ at: container.at, text: 'the container without the request' }],
            fixes: fixesOf(workload, scaler, container, resource, budgets(container.at.file).cpu),
            subject: `${scaler.kind}/${scaler.name}/${resource}`,
            severity: severityFor(workload, 'error'),
          });
        });
      }
    }
    for (const { name, kind, at, target } of system.danglingAutoscalers) {
      if (target) report({ at: target.at, message: 'target', data: { scaler: name, kind: target.kind, target: target.name }, related: [{ at, text: 'the autoscaler' }], subject: `${kind}/${name}` });
    }
  },
  examples: {
    bad: [
      {
        name: 'a container without a CPU request',
        files: { 'k8s/orders.yaml': documents(manifest('orders'), autoscaler('orders', METRICS)) },
        expect: 'request',
        fixed: { 'k8s/orders.yaml': documents(manifest('orders', { container: `${PORT}\n${REQUEST}` }), autoscaler('orders', PLAIN_METRICS)) },
      },
      {
        name: 'a sidecar is enough',
        files: { 'k8s/orders.yaml': manifest('orders', { container: `${REQUEST}\n        - name: log-agent\n          image: shop/log-agent:1` }), 'k8s/hpa.yaml': autoscaler('orders', METRICS) },
        expect: 'request',
      },
      {
        name: 'the first version of the kind',
        files: { 'k8s/orders.yaml': manifest('orders'), 'k8s/hpa.yaml': autoscaler('orders', '  minReplicas: 2\n  «targetCPUUtilizationPercentage: 80»\n').replace('autoscaling/v2', 'autoscaling/v1') },
        expect: 'request',
      },
      {
        name: 'memory',
        files: { 'k8s/orders.yaml': manifest('orders', { container: REQUEST }), 'k8s/hpa.yaml': autoscaler('orders', METRICS.replace('name: cpu', 'name: memory')) },
        expect: 'request',
      },
      { name: 'a target that does not exist', files: { 'k8s/orders.yaml': documents(manifest('orders', { container: REQUEST }), autoscaler('order', '  minReplicas: 2\n').replace('    name: order', '    «name: order»')) }, expect: 'target' },
      {
        name: 'one of a folder of autoscalers misses its target',
        files: { 'k8s/all.yaml': documents(manifest('orders', { container: REQUEST }), manifest('billing', { container: REQUEST })), 'k8s/scaling/orders.yaml': autoscaler('orders', PLAIN_METRICS), 'k8s/scaling/bill.yaml': autoscaler('bill', '').replace('    name: bill', '    «name: bill»') },
        expect: 'target',
      },
    ],
    good: [
      { name: 'every container requests CPU', files: { 'k8s/orders.yaml': documents(manifest('orders', { container: REQUEST }), autoscaler('orders', PLAIN_METRICS)) } },
      { name: 'a limit is also the request', files: { 'k8s/orders.yaml': documents(manifest('orders', { container: '          resources:\n            limits: { cpu: "1", memory: 1Gi }' }), autoscaler('orders', PLAIN_METRICS)) } },
      { name: 'an average value needs no request', files: { 'k8s/orders.yaml': documents(manifest('orders'), autoscaler('orders', PLAIN_METRICS.replace('type: Utilization', 'type: AverageValue').replace('averageUtilization: 70', 'averageValue: 500m'))) } },
      { name: 'an init container measures nothing', files: { 'k8s/orders.yaml': documents(manifest('orders', { pod: '      initContainers:\n        - name: wait\n          image: busybox:1.36', container: REQUEST }), autoscaler('orders', PLAIN_METRICS)) } },
    ],
    unknown: [
      { name: 'resources come from template values', files: { 'chart/templates/orders.yaml': documents(manifest('orders', { container: '          resources: {{ toYaml .Values.resources | nindent 12 }}' }), autoscaler('orders', PLAIN_METRICS)) } },
      { name: 'the target is in another repository', files: { 'scaling/hpa.yaml': autoscaler('orders', PLAIN_METRICS) } },
    ],
  },
});

function lacks(container: Container, resource: string): boolean {
  if (resource === 'cpu') return container.cpuRequest.state === 'absent' && container.cpuLimit.state === 'absent';
  return resource === 'memory' && container.memoryRequest.state === 'absent' && container.memoryLimit.state === 'absent';
}

function fixesOf(workload: Workload, scaler: Autoscaler, container: Container, resource: string, cpu: string): readonly Fix[] {
  if (resource !== 'cpu') return [];
  return [{ title: `Request ${cpu} of CPU for \`${container.name}\``.slice(0, 60), safety: scaler.resource.file === workload.at.file ? 'unsafe' : 'by-hand', operations: [intend(container.resource, { kind: 'set-cpu-request', cpu })] }];
}
