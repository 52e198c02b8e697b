// A limit that has no effect is worse than none: its author believes that the call is bounded.

import type { IneffectiveOption } from '../../catalog/schema';
import type { TimerFact } from '../../engine/code/construct-facts';
import type { Value } from '../../engine/code/values';
import type { LinkedClient, OutboundCall, Verdict } from '../../engine/code/project';
import { formatDuration, numberText } from '../../engine/duration';
import type { Budgets } from '../../engine/lint/configuration';
import type { CodeOperation, Fix } from '../../engine/lint/fix';
import { defineRule, type Report } from '../../engine/lint/rule';
import { clientName, clip, constructText, valueText } from '../limits';

const LARGEST_DELAY = 2_147_483_647;

export const noIneffectiveTimeout = defineRule({
  id: 'fault-tolerance/no-ineffective-timeout',
  since: '0.1.0',
  severity: 'error',
  reads: 'code',
  fault: 'hung',
  messages: {
    option: '`{text}` does nothing: `{callee}` has no such option.',
    place: '`{text}` is sent to the server as data: the {position} argument of `{callee}` is the body.',
    event: 'The request goes on after {wait}: `{option}` only emits an event here and nobody hears it.',
    warns: 'The call goes on after {wait}: `{option}` only writes a warning without `{enforcedBy}`.',
    type: '`{text}` makes every call fail: `{option}` of {library} takes an object.',
    agent: 'The request goes on after {wait}: `{option}` of an agent only emits an event of its socket.',
    'queue-only': '`{callee}` can wait for ever for its result: `{option}` ends when the command is sent.',
    overflow: 'This timer fires after 1 ms: {delay} is above the largest delay, 2,147,483,647.',
  },
  docs: {
    what: 'Reports a limit that stands where it has no effect: an option that the callee does not have, in the argument that is the body, an event that nobody hears, a warning instead of an error, a delay above the largest one.',
    why: 'The code reads as if the call were bounded. The first hanging dependency shows that it is not.',
    fix: 'Use the option or signal that the callee obeys; the quick fix keeps the number.',
    not: 'Something else bounds the call, the option is spread from out of sight, or the version decides and nothing says it.',
    references: ['https://nodejs.org/api/http.html#event-timeout'],
  },
  check({ file, budgets, report }) {
    if (file.facts.role !== 'server') return;
    const seen = new Set<string>();
    for (const owner of [...file.clients, ...file.calls]) {
      if (owner.verdict.kind !== 'ineffective') continue;
      const key = `${owner.verdict.at.file}:${owner.verdict.at.span[0]}`;
      if (!seen.has(key)) report(judge(owner, owner.verdict, budgets(file.path)));
      seen.add(key);
    }
    for (const timer of file.facts.timers) {
      const finding = judgeTimer(file.path, timer);
      if (finding) report(finding);
    }
  },
  examples: {
    bad: [
      {
        name: 'fetch has no timeout',
        files: { 'a.ts': "export const load = (url: string) => fetch(url, { «timeout: 5000» } as RequestInit);\n" },
        expect: 'option',
        fixed: { 'a.ts': "export const load = (url: string) => fetch(url, { signal: AbortSignal.timeout(5_000) } as RequestInit);\n" },
      },
      {
        name: 'node-fetch 3 has none either',
        files: { 'package.json': '{ "dependencies": { "node-fetch": "3.3.2" } }', 'a.mjs': "import fetch from 'node-fetch';\nexport const load = (url) => fetch(url, { method: 'GET', «timeout: 5000» });\n" },
        expect: 'option',
        fixed: { 'a.mjs': "import fetch from 'node-fetch';\nexport const load = (url) => fetch(url, { method: 'GET', signal: AbortSignal.timeout(5_000) });\n" },
      },
      {
        name: 'the options of axios.post are its third argument',
        files: { 'a.ts': "import axios from 'axios';\nexport const charge = () => axios.post('/charges', { «timeout: 3000» });\n" },
        expect: 'place',
        fixed: { 'a.ts': "import axios from 'axios';\nexport const charge = () => axios.post('/charges', undefined, { timeout: 3000 });\n" },
      },
      {
        name: 'http only emits an event',
        files: { 'a.ts': "import http from 'node:http';\nexport function load(done: (error?: Error) => void) {\n  const request = http.get('http://a', { «timeout: 3000» }, (res) => res.resume());\n  request.on('error', done);\n}\n" },
        expect: 'event',
        fixed: { 'a.ts': "import http from 'node:http';\nexport function load(done: (error?: Error) => void) {\n  const request = http.get('http://a', { timeout: 3000 }, (res) => res.resume());\n  request.on('timeout', () => request.destroy(new Error('timeout')));\n  request.on('error', done);\n}\n" },
      },
      {
        name: 'the AWS SDK only warns',
        files: {
          'package.json': '{ "dependencies": { "@aws-sdk/client-s3": "3.900.0" } }',
          'package-lock.json': '{ "lockfileVersion": 3, "packages": { "": {}, "node_modules/@smithy/node-http-handler": { "version": "4.14.0" }, "node_modules/@aws-sdk/client-s3": { "version": "3.900.0" } } }',
          's3.ts': "import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';\nconst s3 = new S3Client({ requestHandler: { «requestTimeout: 3_000» } });\nexport const load = (Key: string) => s3.send(new GetObjectCommand({ Bucket: 'b', Key }));\n",
        },
        expect: 'warns',
        fixed: {
          's3.ts': "import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';\nconst s3 = new S3Client({ requestHandler: { requestTimeout: 3_000, throwOnRequestTimeout: true } });\nexport const load = (Key: string) => s3.send(new GetObjectCommand({ Bucket: 'b', Key }));\n",
        },
      },
      {
        name: 'node-redis calls it by another name, and in another place',
        files: { 'package.json': '{ "dependencies": { "redis": "5.8.0" } }', 'r.ts': "import { createClient } from 'redis';\nexport const client = createClient({ url: process.env.REDIS_URL, «commandTimeout: 2000» });\nclient.on('error', console.error);\nexport const read = () => client.get('a');\n" },
        expect: 'option',
        fixed: { 'r.ts': "import { createClient } from 'redis';\nexport const client = createClient({ url: process.env.REDIS_URL, socket: { socketTimeout: 2_000 } });\nclient.on('error', console.error);\nexport const read = () => client.get('a');\n" },
      },
      {
        name: 'got takes an object since 12',
        files: { 'package.json': '{ "dependencies": { "got": "14.0.0" } }', 'a.mjs': "import got from 'got';\nexport const load = () => got('http://a', { «timeout: 5000» });\n" },
        expect: 'type',
        fixed: { 'a.mjs': "import got from 'got';\nexport const load = () => got('http://a', { timeout: { request: 5_000 } });\n" },
      },
      {
        name: 'the timeout of an agent',
        files: { 'a.ts': "import https from 'node:https';\nimport axios from 'axios';\nconst http = axios.create({ httpsAgent: new https.Agent({ «timeout: 3000» }) });\nexport const load = () => http.get('https://a');\n" },
        expect: 'agent',
      },
      {
        name: 'node-redis 6 counts only until the command is sent',
        files: { 'package.json': '{ "dependencies": { "redis": "6.0.0" } }', 'r.ts': "import { createClient } from 'redis';\nexport const client = createClient({ commandOptions: { «timeout: 2000» } });\nclient.on('error', console.error);\nexport const read = () => client.get('a');\n" },
        expect: 'queue-only',
      },
      {
        name: 'a delay above the largest one',
        files: { 'a.ts': "export const later = (run: () => void) => setTimeout(run, «3_000_000_000»);\n" },
        expect: 'overflow',
        fixed: { 'a.ts': "export const later = (run: () => void) => setTimeout(run, 2_147_483_647);\n" },
      },
    ],
    good: [
      { name: 'a signal', files: { 'a.ts': "export const load = (url: string) => fetch(url, { signal: AbortSignal.timeout(5_000) });\n" } },
      { name: 'an ignored option beside a signal', files: { 'a.ts': "export const load = (url: string) => fetch(url, { timeout: 5000, signal: AbortSignal.timeout(5_000) } as RequestInit);\n" } },
      { name: 'node-fetch 2 has a timeout', files: { 'package.json': '{ "dependencies": { "node-fetch": "2.7.0" } }', 'a.js': "const fetch = require('node-fetch');\nexports.load = (url) => fetch(url, { timeout: 5000 });\n" } },
      { name: 'a body that happens to have a timeout', files: { 'a.ts': "import axios from 'axios';\nexport const start = () => axios.post('/jobs', { timeout: 3000 }, { timeout: 5_000 });\n" } },
      { name: 'an event that destroys', files: { 'a.ts': "import http from 'node:http';\nconst request = http.get('http://a', { timeout: 3000 }, (res) => res.resume());\nrequest.on('timeout', () => request.destroy());\nrequest.on('error', console.error);\n" } },
      { name: 'the handler of AWS before 4.4 rejects', files: { 'package-lock.json': '{ "lockfileVersion": 3, "packages": { "": {}, "node_modules/@smithy/node-http-handler": { "version": "4.0.0" } } }', 's3.ts': "import { S3Client } from '@aws-sdk/client-s3';\nexport const s3 = new S3Client({ requestHandler: { requestTimeout: 3_000 } });\n" } },
      { name: 'the longest delay', files: { 'a.ts': "export const later = (run: () => void) => setTimeout(run, 2_147_483_647);\n" } },
      { name: 'a test', files: { 'a.test.ts': "export const load = (url: string) => fetch(url, { timeout: 5000 } as RequestInit);\n" } },
    ],
    unknown: [
      { name: 'node-fetch of an unknown version', files: { 'a.js': "const fetch = require('node-fetch');\nexports.load = (url) => fetch(url, { timeout: 5000 });\n" } },
      { name: 'options from out of sight', files: { 'a.ts': "export const load = (url: string, options: RequestInit) => fetch(url, options);\n" } },
      { name: 'a delay from the environment', files: { 'a.ts': "export const later = (run: () => void) => setTimeout(run, Number(process.env.DELAY));\n" } },
    ],
  },
});

