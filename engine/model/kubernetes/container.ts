// Turns the facts of one Kubernetes container into the model's words: settings with the platform's defaults, mounts with what stands behind them, environment with its ConfigMaps.

import type { ClaimObject, ConfigObject, ContainerFact, Field, ProbeFact, WorkloadObject } from '../../artifacts/kubernetes/facts';
import type { Location, Span } from '../../text';
import type { Container, Mount, Probe, Setting } from '../model';
import { isTouched, type Touched } from './touched';
import { nearest, type Placed } from './scopes';

/** Objects that containers refer to by name. */
export interface References {
  readonly claims: readonly Placed<ClaimObject>[];
  readonly configs: readonly Placed<ConfigObject>[];
}

export type Convert = <T>(field: Field<T>, pointers: readonly string[], fallback?: { readonly value: T; readonly source: string }) => Setting<T>;

/** Makes settings of one object's fields: what an overlay changes is unknown, what is absent has the platform's default. */
export function converter(locate: (span: Span) => Location, touched: Touched): Convert {
  return (field, pointers, fallback) => {
    if (touched.size > 0 && pointers.some((pointer) => isTouched(touched, pointer))) return { state: 'unknown', because: 'an overlay changes it' };
    if (field.state === 'set') return { state: 'set', value: field.value, at: locate(field.span) };
    if (field.state === 'unknown') return field;
    return fallback ? { state: 'default', value: fallback.value, source: fallback.source } : field;
  };
}

/** What the model says of a container besides its role, image entry and code, which are joined later. */
export type ContainerBase = Omit<Container, 'role' | 'kind'> & { readonly isInit: boolean };

/** Converts one container. `podPointer` is the JSON pointer of the pod's spec. */
export function convertContainer(placed: Placed<WorkloadObject>, fact: ContainerFact, convert: Convert, podPointer: string, references: References): ContainerBase {
  const at = placed.locate;
  const pointers = (rest: string): string[] => [fact.name, String(fact.index)].map((key) => `${podPointer}/${fact.list}/${key}${rest}`);
  const field = <T>(value: Field<T>, rest: string): Setting<T> => convert(value, pointers(rest));
  const environment: Record<string, Setting<string>> = {};
  const isOpen = addConfigurations(placed, fact, references, environment, at);
  for (const entry of fact.environment) environment[entry.name] = environmentSetting(placed, entry, references, at);
  const probe = (value: Field<ProbeFact>, key: string): Setting<Probe> => {
    const setting = field(value, `/${key}`);
    return setting.state === 'set' ? { ...setting, value: convertProbe(setting.value, at) } : setting.state === 'default' ? { state: 'absent' } : setting;
  };
  const command = commandOf(fact);
  return {
    isInit: fact.list === 'initContainers' && !(fact.restartPolicy.state === 'set' && fact.restartPolicy.value === 'Always'),
    name: fact.name,
    at: at(fact.nameSpan),
    resource: placed.containerRef(fact),
    image: field(fact.image, '/image'),
    ...(fact.hasOpenTag ? { hasOpenTag: true } : {}),
    ports: fact.ports.filter((port) => port.protocol !== 'UDP' || fact.ports.length === 1).map((port) => ({
      ...(port.number === undefined ? {} : { number: port.number }),
      ...(port.name === undefined ? {} : { name: port.name }),
      at: at(port.span),
    })),
    hasOpenPorts: fact.hasOpenPorts,
    command: field(command, '/command'),
    liveness: probe(fact.liveness, 'livenessProbe'),
    readiness: probe(fact.readiness, 'readinessProbe'),
    startup: probe(fact.startup, 'startupProbe'),
    healthCheck: { state: 'unknown', because: 'probes take its place' },
    memoryLimit: field(fact.memoryLimit, '/resources/limits/memory'),
    memoryRequest: field(fact.memoryRequest, '/resources/requests/memory'),
    cpuLimit: field(fact.cpuLimit, '/resources/limits/cpu'),
    cpuRequest: field(fact.cpuRequest, '/resources/requests/cpu'),
    preStop: preStopOf(field(fact.preStop, '/lifecycle')),
    mounts: fact.mounts.map((mount) => convertMount(placed, mount, references, at)),
    environment,
    hasOpenEnvironment: isOpen,
    hasInit: placed.object.sharesProcesses || (command.state === 'set' && /(?:^|\/)(?:tini|dumb-init|catatonit|s6-svscan|init)$/.test(command.value[0] ?? '')),
  };
}

