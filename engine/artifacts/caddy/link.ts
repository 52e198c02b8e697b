// Turns the reverse proxies of Caddyfiles into routes and upstreams, with Caddy's own defaults.

import type { ModelPart, Setting } from '../../model/model';
import { serverOfHost } from '../../model/proxy-hosts';
import type { ProxyLimit, ProxyListener, ProxyRoute, Upstream } from '../../model/proxy';
import type { Field } from '../field';
import type { FormatContext } from '../format';
import type { CaddyFacts, CaddyProxy } from './read';

/** Routes, pools and processes of all Caddyfiles. Linear. */
export function linkCaddy(files: readonly CaddyFacts[], context: FormatContext): ModelPart {
  return {
    proxyRoutes: files.flatMap((file) => file.proxies.map((proxy) => routeOf(proxy, file, context))),
    upstreams: files.flatMap((file) => file.proxies.filter((proxy) => proxy.upstreams.length > 0).map((proxy) => upstreamOf(proxy, file, context))),
    proxyListeners: files.flatMap((file) => (file.global && file.proxies.length > 0 ? [processOf(file, file.global, context)] : [])),
  };
}

function base(proxy: CaddyProxy, file: CaddyFacts, context: FormatContext): Pick<ProxyRoute, 'id' | 'name' | 'kind' | 'proxy' | 'scope' | 'environment' | 'at' | 'resource'> {
  const at = { file: file.path, span: proxy.span };
  return {
    id: `caddy:${file.path}:${proxy.index}`,
    name: proxy.site,
    kind: 'reverse_proxy',
    proxy: 'Caddy',
    scope: file.path,
    environment: context.environmentOf(file.path),
    at,
    resource: { file: file.path, format: 'caddy', document: 0, path: ['reverse_proxy', proxy.index] },
  };
}

function limit(field: Field<number | 'none'>, proxy: CaddyProxy, file: string, byDefault?: number): ProxyLimit {
  if (field.state === 'set') return { state: 'set', value: field.value, at: { file, span: field.span } };
  if (field.state === 'unknown') return field;
  if (proxy.isPartial) return { state: 'unknown', because: 'a part that was not read' };
  return byDefault === undefined ? { state: 'absent' } : { state: 'default', value: byDefault, source: 'Caddy' };
}

/** Source: caddyserver.com/docs/caddyfile/directives/reverse_proxy: no timeout for headers, 3 s to connect. */
function routeOf(proxy: CaddyProxy, file: CaddyFacts, context: FormatContext): ProxyRoute {
  return {
    ...base(proxy, file, context),
    timeout: limit(proxy.headerTimeout, proxy, file.path),
    connectTimeout: limit(proxy.dialTimeout, proxy, file.path, 3_000),
    retries: retriesOf(proxy, file),
    isStreaming: proxy.isStreaming,
    isLocal: false,
    endsWithClient: true,
    targets: proxy.upstreams.map(({ host }) => host),
    timeoutOption: 'response_header_timeout',
    connectOption: 'dial_timeout',
  };
}

/** Only requests whose connection failed are sent again, except GET, which is always. */
function retriesOf(proxy: CaddyProxy, file: CaddyFacts): ProxyRoute['retries'] {
  const { retries, retryFor, retryInterval } = proxy;
  if (retries.state === 'absent' && retryFor.state === 'absent') return proxy.isPartial ? { state: 'unknown', because: 'a part that was not read' } : { state: 'absent' };
  if (retries.state === 'unknown' || retryFor.state === 'unknown') return { state: 'unknown', because: 'no number' };
  const at = { file: file.path, span: retries.state === 'set' ? retries.span : retryFor.state === 'set' ? retryFor.span : proxy.span };
  return {
    state: 'set',
    at,
    value: { attempts: retries.state === 'set' ? retries.value : 1, perTryTimeoutMs: { state: 'absent' }, on: [], repeatsWrites: false, at, attemptsOption: 'lb_retries', wait: limit(retryInterval, proxy, file.path, 250), waitOption: 'lb_try_interval' },
  };
}

function upstreamOf(proxy: CaddyProxy, file: CaddyFacts, context: FormatContext): Upstream {
  const check = <T>(span: CaddyProxy['activeCheck']): Setting<T | { readonly at: { readonly file: string; readonly span: CaddyProxy['span'] } }> => {
    if (span) return { state: 'set', value: { at: { file: file.path, span } }, at: { file: file.path, span } };
    return proxy.isPartial ? { state: 'unknown', because: 'a part that was not read' } : { state: 'absent' };
  };
  return {
    ...base(proxy, file, context),
    servers: proxy.upstreams.map(({ host, port, span }) => ({ host, ...(port === undefined ? {} : { port }), ...serverOfHost(host, context), isBackup: false, standsForMany: false, at: { file: file.path, span } })),
    isOpen: proxy.isOpen,
    // A single address is no pool that somebody made.
    isImplicit: proxy.upstreams.length === 1,
    activeCheck: check(proxy.activeCheck),
    passiveCheck: check(proxy.passiveCheck),
    passiveOption: 'fail_duration',
    checkFix: { title: 'Take failing servers out for 30 s', intents: [{ kind: 'set-directive', name: 'fail_duration', value: '30s' }] },
    // Names are asked for at each connection.
    resolvesOnce: { state: 'set', value: false, at: { file: file.path, span: proxy.span } },
  };
}

/** Source: caddyserver.com/docs/caddyfile/options: `grace_period` is unlimited by default. */
function processOf(file: CaddyFacts, global: NonNullable<CaddyFacts['global']>, context: FormatContext): ProxyListener {
  const at = { file: file.path, span: global.span };
  return {
    id: `caddy:${file.path}:process`,
    name: 'Caddy',
    kind: 'process',
    proxy: 'Caddy',
    scope: file.path,
    environment: context.environmentOf(file.path),
    at,
    resource: { file: file.path, format: 'caddy', document: 0, path: ['global', 0] },
    isProcess: true,
    clientLimits: [],
    bodyLimit: { state: 'absent' },
    bodyOption: 'request_body',
    limitsRate: { state: 'unknown', because: 'a plugin may limit' },
    forwards: true,
    stop: global.grace.state === 'set' ? { state: 'set', value: global.grace.value, at: { file: file.path, span: global.grace.span } } : global.grace,
    stopOption: 'grace_period',
    hasStreams: file.proxies.some((proxy) => proxy.isStreaming),
  };
}
