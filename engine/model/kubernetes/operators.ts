// Stores that operators run, made from their resources by what the catalogue knows of their kinds: how many members, and whether backups are kept.

import type { OperatorEntry } from '../../../catalog/operator-schema';
import type { OtherObject } from '../../artifacts/kubernetes/facts';
import type { KubernetesContext } from './link';
import { environmentOfPlaced } from './environment';
import { nearest, refOf, scopeOf, type Placed } from './scopes';
import type { Setting, Workload } from '../model';

/** One workload for each resource of a known kind. Linear in the resources times the kinds of backups. */
export function operatorWorkloads(others: readonly Placed<OtherObject>[], context: KubernetesContext): Workload[] {
  return others.flatMap((placed) => {
    const entry = context.catalog.operator(placed.object.group, placed.object.kind);
    return entry && !placed.object.isConditional ? [workloadOf(placed, entry, others, context)] : [];
  });
}

function workloadOf(placed: Placed<OtherObject>, entry: OperatorEntry, others: readonly Placed<OtherObject>[], context: KubernetesContext): Workload {
  const { object, locate } = placed;
  const absent = { state: 'absent' } as const;
  const operators = { state: 'unknown', because: 'its operator decides it' } as const;
  const name = placed.origin?.name ?? object.name;
  return {
    id: `kubernetes/${scopeOf(placed)}/${object.kind}/${name}`,
    name,
    format: 'kubernetes',
    kind: object.kind,
    scope: scopeOf(placed),
    at: locate(object.nameSpan),
    block: locate(object.kindSpan),
    resource: refOf(placed),
    role: entry.role,
    environment: environmentOfPlaced(placed, context.environmentOf),
    isSingleHost: false,
    isServed: true,
    servedBy: [],
    isOneShot: false,
    isPerNode: false,
    isFragment: false,
    isSingleton: false,
    isRunByOperator: true,
    ...(entry.needsQuorum ? { needsQuorum: true } : {}),
    instances: placed.isOpaque ? operators : instancesOf(placed, entry),
    autoscalers: [],
    spread: operators,
    budgets: [],
    restart: operators,
    rollout: { strategy: operators, maxUnavailable: operators, maxSurge: operators, rollsBack: operators },
    gracePeriodMs: operators,
    stopSignal: operators,
    dependencies: [],
    containers: [],
    labels: {},
    ...(object.namespace === undefined ? {} : { namespace: object.namespace }),
    priorityClass: operators,
    backup: placed.isOpaque ? operators : hasBackup(placed, entry, others) ? { state: 'set', value: true, at: locate(object.nameSpan) } : entry.backup || entry.backupKinds ? absent : operators,
  };
}

/** Numbers of all places that the entry names, added; the place of the first one. */
function instancesOf({ object, locate }: Placed<OtherObject>, entry: OperatorEntry): Setting<number> {
  if (entry.instances === undefined) return { state: 'default', value: 1, source: entry.title };
  const found = (object.settings ?? []).filter((setting) => setting.path === entry.instances);
  const [first] = found;
  if (!first) return entry.byDefault === undefined ? { state: 'unknown', because: 'its operator decides it' } : { state: 'default', value: entry.byDefault, source: entry.title };
  const numbers = found.map((setting) => (/^\d{1,6}$/.test(setting.text) ? Number(setting.text) : Number.NaN));
  const sum = numbers.reduce((total, number) => total + number, 0);
  return Number.isNaN(sum) ? { state: 'unknown', because: 'it is no number' } : { state: 'set', value: sum, at: locate(first.span) };
}

function hasBackup(placed: Placed<OtherObject>, entry: OperatorEntry, others: readonly Placed<OtherObject>[]): boolean {
  const isWritten = (entry.backup ?? []).some((path) => (placed.object.settings ?? []).some((setting) => (setting.path === path || setting.path.startsWith(`${path}.`) || setting.path.startsWith(`${path}[`)) && setting.text !== 'false'));
  return isWritten || nearest(placed, others.filter(({ object }) => object.group === entry.group && entry.backupKinds?.includes(object.kind) === true)).length > 0;
}
