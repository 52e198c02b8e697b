// Reads a kustomization: which files it takes in, and what its patches change, so that a patched value counts as unknown and a patch is not read as a workload.

import { entries, find, items, textOf } from '../yaml/look-up';
import { parseYaml, type YamlNode } from '../yaml/tree';
import type { KustomizationObject, KustomizePatch, ObjectHeader } from './facts';
import { itemsAt, nodeAt, type Source } from './fields';

/** Whether a path is that of a kustomization file, which needs neither `apiVersion` nor `kind`. */
export function isKustomizationPath(path: string): boolean {
  return /(?:^|\/)kustomization(?:\.ya?ml)?$/i.test(path);
}

/** Reads the kustomization whose object node is `node`. */
export function readKustomization(source: Source, node: YamlNode, header: ObjectHeader): KustomizationObject {
  const texts = (key: string): string[] => itemsAt(source, node, key).flatMap((item) => textOf(item) ?? []);
  const patches: KustomizePatch[] = [];
  for (const item of [...itemsAt(source, node, 'patches'), ...itemsAt(source, node, 'patchesJson6902')]) patches.push(readPatch(item));
  for (const item of itemsAt(source, node, 'patchesStrategicMerge')) {
    const text = textOf(item);
    if (text !== undefined) patches.push(text.includes('\n') ? inlinePatch({}, text) : { target: {}, file: text });
  }
  return {
    ...header,
    type: 'kustomization',
    resources: [...texts('resources'), ...texts('bases'), ...texts('components')],
    patchFiles: patches.flatMap((patch) => patch.file ?? []),
    patches,
    replicas: itemsAt(source, node, 'replicas').flatMap((item) => textOf(find(item, 'name')?.node) ?? []),
    addsLabels: ['commonLabels', 'labels'].some((key) => nodeAt(source, node, key) !== undefined),
    hasPrefix: ['namePrefix', 'nameSuffix'].some((key) => nodeAt(source, node, key) !== undefined),
  };
}

function readPatch(item: YamlNode): KustomizePatch {
  const at = find(item, 'target')?.node;
  const text = (key: string): string | undefined => textOf(find(at, key)?.node);
  const kind = text('kind');
  const name = text('name');
  const labelSelector = text('labelSelector');
  const target = { ...(kind === undefined ? {} : { kind }), ...(name === undefined ? {} : { name }), ...(labelSelector === undefined ? {} : { labelSelector }) };
  const file = textOf(find(item, 'path')?.node);
  if (file !== undefined) return { target, file };
  return inlinePatch(target, textOf(find(item, 'patch')?.node) ?? '');
}

/** An inline patch: a JSON patch gives its pointers, a merge patch the pointers of its leaves. */
function inlinePatch(target: KustomizePatch['target'], text: string): KustomizePatch {
  const root = parseYaml(text).documents[0]?.root;
  if (root?.kind === 'sequence') return { target, pointers: pointersOfOperations(root) };
  if (root?.kind !== 'map') return { target };
  return { target: { ...ownTarget(root), ...target }, pointers: leavesOf(root) };
}

/** Paths that the operations of a JSON patch touch. */
export function pointersOfOperations(root: YamlNode): string[] {
  return items(root).flatMap((operation) => textOf(find(operation, 'path')?.node) ?? []);
}

function ownTarget(root: YamlNode): KustomizePatch['target'] {
  const kind = textOf(find(root, 'kind')?.node);
  const name = textOf(find(root, 'metadata', 'name')?.node);
  return { ...(kind === undefined ? {} : { kind }), ...(name === undefined ? {} : { name }) };
}

const MAX_LEAVES = 1_000;

/** Pointers of every leaf of a merge patch, an item of a list by its `name` where it has one. */
export function leavesOf(root: YamlNode): string[] {
  const found: string[] = [];
  const visit = (node: YamlNode | undefined, path: string): void => {
    if (found.length >= MAX_LEAVES) return;
    const children = node?.kind === 'map' ? entries(node).map(({ name, value }) => [name, value] as const)
      : node?.kind === 'sequence' ? items(node).map((item, i) => [textOf(find(item, 'name')?.node) ?? String(i), item] as const) : [];
    if (children.length === 0) found.push(path);
    for (const [name, value] of children) visit(value, `${path}/${name}`);
  };
  visit(root, '');
  return found;
}
