// A server without a limit on what it receives lets a slow client hold a connection for ever; one that closes idle connections before its balancer does loses the request that comes in between.

import type { ServerLimit } from '../../catalog/schema';
import type { CodeProject, EntityResolver, LinkedClient, LinkedFile } from '../../engine/code/project';
import { formatDuration } from '../../engine/duration';
import type { Fix } from '../../engine/lint/fix';
import { rowHolds } from '../../engine/lint/installed';
import { defineRule, type Report } from '../../engine/lint/rule';
import type { SystemModel } from '../../engine/model/model';
import type { Location } from '../../engine/text';
import { placeIn } from '../code-places';
import { balancerOf } from '../containers-of-code';
import { manifest } from '../example-manifests';
import { intend } from '../../engine/model/questions';
import { severityOfPart, subjectOfPart } from '../proxies';
import { HAPROXY_LIMITS, haproxy } from '../proxy-examples';
import { clip, clientName, optionAt } from '../limits';
import { firstServers, programName } from '../server-places';

type MessageId = 'proxy' | 'proxyOff' | 'off' | 'never' | 'keepAlive';

/** What balancers keep an idle connection for, by default: AWS ALB, ingress-nginx and nginx 60 s, others longer. */
const BALANCER_IDLE_MS = 60_000;
const INGRESS = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: orders\nspec:\n  selector:\n    app: orders\n  ports:\n    - port: 80\n---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: edge\nspec:\n  rules:\n    - http:\n        paths:\n          - path: /\n            pathType: Prefix\n            backend:\n              service:\n                name: orders\n                port:\n                  number: 80\n';
const PACKAGE = '{ "name": "orders", "scripts": { "start": "node a.js" } }';
const HTTP = "import http from 'node:http';\n";

