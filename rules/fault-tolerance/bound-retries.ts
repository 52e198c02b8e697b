// A retry without an end turns one broken callee into a caller that hammers it for ever and never answers its own.

import type { RetryFact } from '../../engine/code/construct-facts';
import type { LinkedFile } from '../../engine/code/project';
import type { Budgets } from '../../engine/lint/configuration';
import type { Fix } from '../../engine/lint/fix';
import { defineRule, type Report } from '../../engine/lint/rule';
import { contextsOf, nameOfFunction, placeIn, runsAsService, runsOften } from '../code-places';
import { clip, targetName } from '../limits';
import { furtherAttempts, retrySites, siteOption, type RetrySite } from '../retry-options';
import type { SystemModel } from '../../engine/model/model';
import type { ProxyRoute } from '../../engine/model/proxy';
import { intend, settled } from '../../engine/model/questions';
import { approval } from '../cloud-examples';
import { isLive, subjectOfThing } from '../cloud-fixes';
import { severityOfPart, subjectOfPart } from '../proxies';
import { HAPROXY_LIMITS, envoy, haproxy, nginx } from '../proxy-examples';

/** More than this of a proxy is a multiplier, not a second chance. HAProxy only repeats attempts to connect by default. */
const MOST_ATTEMPTS = { HAProxy: 10, others: 5 } as const;

type MessageId = 'answer' | 'proxy' | 'servers' | 'loop' | 'alone' | 'recursion' | 'option' | 'default';

// What a process waits for before it can serve: trying until it is there is right.
const WAITS_FOR_START = /wait|connect|ready|start|init|boot|listen|subscribe|ping|health|authenticate|migrat/i;

