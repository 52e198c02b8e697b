import { describe, expect, it } from 'vitest';
import type { WorkloadObject } from '../facts';
import { readKubernetes } from '../read';
import { renderKustomizations, type Rendering } from './render';

const DEPLOYMENT = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: orders\n  labels: {app: orders}\nspec:\n  replicas: 1\n  selector:\n    matchLabels: {app: orders}\n  template:\n    metadata:\n      labels: {app: orders}\n    spec:\n      containers:\n        - name: app\n          image: shop/orders:1\n          args: [a, b]\n          ports:\n            - containerPort: 80\n        - name: helper\n          image: shop/helper\n';

function render(files: Readonly<Record<string, string>>): Rendering {
  return renderKustomizations(Object.keys(files).sort().map((path) => readKubernetes(path, files[path] ?? '').facts));
}

function workload(rendering: Rendering, overlay = 0): WorkloadObject {
  const found = rendering.overlays[overlay]?.objects.map(({ object }) => object).find((object) => object.type === 'workload');
  if (found?.type !== 'workload') throw new Error('no workload');
  return found;
}

function over(kustomization: string, more: Readonly<Record<string, string>> = {}): Rendering {
  return render({ 'base/deploy.yaml': DEPLOYMENT, 'base/kustomization.yaml': 'resources: [deploy.yaml]\n', 'live/kustomization.yaml': `resources: [../base]\n${kustomization}`, ...more });
}

