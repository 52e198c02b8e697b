// Each layer that repeats multiplies what the one below repeats: an outage of a callee meets many times the load that it went down under.

import { defineRule, type Report } from '../../engine/lint/rule';
import type { Fix } from '../../engine/lint/fix';
import type { CodeProject, EntityResolver, LinkedFile, OutboundCall } from '../../engine/code/project';
import type { Location } from '../../engine/text';
import { nameOfFunction, placeIn, runsAsService } from '../code-places';
import { callAttempts } from '../call-attempts';
import { clip } from '../limits';
import { callsIn, isInside, retriesOf, stretchesOf, type Retry } from '../retry-scopes';

const MAX_DEPTH = 3;
const MAX_LAYERS = 3;

/** One layer of repetition on the way to a call, outermost first. */
interface Layer {
  readonly attempts: number;
  readonly name: string;
  readonly at: Location;
  readonly fixes: readonly Fix[];
}

export const retryAmplification = defineRule({
  id: 'impact/retry-amplification',
  since: '0.1.0',
  severity: 'warning',
  reads: 'code',
  fault: 'down',
  options: { attempts: { type: 'number', default: 10, minimum: 2, describe: 'Attempts that one call can become before they are reported.' } },
  messages: {
    product: 'One request can become {product} calls of `{call}`: {factors}.',
  },
  docs: {
    what: 'Reports a retry around code that retries by itself, where the product of the attempts is large. Defaults of libraries count.',
    why: 'When the callee fails, all layers repeat at once. Ten times the requests keep it down, and each caller waits for all of them.',
    fix: 'Retry in one layer, the one next to the caller that can wait, and switch the others off.',
    not: 'Numbers of attempts that are not known, retries without end, requests that the inner library does not repeat, and products below the option.',
    references: ['https://sre.google/sre-book/addressing-cascading-failures/', 'https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/'],
  },
  check({ file, code, resolve, options, report }) {
    if (!runsAsService(code, file)) return;
    const { attempts } = options(file.path);
    for (const retry of retriesOf(file, code, resolve)) {
      const finding = findingOf(retry, attempts, code, resolve);
      if (finding) report(finding);
    }
  },
  examples: {
    bad: [
      {
        name: 'a loop around a client that retries by default',
        files: { 'a.ts': "import OpenAI from 'openai';\nconst client = new OpenAI({ timeout: 10_000 });\nexport async function ask(prompt: string) {\n  «for» (let attempt = 0; attempt < 5; attempt++) {\n    try {\n      return await client.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: prompt }] });\n    } catch (error) {\n      if (!isTransient(error)) throw error;\n      await sleep(1_000 * 2 ** attempt * Math.random());\n    }\n  }\n  throw new Error('down');\n}\n" },
        expect: 'product',
        fixed: { 'a.ts': "import OpenAI from 'openai';\nconst client = new OpenAI({ timeout: 10_000, maxRetries: 0 });\nexport async function ask(prompt: string) {\n  for (let attempt = 0; attempt < 5; attempt++) {\n    try {\n      return await client.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: prompt }] });\n    } catch (error) {\n      if (!isTransient(error)) throw error;\n      await sleep(1_000 * 2 ** attempt * Math.random());\n    }\n  }\n  throw new Error('down');\n}\n" },
      },
      {
        name: 'a retry around a request that the client repeats',
        files: { 'a.ts': "import got from 'got';\nimport retry from 'async-retry';\nexport const load = (id: string) => «retry»(async (bail) => {\n  const price = await got.get(`http://prices/${id}`, { timeout: { request: 2_000 } });\n  if (price.statusCode === 404) bail(new Error('gone'));\n  return price;\n}, { retries: 4 });\n" },
        expect: 'product',
        fixed: { 'a.ts': "import got from 'got';\nimport retry from 'async-retry';\nexport const load = (id: string) => retry(async (bail) => {\n  const price = await got.get(`http://prices/${id}`, { timeout: { request: 2_000 }, retry: { limit: 0 } });\n  if (price.statusCode === 404) bail(new Error('gone'));\n  return price;\n}, { retries: 4 });\n" },
      },
      {
        name: 'retries in two functions',
        files: { 'a.ts': "import axios from 'axios';\nimport retry from 'async-retry';\nconst load = (id: string) => retry(async (bail) => axios.get(`http://prices/${id}`, { timeout: 2_000 }).catch((error) => bail(error)), { retries: 4 });\nexport async function total(ids: string[]) {\n  return await «retry»(async (bail) => load(ids[0] ?? ''), { retries: 2 });\n}\n" },
        expect: 'product',
      },
      {
        name: 'a client with retries, made in another file',
        files: { 'a.ts': "import retry from 'async-retry';\nimport { http } from './http';\nexport const load = (id: string) => «retry»(async (bail) => (await http.get(`/prices/${id}`)).data, { retries: 3 });\n", 'http.ts': "import axios from 'axios';\nimport axiosRetry from 'axios-retry';\nexport const http = axios.create({ baseURL: 'http://prices', timeout: 2_000 });\naxiosRetry(http, { retries: 3, retryDelay: axiosRetry.exponentialDelay });\n" },
        expect: 'product',
      },
    ],
    good: [
      { name: 'only one layer retries', files: { 'a.ts': "import OpenAI from 'openai';\nconst client = new OpenAI({ timeout: 10_000, maxRetries: 0 });\nexport async function ask(prompt: string) {\n  for (let attempt = 0; attempt < 5; attempt++) {\n    try {\n      return await client.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: prompt }] });\n    } catch (error) {\n      if (!isTransient(error)) throw error;\n      await sleep(1_000 * 2 ** attempt * Math.random());\n    }\n  }\n}\n" } },
      { name: 'few attempts in all', files: { 'a.ts': "import got from 'got';\nimport retry from 'async-retry';\nexport const load = (id: string) => retry(async (bail) => got.get(`http://prices/${id}`, { timeout: { request: 2_000 } }), { retries: 1 });\n" } },
      { name: 'the client does not repeat writes', files: { 'a.ts': "import got from 'got';\nimport retry from 'async-retry';\nexport const search = (json: object) => retry(async (bail) => got.post('http://index/search', { json, timeout: { request: 2_000 } }), { retries: 4 });\n" } },
      { name: 'a wait between starts is no retry', files: { 'a.ts': "import got from 'got';\nexport async function poll() {\n  for (;;) {\n    const answer = await got.get('http://jobs/next', { timeout: { request: 2_000 } });\n    if (answer.statusCode === 204) return;\n    await sleep(1_000);\n  }\n}\n" } },
    ],
    unknown: [
      { name: 'the number of attempts comes from elsewhere', files: { 'a.ts': "import got from 'got';\nimport retry from 'async-retry';\nimport { retries } from './settings';\nexport const load = (id: string) => retry(async (bail) => got.get(`http://prices/${id}`, { timeout: { request: 2_000 } }), { retries });\n" } },
      { name: 'the client is made out of sight', files: { 'a.ts': "import retry from 'async-retry';\nimport { client } from 'prices-sdk';\nexport const load = (id: string) => retry(async (bail) => client.get(id), { retries: 8 });\n" } },
    ],
  },
});

