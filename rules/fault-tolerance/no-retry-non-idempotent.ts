// A lost answer looks like a failed request: who repeats a charge without a key that names it charges twice.

import { defineRule, type Report } from '../../engine/lint/rule';
import type { Fix } from '../../engine/lint/fix';
import type { CodeProject, EntityResolver, LinkedFile, OutboundCall } from '../../engine/code/project';
import type { Value } from '../../engine/code/values';
import { functionNames, nameOfFunction, placeIn, runsAsService } from '../code-places';
import { furtherAttempts, retrySites, siteOption, type RetrySite } from '../retry-options';
import { callsIn, namesIdempotency, retriesOf, stretchesOf, type Retry } from '../retry-scopes';
import { severityOfPart, subjectOfPart } from '../proxies';
import { HAPROXY_LIMITS, haproxy, nginx } from '../proxy-examples';
import { settled } from '../../engine/model/questions';
import { doesAgain, idempotencyOption, isWrite, keyOf, requestText } from '../write-calls';

type MessageId = 'proxy' | 'missing' | 'newKey' | 'option' | 'publish';

const MAX_DEPTH = 2;

export const noRetryNonIdempotent = defineRule<MessageId>({
  id: 'fault-tolerance/no-retry-non-idempotent',
  since: '0.1.0',
  severity: 'warning',
  reads: 'code',
  fault: 'cut',
  messages: {
    missing: 'A lost answer does it twice: `{call}` is repeated without an idempotency key.',
    newKey: 'Each attempt at `{call}` is a request of its own: its key is made inside the retried code.',
    option: 'A lost answer does it twice: `{option}` also repeats `{call}`, which has no idempotency key.',
    proxy: 'A lost answer does it twice: `{option}` of {proxy} also repeats requests that write.',
    publish: { text: 'A lost answer sends the message twice: `{call}` is repeated, and nothing names the message.', severity: 'advice' },
  },
  docs: {
    what: 'Reports a retry around a request that creates, charges or sends something and bears no idempotency key, and one whose key is made anew for each attempt.',
    why: 'When the answer is lost the caller cannot know whether the work was done. A repeat then charges, orders or sends a second time.',
    fix: 'Make one key before the first attempt and send it with each of them; the callee drops the repeats.',
    not: 'Reads sent by POST, PUT and DELETE, requests with a key, upserts, retries of a library that leave out such methods, and requests of which nothing says that they do something.',
    references: ['https://docs.stripe.com/api/idempotent_requests', 'https://aws.amazon.com/builders-library/making-retries-safe-with-idempotent-APIs/'],
  },
  check({ file, code, resolve, report }) {
    if (!runsAsService(code, file)) return;
    for (const retry of retriesOf(file, code, resolve)) {
      const finding = retryFinding(retry, code, resolve);
      if (finding) report(finding);
    }
    for (const site of retrySites(file, resolve)) {
      const finding = optionFinding(file, site);
      if (finding) report(finding);
    }
  },
  checkSystem({ system, report }) {
    for (const route of system.proxyRoutes) {
      const retries = settled(route.retries);
      if (retries?.repeatsWrites !== true) continue;
      report({ at: retries.at, message: 'proxy', data: { option: retries.onOption ?? 'retries', proxy: route.proxy }, subject: `${subjectOfPart(route)}/retries`, ...severityOfPart(route) });
    }
  },
  examples: {
    bad: [
      { name: 'nginx told to repeat writes', files: { 'nginx.conf': nginx(['«proxy_next_upstream error timeout non_idempotent»;', 'proxy_pass http://orders;'], ['upstream orders {', '    server 10.0.0.1:80;', '    server 10.0.0.2:80;', '}']) }, expect: 'proxy' },
      { name: 'HAProxy repeats whatever got no answer', files: { 'haproxy.cfg': haproxy([...HAPROXY_LIMITS, '«retry-on all-retryable-errors»'], ['server app-1 10.0.0.1:80 check', 'server app-2 10.0.0.2:80 check']) }, expect: 'proxy' },
      {
        name: 'a payment inside a retry',
        files: { 'a.ts': "import Stripe from 'stripe';\nimport retry from 'async-retry';\nconst stripe = new Stripe('key');\nexport async function pay(amount: number) {\n  return await «retry»(() => stripe.paymentIntents.create({ amount, currency: 'eur' }), { retries: 3 });\n}\n" },
        expect: 'missing',
        fixed: { 'a.ts': "import Stripe from 'stripe';\nimport retry from 'async-retry';\nimport { randomUUID } from 'node:crypto';\nconst stripe = new Stripe('key');\nexport async function pay(amount: number) {\n  const idempotencyKey = randomUUID();\n  return await retry(() => stripe.paymentIntents.create({ amount, currency: 'eur' }, { idempotencyKey }), { retries: 3 });\n}\n" },
      },
      {
        name: 'a POST inside a retry',
        files: { 'a.ts': "import axios from 'axios';\nimport pRetry from 'p-retry';\nexport async function transfer(body: object) {\n  return await «pRetry»(() => axios.post('https://bank/transfers', body, { timeout: 5_000 }), { retries: 3 });\n}\n" },
        expect: 'missing',
        fixed: { 'a.ts': "import axios from 'axios';\nimport pRetry from 'p-retry';\nimport { randomUUID } from 'node:crypto';\nexport async function transfer(body: object) {\n  const idempotencyKey = randomUUID();\n  return await pRetry(() => axios.post('https://bank/transfers', body, { timeout: 5_000, headers: { 'Idempotency-Key': idempotencyKey } }), { retries: 3 });\n}\n" },
      },
      {
        name: 'a fetch in a loop',
        files: { 'a.ts': "export async function order(body: string) {\n  «for» (let attempt = 0; attempt < 3; attempt++) {\n    try {\n      return await fetch('https://shop/orders', { method: 'POST', body, signal: AbortSignal.timeout(5_000) });\n    } catch (error) {\n      await sleep(500 * 2 ** attempt * Math.random());\n    }\n  }\n  throw new Error('down');\n}\n" },
        expect: 'missing',
        fixed: { 'a.ts': "import { randomUUID } from 'node:crypto';\nexport async function order(body: string) {\n  const idempotencyKey = randomUUID();\n  for (let attempt = 0; attempt < 3; attempt++) {\n    try {\n      return await fetch('https://shop/orders', { method: 'POST', body, signal: AbortSignal.timeout(5_000), headers: { 'Idempotency-Key': idempotencyKey } });\n    } catch (error) {\n      await sleep(500 * 2 ** attempt * Math.random());\n    }\n  }\n  throw new Error('down');\n}\n" },
      },
      {
        name: 'a key that is made for each attempt',
        files: { 'a.ts': "import axios from 'axios';\nimport pRetry from 'p-retry';\nimport { randomUUID } from 'node:crypto';\nexport async function transfer(body: object) {\n  return await pRetry(() => axios.post('https://bank/transfers', body, { timeout: 5_000, headers: { 'Idempotency-Key': «randomUUID()» } }), { retries: 3 });\n}\n" },
        expect: 'newKey',
        fixed: { 'a.ts': "import axios from 'axios';\nimport pRetry from 'p-retry';\nimport { randomUUID } from 'node:crypto';\nexport async function transfer(body: object) {\n  const idempotencyKey = randomUUID();\n  return await pRetry(() => axios.post('https://bank/transfers', body, { timeout: 5_000, headers: { 'Idempotency-Key': idempotencyKey } }), { retries: 3 });\n}\n" },
      },
      {
        name: 'POST among the methods that are tried again',
        files: { 'a.ts': "import got from 'got';\nexport const order = (body: object) => got.post('https://shop/orders', { json: body, timeout: { request: 5_000 }, retry: { limit: 2, methods: ['GET', «'POST'»] } });\n" },
        expect: 'option',
      },
      {
        name: 'a condition that lets writes through',
        files: { 'a.ts': "import axios from 'axios';\nimport axiosRetry from 'axios-retry';\nconst http = axios.create({ timeout: 5_000 });\naxiosRetry(http, { retries: 3, retryDelay: axiosRetry.exponentialDelay, «retryCondition: () => true» });\nexport const order = (body: object) => http.post('/orders', body);\n" },
        expect: 'option',
      },
      {
        name: 'a message that is sent again',
        files: { 'a.ts': "import { Kafka } from 'kafkajs';\nimport pRetry from 'p-retry';\nconst kafka = new Kafka({ brokers: ['kafka:9092'] });\nconst producer = kafka.producer();\nexport const tell = (value: string) => «pRetry»(() => producer.send({ topic: 'orders', messages: [{ value }] }), { retries: 3 });\n" },
        expect: 'publish',
      },
      {
        name: 'a link of the chain repeats any method',
        files: { 'a.ts': "import request from 'superagent';\nexport const order = (body: object) => request.post('http://shop/orders').send(body).timeout(5_000).«retry(1)»;\n" },
        expect: 'option',
      },
      {
        name: 'the request is made by a function of another file',
        files: { 'a.ts': "import pRetry from 'p-retry';\nimport { createOrder } from './orders';\nexport async function order(body: object) {\n  return await «pRetry»(() => createOrder(body), { retries: 3 });\n}\n", 'orders.ts': "import axios from 'axios';\nexport async function createOrder(body: object) {\n  return await axios.post('https://shop/orders', body, { timeout: 5_000 });\n}\n" },
        expect: 'missing',
      },
    ],
    good: [
      { name: 'HAProxy leaves out writes', files: { 'haproxy.cfg': haproxy([...HAPROXY_LIMITS, 'retry-on all-retryable-errors'], ['http-request disable-l7-retry if METH_POST', 'server app-1 10.0.0.1:80 check', 'server app-2 10.0.0.2:80 check']) } },
      { name: 'HAProxy repeats only what did not connect', files: { 'haproxy.cfg': haproxy([...HAPROXY_LIMITS, 'retry-on conn-failure'], ['server app-1 10.0.0.1:80 check', 'server app-2 10.0.0.2:80 check']) } },
      { name: 'one key for all attempts', files: { 'a.ts': "import Stripe from 'stripe';\nimport retry from 'async-retry';\nimport { randomUUID } from 'node:crypto';\nconst stripe = new Stripe('key');\nexport async function pay(amount: number) {\n  const idempotencyKey = randomUUID();\n  return await retry(() => stripe.paymentIntents.create({ amount, currency: 'eur' }, { idempotencyKey }), { retries: 3 });\n}\n" } },
      { name: 'the library makes one key for its own attempts', files: { 'a.ts': "import Stripe from 'stripe';\nconst stripe = new Stripe('key', { maxNetworkRetries: 3 });\nexport const pay = (amount: number) => stripe.paymentIntents.create({ amount, currency: 'eur' });\n" } },
      { name: 'a search that is sent by POST', files: { 'a.ts': "import axios from 'axios';\nimport pRetry from 'p-retry';\nexport const find = (query: object) => pRetry(() => axios.post('http://index/orders/_search', query, { timeout: 5_000 }), { retries: 3 });\n" } },
      { name: 'PUT can be repeated', files: { 'a.ts': "import axios from 'axios';\nimport pRetry from 'p-retry';\nexport const store = (id: string, order: object) => pRetry(() => axios.put(`http://shop/orders/${id}`, order, { timeout: 5_000 }), { retries: 3 });\n" } },
      { name: 'the default condition leaves out POST', files: { 'a.ts': "import axios from 'axios';\nimport axiosRetry from 'axios-retry';\nconst http = axios.create({ timeout: 5_000 });\naxiosRetry(http, { retries: 3, retryDelay: axiosRetry.exponentialDelay });\nexport const order = (body: object) => http.post('/orders', body);\n" } },
      { name: 'the default methods leave out POST', files: { 'a.ts': "import got from 'got';\nexport const order = (body: object) => got.post('https://shop/orders', { json: body, timeout: { request: 5_000 }, retry: { limit: 2 } });\n" } },
      { name: 'a write that sets what is there already', files: { 'a.ts': "import axios from 'axios';\nimport pRetry from 'p-retry';\nexport const store = (row: object) => pRetry(() => axios.post('http://rows/create', { upsert: true, row }, { timeout: 5_000 }), { retries: 3 });\n" } },
    ],
    unknown: [
      { name: 'nothing says what the request does', files: { 'a.ts': "import axios from 'axios';\nimport pRetry from 'p-retry';\nexport const run = (url: string, body: object) => pRetry(() => axios.post(url, body, { timeout: 5_000 }), { retries: 3 });\n" } },
      { name: 'headers from elsewhere', files: { 'a.ts': "import axios from 'axios';\nimport pRetry from 'p-retry';\nimport { headers } from './headers';\nexport const order = (body: object) => pRetry(() => axios.post('https://shop/orders', body, { timeout: 5_000, headers }), { retries: 3 });\n" } },
      { name: 'a condition that is out of sight', files: { 'a.ts': "import axios from 'axios';\nimport axiosRetry from 'axios-retry';\nimport { retryCondition } from './policy';\nconst http = axios.create({ timeout: 5_000 });\naxiosRetry(http, { retries: 3, retryDelay: axiosRetry.exponentialDelay, retryCondition });\nexport const order = (body: object) => http.post('/orders', body);\n" } },
    ],
  },
});

