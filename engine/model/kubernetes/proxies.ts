// Routes of meshes and gateways in the words of the model: how long they wait, how often they ask again, and what takes a failing target out.

import type { IngressObject, PoolObject, RouteFact } from '../../artifacts/kubernetes/facts';
import { parseDuration } from '../../duration';
import { environmentOfPlaced } from './environment';
import { refOf, scopeOf, type Placed } from './scopes';
import type { Environment, Setting, SystemModel } from '../model';
import type { ProxyLimit, ProxyRetries, ProxyRoute, Upstream } from '../proxy';
import { soundsStreaming } from '../proxy-hosts';

type EnvironmentOf = (path: string) => Environment;

interface Proxy {
  readonly name: string;
  readonly option: string;
  /** What holds where nothing is written; absent = nothing. */
  readonly byDefault?: number;
  /** Its implementation may have a limit of its own. */
  readonly mayBeBounded?: true;
}

/**
 * Istio has no timeout of a route (istio.io/latest/docs/concepts/traffic-management, "Timeouts"); a Gateway's default is its implementation's (gateway-api.sigs.k8s.io, HTTPRouteTimeouts);
 * ingress-nginx waits 60 s between two reads and 5 s to connect (kubernetes.github.io/ingress-nginx, ConfigMap).
 */
const PROXIES: Readonly<Record<string, Proxy>> = {
  VirtualService: { name: 'Istio', option: 'timeout' },
  HTTPRoute: { name: 'the gateway', option: 'timeouts.request', mayBeBounded: true },
  Ingress: { name: 'ingress-nginx', option: 'proxy-read-timeout', byDefault: 60_000 },
};

/** Conditions after which a request may have been worked on. */
const AFTER_SENDING = /(?:^|,)\s*(?:5xx|gateway-error|reset|retriable-4xx|non_idempotent)\s*(?:,|$)/;

/** Routes and pools of all objects. Rules of one object that lack a limit are one route: they are one finding. */
export function proxiesOf(routes: readonly Placed<IngressObject>[], pools: readonly Placed<PoolObject>[], environmentOf: EnvironmentOf): Pick<SystemModel, 'proxyRoutes' | 'upstreams'> {
  return {
    proxyRoutes: routes.flatMap((placed) => routesOf(placed, environmentOf)),
    upstreams: pools.map((placed) => poolOf(placed, environmentOf)),
  };
}

function base(placed: Placed, proxy: string, suffix: string, environmentOf: EnvironmentOf): Pick<ProxyRoute, 'id' | 'name' | 'kind' | 'proxy' | 'scope' | 'environment' | 'at' | 'resource'> {
  const { object, locate } = placed;
  return {
    id: `kubernetes/${scopeOf(placed)}/${object.kind}/${object.name}${suffix}`,
    name: placed.origin?.name ?? object.name,
    kind: object.kind,
    proxy,
    scope: scopeOf(placed),
    environment: environmentOfPlaced(placed, environmentOf),
    at: locate(object.nameSpan),
    resource: refOf(placed),
  };
}

function routesOf(placed: Placed<IngressObject>, environmentOf: EnvironmentOf): ProxyRoute[] {
  const { object, isOpaque } = placed;
  const proxy = PROXIES[object.kind];
  // What a chart leaves switched off is worth a word where the answer is advice anyway.
  if (!proxy || isOpaque || (object.isConditional && !(object.isOff && proxy.mayBeBounded))) return [];
  const open = object.routes.filter((route) => route.timeout.state === 'absent' && !route.hasOpenKeys && !route.isLocal && !isStreaming(route));
  const rest = object.routes.filter((route) => !open.includes(route));
  const [first] = open;
  // A rule that streams is left alone by the fix, which sets a limit in every rule of the object or in one.
  const isMixed = rest.some((route) => route.timeout.state === 'absent' && !route.isLocal);
  const path = !isMixed ? object.path : open.length === 1 ? (first?.path ?? []) : NOWHERE;
  const merged: RouteFact[] = first ? [{ ...first, path, targets: [...new Set(open.flatMap((route) => route.targets))] }] : [];
  return [...merged, ...rest].map((route, i) => convertRoute(placed, route, i, proxy, environmentOf));
}

/** No writer finds it. */
const NOWHERE = ['spec', 'several'] as const;

