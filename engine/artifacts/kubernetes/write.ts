// Says a fix in a manifest's own style: the smallest edits by the places of its tree, never on a line with a template action.

import type { ResourceRef } from '../../model/model';
import { applyEdits, type TextEdit } from '../../text';
import { appendDocument, appendItem, fillEmpty, insertEntry, removeEntry, replaceScalar, replaceValue, setEntry, type Where } from '../yaml/edit';
import { get, resolve, textOf, valueOf } from '../yaml/look-up';
import { entryLines, flowList, list, map, type NewMap, type NewNode } from '../yaml/render';
import { parseAgain } from '../yaml/parse-again';
import { writeInDocument, type Placement } from '../yaml/write-value';
import { lineEnd, type YamlDocument, type YamlMap, type YamlNode } from '../yaml/tree';
import type { ArtifactIntent } from '../intent';
import { writeKubernetesResource } from '../terraform-kubernetes/write';
import { hasActions, maskTemplate } from './template';

interface Place {
  readonly text: string;
  readonly document: YamlDocument;
  /** The node that the resource names. */
  readonly node: YamlMap;
  /** The object it belongs to. */
  readonly object: YamlMap;
}

/** The smallest edits of `text` that do what is asked of `resource`; undefined where the format has no word for it or the place is gone. */
export function writeKubernetes(text: string, resource: ResourceRef, intent: ArtifactIntent): TextEdit[] | undefined {
  if (intent.kind === 'replace-text') return isPlain(text, { span: intent.span, newText: intent.text }) ? [{ span: intent.span, newText: intent.text }] : undefined;
  // What a provider of Terraform makes stands in no manifest.
  if (/\.(?:tf|tofu)$/.test(resource.file)) return writeKubernetesResource(text, resource, intent);
  const masked = hasActions(text) ? maskTemplate(text).text : text;
  const steps = stepsOf(intent);
  let current = masked;
  let only: TextEdit | undefined;
  for (const step of steps) {
    const place = placeOf(current, resource);
    const edit = place && step(place);
    if (!edit) return undefined;
    if (!isPlain(text, edit) && steps.length === 1) return undefined;
    only = edit;
    current = applyEdits(current, [edit]).text;
  }
  if (!only) return undefined;
  const edit = steps.length === 1 ? only : difference(masked, current);
  return isPlain(text, edit) ? [edit] : undefined;
}

/** One edit that turns one text into the other. */
function difference(before: string, after: string): TextEdit {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return { span: [start, before.length - end], newText: after.slice(start, after.length - end) };
}

/** No template action stands on the edited lines, and none below that could belong to what stands above the insertion. */
function isPlain(text: string, edit: TextEdit): boolean {
  if (!hasActions(text)) return true;
  const start = text.lastIndexOf('\n', edit.span[0] - 1) + 1;
  const stop = lineEnd(text, edit.span[1]);
  const next = /^\s*?\n?([^\n]*)/.exec(text.slice(stop).replace(/^\r?\n/, ''))?.[1] ?? '';
  return !text.slice(start, stop).includes('{{') && !next.trimStart().startsWith('{{') && !edit.newText.includes('\uE000');
}

function placeOf(text: string, resource: ResourceRef): Place | undefined {
  const document = parseAgain(text).documents[resource.document];
  const objectPath = resource.path[0] === 'items' ? resource.path.slice(0, 2) : [];
  const object = resolve(get(document?.root, ...objectPath));
  const node = resolve(get(document?.root, ...resource.path));
  return document && object?.kind === 'map' && node?.kind === 'map' ? { text, document, node, object } : undefined;
}

type Step = (place: Place) => TextEdit | undefined;

