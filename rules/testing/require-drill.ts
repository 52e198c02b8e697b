// What nobody has tried is a guess. A drill turns the guess about the most important thing into knowledge, on a day that suits.

import { defineRule } from '../../engine/lint/rule';
import type { SystemModel, Workload } from '../../engine/model/model';
import { keepsData, leastInstances } from '../../engine/model/questions';
import { documents, manifest, service } from '../example-manifests';

const CHAOS = 'apiVersion: chaos-mesh.org/v1alpha1\nkind: PodChaos\nmetadata:\n  name: kill-postgres\nspec:\n  action: pod-kill\n  mode: one\n  selector:\n    labelSelectors:\n      app: postgres\n';
const STORE = { kind: 'StatefulSet', image: 'postgres:16', spec: '  serviceName: postgres' };

export const requireDrill = defineRule({
  id: 'testing/require-drill',
  since: '0.1.0',
  severity: 'advice',
  reads: 'infrastructure',
  fault: 'down',
  messages: {
    never: 'What happens when `{workload}` goes down was never tried: no drill names it.',
  },
  docs: {
    what: 'Reports, once for a project, the data store (or else the workload with most instances) that no failure drill names.',
    why: 'Limits, fallbacks and standbys work on paper. Whether callers survive the loss of the store is seen only by taking it away.',
    fix: 'Stop it for half a minute in a test system, while requests run, and write down what was predicted and what was seen.',
    not: 'Projects with a drill that names it (Chaos Mesh, Litmus, a folder of drills), projects with neither a data store nor several instances, and development files.',
  },
  check({ system, report }) {
    const subject = mostImportant(system);
    if (!subject || isTried(subject, system)) return;
    const others = system.workloads.filter((workload) => workload !== subject && keepsData(workload) && isDeployed(workload) && !isTried(workload, system));
    report({
      at: subject.at,
      message: 'never',
      data: { workload: subject.name },
      more: others.map((workload) => workload.at),
      moreNoun: 'stores',
      subject: 'project',
    });
  },
  examples: {
    bad: [
      { name: 'a data store and no drill', files: { 'k8s/db.yaml': documents(manifest('«postgres»', STORE), service('postgres')) }, expect: 'never' },
      { name: 'the drill of something else', files: { 'k8s/db.yaml': manifest('«postgres»', STORE), 'k8s/chaos.yaml': CHAOS.replaceAll('postgres', 'orders') }, expect: 'never' },
      { name: 'several instances and no store', files: { 'k8s/orders.yaml': documents(manifest('«orders»', { spec: '  replicas: 3' }), service('orders'), manifest('mailer')) }, expect: 'never' },
      { name: 'a store in Compose', files: { 'compose.yaml': 'services:\n  orders:\n    image: shop/orders:1\n  «postgres»:\n    image: postgres:16\n' }, expect: 'never' },
      { name: 'two stores are one finding', files: { 'compose.yaml': 'services:\n  «postgres»:\n    image: postgres:16\n  rabbitmq:\n    image: rabbitmq:3.13\n' }, expect: 'never' },
    ],
    good: [
      { name: 'a drill names the store', files: { 'k8s/db.yaml': manifest('postgres', STORE), 'k8s/chaos.yaml': CHAOS } },
      { name: 'one instance of something that keeps nothing', files: { 'k8s/orders.yaml': documents(manifest('orders'), service('orders')) } },
      { name: 'a development file', files: { 'compose.dev.yaml': 'services:\n  postgres:\n    image: postgres:16\n' } },
      { name: 'nothing that runs', files: { 'k8s/config.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: shop\ndata:\n  A: b\n' } },
    ],
    unknown: [
      { name: 'a pipeline that tries failures, whose targets are not told', files: { 'k8s/db.yaml': manifest('postgres', STORE), '.github/workflows/chaos.yml': 'on: { schedule: [{ cron: "0 6 * * 1" }] }\njobs:\n  drill:\n    runs-on: ubuntu-latest\n    timeout-minutes: 30\n    steps:\n      - run: aws fis start-experiment --experiment-template-id EXT1\n' } },
      { name: 'a folder of drills, whose targets are not told', files: { 'k8s/db.yaml': manifest('postgres', STORE), 'drills/compose.yaml': 'services:\n  toxiproxy:\n    image: shopify/toxiproxy:2.9\n' } },
      { name: 'the image is a template value', files: { 'chart/templates/db.yaml': manifest('store', { image: '{{ .Values.image }}' }) } },
    ],
  },
});

function isDeployed(workload: Workload): boolean {
  return !workload.isFragment && workload.environment !== 'development' && workload.environment !== 'test';
}

function mostImportant(system: SystemModel): Workload | undefined {
  const deployed = system.workloads.filter(isDeployed);
  const store = deployed.find(keepsData);
  if (store) return store;
  const several = deployed.filter((workload) => workload.isServed && (leastInstances(workload) ?? 0) > 1);
  return several.sort((a, b) => (leastInstances(b) ?? 0) - (leastInstances(a) ?? 0))[0];
}

/** A drill that names nobody may mean anybody. */
function isTried(workload: Workload, system: SystemModel): boolean {
  return system.drills.some((drill) => drill.targets.length === 0 || drill.targets.includes(workload.name) || Object.values(workload.labels).some((label) => drill.targets.includes(label)));
}
