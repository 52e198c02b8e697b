// A proxy that waits for ever for a callee holds the connections of its own callers for ever: one hung service fills it up for all others.

import { formatDuration } from '../../engine/duration';
import type { Fix } from '../../engine/lint/fix';
import { defineRule, type OptionValues, type Report } from '../../engine/lint/rule';
import type { ProxyLimit, ProxyRoute } from '../../engine/model/proxy';
import { intend, settled } from '../../engine/model/questions';
import { clip } from '../limits';
import { severityOfPart, subjectOfPart } from '../proxies';
import { HAPROXY_LIMITS, envoy, haproxy, nginx } from '../proxy-examples';

type MessageId = 'absent' | 'off' | 'idle' | 'client' | 'clientOff' | 'connect' | 'huge' | 'noRoom';

const OPTIONS = { most: { type: 'duration', default: '10min', describe: 'Longest wait for an answer on a route that does not stream.' } } as const;

export const requireProxyTimeout = defineRule<MessageId, typeof OPTIONS>({
  id: 'fault-tolerance/require-proxy-timeout',
  since: '0.1.0',
  severity: 'warning',
  reads: 'infrastructure',
  fault: 'hung',
  options: OPTIONS,
  messages: {
    absent: 'A hung `{target}` holds connections of `{route}` for ever: {proxy} has no `{option}` by default.',
    off: 'A hung `{target}` holds connections of `{route}` for ever: `{option}` is switched off.',
    idle: { text: 'A hung `{target}` holds connections of `{route}` for {time}: `{option}` is off, only the idle limit ends them.', severity: 'info' },
    client: 'A silent client holds a connection of `{route}` for ever: {proxy} has no `{option}` by default.',
    clientOff: 'A silent client holds a connection of `{route}` for ever: `{option}` is switched off.',
    connect: 'A request waits until the system gives up when `{target}` is unreachable: {proxy} has no `{option}` by default.',
    huge: 'One slow answer of `{target}` holds a request for {time}: `{option}`, the most for a route is {most}.',
    noRoom: 'Retries of `{route}` do not end in time: {attempts} attempts of {each} do not fit into {total}.',
  },
  docs: {
    what: 'Reports a route of a proxy, gateway or mesh that waits for its callee without a limit, whose limit is switched off or absurdly long, or whose retries cannot fit into it.',
    why: 'A callee that hangs does not fail: its callers wait. Without a limit the proxy keeps their connections until it has no more, and then everything behind it is down.',
    fix: 'Set the limit above the slowest answer that is still wanted.',
    not: 'Proxies whose own default is a limit (nginx 60 s, Envoy 15 s); WebSocket, event and upload routes; TCP connections that are long on purpose; values that a template or another file decides.',
    references: ['https://docs.haproxy.org/3.0/configuration.html#4-timeout%20server', 'https://istio.io/latest/docs/concepts/traffic-management/#timeouts'],
  },
  check({ system, options, report }) {
    for (const route of system.proxyRoutes) {
      const found = route.isLocal ? undefined : findingOf(route, options(route.at.file));
      if (found) report({ ...found, subject: subjectOfPart(route), ...severityOfPart(route, route.mayBeBounded === true ? 'advice' : route.endsWithClient === true && found.message === 'absent' ? 'info' : found.severity) });
    }
  },
  examples: {
    bad: [
      {
        name: 'HAProxy has no limit of its own',
        files: { 'haproxy.cfg': haproxy(['timeout connect 5s', 'timeout client 30s'], ['server app-1 10.0.0.1:80 check', 'server app-2 10.0.0.2:80 check'], '«backend orders»') },
        expect: 'absent',
        fixed: { 'haproxy.cfg': haproxy(['timeout connect 5s', 'timeout client 30s'], ['timeout server 30s', 'server app-1 10.0.0.1:80 check', 'server app-2 10.0.0.2:80 check']) },
      },
      {
        name: 'later defaults replace earlier ones',
        files: { 'haproxy.cfg': 'defaults\n  timeout connect 5s\n  timeout client 30s\n  timeout server 30s\n\ndefaults\n  mode http\n  timeout client 30s\n  timeout connect 5s\n\n«listen orders»\n  bind :80\n  server app-1 10.0.0.1:80 check\n  server app-2 10.0.0.2:80 check\n' },
        expect: 'absent',
      },
      {
        name: 'clients without a limit',
        files: { 'haproxy.cfg': haproxy(['timeout connect 5s', 'timeout server 30s'], ['server app-1 10.0.0.1:80 check', 'server app-2 10.0.0.2:80 check']).replace('frontend edge', '«frontend edge»') },
        expect: 'client',
        fixed: { 'haproxy.cfg': haproxy(['timeout connect 5s', 'timeout server 30s'], ['server app-1 10.0.0.1:80 check', 'server app-2 10.0.0.2:80 check']).replace('    default_backend orders', '    default_backend orders\n    timeout client 30s') },
      },
      { name: 'a limit switched off', files: { 'haproxy.cfg': haproxy(['timeout connect 5s', 'timeout client 30s', '«timeout server 0»'], ['server app-1 10.0.0.1:80 check', 'server app-2 10.0.0.2:80 check']) }, expect: 'off' },
      { name: 'clients told to take their time', files: { 'haproxy.cfg': haproxy(['timeout connect 5s', '«timeout client 0»', 'timeout server 30s'], ['server app-1 10.0.0.1:80 check', 'server app-2 10.0.0.2:80 check']) }, expect: 'clientOff' },
      { name: 'no limit to connect', files: { 'haproxy.cfg': haproxy(['timeout client 30s', 'timeout server 30s'], ['server app-1 10.0.0.1:80 check', 'server app-2 10.0.0.2:80 check'], '«backend orders»') }, expect: 'connect' },
      {
        name: 'a day for an answer',
        files: { 'nginx.conf': nginx(['«proxy_read_timeout 1d»;', 'proxy_pass http://orders;'], ['upstream orders {', '    server 10.0.0.1:80;', '    server 10.0.0.2:80;', '}']) },
        expect: 'huge',
        fixed: { 'nginx.conf': nginx(['proxy_read_timeout 60s;', 'proxy_pass http://orders;'], ['upstream orders {', '    server 10.0.0.1:80;', '    server 10.0.0.2:80;', '}']) },
      },
      {
        name: 'Envoy: switched off',
        files: { 'envoy.yaml': envoy(['- match: { prefix: / }', '  route:', '    cluster: orders', '    «timeout: 0s»'], ['type: STATIC', 'outlier_detection: {}']) },
        expect: 'idle',
        fixed: { 'envoy.yaml': envoy(['- match: { prefix: / }', '  route:', '    cluster: orders', '    timeout: 30s'], ['type: STATIC', 'outlier_detection: {}']) },
      },
      {
        name: 'Envoy: retries that never fit',
        files: { 'envoy.yaml': envoy(['- match: { prefix: / }', '  route:', '    cluster: orders', '    timeout: 5s', '    retry_policy: «{ retry_on: connect-failure, num_retries: 3, per_try_timeout: 5s }»'], ['type: STATIC', 'outlier_detection: {}']) },
        expect: 'noRoom',
      },
      {
        name: 'Istio has no limit of its own',
        files: { 'mesh.yaml': 'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: «edge»\nspec:\n  hosts: [shop.example]\n  http:\n    - route:\n        - destination:\n            host: orders\n' },
        expect: 'absent',
        fixed: { 'mesh.yaml': 'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: edge\nspec:\n  hosts: [shop.example]\n  http:\n    - route:\n        - destination:\n            host: orders\n      timeout: 30s\n' },
      },
      {
        name: 'Traefik waits for ever for headers',
        files: { 'traefik.yml': '«entryPoints»:\n  web:\n    address: ":80"\nproviders:\n  docker: {}\n' },
        expect: 'absent',
        fixed: { 'traefik.yml': 'entryPoints:\n  web:\n    address: ":80"\nproviders:\n  docker: {}\nserversTransport:\n  forwardingTimeouts:\n    responseHeaderTimeout: 30s\n' },
      },
      {
        name: 'Traefik in TOML',
        files: { 'traefik.toml': '[«entryPoints».web]\naddress = ":80"\n\n[api]\n' },
        expect: 'absent',
        fixed: { 'traefik.toml': '[entryPoints.web]\naddress = ":80"\n\n[api]\n\n[serversTransport.forwardingTimeouts]\nresponseHeaderTimeout = "30s"\n' },
      },
      { name: 'a route of the Gateway API', files: { 'route.yaml': 'apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata:\n  name: «edge»\nspec:\n  rules:\n    - backendRefs:\n        - name: orders\n          port: 80\n' }, expect: 'absent' },
      {
        name: 'Caddy waits for ever for headers',
        files: { 'Caddyfile': 'shop.example {\n\t«reverse_proxy 10.0.0.1:80»\n}\n' },
        expect: 'absent',
        fixed: { 'Caddyfile': 'shop.example {\n\treverse_proxy 10.0.0.1:80 {\n\t\ttransport http {\n\t\t\tresponse_header_timeout 30s\n\t\t}\n\t}\n}\n' },
      },
    ],
    good: [
      { name: 'all three limits', files: { 'haproxy.cfg': haproxy(HAPROXY_LIMITS, ['server app-1 10.0.0.1:80 check', 'server app-2 10.0.0.2:80 check']) } },
      { name: 'Istio with a limit', files: { 'mesh.yaml': 'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: edge\nspec:\n  hosts: [shop.example]\n  http:\n    - route:\n        - destination:\n            host: orders\n      timeout: 10s\n' } },
      { name: 'named defaults', files: { 'haproxy.cfg': 'defaults base\n  mode http\n  timeout connect 5s\n  timeout client 30s\n  timeout server 30s\n\ndefaults other\n  mode tcp\n\nlisten orders from base\n  bind :80\n  server app-1 10.0.0.1:80 check\n  server app-2 10.0.0.2:80 check\n' } },
      { name: 'nginx has 60 s by default', files: { 'nginx.conf': nginx(['proxy_pass http://10.0.0.1:3000;']) } },
      { name: 'a WebSocket route', files: { 'nginx.conf': nginx(['proxy_pass http://10.0.0.1:3000;', 'proxy_set_header Upgrade $http_upgrade;', 'proxy_read_timeout 1d;']) } },
      { name: 'idle sessions of a database', files: { 'haproxy.cfg': haproxy(['timeout connect 5s', 'timeout client 30m', 'timeout server 30m'], ['server db-1 10.0.0.1:5432 check']).replace('mode http', 'mode tcp') } },
      { name: 'Envoy has 15 s by default', files: { 'envoy.yaml': envoy(['- match: { prefix: / }', '  route: { cluster: orders }'], ['type: STATIC', 'outlier_detection: {}']) } },
      { name: 'a backend that only redirects', files: { 'haproxy.cfg': haproxy(['timeout connect 5s', 'timeout client 30s'], ['http-request redirect scheme https']) } },
    ],
    unknown: [
      { name: 'a variable of a template', files: { 'templates/default.conf.template': nginx(['proxy_pass http://10.0.0.1:3000;', 'proxy_read_timeout ${READ_TIMEOUT};']) } },
      { name: 'defaults in another file', files: { 'haproxy/00-defaults.cfg': 'global\n  maxconn 100\n\ndefaults\n  mode http\n  timeout connect 5s\n  timeout client 30s\n  timeout server 30s\n', 'haproxy/10-orders.cfg': 'listen orders\n  bind :80\n  server app-1 10.0.0.1:80 check\n  server app-2 10.0.0.2:80 check\n' } },
      { name: 'set under a condition', files: { 'haproxy.cfg': haproxy(['timeout connect 5s', 'timeout client 30s', '.if defined(SLOW)', 'timeout server 1h', '.endif'], ['server app-1 10.0.0.1:80 check', 'server app-2 10.0.0.2:80 check']) } },
    ],
  },
});

