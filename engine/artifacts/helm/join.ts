// Puts rendered objects in the place of those that were read from templates without values. Everything stands where it stood: at its place in the template.

import type { FileFacts } from '../../facts';
import type { Span } from '../../text';
import type { ContainerFact, KubernetesFacts, KubernetesObject, ValueOrigin } from '../kubernetes/facts';
import { readRendered } from '../kubernetes/read';
import { maskTemplate } from '../kubernetes/template';
import { columnOf } from '../yaml/edit';
import { get, resolve } from '../yaml/look-up';
import type { YamlDocument, YamlNode } from '../yaml/tree';
import { RELEASE_NAME, RELEASE_NAMESPACE } from './built-ins';
import { chartsOf, type Chart } from './charts';
import type { HelmFacts } from './facts';
import { renderChart, type RenderedFile, type RenderedText } from './render';
import type { Segment } from './sink';

interface Kept {
  readonly inputs: readonly FileFacts[];
  readonly files: ReadonlyMap<KubernetesFacts, KubernetesFacts>;
}

/** What a chart gave last, as long as none of its files says anything else. */
const kept = new WeakMap<FileFacts, Kept>();

/** Manifests with the templates of charts rendered. Costs the rendering of each chart of which a file has changed; linear in its output. */
export function renderTemplates(manifests: readonly KubernetesFacts[], helm: readonly HelmFacts[]): readonly KubernetesFacts[] {
  const charts = chartsOf(helm, manifests.filter((file) => file.template !== undefined));
  if (charts.length === 0) return manifests;
  const rendered = new Map<KubernetesFacts, KubernetesFacts>();
  for (const chart of charts) for (const [file, made] of renderedFiles(chart)) rendered.set(file, made);
  return manifests.map((file) => rendered.get(file) ?? file);
}

function renderedFiles(chart: Chart): ReadonlyMap<KubernetesFacts, KubernetesFacts> {
  const inputs = inputsOf(chart, 0);
  const last = kept.get(chart.facts);
  if (last?.inputs.length === inputs.length && last.inputs.every((input, i) => input === inputs[i])) return last.files;
  const rendered = renderChart(chart).map((one) => ({ file: one.file, objects: objectsOf(one, chart.facts.name) }));
  const alive = new Set(rendered.flatMap(({ objects }) => objects.filter((object) => object.type === 'workload' && !object.isOff).map(({ name }) => name)));
  // A workload that is off where another one of its name is on is the other choice of the two.
  const isOther = (object: KubernetesObject): boolean => object.type === 'workload' && object.isOff === true && alive.has(object.name);
  const files = new Map(rendered.map(({ file, objects }) => [file, { ...file, objects: objects.filter((object) => !isOther(object)) }]));
  kept.set(chart.facts, { inputs, files });
  return files;
}

function inputsOf(chart: Chart, depth: number): FileFacts[] {
  const others = depth > 8 ? [] : [...chart.children, ...chart.borrowed].flatMap((child) => inputsOf(child, depth + 1));
  return [chart.facts, ...(chart.values ? [chart.values] : []), ...(chart.production ? [chart.production] : []), ...chart.templates, ...others];
}

function objectsOf({ file, texts }: RenderedFile, chart: string): KubernetesObject[] {
  const places = placesOf(file);
  return texts.flatMap((text) => {
    const { objects, documents } = readRendered(file.path, text.text, maskTemplate(text.text, text.actions));
    return objects.map((object) => placed(settle(object, text.segments, chart), object, text, documents, places));
  });
}

/** Where objects and containers stand in the template itself, by their first line: its writer works there. */
interface Places {
  readonly objects: ReadonlyMap<number, KubernetesObject>;
  readonly containers: ReadonlyMap<number, ContainerFact['path']>;
}

function placesOf(file: KubernetesFacts): Places {
  const containers = file.objects.flatMap((object) => (object.type === 'workload' ? object.containers : []));
  return { objects: new Map(file.objects.map((object) => [object.kindSpan[0], object])), containers: new Map(containers.map((container) => [container.block[0], container.path])) };
}

/** No document: a writer finds nothing there. */
const NOWHERE = -1;

function placed(moved: KubernetesObject, object: KubernetesObject, text: RenderedText, documents: readonly YamlDocument[], places: Places): KubernetesObject {
  const node = get(documents[object.document]?.root, ...object.path);
  const origins = node ? [...originsOf(node, text.segments), ...leftOutOf(object, node, text)] : [];
  const at = places.objects.get(moved.kindSpan[0]);
  const header = {
    document: at?.document ?? NOWHERE,
    path: at?.path ?? [],
    ...(text.isOff ? { isOff: true as const, isConditional: true } : {}),
    ...(origins.length > 0 ? { fromValues: origins } : {}),
    ...(at && isLiteral(object, at) ? {} : { isComputed: true as const }),
  };
  return moved.type === 'workload' ? { ...moved, ...header, containers: moved.containers.map((container) => placedContainer(container, object.path.length, origins, places)) } : withHeader(moved, header);
}

function withHeader<T extends KubernetesObject>(object: T, header: Partial<T>): T {
  return { ...object, ...header };
}

