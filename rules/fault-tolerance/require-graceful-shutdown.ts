// A deploy, a drain of a node and a scale-down all end with SIGTERM: who does not hear it cuts what is running.

import type { LibraryRole } from '../../catalog/schema';
import type { ProcessListenerFact, StopStep } from '../../engine/code/construct-facts';
import type { CodeProject, EntityResolver, LinkedFile } from '../../engine/code/project';
import type { CodeOperation, Fix } from '../../engine/lint/fix';
import { defineRule, type Report } from '../../engine/lint/rule';
import { placeIn } from '../code-places';
import { clip } from '../limits';
import { programOf, programProvides } from '../programs';
import { firstServers, programName, serverPlace, type ServerPlace } from '../server-places';

type MessageId = 'missing' | 'worker' | 'cuts' | 'noExit' | 'early' | 'order' | 'left';

export const requireGracefulShutdown = defineRule<MessageId>({
  id: 'fault-tolerance/require-graceful-shutdown',
  since: '0.1.0',
  severity: 'warning',
  reads: 'code',
  fault: 'down',
  messages: {
    missing: 'Each deploy cuts the requests that are running: nothing handles `SIGTERM`.',
    worker: 'Each deploy cuts the messages that are in work: nothing handles `SIGTERM`.',
    cuts: 'Each deploy cuts what is running: the `SIGTERM` handler exits without closing `{server}`.',
    noExit: 'A stop takes 30 s and then cuts what runs: the `SIGTERM` handler never closes `{server}`.',
    early: 'Each deploy cuts what is running: the `SIGTERM` handler exits right after `{call}` and waits for nothing.',
    order: 'At each deploy running requests lose `{client}`: the `SIGTERM` handler closes it before `{server}`.',
    left: 'Each deploy cuts the messages that are in work: the `SIGTERM` handler never closes `{server}`.',
  },
  docs: {
    what: 'Reports a program that listens or consumes and has nothing that closes its server on `SIGTERM`, and a shutdown that exits before running work has ended, closes a database before the server that needs it, or leaves a worker out. A package may hold several programs.',
    why: 'Orchestrators stop instances all day: at deploys, drains and scale-downs. Without a drain each of these is a small outage.',
    fix: 'On `SIGTERM` stop accepting, let running work end, close what it needed, then exit; with a timer that ends the process when it takes too long.',
    not: 'A program that calls a drain library, Nest with `enableShutdownHooks`, Next.js and serverless packages, libraries that only offer `listen`, and servers of development or tests.',
    references: ['https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination'],
  },
  check({ file, code, resolve, report }) {
    if (file.facts.role !== 'server' || file.facts.servers.length === 0) return;
    for (const place of firstServers(code, file, resolve)) {
      if (place.file !== file || place.shape.drains === true) continue;
      const finding = judge(place, code, resolve);
      if (finding) report(finding);
    }
    for (const finding of leftOut(file, code, resolve)) report(finding);
  },
  examples: {
    bad: [
      {
        name: 'Express',
        files: { 'a.ts': "import express from 'express';\nconst app = express();\napp.get('/livez', (req, res) => res.sendStatus(200));\n«app.listen»(3000);\n" },
        expect: 'missing',
        fixed: {
          'a.ts':
            "import express from 'express';\nconst app = express();\napp.get('/livez', (req, res) => res.sendStatus(200));\nconst server = app.listen(3000);\nprocess.once('SIGTERM', () => {\n  server.close(() => process.exit(0));\n  setTimeout(() => process.exit(1), 10_000).unref();\n});\n",
        },
      },
      {
        name: 'Fastify',
        files: { 'a.ts': "import Fastify from 'fastify';\nconst app = Fastify();\napp.get('/livez', async () => 'ok');\nawait «app.listen»({ port: 3000 });\n" },
        expect: 'missing',
        fixed: {
          'a.ts':
            "import Fastify from 'fastify';\nconst app = Fastify();\napp.get('/livez', async () => 'ok');\nawait app.listen({ port: 3000 });\nprocess.once('SIGTERM', () => {\n  app.close().then(() => process.exit(0));\n  setTimeout(() => process.exit(1), 10_000).unref();\n});\n",
        },
      },
      {
        name: 'Nest without shutdown hooks',
        files: { 'main.ts': "import { NestFactory } from '@nestjs/core';\nimport { AppModule } from './app.module';\nasync function bootstrap() {\n  const app = await NestFactory.create(AppModule);\n  await «app.listen»(3000);\n}\nbootstrap();\n" },
        expect: 'missing',
        fixed: { 'main.ts': "import { NestFactory } from '@nestjs/core';\nimport { AppModule } from './app.module';\nasync function bootstrap() {\n  const app = await NestFactory.create(AppModule);\n  app.enableShutdownHooks();\n  await app.listen(3000);\n}\nbootstrap();\n" },
      },
      {
        name: 'a server of node:http in CommonJS',
        files: { 'a.js': "const http = require('http');\nconst server = http.createServer((req, res) => res.end());\n«server.listen»(3000);\n" },
        expect: 'missing',
      },
      {
        name: 'a worker',
        files: { 'a.ts': "import { Worker } from 'bullmq';\nimport { send } from './mail';\nconst worker = «new Worker»('mail', (job) => send(job.data), { connection: {} });\nworker.on('failed', console.error);\n" },
        expect: 'worker',
        fixed: {
          'a.ts':
            "import { Worker } from 'bullmq';\nimport { send } from './mail';\nconst worker = new Worker('mail', (job) => send(job.data), { connection: {} });\nprocess.once('SIGTERM', () => {\n  worker.close().then(() => process.exit(0));\n  setTimeout(() => process.exit(1), 10_000).unref();\n});\nworker.on('failed', console.error);\n",
        },
      },
      {
        name: 'a handler that only exits',
        files: { 'a.ts': "import express from 'express';\nconst app = express();\nconst server = app.listen(3000);\n«process.on»('SIGTERM', () => process.exit(0));\n" },
        expect: 'cuts',
        fixed: { 'a.ts': "import express from 'express';\nconst app = express();\nconst server = app.listen(3000);\nprocess.on('SIGTERM', () => server.close(() => process.exit(0)));\n" },
      },
      {
        name: 'a handler that only logs',
        files: { 'a.ts': "import express from 'express';\nconst app = express();\nconst server = app.listen(3000);\n«process.on»('SIGTERM', () => console.info('stopping'));\n" },
        expect: 'noExit',
      },
      {
        name: 'an exit right after the close',
        files: { 'a.ts': "import express from 'express';\nconst app = express();\nconst server = app.listen(3000);\nprocess.on('SIGTERM', () => {\n  server.close();\n  «process.exit(0)»;\n});\n" },
        expect: 'early',
        fixed: { 'a.ts': "import express from 'express';\nconst app = express();\nconst server = app.listen(3000);\nprocess.on('SIGTERM', () => {\n  server.close(() => process.exit(0));\n});\n" },
      },
      {
        name: 'an await of a close that gives no promise',
        files: { 'a.ts': "import http from 'node:http';\nconst server = http.createServer((req, res) => res.end());\nserver.listen(3000);\nasync function stop() {\n  await server.close();\n  console.info('closed');\n  «process.exit(0)»;\n}\nprocess.on('SIGTERM', stop);\n" },
        expect: 'early',
      },
      {
        name: 'the pool is closed before the server',
        files: { 'a.ts': "import Fastify from 'fastify';\nimport { Pool } from 'pg';\nconst pool = new Pool();\nconst app = Fastify();\nawait app.listen({ port: 3000 });\nprocess.once('SIGTERM', async () => {\n  await «pool.end()»;\n  await app.close();\n});\n" },
        expect: 'order',
        fixed: { 'a.ts': "import Fastify from 'fastify';\nimport { Pool } from 'pg';\nconst pool = new Pool();\nconst app = Fastify();\nawait app.listen({ port: 3000 });\nprocess.once('SIGTERM', async () => {\n  await app.close();\n  await pool.end();\n});\n" },
      },
      {
        name: 'a worker that the shutdown leaves out',
        files: { 'a.ts': "import express from 'express';\nimport { Worker } from 'bullmq';\nimport { send } from './mail';\nconst app = express();\nconst server = app.listen(3000);\nconst worker = «new Worker»('mail', (job) => send(job.data), { connection: {} });\nworker.on('failed', console.error);\nprocess.once('SIGTERM', () => server.close(() => process.exit(0)));\n" },
        expect: 'left',
      },
      {
        name: 'the fix closes what the server needs after it',
        files: { 'a.ts': "import express from 'express';\nimport { Pool } from 'pg';\nconst pool = new Pool();\nconst app = express();\n«app.listen»(3000);\n" },
        expect: 'missing',
        fixed: {
          'a.ts':
            "import express from 'express';\nimport { Pool } from 'pg';\nconst pool = new Pool();\nconst app = express();\nconst server = app.listen(3000);\nprocess.once('SIGTERM', () => {\n  server.close(async () => {\n    await pool.end();\n    process.exit(0);\n  });\n  setTimeout(() => process.exit(1), 10_000).unref();\n});\n",
        },
      },
      {
        name: 'only an interrupt by hand is heard',
        files: { 'a.ts': "import express from 'express';\nconst app = express();\nconst server = «app.listen»(3000);\nprocess.on('SIGINT', () => server.close());\n" },
        expect: 'missing',
      },
      { name: 'a listener for tests only', files: { 'a.ts': "import express from 'express';\nconst app = express();\nconst server = «app.listen»(3000);\nif (settings.isIntegrationTest) {\n  process.on('SIGTERM', () => process.exit(0));\n}\n" }, expect: 'missing' },
      {
        name: 'Bun',
        files: { 'a.ts': "export const server = «Bun.serve»({ fetch: () => new Response('ok') });\n" },
        expect: 'missing',
        fixed: { 'a.ts': "export const server = Bun.serve({ fetch: () => new Response('ok') });\nprocess.once('SIGTERM', () => {\n  server.stop().then(() => process.exit(0));\n  setTimeout(() => process.exit(1), 10_000).unref();\n});\n" },
      },
      {
        name: 'a service that is also a tool',
        files: { 'package.json': '{ "name": "acme", "bin": "dist/main.js", "scripts": { "start": "node dist/main.js" }, "dependencies": { "commander": "12.0.0", "express": "4.21.0" } }', 'src/server.ts': "import express from 'express';\nconst app = express();\nexport function serve() {\n  «app.listen»(3000);\n}\nserve();\n", 'src/main.ts': "import { serve } from './server';\nserve();\n" },
        expect: 'missing',
      },
      {
        name: 'two programs of one package, one of which drains',
        files: {
          'src/web/main.ts': "import express from 'express';\nimport { log } from '../log';\nconst app = express();\nconst server = app.listen(3000, () => log('web'));\nprocess.once('SIGTERM', () => server.close(() => process.exit(0)));\n",
          'src/orders/main.ts': "import express from 'express';\nimport { log } from '../log';\nconst app = express();\n«app.listen»(3001, () => log('orders'));\n",
          'src/log.ts': 'export const log = (text: string) => console.info(text);\n',
        },
        expect: 'missing',
      },
    ],
    good: [
      { name: 'in the entry that brings the server in', files: { 'src/main.ts': "import { server } from './http';\nprocess.once('SIGTERM', () => server.close(() => process.exit(0)));\n", 'src/http.ts': "import express from 'express';\nconst app = express();\nexport const server = app.listen(3000);\n", 'src/other.ts': "import express from 'express';\nconst app = express();\nconst server = app.listen(3001);\nprocess.once('SIGTERM', () => server.close(() => process.exit(0)));\n" } },
      { name: 'a server of a bundler for development', files: { 'src/preview.ts': "import express from 'express';\nimport { createServer } from 'vite';\nconst vite = await createServer({ server: { middlewareMode: true } });\nconst app = express();\napp.use(vite.middlewares);\napp.listen(5173);\n" } },
      { name: 'a program that only a command line starts', files: { 'package.json': '{ "name": "acme", "bin": { "acme": "dist/main.js" }, "dependencies": { "commander": "12.0.0", "express": "4.21.0" } }', 'src/main.ts': "import { Command } from 'commander';\nimport { preview } from './preview';\nnew Command().command('preview').action(preview);\npreview();\n", 'src/preview.ts': "import express from 'express';\nexport function preview() {\n  const app = express();\n  app.listen(3000);\n}\npreview();\n" } },
      { name: 'on loopback only', files: { 'a.ts': "import http from 'node:http';\nconst server = http.createServer((req, res) => res.end());\nserver.listen(3000, '127.0.0.1');\n" } },
      { name: 'closed on SIGTERM', files: { 'a.ts': "import express from 'express';\nconst app = express();\nconst server = app.listen(3000);\nprocess.once('SIGTERM', () => server.close(() => process.exit(0)));\n" } },
      { name: 'in another file of the package', files: { 'a.ts': "import express from 'express';\nimport { drain } from './shutdown';\nconst app = express();\ndrain(app.listen(3000));\n", 'shutdown.ts': "export function drain(server) {\n  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => server.close(() => process.exit(0)));\n}\n" } },
      { name: 'closed at a message of its process manager', files: { 'a.ts': "import express from 'express';\nconst app = express();\nconst server = app.listen(3000);\nprocess.on('message', (text) => {\n  if (text === 'shutdown') server.close(() => process.exit(0));\n});\n" } },
      { name: 'a pause between close and exit', files: { 'a.ts': "import express from 'express';\nimport { setTimeout as sleep } from 'node:timers/promises';\nconst app = express();\nconst server = app.listen(3000);\nprocess.on('SIGTERM', async () => {\n  server.close();\n  await sleep(10_000);\n  process.exit(0);\n});\n" } },
      { name: 'server first, then the pool', files: { 'a.ts': "import Fastify from 'fastify';\nimport { Pool } from 'pg';\nconst pool = new Pool();\nconst app = Fastify();\nawait app.listen({ port: 3000 });\nprocess.once('SIGTERM', async () => {\n  await app.close();\n  await pool.end();\n  process.exit(0);\n});\n" } },
      { name: 'server and worker are closed', files: { 'a.ts': "import express from 'express';\nimport { Worker } from 'bullmq';\nimport { send } from './mail';\nconst app = express();\nconst server = app.listen(3000);\nconst worker = new Worker('mail', (job) => send(job.data), { connection: {} });\nworker.on('failed', console.error);\nprocess.once('SIGTERM', async () => {\n  await worker.close();\n  server.close(() => process.exit(0));\n});\n" } },
      { name: 'a broker that hears the signal itself', files: { 'a.ts': "import { ServiceBroker } from 'moleculer';\nconst broker = new ServiceBroker();\nbroker.start();\n" } },
      { name: 'terminus', files: { 'a.ts': "import http from 'node:http';\nimport { createTerminus } from '@godaddy/terminus';\nconst server = http.createServer((req, res) => res.end());\ncreateTerminus(server, { timeout: 10_000 });\nserver.listen(3000);\n" } },
      { name: 'Nest with shutdown hooks', files: { 'main.ts': "import { NestFactory } from '@nestjs/core';\nimport { AppModule } from './app.module';\nasync function bootstrap() {\n  const app = await NestFactory.create(AppModule);\n  app.enableShutdownHooks();\n  await app.listen(3000);\n}\nbootstrap();\n" } },
      { name: 'only in development', files: { 'a.ts': "import express from 'express';\nexport const app = express();\nif (process.env.NODE_ENV === 'development') {\n  app.listen(3000);\n}\n" } },
      { name: 'a library that offers listen', files: { 'package.json': '{ "name": "acme-server", "main": "index.js" }', 'index.ts': "import express from 'express';\nexport function serve(port: number) {\n  const app = express();\n  return app.listen(port);\n}\n" } },
      { name: 'a library that only its example starts', files: { 'package.json': '{ "name": "acme-server", "main": "src/serve.js" }', 'src/serve.ts': "import express from 'express';\nexport function serve(port: number) {\n  const app = express();\n  return app.listen(port);\n}\n", 'examples/simple.ts': "import { serve } from '../src/serve';\nserve(3000);\n" } },
      { name: 'a test', files: { 'a.test.ts': "import express from 'express';\nconst app = express();\napp.listen(0);\n" } },
    ],
    unknown: [
      { name: 'a file that nothing imports drains', files: { 'server.js': "const express = require('express');\nconst app = express();\napp.listen(3000);\nfor (const name of ['drain']) require(`./plugins/${name}`);\n", 'plugins/drain.js': "const { servers } = require('../servers');\nprocess.on('SIGTERM', () => servers.forEach((server) => server.close()));\n" } },
      { name: 'the handler is a function of another package', files: { 'a.ts': "import express from 'express';\nimport { shutdown } from '@acme/kit';\nconst app = express();\napp.listen(3000);\nprocess.on('SIGTERM', shutdown);\n" } },
      { name: 'a listen of something out of sight', files: { 'a.ts': "import { app } from 'acme-app';\napp.listen(3000);\n" } },
    ],
  },
});

