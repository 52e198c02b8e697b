// A container that is started is not yet a service that answers. Whoever starts too early fails, and after a power cut everything starts at once.

import { defineRule } from '../../engine/lint/rule';
import type { Fix } from '../../engine/lint/fix';
import type { CiJob, CiService } from '../../engine/model/ci';
import { isDataStore } from '../../engine/model/images/known-images';
import type { StartDependency, Workload } from '../../engine/model/model';
import { intend, isDeployed, isRequestServer, isSubject, keepsData, severityFor, subjectOf } from '../../engine/model/questions';
import { neighbour } from '../../engine/model/neighbours';
import { healthCommandOf, insertHealthCheck } from '../health-commands';

export const requireStartCondition = defineRule({
  id: 'fault-tolerance/require-start-condition',
  since: '0.1.0',
  severity: 'warning',
  reads: 'infrastructure',
  fault: 'down',
  messages: {
    early: '`{workload}` starts before {dependencies}: this form of `depends_on` waits only for the container.',
    started: '`{workload}` starts before {dependencies}: `service_started` waits only for the container.',
    never: { text: '`{workload}` never starts: it waits for a healthy `{dependency}`, {because}.', severity: 'error' },
    endless: { text: '`{workload}` never starts: it waits for `{dependency}` to end, which is started again each time.', severity: 'error' },
    beside: { text: 'Steps of `{workload}` start before `{dependency}` takes connections: its container has no health check.', severity: 'info' },
    unordered: { text: '`{workload}` can start before `{dependency}`: it names it as a host, but nothing waits for it.', severity: 'advice' },
  },
  docs: {
    what: 'Reports a service that starts before the store it needs takes connections, and one that waits for something that never happens.',
    why: 'After a reboot everything starts together. A service that fails because its database is still starting may give up, or answer errors until somebody restarts it.',
    fix: 'Wait with `condition: service_healthy`, and give the dependency a health check.',
    not: 'Tools, monitoring, load generators, members of a cluster and balancers of stores, which try again by nature; files for development and tests; services of a swarm, where `depends_on` is ignored; a dependency on a service that is not in the file.',
    references: ['https://docs.docker.com/compose/how-tos/startup-order/'],
  },
  check({ system, report }) {
    for (const workload of system.workloads) {
      if (workload.format !== 'compose' || workload.isFragment || !workload.isSingleHost || ['tool', 'emulator', 'exporter'].includes(workload.role)) continue;
      const edges = workload.dependencies.flatMap((edge) => {
        const target = neighbour(system, workload, edge.on);
        return target ? [{ edge, target }] : [];
      });
      const broken = edges.find(({ edge, target }) => neverHappens(edge, target));
      if (broken) {
        reportBroken(workload, broken);
        continue;
      }
      if (!isDeployed(workload)) continue;
      const early = edges.filter(({ edge, target }) => edge.condition === 'started' && isAwaited(workload, edge, target));
      const stores = early.filter(({ target }) => keepsData(target));
      // What is repaired together is reported together: a cache beside a store too.
      const chosen = stores.length > 0 ? [...stores, ...early.filter(({ target }) => target.role === 'cache')] : early;
      const [first, ...rest] = stores.length > 0 ? chosen : chosen.toSorted((a, b) => Number(hasCheck(b.target)) - Number(hasCheck(a.target)));
      if (first) {
        const all = [first, ...rest];
        report({
          at: first.edge.at,
          message: first.edge.isShortForm ? 'early' : 'started',
          data: { workload: workload.name, dependencies: sentence(all) },
          label: first.target.containers[0]?.healthCheck.state === 'set' ? 'its health check is not used' : `waits only for the container`,
          related: [{ at: first.target.at, text: `${first.target.role} ${first.target.name}` }],
          more: rest.map(({ edge }) => edge.at),
          moreNoun: 'dependencies',
          fixes: waitForHealthy(workload, all.map(({ target }) => target)),
          subject: subjectOf(workload),
          severity: stores.length > 0 ? 'warning' : first.edge.isShortForm || hasCheck(first.target) ? 'info' : 'advice',
        });
        continue;
      }
      const host = (workload.hosts ?? []).map((named) => ({ named, target: neighbour(system, workload, named.name) })).find(({ named, target }) => target && keepsData(target) && target.role !== 'coordinator' && !workload.dependencies.some((edge) => edge.on === named.name));
      if (host?.target && isSubject(workload) && isRequestServer(workload.role)) {
        report({ at: workload.at, message: 'unordered', data: { workload: workload.name, dependency: host.named.name }, related: [{ at: host.named.at, text: 'named here' }], subject: subjectOf(workload) });
      }
    }
    for (const job of system.jobs) {
      if (job.environment === 'test' || job.environment === 'development' || waitsItself(job)) continue;
      for (const service of job.services) {
        const { known } = service;
        if (!known || known.hasHealthCheck || (!isDataStore(known.role) && known.role !== 'cache') || (service.options.state === 'set' && service.options.value.includes('--health-cmd')) || service.options.state === 'unknown') continue;
        report({ at: service.at, message: 'beside', data: { workload: job.name, dependency: service.name }, label: 'no --health-cmd', fixes: checkBeside(service, known.healthCommand), subject: `job/${job.name}/${service.name}`, severity: isDataStore(known.role) ? 'info' : 'advice' });
      }
    }

    function reportBroken(workload: Workload, { edge, target }: { edge: StartDependency; target: Workload }): void {
      const [container] = target.containers;
      const command = container && healthCommandOf(target, container);
      const isEndless = edge.condition === 'completed';
      const isOff = container?.healthCheck.state === 'set';
      report({
        at: edge.at,
        message: isEndless ? 'endless' : 'never',
        data: { workload: workload.name, dependency: edge.on, because: isOff ? 'whose health check is off' : 'which has no health check' },
        related: [{ at: isEndless && target.restart.state === 'set' ? target.restart.at : target.at, text: isEndless ? 'restarted each time it ends' : `${target.name} has no health check` }],
        fixes: !isEndless && !isOff && command ? [{ title: command.title, safety: 'safe', operations: [insertHealthCheck(target, command)] }] : [],
        subject: `${subjectOf(workload)}/${edge.on}`,
        severity: severityFor(workload, 'error'),
      });
    }
  },
  examples: {
    bad: [
      {
        name: 'a database beside the steps of a pipeline',
        files: { '.github/workflows/ci.yml': jobWith('      «redis»:\n        image: redis:7\n        ports: ["6379:6379"]\n') },
        expect: 'beside',
        fixed: { '.github/workflows/ci.yml': jobWith('      redis:\n        image: redis:7\n        options: "--health-cmd \\"redis-cli ping | grep -q PONG\\" --health-interval 5s --health-timeout 5s --health-retries 10"\n        ports: ["6379:6379"]\n') },
      },
      {
        name: 'the short form, and a database without a check',
        files: { 'compose.yaml': 'services:\n  orders:\n    image: shop/orders:1\n    depends_on:\n      - «postgres» # first\n  postgres:\n    image: postgres:16\n' },
        expect: 'early',
        fixed: {
          'compose.yaml':
            'services:\n  orders:\n    image: shop/orders:1\n    depends_on:\n      postgres: # first\n        condition: service_healthy\n  postgres:\n    image: postgres:16\n    healthcheck:\n      test: ["CMD-SHELL", "pg_isready -h 127.0.0.1 -U $${POSTGRES_USER:-postgres}"]\n      interval: 10s\n      timeout: 5s\n      retries: 5\n',
        },
      },
      {
        name: 'two stores, one of them checked, in a list in brackets',
        files: {
          'compose.yaml':
            'services:\n  orders:\n    image: shop/orders:1\n    depends_on: [«postgres», rabbitmq, web]\n  web:\n    image: shop/web:1\n  postgres:\n    image: postgres:16\n    healthcheck: { test: pg_isready }\n  rabbitmq:\n    image: rabbitmq:3\n    healthcheck: { test: rabbitmq-diagnostics ping }\n',
        },
        expect: 'early',
        fixed: {
          'compose.yaml':
            'services:\n  orders:\n    image: shop/orders:1\n    depends_on:\n      postgres:\n        condition: service_healthy\n      rabbitmq:\n        condition: service_healthy\n      web:\n        condition: service_started\n  web:\n    image: shop/web:1\n  postgres:\n    image: postgres:16\n    healthcheck: { test: pg_isready }\n  rabbitmq:\n    image: rabbitmq:3\n    healthcheck: { test: rabbitmq-diagnostics ping }\n',
        },
      },
      {
        name: 'the long form with `service_started`',
        files: { 'compose.yaml': 'services:\n  orders:\n    image: shop/orders:1\n    depends_on:\n      «mongo»:\n        condition: service_started\n        required: true\n  mongo:\n    image: mongo:7\n    healthcheck:\n      test: mongosh --eval 1\n' },
        expect: 'started',
        fixed: { 'compose.yaml': 'services:\n  orders:\n    image: shop/orders:1\n    depends_on:\n      mongo:\n        condition: service_healthy\n        required: true\n  mongo:\n    image: mongo:7\n    healthcheck:\n      test: mongosh --eval 1\n' },
      },
      {
        name: 'waits for a check that does not exist',
        files: { 'compose.yaml': 'services:\n  orders:\n    image: shop/orders:1\n    depends_on:\n      «postgres»:\n        condition: service_healthy\n  postgres:\n    image: postgres:16\n' },
        expect: 'never',
        fixed: {
          'compose.yaml':
            'services:\n  orders:\n    image: shop/orders:1\n    depends_on:\n      postgres:\n        condition: service_healthy\n  postgres:\n    image: postgres:16\n    healthcheck:\n      test: ["CMD-SHELL", "pg_isready -h 127.0.0.1 -U $${POSTGRES_USER:-postgres}"]\n      interval: 10s\n      timeout: 5s\n      retries: 5\n',
        },
      },
      {
        name: 'waits for the end of what is restarted for ever',
        files: { 'compose.yaml': 'services:\n  orders:\n    image: shop/orders:1\n    depends_on:\n      «schema»:\n        condition: service_completed_successfully\n  schema:\n    image: shop/schema:1\n    restart: always\n' },
        expect: 'endless',
      },
      {
        name: 'names its database and waits for nothing',
        files: { 'compose.yaml': 'services:\n  «orders»:\n    image: shop/orders:1\n    environment:\n      DB_HOST: db\n  db:\n    image: mariadb:11\n' },
        expect: 'unordered',
      },
      {
        name: 'an application that others need answers later than it starts',
        files: { 'compose.yaml': 'services:\n  edge:\n    image: nginx\n    depends_on:\n      - «web»\n  web:\n    image: shop/web:1\n    expose: ["3000"]\n    healthcheck:\n      test: curl -f http://127.0.0.1:3000/\n' },
        expect: 'early',
        fixed: { 'compose.yaml': 'services:\n  edge:\n    image: nginx\n    depends_on:\n      web:\n        condition: service_healthy\n  web:\n    image: shop/web:1\n    expose: ["3000"]\n    healthcheck:\n      test: curl -f http://127.0.0.1:3000/\n' },
      },
    ],
    good: [
      { name: 'the steps begin when the database is healthy', files: { '.github/workflows/ci.yml': jobWith('      postgres:\n        image: postgres:16\n        options: --health-cmd pg_isready --health-interval 5s\n') } },
      { name: 'a step waits for the database', files: { '.github/workflows/ci.yml': jobWith('      postgres:\n        image: postgres:16\n', '      - run: until pg_isready -h localhost; do sleep 1; done\n      - run: npm test\n') } },
      { name: 'waits for health', files: { 'compose.yaml': 'services:\n  orders:\n    image: shop/orders:1\n    depends_on:\n      postgres:\n        condition: service_healthy\n  postgres:\n    image: postgres:16\n    healthcheck:\n      test: pg_isready\n' } },
      { name: 'the check stands in the Dockerfile', files: { 'compose.yaml': 'services:\n  orders:\n    image: shop/orders:1\n    depends_on:\n      db:\n        condition: service_healthy\n  db:\n    build: db\n', 'db/Dockerfile': 'FROM postgres:16\nHEALTHCHECK CMD pg_isready\n' } },
      { name: 'a tool and monitoring try again', files: { 'compose.yaml': 'services:\n  adminer:\n    image: adminer\n    depends_on: [db]\n  grafana:\n    image: grafana/grafana\n    depends_on: [db]\n  db:\n    image: postgres:16\n' } },
      { name: 'members of a cluster, and the balancer before them, try again', files: { 'compose.yaml': 'services:\n  lb:\n    image: haproxy:3\n    depends_on: [db]\n  db:\n    image: postgres:16\n    depends_on: [etcd]\n  etcd:\n    image: quay.io/coreos/etcd:v3.5.9\n' } },
      { name: 'a proxy that asks the engine who is there', files: { 'compose.yaml': 'services:\n  edge:\n    image: traefik:3\n    depends_on: [web]\n    volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro"]\n  web:\n    image: shop/web:1\n    expose: ["80"]\n' } },
      { name: 'a swarm ignores the order', files: { 'compose.yaml': 'services:\n  orders:\n    image: shop/orders:1\n    depends_on: [db]\n    deploy:\n      replicas: 2\n      update_config: { order: start-first }\n  db:\n    image: postgres:16\n' } },
      { name: 'waits for a migration', files: { 'compose.yaml': 'services:\n  orders:\n    image: shop/orders:1\n    depends_on:\n      migrate:\n        condition: service_completed_successfully\n  migrate:\n    image: shop/migrate:1\n    restart: "no"\n' } },
    ],
    unknown: [
      { name: 'the dependency is not in the file', files: { 'compose.yaml': 'services:\n  orders:\n    image: shop/orders:1\n    depends_on: [database]\n' } },
      { name: 'the image may bring a check', files: { 'compose.yaml': 'services:\n  orders:\n    image: shop/orders:1\n    depends_on:\n      billing:\n        condition: service_healthy\n  billing:\n    image: shop/billing:1\n' } },
      { name: 'the condition is a variable', files: { 'compose.yaml': 'services:\n  orders:\n    image: shop/orders:1\n    depends_on:\n      db:\n        condition: ${CONDITION}\n  db:\n    image: postgres:16\n' } },
    ],
  },
});

