// A task of a Nomad group as a container.

import type { ResourceRef, Container, HealthCheck, Mount, Setting } from '../../model/model';
import { imageEntry, imageRole } from '../../model/images/known-images';
import type { CloudMap } from '../cloud';
import type { FormatContext } from '../format';
import type { HclBlock } from '../hcl/tree';
import { textOf } from '../terraform/values';
import type { NomadPort } from './link';
import { blocksIn, durationIn, flagIn, isOpenFor, numberIn, orDefault, settingIn, textIn } from './settings';

interface TaskParts {
  readonly file: string;
  readonly resource: ResourceRef;
  readonly task: HclBlock;
  readonly properties: CloudMap;
  /** Of the group and of all of its tasks. */
  readonly services: readonly CloudMap[];
  readonly ports: readonly NomadPort[];
  readonly context: FormatContext;
}

const RESOURCES = 'nomad job-specification/resources: cpu 100, memory 300';

/** Memory is always limited: 300 MB where nothing is written. Health is asked of a service, not of the container. */
export function taskContainer({ file, resource, task, properties, services, ports, context }: TaskParts): Container {
  const label = task.labels[0];
  const name = label?.text ?? '';
  const [config] = blocksIn(properties, 'config');
  const [resources] = blocksIn(properties, 'resources');
  const image = textIn(config, 'image');
  const knownImage = image.state === 'set' ? imageEntry(image.value, context.catalog) : undefined;
  const at = { file, span: label?.span ?? task.header };
  return {
    name,
    at,
    resource,
    kind: kindOf(properties),
    image: image.state === 'absent' ? { state: 'unknown', because: 'its driver runs no image' } : image,
    role: imageRole(image.state === 'set' ? image.value : undefined, name, context.catalog),
    ...(knownImage ? { knownImage } : {}),
    ports: ports.map((port) => ({ ...(port.number === undefined ? {} : { number: port.number }), at: port.at })),
    command: commandOf(config),
    liveness: { state: 'unknown', because: 'Nomad asks services' },
    readiness: { state: 'unknown', because: 'Nomad asks services' },
    startup: { state: 'unknown', because: 'Nomad asks services' },
    healthCheck: healthCheckOf(services),
    memoryLimit: orDefault(megabytes(resources), '300M', RESOURCES),
    memoryRequest: orDefault(megabytes(resources), '300M', RESOURCES),
    cpuRequest: orDefault(settingIn(resources, 'cpu', (value) => textOf(value)), '100', RESOURCES),
    cpuLimit: { state: 'unknown', because: 'its driver decides' },
    preStop: { state: 'unknown', because: 'Nomad takes a service out before it stops it' },
    mounts: mountsOf(properties, config),
    hasOpenMounts: isOpenFor(config, 'volumes') || isOpenFor(config, 'mount') || isOpenFor(config, 'mounts') || isOpenFor(properties, 'volume_mount'),
    environment: environmentOf(properties),
    hasOpenEnvironment: isOpenFor(properties, 'env') || blocksIn(properties, 'template').length > 0 || isOpenFor(properties, 'template'),
    hasInit: isTrue(flagIn(config, 'init')),
  };
}

function isTrue(flag: Setting<boolean>): boolean {
  return flag.state === 'set' && flag.value;
}

function kindOf(properties: CloudMap): Container['kind'] {
  const [lifecycle] = blocksIn(properties, 'lifecycle');
  if (!lifecycle) return 'main';
  return isTrue(flagIn(lifecycle, 'sidecar')) ? 'sidecar' : 'init';
}

function megabytes(resources: CloudMap | undefined): Setting<string> {
  const own = numberIn(resources, 'memory_max');
  const amount = own.state === 'set' ? own : numberIn(resources, 'memory');
  return amount.state === 'set' ? { state: 'set', value: `${amount.value}M`, at: amount.at } : amount.state === 'default' ? { ...amount, value: `${amount.value}M` } : amount;
}

function commandOf(config: CloudMap | undefined): Setting<readonly string[]> {
  const command = textIn(config, 'command');
  if (command.state === 'default') return { ...command, value: [command.value] };
  if (command.state !== 'set') return command;
  const list = config?.entries['args'];
  if (!list) return { ...command, value: [command.value] };
  const words = list.kind === 'list' && !list.isOpen ? list.items.map(textOf) : [undefined];
  return words.every((word) => word !== undefined) ? { ...command, value: [command.value, ...words] } : { state: 'unknown', because: 'its arguments are not known' };
}

function healthCheckOf(services: readonly CloudMap[]): Setting<HealthCheck> {
  const checks = services.flatMap((service) => blocksIn(service, 'check'));
  const [check] = checks;
  if (!check) return services.some((service) => isOpenFor(service, 'check')) ? { state: 'unknown', because: 'its checks are not known' } : { state: 'absent' };
  return {
    state: 'set',
    at: check.at,
    value: { isDisabled: false, test: { form: 'unknown' }, intervalMs: durationIn(check, 'interval'), timeoutMs: durationIn(check, 'timeout'), retries: { state: 'absent' }, startPeriodMs: { state: 'absent' }, at: check.at },
  };
}

/** `volume_mount` of a volume of the group, and the volumes of the Docker driver: `host:container`. */
function mountsOf(properties: CloudMap, config: CloudMap | undefined): Mount[] {
  const named = blocksIn(properties, 'volume_mount').flatMap((block): Mount[] => {
    const target = textIn(block, 'destination');
    const source = textIn(block, 'volume');
    return target.state === 'set' ? [{ target: target.value, at: target.at, kind: 'named', ...(source.state === 'set' ? { source: source.value } : {}) }] : [];
  });
  const volumes = config?.entries['volumes'];
  const bound = (volumes?.kind === 'list' ? volumes.items : []).flatMap((item): Mount[] => {
    const [source, target] = item.kind === 'text' ? item.value.split(':') : [];
    return source === undefined || target === undefined ? [] : [{ target, at: item.at, kind: /^(?:local|secrets)\//.test(source) ? 'config' : source.startsWith('/') ? 'host' : 'named', source }];
  });
  const mounts = blocksIn(config, 'mount').flatMap((block): Mount[] => {
    const target = textIn(block, 'target');
    return target.state === 'set' ? [{ target: target.value, at: target.at, kind: 'unknown' }] : [];
  });
  return [...named, ...bound, ...mounts];
}

function environmentOf(properties: CloudMap): Record<string, Setting<string>> {
  return Object.fromEntries(blocksIn(properties, 'env').flatMap((block) => Object.keys(block.entries).map((key) => [key, textIn(block, key)])));
}
