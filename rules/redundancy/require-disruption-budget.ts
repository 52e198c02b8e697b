// A drain asks a disruption budget how many instances it may stop at once. Without one it stops all; a wrong one stops the drain.

import type { Fix } from '../../engine/lint/fix';
import { defineRule, type Report } from '../../engine/lint/rule';
import type { DisruptionBudget, Workload } from '../../engine/model/model';
import { intend, isRequestServer, isSubject, isWanted, keepsData, isOnKubernetes, leastInstances, selectingLabels, settled, severityFor, subjectOf } from '../../engine/model/questions';
import { autoscaler, budget, documents, manifest, service, spread } from '../example-manifests';

type Messages = 'missing' | 'blocks' | 'overlap' | 'nothing' | 'unhealthy';

const OPTIONS = { unhealthyPods: { type: 'boolean', default: false, describe: 'Also reports budgets that keep instances which are not ready from being evicted.' } } as const;

export const requireDisruptionBudget = defineRule<Messages, typeof OPTIONS>({
  id: 'redundancy/require-disruption-budget',
  since: '0.1.0',
  severity: 'warning',
  reads: 'infrastructure',
  fault: 'lost',
  options: OPTIONS,
  messages: {
    missing: 'A drain can stop all {count} instances of `{workload}` together: it has no disruption budget.',
    blocks: { text: 'No node can be drained: {because}.', severity: 'error' },
    overlap: { text: 'No instance of `{workload}` can be evicted: budgets `{first}` and `{second}` both select it.', severity: 'error' },
    unhealthy: { text: 'An instance of `{workload}` that never gets ready blocks each drain: budget `{budget}` also counts it.', severity: 'advice' },
    nothing: { text: 'Budget `{budget}` protects nothing: its selector matches no workload.', severity: 'info' },
  },
  docs: {
    what: 'Reports several instances without a disruption budget, and budgets that block every drain, overlap or match nothing.',
    why: 'Node upgrades and scale-downs evict instances. Only a budget makes them go one after another; one that allows none stops the upgrade of the whole cluster.',
    fix: 'Add a budget with `maxUnavailable: 1`, or replace the minimum that equals the number of instances.',
    not: 'One instance, one instance on each node, jobs, workers that nobody calls, and a budget that a template or an overlay may bring.',
    references: ['https://kubernetes.io/docs/tasks/run-application/configure-pdb/'],
  },
  check({ system, options, report }) {
    const blocking = new Set<string>();
    for (const workload of system.workloads) {
      if (!isSubject(workload) || !isOnKubernetes(workload)) continue;
      const count = leastInstances(workload);
      for (const candidate of workload.budgets) {
        const key = `${candidate.resource.file} ${candidate.resource.document} ${candidate.resource.path.join('/')}`;
        const found = blocking.has(key) ? undefined : blocks(workload, candidate, count) ?? (options(candidate.at.file).unhealthyPods ? countsUnhealthy(workload, candidate) : undefined);
        if (!found) continue;
        blocking.add(key);
        report(found);
      }
      const certain = workload.budgets.filter((candidate) => !candidate.isAssumed);
      const [first, second] = certain;
      if (first && second) {
        report({ at: second.at, message: 'overlap', data: { workload: workload.name, first: first.name, second: second.name }, related: [{ at: first.at, text: 'the other budget' }, { at: workload.at, text: 'selected by both' }], subject: subjectOf(workload) });
      }
      if (!isWanted(workload) || workload.budgets.length > 0 || workload.isRunByOperator || count === undefined || count < 2 || workload.isPerNode) continue;
      if (!(workload.isServed && isRequestServer(workload.role)) && !keepsData(workload)) continue;
      report({
        at: workload.at,
        message: 'missing',
        data: { workload: workload.name, count },
        related: workload.servedBy.slice(0, 1),
        fixes: addBudget(workload),
        subject: subjectOf(workload),
        severity: severityFor(workload, 'warning'),
      });
    }
    for (const { name, at } of system.danglingBudgets) report({ at, message: 'nothing', data: { budget: name }, subject: `PodDisruptionBudget/${name}` });
  },
  examples: {
    bad: [
      {
        name: 'three instances without a budget',
        files: { 'k8s/orders.yaml': manifest('«orders»', { spec: '  replicas: 3', pod: spread('orders') }) },
        expect: 'missing',
        fixed: { 'k8s/orders.yaml': documents(manifest('orders', { spec: '  replicas: 3', pod: spread('orders') }), budget('orders')) },
      },
      {
        name: 'the budget of another workload',
        files: { 'k8s/orders.yaml': documents(manifest('«orders»', { spec: '  replicas: 2' }), manifest('billing', { spec: '  replicas: 2' }), budget('billing')) },
        expect: 'missing',
      },
      {
        name: 'a minimum of all instances',
        files: { 'k8s/orders.yaml': documents(manifest('orders', { spec: '  replicas: 3', pod: spread('orders') }), budget('orders', '  «minAvailable: 3»\n')) },
        expect: 'blocks',
        fixed: { 'k8s/orders.yaml': documents(manifest('orders', { spec: '  replicas: 3', pod: spread('orders') }), budget('orders', '  maxUnavailable: 1\n')) },
      },
      {
        name: 'none may be unavailable',
        files: { 'k8s/orders.yaml': documents(manifest('orders', { spec: '  replicas: 3' }), budget('orders', '  «maxUnavailable: 0»\n')) },
        expect: 'blocks',
        fixed: { 'k8s/orders.yaml': documents(manifest('orders', { spec: '  replicas: 3' }), budget('orders', '  maxUnavailable: 1\n')) },
      },
      {
        name: 'a share that rounds up to all of what the autoscaler keeps',
        files: { 'k8s/orders.yaml': documents(manifest('orders'), autoscaler('orders', '  minReplicas: 2\n'), budget('orders', '  «minAvailable: 60%»\n')) },
        expect: 'blocks',
      },
      {
        name: 'no number at all',
        files: { 'k8s/orders.yaml': documents(manifest('orders', { spec: '  replicas: 3' }), budget('orders', '', '«orders»')) },
        expect: 'blocks',
        fixed: { 'k8s/orders.yaml': documents(manifest('orders', { spec: '  replicas: 3' }), budget('orders', '  maxUnavailable: 1\n')) },
      },
      {
        name: 'instances that never get ready, where they are asked about',
        options: { unhealthyPods: true },
        files: { 'k8s/orders.yaml': documents(manifest('orders', { spec: '  replicas: 3' }), budget('orders', '  maxUnavailable: 1\n', '«orders»')) },
        expect: 'unhealthy',
      },
      {
        name: 'two budgets for one workload',
        files: { 'k8s/orders.yaml': documents(manifest('orders', { spec: '  replicas: 3' }), budget('orders', '  maxUnavailable: 1\n', 'one'), budget('orders', '  maxUnavailable: 1\n', '«two»')) },
        expect: 'overlap',
      },
      {
        name: 'a selector with a slip of the pen',
        files: { 'k8s/orders.yaml': documents(manifest('orders'), budget('order', '  maxUnavailable: 1\n', '«orders»')) },
        expect: 'nothing',
      },
    ],
    good: [
      { name: 'one may be unavailable', files: { 'k8s/orders.yaml': documents(manifest('orders', { spec: '  replicas: 3' }), service('orders'), budget('orders')) } },
      { name: 'a budget in another folder of the same system', files: { 'k8s/deployments/orders.yaml': manifest('orders', { spec: '  replicas: 3' }), 'k8s/budgets/orders.yaml': budget('orders') } },
      { name: 'a minimum below the number of instances', files: { 'k8s/orders.yaml': documents(manifest('orders', { spec: '  replicas: 3' }), budget('orders', '  minAvailable: 2\n')) } },
      { name: 'one instance', files: { 'k8s/orders.yaml': documents(manifest('orders', { spec: '  replicas: 1' }), service('orders')) } },
      { name: 'a load generator', files: { 'k8s/load.yaml': manifest('loadgen', { spec: '  replicas: 2' }) } },
    ],
    unknown: [
      { name: 'the count comes from template values', files: { 'chart/templates/orders.yaml': manifest('orders', { spec: '  replicas: {{ .Values.replicas }}' }) } },
      {
        name: 'a template whose selector is an include may be its budget',
        files: {
          'chart/templates/orders.yaml': manifest('orders', { spec: '  replicas: 3' }).replace('        app: orders\n    spec', '        {{- include "shop.labels" . | nindent 8 }}\n    spec'),
          'chart/templates/pdb.yaml': 'apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata:\n  name: orders\nspec:\n  maxUnavailable: 1\n  selector:\n    matchLabels:\n      {{- include "shop.labels" . | nindent 6 }}\n',
        },
      },
      { name: 'the minimum comes from template values', files: { 'chart/templates/orders.yaml': documents(manifest('orders', { spec: '  replicas: 3' }), budget('orders', '  minAvailable: {{ .Values.least }}\n')) } },
    ],
  },
});

