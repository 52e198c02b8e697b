// Runs in a process of its own: loads one package, does one job of one case, and tells the parent what happened. Whatever the package does to the process ends with it.

import { createRequire, syncBuiltinESMExports } from 'node:module';
import nodeTimers from 'node:timers';
import timersPromises from 'node:timers/promises';
import { cases } from './cases/index';
import type { Job, LibraryCase, Library, Loaded, Options, Outcome, Setting } from './contract';
import { evaluate, readOptions } from './options';

const realSetTimeout = globalThis.setTimeout;

/** Retries are measured with timers ten times as fast. */
const SPEED = 10;

const timers: [number, number][] = [];

const now = (): number => performance.timeOrigin + performance.now();

process.on('message', (jobs: readonly Job[]) => void run(jobs));

function send(outcomes: readonly Outcome[], then?: () => void): void {
  process.send?.(outcomes, undefined, undefined, () => (then ? then() : process.exit(0)));
}

/** Runs the jobs of one case side by side. What nobody catches ends all of them: the parent then runs them one by one. */
async function run(jobs: readonly Job[]): Promise<void> {
  const [first] = jobs;
  const subject = first ? cases[first.index] : undefined;
  if (!first || !subject) return send([{ kind: 'unusable', ms: 0, text: 'no such case' }]);
  try {
    const loaded = await load(first.subject);
    const others: Loaded[] = [];
    for (const name of subject.needs ?? []) others.push(await load(name));
    const startedAt = performance.now();
    const crashed = (error: unknown): void => send(jobs.map(() => ({ kind: 'crashed', ms: Math.round(performance.now() - startedAt), text: wordsOf(error) })));
    process.on('uncaughtException', crashed);
    process.on('unhandledRejection', (error) => {
      if (first.task.kind === 'event') crashed(error);
    });
    if (first.task.kind === 'close') return await close(first, first.task.method, subject, loaded, others);
    send(await Promise.all(jobs.map((job) => doJob(job, subject, loaded, others))));
  } catch (error) {
    send(jobs.map(() => ({ kind: 'unusable', ms: 0, text: wordsOf(error) })));
  }
}

async function load(subject: string): Promise<Loaded> {
  if (subject.startsWith('global:')) {
    const main: unknown = (globalThis as unknown as Options)[subject.slice('global:'.length)];
    return { main, named: { main } };
  }
  let named: Library;
  try {
    named = await import(subject);
  } catch (error) {
    // A sub-path without an extension, in a package without `exports`, is found by require alone.
    if ((error as { code?: string }).code !== 'ERR_MODULE_NOT_FOUND' && (error as { code?: string }).code !== 'ERR_UNSUPPORTED_DIR_IMPORT') throw error;
    named = createRequire(import.meta.url)(subject);
  }
  const main: unknown = named.default ?? named;
  return { main, named: typeof main === 'object' && main !== null ? { ...main, ...named } : named };
}

async function doJob(job: Job, subject: LibraryCase, loaded: Loaded, others: readonly Loaded[]): Promise<Outcome> {
  const attempts: number[] = [];
  const setting = settingOf(job, subject, loaded, () => void attempts.push(now()));
  const { task } = job;
  let startedAt = performance.now();
  const outcome = (kind: Outcome['kind'], text?: string): Outcome => ({ kind, ms: Math.round(performance.now() - startedAt), ...(task.kind === 'retry' ? { attempts, timers } : {}), ...(text === undefined ? {} : { text }) });
  const expired = new Promise<Outcome>((resolve) => realSetTimeout(() => resolve(outcome(task.kind === 'event' ? 'alive' : 'pending')), job.deadlineMs));
  if (task.kind === 'retry') speedUp(job.random ?? 0.5);
  const work = async (): Promise<Outcome> => {
    if (task.kind === 'check') return outcome('found', String(await subject.checks?.[task.check]?.measure(loaded, setting)));
    const client: unknown = await subject.make(loaded, setting, others);
    if (task.kind === 'event') {
      if (subject.open) await subject.open(client, setting);
      return expired;
    }
    if (task.kind === 'many') for (let count = 0; count < task.count; count += 1) void Promise.resolve(subject.call(client, setting)).catch(() => undefined);
    if (task.kind === 'queue') {
      void Promise.resolve(subject.call(client, setting)).catch(() => undefined);
      await new Promise((resolve) => realSetTimeout(resolve, 500));
      startedAt = performance.now();
    }
    await subject.call(client, setting);
    return outcome('resolved');
  };
  return Promise.race([expired, work().catch((error: unknown) => (task.kind === 'check' ? outcome('unusable', wordsOf(error)) : outcome('rejected', wordsOf(error))))]);
}

