// Which manifests belong together: those of one chart, or of folders that lie close to each other. The join prefers the nearest, so that copies of a system do not mix.

import type { KubernetesFacts, KubernetesObject } from '../artifacts/kubernetes/facts';

/** An object and where it stands. */
export interface Placed<T extends KubernetesObject = KubernetesObject> {
  readonly file: KubernetesFacts;
  readonly object: T;
  readonly folder: readonly string[];
  /** Folder of the chart whose template it is. */
  readonly chart: string | undefined;
}

/** Places the objects of all files. */
export function place(facts: readonly KubernetesFacts[]): Placed[] {
  return facts.flatMap((file) => {
    const folder = file.path.split('/').slice(0, -1);
    const chart = chartOf(file.path);
    return file.objects.map((object) => ({ file, object, folder, chart }));
  });
}

/** Folder of the chart that a template belongs to. */
export function chartOf(path: string): string | undefined {
  const at = `/${path}`.lastIndexOf('/templates/');
  return at < 0 ? undefined : path.slice(0, Math.max(0, at - 1));
}

/** Name of what is deployed together, for ids and messages: the chart, else the folder. */
export function scopeOf(placed: Placed): string {
  const folder = placed.chart ?? placed.folder.join('/');
  const { namespace } = placed.object;
  return namespace === undefined ? folder : `${folder}:${namespace}`;
}

/** Steps between two objects: none in one file, one in one folder, one more for each folder between. Undefined where they cannot belong together. */
export function distance(a: Placed, b: Placed): number | undefined {
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
 * `renames`: a kustomization changes labels or names of the file, so that what is written is not what is compared.
 */
export function completenessOf(placed: readonly Placed[], workloads: readonly Placed[], renames: (path: string) => boolean): Completeness {
  const incomplete = new Set<string>();
  for (const { file, object, folder } of placed) {
    if (file.isTemplate || file.hasErrors || renames(file.path) || (object.type === 'other' && isCustom(object.group))) incomplete.add(folder.join('/'));
  }
  const namespaces = new Map<string, Set<string | undefined>>();
  for (const { folder, object } of workloads) {
    const key = folder.join('/');
    namespaces.set(key, (namespaces.get(key) ?? new Set()).add(object.namespace));
  }
  return ({ folder, chart, object }) => {
    const near = namespaces.get(folder.join('/'));
    // A named namespace counts as read only where a workload names it too: the others of it may be anywhere.
    return chart === undefined && !incomplete.has(folder.join('/')) && near !== undefined && (object.namespace === undefined || near.has(object.namespace));
  };
}

/** Groups outside Kubernetes itself that are known to make no pods. */
const PASSIVE_GROUPS = /^(?:|apps|batch|policy|extensions|autoscaling|.*\.k8s\.io|networking\.istio\.io|security\.istio\.io|traefik\.io|cert-manager\.io|monitoring\.coreos\.com|external-secrets\.io|bitnami\.com)$/;

function isCustom(group: string): boolean {
  return !PASSIVE_GROUPS.test(group);
}
