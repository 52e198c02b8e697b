// One service of a Compose file.

import { entries, find, get, items, resolve, textOf, type Entry } from '../yaml/look-up';
import { isCut } from '../yaml/look-up';
import type { YamlDocument, YamlNode } from '../yaml/tree';
import type { ComposeBuild, ComposeDependency, ComposePort, ComposeService, Field } from './facts';
import { ABSENT, durationField, isTrue, numberField, plainText, textField, unknown } from './field';
import { splitCommand } from '../words';
import { interpolate, isUnknown, UNKNOWN } from './interpolate';
import { readHealthCheck } from './read-health-check';
import { readMounts } from './read-mounts';

/** Reads the service of one entry of `services`. Linear in its text. */
export function readService(document: YamlDocument, entry: Entry): ComposeService {
  const service = entry.value ?? entry.pair.value;
  const deploy = get(service, 'deploy');
  const policy = get(deploy, 'restart_policy');
  const update = get(deploy, 'update_config');
  const image = get(service, 'image');
  const { mounts, isOpen } = readMounts(service);
  const environment = readEnvironment(service);
  const base = readExtends(get(service, 'extends'));
  return {
    name: entry.name,
    nameSpan: entry.pair.key.span,
    span: entry.pair.span,
    ...(base ? { extends: base } : {}),
    image: textField(image),
    ...imageName(image),
    build: readBuild(get(service, 'build')),
    restart: entryField(service, 'restart', textField),
    restartPolicy: policy?.kind === 'map' ? orElse(textField(get(policy, 'condition')), { state: 'set', value: 'any', span: policy.span }) : ABSENT,
    restartPolicyAttempts: numberField(get(policy, 'max_attempts')),
    ports: items(get(service, 'ports')).map(readPort),
    expose: items(get(service, 'expose')).flatMap((item) => {
      const number = Number.parseInt(interpolate(textOf(item) ?? ''), 10);
      return Number.isFinite(number) ? [{ number, span: item.span }] : [];
    }),
    dependsOn: readDependencies(get(service, 'depends_on')),
    links: items(get(service, 'links')).flatMap((item) => textOf(item)?.split(':', 1) ?? []),
    healthCheck: readHealthCheck(get(service, 'healthcheck')),
    command: readCommand(get(service, 'command')),
    entrypoint: readCommand(get(service, 'entrypoint')),
    environment: environment.values,
    hasOpenEnvironment: environment.isOpen || get(service, 'env_file') !== undefined,
    mounts,
    hasOpenMounts: isOpen,
    profiles: items(get(service, 'profiles')).flatMap((item) => textOf(item) ?? []),
    replicas: orElse(numberField(get(deploy, 'replicas')), numberField(get(service, 'scale'))),
    hasSwarmKeys: ['replicas', 'mode', 'placement', 'update_config'].some((key) => get(deploy, key) !== undefined),
    hasConstraints: get(deploy, 'placement', 'constraints') !== undefined,
    isStackOnly: ['mode', 'placement', 'update_config'].some((key) => get(deploy, key) !== undefined),
    mode: textField(get(deploy, 'mode')),
    updateOrder: textField(get(update, 'order')),
    updateFailureAction: textField(get(update, 'failure_action')),
    memoryLimit: orElse(textField(get(deploy, 'resources', 'limits', 'memory')), textField(get(service, 'mem_limit'))),
    memoryReservation: orElse(textField(get(deploy, 'resources', 'reservations', 'memory')), textField(get(service, 'mem_reservation'))),
    cpuLimit: orElse(textField(get(deploy, 'resources', 'limits', 'cpus')), textField(get(service, 'cpus'))),
    stopGracePeriodMs: entryField(service, 'stop_grace_period', durationField),
    stopSignal: entryField(service, 'stop_signal', textField),
    hasInit: isTrue(get(service, 'init')),
    containerName: textField(get(service, 'container_name')),
    usesHostNetwork: textOf(get(service, 'network_mode')) === 'host',
    aliases: readAliases(service),
    labels: readLabels(service),
    isCut: isCut(document, entry.pair.value),
  };
}

/** A field whose place is its whole entry, key and value: what a finding about the value marks. */
function entryField<T>(service: YamlNode, key: string, read: (node: YamlNode | undefined) => Field<T>): Field<T> {
  const found = find(service, key);
  const field = read(found?.node);
  return field.state === 'set' && found?.pair ? { ...field, span: found.pair.span } : field;
}

function orElse<T>(first: Field<T>, second: Field<T>): Field<T> {
  return first.state === 'absent' ? second : first;
}

function readExtends(node: YamlNode | undefined): ComposeService['extends'] {
  if (!node) return undefined;
  if (node.kind === 'scalar') {
    const service = interpolate(textOf(node) ?? '');
    return service === '' ? undefined : { service, isKnown: !isUnknown(service) };
  }
  const service = interpolate(textOf(get(node, 'service')) ?? '');
  const file = textOf(get(node, 'file'));
  return { service, ...(file === undefined ? {} : { file: interpolate(file) }), isKnown: !isUnknown(service) && !isUnknown(interpolate(file ?? '')) };
}

/** Repository of the image where only tag or registry are unknown. */
function imageName(node: YamlNode | undefined): { imageName?: string; imageSpan?: ComposeService['nameSpan'] } {
  const text = textOf(node);
  if (text === undefined || !node) return {};
  const path = interpolate(text).split('@', 1)[0] ?? '';
  const last = path.slice(path.lastIndexOf('/') + 1);
  const base = last.split(':', 1)[0] ?? '';
  if (base === '' || isUnknown(base)) return { imageSpan: node.span };
  const prefix = path.slice(0, path.length - last.length);
  return { imageName: (isUnknown(prefix) ? '' : prefix) + base, imageSpan: node.span };
}

