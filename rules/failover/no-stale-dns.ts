// A name that is asked for once, at start, keeps its first address: when the server behind it moves, requests go on to where nobody is.

import { movesByItself } from '../../engine/model/proxy-hosts';
import type { Upstream, UpstreamServer } from '../../engine/model/proxy';
import { settled } from '../../engine/model/questions';
import { defineRule } from '../../engine/lint/rule';
import { clip } from '../limits';
import { fixAt, severityOfPart } from '../proxies';
import { HAPROXY_LIMITS, haproxy, nginx } from '../proxy-examples';

const COMPOSE = 'services:\n  orders:\n    image: shop/orders:1\n';

export const noStaleDns = defineRule({
  id: 'failover/no-stale-dns',
  since: '0.1.0',
  severity: 'warning',
  reads: 'infrastructure',
  fault: 'lost',
  messages: {
    outside: { text: 'Requests go to an old address after `{host}` has moved: {proxy} asks for its address once, at start.', severity: 'info' },
    compose: { text: 'Requests can fail after `{host}` is made anew: {proxy} keeps the address that it had at start.', severity: 'advice' },
  },
  docs: {
    what: 'Reports a host name in nginx or HAProxy that is resolved once, at start.',
    why: 'Load balancers, managed services and containers change their addresses. A proxy that has asked once keeps sending requests to the old one until somebody reloads it.',
    fix: 'Name a `resolver` (nginx) or `resolvers` (HAProxy), and let the name be asked for again.',
    not: 'Pools of several names, names of single machines (`worker-1.shop.example`), IP addresses, the proxy\'s own host, Services of Kubernetes (their address stays), names in variables, and proxies that ask at each connection (Envoy, Traefik, Caddy).',
    references: ['https://nginx.org/en/docs/http/ngx_http_core_module.html#resolver', 'https://docs.haproxy.org/3.0/configuration.html#5.3'],
  },
  check({ system, report }) {
    for (const upstream of system.upstreams) {
      // Several names are several machines: one that moves is taken out, and the others answer.
      const isPool = upstream.servers.length > 1;
      if (settled(upstream.resolvesOnce) !== true) continue;
      const told = new Set<string>();
      for (const server of upstream.servers) {
        const message = kindOf(server, isPool);
        if (!message || told.has(server.host)) continue;
        told.add(server.host);
        report({ at: server.at, message, data: { host: clip(server.host, 50), proxy: upstream.proxy }, fixes: fixAt(upstream, 'unsafe', upstream.resolveFix), subject: subjectOf(upstream, server), ...severityOfPart(upstream) });
      }
    }
  },
  examples: {
    bad: [
      { name: 'a balancer in the cloud', files: { 'nginx.conf': nginx(['proxy_pass «http://orders-1234.eu-west-1.elb.amazonaws.com»;']) }, expect: 'outside' },
      { name: 'a name in a pool', files: { 'nginx.conf': nginx(['proxy_pass http://orders;'], ['upstream orders {', '    server «orders.onrender.com:443»;', '    server 10.0.0.1:443 backup;', '}']) }, expect: 'outside' },
      { name: 'a name in HAProxy', files: { 'haproxy.cfg': haproxy(HAPROXY_LIMITS, ['«server app api.shop.example:80 check»']) }, expect: 'outside' },
      {
        name: 'a Compose service',
        files: { 'compose.yaml': COMPOSE, 'nginx.conf': nginx(['proxy_pass «http://orders:3000»;']) },
        expect: 'compose',
        fixed: { 'nginx.conf': nginx(['proxy_pass http://$orders:3000;', 'resolver 127.0.0.11 valid=10s;', 'set $orders orders;']) },
      },
    ],
    good: [
      { name: 'machines of a pool', files: { 'haproxy.cfg': haproxy(HAPROXY_LIMITS, ['server app-1 worker-1.shop.example:80 check', 'server app-2 worker-2.shop.example:80 check']) } },
      { name: 'an address', files: { 'nginx.conf': nginx(['proxy_pass http://10.0.0.1:3000;']) } },
      { name: 'a variable', files: { 'nginx.conf': nginx(['resolver 127.0.0.11 valid=10s;', 'set $up orders;', 'proxy_pass http://$up:3000;']) } },
      { name: 'resolved again', files: { 'nginx.conf': nginx(['proxy_pass http://orders;'], ['upstream orders {', '    zone orders 64k;', '    server api.shop.example:443 resolve;', '}']) } },
      { name: 'resolvers of HAProxy', files: { 'haproxy.cfg': haproxy([...HAPROXY_LIMITS, 'default-server check resolvers dns init-addr last,libc,none'], ['server app-1 api-1.shop.example:80', 'server app-2 api-2.shop.example:80']) } },
      { name: 'a Service of Kubernetes', files: { 'nginx.conf': nginx(['proxy_pass http://orders.shop.svc.cluster.local;']) } },
    ],
    unknown: [
      { name: 'nothing says who answers for the name', files: { 'nginx.conf': nginx(['proxy_pass http://orders:3000;']) } },
      { name: 'a variable of a template', files: { 'default.conf.template': nginx(['proxy_pass http://${ORDERS_HOST}:3000;']) } },
    ],
  },
});

/** A host of the internet, or a container; a short name that nobody explains may be anything. */
function kindOf(server: UpstreamServer, isPool: boolean): 'outside' | 'compose' | undefined {
  if (server.isLiteral || server.standsForMany || server.namedBy === 'service') return undefined;
  if (server.namedBy === 'compose') return 'compose';
  if (movesByItself(server.host)) return 'outside';
  return !isPool && !/^[a-z]+-?\d+\./i.test(server.host) && /^(?=.{1,253}$)[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}$/i.test(server.host) && !/\.(?:local|localdomain|lan|home|test|invalid|cluster)$/i.test(server.host) ? 'outside' : undefined;
}

function subjectOf(upstream: Upstream, server: UpstreamServer): string {
  return `${upstream.kind}/${upstream.name}/${server.host}`;
}
