// Joins Services with the workloads they select, and Ingresses and routes with the Services they name.

import type { IngressObject, ServiceObject, WorkloadObject } from '../../artifacts/kubernetes/facts';
import { nearest, refOf, scopeOf, sharesNamespace, type Completeness, type Placed } from './scopes';
import type { Evidence, Route } from '../model';
import { isNearly, matches } from './selectors';
import { isMonitoringPort } from '../workload-names';

export interface JoinedRoutes {
  readonly servedBy: ReadonlyMap<Placed<WorkloadObject>, { readonly evidence: readonly Evidence[]; readonly isExposed: boolean }>;
  /** The model's routes, once the workloads have ids. */
  make(idOf: (workload: Placed<WorkloadObject>) => string | undefined): Route[];
}

/** Joins all routes. Candidates of a Service are found by one label of its selector, those of an Ingress by the Service's name. */
export function joinRoutes(
  services: readonly Placed<ServiceObject>[],
  ingresses: readonly Placed<IngressObject>[],
  workloads: readonly Placed<WorkloadObject>[],
  complete: Completeness,
): JoinedRoutes {
  const byLabel = new Map<string, Placed<WorkloadObject>[]>();
  const open: Placed<WorkloadObject>[] = [];
  for (const workload of workloads) {
    if (workload.object.podLabels.isOpen) open.push(workload);
    for (const [key, value] of Object.entries(workload.object.podLabels.entries)) push(byLabel, `${key}=${value}`, workload);
  }
  const byName = new Map<string, Placed<ServiceObject>[]>();
  for (const service of services) push(byName, service.object.name, service);

  const targets = new Map<Placed<ServiceObject>, Placed<WorkloadObject>[]>();
  const isDangling = new Set<Placed<ServiceObject>>();
  for (const service of services) {
    const { selector, namespace } = service.object;
    const first = Object.entries(selector?.labels ?? {})[0];
    const candidates = first ? [...(byLabel.get(first.join('=')) ?? []), ...open] : [];
    const possible = candidates.filter((workload) => sharesNamespace(namespace, workload.object.namespace) && matches(selector, workload.object.podLabels) !== 'no');
    targets.set(service, nearest(service, possible.filter((workload) => matches(selector, workload.object.podLabels) === 'yes')));
    const isCertain = !selector?.isOpen && service.object.serviceType !== 'ExternalName' && !service.object.isConditional && complete(service);
    if (possible.length === 0 && first && isCertain && !mayBeLabelled(service, workloads)) isDangling.add(service);
  }

  const evidence = new Map<Placed<WorkloadObject>, { evidence: Evidence[]; isExposed: boolean }>();
  const serve = (workload: Placed<WorkloadObject>, by: Placed, text: string, isExposed: boolean): void => {
    const found = evidence.get(workload) ?? { evidence: [], isExposed: false };
    if (text !== '') found.evidence.push({ at: by.locate(by.object.nameSpan), text });
    evidence.set(workload, { evidence: found.evidence, isExposed: found.isExposed || isExposed });
  };
  for (const service of services) {
    const { ports, serviceType, name } = service.object;
    // A Service that only monitoring asks makes nobody a server.
    if (ports.length > 0 && ports.every((port) => isMonitoringPort(port.name))) continue;
    for (const workload of targets.get(service) ?? []) serve(workload, service, `served by Service ${name}`, serviceType === 'LoadBalancer' || serviceType === 'NodePort');
  }
  const backends = new Map<Placed<IngressObject>, Placed<ServiceObject>[]>();
  for (const ingress of ingresses) {
    const named = ingress.object.backends.flatMap((backend) => nearest(ingress, byName.get(serviceName(backend.service)) ?? []));
    backends.set(ingress, named);
    for (const service of named) for (const workload of targets.get(service) ?? []) serve(workload, ingress, `reached through ${ingress.object.kind} ${ingress.object.name}`, true);
  }

  return {
    servedBy: evidence,
    make: (idOf) => {
      const ids = (list: readonly Placed<WorkloadObject>[]): string[] => [...new Set(list.flatMap((workload) => idOf(workload) ?? []))];
      return [
        ...services.map((service) => ({ ...serviceRoute(service, ids(targets.get(service) ?? []), isDangling.has(service), complete, workloads), ...missingPorts(service, targets.get(service) ?? []) })),
        ...ingresses.map((ingress) => ({ ...ingressRoute(ingress, ids((backends.get(ingress) ?? []).flatMap((service) => targets.get(service) ?? [])), byName, complete), ...missingServicePorts(ingress, backends.get(ingress) ?? []) })),
      ];
    },
  };
}

/** Names of target ports that no container of any workload behind a Service declares; nothing where a template may add some. */
function missingPorts(service: Placed<ServiceObject>, targets: readonly Placed<WorkloadObject>[]): Pick<Route, 'missingPorts'> {
  const containers = targets.flatMap(({ object }) => object.containers);
  // What values switch on in one template of a chart stands in another.
  const isOpen = targets.length === 0 || service.chart !== undefined || service.isOpaque || targets.some(({ object, isOpaque }) => isOpaque || object.hasOpenContainers) || containers.some((container) => container.hasOpenPorts);
  if (isOpen) return {};
  const names = new Set(containers.flatMap((container) => container.ports.flatMap((port) => port.name ?? [])));
  const missing = service.object.ports.flatMap(({ targetPort, span }) =>
    typeof targetPort === 'string' && !/[{}$]/.test(targetPort) && !/^\d+$/.test(targetPort) && !names.has(targetPort) ? [{ port: targetPort, of: targets[0]?.origin?.name ?? targets[0]?.object.name ?? '', at: service.locate(span) }] : []);
  return missing.length > 0 ? { missingPorts: missing } : {};
}

