// A stop is an everyday event: each rollout, drain and reboot is one. Whoever is not told, or is cut off too early, loses the requests or the data at hand.

import { formatDuration } from '../../engine/duration';
import { defineRule } from '../../engine/lint/rule';
import type { Fix } from '../../engine/lint/fix';
import type { Severity } from '../../engine/lint/finding';
import type { CodeProject } from '../../engine/code/project';
import { environmentOf } from '../../engine/model/environment';
import type { Container, Image, ImageCommand, SystemModel, Workload } from '../../engine/model/model';
import type { Supervision } from '../../engine/model/supervision';
import { intend, isDeployed, isRequestServer, isSubject, keepsData, settled, severityFor, subjectOf } from '../../engine/model/questions';
import { nginx } from '../proxy-examples';
import { judgeArgv, judgeScript, plainWords, type SignalVerdict } from '../../engine/model/images/start-command';
import { nomadJob } from '../example-jobs';

export const requireGracefulTermination = defineRule({
  id: 'fault-tolerance/require-graceful-termination',
  since: '0.1.0',
  severity: 'warning',
  reads: 'system',
  fault: 'lost',
  messages: {
    reload: { text: 'After each reload old workers of {proxy} stay until their last connection ends: it has no `{option}` by default.', severity: 'advice' },
    zero: { text: 'Each stop cuts off what `{workload}` is doing: `{key}` is 0.', severity: 'error' },
    short: 'Running requests of `{workload}` are cut after {grace}: `{key}` leaves no more time.',
    sleeps: { text: '`{workload}` is cut off before it hears `SIGTERM`: `preStop` sleeps {sleep}, `{key}` is {grace}.', severity: 'error' },
    early: { text: 'Each rollout loses requests: `{workload}` stops listening at `SIGTERM`, before its endpoint is withdrawn.', severity: 'advice' },
    killed: { text: 'Each stop cuts off what `{workload}` is doing: its stop signal is `SIGKILL`.', severity: 'error' },
    orphaned: 'A stop leaves processes of `{workload}` running: `KillMode` is `none`.',
    hurried: { text: '`{workload}` is killed {grace} after it is asked to stop: `{key}` leaves no more time.', severity: 'info' },
    shell: '`SIGTERM` never reaches the process of {whose}: {instruction} starts it through a shell, which does not pass it on.',
    manager: '`SIGTERM` never reaches the process of {whose}: `{manager}` is started first and does not pass it on.',
    broken: { text: '{whose} starts nothing: `{instruction}` is no JSON, so a shell looks for a program named `{word}`.', severity: 'error' },
  },
  docs: {
    what: 'Reports a workload that is not told that it must stop, is cut off too early, or stops listening while requests still arrive.',
    why: 'Each rollout, node drain and reboot stops processes. What was running then fails, at the busiest hour too, although nothing was broken.',
    fix: 'Start the process itself, not a shell or package manager; wait a few seconds in `preStop`; leave time for the longest request.',
    not: 'Jobs and tools; a shell that ends in `exec`; an init such as tini; Alpine and other shells that replace themselves by a lone command; images that drain on their own signal; values that cannot be known.',
    references: ['https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination'],
  },
  check({ system, code, report }) {
    for (const workload of system.workloads) {
      if (!isSubject(workload)) continue;
      const found = timing(workload);
      if (found) report({ ...found, data: { ...found.data, workload: workload.name, key: keyOf(workload) }, subject: subjectOf(workload), severity: severityFor(workload, found.severity) });
      for (const container of workload.containers) {
        const own = container.kind === 'main' ? ownCommand(workload, container) : undefined;
        if (own) report({ ...own, subject: subjectOf(workload, container), severity: severityFor(workload, 'warning') });
      }
    }
    for (const listener of system.proxyListeners) {
      if (!listener.isProcess || !listener.forwards || !listener.hasStreams || listener.stop.state !== 'absent') continue;
      const fixes: readonly Fix[] = [{ title: `Set \`${listener.stopOption} 30s\``, safety: 'unsafe', operations: [intend(listener.resource, { kind: 'set-directive', name: listener.stopOption, value: '30s' })] }];
      report({ at: listener.at, message: 'reload', data: { proxy: listener.proxy, option: listener.stopOption }, fixes, subject: `${listener.proxy}/${listener.stopOption}` });
    }
    for (const image of system.images) {
      const found = ofImage(image, system, code);
      if (found) report(found);
    }
  },
  examples: {
    bad: [
      {
        name: 'a Nomad task that is killed after a second',
        files: { 'shop.nomad': nomadJob('count = 2', 'kill_timeout = «"1s"»') },
        expect: 'short',
        fixed: { 'shop.nomad': nomadJob('count = 2', 'kill_timeout = "30s"') },
      },
      {
        name: 'old workers of nginx that hold WebSockets',
        files: { 'nginx.conf': `«worker_processes auto»;\nhttp {\n${nginx(['proxy_pass http://10.0.0.1:3000;', 'proxy_set_header Upgrade $http_upgrade;'])}}\n` },
        expect: 'reload',
        fixed: { 'nginx.conf': `worker_processes auto;\nworker_shutdown_timeout 30s;\nhttp {\n${nginx(['proxy_pass http://10.0.0.1:3000;', 'proxy_set_header Upgrade $http_upgrade;'])}}\n` },
      },
      {
        name: 'a shell form on Debian',
        files: { 'Dockerfile': 'FROM node:22-slim\nCOPY . .\n«CMD» node dist/main.js\n' },
        expect: 'shell',
        fixed: { 'Dockerfile': 'FROM node:22-slim\nCOPY . .\nCMD ["node", "dist/main.js"]\n' },
      },
      {
        name: 'a variable needs the shell',
        files: { 'Dockerfile': 'FROM python:3.12\n«CMD» gunicorn -b :$PORT app\n' },
        expect: 'shell',
        fixed: { 'Dockerfile': 'FROM python:3.12\nCMD exec gunicorn -b :$PORT app\n' },
      },
      { name: 'two commands, on Alpine too', files: { 'Dockerfile': 'FROM node:22-alpine\n«CMD» node migrate.js ; node main.js\n' }, expect: 'shell' },
      {
        name: 'npm as first process, whose script is known',
        files: { 'package.json': '{ "scripts": { "start": "node main.js" } }\n', 'Dockerfile': 'FROM node:22-alpine\n«CMD» ["npm", "start"]\n' },
        expect: 'manager',
        fixed: { 'Dockerfile': 'FROM node:22-alpine\nCMD ["node", "main.js"]\n' },
      },
      {
        name: 'single quotes are no JSON',
        files: { 'Dockerfile': "FROM node:22-alpine\n«CMD» ['node', 'main.js']\n" },
        expect: 'broken',
        fixed: { 'Dockerfile': 'FROM node:22-alpine\nCMD ["node", "main.js"]\n' },
      },
      { name: 'npm in a Compose command', files: { 'compose.yaml': 'services:\n  «web»:\n    image: node:22\n    command: npm run serve\n' }, expect: 'manager' },
      { name: 'a stop signal that nobody can hear', files: { 'compose.yaml': 'services:\n  web:\n    image: shop/web:1\n    «stop_signal: SIGKILL»\n' }, expect: 'killed' },
      {
        name: 'no time at all',
        files: { 'k8s/web.yaml': pod('      «terminationGracePeriodSeconds: 0»\n') },
        expect: 'zero',
        fixed: { 'k8s/web.yaml': pod('      terminationGracePeriodSeconds: 30\n') },
      },
      { name: 'five seconds', files: { 'k8s/web.yaml': pod('      «terminationGracePeriodSeconds: 5»\n') }, expect: 'short', fixed: { 'k8s/web.yaml': pod('      terminationGracePeriodSeconds: 30\n') } },
      {
        name: 'a sleep as long as the grace period',
        files: { 'k8s/web.yaml': pod('', '«web»', '          lifecycle:\n            preStop:\n              exec:\n                command: ["sleep", "30"]\n') },
        expect: 'sleeps',
        fixed: { 'k8s/web.yaml': pod('', 'web', '          lifecycle:\n            preStop:\n              exec:\n                command: ["sleep", "30"]\n').replace('    spec:\n      containers', '    spec:\n      terminationGracePeriodSeconds: 60\n      containers') },
      },
      { name: 'a systemd service that is killed at once', files: { 'orders.service': '[Service]\nExecStart=/usr/bin/orders\nRestart=always\nRestartSec=5\n«KillSignal=SIGKILL»\n' }, expect: 'killed' },
      { name: 'a systemd service whose processes stay', files: { 'orders.service': '[Service]\nExecStart=/usr/bin/orders\nRestart=always\nRestartSec=5\n«KillMode=none»\n' }, expect: 'orphaned' },
      {
        name: 'a systemd service that gets two seconds',
        files: { 'orders.service': '[Service]\nExecStart=/usr/bin/orders\nRestart=always\nRestartSec=5\n«TimeoutStopSec=2»\n' },
        expect: 'hurried',
        fixed: { 'orders.service': '[Service]\nExecStart=/usr/bin/orders\nRestart=always\nRestartSec=5\nTimeoutStopSec=30s\n' },
      },
      {
        name: 'five seconds on Fly',
        files: { 'fly.toml': 'app = "orders"\n«kill_timeout = 5»\n\n[http_service]\ninternal_port = 3000\n\n[[http_service.checks]]\npath = "/readyz"\n' },
        expect: 'short',
        fixed: { 'fly.toml': 'app = "orders"\nkill_timeout = 30\n\n[http_service]\ninternal_port = 3000\n\n[[http_service.checks]]\npath = "/readyz"\n' },
      },
      {
        name: 'PM2 waits 1.6 s',
        files: { 'ecosystem.config.json': '{\n  "apps": [{ «"name": "orders"», "script": "main.js", "restart_delay": 1000 }]\n}\n' },
        expect: 'hurried',
        fixed: { 'ecosystem.config.json': '{\n  "apps": [{ "name": "orders", "script": "main.js", "kill_timeout": 30000, "restart_delay": 1000 }]\n}\n' },
      },
      { name: 'nothing waits until the endpoint is withdrawn', files: { 'k8s/web.yaml': pod('', '«web»') }, expect: 'early' },
    ],
    good: [
      { name: 'a Nomad task with time to end', files: { 'shop.nomad': nomadJob('count = 2', 'kill_timeout = "30s"') } },
      { name: 'short requests end by themselves', files: { 'nginx.conf': `worker_processes auto;\nhttp {\n${nginx(['proxy_pass http://10.0.0.1:3000;'])}}\n` } },
      { name: 'the exec form', files: { 'Dockerfile': 'FROM node:22-slim\nCMD ["node", "main.js"]\n' } },
      { name: 'a shell that ends in exec', files: { 'Dockerfile': 'FROM node:22-slim\nCMD node migrate.js && exec node main.js\n' } },
      { name: 'a pipe inside a substitution', files: { 'k8s/web.yaml': pod('', 'web', '          command: ["sh", "-c", "exec web --address $(hostname -i | cut -d: -f1)"]\n          lifecycle: { preStop: { sleep: { seconds: 5 } } }\n') } },
      { name: 'an init', files: { 'Dockerfile': 'FROM node:22-slim\nENTRYPOINT ["/usr/bin/dumb-init", "--"]\nCMD npm start\n' } },
      { name: 'busybox replaces itself by a lone command', files: { 'Dockerfile': 'FROM node:22-alpine\nCMD node main.js\n' } },
      { name: 'a health check in shell form is fine', files: { 'Dockerfile': 'FROM node:22-slim\nHEALTHCHECK CMD node health.js || exit 1\nCMD ["node", "main.js"]\n' } },
      { name: 'a data store, which nobody calls while it restarts', files: { 'compose.yaml': 'services:\n  db:\n    image: postgres:16\n' } },
      { name: 'the service overrides the command', files: { 'compose.yaml': 'services:\n  web:\n    build: .\n    command: node main.js\n', 'Dockerfile': 'FROM node:22-slim\nCMD npm start\n' } },
      { name: 'a migration', files: { 'compose.yaml': 'services:\n  web:\n    image: shop/web:1\n    profiles: [tools]\n    command: npm run migrate\n' } },
      { name: 'systemd waits for 90 s', files: { 'orders.service': '[Service]\nExecStart=/usr/bin/orders\nRestart=always\nRestartSec=5\nKillMode=process\n' } },
      { name: 'preStop waits', files: { 'k8s/web.yaml': pod('', 'web', '          lifecycle:\n            preStop:\n              sleep:\n                seconds: 5\n') } },
      { name: 'nginx ends by itself what runs', files: { 'k8s/edge.yaml': pod('', 'edge').replace('shop/edge:1', 'nginx:1.27') } },
    ],
    unknown: [
      { name: 'the base image and so its shell are not known', files: { 'Dockerfile': 'FROM registry.example/base:1\nCMD node main.js\n' } },
      { name: 'the base is a build argument', files: { 'Dockerfile': 'ARG BASE\nFROM ${BASE}\nCMD node main.js\n' } },
      { name: 'the entry point of the image is not known', files: { 'compose.yaml': 'services:\n  web:\n    image: shop/web:1\n    command: npm run serve\n' } },
      { name: 'a script of its own', files: { 'Dockerfile': 'FROM node:22-slim\nENTRYPOINT ["./entrypoint.sh"]\nCMD npm start\n' } },
      { name: 'the grace period is a template value', files: { 'chart/templates/web.yaml': pod('      terminationGracePeriodSeconds: {{ .Values.grace }}\n', 'web', '          lifecycle:\n            {{- toYaml .Values.lifecycle | nindent 12 }}\n') } },
    ],
  },
});