type Ineffective = Extract<Verdict, { kind: 'ineffective' }>;
type Found = Report<'option' | 'place' | 'event' | 'warns' | 'type' | 'agent' | 'queue-only' | 'overflow'>;

const POSITIONS = ['first', 'second', 'third', 'fourth'];

function judge(owner: LinkedClient | OutboundCall, verdict: Ineffective, budgets: Budgets): Found {
  const { option, bound, value, at } = verdict;
  const path = option?.option ?? bound?.option ?? 'timeout';
  const key = path.split('.').at(-1) ?? path;
  const callee = 'shape' in owner ? clip(owner.fact.calleeText, 40) : constructText(owner);
  const ms = value.kind === 'number' ? value.value : undefined;
  const fix = fixOf(owner, verdict, key, ms, budgets);
  return {
    at,
    message: verdict.because,
    data: {
      text: `${key}: ${valueText(value)}`,
      callee: verdict.because === 'queue-only' && !('shape' in owner) ? `${clientName(owner)}.${owner.calls[0]?.fact.calleeText.split('.').at(-1) ?? 'get'}` : callee,
      position: POSITIONS[option?.argument ?? 1] ?? 'last',
      wait: ms === undefined ? 'its time' : formatDuration(ms),
      option: key,
      enforcedBy: (option?.enforcedBy ?? bound?.enforcedBy ?? '').split('.').at(-1) ?? '',
      library: owner.library.title,
    },
    subject: `${'shape' in owner ? owner.fact.calleeText : clientName(owner)}:${key}`,
    fixes: fix ? [fix] : [],
  };
}

