// Reads an object that makes pods: counts, selector, pod template, volumes, spread and rollout.

import { entries, find, items, numberOf, textOf, textsOf } from '../yaml/look-up';
import type { YamlNode } from '../yaml/tree';
import type { JobFact, ObjectHeader, Selector, SpreadFact, VolumeFact, WorkloadObject } from './facts';
import { amountField, ask, isOpen, itemsAt, labelsAt, nodeAt, numberField, selectorAt, sourceText, textField, type Source } from './fields';
import { isTrue, readContainer } from './read-container';

/** Kinds that make pods, with the group they belong to where the kind alone is not telling. */
export function isWorkload(group: string, kind: string): boolean {
  switch (kind) {
    case 'Deployment':
    case 'StatefulSet':
    case 'DaemonSet':
    case 'ReplicaSet':
      return group === 'apps' || group === 'extensions' || group === 'apps.kruise.io';
    case 'CloneSet':
      return group === 'apps.kruise.io';
    case 'Pod':
    case 'ReplicationController':
      return group === '';
    case 'Job':
    case 'CronJob':
      return group === 'batch';
    case 'DeploymentConfig':
      return true;
    case 'Rollout':
      return group === 'argoproj.io';
    case 'Service':
      return group === 'serving.knative.dev';
    default:
      return false;
  }
}

function templatePath(kind: string): readonly string[] {
  if (kind === 'Pod') return [];
  return kind === 'CronJob' ? ['spec', 'jobTemplate', 'spec', 'template'] : ['spec', 'template'];
}

/** Reads the workload whose object node is `node`. */
export function readWorkload(source: Source, node: YamlNode, header: ObjectHeader): WorkloadObject {
  const template = [...templatePath(header.kind)];
  const spec = [...template, 'spec'];
  const pod = nodeAt(source, node, ...spec);
  const containers = (['containers', 'initContainers'] as const).flatMap((list) => itemsAt(source, pod, list).map((item, index) => readContainer(source, item, list, index, [...header.path, ...spec, list, index])));
  const hasPlainSelector = header.kind === 'ReplicationController' || header.kind === 'DeploymentConfig';
  const hasPodTemplate = containers.some((container) => container.list === 'containers' && container.image.state !== 'absent');
  return {
    ...header,
    type: 'workload',
    replicas: numberField(source, node, 'spec', 'replicas'),
    selector: header.kind === 'Pod' ? undefined : selectorAt(source, hasPlainSelector, node, 'spec', 'selector'),
    podLabels: labelsAt(source, node, ...template, 'metadata', 'labels'),
    podAnnotations: labelsAt(source, node, ...template, 'metadata', 'annotations'),
    containers,
    hasOpenContainers: isUnknownList(source, pod, 'containers'),
    volumes: itemsAt(source, pod, 'volumes').map((volume) => readVolume(source, volume)),
    claimTemplates: itemsAt(source, node, 'spec', 'volumeClaimTemplates').map((claim) => ({
      name: textOf(find(claim, 'metadata', 'name')?.node) ?? '',
      accessModes: items(find(claim, 'spec', 'accessModes')?.node).flatMap((mode) => textOf(mode) ?? []),
    })),
    hasOpenVolumes: isUnknownList(source, pod, 'volumes') || ask(source, node, 'spec', 'volumeClaimTemplates').kind === 'unknown',
    spread: readSpread(source, pod),
    ...readRollout(source, node),
    revisionHistoryLimit: numberField(source, node, 'spec', 'revisionHistoryLimit'),
    gracePeriodSeconds: numberField(source, pod, 'terminationGracePeriodSeconds'),
    restartPolicy: textField(source, pod, 'restartPolicy'),
    usesHostNetwork: isTrue(nodeAt(source, pod, 'hostNetwork')),
    usesHostPort: itemsAt(source, pod, 'containers').some((item) => itemsAt(source, item, 'ports').some((port) => (numberOf(find(port, 'hostPort')?.node) ?? 0) > 0)),
    sharesProcesses: isTrue(nodeAt(source, pod, 'shareProcessNamespace')),
    hasPodTemplate,
    minScale: minScale(source, node),
    isOwned: find(node, 'metadata', 'ownerReferences') !== undefined,
    priorityClass: textField(source, pod, 'priorityClassName'),
    partition: numberField(source, node, 'spec', 'updateStrategy', 'rollingUpdate', 'partition'),
    ...(header.kind === 'Job' || header.kind === 'CronJob' ? { job: readJob(source, node, header.kind === 'Job' ? ['spec'] : ['spec', 'jobTemplate', 'spec']) } : {}),
  };
}

