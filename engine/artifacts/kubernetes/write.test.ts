import { describe, expect, it } from 'vitest';
import { budget, documents, manifest } from '../../../rules/example-manifests';
import type { ResourceRef } from '../../model/model';
import { applyEdits } from '../../text';
import type { ArtifactIntent } from '../intent';
import { writeKubernetes } from './write';

const CONTAINER = ['spec', 'template', 'spec', 'containers', 0];

function write(text: string, intent: ArtifactIntent, path: ResourceRef['path'] = [], document = 0): string | undefined {
  const edits = writeKubernetes(text, { file: 'a.yaml', format: 'kubernetes', document, path }, intent);
  return edits && applyEdits(text, edits).text;
}

const READINESS: ArtifactIntent = { kind: 'set-probe', probe: 'readiness', handler: { kind: 'http', path: '/readyz', port: 3000 }, periodSeconds: 10 };

describe('writing manifests', () => {
  it('adds a probe behind the ports, in the indentation of the file', () => {
    expect(write(manifest('orders'), READINESS, CONTAINER)).toBe(manifest('orders', { container: '          ports:\n            - containerPort: 3000\n          readinessProbe:\n            httpGet:\n              path: /readyz\n              port: 3000\n            periodSeconds: 10' }));
  });

  it('keeps the line breaks of the file', () => {
    const text = manifest('orders').replaceAll('\n', '\r\n');
    expect(write(text, READINESS, CONTAINER)).not.toMatch(/[^\r]\n/);
  });

  it('writes flow style into flow style', () => {
    const text = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: b}]}\n';
    expect(write(text, { kind: 'set-memory-limit', memory: '512Mi' }, ['spec', 'containers', 0])).toBe(text.replace('image: b', 'image: b, resources: { limits: { memory: 512Mi } }'));
  });

  it('writes into the item of a list', () => {
    const text = 'apiVersion: v1\nkind: List\nitems:\n- apiVersion: apps/v1\n  kind: Deployment\n  metadata:\n    name: a # first\n  spec:\n    template: {}\n- apiVersion: apps/v1\n  kind: Deployment\n  metadata:\n    name: b\n  spec:\n    template: {}\n';
    expect(write(text, { kind: 'set-instances', count: 2 }, ['items', 1])).toBe(text.replace('    name: b\n  spec:\n', '    name: b\n  spec:\n    replicas: 2\n'));
    expect(write(text, { kind: 'add-disruption-budget', name: 'a', labels: { app: 'a' }, maxUnavailable: 1 }, ['items', 0])).toBe(`${text}- apiVersion: policy/v1\n  kind: PodDisruptionBudget\n  metadata:\n    name: a\n  spec:\n    maxUnavailable: 1\n    selector:\n      matchLabels:\n        app: a\n`);
  });

  it('adds a budget as a document behind its workload', () => {
    const text = documents(manifest('orders'), manifest('billing'));
    expect(write(text, { kind: 'add-disruption-budget', name: 'orders', labels: { app: 'orders' }, maxUnavailable: 1 })).toBe(documents(manifest('orders'), budget('orders'), manifest('billing')));
  });

  it('replaces the minimum of a budget, or the one number that it has', () => {
    expect(write(budget('a', '  minAvailable: 100% # all\n'), { kind: 'set-budget', maxUnavailable: 1 })).toBe(budget('a', '  maxUnavailable: 1 # all\n'));
    expect(write(budget('a', '  maxUnavailable: 0\n'), { kind: 'set-budget', maxUnavailable: 1 })).toBe(budget('a', '  maxUnavailable: 1\n'));
  });

  it('drops the numbers of a rolling update with it', () => {
    const text = manifest('a', { spec: '  strategy:\n    type: RollingUpdate\n    rollingUpdate:\n      maxSurge: 1' });
    expect(write(text, { kind: 'set-rollout', strategy: 'recreate' })).toBe(manifest('a', { spec: '  strategy:\n    type: Recreate' }));
  });

  it('sets pod, hook, selector and mount', () => {
    expect(write(manifest('a'), { kind: 'set-stop-grace-period', seconds: 40 })).toBe(manifest('a', { pod: '      terminationGracePeriodSeconds: 40' }));
    expect(write(manifest('a', { container: '          args: [x]' }), { kind: 'add-pre-stop', seconds: 5 }, CONTAINER)).toContain('          lifecycle:\n            preStop:\n              exec:\n                command: ["sleep", "5"]\n');
    expect(write('apiVersion: v1\nkind: Service\nmetadata:\n  name: a\nspec:\n  selector:\n    app: "b"\n', { kind: 'set-selector', labels: { app: 'a' } })).toContain('    app: "a"\n');
    expect(write(manifest('a', { container: '          volumeMounts:\n            - name: d\n              mountPath: /x' }), { kind: 'set-mount-target', from: '/x', to: '/y' }, CONTAINER)).toContain('mountPath: /y');
  });

  it('never touches a line with a template action, nor what such a line belongs to', () => {
    const text = manifest('a', { spec: '  replicas: {{ .Values.n }}', container: '          resources:\n            {{- toYaml .Values.r | nindent 12 }}' });
    expect(write(text, { kind: 'set-instances', count: 2 })).toBeUndefined();
    expect(write(text, { kind: 'set-memory-limit', memory: '1Gi' }, CONTAINER)).toBeUndefined();
    expect(write(text, { kind: 'set-stop-grace-period', seconds: 40 })).toContain('      terminationGracePeriodSeconds: 40\n      containers:');
  });

  it('declines where the place is gone or the word is of another format', () => {
    expect(write(manifest('a'), READINESS, ['spec', 'template', 'spec', 'containers', 3])).toBeUndefined();
    expect(write('', READINESS, CONTAINER)).toBeUndefined();
    expect(write(manifest('a'), { kind: 'set-restart', policy: 'always' }, [], 4)).toBeUndefined();
    expect(write(manifest('a'), { kind: 'set-command', instruction: 'CMD', argv: ['a'] })).toBeUndefined();
  });
});
