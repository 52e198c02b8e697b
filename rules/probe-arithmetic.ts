// The numbers and questions of probes: what each combination of them does to an instance. One finding for one cause.

import { formatDuration } from '../engine/duration';
import type { Fix } from '../engine/lint/fix';
import type { Severity } from '../engine/lint/finding';
import type { Report } from '../engine/lint/rule';
import type { ArtifactIntent } from '../engine/artifacts/intent';
import type { Container, Probe, Setting, Workload } from '../engine/model/model';
import { containerLabel, intend, keepsData, settled, subjectOf } from '../engine/model/questions';

export type ProbeMessage = 'identical' | 'one' | 'window' | 'late' | 'slow' | 'success' | 'port' | 'always';

export type ProbeFinding = Report<ProbeMessage> & { readonly severity: Severity };

export interface ProbeOptions {
  readonly window: number;
  readonly slowCommands: readonly string[];
}

type Name = 'liveness' | 'readiness' | 'startup';
type Field = Extract<ArtifactIntent, { kind: 'set-probe-field' }>['field'];

/** Everything that is wrong with the probes of one container. A number that is unknown proves nothing. */
export function judgeProbes(workload: Workload, container: Container, options: ProbeOptions): ProbeFinding[] {
  const found: (ProbeFinding | undefined)[] = [];
  const liveness = settled(container.liveness);
  const readiness = settled(container.readiness);
  const same = liveness && readiness ? identical(workload, container, liveness, readiness, options) : undefined;
  found.push(same);
  if (liveness) found.push(same ? undefined : tooQuick(workload, container, liveness, options), wrongSuccess(workload, container, 'liveness', liveness));
  const startup = settled(container.startup);
  if (startup) found.push(wrongSuccess(workload, container, 'startup', startup));
  let slow: ProbeFinding | undefined;
  for (const [name, probe] of [['liveness', liveness], ['readiness', readiness], ['startup', startup]] as const) {
    if (!probe) continue;
    slow ??= tooSlow(workload, container, name, probe, options);
    found.push(name === 'startup' ? undefined : lateAnswer(workload, container, name, probe), wrongPort(workload, container, name, probe), cannotFail(workload, container, name, probe));
  }
  found.push(slow);
  return found.filter((one) => one !== undefined);
}

function finding(
  workload: Workload, container: Container, at: Probe['at'], message: ProbeMessage, severity: Severity, data: Readonly<Record<string, string | number>>, fixes: readonly Fix[] = [],
): ProbeFinding {
  return { at, message, data: { workload: containerLabel(workload, container), ...data }, fixes, subject: `${subjectOf(workload, container)}/${message}`, severity };
}

function setField(container: Container, probe: Name, field: Field, value: number | string, title: string, safety: Fix['safety']): Fix {
  return { title, safety, operations: [intend(container.resource, { kind: 'set-probe-field', probe, field, value })] };
}

function placeOf<T>(setting: Setting<T>, fallback: Probe['at']): Probe['at'] {
  return setting.state === 'set' ? setting.at : fallback;
}

/** Seconds without an answer until the probe gives up. */
function windowOf(probe: Probe): number | undefined {
  const period = settled(probe.periodSeconds);
  const threshold = settled(probe.failureThreshold);
  return period === undefined || threshold === undefined ? undefined : period * threshold;
}

function identical(workload: Workload, container: Container, liveness: Probe, readiness: Probe, options: ProbeOptions): ProbeFinding | undefined {
  const question = questionOf(liveness);
  if (question === undefined || question !== questionOf(readiness)) return undefined;
  const window = windowOf(liveness);
  const pause = windowOf(readiness);
  if (window === undefined || pause === undefined || window > pause) return undefined;
  const period = settled(liveness.periodSeconds) ?? 10;
  // Patient enough, too, not to be too quick on its own.
  const count = Math.max(6, Math.ceil((pause * 3) / period), Math.ceil(Math.max(30, options.window / 1_000) / period));
  const own = container.health?.liveness;
  const asksElsewhere = own && liveness.handler.kind === 'http' && own.path !== liveness.handler.path;
  const fixes = [
    ...(asksElsewhere ? [setField(container, 'liveness', 'path', own.path, `Ask \`GET ${own.path}\` for liveness`.slice(0, 60), 'by-hand')] : []),
    setField(container, 'liveness', 'failureThreshold', count, `Restart only after ${count} failures`, 'unsafe'),
  ];
  // For a store the ping is often the only question there is.
  const severity = window < 30 && !keepsData(workload) && workload.role !== 'cache' ? 'warning' : 'info';
  return {
    ...finding(workload, container, liveness.at, 'identical', severity, { question }, fixes),
    related: [{ at: readiness.at, text: 'the readiness probe asks the same' }, ...(own ? [{ at: own.at, text: 'a route that asks only the process' }] : [])],
  };
}

/** What a probe asks, in words that are equal for equal questions. */
function questionOf({ handler }: Probe): string | undefined {
  switch (handler.kind) {
    case 'http':
      return handler.path.length > 60 ? undefined : `\`GET ${handler.path}\``;
    case 'tcp':
      return `port ${handler.port}`;
    case 'grpc':
      return `gRPC port ${handler.port}`;
    case 'exec':
      return `\`${shorten(handler.command.join(' '))}\``;
    case 'unknown':
      return undefined;
  }
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= 40 ? line : `${line.slice(0, 39)}…`;
}

