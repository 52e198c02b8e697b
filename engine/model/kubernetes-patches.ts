// What kustomizations change: a patched value is unknown in its base, and a patch is no workload of its own.

import type { KubernetesFacts, KustomizationObject, KustomizePatch, WorkloadObject } from '../artifacts/kubernetes/facts';

/** JSON pointers that some overlay changes in one object; `''` = anything. */
export type Touched = ReadonlySet<string>;

export interface Patches {
  /** Pointers that are changed in the object of a file. */
  touched(path: string, kind: string, name: string): Touched;
  /** The file is named as a patch. */
  isPatch(path: string): boolean;
  /** Some kustomization over the file adds labels or prefixes, so that selectors and names are not as written. */
  renames(path: string): boolean;
}

/** Follows the kustomizations of a workspace. Cost: kustomizations times the files below them. */
export function readPatches(facts: readonly KubernetesFacts[]): Patches {
  const byPath = new Map(facts.map((file) => [file.path, file]));
  const kustomizations = facts.flatMap((file) => file.objects.flatMap((object) => (object.type === 'kustomization' ? [{ file, object, folder: folderOf(file.path) }] : [])));
  const byFolder = new Map(kustomizations.map((kustomization) => [kustomization.folder, kustomization]));
  const rules: { readonly files: ReadonlySet<string>; readonly target: KustomizePatch['target']; readonly pointers: readonly string[] }[] = [];
  const patchFiles = new Set<string>();
  const renamed = new Set<string>();

  const reached = new Map(kustomizations.map(({ folder }) => [folder, reach(folder)]));
  for (const { object, folder } of kustomizations) {
    const files = new Set(reached.get(folder)?.files);
    // What a component changes are the resources of whoever takes it in.
    if (object.kind === 'Component') for (const other of reached.values()) if (other.folders.has(folder)) for (const path of other.files) files.add(path);
    if (object.addsLabels || object.hasPrefix) for (const path of files) renamed.add(path);
    for (const name of object.replicas) rules.push({ files, target: { name }, pointers: ['/spec/replicas'] });
    for (const patch of object.patches) {
      if (patch.file === undefined) {
        rules.push({ files, target: patch.target, pointers: patch.pointers ?? [''] });
        continue;
      }
      const path = join(folder, patch.file);
      patchFiles.add(path);
      const fragments = byPath.get(path)?.objects ?? [];
      if (fragments.length === 0) rules.push({ files, target: patch.target, pointers: [''] });
      for (const fragment of fragments) {
        const own = { kind: fragment.kind, name: fragment.name };
        rules.push({ files, target: patch.target.kind || patch.target.name ? patch.target : own, pointers: (fragment.type === 'workload' && fragment.leaves) || [''] });
      }
    }
  }

  return {
    isPatch: (path) => patchFiles.has(path),
    renames: (path) => renamed.has(path),
    touched: (path, kind, name) => new Set(rules.flatMap((rule) => (rule.files.has(path) && isTarget(rule.target, kind, name) ? rule.pointers : []))),
  };

  function reach(start: string): { readonly files: ReadonlySet<string>; readonly folders: ReadonlySet<string> } {
    const files = new Set<string>();
    const seen = new Set<string>();
    const open = [start];
    while (open.length > 0) {
      const folder = open.pop() ?? '';
      if (seen.has(folder)) continue;
      seen.add(folder);
      const kustomization: KustomizationObject | undefined = byFolder.get(folder)?.object;
      for (const resource of kustomization?.resources ?? []) {
        const path = join(folder, resource);
        if (byPath.has(path)) files.add(path);
        else open.push(path);
      }
    }
    return { files, folders: seen };
  }
}

function isTarget(target: KustomizePatch['target'], kind: string, name: string): boolean {
  return agrees(target.kind, kind) && agrees(target.name, name);
}

/** Targets are regular expressions; one with special characters counts as matching anything, so that it can only make values unknown. */
function agrees(wanted: string | undefined, is: string): boolean {
  return wanted === undefined || wanted === '' || wanted === is || /[^\w./-]/.test(wanted);
}

/** Whether a pointer lies on the way to, at, or below something that is changed. */
export function isTouched(touched: Touched, pointer: string): boolean {
  for (const changed of touched) {
    if (changed === '' || changed === pointer || changed.startsWith(`${pointer}/`) || pointer.startsWith(`${changed}/`)) return true;
  }
  return false;
}

/** A workload whose file is a patch, or that lacks what every workload has, is a fragment. */
export function isFragment(object: WorkloadObject, path: string, patches: Patches): boolean {
  return !object.hasPodTemplate || patches.isPatch(path);
}

function folderOf(path: string): string {
  return path.split('/').slice(0, -1).join('/');
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