function readJob(source: Source, node: YamlNode, spec: readonly string[]): JobFact {
  return {
    schedule: textField(source, node, 'spec', 'schedule'),
    concurrency: textField(source, node, 'spec', 'concurrencyPolicy'),
    startingDeadlineSeconds: numberField(source, node, 'spec', 'startingDeadlineSeconds'),
    deadlineSeconds: numberField(source, node, ...spec, 'activeDeadlineSeconds'),
    backoffLimit: numberField(source, node, ...spec, 'backoffLimit'),
    isSuspended: isTrue(nodeAt(source, node, 'spec', 'suspend')),
  };
}

function isUnknownList(source: Source, pod: YamlNode | undefined, key: string): boolean {
  const answer = ask(source, pod, key);
  return answer.kind === 'unknown' || (answer.kind === 'node' && isOpen(source, answer.node));
}

function readVolume(source: Source, volume: YamlNode): VolumeFact {
  const name = sourceText(source, find(volume, 'name')?.node) ?? '';
  for (const { name: key, value } of entries(volume)) {
    switch (key) {
      case 'name':
        break;
      case 'persistentVolumeClaim': {
        const claim = sourceText(source, find(value, 'claimName')?.node);
        return { name, kind: 'claim', ...(claim === undefined ? {} : { source: claim }) };
      }
      case 'emptyDir':
        return { name, kind: textOf(find(value, 'medium')?.node) === 'Memory' ? 'memory' : 'empty' };
      case 'hostPath':
        return { name, kind: 'host' };
      case 'configMap':
      case 'secret':
      case 'projected':
      case 'downwardAPI':
        return { name, kind: 'config' };
      case 'ephemeral':
        return { name, kind: 'ephemeral' };
      case 'nfs':
      case 'csi':
      case 'awsElasticBlockStore':
      case 'gcePersistentDisk':
      case 'azureDisk':
      case 'azureFile':
      case 'cephfs':
      case 'rbd':
      case 'glusterfs':
      case 'iscsi':
        return { name, kind: 'claim' };
      default:
        return { name, kind: 'unknown' };
    }
  }
  return { name, kind: 'unknown' };
}

function readSpread(source: Source, pod: YamlNode | undefined): SpreadFact {
  const terms: SpreadFact['terms'][number][] = [];
  let open = false;
  const constraints = ask(source, pod, 'topologySpreadConstraints');
  if (constraints.kind === 'unknown') open = true;
  if (constraints.kind === 'node') {
    open ||= isOpen(source, constraints.node);
    for (const item of items(constraints.node)) terms.push(readTerm(source, item, 'constraint'));
  }
  for (const force of ['requiredDuringSchedulingIgnoredDuringExecution', 'preferredDuringSchedulingIgnoredDuringExecution']) {
    const list = ask(source, pod, 'affinity', 'podAntiAffinity', force);
    if (list.kind === 'unknown') open = true;
    if (list.kind !== 'node') continue;
    open ||= isOpen(source, list.node);
    for (const item of items(list.node)) terms.push(readTerm(source, find(item, 'podAffinityTerm')?.node ?? item, 'anti-affinity'));
  }
  return { terms, isOpen: open };
}

function readTerm(source: Source, item: YamlNode, form: 'anti-affinity' | 'constraint'): SpreadFact['terms'][number] {
  const key = textField(source, item, 'topologyKey');
  const namespaces = find(item, 'namespaces')?.node;
  return {
    form,
    topologyKey: key.state === 'set' ? key.value : '',
    selector: selectorAt(source, false, item, 'labelSelector'),
    excludesNamespace: namespaces !== undefined || find(item, 'namespaceSelector') !== undefined,
    span: key.state === 'set' ? key.span : item.span,
  };
}

function readRollout(source: Source, node: YamlNode): Pick<WorkloadObject, 'strategy' | 'maxUnavailable' | 'maxSurge'> {
  const key = ask(source, node, 'spec', 'updateStrategy').kind === 'absent' ? 'strategy' : 'updateStrategy';
  const strategy = nodeAt(source, node, 'spec', key);
  const canary = find(strategy, 'canary')?.node;
  const detail = canary ? [key, 'canary'] : [key, 'rollingUpdate'];
  return {
    strategy: textField(source, node, 'spec', key, 'type'),
    maxUnavailable: amountField(source, node, 'spec', ...detail, 'maxUnavailable'),
    maxSurge: amountField(source, node, 'spec', ...detail, 'maxSurge'),
  };
}

function minScale(source: Source, node: YamlNode): WorkloadObject['minScale'] {
  const annotations = nodeAt(source, node, 'spec', 'template', 'metadata', 'annotations');
  const found = numberField(source, annotations, 'autoscaling.knative.dev/min-scale');
  return found.state === 'absent' ? numberField(source, annotations, 'autoscaling.knative.dev/minScale') : found;
}

/** A selector that is a plain map of labels. */
export function plainSelector(node: YamlNode): Selector {
  return { labels: textsOf(node), expressions: [], isOpen: false, span: node.span };
}
