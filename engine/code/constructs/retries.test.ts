import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../test/code-facts';

function retry(body: string): string[] {
  return factsOf(body).facts.retries.map(({ kind, purpose, bound, delay, tries }) => `${kind} ${purpose} ${bound} ${delay} ${tries}`);
}

const loop = (head: string, failure: string): string => `async function load(max, stop) { ${head} { try { return await get(); } catch (e) { ${failure} } } }`;

describe('a loop that tries again', () => {
  it.each([
    ['while (true)', 'await sleep(1000);', 'loop retry none fixed get'],
    ['for (;;)', '', 'loop retry none none get'],
    ['while (true)', 'await sleep(1000 * Math.random());', 'loop retry none jittered get'],
    ['for (let n = 0; n < 5; n++)', '', 'loop retry count none get'],
    ['for (let n = 0; n < max; n++)', 'await new Promise((r) => setTimeout(r, 100 * 2 ** n));', 'loop retry count growing get'],
    ['while (Date.now() < max)', 'await wait(50);', 'loop retry deadline fixed get'],
    ['while (!stop.aborted)', '', 'loop retry signal none get'],
    ['while (policy())', '', 'loop retry unknown none get'],
    ['while (true)', 'await recover(e);', 'loop retry none unknown get'],
    ['while (true)', 'if (++n > 4) throw e;', 'loop retry count none get'],
    ['while (true)', "if (e.code === 'EAUTH') throw e;", 'loop retry none none get'],
    ['while (true)', 'if (decide(max, e)) throw e;', 'loop retry unknown none get'],
  ])('%s, %s', (head, failure, expected) => {
    expect(retry(`let n = 0; ${loop(head, failure)}`)).toEqual([expected]);
  });

  it('is none where every error leaves it', () => {
    expect(retry(loop('while (true)', 'throw e;'))).toEqual([]);
  });

  it('is none where it goes over a list', () => {
    expect(retry('async function load(hosts) { for (let i = 0; i < hosts.length; i++) { try { return await get(hosts[i]); } catch {} } }')).toEqual([]);
  });

  it('consumes where it also goes on after success', () => {
    expect(retry('async function run() { while (true) { try { await handle(await next()); } catch (e) { log(e); } } }')).toEqual(['loop consume none none handle']);
  });

  it('polls where its function waits for a state', () => {
    expect(retry('async function waitUntilReady() { while (true) { try { return await ask(); } catch {} await sleep(10); } }')).toEqual(['loop poll none fixed ask']);
  });

  it('reconnects where the tried call connects', () => {
    expect(retry('async function begin() { while (true) { try { return await broker.connect(); } catch { await sleep(10); } } }')).toEqual(['loop reconnect none fixed broker.connect']);
  });

  it('leaves on success by a flag of its condition', () => {
    expect(retry('async function send() { let done = false; while (!done) { try { await publish(); done = true; } catch (e) { log(e); } } }')).toEqual(['loop retry none none publish']);
  });

  it('knows its number of attempts', () => {
    expect(factsOf(loop('for (let n = 1; n <= 4; n++)', '')).facts.retries[0]?.attempts).toBe(4);
  });

  it('says that a conflict is repeated', () => {
    expect(factsOf(loop('for (let n = 0; n < 3; n++)', "if (e.code !== 'P2034') throw e;")).facts.retries[0]?.isConflict).toBe(true);
  });
});

describe('a function that calls itself when it has failed', () => {
  it('counts where an argument counts', () => {
    expect(retry('async function load(n) { try { return await get(); } catch (e) { if (n > 3) throw e; return load(n + 1); } }')).toEqual(['recursion retry count none get']);
  });

  it('is without end where nothing changes', () => {
    expect(retry('const load = async () => { try { return await get(); } catch { return load(); } };')).toEqual(['recursion retry none none get']);
  });

  it('waits where a timer starts it', () => {
    expect(retry('async function load() { try { await get(); } catch { setTimeout(load, 1000); } }')).toEqual(['recursion retry none fixed get']);
  });

  it('is found in .catch', () => {
    expect(retry('function load() { return get().catch(() => load()); }')).toEqual(['recursion retry none none get']);
  });

  it('is none where success starts it again as well', () => {
    expect(retry('async function tick() { try { await beat(); setTimeout(tick, 1000); } catch { setTimeout(tick, 1000); } }')).toEqual([]);
  });
});

describe('a call of a library that retries', () => {
  it('keeps its arguments and says what it tries', () => {
    const { facts } = factsOf("import pRetry from 'p-retry';\npRetry(() => charge(1), { retries: 5 });");
    expect(facts.retries.map(({ kind, tries, arguments: given }) => [kind, tries, given?.[1]?.kind])).toEqual([['call', 'charge', 'object']]);
  });

  it('is none for a function of the same name', () => {
    expect(factsOf("import { pRetry } from './own';\npRetry(charge);").facts.retries).toEqual([]);
  });
});

