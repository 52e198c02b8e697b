// Attempts that follow each other at once load a callee that is already down; attempts of all instances at the same moment bring it down again.

import type { RetryFact } from '../../engine/code/construct-facts';
import type { LinkedFile } from '../../engine/code/project';
import type { Fix } from '../../engine/lint/fix';
import { formatDuration } from '../../engine/duration';
import { defineRule, type Report } from '../../engine/lint/rule';
import type { Workload } from '../../engine/model/model';
import type { Supervision } from '../../engine/model/supervision';
import { intend, isDeployed, isSubject, settled, subjectOf } from '../../engine/model/questions';
import { contextsOf, nameOfFunction, placeIn, runsAsService, runsOften } from '../code-places';
import { clip } from '../limits';
import { severityOfPart, subjectOfPart } from '../proxies';
import { furtherAttempts, retrySites, siteOption, type RetrySite } from '../retry-options';

// Waits that double part the instances by themselves as long as there are few.
const MANY_ATTEMPTS = 5;

type MessageId = 'proxy' | 'none' | 'recursion' | 'respawn' | 'option' | 'atOnce' | 'jitter' | 'fixed' | 'growing' | 'burst';

export const requireBackoff = defineRule<MessageId>({
  id: 'fault-tolerance/require-backoff',
  since: '0.1.0',
  severity: 'warning',
  reads: 'code',
  fault: 'down',
  messages: {
    none: 'While `{call}` fails this loop runs as fast as it can: nothing waits between two attempts.',
    recursion: 'While `{call}` fails `{name}` calls itself at once: nothing waits between two attempts.',
    respawn: 'While it keeps ending `{call}` starts it again at once, for ever: nothing waits between two starts.',
    option: "A failed call is repeated at once: {library}'s `{option}` is 0 by default.",
    atOnce: "A failed call is repeated at once: {library}'s `{link}` waits for nothing between {attempts} attempts.",
    jitter: { text: "After an outage all instances come back at the same moment: {library}'s `{option}` is {default} by default.", severity: 'info' },
    fixed: { text: 'After an outage all instances come back at the same moment: each attempt at `{call}` waits equally long.', severity: 'info' },
    burst: { text: 'After {count} quick failures `{workload}` stays down: it is started again after {delay}, at most {count} times in {interval}.', severity: 'info' },
    proxy: 'A failed request is repeated at once: `{option}` of {proxy} is 0{source}.',
    growing: { text: 'After an outage all instances come back at the same moment: no wait before `{call}` has a random part.', severity: 'advice' },
  },
  docs: {
    what: 'Reports a retry, or a new start of what has ended (by code or by a supervisor), without a wait between two attempts, with a wait that never changes, or without a random part.',
    why: 'A callee that fails under load gets more load from each caller that repeats at once. Equal waits let all instances repeat in the same moment.',
    fix: 'Wait longer after each attempt and spread the wait at random.',
    not: 'One single retry, a wait whose length is out of sight, polling for a state, a loop over different targets, and up to five attempts whose waits double by default.',
    references: ['https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/'],
  },
  check({ file, code, resolve, report }) {
    if (!runsAsService(code, file)) return;
    for (const fact of file.facts.retries) {
      const finding = fact.kind === 'call' ? undefined : loopFinding(file, fact);
      if (finding) report(finding);
    }
    const told = new Set<number>();
    for (const site of retrySites(file, resolve)) {
      const finding = told.has(site.span[0]) ? undefined : optionFinding(file, site);
      if (!finding) continue;
      told.add(site.span[0]);
      report(finding);
    }
  },
  checkSystem({ system, report }) {
    for (const route of system.proxyRoutes) {
      const retries = settled(route.retries);
      if (!retries?.wait || settled(retries.wait) !== 'none' || retries.attempts === 'unlimited' || retries.attempts < 2) continue;
      const data = { option: retries.waitOption ?? 'wait', proxy: route.proxy, source: retries.wait.state === 'default' ? ' by default' : '' };
      const fixes: readonly Fix[] = route.resource.format === 'compose' ? [] : [{ title: 'Wait 100 ms, then longer', safety: 'unsafe', operations: [intend(route.resource, { kind: 'set-directive', name: data.option, value: '100ms' })] }];
      report({ at: route.at, message: 'proxy', data, fixes, subject: `${subjectOfPart(route)}/retries`, ...severityOfPart(route) });
    }
    for (const workload of system.workloads) {
      const finding = isSubject(workload) && isDeployed(workload) && workload.supervision ? burstOf(workload, workload.supervision) : undefined;
      if (finding) report(finding);
    }
  },
  examples: {
    bad: [
      {
        name: 'Traefik repeats at once',
        files: { 'dynamic.yml': 'http:\n  middlewares:\n    again:\n      «retry»:\n        attempts: 4\n' },
        expect: 'proxy',
        fixed: { 'dynamic.yml': 'http:\n  middlewares:\n    again:\n      retry:\n        attempts: 4\n        initialInterval: 100ms\n' },
      },
      { name: 'Traefik by labels', files: { 'compose.yaml': 'services:\n  «orders»:\n    image: shop/orders:1\n    labels:\n      - traefik.http.middlewares.again.retry.attempts=4\n' }, expect: 'proxy' },
      {
        name: 'Traefik in TOML',
        files: { 'dynamic.toml': '[http.middlewares.again.«retry»]\n  attempts = 4\n' },
        expect: 'proxy',
        fixed: { 'dynamic.toml': '[http.middlewares.again.retry]\n  attempts = 4\n  initialInterval = "100ms"\n' },
      },
      {
        name: 'PM2 gives up after sixteen',
        files: { 'ecosystem.config.cjs': "module.exports = {\n  apps: [\n    {\n      «name: 'orders'»,\n      script: './dist/main.js', // built\n      instances: process.env.COUNT || 2,\n    },\n  ],\n};\n" },
        expect: 'burst',
        fixed: { 'ecosystem.config.cjs': "module.exports = {\n  apps: [\n    {\n      name: 'orders',\n      script: './dist/main.js',\n      exp_backoff_restart_delay: 100, // built\n      instances: process.env.COUNT || 2,\n    },\n  ],\n};\n" },
      },
      {
        name: 'systemd gives up after five quick starts',
        files: { 'orders.service': '[Service]\r\nExecStart=/usr/bin/orders \\\r\n  --port 80\r\n«Restart=always»\r\n' },
        expect: 'burst',
        fixed: { 'orders.service': '[Service]\r\nExecStart=/usr/bin/orders \\\r\n  --port 80\r\nRestart=always\r\nRestartSec=5s\r\n' },
      },
      {
        name: 'a counter that is a member makes each wait longer',
        files: {
          'a.ts': "import { setTimeout as sleep } from 'node:timers/promises';\nimport axios from 'axios';\nexport class Feed {\n  private retries = 0;\n  async load(): Promise<unknown> {\n    try {\n      return await axios.get('http://feed/', { timeout: 5_000 });\n    } catch (error) {\n      if (this.retries >= 3) throw error;\n      this.retries++;\n      await sleep(1_000 * this.retries);\n      return «this.load»();\n    }\n  }\n}\n",
        },
        expect: 'growing',
      },
      {
        name: 'a counted loop without a wait',
        files: { 'a.ts': "import { charge } from './billing';\nexport async function pay(order: string) {\n  «for» (let attempt = 0; attempt < 5; attempt++) {\n    try {\n      return await charge(order);\n    } catch (error) {\n      console.warn(error);\n    }\n  }\n  throw new Error('billing is down');\n}\n" },
        expect: 'none',
        fixed: {
          'a.ts':
            "import { charge } from './billing';\nexport async function pay(order: string) {\n  for (let attempt = 0; attempt < 5; attempt++) {\n    try {\n      return await charge(order);\n    } catch (error) {\n      console.warn(error);\n      await new Promise((resolve) => setTimeout(resolve, 1_000 * 2 ** attempt * (0.5 + Math.random())));\n    }\n  }\n  throw new Error('billing is down');\n}\n",
        },
      },
      {
        name: 'a reconnect without a wait',
        files: { 'a.ts': "import amqp from 'amqplib';\nexport async function connect() {\n  «while» (true) {\n    try {\n      return await amqp.connect('amqp://rabbitmq', { timeout: 5_000 });\n    } catch (error) {\n      console.error(error);\n    }\n  }\n}\n" },
        expect: 'none',
      },
      {
        name: 'a fixed wait',
        files: { 'a.ts': "import { charge } from './billing';\nexport async function pay(order: string) {\n  «for» (let attempt = 0; attempt < 5; attempt++) {\n    try {\n      return await charge(order);\n    } catch (error) {\n      await sleep(1_000);\n    }\n  }\n  throw new Error('billing is down');\n}\n" },
        expect: 'fixed',
        fixed: { 'a.ts': "import { charge } from './billing';\nexport async function pay(order: string) {\n  for (let attempt = 0; attempt < 5; attempt++) {\n    try {\n      return await charge(order);\n    } catch (error) {\n      await sleep(1_000 * (0.5 + Math.random()));\n    }\n  }\n  throw new Error('billing is down');\n}\n" },
      },
      {
        name: 'a function that calls itself at once',
        files: { 'a.js': "const { get } = require('./api');\nasync function load(attempt = 0) {\n  try {\n    return await get();\n  } catch (error) {\n    if (attempt > 5) throw error;\n    return «load»(attempt + 1);\n  }\n}\nmodule.exports = { load };\n" },
        expect: 'recursion',
      },
      {
        name: 'a child that is started again in the moment it ends',
        files: { 'a.ts': "import { spawn, type ChildProcess } from 'node:child_process';\nexport class Encoder {\n  private child: ChildProcess | undefined;\n  start(): void {\n    this.child = spawn('encoder');\n    this.child.on('error', console.error);\n    this.child.on('close', (code) => {\n      if (code !== 0) «this.start»();\n    });\n  }\n}\n" },
        expect: 'respawn',
      },
      {
        name: 'a thread that another function replaces at once',
        files: { 'a.ts': "import { Worker } from 'node:worker_threads';\nconst threads: Worker[] = [];\nfunction make(): Worker {\n  const thread = new Worker('./thread.js');\n  thread.on('error', () => replace(thread));\n  thread.on('exit', () => «replace»(thread));\n  return thread;\n}\nfunction replace(dead: Worker): void {\n  threads[threads.indexOf(dead)] = make();\n}\nexport const begin = () => threads.push(make());\n" },
        expect: 'respawn',
      },
      {
        name: 'axios-retry without a delay',
        files: { 'a.ts': "import axios from 'axios';\nimport axiosRetry from 'axios-retry';\nconst http = axios.create({ timeout: 5_000 });\n«axiosRetry»(http, { retries: 5 });\nexport const load = () => http.get('/a');\n" },
        expect: 'option',
        fixed: { 'a.ts': "import axios from 'axios';\nimport axiosRetry from 'axios-retry';\nconst http = axios.create({ timeout: 5_000 });\naxiosRetry(http, { retries: 5, retryDelay: axiosRetry.exponentialDelay });\nexport const load = () => http.get('/a');\n" },
      },
      {
        name: 'a link of a chain that repeats at once',
        files: { 'a.ts': "import request from 'superagent';\nexport const load = () => request.get('http://prices/').timeout(5_000).«retry(3)»;\n" },
        expect: 'atOnce',
      },
      {
        name: 'p-retry without jitter',
        files: { 'a.ts': "import pRetry from 'p-retry';\nimport { charge } from './billing';\nexport const pay = () => «pRetry»(charge, { retries: 8 });\n" },
        expect: 'jitter',
        fixed: { 'a.ts': "import pRetry from 'p-retry';\nimport { charge } from './billing';\nexport const pay = () => pRetry(charge, { retries: 8, randomize: true });\n" },
      },
      {
        name: 'a wait that grows without a random part',
        files: { 'a.ts': "import { charge } from './billing';\nexport async function pay() {\n  «for» (let n = 0; n < 5; n++) {\n    try {\n      return await charge();\n    } catch (error) {\n      await sleep(100 * 2 ** n);\n    }\n  }\n}\n" },
        expect: 'growing',
      },
    ],
    good: [
      { name: 'Traefik waits', files: { 'dynamic.yml': 'http:\n  middlewares:\n    again:\n      retry:\n        attempts: 4\n        initialInterval: 100ms\n' } },
      { name: 'PM2 waits longer each time', files: { 'ecosystem.config.js': "module.exports = { apps: [{ name: 'orders', script: 'main.js', exp_backoff_restart_delay: 100 }] };\n" } },
      { name: 'systemd waits before each start', files: { 'orders.service': '[Service]\nExecStart=/usr/bin/orders\nRestart=on-failure\nRestartSec=5s\n' } },
      { name: 'systemd is told never to give up', files: { 'orders.service': '[Unit]\nStartLimitIntervalSec=0\n[Service]\nExecStart=/usr/bin/orders\nRestart=always\n' } },
      { name: 'a growing wait with a random part', files: { 'a.ts': "import { charge } from './billing';\nexport async function pay() {\n  for (let n = 0; n < 5; n++) {\n    try {\n      return await charge();\n    } catch (error) {\n      await sleep(100 * 2 ** n * (0.5 + Math.random()));\n    }\n  }\n}\n" } },
      { name: 'axios-retry with its exponential delay', files: { 'a.ts': "import axios from 'axios';\nimport axiosRetry from 'axios-retry';\nconst http = axios.create({ timeout: 5_000 });\naxiosRetry(http, { retries: 3, retryDelay: axiosRetry.exponentialDelay });\n" } },
      { name: 'a look for something until it is there', files: { 'a.ts': "import pRetry from 'p-retry';\nimport { isTaken, make } from './names';\nexport const free = () => pRetry(async () => {\n  const name = make();\n  if (!(await isTaken(name))) return name;\n  throw new Error('taken');\n}, { retries: 100 });\n" } },
      { name: 'p-retry with jitter', files: { 'a.ts': "import pRetry from 'p-retry';\nimport { charge } from './billing';\nexport const pay = () => pRetry(charge, { retries: 3, randomize: true });\n" } },
      { name: 'few attempts whose waits double by default', files: { 'a.ts': "import { backOff } from 'exponential-backoff';\nimport { charge } from './billing';\nexport const pay = () => backOff(() => charge(), { numOfAttempts: 4 });\n" } },
      { name: 'a child that starts again after a wait', files: { 'a.ts': "import { spawn } from 'node:child_process';\nexport function start() {\n  const child = spawn('encoder');\n  child.on('error', console.error);\n  child.on('exit', () => setTimeout(start, 5_000));\n}\n" } },
      { name: 'one child after the other, each with the next file', files: { 'a.ts': "import { spawn } from 'node:child_process';\nconst files: string[] = [];\nexport function encode() {\n  const file = files.shift();\n  if (file === undefined) return;\n  const child = spawn('encoder', [file]);\n  child.on('error', console.error);\n  child.on('exit', () => encode());\n}\n" } },
      { name: 'starts are counted', files: { 'a.ts': "import { spawn } from 'node:child_process';\nlet starts = 0;\nexport function start() {\n  starts += 1;\n  const child = spawn('encoder');\n  child.on('error', console.error);\n  child.on('exit', () => {\n    if (starts < 5) start();\n  });\n}\n" } },
      { name: 'async-retry spreads by default', files: { 'a.ts': "import retry from 'async-retry';\nimport { charge } from './billing';\nexport const pay = () => retry(charge, { retries: 3 });\n" } },
      { name: 'one single retry', files: { 'a.ts': "import axios from 'axios';\nimport axiosRetry from 'axios-retry';\nconst http = axios.create({ timeout: 5_000 });\naxiosRetry(http, { retries: 1 });\n" } },
      { name: 'a loop over different hosts', files: { 'a.ts': "import { get } from './api';\nexport async function load(hosts: string[]) {\n  for (const host of hosts) {\n    try {\n      return await get(host);\n    } catch (error) {\n      console.warn(error);\n    }\n  }\n}\n" } },
      { name: 'each attempt asks another of the hosts that are left', files: { 'a.ts': "import { clients, pick, without } from './clients';\nexport async function load(id: string) {\n  let left = clients();\n  let tries = 0;\n  while (tries < 5) {\n    const client = pick(left);\n    try {\n      return await client.get(id);\n    } catch (error) {\n      tries++;\n      left = without(left, client);\n    }\n  }\n  throw new Error('all hosts are down');\n}\n" } },
      { name: 'pages until there are no more', files: { 'a.ts': "import { next } from './pages';\nexport async function all() {\n  const found = [];\n  while (true) {\n    const page = await next();\n    found.push(page);\n    if (page.last) return found;\n  }\n}\n" } },
      { name: 'a script', files: { 'scripts/load.ts': "import { charge } from '../billing';\nfor (let n = 0; n < 5; n++) {\n  try {\n    await charge();\n    break;\n  } catch {}\n}\n" } },
    ],
    unknown: [
      { name: 'a spread may set the wait of an app', files: { 'ecosystem.config.js': "const shared = require('./shared');\nmodule.exports = { apps: [{ ...shared, name: 'orders', script: 'main.js' }] };\n" } },
      { name: 'a delay function of another file', files: { 'a.ts': "import { charge } from './billing';\nimport { backoff } from './backoff';\nexport async function pay() {\n  for (let n = 0; n < 5; n++) {\n    try {\n      return await charge();\n    } catch (error) {\n      await sleep(backoff(n));\n    }\n  }\n}\n" } },
      { name: 'something else is awaited after a failure', files: { 'a.ts': "import { charge, recover } from './billing';\nexport async function pay() {\n  for (let n = 0; n < 5; n++) {\n    try {\n      return await charge();\n    } catch (error) {\n      await recover(error);\n    }\n  }\n}\n" } },
      { name: 'something decides before it starts again', files: { 'a.ts': "import { spawn } from 'node:child_process';\nimport { allowed } from './policy';\nexport function start() {\n  const child = spawn('encoder');\n  child.on('error', console.error);\n  child.on('exit', async () => {\n    await allowed();\n    start();\n  });\n}\n" } },
      { name: 'options from elsewhere', files: { 'a.ts': "import axios from 'axios';\nimport axiosRetry from 'axios-retry';\nimport { options } from './options';\naxiosRetry(axios, options);\n" } },
    ],
  },
});

