// Questions that several rules ask of the model, in one place so that all rules draw the same line.

import type { WorkloadRole } from '../../catalog/schema';
import type { Severity } from '../lint/finding';
import type { ArtifactOperation } from '../lint/fix';
import type { ArtifactIntent } from '../artifacts/intent';
import { isAuxiliary, isDataStore } from './images/known-images';
import { valueOperation } from './value-operations';
import type { Autoscaler, Container, ResourceRef, Route, Setting, Workload } from './model';

/** The value that holds, written or by default; undefined where it is absent or unknown. */
export function settled<T>(setting: Setting<T>): T | undefined {
  return setting.state === 'set' || setting.state === 'default' ? setting.value : undefined;
}

/** The lowest number of instances that runs: of its autoscaler, else its own count. Undefined where it cannot be known. */
export function leastInstances(workload: Workload): number | undefined {
  if (workload.isPerNode || workload.isOneShot) return undefined;
  const scalers = activeAutoscalers(workload);
  if (scalers.length === 0) return settled(workload.instances);
  const minimums = scalers.map((scaler) => (scaler.isAssumed ? undefined : settled(scaler.min)));
  return minimums.every((least) => least !== undefined) ? Math.max(...minimums) : undefined;
}

/** Autoscalers that a chart does not leave switched off. */
export function activeAutoscalers(workload: Workload): readonly Autoscaler[] {
  return workload.autoscalers.filter((scaler) => scaler.isOff !== true);
}

/** Runs for long, is whole, and matters to someone: what most rules speak about. */
export function isSubject(workload: Workload): boolean {
  return !workload.isFragment && !workload.isOneShot && !isAuxiliary(workload.role);
}

/** A subject of which is asked what it lacks. What is there for tests lacks much on purpose; what is broken in it is still said. */
export function isWanted(workload: Workload): boolean {
  return isSubject(workload) && workload.environment !== 'test';
}

/** Answers requests from any of its instances: a second one is just as good. */
export function isRequestServer(role: WorkloadRole): boolean {
  return role === 'app' || role === 'proxy' || role === 'identity';
}

export function keepsData(workload: Workload): boolean {
  return isDataStore(workload.role);
}

/** Files that say they are for development or tests: what is found there is advice at most. What a chart leaves switched off hurts only whoever switches it on. */
export function severityFor(workload: Workload, severity: Severity): Severity {
  if (workload.environment === 'development' || workload.environment === 'test') return 'advice';
  return workload.isOff && (severity === 'error' || severity === 'warning') ? 'info' : severity;
}

/** False for a file or service that says it is for development or tests: what it lacks is not asked of it, what is broken in it still counts as advice. */
export function isDeployed(workload: Workload): boolean {
  return workload.environment !== 'development' && workload.environment !== 'test';
}

/** Probes, requests, budgets and autoscalers are words of this platform alone: where they are missing elsewhere, nothing is missing. */
export function isOnKubernetes(workload: Workload): boolean {
  return workload.format === 'kubernetes';
}

/** Free of lines: `Deployment/orders`, `Deployment/orders/container/app`. */
export function subjectOf(workload: Workload, container?: Container): string {
  const own = `${workload.kind}/${workload.name}`;
  return container ? `${own}/container/${container.name}` : own;
}

/** One operation of a fix on an artifact; on the values file that sets what is to be changed, where one does. */
export function intend(resource: ResourceRef, intent: ArtifactIntent): ArtifactOperation {
  const inValues = resource.fromValues && valueOperation(resource.fromValues, intent);
  if (inValues) return inValues;
  return { language: 'artifact', file: resource.file, resource, intent };
}

/** Labels that select exactly this workload's instances: its selector, else the labels of its instances. Undefined where they cannot be known. */
export function selectingLabels(workload: Workload): Readonly<Record<string, string>> | undefined {
  if (workload.hasComputedLabels) return undefined;
  const labels = workload.replicasOfSelector ?? workload.labels;
  const all = Object.entries(labels);
  return all.length > 0 && all.every(([, value]) => !value.includes('{{')) ? labels : undefined;
}

/** Autoscalers that are certain, each once. */
export function certainAutoscalers(workload: Workload): readonly Autoscaler[] {
  return workload.autoscalers.filter((scaler) => !scaler.isAssumed);
}

/** Containers that answer the workload's requests: those that own a port its Services send to, else those with a port, else the first. */
export function servingContainers(workload: Workload, routes: readonly Route[]): readonly Container[] {
  const mains = workload.containers.filter((container) => container.kind === 'main' && !isAuxiliary(container.role));
  const wanted = new Set(routes.filter((route) => route.targets.includes(workload.id)).flatMap((route) => route.ports.flatMap((port) => port.targetPort ?? port.port ?? [])));
  const owners = mains.filter((container) => container.ports.some((port) => (port.number !== undefined && wanted.has(port.number)) || (port.name !== undefined && wanted.has(port.name))));
  if (owners.length > 0) return owners;
  const withPorts = mains.filter((container) => container.ports.length > 0);
  return withPorts.length > 0 ? withPorts : mains.slice(0, 1);
}

/** Name of a container for a message: the workload's own name where it has only one. */
export function containerLabel(workload: Workload, container: Container): string {
  const mains = workload.containers.filter((candidate) => candidate.kind !== 'init');
  return mains.length <= 1 || container.name === '' ? workload.name : container.name;
}