function findingOf(retry: Retry, least: number, code: CodeProject, resolve: EntityResolver): Report<'product'> | undefined {
  const { file, fact, attempts } = retry;
  if (attempts === undefined || attempts === Infinity) return undefined;
  const below = layersBelow(retry, code, resolve, 1);
  if (!below || below.layers.length === 0) return undefined;
  const layers = [layerOf(retry), ...below.layers];
  const product = layers.reduce((sum, layer) => sum * layer.attempts, 1);
  if (product < least) return undefined;
  return {
    at: placeIn(file, fact.mark),
    message: 'product',
    data: { product, call: clip(below.call, 40), factors: clip(layers.map((layer) => `${layer.attempts} (\`${clip(layer.name, 20)}\`)`).join(' × '), 90) },
    related: below.layers.map((layer) => ({ at: layer.at, text: `${layer.attempts} attempts each` })),
    fixes: below.layers.at(-1)?.fixes ?? [],
    subject: `${nameOfFunction(file, fact.function)}:${below.call}`,
  };
}

interface Below {
  readonly layers: readonly Layer[];
  readonly call: string;
}

// The way down with the most attempts.
function layersBelow(retry: Retry, code: CodeProject, resolve: EntityResolver, level: number): Below | undefined {
  let best: Below | undefined;
  let most = 1;
  const take = (found: Below): void => {
    const product = found.layers.reduce((sum, layer) => sum * layer.attempts, 1);
    if (product <= most) return;
    most = product;
    best = found;
  };
  for (const stretch of stretchesOf(retry.file, retry.fact, code, resolve, MAX_DEPTH)) {
    for (const call of callsIn(stretch)) {
      const layer = callLayer(stretch.file, call, retry, code, resolve);
      if (layer) take({ layers: [layer], call: call.fact.calleeText });
    }
    if (level >= MAX_LAYERS) continue;
    for (const inner of retriesOf(stretch.file, code, resolve)) {
      if (!isInside(inner.fact.span, stretch.span) || inner.fact.span[0] === retry.fact.span[0] || inner.attempts === undefined || inner.attempts === Infinity) continue;
      const deeper = layersBelow(inner, code, resolve, level + 1);
      take({ layers: [layerOf(inner), ...(deeper?.layers ?? [])], call: deeper?.call ?? (inner.fact.tries === '' ? nameOfFunction(inner.file, inner.fact.function) : inner.fact.tries) });
    }
  }
  return best;
}

function layerOf({ file, fact, site, attempts }: Retry): Layer {
  const name = site?.library.title ?? fact.calleeText ?? nameOfFunction(file, fact.function);
  return { attempts: attempts ?? 1, name, at: placeIn(file, fact.mark), fixes: [] };
}

function callLayer(file: LinkedFile, call: OutboundCall, retry: Retry, code: CodeProject, resolve: EntityResolver): Layer | undefined {
  const found = callAttempts(file, call, code, resolve);
  if (!found) return undefined;
  const { site } = found;
  const outer = retry.site?.library.title ?? nameOfFunction(retry.file, retry.fact.function);
  const count = site.row.chain === undefined ? site.row.count : undefined;
  const fixes: readonly Fix[] = count === undefined ? [] : [{ title: clip(`Retry only in \`${clip(outer, 30)}\``, 60), safety: 'unsafe', operations: [{ language: 'code', file: found.file.path, kind: 'set-option', call: site.span, argument: site.argument, path: count, value: site.row.isTotal === true ? '1' : '0' }] }];
  return { attempts: found.attempts, name: site.library.title, at: placeIn(found.file, site.callee), fixes };
}