/** A dependency whose readiness matters at the start: stores, and applications that answer requests. Monitoring connects when it is used, and `service_started` says so on purpose. */
function isAwaited(workload: Workload, edge: StartDependency, target: Workload): boolean {
  if (workload.role === 'monitoring' && !(keepsData(target) && hasCheck(target) && edge.isShortForm)) return false;
  if (discovers(workload) && !keepsData(target)) return false;
  // Members of a cluster look for each other, and a balancer watches its members.
  if (keepsData(target) && (keepsData(workload) || workload.role === 'proxy')) return false;
  return !target.isOneShot && (keepsData(target) || target.role === 'cache' || target.role === 'identity' || (target.role === 'app' && target.isServed));
}

/** Asks the container engine who is there, again and again. */
function discovers(workload: Workload): boolean {
  return workload.containers.some((container) => container.mounts.some((mount) => mount.target.endsWith('/docker.sock')));
}

function hasCheck(target: Workload): boolean {
  const check = target.containers[0]?.healthCheck;
  return check?.state === 'set' && !check.value.isDisabled;
}

function neverHappens(edge: StartDependency, target: Workload): boolean {
  if (edge.isRequired === false) return false;
  const [container] = target.containers;
  if (edge.condition === 'completed') return target.restart.state === 'set' && (target.restart.value === 'always' || target.restart.value === 'unless-stopped');
  if (edge.condition !== 'healthy' || !container) return false;
  if (container.healthCheck.state === 'set') return container.healthCheck.value.isDisabled;
  // Only an image that is known, or built from a known base, is known to bring no check.
  const isKnown = container.knownImage !== undefined || (container.build !== undefined && container.tools !== undefined);
  return container.healthCheck.state === 'absent' && isKnown;
}

