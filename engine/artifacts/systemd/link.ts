// Joins units with their drop-ins and with what starts them (timers, paths, sockets) into workloads.

import { environmentOf } from '../../model/environment';
import type { ModelPart, Setting, Workload } from '../../model/model';
import type { Supervision } from '../../model/supervision';
import type { Location } from '../../text';
import { systemdDuration } from './duration';
import type { SystemdFacts } from './facts';
import type { UnitLine } from './lines';

/** systemd.service(5), systemd.unit(5), systemd-system.conf(5). */
const DEFAULTS = { stopMs: 90_000, restartDelayMs: 100, burst: 5, intervalMs: 10_000 };

/** Workloads of all units. Linear in the units. */
export function linkSystemd(facts: readonly SystemdFacts[]): ModelPart {
  const dropIns = new Map<string, SystemdFacts[]>();
  for (const file of facts) if (file.isDropIn) dropIns.set(file.unit, [...(dropIns.get(file.unit) ?? []), file]);
  const started = new Set<string>();
  const sockets = new Set<string>();
  for (const file of facts) {
    const base = file.unit.replace(/\.\w+$/, '');
    if (/\.(?:timer|path)$/.test(file.unit)) started.add(valueOf(file.lines, 'Unit') ?? `${base}.service`);
    if (file.unit.endsWith('.socket')) sockets.add(valueOf(file.lines, 'Service') ?? `${base}.service`);
  }
  const workloads = facts.flatMap((file) => (file.isDropIn || !file.unit.endsWith('.service') ? [] : (toWorkload(file, dropIns.get(file.unit) ?? [], started, sockets) ?? [])));
  return { workloads };
}

interface Written extends UnitLine {
  readonly file: string;
}

function valueOf(lines: readonly UnitLine[], key: string): string | undefined {
  return lines.findLast((line) => line.key === key)?.value;
}

/** Of these the whole unit is known by systemd itself or by who calls it: no restart of its own is missing. */
const BY_OTHERS = new Set(['dbus', 'notify-reload']);

function toWorkload(file: SystemdFacts, dropIns: readonly SystemdFacts[], started: ReadonlySet<string>, sockets: ReadonlySet<string>): Workload | undefined {
  const section = file.sections.find((candidate) => candidate.name === 'Service');
  const lines: Written[] = [file, ...dropIns].flatMap((one) => one.lines.map((line) => ({ ...line, file: one.path })));
  const last = (key: string, where = 'Service'): Written | undefined => lines.findLast((line) => line.section === where && line.key === key);
  const command = lines.findLast((line) => line.section === 'Service' && line.key === 'ExecStart' && line.value !== '');
  if (!section || !command) return undefined;
  const type = last('Type')?.value ?? 'simple';
  const name = file.unit.replace(/\.service$/, '');
  const at: Location = { file: file.path, span: section.span };
  const isOneShot = type === 'oneshot' || type === 'idle' || started.has(file.unit) || last('RemainAfterExit')?.value === 'yes' || last('RemainAfterExit')?.value === 'true';
  const isSettledByOthers = BY_OTHERS.has(type) || sockets.has(file.unit) || file.unit.includes('@') || last('BusName') !== undefined || last('RefuseManualStart', 'Unit') !== undefined;
  return {
    id: `systemd/${file.path}`,
    name,
    format: 'systemd',
    kind: 'service',
    scope: file.path.slice(0, file.path.lastIndexOf('/') + 1),
    at,
    block: at,
    resource: { file: file.path, format: 'systemd', document: 0, path: ['Service'] },
    role: 'app',
    // Samples of units are what people copy into place.
    environment: environmentOf(file.path) === 'test' ? 'test' : 'unknown',
    isSingleHost: true,
    isServed: false,
    servedBy: [],
    isOneShot,
    isPerNode: false,
    isFragment: false,
    isSingleton: false,
    instances: { state: 'default', value: 1, source: 'systemd' },
    autoscalers: [],
    spread: { state: 'absent' },
    budgets: [],
    restart: restartOf(last('Restart'), isSettledByOthers),
    rollout: { strategy: { state: 'absent' }, maxUnavailable: { state: 'absent' }, maxSurge: { state: 'absent' }, rollsBack: { state: 'absent' } },
    gracePeriodMs: stopTime(durationSetting(last('TimeoutStopSec') ?? last('TimeoutSec'), DEFAULTS.stopMs)),
    stopSignal: textSetting(last('KillSignal')),
    dependencies: [],
    containers: [],
    labels: {},
    supervision: supervisionOf(lines, last),
  };
}

