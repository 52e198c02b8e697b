// Reads resources of the Kubernetes provider in a Terraform file as the objects that they make.

import type { FileProblem } from '../../facts';
import { attributeOf, blocksOf, type HclBlock } from '../hcl/tree';
import { parseHcl } from '../hcl/parse';
import type { KubernetesFacts, KubernetesObject, ObjectHeader } from '../kubernetes/facts';
import { isMasked, labelsAt, sourceText, type Source } from '../kubernetes/fields';
import { readObject } from '../kubernetes/read-object';
import type { CloudMap, CloudValue } from '../cloud';
import { evaluateBody } from '../terraform/body';
import { fileScope } from '../terraform/scope';
import { find } from '../yaml/look-up';
import type { Span } from '../../text';
import { kindOfType } from './kinds';
import { mapNode, nodeOfMap, pairOf, scalarNode, type NodeContext } from './node';

export function holdsKubernetes(path: string, text: string): boolean {
  return /\.(?:tf|tofu)$/.test(path) && text.includes('"kubernetes_') && !/(?:^|\/)\.terraform\//.test(path);
}

/** Objects of the file, with what other files decide left unknown. Never throws. Linear in the text. */
export function readKubernetesResources(path: string, text: string): { facts: KubernetesFacts; problems: FileProblem[] } {
  const { body, errors } = parseHcl(text);
  const scope = fileScope(path, body);
  const context = { scope, file: path, names: new Map<string, never>(), depth: 0 };
  const blocks = blocksOf(body, 'resource').flatMap((block) => {
    const kind = kindOfType(block.labels[0]?.text ?? '');
    return kind ? [{ block, kind, properties: evaluateBody(block.body, context) }] : [];
  });
  const byId = new Map(blocks.map(({ block, properties }) => [`${scope.prefix}${block.labels[0]?.text}.${block.labels[1]?.text}`, properties]));
  const resolve: NodeContext['resolve'] = (value) => (value.kind === 'reference' ? valueAt(byId.get(value.to), value.attribute?.split('.') ?? []) : value);
  const objects = blocks.flatMap(({ block, kind, properties }, index) => objectOf({ text, resolve }, block, kind, properties, index));
  // Suppressions and problems are those that the file has as Terraform. What stands in other files makes it a template.
  return { facts: { kind: 'kubernetes', path, suppressions: [], isTemplate: true, hasErrors: errors.length > 0, objects }, problems: [] };
}

function valueAt(map: CloudMap | undefined, path: readonly string[]): CloudValue | undefined {
  let at: CloudValue | undefined = map;
  for (const step of path) {
    if (at?.kind === 'list') at = at.items[0];
    at = at?.kind === 'map' && Object.hasOwn(at.entries, step) ? at.entries[step] : undefined;
  }
  return at?.kind === 'reference' || path.length === 0 ? undefined : at;
}

function objectOf(context: NodeContext, block: HclBlock, [apiVersion, kind]: readonly [string, string], properties: CloudMap, index: number): KubernetesObject[] {
  const label = block.labels[1];
  if (!label) return [];
  const plain = nodeOfMap(properties, '', context);
  const node = mapNode([...plain.pairs, pairOf('apiVersion', scalarNode(apiVersion, block.header), block.header), pairOf('kind', scalarNode(kind, label.span), label.span)], block.span);
  const document: Source['document'] = { index, root: node, span: block.span, duplicates: [] };
  const source: Source = { text: context.text, document, template: undefined, depth: 0 };
  const name = find(node, 'metadata', 'name')?.node;
  const namespace = sourceText(source, find(node, 'metadata', 'namespace')?.node);
  const at: Span = label.span;
  const header: ObjectHeader = {
    document: index,
    path: [],
    group: apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '',
    kind,
    kindSpan: at,
    span: block.span,
    name: sourceText(source, name) ?? label.text,
    isNameKnown: name?.kind === 'scalar' && !isMasked(name.text),
    nameSpan: at,
    ...(namespace === undefined ? {} : { namespace }),
    isConditional: attributeOf(block.body, 'count') !== undefined || attributeOf(block.body, 'for_each') !== undefined,
    labels: labelsAt(source, node, 'metadata', 'labels'),
    annotations: labelsAt(source, node, 'metadata', 'annotations'),
  };
  return [readObject(source, node, header)];
}