function sentence(edges: readonly { edge: StartDependency; target: Workload }[]): string {
  const [first, second, ...rest] = edges.map(({ edge }) => `\`${edge.on}\``);
  const isStore = edges.every(({ target }) => target.role !== 'app' && target.role !== 'identity');
  const names = second === undefined ? first : rest.length === 0 ? `${first ?? ''} and ${second}` : `${first ?? ''} and ${rest.length + 1} others`;
  if (second === undefined) return `${names ?? ''} ${isStore ? 'takes connections' : 'answers'}`;
  return `${names ?? ''} ${isStore ? 'take connections' : 'answer'}`;
}

/** Waiting for a check that is not there would stop the start for ever: the fix adds it in the same edit, and is left out where no command is known. */
function waitForHealthy(workload: Workload, targets: readonly Workload[]): readonly Fix[] {
  const [first, ...also] = targets;
  if (!first) return [];
  const checks = targets.filter((target) => !hasCheck(target)).map((target) => {
    const [container] = target.containers;
    const command = container?.healthCheck.state === 'absent' ? healthCommandOf(target, container) : undefined;
    return command && insertHealthCheck(target, command);
  });
  const known = checks.filter((check) => check !== undefined);
  if (known.length < checks.length) return [];
  const wait = intend(workload.resource, { kind: 'set-start-condition', dependency: first.name, ...(also.length > 0 ? { also: also.map((target) => target.name) } : {}), condition: 'service_healthy' });
  const isOneFile = known.every((check) => check.file === workload.resource.file);
  return [{ title: 'Wait for `service_healthy`', safety: isOneFile ? 'safe' : 'by-hand', operations: [wait, ...known] }];
}

/** A step that waits by itself, as people wrote it before there were health checks. */
function waitsItself(job: CiJob): boolean {
  return job.steps.every((step) => step.commands.length === 0) || job.steps.some((step) => /wait/i.test(step.uses ?? '') || step.commands.some(({ words }) => /\b(?:pg_isready|wait[-_]?(?:for|on|until|ready)\w*|dockerize|mysqladmin|sleep|until)\b|\bnc -\w*z|redis-cli.* ping\b|--wait\b/i.test(words.join(' '))));
}

function checkBeside(service: CiService, command: string | undefined): readonly Fix[] {
  if (command === undefined || /["\\]/.test(command)) return [];
  const before = service.options.state === 'set' ? `${service.options.value.trim()} ` : '';
  const value = `${before}--health-cmd "${command}" --health-interval 5s --health-timeout 5s --health-retries 10`;
  return [{ title: `Check \`${service.name}\` before the steps`.slice(0, 60), safety: 'safe', operations: [intend(service.resource, { kind: 'set-value', path: [...service.resource.path, 'options'], value })] }];
}

function jobWith(service: string, steps = '      - run: npm test\n'): string {
  return `on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    timeout-minutes: 10\n    services:\n${service}    steps:\n${steps}`;
}
