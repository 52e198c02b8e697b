// Joins HAProxy's sections with their defaults: who waits for whom and for how long, which servers are checked, and what clients may do.

import type { ModelPart } from '../../model/model';
import { isOwnHost, serverOfHost, splitHost } from '../../model/proxy-hosts';
import type { ProxyListener, ProxyRetries, ProxyRoute, Upstream, UpstreamServer } from '../../model/proxy';
import type { FormatContext } from '../format';
import type { ArtifactIntent } from '../intent';
import type { HaproxyLine } from './parse';
import type { HaproxyFacts } from './read';
import { held, own, parseTime, scopesOf, timeoutOf, type Scope } from './values';

/** Routes, pools and listeners of all HAProxy files. Linear in their lines. */
export function linkHaproxy(files: readonly HaproxyFacts[], context: FormatContext): ModelPart {
  const proxyRoutes: ProxyRoute[] = [];
  const upstreams: Upstream[] = [];
  const proxyListeners: ProxyListener[] = [];
  const scopes = scopesOf(files);
  for (const scope of scopes) {
    const { kind } = scope.section;
    if (kind === 'backend' || kind === 'listen' || kind === 'frontend') proxyRoutes.push(routeOf(scope, context));
    if (kind === 'backend' || kind === 'listen') {
      const upstream = upstreamOf(scope, context);
      if (upstream) upstreams.push(upstream);
    }
    if (kind === 'frontend' || kind === 'listen') proxyListeners.push(listenerOf(scope, context));
    if (kind === 'global') proxyListeners.push(processOf(scope, scopes, context));
  }
  return { proxyRoutes, upstreams, proxyListeners };
}

function base(scope: Scope, context: FormatContext): Pick<ProxyRoute, 'id' | 'name' | 'kind' | 'proxy' | 'scope' | 'environment' | 'at' | 'resource'> {
  const { section, file, index } = scope;
  const at = { file, span: section.head };
  return {
    id: `haproxy:${file}:${section.kind}:${section.name}:${index}`,
    name: section.name === '' ? section.kind : section.name,
    kind: section.kind,
    proxy: 'HAProxy',
    scope: file,
    environment: context.environmentOf(file),
    at,
    resource: { file, format: 'haproxy', document: 0, path: [section.kind, index] },
  };
}

function isHttp(scope: Scope): boolean {
  return held(scope, 'mode')?.line.words[1]?.text === 'http';
}

function serverLines(scope: Scope): readonly HaproxyLine[] {
  return [...own(scope, 'server'), ...own(scope, 'server-template')].filter((line) => !line.words.some((word) => word.text === 'disabled'));
}