function judge(place: ServerPlace, code: CodeProject, resolve: EntityResolver): Report<MessageId> | undefined {
  const { file, fact, shape } = place;
  const program = programOf(code, file);
  if (programProvides(program, 'drain', resolve)) return undefined;
  const listeners = [file, ...reachable(code, file, program.files)].flatMap((other) => other.facts.processListeners.filter(({ event }) => event === 'SIGTERM').map((listener) => ({ other, listener })));
  const subject = `${programName(code, file, resolve)}:shutdown`;
  const first = listeners[0];
  if (!first) {
    // A process manager that says `shutdown` by message.
    if (program.files.some((other) => other.facts.processListeners.some(({ event, closes }) => event === 'message' && closes.length > 0))) return undefined;
    const interrupt = [file, ...program.files].flatMap((other) => other.facts.processListeners.filter(({ event, closes }) => event === 'SIGINT' && closes.length > 0).map(({ mark }) => ({ at: placeIn(other, mark), text: 'hears `SIGINT` only' })))[0];
    return { at: placeIn(file, fact.callee), message: shape.protocol === 'queue' ? 'worker' : 'missing', ...(interrupt ? { related: [interrupt] } : {}), fixes: drainFix(place), subject };
  }
  const wrong = listeners.map(({ other, listener }) => wrongStop(place, other, listener, resolve)).find((finding) => finding !== undefined);
  if (wrong) return { ...wrong, subject };
  if (listeners.some(({ listener }) => listener.isOutOfSight || listener.closes.length > 0)) return undefined;
  const server = fact.serverName ?? fact.receiverName ?? 'the server';
  const message = first.listener.exits ? 'cuts' : 'noExit';
  return { at: placeIn(first.other, first.listener.mark), message, data: { server: clip(server, 30) }, related: [{ at: placeIn(file, fact.callee), text: 'what it would close' }], fixes: first.other === file ? closeFix(place, first.listener) : [], subject };
}

