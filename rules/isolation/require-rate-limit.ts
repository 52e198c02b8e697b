// Whoever asks without pause takes the share of everybody else, where nothing at the edge slows him down.

import { defineRule } from '../../engine/lint/rule';
import type { ProxyListener } from '../../engine/model/proxy';
import { clip } from '../limits';
import { severityOfPart } from '../proxies';
import { HAPROXY_LIMITS, haproxy, nginx } from '../proxy-examples';

export const requireRateLimit = defineRule({
  id: 'isolation/require-rate-limit',
  since: '0.1.0',
  severity: 'advice',
  reads: 'infrastructure',
  fault: 'slow',
  messages: {
    none: 'One client that asks without pause can use up what is behind `{listener}`: nothing limits its rate.',
  },
  docs: {
    what: 'Advises a limit on the rate of each client at a proxy that takes requests from outside and has none; one place for each file.',
    why: 'A retry loop gone wrong or a crawler is enough to fill the workers behind the proxy, and then nobody is answered.',
    fix: 'Limit requests and connections of each client address (`limit_req`, `limit_conn`; a stick table in HAProxy).',
    not: 'Listeners on the own host, files that serve no upstream, proxies whose plugins or routes may limit, and includes that were not read. A CDN or gateway in front may do it.',
    references: ['https://nginx.org/en/docs/http/ngx_http_limit_req_module.html'],
  },
  check({ system, report }) {
    const files = new Map<string, ProxyListener[]>();
    for (const listener of system.proxyListeners) if (!listener.isProcess && listener.forwards) files.set(listener.scope, [...(files.get(listener.scope) ?? []), listener]);
    for (const listeners of files.values()) {
      const [first, ...others] = listeners;
      if (!first || listeners.some((listener) => listener.limitsRate.state !== 'absent')) continue;
      const name = first.name === '_' ? first.kind : first.name;
      report({ at: first.at, message: 'none', data: { listener: clip(name, 40) }, more: others.map((other) => other.at), moreNoun: 'listeners', subject: `${first.kind}/${name}/rate`, ...severityOfPart(first) });
    }
  },
  examples: {
    bad: [
      { name: 'a server of nginx', files: { 'nginx.conf': nginx(['proxy_pass http://10.0.0.1:3000;']).replace('server {', '«server» {') }, expect: 'none' },
      { name: 'several servers of one file', files: { 'nginx.conf': nginx(['proxy_pass http://10.0.0.1:3000;']).replace('server {', '«server» {') + nginx(['proxy_pass http://10.0.0.2:3000;']) }, expect: 'none' },
      { name: 'a frontend of HAProxy', files: { 'haproxy.cfg': haproxy([...HAPROXY_LIMITS, 'timeout http-request 10s'], ['server app-1 10.0.0.1:80 check', 'server app-2 10.0.0.2:80 check']).replace('frontend edge', '«frontend edge»') }, expect: 'none' },
      { name: 'fastcgi', files: { 'site.conf': nginx(['fastcgi_pass 10.0.0.1:9000;']).replace('server {', '«server» {') }, expect: 'none' },
    ],
    good: [
      { name: 'limit_req', files: { 'nginx.conf': nginx(['limit_req zone=clients burst=20;', 'proxy_pass http://10.0.0.1:3000;']) } },
      { name: 'limit_conn of all servers', files: { 'nginx.conf': `http {\n    limit_conn clients 20;\n${nginx(['proxy_pass http://10.0.0.1:3000;'])}}\n` } },
      { name: 'a stick table', files: { 'haproxy.cfg': haproxy(HAPROXY_LIMITS, ['server app-1 10.0.0.1:80 check', 'server app-2 10.0.0.2:80 check']).replace('    bind :80', '    bind :80\n    stick-table type ip size 100k expire 30s store http_req_rate(10s)\n    http-request track-sc0 src') } },
      { name: 'files only', files: { 'nginx.conf': nginx(['root /srv/www;']) } },
      { name: 'on the own host', files: { 'nginx.conf': nginx(['proxy_pass http://10.0.0.1:3000;']).replace('listen 80', 'listen 127.0.0.1:8080') } },
    ],
    unknown: [
      { name: 'an include that is not here', files: { 'nginx.conf': nginx(['include /etc/nginx/snippets/limits.conf;', 'proxy_pass http://10.0.0.1:3000;']) } },
      { name: 'middlewares of Traefik may limit', files: { 'traefik.yml': 'entryPoints:\n  web:\n    address: ":80"\nproviders:\n  docker: {}\nserversTransport:\n  forwardingTimeouts:\n    responseHeaderTimeout: 30s\n' } },
    ],
  },
});
