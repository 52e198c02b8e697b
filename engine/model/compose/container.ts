// The container of a Compose service: what the file says, on top of what its image is known to bring.

import type { ComposeHealthCheck, ComposeMount, Field } from '../../artifacts/compose/facts';
import type { WorkloadRole } from '../../../catalog/schema';
import { collect, type LayeredService } from './layers';
import { settingOf } from './settings';
import { entryFolder } from '../images/entry-folder';
import type { ComposeContext } from './link';
import { healthRoutesOf } from '../images/health-routes';
import { imageEntry, imageRole, imageTools, isAuxiliary, isInitProgram } from '../images/known-images';
import type { Container, HealthCheck, Image, Mount, Setting, Tools } from '../model';
import { folderOf } from '../paths';

/** Makes the container; the image's own health check, command and ports fill what the file leaves open. */
export function containerFromCompose(layered: LayeredService, context: ComposeContext): Container {
  const { file, service } = layered.own;
  const setting = settingOf(layered);
  const build = context.imageOf(layered);
  const image = setting((one) => one.image);
  const builds = setting((one) => one.build);
  const name = layered.layers.map((layer) => layer.service.imageName).find((text) => text !== undefined);
  const imageText = image.state === 'set' ? image.value : name;
  // What is built here has the name that its image gets, which says nothing of what is in it.
  const isBuilt = builds.state !== 'absent';
  const knownImage = isBuilt || imageText === undefined ? undefined : imageEntry(imageText, context.catalog);
  const command = commandOf(layered);
  const { mounts, isOpen } = mountsOf(layered);
  const variables = collect(layered, (one) => Object.entries(one.environment), ([key]) => key);
  const environment = Object.fromEntries(variables.map(({ file: from, item: [key, field] }) => [key, toSetting(field, from)]));
  const argv = command.state === 'set' ? command.value : build?.command.state === 'set' ? build.command.value.argv : undefined;
  const folder = build ? entryFolder(folderOf(build.file), argv, build, context.code) : undefined;
  const health = folder === undefined ? undefined : healthRoutesOf(folder, context.code);
  return {
    name: service.name,
    at: { file, span: service.nameSpan },
    resource: { file, format: 'compose', document: 0, path: ['services', service.name] },
    kind: 'main',
    image: isBuilt ? (image.state === 'set' ? { state: 'unknown', because: 'it is built here' } : image) : image,
    role: roleOf(isBuilt ? undefined : imageText, service.name, build, context),
    ...(knownImage ? { knownImage } : {}),
    ...(health ? { health } : {}),
    ...(build ? { build } : {}),
    ports: portsOf(layered),
    command,
    replacesEntrypoint: setting((one) => one.entrypoint).state === 'set',
    liveness: { state: 'absent' },
    readiness: { state: 'absent' },
    startup: { state: 'absent' },
    healthCheck: healthCheckOf(layered, { build, isBuilt, isShipped: knownImage?.hasHealthCheck === true || baseHasHealthCheck(build, context), isKnown: knownImage !== undefined }),
    memoryLimit: setting((one) => one.memoryLimit),
    memoryRequest: setting((one) => one.memoryReservation),
    cpuRequest: { state: 'absent' },
    cpuLimit: setting((one) => one.cpuLimit),
    preStop: { state: 'absent' },
    mounts,
    hasOpenMounts: isOpen,
    environment,
    hasOpenEnvironment: layered.isOpen || layered.layers.some((layer) => layer.service.hasOpenEnvironment),
    hasInit: layered.layers.some((layer) => layer.service.hasInit) || (command.state === 'set' && isInitProgram(command.value[0] ?? '')) || build?.hasInit === true,
    ...toolsOf(image, builds.state !== 'absent', build, context),
  };
}

function portsOf(layered: LayeredService): Container['ports'] {
  const published = collect(layered, (one) => one.ports, (port) => String(port.target ?? port.span.join()));
  const exposed = collect(layered, (one) => one.expose, (port) => String(port.number));
  return [
    ...published.map(({ file, item }) => ({ ...(item.target === undefined ? {} : { number: item.target }), at: { file, span: item.span } })),
    ...exposed.map(({ file, item }) => ({ number: item.number, at: { file, span: item.span } })),
  ];
}

function toSetting<T>(field: Field<T>, file: string): Setting<T> {
  return field.state === 'set' ? { state: 'set', value: field.value, at: { file, span: field.span } } : field;
}

/** Programs of the image at hand; of a built one, those of its base with what the Dockerfile adds and removes. */
function toolsOf(image: Setting<string>, isBuilt: boolean, build: Image | undefined, context: ComposeContext): { tools?: Tools } {
  const source = isBuilt ? build?.base : image;
  if (source?.state !== 'set') return {};
  const entry = imageEntry(source.value, context.catalog);
  const tools = entry?.tools ? imageTools(source.value, entry) : undefined;
  const installs = isBuilt ? (build?.installs ?? []) : [];
  if (!tools && installs.length === 0) return {};
  const removes = new Set(build?.removes ?? []);
  const has = [...new Set([...(tools?.has ?? []), ...installs])].filter((tool) => !removes.has(tool));
  const lacks = [...(tools?.lacks ?? [])].filter((tool) => !has.includes(tool));
  return { tools: { has, lacks, ...(tools?.hasShell === undefined ? {} : { hasShell: tools.hasShell }), of: source.value } };
}

