// Node runs all requests on one thread: a call that blocks it stops every one of them.

import type { BlockingFact } from '../../engine/code/construct-facts';
import type { CodeProject, EntityResolver, LinkedFile } from '../../engine/code/project';
import type { BlockingCall } from '../../catalog/schema';
import type { Fix } from '../../engine/lint/fix';
import { defineRule, type Report } from '../../engine/lint/rule';
import { contextsOf, nameOfFunction, packageFiles, placeIn, routeOf, runsAsService } from '../code-places';
import { clip } from '../limits';

type MessageId = 'handler' | 'consumer' | 'timer';

export const noBlockingInHandler = defineRule<MessageId>({
  id: 'isolation/no-blocking-in-handler',
  since: '0.1.0',
  severity: 'warning',
  reads: 'code',
  fault: 'slow',
  messages: {
    handler: 'Every request stops while `{call}` runs: it blocks the only thread.',
    consumer: 'Every message and request stops while `{call}` runs: it blocks the only thread.',
    timer: { text: 'Every request stops while `{call}` runs in this timer: it blocks the only thread.', severity: 'info' },
  },
  docs: {
    what: 'Reports a synchronous file, process, compression or key-derivation call that runs for a request, message or timer.',
    why: 'One slow disk or one large input then stops all requests of the process, health checks included, and the instance is restarted while it is only busy.',
    fix: 'Use the asynchronous form with `await`.',
    not: 'Calls at start and at module level, values that are kept after the first time, cheap calls such as `existsSync`, one file in a timer, command-line programs and tests.',
    references: ['https://nodejs.org/en/learn/asynchronous-work/dont-block-the-event-loop'],
  },
  check({ file, code, resolve, report }) {
    if (!runsAsService(code, file)) return;
    for (const fact of file.facts.blocking) {
      const finding = judge(file, fact, code, resolve);
      if (finding) report(finding);
    }
  },
  examples: {
    bad: [
      {
        name: 'a file read for each request',
        files: { 'a.ts': "import Koa from 'koa';\nimport { readFileSync } from 'node:fs';\nconst app = new Koa();\napp.use(async (ctx) => {\n  ctx.body = «readFileSync»('page.html', 'utf8');\n});\n" },
        expect: 'handler',
        fixed: { 'a.ts': "import Koa from 'koa';\nimport { readFileSync } from 'node:fs';\nimport { readFile } from 'node:fs/promises';\nconst app = new Koa();\napp.use(async (ctx) => {\n  ctx.body = await readFile('page.html', 'utf8');\n});\n" },
      },
      {
        name: 'a password compared on the thread',
        files: { 'a.ts': "import Fastify from 'fastify';\nimport bcrypt from 'bcrypt';\nconst app = Fastify();\napp.post('/login', async (request, reply) => {\n  if (!«bcrypt.compareSync»(request.body.password, request.user.hash)) return reply.code(401).send();\n  return { ok: true };\n});\n" },
        expect: 'handler',
        fixed: { 'a.ts': "import Fastify from 'fastify';\nimport bcrypt from 'bcrypt';\nconst app = Fastify();\napp.post('/login', async (request, reply) => {\n  if (!await bcrypt.compare(request.body.password, request.user.hash)) return reply.code(401).send();\n  return { ok: true };\n});\n" },
      },
      {
        name: 'a key derived in a function that a handler calls',
        files: {
          'keys.js': "const crypto = require('crypto');\nexports.derive = (password) => «crypto.pbkdf2Sync»(password, 'salt', 600000, 32, 'sha256');\n",
          'a.js': "const Koa = require('koa');\nconst { derive } = require('./keys');\nnew Koa().use((ctx) => {\n  ctx.body = derive(ctx.query.password);\n});\n",
        },
        expect: 'handler',
      },
      {
        name: 'a command in a consumer',
        files: { 'a.ts': "import { Worker } from 'bullmq';\nimport { execSync } from 'node:child_process';\nnew Worker('video', async (job) => {\n  «execSync»(`ffmpeg -i ${job.data.file} out.mp4`, { timeout: 60_000 });\n}, { connection: {} });\n" },
        expect: 'consumer',
      },
      {
        name: 'compression for each request',
        files: { 'a.ts': "import Koa from 'koa';\nimport zlib from 'node:zlib';\nnew Koa().use((ctx) => {\n  ctx.body = «zlib.gzipSync»(JSON.stringify(ctx.state.rows));\n});\n" },
        expect: 'handler',
      },
      {
        name: 'a command in a timer',
        files: { 'a.ts': "import { execSync } from 'node:child_process';\nsetInterval(() => {\n  «execSync»('rsync -a data backup:data', { timeout: 60_000 });\n}, 60_000);\n" },
        expect: 'timer',
      },
      {
        name: 'a service that is injected into a controller',
        files: {
          'main.ts': "import { NestFactory } from '@nestjs/core';\nimport { AppModule } from './app.module';\nasync function bootstrap() {\n  const app = await NestFactory.create(AppModule);\n  await app.listen(3000);\n}\nbootstrap();\n",
          'reports.controller.ts': "import { Controller, Get } from '@nestjs/common';\nimport { ReportsService } from './reports.service';\n@Controller('reports')\nexport class ReportsController {\n  constructor(private readonly reports: ReportsService) {}\n  @Get()\n  all() {\n    return this.reports.all();\n  }\n}\n",
          'reports.service.ts': "import { Injectable } from '@nestjs/common';\nimport { readFileSync } from 'node:fs';\n@Injectable()\nexport class ReportsService {\n  all() {\n    return JSON.parse(«readFileSync»('reports.json', 'utf8'));\n  }\n}\n",
        },
        expect: 'handler',
      },
      {
        name: 'a key derivation of a service, whoever calls it',
        files: {
          'server.ts': "import express from 'express';\nexport const app = express();\napp.listen(3000);\n",
          'users.ts': "import bcrypt from 'bcryptjs';\nexport class Users {\n  constructor(private readonly hashes: { of(id: string): Promise<string[]> }) {}\n  async wasUsed(id: string, password: string) {\n    return (await this.hashes.of(id)).some((hash) => «bcrypt.compareSync»(password, hash));\n  }\n}\n",
        },
        expect: 'handler',
      },
      {
        name: 'a batch that is compressed before it is sent',
        files: {
          'worker.ts': "import { Worker } from 'bullmq';\nimport { handlers } from './handlers';\nexport const worker = new Worker('batches', handlers.run, { connection: {} });\n",
          'batch.ts': "import { gzipSync } from 'node:zlib';\nimport { send } from './send';\nexport async function flush(events: object[]) {\n  await send(«gzipSync»(JSON.stringify(events)));\n}\n",
        },
        expect: 'handler',
      },
    ],
    good: [
      { name: 'a key derived at start', files: { 'a.ts': "import express from 'express';\nimport { scryptSync } from 'node:crypto';\nconst key = scryptSync(process.env.SECRET ?? '', 'salt', 32);\nexport const app = express();\napp.set('key', key);\napp.listen(3000);\n" } },
      { name: 'the configuration that a set-up page writes', files: { 'a.ts': "import Koa from 'koa';\nimport { writeFileSync } from 'node:fs';\nfunction writeConfig(config: object) {\n  writeFileSync('config.json', JSON.stringify(config));\n}\nnew Koa().use((ctx) => {\n  writeConfig(ctx.request.body);\n});\n" } },
      { name: 'a small file in a timer', files: { 'a.ts': "import { writeFileSync } from 'node:fs';\nimport { state } from './state';\nsetInterval(() => {\n  writeFileSync('state.json', JSON.stringify(state));\n}, 60_000);\n" } },
      { name: 'read once at start', files: { 'a.ts': "import Koa from 'koa';\nimport { readFileSync } from 'node:fs';\nconst page = readFileSync('page.html', 'utf8');\nnew Koa().use((ctx) => {\n  ctx.body = page;\n});\n" } },
      { name: 'the asynchronous form', files: { 'a.ts': "import Koa from 'koa';\nimport { readFile } from 'node:fs/promises';\nnew Koa().use(async (ctx) => {\n  ctx.body = await readFile('page.html', 'utf8');\n});\n" } },
      { name: 'kept after the first time', files: { 'a.ts': "import Koa from 'koa';\nimport { readFileSync } from 'node:fs';\nlet page: string | undefined;\nnew Koa().use((ctx) => {\n  page ??= readFileSync('page.html', 'utf8');\n  ctx.body = page;\n});\n" } },
      { name: 'cheap', files: { 'a.ts': "import Koa from 'koa';\nimport { existsSync } from 'node:fs';\nnew Koa().use((ctx) => {\n  ctx.status = existsSync('maintenance') ? 503 : 200;\n});\n" } },
      { name: 'another runSync', files: { 'a.ts': "import Koa from 'koa';\nimport { Effect } from 'effect';\nnew Koa().use((ctx) => {\n  ctx.body = Effect.runSync(Effect.succeed(1));\n});\n" } },
      { name: 'configuration at start', files: { 'a.ts': "import { readFileSync } from 'node:fs';\nfunction load() {\n  return JSON.parse(readFileSync('config.json', 'utf8'));\n}\nexport const config = load();\n" } },
      { name: 'a script', files: { 'scripts/build.ts': "import { execSync } from 'node:child_process';\nexport function build() {\n  execSync('tsc');\n}\nbuild();\n" } },
    ],
    unknown: [
      { name: 'a page of fixed text that is compressed, whoever calls it', files: { 'a.ts': "import { gzipSync } from 'node:zlib';\nimport express from 'express';\nconst PAGE = '<urlset></urlset>';\nexport const app = express();\napp.listen(3000);\nexport const pages = { async first() { return gzipSync(Buffer.from(PAGE)); } };\n" } },
      { name: 'nothing says who calls it', files: { 'a.ts': "import { readFileSync } from 'node:fs';\nexport function template(name: string) {\n  return readFileSync(name, 'utf8');\n}\n" } },
      { name: 'a function of the same name', files: { 'a.ts': "import Koa from 'koa';\nimport { readFileSync } from './memory';\nnew Koa().use((ctx) => {\n  ctx.body = readFileSync('a');\n});\n" } },
    ],
  },
});

