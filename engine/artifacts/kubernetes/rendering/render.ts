// Renders every overlay that nobody builds on, and reads the outcome by the same readers as files: a base is judged as it is deployed.

import type { Location, Span } from '../../../text';
import type { YamlNode } from '../../yaml/tree';
import type { ResourceRef } from '../../../model/model';
import type { ContainerFact, KubernetesFacts, KubernetesObject, KustomizationObject, WorkloadObject } from '../facts';
import { labelsAt, type Source } from '../fields';
import { isKustomizationPath } from '../kustomize';
import { readObject } from '../read-object';
import { accumulate, join, type Accumulated, type Workspace } from './accumulate';
import { placeOf } from './address';
import { textAt } from './nodes';

export interface RenderedObject {
  /** The file that the object comes from. */
  readonly facts: KubernetesFacts;
  /** As its own file says it. */
  readonly origin: KubernetesObject;
  /** As it is deployed. Its spans are addresses: `locate` gives their places. */
  readonly object: KubernetesObject;
  readonly isOpaque: boolean;
  /** Where a container is written: in the object's own file, or in a patch. */
  readonly containerRef: (container: ContainerFact) => ResourceRef;
}

export interface Overlay {
  readonly folder: string;
  readonly isComplete: boolean;
  readonly objects: readonly RenderedObject[];
}

export interface Rendering {
  readonly overlays: readonly Overlay[];
  /** Files whose objects are judged as rendered, or that are patches: alone they say nothing. */
  readonly covered: ReadonlySet<string>;
  readonly locate: (span: Span) => Location;
}

/** Objects of all overlays together; overlays beyond it are not rendered. */
const MOST_OBJECTS = 20_000;

/** Renders the overlays of a workspace. `facts` are sorted by path. Cost: the objects of each overlay times the steps on their way. */
export function renderKustomizations(facts: readonly KubernetesFacts[]): Rendering {
  const paths = facts.map((file) => file.path);
  const kustomizations = new Map<string, { readonly facts: KubernetesFacts; readonly object: KustomizationObject }>();
  for (const file of facts) for (const object of file.objects) if (object.type === 'kustomization' && isKustomizationPath(file.path)) kustomizations.set(folderOf(file.path), { facts: file, object });
  const workspace: Workspace = { files: new Map(facts.map((file, number) => [file.path, { facts: file, number }])), kustomizations, trees: new Map(), used: new Set() };
  const used = new Set<string>();
  const covered = new Set<string>();
  for (const [folder, { object }] of kustomizations) {
    for (const resource of [...object.resources, ...object.components]) used.add(join(folder, resource));
    for (const patch of object.patches) if (patch.file !== undefined) covered.add(join(folder, patch.file));
  }
  const overlays: Overlay[] = [];
  const before = last && isSameList(last.paths, paths) ? last : undefined;
  const kept = new Map<string, KeptOverlay>();
  const containers = new Map<KubernetesFacts, ReadonlyMap<number, Written>>();
  let left = MOST_OBJECTS;
  for (const [folder, { object }] of kustomizations) {
    if (used.has(folder) || object.kind === 'Component' || left < 0) continue;
    const known = before?.overlays.get(folder);
    const isFresh = known?.used.every((number) => before?.facts[number] === facts[number]) === true;
    const one = known && isFresh ? known : renderOne(folder, paths, workspace, containers);
    kept.set(folder, one);
    left -= one.overlay.objects.length;
    for (const object of one.overlay.objects) covered.add(object.facts.path);
    overlays.push(one.overlay);
  }
  last = { paths, facts, overlays: kept };
  return { overlays, covered, locate: (span) => placeOf(paths, span) };
}

interface KeptOverlay {
  readonly overlay: Overlay;
  /** Numbers of the files that it is made of. */
  readonly used: readonly number[];
}

/** What was rendered last: an edit renders only the overlays anew that it touches. Addresses hold as long as no file comes or goes. */
let last: { readonly paths: readonly string[]; readonly facts: readonly KubernetesFacts[]; readonly overlays: ReadonlyMap<string, KeptOverlay> } | undefined;

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((path, i) => path === b[i]);
}

