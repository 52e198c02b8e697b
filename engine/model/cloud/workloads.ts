// Container services and groups of machines as workloads: who serves them, how many there are, what scales them and how a new version comes in.

import type { CompiledCatalog } from '../../catalog';
import { containersOf } from './containers';
import type { CloudView } from './fields';
import type { CloudIndex } from './resource-index';
import { imageRole, isAuxiliary } from '../images/known-images';
import type { Autoscaler, Evidence, Setting, Workload } from '../model';
import { isLoadName, isWorkerName } from '../workload-names';

const ABSENT: Setting<never> = { state: 'absent' };
const UNKNOWN: Setting<never> = { state: 'unknown', because: 'it is not written here' };

/** Workloads of all services and groups. Linear in them, times the target groups that may name them. */
export function workloadsOf(index: CloudIndex, catalog: CompiledCatalog): Workload[] {
  const scalers = scalersByTarget(index);
  return index.ofKind('container-service', 'instance-group').flatMap((view) => workloadOf(view, index, catalog, scalers) ?? []);
}

/** Autoscalers by the end of a written target (`service/main/web` -> `web`), and those whose target may be any service of their scope. */
interface Scalers {
  readonly byText: ReadonlyMap<string, readonly CloudView[]>;
  readonly openByScope: ReadonlyMap<string, readonly CloudView[]>;
}

function scalersByTarget(index: CloudIndex): Scalers {
  const byText = new Map<string, CloudView[]>();
  const openByScope = new Map<string, CloudView[]>();
  const add = (map: Map<string, CloudView[]>, key: string, view: CloudView): void => void map.set(key, [...(map.get(key) ?? []), view]);
  for (const view of index.ofKind('autoscaler')) {
    const target = index.word(view, 'target');
    const { ids } = index.named(view, 'target');
    const kinds = ids.map((id) => index.view(id)?.concept.entry.kind);
    if (target.state === 'set') add(byText, target.value.slice(target.value.lastIndexOf('/') + 1), view);
    // A text that is put together may name any service of what is deployed together.
    else if (!kinds.includes('container-service') && !kinds.includes('key-value')) add(openByScope, view.resource.scope, view);
  }
  return { byText, openByScope };
}

function workloadOf(view: CloudView, index: CloudIndex, catalog: CompiledCatalog, scalers: Scalers): Workload | undefined {
  const thing = index.thing(view);
  const isGroup = view.concept.entry.kind === 'instance-group';
  const servedBy = evidenceOf(view, index);
  const containers = isGroup ? [] : containersOf(view, index, catalog);
  const image = containers.find((container) => container.kind === 'main')?.image;
  const role = imageRole(image?.state === 'set' ? image.value : undefined, thing.name, catalog);
  const isServed = servedBy.length > 0 && !isAuxiliary(role);
  return {
    id: `cloud/${view.id}`,
    name: thing.name,
    format: thing.format,
    kind: thing.title,
    scope: thing.scope,
    at: thing.at,
    block: thing.block,
    resource: thing.resource,
    role,
    environment: thing.environment,
    isSingleHost: false,
    isServed,
    servedBy,
    isOneShot: false,
    isPerNode: isDaemon(view, index),
    isFragment: false,
    isSingleton: !isServed && (isWorkerName(thing.name) || isLoadName(thing.name)),
    instances: isGroup ? UNKNOWN : unlessScaled(index.amount(view, 'instances')),
    autoscalers: isGroup ? groupScalers(view, index, isServed) : scalersOf(view, index, scalers),
    spread: ABSENT,
    budgets: [],
    restart: { state: 'default', value: 'always', source: thing.title },
    rollout: rolloutOf(view, index),
    gracePeriodMs: UNKNOWN,
    stopSignal: ABSENT,
    dependencies: [],
    containers,
    labels: {},
    cloud: thing,
  };
}

/** A count of 0 is a service that is parked, or one that a deployment starts. */
function unlessScaled(count: Setting<number>): Setting<number> {
  return count.state === 'absent' ? UNKNOWN : count;
}

function isDaemon(view: CloudView, index: CloudIndex): boolean {
  const strategy = index.word(view, 'strategy');
  const daemon = index.flag(view, 'daemon');
  return strategy.state === 'unknown' || (strategy.state === 'set' && strategy.value.toUpperCase() === 'DAEMON') || daemon.state === 'unknown' || (daemon.state === 'set' && daemon.value);
}

