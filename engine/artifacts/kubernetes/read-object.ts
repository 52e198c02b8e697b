// Reads the objects around workloads: Services, routes, autoscalers, budgets, claims, configuration and drills.

import type { Span } from '../../text';
import { entries, find, items, numberOf, textOf, textsOf } from '../yaml/look-up';
import type { YamlNode } from '../yaml/tree';
import type { AutoscalerObject, BudgetObject, ClaimObject, ConfigObject, DrillObject, IngressObject, KubernetesObject, ObjectHeader, Selector, ServiceObject } from './facts';
import { amountField, ask, booleanField, isOpen, itemsAt, nodeAt, numberField, selectorAt, sourceText, textField, textsField, type Source } from './fields';
import { readPool, readRoutes } from './read-routes';
import { settingsOf } from './read-settings';
import { isWorkload, plainSelector, readWorkload } from './read-workload';

/** Reads any object into the facts of its kind; kinds that nothing asks about are kept by name only. */
export function readObject(source: Source, node: YamlNode, header: ObjectHeader): KubernetesObject {
  const { group, kind } = header;
  if (isWorkload(group, kind)) return readWorkload(source, node, header);
  if (kind === 'Service' && group === '') return readService(source, node, header);
  if (kind === 'HorizontalPodAutoscaler' && group === 'autoscaling') return readAutoscaler(source, node, header);
  if (kind === 'ScaledObject' && group === 'keda.sh') return readScaledObject(source, node, header);
  if (kind === 'VerticalPodAutoscaler') return { ...header, type: 'vertical-scaler', target: readTarget(source, node, 'spec', 'targetRef'), mode: textField(source, node, 'spec', 'updatePolicy', 'updateMode') };
  if (kind === 'PodDisruptionBudget') return readBudget(source, node, header);
  if (kind === 'PersistentVolumeClaim') return readClaim(source, node, header);
  if ((kind === 'ConfigMap' || kind === 'Secret') && group === '') return readConfig(source, node, header);
  if (ROUTE_KINDS.has(kind)) return { ...header, type: 'ingress', backends: readBackends(source, node, kind), routes: readRoutes(source, node, header) } satisfies IngressObject;
  if (kind === 'DestinationRule' && group === 'networking.istio.io') return readPool(source, node, header);
  if (DRILL_GROUPS.has(group)) return readDrill(source, node, header);
  const settings = /\.(?!k8s\.io$)/.test(group) ? settingsOf(nodeAt(source, node, 'spec')) : [];
  return { ...header, type: 'other', ...(settings.length > 0 ? { settings } : {}) };
}

const ROUTE_KINDS = new Set(['Ingress', 'HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute', 'VirtualService', 'IngressRoute', 'HTTPProxy']);
const DRILL_GROUPS = new Set(['chaos-mesh.org', 'litmuschaos.io', 'chaosblade.io']);

function readService(source: Source, node: YamlNode, header: ObjectHeader): ServiceObject {
  const spec = nodeAt(source, node, 'spec');
  const type = textField(source, spec, 'type');
  const address = textField(source, spec, 'clusterIP');
  return {
    ...header,
    type: 'service',
    selector: selectorAt(source, true, spec, 'selector'),
    serviceType: type.state === 'set' ? type.value : type.state === 'absent' ? 'ClusterIP' : 'unknown',
    isHeadless: address.state === 'set' && address.value === 'None',
    publishesNotReady: booleanField(source, spec, 'publishNotReadyAddresses'),
    ports: itemsAt(source, spec, 'ports').map((port) => {
      const number = numberOf(find(port, 'port')?.node);
      const target = find(port, 'targetPort');
      const targetPort = numberOf(target?.node) ?? sourceText(source, target?.node);
      const name = sourceText(source, find(port, 'name')?.node);
      return {
        ...(number === undefined ? {} : { port: number }),
        ...(targetPort === undefined ? {} : { targetPort }),
        ...(name === undefined ? {} : { name }),
        span: target?.pair?.span ?? find(port, 'port')?.pair?.span ?? port.span,
      };
    }),
  };
}