function preStopOf(setting: Setting<{ readonly sleepSeconds?: number }>): Container['preStop'] {
  if (setting.state === 'default') return { state: 'absent' };
  if (setting.state !== 'set') return setting;
  const seconds = setting.value.sleepSeconds;
  return { ...setting, value: seconds === undefined ? {} : { sleepMs: seconds * 1_000 } };
}

/** `command` replaces the image's entry point and `args` its command; without either the image decides. */
function commandOf(fact: ContainerFact): Field<readonly string[]> {
  const { command, arguments: rest } = fact;
  if (command.state === 'set' && rest.state === 'set') return { state: 'set', value: [...command.value, ...rest.value], span: command.span };
  if (command.state === 'set' && rest.state === 'absent') return command;
  if (command.state === 'absent' && rest.state === 'absent') return { state: 'absent' };
  return { state: 'unknown', because: 'a part of it comes from the image' };
}

function convertProbe(probe: ProbeFact, at: (span: Span) => Location): Probe {
  const number = (field: Field<number>, fallback: number): Setting<number> =>
    field.state === 'set' ? { state: 'set', value: field.value, at: at(field.span) } : field.state === 'unknown' ? field : { state: 'default', value: fallback, source: 'Kubernetes' };
  const { handler } = probe;
  return {
    handler: handler.kind === 'http' ? { kind: 'http', path: handler.path, port: handler.port, portAt: at(handler.portSpan) }
      : handler.kind === 'tcp' ? { kind: 'tcp', port: handler.port, portAt: at(handler.portSpan) } : handler,
    initialDelaySeconds: number(probe.initialDelaySeconds, 0),
    periodSeconds: number(probe.periodSeconds, 10),
    timeoutSeconds: number(probe.timeoutSeconds, 1),
    failureThreshold: number(probe.failureThreshold, 3),
    successThreshold: number(probe.successThreshold, 1),
    at: at(probe.keySpan),
  };
}

function convertMount(placed: Placed<WorkloadObject>, mount: ContainerFact['mounts'][number], references: References, at: (span: Span) => Location): Mount {
  const base = { target: mount.target, at: at(mount.span) };
  const template = placed.object.claimTemplates.find((claim) => claim.name === mount.name);
  if (template) return { ...base, kind: 'claim', source: template.name };
  const volume = placed.object.volumes.find((candidate) => candidate.name === mount.name);
  if (!volume || volume.kind === 'unknown') return { ...base, kind: 'unknown' };
  if (volume.kind === 'ephemeral') return { ...base, kind: 'empty' };
  if (volume.kind !== 'claim' || volume.source === undefined) return { ...base, kind: volume.kind };
  const claim = nearest(placed, references.claims.filter((candidate) => candidate.object.name === volume.source))[0];
  const modes = claim?.object.accessModes;
  return { ...base, kind: 'claim', source: volume.source, ...(modes?.state === 'set' ? { accessModes: modes.value } : {}) };
}

function findConfig(placed: Placed, name: string, references: References): ConfigObject | undefined {
  return nearest(placed, references.configs.filter((candidate) => candidate.object.name === name && candidate.object.kind === 'ConfigMap'))[0]?.object;
}

function addConfigurations(placed: Placed<WorkloadObject>, fact: ContainerFact, references: References, environment: Record<string, Setting<string>>, at: (span: Span) => Location): boolean {
  let isOpen = fact.hasOpenEnvironment;
  for (const source of fact.environmentFrom) {
    const config = source.kind === 'ConfigMap' ? findConfig(placed, source.name, references) : undefined;
    if (!config || config.isOpen) isOpen = true;
    for (const [name, value] of Object.entries(config?.values ?? {})) environment[source.prefix + name] = { state: 'set', value, at: at(fact.nameSpan) };
  }
  return isOpen;
}

function environmentSetting(placed: Placed<WorkloadObject>, entry: ContainerFact['environment'][number], references: References, at: (span: Span) => Location): Setting<string> {
  if (entry.kind === 'value') return { state: 'set', value: entry.value, at: at(entry.span) };
  if (entry.kind === 'unknown') return { state: 'unknown', because: 'it comes from elsewhere' };
  const value = entry.of === 'ConfigMap' ? findConfig(placed, entry.object, references)?.values[entry.key] : undefined;
  return value === undefined ? { state: 'unknown', because: `it comes from a ${entry.of}` } : { state: 'set', value, at: at(entry.span) };
}
