// Turns Traefik's files, and its labels on Compose services, into routes and upstreams of the model.

import type { ModelPart, Setting, Workload } from '../../model/model';
import { serverOfHost } from '../../model/proxy-hosts';
import type { ProxyLimit, ProxyListener, ProxyRetries, ProxyRoute, Upstream } from '../../model/proxy';
import type { Location, Span } from '../../text';
import type { Field } from '../field';
import type { FormatContext } from '../format';
import { durationOf, type TraefikFacts, type TraefikRetry, type TraefikService } from './read';

type Path = readonly (string | number)[];

/** Routes, pools and entry points of all Traefik files. Linear in them and in the labels of workloads. */
export function linkTraefik(files: readonly TraefikFacts[], context: FormatContext): ModelPart {
  return {
    proxyRoutes: [
      ...files.flatMap((file) => (file.start ? [transportOf(file, file.start, context)] : [])),
      ...files.flatMap((file) => file.retries.map((retry) => middlewareOf(retry, file, context))),
      ...context.workloads.flatMap((workload) => (workload.format === 'compose' ? labelledRetries(workload, context) : [])),
    ],
    upstreams: files.flatMap((file) => file.services.map((service) => upstreamOf(service, file, context))),
    proxyListeners: files.flatMap((file) => file.entryPoints.map((point) => listenerOf(point, file, context))),
  };
}

function base(file: TraefikFacts, kind: string, name: string, span: Span, path: Path, context: FormatContext): Pick<ProxyRoute, 'id' | 'name' | 'kind' | 'proxy' | 'scope' | 'environment' | 'at' | 'resource'> {
  const at = { file: file.path, span };
  return { id: `traefik:${file.path}:${kind}:${name}`, name, kind, proxy: 'Traefik', scope: file.path, environment: context.environmentOf(file.path), at, resource: { file: file.path, format: 'traefik', document: 0, path } };
}

function limit(field: Field<number | 'none'>, file: string, byDefault?: number): ProxyLimit {
  if (field.state === 'set') return { state: 'set', value: field.value, at: { file, span: field.span } };
  if (field.state === 'unknown') return field;
  return byDefault === undefined ? { state: 'absent' } : { state: 'default', value: byDefault, source: 'Traefik' };
}

/** Source: doc.traefik.io, `serversTransport.forwardingTimeouts`: no limit for headers, 30 s to connect. It holds for every service without a transport of its own. */
function transportOf(file: TraefikFacts, start: NonNullable<TraefikFacts['start']>, context: FormatContext): ProxyRoute {
  return {
    ...base(file, 'serversTransport', 'traefik', start.span, [], context),
    timeout: limit(start.headerTimeout, file.path),
    connectTimeout: { state: 'default', value: 30_000, source: 'Traefik' },
    retries: { state: 'absent' },
    isStreaming: false,
    isLocal: false,
    endsWithClient: true,
    targets: [file.services[0]?.name ?? 'service'],
    timeoutOption: 'serversTransport.forwardingTimeouts.responseHeaderTimeout',
  };
}

function middlewareOf(retry: TraefikRetry, file: TraefikFacts, context: FormatContext): ProxyRoute {
  const at = { file: file.path, span: retry.span };
  return { ...base(file, 'middleware', retry.name, retry.span, ['http', 'middlewares', retry.name, 'retry'], context), ...middlewareLimits(), retries: retriesOf(retry, at) };
}

/** A middleware is part of other routes and waits for nothing itself. */
function middlewareLimits(): Pick<ProxyRoute, 'timeout' | 'connectTimeout' | 'isStreaming' | 'isLocal' | 'targets' | 'timeoutOption'> {
  const elsewhere = { state: 'unknown', because: 'its transport says it' } as const;
  return { timeout: elsewhere, connectTimeout: elsewhere, isStreaming: false, isLocal: false, targets: [], timeoutOption: 'responseHeaderTimeout' };
}