export const boundRetries = defineRule<MessageId>({
  id: 'fault-tolerance/bound-retries',
  since: '0.1.0',
  severity: 'warning',
  reads: 'code',
  fault: 'down',
  messages: {
    loop: 'While `{target}` is down this loop never ends: it repeats until `{call}` succeeds.',
    alone: 'While `{call}` fails this loop never ends: nothing counts its attempts.',
    recursion: 'While `{call}` fails `{name}` calls itself without end: nothing counts its attempts.',
    option: 'A call that cannot succeed is tried for ever: `{option}` is `{value}`.',
    proxy: 'While `{target}` is down each request becomes {attempts} requests: `{option}` of {proxy} is {value}.',
    servers: { text: 'A request that fails is tried on all {count} servers of `{target}`: `{option}` is 0 by default.', severity: 'advice' },
    answer: 'An execution of `{machine}` can wait for ever: `{state}` waits for an answer, and neither it nor the machine has a timeout.',
    default: "A call that cannot succeed is tried for ever: {library}'s `{option}` is Infinity by default.",
  },
  docs: {
    what: 'Reports a retry loop, recursion or option that nothing but success ends: no count, no deadline, no signal.',
    why: 'While the callee is down, each caller that retries without end keeps its request, memory and connection, and the load of all of them stands before the callee when it comes back.',
    fix: 'Count the attempts and give the last error to the caller.',
    not: 'Reconnects of long-lived connections and loops at start are meant to go on; so are main loops that go on after success. A bound that is out of sight is not reported.',
    references: ['https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/'],
  },
  check({ file, code, resolve, system, budgets, report }) {
    if (!runsAsService(code, file)) return;
    for (const fact of file.facts.retries) {
      if (fact.kind === 'call' || fact.purpose !== 'retry' || fact.isConflict === true || fact.bound !== 'none' || belongsToStart(file, fact)) continue;
      report(loopFinding(file, fact, system, budgets(file.path)));
    }
    for (const site of retrySites(file, resolve)) {
      const finding = optionFinding(file, site, budgets(file.path));
      if (finding) report(finding);
    }
  },
  checkSystem({ system, report }) {
    const told = new Set<string>();
    for (const route of system.proxyRoutes) {
      const finding = proxyFinding(route, system);
      if (!finding || told.has(`${finding.at.file} ${finding.subject}`)) continue;
      told.add(`${finding.at.file} ${finding.subject}`);
      report(finding);
    }
    for (const machine of system.cloud.stateMachines) {
      for (const state of isLive(machine) ? machine.states : []) {
        if (state.waits && state.timeout.state === 'absent') report({ at: state.at, message: 'answer', data: { machine: machine.name, state: clip(state.name, 40) }, label: machine.title, subject: `${subjectOfThing(machine)}/${state.name}` });
      }
    }
  },
  examples: {
    bad: [
      { name: 'a state machine that waits for an answer', files: { 'stack.yaml': approval() }, expect: 'answer' },
      { name: 'twenty retries in HAProxy', files: { 'haproxy.cfg': haproxy([...HAPROXY_LIMITS, '«retries 20»'], ['server app-1 10.0.0.1:80 check', 'server app-2 10.0.0.2:80 check']) }, expect: 'proxy' },
      { name: 'eight retries in Envoy', files: { 'envoy.yaml': envoy(['- match: { prefix: / }', '  route:', '    cluster: orders', '    retry_policy: «{ retry_on: connect-failure, num_retries: 8 }»'], ['type: STATIC', 'outlier_detection: {}']) }, expect: 'proxy' },
      {
        name: 'every server of nginx is tried',
        files: { 'nginx.conf': nginx(['proxy_pass http://orders;'], ['upstream orders {', '    server 10.0.0.1:80;', '    server 10.0.0.2:80;', '    server 10.0.0.3:80;', '}']).replace('location /', '«location /»') },
        expect: 'servers',
        fixed: { 'nginx.conf': nginx(['proxy_pass http://orders;', 'proxy_next_upstream_tries 2;'], ['upstream orders {', '    server 10.0.0.1:80;', '    server 10.0.0.2:80;', '    server 10.0.0.3:80;', '}']) },
      },
      {
        name: 'a loop that only success leaves',
        files: { 'a.ts': "import { charge } from './billing';\nexport async function pay(order: string) {\n  «while» (true) {\n    try {\n      return await charge(order);\n    } catch (error) {\n      await sleep(1_000);\n    }\n  }\n}\n" },
        expect: 'alone',
        fixed: {
          'a.ts':
            "import { charge } from './billing';\nexport async function pay(order: string) {\n  for (let attempt = 1; ; attempt++) {\n    try {\n      return await charge(order);\n    } catch (error) {\n      if (attempt >= 3) throw error;\n      await sleep(1_000);\n    }\n  }\n}\n",
        },
      },
      {
        name: 'a loop around a call of a known host',
        files: {
          'a.ts':
            "import axios from 'axios';\nexport async function pay(order: object) {\n  «for» (;;) {\n    try {\n      const answer = await axios.post('http://billing/charges', order, { timeout: 5_000 });\n      return answer.data;\n    } catch {\n      await new Promise((resolve) => setTimeout(resolve, 500));\n    }\n  }\n}\n",
        },
        expect: 'loop',
        fixed: {
          'a.ts':
            "import axios from 'axios';\nexport async function pay(order: object) {\n  for (let attempt = 1; ; attempt++) {\n    try {\n      const answer = await axios.post('http://billing/charges', order, { timeout: 5_000 });\n      return answer.data;\n    } catch (error) {\n      if (attempt >= 3) throw error;\n      await new Promise((resolve) => setTimeout(resolve, 500));\n    }\n  }\n}\n",
        },
      },
      {
        name: 'a loop until a flag is set on success',
        files: { 'a.ts': "import { publish } from './bus';\nexport async function send(event: object) {\n  let done = false;\n  «while» (!done) {\n    try {\n      await publish(event);\n      done = true;\n    } catch (error) {\n      console.error(error);\n    }\n  }\n}\n" },
        expect: 'alone',
      },
      {
        name: 'a function that calls itself when it has failed',
        files: { 'a.js': "const { get } = require('./api');\nconst load = async () => {\n  try {\n    return await get();\n  } catch (error) {\n    return «load»();\n  }\n};\nmodule.exports = { load };\n" },
        expect: 'recursion',
      },
      {
        name: 'p-retry for ever',
        files: { 'a.ts': "import pRetry from 'p-retry';\nimport { charge } from './billing';\nexport const pay = (order: string) => pRetry(() => charge(order), { «retries: Infinity» });\n" },
        expect: 'option',
        fixed: { 'a.ts': "import pRetry from 'p-retry';\nimport { charge } from './billing';\nexport const pay = (order: string) => pRetry(() => charge(order), { retries: 3 });\n" },
      },
      {
        name: 'async-retry with forever',
        files: { 'a.ts': "import retry from 'async-retry';\nimport { charge } from './billing';\nexport const pay = (order: string) => retry(() => charge(order), { «forever: true» });\n" },
        expect: 'option',
      },
      {
        name: 'cockatiel without a maximum',
        files: { 'a.ts': "import { ExponentialBackoff, handleAll, retry } from 'cockatiel';\nexport const policy = «retry»(handleAll, { backoff: new ExponentialBackoff() });\n" },
        expect: 'default',
      },
    ],
    good: [
      { name: 'a state machine whose answer has to come within a day', files: { 'stack.yaml': approval('TimeoutSeconds: 86400').replace(/[«»]/g, '') } },
      { name: 'a state machine with a timeout of its own', files: { 'stack.yaml': approval('', 'TimeoutSeconds: 86400').replace(/[«»]/g, '') } },
      { name: 'two servers of nginx', files: { 'nginx.conf': nginx(['proxy_pass http://orders;'], ['upstream orders {', '    server 10.0.0.1:80;', '    server 10.0.0.2:80;', '}']) } },
      { name: 'a limit of time', files: { 'nginx.conf': nginx(['proxy_pass http://orders;', 'proxy_next_upstream_timeout 10s;'], ['upstream orders {', '    server 10.0.0.1:80;', '    server 10.0.0.2:80;', '    server 10.0.0.3:80;', '}']) } },
      { name: 'counted and thrown on', files: { 'a.ts': "import { get } from './api';\nexport async function load() {\n  for (let n = 1; ; n++) {\n    try {\n      return await get();\n    } catch (error) {\n      if (n === 4) throw error;\n      await sleep(2 ** n * 100 * Math.random());\n    }\n  }\n}\n" } },
      { name: 'a loop that ends with a signal', files: { 'a.ts': "import { poll, handle } from './queue';\nexport async function run(signal: AbortSignal) {\n  while (!signal.aborted) {\n    try {\n      await handle(await poll());\n    } catch (error) {\n      console.error(error);\n    }\n  }\n}\n" } },
      { name: 'a consumer goes on after success', files: { 'a.ts': "import { poll, handle } from './queue';\nexport async function run() {\n  while (true) {\n    try {\n      const messages = await poll();\n      await handle(messages);\n    } catch (error) {\n      console.error(error);\n    }\n  }\n}\n" } },
      { name: 'a connection at start', files: { 'a.ts': "import amqp from 'amqplib';\nasync function connect() {\n  while (true) {\n    try {\n      return await amqp.connect('amqp://rabbitmq', { timeout: 5_000 });\n    } catch (error) {\n      await sleep(2_000);\n    }\n  }\n}\nvoid connect();\n" } },
      { name: 'a deadline', files: { 'a.ts': "import { get } from './api';\nexport async function load(deadline: number) {\n  while (Date.now() < deadline) {\n    try {\n      return await get();\n    } catch {\n      await sleep(100);\n    }\n  }\n  throw new Error('too late');\n}\n" } },
      { name: 'a countdown', files: { 'a.ts': "import { get } from './api';\nexport async function load(retries = 3): Promise<object> {\n  try {\n    return await get();\n  } catch (error) {\n    if (retries <= 0) throw error;\n    return load(retries - 1);\n  }\n}\n" } },
      { name: 'p-retry with its default of ten', files: { 'a.ts': "import pRetry from 'p-retry';\nimport { charge } from './billing';\nexport const pay = () => pRetry(charge);\n" } },
      { name: 'waiting for a state is no retry', files: { 'a.ts': "import { status } from './job';\nexport async function wait(id: string) {\n  let state = await status(id);\n  while (state !== 'done') {\n    await sleep(1_000);\n    state = await status(id);\n  }\n}\n" } },
      { name: 'a test', files: { 'a.test.ts': "import { get } from './api';\nexport async function load() {\n  while (true) {\n    try {\n      return await get();\n    } catch {\n      await sleep(10);\n    }\n  }\n}\n" } },
      { name: 'every error is thrown on', files: { 'a.ts': "import { next, total } from './pages';\nexport async function all() {\n  while (true) {\n    try {\n      const page = await next();\n      if (page.last) return total();\n    } catch (error) {\n      throw new Error('no page', { cause: error });\n    }\n  }\n}\n" } },
    ],
    unknown: [
      { name: 'the number comes from elsewhere', files: { 'a.ts': "import pRetry from 'p-retry';\nimport { options } from './options';\nimport { charge } from './billing';\nexport const pay = () => pRetry(charge, options);\n" } },
      { name: 'another function decides', files: { 'a.ts': "import { get, mayRetry } from './api';\nexport async function load(state: object) {\n  while (true) {\n    try {\n      return await get();\n    } catch (error) {\n      if (!mayRetry(state, error)) throw error;\n    }\n  }\n}\n" } },
      { name: 'a condition out of sight', files: { 'a.ts': "import { get, policy } from './api';\nexport async function load() {\n  while (policy.allows()) {\n    try {\n      return await get();\n    } catch (error) {\n      console.error(error);\n    }\n  }\n}\n" } },
    ],
  },
});

