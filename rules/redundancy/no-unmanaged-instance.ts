// A pod that nobody manages is gone with its node: the platform makes another only of what a controller asks for.

import { defineRule } from '../../engine/lint/rule';
import type { Workload } from '../../engine/model/model';
import { isOnKubernetes, isWanted, keepsData, severityFor, subjectOf } from '../../engine/model/questions';

export const noUnmanagedInstance = defineRule({
  id: 'redundancy/no-unmanaged-instance',
  since: '0.2.0',
  severity: 'warning',
  reads: 'infrastructure',
  fault: 'lost',
  messages: {
    pod: '`{workload}` is gone for good when its node is: nothing makes a new one of a bare Pod.',
    old: { text: 'A new version of `{workload}` reaches no running instance: a bare {kind} has no rollout.', severity: 'info' },
  },
  docs: {
    what: 'Reports a Pod that no controller manages, and a ReplicaSet or ReplicationController that no Deployment manages.',
    why: 'A drain, a lost node or an eviction deletes a Pod. A controller makes another one elsewhere; without one it stays gone.',
    fix: 'Put its template into a Deployment, a StatefulSet or, for work that ends, a Job.',
    not: 'Pods that run once, hooks and tests, static pods of the control plane, pods that an operator owns, templates, and files that say they are for development, tests or examples.',
    references: ['https://kubernetes.io/docs/concepts/workloads/pods/#working-with-pods'],
  },
  check({ system, report }) {
    for (const workload of system.workloads) {
      const message = messageOf(workload);
      if (!message) continue;
      report({
        at: workload.at,
        message,
        data: { workload: workload.name, kind: workload.kind },
        related: workload.servedBy.slice(0, 1),
        subject: subjectOf(workload),
        // A Pod that nothing sends requests to is mostly a trial.
        severity: severityFor(workload, message === 'pod' && (workload.servedBy.length > 0 || keepsData(workload)) ? 'warning' : 'info'),
      });
    }
  },
  examples: {
    bad: [
      { name: 'a server in a bare Pod', files: { 'k8s/orders.yaml': pod('«orders»', 'shop/orders:1') }, expect: 'pod' },
      { name: 'a Pod that names its restart policy', files: { 'k8s/orders.yaml': pod('«orders»', 'shop/orders:1', '  restartPolicy: Always\n') }, expect: 'pod' },
      { name: 'a database in a bare Pod', files: { 'k8s/db.json': '{"apiVersion":"v1","kind":"Pod","metadata":{"name":«"db"»},"spec":{"containers":[{"name":"db","image":"postgres:16"}]}}\n' }, expect: 'pod' },
      { name: 'a ReplicationController', files: { 'k8s/orders.yaml': controller('v1', 'ReplicationController', '«orders»') }, expect: 'old' },
      { name: 'a ReplicaSet of its own', files: { 'k8s/orders.yaml': controller('apps/v1', 'ReplicaSet', '«orders»') }, expect: 'old' },
    ],
    good: [
      { name: 'a Pod that runs once', files: { 'k8s/seed.yaml': pod('seed', 'shop/seed:1', '  restartPolicy: Never\n') } },
      { name: 'a test of a chart', files: { 'chart/templates/tests/ping.yaml': pod('ping', 'busybox', '', '  annotations:\n    helm.sh/hook: test\n') } },
      { name: 'an example', files: { 'examples/orders.yaml': pod('orders', 'shop/orders:1') } },
      { name: 'a part of the control plane', files: { 'manifests/kube-apiserver.yaml': pod('kube-apiserver', 'registry.k8s.io/kube-apiserver:v1.30.0', '', '  namespace: kube-system\n') } },
      { name: 'a client to look around with', files: { 'k8s/debug.yaml': pod('curl', 'curlimages/curl') } },
    ],
    unknown: [
      { name: 'the restart policy comes from template values', files: { 'chart/templates/orders.yaml': pod('orders', 'shop/orders:1', '  restartPolicy: {{ .Values.restart }}\n') } },
      { name: 'an owner of another kind', files: { 'k8s/orders.yaml': pod('orders', 'shop/orders:1', '', '  ownerReferences:\n    - kind: Agent\n      name: orders\n') } },
    ],
  },
});

function messageOf(workload: Workload): 'pod' | 'old' | undefined {
  if (!isWanted(workload) || !isOnKubernetes(workload) || workload.isOwned === true || workload.namespace === 'kube-system') return undefined;
  if (workload.kind === 'Pod') return workload.restart.state === 'unknown' || workload.environment === 'development' || workload.environment === 'test' ? undefined : 'pod';
  return workload.kind === 'ReplicaSet' || workload.kind === 'ReplicationController' ? 'old' : undefined;
}

function pod(name: string, image: string, spec = '', metadata = ''): string {
  return `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n${metadata}spec:\n${spec}  containers:\n    - name: app\n      image: ${image}\n`;
}

function controller(api: string, kind: string, name: string): string {
  const selector = kind === 'ReplicaSet' ? '    matchLabels:\n      app: orders\n' : '    app: orders\n';
  return `apiVersion: ${api}\nkind: ${kind}\nmetadata:\n  name: ${name}\nspec:\n  replicas: 2\n  selector:\n${selector}  template:\n    metadata:\n      labels:\n        app: orders\n    spec:\n      containers:\n        - name: app\n          image: shop/orders:1\n`;
}