function tooQuick(workload: Workload, container: Container, probe: Probe, options: ProbeOptions): ProbeFinding | undefined {
  const threshold = settled(probe.failureThreshold);
  if (probe.failureThreshold.state === 'set' && threshold === 1) {
    return finding(workload, container, probe.failureThreshold.at, 'one', 'warning', {}, [setField(container, 'liveness', 'failureThreshold', 3, 'Set `failureThreshold` to 3', 'unsafe')]);
  }
  const window = windowOf(probe);
  const period = settled(probe.periodSeconds);
  if (window === undefined || threshold === undefined || period === undefined || period <= 0 || window * 1_000 >= options.window) return undefined;
  const count = Math.ceil(30 / period);
  return finding(workload, container, placeOf(probe.periodSeconds, placeOf(probe.failureThreshold, probe.at)), 'window', 'warning', {
    window: formatDuration(window * 1_000),
    period: formatDuration(period * 1_000),
    count: threshold,
  }, [setField(container, 'liveness', 'failureThreshold', count, `Set \`failureThreshold\` to ${count}`, 'unsafe')]);
}

function lateAnswer(workload: Workload, container: Container, name: Name, probe: Probe): ProbeFinding | undefined {
  const timeout = settled(probe.timeoutSeconds);
  const period = settled(probe.periodSeconds);
  if (timeout === undefined || period === undefined || timeout <= period || name !== 'liveness') return undefined;
  return finding(workload, container, placeOf(probe.timeoutSeconds, probe.at), 'late', 'info', { timeout, period }, [setField(container, name, 'timeoutSeconds', period, `Set \`timeoutSeconds\` to ${period}`, 'unsafe')]);
}

function tooSlow(workload: Workload, container: Container, name: Name, probe: Probe, options: ProbeOptions): ProbeFinding | undefined {
  if (probe.handler.kind !== 'exec' || settled(probe.timeoutSeconds) !== 1) return undefined;
  const command = commandOf(probe.handler.command);
  const known = container.knownImage?.probe;
  const isSlow = options.slowCommands.includes(command) || (known?.kind === 'exec' && known.command[0] === command && (known.timeoutSeconds ?? 1) > 5);
  if (!isSlow) return undefined;
  const period = settled(probe.periodSeconds) ?? 10;
  const seconds = Math.min(10, Math.max(period, 2));
  return finding(workload, container, probe.at, 'slow', 'warning', { probe: name, command }, [setField(container, name, 'timeoutSeconds', seconds, `Set \`timeoutSeconds\` to ${seconds}`, 'safe')]);
}

/** The program that a probe starts, behind a shell and its path. */
function commandOf(command: readonly string[]): string {
  const isShell = /(?:^|\/)(?:sh|bash|ash)$/.test(command[0] ?? '') && /^-\w*c$/.test(command[1] ?? '');
  const words = isShell ? (command[2] ?? '').trim().split(/\s+/) : command;
  const first = words[0] === 'exec' ? (words[1] ?? '') : (words[0] ?? '');
  return first.slice(first.lastIndexOf('/') + 1);
}

function wrongSuccess(workload: Workload, container: Container, name: Name, probe: Probe): ProbeFinding | undefined {
  if (probe.successThreshold.state !== 'set' || probe.successThreshold.value === 1) return undefined;
  return finding(workload, container, probe.successThreshold.at, 'success', 'error', { probe: name }, [setField(container, name, 'successThreshold', 1, 'Set `successThreshold` to 1', 'safe')]);
}

/** A number that is not declared may still be served; a name that is not declared cannot be asked at all. */
function wrongPort(workload: Workload, container: Container, name: Name, probe: Probe): ProbeFinding | undefined {
  const { handler } = probe;
  if (handler.kind !== 'http' && handler.kind !== 'tcp') return undefined;
  const declared = container.ports.flatMap((port) => port.number ?? []);
  const only = container.health?.port ?? (declared.length === 1 ? declared[0] : undefined);
  const fixes = only === undefined ? [] : [setField(container, name, 'port', only, `Ask port ${only}`, 'safe')];
  const consequence = name === 'readiness' ? 'never gets ready' : 'is restarted for ever';
  if (typeof handler.port === 'string') {
    if (container.hasOpenPorts || container.ports.some((port) => port.name === handler.port) || /^\d+$/.test(handler.port)) return undefined;
    return finding(workload, container, handler.portAt, 'port', 'error', { consequence, port: `\`${handler.port}\``, known: 'and no port of the container has that name' }, fixes);
  }
  const listening = container.health?.port;
  const mains = workload.containers.filter((candidate) => candidate.kind !== 'init');
  if (listening === undefined || listening === handler.port || declared.includes(handler.port) || mains.length > 1) return undefined;
  return finding(workload, container, handler.portAt, 'port', 'warning', { consequence, port: handler.port, known: `the server listens on ${listening}` }, fixes);
}

function cannotFail(workload: Workload, container: Container, name: Name, probe: Probe): ProbeFinding | undefined {
  if (probe.handler.kind !== 'exec') return undefined;
  const { command } = probe.handler;
  const isShell = /(?:^|\/)(?:sh|bash|ash)$/.test(command[0] ?? '') && /^-\w*c$/.test(command[1] ?? '');
  const text = (isShell ? (command[2] ?? '') : command.join(' ')).trim();
  if (!/^(?:\/(?:usr\/)?bin\/)?(?:true|:|exit 0|echo(?: [^;&|`$()]*)?)$/.test(text) && !/\|\|\s*(?:true|exit 0|:)\s*$/.test(text)) return undefined;
  return finding(workload, container, probe.at, 'always', 'warning', { probe: name, command: shorten(text) });
}
