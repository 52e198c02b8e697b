// Runs commands as whole processes, interleaved, and keeps wall time, CPU time and peak memory of each run.

import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Contender {
  readonly name: string;
  readonly command: readonly string[];
  readonly cwd: string;
  /** Before each run: empties a cache, touches a file. */
  readonly prepare?: () => void;
  /** Runs once before all, unmeasured: fills its cache. */
  readonly warmsUp?: boolean;
  /** Runs fewer times, where one run takes minutes. */
  readonly runs?: number;
}

export interface Measured {
  readonly name: string;
  readonly wallMs: number;
  readonly wallMinMs: number;
  readonly cpuMs: number;
  readonly memoryMb: number;
  readonly exitCodes: readonly (number | null)[];
}

interface Run {
  readonly wall: number;
  readonly cpu: number;
  readonly memory: number;
  readonly status: number | null;
}

const LIMIT_MS = 600_000;

function runOnce(contender: Contender): Run {
  contender.prepare?.();
  const usageFile = join(tmpdir(), `bench-usage-${process.pid}.json`);
  rmSync(usageFile, { force: true });
  const [command = '', ...rest] = contender.command;
  const start = process.hrtime.bigint();
  const result = spawnSync(command, rest, {
    cwd: contender.cwd,
    env: { ...process.env, NO_COLOR: '1', BENCH_USAGE: usageFile, NODE_OPTIONS: `--require ${join(import.meta.dirname, 'usage.cjs')}` },
    stdio: 'ignore',
    timeout: LIMIT_MS,
  });
  const wall = Number(process.hrtime.bigint() - start) / 1e6;
  if (result.error) throw new Error(`${contender.name}: ${result.error.message}`);
  const usage = JSON.parse(readFileSync(usageFile, 'utf8')) as { cpu: number; memory: number };
  return { wall, cpu: usage.cpu, memory: usage.memory, status: result.status };
}

/** Runs all contenders `runs` times in turn, so that a busy machine slows all alike. Medians, and the minimum of the wall time. */
export function measure(contenders: readonly Contender[], runs: number): Measured[] {
  const all = new Map<string, Run[]>();
  for (const contender of contenders) if (contender.warmsUp) runOnce(contender);
  for (let round = 0; round < runs; round++) {
    for (const contender of contenders) {
      if (round >= (contender.runs ?? runs)) continue;
      all.set(contender.name, [...(all.get(contender.name) ?? []), runOnce(contender)]);
    }
  }
  return [...all].map(([name, results]) => ({
    name,
    wallMs: median(results.map((run) => run.wall)),
    wallMinMs: Math.min(...results.map((run) => run.wall)),
    cpuMs: median(results.map((run) => run.cpu)),
    memoryMb: median(results.map((run) => run.memory)),
    exitCodes: results.map((run) => run.status),
  }));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
