import { describe, expect, it } from 'vitest';
import { autoscaler, budget, documents, manifest, service } from '../../../rules/example-manifests';
import { linkFiles } from '../../../test/lint-files';
import type { SystemModel, Workload } from '../model';
import { parseQuantity } from '../quantities';
import { isNearly, matches } from './selectors';

async function model(files: Readonly<Record<string, string>>): Promise<SystemModel> {
  return (await linkFiles(files)).system;
}

async function one(files: Readonly<Record<string, string>>, name = 'orders'): Promise<Workload> {
  const found = (await model(files)).workloads.find((workload) => workload.name === name);
  if (!found) throw new Error(`no workload ${name}`);
  return found;
}

describe('joining manifests', () => {
  it('joins Service, autoscaler and budget from sibling folders, in the nearest copy of a system', async () => {
    const files = {
      'live/workloads/orders.yaml': manifest('orders'),
      'live/services/orders.yaml': service('orders'),
      'live/scaling/orders.yaml': documents(autoscaler('orders', '  minReplicas: 2\n'), budget('orders')),
      'trial/orders.yaml': manifest('orders'),
    };
    const { workloads } = await model(files);
    expect(workloads.map(({ scope, autoscalers, budgets, servedBy }) => [scope, autoscalers.length, budgets.length, servedBy.map(({ text }) => text)])).toEqual([
      ['live/workloads', 1, 1, ['served by Service orders']],
      ['trial', 0, 0, []],
    ]);
  });

  it('keeps namespaces apart and takes an unwritten one for any', async () => {
    const inNamespace = (text: string, name: string): string => text.replace('  name: orders\n', `  name: orders\n  namespace: ${name}\n`);
    expect((await one({ 'a.yaml': documents(inNamespace(manifest('orders'), 'shop'), inNamespace(service('orders'), 'other')) })).servedBy).toEqual([]);
    expect((await one({ 'a.yaml': documents(inNamespace(manifest('orders'), 'shop'), service('orders')) })).servedBy).toHaveLength(1);
  });

  it('brings environment from values, ConfigMaps and what it cannot see', async () => {
    const env = '          env:\n            - {name: A, value: "1"}\n            - {name: B, valueFrom: {configMapKeyRef: {name: c, key: host}}}\n            - {name: C, valueFrom: {secretKeyRef: {name: s, key: k}}}\n          envFrom:\n            - configMapRef: {name: c}';
    const { containers } = await one({ 'a.yaml': documents(manifest('orders', { container: env }), 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  host: billing\n') });
    const [container] = containers;
    expect(Object.entries(container?.environment ?? {}).map(([name, setting]) => [name, setting.state === 'set' ? setting.value : setting.state]).sort()).toEqual([['A', '1'], ['B', 'billing'], ['C', 'unknown'], ['host', 'billing']]);
    expect(container?.hasOpenEnvironment).toBe(false);
  });

  it('knows what stands behind a mount', async () => {
    const pod = '      volumes:\n        - {name: a, emptyDir: {}}\n        - {name: b, emptyDir: {medium: Memory}}\n        - {name: c, hostPath: {path: /x}}\n        - {name: d, persistentVolumeClaim: {claimName: data}}\n        - {name: e, configMap: {name: c}}';
    const mounts = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `            - {name: ${name}, mountPath: /${name}}`).join('\n');
    const claim = 'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\nspec: {accessModes: [ReadWriteOnce]}\n';
    const workload = await one({ 'a.yaml': documents(manifest('orders', { pod, container: `          volumeMounts:\n${mounts}` }), claim) });
    expect(workload.containers[0]?.mounts.map((mount) => mount.kind)).toEqual(['empty', 'memory', 'host', 'claim', 'config', 'unknown']);
    expect(workload.containers[0]?.mounts[3]?.accessModes).toEqual(['ReadWriteOnce']);
    expect(workload.isTiedToNode).toBe(true);
  });

  it('judges a base as an overlay deploys it, and a value as unknown where a patch cannot be followed', async () => {
    const files = (patch: string): Record<string, string> => ({
      'base/orders.yaml': manifest('orders', { spec: '  replicas: 1' }),
      'base/kustomization.yaml': 'resources: [orders.yaml]\n',
      'live/kustomization.yaml': `resources: [../base]\npatches:\n${patch}`,
    });
    const json = await one(files('  - target: {kind: Deployment, name: orders}\n    patch: |-\n      - {op: add, path: /spec/template/spec/containers/0/resources, value: {limits: {memory: 1Gi}}}\n'));
    expect([json.instances.state, json.containers[0]?.memoryLimit.state, json.containers[0]?.liveness.state]).toEqual(['set', 'set', 'absent']);
    expect(json.containers[0]?.memoryLimit).toMatchObject({ value: '1Gi', at: { file: 'live/kustomization.yaml' } });
    const merge = await one(files('  - patch: |-\n      kind: Deployment\n      metadata: {name: orders}\n      spec: {replicas: 3}\n'));
    expect(merge.instances).toMatchObject({ state: 'set', value: 3, at: { file: 'live/kustomization.yaml' } });
    expect(merge.containers[0]?.memoryLimit.state).toBe('absent');
    const other = await one(files('  - target: {kind: StatefulSet, name: orders}\n    patch: |-\n      - {op: replace, path: /spec/replicas, value: 3}\n'));
    expect(other.instances.state).toBe('set');
    const refused = await one(files('  - target: {kind: Deployment, name: orders}\n    patch: |-\n      - {op: replace, path: /spec/minReadySeconds, value: 3}\n'));
    expect(refused.instances.state).toBe('unknown');
    const unreadable = await one(files('  - target: {kind: Deployment}\n    path: missing.yaml\n'));
    expect([unreadable.instances.state, unreadable.containers[0]?.liveness.state]).toEqual(['unknown', 'unknown']);
  });

  it('follows a component into the base of whoever takes it in', async () => {
    const workload = await one({
      'base/orders.yaml': manifest('orders'),
      'base/kustomization.yaml': 'resources: [orders.yaml]\n',
      'components/scale/kustomization.yaml': 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches:\n  - target: {kind: Deployment}\n    patch: |-\n      - {op: add, path: /spec/replicas, value: 3}\n',
      'live/kustomization.yaml': 'resources: [../base]\ncomponents: [../components/scale]\n',
    });
    expect(workload.instances).toMatchObject({ state: 'set', value: 3, at: { file: 'components/scale/kustomization.yaml' } });
    expect(workload.containers[0]?.readiness.state).toBe('absent');
  });

  it('tells jobs, hooks, workers and leaders from servers', async () => {
    const { workloads } = await model({
      'a.yaml': documents(
        'apiVersion: batch/v1\nkind: Job\nmetadata: {name: job}\nspec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: b}]}}}\n',
        manifest('hook').replace('  name: hook', '  name: hook\n  annotations: {helm.sh/hook: pre-install}'),
        manifest('mail-worker'), manifest('web'), manifest('thing-operator'),
        manifest('elected', { container: '          args: ["--leader-elect"]\n          ports: [{containerPort: 80}]' }),
      ),
    });
    expect(Object.fromEntries(workloads.map((workload) => [workload.name, [workload.isOneShot, workload.isServed, workload.isSingleton].map(Number).join('')]))).toEqual({
      job: '100', hook: '100', 'mail-worker': '000', web: '010', 'thing-operator': '011', elected: '011',
    });
  });

  it('finds what a drill means by its labels', async () => {
    const chaos = 'apiVersion: chaos-mesh.org/v1alpha1\nkind: NetworkChaos\nmetadata: {name: x}\nspec: {selector: {labelSelectors: {app: orders}}}\n';
    expect((await model({ 'a.yaml': documents(manifest('orders'), chaos) })).drills.map((drill) => drill.targets)).toEqual([['orders']]);
  });

  it('gives the same model in any order of the files', async () => {
    const files = Object.entries({ 'b/a.yaml': manifest('orders'), 'b/b.yaml': service('orders'), 'b/c.yaml': budget('orders'), 'a.yaml': manifest('billing') });
    expect(await model(Object.fromEntries(files.toReversed()))).toEqual(await model(Object.fromEntries(files)));
  });
});

describe('selectors', () => {
  const labels = { entries: { app: 'a', tier: 'web' }, isOpen: false };
  const selector = (expressions: readonly { key: string; operator: string; values: readonly string[] }[], own: Record<string, string> = {}, isOpen = false): Parameters<typeof matches>[0] => ({ labels: own, expressions, isOpen, span: [0, 0] });

  it('needs every label and every expression', () => {
    expect(matches(selector([], { app: 'a', tier: 'web' }), labels)).toBe('yes');
    expect(matches(selector([], { app: 'a', tier: 'db' }), labels)).toBe('no');
    expect(matches(selector([{ key: 'tier', operator: 'In', values: ['db', 'web'] }, { key: 'x', operator: 'DoesNotExist', values: [] }]), labels)).toBe('yes');
    expect(matches(selector([{ key: 'tier', operator: 'NotIn', values: ['web'] }]), labels)).toBe('no');
    expect(matches(selector([{ key: 'x', operator: 'Exists', values: [] }]), labels)).toBe('no');
    expect(matches(undefined, labels)).toBe('no');
  });

  it('does not know where a part is open', () => {
    expect(matches(selector([], { release: 'r' }), { ...labels, isOpen: true })).toBe('unknown');
    expect(matches(selector([], { app: 'a' }, true), labels)).toBe('unknown');
    expect(matches(selector([], { app: 'b' }, true), labels)).toBe('no');
  });

  it('calls a slip of the pen near', () => {
    expect([['orders', 'order'], ['orders', 'ordesr'], ['orders', 'orders'], ['orders', 'billing'], ['a', 'b']].map(([a = '', b = '']) => isNearly(a, b))).toEqual([true, true, false, false, false]);
  });
});

describe('quantities', () => {
  it('reads units of two and of ten', () => {
    expect(['512Mi', '1G', '500m', '0.5', '1e3', '64', 'x', '1Zi', ''].map(parseQuantity)).toEqual([536_870_912, 1e9, 0.5, 0.5, 1_000, 64, undefined, undefined, undefined]);
  });
});