function routeOf(scope: Scope, context: FormatContext): ProxyRoute {
  const isFrontend = scope.section.kind === 'frontend';
  const servers = serverLines(scope);
  const isLocal = !isFrontend && servers.length === 0 && own(scope, 'dispatch').length === 0;
  const client = isFrontend || scope.section.kind === 'listen' ? timeoutOf(scope, 'client') : undefined;
  return {
    ...base(scope, context),
    timeout: isFrontend ? { state: 'unknown', because: 'its backends say it' } : timeoutOf(scope, 'server'),
    connectTimeout: isFrontend ? { state: 'unknown', because: 'its backends say it' } : timeoutOf(scope, 'connect'),
    ...(client ? { clientTimeout: client, clientOption: 'timeout client' } : {}),
    retries: isFrontend || isLocal ? { state: 'absent' } : retriesOf(scope),
    isStreaming: held(scope, 'timeout', 'tunnel') !== undefined,
    isLocal,
    isTcp: !isHttp(scope),
    targets: servers.map((line) => splitHost(addressOf(line)).host).filter((host) => !/[$"]/.test(host)),
    timeoutOption: 'timeout server',
    connectOption: 'timeout connect',
  };
}

// Conditions after which a request may have been worked on. Source: HAProxy configuration manual, `retry-on`.
const AFTER_SENDING = /^(?:empty-response|junk-response|response-timeout|all-retryable-errors|5\d\d)$/;

function retriesOf(scope: Scope): ProxyRoute['retries'] {
  const count = held(scope, 'retries');
  const condition = held(scope, 'retry-on');
  const attempts = count ? Number(count.line.words[1]?.text) : 3;
  if (!Number.isInteger(attempts) || scope.isPart) return { state: 'unknown', because: 'a variable, or defaults in another file' };
  const on = condition ? condition.line.words.slice(1).map((word) => word.text) : ['conn-failure'];
  const isGuarded = [scope.section, ...scope.defaults].some((section) => section.lines.some((line) => line.words[0]?.text === 'http-request' && line.words[1]?.text === 'disable-l7-retry'));
  const at = condition?.at ?? count?.at ?? { file: scope.file, span: scope.section.head };
  const value: ProxyRetries = {
    attempts,
    perTryTimeoutMs: { state: 'absent' },
    on,
    repeatsWrites: isHttp(scope) && !isGuarded && attempts > 0 && on.some((word) => AFTER_SENDING.test(word)),
    at,
    attemptsOption: 'retries',
    onOption: `retry-on ${on.find((word) => AFTER_SENDING.test(word)) ?? ''}`.trim(),
  };
  return count || condition ? { state: 'set', value, at } : { state: 'default', value, source: 'HAProxy' };
}

function addressOf(line: HaproxyLine): string {
  const word = line.words[line.words[0]?.text === 'server-template' ? 3 : 2];
  return (word?.text ?? '').replace(/^(?:ipv[46]|tcp[46]?|quic[46]?)@/, '');
}

function upstreamOf(scope: Scope, context: FormatContext): Upstream | undefined {
  const lines = serverLines(scope);
  const servers = lines.map((line) => serverOf(line, scope, context));
  if (servers.length === 0) return undefined;
  const shared = sharedWords(scope);
  const checked = lines.filter((line) => isChecked(line, shared));
  const at = { file: scope.file, span: scope.section.head };
  const parameters = own(scope, 'default-server').at(-1);
  const words = 'check inter 3s fall 3 rise 2';
  const intent: ArtifactIntent = parameters ? { kind: 'replace-text', span: [parameters.span[1], parameters.span[1]], text: ` ${words}` } : { kind: 'set-directive', name: 'default-server', value: words };
  const hasConditions = scope.section.lines.some((line) => line.isConditional);
  return {
    ...base(scope, context),
    servers,
    takesOneAddress: true,
    isOpen: hasConditions || lines.some((line) => /[$"]/.test(addressOf(line)) || addressOf(line) === ''),
    activeCheck: checked[0] ? { state: 'set', value: { at: { file: scope.file, span: checked[0].span } }, at } : scope.isPart || hasConditions ? { state: 'unknown', because: 'defaults in another file, or conditions' } : { state: 'absent' },
    passiveCheck: { state: 'absent' },
    // A server without a port of its own cannot be checked as it stands.
    ...(servers.every((server) => server.port !== undefined || isOwnHost(server.host)) ? { checkFix: { title: 'Check each server every 3 s', intents: [intent] } } : {}),
    resolvesOnce: servers.every((server) => server.isLiteral) ? { state: 'absent' } : servers.some((server) => server.standsForMany) ? { state: 'set', value: false, at } : { state: 'default', value: true, source: 'HAProxy' },
  };
}

/** Words of the `default-server` lines that hold for the servers of a section. */
function sharedWords(scope: Scope): readonly string[] {
  return [...scope.defaults.toReversed(), scope.section].flatMap((section) => section.lines.filter((line) => line.words[0]?.text === 'default-server').flatMap((line) => line.words.map((word) => word.text)));
}

function isChecked(line: HaproxyLine, shared: readonly string[]): boolean {
  const words = line.words.map((word) => word.text);
  if (words.includes('no-check')) return false;
  return [words, shared].some((list) => list.includes('check') || list.includes('agent-check') || list.includes('track'));
}

function serverOf(line: HaproxyLine, scope: Scope, context: FormatContext): UpstreamServer {
  const isTemplate = line.words[0]?.text === 'server-template';
  const { host, port } = splitHost(addressOf(line).replace(/:(?:[+-]\d+|\+?)$/, ''));
  const resolves = [...line.words.map((word) => word.text), ...sharedWords(scope)].includes('resolvers');
  return {
    host,
    ...(port === undefined ? {} : { port }),
    ...serverOfHost(host, context),
    isBackup: line.words.some((word) => word.text === 'backup'),
    standsForMany: isTemplate || resolves,
    at: { file: scope.file, span: line.span },
  };
}

function listenerOf(scope: Scope, context: FormatContext): ProxyListener {
  const lines = [...scope.section.lines, ...scope.defaults.flatMap((section) => section.lines)];
  const limits = lines.find((line) => /^(?:stick-table|rate-limit)$/.test(line.words[0]?.text ?? '') || (/^(?:http|tcp)-request$/.test(line.words[0]?.text ?? '') && line.words.some((word) => /^track-sc\d?$|sc_|sc\d_|^(?:reject|tarpit)$/.test(word.text))));
  const http = isHttp(scope);
  const at = { file: scope.file, span: scope.section.head };
  const binds = own(scope, 'bind').map((line) => line.words[1]?.text ?? '');
  const isPrivate = binds.length > 0 && binds.every((bind) => /^(?:127\.|localhost|unix@|abns@|\/|\[?::1\]?:)/.test(bind));
  return {
    ...base(scope, context),
    id: `haproxy:${scope.file}:listener:${scope.section.name}:${scope.section.kind}${scope.index}`,
    isProcess: false,
    clientLimits: http ? [{ option: 'timeout http-request', limit: timeoutOf(scope, 'http-request'), usual: '10s' }] : [],
    bodyLimit: { state: 'absent' },
    bodyOption: '',
    limitsRate: limits ? { state: 'set', value: true, at: { file: scope.file, span: limits.span } } : scope.isPart ? { state: 'unknown', because: 'its defaults stand in another file' } : { state: 'absent' },
    forwards: http && !isPrivate && (serverLines(scope).length > 0 || lines.some((line) => /^(?:use|default)_backend$/.test(line.words[0]?.text ?? ''))),
    stop: { state: 'absent' },
    stopOption: 'hard-stop-after',
    hasStreams: !http || held(scope, 'timeout', 'tunnel') !== undefined,
    at,
  };
}

/** Source: HAProxy configuration manual, `hard-stop-after`: without it an old process stays until its last connection ends. */
function processOf(scope: Scope, scopes: readonly Scope[], context: FormatContext): ProxyListener {
  const stop = own(scope, 'hard-stop-after').at(-1);
  const proxies = scopes.filter((other) => other.file === scope.file && /^(?:frontend|listen)$/.test(other.section.kind));
  return {
    ...base(scope, context),
    name: 'HAProxy',
    isProcess: true,
    clientLimits: [],
    bodyLimit: { state: 'absent' },
    bodyOption: '',
    limitsRate: { state: 'absent' },
    forwards: proxies.length > 0,
    stop: stop ? { state: 'set', value: parseTime(stop.words[1]?.text ?? '') ?? 'none', at: { file: scope.file, span: stop.span } } : { state: 'absent' },
    stopOption: 'hard-stop-after',
    hasStreams: proxies.some((proxy) => held(proxy, 'timeout', 'tunnel') !== undefined),
  };
}
