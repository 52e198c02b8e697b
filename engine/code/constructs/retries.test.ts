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
