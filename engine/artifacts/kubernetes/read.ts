// Reads a file of Kubernetes manifests, in YAML or JSON, plain or as a Helm template, into facts.

import type { FileProblem } from '../../facts';
import { parseDetails, peerSuppression, suppressionsIn } from '../../lint/parse-suppression';
import { peerAnnotation } from '../../lint/peer-directives';
import type { Suppression } from '../../lint/suppression';
import type { Span } from '../../text';
import { commentsOf } from '../yaml/comments';
import { entries, find, items, resolve, textOf } from '../yaml/look-up';
import { blocksOf } from '../yaml/suppressions';
import { parseYaml, type YamlDocument, type YamlMap, type YamlNode } from '../yaml/tree';
import type { JsonPatchObject, KubernetesFacts, KubernetesObject, ObjectHeader } from './facts';
import { isMasked, labelsAt, sourceText, type Source } from './fields';
import { isJsonPatch, isKustomizationPath, readKustomization, sourceOf } from './kustomize';
import { readObject } from './read-object';
import { blankIrrelevant, isInChart } from './recognise';
import { depthAt, hasActions, maskTemplate, type Template } from './template';

export { recogniseKubernetes } from './recognise';

/** Reads every object of the file. Never throws; what cannot be read is a problem, and the objects above it stay. Linear. */
export function readKubernetes(path: string, text: string): { facts: KubernetesFacts; problems: FileProblem[] } {
  const template = hasActions(text) ? maskTemplate(text) : undefined;
  const parsed = parseYaml(blankIrrelevant(template?.text ?? text));
  const suppressions: Suppression[] = suppressionsIn(text, () => commentsOf(template?.text ?? text, parsed).map((comment) => ({ span: comment.span, body: comment.text })), () => blocksOf(parsed));
  // Braces in a value (a dashboard, an alert's text) make no template of a manifest that is YAML as it stands.
  const isPlain = !template || (!isInChart(path) && parseYaml(text).problems.length === 0);
  const objects = parsed.documents.flatMap((document) => readDocument(path, text, document, template, suppressions)).map((object) => (isPlain ? object : withoutSource(object)));
  const problems = parsed.problems.map((problem): FileProblem => ({ file: path, extent: problem.extent, because: problem.because, span: problem.span }));
  return {
    facts: { kind: 'kubernetes', path, suppressions, isTemplate: template !== undefined, hasErrors: problems.length > 0, objects, ...(template && isInChart(path) ? { template: text } : {}) },
    // A template is only YAML once it is rendered: what the mask cannot make readable is no fault of the file.
    problems: template ? [] : problems,
  };
}

/** Objects of a rendered template, in places of the rendered text, with the tree that they were read from. `text` is what is shown of it, `template` what is left to mask. */
export function readRendered(path: string, text: string, template: Template): { objects: KubernetesObject[]; documents: readonly YamlDocument[] } {
  const { documents } = parseYaml(blankIrrelevant(template.text));
  return { objects: documents.flatMap((document) => readDocument(path, text, document, template, [])).map(withoutSource), documents };
}

function readDocument(path: string, text: string, document: YamlDocument, template: Template | undefined, suppressions: Suppression[]): KubernetesObject[] {
  const root = resolve(document.root);
  if (root?.kind === 'sequence' && !template && isJsonPatch(text)) return [readJsonPatch(text, document.index, root)];
  if (root?.kind !== 'map') return [];
  const found: KubernetesObject[] = [];
  const kind = textOf(find(root, 'kind')?.node) ?? '';
  if (kind.endsWith('List') && find(root, 'items')) {
    items(find(root, 'items')?.node).forEach((item, index) => {
      if (item.kind === 'map') found.push(...readOne(path, text, document, template, suppressions, item, ['items', index]));
    });
    return found;
  }
  return readOne(path, text, document, template, suppressions, root, []);
}

function readOne(path: string, text: string, document: YamlDocument, template: Template | undefined, suppressions: Suppression[], node: YamlMap, at: readonly (string | number)[]): KubernetesObject[] {
  const source: Source = { text, document, template, depth: template ? depthAt(template, node.span[0]) : 0 };
  const header = readHeader(source, node, at);
  const annotation = find(node, 'metadata', 'annotations', 'holdfast/disable');
  const details = textOf(annotation?.node);
  if (details !== undefined && annotation?.pair) suppressions.push({ kind: 'annotation', ...parseDetails(details), span: annotation.pair.span, covers: node.span });
  for (const path of ANNOTATED) {
    for (const { name, pair, value } of entries(find(node, ...path, 'metadata', 'annotations')?.node)) {
      const accepted = peerAnnotation(name, textOf(value) ?? '');
      if (accepted) suppressions.push(peerSuppression(accepted, pair.span, node.span));
    }
  }
  if (isKustomizationPath(path) || header.group === 'kustomize.config.k8s.io') return [readKustomization(source, node, header)];
  if (header.kind === '') return [];
  const object = readObject(source, node, header);
  return [UNRENDERED.has(object.type) && !(object.type === 'other' && object.settings) ? object : { ...object, source: sourceOf(text, node) }];
}

/** Where other linters look for annotations: at an object and at the pods that it makes. */
const ANNOTATED = [[], ['spec', 'template'], ['spec', 'jobTemplate', 'spec', 'template']] as const;

function withoutSource(object: KubernetesObject): KubernetesObject {
  const { source: _source, ...rest } = object;
  return rest;
}

/** Of these nothing is asked that an overlay would change. */
const UNRENDERED: ReadonlySet<KubernetesObject['type']> = new Set(['config', 'other', 'drill']);

/** A list of operations has neither kind nor name of its own. */
function readJsonPatch(text: string, document: number, node: YamlNode): JsonPatchObject {
  const nothing = { entries: {}, isOpen: false };
  return {
    type: 'json-patch', document, path: [], group: '', kind: '', kindSpan: [node.span[0], node.span[0]], span: node.span, name: '', isNameKnown: false, nameSpan: [node.span[0], node.span[0]],
    isConditional: false, labels: nothing, annotations: nothing, source: sourceOf(text, node),
  };
}

function readHeader(source: Source, node: YamlMap, path: readonly (string | number)[]): ObjectHeader {
  const api = textOf(find(node, 'apiVersion')?.node) ?? '';
  const kind = find(node, 'kind');
  const name = find(node, 'metadata', 'name');
  const namespace = sourceText(source, find(node, 'metadata', 'namespace')?.node);
  const kindSpan: Span = kind?.pair?.span ?? [node.span[0], node.span[0]];
  const masked = name?.node.kind === 'scalar' && isMasked(name.node.text);
  return {
    document: source.document.index,
    path,
    group: api.includes('/') ? api.slice(0, api.indexOf('/')) : '',
    kind: textOf(kind?.node) ?? '',
    kindSpan,
    span: node.span,
    name: sourceText(source, name?.node) ?? '',
    isNameKnown: name !== undefined && !masked,
    nameSpan: name?.pair?.value.span ?? kindSpan,
    ...(namespace === undefined ? {} : { namespace }),
    isConditional: source.depth > 0,
    labels: labelsAt(source, node, 'metadata', 'labels'),
    annotations: labelsAt(source, node, 'metadata', 'annotations'),
  };
}