interface Timing {
  readonly at: Workload['at'];
  readonly message: 'zero' | 'short' | 'sleeps' | 'early' | 'killed' | 'orphaned' | 'hurried';
  readonly data: Readonly<Record<string, string>>;
  readonly fixes: readonly Fix[];
  readonly severity: Severity;
}

const LEAST_MS = 10_000;
const USUAL_SECONDS = 30;
const STORE_SECONDS = 60;

function keyOf(workload: Workload): string {
  return workload.supervision?.stopKey ?? workload.words?.stopPeriod ?? (workload.format === 'compose' ? 'stop_grace_period' : 'terminationGracePeriodSeconds');
}

/** Signal and time of a stop: one finding, the worst. */
function timing(workload: Workload): Timing | undefined {
  const grace = settled(workload.gracePeriodMs);
  const at = workload.gracePeriodMs.state === 'set' ? workload.gracePeriodMs.at : workload.at;
  const { stopSignal } = workload;
  if (stopSignal.state === 'set' && /^(?:SIG)?KILL$|^9$/.test(stopSignal.value)) return { at: stopSignal.at, message: 'killed', data: {}, fixes: [], severity: 'error' };
  if (workload.supervision) return supervisedTiming(workload, workload.supervision, grace);
  if (grace === undefined) return undefined;
  const data = { grace: formatDuration(grace) };
  const answersRequests = workload.isServed && isRequestServer(workload.role);
  const raise = setGrace(workload, keepsData(workload) ? STORE_SECONDS : USUAL_SECONDS);
  if (grace === 0 && (answersRequests || keepsData(workload))) return { at, message: 'zero', data, fixes: [raise], severity: 'error' };
  const [main] = workload.containers.filter((container) => container.kind === 'main');
  const sleep = main && settled(main.preStop)?.sleepMs;
  if (sleep !== undefined && sleep >= grace && grace > 0) {
    return { at: workload.at, message: 'sleeps', data: { ...data, sleep: formatDuration(sleep) }, fixes: [setGrace(workload, Math.ceil(sleep / 1_000) + USUAL_SECONDS)], severity: 'error' };
  }
  if (answersRequests && workload.gracePeriodMs.state === 'set' && grace < LEAST_MS) return { at, message: 'short', data, fixes: [raise], severity: 'warning' };
  if (workload.format === 'compose') return undefined;
  if (!main || !answersRequests || !isDeployed(workload) || workload.isPerNode || main.preStop.state !== 'absent' || main.knownImage?.drains === true || workload.kind === 'Service') return undefined;
  const wait: Fix = { title: 'Wait 5 s in `preStop`', safety: 'safe', operations: [intend(main.resource, { kind: 'add-pre-stop', seconds: 5 })] };
  return { at: workload.at, message: 'early', data, fixes: [wait], severity: 'advice' };
}

