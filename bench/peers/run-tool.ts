// Runs one tool and reads the JSON that it prints; what it exits with says nothing, as every linter exits with 1 on findings.

import { spawnSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';

export interface ToolAnswer {
  readonly json: unknown;
  readonly ms: number;
  readonly failure?: string;
}

export function runTool(command: string, args: readonly string[], cwd: string): ToolAnswer {
  const start = performance.now();
  const { stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 1 << 29, timeout: 900_000 });
  const ms = performance.now() - start;
  try {
    return { json: JSON.parse(stdout) as unknown, ms };
  } catch {
    return { json: undefined, ms, failure: (stderr.trim().split('\n').at(-1) ?? '').slice(0, 200) };
  }
}

/** A value of untyped JSON by its path; undefined where a step is missing. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((here, key) => (typeof here === 'object' && here !== null ? (here as Record<string | number, unknown>)[key] : undefined), value);
}

export function listAt(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? (found as unknown[]) : [];
}

export function textAt(value: unknown, ...path: readonly (string | number)[]): string {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : '';
}