function isStreaming(route: RouteFact): boolean {
  return route.upgrades || route.paths.some(soundsStreaming);
}

function convertRoute(placed: Placed<IngressObject>, route: RouteFact, index: number, proxy: Proxy, environmentOf: EnvironmentOf): ProxyRoute {
  const common = base(placed, proxy.name, `/${index}`, environmentOf);
  const limit = (field: RouteFact['timeout'], byDefault?: number): ProxyLimit => {
    if (field.state === 'unknown') return field;
    if (field.state === 'absent') return route.hasOpenKeys ? { state: 'unknown', because: 'it comes from template values' } : byDefault === undefined ? { state: 'absent' } : { state: 'default', value: byDefault, source: proxy.name };
    const ms = parseDuration(field.value);
    return ms === undefined ? { state: 'unknown', because: 'it is no duration' } : { state: 'set', value: ms === 0 ? 'none' : ms, at: placed.locate(field.span) };
  };
  return {
    ...common,
    resource: route.path === placed.object.path ? common.resource : { ...common.resource, path: route.path },
    timeout: limit(route.timeout, proxy.byDefault),
    connectTimeout: route.connect ? limit(route.connect, 5_000) : { state: 'unknown', because: 'the mesh decides it' },
    retries: retriesOf(placed, route, limit),
    isStreaming: isStreaming(route),
    isLocal: route.isLocal,
    targets: route.targets.map((host) => host.split('.')[0] ?? host),
    timeoutOption: proxy.option,
    ...(proxy.mayBeBounded ? { mayBeBounded: true } : {}),
  };
}

function retriesOf(placed: Placed, route: RouteFact, limit: (field: RouteFact['timeout']) => ProxyLimit): Setting<ProxyRetries> {
  const { attempts, retryOn, retriesAt } = route;
  if (attempts.state !== 'set' || !retriesAt) return attempts.state === 'unknown' ? attempts : { state: 'absent' };
  const on = retryOn.state === 'set' ? retryOn.value.split(/[,\s]+/).filter((word) => word !== '') : [];
  const isNginx = placed.object.kind === 'Ingress';
  const at = placed.locate(retriesAt);
  return {
    state: 'set',
    at,
    value: {
      attempts: isNginx ? (attempts.value === 0 ? 'unlimited' : Math.max(0, attempts.value - 1)) : attempts.value,
      perTryTimeoutMs: limit(route.perTry),
      on,
      repeatsWrites: retryOn.state === 'set' && AFTER_SENDING.test(on.join(',')),
      at,
      attemptsOption: isNginx ? 'proxy-next-upstream-tries' : 'attempts',
      onOption: isNginx ? 'proxy-next-upstream' : 'retryOn',
    },
  };
}

/** Istio's own defaults but the share: 10 % of two or three instances is none (istio.io/latest/docs/reference/config/networking/destination-rule, OutlierDetection). */
const OUTLIER = { consecutive5xxErrors: 5, interval: '10s', baseEjectionTime: '30s', maxEjectionPercent: 50 };

/** A mesh knows the instances of a host by itself, asks none of them, and takes one out only where it is told to. */
function poolOf(placed: Placed<PoolObject>, environmentOf: EnvironmentOf): Upstream {
  const { object, locate, isOpaque } = placed;
  const common = base(placed, 'Istio', '', environmentOf);
  const host = object.host.split('.')[0] ?? object.host;
  const unknown = { state: 'unknown', because: 'it comes from elsewhere' } as const;
  const isOff = object.failures.state === 'set' && object.failures.value === 0;
  return {
    ...common,
    servers: [{ host, isLiteral: false, isBackup: false, standsForMany: true, at: locate(object.nameSpan) }],
    isOpen: false,
    activeCheck: unknown,
    passiveCheck: isOpaque || object.isConditional || object.outlier.state === 'unknown' ? unknown
      : object.outlier.state === 'set' ? { state: 'set', value: isOff ? 'off' : { at: locate(object.outlier.span) }, at: locate(object.outlier.span) } : { state: 'absent' },
    resolvesOnce: { state: 'default', value: false, source: 'Istio' },
    isPolicy: true,
    passiveFix: { title: 'Take failing instances out for 30 s', intents: [{ kind: 'set-value', path: [...object.path, 'spec', 'trafficPolicy', 'outlierDetection'], value: OUTLIER }] },
    passiveOption: 'outlierDetection',
  };
}
