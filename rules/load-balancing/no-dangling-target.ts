// A Service whose selector matches nothing has an address and nobody behind it: callers wait or fail, and every manifest looks healthy.

import { defineRule } from '../../engine/lint/rule';
import type { Fix } from '../../engine/lint/fix';
import type { Route } from '../../engine/model/model';
import { intend } from '../../engine/model/questions';
import { documents, manifest, service } from '../example-manifests';

export const noDanglingTarget = defineRule({
  id: 'load-balancing/no-dangling-target',
  since: '0.1.0',
  severity: 'warning',
  reads: 'infrastructure',
  fault: 'down',
  messages: {
    service: 'Requests to {kind} `{route}` reach nobody: its selector matches no workload.',
    port: { text: 'Requests to port `{port}` of {kind} `{route}` fail: `{of}` has no port of that name or number.', severity: 'error' },
    backend: 'Requests that {kind} `{route}` sends to `{target}` fail: there is no Service of that name.',
  },
  docs: {
    what: 'Reports a Service that selects no workload, and an Ingress or route that names a Service which does not exist, and a port that nobody behind it has.',
    why: 'A renamed label or workload leaves the old name behind. Nothing refuses it, and every request to it fails.',
    fix: 'Select the labels of the workload, or name the Service that exists.',
    not: 'Services without a selector, external names, and scopes that were not read whole: templates, operators, patches, overlays that add labels, or a workload elsewhere that may be meant.',
  },
  check({ system, report }) {
    for (const route of system.routes) {
      if (route.isScopeComplete && route.targets.length === 0 && Object.keys(route.selector ?? {}).length > 0) {
        report({
          at: route.at,
          message: 'service',
          data: { kind: route.kind, route: route.name },
          fixes: fixesOf(route),
          subject: `${route.kind}/${route.name}`,
          severity: route.nearest ? 'error' : 'warning',
        });
      }
      for (const { port, of, at } of route.missingPorts ?? []) report({ at, message: 'port', data: { kind: route.kind, route: route.name, port, of }, subject: `${route.kind}/${route.name}/${port}` });
      for (const { name, at } of route.missing ?? []) report({ at, message: 'backend', data: { kind: route.kind, route: route.name, target: name }, subject: `${route.kind}/${route.name}/${name}` });
    }
  },
  examples: {
    bad: [
      {
        name: 'a slip of the pen',
        files: { 'k8s/orders.yaml': documents(manifest('orders'), service('«orders»', 'order')) },
        expect: 'service',
        fixed: { 'k8s/orders.yaml': documents(manifest('orders'), service('orders', 'orders')) },
      },
      {
        name: 'the workload was renamed',
        files: { 'k8s/orders.yaml': manifest('orders', { app: 'orders-v2' }), 'k8s/service.yaml': service('«orders»', 'orders') },
        expect: 'service',
        fixed: { 'k8s/service.yaml': service('orders', 'orders-v2') },
      },
      { name: 'nobody is meant', files: { 'k8s/all.yaml': documents(manifest('orders'), service('orders'), service('«billing»')) }, expect: 'service' },
      {
        name: 'an Ingress to a Service that is not there',
        files: { 'k8s/all.yaml': documents(manifest('orders'), service('orders'), 'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: edge\nspec:\n  defaultBackend:\n    service:\n      «name: order»\n      port:\n        number: 80\n') },
        expect: 'backend',
      },
      { name: 'a port of another name', files: { 'k8s/orders.yaml': documents(manifest('orders', { container: '          ports:\n            - name: http\n              containerPort: 3000' }), service('orders').replace('targetPort: 3000', '«targetPort: web»')) }, expect: 'port' },
      { name: 'an Ingress that names another port', files: { 'k8s/orders.yaml': documents(manifest('orders'), service('orders'), ingress('8080').replace('name: orders\n                port', '«name: orders»\n                port')) }, expect: 'port' },
    ],
    good: [
      { name: 'ports by name and by number', files: { 'k8s/orders.yaml': documents(manifest('orders', { container: '          ports:\n            - name: http\n              containerPort: 3000' }), service('orders').replace('targetPort: 3000', 'targetPort: http'), ingress('80')) } },
      { name: 'the labels match', files: { 'k8s/orders.yaml': documents(manifest('orders'), service('orders')) } },
      { name: 'the workload stands in a folder beside', files: { 'k8s/services/orders.yaml': service('orders'), 'k8s/workloads/orders.yaml': manifest('orders') } },
      { name: 'no selector: addresses are set by hand', files: { 'k8s/all.yaml': documents(manifest('orders'), 'apiVersion: v1\nkind: Service\nmetadata:\n  name: legacy\nspec:\n  ports:\n    - port: 80\n') } },
      { name: 'a name outside', files: { 'k8s/all.yaml': documents(manifest('orders'), service('mail', 'mail', '  type: ExternalName\n  externalName: mail.example.org\n')) } },
    ],
    unknown: [
      { name: 'only Services are here', files: { 'k8s/services.yaml': documents(service('orders'), service('billing')) } },
      { name: 'an operator may make the instances', files: { 'k8s/all.yaml': documents(manifest('orders'), service('database'), 'apiVersion: postgresql.example.org/v1\nkind: Cluster\nmetadata:\n  name: database\nspec: {}\n') } },
      { name: 'an overlay adds labels', files: { 'k8s/all.yaml': documents(manifest('orders', { app: 'x' }), service('orders')), 'k8s/kustomization.yaml': 'resources:\n  - all.yaml\ncommonLabels:\n  app: orders\n' } },
    ],
  },
});

function fixesOf(route: Route): readonly Fix[] {
  if (!route.nearest) return [];
  const labels = Object.entries(route.nearest);
  const changed = labels.find(([key, value]) => route.selector?.[key] !== value);
  if (!changed) return [];
  return [{ title: `Select \`${changed[0]}: ${changed[1]}\``.slice(0, 60), safety: 'unsafe', operations: [intend(route.resource, { kind: 'set-selector', labels: { [changed[0]]: changed[1] } })] }];
}

function ingress(port: string): string {
  return `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: shop\nspec:\n  rules:\n    - http:\n        paths:\n          - path: /\n            pathType: Prefix\n            backend:\n              service:\n                name: orders\n                port:\n                  number: ${port}\n`;
}
