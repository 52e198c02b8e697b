// Libraries that retry, limit and guard: no server, but a function that fails, hangs or counts.

import type { LibraryCase, Library, Loaded, Setting } from '../contract';

const never = (): Promise<never> => new Promise(() => undefined);

function failing({ attempt }: Setting): () => Promise<never> {
  return () => {
    attempt();
    return Promise.reject(new Error('failed'));
  };
}

/** A case whose retry row is measured with a function that always fails. */
function retrying(entry: string, subjects: readonly string[], of: string, call: (library: Loaded, setting: Setting) => unknown): LibraryCase {
  let loaded: Loaded | undefined;
  return {
    entry,
    subjects,
    protocol: 'none',
    on: 'none',
    method: 'none',
    places: [],
    faults: [],
    retry: { of, place: 'call' },
    make: (library) => (loaded = library),
    call: (_client, setting) => (loaded ? call(loaded, setting) : undefined),
  };
}

/** How many of 50 run at once. */
async function atOnce(run: (task: () => Promise<void>) => unknown): Promise<string> {
  let running = 0;
  let most = 0;
  const task = async (): Promise<void> => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, 250));
    running -= 1;
  };
  await Promise.all(Array.from({ length: 50 }, () => run(task)));
  return `${most} of 50`;
}

function limiter(entry: string, subjects: readonly string[], checks: LibraryCase['checks']): LibraryCase {
  return { entry, subjects, protocol: 'none', on: 'none', method: 'none', places: [], faults: [], make: () => undefined, call: () => undefined, ...(checks ? { checks } : {}) };
}

async function fate(promise: unknown): Promise<string> {
  const startedAt = performance.now();
  try {
    await Promise.race([promise, new Promise((resolve) => setTimeout(resolve, 4_000))]);
  } catch {
    const ms = performance.now() - startedAt;
    return ms < 100 ? 'refused at once' : ms < 3_500 ? 'rejects' : 'late';
  }
  return 'pending';
}

export const resilience: readonly LibraryCase[] = [
  retrying('p-retry', ['p-retry-4', 'p-retry-6', 'p-retry-9'], '', ({ main }, setting) => main(failing(setting), setting.call)),
  retrying('async-retry', ['async-retry-1'], '', ({ main }, setting) => main(failing(setting), setting.call)),
  retrying('promise-retry', ['promise-retry-2'], '', ({ main }, setting) => main((retry: Library) => failing(setting)().catch(retry), setting.call)),
  retrying('retry', ['retry-0.13'], 'operation', ({ main }, setting) => {
    const operation = main.operation(setting.call);
    return new Promise((_resolve, reject) => operation.attempt(() => void failing(setting)().catch((error: unknown) => void (operation.retry(error) || reject(operation.mainError())))));
  }),
  retrying('exponential-backoff', ['exponential-backoff-3'], 'backOff', ({ named }, setting) => named.backOff(failing(setting), setting.call)),
  retrying('fetch-retry', ['fetch-retry-6'], '', ({ main }, setting) => main(failing(setting))('http://127.0.0.1/', setting.call)),
  retrying('cockatiel', ['cockatiel-3', 'cockatiel-4'], 'retry', ({ named }, setting) => named.retry(named.handleAll, setting.call).execute(failing(setting))),
  {
    entry: 'axios-retry',
    subjects: ['axios-retry-4'],
    protocol: 'http',
    on: 'none',
    method: 'none',
    places: [],
    faults: [],
    needs: ['axios'],
    retry: { of: '', place: 'construct' },
    make: ({ main }, { url, construct }, [axios]) => {
      const client = axios?.main.create({ baseURL: url });
      main(client, construct);
      return client;
    },
    call: (client) => client.get('/'),
  },
  limiter('p-timeout', ['p-timeout-8'], [
    { claim: '`milliseconds` of 1 s ends the wait', measure: ({ main }) => fate(main(never(), { milliseconds: 1_000 })), expected: 'rejects' },
    { claim: '`milliseconds: Infinity` switches it off', measure: ({ main }) => fate(main(never(), { milliseconds: Infinity })), expected: 'pending' },
  ]),
  limiter('p-timeout', ['p-timeout-4'], [{ claim: 'the second argument of 1 s ends the wait', measure: ({ main }) => fate(main(never(), 1_000)), expected: 'rejects' }]),
  limiter('opossum', ['opossum-8', 'opossum-10'], [
    { claim: '`timeout` of 1 s ends the wait', measure: ({ main }) => fate(new main(never, { timeout: 1_000 }).fire()), expected: 'rejects' },
    { claim: '`timeout: false` switches it off', measure: ({ main }) => fate(new main(never, { timeout: false }).fire()), expected: 'pending' },
    { claim: 'nothing set: `timeout` is 10000 ms', measure: ({ main }) => String(new main(never, {}).options.timeout), expected: '10000' },
  ]),
  limiter('cockatiel', ['cockatiel-3', 'cockatiel-4'], [
    { claim: '`timeout` of 1 s, aggressive, ends the wait', measure: ({ named }) => fate(named.timeout(1_000, named.TimeoutStrategy.Aggressive).execute(never)), expected: 'rejects' },
  ]),
  limiter('p-queue', ['p-queue-6', 'p-queue-10'], [
    { claim: 'nothing set: all run at once', measure: ({ main }) => { const queue = new (main.default ?? main)(); return atOnce((task) => queue.add(task)); }, expected: '50 of 50' },
    { claim: '`concurrency: 2` limits them', measure: ({ main }) => { const queue = new (main.default ?? main)({ concurrency: 2 }); return atOnce((task) => queue.add(task)); }, expected: '2 of 50' },
  ]),
  limiter('p-limit', ['p-limit-3', 'p-limit-7'], [{ claim: 'the argument limits them', measure: ({ main }) => { const limit = main(3); return atOnce((task) => limit(task)); }, expected: '3 of 50' }]),
  limiter('p-map', ['p-map-4', 'p-map-7'], [
    { claim: 'nothing set: all run at once', measure: ({ main }) => atOnceOver((list, run) => main(list, run)), expected: '50 of 50' },
    { claim: '`concurrency: 2` limits them', measure: ({ main }) => atOnceOver((list, run) => main(list, run, { concurrency: 2 })), expected: '2 of 50' },
  ]),
  limiter('bottleneck', ['bottleneck-2'], [
    { claim: 'nothing set: all run at once', measure: ({ main }) => { const limit = new main(); return atOnce((task) => limit.schedule(task)); }, expected: '50 of 50' },
    { claim: '`maxConcurrent: 2` limits them', measure: ({ main }) => { const limit = new main({ maxConcurrent: 2 }); return atOnce((task) => limit.schedule(task)); }, expected: '2 of 50' },
  ]),
];

/** The same for functions that map over a list. */
async function atOnceOver(map: (list: readonly number[], run: () => Promise<void>) => unknown): Promise<string> {
  let task: (() => Promise<void>) | undefined;
  return atOnce((given) => {
    if (task) return undefined;
    task = given;
    return map(Array.from({ length: 50 }, (_, at) => at), given);
  });
}