function retryFinding(retry: Retry, code: CodeProject, resolve: EntityResolver): Report<MessageId> | undefined {
  const { file, fact } = retry;
  const stretches = stretchesOf(file, fact, code, resolve, MAX_DEPTH);
  const made = fact.newKeys?.[0];
  const named = stretches.some(namesIdempotency);
  if (named && !made) return undefined;
  for (const stretch of stretches) {
    const names = [...functionNames(stretch.file, stretch.file.facts.functions.findIndex(({ span }) => span[0] === stretch.span[0])), ...(stretch.depth === 0 ? functionNames(file, fact.function) : [])];
    for (const call of callsIn(stretch)) {
      if (!doesAgain(call, [...names, ...functionNames(stretch.file, call.fact.function)])) continue;
      const subject = `${nameOfFunction(file, fact.function)}:${call.fact.calleeText}`;
      const data = { call: requestText(call) };
      if (made) return { at: placeIn(file, made.span), message: 'newKey', data, related: [{ at: placeIn(file, fact.mark), text: 'repeated here' }], fixes: hoist(retry, [{ language: 'code', file: file.path, kind: 'replace', span: made.span, text: 'idempotencyKey' }]), subject };
      if (keyOf(call) !== 'absent') continue;
      const related = stretch.depth === 0 ? [] : [{ at: { file: call.file, span: call.fact.callee }, text: 'this request is repeated' }];
      return { at: placeIn(file, fact.mark), message: call.shape.io === 'publish' ? 'publish' : 'missing', data, related, fixes: stretch.depth === 0 ? sendKey(retry, call) : [], subject };
    }
  }
  return undefined;
}