async function close(job: Job, method: string, subject: LibraryCase, loaded: Loaded, others: readonly Loaded[]): Promise<void> {
  const setting = settingOf(job, subject, loaded, () => undefined);
  const client: Library = await subject.make(loaded, setting, others);
  if (subject.open) await subject.open(client, setting);
  else await subject.call(client, setting);
  if (typeof client[method] !== 'function') return send([{ kind: 'unusable', ms: 0, text: `there is no ${method}()` }]);
  const result: unknown = client[method]();
  await Promise.race([result, new Promise((resolve) => realSetTimeout(resolve, job.deadlineMs / 2).unref())]);
  // With the channel gone too, nothing of ours keeps the process: it ends by itself, and the parent hears it.
  send([{ kind: 'closed', ms: 0 }], () => process.disconnect());
}

function settingOf(job: Job, subject: LibraryCase, loaded: Loaded, attempt: () => void): Setting {
  const scope = { main: loaded.main as unknown, named: loaded.named as unknown };
  const place = (name: 'construct' | 'call' | 'defaults'): Options => readOptions(name === 'defaults' ? {} : (subject.base?.[name] ?? {}), job.options, name, scope);
  const query = job.options.filter((one) => one.place === 'url').map((one) => `${one.path}=${one.text}`).join('&');
  return {
    host: job.host,
    port: job.port,
    url: `http://${job.host}:${job.port}`,
    query: query === '' ? '' : `?${query}`,
    construct: place('construct'),
    call: place('call'),
    defaults: place('defaults'),
    chain: job.options.filter((one) => one.place === 'chain' || one.place === 'method').map((one) => chained(one.path, evaluate(one.text, scope))),
    version: job.version,
    listen: (emitter) => {
      const target = emitter as Library;
      if (job.task.kind !== 'event' && typeof target?.on === 'function') target.on('error', () => undefined);
      return emitter;
    },
    attempt,
  };
}

/** `timeout.deadline` of a chain is a method and the option of its object. */
function chained(path: string, value: unknown): { readonly name: string; readonly value: unknown } {
  const [name = '', option] = path.split('.');
  return { name, value: option === undefined ? value : { [option]: value } };
}

function speedUp(random: number): void {
  Math.random = () => random;
  const fast = (ms: unknown): number => (typeof ms === 'number' && ms > 0 ? ms / SPEED : 0);
  const note = (ms: unknown): void => void (typeof ms === 'number' && timers.length < 10_000 && timers.push([Math.round(ms), now()]));
  const patched = Object.assign(
    (callback: (...values: unknown[]) => void, ms?: number, ...rest: unknown[]) => {
      const timer = realSetTimeout(() => {
        // A clock that ticks in the background keeps no process alive; a delay before a retry does.
        if (timer.hasRef()) note(ms);
        callback(...rest);
      }, fast(ms));
      return timer;
    },
    realSetTimeout,
  );
  const realLater = timersPromises.setTimeout;
  globalThis.setTimeout = patched;
  nodeTimers.setTimeout = patched;
  timersPromises.setTimeout = (async (ms: number, value?: never) => {
    await realLater(fast(ms));
    note(ms);
    return value;
  }) as typeof realLater;
  syncBuiltinESMExports();
}

/** The first words of an error, without what changes from run to run. */
function wordsOf(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : typeof error === 'object' ? JSON.stringify(error) : String(error);
  return text.replaceAll(/127\.0\.0\.1:\d+/g, 'the server').replaceAll(/(?:file:\/\/)?\/\S*\/node_modules\//g, '').replaceAll(/\s+/g, ' ').slice(0, 110);
}