function placedContainer(container: ContainerFact, depth: number, origins: readonly ValueOrigin[], places: Places): ContainerFact {
  const own = container.path.slice(depth);
  const inside = origins.filter(({ path }) => path.length > own.length && own.every((step, i) => step === path[i])).map((origin) => ({ ...origin, path: origin.path.slice(own.length) }));
  return { ...container, path: places.containers.get(container.block[0]) ?? NO_PATH, ...(inside.length > 0 ? { fromValues: inside } : {}) };
}

/** A key that no file has. */
const NO_PATH = ['\0'];

/** Name and labels stand in the template as they are. */
function isLiteral(object: KubernetesObject, written: KubernetesObject): boolean {
  if (object.name !== written.name || object.type !== 'workload' || written.type !== 'workload') return object.name === written.name;
  return JSON.stringify([object.podLabels.entries, object.selector?.labels]) === JSON.stringify([written.podLabels.entries, written.selector?.labels]);
}

const MOST_ORIGINS = 500;

/** Parts of an object that one action writes whole, from something that a values file sets. */
function originsOf(root: YamlNode, segments: readonly Segment[]): ValueOrigin[] {
  const found: ValueOrigin[] = [];
  const visit = (node: YamlNode | undefined, path: readonly (string | number)[]): void => {
    const at = resolve(node);
    if (!at || found.length >= MOST_ORIGINS || path.length > 20) return;
    const segment = path.length === 0 ? undefined : segmentAt(segments, at.span[0]);
    if (segment?.origin && at.span[1] <= segment.end) {
      found.push({ path, file: segment.origin.file, at: segment.origin.path, ...(isEmpty(at) ? { isEmpty: true } : {}) });
      return;
    }
    if (at.kind === 'sequence') at.items.forEach((item, i) => visit(item, [...path, i]));
    if (at.kind !== 'map') return;
    for (const pair of at.pairs) {
      // An action that writes entries among others: each comes from the entry of the same name.
      const origin = segmentAt(segments, pair.key.span[0])?.origin;
      if (origin) found.push({ path: [...path, pair.name], file: origin.file, at: [...origin.path, pair.name] });
      else visit(pair.value, [...path, pair.name]);
    }
  };
  visit(root, []);
  return found;
}

/** Keys of containers that are not written because their values are empty. */
function leftOutOf(object: KubernetesObject, root: YamlNode, { text, leftOut }: RenderedText): ValueOrigin[] {
  if (object.type !== 'workload' || leftOut.length === 0) return [];
  return object.containers.flatMap((container) => {
    const path = container.path.slice(object.path.length);
    const node = get(root, ...path);
    if (node?.kind !== 'map' || node.style === 'flow') return [];
    const column = columnOf(text, node.span[0]);
    const end = blockEnd(text, node.span[0], column);
    return leftOut.filter((one) => one.column === column && one.at > node.span[0] && one.at <= end && !node.index.has(one.key)).map((one) => ({ path: [...path, one.key], file: one.origin.file, at: one.origin.path, isEmpty: true as const }));
  });
}

/** Where the block whose first key stands at an offset ends: the next line that is indented less. */
function blockEnd(text: string, start: number, column: number): number {
  for (let at = text.indexOf('\n', start) + 1; at > 0; at = text.indexOf('\n', at) + 1) {
    const indent = /^ *(?=[^ \r\n])/.exec(text.slice(at, at + column))?.[0].length;
    if (indent !== undefined && indent < column) return at;
  }
  return text.length;
}

function isEmpty(node: YamlNode): boolean {
  return (node.kind === 'map' && node.pairs.length === 0) || (node.kind === 'scalar' && node.style === 'plain' && node.text === '');
}

/** The segment around an offset; logarithmic. */
function segmentAt(segments: readonly Segment[], offset: number): Segment | undefined {
  let low = 0;
  let high = segments.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((segments[middle]?.start ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return segments[low];
}

function sourceSpan([start, end]: Span, segments: readonly Segment[]): Span {
  const first = segmentAt(segments, start);
  if (!first) return [0, 0];
  const from = first.isLiteral ? first.source[0] + (start - first.start) : first.source[0];
  const last = end > start ? segmentAt(segments, end - 1) : undefined;
  if (!last) return [from, from];
  return [from, Math.max(from, last.isLiteral ? last.source[0] + (end - last.start) : last.source[1])];
}

function isSpanKey(key: string): boolean {
  return key === 'span' || key === 'block' || /Spans?$/.test(key);
}

function isSpan(value: unknown): value is Span {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === 'number' && typeof value[1] === 'number';
}

/** The same facts with every place in the source, and without the names that a release adds: what is named after it alone bears the chart's name. Linear. */
function settle<T>(facts: T, segments: readonly Segment[], chart: string): T {
  const move = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return value === RELEASE_NAME ? chart : value.replaceAll(`${RELEASE_NAME}-`, '');
    if (isSpanKey(key) && isSpan(value)) return sourceSpan(value, segments);
    if (Array.isArray(value)) return value.map((item) => move(item, key));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).filter(([name, item]) => name !== 'namespace' || item !== RELEASE_NAMESPACE);
    return Object.fromEntries(entries.map(([name, item]) => [name, move(item, name)]));
  };
  // Only numbers and texts change: the shape stays.
  return move(facts, '') as T;
}
