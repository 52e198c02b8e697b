// A body without a limit lets one request take the memory of all others.

import type { BodyFact } from '../../engine/code/construct-facts';
import type { CodeProject, EntityResolver, LinkedFile } from '../../engine/code/project';
import type { Fix } from '../../engine/lint/fix';
import { defineRule, type Report } from '../../engine/lint/rule';
import { argumentAt } from '../retry-options';
import { nameOfFunction, packageFiles, placeIn, routeOf, runsAsService } from '../code-places';
import type { SystemModel } from '../../engine/model/model';
import type { ProxyListener } from '../../engine/model/proxy';
import { severityOfPart, subjectOfPart } from '../proxies';
import { nginx } from '../proxy-examples';
import { clip, optionAt, valueText } from '../limits';
import { serviceName } from '../server-places';

type MessageId = 'proxy' | 'raw' | 'default' | 'off';

export const boundRequestBody = defineRule<MessageId>({
  id: 'isolation/bound-request-body',
  since: '0.1.0',
  severity: 'warning',
  reads: 'code',
  fault: 'slow',
  messages: {
    raw: 'One upload can fill the memory of `{service}`: this handler collects a body of any size.',
    default: "One upload can fill the memory of `{service}`: {library}'s `{option}` is unlimited by default.",
    proxy: { text: 'One upload can fill the disk behind `{listener}`: `{option}` is 0, which is no limit.', severity: 'advice' },
    off: 'One upload can fill the memory of `{service}`: `{option}` is `{value}`.',
  },
  docs: {
    what: 'Reports a request body that is collected without a limit of its size, by hand or by a parser.',
    why: 'One large or endless body takes the memory of the process, and with it every other request.',
    fix: 'Give the parser a limit, or count the bytes and destroy the request above one.',
    not: 'Parsers with a default limit, an explicit limit however large, and a function that looks at sizes in any way.',
  },
  check({ file, code, resolve, report }) {
    if (!runsAsService(code, file)) return;
    for (const fact of file.facts.bodies ?? []) {
      const finding = fact.form === 'raw' ? rawFinding(file, fact) : parserFinding(file, fact, code, resolve);
      if (finding) report(finding);
    }
  },
  checkSystem({ system, report }) {
    const told = new Set<string>();
    for (const listener of system.proxyListeners) {
      const { bodyLimit } = listener;
      if (bodyLimit.state !== 'set' || bodyLimit.value !== 'none' || !listener.forwards || takesLargeBodies(listener, system)) continue;
      const place = `${bodyLimit.at.file} ${bodyLimit.at.span[0]}`;
      if (told.has(place)) continue;
      told.add(place);
      report({ at: bodyLimit.at, message: 'proxy', data: { listener: clip(listener.name === '_' ? listener.kind : listener.name, 40), option: listener.bodyOption }, subject: `${subjectOfPart(listener)}/body`, ...severityOfPart(listener) });
    }
  },
  examples: {
    bad: [
      { name: 'nginx takes bodies of any size', files: { 'nginx.conf': `«client_max_body_size 0»;\n${nginx(['proxy_pass http://10.0.0.1:3000;'])}` }, expect: 'proxy' },
      { name: 'in one server of nginx', files: { 'nginx.conf': nginx(['proxy_pass http://10.0.0.1:3000;']).replace('listen 80;', 'listen 80;\n    «client_max_body_size 0»;') }, expect: 'proxy' },
      { name: 'collected by hand', files: { 'a.js': "const http = require('http');\nhttp.createServer((req, res) => {\n  let body = '';\n  «req.on»('data', (chunk) => {\n    body += chunk;\n  });\n  req.on('end', () => res.end(body));\n}).listen(3000);\n" }, expect: 'raw' },
      { name: 'collected by for await', files: { 'package.json': '{ "name": "orders" }', 'a.ts': "import type { IncomingMessage, ServerResponse } from 'node:http';\nexport async function handle(req: IncomingMessage, res: ServerResponse) {\n  const parts = [];\n  «for» await (const part of req) parts.push(part);\n  res.end(Buffer.concat(parts));\n}\n" }, expect: 'raw' },
      {
        name: 'multer without fileSize',
        files: { 'a.ts': "import multer from 'multer';\nexport const upload = «multer»({ dest: 'uploads' });\n" },
        expect: 'default',
        fixed: { 'a.ts': "import multer from 'multer';\nexport const upload = multer({ dest: 'uploads', limits: { fileSize: 10_000_000 } });\n" },
      },
      {
        name: 'a limit switched off',
        files: { 'a.ts': "import express from 'express';\nexport const app = express();\napp.use(express.json({ «limit: Infinity» }));\n" },
        expect: 'off',
        fixed: { 'a.ts': "import express from 'express';\nexport const app = express();\napp.use(express.json({ limit: '1mb' }));\n" },
      },
      {
        name: 'in a promise, by a handler that a wrapper calls',
        files: { 'a.ts': "import { route } from './route';\nexport default route({\n  handle: async ({ req, res, user }) => {\n    const body = await new Promise<Buffer>((resolve, reject) => {\n      const parts: Buffer[] = [];\n      «req.on»('data', (part) => parts.push(part));\n      req.on('end', () => resolve(Buffer.concat(parts)));\n      req.on('error', reject);\n    });\n    res.json({ user, body });\n  },\n});\n" },
        expect: 'raw',
      },
      { name: 'a helper that is given the request', files: { 'a.js': "exports.readBody = (req) => new Promise((resolve, reject) => {\n  let body = '';\n  «req.on»('data', (part) => { body += part; });\n  req.on('end', () => resolve(body)).on('error', reject);\n});\n" }, expect: 'raw' },
      {
        name: 'raw-body without a limit',
        files: { 'a.ts': "import getRawBody from 'raw-body';\nimport type { IncomingMessage, ServerResponse } from 'node:http';\nexport async function hook(req: IncomingMessage, res: ServerResponse) {\n  const body = await «getRawBody»(req);\n  res.end(body);\n}\n" },
        expect: 'default',
        fixed: { 'a.ts': "import getRawBody from 'raw-body';\nimport type { IncomingMessage, ServerResponse } from 'node:http';\nexport async function hook(req: IncomingMessage, res: ServerResponse) {\n  const body = await getRawBody(req, { limit: '1mb' });\n  res.end(body);\n}\n" },
      },
      { name: 'a consumer of the whole stream', files: { 'a.ts': "import { buffer } from 'node:stream/consumers';\nimport type { NextApiRequest, NextApiResponse } from 'next';\nexport default async function hook(req: NextApiRequest, res: NextApiResponse) {\n  const body = await «buffer»(req);\n  res.send(body);\n}\n" }, expect: 'raw' },
      { name: 'an upload of a Nest controller', files: { 'a.ts': "import { Controller, Post, UseInterceptors, UploadedFile } from '@nestjs/common';\nimport { FileInterceptor } from '@nestjs/platform-express';\n@Controller('files')\nexport class FilesController {\n  @Post()\n  @UseInterceptors(«FileInterceptor»('file'))\n  upload(@UploadedFile() file: Express.Multer.File) {\n    return file.size;\n  }\n}\n" }, expect: 'default' },
    ],
    good: [
      { name: 'nginx has 1 MB by default', files: { 'nginx.conf': nginx(['proxy_pass http://10.0.0.1:3000;']) } },
      { name: 'a store of objects takes any size', files: { 'nginx.conf': nginx(['proxy_pass http://minio:9000;'], ['client_max_body_size 0;']) } },
      { name: 'bodies that nginx passes on piece by piece', files: { 'nginx.conf': nginx(['proxy_pass http://10.0.0.1:3000;'], ['client_max_body_size 0;', 'proxy_request_buffering off;']) } },
      { name: 'raw-body with a limit', files: { 'a.ts': "import getRawBody from 'raw-body';\nimport type { IncomingMessage, ServerResponse } from 'node:http';\nexport async function hook(req: IncomingMessage, res: ServerResponse) {\n  res.end(await getRawBody(req, { limit: '1mb' }));\n}\n" } },
      { name: 'a module that sets the limit of every upload', files: { 'm.ts': "import { MulterModule } from '@nestjs/platform-express';\nexport const uploads = MulterModule.register({ limits: { fileSize: 5_000_000 } });\n", 'a.ts': "import { FileInterceptor } from '@nestjs/platform-express';\nexport const one = FileInterceptor('file');\n" } },
      { name: 'a stream of a store', files: { 'a.ts': "import { buffer } from 'node:stream/consumers';\nimport { open } from './store';\nexport const load = async (name: string) => buffer(await open(name));\n" } },
      { name: 'the default of Express is 100 kB', files: { 'a.ts': "import express from 'express';\nexport const app = express();\napp.use(express.json());\n" } },
      { name: 'an explicit limit', files: { 'a.ts': "import express from 'express';\nexport const app = express();\napp.use(express.json({ limit: '50mb' }));\n" } },
      { name: 'multer with fileSize', files: { 'a.ts': "import multer from 'multer';\nexport const upload = multer({ limits: { fileSize: 5_000_000 } });\n" } },
      { name: 'bytes are counted', files: { 'a.js': "const http = require('http');\nhttp.createServer((req, res) => {\n  const parts = [];\n  let n = 0;\n  req.on('data', (chunk) => {\n    n += chunk.length;\n    if (n > 1e6) req.destroy();\n    else parts.push(chunk);\n  });\n}).listen(3000);\n" } },
      { name: 'the answer of another service', files: { 'a.ts': "import http from 'node:http';\nexport function load(done: (body: string) => void) {\n  http.get('http://catalog', (res) => {\n    let body = '';\n    res.on('data', (chunk) => {\n      body += chunk;\n    });\n    res.on('end', () => done(body));\n  });\n}\n" } },
    ],
    unknown: [
      { name: 'options from elsewhere', files: { 'a.ts': "import multer from 'multer';\nimport { options } from './options';\nexport const upload = multer(options);\n" } },
      { name: 'a value from elsewhere', files: { 'a.ts': "import multer from 'multer';\nimport { fileSize } from './options';\nexport const upload = multer({ limits: { fileSize } });\n" } },
    ],
  },
});