function stepsOf(intent: ArtifactIntent): readonly Step[] {
  switch (intent.kind) {
    case 'set-probe':
      return [(place) => insertEntry(place.text, place.document, place.node, `${intent.probe}Probe`, probeNode(intent), BESIDE_PROBES)];
    case 'set-probe-field':
      return [(place) => setProbeField(place, intent)];
    case 'set-memory-limit':
      return [
        ...(intent.cpuRequest === undefined ? [] : [(place: Place) => setPath(place, place.node, ['resources', 'requests', 'cpu'], intent.cpuRequest ?? '')]),
        (place) => setPath(place, place.node, ['resources', 'limits', 'memory'], intent.memory),
      ];
    case 'set-cpu-request':
      return [(place) => setPath(place, place.node, ['resources', 'requests', 'cpu'], intent.cpu)];
    case 'add-pre-stop':
      return [(place) => setPath(place, place.node, ['lifecycle', 'preStop'], map({ exec: map({ command: flowList(['sleep', String(intent.seconds)]) }) }))];
    case 'set-stop-grace-period':
      return [(place) => setPod(place, 'terminationGracePeriodSeconds', intent.seconds)];
    case 'set-restart':
      return [(place) => setPod(place, 'restartPolicy', 'Always')];
    case 'add-spread':
      return [(place) => addSpread(place, intent)];
    case 'set-instances':
      return [(place) => withSpec(place, (spec) => setEntry(place.text, place.document, spec, 'replicas', intent.count, firstKey(spec)))];
    case 'remove-instances':
      return [(place) => withSpec(place, (spec) => removeEntry(place.text, spec, 'replicas'))];
    case 'set-rollout':
      return rolloutSteps(intent);
    case 'add-disruption-budget':
      return [(place) => addObject(place, budgetNode(intent))];
    case 'set-budget':
      return [(place) => setBudget(place, intent.maxUnavailable)];
    case 'add-autoscaler':
      return [(place) => addObject(place, autoscalerNode(intent))];
    case 'set-autoscaler-min':
      return [(place) => setAutoscalerLimit(place, 'min', intent.count)];
    case 'set-autoscaler-max':
      return [(place) => setAutoscalerLimit(place, 'max', intent.count)];
    case 'set-publishes-not-ready':
      return [(place) => withSpec(place, (spec) => setEntry(place.text, place.document, spec, 'publishNotReadyAddresses', intent.value))];
    case 'set-selector':
      return Object.entries(intent.labels).map(([key, value]) => (place: Place) => setSelector(place, key, value));
    case 'set-mount-target':
      return [(place) => setMountTarget(place, intent.from, intent.to)];
    case 'set-directive':
      return [(place) => setRouteLimit(place, intent.name, intent.value), ...Array.from({ length: MOST_RULES }, () => (place: Place) => setRouteLimit(place, intent.name, intent.value) ?? NO_EDIT)];
    case 'set-value':
    case 'remove-value':
      return [(place) => writeInDocument(place.text, place.document, intent, PLACEMENT)?.[0]];
    default:
      return [];
  }
}

/** Short keys stand before the long template that they are about. */
const PLACEMENT: Placement = {
  concurrencyPolicy: { after: ['schedule'] },
  startingDeadlineSeconds: { after: ['schedule'] },
  activeDeadlineSeconds: { before: ['template'] },
};

/** Rules of one route that a fix gives a limit. */
const MOST_RULES = 30;
const NO_EDIT: TextEdit = { span: [0, 0], newText: '' };

/** Gives the next rule of a route that lacks a limit one; a resource that is a rule has its own. */
function setRouteLimit(place: Place, option: string, value: string): TextEdit | undefined {
  const path = option.split('.');
  const rules = place.node === place.object ? (get(place.object, 'spec', 'http') ?? get(place.object, 'spec', 'rules')) : undefined;
  if (place.node !== place.object) return setPath(place, place.node, path, value);
  if (kindOf(place.object) === 'Ingress') {
    const annotations = resolve(get(place.object, 'metadata', 'annotations'));
    return annotations?.kind === 'map' ? setEntry(place.text, place.document, annotations, `nginx.ingress.kubernetes.io/${option}`, String(parseInt(value, 10))) : undefined;
  }
  const next = rules?.kind === 'sequence' ? rules.items.map((item) => resolve(item)).find((item): item is YamlMap => item?.kind === 'map' && !get(item, ...path) && !item.index.has('redirect') && !item.index.has('directResponse')) : undefined;
  return next && setPath(place, next, path, value, { after: ['timeouts', 'retries', 'match', 'matches'] });
}

function kindOf(object: YamlMap): string {
  return textOf(get(object, 'kind')) ?? '';
}

function withSpec(place: Place, edit: (spec: YamlMap) => TextEdit | undefined): TextEdit | undefined {
  const spec = resolve(get(place.object, 'spec'));
  return spec?.kind === 'map' ? edit(spec) : undefined;
}

function podOf(object: YamlMap): YamlMap | undefined {
  const kind = kindOf(object);
  const path = kind === 'Pod' ? ['spec'] : kind === 'CronJob' ? ['spec', 'jobTemplate', 'spec', 'template', 'spec'] : ['spec', 'template', 'spec'];
  const pod = resolve(get(object, ...path));
  return pod?.kind === 'map' ? pod : undefined;
}

