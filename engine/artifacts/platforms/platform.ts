// What the configuration files of application platforms have in common: a small tree (TOML, YAML or JSON) that says how services are run, read into workloads.

import type { FileProblem } from '../../facts';
import { parseSuppressions } from '../../lint/parse-suppression';
import { environmentOf } from '../../model/environment';
import type { Container, Environment, HealthCheck, ResourceRef, Setting, Workload } from '../../model/model';
import type { Location, TextEdit } from '../../text';
import { defineFormat, type ArtifactFacts, type FormatDefinition } from '../format';
import type { ArtifactIntent } from '../intent';
import { parseToml } from '../toml/tree';
import { setTomlValue } from '../toml/write-value';
import { find, numberOf, textOf } from '../yaml/look-up';
import { suppressionsOf } from '../yaml/suppressions';
import { parseYaml, type YamlNode } from '../yaml/tree';
import { writeValue } from '../yaml/write-value';

export interface PlatformFacts extends ArtifactFacts {
  readonly workloads: readonly Workload[];
}

/** One service as its platform says it. Paths begin at the root of the file. */
export interface PlatformService {
  readonly name: string;
  readonly node: YamlNode;
  readonly path: readonly (string | number)[];
  readonly kind: string;
  /** Span of what names it. */
  readonly at: readonly [number, number];
  readonly isServed: boolean;
  readonly environment?: Environment;
  /** A disk that one instance holds. */
  readonly isTiedToNode?: boolean;
  readonly isOneShot?: boolean;
  /** Where the count stands, below the service, and what holds where it is absent. */
  readonly instances: { readonly path: readonly string[]; readonly otherwise: Setting<number> };
  readonly gracePeriod?: { readonly path: readonly string[]; readonly otherwise: Setting<number>; readonly convert: (text: string) => number | undefined };
  readonly restart: Workload['restart'];
  readonly restartAttempts?: number;
  /** Whether something asks for its health; `unknown` where the platform's dashboard may say so. */
  readonly health: Setting<true>;
}

interface Platform {
  readonly name: string;
  readonly title: string;
  readonly files: string;
  readonly languages: readonly string[];
  readonly path: RegExp;
  /** A look at the text: other programs use these names too. */
  readonly mark: RegExp;
  readonly services: (root: YamlNode, file: string) => readonly PlatformService[];
  /** Where a restart policy is written, below the file's root, and its words. */
  readonly restart?: { readonly path: readonly string[]; readonly always: string };
}

const isToml = (path: string): boolean => /\.toml$/i.test(path);

/** Makes the format of one platform. */
export function platformFormat(platform: Platform): FormatDefinition {
  return defineFormat<PlatformFacts>({
    name: platform.name,
    title: platform.title,
    files: platform.files,
    languages: platform.languages,
    claims: platform.path,
    comment: '#',
    recognise: (path, text) => platform.path.test(path) && platform.mark.test(text),
    read: (path, text) => read(platform, path, text),
    link: (facts) => ({ workloads: facts.flatMap((file) => file.workloads) }),
    write: (text, resource, intent) => write(platform, text, resource, intent),
  });
}

function read(platform: Platform, path: string, text: string): { facts: PlatformFacts; problems: FileProblem[] } {
  const common = { kind: 'artifact', format: platform.name, path } as const;
  if (isToml(path)) {
    const { root, comments, error } = parseToml(text);
    const suppressions = text.includes('holdfast-') ? [...parseSuppressions(text, comments)] : [];
    const workloads = root && !error ? workloadsOf(platform, path, root) : [];
    return { facts: { ...common, suppressions, workloads }, problems: error ? [{ file: path, extent: 'in-part', because: error.because, span: [error.at, error.at] }] : [] };
  }
  const parsed = parseYaml(text);
  const [document] = parsed.documents;
  const workloads = document?.root && document.cutAt === undefined ? workloadsOf(platform, path, document.root) : [];
  return { facts: { ...common, suppressions: suppressionsOf(text, parsed), workloads }, problems: parsed.problems.map((problem) => ({ file: path, ...problem })) };
}

function workloadsOf(platform: Platform, file: string, root: YamlNode): Workload[] {
  return platform.services(root, file).map((service) => toWorkload(platform, file, service));
}