function loopFinding(file: LinkedFile, fact: RetryFact): Report<MessageId> | undefined {
  if (fact.purpose === 'consume' || fact.purpose === 'poll' || fact.isConflict === true) return undefined;
  if (fact.attempts !== undefined && fact.attempts <= 2) return undefined;
  const name = nameOfFunction(file, fact.function);
  const common = { at: placeIn(file, fact.mark), data: { call: clip(fact.tries, 40), name: clip(name, 40) }, subject: `${name}:${fact.tries}` };
  if (fact.kind === 'respawn') return fact.delay === 'none' && fact.bound === 'none' ? { ...common, message: 'respawn' } : undefined;
  switch (fact.delay) {
    case 'none':
      return { ...common, message: fact.kind === 'recursion' ? 'recursion' : 'none', fixes: waitFix(file, fact) };
    case 'fixed':
      return { ...common, message: 'fixed', fixes: spreadFix(file, fact), ...(isAtStart(file, fact) ? { severity: 'advice' as const } : {}) };
    case 'growing':
      return { ...common, message: 'growing', fixes: spreadFix(file, fact) };
    default:
      return undefined;
  }
}

/** Started again so quickly that the count fills within the interval. Who wrote a wait has thought of it. */
function burstOf(workload: Workload, { restartDelayMs, restartDelay, startLimit }: Supervision): Report<MessageId> | undefined {
  const { restart } = workload;
  const { burst: count, intervalMs } = startLimit ?? {};
  if (restart.state !== 'set' && restart.state !== 'default') return undefined;
  if (restart.value === 'no' || restartDelayMs.state !== 'default' || count === undefined || intervalMs === undefined || count * restartDelayMs.value >= intervalMs) return undefined;
  const at = restart.state === 'set' ? restart.at : workload.at;
  const { key, value, section } = restartDelay;
  const operation = intend({ ...workload.resource, file: at.file }, { kind: 'set-directive', name: key, value, ...(section === undefined ? {} : { section }) });
  return {
    at,
    message: 'burst',
    data: { workload: workload.name, count, delay: formatDuration(restartDelayMs.value), interval: formatDuration(intervalMs) },
    label: `no ${key}`.slice(0, 40),
    fixes: [{ title: `Wait before each start with \`${key}\``.slice(0, 60), safety: 'safe', operations: [operation] }],
    subject: subjectOf(workload),
  };
}

