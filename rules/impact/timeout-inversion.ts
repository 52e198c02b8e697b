// Who gives up before what he waits for can end leaves it running: its attempts go on, load the callee, and nobody reads the answer.

import { formatDuration } from '../../engine/duration';
import { defineRule, type Report } from '../../engine/lint/rule';
import type { CodeProject, EntityResolver, LinkedFile, OutboundCall } from '../../engine/code/project';
import { nameOfFunction, placeIn, runsAsService } from '../code-places';
import { callBudget } from '../call-budget';
import { clip } from '../limits';
import { isInside, retriesOf } from '../retry-scopes';

type MessageId = 'attempts' | 'one';

export const timeoutInversion = defineRule<MessageId>({
  id: 'impact/timeout-inversion',
  since: '0.1.0',
  severity: 'warning',
  reads: 'code',
  fault: 'hung',
  messages: {
    attempts: '`{name}` gives up after {outer} while `{call}` still tries for up to {total}: {attempts} attempts × {limit}.',
    one: '`{name}` gives up after {outer} while `{call}` goes on for up to {total}: nothing tells it to stop.',
  },
  docs: {
    what: 'Reports a limit around a call, as a race or a wrapper, that is shorter than what the call inside takes in all: its own limit times its attempts, and the waits between them.',
    why: 'A race does not end what it loses. The call goes on, holds its connection and is repeated, often beside the next try of the one who gave up.',
    fix: 'Give the limit to the call itself, short enough for all its attempts, or pass it a signal.',
    not: 'Limits that are not known as numbers, a signal that ends the call itself, and the default limit of a library that tries once.',
    references: ['https://sre.google/sre-book/addressing-cascading-failures/'],
  },
  check({ file, code, resolve, report }) {
    if (!runsAsService(code, file)) return;
    for (const call of file.calls) {
      const finding = findingOf(file, call, code, resolve);
      if (finding) report(finding);
    }
  },
  examples: {
    bad: [
      {
        name: 'a race that ends before the attempts of an SDK',
        files: { 'a.ts': "import OpenAI from 'openai';\nimport { setTimeout as sleep } from 'node:timers/promises';\nconst client = new OpenAI({ timeout: 10_000, maxRetries: 2 });\nexport async function ask(prompt: string) {\n  return await «Promise.race»([client.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: prompt }] }), sleep(15_000)]);\n}\n" },
        expect: 'attempts',
        fixed: { 'a.ts': "import OpenAI from 'openai';\nimport { setTimeout as sleep } from 'node:timers/promises';\nconst client = new OpenAI({ timeout: 4_000, maxRetries: 2 });\nexport async function ask(prompt: string) {\n  return await Promise.race([client.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: prompt }] }), sleep(15_000)]);\n}\n" },
      },
      {
        name: 'a wrapper with a shorter limit than the request',
        files: { 'a.ts': "import axios from 'axios';\nimport pTimeout from 'p-timeout';\nexport const price = (id: string) => «pTimeout»(axios.get(`http://prices/${id}`, { timeout: 30_000 }), { milliseconds: 5_000 });\n" },
        expect: 'one',
        fixed: { 'a.ts': "import axios from 'axios';\nimport pTimeout from 'p-timeout';\nexport const price = (id: string) => pTimeout(axios.get(`http://prices/${id}`, { timeout: 5_000 }), { milliseconds: 5_000 });\n" },
      },
      {
        name: 'a limit around a retry',
        files: { 'a.ts': "import axios from 'axios';\nimport pTimeout from 'p-timeout';\nimport retry from 'async-retry';\nexport const price = (id: string) => «pTimeout»(retry(async (bail) => axios.get(`http://prices/${id}`, { timeout: 4_000 }), { retries: 3 }), { milliseconds: 5_000 });\n" },
        expect: 'attempts',
      },
      {
        name: 'a client that repeats, made in another file',
        files: { 'a.ts': "import pTimeout from 'p-timeout';\nimport { api } from './api';\nexport const price = (id: string) => «pTimeout»(api.get(`prices/${id}`), { milliseconds: 6_000 });\n", 'api.ts': "import got from 'got';\nexport const api = got.extend({ prefixUrl: 'http://shop', timeout: { request: 5_000 }, retry: { limit: 2 } });\n" },
        expect: 'attempts',
        fixed: { 'api.ts': "import got from 'got';\nexport const api = got.extend({ prefixUrl: 'http://shop', timeout: { request: 800 }, retry: { limit: 2 } });\n" },
      },
    ],
    good: [
      { name: 'all attempts fit into the limit around them', files: { 'a.ts': "import OpenAI from 'openai';\nimport { setTimeout as sleep } from 'node:timers/promises';\nconst client = new OpenAI({ timeout: 4_000, maxRetries: 1 });\nexport async function ask(prompt: string) {\n  return await Promise.race([client.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: prompt }] }), sleep(15_000)]);\n}\n" } },
      { name: 'a signal ends the call itself', files: { 'a.ts': "import axios from 'axios';\nexport const price = (id: string) => axios.get(`http://prices/${id}`, { timeout: 30_000, signal: AbortSignal.timeout(5_000) });\n" } },
      { name: 'the inner limit is the shorter one', files: { 'a.ts': "import axios from 'axios';\nimport pTimeout from 'p-timeout';\nexport const price = (id: string) => pTimeout(axios.get(`http://prices/${id}`, { timeout: 3_000 }), { milliseconds: 5_000 });\n" } },
      { name: 'only the race has a limit', files: { 'a.ts': "import axios from 'axios';\nimport pTimeout from 'p-timeout';\nexport const price = (id: string) => pTimeout(axios.get(`http://prices/${id}`), { milliseconds: 5_000 });\n" } },
    ],
    unknown: [
      { name: 'the limit around comes from elsewhere', files: { 'a.ts': "import axios from 'axios';\nimport pTimeout from 'p-timeout';\nimport { milliseconds } from './settings';\nexport const price = (id: string) => pTimeout(axios.get(`http://prices/${id}`, { timeout: 30_000 }), { milliseconds });\n" } },
      { name: 'the limit inside comes from elsewhere', files: { 'a.ts': "import axios from 'axios';\nimport pTimeout from 'p-timeout';\nimport { timeout } from './settings';\nexport const price = (id: string) => pTimeout(axios.get(`http://prices/${id}`, { timeout }), { milliseconds: 5_000 });\n" } },
    ],
  },
});

