// How a workload runs, in a line each: instances, health, restart, and who uses whom.

import type { HealthCheck, Probe, Setting, SystemModel, Workload } from '../../engine/model/model';
import { formatDuration } from '../../engine/duration';
import type { Span } from '../../engine/text';
import type { HoverText } from './text';

/** Names in one list before the rest is only counted. */
const NAME_LIMIT = 6;

export function describeWorkload(workload: Workload, system: SystemModel, span: Span): HoverText {
  const lines = [
    [instancesText(workload), spreadText(workload), restartText(workload)],
    [healthText(workload), drainText(workload)],
    [usedBy(workload, system), needs(workload)],
  ]
    .map((parts) => parts.filter((part) => part !== undefined).join(' · '))
    .filter((line) => line !== '');
  return {
    span,
    markdown: [`**\`${workload.name}\`** · ${workload.kind}`, '', ...lines.map((line) => `${line}  `)].join('\n').trimEnd(),
    plain: [`${workload.name} · ${workload.kind}`, ...lines.map((line) => line.replaceAll('`', ''))].join('\n'),
  };
}

function instancesText({ instances, isPerNode, isSingleHost, isOneShot }: Workload): string | undefined {
  if (isOneShot) return 'runs once and ends';
  if (isPerNode) return 'one instance on each node';
  switch (instances.state) {
    case 'set':
    case 'default':
      return `${instances.value} ${instances.value === 1 ? 'instance' : 'instances'}${instances.state === 'default' ? ' by default' : ''}${isSingleHost ? ' on one host' : ''}`;
    case 'absent':
      return undefined;
    case 'unknown':
      return `instances: not known, ${instances.because}`;
  }
}

function spreadText({ spread, instances }: Workload): string | undefined {
  if (spread.state !== 'set' || (instances.state === 'set' && instances.value < 2)) return undefined;
  return { host: 'spread over nodes', zone: 'spread over zones', both: 'spread over nodes and zones' }[spread.value];
}

function restartText({ restart, isOneShot }: Workload): string | undefined {
  if (isOneShot || restart.state === 'absent' || restart.state === 'unknown') return undefined;
  return restart.value === 'no' ? 'never restarted' : `restarted: \`${restart.value}\`${restart.state === 'default' ? ' by default' : ''}`;
}

function healthText({ containers }: Workload): string | undefined {
  const main = containers.find((container) => container.kind === 'main');
  if (!main) return undefined;
  const parts = [probeText('ready', main.readiness), probeText('alive', main.liveness), probeText('started', main.startup)].filter((part) => part !== undefined);
  const check = main.healthCheck;
  if (check.state === 'set') parts.push(check.value.isDisabled ? 'health check switched off' : `health check: ${testText(check.value.test)}`);
  else if (check.state === 'default') parts.push(`health check of ${check.source}`);
  return parts.length === 0 ? 'no health check' : parts.join(' · ');
}

function probeText(name: string, probe: Setting<Probe>): string | undefined {
  if (probe.state === 'unknown') return `${name}: not known`;
  if (probe.state !== 'set' && probe.state !== 'default') return undefined;
  const { handler } = probe.value;
  switch (handler.kind) {
    case 'http':
      return `${name}: \`GET ${handler.path}\` on ${handler.port}`;
    case 'tcp':
      return `${name}: port ${handler.port} is open`;
    case 'exec':
      return `${name}: \`${handler.command.join(' ').slice(0, 60)}\``;
    case 'grpc':
      return `${name}: gRPC on ${handler.port}`;
    case 'unknown':
      return `${name}: not known`;
  }
}

function testText(test: HealthCheck['test']): string {
  if (test.form === 'unknown') return 'not known';
  const text = test.form === 'shell' ? test.command : test.argv.join(' ');
  return `\`${text.length > 60 ? `${text.slice(0, 59)}…` : text}\``.replaceAll('\n', ' ');
}

function drainText({ gracePeriodMs }: Workload): string | undefined {
  if (gracePeriodMs.state !== 'set' && gracePeriodMs.state !== 'default') return undefined;
  return `stops within ${formatDuration(gracePeriodMs.value)}${gracePeriodMs.state === 'default' ? ' by default' : ''}`;
}

function usedBy(workload: Workload, system: SystemModel): string | undefined {
  const users = system.workloads.filter((one) => one.scope === workload.scope && one.dependencies.some(({ on }) => on === workload.name)).map(({ name }) => name);
  const routes = system.routes.filter((route) => route.targets.includes(workload.id) && route.name !== workload.name).map(({ kind, name }) => `${kind} ${name}`);
  return list('used by', [...new Set([...users, ...routes])]);
}

function needs({ dependencies }: Workload): string | undefined {
  return list(
    'starts after',
    dependencies.map(({ on, condition }) => (condition === 'started' ? on : `${on} (${condition})`)),
  );
}

function list(word: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const rest = names.length - NAME_LIMIT;
  return `${word} ${names.slice(0, NAME_LIMIT).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