type Wrong = Omit<Report<MessageId>, 'subject'>;

// Exits before the server has drained, or closes what the running requests need before the server.
function wrongStop(place: ServerPlace, file: LinkedFile, listener: ProcessListenerFact, resolve: EntityResolver): Wrong | undefined {
  const { fact, shape } = place;
  const steps = listener.steps ?? [];
  const at = steps.findIndex((step) => closesServer(place, file, step, resolve));
  const step = steps[at];
  if (!step) return undefined;
  // The `close` of Node's servers gives no promise: an `await` of it waits for nothing.
  const takesCallback = shape.drain === undefined && shape.drainBefore === undefined;
  if (step.exit && (!step.isAwaited || (takesCallback && !step.hasArguments))) {
    const canFix = takesCallback && step.isExitNext === true && !step.hasArguments && fact.serverName !== undefined && !step.isAwaited;
    const fixes: readonly Fix[] = canFix ? [{ title: 'Exit when it is closed', safety: 'safe', operations: [{ language: 'code', file: file.path, kind: 'replace', span: [step.span[0], step.exit[1]], text: `${step.text}(() => process.exit(0))` }] }] : [];
    return { at: placeIn(file, step.exit), message: 'early', data: { call: clip(step.text, 40) }, related: [{ at: placeIn(file, step.span), text: 'only begins to close' }], fixes };
  }
  const before = steps.slice(0, at).find((other) => other.function === step.function && other.isStatement && isNeeded(file, other, resolve));
  if (!before || !step.isStatement) return undefined;
  const move: readonly Fix[] = step.isAwaited && !takesCallback ? [{ title: clip(`Close \`${place.fact.serverName ?? 'the server'}\` first`, 60), safety: 'safe', operations: [{ language: 'code', file: file.path, kind: 'move-statement', statement: before.span, after: step.span }] }] : [];
  return { at: placeIn(file, before.span), message: 'order', data: { client: clip(receiverOf(before), 30), server: clip(receiverOf(step), 30) }, related: [{ at: placeIn(file, step.span), text: 'closed after it' }], fixes: move };
}