function fixOf(owner: LinkedClient | OutboundCall, verdict: Ineffective, key: string, ms: number | undefined, budgets: Budgets): Fix | undefined {
  const { because, option, at } = verdict;
  switch (because) {
    case 'option':
    case 'type':
      return replaceOption(owner, option, at, ms ?? budgets.http);
    case 'place':
      return 'shape' in owner ? moveOption(owner, option, key) : undefined;
    case 'event':
      return 'shape' in owner ? destroyOnTimeout(owner, at, key, ms ?? budgets.http) : undefined;
    case 'warns':
      return enforce(owner, option?.enforcedBy ?? verdict.bound?.enforcedBy);
    case 'agent':
    case 'queue-only':
      return undefined;
  }
}

// The number stays that of the author; only its place or name changes.
function replaceOption(owner: LinkedClient | OutboundCall, option: IneffectiveOption | undefined, at: Found['at'], ms: number): Fix | undefined {
  const instead = option?.instead;
  if (instead === undefined) return undefined;
  const parent = option?.option.split('.').slice(0, -1).join('.') ?? '';
  const number = numberText(ms);
  const value = /(^|\.)(signal|abortSignal|cancelSignal)$/.test(instead) ? `AbortSignal.timeout(${number})` : number;
  if (value === number && instead === 'fetch') return undefined;
  const inPlace = relative(instead, parent);
  if (inPlace !== undefined) return { title: clip(`Replace by \`${inPlace.split('.').at(-1) ?? ''}: ${value}\``, 60), safety: 'unsafe', operations: [{ language: 'code', file: at.file, kind: 'replace', span: at.span, text: nested(inPlace, value) }] };
  const call = 'shape' in owner ? owner.shape.options : owner.construct.options;
  if (call === undefined || at.file !== owner.file) return undefined;
  const operations: CodeOperation[] = [
    { language: 'code', file: at.file, kind: 'remove-property', property: at.span },
    { language: 'code', file: at.file, kind: 'set-option', call: owner.fact.span, argument: call, path: instead, value },
  ];
  return { title: clip(`Replace by \`${instead}: ${value}\``, 60), safety: 'unsafe', operations };
}