function readAutoscaler(source: Source, node: YamlNode, header: ObjectHeader): AutoscalerObject {
  const utilisation: string[] = [];
  const metricSpans: Span[] = [];
  const cpu = ask(source, node, 'spec', 'targetCPUUtilizationPercentage');
  if (cpu.kind === 'node') {
    utilisation.push('cpu');
    metricSpans.push(cpu.span);
  }
  for (const metric of itemsAt(source, node, 'spec', 'metrics')) {
    const resource = find(metric, 'resource')?.node;
    const name = find(resource, 'name');
    const isUtilisation = textOf(find(resource, 'target', 'type')?.node) === 'Utilization' || find(resource, 'targetAverageUtilization') !== undefined || find(resource, 'target', 'averageUtilization') !== undefined;
    const resourceName = textOf(name?.node);
    if (textOf(find(metric, 'type')?.node) !== 'Resource' || !isUtilisation || resourceName === undefined || !name?.pair) continue;
    utilisation.push(resourceName);
    metricSpans.push(name.pair.span);
  }
  return {
    ...header,
    type: 'autoscaler',
    target: readTarget(source, node, 'spec', 'scaleTargetRef'),
    min: numberField(source, node, 'spec', 'minReplicas'),
    max: numberField(source, node, 'spec', 'maxReplicas'),
    utilisation,
    metricSpans,
  };
}

function readScaledObject(source: Source, node: YamlNode, header: ObjectHeader): AutoscalerObject {
  const utilisation: string[] = [];
  const metricSpans: Span[] = [];
  for (const trigger of itemsAt(source, node, 'spec', 'triggers')) {
    const type = find(trigger, 'type');
    const name = textOf(type?.node);
    if ((name !== 'cpu' && name !== 'memory') || !type?.pair) continue;
    if (textOf(find(trigger, 'metricType')?.node) === 'AverageValue') continue;
    utilisation.push(name);
    metricSpans.push(type.pair.span);
  }
  return {
    ...header,
    type: 'autoscaler',
    target: readTarget(source, node, 'spec', 'scaleTargetRef'),
    min: numberField(source, node, 'spec', 'minReplicaCount'),
    max: numberField(source, node, 'spec', 'maxReplicaCount'),
    utilisation,
    metricSpans,
  };
}

function readTarget(source: Source, node: YamlNode, ...path: string[]): AutoscalerObject['target'] {
  const target = ask(source, node, ...path);
  if (target.kind !== 'node') return undefined;
  const name = find(target.node, 'name');
  const text = sourceText(source, name?.node);
  if (text === undefined || !name?.pair) return undefined;
  return { kind: textOf(find(target.node, 'kind')?.node) ?? 'Deployment', name: text, span: name.pair.span };
}

function readBudget(source: Source, node: YamlNode, header: ObjectHeader): BudgetObject {
  return {
    ...header,
    type: 'budget',
    selector: selectorAt(source, false, node, 'spec', 'selector'),
    minAvailable: amountField(source, node, 'spec', 'minAvailable'),
    maxUnavailable: amountField(source, node, 'spec', 'maxUnavailable'),
    unhealthyEviction: textField(source, node, 'spec', 'unhealthyPodEvictionPolicy'),
  };
}

function readClaim(source: Source, node: YamlNode, header: ObjectHeader): ClaimObject {
  return { ...header, type: 'claim', accessModes: textsField(source, node, 'spec', 'accessModes') };
}

/** Long values (whole configuration files) are no addresses; they are left out. */
const MAX_VALUE = 2_000;

function readConfig(source: Source, node: YamlNode, header: ObjectHeader): ConfigObject {
  const data = header.kind === 'ConfigMap' ? nodeAt(source, node, 'data') : undefined;
  const values: Record<string, string> = {};
  for (const [name, text] of Object.entries(textsOf(data))) if (text.length <= MAX_VALUE && !text.includes('\uE000')) values[name] = text;
  return { ...header, type: 'config', values, isOpen: header.kind === 'Secret' || isOpen(source, data) || ask(source, node, 'data').kind === 'unknown' };
}

