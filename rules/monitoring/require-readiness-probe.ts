// Without a readiness probe a container counts as ready the moment its process starts, and as long as it runs.

import { defineRule } from '../../engine/lint/rule';
import { containerLabel, isOnKubernetes, isWanted, leastInstances, servingContainers, severityFor, subjectOf } from '../../engine/model/questions';
import { PORT, documents, manifest, service } from '../example-manifests';
import { addReadiness } from '../probe-fixes';

const READY = '          readinessProbe:\n            httpGet:\n              path: /readyz\n              port: 3000\n            periodSeconds: 10\n            timeoutSeconds: 2';
const LIVE = '          livenessProbe:\n            httpGet:\n              path: /livez\n              port: 3000';

export const requireReadinessProbe = defineRule({
  id: 'monitoring/require-readiness-probe',
  since: '0.1.0',
  severity: 'warning',
  reads: 'infrastructure',
  fault: 'down',
  messages: {
    missing: 'A starting `{workload}` gets requests before it can answer: no readiness probe.',
  },
  docs: {
    what: 'Reports a container that answers the requests of a Service and has no readiness probe.',
    why: 'Each rollout and each restart sends requests to an instance that is still starting, and one that has lost its store keeps its share of them.',
    fix: 'Ask a route that is true only when the container can answer; without one, ask whether the port is open.',
    not: 'Workers that nobody calls, sidecars, init containers, jobs, hooks and exporters, and a probe that a template or an overlay may bring.',
  },
  check({ system, report }) {
    for (const workload of system.workloads) {
      if (!isWanted(workload) || !isOnKubernetes(workload) || !workload.isServed || workload.kind === 'Service') continue;
      const count = leastInstances(workload);
      for (const container of servingContainers(workload, system.routes)) {
        if (container.readiness.state !== 'absent') continue;
        const served = workload.servedBy[0];
        const instances = count === undefined ? '' : `${count} instance${count === 1 ? '' : 's'}`;
        report({
          at: container.at,
          message: 'missing',
          data: { workload: containerLabel(workload, container) },
          ...(instances === '' ? {} : { label: served ? `${instances}, ${served.text.replace(/ (\S+)$/, ' `$1`')}`.slice(0, 40) : instances }),
          related: [...(container.health?.readiness ? [{ at: container.health.readiness.at, text: 'the route exists already' }] : []), ...workload.servedBy.slice(0, 1)],
          fixes: addReadiness(container),
          subject: subjectOf(workload, container),
          severity: severityFor(workload, workload.role === 'monitoring' ? 'advice' : 'warning'),
        });
      }
    }
  },
  examples: {
    bad: [
      {
        name: 'a served container without any probe',
        files: { 'k8s/orders.yaml': documents(manifest('orders').replace('- name: app', '- name: «app»'), service('orders')) },
        expect: 'missing',
        fixed: { 'k8s/orders.yaml': documents(manifest('orders', { container: `${PORT}\n          readinessProbe:\n            tcpSocket:\n              port: 3000\n            periodSeconds: 10\n            timeoutSeconds: 2` }), service('orders')) },
      },
      { name: 'a liveness probe is none', files: { 'k8s/orders.yaml': documents(manifest('orders', { container: `${PORT}\n${LIVE}` }).replace('- name: app', '- name: «app»'), service('orders')) }, expect: 'missing' },
      {
        name: 'a data store behind a Service',
        files: { 'k8s/db.yaml': documents(manifest('postgres', { kind: 'StatefulSet', image: 'postgres:16', container: '          ports:\n            - containerPort: 5432' }).replace('- name: app', '- name: «app»'), service('postgres').replace('targetPort: 3000', 'targetPort: 5432')) },
        expect: 'missing',
      },
      {
        name: 'only the container that owns the port is asked',
        files: { 'k8s/orders.yaml': documents(manifest('orders', { container: `${PORT}\n        - name: log-agent\n          image: shop/log-agent:1` }).replace('- name: app', '- name: «app»'), service('orders')) },
        expect: 'missing',
      },
      {
        name: 'the code has a route for it',
        files: {
          'k8s/orders.yaml': documents(manifest('orders', { container: PORT }).replace('- name: app', '- name: «app»'), service('orders')),
          'orders/package.json': '{ "name": "orders", "dependencies": { "express": "^4.19.0" } }',
          'orders/server.js': "const express = require('express');\nconst app = express();\napp.get('/readyz', (request, response) => response.sendStatus(200));\napp.listen(3000);\n",
        },
        expect: 'missing',
        fixed: { 'k8s/orders.yaml': documents(manifest('orders', { container: `${PORT}\n${READY}` }), service('orders')) },
      },
    ],
    good: [
      { name: 'a readiness probe', files: { 'k8s/orders.yaml': documents(manifest('orders', { container: `${PORT}\n${READY}` }), service('orders')) } },
      { name: 'a worker without a port', files: { 'k8s/mailer.yaml': manifest('mailer', { container: '          args: [run]' }) } },
      { name: 'a consumer whose only port is scraped', files: { 'k8s/mailer.yaml': documents(manifest('mailer', { container: '          ports:\n            - name: metrics\n              containerPort: 9100' }), 'apiVersion: v1\nkind: Service\nmetadata:\n  name: mailer\nspec:\n  selector:\n    app: mailer\n  ports:\n    - name: metrics\n      port: 9100\n') } },
      { name: 'a job', files: { 'k8s/job.yaml': 'apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: report\nspec:\n  schedule: "0 3 * * *"\n  jobTemplate:\n    spec:\n      template:\n        spec:\n          restartPolicy: Never\n          containers:\n            - name: report\n              image: shop/report:1\n              ports:\n                - containerPort: 80\n' } },
      { name: 'a load generator', files: { 'k8s/load.yaml': manifest('load-test') } },
      { name: 'a hook', files: { 'k8s/hook.yaml': manifest('seed').replace('  name: seed', '  name: seed\n  annotations:\n    helm.sh/hook: post-install') } },
    ],
    unknown: [
      { name: 'the probe comes from template values', files: { 'chart/templates/orders.yaml': documents(manifest('orders', { container: `${PORT}\n          {{- with .Values.readinessProbe }}\n          readinessProbe:\n            {{- toYaml . | nindent 12 }}\n          {{- end }}` }), service('orders')) } },
      { name: 'a template may add keys to the container', files: { 'chart/templates/orders.yaml': documents(manifest('orders', { container: `${PORT}\n          {{- include "shop.probes" . | nindent 10 }}` }), service('orders')) } },
      {
        name: 'an overlay adds the probe',
        files: {
          'base/orders.yaml': documents(manifest('orders'), service('orders')),
          'base/kustomization.yaml': 'resources:\n  - orders.yaml\n',
          'live/kustomization.yaml': 'resources:\n  - ../base\npatches:\n  - path: probes.yaml\n',
          'live/probes.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: orders\nspec:\n  template:\n    spec:\n      containers:\n        - name: app\n          readinessProbe:\n            httpGet:\n              path: /readyz\n              port: 3000\n',
        },
      },
    ],
  },
});