// A small file that is written or read when something is set up.
const ONCE = /config|settings|setup|install|bootstrap|init(?![a-z])/i;

function judge(file: LinkedFile, fact: BlockingFact, code: CodeProject, resolve: EntityResolver): Report<MessageId> | undefined {
  if (fact.isCachedAtModuleLevel) return undefined;
  const contexts = contextsOf(file, fact.function);
  // Set-up that a handler can also reach runs once in the life of a process.
  const isSetUp = contexts.has('startup') && !isRegistered(file, fact.function);
  const resolved = resolve(file.path, fact.entity);
  const call = resolved.kind === 'library' ? resolved.library.entry.blocking?.find(({ path }) => path === resolved.path.join('.')) : undefined;
  // What derives a key of something that it is given does so again and again, unless only set-up is known to call it.
  const isRepeated = call?.isCostly === 'always' && contexts.size > 1 && (file.facts.functions[fact.function]?.parameters.length ?? 0) > 0;
  if (isSetUp && !isRepeated) return undefined;
  const message = contexts.has('handler') ? 'handler' : contexts.has('consumer') ? 'consumer' : contexts.has('timer') ? 'timer' : call && isCostly(file, fact, call, code) ? 'handler' : undefined;
  const name = routeOf(file, fact.function) ?? nameOfFunction(file, fact.function);
  if (!message || (call?.isShort === true && (message === 'timer' || ONCE.test(name)))) return undefined;
  return {
    at: placeIn(file, fact.callee),
    message,
    data: { call: clip(fact.calleeText, 40) },
    fixes: call ? awaitFix(file, fact, call) : [],
    subject: `${name}:${fact.calleeText}`,
  };
}

