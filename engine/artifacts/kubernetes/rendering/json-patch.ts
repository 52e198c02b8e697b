// JSON patches (RFC 6902) on a tree. A patch that cannot be applied gives undefined: kustomize refuses the whole overlay then.

import type { Span } from '../../../text';
import type { YamlNode } from '../../yaml/tree';
import { child, entry, textAt, withPair, withoutPair } from './nodes';

/** Applies the operations of a patch in order; undefined where one of them has no place. Linear in operations times the length of the lists they walk. */
export function applyJsonPatch(root: YamlNode, patch: YamlNode): YamlNode | undefined {
  const operations = patch.kind === 'sequence' ? patch.items : patch.kind === 'map' ? [patch] : [];
  let current: YamlNode | undefined = root;
  for (const operation of operations) {
    if (!current) return undefined;
    current = applyOne(current, operation);
  }
  return current;
}

function applyOne(root: YamlNode, operation: YamlNode): YamlNode | undefined {
  const path = stepsOf(textAt(operation, 'path'));
  const from = stepsOf(textAt(operation, 'from'));
  const at = operation.kind === 'map' ? (operation.index.get('value')?.span ?? operation.span) : operation.span;
  const value = child(operation, 'value');
  if (!path) return undefined;
  switch (textAt(operation, 'op')) {
    case 'add':
      return value && put(root, path, value, at, true);
    case 'replace':
      return value && put(root, path, value, at, false);
    case 'remove':
      return remove(root, path);
    case 'test':
      return root;
    case 'copy': {
      const source = from && get(root, from);
      return source && put(root, path, source, at, true);
    }
    case 'move': {
      const source = from && get(root, from);
      const without = from && source && remove(root, from);
      return without && put(without, path, source, at, true);
    }
    default:
      return undefined;
  }
}

function stepsOf(pointer: string | undefined): string[] | undefined {
  if (pointer === undefined || !pointer.startsWith('/')) return undefined;
  return pointer.slice(1).split('/').map((step) => step.replace(/~1/g, '/').replace(/~0/g, '~'));
}

function get(node: YamlNode, [step, ...rest]: readonly string[]): YamlNode | undefined {
  if (step === undefined) return node;
  const next = node.kind === 'map' ? node.index.get(step)?.value : node.kind === 'sequence' ? node.items[Number(step)] : undefined;
  return next && get(next, rest);
}

function put(node: YamlNode, [step, ...rest]: readonly string[], value: YamlNode, at: Span, isAddition: boolean): YamlNode | undefined {
  if (step === undefined) return value;
  if (node.kind === 'map') {
    const own = node.index.get(step);
    if (rest.length === 0) return own || isAddition ? withPair(node, entry(step, value, at)) : undefined;
    const next = own && put(own.value, rest, value, at, isAddition);
    return own && next && withPair(node, { ...own, value: next });
  }
  if (node.kind !== 'sequence') return undefined;
  const index = step === '-' ? node.items.length : Number(step);
  if (!Number.isInteger(index) || index < 0 || index > node.items.length) return undefined;
  if (rest.length === 0 && isAddition) return { ...node, items: [...node.items.slice(0, index), value, ...node.items.slice(index)] };
  const own = node.items[index];
  const next = own && put(own, rest, value, at, isAddition);
  return next && { ...node, items: node.items.map((item, i) => (i === index ? next : item)) };
}

function remove(node: YamlNode, [step, ...rest]: readonly string[]): YamlNode | undefined {
  if (step === undefined) return undefined;
  if (node.kind === 'map') {
    const own = node.index.get(step);
    if (!own) return undefined;
    if (rest.length === 0) return withoutPair(node, step);
    const next = remove(own.value, rest);
    return next && withPair(node, { ...own, value: next });
  }
  if (node.kind !== 'sequence') return undefined;
  const index = Number(step);
  const own = node.items[index];
  if (!own) return undefined;
  if (rest.length === 0) return { ...node, items: node.items.filter((_, i) => i !== index) };
  const next = remove(own, rest);
  return next && { ...node, items: node.items.map((item, i) => (i === index ? next : item)) };
}
