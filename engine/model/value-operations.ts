// Fixes of what a values file sets: the value is changed there, and the template that uses it stays.

import type { CloudLiteral } from '../artifacts/cloud';
import type { ArtifactIntent } from '../artifacts/intent';
import type { ArtifactOperation } from '../lint/fix';
import type { ValueSource } from './model';

/** The operation that does what is asked in the values file which sets that part; undefined where none does. */
export function valueOperation(sources: readonly ValueSource[], intent: ArtifactIntent): ArtifactOperation | undefined {
  for (const { path, value } of targetsOf(intent)) {
    // The nearest part around the one that is asked for: it may be a map that lacks it.
    const source = sources.filter((candidate) => candidate.path.length <= path.length && candidate.path.every((step, i) => step === path[i])).toSorted((a, b) => b.path.length - a.path.length)[0];
    if (!source) continue;
    // A whole probe goes only where there is none.
    if (intent.kind === 'set-probe' && (source.isEmpty !== true || source.path.length !== path.length)) return undefined;
    if (intent.kind === 'set-memory-limit' && intent.cpuRequest !== undefined) return withRequest(source, intent.memory, intent.cpuRequest);
    return setValue(source, [...source.at, ...path.slice(source.path.length)], value);
  }
  return undefined;
}

/** Limit and request are set at once, where the resources of the values are empty. */
function withRequest(source: ValueSource, memory: string, cpu: string): ArtifactOperation | undefined {
  if (source.isEmpty !== true || source.path.length !== 1) return undefined;
  return setValue(source, source.at, { limits: { memory }, requests: { cpu } });
}

function setValue(source: ValueSource, path: readonly (string | number)[], value: CloudLiteral): ArtifactOperation {
  return { language: 'artifact', file: source.file, resource: { file: source.file, format: 'helm', document: 0, path: [] }, intent: { kind: 'set-value', path, value } };
}

interface Target {
  readonly path: readonly (string | number)[];
  readonly value: CloudLiteral;
}

/** Where in a manifest an intent's value stands; the kinds whose places differ are tried one after the other. */
function targetsOf(intent: ArtifactIntent): readonly Target[] {
  switch (intent.kind) {
    case 'set-instances':
      return [{ path: ['spec', 'replicas'], value: intent.count }];
    case 'set-autoscaler-min':
      return [{ path: ['spec', 'minReplicas'], value: intent.count }, { path: ['spec', 'minReplicaCount'], value: intent.count }];
    case 'set-autoscaler-max':
      return [{ path: ['spec', 'maxReplicas'], value: intent.count }, { path: ['spec', 'maxReplicaCount'], value: intent.count }];
    case 'set-budget':
      return [{ path: ['spec', 'maxUnavailable'], value: intent.maxUnavailable }];
    case 'set-memory-limit':
      return [{ path: ['resources', 'limits', 'memory'], value: intent.memory }];
    case 'set-cpu-request':
      return [{ path: ['resources', 'requests', 'cpu'], value: intent.cpu }];
    case 'set-stop-grace-period':
      return [{ path: ['spec', 'template', 'spec', 'terminationGracePeriodSeconds'], value: intent.seconds }];
    case 'set-probe':
      return [{ path: [`${intent.probe}Probe`], value: probeOf(intent) }];
    case 'set-probe-field':
      return probeTargets(intent);
    default:
      return [];
  }
}

function probeOf({ handler, periodSeconds, timeoutSeconds, failureThreshold }: Extract<ArtifactIntent, { kind: 'set-probe' }>): CloudLiteral {
  const asked = handler.kind === 'http' ? { httpGet: { path: handler.path, port: handler.port } } : handler.kind === 'tcp' ? { tcpSocket: { port: handler.port } } : { exec: { command: handler.command } };
  const numbers = Object.entries({ periodSeconds, timeoutSeconds, failureThreshold }).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]));
  return { ...asked, ...Object.fromEntries(numbers) };
}

function probeTargets({ probe, field, value }: Extract<ArtifactIntent, { kind: 'set-probe-field' }>): readonly Target[] {
  const base = `${probe}Probe`;
  if (field !== 'port' && field !== 'path') return [{ path: [base, field], value }];
  return ['httpGet', 'tcpSocket'].map((handler) => ({ path: [base, handler, field], value }));
}
