// What a kustomization does to the objects that it takes in besides patches: labels, names, counts and images. Field lists are those of kustomize's own configuration (api/internal/konfig/builtinpluginconsts, v5.7).

import type { Span } from '../../../text';
import type { YamlNode } from '../../yaml/tree';
import type { KustomizeImage, KustomizeLabels } from '../facts';
import { changeAt, emptyMap, entry, scalar, textAt, withPair } from './nodes';

const APPS = new Set(['Deployment', 'ReplicaSet', 'DaemonSet', 'StatefulSet']);
const AFFINITY = ['podAffinity', 'podAntiAffinity'].flatMap((form) => [
  ['spec', 'template', 'spec', 'affinity', form, 'preferredDuringSchedulingIgnoredDuringExecution', '*', 'podAffinityTerm', 'labelSelector', 'matchLabels'],
  ['spec', 'template', 'spec', 'affinity', form, 'requiredDuringSchedulingIgnoredDuringExecution', '*', 'labelSelector', 'matchLabels'],
]);

interface LabelField {
  readonly path: readonly string[];
  /** The map is made where it is missing. */
  readonly isMade: boolean;
}

function templateFields(kind: string): LabelField[] {
  if (APPS.has(kind) || kind === 'ReplicationController' || kind === 'Job') return [{ path: ['spec', 'template', 'metadata', 'labels'], isMade: true }];
  return kind === 'CronJob' ? [{ path: ['spec', 'jobTemplate', 'metadata', 'labels'], isMade: true }, { path: ['spec', 'jobTemplate', 'spec', 'template', 'metadata', 'labels'], isMade: true }] : [];
}

function selectorFields(kind: string): LabelField[] {
  const seen = (path: readonly string[]): LabelField => ({ path, isMade: false });
  if (kind === 'Service' || kind === 'ReplicationController') return [{ path: ['spec', 'selector'], isMade: true }];
  if (kind === 'PodDisruptionBudget' || kind === 'Job') return [seen(['spec', 'selector', 'matchLabels'])];
  if (!APPS.has(kind)) return [];
  const spreads = kind === 'Deployment' || kind === 'StatefulSet' ? [seen(['spec', 'template', 'spec', 'topologySpreadConstraints', '*', 'labelSelector', 'matchLabels'])] : [];
  return [{ path: ['spec', 'selector', 'matchLabels'], isMade: true }, ...AFFINITY.map(seen), ...spreads];
}

/** Adds labels to an object and, as far as they reach, to its template and selectors. */
export function addLabels(node: YamlNode, group: string, kind: string, labels: KustomizeLabels, at: Span): YamlNode {
  const isOwn = kind !== 'Service' || group === '';
  const fields: LabelField[] = [
    { path: ['metadata', 'labels'], isMade: true },
    ...(labels.reach === 'object' ? [] : templateFields(kind)),
    ...(labels.reach === 'selectors' && isOwn ? selectorFields(kind) : []),
  ];
  let changed = node;
  for (const { path, isMade } of fields) changed = changeAt(changed, path, (value) => withLabels(value, labels.pairs, at), isMade ? at : undefined);
  return changed;
}

/** Adds annotations to an object and its pod template. */
export function addAnnotations(node: YamlNode, kind: string, pairs: Readonly<Record<string, string>>, at: Span): YamlNode {
  const paths = [['metadata', 'annotations'], ...templateFields(kind).map(({ path }) => [...path.slice(0, -1), 'annotations'])];
  return paths.reduce((changed, path) => changeAt(changed, path, (value) => withLabels(value, pairs, at), at), node);
}

function withLabels(value: YamlNode | undefined, pairs: Readonly<Record<string, string>>, at: Span): YamlNode | undefined {
  let map = value?.kind === 'map' ? value : emptyMap(at);
  for (const [name, text] of Object.entries(pairs)) map = withPair(map, entry(name, scalar(text, at), at));
  return map;
}

const COUNTED = new Set(['Deployment', 'ReplicaSet', 'ReplicationController', 'StatefulSet']);

