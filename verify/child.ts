// Runs in a process of its own: loads one package, does one job of one case, and tells the parent what happened. Whatever the package does to the process ends with it.

import { createRequire, syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import { cases } from './cases/index';
import type { Job, LibraryCase, Library, Loaded, Options, Outcome, Setting } from './contract';
import { evaluate, readOptions } from './options';

const realSetTimeout = globalThis.setTimeout;
let startedAt = performance.now();

/** Retries are measured with timers ten times as fast. */
const SPEED = 10;

process.on('message', (job: Job) => void run(job));

function send(outcome: Outcome, then?: () => void): void {
  process.send?.(outcome, undefined, undefined, () => (then ? then() : process.exit(0)));
}

const elapsed = (): number => Math.round(performance.now() - startedAt);

async function run(job: Job): Promise<void> {
  const subjectCase = cases[job.index];
  if (!subjectCase) return send({ kind: 'unusable', ms: 0, text: 'no such case' });
  try {
    const loaded = await load(job.subject);
    const others: Loaded[] = [];
    for (const name of subjectCase.needs ?? []) others.push(await load(name));
    await doJob(job, subjectCase, loaded, others);
  } catch (error) {
    send({ kind: 'unusable', ms: 0, text: wordsOf(error) });
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

async function doJob(job: Job, subject: LibraryCase, loaded: Loaded, others: readonly Loaded[]): Promise<void> {
  const attempts: number[] = [];
  const setting = settingOf(job, subject, loaded, () => void attempts.push(performance.now()));
  const { task } = job;
  const expire = (outcome: () => Outcome): void => void realSetTimeout(() => send(outcome()), job.deadlineMs);
  process.on('unhandledRejection', (error) => {
    if (task.kind === 'event') send({ kind: 'crashed', ms: elapsed(), text: wordsOf(error) });
  });
  process.on('uncaughtException', (error) => send({ kind: 'crashed', ms: elapsed(), text: wordsOf(error) }));
  startedAt = performance.now();
  if (task.kind === 'check') {
    const check = subject.checks?.[task.check];
    expire(() => ({ kind: 'pending', ms: elapsed() }));
    return send({ kind: 'found', ms: elapsed(), text: String(await check?.measure(loaded, setting)) });
  }
  if (task.kind === 'event') {
    expire(() => ({ kind: 'alive', ms: elapsed() }));
    const client: unknown = await subject.make(loaded, setting, others);
    if (subject.open) await subject.open(client, setting);
    return;
  }
  if (task.kind === 'close') return close(job, task.method, subject, await subject.make(loaded, setting, others), setting);
  if (task.kind === 'retry') speedUp(job.random ?? 0.5);
  expire(() => ({ kind: 'pending', ms: elapsed(), ...delaysOf(attempts) }));
  try {
    const client: unknown = await subject.make(loaded, setting, others);
    if (task.kind === 'many') for (let count = 0; count < task.count; count += 1) void Promise.resolve(subject.call(client, setting)).catch(() => undefined);
    if (task.kind === 'queue') {
      void Promise.resolve(subject.call(client, setting)).catch(() => undefined);
      await new Promise((resolve) => realSetTimeout(resolve, 500));
      startedAt = performance.now();
    }
    await subject.call(client, setting);
    send({ kind: 'resolved', ms: elapsed(), ...delaysOf(attempts) });
  } catch (error) {
    send({ kind: 'rejected', ms: elapsed(), text: wordsOf(error), ...delaysOf(attempts) });
  }
}

async function close(job: Job, method: string, subject: LibraryCase, client: Library, setting: Setting): Promise<void> {
  if (subject.open) await subject.open(client, setting);
  else await subject.call(client, setting);
  if (typeof client[method] !== 'function') return send({ kind: 'unusable', ms: elapsed(), text: `there is no ${method}()` });
  const timer = realSetTimeout(() => send({ kind: 'open', ms: elapsed() }), job.deadlineMs);
  timer.unref();
  const result: unknown = client[method]();
  await Promise.race([result, new Promise((resolve) => realSetTimeout(resolve, job.deadlineMs / 2).unref())]);
  // With the channel gone too, nothing of ours keeps the process: it ends by itself, and the parent hears it.
  send({ kind: 'closed', ms: elapsed() }, () => process.disconnect());
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
  const patched = Object.assign((callback: (...values: unknown[]) => void, ms?: number, ...rest: unknown[]) => realSetTimeout(callback, fast(ms), ...rest), realSetTimeout);
  const realLater = timersPromises.setTimeout;
  globalThis.setTimeout = patched;
  timers.setTimeout = patched;
  timersPromises.setTimeout = ((ms: number, ...rest: []) => realLater(fast(ms), ...rest)) as typeof realLater;
  syncBuiltinESMExports();
}

function delaysOf(attempts: readonly number[]): { readonly delays?: readonly number[] } {
  return attempts.length === 0 ? {} : { delays: attempts.slice(1).map((time, index) => Math.round((time - (attempts[index] ?? 0)) * SPEED)) };
}

/** The first words of an error, without what changes from run to run. */
function wordsOf(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : typeof error === 'object' ? JSON.stringify(error) : String(error);
  return text.replaceAll(/127\.0\.0\.1:\d+/g, 'the server').replaceAll(/(?:file:\/\/)?\/\S*\/node_modules\//g, '').replaceAll(/\s+/g, ' ').slice(0, 110);
}
