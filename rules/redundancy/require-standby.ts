// A data store with one instance is down while that is moved, updated or repaired, and everything that needs it with it.

import { defineRule } from '../../engine/lint/rule';
import { leastInstances, isSubject, keepsData, severityFor, subjectOf } from '../../engine/model/questions';
import { hasOtherMembers, isNeededCache } from '../../engine/model/stores';

export const requireStandby = defineRule({
  id: 'redundancy/require-standby',
  since: '0.1.0',
  severity: 'warning',
  reads: 'infrastructure',
  fault: 'down',
  messages: {
    single: 'What needs `{workload}` fails until it is back: it has one instance and no standby.',
    even: '`{workload}` stops when one of {count} members is lost: a majority of {count} is {majority}.',
  },
  docs: {
    what: 'Reports a database, broker, search engine or coordinator with one instance, and one whose even number of members survives no more losses than one less.',
    why: 'A store keeps what everybody needs. While its only instance restarts, moves or restores, nothing that needs it works.',
    fix: 'Run it replicated by its own means or an operator, or use a managed service. A second copy of the container alone is no standby.',
    not: 'A Compose file for one host, where a standby is no question; caches that hold neither carts nor sessions; members of a cluster that are written as several workloads; a count that cannot be known.',
    references: ['https://aws.amazon.com/builders-library/static-stability-using-availability-zones/'],
  },
  check({ system, report }) {
    for (const workload of system.workloads) {
      if (!isSubject(workload) || workload.isSingleHost || workload.isPerNode || !(keepsData(workload) || (workload.role === 'cache' && isNeededCache(workload)))) continue;
      const count = leastInstances(workload);
      if (count === undefined || count === 0 || hasOtherMembers(workload, system)) continue;
      const needsQuorum = workload.containers.some((container) => container.knownImage?.needsQuorum === true);
      const isEven = needsQuorum && count % 2 === 0;
      if (count > 1 && !isEven) continue;
      report({
        at: workload.instances.state === 'set' ? workload.instances.at : workload.at,
        message: isEven ? 'even' : 'single',
        data: { workload: workload.name, count, majority: Math.floor(count / 2) + 1 },
        label: `${workload.role}, ${count} instance${count === 1 ? '' : 's'}`,
        related: workload.servedBy.slice(0, 2),
        subject: subjectOf(workload),
        severity: severityFor(workload, 'warning'),
      });
    }
  },
  examples: {
    bad: [
      { name: 'a database with one instance by default', files: { 'k8s/db.yaml': store('StatefulSet', '«db»', 'postgres:16') }, expect: 'single' },
      { name: 'a broker with one written instance', files: { 'k8s/queue.yaml': store('StatefulSet', 'queue', 'rabbitmq:3', '  «replicas: 1»\n') }, expect: 'single' },
      { name: 'a search engine in a Deployment', files: { 'k8s/search.yaml': store('Deployment', '«search»', 'docker.elastic.co/elasticsearch/elasticsearch:8.1.0') }, expect: 'single' },
      { name: 'a cache that holds sessions', files: { 'k8s/session-db.yaml': store('Deployment', '«session-db»', 'redis:7') }, expect: 'single' },
      { name: 'two members of a quorum', files: { 'k8s/etcd.yaml': store('StatefulSet', 'etcd', 'quay.io/coreos/etcd:v3.5.9', '  «replicas: 2»\n') }, expect: 'even' },
    ],
    good: [
      { name: 'three members', files: { 'k8s/etcd.yaml': store('StatefulSet', 'etcd', 'quay.io/coreos/etcd:v3.5.9', '  replicas: 3\n') } },
      { name: 'a primary and a replica', files: { 'k8s/db.yaml': `${store('StatefulSet', 'db-primary', 'postgres:16')}---\n${store('StatefulSet', 'db-replica', 'postgres:16')}` } },
      { name: 'one host', files: { 'compose.yaml': 'services:\n  db:\n    image: postgres:16\n' } },
      { name: 'a cache', files: { 'k8s/cache.yaml': store('Deployment', 'cache', 'redis:7') } },
      { name: 'switched off', files: { 'k8s/db.yaml': store('StatefulSet', 'db', 'postgres:16', '  replicas: 0\n') } },
    ],
    unknown: [
      { name: 'the count is a template value', files: { 'chart/templates/db.yaml': store('StatefulSet', 'db', 'postgres:16', '  replicas: {{ .Values.replicas }}\n') } },
      { name: 'an overlay sets the count', files: { 'base/db.yaml': store('StatefulSet', 'db', 'mongo:7'), 'base/kustomization.yaml': 'resources: [db.yaml]\n', 'overlays/live/kustomization.yaml': 'resources: [../../base]\nreplicas:\n  - name: db\n    count: 3\n' } },
    ],
  },
});

function store(kind: string, name: string, image: string, lines = ''): string {
  const app = name.replace(/[«»]/g, '');
  return `apiVersion: apps/v1\nkind: ${kind}\nmetadata:\n  name: ${name}\nspec:\n${lines}  selector:\n    matchLabels: { app: ${app} }\n  template:\n    metadata:\n      labels: { app: ${app} }\n    spec:\n      containers:\n        - name: ${app}\n          image: ${image}\n`;
}
