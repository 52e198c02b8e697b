// Joins the facts of all Kubernetes manifests into the system model.

import type { AutoscalerObject, BudgetObject, ConfigObject, ClaimObject, DrillObject, IngressObject, KubernetesFacts, KubernetesObject, OtherObject, PoolObject, ServiceObject, VerticalScalerObject, WorkloadObject } from '../../artifacts/kubernetes/facts';
import type { CompiledCatalog } from '../../catalog';
import type { CodeProject } from '../../code/project';
import { convertAutoscaler, joinAutoscalers } from './autoscalers';
import { backupOf, keepsBackups } from './backups';
import { convertBudget, joinBudgets } from './budgets';
import { renderKustomizations } from '../../artifacts/kubernetes/rendering/render';
import { operatorWorkloads } from './operators';
import { proxiesOf } from './proxies';
import { joinRoutes } from './routes';
import { completenessOf, nearest, place, placeRendered, type Placed } from './scopes';
import { touchedIn } from './touched';
import { convertWorkload } from './workload';
import type { Drill, Environment, Image, SystemModel, Workload } from '../model';
import { matches } from './selectors';

/** What the join needs from outside the manifests. */
export interface KubernetesContext {
  readonly catalog: CompiledCatalog;
  readonly code: CodeProject;
  /** Dockerfiles of the workspace, for containers that run an image built here. */
  readonly images: readonly Image[];
  readonly environmentOf: (path: string) => Environment;
}

/** The part of the system model that manifests fill. */
export type KubernetesModel = Pick<SystemModel, 'workloads' | 'routes' | 'drills' | 'danglingAutoscalers' | 'danglingBudgets' | 'unknowns' | 'proxyRoutes' | 'upstreams'>;

/** Joins manifests by scope, namespace and labels. Cost: linear in the objects times the candidates that share a name or a label. */
export function workloadsFromKubernetes(facts: readonly KubernetesFacts[], context: KubernetesContext): KubernetesModel {
  const rendering = renderKustomizations(facts);
  const wholeOverlays = new Set(rendering.overlays.flatMap(({ folder, isComplete }) => (isComplete ? [folder] : [])));
  const placed = [...place(facts.filter((file) => !rendering.covered.has(file.path))), ...placeRendered(rendering)];
  const all = ofType<WorkloadObject>(placed, 'workload');
  // What lacks what every workload has is a part of one: a patch.
  const whole = all.filter(({ object }) => object.hasPodTemplate);
  const complete = completenessOf(placed, whole, (overlay) => wholeOverlays.has(overlay));
  const services = ofType<ServiceObject>(placed, 'service');
  const ingresses = ofType<IngressObject>(placed, 'ingress');
  const routes = joinRoutes(services, ingresses, whole, complete);
  const autoscalers = joinAutoscalers(ofType<AutoscalerObject>(placed, 'autoscaler'), all, complete);
  const budgets = joinBudgets(ofType<BudgetObject>(placed, 'budget'), whole, complete);
  const limitRanges = placed.filter(({ object }) => object.kind === 'LimitRange');
  const references = { claims: ofType<ClaimObject>(placed, 'claim'), configs: ofType<ConfigObject>(placed, 'config') };

  const pools = ofType<PoolObject>(placed, 'pool').filter(({ object }) => object.subsets.length > 1);
  const verticals = ofType<VerticalScalerObject>(placed, 'vertical-scaler');
  const ids = new Map<Placed<WorkloadObject>, string>();
  const used = new Map<string, number>();
  const made = whole.map((one) => {
    const served = routes.servedBy.get(one);
    return convertWorkload(one, {
      autoscalers: (autoscalers.byWorkload.get(one) ?? []).map(({ scaler, isAssumed }) => convertAutoscaler(scaler, isAssumed)),
      budgets: (budgets.byWorkload.get(one) ?? []).map(({ budget, isAssumed }) => convertBudget(budget, isAssumed)),
      verticalScalers: nearest(one, verticals.filter(({ object }) => object.target?.kind === one.object.kind && object.target.name === one.object.name && changesRunning(object))).map(({ object, locate }) => ({ name: object.name, at: locate(object.nameSpan) })),
      servedBy: served?.evidence ?? [],
      isExposed: served?.isExposed ?? false,
      isVariant: nearest(one, pools).some(({ object }) => isVariantOf(one.object, object)),
      touched: touchedIn(one),
      hasLimitRange: nearest(one, limitRanges).length > 0,
      isFragment: false,
    }, references, context);
  });
  const isKept = keepsBackups(placed);
  const kept = withoutRepeats(whole, made);
  kept.forEach((workload, index) => {
    // Copies of one name in one scope (several files of a folder) keep ids apart.
    const count = used.get(workload.id) ?? 0;
    used.set(workload.id, count + 1);
    const placedOne = whole[index];
    if (placedOne) ids.set(placedOne, count === 0 ? workload.id : `${workload.id}#${count + 1}`);
  });
  const workloads = whole.flatMap((one, index) => {
    const workload = kept.get(index);
    const backup = workload && backupOf(workload, isKept);
    return workload ? [{ ...workload, id: ids.get(one) ?? workload.id, ...(backup ? { backup } : {}) }] : [];
  });
  const operated = operatorWorkloads(ofType<OtherObject>(placed, 'other'), context);
  return {
    workloads: [...workloads, ...operated],
    routes: routes.make((one) => ids.get(one)),
    drills: ofType<DrillObject>(placed, 'drill').map((drill) => convertDrill(drill, whole)),
    danglingAutoscalers: autoscalers.dangling.map((scaler) => convertAutoscaler(scaler, false)),
    danglingBudgets: budgets.dangling.map((budget) => convertBudget(budget, false)),
    unknowns: workloads.flatMap(unknownsOf),
    ...proxiesOf(ingresses, ofType<PoolObject>(placed, 'pool'), context.environmentOf),
  };
}