function toWorkload(platform: Platform, file: string, service: PlatformService): Workload {
  const at: Location = { file, span: service.at };
  const resource: ResourceRef = { file, format: platform.name, document: 0, path: service.path };
  const written = (path: readonly string[], otherwise: Setting<number>, convert: (node: YamlNode) => number | undefined): Setting<number> => {
    const found = find(service.node, ...path);
    if (!found) return otherwise;
    const value = convert(found.node);
    return value === undefined ? { state: 'unknown', because: 'not a number' } : { state: 'set', value, at: { file, span: found.pair?.span ?? found.node.span } };
  };
  const { gracePeriod } = service;
  return {
    id: `${platform.name}/${file}/${service.path.join('/')}`,
    name: service.name,
    format: platform.name,
    kind: service.kind,
    scope: file,
    at,
    block: at,
    resource,
    role: 'app',
    environment: service.environment ?? environmentOf(file),
    isSingleHost: false,
    isServed: service.isServed,
    servedBy: [],
    isOneShot: service.isOneShot === true,
    isPerNode: false,
    isFragment: false,
    isSingleton: false,
    ...(service.isTiedToNode ? { isTiedToNode: true } : {}),
    instances: written(service.instances.path, service.instances.otherwise, numberOf),
    autoscalers: [],
    spread: { state: 'unknown', because: 'the platform places instances' },
    budgets: [],
    restart: service.restart,
    ...(service.restartAttempts === undefined ? {} : { restartAttempts: service.restartAttempts }),
    rollout: { strategy: { state: 'absent' }, maxUnavailable: { state: 'absent' }, maxSurge: { state: 'absent' }, rollsBack: { state: 'absent' } },
    gracePeriodMs: gracePeriod ? written(gracePeriod.path, gracePeriod.otherwise, (node) => gracePeriod.convert(textOf(node) ?? '')) : { state: 'unknown', because: 'not said here' },
    stopSignal: { state: 'unknown', because: 'the platform sends it' },
    dependencies: [],
    containers: [containerOf(service, at, resource)],
    labels: {},
    words: { instances: service.instances.path.at(-1) ?? '', ...(gracePeriod ? { stopPeriod: gracePeriod.path.at(-1) ?? '' } : {}) },
  };
}

/** The process that the platform runs: of what a container says only its health is told here, the rest is the platform's. */
function containerOf(service: PlatformService, at: Location, resource: ResourceRef): Container {
  const unknown = { state: 'unknown', because: 'the platform decides' } as const;
  const check: HealthCheck = { isDisabled: false, test: { form: 'unknown' }, intervalMs: unknown, timeoutMs: unknown, retries: unknown, startPeriodMs: unknown, at };
  return {
    name: '',
    at,
    resource,
    kind: 'main',
    image: unknown,
    role: 'app',
    ports: [],
    command: unknown,
    liveness: unknown,
    readiness: unknown,
    startup: unknown,
    healthCheck: service.health.state === 'set' ? { state: 'set', value: check, at: service.health.at } : service.health.state === 'default' ? unknown : service.health,
    memoryLimit: unknown,
    memoryRequest: unknown,
    cpuRequest: unknown,
    cpuLimit: unknown,
    preStop: unknown,
    mounts: [],
    hasOpenMounts: true,
    environment: {},
    hasOpenEnvironment: true,
    hasInit: false,
  };
}

function write(platform: Platform, text: string, resource: ResourceRef, intent: ArtifactIntent): TextEdit[] | undefined {
  if (intent.kind === 'replace-text') return [{ span: intent.span, newText: intent.text }];
  const target = ((): { path: readonly (string | number)[]; value: string | number } | undefined => {
    switch (intent.kind) {
      case 'set-instances':
        return INSTANCES[platform.name] && { path: [...resource.path, ...(INSTANCES[platform.name] ?? [])], value: intent.count };
      case 'set-stop-grace-period':
        return STOP[platform.name] && { path: [...resource.path, ...(STOP[platform.name] ?? [])], value: intent.seconds };
      case 'set-restart':
        return platform.restart && { path: platform.restart.path, value: platform.restart.always };
      default:
        return undefined;
    }
  })();
  if (!target) return undefined;
  const { path, value } = target;
  if (!isToml(resource.file)) return writeValue(text, 0, { kind: 'set-value', path, value });
  return path.every((step) => typeof step === 'string') ? setTomlValue(text, path, String(value)) : undefined;
}

/** Where each platform writes its count and its time to stop, below a service. */
const INSTANCES: Readonly<Record<string, readonly string[]>> = { render: ['numInstances'], railway: ['deploy', 'numReplicas'], heroku: ['quantity'], copilot: ['count'], 'app-engine': ['manual_scaling', 'instances'] };
const STOP: Readonly<Record<string, readonly string[]>> = { fly: ['kill_timeout'], render: ['maxShutdownDelaySeconds'], railway: ['deploy', 'drainingSeconds'] };