const LEAST_SUPERVISED_MS = 5_000;

/** A supervisor of processes: what it stops is any program, so only what its author wrote is judged. */
function supervisedTiming(workload: Workload, { leavesProcesses }: Supervision, grace: number | undefined): Timing | undefined {
  if (leavesProcesses) return { at: leavesProcesses, message: 'orphaned', data: {}, fixes: [], severity: 'warning' };
  if (grace === undefined || grace >= LEAST_SUPERVISED_MS) return undefined;
  const common = { message: 'hurried', data: { grace: formatDuration(grace) }, fixes: [setGrace(workload, USUAL_SECONDS)] } as const;
  if (workload.gracePeriodMs.state === 'set') return { ...common, at: workload.gracePeriodMs.at, severity: 'info' };
  return isDeployed(workload) ? { ...common, at: workload.at, severity: 'advice' } : undefined;
}

function setGrace(workload: Workload, seconds: number): Fix {
  return { title: `Set \`${keyOf(workload)}\` to ${seconds}${workload.supervision ? ' s' : workload.format === 'compose' || workload.words?.stopPeriod ? 's' : ''}`, safety: 'safe', operations: [intend(workload.resource, { kind: 'set-stop-grace-period', seconds })] };
}

interface CommandReport {
  readonly at: Workload['at'];
  readonly message: 'shell' | 'manager' | 'broken';
  readonly data: Readonly<Record<string, string>>;
  readonly fixes: readonly Fix[];
}

