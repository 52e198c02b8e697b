// One job: a server that behaves as asked, a child process that does the job, and a deadline on both.

import { fork } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { cases } from './cases/index';
import type { Fault, Job, Outcome } from './contract';
import { packagesFolder } from './packages';
import { startServer } from './servers/server';

const childFile = join(packagesFolder, 'node_modules', '.verify', 'child.mjs');

/** What a job needs besides its server. */
export type Asked = Omit<Job, 'host' | 'port' | 'version'> & { readonly fault: Fault; readonly version: string };

export interface Ran {
  readonly outcome: Outcome;
  readonly connections: number;
  /** When the server heard each command, ms since 1970. */
  readonly commands: readonly number[];
}

/** Bundles the child beside the installed packages, so that it finds them by their aliases. Once a run. */
export async function buildChild(): Promise<void> {
  mkdirSync(join(childFile, '..'), { recursive: true });
  await build({ entryPoints: [join(import.meta.dirname, 'child.ts')], outfile: childFile, bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'error' });
}

/** How long a child may take to load a package, ms. */
const LOADING = 15_000;

/** Runs jobs of one case in one child, each against a server of its own; gives what the child said of each. Takes at most the longest deadline and the time to load. */
export async function runJobs(asked: readonly Asked[]): Promise<Ran[]> {
  const servers = await Promise.all(asked.map(({ index, fault }) => startServer(cases[index]?.protocol ?? 'tcp', fault)));
  try {
    const jobs = asked.map(({ fault: _, ...job }, at): Job => ({ ...job, host: '127.0.0.1', port: servers[at]?.port ?? 0 }));
    const outcomes = await inChild(jobs);
    return servers.map((server, at) => ({ outcome: outcomes[at] ?? { kind: 'unusable', ms: 0, text: 'the child did not answer' }, connections: server.connections(), commands: server.commands() }));
  } finally {
    await Promise.all(servers.map((server) => server.close()));
  }
}

async function inChild(jobs: readonly Job[]): Promise<readonly Outcome[]> {
  const deadlineMs = Math.max(...jobs.map((job) => job.deadlineMs));
  const all = (outcome: Outcome): Outcome[] => jobs.map(() => outcome);
  const child = fork(childFile, [], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: ['--no-warnings'], serialization: 'advanced' });
  return await new Promise((resolve) => {
    let isClosing = false;
    const end = (outcomes: readonly Outcome[]): void => {
      clearTimeout(timer);
      child.removeAllListeners();
      child.on('error', () => undefined);
      if (child.exitCode === null) child.kill('SIGKILL');
      resolve(outcomes);
    };
    const timer = setTimeout(() => end(all(isClosing ? { kind: 'open', ms: deadlineMs } : { kind: 'unusable', ms: 0, text: 'the child did not answer' })), deadlineMs + LOADING);
    child.on('message', (outcomes: readonly Outcome[]) => {
      if (outcomes[0]?.kind !== 'closed') return end(outcomes);
      // Closed: whether the process now ends by itself is the question.
      isClosing = true;
      setTimeout(() => end(all({ kind: 'open', ms: deadlineMs })), deadlineMs).unref();
    });
    child.on('error', (error) => end(all({ kind: 'unusable', ms: 0, text: error.message })));
    child.on('exit', (code) => end(all(isClosing ? { kind: 'closed', ms: 0 } : { kind: 'crashed', ms: 0, text: `the process ended with code ${code ?? 0}` })));
    child.send(jobs);
  });
}