describe('rendering kustomizations', () => {
  it('renders overlays that nobody builds on, and no base of theirs', () => {
    const rendering = over('');
    expect(rendering.overlays.map(({ folder, isComplete }) => [folder, isComplete])).toEqual([['live', true]]);
    expect([...rendering.covered]).toEqual(['base/deploy.yaml']);
  });

  it('merges a patch by the names of list items, what it names first', () => {
    const { containers, replicas } = workload(over('patches:\n  - path: patch.yaml\n', {
      'live/patch.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: orders}\nspec:\n  replicas: null\n  template:\n    spec:\n      containers:\n        - name: helper\n          args: [c]\n        - name: added\n          image: x\n',
    }));
    expect(containers.map(({ name }) => name)).toEqual(['helper', 'added', 'app']);
    expect(containers[0]?.image).toMatchObject({ state: 'set', value: 'shop/helper' });
    expect(replicas.state).toBe('absent');
  });

  it('deletes and replaces where a patch says so', () => {
    const { containers } = workload(over('patches:\n  - patch: |-\n      apiVersion: apps/v1\n      kind: Deployment\n      metadata: {name: orders}\n      spec:\n        template:\n          spec:\n            containers:\n              - name: helper\n                $patch: delete\n              - name: app\n                $patch: replace\n                image: y\n'));
    expect(containers.map(({ name, image, ports }) => [name, image.state === 'set' && image.value, ports.length])).toEqual([['app', 'y', 0]]);
  });

  it('applies the operations of a JSON patch to its targets', () => {
    const patch = (name: string): string => `patches:\n  - target: {kind: Deployment, name: ${name}}\n    patch: |-\n      - {op: replace, path: /spec/replicas, value: 4}\n      - {op: remove, path: /spec/template/spec/containers/0/args/0}\n      - {op: add, path: /spec/template/spec/containers/0/args/-, value: c}\n      - {op: add, path: /metadata/labels/a~1b, value: c}\n`;
    const changed = workload(over(patch('"ord.*"')));
    expect([changed.replicas, changed.containers[0]?.arguments, changed.labels.entries['a/b']]).toMatchObject([{ value: 4 }, { value: ['b', 'c'] }, 'c']);
    expect(workload(over(patch('order'))).replicas).toMatchObject({ value: 1 });
  });

  it('tells where each value stands', () => {
    const rendering = over('replicas:\n  - name: orders\n    count: 3\nimages:\n  - name: shop/orders\n    newTag: "2"\n');
    const { replicas, containers } = workload(rendering);
    expect(replicas.state === 'set' && rendering.locate(replicas.span)).toEqual({ file: 'live/kustomization.yaml', span: [52, 60] });
    expect(containers[0]?.image).toMatchObject({ value: 'shop/orders:2' });
    expect(containers[0] && rendering.locate(containers[0].nameSpan)).toEqual({ file: 'base/deploy.yaml', span: [DEPLOYMENT.indexOf('app\n          image'), DEPLOYMENT.indexOf('app\n          image') + 3] });
    const [object] = rendering.overlays[0]?.objects ?? [];
    expect(containers[0] && object?.containerRef(containers[0])).toMatchObject({ file: 'base/deploy.yaml', document: 0, path: ['spec', 'template', 'spec', 'containers', 0] });
  });

  it('carries labels into selectors where they are to go', () => {
    const { selector, podLabels } = workload(over('commonLabels: {stage: live}\nlabels:\n  - pairs: {team: shop}\n    includeTemplates: true\n'));
    expect(workload(over('commonAnnotations: {team: shop}\n'))).toMatchObject({ annotations: { entries: { team: 'shop' } }, podAnnotations: { entries: { team: 'shop' } } });
    expect([selector?.labels, podLabels.entries]).toEqual([{ app: 'orders', stage: 'live' }, { app: 'orders', stage: 'live', team: 'shop' }]);
  });

  it('renames objects and what names them', () => {
    const rendering = over('namePrefix: live-\nnamespace: shop\n', { 'base/kustomization.yaml': 'resources: [deploy.yaml, hpa.yaml]\n', 'base/hpa.yaml': 'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: orders}\nspec:\n  scaleTargetRef: {kind: Deployment, name: orders}\n  maxReplicas: 3\n' });
    expect(rendering.overlays[0]?.objects.map(({ object }) => [object.name, object.namespace, object.type === 'autoscaler' ? object.target?.name : ''])).toEqual([['live-orders', 'shop', ''], ['live-orders', 'shop', 'live-orders']]);
  });

  it('gives up on what it cannot follow, and says so', () => {
    expect(over('', { 'live/kustomization.yaml': 'resources: [../base, https://example.org/x.yaml]\n' }).overlays[0]?.isComplete).toBe(false);
    expect(over('replacements:\n  - targets: [{select: {kind: Deployment}}]\n').overlays[0]?.objects[0]?.isOpaque).toBe(true);
    expect(over('patches:\n  - target: {kind: Deployment, name: "(a+)+$"}\n    patch: |-\n      - {op: remove, path: /spec/replicas}\n').overlays[0]?.objects[0]?.isOpaque).toBe(true);
    expect(over('transformers: [labels.yaml]\n', { 'live/labels.yaml': 'apiVersion: builtin\nkind: LabelTransformer\nmetadata: {name: x}\nlabels: {a: b}\n' }).overlays[0]?.objects[0]?.isOpaque).toBe(false);
  });

  it('renders anew what an edit touches, and nothing else', () => {
    const files = { 'a/deploy.yaml': DEPLOYMENT, 'a/kustomization.yaml': 'resources: [deploy.yaml]\n', 'b/deploy.yaml': DEPLOYMENT, 'b/kustomization.yaml': '' };
    const facts = Object.entries(files).map(([path, text]) => readKubernetes(path, text).facts);
    const replaced = (path: string, text: string): typeof facts => facts.map((file) => (file.path === path ? readKubernetes(path, text).facts : file));
    const first = renderKustomizations(facts);
    const second = renderKustomizations(replaced('a/deploy.yaml', DEPLOYMENT.replace('replicas: 1', 'replicas: 5')));
    expect([workload(first).replicas, workload(second).replicas]).toMatchObject([{ value: 1 }, { value: 5 }]);
    const third = renderKustomizations(replaced('b/kustomization.yaml', 'resources: [deploy.yaml]\n'));
    expect(third.overlays.map(({ folder }) => folder)).toEqual(['a', 'b']);
    expect(renderKustomizations(replaced('b/kustomization.yaml', '')).overlays.map(({ folder, objects }) => [folder, objects.length])).toEqual(renderKustomizations(facts).overlays.map(({ folder, objects }) => [folder, objects.length]));
    expect(workload(renderKustomizations(facts)).replicas).toMatchObject({ value: 1 });
    expect(renderKustomizations(facts).overlays[0]).toBe(renderKustomizations(facts).overlays[0]);
  });

  it('ends where kustomizations name each other', () => {
    const rendering = render({ 'a/kustomization.yaml': 'resources: [../b]\n', 'b/kustomization.yaml': 'resources: [../a]\n', 'c/kustomization.yaml': 'resources: [../a]\n' });
    expect(rendering.overlays.map(({ folder, isComplete }) => [folder, isComplete])).toEqual([['c', false]]);
  });
});