/** Services that a route sends requests to, wherever the kind writes them. */
function readBackends(source: Source, node: YamlNode, kind: string): IngressObject['backends'] {
  const spec = nodeAt(source, node, 'spec');
  const found: IngressObject['backends'][number][] = [];
  const add = (at: YamlNode | undefined, nameKey: string, portOf: (node: YamlNode | undefined) => number | string | undefined): void => {
    const name = find(at, nameKey);
    const service = sourceText(source, name?.node);
    if (service === undefined || !name?.pair) return;
    const namespace = sourceText(source, find(at, 'namespace')?.node);
    const port = portOf(at);
    const weight = numberOf(find(at, 'weight')?.node);
    found.push({ service, ...(namespace === undefined ? {} : { namespace }), ...(port === undefined ? {} : { port }), ...(weight === undefined ? {} : { weight }), span: name.pair.span });
  };
  const addIngress = (backend: YamlNode | undefined): void => {
    add(find(backend, 'service')?.node, 'name', (at) => scalar(find(at, 'port', 'number')?.node) ?? scalar(find(at, 'port', 'name')?.node));
    add(backend, 'serviceName', (at) => scalar(find(at, 'servicePort')?.node));
  };
  switch (kind) {
    case 'Ingress':
      addIngress(find(spec, 'defaultBackend')?.node ?? find(spec, 'backend')?.node);
      for (const rule of itemsAt(source, spec, 'rules')) for (const path of items(find(rule, 'http', 'paths')?.node)) addIngress(find(path, 'backend')?.node);
      break;
    case 'VirtualService':
      for (const protocol of ['http', 'tcp', 'tls']) {
        for (const rule of itemsAt(source, spec, protocol)) {
          for (const route of items(find(rule, 'route')?.node)) {
            const at = find(route, 'destination')?.node;
            add(at, 'host', (of) => scalar(find(of, 'port', 'number')?.node));
            const weight = numberOf(find(route, 'weight')?.node);
            const last = found.at(-1);
            if (last && weight !== undefined) found[found.length - 1] = { ...last, weight };
          }
        }
      }
      break;
    case 'IngressRoute':
    case 'HTTPProxy':
      for (const rule of itemsAt(source, spec, 'routes')) for (const service of items(find(rule, 'services')?.node)) add(service, 'name', (at) => scalar(find(at, 'port')?.node));
      break;
    default:
      for (const rule of itemsAt(source, spec, 'rules')) {
        for (const backend of items(find(rule, 'backendRefs')?.node)) {
          if ((textOf(find(backend, 'kind')?.node) ?? 'Service') === 'Service') add(backend, 'name', (at) => scalar(find(at, 'port')?.node));
        }
      }
  }
  return found;
}

function scalar(node: YamlNode | undefined): number | string | undefined {
  return numberOf(node) ?? textOf(node);
}

function readDrill(source: Source, node: YamlNode, header: ObjectHeader): DrillObject {
  const spec = nodeAt(source, node, 'spec');
  const labels = find(spec, 'selector', 'labelSelectors')?.node;
  const application = textOf(find(spec, 'appinfo', 'applabel')?.node);
  const [key, value] = application?.split('=') ?? [];
  let selector: Selector | undefined = labels ? plainSelector(labels) : undefined;
  if (!selector && key && value && spec) selector = { labels: { [key]: value }, expressions: [], isOpen: false, span: spec.span };
  const targets = Object.values(selector?.labels ?? {});
  for (const { value: pods } of entries(find(spec, 'selector', 'pods')?.node)) for (const pod of items(pods)) targets.push(textOf(pod) ?? '');
  return { ...header, type: 'drill', selector, targets: targets.filter((target) => target !== '') };
}
