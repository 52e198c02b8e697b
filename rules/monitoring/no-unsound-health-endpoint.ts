// A liveness route that asks a dependency turns its outage into a restart loop of everyone who uses it; a readiness route that asks nothing keeps a broken instance in the pool.

import type { RouteFact } from '../../engine/code/construct-facts';
import type { CodeProject, EntityResolver, LinkedFile, OutboundCall } from '../../engine/code/project';
import type { Fix } from '../../engine/lint/fix';
import { defineRule, type Report } from '../../engine/lint/rule';
import type { SystemModel } from '../../engine/model/model';
import type { LibraryRole } from '../../catalog/schema';
import { ioInside, placeIn } from '../code-places';
import { probeUses } from '../containers-of-code';
import { manifest } from '../example-manifests';
import { clip } from '../limits';
import { programOf } from '../programs';
import { programName } from '../server-places';

type MessageId = 'asks' | 'empty' | 'hides';

const LIVENESS = /\/(?:livez?|liveness|live-?check|is-?alive|alive)(?:\/|$)/i;
const READINESS = /\/(?:readyz?|readiness|is-?ready)(?:\/|$)/i;
const ASKED: Readonly<Partial<Record<OutboundCall['shape']['io'], string>>> = { query: 'the database', command: 'the store', http: 'another service', rpc: 'another service', publish: 'the broker', connect: 'the store', storage: 'the store' };
const NEEDED: ReadonlySet<LibraryRole> = new Set(['sql', 'document', 'cache', 'search', 'queue', 'broker']);

const EXPRESS = "import express from 'express';\nconst app = express();\n";
const POOL = "import { Pool } from 'pg';\nconst pool = new Pool({ connectionTimeoutMillis: 1000, query_timeout: 1000 });\npool.on('error', console.error);\n";
const LIVENESS_PROBE = (path: string): string => `          livenessProbe:\n            httpGet:\n              path: ${path}\n              port: 3000`;