function renderOne(folder: string, paths: readonly string[], workspace: Workspace, containers: Map<KubernetesFacts, ReadonlyMap<number, Written>>): KeptOverlay {
  workspace.used.clear();
  const { objects, isComplete } = accumulate(folder, workspace);
  const read = objects.map((one) => readRendered(one, paths, workspace, containers));
  return { overlay: { folder, isComplete, objects: read }, used: [...workspace.used] };
}

function folderOf(path: string): string {
  return path.split('/').slice(0, -1).join('/');
}

interface Written {
  readonly fact: ContainerFact;
  readonly ref: ResourceRef;
}

/** Containers of a file by the offset where they begin. */
function containersOf(facts: KubernetesFacts, cache: Map<KubernetesFacts, ReadonlyMap<number, Written>>): ReadonlyMap<number, Written> {
  const known = cache.get(facts);
  if (known) return known;
  const workloads = facts.objects.filter((object): object is WorkloadObject => object.type === 'workload');
  const made = new Map(workloads.flatMap((object) => object.containers.map((fact): [number, Written] =>
    [fact.block[0], { fact, ref: { file: facts.path, format: 'kubernetes', document: object.document, path: fact.path } }])));
  cache.set(facts, made);
  return made;
}

function readRendered(one: Accumulated, paths: readonly string[], workspace: Workspace, cache: Map<KubernetesFacts, ReadonlyMap<number, Written>>): RenderedObject {
  const number = workspace.files.get(one.facts.path)?.number ?? 0;
  const { source: _source, ...origin } = one.origin;
  const name = one.names.at(-1) ?? origin.name;
  // A patch may take the namespace away that the file names.
  const namespace = one.node ? textAt(one.node, 'metadata', 'namespace') : one.namespaces.findLast((given) => given !== undefined);
  const nowhere: ResourceRef = { file: one.facts.path, format: 'kubernetes', document: -1, path: [] };
  const base = { facts: one.facts, origin: one.origin, isOpaque: one.isOpaque };
  if (!one.node) return { ...base, object: moved(one.origin, number, name, namespace), containerRef: () => nowhere };
  const read = readNode(one.node, { ...moved(one.origin, number, name, namespace) });
  if (read.type !== 'workload') return { ...base, object: read, containerRef: () => nowhere };
  const refs = new Map<ContainerFact, ResourceRef>();
  const containers = read.containers.map((container) => {
    const place = placeOf(paths, container.block);
    const written = containersOf(workspace.files.get(place.file)?.facts ?? one.facts, cache).get(place.span[0]);
    const fact = written ? { ...container, block: shifted(written.fact.block, container.block[0] - written.fact.block[0]) } : { ...container, block: container.nameSpan };
    refs.set(fact, written?.ref ?? nowhere);
    return fact;
  });
  return { ...base, object: { ...read, containers }, containerRef: (container) => refs.get(container) ?? nowhere };
}

function shifted([start, end]: Span, by: number): Span {
  return [start + by, end + by];
}

function readNode(node: YamlNode, header: KubernetesObject): KubernetesObject {
  const source: Source = { text: '', document: { index: header.document, root: node, span: node.span, duplicates: [] }, template: undefined, depth: 0 };
  return readObject(source, node, { ...header, labels: labelsAt(source, node, 'metadata', 'labels'), annotations: labelsAt(source, node, 'metadata', 'annotations') });
}

/** An object under its new name, the spans of its header turned into addresses. */
function moved(origin: KubernetesObject, number: number, name: string, namespace: string | undefined): KubernetesObject {
  const base = (number + 1) * 2 ** 32;
  const { namespace: _namespace, ...rest } = origin;
  return { ...rest, name, ...(namespace === undefined ? {} : { namespace }), kindSpan: shifted(origin.kindSpan, base), nameSpan: shifted(origin.nameSpan, base), span: shifted(origin.span, base) };
}