// Slow whoever calls it, in a program that serves: in an asynchronous function or a method, which no set-up is known to call.
function isCostly(file: LinkedFile, fact: BlockingFact, call: BlockingCall, code: CodeProject): boolean {
  if (call.isCostly === undefined || !packageFiles(code, file).some(({ facts }) => facts.servers.length + facts.routes.length + facts.consumers.length > 0)) return false;
  const owner = file.facts.functions[fact.function];
  return call.isCostly === 'always' || (owner?.isAsync === true && fact.isOfConstant !== true);
}

// The function, or one around it, is itself handed over as a handler.
function isRegistered(file: LinkedFile, id: number): boolean {
  for (let at = id, hops = 0; at >= 0 && hops < 50; at = file.facts.functions[at]?.parent ?? -1, hops++) {
    if ((file.facts.functions[at]?.contexts ?? []).some((context) => context !== 'startup')) return true;
  }
  return false;
}

// Only where the function is async already and the twin takes the same arguments.
function awaitFix(file: LinkedFile, fact: BlockingFact, call: BlockingCall): readonly Fix[] {
  const twin = call.instead;
  if (!twin?.isPromise || file.facts.functions[fact.function]?.isAsync !== true) return [];
  const isMember = twin.module === '' && fact.calleeText.includes('.');
  const callee = isMember ? `${fact.calleeText.slice(0, fact.calleeText.lastIndexOf('.') + 1)}${twin.name}` : twin.name;
  if (twin.module === '' && !isMember) return [];
  const needsParentheses = fact.isOperand;
  return [
    {
      title: `Use \`${twin.name}\` with \`await\``,
      safety: 'unsafe',
      operations: [
        { language: 'code', file: file.path, kind: 'replace', span: fact.callee, text: `${needsParentheses ? '(' : ''}await ${callee}` },
        ...(needsParentheses ? [{ language: 'code' as const, file: file.path, kind: 'wrap' as const, span: fact.span, before: '', after: ')' }] : []),
        ...(twin.module === '' ? [] : [{ language: 'code' as const, file: file.path, kind: 'add-import' as const, module: twin.module, name: twin.name }]),
      ],
    },
  ];
}