export const noUnsoundHealthEndpoint = defineRule<MessageId>({
  id: 'monitoring/no-unsound-health-endpoint',
  since: '0.1.0',
  severity: 'warning',
  reads: 'code',
  fault: 'down',
  messages: {
    asks: '`{dependency}` down restarts every instance of `{service}` in a loop: its liveness route `{path}` asks {what}.',
    empty: { text: 'A broken `{service}` keeps getting requests: `{path}` answers 200 whatever happens.', severity: 'info' },
    hides: 'A broken `{service}` keeps getting requests: the `catch` of `{path}` answers 200.',
  },
  docs: {
    what: 'Reports a liveness route that asks a database, cache, broker or other service, a readiness route that asks nothing although the program has such dependencies, and a health route whose `catch` answers 200.',
    why: 'A liveness probe restarts. When all instances ask the same dependency, its outage restarts all of them at once, and again, until long after it is back. A readiness probe only takes an instance out of the pool, so that is where dependencies belong.',
    fix: 'Let the liveness route answer from the process alone, and ask what the service cannot do without in a readiness route, each with a short limit.',
    not: 'A route whose use neither its path nor a probe of the workspace tells, one whose handler is out of sight, a readiness route that reads a flag, and a program without dependencies of its own.',
    references: ['https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/'],
  },
  check({ file, code, system, resolve, report }) {
    if (file.facts.role !== 'server') return;
    for (const route of file.facts.routes) {
      if (!route.isHealth || route.handler < 0 || !/^(?:GET|ANY)$/.test(route.method)) continue;
      const finding = judge(file, route, code, system, resolve);
      if (finding) report(finding);
    }
  },
  examples: {
    bad: [
      {
        name: 'liveness asks the database',
        files: { 'a.ts': `${EXPRESS}${POOL}app.get(«'/livez'», async (req, res) => {\n  await pool.query('SELECT 1');\n  res.send('ok');\n});\n` },
        expect: 'asks',
        fixed: { 'a.ts': `${EXPRESS}${POOL}app.get('/livez', (request, response) => response.sendStatus(200));\n` },
      },
      {
        name: 'a probe says that the route is liveness',
        files: {
          'orders/package.json': '{ "name": "orders", "scripts": { "start": "node a.js" } }',
          'orders/a.ts': `${EXPRESS}${POOL}app.get(«'/healthz'», async (req, res) => {\n  await pool.query('SELECT 1');\n  res.send('ok');\n});\n`,
          'orders.yaml': manifest('orders', { container: LIVENESS_PROBE('/healthz') }),
        },
        expect: 'asks',
      },
      {
        name: 'by a function of another file',
        files: { 'a.ts': `${EXPRESS}import { check } from './db';\napp.get(«'/health/live'», async (req, res) => {\n  await check();\n  res.send('ok');\n});\n`, 'db.ts': `${POOL}export async function check() {\n  await pool.query('SELECT 1');\n}\n` },
        expect: 'asks',
      },
      {
        name: 'an indicator of Nest',
        files: { 'health.controller.ts': "import { Controller, Get } from '@nestjs/common';\nimport { HealthCheck, HealthCheckService, TypeOrmHealthIndicator } from '@nestjs/terminus';\n@Controller('health')\nexport class HealthController {\n  constructor(private health: HealthCheckService, private db: TypeOrmHealthIndicator) {}\n  «@Get('live')»\n  @HealthCheck()\n  live() {\n    return this.health.check([() => this.db.pingCheck('database')]);\n  }\n}\n" },
        expect: 'asks',
      },
      {
        name: 'readiness that asks nothing',
        files: { 'a.ts': `${EXPRESS}${POOL}app.get(«'/readyz'», (req, res) => res.json({ status: 'ok' }));\n` },
        expect: 'empty',
      },
      {
        name: 'a catch that answers 200',
        files: { 'a.ts': `${EXPRESS}${POOL}app.get('/health', async (req, res) => {\n  try {\n    await pool.query('SELECT 1');\n    res.json({ status: 'up' });\n  } «catch (error) {\n    res.json({ status: 'down' });\n  }»\n});\n` },
        expect: 'hides',
      },
    ],
    good: [
      { name: 'liveness asks nobody, readiness the database', files: { 'a.ts': `${EXPRESS}${POOL}app.get('/livez', (req, res) => res.send('ok'));\napp.get('/readyz', async (req, res) => {\n  try {\n    await pool.query('SELECT 1');\n    res.send('ok');\n  } catch (error) {\n    res.status(503).end();\n  }\n});\n` } },
      { name: 'readiness that reads a flag', files: { 'a.ts': `${EXPRESS}${POOL}let isClosing = false;\nprocess.once('SIGTERM', () => (isClosing = true));\napp.get('/readyz', (req, res) => res.sendStatus(isClosing ? 503 : 200));\n` } },
      { name: 'a program without dependencies', files: { 'a.ts': `${EXPRESS}app.get('/readyz', (req, res) => res.send('ok'));\n` } },
      { name: 'liveness whose catch answers 200', files: { 'a.ts': `${EXPRESS}import { measure } from './lag';\napp.get('/livez', async (req, res) => {\n  try {\n    await measure();\n    res.send('ok');\n  } catch (error) {\n    res.json({ status: 'slow' });\n  }\n});\n`, 'lag.ts': 'export const measure = async () => performance.now();\n' } },
      {
        name: 'a route that only a readiness probe asks',
        files: {
          'orders/package.json': '{ "name": "orders", "scripts": { "start": "node a.js" } }',
          'orders/a.ts': `${EXPRESS}${POOL}app.get('/alive', async (req, res) => {\n  await pool.query('SELECT 1');\n  res.send('ok');\n});\n`,
          'orders.yaml': manifest('orders', { container: LIVENESS_PROBE('/alive').replace('liveness', 'readiness') }),
        },
      },
    ],
    unknown: [
      { name: 'one endpoint whose use nothing tells', files: { 'a.ts': `${EXPRESS}${POOL}app.get('/health', async (req, res) => {\n  await pool.query('SELECT 1');\n  res.send('ok');\n});\n` } },
      { name: 'a handler out of sight', files: { 'a.ts': `${EXPRESS}${POOL}import { ready } from '@acme/kit';\napp.get('/readyz', ready);\n` } },
      { name: 'a middleware that may answer', files: { 'a.ts': `${EXPRESS}${POOL}import { gate } from './gate';\napp.get('/readyz', gate, (req, res) => res.send('ok'));\n`, 'gate.ts': "export const gate = (req, res, next) => (req.app.get('ready') ? next() : res.sendStatus(503));\n" } },
    ],
  },
});

