// A pool of one server is no pool: the proxy in front of it can only pass the outage on.

import { isOwnHost } from '../../engine/model/proxy-hosts';
import type { Upstream } from '../../engine/model/proxy';
import { defineRule } from '../../engine/lint/rule';
import { clip } from '../limits';
import { fixAt, severityOfPart, subjectOfPart } from '../proxies';
import { HAPROXY_LIMITS, envoy, haproxy, nginx } from '../proxy-examples';

const TWO = ['upstream orders {', '    server 10.0.0.1:80;', '    server 10.0.0.2:80;', '}'];

export const noSingleUpstream = defineRule<'single' | 'off' | 'outlier'>({
  id: 'load-balancing/no-single-upstream',
  since: '0.1.0',
  severity: 'warning',
  reads: 'infrastructure',
  fault: 'down',
  messages: {
    single: 'While `{server}` is down every request fails: {kind} `{upstream}` has one server.',
    off: 'A dead `{server}` keeps its share of the requests: `{option}` is 0.',
    outlier: { text: 'A failing instance of `{upstream}` keeps its share of the requests: {kind} `{name}` has no `{option}`.', severity: 'advice' },
  },
  docs: {
    what: 'Reports a pool of one server, a pool whose proxy takes no server out after failures because that is switched off, and a mesh policy without outlier detection.',
    why: 'A pool is there to get over the loss of a server. With one server, or with nothing that takes a dead one out, each loss is an outage or a share of failed requests.',
    fix: 'Add a second server, or let the proxy take failing servers out for a while.',
    not: 'A name that stands for many (a Service, a Compose service that is resolved again), discovery, servers on the proxy\'s own host, and addresses at a route without a pool.',
    references: ['https://nginx.org/en/docs/http/ngx_http_upstream_module.html#max_fails'],
  },
  check({ system, report }) {
    for (const upstream of system.upstreams) {
      const servers = upstream.servers.filter((server) => !server.isBackup);
      const [first] = servers;
      if (upstream.isOpen) continue;
      if (upstream.passiveCheck.state === 'set' && upstream.passiveCheck.value === 'off' && upstream.servers.length > 1 && upstream.activeCheck.state === 'absent') {
        const data = { server: clip(first?.host ?? upstream.name, 40), option: upstream.passiveOption ?? '' };
        report({ at: upstream.passiveCheck.at, message: 'off', data, fixes: fixAt(upstream, 'unsafe', upstream.passiveFix), subject: subjectOfPart(upstream), ...severityOfPart(upstream) });
      } else if (isSingle(upstream) && first) {
        report({ at: upstream.at, message: 'single', data: { server: clip(first.host, 40), kind: upstream.kind, upstream: clip(upstream.name, 40) }, subject: subjectOfPart(upstream), ...severityOfPart(upstream) });
      } else if (upstream.isPolicy === true && upstream.passiveCheck.state === 'absent') {
        const data = { upstream: clip(first?.workload ?? first?.host ?? upstream.name, 40), name: clip(upstream.name, 40), kind: upstream.kind, option: upstream.passiveOption ?? 'outlierDetection' };
        report({ at: upstream.at, message: 'outlier', data, fixes: fixAt(upstream, 'unsafe', upstream.passiveFix), subject: subjectOfPart(upstream) });
      }
    }
  },
  examples: {
    bad: [
      { name: 'HAProxy takes one address of a name', files: { 'haproxy.cfg': haproxy(HAPROXY_LIMITS, ['server app orders.internal:80 check'], '«backend orders»') }, expect: 'single' },
      { name: 'one address in nginx', files: { 'nginx.conf': nginx(['proxy_pass http://orders;'], ['«upstream orders» {', '    server 10.0.0.1:80;', '}']) }, expect: 'single' },
      { name: 'one address in Envoy', files: { 'envoy.yaml': envoy(['- match: { prefix: / }', '  route: { cluster: orders }'], ['type: STATIC', 'outlier_detection: {}'], ['10.0.0.1'], '«orders»') }, expect: 'single' },
      {
        name: 'failures are not counted',
        files: { 'nginx.conf': nginx(['proxy_pass http://orders;'], ['upstream orders {', '    server 10.0.0.1:80 «max_fails=0»;', '    server 10.0.0.2:80 max_fails=0;', '}']) },
        expect: 'off',
        fixed: { 'nginx.conf': nginx(['proxy_pass http://orders;'], ['upstream orders {', '    server 10.0.0.1:80 max_fails=3;', '    server 10.0.0.2:80 max_fails=3;', '}']) },
      },
      { name: 'a policy of Istio without outlier detection', files: { 'mesh.yaml': 'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata:\n  name: «orders»\nspec:\n  host: orders\n  trafficPolicy:\n    loadBalancer:\n      simple: LEAST_REQUEST\n' }, expect: 'outlier' },
    ],
    good: [
      { name: 'Istio takes failing instances out', files: { 'mesh.yaml': 'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata:\n  name: orders\nspec:\n  host: orders\n  trafficPolicy:\n    loadBalancer:\n      simple: LEAST_REQUEST\n    outlierDetection:\n      consecutive5xxErrors: 5\n' } },
      { name: 'two servers', files: { 'nginx.conf': nginx(['proxy_pass http://orders;'], TWO) } },
      { name: 'a backup', files: { 'haproxy.cfg': haproxy(HAPROXY_LIMITS, ['server app-1 10.0.0.1:80 check', 'server app-2 10.0.0.2:80 check backup']) } },
      { name: 'discovery', files: { 'haproxy.cfg': haproxy(HAPROXY_LIMITS, ['server-template app 3 orders.internal:80 check resolvers dns']) } },
      { name: 'a Compose service', files: { 'compose.yaml': 'services:\n  orders:\n    image: shop/orders:1\n', 'nginx.conf': nginx(['proxy_pass http://pool;'], ['upstream pool {', '    server orders:3000;', '}']) } },
      { name: 'a process of the same host', files: { 'nginx.conf': nginx(['proxy_pass http://orders;'], ['upstream orders {', '    server 127.0.0.1:3000;', '}']) } },
      { name: 'no pool at all', files: { 'nginx.conf': nginx(['proxy_pass http://10.0.0.1:3000;']) } },
    ],
    unknown: [
      { name: 'servers from a file that is not here', files: { 'nginx.conf': nginx(['proxy_pass http://orders;'], ['upstream orders {', '    server 10.0.0.1:80;', '    include /etc/nginx/servers/orders.servers;', '}']) } },
      { name: 'a name that may stand for many', files: { 'nginx.conf': nginx(['proxy_pass http://orders;'], ['upstream orders {', '    server orders.internal:80;', '}']) } },
      { name: 'endpoints by discovery', files: { 'envoy.yaml': envoy(['- match: { prefix: / }', '  route: { cluster: orders }'], ['type: EDS', 'eds_cluster_config: { service_name: orders }'], ['10.0.0.1']) } },
    ],
  },
});

/** One server, of which the proxy keeps one address: a name that is resolved again may stand for many. */
function isSingle(upstream: Upstream): boolean {
  const [first] = upstream.servers;
  if (upstream.servers.length !== 1 || !first || upstream.isImplicit === true || upstream.isPolicy === true || first.standsForMany || isOwnHost(first.host)) return false;
  return first.isLiteral || upstream.takesOneAddress === true;
}
