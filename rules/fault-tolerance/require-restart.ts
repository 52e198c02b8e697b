// A process that ends and is not started again turns one crash into an outage that lasts until somebody looks.

import { defineRule } from '../../engine/lint/rule';
import type { Fix } from '../../engine/lint/fix';
import { intend, isDeployed, isSubject, severityFor, subjectOf } from '../../engine/model/questions';
import type { Workload } from '../../engine/model/model';
import type { Supervision } from '../../engine/model/supervision';

export const requireRestart = defineRule({
  id: 'fault-tolerance/require-restart',
  since: '0.1.0',
  severity: 'warning',
  reads: 'infrastructure',
  fault: 'down',
  messages: {
    missing: 'When `{workload}` ends it stays down: {platform} restarts nothing by default.',
    capped: { text: 'After {count} crashes `{workload}` stays down: its restart policy gives up then.', severity: 'info' },
    misplaced: '`{key}` does nothing here: it stands in `[{section}]`, systemd reads it in `[{home}]`.',
    refused: { text: '`{workload}` never starts: a {kind} takes no other `restartPolicy` than `Always`.', severity: 'error' },
  },
  docs: {
    what: 'Reports a long-running workload that nothing starts again when it ends, that is given up after a few crashes, or whose policy its kind refuses.',
    why: 'Processes end: out of memory, an uncaught error, a reboot of the host. Without a restart policy each of these is an outage until a person acts.',
    fix: 'Set `restart: unless-stopped`, which also starts it again after the host has restarted.',
    not: 'Jobs, migrations, services behind a profile, tools and load generators; files for development and tests; `restart: "no"` written on purpose; `on-failure` without a count; a policy that another file or a variable sets. Kubernetes restarts by default.',
    references: ['https://docs.docker.com/engine/containers/start-containers-automatically/'],
  },
  check({ system, report }) {
    for (const workload of system.workloads) {
      if (!isSubject(workload)) continue;
      const common = { data: dataOf(workload), subject: subjectOf(workload) };
      const { restart } = workload;
      for (const line of workload.supervision?.misplaced ?? []) {
        report({ ...common, at: line.at, message: 'misplaced', data: { key: line.key, section: line.section, home: line.home }, subject: `${common.subject}/${line.key}`, severity: severityFor(workload, 'warning') });
      }
      if (workload.supervision) {
        reportSupervised(workload, workload.supervision);
        continue;
      }
      if (restart.state === 'default' && restart.value === 'no' && isDeployed(workload)) {
        report({
          ...common,
          at: workload.at,
          message: 'missing',
          label: 'no restart policy',
          fixes: [{ title: 'Restart with `unless-stopped`', safety: 'safe', operations: [intend(workload.resource, { kind: 'set-restart', policy: 'unless-stopped' })] }],
        });
      } else if (restart.state === 'set' && workload.restartAttempts !== undefined && workload.restartAttempts > 0 && workload.format !== 'kubernetes') {
        report({
          ...common,
          at: restart.at,
          message: 'capped',
          severity: severityFor(workload, 'info'),
          fixes: [{ title: 'Restart with `unless-stopped`', safety: 'unsafe', operations: [intend(workload.resource, { kind: 'set-restart', policy: 'unless-stopped' })] }],
        });
      } else if (restart.state === 'set' && restart.value !== 'always' && isController(workload)) {
        report({
          ...common,
          at: restart.at,
          message: 'refused',
          fixes: [{ title: 'Set `restartPolicy` to `Always`', safety: 'safe', operations: [intend({ ...workload.resource, file: restart.at.file }, { kind: 'replace-text', span: restart.at.span, text: 'restartPolicy: Always' })] }],
        });
      }
    }

    function reportSupervised(workload: Workload, supervision: Supervision): void {
      const { restart } = workload;
      const common = { data: dataOf(workload), subject: subjectOf(workload) };
      const again: Fix = { title: 'Restart with `on-failure` after 5 s', safety: 'safe', operations: [intend(workload.resource, { kind: 'set-restart', policy: 'on-failure', delaySeconds: 5 })] };
      const isMisplaced = supervision.misplaced.some((line) => line.key === 'Restart');
      if (restart.state === 'default' && restart.value === 'no' && isDeployed(workload) && !isMisplaced) report({ ...common, at: workload.at, message: 'missing', label: 'no restart policy', fixes: [again] });
    }
  },
  examples: {
    bad: [
      {
        name: 'a systemd service without a policy',
        files: { 'deploy/orders.service': '[Unit]\nDescription=Orders\n\n«[Service]»\nExecStart=/usr/bin/node /srv/orders/main.js\nUser=orders\n\n[Install]\nWantedBy=multi-user.target\n' },
        expect: 'missing',
        fixed: { 'deploy/orders.service': '[Unit]\nDescription=Orders\n\n[Service]\nExecStart=/usr/bin/node /srv/orders/main.js\nUser=orders\nRestart=on-failure\nRestartSec=5s\n\n[Install]\nWantedBy=multi-user.target\n' },
      },
      { name: 'a limit of starts where systemd does not read it', files: { 'orders.service': '[Service]\nExecStart=/usr/bin/orders\nRestart=always\nRestartSec=5\n«StartLimitIntervalSec=0»\n' }, expect: 'misplaced' },
      {
        name: 'a service without a policy',
        files: { 'compose.yaml': 'services:\n  «worker»:\n    image: shop/worker:1\n    command: node worker.js\n' },
        expect: 'missing',
        fixed: { 'compose.yaml': 'services:\n  worker:\n    image: shop/worker:1\n    restart: unless-stopped\n    command: node worker.js\n' },
      },
      {
        name: 'an anchor that has none either, with a comment and Windows line breaks',
        files: { 'docker-compose.yml': 'x-app: &app\r\n  image: shop/app:1 # pinned\r\nservices:\r\n  «web»:\r\n    <<: *app\r\n    environment: { A: "1" }\r\n' },
        expect: 'missing',
        fixed: { 'docker-compose.yml': 'x-app: &app\r\n  image: shop/app:1 # pinned\r\nservices:\r\n  web:\r\n    <<: *app\r\n    restart: unless-stopped\r\n    environment: { A: "1" }\r\n' },
      },
      {
        name: 'a data store',
        files: { 'compose.yaml': 'services:\n  «postgres»:\n    build:\n      context: ./db\n    volumes:\n      - data:/var/lib/postgresql/data\nvolumes:\n  data:\n' },
        expect: 'missing',
        fixed: { 'compose.yaml': 'services:\n  postgres:\n    build:\n      context: ./db\n    restart: unless-stopped\n    volumes:\n      - data:/var/lib/postgresql/data\nvolumes:\n  data:\n' },
      },
      {
        name: 'a service in flow style',
        files: { 'compose.yaml': 'services:\n  «web»: { image: "shop/web:1" }\n' },
        expect: 'missing',
        fixed: { 'compose.yaml': 'services:\n  web: { image: "shop/web:1", restart: unless-stopped }\n' },
      },
      {
        name: 'Railway gives up after ten',
        files: { 'railway.toml': '[deploy]\n«restartPolicyType = "ON_FAILURE"»\nrestartPolicyMaxRetries = 10\n' },
        expect: 'capped',
        fixed: { 'railway.toml': '[deploy]\nrestartPolicyType = "ALWAYS"\nrestartPolicyMaxRetries = 10\n' },
      },
      {
        name: 'given up after three crashes',
        files: { 'compose.yaml': 'services:\n  web:\n    image: shop/web:1\n    «restart: on-failure:3»\n' },
        expect: 'capped',
        fixed: { 'compose.yaml': 'services:\n  web:\n    image: shop/web:1\n    restart: unless-stopped\n' },
      },
      {
        name: 'given up by the policy of a deployment',
        files: { 'compose.yaml': 'services:\n  web:\n    image: shop/web:1\n    deploy:\n      restart_policy:\n        condition: «on-failure»\n        max_attempts: 2 # enough\n' },
        expect: 'capped',
        fixed: { 'compose.yaml': 'services:\n  web:\n    image: shop/web:1\n    deploy:\n      restart_policy:\n        condition: any\n' },
      },
      {
        name: 'a policy that a Deployment refuses',
        files: { 'k8s/web.yaml': deployment('Never', '«', '»') },
        expect: 'refused',
        fixed: { 'k8s/web.yaml': deployment('Always') },
      },
    ],
    good: [
      { name: 'systemd starts it again, after a while', files: { 'orders.service': '[Service]\nExecStart=/usr/bin/orders\nRestart=on-failure\nRestartSec=5s\n' } },
      { name: 'systemd is told never to give up', files: { 'orders.service': '[Unit]\nStartLimitIntervalSec=0\n[Service]\nExecStart=/usr/bin/orders\nRestart=always\n' } },
      { name: 'a drop-in sets the policy', files: { 'orders.service': '[Service]\nExecStart=/usr/bin/orders\n', 'orders.service.d/restart.conf': '[Service]\nRestart=always\nRestartSec=2\n' } },
      { name: 'a unit that runs once, and one that a timer starts', files: { 'a.service': '[Service]\nType=oneshot\nExecStart=/bin/a\n', 'b.service': '[Service]\nExecStart=/bin/b\n', 'b.timer': '[Timer]\nOnCalendar=daily\n' } },
      { name: 'restarted', files: { 'compose.yaml': 'services:\n  web:\n    image: shop/web:1\n    restart: always\n' } },
      { name: 'the policy stands in an anchor', files: { 'compose.yaml': 'x-app: &app\n  restart: unless-stopped\nservices:\n  web:\n    <<: *app\n    image: shop/web:1\n' } },
      { name: 'the policy stands under deploy', files: { 'compose.yaml': 'services:\n  web:\n    image: shop/web:1\n    deploy:\n      restart_policy:\n        condition: on-failure\n' } },
      { name: 'the policy stands in the service that it extends', files: { 'compose.yaml': 'services:\n  web:\n    extends: { file: base.yaml, service: app }\n    image: shop/web:1\n', 'base.yaml': 'services:\n  app:\n    image: shop/app:1\n    restart: always\n' } },
      { name: 'a migration that others wait for', files: { 'compose.yaml': 'services:\n  schema:\n    image: shop/web:1\n  web:\n    image: shop/web:1\n    restart: always\n    depends_on:\n      schema:\n        condition: service_completed_successfully\n' } },
      { name: 'a load generator and a tool', files: { 'compose.yaml': 'services:\n  load-test:\n    image: shop/load-test:1\n  adminer:\n    image: adminer\n' } },
      { name: 'an override of a base that restarts', files: { 'docker-compose.yml': 'services:\n  web:\n    image: shop/web:1\n    restart: always\n', 'docker-compose.prod.yml': 'services:\n  web:\n    environment: { LOG: warn }\n' } },
      { name: 'a file for development', files: { 'docker-compose.dev.yml': 'services:\n  web:\n    image: shop/web:1\n' } },
      { name: 'behind a profile', files: { 'compose.yaml': 'services:\n  debug:\n    image: shop/debug:1\n    profiles: [debug]\n' } },
      { name: 'a swarm restarts by default', files: { 'docker-stack.yml': 'services:\n  web:\n    image: shop/web:1\n    deploy:\n      mode: replicated\n      replicas: 2\n' } },
      { name: 'Kubernetes restarts by default', files: { 'k8s/web.yaml': deployment('Always') } },
    ],
    unknown: [
      { name: 'a socket or the bus starts it', files: { 'a.service': '[Service]\nExecStart=/bin/a\n', 'a.socket': '[Socket]\nListenStream=80\n', 'b.service': '[Service]\nType=dbus\nBusName=org.b\nExecStart=/bin/b\n' } },
      { name: 'an instance of a template', files: { 'worker@.service': '[Service]\nExecStart=/bin/worker %i\n' } },
      { name: 'the policy is a variable', files: { 'compose.yaml': 'services:\n  web:\n    image: shop/web:1\n    restart: ${RESTART}\n' } },
      { name: 'the base is not in the workspace', files: { 'compose.yaml': 'services:\n  web:\n    extends: { file: ../common.yaml, service: app }\n    image: shop/web:1\n' } },
      { name: 'another file may set it', files: { 'docker-compose.yml': 'services:\n  web:\n    image: shop/web:1\n', 'docker-compose.prod.yml': 'services:\n  web:\n    restart: always\n' } },
      { name: 'a syntax error cuts the service off', files: { 'compose.yaml': 'services:\n  web:\n    image: shop/web:1\n    command: "node\n    restart: always\n' } },
    ],
  },
});

const PLATFORMS: Readonly<Record<string, string>> = { compose: 'Compose', systemd: 'systemd', pm2: 'PM2' };

function dataOf(workload: Workload): Record<string, string | number> {
  return { workload: workload.name, platform: PLATFORMS[workload.format] ?? 'its platform', count: workload.restartAttempts ?? 0, kind: workload.kind };
}

function isController(workload: Workload): boolean {
  return workload.format === 'kubernetes' && ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'].includes(workload.kind);
}

function deployment(policy: string, open = '', close = ''): string {
  return `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  selector:\n    matchLabels: { app: web }\n  template:\n    metadata:\n      labels: { app: web }\n    spec:\n      ${open}restartPolicy: ${policy}${close}\n      containers:\n        - name: web\n          image: shop/web:1\n`;
}
