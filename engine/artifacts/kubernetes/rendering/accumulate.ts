// Renders one overlay: what its kustomization takes in, with everything that this and the kustomizations below it change. The order of the steps is kustomize's own (api/internal/target, v5.7).

import type { Span } from '../../../text';
import type { YamlNode } from '../../yaml/tree';
import type { KubernetesFacts, KubernetesObject, KustomizationObject, KustomizePatch, KustomizeTarget } from '../facts';
import { addressOf } from './address';
import { applyJsonPatch } from './json-patch';
import { hasForeignDirectives, mergePatch, patchTarget } from './merge';
import { changeAt, child, parseSource, scalar, textAt } from './nodes';
import { isTarget, type Answer, type Candidate } from './targets';
import { addAnnotations, addLabels, renameReferences, setImages, setReplicas } from './transformers';

/** An object on its way through the kustomizations. */
export interface Accumulated {
  readonly facts: KubernetesFacts;
  readonly origin: KubernetesObject;
  /** Undefined for kinds of which only the name is asked. */
  readonly node: YamlNode | undefined;
  /** Its own name, and every one that a prefix or suffix made of it; the last one holds. */
  readonly names: readonly string[];
  readonly namespaces: readonly (string | undefined)[];
  /** Something changes it in a way that is not known: none of its values can be told. */
  readonly isOpaque: boolean;
}

export interface Accumulation {
  readonly objects: readonly Accumulated[];
  /** Every resource was found and read. */
  readonly isComplete: boolean;
}

/** All kustomizations of a workspace, and what they share while they are rendered. */
export interface Workspace {
  readonly files: ReadonlyMap<string, { readonly facts: KubernetesFacts; readonly number: number }>;
  readonly kustomizations: ReadonlyMap<string, { readonly facts: KubernetesFacts; readonly object: KustomizationObject }>;
  readonly trees: Map<KubernetesObject, YamlNode | undefined>;
  /** Numbers of the files that were asked for: as long as these stay the same, so does what is made of them. */
  readonly used: Set<number>;
}

/** Kustomizations of kustomizations; more is a mistake. */
const DEEPEST = 20;
/** Objects of one overlay. */
const MOST_OBJECTS = 5_000;

/** Renders the kustomization of a folder; `given` are the objects that a component finds. */
export function accumulate(folder: string, workspace: Workspace, given: readonly Accumulated[] = [], above: readonly string[] = []): Accumulation {
  const found = kustomizationOf(folder, workspace);
  if (!found || above.includes(folder) || above.length > DEEPEST || given.length > MOST_OBJECTS) return { objects: given, isComplete: false };
  const { object } = found;
  let isComplete = !object.hasOpenObjects;
  let objects = [...given];
  for (const resource of object.resources) {
    const taken = takeIn(join(folder, resource), resource, workspace, [...above, folder]);
    isComplete &&= taken.isComplete;
    objects = [...objects, ...taken.objects];
  }
  for (const component of object.components) {
    const made = accumulate(join(folder, component), workspace, objects, [...above, folder]);
    isComplete &&= made.isComplete;
    ({ objects } = { objects: [...made.objects] });
  }
  return { objects: transform(objects, found, folder, workspace), isComplete };
}

function fileAt(path: string, workspace: Workspace): { readonly facts: KubernetesFacts; readonly number: number } | undefined {
  const file = workspace.files.get(path);
  if (file) workspace.used.add(file.number);
  return file;
}

/** A file of that name that holds no kustomization yet may hold one later: it counts as asked for. */
function kustomizationOf(folder: string, workspace: Workspace): { readonly facts: KubernetesFacts; readonly object: KustomizationObject } | undefined {
  for (const name of ['kustomization.yaml', 'kustomization.yml', 'Kustomization']) fileAt(join(folder, name), workspace);
  return workspace.kustomizations.get(folder);
}

