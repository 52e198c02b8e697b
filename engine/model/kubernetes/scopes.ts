// Which manifests belong together: those of one chart, or of folders that lie close to each other. The join prefers the nearest, so that copies of a system do not mix.

import type { ContainerFact, KubernetesFacts, KubernetesObject } from '../../artifacts/kubernetes/facts';
import type { Rendering } from '../../artifacts/kubernetes/rendering/render';
import type { Location, Span } from '../../text';
import type { ResourceRef } from '../model';

/** An object and where it stands. */
export interface Placed<T extends KubernetesObject = KubernetesObject> {
  readonly file: KubernetesFacts;
  readonly object: T;
  readonly folder: readonly string[];
  /** Folder of the chart whose template it is. */
  readonly chart: string | undefined;
  /** Folder of the kustomization that it is rendered by; `object` is then what is deployed. */
  readonly overlay?: string;
  /** As its own file says it, where it is rendered. */
  readonly origin?: KubernetesObject;
  /** Some step on its way cannot be followed: none of its values is known. */
  readonly isOpaque?: boolean;
  /** Where a span of `object` stands. */
  readonly locate: (span: Span) => Location;
  /** Where a writer finds a container of it. */
  readonly containerRef: (container: ContainerFact) => ResourceRef;
}

/** Places the objects of all files that are deployed as they are written. */
export function place(facts: readonly KubernetesFacts[]): Placed[] {
  return facts.flatMap((file) => {
    const folder = file.path.split('/').slice(0, -1);
    const chart = chartOf(file.path);
    const locate = (span: Span): Location => ({ file: file.path, span });
    return file.objects.map((object): Placed => ({
      file, object, folder, chart, locate,
      containerRef: (container) => ({ file: file.path, format: 'kubernetes', document: object.document, path: container.path, ...(container.fromValues ? { fromValues: container.fromValues } : {}) }),
    }));
  });
}

/** Places what kustomizations make. */
export function placeRendered(rendering: Rendering): Placed[] {
  return rendering.overlays.flatMap(({ folder, objects }) => objects.map(({ facts, object, origin, isOpaque, containerRef }): Placed => ({
    file: facts, object, origin, isOpaque, folder: facts.path.split('/').slice(0, -1), chart: undefined, overlay: folder, locate: rendering.locate, containerRef,
  })));
}

/** Where a writer finds the object itself. */
export function refOf({ file, object }: Placed): ResourceRef {
  return { file: file.path, format: 'kubernetes', document: object.document, path: object.path, ...(object.fromValues ? { fromValues: object.fromValues } : {}) };
}

/** Folder of the chart that a template belongs to. */
export function chartOf(path: string): string | undefined {
  const at = `/${path}`.lastIndexOf('/templates/');
  return at < 0 ? undefined : path.slice(0, Math.max(0, at - 1));
}

/** Name of what is deployed together, for ids and messages: the chart, else the folder. */
export function scopeOf(placed: Placed): string {
  const folder = placed.chart ?? placed.overlay ?? placed.folder.join('/');
  const { namespace } = placed.object;
  return namespace === undefined ? folder : `${folder}:${namespace}`;
}

/** Steps between two objects: none in one file, one in one folder, one more for each folder between. Undefined where they cannot belong together. */
export function distance(a: Placed, b: Placed): number | undefined {
  if (a.overlay !== undefined && b.overlay !== undefined) return a.overlay === b.overlay ? 0 : undefined;
  if (a.file === b.file) return 0;
  if (a.chart !== b.chart) return undefined;
  if (a.chart !== undefined) return 1;
  let common = 0;
  while (common < a.folder.length && common < b.folder.length && a.folder[common] === b.folder[common]) common++;
  const upA = a.folder.length - common;
  const upB = b.folder.length - common;
  // From the root of the workspace only direct children are one system: `deployments/` and `services/`.
  const most = common === 0 && upA > 0 && upB > 0 ? 1 : 2;
  return upA > most || upB > most ? undefined : upA + upB + 1;
}

/** Whether two namespaces can be the same: an unwritten one is decided when the manifest is applied. */
export function sharesNamespace(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b || a.includes('{{') || b.includes('{{');
}

/** The candidates nearest to `from`: for each name only those at the least distance. */
export function nearest<T extends Placed>(from: Placed, candidates: readonly T[]): T[] {
  const best = new Map<string, number>();
  const reachable: [T, number, string][] = [];
  for (const candidate of candidates) {
    const steps = distance(from, candidate);
    if (steps === undefined || !sharesNamespace(from.object.namespace, candidate.object.namespace)) continue;
    const key = `${candidate.object.kind}/${candidate.object.name}`;
    best.set(key, Math.min(best.get(key) ?? steps, steps));
    reachable.push([candidate, steps, key]);
  }
  return reachable.filter(([, steps, key]) => steps === best.get(key)).map(([candidate]) => candidate);
}

/** Whether everything that could be the target of an object of this scope was read. */
export type Completeness = (placed: Placed) => boolean;

/**
 * A scope is complete where all its files were read whole, none is a template, it holds workloads, and no object of a custom kind stands there that could make others.
 * An overlay is complete where everything that it takes in was found; `isWhole` tells that.
 */
export function completenessOf(placed: readonly Placed[], workloads: readonly Placed[], isWhole: (overlay: string) => boolean): Completeness {
  const incomplete = new Set<string>();
  for (const one of placed) {
    const { file, object, isOpaque } = one;
    if (file.isTemplate || file.hasErrors || isOpaque || (object.type === 'other' && isCustom(object.group))) incomplete.add(groupOf(one));
  }
  const namespaces = new Map<string, Set<string | undefined>>();
  for (const one of workloads) {
    const key = groupOf(one);
    namespaces.set(key, (namespaces.get(key) ?? new Set()).add(one.object.namespace));
  }
  return (one) => {
    const { chart, object, overlay } = one;
    const near = namespaces.get(groupOf(one));
    if (overlay !== undefined && !isWhole(overlay)) return false;
    // A named namespace counts as read only where a workload names it too: the others of it may be anywhere.
    return chart === undefined && !incomplete.has(groupOf(one)) && near !== undefined && (object.namespace === undefined || near.has(object.namespace));
  };
}

function groupOf({ overlay, folder }: Placed): string {
  return overlay === undefined ? folder.join('/') : `overlay ${overlay}`;
}

/** Groups outside Kubernetes itself that are known to make no pods. */
const PASSIVE_GROUPS = /^(?:|apps|batch|policy|extensions|autoscaling|.*\.k8s\.io|networking\.istio\.io|security\.istio\.io|traefik\.io|cert-manager\.io|monitoring\.coreos\.com|external-secrets\.io|bitnami\.com)$/;

function isCustom(group: string): boolean {
  return !PASSIVE_GROUPS.test(group);
}