function readBuild(node: YamlNode | undefined): Field<ComposeBuild> {
  if (!node) return ABSENT;
  if (node.kind === 'scalar') {
    const context = textOf(node);
    return context === undefined ? ABSENT : { state: 'set', value: { context: localPath(context), isInline: false }, span: node.span };
  }
  if (node.kind !== 'map') return unknown('not a map');
  const dockerfile = textOf(get(node, 'dockerfile'));
  const target = textOf(get(node, 'target'));
  const value: ComposeBuild = {
    context: localPath(textOf(get(node, 'context')) ?? '.'),
    ...(dockerfile === undefined || isUnknown(interpolate(dockerfile)) ? {} : { dockerfile: interpolate(dockerfile) }),
    ...(target === undefined || isUnknown(interpolate(target)) ? {} : { target: interpolate(target) }),
    isInline: get(node, 'dockerfile_inline') !== undefined,
  };
  return { state: 'set', value: dockerfile !== undefined && isUnknown(interpolate(dockerfile)) ? { ...value, context: undefined } : value, span: node.span };
}

function localPath(text: string): string | undefined {
  const path = interpolate(text);
  return isUnknown(path) || /^[a-z+]+:\/\/|^git@|\.git(?:#|$)/.test(path) ? undefined : path;
}

function readPort(node: YamlNode): ComposePort {
  const map = resolve(node);
  if (map?.kind === 'map') {
    const target = Number(interpolate(textOf(get(map, 'target')) ?? ''));
    const published = Number(interpolate(textOf(get(map, 'published')) ?? '') || Number.NaN);
    return { ...(target > 0 ? { target } : {}), ...(published > 0 ? { published } : {}), span: map.span };
  }
  const text = interpolate(textOf(node) ?? '').replace(/\/(?:tcp|udp|sctp)$/, '');
  const parts = text.replace(/^\[[^\]]*\]:/, 'address:').split(':');
  const target = Number(parts.at(-1));
  const published = parts.length > 1 ? Number(parts.at(-2) || Number.NaN) : Number.NaN;
  return { ...(target > 0 ? { target } : {}), ...(published > 0 ? { published } : {}), span: node.span };
}

function readDependencies(node: YamlNode | undefined): ComposeDependency[] {
  if (node?.kind === 'sequence') {
    return items(node).flatMap((item) => {
      const service = textOf(item);
      return service === undefined ? [] : [{ service: interpolate(service), condition: 'service_started' as const, isShortForm: true, isRequired: true, span: item.span }];
    });
  }
  return entries(node).map(({ name, pair, value }) => ({
    service: name,
    condition: conditionOf(get(value, 'condition')),
    isShortForm: false,
    isRequired: textOf(get(value, 'required')) !== 'false',
    span: pair.key.span,
  }));
}

function conditionOf(node: YamlNode | undefined): ComposeDependency['condition'] {
  const text = textOf(node);
  if (text === undefined) return 'service_started';
  const condition = interpolate(text);
  return condition === 'service_started' || condition === 'service_healthy' || condition === 'service_completed_successfully' ? condition : 'unknown';
}

/** A string is split into words, as Compose does: no shell is involved. */
function readCommand(node: YamlNode | undefined): Field<readonly string[]> {
  if (!node) return ABSENT;
  if (node.tag !== undefined && !node.tag.startsWith('!!')) return unknown(`\`${node.tag}\` changes what is merged`);
  if (node.kind === 'sequence') return { state: 'set', value: items(node).map((item) => interpolate(textOf(item) ?? '')), span: node.span };
  const text = textOf(node);
  return text === undefined ? ABSENT : { state: 'set', value: splitCommand(interpolate(text)), span: node.span };
}

function readEnvironment(service: YamlNode): { values: Record<string, Field<string>>; isOpen: boolean } {
  const node = get(service, 'environment');
  const values: Record<string, Field<string>> = {};
  if (node?.kind === 'map') {
    for (const { name, value } of entries(node)) {
      const field = textField(value);
      values[name] = field.state === 'absent' ? unknown('taken from the shell') : field;
    }
    return { values, isOpen: false };
  }
  for (const item of items(node)) {
    const text = textOf(item) ?? '';
    const equals = text.indexOf('=');
    const name = equals < 0 ? text : text.slice(0, equals);
    const value = interpolate(text.slice(equals + 1));
    if (equals < 0 || isUnknown(value)) values[name] = unknown(equals < 0 ? 'taken from the shell' : 'a variable without default');
    else values[name] = { state: 'set', value, span: item.span };
  }
  return { values, isOpen: node !== undefined && node.kind !== 'sequence' && textOf(node) !== undefined };
}

function readAliases(service: YamlNode): string[] {
  const hostname = textOf(get(service, 'hostname'));
  const container = textOf(get(service, 'container_name'));
  const aliases = entries(get(service, 'networks')).flatMap(({ value }) => items(get(value, 'aliases')).flatMap((item) => textOf(item) ?? []));
  return [...new Set([hostname, container, ...aliases].filter((name): name is string => name !== undefined && !name.includes('$') && !name.includes(UNKNOWN)))];
}

function readLabels(service: YamlNode): Record<string, string> {
  const labels: Record<string, string> = {};
  const node = get(service, 'labels');
  for (const { name, value } of entries(node)) labels[name] = plainText(value) ?? '';
  for (const item of items(node)) {
    const [name = '', value = ''] = (textOf(item) ?? '').split(/=(.*)/s);
    if (name !== '') labels[name] = value;
  }
  return labels;
}
