// Without a route that says how the process is, a hung instance looks like a healthy one: nothing takes it out of the pool or restarts it.

import type { CodeProject, EntityResolver } from '../../engine/code/project';
import type { Fix } from '../../engine/lint/fix';
import { defineRule, type Report } from '../../engine/lint/rule';
import { placeIn } from '../code-places';
import { clip } from '../limits';
import { programOf, programProvides } from '../programs';
import { firstServers, programName, type ServerPlace } from '../server-places';

type MessageId = 'missing';

export const requireHealthEndpoint = defineRule<MessageId>({
  id: 'monitoring/require-health-endpoint',
  since: '0.1.0',
  severity: 'warning',
  reads: 'code',
  fault: 'hung',
  messages: {
    missing: 'Nothing can tell a hung `{service}` from a healthy one: it has no health route.',
  },
  docs: {
    what: 'Reports a program that serves HTTP routes and has none that a health check could ask. A package may hold several.',
    why: 'A probe of the port alone passes while the event loop hangs or every dependency is gone.',
    fix: 'Add `GET /livez` that answers without any dependency, and `GET /readyz` that asks what the service cannot do without.',
    not: 'Packages with a health library, with a route of such a name anywhere (routers, decorators, file routes), whose routes are out of sight, and gRPC or socket servers.',
  },
  check({ file, code, resolve, report }) {
    if (file.facts.role !== 'server' || file.facts.servers.length === 0) return;
    for (const place of firstServers(code, file, resolve)) {
      if (place.file !== file || place.shape.protocol !== 'http') continue;
      const finding = judge(place, code, resolve);
      if (finding) report(finding);
    }
  },
  examples: {
    bad: [
      {
        name: 'Express with routes of its own',
        files: { 'package.json': '{ "name": "orders", "scripts": { "start": "node a.js" } }', 'a.ts': "import express from 'express';\nconst app = express();\napp.get('/orders', (req, res) => res.json([]));\nconst server = «app.listen»(3000);\nprocess.once('SIGTERM', () => server.close());\n" },
        expect: 'missing',
        fixed: { 'a.ts': "import express from 'express';\nconst app = express();\napp.get('/orders', (req, res) => res.json([]));\napp.get('/livez', (request, response) => response.sendStatus(200));\nconst server = app.listen(3000);\nprocess.once('SIGTERM', () => server.close());\n" },
      },
      {
        name: 'Fastify',
        files: { 'a.ts': "import Fastify from 'fastify';\nconst app = Fastify();\napp.get('/orders', async () => []);\nawait «app.listen»({ port: 3000 });\nprocess.once('SIGTERM', () => app.close());\n" },
        expect: 'missing',
        fixed: { 'a.ts': "import Fastify from 'fastify';\nconst app = Fastify();\napp.get('/orders', async () => []);\napp.get('/livez', async () => ({ status: 'ok' }));\nawait app.listen({ port: 3000 });\nprocess.once('SIGTERM', () => app.close());\n" },
      },
      {
        name: 'Nest with controllers',
        files: {
          'main.ts': "import { NestFactory } from '@nestjs/core';\nimport { OrdersModule } from './orders.module';\nasync function bootstrap() {\n  const app = await NestFactory.create(OrdersModule);\n  app.enableShutdownHooks();\n  await «app.listen»(3000);\n}\nbootstrap();\n",
          'orders.controller.ts': "import { Controller, Get } from '@nestjs/common';\n@Controller('orders')\nexport class OrdersController {\n  @Get(':id')\n  find() {\n    return [];\n  }\n}\n",
        },
        expect: 'missing',
      },
      {
        name: 'routers in other files, none for health',
        files: {
          'routes.js': "const express = require('express');\nconst router = express.Router();\nrouter.get('/orders', (req, res) => res.json([]));\nrouter.post('/orders', (req, res) => res.json({}));\nmodule.exports = router;\n",
          'server.js': "const express = require('express');\nconst routes = require('./routes');\nconst app = express();\napp.use('/api', routes);\nconst server = «app.listen»(3000);\nprocess.on('SIGTERM', () => server.close());\n",
        },
        expect: 'missing',
      },
      {
        name: 'two programs of one package, one of which has a health route',
        files: {
          'src/web/main.ts': "import express from 'express';\nconst app = express();\napp.get('/livez', (req, res) => res.sendStatus(200));\nconst server = app.listen(3000);\nprocess.once('SIGTERM', () => server.close());\n",
          'src/billing/main.ts': "import express from 'express';\nconst app = express();\napp.get('/charges/:id', (req, res) => res.json({}));\nconst server = «app.listen»(3001);\nprocess.once('SIGTERM', () => server.close());\n",
        },
        expect: 'missing',
      },
    ],
    good: [
      { name: 'a flat route that is a file', files: { 'server/main.ts': "import express from 'express';\nconst app = express();\napp.get('/orders', (req, res) => res.json([]));\napp.listen(3000);\n", 'app/routes/api+/health.ts': "export const loader = async () => new Response('ok');\n" } },
      { name: 'a flat route with dots', files: { 'server/main.ts': "import express from 'express';\nconst app = express();\napp.get('/orders', (req, res) => res.json([]));\napp.listen(3000);\n", 'app/routes/api.healthz.ts': "export const loader = async () => new Response('ok');\n" } },
      { name: 'routes of a document', files: { 'main.ts': "import express from 'express';\nimport * as exegesis from 'exegesis-express';\nconst app = express();\napp.get('/orders', (req, res) => res.json([]));\napp.use(await exegesis.middleware('api.yaml', {}));\napp.listen(3000);\n" } },
      { name: 'a health route', files: { 'a.ts': "import express from 'express';\nconst app = express();\napp.get('/orders', (req, res) => res.json([]));\napp.get('/healthz', (req, res) => res.sendStatus(200));\napp.listen(3000);\n" } },
      { name: 'in a router of another file', files: { 'health.ts': "import { Router } from 'express';\nexport const health = Router();\nhealth.get('/', (req, res) => res.sendStatus(200));\n", 'a.ts': "import express from 'express';\nimport { health } from './health';\nconst app = express();\napp.get('/orders', (req, res) => res.json([]));\napp.use('/health', health);\napp.listen(3000);\n" } },
      { name: 'terminus of Nest', files: { 'main.ts': "import { NestFactory } from '@nestjs/core';\nimport { AppModule } from './app.module';\nasync function bootstrap() {\n  const app = await NestFactory.create(AppModule);\n  await app.listen(3000);\n}\nbootstrap();\n", 'health.controller.ts': "import { Controller, Get } from '@nestjs/common';\nimport { HealthCheckService } from '@nestjs/terminus';\n@Controller()\nexport class StateController {\n  constructor(private readonly health: HealthCheckService) {}\n  @Get('state')\n  check() {\n    return this.health.check([]);\n  }\n}\n" } },
      { name: 'asked by hand', files: { 'a.js': "const http = require('http');\nconst server = http.createServer((req, res) => {\n  if (req.url === '/healthz') return res.end('ok');\n  res.end();\n});\nserver.listen(3000);\n" } },
      { name: 'a path below a version', files: { 'a.ts': "import Fastify from 'fastify';\nconst app = Fastify();\napp.get('/orders', async () => []);\napp.get('/api/v1/ready', async () => 'ok');\nawait app.listen({ port: 3000 });\n" } },
      { name: 'a route object', files: { 'a.ts': "import Hapi from '@hapi/hapi';\nconst server = Hapi.server({ port: 3000 });\nserver.route({ method: 'GET', path: '/orders', handler: () => [] });\nserver.route({ method: 'GET', path: '/status', handler: () => 'ok' });\nawait server.start();\n" } },
    ],
    unknown: [
      { name: 'routes come from elsewhere', files: { 'a.ts': "import express from 'express';\nimport { routes } from '@acme/routes';\nconst app = express();\napp.use(routes);\napp.listen(3000);\n" } },
      { name: 'a gRPC server', files: { 'a.ts': "import { Server, ServerCredentials } from '@grpc/grpc-js';\nconst server = new Server();\nserver.bindAsync('0.0.0.0:50051', ServerCredentials.createInsecure(), () => {});\n" } },
    ],
  },
});

function judge(place: ServerPlace, code: CodeProject, resolve: EntityResolver): Report<MessageId> | undefined {
  const { file, fact } = place;
  const program = programOf(code, file);
  const routes = program.files.flatMap((other) => other.facts.routes);
  if (routes.length === 0 || routes.some(({ isHealth }) => isHealth) || programProvides(program, 'health', resolve)) return undefined;
  const service = programName(code, file, resolve);
  return { at: placeIn(file, fact.callee), message: 'missing', data: { service: clip(service, 40) }, fixes: routeFix(place), subject: `${service}:health` };
}

function routeFix({ file, fact, shape }: ServerPlace): readonly Fix[] {
  if (shape.health === undefined || fact.receiverName === undefined) return [];
  return [{ title: 'Add `GET /livez`', safety: 'safe', operations: [{ language: 'code', file: file.path, kind: 'insert-before', statement: fact.span, lines: [shape.health.replaceAll('{server}', fact.receiverName)] }] }];
}