/** Ports of Services that a route names and the Services do not have. */
function missingServicePorts(ingress: Placed<IngressObject>, services: readonly Placed<ServiceObject>[]): Pick<Route, 'missingPorts'> {
  if (ingress.isOpaque || ingress.object.isConditional) return {};
  const missing = ingress.object.backends.flatMap(({ service: host, port, span }) => {
    const named = services.filter(({ object }) => object.name === serviceName(host));
    const isKnown = named.length > 0 && named.every(({ object, file, isOpaque }) => !isOpaque && !file.isTemplate && object.ports.length > 0 && object.ports.every((own) => own.port !== undefined));
    if (!isKnown || port === undefined || named.some(({ object }) => object.ports.some((own) => own.port === port || own.name === port)) || String(port).includes('{')) return [];
    return [{ port: String(port), of: host, at: ingress.locate(span) }];
  });
  return missing.length > 0 ? { missingPorts: missing } : {};
}

/** Some selector keys are written by what runs (a leader marks its role): labels that only lack keys, and agree in one, may be meant. */
function mayBeLabelled(service: Placed<ServiceObject>, workloads: readonly Placed<WorkloadObject>[]): boolean {
  const wanted = Object.entries(service.object.selector?.labels ?? {});
  return wanted.length > 1 && workloads.some(({ object }) => wanted.some(([key, value]) => object.podLabels.entries[key] === value) && wanted.every(([key, value]) => (object.podLabels.entries[key] ?? value) === value));
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** `orders.shop.svc.cluster.local` names Service `orders`. */
function serviceName(host: string): string {
  return host.includes('{{') ? host : (host.split('.')[0] ?? host);
}

function routeBase(placed: Placed): Pick<Route, 'name' | 'kind' | 'scope' | 'at' | 'resource'> {
  const { object, locate } = placed;
  return {
    name: placed.origin?.name ?? object.name,
    kind: object.kind,
    scope: scopeOf(placed),
    at: locate(object.nameSpan),
    resource: refOf(placed),
  };
}

function serviceRoute(placed: Placed<ServiceObject>, targets: readonly string[], isDangling: boolean, complete: Completeness, workloads: readonly Placed<WorkloadObject>[]): Route {
  const { object, locate } = placed;
  const near = isDangling ? nearestLabels(placed, workloads) : undefined;
  return {
    ...routeBase(placed),
    selector: object.selector && !object.selector.isOpen ? object.selector.labels : undefined,
    ports: object.ports.map((port) => ({
      ...(port.port === undefined ? {} : { port: port.port }),
      ...(port.targetPort === undefined ? {} : { targetPort: port.targetPort }),
      at: locate(port.span),
    })),
    targets,
    // A workload elsewhere that may be meant leaves it open.
    isScopeComplete: isDangling || (targets.length > 0 && complete(placed)),
    publishesNotReady: object.publishesNotReady.state === 'set' && object.publishesNotReady.value,
    isHeadless: object.isHeadless,
    ...(object.publishesNotReady.state === 'set' ? { publishesNotReadyAt: locate(object.publishesNotReady.span) } : {}),
    ...(near ? { nearest: near } : {}),
  };
}

/** Labels of the one workload that the selector misses by a single value: a slip of the pen, or a workload of the same name. */
function nearestLabels(service: Placed<ServiceObject>, workloads: readonly Placed<WorkloadObject>[]): Readonly<Record<string, string>> | undefined {
  const wanted = Object.entries(service.object.selector?.labels ?? {});
  const found = workloads.filter((workload) => {
    const { entries } = workload.object.podLabels;
    const wrong = wanted.filter(([key, value]) => entries[key] !== value);
    const isSlip = wrong.every(([key, value]) => entries[key] !== undefined && (isNearly(entries[key], value) || workload.object.name === service.object.name));
    return wrong.length === 1 && isSlip && nearest(service, [workload]).length > 0;
  });
  const [only] = found;
  return found.length === 1 && only ? Object.fromEntries(wanted.map(([key, value]) => [key, only.object.podLabels.entries[key] ?? value])) : undefined;
}

/** A template value, or a host outside the cluster. */
function isElsewhere(service: string): boolean {
  return service.includes('{{') || (service.includes('.') && !service.includes('.svc'));
}

function ingressRoute(placed: Placed<IngressObject>, targets: readonly string[], services: ReadonlyMap<string, readonly Placed<ServiceObject>[]>, complete: Completeness): Route {
  const { object, locate } = placed;
  const isComplete = complete(placed) && !object.isConditional;
  const missing = object.backends
    .filter(({ service, namespace }) => isComplete && !services.has(serviceName(service)) && !isElsewhere(service) && (namespace === undefined || namespace === object.namespace))
    .map(({ service, span }) => ({ name: service, at: locate(span) }));
  return {
    ...routeBase(placed),
    selector: undefined,
    ports: [],
    targets,
    isScopeComplete: isComplete,
    publishesNotReady: false,
    isHeadless: false,
    ...(missing.length > 0 ? { missing } : {}),
  };
}
