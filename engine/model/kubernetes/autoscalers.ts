// Joins autoscalers with what they scale, by kind and name of the nearest workload.

import type { AutoscalerObject, WorkloadObject } from '../../artifacts/kubernetes/facts';
import { converter } from './container';
import { touchedIn } from './touched';
import { nearest, refOf, type Completeness, type Placed } from './scopes';
import type { Autoscaler } from '../model';

export interface JoinedAutoscalers {
  readonly byWorkload: ReadonlyMap<Placed<WorkloadObject>, readonly { readonly scaler: Placed<AutoscalerObject>; readonly isAssumed: boolean }[]>;
  /** Their target exists nowhere, in a scope that was read completely. */
  readonly dangling: readonly Placed<AutoscalerObject>[];
}

/** Joins each autoscaler with the workloads it may scale. In a chart an unreadable target counts for every workload there. */
export function joinAutoscalers(scalers: readonly Placed<AutoscalerObject>[], workloads: readonly Placed<WorkloadObject>[], complete: Completeness): JoinedAutoscalers {
  const byName = new Map<string, Placed<WorkloadObject>[]>();
  for (const workload of workloads) {
    const key = `${workload.object.kind}/${workload.object.name}`;
    byName.set(key, [...(byName.get(key) ?? []), workload]);
  }
  const joined = new Map<Placed<WorkloadObject>, { scaler: Placed<AutoscalerObject>; isAssumed: boolean }[]>();
  const add = (workload: Placed<WorkloadObject>, scaler: Placed<AutoscalerObject>, isAssumed: boolean): void => {
    joined.set(workload, [...(joined.get(workload) ?? []), { scaler, isAssumed }]);
  };
  const lost: Placed<AutoscalerObject>[] = [];
  /** Folders whose autoscalers find what they scale, so that one that does not is an exception. */
  const working = new Set<string>();
  for (const scaler of scalers) {
    const { target } = scaler.object;
    const named = target ? (byName.get(`${target.kind}/${target.name}`) ?? []) : [];
    for (const workload of nearest(scaler, named)) add(workload, scaler, scaler.object.isConditional);
    if (named.length > 0) working.add(scaler.folder.join('/'));
    if (named.length > 0) continue;
    if (scaler.chart !== undefined) {
      if (!target || target.name.includes('{{')) for (const workload of workloads) if (workload.chart === scaler.chart) add(workload, scaler, true);
      continue;
    }
    if (target && SCALED_KINDS.has(target.kind)) lost.push(scaler);
  }
  const dangling = lost.filter((scaler) => complete(scaler) || (working.has(scaler.folder.join('/')) && !scaler.file.hasErrors && !scaler.file.isTemplate));
  return { byWorkload: joined, dangling };
}

const SCALED_KINDS = new Set(['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController', 'Rollout', 'DeploymentConfig']);

/** The model's words for an autoscaler, with the defaults of its kind. */
export function convertAutoscaler(placed: Placed<AutoscalerObject>, isAssumed: boolean): Autoscaler {
  const { object, locate } = placed;
  const convert = converter(locate, touchedIn(placed));
  const isKeda = object.kind === 'ScaledObject';
  return {
    name: object.name,
    kind: object.kind,
    at: locate(object.nameSpan),
    resource: refOf(placed),
    min: convert(object.min, ['/spec/minReplicas', '/spec/minReplicaCount'], { value: isKeda ? 0 : 1, source: isKeda ? 'KEDA' : 'Kubernetes' }),
    max: convert(object.max, ['/spec/maxReplicas', '/spec/maxReplicaCount'], isKeda ? { value: 100, source: 'KEDA' } : undefined),
    utilisation: object.utilisation,
    utilisationAt: object.metricSpans.map(locate),
    ...(object.target ? { target: { kind: object.target.kind, name: object.target.name, at: locate(object.target.span) } } : {}),
    ...(isAssumed ? { isAssumed } : {}),
    ...(object.isOff ? { isOff: true } : {}),
  };
}
