// Turns one Kubernetes workload and what was joined to it into the model's words.

import type { WorkloadRole } from '../../../catalog/schema';
import type { JobFact, Labels, WorkloadObject } from '../../artifacts/kubernetes/facts';
import type { Location, Span } from '../../text';
import { startedFolders } from '../images/entry-folder';
import { codeFolderOf, healthRoutesOf, imageName } from '../images/health-routes';
import { imageEntry, imageRole } from '../images/known-images';
import { convertContainer, converter, type Convert, type References } from './container';
import { environmentOfPlaced } from './environment';
import { isTouched, type Touched } from './touched';
import { refOf, scopeOf, type Placed } from './scopes';
import type { Autoscaler, Container, DisruptionBudget, Evidence, Setting, Workload } from '../model';
import type { KubernetesContext } from './link';
import { matches } from './selectors';
import { isBufferName, isGatewayName, isLoadName, isMonitoringPort, isSidecarName, isSingletonName, isStoreName, isStorePort, isWorkerName } from '../workload-names';

/** What the join found for one workload. */
export interface Joined {
  readonly autoscalers: readonly Autoscaler[];
  readonly budgets: readonly DisruptionBudget[];
  readonly verticalScalers: readonly { readonly name: string; readonly at: Location }[];
  readonly servedBy: readonly Evidence[];
  /** Reached from outside the cluster, or by an ingress: it answers requests whatever its name says. */
  readonly isExposed: boolean;
  /** A mesh divides the requests of its host among versions, of which it is one. */
  readonly isVariant: boolean;
  /** What overlays change in it. */
  readonly touched: Touched;
  /** Its namespace gives containers limits of its own. */
  readonly hasLimitRange: boolean;
  readonly isFragment: boolean;
}

const GENERIC_FILES = new Set(['deployment', 'deploy', 'statefulset', 'sts', 'daemonset', 'rollout', 'job', 'cronjob', 'service', 'all', 'template', 'templates', 'workload', 'server']);

/** Names that are template actions say nothing to a reader: what is literal in them, else the file's or the chart's own name stands in. */
export function displayName(placed: Placed): string {
  const { file, chart } = placed;
  // A rendered name bears prefixes that stand nowhere near the object.
  const object = placed.origin ?? placed.object;
  if (object.isNameKnown) return object.name;
  const literal = literalName(object.name);
  if (literal !== '') return literal;
  const stem = (file.path.split('/').at(-1) ?? '').replace(/\.\w+$/, '');
  const chartName = chart?.split('/').at(-1) ?? '';
  return GENERIC_FILES.has(stem) && chartName !== '' ? chartName : stem;
}

/** What a name says besides template actions. */
function literalName(name: string): string {
  return name.replace(/\{\{[^}]{0,500}\}\}/g, '').replace(/^[-_.]+|[-_.]+$/g, '');
}