function rawFinding(file: LinkedFile, fact: BodyFact): Report<MessageId> {
  const name = routeOf(file, fact.function) ?? nameOfFunction(file, fact.function);
  return { at: placeIn(file, fact.mark), message: 'raw', data: { service: clip(serviceName(file), 40) }, subject: `${name}:body` };
}

function parserFinding(file: LinkedFile, fact: BodyFact, code: CodeProject, resolve: EntityResolver): Report<MessageId> | undefined {
  const resolved = resolve(file.path, fact.entity);
  if (resolved.kind !== 'library') return undefined;
  const row = resolved.library.entry.bodies?.find(({ of }) => of.includes(resolved.path.join('.')));
  const setBy = row?.setBy;
  if (!row || (setBy !== undefined && packageFiles(code, file).some(({ facts }) => facts.imports.some(({ names }) => names.includes(setBy))))) return undefined;
  // It takes no limit at all.
  if (row.option === '') return rawFinding(file, fact);
  const options = argumentAt(fact.arguments, row.options) ?? { kind: 'undefined' };
  const value = optionAt(options, row.option);
  const common = { data: { service: clip(serviceName(file), 40), library: resolved.library.title, option: row.option }, fixes: limitFix(file, fact, row), subject: `${fact.calleeText}:${row.option}` };
  if (value === 'absent') return row.default === null ? { ...common, at: placeIn(file, fact.mark), message: 'default' } : undefined;
  if (value === 'unknown' || value.kind !== 'infinity') return undefined;
  const entry = options.kind === 'object' ? options.entries.findLast(({ key }) => key === row.option) : undefined;
  return { ...common, data: { ...common.data, value: valueText(value) }, at: placeIn(file, entry?.span ?? fact.mark), message: 'off' };
}

