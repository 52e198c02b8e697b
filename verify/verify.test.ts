// The harness itself, with what Node brings: servers that misbehave as they say, a child that is watched, and a comparison that can fail. No package is needed.

import { get } from 'node:http';
import { connect } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LibraryEntry } from '../catalog/schema';
import { catalogEntries } from '../scripts/generate-catalog';
import { cases } from './cases/index';
import { compare, settleConnects } from './compare';
import type { Fault, LibraryCase, Outcome, Result } from './contract';
import { evaluate, put, readOptions } from './options';
import { aliasOf, packagesFolder, pinnedIn } from './packages';
import { measuredPage } from './page';
import { probesOf, type Expectation, type Probe } from './probes';
import { buildChild, runJobs, type Ran } from './run-job';
import { startServer } from './servers/server';

const entries = catalogEntries('libraries').map(({ entry }) => entry as LibraryEntry);

describe('a server that misbehaves', () => {
  it('opens and says nothing when it hangs', async () => {
    expect(await fetched('hang')).toBe('pending');
  });

  it('begins an answer and stops when it stalls', async () => {
    expect(await fetched('stall')).toMatch(/^\{"data":"… pending$/);
  });

  it('goes on for ever when it drips', async () => {
    expect(await fetched('drip')).toMatch(/^\{"data":"x+… pending$/);
  });

  it('answers with an error when it fails, and well when it answers', async () => {
    expect(await fetched('fail')).toBe('503 ');
    expect(await fetched('answer')).toBe('200 {}');
  });

  it('refuses where nothing listens', async () => {
    expect(await fetched('refuse')).toBe('ECONNREFUSED');
  });

  it('never opens a connection when it is a black hole', async () => {
    const server = await startServer('tcp', 'blackhole');
    const socket = connect(server.port, '127.0.0.1');
    const state = await Promise.race([new Promise((resolve) => socket.once('connect', () => resolve('open')).once('error', () => resolve('refused'))), wait(400)]);
    socket.destroy();
    await server.close();
    expect(state).toBe('pending');
  });

  it('counts what comes', async () => {
    const server = await startServer('http', 'answer');
    for (let count = 0; count < 3; count += 1) await (await fetch(`http://127.0.0.1:${server.port}`, { headers: { connection: 'close' }, signal: AbortSignal.timeout(5_000) })).text();
    const seen = { commands: server.commands().length, connections: server.connections() };
    await server.close();
    expect(seen).toEqual({ commands: 3, connections: 3 });
  });
});

describe('a child process', () => {
  const index = cases.findIndex((one) => one.entry === 'global:fetch');
  const withoutListener = cases.findIndex((one) => one.entry === 'node:http' && one.event !== undefined);
  const asked = { subject: 'global:fetch', index, version: process.versions.node, options: [], deadlineMs: 700, fault: 'hang', task: { kind: 'call' } } as const;

  beforeAll(buildChild);

  it('tells a call that waits from one that is ended, side by side', async () => {
    const ended = { ...asked, options: [{ place: 'call', path: 'signal', text: 'AbortSignal.timeout(100)' }] } as const;
    const runs = await runJobs([asked, ended, { ...ended, fault: 'drip' }, { ...asked, fault: 'answer' }]);
    expect(runs.map(({ outcome }) => outcome.kind)).toEqual(['pending', 'rejected', 'rejected', 'resolved']);
  });

  it('dies of an error that nobody hears, and the parent knows', async () => {
    const [ran] = await runJobs([{ ...asked, subject: 'node:http', index: withoutListener, fault: 'refuse', task: { kind: 'event' } }]);
    expect(ran?.outcome.kind).toBe('crashed');
    expect(ran?.outcome.text).toContain('ECONNREFUSED');
  });

  it('says why a package cannot be loaded', async () => {
    const [ran] = await runJobs([{ ...asked, subject: 'no-such-package-1' }]);
    expect(ran?.outcome.kind).toBe('unusable');
  });
});

describe('probes', () => {
  const entry: LibraryEntry = {
    package: 'x',
    role: 'http',
    sources: ['x 1'],
    bounds: [
      { option: 'timeout', at: ['call'], unit: 's', phases: ['headers'], default: null, off: [0, 'Infinity'], versions: '>=2' },
      { option: 'old', at: ['call'], unit: 'ms', phases: ['total'], default: 5_000, versions: '<2' },
    ],
    ineffective: [{ option: 'limit', at: 'call', because: 'option' }],
  };
  const subject: LibraryCase = { entry: 'x', subjects: ['x-2'], protocol: 'http', on: '', method: 'get', places: ['call'], make: () => undefined, call: () => undefined };
  const lines = (version: string): string[] => probesOf(entry, subject, version).map((probe) => `${probe.fault}: ${probe.claim} ${probe.options.map(({ path, text }) => `${path}=${text}`).join()} -> ${probe.expect.kind}`);

  it('are made of the rows that hold in the version, one for each fault', () => {
    expect(lines('2.1.0')).toEqual([
      'hang: nothing set: no limit  -> pending',
      'stall: nothing set  -> pending',
      'drip: nothing set  -> pending',
      'hang: `timeout` 1 s at the call ends it timeout=1 -> rejects',
      'stall: `timeout` 1 s at the call does not bound this timeout=1 -> pending',
      'drip: `timeout` 1 s at the call does not bound this timeout=1 -> pending',
      'hang: `timeout: 0` at the call switches it off timeout=0 -> pending',
      'hang: `timeout: Infinity` at the call switches it off timeout=Infinity -> pending',
      'hang: `limit` 1 s at the call bounds nothing limit=1000 -> refused-or-pending',
    ]);
  });

  it('wait for a default that is short', () => {
    const [first] = probesOf(entry, subject, '1.0.0');
    expect(first).toMatchObject({ claim: 'nothing set: `old` is 5000 ms', expect: { kind: 'rejects', ms: 5_000 }, deadlineMs: 9_000 });
  });
});

describe('the comparison', () => {
  const verdict = (expect: Expectation, outcome: Partial<Outcome>, connections = 0): Result['verdict'] => compare(probeOf(expect), ranOf(outcome, connections)).verdict;

  it('agrees with a limit that fires in time, and not with one that is early, late or absent', () => {
    const limit: Expectation = { kind: 'rejects', ms: 1_000 };
    expect([1_000, 2_500, 100, 4_000].map((ms) => verdict(limit, { kind: 'rejected', ms }))).toEqual(['agree', 'agree', 'disagree', 'disagree']);
    expect(verdict(limit, { kind: 'pending' })).toBe('disagree');
  });

  it('disagrees with an end where none is claimed, and says where more is bounded than claimed', () => {
    expect(verdict({ kind: 'pending' }, { kind: 'pending' })).toBe('agree');
    expect(verdict({ kind: 'pending' }, { kind: 'rejected', ms: 1_000 })).toBe('disagree');
    expect(verdict({ kind: 'pending', wider: true }, { kind: 'rejected', ms: 1_000 })).toBe('wider');
    expect(verdict({ kind: 'pending', wider: true }, { kind: 'rejected', ms: 3 })).toBe('disagree');
  });

  it('tells a crash from a process that goes on, and counts connections', () => {
    expect(verdict({ kind: 'crashes', yes: true }, { kind: 'alive' })).toBe('disagree');
    expect(verdict({ kind: 'crashes', yes: true }, { kind: 'crashed' })).toBe('agree');
    expect(verdict({ kind: 'connections', count: 10 }, { kind: 'pending' }, 10)).toBe('agree');
    expect(verdict({ kind: 'connections', count: 10 }, { kind: 'pending' }, 11)).toBe('disagree');
  });

  it('lets an option bound the connect where it ends the connection or the handshake', () => {
    const probes = (['blackhole', 'hang'] as const).map((fault) => ({ ...probeOf({ kind: 'rejects', ms: 1_000 }), fault }));
    const settled = (first: Outcome['kind'], second: Outcome['kind']): string[] =>
      settleConnects(probes, probes.map((probe, at) => compare(probe, ranOf({ kind: at === 0 ? first : second, ms: 1_000 })))).map((one) => one.verdict);
    expect(settled('rejected', 'pending')).toEqual(['agree', 'recorded']);
    expect(settled('pending', 'pending')).toEqual(['disagree', 'disagree']);
  });

  it('does not take a package that does not load for one that disagrees', () => {
    expect(verdict({ kind: 'pending' }, { kind: 'unusable', text: 'Error: no' })).toBe('not run');
  });
});

describe('options', () => {
  it('stand at their dotted paths, and leave what is there', () => {
    const options = readOptions({ retry: { limit: 0 } }, [{ place: 'call', path: 'retry.delay', text: '1_000' }, { place: 'construct', path: 'a', text: '1' }], 'call', {});
    expect(options).toEqual({ retry: { limit: 0, delay: 1_000 } });
  });

  it('may name what is imported', () => {
    expect(evaluate('{callee}.one + {import two}', { main: { one: 1 }, named: { two: 2 } })).toBe(3);
    const made = {};
    put(made, 'a.b', 1);
    expect(made).toEqual({ a: { b: 1 } });
  });
});

describe('the cases', () => {
  const pinned = pinnedIn(packagesFolder);

  it('have an entry in the catalogue', () => {
    expect(cases.filter((one) => !entries.some((entry) => entry.package === one.entry)).map((one) => one.entry)).toEqual([]);
  });

  it('name packages that are pinned exactly', () => {
    const aliases = cases.flatMap((one) => [...one.subjects, ...(one.needs ?? [])]).map(aliasOf).filter((alias) => !/^(?:node|global):/.test(alias));
    expect(aliases.filter((alias) => !/^(?:npm:(?:@[\w-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+$/.test(pinned[alias] ?? ''))).toEqual([]);
  });

  it('use every package that is pinned, but those that others need beside them', () => {
    const used = new Set(cases.flatMap((one) => [...one.subjects, ...(one.needs ?? [])]).map(aliasOf));
    expect(Object.keys(pinned).filter((alias) => !used.has(alias))).toEqual(['amqplib', 'graphql', 'pg']);
  });

  it('ask for rows that are there: a retry, an event', () => {
    const missing = cases.filter((one) => {
      const entry = entries.find(({ package: name }) => name === one.entry);
      return (one.retry && !entry?.retries?.some((row) => row.of.some((name) => name === one.retry?.of || name.startsWith('*')))) ?? (one.event && !entry?.errorEvents?.some((row) => row.on === one.event?.on));
    });
    expect(missing.map((one) => one.entry)).toEqual([]);
  });
});

describe('the page', () => {
  it('shows one row for what differs only in the other side, and names what nobody has run', () => {
    const result: Result = { entry: 'x', package: 'x', version: '1.0.0', claim: '`t` ends it', against: 'hang', measured: 'rejects after 1.0 s: TimeoutError: 127', verdict: 'agree' };
    const page = measuredPage({ date: '2030-01-02', node: '20.1.0', results: [result, { ...result, against: 'drip' }] }, [{ package: 'x', role: 'http', sources: [] }, { package: 'y', role: 'http', sources: [] }]);
    expect(page).toContain('| `t` ends it | hang, drip | rejects after 1.0 s: TimeoutError | agree |');
    expect(page).toContain('Entries without a run:\n\n`y`');
  });
});

function probeOf(expectation: Expectation): Probe {
  return { claim: 'c', fault: 'hang', options: [], deadlineMs: 3_500, task: { kind: 'call' }, expect: expectation };
}

function ranOf(outcome: Partial<Outcome>, connections = 0): Ran {
  return { outcome: { kind: 'pending', ms: 0, ...outcome }, connections, commands: [] };
}

const wait = (ms: number): Promise<string> => new Promise((resolve) => setTimeout(() => resolve('pending'), ms));

/** What a plain request sees within 600 ms. */
async function fetched(fault: Fault): Promise<string> {
  const server = await startServer('http', fault);
  let text = '';
  const request = get({ port: server.port, host: '127.0.0.1', agent: false, signal: AbortSignal.timeout(5_000) });
  const answered = new Promise<string>((resolve) => {
    request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'failed'));
    request.on('response', (response) => response.on('data', (data: Buffer) => (text += data.toString())).on('end', () => resolve(`${response.statusCode ?? 0} ${text}`)).on('error', () => undefined));
  });
  const seen = await Promise.race([answered, wait(600)]);
  request.destroy();
  await server.close();
  return seen === 'pending' && text !== '' ? `${text}… pending` : seen;
}
