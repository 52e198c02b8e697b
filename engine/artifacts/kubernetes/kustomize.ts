// Reads a kustomization: which files it takes in, and what it changes in them. Rendering happens at link time, in kustomize/.

import type { Span } from '../../text';
import { booleanOf, entries, find, items, numberOf, resolve, textOf, textsOf } from '../yaml/look-up';
import type { YamlNode, YamlScalar } from '../yaml/tree';
import type { KustomizationObject, KustomizeLabels, KustomizePatch, KustomizeTarget, ObjectHeader, SourceText } from './facts';
import { itemsAt, nodeAt, type Source } from './fields';

/** Whether a path is that of a kustomization file, which needs neither `apiVersion` nor `kind`. */
export function isKustomizationPath(path: string): boolean {
  return /(?:^|\/)kustomization(?:\.ya?ml)?$/i.test(path);
}

/** Whether a text is a list of JSON patch operations. A few looks at the text. */
export function isJsonPatch(text: string): boolean {
  return /^\s*(?:#[^\n]*\n\s*|---\s*\n\s*){0,50}(?:-\s*\{?|\[\s*\{)\s*["']?(?:op|path|value|from)["']?\s*:/.test(text)
    && /["']?op["']?\s*:\s*["']?(?:add|replace|remove|test|move|copy)\b/.test(text) && /["']?path["']?\s*:\s*["']?\//.test(text);
}

/** Reads the kustomization whose object node is `node`. */
export function readKustomization(source: Source, node: YamlNode, header: ObjectHeader): KustomizationObject {
  const texts = (key: string): string[] => itemsAt(source, node, key).flatMap((item) => textOf(item) ?? []);
  const text = (key: string): string => textOf(nodeAt(source, node, key)) ?? '';
  const isWritten = (key: string): boolean => items(nodeAt(source, node, key)).length > 0 || entries(nodeAt(source, node, key)).length > 0;
  const namespace = text('namespace');
  const annotations = nodeAt(source, node, 'commonAnnotations');
  return {
    ...header,
    type: 'kustomization',
    resources: [...texts('resources'), ...texts('bases')],
    components: texts('components'),
    patches: readPatches(source, node),
    replicas: itemsAt(source, node, 'replicas').flatMap((item) => {
      const name = textOf(find(item, 'name')?.node);
      const count = find(item, 'count');
      const number = numberOf(count?.node);
      return name === undefined || number === undefined || !count?.pair ? [] : [{ name, count: number, span: count.pair.span }];
    }),
    images: itemsAt(source, node, 'images').flatMap((item) => {
      const { name, newName, newTag, digest } = textsOf(item);
      return name === undefined ? [] : [{ name, ...(newName === undefined ? {} : { newName }), ...(newTag === undefined ? {} : { newTag }), ...(digest === undefined ? {} : { digest }), span: item.span }];
    }),
    addedLabels: readLabels(source, node),
    ...(annotations ? { addedAnnotations: { pairs: textsOf(annotations), span: annotations.span } } : {}),
    namePrefix: text('namePrefix'),
    nameSuffix: text('nameSuffix'),
    ...(namespace === '' ? {} : { namespace }),
    hasOpenObjects: ['helmCharts', 'helmChartInflationGenerator', 'generators'].some(isWritten),
    transformers: texts('transformers'),
    openTargets: readReplacements(source, node),
  };
}

function readPatches(source: Source, node: YamlNode): KustomizePatch[] {
  const found: KustomizePatch[] = [];
  for (const item of itemsAt(source, node, 'patchesStrategicMerge')) {
    const text = textOf(item);
    if (text !== undefined && item.kind === 'scalar') found.push(text.includes('\n') ? { target: undefined, source: embedded(source, item) } : { target: undefined, file: text });
  }
  for (const item of [...itemsAt(source, node, 'patches'), ...itemsAt(source, node, 'patchesJson6902')]) {
    const target = find(item, 'target')?.node;
    const file = textOf(find(item, 'path')?.node);
    const inline = find(item, 'patch')?.node;
    const base = { target: target && readTarget(target) };
    if (file !== undefined) found.push({ ...base, file });
    else if (inline?.kind === 'scalar') found.push({ ...base, source: embedded(source, inline) });
  }
  return found;
}

function readTarget(node: YamlNode): KustomizeTarget {
  const { group, kind, name, namespace, labelSelector, annotationSelector } = textsOf(node);
  return {
    ...(group === undefined ? {} : { group }), ...(kind === undefined ? {} : { kind }), ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }), ...(labelSelector === undefined ? {} : { labelSelector }), ...(annotationSelector === undefined ? {} : { annotationSelector }),
  };
}

function readReplacements(source: Source, node: YamlNode): KustomizeTarget[] {
  return itemsAt(source, node, 'replacements').flatMap((item) => {
    const targets = items(find(item, 'targets')?.node);
    return targets.length === 0 ? [{}] : targets.map((target) => {
      const select = find(target, 'select')?.node;
      return select ? readTarget(select) : {};
    });
  });
}

function readLabels(source: Source, node: YamlNode): KustomizeLabels[] {
  const common = nodeAt(source, node, 'commonLabels');
  const found: KustomizeLabels[] = common ? [{ pairs: textsOf(common), reach: 'selectors', span: common.span }] : [];
  for (const item of itemsAt(source, node, 'labels')) {
    const isTrue = (key: string): boolean => booleanOf(find(item, key)?.node) === true;
    found.push({ pairs: textsOf(find(item, 'pairs')?.node), reach: isTrue('includeSelectors') ? 'selectors' : isTrue('includeTemplates') ? 'templates' : 'object', span: item.span });
  }
  return found;
}

/** YAML inside a scalar. A literal block keeps its columns, so that what is read in it stands where it is written. */
function embedded(source: Source, scalar: YamlScalar): SourceText {
  if (scalar.style !== 'literal') return { text: scalar.text, offset: 0, span: scalar.span };
  const [start, end] = scalar.span;
  const body = source.text.indexOf('\n', start) + 1;
  return body === 0 || body > end ? { text: scalar.text, offset: 0, span: scalar.span } : { text: source.text.slice(body, end), offset: body };
}

/** The text of an object, with the columns that it has in its file. Items of a list lose their dash. */
export function sourceOf(text: string, node: YamlNode): SourceText {
  const [start, end] = node.span;
  const column = start - (text.lastIndexOf('\n', start - 1) + 1);
  const isFlow = resolve(node)?.kind === 'map' && text[start] === '{';
  return isFlow ? { text: text.slice(start, end), offset: start } : { text: ' '.repeat(column) + text.slice(start, end), offset: start - column };
}

/** Spans of a source's tree, in the file that it comes from. */
export function placeIn(source: SourceText, [start, end]: Span): Span {
  return source.span ?? [start + source.offset, end + source.offset];
}
