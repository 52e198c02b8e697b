// Turns layered Compose services into workloads of the model, with who names and serves them.

import type { CompiledCatalog } from '../../catalog';
import type { CodeProject } from '../../code/project';
import { collect, type LayeredService } from './layers';
import { containerFromCompose } from './container';
import { environmentOf } from '../environment';
import { isAuxiliary } from '../images/known-images';
import type { Container, Environment, Evidence, Image, Setting, StartDependency, SystemModel, Workload } from '../model';
import { settingOf } from './settings';
import type { Location } from '../../text';
import { isLoadName, isTestName, isWorkerName } from '../workload-names';

/** What the join needs from outside the Compose files. */
export interface ComposeContext {
  readonly catalog: CompiledCatalog;
  readonly code: CodeProject;
  /** The image that a service builds, where its Dockerfile is in the workspace. */
  imageOf(layered: LayeredService): Image | undefined;
}

/** Stable id of a service's workload. */
export function composeId(layered: LayeredService): string {
  return `compose/${layered.own.file}/${layered.own.service.name}`;
}

/** Workloads of all Compose files. Cost: linear in the services, times those of one scope for who names whom. */
export function workloadsFromCompose(services: readonly LayeredService[], context: ComposeContext): Pick<SystemModel, 'workloads' | 'drills' | 'unknowns'> {
  const scopes = new Map<string, LayeredService[]>();
  for (const layered of services) {
    const members = scopes.get(layered.scope);
    if (members) members.push(layered);
    else scopes.set(layered.scope, [layered]);
  }
  const named = [...scopes.values()].map(namedBy);
  const evidence = new Map(named.flatMap(({ targets }) => [...targets]));
  const hosts = new Map(named.flatMap(({ callers }) => [...callers]));
  const scopeFacts = new Map([...scopes].map(([scope, members]) => [scope, scopeOf(members)]));
  const workloads = services.map((layered) => toWorkload(layered, scopeFacts.get(layered.scope) ?? scopeOf([]), evidence.get(layered) ?? [], hosts.get(layered) ?? [], context));
  const unknowns = workloads.flatMap((workload) => unknownsOf(workload));
  const drills = workloads.flatMap((workload) => (/toxiproxy/.test(imageText(workload.containers[0]) ?? '') ? [{ at: workload.at, kind: 'Toxiproxy', targets: [] }] : []));
  return { workloads, drills, unknowns };
}

function imageText(container: Container | undefined): string | undefined {
  return container?.image.state === 'set' ? container.image.value : undefined;
}

/** What a service needs to know of those deployed with it. */
interface Scope {
  readonly isSwarm: boolean;
  readonly isStack: boolean;
  /** Services whose end somebody waits for. */
  readonly completed: ReadonlySet<string>;
}

function scopeOf(members: readonly LayeredService[]): Scope {
  const services = members.map((member) => member.own.service);
  return {
    isSwarm: services.some((service) => service.hasSwarmKeys),
    isStack: services.some((service) => service.isStackOnly),
    completed: new Set(services.flatMap((service) => service.dependsOn.filter((edge) => edge.condition === 'service_completed_successfully').map((edge) => edge.service))),
  };
}

function toWorkload(layered: LayeredService, scope: Scope, named: readonly Evidence[], hosts: NonNullable<Workload['hosts']>, context: ComposeContext): Workload {
  const { file, service } = layered.own;
  const at = { file, span: service.nameSpan };
  const container = containerFromCompose(layered, context);
  const setting = settingOf(layered);
  const { isSwarm } = scope;
  const isCompletedFor = scope.completed.has(service.name);
  const ports = collect(layered, (one) => [...one.ports.map((port) => port.span), ...one.expose.map((port) => port.span)], (span) => span.join());
  const mode = setting((one) => one.mode);
  const isLoad = isLoadName(service.name) || isLoadName((imageText(container) ?? '').split('/').at(-1)?.split(':')[0] ?? '');
  const role = container.role === 'app' && isLoad ? 'tool' : container.role;
  const isOneShot = role === 'job' || isCompletedFor || service.profiles.length > 0 || (mode.state === 'set' && mode.value.endsWith('-job')) || endsByItself(container.command);
  const servedBy: Evidence[] = [...ports.map((port): Evidence => ({ at: { file: port.file, span: port.item }, text: `port of ${service.name}` })).slice(0, 1), ...named];
  return {
    id: composeId(layered),
    name: service.name,
    format: 'compose',
    kind: 'service',
    scope: layered.scope,
    at,
    block: at,
    resource: { file, format: 'compose', document: 0, path: ['services', service.name] },
    role,
    environment: environmentOfService(layered, container),
    isSingleHost: !isSwarm,
    ...(scope.isStack && mode.state === 'absent' && !layered.isOpen && layered.overlays.length === 0 ? { isPinned: layered.layers.some((layer) => layer.service.hasConstraints) } : {}),
    isServed: !isOneShot && !isAuxiliary(role) && (ports.length > 0 || named.length > 0 || service.aliases.includes(service.name)) && !isWorkerName(service.name),
    servedBy,
    isOneShot,
    isPerNode: mode.state === 'set' && mode.value.startsWith('global'),
    isFragment: layered.isFragment,
    isSingleton: false,
    instances: withDefault(setting((one) => one.replicas), 1, isSwarm ? 'Swarm' : 'Compose'),
    autoscalers: [],
    spread: { state: 'absent' },
    budgets: [],
    restart: restartOf(layered, scope),
    ...restartAttempts(layered),
    rollout: rolloutOf(layered),
    gracePeriodMs: withDefault(setting((one) => one.stopGracePeriodMs), 10_000, 'Compose'),
    stopSignal: stopSignalOf(layered, container),
    dependencies: dependenciesOf(layered),
    hosts,
    containers: [{ ...container, role }],
    labels: service.labels,
  };
}

