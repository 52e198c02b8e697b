// `.pipe()` moves data, not errors: when the source fails, its error reaches nobody and the target stays open.

import type { PipeFact } from '../../engine/code/construct-facts';
import type { LinkedFile } from '../../engine/code/project';
import type { CodeOperation, Fix } from '../../engine/lint/fix';
import { defineRule } from '../../engine/lint/rule';
import { nameOfFunction, placeIn, routeOf, runsAsService } from '../code-places';
import { clip } from '../limits';

type MessageId = 'missing' | 'never';

export const noUnhandledStreamError = defineRule<MessageId>({
  id: 'fault-tolerance/no-unhandled-stream-error',
  since: '0.1.0',
  severity: 'warning',
  reads: 'code',
  fault: 'cut',
  messages: {
    missing: 'An error of `{source}` ends the process and leaves `{target}` open: `.pipe()` passes no errors on.',
    never: 'When `{source}` fails this promise never settles: `.pipe()` passes no errors on.',
  },
  docs: {
    what: 'Reports a stream that is piped and whose `error` nobody hears: a file, a request, a compressor.',
    why: 'A missing file or a broken connection then ends the whole process, and the other side of the pipe waits for data that never come.',
    fix: 'Use `pipeline` of `node:stream/promises`: it hears every stream and destroys all of them when one fails.',
    not: 'A source with an `error` listener or handed to a function that may listen, a source out of sight, `pipeline`, and other things named `pipe` (RxJS, Redis).',
    references: ['https://nodejs.org/api/stream.html#streampipelinesource-transforms-destination-options'],
  },
  check({ file, code, resolve, report }) {
    if (!runsAsService(code, file)) return;
    for (const fact of file.facts.pipes ?? []) {
      if (fact.isHeard) continue;
      if (fact.isNamed !== true && resolve(file.path, fact.source).kind !== 'library') continue;
      const name = routeOf(file, fact.function) ?? nameOfFunction(file, fact.function);
      report({
        at: placeIn(file, fact.mark),
        message: fact.isInPromise === true && fact.isNamed === true && fact.source.kind === 'unknown' ? 'never' : 'missing',
        data: { source: clip(fact.sourceText, 30), target: clip(fact.targetText, 30) },
        fixes: pipelineFix(file, fact),
        subject: `${name}:${fact.sourceText}:${fact.targetText}`,
      });
    }
  },
  examples: {
    bad: [
      {
        name: 'a file piped into an answer',
        files: { 'a.ts': "import Koa from 'koa';\nimport fs from 'node:fs';\nnew Koa().use(async (ctx) => {\n  fs.createReadStream(ctx.path).«pipe»(ctx.res);\n});\n" },
        expect: 'missing',
        fixed: { 'a.ts': "import Koa from 'koa';\nimport fs from 'node:fs';\nimport { pipeline } from 'node:stream/promises';\nnew Koa().use(async (ctx) => {\n  await pipeline(fs.createReadStream(ctx.path), ctx.res);\n});\n" },
      },
      { name: 'a chain', files: { 'a.js': "const { createReadStream, createWriteStream } = require('fs');\nconst zlib = require('zlib');\nexports.pack = (from, to) => {\n  createReadStream(from).«pipe»(zlib.createGzip()).pipe(createWriteStream(to));\n};\n" }, expect: 'missing' },
      { name: 'a source with a name', files: { 'a.ts': "import { createReadStream } from 'node:fs';\nimport type { ServerResponse } from 'node:http';\nexport function send(path: string, response: ServerResponse) {\n  const file = createReadStream(path);\n  file.on('open', () => response.writeHead(200));\n  file.«pipe»(response);\n}\n" }, expect: 'missing' },
      { name: 'a listener on the target only', files: { 'a.ts': "import { createReadStream, createWriteStream } from 'node:fs';\nexport function copy(a: string, b: string) {\n  createReadStream(a).«pipe»(createWriteStream(b)).on('error', console.error);\n}\n" }, expect: 'missing' },
      { name: 'a stream of a store, by the name of what gives it', files: { 'a.ts': "import { bucket } from './bucket';\nimport type { ServerResponse } from 'node:http';\nexport function send(name: string, response: ServerResponse) {\n  bucket.file(name).createReadStream().«pipe»(response);\n}\n" }, expect: 'missing' },
      {
        name: 'a promise that waits for the target alone',
        files: { 'a.ts': "import { Readable } from 'node:stream';\nimport { bucket } from './bucket';\nexport const upload = (name: string, data: Readable) => new Promise<void>((resolve, reject) => {\n  data.«pipe»(bucket.file(name).createWriteStream()).on('error', reject).on('finish', () => resolve());\n});\n" },
        expect: 'never',
      },
      {
        name: 'a stream or a text: the way of the stream',
        files: { 'a.ts': "import { Readable } from 'node:stream';\nimport { bucket } from './bucket';\nexport async function upload({ name, data }: { name: string; data: string | Readable }) {\n  const file = bucket.file(name);\n  if (data instanceof Readable) {\n    return new Promise((resolve, reject) => {\n      data.«pipe»(file.createWriteStream()).on('error', reject).on('finish', resolve);\n    });\n  }\n  await file.save(data);\n}\n" },
        expect: 'never',
      },
      {
        name: 'a stream by instanceof',
        files: { 'a.ts': "import { Stream } from 'node:stream';\nimport { createWriteStream } from 'node:fs';\nexport const write = (path: string, data: unknown) => new Promise((resolve, reject) => {\n  if (!(data instanceof Stream)) return reject(new Error('no stream'));\n  const file = createWriteStream(path);\n  file.on('finish', resolve);\n  file.on('error', reject);\n  data.«pipe»(file);\n});\n" },
        expect: 'never',
      },
    ],
    good: [
      { name: 'a promise that hears both ends', files: { 'a.ts': "import { Readable } from 'node:stream';\nimport { createWriteStream } from 'node:fs';\nexport const write = (path: string, data: Readable) => new Promise((resolve, reject) => {\n  data.on('error', reject);\n  data.pipe(createWriteStream(path)).on('error', reject).on('finish', resolve);\n});\n" } },
      { name: 'pipeline', files: { 'a.ts': "import { createReadStream, createWriteStream } from 'node:fs';\nimport { pipeline } from 'node:stream/promises';\nexport const copy = (a: string, b: string) => pipeline(createReadStream(a), createWriteStream(b));\n" } },
      { name: 'a listener on the source', files: { 'a.ts': "import { createReadStream } from 'node:fs';\nimport type { ServerResponse } from 'node:http';\nexport function send(path: string, response: ServerResponse) {\n  createReadStream(path).on('error', () => response.destroy()).pipe(response);\n}\n" } },
      { name: 'a listener on the source by its name', files: { 'a.ts': "import { createReadStream } from 'node:fs';\nimport type { ServerResponse } from 'node:http';\nexport function send(path: string, response: ServerResponse) {\n  const file = createReadStream(path);\n  file.on('error', () => response.destroy());\n  file.pipe(response);\n}\n" } },
      { name: 'RxJS', files: { 'a.ts': "import { from, map } from 'rxjs';\nexport const names = from([1]).pipe(map(String));\n" } },
      { name: 'a script', files: { 'scripts/copy.ts': "import { createReadStream, createWriteStream } from 'node:fs';\ncreateReadStream('a').pipe(createWriteStream('b'));\n" } },
    ],
    unknown: [
      { name: 'a stream from elsewhere', files: { 'a.ts': "import { open } from './storage';\nimport type { ServerResponse } from 'node:http';\nexport function send(path: string, response: ServerResponse) {\n  open(path).pipe(response);\n}\n" } },
      { name: 'a function may listen', files: { 'a.ts': "import { createReadStream } from 'node:fs';\nimport { watch } from './watch';\nexport function send(path: string, response: NodeJS.WritableStream) {\n  const file = createReadStream(path);\n  watch(file);\n  file.pipe(response);\n}\n" } },
    ],
  },
});

// Only where the promise can be awaited: a statement of an async function.
function pipelineFix(file: LinkedFile, fact: PipeFact): readonly Fix[] {
  if (!fact.isStatement || fact.links.length < 2 || file.facts.functions[fact.function]?.isAsync !== true) return [];
  const code = { language: 'code', file: file.path } as const;
  const between = fact.links.slice(1).map((link, index): CodeOperation => ({ ...code, kind: 'replace', span: [fact.links[index]?.[1] ?? 0, link[0]], text: ', ' }));
  const operations: CodeOperation[] = [{ ...code, kind: 'wrap', span: fact.span, before: 'await pipeline(', after: '' }, ...between];
  return [{ title: 'Replace by `pipeline`', safety: 'unsafe', operations: [...operations, { ...code, kind: 'add-import', module: 'node:stream/promises', name: 'pipeline' }] }];
}