export const requireServerTimeout = defineRule<MessageId>({
  id: 'isolation/require-server-timeout',
  since: '0.1.0',
  severity: 'warning',
  reads: 'code',
  fault: 'slow',
  messages: {
    off: 'A client that sends slowly holds a connection of `{service}` for ever: `{option}` is switched off.',
    proxy: { text: 'A client that sends its headers slowly holds a connection of `{listener}`: {proxy} has no `{option}` by default.', severity: 'advice' },
    proxyOff: 'A client that sends slowly holds a connection of `{listener}` for ever: `{option}` is switched off.',
    never: { text: 'A client that sends its body slowly holds a connection of `{service}` for ever: {library} sets no `{option}` by default.', severity: 'advice' },
    keepAlive: { text: 'Reused connections answer 502: `{service}` closes idle ones after {time} ({source}), the balancer after {idle}.', severity: 'advice' },
  },
  docs: {
    what: 'Reports an HTTP server whose limit on requests or headers is switched off, and one that closes idle connections earlier than the balancer in front of it.',
    why: 'Node ends a request that takes too long to arrive; without that a few slow clients use up the connections. And a balancer that reuses a connection in the moment in which the server closes it answers 502.',
    fix: 'Keep a limit on requests and headers, and set `keepAliveTimeout` above the idle time of the balancer, `headersTimeout` above that.',
    not: 'Limits that are not known, `server.timeout` 0 (which is the default), and `keepAliveTimeout` of a server that no balancer of the workspace reaches and that sets none.',
    references: ['https://nodejs.org/api/http.html#serverrequesttimeout'],
  },
  check({ file, code, system, resolve, report }) {
    if (file.facts.role !== 'server') return;
    for (const client of file.clients) {
      for (const limit of limitsOf(client)) {
        const finding = judge(file, client, limit, code, system, resolve);
        if (finding) report(finding);
      }
    }
  },
  checkSystem({ system, report }) {
    for (const listener of system.proxyListeners) {
      for (const { option, limit, usual } of listener.clientLimits) {
        const isOff = limit.state === 'set' && limit.value === 'none';
        if (!isOff && limit.state !== 'absent') continue;
        const fixes: readonly Fix[] = [{ title: clip(`Set \`${option} ${usual}\``, 60), safety: 'unsafe', operations: [intend(listener.resource, { kind: 'set-directive', name: option, value: usual })] }];
        const isOwn = !isOff || limit.at.file === listener.at.file;
        report({ at: isOff ? limit.at : listener.at, message: isOff ? 'proxyOff' : 'proxy', data: { listener: clip(listener.name, 40), proxy: listener.proxy, option }, fixes: isOwn ? fixes : [], subject: `${subjectOfPart(listener)}/${option}`, ...severityOfPart(listener) });
      }
    }
  },
  examples: {
    bad: [
      {
        name: 'HAProxy waits for headers as long as they come',
        files: { 'haproxy.cfg': haproxy(HAPROXY_LIMITS, ['server app-1 10.0.0.1:80 check', 'server app-2 10.0.0.2:80 check']).replace('frontend edge', '«frontend edge»') },
        expect: 'proxy',
        fixed: { 'haproxy.cfg': haproxy(HAPROXY_LIMITS, ['server app-1 10.0.0.1:80 check', 'server app-2 10.0.0.2:80 check']).replace('    default_backend orders', '    default_backend orders\n    timeout http-request 10s') },
      },
      { name: 'Traefik told to wait for ever', files: { 'traefik.yml': 'entryPoints:\n  web:\n    address: ":80"\n    transport:\n      respondingTimeouts:\n        «readTimeout: 0»\nproviders:\n  docker: {}\nserversTransport:\n  forwardingTimeouts:\n    responseHeaderTimeout: 30s\n' }, expect: 'proxyOff' },
      {
        name: 'requests without a limit',
        files: { 'a.ts': `${HTTP}const server = http.createServer({ «requestTimeout: 0» }, (req, res) => res.end());\nserver.listen(3000);\n` },
        expect: 'off',
        fixed: { 'a.ts': `${HTTP}const server = http.createServer({ requestTimeout: 300_000 }, (req, res) => res.end());\nserver.listen(3000);\n` },
      },
      {
        name: 'headers without a limit',
        files: { 'a.ts': "import express from 'express';\nconst app = express();\nconst server = app.listen(3000);\nserver.headersTimeout = «0»;\n" },
        expect: 'off',
        fixed: { 'a.ts': "import express from 'express';\nconst app = express();\nconst server = app.listen(3000);\nserver.headersTimeout = 60_000;\n" },
      },
      { name: 'a server of Nest', files: { 'a.ts': "import { NestFactory } from '@nestjs/core';\nimport { AppModule } from './app.module';\nasync function bootstrap() {\n  const app = await NestFactory.create(AppModule);\n  const server = await app.listen(3000);\n  server.requestTimeout = «0»;\n}\nbootstrap();\n" }, expect: 'off' },
      {
        name: 'Fastify sets none',
        files: { 'a.ts': "import Fastify from 'fastify';\nconst app = «Fastify»({ logger: true });\nawait app.listen({ port: 3000 });\n" },
        expect: 'never',
        fixed: { 'a.ts': "import Fastify from 'fastify';\nconst app = Fastify({ logger: true, requestTimeout: 300_000 });\nawait app.listen({ port: 3000 });\n" },
      },
      {
        name: 'a keep-alive shorter than that of balancers',
        files: { 'a.ts': `${HTTP}const server = http.createServer((req, res) => res.end());\nserver.keepAliveTimeout = «30_000»;\nserver.listen(3000);\n` },
        expect: 'keepAlive',
        fixed: { 'a.ts': `${HTTP}const server = http.createServer((req, res) => res.end());\nserver.keepAliveTimeout = 65_000;\nserver.listen(3000);\n` },
      },
      {
        name: 'the default of Node behind an Ingress',
        files: { 'orders/package.json': PACKAGE, 'orders/a.ts': "import express from 'express';\nconst app = express();\nconst server = «app.listen»(3000);\n", 'edge.yaml': INGRESS, 'orders.yaml': manifest('orders') },
        expect: 'keepAlive',
        fixed: { 'orders/a.ts': "import express from 'express';\nconst app = express();\nconst server = app.listen(3000);\nserver.keepAliveTimeout = 65_000;\nserver.headersTimeout = 66_000;\n" },
      },
    ],
    good: [
      { name: 'HAProxy with a limit', files: { 'haproxy.cfg': haproxy([...HAPROXY_LIMITS, 'timeout http-request 10s'], ['server app-1 10.0.0.1:80 check', 'server app-2 10.0.0.2:80 check']) } },
      { name: 'longer than the balancer', files: { 'orders/package.json': PACKAGE, 'orders/a.ts': "import express from 'express';\nconst app = express();\nconst server = app.listen(3000);\nserver.keepAliveTimeout = 65_000;\nserver.headersTimeout = 66_000;\n", 'edge.yaml': INGRESS, 'orders.yaml': manifest('orders') } },
      { name: 'the defaults of Node', files: { 'a.ts': `${HTTP}http.createServer((req, res) => res.end()).listen(3000);\n` } },
      { name: 'sockets without an idle limit, which is the default', files: { 'a.ts': `${HTTP}const server = http.createServer((req, res) => res.end());\nserver.setTimeout(0);\nserver.timeout = 0;\nserver.listen(3000);\n` } },
      { name: 'Fastify with a limit', files: { 'a.ts': "import Fastify from 'fastify';\nconst app = Fastify({ requestTimeout: 30_000 });\nawait app.listen({ port: 3000 });\n" } },
      { name: 'an Ingress in front of another workload', files: { 'orders/package.json': PACKAGE.replace('orders', 'billing'), 'orders/a.ts': "import express from 'express';\nconst app = express();\nconst server = app.listen(3000);\n", 'edge.yaml': INGRESS, 'orders.yaml': manifest('orders', { image: 'shop/other:1' }) } },
    ],
    unknown: [
      { name: 'the value comes from elsewhere', files: { 'a.ts': `${HTTP}import { config } from './config';\nconst server = http.createServer((req, res) => res.end());\nserver.requestTimeout = config.requestTimeout;\nserver.listen(3000);\n` } },
      { name: 'options from elsewhere', files: { 'a.ts': "import Fastify from 'fastify';\nimport { options } from './options';\nconst app = Fastify(options);\nawait app.listen({ port: 3000 });\n" } },
    ],
  },
});

