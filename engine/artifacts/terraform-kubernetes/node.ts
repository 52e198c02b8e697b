// Evaluated properties of a resource of the Kubernetes provider as the tree that a manifest would have, with the places of the Terraform file.

import type { Span } from '../../text';
import type { CloudMap, CloudValue } from '../cloud';
import { FILL } from '../kubernetes/template';
import type { YamlMap, YamlNode, YamlPair, YamlScalar } from '../yaml/tree';
import { fieldName } from './kinds';

export interface NodeContext {
  readonly text: string;
  /** What a reference to another resource of the file stands for. */
  readonly resolve: (value: CloudValue) => CloudValue | undefined;
}

export function scalarNode(text: string, span: Span): YamlScalar {
  return { kind: 'scalar', style: 'plain', text, span, start: span[0] };
}

export function mapNode(pairs: readonly YamlPair[], span: Span): YamlMap {
  return { kind: 'map', style: 'block', pairs, index: new Map(pairs.map((pair) => [pair.name, pair])), span, start: span[0] };
}

export function pairOf(name: string, value: YamlNode, span: Span): YamlPair {
  return { key: scalarNode(name, [span[0], span[0]]), name, value, span };
}

/** A block or an object as a map of a manifest. `parent`: its name in Terraform's spelling. Linear in the value. */
export function nodeOfMap(map: CloudMap, parent: string, context: NodeContext): YamlMap {
  const pairs = Object.entries(map.entries).flatMap(([key, value]) => {
    const field = fieldName(key, parent);
    // A field of the same name as a block that repeats, such as the number of a port.
    const isBlock = value.kind === 'list' && value.items.every((item) => item.kind === 'map');
    const isRepeated = field.isList && isBlock;
    const name = field.isList && !isBlock ? fieldName(`_${key}`, '').name.replace(/^[A-Z]/, (letter) => letter.toLowerCase()) : field.name;
    if (isRepeated) return [pairOf(name, sequenceOf(key === 'port' ? value.items.filter((item) => !isHalfKnown(item)) : value.items, value.at.span, key, context), value.at.span)];
    // A container stands where its block begins.
    const node = nodeOf(value, key, field.holdsNames, context);
    const isTitle = key === 'name' && (parent === 'container' || parent === 'init_container') && node.kind === 'scalar';
    // One whose name is not known is called by how it is written.
    return [pairOf(name, isTitle ? { ...node, text: node.text === FILL ? context.text.slice(...value.at.span) : node.text, span: map.at.span, start: map.at.span[0] } : node, value.at.span)];
  });
  return mapNode(pairs, map.at.span);
}

/** A port of a Service that leads to a number which is not known: to whom it leads cannot be asked. */
function isHalfKnown(item: CloudValue): boolean {
  return item.kind === 'map' && ['port', 'target_port'].some((key) => item.entries[key] !== undefined && item.entries[key].kind !== 'text' && item.entries[key].kind !== 'number');
}

function sequenceOf(items: readonly CloudValue[], span: Span, key: string, context: NodeContext): YamlNode {
  return { kind: 'sequence', style: 'block', items: items.map((item) => nodeOf(item, key, false, context)), span, start: span[0] };
}

function nodeOf(given: CloudValue, key: string, holdsNames: boolean, context: NodeContext): YamlNode {
  const value = given.kind === 'reference' ? (context.resolve(given) ?? given) : given;
  const { span } = given.at;
  switch (value.kind) {
    case 'text':
      return { ...scalarNode(value.value, span), style: 'double' };
    case 'number':
    case 'boolean':
      return scalarNode(String(value.value), span);
    case 'map':
      return holdsNames ? mapNode(Object.entries(value.entries).map(([name, entry]) => pairOf(name, nodeOf(entry, name, false, context), entry.at.span)), span) : nodeOfMap(value, key, context);
    case 'list': {
      const [first] = value.items;
      // Of a Service the selector is a map of labels, of a workload a block with `match_labels`.
      if (value.isOpen) return scalarNode(FILL, span);
      return first?.kind === 'map' && value.items.length === 1 ? nodeOf(first, key, holdsNames && key !== 'selector', context) : sequenceOf(value.items, span, key, context);
    }
    default:
      return scalarNode(FILL, span);
  }
}