function sendKey(retry: Retry, call: OutboundCall): readonly Fix[] {
  const row = idempotencyOption(call);
  if (!row || call.shape.options === undefined) return [];
  const path = row.isHeader === true ? `${row.option}.Idempotency-Key` : row.option;
  return hoist(retry, [{ language: 'code', file: call.file, kind: 'set-option', call: call.fact.span, argument: call.shape.options, path, value: 'idempotencyKey' }], row.isHeader === true ? 'Send an `Idempotency-Key`' : `Send one \`${row.option}\` with all attempts`);
}

// One key before the first attempt.
function hoist({ file, fact }: Retry, operations: Fix['operations'], title = 'Make the key once, before the retries'): readonly Fix[] {
  if (fact.isInBlock !== true) return [];
  return [
    {
      title,
      safety: title.startsWith('Make') ? 'unsafe' : 'by-hand',
      operations: [{ language: 'code', file: file.path, kind: 'insert-before', statement: fact.span, lines: ['const idempotencyKey = randomUUID();'] }, ...operations, { language: 'code', file: file.path, kind: 'add-import', module: 'node:crypto', name: 'randomUUID' }],
    },
  ];
}

// A library that is told to repeat writes as well.
function optionFinding(file: LinkedFile, site: RetrySite): Report<MessageId> | undefined {
  const { row } = site;
  const further = furtherAttempts(site);
  const widened = row.writes === undefined || further === 0 ? undefined : wideningOption(file, site);
  const call = widened && writesOf(file, site).find((one) => doesAgain(one, functionNames(file, one.fact.function)) && keyOf(one) === 'absent');
  if (!widened || !call) return undefined;
  return { at: placeIn(file, widened.span ?? site.callee), message: 'option', data: { option: widened.option, call: requestText(call) }, subject: `${nameOfFunction(file, site.function)}:${site.library.title}` };
}