function withDefault<T>(setting: Setting<T>, value: T, source: string): Setting<T> {
  return setting.state === 'absent' ? { state: 'default', value, source } : setting;
}

/** A stage for development, or a command that reloads, makes one service of a deployed-looking file a development one. */
function environmentOfService(layered: LayeredService, container: Container): Environment {
  const fromPath = environmentOf(layered.own.file);
  if (fromPath === 'test' || fromPath === 'development') return fromPath;
  if (isTestName(layered.own.service.name)) return 'test';
  const isStage = layered.layers.some(({ service }) => service.build.state === 'set' && /(?:^|[-_])dev(?:el|elop|elopment)?(?:$|[-_])/i.test(service.build.value.target ?? ''));
  const command = container.command.state === 'set' ? container.command.value.join(' ') : '';
  const isReloading =
    /\b(?:nodemon|ts-node-dev|tsx watch|vite dev|next dev|nuxt dev|air|webpack serve|ng serve|--reload|--watch)\b|\b(?:npm|yarn|pnpm|bun)(?: run)? (?:dev|develop|start:dev|watch)\b/.test(command);
  return isStage || isReloading ? 'development' : fromPath;
}

/** Migrations, seeds and commands that end at once or only wait. */
function endsByItself(command: Setting<readonly string[]>): boolean {
  if (command.state !== 'set' || command.value.length === 0) return false;
  const text = command.value.join(' ');
  if (/\b(?:tail -f \/dev\/null|sleep infinity)\b/.test(text)) return true;
  const first = command.value[0] ?? '';
  if (command.value.length <= 2 && /^(?:\/?(?:usr\/)?bin\/)?(?:true|echo|exit|version|--version)$/.test(first)) return true;
  const isMigration = /(?:^|[\s:/-])(?:migrat(?:e|ions?)|db:(?:seed|setup|push|create)|seed)(?:$|[\s:.;&"'])/.test(text);
  return isMigration && !/\b(?:start|serve|server|runserver|gunicorn|uvicorn|listen|node [\w./-]*(?:main|server|index)\.\w+)\b/.test(text);
}

function restartOf(layered: LayeredService, scope: Scope): Workload['restart'] {
  const setting = settingOf(layered);
  const policy = setting((one) => one.restartPolicy);
  if (policy.state === 'unknown') return policy;
  if (policy.state === 'set') return { ...policy, value: policy.value === 'none' ? 'no' : policy.value === 'on-failure' ? 'on-failure' : 'always' };
  const restart = setting((one) => one.restart);
  switch (restart.state) {
    case 'unknown':
      return restart;
    case 'set': {
      const [word = ''] = restart.value.split(':');
      if (word === 'always' || word === 'unless-stopped' || word === 'on-failure') return { ...restart, value: word };
      return word === 'no' || word === 'false' || word === 'off' ? { ...restart, value: 'no' } : { state: 'unknown', because: `\`${restart.value.slice(0, 40)}\` is no policy` };
    }
    default:
      // `docker stack` restarts every task unless told otherwise.
      return scope.isStack ? { state: 'default', value: 'always', source: 'Swarm' } : { state: 'default', value: 'no', source: 'Compose' };
  }
}

function restartAttempts(layered: LayeredService): { restartAttempts?: number } {
  const setting = settingOf(layered);
  const policy = setting((one) => one.restartPolicyAttempts);
  if (policy.state === 'set') return { restartAttempts: policy.value };
  const restart = setting((one) => one.restart);
  const count = restart.state === 'set' ? /^on-failure:(\d{1,6})$/.exec(restart.value)?.[1] : undefined;
  return count === undefined ? {} : { restartAttempts: Number(count) };
}

function rolloutOf(layered: LayeredService): Workload['rollout'] {
  const setting = settingOf(layered);
  const order = setting((one) => one.updateOrder);
  const action = setting((one) => one.updateFailureAction);
  return {
    strategy: order.state === 'set' ? { ...order, value: order.value === 'start-first' ? 'start-first' : 'stop-first' } : order,
    maxUnavailable: { state: 'absent' },
    maxSurge: { state: 'absent' },
    rollsBack: action.state === 'set' ? { ...action, value: action.value === 'rollback' } : action,
  };
}

function stopSignalOf(layered: LayeredService, container: Container): Setting<string> {
  const own = settingOf(layered)((one) => one.stopSignal);
  return own.state === 'absent' && container.build ? container.build.stopSignal : own;
}

/** Edges of the service and what it builds on; one that an overlay changes, or that only an overlay brings, is no certain one. */
function dependenciesOf(layered: LayeredService): StartDependency[] {
  const changed = new Set(layered.overlays.flatMap((layer) => layer.service.dependsOn.map((edge) => edge.service)));
  return collect({ ...layered, overlays: [] }, (service) => service.dependsOn, (edge) => edge.service).flatMap(({ file, item }): StartDependency[] => {
    if (item.condition === 'unknown' || changed.has(item.service)) return [];
    const condition = item.condition === 'service_healthy' ? 'healthy' : item.condition === 'service_completed_successfully' ? 'completed' : 'started';
    return [{ on: item.service, condition, isShortForm: item.isShortForm, isRequired: item.isRequired, at: { file, span: item.span } }];
  });
}

/** Who names a service as a host, in an environment value, a command or `links`; `depends_on` counts too. */
function namedBy(members: readonly LayeredService[]): { targets: Map<LayeredService, Evidence[]>; callers: Map<LayeredService, { name: string; at: Location }[]> } {
  const byHost = new Map<string, LayeredService[]>();
  for (const member of members) {
    for (const host of new Set([member.own.service.name, ...member.own.service.aliases].map((name) => name.toLowerCase()))) byHost.set(host, [...(byHost.get(host) ?? []), member]);
  }
  const targets = new Map<LayeredService, Evidence[]>();
  const callers = new Map<LayeredService, { name: string; at: Location }[]>();
  const add = (caller: LayeredService, host: string, evidence: Evidence, isHost = true): void => {
    for (const member of byHost.get(host.toLowerCase()) ?? []) {
      if (member.own.service.name === caller.own.service.name) continue;
      targets.set(member, [...(targets.get(member) ?? []), evidence]);
      const known = callers.get(caller) ?? [];
      if (isHost && !known.some((named) => named.name === member.own.service.name)) callers.set(caller, [...known, { name: member.own.service.name, at: evidence.at }]);
    }
  };
  for (const caller of members) {
    const { file, service } = caller.own;
    if (service.profiles.length > 0) continue;
    for (const [name, field] of Object.entries(service.environment)) {
      if (field.state !== 'set') continue;
      for (const host of hostsIn(field.value, byHost)) add(caller, host, { at: { file, span: field.span }, text: `named by ${service.name} in ${name}` });
    }
    for (const field of [service.command, service.entrypoint]) {
      if (field.state !== 'set') continue;
      for (const host of hostsIn(field.value.join(' '), byHost)) add(caller, host, { at: { file, span: field.span }, text: `named by the command of ${service.name}` });
    }
    for (const edge of service.dependsOn) {
      if (edge.condition !== 'service_completed_successfully') add(caller, edge.service, { at: { file, span: edge.span }, text: `${service.name} depends on it` }, false);
    }
    for (const link of service.links) add(caller, link, { at: { file, span: service.nameSpan }, text: `linked by ${service.name}` });
  }
  return { targets, callers };
}

/** Names of the scope that stand as a host in a text: the whole value, behind `//`, `@`, `,` or `=`, and followed by a port, a path or the end. */
function hostsIn(value: string, known: ReadonlyMap<string, unknown>): string[] {
  if (value.length > 10_000) return [];
  const hosts = new Set<string>();
  for (const match of value.matchAll(/(?<=^|[/@,=\s'"([])[a-z0-9][\w.-]*(?=$|[:/,\s?;'")\]])/gi)) {
    const host = match[0].toLowerCase();
    if (known.has(host)) hosts.add(host);
  }
  return [...hosts];
}

function unknownsOf(workload: Workload): SystemModel['unknowns'][number][] {
  const [container] = workload.containers;
  const settings: (readonly [string, Setting<unknown> | undefined])[] = [
    ['instances', workload.instances],
    ['restart policy', workload.restart],
    ['image', container?.image],
    ['health check', container?.healthCheck],
    ['memory limit', container?.memoryLimit],
  ];
  return settings.flatMap(([name, setting]) => (setting?.state === 'unknown' ? [{ at: workload.at, because: `${name}: ${setting.because}` }] : []));
}
