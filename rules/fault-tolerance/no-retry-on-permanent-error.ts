// A request that was refused is refused again: its repeats make the answer later, load the callee and fill the log.

import { defineRule, type Report } from '../../engine/lint/rule';
import type { Fix } from '../../engine/lint/fix';
import type { CodeProject, EntityResolver, LinkedFile } from '../../engine/code/project';
import type { Value } from '../../engine/code/values';
import { nameOfFunction, placeIn, runsAsService } from '../code-places';
import { clip } from '../limits';
import { attemptsOf, isSortedBy, retrySites, siteOption, type RetrySite } from '../retry-options';
import { callsIn, retriesOf, stretchesOf, timesText, type Retry } from '../retry-scopes';

type MessageId = 'condition' | 'codes' | 'status' | 'blind';

// What a repeat cannot change; 408, 409, 425 and 429 may pass.
const PERMANENT: ReadonlySet<number> = new Set([400, 401, 403, 404, 405, 406, 410, 411, 413, 414, 415, 422, 451, 501]);

export const noRetryOnPermanentError = defineRule<MessageId>({
  id: 'fault-tolerance/no-retry-on-permanent-error',
  since: '0.1.0',
  severity: 'warning',
  reads: 'code',
  fault: 'down',
  messages: {
    condition: 'A `400` is sent {times} and fails {times}: `{option}` accepts every error.',
    codes: 'A `{code}` is sent {times} and fails {times}: `{option}` names it.',
    status: 'A `400` is sent {times} and fails {times}: every answer but a success is thrown into the retry.',
    blind: { text: 'A `400` of `{call}` is sent {times} and fails {times}: nothing sorts the errors before the next attempt.', severity: 'info' },
  },
  docs: {
    what: 'Reports a retry that also repeats requests which the callee refused: nothing between a failed attempt and the next one looks at the status or the error.',
    why: 'A wrong request, a missing right or a thing that is not there stays so. Each repeat makes the caller wait longer for the same answer and adds load where there may be too much of it already.',
    fix: 'Retry network errors, 429 and 5xx; give everything else to the caller at once.',
    not: 'A retry with a condition, an abort or a test of the error, conflicts, connects, a single retry of a library, and calls whose errors are out of sight.',
    references: ['https://learn.microsoft.com/en-us/azure/architecture/patterns/retry'],
  },
  check({ file, code, resolve, report }) {
    if (!runsAsService(code, file)) return;
    for (const site of retrySites(file, resolve)) {
      const finding = optionFinding(file, site);
      if (finding) report(finding);
    }
    for (const retry of retriesOf(file, code, resolve)) {
      const finding = retryFinding(retry, code, resolve);
      if (finding) report(finding);
    }
  },
  examples: {
    bad: [
      {
        name: 'a condition that always says yes',
        files: { 'a.ts': "import axios from 'axios';\nimport axiosRetry from 'axios-retry';\nconst http = axios.create({ timeout: 5_000 });\naxiosRetry(http, { retries: 4, retryDelay: axiosRetry.exponentialDelay, «retryCondition: () => true» });\nexport const load = () => http.get('/a');\n" },
        expect: 'condition',
        fixed: { 'a.ts': "import axios from 'axios';\nimport axiosRetry from 'axios-retry';\nconst http = axios.create({ timeout: 5_000 });\naxiosRetry(http, { retries: 4, retryDelay: axiosRetry.exponentialDelay, retryCondition: axiosRetry.isNetworkOrIdempotentRequestError });\nexport const load = () => http.get('/a');\n" },
      },
      {
        name: 'every answer but a success is thrown into the retry',
        files: { 'a.ts': "import pRetry from 'p-retry';\nexport const load = (url: string) =>\n  «pRetry»(async () => {\n    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });\n    if (!response.ok) throw new Error(`status ${response.status}`);\n    return response;\n  }, { retries: 4, randomize: true });\n" },
        expect: 'status',
      },
      {
        name: 'a loop around a fetch that throws for any status',
        files: { 'a.js': "export async function load(url) {\n  «for» (let attempt = 0; attempt < 5; attempt++) {\n    try {\n      const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });\n      if (!response.ok) throw new Error('failed');\n      return await response.json();\n    } catch (error) {\n      console.warn(error);\n      await sleep(1_000 * Math.random());\n    }\n  }\n  throw new Error('down');\n}\n" },
        expect: 'status',
      },
      {
        name: 'a client whose refusals reject, retried whatever the error',
        files: { 'a.ts': "import axios from 'axios';\nimport { backOff } from 'exponential-backoff';\nexport const load = (id: string) => «backOff»(() => axios.get(`http://prices/${id}`, { timeout: 5_000 }), { numOfAttempts: 5 });\n" },
        expect: 'blind',
        fixed: { 'a.ts': "import axios from 'axios';\nimport { backOff } from 'exponential-backoff';\nexport const load = (id: string) => backOff(() => axios.get(`http://prices/${id}`, { timeout: 5_000 }), { numOfAttempts: 5, retry: (error) => !(error.response?.status >= 400 && error.response?.status < 500 && error.response?.status !== 429) });\n" },
      },
      {
        name: 'a loop that repeats whatever the error of the client',
        files: { 'a.ts': "import axios from 'axios';\nexport async function load(id: string) {\n  «for» (let attempt = 0; attempt < 5; attempt++) {\n    try {\n      return await axios.get(`http://prices/${id}`, { timeout: 5_000 });\n    } catch (error) {\n      console.warn('failed', error);\n      await sleep(1_000 * Math.random());\n    }\n  }\n}\n" },
        expect: 'blind',
      },
      {
        name: 'a function of the project that retries what it is given',
        files: { 'a.ts': "import axios from 'axios';\nimport { withRetries } from './retries';\nexport const load = (id: string) => «withRetries»(() => axios.get(`http://prices/${id}`, { timeout: 5_000 }));\n", 'retries.ts': "export async function withRetries<T>(run: () => Promise<T>): Promise<T> {\n  for (let attempt = 1; attempt < 5; attempt++) {\n    try {\n      return await run();\n    } catch (error) {\n      await sleep(1_000 * Math.random());\n    }\n  }\n  return run();\n}\n" },
        expect: 'blind',
      },
      {
        name: 'a refused status among those that are tried again',
        files: { 'a.ts': "import got from 'got';\nexport const api = got.extend({ timeout: { request: 5_000 }, retry: { limit: 3, statusCodes: [429, 503, «404»] } });\n" },
        expect: 'codes',
      },
    ],
    good: [
      { name: 'the function gives up on a refusal', files: { 'a.ts': "import pRetry, { AbortError } from 'p-retry';\nexport const load = (url: string) =>\n  pRetry(async () => {\n    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });\n    if (response.status === 404) throw new AbortError('gone');\n    if (!response.ok) throw new Error('5xx');\n    return response;\n  }, { retries: 4, randomize: true });\n" } },
      { name: 'a condition sorts the errors', files: { 'a.ts': "import axios from 'axios';\nimport { backOff } from 'exponential-backoff';\nexport const load = () => backOff(() => axios.get('http://prices/', { timeout: 5_000 }), { retry: (error) => error.response === undefined });\n" } },
      { name: 'bail is called', files: { 'a.ts': "import retry from 'async-retry';\nexport const load = (url: string) =>\n  retry(async (bail) => {\n    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });\n    if (response.status === 403) bail(new Error('no right'));\n    if (!response.ok) throw new Error('failed');\n    return response;\n  });\n" } },
      { name: 'the catch looks at the error', files: { 'a.ts': "import axios from 'axios';\nexport async function load() {\n  for (let attempt = 0; attempt < 5; attempt++) {\n    try {\n      return await axios.get('http://prices/', { timeout: 5_000 });\n    } catch (error) {\n      if (!isTransient(error)) throw error;\n      await sleep(1_000 * Math.random());\n    }\n  }\n}\n" } },
      { name: 'the default condition of the library', files: { 'a.ts': "import axios from 'axios';\nimport axiosRetry from 'axios-retry';\nconst http = axios.create({ timeout: 5_000 });\naxiosRetry(http, { retries: 4, retryDelay: axiosRetry.exponentialDelay });\n" } },
      { name: 'only what may pass is tried again', files: { 'a.ts': "import got from 'got';\nexport const api = got.extend({ timeout: { request: 5_000 }, retry: { limit: 3, statusCodes: [429, 502, 503, 504] } });\n" } },
      { name: 'a connect has no status', files: { 'a.ts': "import amqp from 'amqplib';\nexport async function connect() {\n  for (let attempt = 0; attempt < 5; attempt++) {\n    try {\n      return await amqp.connect('amqp://rabbitmq', { timeout: 5_000 });\n    } catch (error) {\n      await sleep(1_000 * Math.random());\n    }\n  }\n}\n" } },
    ],
    unknown: [
      { name: 'options from another file', files: { 'a.ts': "import axios from 'axios';\nimport { backOff } from 'exponential-backoff';\nimport { options } from './options';\nexport const load = () => backOff(() => axios.get('http://prices/', { timeout: 5_000 }), options);\n" } },
      { name: 'a condition of another file', files: { 'a.ts': "import axios from 'axios';\nimport axiosRetry from 'axios-retry';\nimport { retryCondition } from './policy';\nconst http = axios.create({ timeout: 5_000 });\naxiosRetry(http, { retries: 4, retryDelay: axiosRetry.exponentialDelay, retryCondition });\n" } },
      { name: 'what the tried function throws is out of sight', files: { 'a.ts': "import { backOff } from 'exponential-backoff';\nimport { charge } from './billing';\nexport const pay = () => backOff(() => charge(), { numOfAttempts: 4 });\n" } },
    ],
  },
});