function takeIn(path: string, resource: string, workspace: Workspace, above: readonly string[]): Accumulation {
  if (isRemote(resource)) return { objects: [], isComplete: false };
  const file = fileAt(path, workspace);
  if (!file) return kustomizationOf(path, workspace) ? accumulate(path, workspace, [], above) : { objects: [], isComplete: false };
  const objects = file.facts.objects.map((origin): Accumulated => {
    const node = treeOf(origin, file.number, workspace);
    return { facts: file.facts, origin, node, names: [origin.name], namespaces: [origin.namespace], isOpaque: origin.source !== undefined && node === undefined };
  });
  return { objects, isComplete: !file.facts.hasErrors && objects.every((one) => !one.isOpaque) && (!file.facts.isTemplate || file.facts.objects.some((origin) => origin.source !== undefined)) };
}

function isRemote(resource: string): boolean {
  return /:\/\/|^git@|[?&]ref=|^github\.com\//.test(resource);
}

function treeOf(object: KubernetesObject, file: number, workspace: Workspace): YamlNode | undefined {
  if (!workspace.trees.has(object)) workspace.trees.set(object, object.source && parseSource(object.source, file));
  return workspace.trees.get(object);
}

function transform(objects: readonly Accumulated[], { facts, object }: { readonly facts: KubernetesFacts; readonly object: KustomizationObject }, folder: string, workspace: Workspace): Accumulated[] {
  const number = workspace.files.get(facts.path)?.number ?? 0;
  let current = [...objects];
  for (const patch of object.patches) current = applyPatch(current, patch, folder, number, workspace);
  if (object.namespace !== undefined) current = setNamespace(current, object.namespace, addressOf(number, object.kindSpan));
  if (object.namePrefix !== '' || object.nameSuffix !== '') current = rename(current, object.namePrefix, object.nameSuffix);
  for (const labels of object.addedLabels) current = change(current, (node, one) => addLabels(node, one.origin.group, one.origin.kind, labels, addressOf(number, labels.span)));
  const { addedAnnotations } = object;
  if (addedAnnotations) current = change(current, (node, one) => addAnnotations(node, one.origin.kind, addedAnnotations.pairs, addressOf(number, addedAnnotations.span)));
  for (const { name, count, span } of object.replicas) current = change(current, (node, one) => (one.names.includes(name) ? setReplicas(node, one.origin.kind, count, addressOf(number, span)) : node));
  const images = object.images.map((image) => ({ ...image, at: addressOf(number, image.span) }));
  if (images.length > 0) current = change(current, (node) => setImages(node, images));
  if (object.transformers.some((path) => !isHarmless(join(folder, path), workspace))) current = current.map((one) => ({ ...one, isOpaque: true }));
  for (const target of object.openTargets) current = current.map((one) => (isTarget(target, candidate(one)) === 'no' ? one : { ...one, isOpaque: true }));
  return current;
}

/** Steps that rename and label everything alike: who belongs to whom stays as it is. */
const HARMLESS = new Set(['LabelTransformer', 'AnnotationsTransformer', 'NamespaceTransformer', 'PrefixTransformer', 'SuffixTransformer', 'PrefixSuffixTransformer']);

function isHarmless(path: string, workspace: Workspace): boolean {
  const objects = fileAt(path, workspace)?.facts.objects ?? [];
  return objects.length > 0 && objects.every(({ kind }) => HARMLESS.has(kind));
}

function change(objects: readonly Accumulated[], step: (node: YamlNode, one: Accumulated) => YamlNode): Accumulated[] {
  return objects.map((one) => (one.node ? { ...one, node: step(one.node, one) } : one));
}

function candidate(one: Accumulated): Candidate {
  const { origin, node } = one;
  const texts = (key: string): Record<string, string> => {
    const map = child(child(node, 'metadata'), key);
    return Object.fromEntries(map?.kind === 'map' ? map.pairs.flatMap((pair) => (pair.value.kind === 'scalar' ? [[pair.name, pair.value.text]] : [])) : []);
  };
  return { group: origin.group, kind: origin.kind, names: one.names, namespaces: one.namespaces, labels: node ? texts('labels') : origin.labels.entries, annotations: node ? texts('annotations') : origin.annotations.entries };
}