function judge(file: LinkedFile, route: RouteFact, code: CodeProject, system: SystemModel, resolve: EntityResolver): Report<MessageId> | undefined {
  const uses = probeUses(system, code, file, route.path);
  const isProbed = uses?.liveness !== undefined || uses?.readiness !== undefined;
  const isLiveness = isProbed ? uses.liveness !== undefined : LIVENESS.test(route.path);
  const isReadiness = isProbed ? uses.readiness !== undefined && !isLiveness : READINESS.test(route.path);
  const service = programName(code, file, resolve);
  const common = { at: placeIn(file, route.mark ?? route.span), subject: `${service}:${route.path}` };
  const data = { service: clip(service, 30), path: clip(route.path, 30) };
  if (isLiveness) {
    const call = ioInside(file, route.handler, code, resolve);
    const what = call && call.fact.usage !== 'floating' && call.fact.usage !== 'void' ? ASKED[call.shape.io] : undefined;
    if (!call || what === undefined || call.library.entry.role === 'process') return undefined;
    const related = [{ at: { file: call.file, span: call.fact.callee }, text: `asks ${what}` }, ...(uses?.liveness ? [{ at: uses.liveness, text: 'restarts it' }] : [])];
    return { ...common, message: 'asks', data: { ...data, dependency: clip(call.client?.fact.name?.text ?? call.library.title, 30), what }, related, fixes: plainFix(file, route, resolve) };
  }
  const caught = route.health?.hidesFailure;
  if (caught) return { ...common, at: placeIn(file, caught), message: 'hides', data, ...(isReadiness ? {} : { severity: 'info' as const }) };
  if (!isReadiness || route.health?.isConstant !== true || isGuarded(file, route) || !hasDependencies(code, file)) return undefined;
  return { ...common, message: 'empty', data };
}

// Another callback of the same call may answer first.
function isGuarded(file: LinkedFile, route: RouteFact): boolean {
  return file.facts.routes.some((other) => other !== route && other.span[0] === route.span[0]) || file.facts.asyncSlots.some((slot) => slot.span[0] === route.span[0] && slot.callback !== route.handler);
}

function hasDependencies(code: CodeProject, file: LinkedFile): boolean {
  return programOf(code, file).files.some(({ clients }) => clients.some(({ library, construct }) => NEEDED.has(library.entry.role) && construct.isLongLived === true));
}

function plainFix(file: LinkedFile, route: RouteFact, resolve: EntityResolver): readonly Fix[] {
  const slot = file.facts.asyncSlots.find(({ span, argument }) => span[0] === route.span[0] && span[1] === route.span[1] && argument === 1);
  const owner = slot && resolve(file.path, slot.entity);
  const client = owner?.kind === 'client' && owner.client.file === file.path ? owner.client : undefined;
  const health = client?.library.entry.servers?.find(({ on }) => on === client.instance)?.health;
  const name = client?.fact.name?.text;
  if (health === undefined || name === undefined) return [];
  const text = health.replaceAll('{server}', name).replace("'/livez'", () => `'${route.path.replace(/['\\]/g, '\\$&')}'`).replace(/;$/, '');
  return [{ title: clip(`Answer \`${route.path}\` without asking`, 60), safety: 'unsafe', operations: [{ language: 'code', file: file.path, kind: 'replace', span: route.span, text }] }];
}