function optionFinding(file: LinkedFile, site: RetrySite): Report<MessageId> | undefined {
  const { row } = site;
  const attempts = attemptsOf(site);
  if (attempts !== undefined && attempts < 3) return undefined;
  const data = { times: timesText({ attempts }) };
  const subject = `${nameOfFunction(file, site.function)}:${site.library.title}`;
  const condition = row.condition === undefined ? undefined : siteOption(site, row.condition);
  if (typeof condition === 'object' && row.condition !== undefined && saysYes(file, condition)) {
    return { at: placeIn(file, optionSpan(site, row.condition) ?? site.callee), message: 'condition', data: { ...data, option: row.condition }, fixes: conditionFix(file, site, ''), subject };
  }
  const codes = row.statusCodes === undefined ? undefined : siteOption(site, row.statusCodes);
  const code = typeof codes === 'object' && codes.kind === 'array' ? codes.items.find((item) => item.kind === 'number' && PERMANENT.has(item.value)) : undefined;
  if (code?.kind !== 'number' || row.statusCodes === undefined) return undefined;
  return { at: placeIn(file, code.span ?? site.callee), message: 'codes', data: { ...data, option: row.statusCodes, code: code.value }, subject };
}

// A function whose one answer is yes.
function saysYes(file: LinkedFile, value: Value): boolean {
  if (value.kind !== 'function') return false;
  const returns = file.facts.functions[value.id]?.returns;
  return returns?.kind === 'boolean' && returns.value;
}