/** Makes the model's workload. */
export function convertWorkload(placed: Placed<WorkloadObject>, joined: Joined, references: References, context: KubernetesContext): Workload {
  const { object } = placed;
  // A LimitRange sets the limits that a container leaves out.
  const limited = joined.hasLimitRange ? object.containers.map((fact) => `${podPointerOf(object)}/${fact.list}/${fact.name}/resources`) : [];
  const touched: Touched = new Set([...joined.touched, ...limited]);
  const convert = converter(placed.locate, touched);
  const at = placed.locate;
  const name = displayName(placed);
  const podPointer = podPointerOf(object);
  const containers = object.containers.map((fact, i) => convertOne(placed, fact, i, convert, podPointer, references, context));
  const main = containers.find((container) => container.kind === 'main') ?? containers[0];
  const role = roleOf(name, object, main, context);
  const isOneShot = isJob(object) || role === 'job';
  const isTool = role === 'tool' || role === 'emulator';
  const isServed = !isOneShot && !isTool && role !== 'exporter' && answersRequests(name, object.kind, containers, joined);
  // What a fix writes beside the object is changed by the overlays as the object is.
  const own = placed.origin?.type === 'workload' ? placed.origin : object;
  const spread = spreadOf(object, joined.touched, at);
  return {
    id: `kubernetes/${scopeOf(placed)}/${object.kind}/${name}`,
    name,
    format: 'kubernetes',
    kind: object.kind,
    scope: scopeOf(placed),
    at: at(object.nameSpan),
    block: at(object.kindSpan),
    resource: refOf(placed),
    role,
    environment: environmentOfPlaced(placed, context.environmentOf),
    isSingleHost: false,
    isServed,
    servedBy: joined.servedBy,
    isOneShot,
    isPerNode: object.kind === 'DaemonSet',
    ...(joined.isVariant ? { isVariant: true } : {}),
    isFragment: joined.isFragment,
    isSingleton: worksAlone(name, role, object, joined),
    isTiedToNode: object.usesHostNetwork || object.usesHostPort || containers.some((container) => container.mounts.some((mount) => holdsOneNode(mount.kind, mount.accessModes))),
    instances: instancesOf(object, convert),
    autoscalers: joined.autoscalers,
    spread: spread.setting,
    ...(spread.miss ? { spreadMiss: spread.miss } : {}),
    budgets: joined.budgets,
    restart: restartOf(object, convert, podPointer),
    rollout: rolloutOf(object, convert),
    gracePeriodMs: graceOf(object, convert, podPointer),
    stopSignal: { state: 'unknown', because: 'the image decides' },
    dependencies: [],
    containers,
    ...(object.isOwned ? { isOwned: true } : {}),
    ...(isHook(object) ? { isHook: true } : {}),
    priorityClass: convert(object.priorityClass, [`${podPointer}/priorityClassName`]),
    ...(object.job ? { job: jobOf(object.job, convert) } : {}),
    ...(joined.verticalScalers.length > 0 ? { verticalScalers: joined.verticalScalers } : {}),
    labels: own.podLabels.entries,
    ...(object.namespace === undefined ? {} : { namespace: object.namespace }),
    ...(own.selector && !own.selector.isOpen ? { replicasOfSelector: own.selector.labels } : {}),
    ...(object.isOff ? { isOff: true } : {}),
    ...(object.isComputed ? { hasComputedLabels: true } : {}),
  };
}

function podPointerOf(object: WorkloadObject): string {
  return object.kind === 'Pod' ? '/spec' : object.kind === 'CronJob' ? '/spec/jobTemplate/spec/template/spec' : '/spec/template/spec';
}

function convertOne(
  placed: Placed<WorkloadObject>, fact: WorkloadObject['containers'][number], index: number, convert: Convert, podPointer: string, references: References, context: KubernetesContext,
): Container {
  const { isInit, ...base } = convertContainer(placed, fact, convert, podPointer, references);
  const image = base.image.state === 'set' ? base.image.value : undefined;
  const known = image === undefined ? undefined : imageEntry(image, context.catalog);
  const role = imageRole(image, fact.name, context.catalog);
  const isOurs = image !== undefined && (!known || known.role === 'app');
  const imageFolder = image === undefined || (known && known.role !== 'app') ? undefined : codeFolderOf(image, context.images, context.code);
  // One image of several programs: the command tells which of them runs, also where the image has another name than the folder.
  const started = isOurs && base.command.state === 'set' ? startedFolders(imageFolder ?? '', base.command.value, context.code) : undefined;
  const folder = started?.size === 1 ? [...started][0] : imageFolder;
  const health = folder === undefined ? undefined : healthRoutesOf(folder, context.code);
  const build = imageFolder === undefined ? undefined : context.images.find((built) => built.file.startsWith(imageFolder === '' ? '' : `${imageFolder}/`));
  const isSidecar = fact.list === 'initContainers' ? !isInit : index > 0 && (isSidecarName(fact.name) || role === 'exporter');
  return {
    ...base,
    name: literalName(base.name),
    kind: isInit ? 'init' : isSidecar ? 'sidecar' : 'main',
    role,
    ...(known ? { knownImage: known } : {}),
    ...(health ? { health } : {}),
    ...(build ? { build } : {}),
  };
}

