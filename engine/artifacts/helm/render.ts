// Renders the templates of a chart: each file becomes a text in which only what cannot be known is still an action, and which knows where every part of it stands in the file.

import type { KubernetesFacts } from '../kubernetes/facts';
import type { Span } from '../../text';
import { builtIns, chartValue } from './built-ins';
import { renderingsOf, type Chart, type Rendering } from './charts';
import { Evaluation } from './evaluate';
import type { LeftOut, Segment, Sink } from './sink';
import { parseTemplate, type ParsedTemplate, type TemplateNode } from './syntax';
import { CLOSE_MARK, OPEN_MARK, mapValue } from './value';

export interface RenderedText {
  /** Still a template where something is unknown: `{{ … }}` stands for it. */
  readonly text: string;
  /** Spans of the actions that are left. */
  readonly actions: readonly Span[];
  readonly segments: readonly Segment[];
  readonly leftOut: readonly LeftOut[];
  /** The values switch it off. */
  readonly isOff: boolean;
}

export interface RenderedFile {
  readonly file: KubernetesFacts;
  /** The file as it is rendered, and each part of it that the values leave out. */
  readonly texts: readonly RenderedText[];
}

/** Steps that one template file may take; a step is some hundred nanoseconds. */
const STEPS = 150_000;
/** Files of a chart beyond this many share what is left. */
const MAX_FILES = 400;
const MAX_OUTPUT = 2_000_000;

const parsedOf = new WeakMap<KubernetesFacts, ParsedTemplate | false>();

function parsed(file: KubernetesFacts): ParsedTemplate | undefined {
  let found = parsedOf.get(file);
  if (found === undefined) {
    found = parseTemplate(file.template ?? '') ?? false;
    parsedOf.set(file, found);
  }
  return found === false ? undefined : found;
}

/** Renders every template of a chart and of those in it. What could not be rendered is left out. */
export function renderChart(chart: Chart): RenderedFile[] {
  const defines = new Map<string, readonly TemplateNode[]>();
  collectDefines(chart, defines, 0);
  const renderings = renderingsOf(chart);
  const count = renderings.reduce((sum, { chart: { templates } }) => sum + templates.length, 0);
  const steps = count <= MAX_FILES ? STEPS : Math.floor((STEPS * MAX_FILES) / count);
  return renderings.filter((rendering) => !rendering.chart.facts.isLibrary).flatMap((rendering) => renderFiles(rendering, defines, steps));
}

/** Named templates of all charts; a parent's win over those of its parts. */
function collectDefines(chart: Chart, defines: Map<string, readonly TemplateNode[]>, depth: number): void {
  if (depth > 8) return;
  for (const child of [...chart.borrowed, ...chart.children]) collectDefines(child, defines, depth + 1);
  for (const file of chart.templates) for (const [name, nodes] of parsed(file)?.defines ?? []) defines.set(name, nodes);
}

function renderFiles({ chart, values, isOff }: Rendering, defines: ReadonlyMap<string, readonly TemplateNode[]>, steps: number): RenderedFile[] {
  const self = chartValue(chart.facts.fields);
  return chart.templates.filter((file) => isManifest(file.path) && mayMatter(file)).flatMap((file) => {
    const template = parsed(file);
    if (!template) return [];
    const evaluation = new Evaluation(defines, steps);
    const sink = evaluation.render(template.nodes, mapValue([...builtIns(self, templateName(chart, file.path)), ['Values', values]]));
    if (!sink || sink.text.length > MAX_OUTPUT) return [];
    return [{ file, texts: [finished(sink, isOff), ...sink.off.map((part) => finished(part, true))] }];
  });
}

/** Kinds of which nothing is asked that values could change. */
const IDLE = new Set(['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding', 'ServiceAccount', 'ServiceMonitor', 'PodMonitor', 'PrometheusRule', 'PodSecurityPolicy', 'Certificate', 'Issuer', 'ClusterIssuer', 'Namespace', 'ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration', 'SecurityContextConstraints']);

/** Whether rendering a file can tell anything; what cannot be read without values may be of any kind. */
function mayMatter(file: KubernetesFacts): boolean {
  return file.objects.length === 0 || file.objects.some((object) => !IDLE.has(object.kind));
}

function isManifest(path: string): boolean {
  return /\.(?:ya?ml|json)$/.test(path) && !/(?:^|\/)_[^/]*$/.test(path);
}

function templateName(chart: Chart, path: string): string {
  return `${chart.facts.name}/${chart.folder === '' ? path : path.slice(chart.folder.length + 1)}`;
}

/** Marks become braces, of the same width. */
function finished(sink: Sink, isOff: boolean): RenderedText {
  const { text, segments, leftOut } = sink;
  const actions: Span[] = [];
  for (let at = text.indexOf(OPEN_MARK); at >= 0; at = text.indexOf(OPEN_MARK, at + 1)) {
    const close = text.indexOf(CLOSE_MARK, at);
    if (close < 0) break;
    actions.push([at, close + CLOSE_MARK.length]);
  }
  return { text: actions.length === 0 ? text : text.replace(/[\uE001\uE002]/g, '{').replace(/[\uE003\uE004]/g, '}'), actions, segments, leftOut, isOff };
}