function receiverOf({ text }: StopStep): string {
  return text.slice(0, Math.max(0, text.lastIndexOf('.'))) || text;
}

function closesServer({ file, fact, shape }: ServerPlace, other: LinkedFile, step: StopStep, resolve: EntityResolver): boolean {
  const name = shape.closeOf === 'result' ? fact.serverName : (fact.serverName ?? fact.receiverName);
  if (other === file) return name !== undefined && receiverOf(step) === name;
  const resolved = resolve(other.path, step.closes);
  return resolved.kind === 'client' && resolved.client.file === file.path && resolved.client.fact.name?.text === name;
}

const NEEDED: ReadonlySet<LibraryRole> = new Set(['sql', 'document', 'cache', 'search']);

function isNeeded(file: LinkedFile, step: StopStep, resolve: EntityResolver): boolean {
  const resolved = resolve(file.path, step.closes);
  const library = resolved.kind === 'client' ? resolved.client.library : resolved.kind === 'instance' ? resolved.library : undefined;
  return library !== undefined && NEEDED.has(library.entry.role);
}

// Workers of a program whose shutdown closes other things, and that nothing ever closes.
function leftOut(file: LinkedFile, code: CodeProject, resolve: EntityResolver): readonly Report<MessageId>[] {
  const first = new Set(firstServers(code, file, resolve).map(({ fact }) => fact));
  return file.facts.servers.flatMap((fact) => {
    const place = fact.protocol === 'queue' && !first.has(fact) && !fact.isConditional ? serverPlace(file, fact, resolve) : undefined;
    const client = place && file.clients.find(({ fact: made }) => made.span[0] === fact.span[0] || (made.name !== undefined && made.name.text === fact.serverName));
    const close = place?.shape.close;
    if (!place || !client || close === undefined || client.isOutOfSight || client.methods.has(close)) return [];
    const program = programOf(code, file);
    const listeners = [file, ...reachable(code, file, program.files)].flatMap((other) => other.facts.processListeners.filter(({ event }) => event === 'SIGTERM'));
    if (programProvides(program, 'drain', resolve) || !listeners.some(({ closes }) => closes.length > 0) || listeners.some(({ isOutOfSight }) => isOutOfSight)) return [];
    const server = clip(fact.serverName ?? client.instance, 30);
    return [{ at: placeIn(file, fact.callee), message: 'left' as const, data: { server }, subject: `${programName(code, file, resolve)}:${server}:shutdown` }];
  });
}