type Found = Omit<Report<MessageId>, 'subject'>;

function findingOf(route: ProxyRoute, options: OptionValues<typeof OPTIONS>): Found | undefined {
  const { timeout, connectTimeout, clientTimeout } = route;
  const data = { target: clip(route.targets[0] ?? route.name, 40), route: clip(route.name, 40), proxy: route.proxy, option: route.timeoutOption };
  const missing: [ProxyLimit | undefined, string | undefined][] = [[timeout, route.timeoutOption], [clientTimeout, route.clientOption], [connectTimeout, route.connectOption]];
  const fix = fixOf(route, missing.flatMap(([limit, option]) => (limit?.state === 'absent' && option !== undefined ? [option] : [])));
  if (timeout.state === 'absent') return { at: route.at, message: 'absent', data, fixes: fix };
  const idle = route.idleTimeout && settled(route.idleTimeout);
  if (timeout.state === 'set' && timeout.value === 'none' && !route.isStreaming && typeof idle === 'number') return { at: timeout.at, message: 'idle', data: { ...data, time: formatDuration(idle) }, fixes: fixOf(route, [route.timeoutOption]) };
  if (timeout.state === 'set' && timeout.value === 'none' && !route.isStreaming) return { at: timeout.at, message: 'off', data, fixes: timeout.at.file === route.at.file ? fixOf(route, [route.timeoutOption]) : [] };
  if (clientTimeout?.state === 'absent') return { at: route.at, message: 'client', data: { ...data, option: route.clientOption ?? '' }, fixes: fix };
  if (clientTimeout?.state === 'set' && clientTimeout.value === 'none' && !route.isStreaming && route.isTcp !== true) return { at: clientTimeout.at, message: 'clientOff', data: { ...data, option: route.clientOption ?? '' } };
  if (connectTimeout.state === 'absent') return { at: route.at, message: 'connect', data: { ...data, option: route.connectOption ?? '' }, fixes: fix };
  if (timeout.state === 'set' && timeout.value !== 'none' && timeout.value > options.most && !route.isStreaming && route.isTcp !== true) {
    const set = [{ title: `Set \`${route.timeoutOption}\` to 60 s`, safety: 'unsafe', operations: [intend(route.resource, { kind: 'set-directive', name: route.timeoutOption, value: '60s' })] }] as const;
    return { at: timeout.at, message: 'huge', data: { ...data, time: formatDuration(timeout.value), most: formatDuration(options.most) }, fixes: set };
  }
  return retriesWithoutRoom(route, data);
}

