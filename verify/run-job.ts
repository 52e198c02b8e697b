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
  /** When the server heard each command, ms. */
  readonly commands: readonly number[];
}

/** Bundles the child beside the installed packages, so that it finds them by their aliases. Once a run. */
export async function buildChild(): Promise<void> {
  mkdirSync(join(childFile, '..'), { recursive: true });
  await build({ entryPoints: [join(import.meta.dirname, 'child.ts')], outfile: childFile, bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'error' });
}

/** How long a child may take to load a package, ms. */
const LOADING = 15_000;

/** Runs one job; gives what the child said, or what became of it. Takes at most the deadline and the time to load. */
export async function runJob(asked: Asked): Promise<Ran> {
  const { fault, ...job } = asked;
  const server = await startServer(cases[asked.index]?.protocol ?? 'tcp', fault);
  try {
    const outcome = await inChild({ ...job, host: '127.0.0.1', port: server.port });
    return { outcome, connections: server.connections(), commands: server.commands() };
  } finally {
    await server.close();
  }
}

async function inChild(job: Job): Promise<Outcome> {
  const child = fork(childFile, [], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: ['--no-warnings'], serialization: 'advanced' });
  return await new Promise<Outcome>((resolve) => {
    let closing: Outcome | undefined;
    const end = (outcome: Outcome): void => {
      clearTimeout(timer);
      child.removeAllListeners();
      child.on('error', () => undefined);
      if (child.exitCode === null) child.kill('SIGKILL');
      resolve(outcome);
    };
    const timer = setTimeout(() => end(closing ? { kind: 'open', ms: job.deadlineMs } : { kind: 'unusable', ms: 0, text: 'the child did not answer' }), job.deadlineMs + LOADING);
    child.on('message', (outcome: Outcome) => {
      if (outcome.kind !== 'closed') return end(outcome);
      // Closed: whether the process now ends by itself is the question.
      closing = outcome;
      setTimeout(() => end({ kind: 'open', ms: job.deadlineMs }), job.deadlineMs).unref();
    });
    child.on('error', (error) => end({ kind: 'unusable', ms: 0, text: error.message }));
    child.on('exit', (code) => end(closing ?? { kind: 'crashed', ms: 0, text: `the process ended with code ${code ?? 0}` }));
    child.send(job);
  });
}
