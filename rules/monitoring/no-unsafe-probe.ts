// A probe decides over life and traffic of an instance. One that is too quick, asks the wrong thing or cannot fail does more harm than none.

import { defineRule } from '../../engine/lint/rule';
import { isOnKubernetes, isSubject, severityFor } from '../../engine/model/questions';
import { PORT, manifest } from '../example-manifests';
import { judgeProbes } from '../probe-arithmetic';

function probe(name: string, lines: readonly string[]): string {
  return [`          ${name}:`, ...lines.map((line) => `            ${line}`)].join('\n');
}

function http(path: string, more: readonly string[] = []): readonly string[] {
  return ['httpGet:', `  path: ${path}`, '  port: 3000', ...more];
}

const READY = probe('readinessProbe', http('/readyz'));

function orders(...probes: readonly string[]): string {
  return manifest('orders', { container: [PORT, ...probes].join('\n') });
}

export const noUnsafeProbe = defineRule({
  id: 'monitoring/no-unsafe-probe',
  since: '0.1.0',
  severity: 'warning',
  reads: 'infrastructure',
  fault: 'slow',
  options: {
    window: { type: 'duration', default: '15s', describe: 'A liveness probe that gives up sooner than this is too quick.' },
    slowCommands: {
      type: 'strings',
      default: ['java', 'node', 'npm', 'npx', 'python', 'python3', 'ruby', 'php', 'mongosh', 'mongo', 'cqlsh', 'nodetool', 'rabbitmq-diagnostics', 'rabbitmqctl'],
      describe: 'Commands that start a runtime of their own and rarely answer within a second.',
    },
  },
  messages: {
    identical: 'A slow answer restarts `{workload}` instead of pausing it: both probes ask {question}.',
    one: 'One slow answer restarts `{workload}`: `failureThreshold` is 1.',
    window: '`{workload}` is restarted {window} after its last answer: its liveness probe asks every {period} and gives up after {count} failures.',
    late: { text: 'A hung `{workload}` is noticed late: `timeoutSeconds` {timeout} is longer than `periodSeconds` {period}.', severity: 'info' },
    slow: '`{workload}` fails its {probe} probe under load: `{command}` starts a runtime of its own and has 1 s by default.',
    success: { text: 'Kubernetes refuses `{workload}`: `successThreshold` of a {probe} probe is always 1.', severity: 'error' },
    port: '`{workload}` {consequence}: the probe asks port {port}, {known}.',
    always: 'The {probe} probe of `{workload}` cannot fail: it runs `{command}`.',
  },
  docs: {
    what: 'Reports probes whose numbers or question harm: identical liveness and readiness, one failure that kills, a window of a few seconds, a command slower than its limit, a port nobody listens on, a command that cannot fail.',
    why: 'Under load answers become slow. A liveness probe that cannot wait then restarts instances that are only busy, the rest gets their load, and the whole service goes down.',
    fix: 'Let liveness ask the process alone and give up late; let readiness ask what is needed and react early.',
    not: 'Different questions, a liveness probe that waits longer than the readiness probe, ports that a sidecar may serve, and numbers that a template or an overlay decides.',
    references: ['https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/'],
  },
  check({ system, options, report }) {
    for (const workload of system.workloads) {
      if (!isSubject(workload) || !isOnKubernetes(workload)) continue;
      for (const container of workload.containers) {
        if (container.kind === 'init') continue;
        for (const found of judgeProbes(workload, container, options(container.at.file))) report({ ...found, severity: severityFor(workload, found.severity) });
      }
    }
  },
  examples: {
    bad: [
      {
        name: 'liveness and readiness ask the same',
        files: { 'k8s/orders.yaml': orders(probe('readinessProbe', http('/health')), probe('«livenessProbe»', http('/health'))) },
        expect: 'identical',
        fixed: { 'k8s/orders.yaml': orders(probe('readinessProbe', http('/health')), probe('livenessProbe', http('/health', ['failureThreshold: 9']))) },
      },
      {
        name: 'the same, and quick',
        files: { 'k8s/orders.yaml': orders(probe('readinessProbe', http('/health', ['periodSeconds: 3'])), probe('«livenessProbe»', http('/health', ['initialDelaySeconds: 30', 'periodSeconds: 3']))) },
        expect: 'identical',
        fixed: { 'k8s/orders.yaml': orders(probe('readinessProbe', http('/health', ['periodSeconds: 3'])), probe('livenessProbe', http('/health', ['initialDelaySeconds: 30', 'periodSeconds: 3', 'failureThreshold: 10']))) },
      },
      {
        name: 'the same port by number and by default',
        files: { 'k8s/orders.yaml': orders(probe('readinessProbe', ['tcpSocket:', '  port: 3000', 'failureThreshold: 3']), probe('«livenessProbe»', ['tcpSocket:', '  port: 3000'])) },
        expect: 'identical',
      },
      {
        name: 'one failure kills',
        files: { 'k8s/orders.yaml': orders(READY, probe('livenessProbe', http('/livez', ['periodSeconds: 20', '«failureThreshold: 1»']))) },
        expect: 'one',
        fixed: { 'k8s/orders.yaml': orders(READY, probe('livenessProbe', http('/livez', ['periodSeconds: 20', 'failureThreshold: 3']))) },
      },
      {
        name: 'six seconds',
        files: { 'k8s/orders.yaml': orders(READY, probe('livenessProbe', http('/livez', ['«periodSeconds: 2»']))) },
        expect: 'window',
        fixed: { 'k8s/orders.yaml': orders(READY, probe('livenessProbe', http('/livez', ['periodSeconds: 2', 'failureThreshold: 15']))) },
      },
      {
        name: 'a limit longer than the period',
        files: { 'k8s/orders.yaml': orders(READY, probe('livenessProbe', http('/livez', ['periodSeconds: 10', '«timeoutSeconds: 30»']))) },
        expect: 'late',
        fixed: { 'k8s/orders.yaml': orders(READY, probe('livenessProbe', http('/livez', ['periodSeconds: 10', 'timeoutSeconds: 10']))) },
      },
      {
        name: 'a runtime within a second',
        files: { 'k8s/queue.yaml': manifest('queue', { kind: 'StatefulSet', image: 'rabbitmq:3.13', container: probe('«readinessProbe»', ['exec:', '  command: ["rabbitmq-diagnostics", "-q", "ping"]', 'periodSeconds: 30']) }) },
        expect: 'slow',
        fixed: { 'k8s/queue.yaml': manifest('queue', { kind: 'StatefulSet', image: 'rabbitmq:3.13', container: probe('readinessProbe', ['exec:', '  command: ["rabbitmq-diagnostics", "-q", "ping"]', 'periodSeconds: 30', 'timeoutSeconds: 10']) }) },
      },
      {
        name: 'a number that the platform refuses',
        files: { 'k8s/orders.yaml': orders(READY, probe('livenessProbe', http('/livez', ['«successThreshold: 2»']))) },
        expect: 'success',
        fixed: { 'k8s/orders.yaml': orders(READY, probe('livenessProbe', http('/livez', ['successThreshold: 1']))) },
      },
      {
        name: 'a port of no name',
        files: { 'k8s/orders.yaml': orders(probe('readinessProbe', ['httpGet:', '  path: /readyz', '  «port: http»'])) },
        expect: 'port',
        fixed: { 'k8s/orders.yaml': orders(probe('readinessProbe', ['httpGet:', '  path: /readyz', '  port: 3000'])) },
      },
      {
        name: 'the code listens elsewhere',
        files: {
          'k8s/orders.yaml': orders(probe('readinessProbe', ['httpGet:', '  path: /readyz', '  «port: 8080»'])),
          'orders/package.json': '{ "name": "orders", "dependencies": { "express": "^4.19.0" } }',
          'orders/server.js': "const express = require('express');\nconst app = express();\napp.get('/readyz', (request, response) => response.sendStatus(200));\napp.listen(3000);\n",
        },
        expect: 'port',
        fixed: { 'k8s/orders.yaml': orders(probe('readinessProbe', ['httpGet:', '  path: /readyz', '  port: 3000'])) },
      },
      { name: 'it cannot fail', files: { 'k8s/orders.yaml': orders(READY, probe('«livenessProbe»', ['exec:', '  command: ["true"]'])) }, expect: 'always' },
      { name: 'it only speaks', files: { 'k8s/orders.yaml': orders(READY, probe('«livenessProbe»', ['exec:', '  command: [sh, -c, "echo alive"]'])) }, expect: 'always' },
    ],
    good: [
      { name: 'different questions', files: { 'k8s/orders.yaml': orders(READY, probe('livenessProbe', http('/livez'))) } },
      { name: 'the same question, asked with patience', files: { 'k8s/orders.yaml': orders(probe('readinessProbe', http('/health')), probe('livenessProbe', http('/health', ['failureThreshold: 10']))) } },
      { name: 'only a readiness probe', files: { 'k8s/orders.yaml': orders(READY) } },
      { name: 'readiness may react at once', files: { 'k8s/orders.yaml': orders(probe('readinessProbe', http('/readyz', ['periodSeconds: 2', 'failureThreshold: 1']))) } },
      { name: 'a small binary within a second', files: { 'k8s/db.yaml': manifest('postgres', { kind: 'StatefulSet', image: 'postgres:16', container: probe('readinessProbe', ['exec:', '  command: [pg_isready, -h, 127.0.0.1]']) }) } },
      { name: 'a port that is not declared may be served all the same', files: { 'k8s/orders.yaml': orders(probe('readinessProbe', ['httpGet:', '  path: /health', '  port: 9000'])) } },
      { name: 'a port by its name', files: { 'k8s/orders.yaml': manifest('orders', { container: ['          ports:', '            - name: http', '              containerPort: 3000', probe('readinessProbe', ['httpGet:', '  path: /readyz', '  port: http'])].join('\n') }) } },
    ],
    unknown: [
      { name: 'the threshold is a template value', files: { 'chart/templates/orders.yaml': orders(READY, probe('livenessProbe', http('/livez', ['periodSeconds: 2', 'failureThreshold: {{ .Values.failures }}']))) } },
      { name: 'one of the paths is a template value', files: { 'chart/templates/orders.yaml': orders(probe('readinessProbe', http('{{ .Values.path }}')), probe('livenessProbe', http('/health'))) } },
      { name: 'ports come from template values', files: { 'chart/templates/orders.yaml': manifest('orders', { container: ['          ports:', '            {{- toYaml .Values.ports | nindent 12 }}', probe('readinessProbe', ['httpGet:', '  path: /readyz', '  port: http'])].join('\n') }) } },
    ],
  },
});
