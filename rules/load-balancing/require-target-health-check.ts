// A balancer that does not ask whether a target can answer gives a dead one the same share as a living one.

import { defineRule } from '../../engine/lint/rule';
import type { Route } from '../../engine/model/model';
import { intend } from '../../engine/model/questions';
import { documents, manifest, service } from '../example-manifests';

export const requireTargetHealthCheck = defineRule({
  id: 'load-balancing/require-target-health-check',
  since: '0.1.0',
  severity: 'warning',
  reads: 'infrastructure',
  fault: 'down',
  messages: {
    notReady: 'An instance of `{target}` that is not ready gets requests: Service `{route}` publishes it all the same.',
  },
  docs: {
    what: 'Reports a balancing Service that also sends requests to instances that are not ready.',
    why: 'Readiness is the only thing that takes a starting or failing instance out of the rotation. Published all the same, it keeps its share of the requests.',
    fix: 'Publish only ready addresses, and use a second, headless Service where members have to find each other before they are ready.',
    not: 'Headless Services and addresses of one member (members find each other through them), and values that a template decides.',
  },
  check({ system, report }) {
    for (const route of system.routes) {
      if (!route.publishesNotReady || route.isHeadless || !route.selector || namesOneMember(route)) continue;
      const target = system.workloads.find((workload) => workload.id === route.targets[0]);
      report({
        at: route.publishesNotReadyAt ?? route.at,
        message: 'notReady',
        data: { target: target?.name ?? route.name, route: route.name },
        related: target ? [{ at: target.at, text: 'whose instances it reaches' }] : [],
        fixes: [{ title: 'Publish only ready addresses', safety: 'unsafe', operations: [intend(route.resource, { kind: 'set-publishes-not-ready', value: false })] }],
        subject: `${route.kind}/${route.name}`,
      });
    }
  },
  examples: {
    bad: [
      {
        name: 'a balancing Service',
        files: { 'k8s/orders.yaml': documents(manifest('orders'), service('orders', 'orders', '  «publishNotReadyAddresses: true»\n')) },
        expect: 'notReady',
        fixed: { 'k8s/orders.yaml': documents(manifest('orders'), service('orders', 'orders', '  publishNotReadyAddresses: false\n')) },
      },
      { name: 'a load balancer', files: { 'k8s/orders.yaml': documents(manifest('orders'), service('orders', 'orders', '  type: LoadBalancer\n  «publishNotReadyAddresses: true»\n')) }, expect: 'notReady' },
      { name: 'a Service in another file', files: { 'k8s/orders.yaml': manifest('orders'), 'k8s/service.yaml': service('orders', 'orders', '  «publishNotReadyAddresses: yes»\n') }, expect: 'notReady' },
      { name: 'the workload is elsewhere', files: { 'k8s/service.yaml': service('orders', 'orders', '  «publishNotReadyAddresses: true»\n') }, expect: 'notReady' },
    ],
    good: [
      { name: 'only ready addresses', files: { 'k8s/orders.yaml': documents(manifest('orders'), service('orders')) } },
      { name: 'members find each other', files: { 'k8s/db.yaml': documents(manifest('mongo', { kind: 'StatefulSet', image: 'mongo:7' }), service('mongo', 'mongo', '  clusterIP: None\n  publishNotReadyAddresses: true\n')) } },
      { name: 'an address of one member', files: { 'k8s/db.yaml': documents(manifest('mongo', { kind: 'StatefulSet', image: 'mongo:7' }), service('mongo-0', 'mongo', '  publishNotReadyAddresses: true\n').replace('    app: mongo', '    statefulset.kubernetes.io/pod-name: mongo-0')) } },
      { name: 'written and off', files: { 'k8s/orders.yaml': documents(manifest('orders'), service('orders', 'orders', '  publishNotReadyAddresses: false\n')) } },
      { name: 'no selector', files: { 'k8s/legacy.yaml': 'apiVersion: v1\nkind: Service\nmetadata:\n  name: legacy\nspec:\n  publishNotReadyAddresses: true\n  ports:\n    - port: 80\n' } },
    ],
    unknown: [
      { name: 'a template value', files: { 'chart/templates/service.yaml': service('orders', 'orders', '  publishNotReadyAddresses: {{ .Values.early }}\n') } },
      { name: 'under a template condition', files: { 'chart/templates/service.yaml': service('orders', 'orders', '  {{- if .Values.early }}\n  publishNotReadyAddresses: true\n  {{- end }}\n') } },
    ],
  },
});

/** A Service for one member of a StatefulSet balances nothing: members find each other through it. */
function namesOneMember(route: Route): boolean {
  return ['statefulset.kubernetes.io/pod-name', 'apps.kubernetes.io/pod-index'].some((key) => key in (route.selector ?? {}));
}