/** The command that the workload itself says, in place of the image's. An entry point that is not known may be an init. */
function ownCommand(workload: Workload, container: Container): CommandReport | undefined {
  if (container.command.state !== 'set' || container.hasInit) return undefined;
  const isFirst = workload.format === 'kubernetes' || container.replacesEntrypoint === true || container.knownImage !== undefined || container.build?.entrypoint.state === 'absent';
  if (!isFirst) return undefined;
  const verdict = judgeArgv(container.command.value, container.build?.baseShell);
  if (verdict.kind === 'fine') return undefined;
  const data = { whose: `\`${workload.name}\``, instruction: 'its command', ...dataOf(verdict) };
  return { at: container.at, message: verdict.kind, data, fixes: [] };
}

function dataOf(verdict: SignalVerdict): Record<string, string> {
  return verdict.kind === 'manager' ? { manager: verdict.manager } : {};
}

/** The command of an image, where somebody runs it as it is. */
function ofImage(image: Image, system: SystemModel, code: CodeProject): (CommandReport & { readonly subject: string; readonly severity: Severity }) | undefined {
  const users = system.workloads.filter((workload) => workload.containers.some((container) => container.build === image));
  const running = users.filter((workload) => isSubject(workload) && workload.containers.some((container) => container.build === image && container.command.state === 'absent' && !container.hasInit));
  if ((users.length > 0 && running.length === 0) || image.hasInit === true) return undefined;
  const entrypoint = settled(image.entrypoint);
  const start = entrypoint ?? settled(image.command);
  if (!start) return undefined;
  const instruction = entrypoint ? 'ENTRYPOINT' : 'CMD';
  const verdict = start.form === 'exec' ? judgeArgv(start.argv, image.baseShell) : judgeScript(start.text, isBash(image) ? 'bash' : image.baseShell);
  const name = running.length === 1 ? running[0]?.name : undefined;
  const whose = name === undefined ? 'this image' : `\`${name}\``;
  const environments = running.length > 0 ? running.map((workload) => workload.environment) : [environmentOf(image.file)];
  const isForUse = environments.some((environment) => environment !== 'development' && environment !== 'test');
  const common = { at: start.at, subject: `image/${String(image.resource.path[1] ?? 0)}/${instruction}` };
  if (start.isBrokenJson === true) {
    const data = { whose: name === undefined ? 'This image' : whose, instruction, word: (start.argv[0] ?? '').slice(0, 40) };
    return { ...common, message: 'broken', data, fixes: repairJson(start, instruction), severity: isForUse ? 'error' : 'advice' };
  }
  if (verdict.kind === 'fine') return undefined;
  const fixes = verdict.kind === 'manager' ? startDirectly(start, instruction, verdict.script, image, code) : withoutShell(start, instruction);
  return { ...common, message: verdict.kind, data: { whose, instruction: `\`${instruction}\``, ...dataOf(verdict) }, fixes, severity: isForUse ? 'warning' : 'advice' };
}