// Files of the program and of workspace packages that it depends on: a shared kit may register the drain.
function reachable(code: CodeProject, file: LinkedFile, files: readonly LinkedFile[]): readonly LinkedFile[] {
  const own = files.filter((other) => other !== file);
  const names = new Set(Object.keys(file.package?.dependencies ?? {}));
  const kits = names.size === 0 ? [] : code.files.filter((other) => other.package !== file.package && other.package?.name !== undefined && names.has(other.package.name));
  return [...own, ...kits];
}

function drainText(place: ServerPlace, name: string): string {
  return (place.shape.drain ?? '{server}.close(() => process.exit(0))').replaceAll('{server}', name);
}

const EXIT = '() => process.exit(0)';

// Clients that the file makes at start are closed once the server needs them no more.
function exitText(file: LinkedFile): string {
  const closings = file.clients.flatMap(({ fact, library, instance }) => {
    const close = fact.function === -1 && fact.name && NEEDED.has(library.entry.role) ? library.entry.close?.find(({ on }) => on === instance)?.method : undefined;
    return close === undefined || !fact.name ? [] : [`  await ${fact.name.text}.${close}();`];
  });
  return closings.length === 0 ? EXIT : ['async () => {', ...closings.slice(0, 5), '  process.exit(0);', '}'].join('\n');
}

