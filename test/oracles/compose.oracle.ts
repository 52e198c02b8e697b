// Compose against compose-go: what Docker Compose makes of a project is the truth for every field that a rule reads.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UNKNOWN } from '../../engine/artifacts/compose/interpolate';
import { parseDuration } from '../../engine/duration';
import { layerServices } from '../../engine/model/compose/layers';
import type { Container, Setting, Workload } from '../../engine/model/model';
import { agree, type Comparison } from './agreement';
import { readFolder, repositories } from './corpus';
import { toolPath } from './tools.mjs';

const program = toolPath('compose-config');
const AUTOMATIC = /(^|\/)(?:docker-)?compose\.ya?ml$/i;
const OVERRIDE = /(^|\/)(?:docker-)?compose\.override\.ya?ml$/i;

interface Truth {
  readonly files: readonly string[];
  readonly project?: { readonly services?: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
  readonly error?: string;
}

describe.skipIf(!program || repositories().length === 0)('compose-go (needs `npm run oracles:install compose-config` and HOLDFAST_CORPUS)', () => {
  it('agrees with at least 99 % of the values that we claim to know', async () => {
    const comparisons: Comparison[] = [];
    const refused: string[] = [];
    let files = 0;
    for (const root of repositories()) {
      const { facts, system } = await readFolder(root, (path) => /\.ya?ml$/i.test(path));
      const compose = facts.filter((fact) => fact.kind === 'compose');
      const layered = new Map(layerServices(compose).map((one) => [`${one.own.file}/${one.own.service.name}`, one]));
      const paths = compose.map((fact) => fact.path);
      const answers = resolve(paths.map((path) => {
        const base = OVERRIDE.test(path) ? paths.find((other) => AUTOMATIC.test(other) && folder(other) === folder(path)) : undefined;
        return [...(base === undefined ? [] : [base]), path].map((name) => join(root, name));
      }));
      for (const [i, path] of paths.entries()) {
        const answer = answers[i];
        if (!answer?.project) {
          refused.push(`${path}: ${answer?.error ?? 'no answer'}`);
          continue;
        }
        files++;
        for (const [name, truth] of Object.entries(answer.project.services ?? {})) {
          const workload = system.workloads.find((one) => one.id === `compose/${path}/${name}`);
          if (!workload || workload.isFragment || workload.containers[0] === undefined) continue;
          // A file over another one that Docker would not put together by itself: ours knows more than the truth at hand.
          const one = layered.get(`${path}/${name}`);
          if (one && (one.overlays.length > 0 || one.layers.some((layer) => layer.file !== path && layer.service.name === name && !answer.files.some((file) => file.endsWith(`/${layer.file}`))))) continue;
          comparisons.push(...compare(`${root}/${path} ${name}`, truth, workload, workload.containers[0], one?.isOpen === true));
        }
      }
    }
    const agreement = agree(comparisons);
    console.log(`${files} files, ${refused.length} that compose-go refuses\n${agreement.table}\n${agreement.right} right, ${agreement.wrong.length} wrong, ${agreement.unknown} unknown: ${(agreement.share * 100).toFixed(2)} %`);
    for (const one of agreement.wrong.slice(0, 60)) console.log(`${one.where} ${one.field}: truth ${JSON.stringify(one.truth)}, ours ${JSON.stringify(one.ours)}`);
    if (process.env['SHOW_REFUSED']) console.log(refused.join('\n'));
    expect(agreement.share).toBeGreaterThanOrEqual(0.99);
  });
});

function folder(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

function resolve(projects: readonly (readonly string[])[]): Truth[] {
  const { stdout } = spawnSync(program ?? '', { input: projects.map((files) => JSON.stringify(files)).join('\n'), encoding: 'utf8', maxBuffer: 1 << 29 });
  return stdout.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Truth);
}

type Json = Readonly<Record<string, unknown>>;

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((here, key) => (typeof here === 'object' && here !== null ? (here as Json)[key] : undefined), value);
}