function belongsToStart(file: LinkedFile, fact: RetryFact): boolean {
  if (runsOften(file, fact.function)) return false;
  const contexts = contextsOf(file, fact.function);
  return contexts.has('startup') || fact.function < 0 || WAITS_FOR_START.test(file.facts.functions[fact.function]?.name ?? '');
}

function loopFinding(file: LinkedFile, fact: RetryFact, system: SystemModel, budgets: Budgets): Report<MessageId> {
  const first = file.facts.calls[fact.calls[0] ?? -1];
  const call = first && file.calls.find((one) => one.fact === first);
  const target = targetName(call?.target, system);
  const name = nameOfFunction(file, fact.function);
  const fix = fact.kind === 'loop' ? countedLoop(file, fact, budgets.attempts) : undefined;
  return {
    at: placeIn(file, fact.mark),
    message: fact.kind === 'recursion' ? 'recursion' : target === undefined ? 'alone' : 'loop',
    data: { call: clip(fact.tries, 40), name: clip(name, 40), target: target ?? '' },
    fixes: fix ? [fix] : [],
    subject: `${name}:${fact.tries}`,
  };
}

// `while (true)` becomes a counted `for`, and the catch throws on the last attempt.
function countedLoop(file: LinkedFile, fact: RetryFact, attempts: number): Fix | undefined {
  const { header, catchBody, catchHeader, errorName } = fact;
  if (!header || !catchBody || !catchHeader || fact.isAttemptFree !== true) return undefined;
  const error = errorName ?? 'error';
  return {
    title: `Stop after ${attempts} attempts`,
    safety: 'unsafe',
    operations: [
      { language: 'code', file: file.path, kind: 'replace', span: header, text: 'for (let attempt = 1; ; attempt++) ' },
      ...(errorName === undefined ? [{ language: 'code' as const, file: file.path, kind: 'replace' as const, span: catchHeader, text: 'catch (error) ' }] : []),
      { language: 'code', file: file.path, kind: 'insert-in-body', body: catchBody, at: 'start', lines: [`if (attempt >= ${attempts}) throw ${error};`] },
    ],
  };
}