function isAtStart(file: LinkedFile, fact: RetryFact): boolean {
  return fact.purpose === 'reconnect' || (contextsOf(file, fact.function).has('startup') && !runsOften(file, fact.function));
}

function waitFix(file: LinkedFile, fact: RetryFact): readonly Fix[] {
  const { catchBody, counter } = fact;
  if (!catchBody || !counter || fact.isOpenEnded !== true) return [];
  const power = counter.from === 0 ? counter.name : `(${counter.name} - ${counter.from})`;
  return [
    {
      title: 'Wait 1 s, 2 s, 4 s with jitter',
      safety: 'unsafe',
      operations: [{ language: 'code', file: file.path, kind: 'insert-in-body', body: catchBody, at: 'end', lines: [`await new Promise((resolve) => setTimeout(resolve, 1_000 * 2 ** ${power} * (0.5 + Math.random())));`] }],
    },
  ];
}

function spreadFix(file: LinkedFile, fact: RetryFact): readonly Fix[] {
  if (!fact.delayArgument) return [];
  return [{ title: 'Spread the attempts at random', safety: 'safe', operations: [{ language: 'code', file: file.path, kind: 'wrap', span: fact.delayArgument, before: '', after: ' * (0.5 + Math.random())' }] }];
}

function optionFinding(file: LinkedFile, site: RetrySite): Report<MessageId> | undefined {
  const attempts = furtherAttempts(site);
  if (attempts === 'unknown' || attempts <= 1) return undefined;
  const { delay, jitter, fix } = site.row;
  const { title } = site.library;
  const subject = `${nameOfFunction(file, site.function)}:${title}`;
  const at = placeIn(file, site.callee);
  if (delay.kind === 'none' && delay.option !== undefined) {
    if (siteOption(site, delay.option) !== 'absent') return undefined;
    return { at, message: 'option', data: { library: title, option: delay.option }, fixes: setFixes(file, site, fix?.delay, `Wait longer each time with \`${delay.option}\``, 'unsafe'), subject };
  }
  if (delay.kind === 'none' && site.row.chain !== undefined) return { at, message: 'atOnce', data: { library: title, link: site.row.chain, attempts: attempts + 1 }, subject };
  if (jitter.default || jitter.option === undefined || (delay.kind === 'exponential' && attempts < MANY_ATTEMPTS)) return undefined;
  // What looks for something again and again is a poll.
  if (delay.kind === 'exponential' && file.facts.retries.some(({ span, throwsOwn }) => span === site.span && throwsOwn === true)) return undefined;
  const written = siteOption(site, jitter.option);
  const isOff = written === 'absent' || (typeof written === 'object' && written.kind === 'boolean' && !written.value);
  if (!isOff) return undefined;
  const inserted = Object.values(fix?.jitter ?? {})[0] ?? 'true';
  return { at, message: 'jitter', data: { library: title, option: jitter.option, default: inserted === 'true' ? 'false' : 'off' }, ...(delay.kind === 'exponential' ? { severity: 'advice' as const } : {}), fixes: setFixes(file, site, fix?.jitter, `Spread the retries with \`${jitter.option}: ${inserted.replaceAll("'", '')}\``, 'safe'), subject };
}

// `{callee}` stands for the name of the called function; a text that needs an import is not offered.
function setFixes(file: LinkedFile, site: RetrySite, values: Readonly<Record<string, string>> | undefined, title: string, safety: Fix['safety']): readonly Fix[] {
  const entries = Object.entries(values ?? {});
  const name = file.facts.retries.find((fact) => fact.span === site.span)?.calleeText ?? '';
  if (entries.length === 0 || entries.some(([, text]) => text.includes('{import') || (text.includes('{callee}') && name === ''))) return [];
  return [
    {
      title,
      safety,
      operations: entries.map(([path, text]) => ({ language: 'code' as const, file: file.path, kind: 'set-option' as const, call: site.span, argument: site.argument, path, value: text.replaceAll('{callee}', name) })),
    },
  ];
}