/** Attempts that hang use up the whole before the last of them can end. */
function retriesWithoutRoom(route: ProxyRoute, data: Readonly<Record<string, string>>): Found | undefined {
  const total = settled(route.timeout);
  const retries = settled(route.retries);
  const each = retries?.perTryTimeoutMs.state === 'set' ? retries.perTryTimeoutMs.value : undefined;
  if (route.retries.state !== 'set' || !retries || typeof total !== 'number' || typeof each !== 'number' || retries.attempts === 'unlimited' || retries.attempts < 1) return undefined;
  if (retries.attempts * each <= total) return undefined;
  // Where one attempt fits, the first retries still help.
  return { ...(each < total ? { severity: 'info' } : {}), at: route.retries.at, message: 'noRoom', data: { ...data, attempts: String(retries.attempts + 1), each: formatDuration(each), total: formatDuration(total) } };
}

function fixOf(route: ProxyRoute, options: readonly string[]): readonly Fix[] {
  const [first] = options;
  if (first === undefined) return [];
  const title = options.length === 1 ? `Set \`${first} 30s\`` : `Set ${options.length} limits`;
  return [{ title: clip(title, 60), safety: 'unsafe', operations: options.map((name) => intend(route.resource, { kind: 'set-directive', name, value: name.includes('connect') ? '5s' : '30s' })) }];
}