function limitsOf(client: LinkedClient): readonly ServerLimit[] {
  return (client.library.entry.serverLimits ?? []).filter((row) => row.on.includes(client.instance) && rowHolds(client.library, row.versions) === 'yes');
}

function judge(file: LinkedFile, client: LinkedClient, limit: ServerLimit, code: CodeProject, system: SystemModel, resolve: EntityResolver): Report<MessageId> | undefined {
  const service = clip(programName(code, file, resolve), 30);
  const common = { subject: `${clientName(client)}:${limit.option}`, data: { service, option: limit.option } };
  const value = optionAt(client.options, limit.option);
  if (value === 'unknown') return undefined;
  if (value !== 'absent') {
    const at = placeOf(file, client, limit.option);
    if (!at || value.kind !== 'number') return undefined;
    if (limit.of !== 'keep-alive') return limit.off.includes(value.value) ? { ...common, at, message: 'off', fixes: [replaceFix(file, client, limit, at, limit.of === 'headers' ? '60_000' : '300_000')] } : undefined;
    if (value.value <= 0 || value.value >= BALANCER_IDLE_MS) return undefined;
    return { ...common, at, message: 'keepAlive', data: { service, time: formatDuration(value.value), source: `\`${limit.option}\``, idle: formatDuration(BALANCER_IDLE_MS) }, fixes: [replaceFix(file, client, limit, at, '65_000')] };
  }
  const isServed = firstServers(code, file, resolve).some((place) => place.file === file && (sameSpan(place.fact.span, client.fact.span) || place.fact.receiverName === client.fact.name?.text));
  if (!isServed) return undefined;
  const at = placeIn(file, client.fact.callee);
  const options = limit.options === undefined ? undefined : ({ language: 'code', file: file.path, kind: 'set-option', call: client.fact.span, argument: limit.options, path: limit.option } as const);
  if (limit.of === 'request') {
    if (limit.default !== null) return undefined;
    return { ...common, at, message: 'never', data: { ...common.data, library: client.library.title }, fixes: options ? [{ title: 'Limit to 5 min', safety: 'unsafe', operations: [{ ...options, value: '300_000' }] }] : [] };
  }
  const balancer = limit.of === 'keep-alive' && limit.default !== null && limit.default < BALANCER_IDLE_MS ? balancerOf(system, code, file) : undefined;
  if (!balancer || limit.default === null) return undefined;
  const source = `\`${limit.option}\` by default`;
  return { ...common, at, message: 'keepAlive', data: { service, time: formatDuration(limit.default), source, idle: formatDuration(BALANCER_IDLE_MS) }, related: [{ at: balancer.at, text: 'reuses connections' }], fixes: keepAliveFix(file, client) };
}

function sameSpan(a: readonly [number, number], b: readonly [number, number]): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

// The assigned value, or the whole property of the options.
function placeOf(file: LinkedFile, client: LinkedClient, option: string): Location | undefined {
  const assigned = client.fact.assignments.findLast(({ path }) => path === option);
  if (assigned) return placeIn(file, assigned.value.span ?? assigned.span);
  const entry = client.fact.arguments.flatMap((value) => (value.kind === 'object' ? value.entries : [])).findLast(({ key }) => key === option);
  return entry?.span && placeIn(file, entry.span);
}

function replaceFix(file: LinkedFile, client: LinkedClient, limit: ServerLimit, at: Location, value: string): Fix {
  const isAssigned = client.fact.assignments.some(({ path }) => path === limit.option);
  return { title: clip(`Set \`${limit.option}\` to ${formatDuration(Number(value.replace('_', '')))}`, 60), safety: 'unsafe', operations: [{ language: 'code', file: file.path, kind: 'replace', span: at.span, text: isAssigned ? value : `${limit.option}: ${value}` }] };
}

function keepAliveFix(file: LinkedFile, client: LinkedClient): readonly Fix[] {
  const name = client.fact.name?.text;
  if (name === undefined || client.library.entry.serverLimits?.every(({ options }) => options !== undefined && options !== 'first-object') === true) return [];
  return [{ title: 'Set `keepAliveTimeout` to 65 s', safety: 'unsafe', operations: [{ language: 'code', file: file.path, kind: 'insert-after', statement: client.fact.span, lines: [`${name}.keepAliveTimeout = 65_000;`, `${name}.headersTimeout = 66_000;`] }] }];
}