function compare(where: string, truth: Json, workload: Workload, container: Container, isOpen: boolean): Comparison[] {
  const found: Comparison[] = [];
  const add = <T>(field: string, wanted: unknown, ours: Setting<T>, value: (setting: T) => unknown = (setting) => setting): void => {
    if (ours.state === 'unknown') found.push({ where, field, truth: wanted, ours: { state: 'unknown', because: ours.because } });
    else if (ours.state === 'set' && JSON.stringify(ours.value).includes(UNKNOWN)) found.push({ where, field, truth: wanted, ours: { state: 'unknown', because: 'a variable in it' } });
    else if (ours.state === 'set') found.push({ where, field, truth: wanted, ours: { state: 'known', value: value(ours.value) } });
    else found.push({ where, field, truth: wanted, ours: { state: 'known', value: undefined } });
  };
  const build = at(truth, 'build') !== undefined;
  if (!build) add('image', at(truth, 'image'), container.image);
  const policy = at(truth, 'deploy', 'restart_policy', 'condition');
  const restart = at(truth, 'restart');
  const wantedRestart = at(truth, 'deploy', 'restart_policy') === undefined ? (typeof restart === 'string' && restart !== '' ? restart.split(':')[0] : undefined) : policy === 'none' ? 'no' : policy === 'on-failure' ? 'on-failure' : 'always';
  add('restart', wantedRestart, workload.restart);
  add('replicas', at(truth, 'deploy', 'replicas') ?? at(truth, 'scale'), workload.instances);
  add('memory limit', bytes(at(truth, 'deploy', 'resources', 'limits', 'memory') ?? at(truth, 'mem_limit')), container.memoryLimit, dockerBytes);
  add('memory reservation', bytes(at(truth, 'deploy', 'resources', 'reservations', 'memory') ?? at(truth, 'mem_reservation')), container.memoryRequest, dockerBytes);
  add('cpu limit', number(at(truth, 'deploy', 'resources', 'limits', 'cpus') ?? at(truth, 'cpus')), container.cpuLimit, Number);
  add('stop grace period', ms(at(truth, 'stop_grace_period')), workload.gracePeriodMs);
  if (!build) add('stop signal', at(truth, 'stop_signal'), workload.stopSignal);
  if (!container.build) {
    const entrypoint = at(truth, 'entrypoint');
    const command = at(truth, 'command');
    const words = [...(Array.isArray(entrypoint) ? entrypoint : []), ...(Array.isArray(command) ? command : [])] as unknown[];
    add('command', words.length === 0 ? undefined : words, container.command, (argv) => (argv.length === 0 ? undefined : argv));
  }
  const check = at(truth, 'healthcheck');
  if (!container.build && !build) {
    const test = at(check, 'test');
    const isOff = at(check, 'disable') === true || (Array.isArray(test) && test[0] === 'NONE');
    const ours = container.healthCheck;
    const known = ours.state === 'set' ? (ours.value.isDisabled ? 'off' : wordsOf(ours.value)) : undefined;
    if (ours.state === 'unknown') {
      if (check !== undefined && test !== undefined) found.push({ where, field: 'health check', truth: test, ours: { state: 'unknown', because: ours.because } });
    } else if (known !== 'unknown' && !JSON.stringify(known ?? '').includes(UNKNOWN)) found.push({ where, field: 'health check', truth: check === undefined ? undefined : isOff ? 'off' : test, ours: { state: 'known', value: known } });
    if (ours.state === 'set' && check !== undefined) {
      add('health check interval', ms(at(check, 'interval')), ours.value.intervalMs);
      add('health check timeout', ms(at(check, 'timeout')), ours.value.timeoutMs);
      add('health check retries', at(check, 'retries'), ours.value.retries);
      add('health check start period', ms(at(check, 'start_period')), ours.value.startPeriodMs);
    }
  }
  const edges = Object.entries((at(truth, 'depends_on') ?? {}) as Json).map(([name, edge]) => `${name} ${String(at(edge, 'condition')).replace('service_', '').replace('completed_successfully', 'completed')}`).sort();
  if (!isOpen) found.push({ where, field: 'depends_on', truth: edges, ours: { state: 'known', value: workload.dependencies.map((edge) => `${edge.on} ${edge.condition}`).sort() } });
  const ports = [...((at(truth, 'ports') ?? []) as unknown[]).map((port) => at(port, 'target')), ...((at(truth, 'expose') ?? []) as unknown[]).map((port) => Number(/\d+$/.exec(String(port).replace(/\/\w+$/, ''))?.[0]))];
  const own = container.ports.flatMap((port) => port.number ?? []);
  if (own.length === container.ports.length) found.push({ where, field: 'ports', truth: unique(ports), ours: { state: 'known', value: unique(own) } });
  const mounts = [...((at(truth, 'volumes') ?? []) as unknown[]).map((mount) => at(mount, 'target')), ...((at(truth, 'tmpfs') ?? []) as unknown[]).map((mount) => String(mount).split(':')[0])];
  if (container.hasOpenMounts !== true) found.push({ where, field: 'mounts', truth: unique(mounts.map(slashless)), ours: { state: 'known', value: unique(container.mounts.map((mount) => slashless(mount.target))) } });
  for (const [name, setting] of Object.entries(container.environment)) {
    if (setting.state === 'set') found.push({ where, field: 'environment', truth: at(truth, 'environment', name), ours: { state: 'known', value: setting.value } });
  }
  return found;
}

function wordsOf(check: { readonly test: { readonly form: string; readonly argv?: readonly string[]; readonly command?: string } }): unknown {
  if (check.test.form === 'argv') return ['CMD', ...(check.test.argv ?? [])];
  if (check.test.form === 'shell') return ['CMD-SHELL', check.test.command];
  return check.test.form === 'malformed' ? check.test.argv : 'unknown';
}

function slashless(path: unknown): string {
  const text = String(path);
  return text.length > 1 ? text.replace(/\/+$/, '') : text;
}

function unique(values: readonly unknown[]): unknown[] {
  return [...new Set(values)].sort((a, b) => (String(a) < String(b) ? -1 : 1));
}

function bytes(value: unknown): number | undefined {
  return value === undefined ? undefined : Number(value);
}

function number(value: unknown): number | undefined {
  return value === undefined ? undefined : Number(value);
}

function ms(value: unknown): number | undefined {
  return typeof value === 'string' ? parseDuration(value) : undefined;
}

/** As go-units reads a size: binary units, any case, `b` and `ib` optional. */
function dockerBytes(text: string): number | undefined {
  const match = /^\s*([\d.]+)\s*([kmgtp]?)(?:i?b)?\s*$/i.exec(text);
  return match ? Math.floor(Number(match[1]) * 1024 ** ' kmgtp'.indexOf((match[2] ?? '') === '' ? ' ' : (match[2] ?? '').toLowerCase())) : undefined;
}