function limitFix(file: LinkedFile, fact: BodyFact, row: { readonly option: string; readonly options: number; readonly fix?: string }): readonly Fix[] {
  if (row.fix === undefined) return [];
  const title = `Refuse bodies above ${/^\d/.test(row.fix) ? '10 MB' : '1 MB'}`;
  return [{ title, safety: 'unsafe', operations: [{ language: 'code', file: file.path, kind: 'set-option', call: fact.span, argument: row.options, path: row.option, value: row.fix }] }];
}

// Stores and registries are there for bodies of any size.
const STORES = /minio|(?:^|[^a-z])s3(?:[^a-z]|$)|registry|harbor|nexus|artifactory|gitlab|gitea|git(?:[^a-z]|$)|nextcloud|owncloud|seafile|immich|plex|jellyfin|storage|upload|files?(?:[^a-z]|$)|media|cdn|blob|bucket|drive|backup|ceph|radosgw|swift|docker|pypi|npm|maven|verdaccio|photo|webdav|dav(?:[^a-z]|$)/i;

function takesLargeBodies(listener: ProxyListener, system: SystemModel): boolean {
  const routes = system.proxyRoutes.filter((route) => route.scope === listener.scope);
  return STORES.test(listener.name) || STORES.test(listener.scope) || routes.some((route) => STORES.test(route.name) || route.targets.some((target) => STORES.test(target)));
}
