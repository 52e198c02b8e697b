// Dockerfiles against BuildKit's own parser: stages, commands and their forms, health checks.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDockerfile, recogniseDockerfile } from '../../engine/artifacts/dockerfile/read';
import type { DockerfileCommand, DockerfileStage } from '../../engine/artifacts/dockerfile/facts';
import { parseDuration } from '../../engine/duration';
import { agree, type Comparison } from './agreement';
import { filesBelow, repositories } from './corpus';
import { toolPath } from './tools.mjs';

const program = toolPath('dockerfile-stages');

interface Command {
  readonly words: readonly string[];
  readonly shell: boolean;
}

interface Stage {
  readonly name: string;
  readonly base: string;
  readonly cmd?: Command;
  readonly entrypoint?: Command;
  readonly health?: { readonly test: readonly string[]; readonly intervalMs: number; readonly timeoutMs: number; readonly retries: number };
  readonly ports: readonly string[];
  readonly user?: string;
  readonly stopSignal?: string;
}

interface Truth {
  readonly stages?: readonly Stage[];
  readonly error?: string;
}

describe.skipIf(!program || repositories().length === 0)('BuildKit (needs `npm run oracles:install dockerfile-stages` and HOLDFAST_CORPUS)', () => {
  it('agrees with at least 99 % of the values that we claim to know', () => {
    const comparisons: Comparison[] = [];
    const refused: string[] = [];
    const files = repositories().flatMap((root) => filesBelow(root, (path) => recogniseDockerfile(path, readFileSync(join(root, path), 'utf8'))).map((path) => join(root, path)));
    const { stdout } = spawnSync(program ?? '', { input: files.join('\n'), encoding: 'utf8', maxBuffer: 1 << 28 });
    for (const [i, line] of stdout.split('\n').filter((text) => text !== '').entries()) {
      const truth = JSON.parse(line) as Truth;
      const file = files[i] ?? '';
      if (!truth.stages) {
        refused.push(`${file}: ${truth.error ?? ''}`);
        continue;
      }
      const { stages } = readDockerfile(file, readFileSync(file, 'utf8')).facts;
      comparisons.push({ where: file, field: 'stages', truth: truth.stages.length, ours: { state: 'known', value: stages.length } });
      for (const [at, stage] of truth.stages.entries()) {
        const ours = stages[at];
        if (ours) comparisons.push(...compare(`${file} stage ${at}`, stage, ours));
      }
    }
    const agreement = agree(comparisons);
    console.log(`${files.length - refused.length} files, ${refused.length} that BuildKit refuses\n${agreement.table}\n${agreement.right} right, ${agreement.wrong.length} wrong, ${agreement.unknown} unknown: ${(agreement.share * 100).toFixed(2)} %`);
    for (const one of agreement.wrong.slice(0, 40)) console.log(`${one.where} ${one.field}: truth ${JSON.stringify(one.truth)}, ours ${JSON.stringify(one.ours)}`);
    if (process.env['SHOW_REFUSED']) console.log(refused.join('\n'));
    expect(agreement.share).toBeGreaterThanOrEqual(0.99);
  });
});

function compare(where: string, truth: Stage, ours: DockerfileStage): Comparison[] {
  const found: Comparison[] = [];
  const add = (field: string, wanted: unknown, value: unknown): void => void found.push({ where, field, truth: wanted, ours: { state: 'known', value } });
  if (!truth.base.includes('$')) add('base', truth.base, ours.base);
  add('name', truth.name === '' ? undefined : truth.name, ours.name);
  add('CMD', formOf(truth.cmd), commandOf(ours.command));
  add('ENTRYPOINT', formOf(truth.entrypoint), commandOf(ours.entrypoint));
  const test = truth.health?.test;
  add('HEALTHCHECK', test === undefined ? undefined : test[0] === 'NONE' ? 'off' : formOf({ words: test.slice(1), shell: test[0] === 'CMD-SHELL' }), ours.healthCheck && (ours.healthCheck.isDisabled ? 'off' : commandOf(ours.healthCheck.command)));
  if (truth.health && test?.[0] !== 'NONE') {
    add('HEALTHCHECK --interval', truth.health.intervalMs, parseDuration(ours.healthCheck?.interval ?? 0));
    add('HEALTHCHECK --timeout', truth.health.timeoutMs, parseDuration(ours.healthCheck?.timeout ?? 0));
    add('HEALTHCHECK --retries', truth.health.retries, ours.healthCheck?.retries ?? 0);
  }
  const sorted = (ports: readonly number[]): number[] => [...ports].sort((a, b) => a - b);
  if (!truth.ports.some((port) => /[$-]/.test(port))) add('EXPOSE', sorted(truth.ports.map((port) => Number.parseInt(port, 10))), sorted(ours.ports));
  if (truth.user?.includes('$') !== true) add('USER', truth.user, ours.user);
  add('STOPSIGNAL', truth.stopSignal, ours.stopSignal);
  return found;
}

/** Of a shell form the words as a shell sees them are compared, white space apart. */
function formOf(command: Command | undefined): unknown {
  return command && (command.shell ? `shell ${plain(command.words.join(' '))}` : command.words);
}

function commandOf(command: DockerfileCommand | undefined): unknown {
  return command && (command.form === 'shell' ? `shell ${plain(command.text)}` : command.argv);
}

function plain(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
