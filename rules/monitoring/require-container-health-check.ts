// Without a health check a container that hangs counts as running: nobody waits for it, nobody restarts it, and its share of the requests is lost.

import { defineRule } from '../../engine/lint/rule';
import type { Severity } from '../../engine/lint/finding';
import type { Fix } from '../../engine/lint/fix';
import type { Container, SystemModel, Workload } from '../../engine/model/model';
import { isDeployed, isOnKubernetes, isSubject, keepsData, subjectOf } from '../../engine/model/questions';
import { awaitedConditions } from '../../engine/model/neighbours';
import { healthCommandOf, insertHealthCheck } from '../health-commands';

export const requireContainerHealthCheck = defineRule({
  id: 'monitoring/require-container-health-check',
  since: '0.1.0',
  severity: 'warning',
  reads: 'system',
  fault: 'hung',
  messages: {
    missing: 'A hung `{workload}` counts as running: its service has no health check.',
  },
  docs: {
    what: 'Reports a served container, or a data store that others wait for, whose service and image have no health check.',
    why: 'A process that hangs is still running. Only a health check tells a hung container from a healthy one, lets others wait until it is ready, and lets a supervisor replace it.',
    fix: 'Add a `healthcheck` with a command that the image has: the known one of its image, or a question to the health route of the code.',
    not: 'Workers that nobody calls, jobs, tools and exporters; files for development and tests; an image that brings its own check; a check that is switched off on purpose; a Dockerfile that is not in the workspace. Kubernetes asks by probes instead.',
    references: ['https://docs.docker.com/reference/compose-file/services/#healthcheck'],
  },
  check({ system, report }) {
    for (const workload of system.workloads) {
      const [container] = workload.containers;
      // Behind a balancer of a cloud the balancer asks.
      if (isOnKubernetes(workload) || workload.cloud !== undefined || !container || !isSubject(workload) || !isDeployed(workload) || container.healthCheck.state !== 'absent') continue;
      const severity = severityOf(workload, container, system);
      if (!severity) continue;
      report({
        at: workload.at,
        message: 'missing',
        data: { workload: workload.name },
        label: container.build ? `no HEALTHCHECK in ${container.build.file.split('/').at(-1) ?? ''}` : 'no health check',
        related: [...workload.servedBy.slice(0, 2), ...(container.health?.readiness ? [{ at: container.health.readiness.at, text: 'the route exists already' }] : [])],
        fixes: fixesOf(workload, container),
        subject: subjectOf(workload),
        severity,
      });
    }
  },
  examples: {
    bad: [
      { name: 'a web service of Render', files: { 'render.yaml': 'services:\n  - type: web\n    «name: orders»\n    runtime: node\n    plan: standard\n    numInstances: 2\n    startCommand: node main.js\n' }, expect: 'missing' },
      { name: 'an app of Fly', files: { 'fly.toml': '«app = "orders"»\nprimary_region = "ams"\nkill_timeout = 30\n\n[http_service]\ninternal_port = 3000\n' }, expect: 'missing' },
      {
        name: 'a served application whose Dockerfile has none either, and a route that answers',
        files: {
          'compose.yaml': 'services:\n  «orders»:\n    build: .\n    restart: always\n    ports: ["3000:3000"]\n',
          'Dockerfile': 'FROM node:22-alpine\nCOPY . .\nCMD ["node", "main.js"]\n',
        },
        expect: 'missing',
      },
      {
        name: 'the code answers a health route already',
        files: {
          'compose.yaml': 'services:\n  «orders»:\n    build: .\n    command: node dist/orders/main.js\n    ports: ["8080:3000"]\n  worker:\n    build: .\n    command: node dist/worker/main.js\n',
          'Dockerfile': 'FROM node:22-alpine\nCOPY . .\nCMD ["node", "dist/orders/main.js"]\n',
          'src/orders/main.ts': "import express from 'express';\nconst app = express();\napp.get('/readyz', (_request, response) => response.sendStatus(200));\napp.listen(3000);\n",
          'package.json': '{ "dependencies": { "express": "5.1.0" } }\n',
        },
        expect: 'missing',
        fixed: {
          'compose.yaml':
            'services:\n  orders:\n    build: .\n    command: node dist/orders/main.js\n    ports: ["8080:3000"]\n    healthcheck:\n      test: ["CMD", "node", "-e", "fetch(\'http://127.0.0.1:3000/readyz\').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]\n      interval: 10s\n      timeout: 5s\n      retries: 5\n  worker:\n    build: .\n    command: node dist/worker/main.js\n',
        },
      },
      {
        name: 'a database that an application waits for',
        files: { 'compose.yaml': 'services:\n  api:\n    build: ./api\n    environment:\n      DATABASE_URL: postgres://db:5432/shop\n  «db»:\n    image: postgres:16\n    restart: always\n' },
        expect: 'missing',
        fixed: {
          'compose.yaml':
            'services:\n  api:\n    build: ./api\n    environment:\n      DATABASE_URL: postgres://db:5432/shop\n  db:\n    image: postgres:16\n    restart: always\n    healthcheck:\n      test: ["CMD-SHELL", "pg_isready -h 127.0.0.1 -U $${POSTGRES_USER:-postgres}"]\n      interval: 10s\n      timeout: 5s\n      retries: 5\n',
        },
      },
      {
        name: 'a broker, named by alias and in CRLF',
        files: { 'compose.yaml': 'services:\r\n  api:\r\n    image: shop/api:1\r\n    environment: ["AMQP_URL=amqp://queue:5672"]\r\n  «rabbitmq»:\r\n    image: rabbitmq:3\r\n    hostname: queue\r\n' },
        expect: 'missing',
        fixed: {
          'compose.yaml':
            'services:\r\n  api:\r\n    image: shop/api:1\r\n    environment: ["AMQP_URL=amqp://queue:5672"]\r\n  rabbitmq:\r\n    image: rabbitmq:3\r\n    hostname: queue\r\n    healthcheck:\r\n      test: ["CMD", "rabbitmq-diagnostics", "-q", "check_running"]\r\n      interval: 10s\r\n      timeout: 5s\r\n      retries: 5\r\n      start_period: 60s\r\n',
        },
      },
      {
        name: 'a proxy that is published',
        files: { 'compose.yaml': 'services:\n  «edge»:\n    image: nginx:1.27-alpine\n    restart: always\n    ports:\n      - "80:80"\n' },
        expect: 'missing',
        fixed: { 'compose.yaml': 'services:\n  edge:\n    image: nginx:1.27-alpine\n    restart: always\n    ports:\n      - "80:80"\n    healthcheck:\n      test: ["CMD", "curl", "-f", "http://127.0.0.1/"]\n      interval: 10s\n      timeout: 5s\n      retries: 5\n' },
      },
    ],
    good: [
      { name: 'Render asks a path', files: { 'render.yaml': 'services:\n  - type: web\n    name: orders\n    plan: standard\n    numInstances: 2\n    healthCheckPath: /readyz\n  - type: web\n    name: site\n    runtime: static\n' } },
      { name: 'Fly asks a path', files: { 'fly.toml': "app = 'orders'\n[http_service]\ninternal_port = 3000\n[[http_service.checks]]\npath = '/readyz'\n" } },
      { name: 'a free plan is no production', files: { 'render.yaml': 'services:\n  - type: web\n    name: demo\n    plan: free\n' } },
      { name: 'the service has one', files: { 'compose.yaml': 'services:\n  web:\n    image: shop/web:1\n    ports: ["80:80"]\n    healthcheck:\n      test: curl -f http://127.0.0.1/\n' } },
      { name: 'the Dockerfile has one', files: { 'compose.yaml': 'services:\n  web:\n    build: web\n    ports: ["80:80"]\n', 'web/Dockerfile': 'FROM node:22\nHEALTHCHECK --interval=10s \\\n  CMD node health.js\nCMD ["node", "main.js"]\n' } },
      { name: 'an earlier stage has one', files: { 'compose.yaml': 'services:\n  web:\n    build: { context: ., dockerfile: web.Dockerfile }\n    ports: ["80:80"]\n', 'web.Dockerfile': 'FROM node:22 AS base\nHEALTHCHECK CMD node health.js\nFROM base\nCMD ["node", "main.js"]\n' } },
      { name: 'somebody waits for its health', files: { 'compose.yaml': 'services:\n  web:\n    image: shop/web:1\n    depends_on:\n      db: { condition: service_healthy }\n  db:\n    image: postgres:16\n' } },
      { name: 'a worker that nobody calls', files: { 'compose.yaml': 'services:\n  worker:\n    build: .\n', 'Dockerfile': 'FROM node:22\nCMD ["node", "worker.js"]\n' } },
      { name: 'switched off on purpose', files: { 'compose.yaml': 'services:\n  web:\n    image: nginx\n    ports: ["80:80"]\n    healthcheck:\n      disable: true\n' } },
      { name: 'a stage for development', files: { 'compose.yaml': 'services:\n  web:\n    build: { context: ., target: development }\n    ports: ["80:80"]\n', 'Dockerfile': 'FROM node:22 AS development\nCMD ["node", "x"]\n' } },
      { name: 'an exporter and a job', files: { 'compose.yaml': 'services:\n  node:\n    image: prom/node-exporter\n    ports: ["9100:9100"]\n  migrate:\n    image: flyway/flyway\n    ports: ["1:1"]\n' } },
      { name: 'a Deployment is asked by probes', files: { 'k8s/web.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec:\n  containers: [{ name: web, image: nginx, ports: [{ containerPort: 80 }] }]\n' } },
    ],
    unknown: [
      { name: 'a dashboard may say it', files: { 'railway.toml': '[deploy]\nnumReplicas = 2\nstartCommand = "node main.js"\n' } },
      { name: 'the Dockerfile is not in the workspace', files: { 'compose.yaml': 'services:\n  web:\n    build: ../web\n    ports: ["80:80"]\n' } },
      { name: 'the image brings one', files: { 'compose.yaml': 'services:\n  gateway:\n    image: kong:3\n    ports: ["80:8000"]\n' } },
      { name: 'another file may add one', files: { 'compose.yaml': 'services:\n  web:\n    image: nginx\n    ports: ["80:80"]\n', 'compose.override.yaml': 'services:\n  web:\n    healthcheck:\n      test: curl -f http://127.0.0.1/\n' } },
    ],
  },
});

/** How much its absence hurts; undefined where nobody asks. An image that nobody here knows may bring a check of its own. */
function severityOf(workload: Workload, container: Container, system: SystemModel): Severity | undefined {
  const conditions = awaitedConditions(system, workload);
  // Who waits for its health knows of a check, or never starts: that is said there.
  if (conditions.has('healthy')) return undefined;
  const isWaitedFor = workload.isServed || conditions.size > 0;
  if (!isWaitedFor) return undefined;
  if (keepsData(workload)) return 'warning';
  if (workload.role === 'cache' || workload.role === 'monitoring') return 'info';
  return container.build || container.knownImage ? 'warning' : 'info';
}

function fixesOf(workload: Workload, container: Container): readonly Fix[] {
  const command = healthCommandOf(workload, container);
  return command ? [{ title: command.title, safety: 'safe', operations: [insertHealthCheck(workload, command)] }] : [];
}