/** What sends requests to it: the balancer that it names, or a target group that names it. */
function evidenceOf(view: CloudView, index: CloudIndex): Evidence[] {
  const { traits } = view.concept;
  if (traits.has('pattern')) return [{ at: view.at, text: 'with a load balancer of its own' }];
  const balanced = index.flag(view, 'balanced');
  const groups = [...index.named(view, 'targetGroups').ids, ...attachments(view, index)].flatMap((id) => index.view(id) ?? []);
  const naming = index.mentioning(view.id).filter((other) => ['target-group', 'listener', 'load-balancer'].includes(other.concept.entry.kind));
  const found = [...groups, ...naming].map((group): Evidence => ({ at: group.at, text: `behind ${group.concept.entry.title} ${index.thing(group).name}` }));
  if (found.length > 0) return found.slice(0, 3);
  const hosts = index.flag(view, 'hosts');
  if (hosts.state === 'set' && hosts.value) return [{ at: hosts.at, text: 'the machines of a cluster' }];
  return balanced.state === 'set' && balanced.value ? [{ at: balanced.at, text: 'behind a balancer' }] : [];
}

/** Balancers that an attachment joins it with. */
function attachments(view: CloudView, index: CloudIndex): string[] {
  return index.naming(view.id, 'attachment', 'group').flatMap((attachment) => [...index.named(attachment, 'targetGroups').ids]);
}

function rolloutOf(view: CloudView, index: CloudIndex): Workload['rollout'] {
  const controller = index.word(view, 'controller');
  const isOwn = controller.state === 'absent' || (controller.state !== 'unknown' && /(?:^|\.)ECS$/.test(controller.value));
  const rollsBack = 'breaker' in view.concept.fields && isOwn ? rollbackOf(view, index) : UNKNOWN;
  return { strategy: isOwn ? { state: 'default', value: 'rolling', source: view.concept.entry.title } : UNKNOWN, maxUnavailable: ABSENT, maxSurge: ABSENT, rollsBack, minHealthyPercent: isOwn ? index.amount(view, 'minHealthy') : UNKNOWN };
}

/** By the circuit breaker, or by alarms. */
function rollbackOf(view: CloudView, index: CloudIndex): Setting<boolean> {
  const [breaker, rollback, alarms] = ['breaker', 'rollback', 'alarms'].map((field) => index.flag(view, field));
  if (!breaker || !rollback || !alarms) return UNKNOWN;
  if (alarms.state === 'unknown' || (alarms.state === 'set' && alarms.value)) return alarms;
  if (breaker.state === 'unknown' || rollback.state === 'unknown') return UNKNOWN;
  if (breaker.state === 'absent' || rollback.state === 'absent') return ABSENT;
  return breaker.value ? rollback : breaker;
}

/** Its own scaling, and targets that name it or its name. */
function scalersOf(view: CloudView, index: CloudIndex, scalers: Scalers): Autoscaler[] {
  const own = index.flag(view, 'scales');
  if ((own.state === 'set' || own.state === 'default') && own.value) return [scaler(view, index, 'scalerMin', 'scalerMax')];
  if (own.state === 'unknown') return [{ ...scaler(view, index, 'scalerMin', 'scalerMax'), isAssumed: true }];
  const name = index.word(view, 'identifier');
  const named = new Set([...index.naming(view.id, 'autoscaler', 'target'), ...(name.state === 'set' ? (scalers.byText.get(name.value) ?? []) : [])]);
  const possible = (scalers.openByScope.get(view.resource.scope) ?? []).filter((one) => !named.has(one));
  return [...[...named].map((one) => scaler(one, index, 'min', 'max')), ...possible.map((one) => ({ ...scaler(one, index, 'min', 'max'), isAssumed: true }))];
}

function scaler(view: CloudView, index: CloudIndex, minimum: string, maximum: string): Autoscaler {
  const thing = index.thing(view);
  return { name: thing.name, kind: thing.title, at: thing.at, resource: thing.resource, min: index.amount(view, minimum), max: index.amount(view, maximum), utilisation: [], cloud: thing, ...(view.resource.isConditional ? { isAssumed: true } : {}) };
}

/** A group keeps its own size; one machine that nothing balances is replaced when it is lost, which is all that it is for. */
function groupScalers(view: CloudView, index: CloudIndex, isServed: boolean): Autoscaler[] {
  const own = scaler(view, index, 'min', 'max');
  const isSingle = (own.max.state === 'set' || own.max.state === 'default') && own.max.value === 1;
  // What a schedule resizes has room, whatever its first numbers are.
  const isScheduled = index.mentionedBy(view.id).some((type) => /autoscaling_?schedule|::ScheduledAction|autoscaling\.Schedule/i.test(type));
  return (isSingle && !isServed) || isScheduled ? [{ ...own, isAssumed: true }] : [own];
}