function optionSpan({ options }: RetrySite, name: string): Value['span'] {
  return options.kind === 'object' ? options.entries.findLast(({ key }) => key === name)?.span : undefined;
}

function retryFinding(retry: Retry, code: CodeProject, resolve: EntityResolver): Report<MessageId> | undefined {
  const { file, fact, site, attempts } = retry;
  if (fact.isSorted === true || (site && isSortedBy(site)) || (attempts !== undefined && attempts < 3)) return undefined;
  const own = stretchesOf(file, fact, code, resolve, 0)[0];
  const refused = own ? callsIn(own).find(({ library, fact: call }) => library.entry.refusal !== undefined && !call.chain.some(({ name }) => name === 'catch')) : undefined;
  if (!refused && !fact.throwsStatus) return undefined;
  const call = clip(refused?.fact.calleeText ?? (fact.tries === '' ? 'the call' : fact.tries), 40);
  const common = { at: placeIn(file, fact.mark), data: { times: timesText(retry), call }, subject: `${nameOfFunction(file, fact.function)}:${call}` };
  if (fact.throwsStatus) return { ...common, message: 'status', related: [{ at: placeIn(file, fact.throwsStatus), text: 'any answer but a success ends here' }] };
  return { ...common, message: 'blind', fixes: site ? conditionFix(file, site, refused?.library.entry.refusal ?? '') : [] };
}

// `{status}` is the member of the client's error; where it has none the text must not need it.
function conditionFix(file: LinkedFile, site: RetrySite, status: string): readonly Fix[] {
  const [entry] = Object.entries(site.row.fix?.condition ?? {});
  const name = file.facts.retries.find(({ span }) => span === site.span)?.calleeText ?? '';
  if (!entry || (entry[1].includes('{status}') && status === '') || (entry[1].includes('{callee}') && name === '')) return [];
  const value = entry[1].replaceAll('{status}', status.replace('.', '?.')).replaceAll('{callee}', name);
  return [{ title: 'Retry only network errors, 429 and 5xx', safety: 'unsafe', operations: [{ language: 'code', file: file.path, kind: 'set-option', call: site.span, argument: site.argument, path: entry[0], value }] }];
}
