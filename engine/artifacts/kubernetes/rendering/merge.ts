// Strategic merge patches, as kustomize applies them: maps by key, lists of the platform's own kinds by the key of their items, all other lists as a whole.

import type { YamlMap, YamlNode, YamlPair } from '../../yaml/tree';
import { child, sequence, textAt, withPair, withPairs, withoutPair } from './nodes';

/**
 * Keys of list items by the name of the list, from the `x-kubernetes-patch-merge-key` and `x-kubernetes-list-map-keys` of the platform's OpenAPI (v1.32).
 * Lists that are not named are replaced.
 */
const ITEM_KEYS: Readonly<Record<string, readonly string[]>> = {
  containers: ['name'],
  initContainers: ['name'],
  ephemeralContainers: ['name'],
  volumes: ['name'],
  env: ['name'],
  volumeMounts: ['mountPath'],
  volumeDevices: ['devicePath'],
  imagePullSecrets: ['name'],
  hostAliases: ['ip'],
  topologySpreadConstraints: ['topologyKey', 'whenUnsatisfiable'],
  ports: ['containerPort', 'port', 'protocol'],
};

/** Custom kinds have no known list keys: their lists are replaced. */
export interface MergeOptions {
  readonly hasKnownLists: boolean;
}

/** `base` with a patch laid over it; undefined where the patch deletes it. Values keep the place where they are written. */
export function mergePatch(base: YamlNode | undefined, patch: YamlNode, options: MergeOptions, listName = ''): YamlNode | undefined {
  const directive = textAt(patch, '$patch');
  if (directive === 'delete') return undefined;
  if (patch.kind === 'map') {
    if (directive === 'replace' || base?.kind !== 'map') return clean(patch);
    return mergeMaps(base, patch, options);
  }
  if (patch.kind !== 'sequence' || base?.kind !== 'sequence') return clean(patch);
  const keys = options.hasKnownLists ? ITEM_KEYS[listName] : undefined;
  const isAlone = (item: YamlNode): boolean => textAt(item, '$patch') === 'replace' && item.kind === 'map' && item.pairs.length === 1;
  if (patch.items.some(isAlone)) return clean(sequence(patch.items.filter((item) => !isAlone(item)), patch.span));
  return keys ? mergeLists(base.items, patch.items, keys, options, base) : patch;
}

function mergeMaps(base: YamlMap, patch: YamlMap, options: MergeOptions): YamlMap {
  let merged = base;
  for (const pair of patch.pairs) {
    if (pair.name.startsWith('$')) continue;
    if (isNull(pair.value)) {
      merged = withoutPair(merged, pair.name);
      continue;
    }
    const own = merged.index.get(pair.name);
    const value = mergePatch(own?.value, pair.value, options, pair.name);
    if (!value) merged = withoutPair(merged, pair.name);
    else merged = withPair(merged, own && keepsPlace(own, value) ? { ...own, value } : { ...pair, value });
  }
  return merged;
}

/** A merged collection stands where the base has it; a value that the patch brings stands in the patch. */
function keepsPlace(own: YamlPair, value: YamlNode): boolean {
  return value.kind !== 'scalar' && value.span === own.value.span;
}

function mergeLists(base: readonly YamlNode[], patch: readonly YamlNode[], keys: readonly string[], options: MergeOptions, list: YamlNode & { kind: 'sequence' }): YamlNode {
  const rest = [...base];
  const patched: YamlNode[] = [];
  for (const item of patch) {
    const at = rest.findIndex((own) => isSame(own, item, keys));
    const merged = mergePatch(rest[at], item, options);
    if (at >= 0) rest.splice(at, 1);
    if (merged) patched.push(merged);
  }
  // What the patch names comes first, in its order, as kustomize has it.
  return { ...list, items: [...patched, ...rest] };
}

function isSame(a: YamlNode, b: YamlNode, keys: readonly string[]): boolean {
  if (a.kind !== 'map' || b.kind !== 'map') return a.kind === 'scalar' && b.kind === 'scalar' && a.text === b.text;
  const known = keys.filter((key) => key !== 'protocol' && (a.index.has(key) || b.index.has(key)));
  const protocols = [a, b].map((one) => textAt(one, 'protocol') ?? 'TCP');
  return known.length > 0 && known.every((key) => textAt(a, key) === textAt(b, key)) && (!keys.includes('protocol') || protocols[0] === protocols[1]);
}

function isNull(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.style === 'plain' && /^(?:null|Null|NULL|~)?$/.test(node.text);
}

/** A patch that stands alone, without its directives and deletions. */
function clean(node: YamlNode): YamlNode {
  if (node.kind === 'map') return withPairs(node, node.pairs.filter((pair) => !pair.name.startsWith('$') && !isNull(pair.value)).map((pair) => ({ ...pair, value: clean(pair.value) })));
  if (node.kind === 'sequence') return { ...node, items: node.items.filter((item) => textAt(item, '$patch') !== 'delete').map(clean) };
  return node;
}

/** Whether any list of a patch says in what order or which items by directives that are not followed here. */
export function hasForeignDirectives(node: YamlNode): boolean {
  if (node.kind === 'map') return node.pairs.some((pair) => /^\$(?:setElementOrder|deleteFromPrimitiveList|retainKeys)/.test(pair.name) || hasForeignDirectives(pair.value));
  return node.kind === 'sequence' && node.items.some(hasForeignDirectives);
}

/** Namespace and kind name of the object that a merge patch is for. */
export function patchTarget(patch: YamlNode): { readonly kind: string; readonly name: string; readonly group: string } {
  const api = textAt(patch, 'apiVersion') ?? '';
  return { kind: textAt(patch, 'kind') ?? '', name: textAt(child(patch, 'metadata'), 'name') ?? '', group: api.includes('/') ? api.slice(0, api.indexOf('/')) : '' };
}
