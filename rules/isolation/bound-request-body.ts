// A body without a limit lets one request take the memory of all others.

import type { BodyFact } from '../../engine/code/construct-facts';
import type { EntityResolver, LinkedFile } from '../../engine/code/project';
import type { Fix } from '../../engine/lint/fix';
import { defineRule, type Report } from '../../engine/lint/rule';
import { argumentAt } from '../retry-options';
import { nameOfFunction, placeIn, routeOf, runsAsService } from '../code-places';
import { clip, optionAt, valueText } from '../limits';
import { serviceName } from '../server-places';

type MessageId = 'raw' | 'default' | 'off';

export const boundRequestBody = defineRule<MessageId>({
  id: 'isolation/bound-request-body',
  since: '0.1.0',
  severity: 'warning',
  reads: 'code',
  fault: 'slow',
  messages: {
    raw: 'One upload can fill the memory of `{service}`: this handler collects a body of any size.',
    default: "One upload can fill the memory of `{service}`: {library}'s `{option}` is unlimited by default.",
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
      const finding = fact.form === 'raw' ? rawFinding(file, fact) : parserFinding(file, fact, resolve);
      if (finding) report(finding);
    }
  },
  examples: {
    bad: [
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
    ],
    good: [
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

function parserFinding(file: LinkedFile, fact: BodyFact, resolve: EntityResolver): Report<MessageId> | undefined {
  const resolved = resolve(file.path, fact.entity);
  if (resolved.kind !== 'library') return undefined;
  const row = resolved.library.entry.bodies?.find(({ of }) => of.includes(resolved.path.join('.')));
  if (!row) return undefined;
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