function firstKey(node: YamlMap): Where {
  const first = node.pairs[0]?.name;
  return first === undefined ? {} : { before: [first] };
}

function setPod(place: Place, key: string, value: string | number): TextEdit | undefined {
  const pod = podOf(place.object);
  return pod && setEntry(place.text, place.document, pod, key, value, { before: ['initContainers', 'containers'] });
}

const BESIDE_PROBES: Where = { after: ['readinessProbe', 'livenessProbe', 'startupProbe', 'ports', 'image', 'name'] };
const IN_CONTAINER: Where = { after: ['resources', 'lifecycle', 'readinessProbe', 'ports', 'image', 'name'] };
const IN_SPEC: Where = { before: ['selector', 'template'] };

/** Sets a nested key; the maps on the way are made where they are missing or empty. */
function setPath(place: Place, from: YamlMap, path: readonly string[], value: NewNode, where: Where = IN_CONTAINER): TextEdit | undefined {
  let at = from;
  for (const [i, key] of path.entries()) {
    const rest = path.slice(i + 1).reduceRight<NewNode>((node, name) => map({ [name]: node }), value);
    const pair = at.index.get(key);
    if (!pair) return insertEntry(place.text, place.document, at, key, rest, i === 0 ? where : {});
    if (i === path.length - 1) return typeof value === 'object' ? undefined : replaceValue(pair, value);
    const next = resolve(pair.value);
    if (next?.kind === 'scalar' && valueOf(next) === null) {
      const child = path[i + 1] ?? '';
      return fillEmpty(place.text, place.document, pair, child, path.slice(i + 2).reduceRight<NewNode>((node, name) => map({ [name]: node }), value));
    }
    // A shared node (an alias) would change elsewhere too.
    if (next?.kind !== 'map' || pair.value.kind === 'alias') return undefined;
    at = next;
  }
  return undefined;
}

function probeNode(intent: Extract<ArtifactIntent, { kind: 'set-probe' }>): NewMap {
  const { handler } = intent;
  return map({
    ...(handler.kind === 'http' ? { httpGet: map({ path: handler.path, port: handler.port }) } : {}),
    ...(handler.kind === 'tcp' ? { tcpSocket: map({ port: handler.port }) } : {}),
    ...(handler.kind === 'exec' ? { exec: map({ command: flowList(handler.command) }) } : {}),
    periodSeconds: intent.periodSeconds,
    timeoutSeconds: intent.timeoutSeconds,
    failureThreshold: intent.failureThreshold,
  });
}

function setProbeField(place: Place, intent: Extract<ArtifactIntent, { kind: 'set-probe-field' }>): TextEdit | undefined {
  const probe = mapAt(place.node, `${intent.probe}Probe`);
  if (!probe) return undefined;
  if (intent.field !== 'port' && intent.field !== 'path') return setEntry(place.text, place.document, probe, intent.field, intent.value);
  const handler = mapAt(probe, 'httpGet') ?? mapAt(probe, 'tcpSocket');
  return handler && setEntry(place.text, place.document, handler, intent.field, intent.value);
}

function mapAt(node: YamlMap, key: string): YamlMap | undefined {
  const value = node.index.get(key)?.value;
  return value?.kind === 'map' ? value : undefined;
}

function addSpread(place: Place, intent: Extract<ArtifactIntent, { kind: 'add-spread' }>): TextEdit | undefined {
  const pod = podOf(place.object);
  if (!pod) return undefined;
  const term = map({ maxSkew: 1, topologyKey: intent.topologyKey, whenUnsatisfiable: 'ScheduleAnyway', labelSelector: map({ matchLabels: map(intent.labels) }) });
  const own = pod.index.get('topologySpreadConstraints')?.value;
  if (own?.kind === 'sequence') return appendItem(place.text, place.document, own, term);
  return insertEntry(place.text, place.document, pod, 'topologySpreadConstraints', list([term]), { before: ['initContainers', 'containers'] });
}

