import { describe, expect, it } from 'vitest';
import { autoscaler, budget, documents, manifest, service, spread } from '../../../rules/example-manifests';
import type { KubernetesObject, WorkloadObject } from './facts';
import { readKubernetes, recogniseKubernetes } from './read';

function objects(text: string, path = 'k8s/a.yaml'): readonly KubernetesObject[] {
  return readKubernetes(path, text).facts.objects;
}

function workload(text: string, path?: string): WorkloadObject {
  const found = objects(text, path).find((object): object is WorkloadObject => object.type === 'workload');
  if (!found) throw new Error('no workload');
  return found;
}

const EVERYTHING = documents(
  manifest('orders', { spec: '  replicas: 3', pod: spread('orders'), container: '          env:\n            - name: A\n              valueFrom: {configMapKeyRef: {name: c, key: k}}\n          livenessProbe:\n            exec:\n              command: [a, "b c"]\n          lifecycle:\n            preStop:\n              exec:\n                command: ["sh", "-c", "sleep 5 && sleep 2"]' }),
  service('orders'), autoscaler('orders', '  minReplicas: 2\n'), budget('orders'),
);

describe('recognising manifests', () => {
  it.each([
    ['a workload', manifest('orders'), true],
    ['a template that begins with an action', `{{- if .Values.on }}\n${manifest('orders')}{{- end }}\n`, true],
    ['JSON on one line', '{"apiVersion":"v1","kind":"List","items":[]}', true],
    ['a definition of a custom kind', 'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: x\n', false],
    ['a client configuration', 'apiVersion: v1\nkind: Config\nclusters: []\n', false],
    ['a cluster of a local tool', 'kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\n', false],
    ['a manifest inside a ConfigMap of something else', 'data:\n  a.yaml: |\n    apiVersion: v1\n    kind: Pod\n', false],
    ['a Compose file', 'services:\n  a:\n    image: b\n', false],
  ])('%s', (_name, text, expected) => expect(recogniseKubernetes('a.yaml', text)).toBe(expected));

  it('takes a kustomization by its name and leaves a chart description', () => {
    expect(recogniseKubernetes('base/kustomization.yaml', 'resources: []\n')).toBe(true);
    expect(recogniseKubernetes('chart/Chart.yaml', 'apiVersion: v2\nkind: x\n')).toBe(false);
  });
});

describe('reading manifests', () => {
  it('reads each document and each item of a list', () => {
    expect(objects(EVERYTHING).map((object) => object.type)).toEqual(['workload', 'service', 'autoscaler', 'budget']);
    const list = 'apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: Service\n    metadata: {name: a}\n  - apiVersion: v1\n    kind: ConfigMap\n    metadata: {name: b}\n    data: {x: y}\n';
    expect(objects(list).map(({ type, name, path }) => [type, name, path])).toEqual([['service', 'a', ['items', 0]], ['config', 'b', ['items', 1]]]);
  });

  it('marks the name, the kind and the first line of a container', () => {
    const text = manifest('orders');
    const found = workload(text);
    expect(text.slice(...found.nameSpan)).toBe('orders');
    expect(text.slice(...found.kindSpan)).toBe('kind: Deployment');
    expect(text.slice(...(found.containers[0]?.block ?? [0, 0]))).toBe('name: app');
  });

  it('adds the literal sleeps of a preStop', () => {
    expect(workload(EVERYTHING).containers[0]?.preStop).toMatchObject({ state: 'set', value: { sleepSeconds: 7 } });
  });

  it('gives three answers for a template: written, unknown, absent', () => {
    const text = manifest('{{ include "x.name" . }}', { app: 'orders', spec: '  replicas: {{ .Values.n }}', container: '          {{- with .Values.r }}\n          resources:\n            {{- toYaml . | nindent 12 }}\n          {{- end }}' });
    const found = workload(text, 'chart/templates/a.yaml');
    expect(found.isNameKnown).toBe(false);
    expect(found.name).toBe('{{ include "x.name" . }}');
    expect(found.replicas.state).toBe('unknown');
    expect(found.containers[0]?.memoryLimit.state).toBe('unknown');
    expect(found.containers[0]?.liveness.state).toBe('absent');
  });

  it('says nothing of what a broken file may hold further down', () => {
    const text = `${manifest('orders')}          resources: {{\n`.replace('{{', '[');
    const { facts, problems } = readKubernetes('a.yaml', text);
    expect(problems.map((problem) => problem.extent)).toEqual(['in-part']);
    const [found] = facts.objects;
    expect(found?.type === 'workload' && found.containers[0]?.liveness.state).toBe('unknown');
  });

  it('reads suppressions of comments and of the annotation', () => {
    const text = manifest('orders').replace('  name: orders', "  name: orders\n  annotations:\n    holdfast/disable: 'require-replicas -- one licence (until 2027-01-31)'").replace('    spec:', '    # holdfast-disable-next-line require-spread -- one node\n    spec:');
    const { suppressions } = readKubernetes('a.yaml', text).facts;
    expect(suppressions.map(({ kind, rules, reason, until }) => ({ kind, rules, reason, until })).sort((a, b) => (a.kind < b.kind ? -1 : 1))).toEqual([
      { kind: 'annotation', rules: ['require-replicas'], reason: 'one licence', until: '2027-01-31' },
      { kind: 'next-line', rules: ['require-spread'], reason: 'one node', until: undefined },
    ]);
  });

  it('leaves out large definitions and still reads what stands beside them', () => {
    const text = documents('apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: x\nspec: [\n', service('orders'));
    expect(objects(text).map(({ type, document }) => [type, document])).toEqual([['service', 1]]);
  });

  it('never throws and gives plain data, whatever is cut off or missing', () => {
    const texts = [EVERYTHING, manifest('{{ .a }}', { app: 'b', spec: '  {{- if .x }}\n  replicas: 1\n  {{- end }}' }), 'resources:\n  - a\npatches:\n  - patch: |-\n      - op: add\n        path: /spec\n    target: {kind: X, name: "("}\n'];
    for (const text of texts) {
      const cuts = Array.from({ length: 41 }, (_, i) => text.slice(0, Math.floor((text.length * i) / 40)));
      const lines = text.split('\n');
      const without = lines.map((_, i) => lines.filter((__, j) => j !== i).join('\n'));
      for (const broken of [...cuts, ...without, text.replaceAll('  ', '\t'), text.replaceAll(':', ''), `\uFEFF${text}`, text.replaceAll('\n', '\r\n'), `${text}\0`]) {
        for (const path of ['a.yaml', 'kustomization.yaml', 'c/templates/a.yaml']) {
          const { facts } = readKubernetes(path, broken);
          expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
        }
      }
    }
  });
});