/** Source: doc.traefik.io, middleware Retry: `attempts` counts all of them, `initialInterval` is 0: at once. */
function retriesOf(retry: TraefikRetry, at: Location): Setting<ProxyRetries> {
  if (retry.attempts.state !== 'set') return { state: 'unknown', because: 'no number of attempts' };
  return {
    state: 'set',
    at,
    value: {
      attempts: Math.max(0, retry.attempts.value - 1),
      perTryTimeoutMs: { state: 'absent' },
      on: [],
      repeatsWrites: retry.writes !== undefined,
      at: retry.writes ? { file: at.file, span: retry.writes } : at,
      attemptsOption: 'attempts',
      onOption: 'retryNonIdempotentMethod',
      wait: retry.interval.state === 'absent' ? { state: 'default', value: 'none', source: 'Traefik' } : limit(retry.interval, at.file),
      waitOption: 'initialInterval',
    },
  };
}

/** `traefik.http.middlewares.NAME.retry.attempts=4` on a Compose service. */
function labelledRetries(workload: Workload, context: FormatContext): ProxyRoute[] {
  return Object.entries(workload.labels).flatMap(([label, value]): ProxyRoute[] => {
    const name = /^traefik\.http\.middlewares\.([^.]+)\.retry\.attempts$/i.exec(label)?.[1];
    const attempts = Number(value);
    if (name === undefined || !Number.isInteger(attempts) || value === '') return [];
    const of = (key: string): string | undefined => Object.entries(workload.labels).find(([other]) => other.toLowerCase() === `traefik.http.middlewares.${name}.retry.${key}`.toLowerCase())?.[1];
    const interval = of('initialinterval');
    const ms = interval === undefined ? undefined : durationOf(interval);
    const span = workload.at.span;
    const waits: Field<number | 'none'> = interval === undefined ? { state: 'absent' } : ms === undefined ? { state: 'unknown', because: 'no duration' } : { state: 'set', value: ms === 0 ? 'none' : ms, span };
    const retry: TraefikRetry = { name, span, attempts: { state: 'set', value: attempts, span }, interval: waits, ...(of('retrynonidempotentmethod') === 'true' ? { writes: span } : {}) };
    return [{ id: `traefik:${workload.id}:middleware:${name}`, name, kind: 'middleware', proxy: 'Traefik', scope: workload.scope, environment: context.environmentOf(workload.at.file), at: workload.at, resource: workload.resource, ...middlewareLimits(), retries: retriesOf(retry, workload.at) }];
  });
}

function upstreamOf(service: TraefikService, file: TraefikFacts, context: FormatContext): Upstream {
  const check = <T>(span: Span | undefined): Setting<T | { readonly at: Location }> => (span ? { state: 'set', value: { at: { file: file.path, span } }, at: { file: file.path, span } } : { state: 'absent' });
  return {
    ...base(file, 'service', service.name, service.span, ['http', 'services', service.name, 'loadBalancer'], context),
    servers: service.servers.map(({ host, port, span }) => ({ host, ...(port === undefined ? {} : { port }), ...serverOfHost(host, context), isBackup: false, standsForMany: false, at: { file: file.path, span } })),
    isOpen: service.isOpen,
    // Traefik has no other way to name an address: one of them is no pool that somebody made.
    isImplicit: service.servers.length === 1,
    activeCheck: check(service.activeCheck),
    passiveCheck: check(service.passiveCheck),
    passiveOption: 'passiveHealthCheck',
    resolvesOnce: { state: 'set', value: false, at: { file: file.path, span: service.span } },
  };
}

/** Source: doc.traefik.io, `respondingTimeouts.readTimeout`: 60 s since version 3. */
function listenerOf(point: TraefikFacts['entryPoints'][number], file: TraefikFacts, context: FormatContext): ProxyListener {
  return {
    ...base(file, 'entry point', point.name, point.span, ['entryPoints', point.name], context),
    isProcess: false,
    clientLimits: [{ option: 'transport.respondingTimeouts.readTimeout', limit: limit(point.readTimeout, file.path, 60_000), usual: '60s' }],
    bodyLimit: { state: 'absent' },
    bodyOption: '',
    limitsRate: { state: 'unknown', because: 'middlewares may limit' },
    forwards: true,
    stop: { state: 'default', value: 10_000, source: 'Traefik' },
    stopOption: 'graceTimeOut',
    hasStreams: false,
  };
}