function drainFix(place: ServerPlace): readonly Fix[] {
  const { file, fact, shape } = place;
  const title = 'Drain on `SIGTERM`';
  const statement = { language: 'code', file: file.path, statement: fact.span } as const;
  if (shape.drainBefore !== undefined) {
    if (fact.receiverName === undefined) return [];
    return [{ title, safety: 'safe', operations: [{ ...statement, kind: 'insert-before', lines: [`${shape.drainBefore.replaceAll('{server}', fact.receiverName)};`] }] }];
  }
  const needsResult = shape.closeOf === 'result' || (fact.receiverName === undefined && fact.serverName === undefined);
  const name = needsResult ? (fact.serverName ?? (shape.protocol === 'queue' ? 'worker' : 'server')) : (fact.serverName ?? fact.receiverName);
  if (shape.closeOf === 'none' || name === undefined || (shape.protocol === 'queue' && shape.drain === undefined)) return [];
  const lines = ["process.once('SIGTERM', () => {", ...`${drainText(place, name)};`.replace(EXIT, () => exitText(file)).split('\n').map((line) => `  ${line}`), '  setTimeout(() => process.exit(1), 10_000).unref();', '});'];
  const operation: CodeOperation = { ...statement, kind: 'insert-after', lines, ...(needsResult ? { bind: { call: fact.span, name } } : {}) };
  return [{ title, safety: 'safe', operations: [operation] }];
}

// Only where the handler is written in place and the server has a name that it can see.
function closeFix(place: ServerPlace, listener: ProcessListenerFact): readonly Fix[] {
  const { file, fact, shape } = place;
  if (!listener.handler || fact.serverName === undefined || fact.function >= 0 || shape.drainBefore !== undefined || !listener.exits) return [];
  return [{ title: clip(`Close \`${fact.serverName}\` in the handler`, 60), safety: 'safe', operations: [{ language: 'code', file: file.path, kind: 'replace', span: listener.handler, text: `() => ${drainText(place, fact.serverName)}` }] }];
}