/** Sets the number of instances of a kind that kustomize counts. */
export function setReplicas(node: YamlNode, kind: string, count: number, at: Span): YamlNode {
  return COUNTED.has(kind) ? changeAt(node, ['spec', 'replicas'], () => scalar(String(count), at), at) : node;
}

/** Changes every image of that name, in containers and init containers wherever they stand. */
export function setImages(node: YamlNode, images: readonly (KustomizeImage & { readonly at: Span })[]): YamlNode {
  let changed = node;
  for (const image of images) changed = setImage(changed, image);
  return changed;
}

function setImage(node: YamlNode, image: KustomizeImage & { readonly at: Span }): YamlNode {
  if (node.kind === 'sequence') return mapItems(node, (item) => setImage(item, image));
  if (node.kind !== 'map') return node;
  let changed = node;
  for (const pair of node.pairs) {
    const isList = (pair.name === 'containers' || pair.name === 'initContainers') && pair.value.kind === 'sequence';
    const value = isList ? changeAt(pair.value, ['*', 'image'], (own) => newImage(own, image)) : setImage(pair.value, image);
    if (value !== pair.value) changed = withPair(changed, { ...pair, value });
  }
  return changed;
}

function mapItems(node: YamlNode & { readonly kind: 'sequence' }, change: (item: YamlNode) => YamlNode): YamlNode {
  const items = node.items.map(change);
  return items.every((item, i) => item === node.items[i]) ? node : { ...node, items };
}

function newImage(own: YamlNode | undefined, image: KustomizeImage & { readonly at: Span }): YamlNode | undefined {
  const text = own?.kind === 'scalar' ? own.text : undefined;
  if (text === undefined || !(text === image.name || text.startsWith(`${image.name}:`) || text.startsWith(`${image.name}@`)) || text.slice(image.name.length).includes('/')) return undefined;
  const [, tag = '', digest = ''] = /^(:[^@]*)?(@.*)?$/.exec(text.slice(image.name.length)) ?? [];
  const suffix = image.digest !== undefined ? `${image.newTag === undefined ? '' : `:${image.newTag}`}@${image.digest}` : image.newTag !== undefined ? `:${image.newTag}` : tag + digest;
  return scalar((image.newName ?? image.name) + suffix, image.at);
}

const INGRESS_BACKENDS = [['spec', 'defaultBackend'], ['spec', 'backend'], ['spec', 'rules', '*', 'http', 'paths', '*', 'backend']];
const POD_SPECS = [['spec'], ['spec', 'template', 'spec'], ['spec', 'jobTemplate', 'spec', 'template', 'spec']];

/** Renames what an object refers to by name; `renamed` gives the new name of a kind's object. */
export function renameReferences(node: YamlNode, kind: string, renamed: (kind: string, name: string) => string | undefined): YamlNode {
  const rename = (of: string) => (value: YamlNode | undefined): YamlNode | undefined => {
    const name = value?.kind === 'scalar' ? renamed(of, value.text) : undefined;
    return name === undefined || value?.kind !== 'scalar' ? undefined : { ...value, text: name };
  };
  let changed = node;
  if (kind === 'HorizontalPodAutoscaler') changed = changeAt(changed, ['spec', 'scaleTargetRef', 'name'], rename(textAt(node, 'spec', 'scaleTargetRef', 'kind') ?? ''));
  if (kind === 'Ingress') {
    for (const path of INGRESS_BACKENDS) for (const end of [['service', 'name'], ['serviceName']]) changed = changeAt(changed, [...path, ...end], rename('Service'));
  }
  if (kind === 'StatefulSet') changed = changeAt(changed, ['spec', 'serviceName'], rename('Service'));
  for (const pod of POD_SPECS) {
    changed = changeAt(changed, [...pod, 'volumes', '*', 'persistentVolumeClaim', 'claimName'], rename('PersistentVolumeClaim'));
    for (const list of ['containers', 'initContainers']) {
      changed = changeAt(changed, [...pod, list, '*', 'envFrom', '*', 'configMapRef', 'name'], rename('ConfigMap'));
      changed = changeAt(changed, [...pod, list, '*', 'env', '*', 'valueFrom', 'configMapKeyRef', 'name'], rename('ConfigMap'));
    }
  }
  return changed;
}