/**
 * One base is rendered by several overlays. Those for development count only where no other one is, and of those that say the same the first stands for all.
 * Keys are indexes of `whole`.
 */
function withoutRepeats(whole: readonly Placed<WorkloadObject>[], made: readonly Workload[]): ReadonlyMap<number, Workload> {
  const variants = new Map<KubernetesObject, number[]>();
  whole.forEach(({ origin, object }, index) => variants.set(origin ?? object, [...(variants.get(origin ?? object) ?? []), index]));
  const kept = new Map<number, Workload>();
  for (const indexes of variants.values()) {
    const all = indexes.flatMap((index) => (made[index] ? [{ index, workload: made[index] }] : []));
    const deployed = all.filter(({ workload }) => workload.environment !== 'development' && workload.environment !== 'test');
    const seen = new Set<string>();
    for (const { index, workload } of deployed.length > 0 ? deployed : all) {
      const { id: _id, scope: _scope, namespace: _namespace, ...rest } = workload;
      const text = all.length === 1 ? '' : JSON.stringify(rest);
      if (!seen.has(text)) kept.set(index, workload);
      seen.add(text);
    }
  }
  return new Map([...kept].sort(([a], [b]) => a - b));
}

function ofType<T extends KubernetesObject>(placed: readonly Placed[], type: T['type']): Placed<T>[] {
  return placed.filter((one): one is Placed<T> => one.object.type === type);
}

/** `Off` only recommends, `Initial` waits for the next start. */
function changesRunning({ mode, isConditional }: VerticalScalerObject): boolean {
  return !isConditional && (mode.state === 'absent' || (mode.state === 'set' && /^(?:Auto|Recreate|InPlaceOrRecreate)$/.test(mode.value)));
}

/** Its labels are those of one version of the pool. */
function isVariantOf({ podLabels }: WorkloadObject, { subsets }: PoolObject): boolean {
  return subsets.some(({ entries, isOpen }) => !isOpen && Object.keys(entries).length > 0 && Object.entries(entries).every(([key, value]) => podLabels.entries[key] === value));
}

function convertDrill({ object, locate }: Placed<DrillObject>, workloads: readonly Placed<WorkloadObject>[]): Drill {
  const matched = workloads.filter((workload) => matches(object.selector, workload.object.podLabels) === 'yes').map((workload) => workload.object.name);
  return { at: locate(object.kindSpan), kind: object.kind, targets: [...new Set([...object.targets, ...matched])] };
}

/** Values that rules ask about and that cannot be known. */
function unknownsOf(workload: Workload): SystemModel['unknowns'][number][] {
  const found: SystemModel['unknowns'][number][] = [];
  if (workload.instances.state === 'unknown') found.push({ at: workload.at, because: `instances: ${workload.instances.because}` });
  for (const container of workload.containers) {
    for (const [name, setting] of [['image', container.image], ['readiness probe', container.readiness], ['liveness probe', container.liveness], ['memory limit', container.memoryLimit]] as const) {
      if (setting.state === 'unknown') found.push({ at: container.at, because: `${name}: ${setting.because}` });
    }
  }
  return found;
}