function findingOf(file: LinkedFile, call: OutboundCall, code: CodeProject, resolve: EntityResolver): Report<MessageId> | undefined {
  const { verdict, fact } = call;
  const guard = fact.guards.find(({ kind }) => kind === 'race' || kind === 'wrapper');
  if (!guard || (guard.kind !== 'race' && guard.kind !== 'wrapper') || verdict.kind !== 'bounded' || verdict.by !== 'guard' || verdict.ms === undefined) return undefined;
  const around = retriesOf(file, code, resolve).filter((retry) => isInside(retry.fact.span, guard.span) && retry.fact.tried !== undefined && isInside(fact.span, retry.fact.tried));
  const budget = callBudget(file, call, around, code, resolve);
  if (!budget || budget.totalMs <= verdict.ms || (budget.attempts === 1 && !budget.isWritten)) return undefined;
  const name = nameOfFunction(file, fact.function);
  const isOne = budget.attempts === 1;
  const waits = budget.totalMs - budget.attempts * budget.limitMs;
  return {
    at: placeIn(file, guard.callee ?? guard.span),
    message: isOne ? 'one' : 'attempts',
    data: { name: clip(name === 'module' ? fact.calleeText : name, 30), outer: formatDuration(verdict.ms), call: clip(fact.calleeText, 30), total: formatDuration(budget.totalMs), attempts: budget.attempts, limit: formatDuration(budget.limitMs) },
    related: budget.places,
    fixes: budget.limitFix(Math.floor((verdict.ms * (isOne ? 1 : 0.9) - waits) / budget.attempts)),
    subject: `${name}:${fact.calleeText}`,
    ...(budget.isWritten ? {} : { severity: 'advice' as const }),
  };
}