/** `request` of `timeout.request` below ``; undefined where the other option lives elsewhere. */
function relative(instead: string, parent: string): string | undefined {
  if (parent === '') return instead;
  return instead.startsWith(`${parent}.`) ? instead.slice(parent.length + 1) : undefined;
}

function nested(path: string, value: string): string {
  const [first = '', ...rest] = path.split('.');
  return rest.length === 0 ? `${first}: ${value}` : `${first}: { ${nested(rest.join('.'), value)} }`;
}

function moveOption(owner: OutboundCall, option: IneffectiveOption | undefined, key: string): Fix | undefined {
  if (option?.argument === undefined || option.belongs === undefined) return undefined;
  return {
    title: `Move \`${key}\` to the ${POSITIONS[option.belongs] ?? 'last'} argument`,
    safety: 'unsafe',
    operations: [{ language: 'code', file: owner.file, kind: 'move-argument', call: owner.fact.span, from: option.argument, to: option.belongs, keys: [key] }],
  };
}

function destroyOnTimeout(owner: OutboundCall, at: Found['at'], key: string, ms: number): Fix | undefined {
  const { fact, file } = owner;
  if (fact.usage === 'assigned' || fact.usage === 'floating') {
    const name = fact.resultName ?? 'request';
    return {
      title: `Destroy the request on \`${key}\``,
      safety: 'unsafe',
      operations: [{ language: 'code', file, kind: 'insert-after', statement: fact.span, lines: [`${name}.on('timeout', () => ${name}.destroy(new Error('timeout')));`], bind: { call: fact.span, name } }],
    };
  }
  if (at.file !== file) return undefined;
  return { title: `Replace by \`signal: AbortSignal.timeout(${numberText(ms)})\``, safety: 'unsafe', operations: [{ language: 'code', file, kind: 'replace', span: at.span, text: `signal: AbortSignal.timeout(${numberText(ms)})` }] };
}

function enforce(owner: LinkedClient | OutboundCall, enforcedBy: string | undefined): Fix | undefined {
  const argument = 'shape' in owner ? owner.shape.options : owner.construct.options;
  if (enforcedBy === undefined || argument === undefined) return undefined;
  return {
    title: clip(`Set \`${enforcedBy.split('.').at(-1) ?? enforcedBy}: true\``, 60),
    safety: 'unsafe',
    operations: [{ language: 'code', file: owner.file, kind: 'set-option', call: owner.fact.span, argument, path: enforcedBy, value: 'true' }],
  };
}

function judgeTimer(file: string, timer: TimerFact): Found | undefined {
  const { delay } = timer;
  if (!(delay.kind === 'infinity' || (delay.kind === 'number' && delay.value > LARGEST_DELAY)) || timer.callee.startsWith('AbortSignal') && delay.kind === 'infinity') return undefined;
  const at = { file, span: delay.span ?? timer.span };
  return {
    at,
    message: 'overflow',
    data: { delay: delayText(delay) },
    subject: `${timer.callee}:${delayText(delay)}`,
    fixes: delay.span ? [{ title: 'Limit the delay to 24 days', safety: 'unsafe', operations: [{ language: 'code', file, kind: 'replace', span: delay.span, text: numberText(LARGEST_DELAY) }] }] : [],
  };
}

function delayText(delay: Value): string {
  return delay.kind === 'number' ? String(delay.value).replace(/\B(?=(\d{3})+$)/g, ',') : 'Infinity';
}