/** Role of the image, else of the base of what is built; a base only tells of data stores and proxies, as every application has some base. */
function roleOf(image: string | undefined, name: string, build: Image | undefined, context: ComposeContext): WorkloadRole {
  const own = imageRole(image, name, context.catalog);
  if (own !== 'app' || build?.base.state !== 'set') return own;
  const base = imageRole(build.base.value, '', context.catalog);
  return isAuxiliary(base) ? own : base;
}

function baseHasHealthCheck(build: Image | undefined, context: ComposeContext): boolean {
  return build?.base.state === 'set' && imageEntry(build.base.value, context.catalog)?.hasHealthCheck === true;
}

function commandOf(layered: LayeredService): Setting<readonly string[]> {
  const setting = settingOf(layered);
  const entrypoint = setting((one) => one.entrypoint);
  const command = setting((one) => one.command);
  if (entrypoint.state === 'unknown' || command.state === 'unknown') return entrypoint.state === 'unknown' ? entrypoint : command;
  if (entrypoint.state !== 'set') return command;
  return { ...entrypoint, value: [...entrypoint.value, ...(command.state === 'set' ? command.value : [])] };
}

function mountsOf(layered: LayeredService): { mounts: Mount[]; isOpen: boolean } {
  const all = collect(layered, (one) => one.mounts, (mount) => mount.target ?? mount.span.join());
  const mounts = all.flatMap(({ file, item }) => (item.target === undefined ? [] : [convertMount(file, item, item.target, layered.localVolumes)]));
  return { mounts, isOpen: layered.isOpen || all.some(({ item }) => item.target === undefined) || layered.layers.some((layer) => layer.service.hasOpenMounts) };
}

function convertMount(file: string, mount: ComposeMount, target: string, localVolumes: ReadonlySet<string>): Mount {
  // A single file from the host is configuration, whatever stands in its directory.
  const isFile = mount.kind === 'host' && /\/[^/]+\.\w{1,8}$/.test(target) && /\.\w{1,8}$/.test(mount.source ?? '');
  return { target: target.length > 1 ? target.replace(/\/+$/, '') : target, at: { file, span: mount.span }, kind: isFile ? 'config' : mount.kind, ...(mount.source === undefined ? {} : { source: mount.source }), ...(mount.kind === 'named' && localVolumes.has(mount.source ?? '') ? { isShared: false } : {}) };
}

interface ShippedCheck {
  readonly build: Image | undefined;
  readonly isBuilt: boolean;
  /** Image or base image are known to bring a check. */
  readonly isShipped: boolean;
  readonly isKnown: boolean;
}

function healthCheckOf(layered: LayeredService, shipped: ShippedCheck): Setting<HealthCheck> {
  const own = settingOf(layered)((one) => one.healthCheck);
  if (own.state === 'unknown') return own;
  const { build, isBuilt, isShipped, isKnown } = shipped;
  const inherited = ((): Setting<HealthCheck> => {
    if (build) return build.healthCheck.state === 'absent' && isShipped ? { state: 'unknown', because: 'its base image brings one' } : build.healthCheck;
    if (isBuilt) return { state: 'unknown', because: 'its Dockerfile is not in the workspace' };
    return isShipped ? { state: 'unknown', because: 'its image brings one' } : { state: 'absent' };
  })();
  if (own.state === 'absent') return inherited;
  const value = convertHealthCheck(own.value, own.at.file);
  if (own.value.test.form !== 'absent' || own.value.isDisabled) return { ...own, value };
  // Only intervals are written: the test is the image's, where it has one.
  if (inherited.state === 'set') return { ...own, value: { ...value, test: inherited.value.test } };
  return inherited.state === 'absent' && !isKnown && !build ? { state: 'unknown', because: 'its image may bring the test' } : inherited;
}

function convertHealthCheck(check: ComposeHealthCheck, file: string): HealthCheck {
  const number = (field: Field<number>, fallback: number): Setting<number> => (field.state === 'absent' ? { state: 'default', value: fallback, source: 'Docker' } : toSetting(field, file));
  return {
    isDisabled: check.isDisabled,
    test: check.test.form === 'absent' ? { form: 'unknown' } : check.test,
    intervalMs: number(check.intervalMs, 30_000),
    timeoutMs: number(check.timeoutMs, 30_000),
    retries: number(check.retries, 3),
    startPeriodMs: number(check.startPeriodMs, 0),
    at: { file, span: check.testSpan },
  };
}
