// When a node has no room left, the platform evicts by priority. Where others have one, what has none goes first.

import { defineRule } from '../../engine/lint/rule';
import type { SystemModel, Workload } from '../../engine/model/model';
import { isOnKubernetes, keepsData, severityFor, subjectOf } from '../../engine/model/questions';
import { documents, manifest, service } from '../example-manifests';

export const requirePriority = defineRule({
  id: 'isolation/require-priority',
  since: '0.2.0',
  severity: 'advice',
  reads: 'infrastructure',
  fault: 'lost',
  messages: {
    missing: '`{workload}` makes room for `{other}` when nodes are full: it has no priority, and `{other}` has `{class}`.',
  },
  docs: {
    what: 'Reports a data store, a proxy at the edge or an agent of each node without a priority, where other workloads of the same system have one.',
    why: 'A pod without a priority is evicted before all that have one, and its own restart waits behind them. For a store that is an outage of all that need it.',
    fix: 'Give it a `priorityClassName` at least as high as that of whoever needs it.',
    not: 'Systems in which nothing has a priority, and values that a template or overlay decides.',
    references: ['https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/'],
  },
  check({ system, report }) {
    const evidence = firstWithPriority(system);
    for (const workload of system.workloads) {
      const other = evidence.get(workload.scope);
      if (!other || workload.isFragment || workload.isOneShot || workload.priorityClass?.state !== 'absent' || !isCritical(workload)) continue;
      const { priorityClass } = other;
      if (priorityClass?.state !== 'set') continue;
      report({
        at: workload.at,
        message: 'missing',
        data: { workload: workload.name, other: other.name, class: priorityClass.value },
        related: [{ at: priorityClass.at, text: 'a neighbour with a priority' }],
        subject: subjectOf(workload),
        severity: severityFor(workload, 'advice'),
      });
    }
  },
  examples: {
    bad: [
      { name: 'a database behind a server with a priority', files: { 'k8s/all.yaml': documents(withPriority('orders'), manifest('«postgres»', { kind: 'StatefulSet', image: 'postgres:16' })) }, expect: 'missing' },
      { name: 'a broker', files: { 'k8s/orders.yaml': withPriority('orders'), 'k8s/queue.yaml': manifest('«queue»', { kind: 'StatefulSet', image: 'rabbitmq:3.13' }) }, expect: 'missing' },
      { name: 'a proxy at the edge', files: { 'k8s/all.yaml': documents(withPriority('orders'), manifest('«edge»', { image: 'nginx:1.27' }), service('edge')) }, expect: 'missing' },
      { name: 'an agent of each node', files: { 'k8s/all.yaml': documents(withPriority('orders'), manifest('«agent»', { kind: 'DaemonSet' })) }, expect: 'missing' },
    ],
    good: [
      { name: 'nothing has a priority', files: { 'k8s/all.yaml': documents(manifest('orders'), manifest('postgres', { kind: 'StatefulSet', image: 'postgres:16' })) } },
      { name: 'it has one too', files: { 'k8s/all.yaml': documents(withPriority('orders'), withPriority('postgres', { kind: 'StatefulSet', image: 'postgres:16' })) } },
      { name: 'a server among others', files: { 'k8s/all.yaml': documents(withPriority('orders'), manifest('mailer')) } },
      { name: 'another system', files: { 'a/orders.yaml': withPriority('orders'), 'b/db.yaml': manifest('postgres', { kind: 'StatefulSet', image: 'postgres:16' }) } },
    ],
    unknown: [
      { name: 'its priority comes from template values', files: { 'chart/templates/all.yaml': documents(withPriority('orders'), manifest('postgres', { kind: 'StatefulSet', image: 'postgres:16', pod: '      priorityClassName: {{ .Values.priority }}' })) } },
      { name: 'a template may add keys', files: { 'chart/templates/all.yaml': documents(withPriority('orders'), manifest('postgres', { kind: 'StatefulSet', image: 'postgres:16', pod: '      {{- include "shop.scheduling" . | nindent 6 }}' })) } },
    ],
  },
});

/** For each scope a workload with a priority; those of the cluster itself prove nothing about the system. */
function firstWithPriority(system: SystemModel): ReadonlyMap<string, Workload> {
  const found = new Map<string, Workload>();
  for (const workload of system.workloads) {
    const { priorityClass } = workload;
    if (priorityClass?.state === 'set' && !priorityClass.value.startsWith('system-') && !found.has(workload.scope)) found.set(workload.scope, workload);
  }
  return found;
}

function isCritical(workload: Workload): boolean {
  return isOnKubernetes(workload) && (keepsData(workload) || workload.isPerNode || (workload.role === 'proxy' && workload.isServed));
}

function withPriority(name: string, parts: { readonly kind?: string; readonly image?: string } = {}): string {
  return manifest(name, { ...parts, pod: '      priorityClassName: shop-high' });
}