function setNamespace(objects: readonly Accumulated[], namespace: string, at: Span): Accumulated[] {
  return objects.map((one) => {
    if (CLUSTER_KINDS.has(one.origin.kind)) return one;
    const node = one.node && changeAt(one.node, ['metadata', 'namespace'], () => scalar(namespace, at), at);
    return { ...one, node, namespaces: [...one.namespaces, namespace] };
  });
}

const CLUSTER_KINDS = new Set(['Namespace', 'CustomResourceDefinition', 'APIService']);

/** Its cost is that of the references, each looked up by kind and name. */
function rename(objects: readonly Accumulated[], prefix: string, suffix: string): Accumulated[] {
  const names = new Map<string, string>();
  const renamed = objects.map((one): Accumulated => {
    if (CLUSTER_KINDS.has(one.origin.kind)) return one;
    const name = `${prefix}${one.names.at(-1) ?? ''}${suffix}`;
    for (const old of one.names) names.set(`${one.origin.kind}/${old}`, name);
    return { ...one, names: [...one.names, name] };
  });
  return change(renamed, (node, one) => renameReferences(node, one.origin.kind, (kind, name) => names.get(`${kind}/${name}`)));
}

interface ReadPatch {
  readonly tree: YamlNode | undefined;
  readonly target: KustomizeTarget | undefined;
}

/** The patches of an entry: a file may hold several. */
function readPatch(patch: KustomizePatch, folder: string, number: number, workspace: Workspace): readonly ReadPatch[] {
  if (patch.source) return [{ tree: parseSource(patch.source, number), target: patch.target }];
  const file = patch.file === undefined ? undefined : fileAt(join(folder, patch.file), workspace);
  // A file that is not read is of a kind that is not asked about, unless it names a target that is.
  if (!file) return patch.target ? [{ tree: undefined, target: patch.target }] : [];
  return file.facts.objects.map((object) => ({ tree: treeOf(object, file.number, workspace), target: patch.target ?? (object.type === 'json-patch' ? undefined : { kind: object.kind, name: object.name }) }));
}

function applyPatch(objects: readonly Accumulated[], patch: KustomizePatch, folder: string, number: number, workspace: Workspace): Accumulated[] {
  let current = [...objects];
  for (const { tree, target } of readPatch(patch, folder, number, workspace)) {
    const isOperations = tree?.kind === 'sequence' || textAt(tree, 'op') !== undefined;
    const own = tree && !isOperations ? patchTarget(tree) : undefined;
    current = current.flatMap((one) => {
      const answer: Answer = patch.target ? isTarget(patch.target, candidate(one)) : isNamed(one, own ?? target);
      if (answer === 'no' || !one.node) return [one];
      if (answer === 'unknown' || !tree || hasForeignDirectives(tree)) return [{ ...one, isOpaque: true }];
      if (isOperations) {
        const node = applyJsonPatch(one.node, tree);
        return [node ? { ...one, node } : { ...one, isOpaque: true }];
      }
      const node = mergePatch(one.node, tree, { hasKnownLists: !/\.[a-z]+\.|^argoproj\.io$|\.(?:dev|io|com|org)$/.test(one.origin.group) || one.origin.group.endsWith('.k8s.io') });
      return node ? [{ ...one, node }] : [];
    });
  }
  return current;
}

/** A merge patch without a target is for the object of its own kind and name, whichever of its names that is. */
function isNamed(one: Accumulated, own: { readonly kind?: string; readonly name?: string; readonly group?: string } | undefined): Answer {
  if (!own?.kind || !own.name) return 'no';
  return own.kind === one.origin.kind && one.names.includes(own.name) && (own.group === undefined || own.group === '' || own.group === one.origin.group) ? 'yes' : 'no';
}

/** Path of `relative` seen from `folder`, with `.` and `..` resolved. */
export function join(folder: string, relative: string): string {
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of relative.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}