/** A rollout replaces `Recreate`, whose word decides, and then its numbers. */
function rolloutSteps(intent: Extract<ArtifactIntent, { kind: 'set-rollout' }>): Step[] {
  const keyOf = (place: Place): string => (/^(?:StatefulSet|DaemonSet)$/.test(kindOf(place.object)) ? 'updateStrategy' : 'strategy');
  const steps: Step[] = [(place) => withSpec(place, (spec) => setPath(place, spec, [keyOf(place), 'type'], intent.strategy === 'recreate' ? 'Recreate' : 'RollingUpdate', IN_SPEC))];
  if (intent.strategy === 'recreate') steps.push(dropRollingUpdate);
  for (const [key, value] of [['maxUnavailable', intent.maxUnavailable], ['maxSurge', intent.maxSurge]] as const) {
    if (value !== undefined) steps.push((place) => withSpec(place, (spec) => setPath(place, spec, [keyOf(place), 'rollingUpdate', key], value)));
  }
  return steps;
}

/** Numbers of a rolling update beside `Recreate` are refused by the platform. */
function dropRollingUpdate(place: Place): TextEdit | undefined {
  return withSpec(place, (spec) => {
    const strategy = mapAt(spec, 'strategy');
    return strategy?.index.has('rollingUpdate') ? removeEntry(place.text, strategy, 'rollingUpdate') : { span: [0, 0], newText: '' };
  });
}

function metadata(name: string, namespace: string | undefined): NewMap {
  return map({ name, namespace });
}

function budgetNode(intent: Extract<ArtifactIntent, { kind: 'add-disruption-budget' }>): NewMap {
  return map({
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: metadata(intent.name, intent.namespace),
    spec: map({ maxUnavailable: intent.maxUnavailable, selector: map({ matchLabels: map(intent.labels) }) }),
  });
}

function autoscalerNode(intent: Extract<ArtifactIntent, { kind: 'add-autoscaler' }>): NewMap {
  const target = map({ type: 'Utilization', averageUtilization: 70 });
  return map({
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: metadata(intent.name, intent.namespace),
    spec: map({
      scaleTargetRef: map({ apiVersion: 'apps/v1', kind: intent.targetKind, name: intent.name }),
      minReplicas: intent.min,
      maxReplicas: intent.max,
      metrics: list([map({ type: 'Resource', resource: map({ name: 'cpu', target }) })]),
    }),
  });
}

/** A new document behind the object's own, or a new item behind it in a List. */
function addObject(place: Place, node: NewMap): TextEdit | undefined {
  const { text, document, object } = place;
  if (object === document.root) {
    if (object.style === 'flow') return undefined;
    const style = { unit: 2, dash: 0, lineBreak: '\n', isJson: false };
    return appendDocument(text, document, node.entries.flatMap(([name, value]) => entryLines(name, value, 0, style)));
  }
  const items = get(document.root, 'items');
  return items?.kind === 'sequence' ? appendItem(text, document, items, node) : undefined;
}

function setBudget(place: Place, maxUnavailable: number): TextEdit | undefined {
  return withSpec(place, (spec) => {
    const least = spec.index.get('minAvailable');
    if (!least) return setEntry(place.text, place.document, spec, 'maxUnavailable', maxUnavailable, firstKey(spec));
    if (spec.index.has('maxUnavailable')) return removeEntry(place.text, spec, 'minAvailable');
    const isQuoted = least.key.kind === 'scalar' && least.key.style === 'double';
    return { span: least.span, newText: `${isQuoted ? '"maxUnavailable"' : 'maxUnavailable'}: ${maxUnavailable}` };
  });
}

function setAutoscalerLimit(place: Place, limit: 'min' | 'max', count: number): TextEdit | undefined {
  const key = `${limit}${kindOf(place.object) === 'ScaledObject' ? 'ReplicaCount' : 'Replicas'}`;
  return withSpec(place, (spec) => setEntry(place.text, place.document, spec, key, count, { before: ['maxReplicas', 'maxReplicaCount'] }));
}

function setSelector(place: Place, key: string, value: string): TextEdit | undefined {
  const selector = resolve(get(place.object, 'spec', 'selector'));
  if (selector?.kind !== 'map') return undefined;
  const own: YamlNode | undefined = selector.index.get(key)?.value;
  if (own?.kind === 'scalar') return replaceScalar(own, value);
  return own ? undefined : insertEntry(place.text, place.document, selector, key, value);
}

function setMountTarget(place: Place, from: string, to: string): TextEdit | undefined {
  const mounts = get(place.node, 'volumeMounts');
  if (mounts?.kind !== 'sequence') return undefined;
  for (const mount of mounts.items) {
    const target = get(mount, 'mountPath');
    if (target?.kind === 'scalar' && target.text === from) return replaceScalar(target, to);
  }
  return undefined;
}