function roleOf(name: string, object: WorkloadObject, main: Container | undefined, context: KubernetesContext): WorkloadRole {
  const role = main?.role === 'app' || !main ? imageRole(main?.image.state === 'set' ? main.image.value : undefined, name, context.catalog) : main.role;
  const images = object.containers.flatMap((fact) => (fact.image.state === 'set' ? imageName(fact.image.value) : []));
  if (role === 'app' && [name, ...images].some(isLoadName)) return 'tool';
  if (role !== 'app') return role;
  // An image nobody knows: its name, its port, or volumes of its own for each member tell.
  const isStore = isStoreName(name) || (main?.ports.some((port) => isStorePort(name, port.number) && !isMonitoringPort(port.name)) ?? false);
  const hasOwnVolumes = object.kind === 'StatefulSet' && object.claimTemplates.length > 0 && !main?.health && !isBufferName(name);
  return isStore || hasOwnVolumes ? 'database' : role;
}

function isHook(object: WorkloadObject): boolean {
  const annotations = { ...object.annotations.entries, ...object.podAnnotations.entries };
  return 'helm.sh/hook' in annotations || 'argocd.argoproj.io/hook' in annotations;
}

/** Jobs, hooks, and Pods that are not started again. */
function isJob(object: WorkloadObject): boolean {
  if (object.kind === 'Job' || object.kind === 'CronJob') return true;
  if (isHook(object)) return true;
  return object.kind === 'Pod' && object.restartPolicy.state === 'set' && object.restartPolicy.value !== 'Always';
}

function answersRequests(name: string, kind: string, containers: readonly Container[], joined: Joined): boolean {
  if (joined.isExposed) return true;
  if (isWorkerName(name)) return false;
  if (joined.servedBy.length > 0) return true;
  // A bare Pod with a port is mostly a trial; a Service makes it more.
  if (kind === 'Pod') return false;
  return containers.some((container) => container.kind === 'main' && (container.ports.some((port) => !isMonitoringPort(port.name)) || container.readiness.state === 'set'));
}

/** What is reached from outside works in all its instances, but for a controller that has a hook there. */
function worksAlone(name: string, role: WorkloadRole, object: WorkloadObject, joined: Joined): boolean {
  if (isSingletonName(name)) return !joined.isExposed || !(role === 'proxy' || isGatewayName(name));
  return !joined.isExposed && object.containers.some((fact) => electsLeader(fact));
}

function electsLeader(fact: WorkloadObject['containers'][number]): boolean {
  const words = [fact.command, fact.arguments].flatMap((field) => (field.state === 'set' ? field.value : []));
  return words.some((word) => /^--?(?:enable-)?leader-elect(?:ion)?(?:$|=true)/.test(word)) || fact.environment.some((entry) => /^(?:ENABLE_)?LEADER_ELECT/.test(entry.name));
}

function holdsOneNode(kind: string, modes: readonly string[] | undefined): boolean {
  return kind === 'host' || (kind === 'claim' && modes !== undefined && modes.length > 0 && modes.every((mode) => mode === 'ReadWriteOnce' || mode === 'ReadWriteOncePod'));
}

function instancesOf(object: WorkloadObject, convert: Convert): Setting<number> {
  switch (object.kind) {
    case 'DaemonSet':
    case 'Job':
    case 'CronJob':
      return { state: 'absent' };
    case 'Pod':
      return { state: 'default', value: 1, source: 'a Pod is one instance' };
    case 'Service':
      return object.minScale.state === 'set' ? convert(object.minScale, ['/spec/template/metadata']) : { state: 'unknown', because: 'the platform scales it' };
    default:
      return convert(object.replicas, ['/spec/replicas'], { value: 1, source: 'Kubernetes' });
  }
}

function jobOf(job: JobFact, convert: Convert): NonNullable<Workload['job']> {
  return {
    schedule: convert(job.schedule, ['/spec/schedule']),
    concurrency: convert(job.concurrency, ['/spec/concurrencyPolicy'], { value: 'Allow', source: 'Kubernetes' }),
    startingDeadlineSeconds: convert(job.startingDeadlineSeconds, ['/spec/startingDeadlineSeconds']),
    deadlineSeconds: convert(job.deadlineSeconds, ['/spec']),
    backoffLimit: convert(job.backoffLimit, ['/spec'], { value: 6, source: 'Kubernetes' }),
    isSuspended: job.isSuspended,
  };
}