function isBash(image: Image): boolean {
  return image.shell?.some((word) => /(?:^|\/)bash$/.test(word)) === true;
}

type Instruction = 'CMD' | 'ENTRYPOINT';

function setCommand(start: ImageCommand, instruction: Instruction, argv: readonly string[], title: string, safety: Fix['safety']): readonly Fix[] {
  return start.resource ? [{ title, safety, operations: [intend(start.resource, { kind: 'set-command', instruction, argv })] }] : [];
}

function withoutShell(start: ImageCommand, instruction: Instruction): readonly Fix[] {
  const words = start.form === 'shell' ? plainWords(start.text) : undefined;
  if (words) return setCommand(start, instruction, words, 'Start it without a shell', 'safe');
  const isOne = start.form === 'shell' && !/[;&|\n]/.test(start.text) && !/^\w+=/.test(start.text);
  if (!isOne || !start.resource) return [];
  const end = start.at.span[1];
  return [{ title: 'Put `exec` before the command', safety: 'safe', operations: [intend(start.resource, { kind: 'replace-text', span: [end, end], text: ' exec' })] }];
}

/** What the script of the package manager runs, where that is one plain command. */
function startDirectly(start: ImageCommand, instruction: Instruction, script: string | undefined, image: Image, code: CodeProject): readonly Fix[] {
  const folder = image.buildContext;
  const words = plainWords(code.packages.find((candidate) => candidate.folder === folder)?.scripts[script ?? ''] ?? '');
  const [program] = words ?? [];
  return words && program === 'node' ? setCommand(start, instruction, words, `Start \`${program}\` directly`, 'unsafe') : [];
}

function repairJson(start: ImageCommand, instruction: Instruction): readonly Fix[] {
  const inner = /^\[(.*)\]$/s.exec(start.text.trim())?.[1];
  const words = inner?.split(',').map((word) => word.trim()).filter((word) => word !== '');
  if (!words?.every((word) => /^'[^'"\\]*'$|^"[^"\\]*"$/.test(word))) return [];
  return setCommand(start, instruction, words.map((word) => word.slice(1, -1)), 'Write it as JSON', 'safe');
}

function pod(lines: string, name = 'web', more = ''): string {
  const app = name.replace(/[«»]/g, '');
  return `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\nspec:\n  replicas: 2\n  selector:\n    matchLabels: { app: ${app} }\n  template:\n    metadata:\n      labels: { app: ${app} }\n    spec:\n${lines}      containers:\n        - name: ${app}\n          image: shop/${app}:1\n          ports:\n            - containerPort: 80\n${more}`;
}