type Last = (key: string, where?: string) => Written | undefined;

function supervisionOf(lines: readonly Written[], last: Last): Supervision {
  const burst = last('StartLimitBurst', 'Unit') ?? last('StartLimitBurst');
  const interval = last('StartLimitIntervalSec', 'Unit') ?? last('StartLimitInterval', 'Unit') ?? last('StartLimitInterval');
  const intervalMs = durationSetting(interval, DEFAULTS.intervalMs);
  const kill = last('KillMode');
  return {
    stopKey: 'TimeoutStopSec',
    restartDelayMs: last('RestartSteps') ? { state: 'unknown', because: 'it grows' } : durationSetting(last('RestartSec'), DEFAULTS.restartDelayMs),
    restartDelay: { key: 'RestartSec', value: '5s', section: 'Service' },
    startLimit: { burst: burst && /^\d+$/.test(burst.value) ? Number(burst.value) : burst ? undefined : DEFAULTS.burst, intervalMs: intervalMs.state === 'set' || intervalMs.state === 'default' ? intervalMs.value : undefined },
    ...(kill?.value === 'none' ? { leavesProcesses: { file: kill.file, span: kill.span } } : {}),
    misplaced: lines.flatMap((line) => {
      const section = HOME[line.key];
      return section !== undefined && section !== line.section && (line.section === 'Unit' || line.section === 'Service' || line.section === 'Install')
        ? [{ key: line.key, value: line.value, section: line.section, home: section, at: { file: line.file, span: line.span } }]
        : [];
    }),
  };
}

/** Sections outside of which systemd ignores a key. `StartLimitInterval` and `StartLimitBurst` are still read in `[Service]`, their newer spelling is not. */
const HOME: Readonly<Record<string, string>> = {
  Restart: 'Service', RestartSec: 'Service', TimeoutStopSec: 'Service', StartLimitIntervalSec: 'Unit', OnFailure: 'Unit', WantedBy: 'Install',
};

function restartOf(line: Written | undefined, isSettledByOthers: boolean): Workload['restart'] {
  if (!line || line.value === '') return isSettledByOthers ? { state: 'unknown', because: 'something else starts it' } : { state: 'default', value: 'no', source: 'systemd' };
  const at = { file: line.file, span: line.span };
  if (line.value === 'no') return { state: 'set', value: 'no', at };
  if (line.value === 'always') return { state: 'set', value: 'always', at };
  return /^on-/.test(line.value) ? { state: 'set', value: 'on-failure', at } : { state: 'unknown', because: 'a variable' };
}

function durationSetting(line: Written | undefined, otherwise: number): Setting<number> {
  if (!line) return { state: 'default', value: otherwise, source: 'systemd' };
  const value = systemdDuration(line.value);
  return value === undefined ? { state: 'unknown', because: 'no time that is known' } : { state: 'set', value, at: { file: line.file, span: line.span } };
}

/** Here 0 means no limit, as it always did (systemd.service(5)). */
function stopTime(setting: Setting<number>): Setting<number> {
  return setting.state === 'set' && setting.value === 0 ? { state: 'unknown', because: 'it waits for ever' } : setting;
}

function textSetting(line: Written | undefined): Setting<string> {
  return line ? { state: 'set', value: line.value, at: { file: line.file, span: line.span } } : { state: 'absent' };
}
