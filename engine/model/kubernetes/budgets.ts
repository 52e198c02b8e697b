// Joins disruption budgets with the workloads whose instances they select.

import type { BudgetObject, WorkloadObject } from '../../artifacts/kubernetes/facts';
import { converter } from './container';
import { touchedIn } from './touched';
import { nearest, refOf, sharesNamespace, type Completeness, type Placed } from './scopes';
import type { DisruptionBudget } from '../model';
import { matches } from './selectors';

export interface JoinedBudgets {
  readonly byWorkload: ReadonlyMap<Placed<WorkloadObject>, readonly { readonly budget: Placed<BudgetObject>; readonly isAssumed: boolean }[]>;
  /** They select nothing anywhere, in a scope that was read completely. */
  readonly dangling: readonly Placed<BudgetObject>[];
}

/** Joins each budget with the nearest workloads that it selects, or may select. */
export function joinBudgets(budgets: readonly Placed<BudgetObject>[], workloads: readonly Placed<WorkloadObject>[], complete: Completeness): JoinedBudgets {
  const joined = new Map<Placed<WorkloadObject>, { budget: Placed<BudgetObject>; isAssumed: boolean }[]>();
  const dangling: Placed<BudgetObject>[] = [];
  for (const budget of budgets) {
    const { selector } = budget.object;
    const candidates = workloads.filter((workload) => sharesNamespace(budget.object.namespace, workload.object.namespace) && matches(selector, workload.object.podLabels) !== 'no');
    for (const workload of nearest(budget, candidates)) {
      const isAssumed = budget.object.isConditional || matches(selector, workload.object.podLabels) === 'unknown';
      joined.set(workload, [...(joined.get(workload) ?? []), { budget, isAssumed }]);
    }
    const isLiteral = selector !== undefined && !selector.isOpen && Object.keys(selector.labels).length + selector.expressions.length > 0;
    if (candidates.length === 0 && isLiteral && complete(budget)) dangling.push(budget);
  }
  return { byWorkload: joined, dangling };
}

/** The model's words for a budget. */
export function convertBudget(placed: Placed<BudgetObject>, isAssumed: boolean): DisruptionBudget {
  const { object, locate } = placed;
  const convert = converter(locate, touchedIn(placed));
  return {
    name: object.name,
    at: locate(object.nameSpan),
    resource: refOf(placed),
    minAvailable: convert(object.minAvailable, ['/spec/minAvailable']),
    maxUnavailable: convert(object.maxUnavailable, ['/spec/maxUnavailable']),
    unhealthyEviction: convert(object.unhealthyEviction, ['/spec/unhealthyPodEvictionPolicy'], { value: 'IfHealthyBudget', source: 'Kubernetes' }),
    ...(isAssumed ? { isAssumed } : {}),
  };
}
