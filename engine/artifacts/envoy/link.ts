// Turns the facts of Envoy files into routes, upstreams and listeners of the model, with Envoy's own defaults.

import type { ModelPart, Setting } from '../../model/model';
import { serverOfHost } from '../../model/proxy-hosts';
import type { ProxyLimit, ProxyListener, ProxyRoute, Upstream } from '../../model/proxy';
import type { Span } from '../../text';
import type { FormatContext } from '../format';
import type { EnvoyCluster, EnvoyFacts, EnvoyManager, EnvoyRetry, EnvoyRoute, LimitField, Path } from './facts';

// Conditions after which a request may have been worked on.
const AFTER_SENDING = /^(?:5xx|gateway-error|reset|retriable-status-codes|retriable-4xx)$/;

/** Routes, pools and listeners of all Envoy files. Linear. */
export function linkEnvoy(files: readonly EnvoyFacts[], context: FormatContext): ModelPart {
  const http2 = new Set(files.flatMap((file) => file.clusters.filter((cluster) => cluster.isHttp2).map((cluster) => cluster.name)));
  const connect = new Map(files.flatMap((file) => file.clusters.map((cluster) => [cluster.name, limit(cluster.connectTimeout, file.path, 5_000)] as const)));
  const used = new Set(files.flatMap((file) => [...file.used, ...file.routes.flatMap((route) => route.clusters)]));
  return {
    proxyRoutes: files.flatMap((file) => file.routes.map((route) => routeOf(route, file, http2, connect, context))),
    upstreams: files.flatMap((file) => file.clusters.filter((cluster) => used.has(cluster.name)).map((cluster) => upstreamOf(cluster, file, context))),
    proxyListeners: files.flatMap((file) => file.managers.map((manager) => listenerOf(manager, file, context))),
  };
}

function base(file: EnvoyFacts, kind: string, name: string, document: number, path: Path, span: Span, context: FormatContext): Pick<ProxyRoute, 'id' | 'name' | 'kind' | 'proxy' | 'scope' | 'environment' | 'at' | 'resource'> {
  const at = { file: file.path, span };
  return { id: `envoy:${file.path}:${document}:${path.join('.')}`, name, kind, proxy: 'Envoy', scope: file.path, environment: context.environmentOf(file.path), at, resource: { file: file.path, format: 'envoy', document, path } };
}

function limit(field: LimitField, file: string, byDefault?: number): ProxyLimit {
  if (field.state === 'set') return { state: 'set', value: field.value, at: { file, span: field.span } };
  if (field.state === 'unknown') return field;
  return byDefault === undefined ? { state: 'absent' } : { state: 'default', value: byDefault, source: 'Envoy' };
}

/** Source: envoy.config.route.v3.RouteAction: 15 s where no timeout is set. */
function routeOf(route: EnvoyRoute, file: EnvoyFacts, http2: ReadonlySet<string>, connect: ReadonlyMap<string, ProxyLimit>, context: FormatContext): ProxyRoute {
  return {
    ...base(file, 'route', route.name, route.document, route.path, route.span, context),
    timeout: limit(route.timeout, file.path, 15_000),
    idleTimeout: limit(route.idle, file.path, 300_000),
    connectTimeout: connect.get(route.clusters[0] ?? '') ?? { state: 'unknown', because: 'its cluster is elsewhere' },
    retries: route.retry ? retriesOf(route.retry, route, file.path) : { state: 'absent' },
    // gRPC runs over HTTP/2, and its streams are long.
    isStreaming: route.isStreaming || route.clusters.some((name) => http2.has(name)),
    isLocal: route.isLocal,
    targets: route.clusters,
    timeoutOption: 'timeout',
    connectOption: 'connect_timeout',
  };
}

function retriesOf(retry: EnvoyRetry, route: EnvoyRoute, file: string): ProxyRoute['retries'] {
  if (retry.attempts.state === 'unknown') return retry.attempts;
  const at = { file, span: retry.span };
  const after = retry.on.find((word) => AFTER_SENDING.test(word));
  return {
    state: 'set',
    at,
    value: {
      attempts: retry.attempts.state === 'set' ? retry.attempts.value : 1,
      perTryTimeoutMs: limit(retry.perTry, file),
      on: retry.on,
      repeatsWrites: route.isWrite && after !== undefined,
      at,
      attemptsOption: 'num_retries',
      onOption: after ?? 'retry_on',
      // 25 ms, growing, with a random part.
      wait: { state: 'default', value: 25, source: 'Envoy' },
      waitOption: 'retry_back_off',
    },
  };
}

function upstreamOf(cluster: EnvoyCluster, file: EnvoyFacts, context: FormatContext): Upstream {
  const usesDns = cluster.type === 'STRICT_DNS' || cluster.type === 'LOGICAL_DNS';
  const check = <T>(span: Span | undefined): Setting<T | { readonly at: { readonly file: string; readonly span: Span } }> => (span ? { state: 'set', value: { at: { file: file.path, span } }, at: { file: file.path, span } } : { state: 'absent' });
  return {
    ...base(file, 'cluster', cluster.name, cluster.document, cluster.path, cluster.span, context),
    servers: cluster.endpoints.map(({ host, port, span }) => {
      const known = serverOfHost(host, context);
      return { host, ...(port === undefined ? {} : { port }), ...known, isBackup: false, standsForMany: usesDns && !known.isLiteral, at: { file: file.path, span } };
    }),
    isOpen: cluster.isOpen || cluster.type === 'EDS' || cluster.type === 'ORIGINAL_DST' || cluster.type === 'CUSTOM',
    activeCheck: check(cluster.healthCheck),
    passiveCheck: check(cluster.outlierDetection),
    passiveOption: 'outlier_detection',
    checkFix: { title: 'Take failing servers out for 30 s', intents: [{ kind: 'set-directive', name: 'outlier_detection', value: 'consecutive_5xx: 5, base_ejection_time: 30s, max_ejection_percent: 50' }] },
    resolvesOnce: usesDns ? { state: 'set', value: false, at: { file: file.path, span: cluster.span } } : { state: 'absent' },
  };
}

/** Source: envoy.extensions.filters.network.http_connection_manager.v3: `request_headers_timeout` is off, `stream_idle_timeout` is 5 min. */
function listenerOf(manager: EnvoyManager, file: EnvoyFacts, context: FormatContext): ProxyListener {
  return {
    ...base(file, 'listener', manager.name, manager.document, manager.path, manager.span, context),
    isProcess: false,
    clientLimits: [
      { option: 'request_headers_timeout', limit: limit(manager.headersTimeout, file.path), usual: '10s' },
      { option: 'stream_idle_timeout', limit: limit(manager.streamIdle, file.path, 300_000), usual: '300s' },
    ],
    bodyLimit: { state: 'absent' },
    bodyOption: '',
    limitsRate: manager.limitsRate ? { state: 'set', value: true, at: { file: file.path, span: manager.limitsRate } } : { state: 'unknown', because: 'routes may limit by themselves' },
    forwards: true,
    stop: { state: 'unknown', because: 'a flag of the command line' },
    stopOption: 'drain-time-s',
    hasStreams: false,
  };
}
