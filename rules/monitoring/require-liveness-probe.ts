// A process that hangs does not end, so nothing restarts it, unless something asks it whether it lives.

import { defineRule } from '../../engine/lint/rule';
import { containerLabel, isOnKubernetes, isWanted, keepsData, severityFor, subjectOf } from '../../engine/model/questions';
import { PORT, documents, manifest, service } from '../example-manifests';
import { addLiveness } from '../probe-fixes';

const LIVE = '          livenessProbe:\n            httpGet:\n              path: /livez\n              port: 3000\n            periodSeconds: 10\n            timeoutSeconds: 2\n            failureThreshold: 6';

export const requireLivenessProbe = defineRule({
  id: 'monitoring/require-liveness-probe',
  since: '0.1.0',
  severity: 'info',
  reads: 'infrastructure',
  fault: 'hung',
  messages: {
    missing: 'A hung `{workload}` is never restarted: no liveness probe.',
  },
  docs: {
    what: 'Reports a long-running container that nothing restarts when it hangs.',
    why: 'A deadlock, an exhausted pool or a stuck loop leaves the process running and useless until a person looks.',
    fix: 'Ask a route that touches nothing but the process itself, and give up late: a liveness probe that asks a store restarts everything when the store is slow.',
    not: 'Data stores and caches (a loaded one is not a dead one), sidecars, init containers, jobs and hooks, load generators, and a probe that a template or an overlay may bring.',
  },
  check({ system, report }) {
    for (const workload of system.workloads) {
      if (!isWanted(workload) || !isOnKubernetes(workload) || keepsData(workload) || workload.role === 'cache' || workload.kind === 'Service') continue;
      for (const container of workload.containers) {
        if (container.kind !== 'main' || container.liveness.state !== 'absent' || container.role === 'exporter' || container.role === 'cache') continue;
        report({
          at: container.at,
          message: 'missing',
          data: { workload: containerLabel(workload, container) },
          related: container.health?.liveness ? [{ at: container.health.liveness.at, text: 'the route exists already' }] : [],
          fixes: addLiveness(container),
          subject: subjectOf(workload, container),
          severity: severityFor(workload, workload.isPerNode ? 'advice' : 'info'),
        });
      }
    }
  },
  examples: {
    bad: [
      { name: 'a readiness probe takes it out of the rotation, for ever', files: { 'k8s/orders.yaml': documents(manifest('orders', { container: `${PORT}\n          readinessProbe:\n            tcpSocket:\n              port: 3000` }).replace('- name: app', '- name: «app»'), service('orders')) }, expect: 'missing' },
      { name: 'no probe at all', files: { 'k8s/orders.yaml': documents(manifest('orders').replace('- name: app', '- name: «app»'), service('orders')) }, expect: 'missing' },
      { name: 'a worker that hangs takes no work', files: { 'k8s/worker.yaml': manifest('worker', { container: '          args: [run]' }).replace('- name: app', '- name: «app»') }, expect: 'missing' },
      { name: 'one on each node', files: { 'k8s/shipper.yaml': manifest('shipper', { kind: 'DaemonSet' }).replace('- name: app', '- name: «app»') }, expect: 'missing' },
      {
        name: 'the code has a route for it',
        files: {
          'k8s/orders.yaml': documents(manifest('orders', { container: PORT }).replace('- name: app', '- name: «app»'), service('orders')),
          'orders/package.json': '{ "name": "orders", "dependencies": { "express": "^4.19.0" } }',
          'orders/server.js': "const express = require('express');\nconst app = express();\napp.get('/livez', (request, response) => response.sendStatus(200));\napp.listen(3000);\n",
        },
        expect: 'missing',
        fixed: { 'k8s/orders.yaml': documents(manifest('orders', { container: `${PORT}\n${LIVE}` }), service('orders')) },
      },
    ],
    good: [
      { name: 'a liveness probe', files: { 'k8s/orders.yaml': documents(manifest('orders', { container: `${PORT}\n${LIVE}` }), service('orders')) } },
      { name: 'a data store', files: { 'k8s/db.yaml': manifest('postgres', { kind: 'StatefulSet', image: 'postgres:16' }) } },
      { name: 'a cache', files: { 'k8s/redis.yaml': manifest('redis', { image: 'redis:7' }) } },
      { name: 'a sidecar beside it', files: { 'k8s/orders.yaml': manifest('orders', { container: `${PORT}\n${LIVE}\n        - name: istio-proxy\n          image: istio/proxyv2:1.22` }) } },
      { name: 'a job', files: { 'k8s/job.yaml': 'apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: report\nspec:\n  template:\n    spec:\n      restartPolicy: Never\n      containers:\n        - name: report\n          image: shop/report:1\n' } },
    ],
    unknown: [
      { name: 'the probe comes from template values', files: { 'chart/templates/orders.yaml': manifest('orders', { container: `${PORT}\n          livenessProbe:\n            {{- toYaml .Values.livenessProbe | nindent 12 }}` }) } },
      { name: 'the probe stands under a template condition', files: { 'chart/templates/orders.yaml': manifest('orders', { container: `${PORT}\n          {{- if .Values.probes }}\n${LIVE}\n          {{- end }}` }) } },
    ],
  },
});
