// Containers of a cloud service: those of the task definition that it names.

import type { CompiledCatalog } from '../../catalog';
import { foundOf, type CloudView } from './fields';
import type { CloudIndex } from './resource-index';
import { imageEntry, imageRole, imageTools } from '../images/known-images';
import type { Container, HealthCheck, Setting } from '../model';

const ABSENT: Setting<never> = { state: 'absent' };
const UNKNOWN: Setting<never> = { state: 'unknown', because: 'it is not written here' };

/** Containers of the task definitions of a service. */
export function containersOf(service: CloudView, index: CloudIndex, catalog: CompiledCatalog): Container[] {
  return index.named(service, 'taskDefinition').ids.flatMap((id) => {
    const task = index.view(id);
    if (task?.concept.entry.kind !== 'task-definition') return [];
    const parts = index.ofKind('container').filter((view) => view.parent?.id === id || index.named(view, 'on').ids.includes(id));
    return parts.map((view, position) => containerOf(view, task, service, position, index, catalog));
  });
}

function containerOf(view: CloudView, task: CloudView, service: CloudView, position: number, index: CloudIndex, catalog: CompiledCatalog): Container {
  const thing = index.thing(view);
  const image = index.word(view, 'image');
  const name = index.word(view, 'name');
  const label = name.state === 'set' ? name.value : thing.name;
  const text = image.state === 'set' ? image.value : undefined;
  const entry = text === undefined ? undefined : imageEntry(text, catalog);
  const tools = text !== undefined && entry?.tools ? imageTools(text, entry) : undefined;
  const isEssential = index.flag(view, 'essential');
  const ports = foundOf(view, 'ports').flatMap((one) => (typeof one !== 'string' && one.value.kind === 'number' ? [{ number: one.value.value, at: one.value.at }] : []));
  return {
    name: label,
    at: view.at,
    resource: view.resource.resource,
    kind: isEssential.state === 'set' && !isEssential.value ? 'sidecar' : position === 0 || ports.length > 0 ? 'main' : 'sidecar',
    image,
    role: imageRole(text, label, catalog),
    ...(entry ? { knownImage: entry } : {}),
    ports,
    hasOpenPorts: foundOf(view, 'ports').includes('unknown'),
    command: UNKNOWN,
    liveness: ABSENT,
    readiness: ABSENT,
    startup: ABSENT,
    healthCheck: checkOf(view, index),
    memoryLimit: memoryOf(view, task, service, index),
    memoryRequest: UNKNOWN,
    cpuRequest: UNKNOWN,
    cpuLimit: UNKNOWN,
    preStop: ABSENT,
    mounts: [],
    hasOpenMounts: true,
    environment: {},
    hasOpenEnvironment: true,
    ...(tools && text !== undefined ? { tools: { has: [...tools.has], lacks: [...tools.lacks], ...(tools.hasShell === undefined ? {} : { hasShell: tools.hasShell }), of: text } } : {}),
    hasInit: false,
    cloud: thing,
  };
}

/** What a task may take bounds its containers; a machine that several tasks share needs a limit of each. */
function memoryOf(view: CloudView, task: CloudView, service: CloudView, index: CloudIndex): Setting<string> {
  for (const [where, field] of [[view, 'memory'], [view, 'memoryReservation'], [task, 'memory']] as const) {
    const value = index.amount(where, field);
    if (value.state === 'set') return { ...value, value: `${value.value}m` };
    if (value.state === 'unknown') return value;
    if (value.state === 'default') return { ...value, value: `${value.value}m` };
  }
  const launch = index.word(service, 'launchType');
  const kinds = index.word(task, 'compatibilities');
  const known = [launch, kinds].flatMap((one) => (one.state === 'set' ? [one.value] : []));
  return known.length > 0 && known.every((one) => /EC2$/i.test(one)) ? ABSENT : UNKNOWN;
}

function checkOf(view: CloudView, index: CloudIndex): Setting<HealthCheck> {
  const check = index.flag(view, 'healthCheck');
  if (check.state === 'unknown') return check;
  if (check.state !== 'set') return ABSENT;
  const parts = foundOf(view, 'healthCommand').flatMap((one) => (typeof one !== 'string' && one.value.kind === 'list' ? [one.value] : []));
  const [command] = parts;
  const argv = command?.items.flatMap((item) => (item.kind === 'text' ? [item.value] : [])) ?? [];
  const isWhole = command !== undefined && !command.isOpen && argv.length === command.items.length;
  const [first, ...rest] = argv;
  const test: HealthCheck['test'] = !isWhole ? { form: 'unknown' } : first === 'CMD-SHELL' ? { form: 'shell', command: rest.join(' ') } : first === 'CMD' ? { form: 'argv', argv: rest } : { form: 'unknown' };
  return { state: 'set', at: check.at, value: { isDisabled: first === 'NONE', test, intervalMs: UNKNOWN, timeoutMs: UNKNOWN, retries: UNKNOWN, startPeriodMs: UNKNOWN, at: check.at } };
}