function restartOf(object: WorkloadObject, convert: Convert, podPointer: string): Workload['restart'] {
  const policy = convert(object.restartPolicy, [`${podPointer}/restartPolicy`], { value: 'Always', source: 'Kubernetes' });
  if (policy.state === 'absent' || policy.state === 'unknown') return policy;
  const value = policy.value === 'Never' ? 'no' : policy.value === 'OnFailure' ? 'on-failure' : 'always';
  return policy.state === 'set' ? { ...policy, value } : { ...policy, value };
}

function graceOf(object: WorkloadObject, convert: Convert, podPointer: string): Setting<number> {
  const seconds = convert(object.gracePeriodSeconds, [`${podPointer}/terminationGracePeriodSeconds`], { value: 30, source: 'Kubernetes' });
  return seconds.state === 'set' || seconds.state === 'default' ? { ...seconds, value: seconds.value * 1_000 } : seconds;
}

const ROLLING_KINDS = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'DeploymentConfig', 'Rollout', 'CloneSet']);

function rolloutOf(object: WorkloadObject, convert: Convert): Workload['rollout'] {
  if (!ROLLING_KINDS.has(object.kind)) return { strategy: { state: 'absent' }, maxUnavailable: { state: 'absent' }, maxSurge: { state: 'absent' }, rollsBack: { state: 'absent' } };
  const pointers = ['/spec/strategy', '/spec/updateStrategy'];
  const strategy = convert(object.strategy, pointers, { value: 'RollingUpdate', source: 'Kubernetes' });
  const isDeployment = object.kind === 'Deployment';
  const history = convert(object.revisionHistoryLimit, ['/spec/revisionHistoryLimit'], { value: 10, source: 'Kubernetes' });
  return {
    strategy: strategy.state === 'set' || strategy.state === 'default' ? { ...strategy, value: strategyOf(strategy.value) } : strategy,
    maxUnavailable: convert(object.maxUnavailable, pointers, isDeployment ? { value: '25%', source: 'Kubernetes' } : { value: 1, source: 'Kubernetes' }),
    maxSurge: convert(object.maxSurge, pointers, isDeployment ? { value: '25%', source: 'Kubernetes' } : { value: 0, source: 'Kubernetes' }),
    partition: convert(object.partition, pointers),
    rollsBack: history.state === 'set' || history.state === 'default' ? { ...history, value: history.value > 0 } : history,
  };
}

function strategyOf(word: string): 'rolling' | 'recreate' | 'on-delete' {
  if (/^Recreate$/i.test(word)) return 'recreate';
  return word === 'OnDelete' ? 'on-delete' : 'rolling';
}

function spreadOf(object: WorkloadObject, touched: Touched, at: (span: Span) => Location): { setting: Workload['spread']; miss?: Location } {
  const base = '/spec/template/spec';
  if (isTouched(touched, `${base}/affinity`) || isTouched(touched, `${base}/topologySpreadConstraints`)) return { setting: { state: 'unknown', because: 'an overlay changes it' } };
  const labels: Labels = object.podLabels;
  const terms = object.spread.terms.filter((term) => term.topologyKey !== '');
  const holding = terms.filter((term) => !term.excludesNamespace || term.form === 'constraint').filter((term) => matches(term.selector, labels) !== 'no');
  if (holding.length > 0) {
    const zone = holding.some((term) => /zone|region/.test(term.topologyKey));
    const host = holding.some((term) => /hostname/.test(term.topologyKey));
    const first = holding[0];
    return { setting: { state: 'set', value: zone && host ? 'both' : zone ? 'zone' : 'host', at: at(first?.span ?? object.nameSpan) } };
  }
  if (object.spread.isOpen || terms.length < object.spread.terms.length) return { setting: { state: 'unknown', because: 'it comes from template values' } };
  const miss = terms.find((term) => !term.excludesNamespace);
  if (terms.length > 0 && !miss) return { setting: { state: 'unknown', because: 'it names other namespaces' } };
  return { setting: { state: 'absent' }, ...(miss ? { miss: at(miss.span) } : {}) };
}