function wideningOption(file: LinkedFile, site: RetrySite): { readonly option: string; readonly span: Value['span'] } | undefined {
  const { row } = site;
  if (row.chain !== undefined) return row.writes === 'always' ? { option: row.chain, span: site.callee } : undefined;
  if (row.methods !== undefined) {
    const methods = siteOption(site, row.methods);
    const post = typeof methods === 'object' && methods.kind === 'array' ? methods.items.find((item) => item.kind === 'string' && /^(post|patch)$/i.test(item.value)) : undefined;
    return post && { option: row.methods, span: post.span };
  }
  const condition = row.writes === 'condition' && row.condition !== undefined ? siteOption(site, row.condition) : undefined;
  const returns = typeof condition === 'object' && condition.kind === 'function' ? file.facts.functions[condition.id]?.returns : undefined;
  const entry = site.options.kind === 'object' ? site.options.entries.findLast(({ key }) => key === row.condition) : undefined;
  return returns?.kind === 'boolean' && returns.value && row.condition !== undefined ? { option: row.condition, span: entry?.span } : undefined;
}

// The calls whose options these are: the call itself, those of the client that is made, or of the client that the library is given.
function writesOf(file: LinkedFile, site: RetrySite): readonly OutboundCall[] {
  const own = file.calls.filter(({ fact }) => fact.span[0] === site.span[0] && fact.span[1] === site.span[1]);
  if (own.length > 0) return own.filter(isWrite);
  const made = file.clients.find(({ fact }) => fact.span[0] === site.span[0]);
  const given = site.row.client === undefined ? undefined : file.facts.retries.find(({ span }) => span === site.span)?.arguments?.[site.row.client];
  const client = made ?? (given?.kind === 'client' ? file.clients.find(({ fact }) => fact.id === given.client) : undefined);
  return (client?.calls ?? []).filter(isWrite);
}
