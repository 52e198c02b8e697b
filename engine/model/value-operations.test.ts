import { describe, expect, it } from 'vitest';
import { applyEdits } from '../text';
import { helmFormat } from '../artifacts/helm/format';
import type { ArtifactIntent } from '../artifacts/intent';
import type { ValueSource } from './model';
import { valueOperation } from './value-operations';

const values = 'replicaCount: 1 # one\nresources: {}\nweb:\n  resources:\n    requests:\n      cpu: 1\n  readinessProbe:\n    httpGet:\n      path: /\n';
const sources: readonly ValueSource[] = [
  { path: ['spec', 'replicas'], file: 'values.yaml', at: ['replicaCount'] },
  { path: ['resources'], file: 'values.yaml', at: ['resources'], isEmpty: true },
  { path: ['readinessProbe'], file: 'values.yaml', at: ['web', 'readinessProbe'] },
];

function written(intent: ArtifactIntent, from = sources): string | undefined {
  const operation = valueOperation(from, intent);
  const edits = operation && helmFormat.write(values, operation.resource, operation.intent);
  return edits && applyEdits(values, edits).text;
}

describe('a fix of what a values file sets', () => {
  it('changes the value where it stands', () => {
    expect(written({ kind: 'set-instances', count: 2 })).toBe(values.replace('1 # one', '2 # one'));
  });

  it('adds what a map in the values lacks', () => {
    expect(written({ kind: 'set-probe-field', probe: 'readiness', field: 'failureThreshold', value: 9 })).toBe(values.replace('      path: /\n', '      path: /\n    failureThreshold: 9\n'));
    expect(written({ kind: 'set-probe-field', probe: 'readiness', field: 'path', value: '/ready' })).toBe(values.replace('path: /', 'path: /ready'));
    const filled = [{ path: ['resources'], file: 'values.yaml', at: ['web', 'resources'] }];
    expect(written({ kind: 'set-memory-limit', memory: '1Gi' }, filled)).toBe(values.replace('      cpu: 1\n', '      cpu: 1\n    limits:\n      memory: 1Gi\n'));
  });

  it('sets limit and request together only where there are none', () => {
    expect(written({ kind: 'set-memory-limit', memory: '1Gi', cpuRequest: '100m' })).toBe(values.replace('resources: {}', 'resources: { limits: { memory: 1Gi }, requests: { cpu: 100m } }'));
    expect(written({ kind: 'set-memory-limit', memory: '1Gi', cpuRequest: '100m' }, [{ path: ['resources'], file: 'values.yaml', at: ['web', 'resources'] }])).toBeUndefined();
  });

  it('is none where no values file sets that part', () => {
    expect(written({ kind: 'set-stop-grace-period', seconds: 30 })).toBeUndefined();
    expect(written({ kind: 'add-pre-stop', seconds: 5 })).toBeUndefined();
  });
});