function optionFinding(file: LinkedFile, site: RetrySite, budgets: Budgets): Report<MessageId> | undefined {
  if (furtherAttempts(site) !== Infinity || site.row.count === undefined) return undefined;
  const option = site.row.count;
  const value = siteOption(site, option);
  const subject = `${nameOfFunction(file, site.function)}:${site.library.title}:${option}`;
  const fixes = fixesOf(file, site, budgets.attempts);
  if (value === 'absent') return { at: placeIn(file, site.callee), message: 'default', data: { library: site.library.title, option }, fixes, subject };
  if (value === 'unknown') return undefined;
  const entry = site.options.kind === 'object' ? site.options.entries.findLast(({ key }) => key === option) : undefined;
  return {
    at: placeIn(file, entry?.span ?? site.callee),
    message: 'option',
    data: { option, value: value.kind === 'infinity' ? 'Infinity' : value.kind === 'boolean' || value.kind === 'number' ? String(value.value) : 'Infinity' },
    fixes,
    subject,
  };
}

function fixesOf(file: LinkedFile, site: RetrySite, attempts: number): readonly Fix[] {
  const option = Object.keys(site.row.fix?.count ?? {})[0];
  if (option === undefined || option !== site.row.count) return [];
  return [{ title: `Stop after ${attempts} attempts`, safety: 'unsafe', operations: [{ language: 'code', file: file.path, kind: 'set-option', call: site.span, argument: site.argument, path: option, value: String(attempts) }] }];
}

/** Too many attempts that somebody wrote, or one on each server of a large pool. */
function proxyFinding(route: ProxyRoute, system: SystemModel): Report<MessageId> | undefined {
  const retries = settled(route.retries);
  if (!retries || route.isLocal) return undefined;
  const subject = `${subjectOfPart(route)}/retries`;
  const option = retries.attemptsOption ?? 'attempts';
  const target = clip(route.targets[0] ?? route.name, 40);
  if (retries.attempts !== 'unlimited') {
    if (route.retries.state !== 'set' || retries.attempts <= (route.proxy === 'HAProxy' ? MOST_ATTEMPTS.HAProxy : MOST_ATTEMPTS.others)) return undefined;
    return { at: retries.at, message: 'proxy', data: { target, attempts: retries.attempts + 1, option, proxy: route.proxy, value: retries.attempts }, subject, ...severityOfPart(route) };
  }
  const pool = system.upstreams.find((upstream) => upstream.scope === route.scope && upstream.isImplicit !== true && route.targets.includes(upstream.name));
  const count = pool?.servers.filter((server) => !server.isBackup).length ?? 0;
  if (count < 3 || pool?.isOpen === true) return undefined;
  const fixes: readonly Fix[] = [{ title: `Set \`${option} 2\``.slice(0, 60), safety: 'unsafe', operations: [intend(route.resource, { kind: 'set-directive', name: option, value: '2' })] }];
  return { at: route.at, message: 'servers', data: { target, count, option }, fixes, subject, ...severityOfPart(route) };
}