/** Whether the numbers of a budget leave no eviction, at the least number of instances that run. */
function blocks(workload: Workload, budget: DisruptionBudget, count: number | undefined): Report<Messages> | undefined {
  const make = (setting: DisruptionBudget['minAvailable'], because: string): Report<Messages> | undefined => setting.state === 'set' ? {
    at: setting.at,
    message: 'blocks',
    data: { because },
    related: [{ at: workload.at, text: 'the workload it protects' }],
    fixes: [{ title: 'Set `maxUnavailable: 1`', safety: 'unsafe', operations: [intend(budget.resource, { kind: 'set-budget', maxUnavailable: 1 })] }],
    subject: `PodDisruptionBudget/${budget.name}`,
    severity: severityFor(workload, 'error'),
  } : undefined;
  const most = settled(budget.maxUnavailable);
  // The controller allows no disruption where a budget names no number (kubernetes/kubernetes, pkg/controller/disruption/disruption.go).
  if (budget.minAvailable.state === 'absent' && budget.maxUnavailable.state === 'absent' && budget.isAssumed !== true) {
    return make({ state: 'set', value: 0, at: budget.at }, `budget \`${budget.name}\` names no number`);
  }
  if (most === 0 || most === '0%') return make(budget.maxUnavailable, `\`maxUnavailable\` is ${most}`);
  const least = settled(budget.minAvailable);
  if (least === '100%') return make(budget.minAvailable, '`minAvailable` is 100%');
  // One instance is a finding of its own; its budget follows from it.
  if (least === undefined || count === undefined || count < 2 || budget.isAssumed) return undefined;
  const share = typeof least === 'string' ? /^(\d{1,3})%$/.exec(least)?.[1] : undefined;
  const needed = typeof least === 'number' ? least : share === undefined ? undefined : Math.ceil((count * Number(share)) / 100);
  if (needed === undefined || needed < count) return undefined;
  return make(budget.minAvailable, typeof least === 'number' ? `\`minAvailable\` is ${least} of ${count}` : `\`minAvailable\` is ${least}, which is all ${count}`);
}

function countsUnhealthy(workload: Workload, budget: DisruptionBudget): Report<Messages> | undefined {
  if (budget.unhealthyEviction?.state !== 'default' || budget.isAssumed) return undefined;
  return {
    at: budget.at,
    message: 'unhealthy',
    data: { workload: workload.name, budget: budget.name },
    fixes: [{ title: 'Set `unhealthyPodEvictionPolicy`', safety: 'unsafe', operations: [intend(budget.resource, { kind: 'set-value', path: [...budget.resource.path, 'spec', 'unhealthyPodEvictionPolicy'], value: 'AlwaysAllow' })] }],
    subject: `PodDisruptionBudget/${budget.name}`,
  };
}

function addBudget(workload: Workload): readonly Fix[] {
  const labels = selectingLabels(workload);
  if (!labels || workload.name.includes('{{')) return [];
  const { namespace } = workload;
  return [{
    title: 'Add a budget of 1 unavailable',
    safety: 'by-hand',
    operations: [intend(workload.resource, { kind: 'add-disruption-budget', name: workload.name, labels, ...(namespace === undefined ? {} : { namespace }), maxUnavailable: 1 })],
  }];
}