describe('what a retry runs again', () => {
  const fact = (body: string) => factsOf(body).facts.retries[0];

  it('is the tried block of a loop, with the functions that it calls', () => {
    const text = "import { get } from './api';\nasync function load() { for (let n = 0; n < 3; n++) { try { return await get(); } catch {} } }";
    const read = factsOf(text);
    expect(read.text(read.facts.retries[0]?.tried)).toBe('{ return await get(); }');
    expect(read.facts.retries[0]?.targets).toEqual([{ kind: 'project', module: './api', path: ['get'] }]);
  });

  it.each([
    ['console.error(e);', false],
    ['lastError = e;', false],
    ["throwIfLast(new Error('failed', { cause: e }));", false],
    ['if (e.status < 500) throw e;', true],
    ['if (!isRetryable(e)) throw e;', true],
    ['if (!(e instanceof Busy)) throw e;', true],
  ])('%s sorts the errors: %s', (failure, isSorted) => {
    expect(fact(loop('for (let n = 0; n < 5; n++)', failure))?.isSorted).toBe(isSorted);
  });

  it.each([
    ["throw new AbortError('gone')", true],
    ["bail(new Error('gone'))", true],
    ["if (response.status === 404) throw new Error('gone')", true],
    ["if (error.name === 'AbortError') throw new Error('late')", false],
    ["throw new Error('failed')", false],
  ])('%s gives up inside a retried function: %s', (statement, isSorted) => {
    expect(fact(`import retry from 'async-retry';\nretry(async (bail) => { ${statement}; });`)?.isSorted).toBe(isSorted);
  });

  it('knows that any answer but a success is thrown', () => {
    const read = factsOf("import retry from 'async-retry';\nretry(async () => { const r = await fetch('/'); if (!r.ok) throw new Error('no'); return r; });");
    expect(read.text(read.facts.retries[0]?.throwsStatus)).toBe("throw new Error('no');");
    expect(fact("import retry from 'async-retry';\nretry(async () => { const r = await fetch('/'); if (r.status >= 500) throw new Error('no'); return r; });")?.throwsStatus).toBeUndefined();
  });

  it('finds keys that are made for each attempt, and none that is made before', () => {
    const keyed = (before: string, inside: string, key: string): string => `import retry from 'async-retry';\nasync function pay() { ${before} await retry(async () => { ${inside} await send({ idempotencyKey: ${key} }); }); }`;
    const keys = (text: string): string[] => {
      const read = factsOf(text);
      return (read.facts.retries[0]?.newKeys ?? []).map(({ span }) => read.text(span));
    };
    expect(keys(keyed('', '', 'randomUUID()'))).toEqual(['randomUUID()']);
    expect(keys(keyed('', 'const key = uuid();', 'key'))).toEqual(['uuid()']);
    expect(keys(keyed('const key = randomUUID();', '', 'key'))).toEqual([]);
  });

  it('is a parameter in a function that retries for its callers', () => {
    expect(fact('async function withRetries(times, run) { for (let n = 0; n < 3; n++) { try { return await run(); } catch {} } }')?.triesParameter).toEqual({ function: 0, index: 1 });
  });

  it('says where the text names a key that makes a repeat harmless', () => {
    const text = "const headers = { 'Idempotency-Key': key };";
    expect(factsOf(text).facts.idempotency).toEqual([text.indexOf('Idempotency')]);
  });
});

describe('a listener that starts again what has ended', () => {
  const respawns = (body: string): string[] => {
    const { facts, text } = factsOf(body);
    return facts.retries.filter(({ kind }) => kind === 'respawn').map(({ delay, bound, mark }) => `${text(mark)} ${delay} ${bound}`);
  };

  it.each([
    ["function start() { const child = spawn('a'); child.on('exit', start); }", ['start none none']],
    ["function start() { const child = spawn('a'); child.on('exit', () => start()); }", ['start none none']],
    ["function start() { const child = spawn('a'); child.on('exit', () => { setTimeout(start, 1000); }); }", ['setTimeout fixed none']],
    ["function start() { const child = spawn('a'); child.on('exit', () => { if (tries < 5) start(); }); }", ['start none count']],
    ["function start() { const child = spawn('a'); child.on('exit', (code) => { if (code > 0) start(); }); }", ['start none none']],
    ["function start() { const child = spawn('a'); child.on('error', again); child.on('exit', again); } function again() { start(); }", ['again none none']],
    ["cluster.on('exit', () => { cluster.fork(); });", ['cluster.fork none none']],
    ["function start() { const child = spawn('a'); child.on('exit', () => console.log('end')); }", []],
    ["function work() { const job = jobs.shift(); const child = spawn(job); child.on('exit', () => work()); }", []],
    ["function read() { file.on('end', () => read()); }", []],
  ])('%s', (body, expected) => {
    expect(respawns(body)).toEqual(expected);
  });
});
