// Joins the facts of all Kubernetes manifests into the system model.

import type { AutoscalerObject, BudgetObject, ConfigObject, ClaimObject, DrillObject, IngressObject, KubernetesFacts, KubernetesObject, ServiceObject, WorkloadObject } from '../artifacts/kubernetes/facts';
import type { CompiledCatalog } from '../catalog';
import type { CodeProject } from '../code/project';
import { convertAutoscaler, joinAutoscalers } from './kubernetes-autoscalers';
import { convertBudget, joinBudgets } from './kubernetes-budgets';
import { isFragment, readPatches } from './kubernetes-patches';
import { joinRoutes } from './kubernetes-routes';
import { completenessOf, nearest, place, type Placed } from './kubernetes-scopes';
import { convertWorkload } from './kubernetes-workload';
import type { Drill, Environment, Image, SystemModel, Workload } from './model';
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
export type KubernetesModel = Pick<SystemModel, 'workloads' | 'routes' | 'drills' | 'danglingAutoscalers' | 'danglingBudgets' | 'unknowns'>;

/** Joins manifests by scope, namespace and labels. Cost: linear in the objects times the candidates that share a name or a label. */
export function workloadsFromKubernetes(facts: readonly KubernetesFacts[], context: KubernetesContext): KubernetesModel {
  const placed = place(facts);
  const patches = readPatches(facts);
  const all = ofType<WorkloadObject>(placed, 'workload');
  const whole = all.filter(({ object, file }) => !isFragment(object, file.path, patches));
  const complete = completenessOf(placed, whole, (path) => patches.renames(path));
  const services = ofType<ServiceObject>(placed, 'service').filter(({ file }) => !patches.isPatch(file.path));
  const routes = joinRoutes(services, ofType<IngressObject>(placed, 'ingress'), whole, complete);
  const autoscalers = joinAutoscalers(ofType<AutoscalerObject>(placed, 'autoscaler').filter(({ file }) => !patches.isPatch(file.path)), all, complete);
  const budgets = joinBudgets(ofType<BudgetObject>(placed, 'budget').filter(({ file }) => !patches.isPatch(file.path)), whole, complete);
  const limitRanges = placed.filter(({ object }) => object.kind === 'LimitRange');
  const references = { claims: ofType<ClaimObject>(placed, 'claim'), configs: ofType<ConfigObject>(placed, 'config') };

  const ids = new Map<Placed<WorkloadObject>, string>();
  const used = new Map<string, number>();
  const workloads = whole.map((one) => {
    const touched = patches.touched(one.file.path, one.object.kind, one.object.name);
    const served = routes.servedBy.get(one);
    const made = convertWorkload(one, {
      autoscalers: (autoscalers.byWorkload.get(one) ?? []).map(({ scaler, isAssumed }) => convertAutoscaler(scaler, patches, isAssumed)),
      budgets: (budgets.byWorkload.get(one) ?? []).map(({ budget, isAssumed }) => convertBudget(budget, patches, isAssumed)),
      servedBy: served?.evidence ?? [],
      isExposed: served?.isExposed ?? false,
      touched,
      hasLimitRange: nearest(one, limitRanges).length > 0,
      isFragment: false,
    }, references, context);
    // Copies of one name in one scope (several files of a folder) keep ids apart.
    const count = used.get(made.id) ?? 0;
    used.set(made.id, count + 1);
    const workload: Workload = count === 0 ? made : { ...made, id: `${made.id}#${count + 1}` };
    ids.set(one, workload.id);
    return workload;
  });
  return {
    workloads,
    routes: routes.make((one) => ids.get(one)),
    drills: ofType<DrillObject>(placed, 'drill').map((drill) => convertDrill(drill, whole)),
    danglingAutoscalers: autoscalers.dangling.map((scaler) => convertAutoscaler(scaler, patches, false)),
    danglingBudgets: budgets.dangling.map((budget) => convertBudget(budget, patches, false)),
    unknowns: workloads.flatMap(unknownsOf),
  };
}

function ofType<T extends KubernetesObject>(placed: readonly Placed[], type: T['type']): Placed<T>[] {
  return placed.filter((one): one is Placed<T> => one.object.type === type);
}

function convertDrill({ object, file }: Placed<DrillObject>, workloads: readonly Placed<WorkloadObject>[]): Drill {
  const matched = workloads.filter((workload) => matches(object.selector, workload.object.podLabels) === 'yes').map((workload) => workload.object.name);
  return { at: { file: file.path, span: object.kindSpan }, kind: object.kind, targets: [...new Set([...object.targets, ...matched])] };
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
