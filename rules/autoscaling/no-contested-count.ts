// Two owners of one number: each undoes the other's work, and the one that acts last is wrong half of the time.

import { defineRule } from '../../engine/lint/rule';
import { certainAutoscalers, intend, severityFor, subjectOf } from '../../engine/model/questions';
import { propertyOf } from '../cloud-fixes';
import { autoscaler, documents, manifest, spread, budget, service } from '../example-manifests';
import { resource, served } from '../example-templates';

const BY_CPU = autoscaler('orders', '  minReplicas: 2\n  metrics:\n    - type: Resource\n      resource:\n        name: cpu\n        target:\n          type: Utilization\n          averageUtilization: 70\n');

function vertical(mode: string, name = 'orders-size'): string {
  return `apiVersion: autoscaling.k8s.io/v1\nkind: VerticalPodAutoscaler\nmetadata:\n  name: ${name}\nspec:\n  targetRef:\n    apiVersion: apps/v1\n    kind: Deployment\n    name: orders\n  updatePolicy:\n    updateMode: ${mode}\n`;
}

export const noContestedCount = defineRule({
  id: 'autoscaling/no-contested-count',
  since: '0.1.0',
  severity: 'warning',
  reads: 'infrastructure',
  fault: 'slow',
  messages: {
    fixed: 'Each apply sets `{workload}` back to {count}: `{property}` is written although `{scaler}` scales it.',
    vertical: { text: '`{first}` and `{second}` undo each other: one changes what the other divides by.', severity: 'error' },
    owners: { text: '`{first}` and `{second}` undo each other: both scale `{workload}`.', severity: 'error' },
  },
  docs: {
    what: 'Reports a workload whose number of instances is written in the manifest although an autoscaler owns it, and two autoscalers of one workload, also where one counts use by request and the other changes the request.',
    why: 'During a peak, the next deploy sets the count back to the written one and takes the added instances away.',
    fix: 'Remove `replicas` from the manifest (it stays as it is in the cluster when field ownership is given up first), or remove one of the autoscalers.',
    not: 'A count of 0 (switched off), counts and autoscalers that stand under a template condition, and what an overlay changes.',
    references: ['https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/'],
  },
  check({ system, report }) {
    for (const workload of system.workloads) {
      const [first, second] = certainAutoscalers(workload);
      if (!first || workload.isFragment) continue;
      const [vertical] = workload.verticalScalers ?? [];
      const byUse = certainAutoscalers(workload).find((scaler) => scaler.utilisation.some((resource) => resource === 'cpu' || resource === 'memory'));
      if (vertical && byUse) {
        report({
          at: vertical.at,
          message: 'vertical',
          data: { first: byUse.name, second: vertical.name },
          related: [{ at: byUse.at, text: 'scales by use divided by request' }, { at: workload.at, text: 'changed by both' }],
          subject: subjectOf(workload),
          severity: severityFor(workload, 'error'),
        });
      }
      if (second) {
        report({
          at: second.at,
          message: 'owners',
          data: { workload: workload.name, first: first.name, second: second.name },
          related: [{ at: first.at, text: 'the other autoscaler' }, { at: workload.at, text: 'scaled by both' }],
          subject: subjectOf(workload),
          // Two files may be two choices, of which one is applied.
          severity: severityFor(workload, first.at.file === second.at.file ? 'error' : 'warning'),
        });
      }
      if (workload.instances.state !== 'set' || workload.instances.value === 0) continue;
      report({
        at: workload.instances.at,
        message: 'fixed',
        data: { workload: workload.name, property: workload.cloud ? (propertyOf(workload.cloud, 'instances') ?? 'count') : 'replicas', count: workload.instances.value, scaler: first.name },
        related: [{ at: first.at, text: 'the autoscaler' }],
        // The overlay that sets the count is the one to change.
        fixes: workload.cloud || (workload.resource.format === 'kubernetes' && workload.instances.at.file !== workload.resource.file) ? [] : [{ title: 'Remove `replicas`', safety: 'unsafe', operations: [intend(workload.resource, { kind: 'remove-instances' })] }],
        subject: subjectOf(workload),
        severity: severityFor(workload, workload.cloud ? 'info' : 'warning'),
      });
    }
  },
  examples: {
    bad: [
      {
        name: 'a service of the cloud whose count is written',
        files: { 'stack.yaml': served('DesiredCount: «3»') + resource('Scaling', 'AWS::ApplicationAutoScaling::ScalableTarget', 'MinCapacity: 2', 'MaxCapacity: 8', 'ResourceId: !Sub service/main/${Orders.Name}') },
        expect: 'fixed',
      },
      {
        name: 'a written count beside an autoscaler',
        files: { 'k8s/orders.yaml': documents(manifest('orders', { spec: '  «replicas: 3»', pod: spread('orders') }), service('orders'), budget('orders')), 'k8s/hpa.yaml': autoscaler('orders', '  minReplicas: 2\n') },
        expect: 'fixed',
        fixed: { 'k8s/orders.yaml': documents(manifest('orders', { pod: spread('orders') }), service('orders'), budget('orders')) },
      },
      {
        name: 'the autoscalers stand in a folder of their own',
        files: { 'deploy/k8s/all.yaml': documents(manifest('orders', { spec: '  «replicas: 1»  # one is enough' }), manifest('billing', { spec: '  replicas: 1' })), 'deploy/k8s/autoscaling/orders.yaml': autoscaler('orders', '  minReplicas: 1\n') },
        expect: 'fixed',
        fixed: { 'deploy/k8s/all.yaml': documents(manifest('orders'), manifest('billing', { spec: '  replicas: 1' })) },
      },
      {
        name: 'the count follows a comment',
        files: { 'k8s/orders.yaml': documents(manifest('orders', { spec: '  # scaled by hand before\n  «replicas: 2»' }), autoscaler('orders', '  minReplicas: 2\n')) },
        expect: 'fixed',
        fixed: { 'k8s/orders.yaml': documents(manifest('orders'), autoscaler('orders', '  minReplicas: 2\n')) },
      },
      {
        name: 'two autoscalers of one workload',
        files: { 'k8s/orders.yaml': documents(manifest('orders'), autoscaler('orders', '  minReplicas: 2\n'), autoscaler('orders', '  minReplicas: 2\n', '«orders-cpu»')) },
        expect: 'owners',
      },
      { name: 'one divides by what the other changes', files: { 'k8s/orders.yaml': documents(manifest('orders'), BY_CPU, vertical('Auto', '«orders-size»')) }, expect: 'vertical' },
    ],
    good: [
      { name: 'a recommendation changes nothing', files: { 'k8s/orders.yaml': documents(manifest('orders'), BY_CPU, vertical('"Off"')) } },
      { name: 'the autoscaler of another service of the cloud', files: { 'stack.yaml': served('DesiredCount: 3') + resource('Billing', 'AWS::ECS::Service', 'ServiceName: billing') + resource('Scaling', 'AWS::ApplicationAutoScaling::ScalableTarget', 'MinCapacity: 2', 'MaxCapacity: 8', 'ResourceId: !Sub service/main/${Billing.Name}') } },
      { name: 'the autoscaler alone decides', files: { 'k8s/orders.yaml': documents(manifest('orders'), autoscaler('orders', '  minReplicas: 2\n')) } },
      { name: 'a fixed count and no autoscaler', files: { 'k8s/orders.yaml': manifest('orders', { spec: '  replicas: 3' }) } },
      { name: 'the autoscaler of another workload', files: { 'k8s/orders.yaml': documents(manifest('orders', { spec: '  replicas: 3' }), manifest('billing'), autoscaler('billing', '  minReplicas: 2\n')) } },
      { name: 'a copy for another environment', files: { 'live/orders.yaml': manifest('orders'), 'live/hpa.yaml': autoscaler('orders', '  minReplicas: 2\n'), 'trial/orders.yaml': manifest('orders', { spec: '  replicas: 1' }) } },
    ],
    unknown: [
      { name: 'one of both stands under a condition', files: { 'chart/templates/orders.yaml': manifest('orders', { spec: '  {{- if not .Values.hpa }}\n  replicas: 3\n  {{- end }}' }), 'chart/templates/hpa.yaml': `{{- if .Values.hpa }}\n${autoscaler('orders', '  minReplicas: 2\n')}{{- end }}\n` } },
      { name: 'the autoscaler may not exist', files: { 'chart/templates/orders.yaml': manifest('orders', { spec: '  replicas: 3' }), 'chart/templates/hpa.yaml': `{{- if .Values.hpa }}\n${autoscaler('orders', '  minReplicas: 2\n')}{{- end }}\n` } },
    ],
  },
});
