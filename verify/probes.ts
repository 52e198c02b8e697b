// Turns the claims of a catalogue entry into probes: what to set, what the other side does, and what has to happen if the claim is right.

import semver from 'semver';
import type { Bound, LibraryEntry, Phase } from '../catalog/schema';
import type { Fault, Job, LibraryCase, OptionText, Place, Protocol } from './contract';
import { oneSecond, textOfValue } from './options';

/** How long a call is watched that has to stay pending, ms. */
export const PATIENCE = 3_500;
/** A default up to this is waited for. */
const LONGEST_DEFAULT = 15_000;

export type Expectation =
  /** Ends by a limit of `ms`. */
  | { readonly kind: 'rejects'; readonly ms: number }
  /** `wider`: a rejection after the option's second means that more is bounded than is claimed, which is no mistake but said. */
  | { readonly kind: 'pending'; readonly isLowerBound?: boolean; readonly wider?: boolean }
  /** Nothing is claimed: what happens is only recorded. */
  | { readonly kind: 'any' }
  | { readonly kind: 'refused-or-pending' }
  | { readonly kind: 'crashes'; readonly yes: boolean }
  | { readonly kind: 'connections'; readonly count: number | null }
  | { readonly kind: 'closes' }
  | { readonly kind: 'found'; readonly text: string };

export interface Probe {
  readonly claim: string;
  readonly fault: Fault;
  readonly options: readonly OptionText[];
  readonly deadlineMs: number;
  readonly task: Job['task'];
  readonly expect: Expectation;
}

const faultsOf: Readonly<Record<Protocol, readonly Fault[]>> = {
  http: ['hang', 'stall', 'drip'],
  http2: ['hang', 'silent'],
  postgres: ['hang', 'silent', 'drip'],
  mysql: ['hang', 'silent', 'drip'],
  redis: ['silent', 'drip'],
  mongodb: ['hang', 'silent', 'drip'],
  amqp: ['hang'],
  smtp: ['hang', 'silent', 'drip'],
  mqtt: ['hang', 'silent'],
  nats: ['hang', 'silent'],
  memcached: ['silent', 'drip'],
  websocket: ['hang'],
  tcp: ['hang'],
  none: ['silent'],
};

/** The phase in which a fault holds a call. */
function phaseOf(fault: Fault, subject: LibraryCase): Phase {
  if (fault === 'blackhole') return 'connect';
  if (fault === 'hang') return subject.hangs ?? (subject.protocol === 'http' ? 'headers' : 'connect');
  if (fault === 'stall') return 'bodyIdle';
  if (fault === 'drip') return 'total';
  return fault === 'queue' ? 'queue' : 'headers';
}

function covers(row: { readonly phases: readonly Phase[] }, phase: Phase): boolean {
  return row.phases.includes(phase) || (row.phases.includes('total') && (phase === 'headers' || phase === 'bodyIdle'));
}

const inMs = (row: Bound): number => (row.default ?? 0) * (row.unit === 's' ? 1_000 : 1);

/** All probes of one case at one version. `version` decides which rows hold. */
export function probesOf(entry: LibraryEntry, subject: LibraryCase, version: string): Probe[] {
  const holds = (row: { readonly versions?: string }): boolean => row.versions === undefined || semver.satisfies(version, row.versions, { includePrerelease: true });
  const isOurs = (row: { readonly on?: readonly string[]; readonly calls?: readonly string[] }): boolean => (!row.on || row.on.includes(subject.on)) && (!row.calls || row.calls.includes(subject.method));
  const rows = (entry.bounds ?? []).filter((row) => holds(row) && isOurs(row) && subject.skip?.[row.option] === undefined);
  const faults: Fault[] = [...(subject.faults ?? faultsOf[subject.protocol])];
  if (rows.some((row) => row.phases.includes('connect')) && subject.protocol !== 'none' && !faults.includes('blackhole')) faults.push('blackhole');
  const pool = entry.pools?.find((row) => holds(row) && row.on.includes(subject.on));
  // A protocol that is not spoken here never has a connection to queue for.
  if (pool?.size && subject.places.includes('construct') && subject.protocol !== 'tcp' && !faults.includes('queue')) faults.push('queue');
  const sized = (fault: Fault): OptionText[] => (fault === 'queue' && pool?.size ? [{ place: 'construct', path: pool.size.option, text: '1' }] : []);
  const probes: Probe[] = [];

  // What happens when nothing is set.
  const baseline = (fault: Fault): { readonly expect: Expectation; readonly deadlineMs: number; readonly claim: string } => {
    const phase = phaseOf(fault, subject);
    const rejecting = rows.filter((row) => covers(row, phase) && (row.enforces === undefined || (row.enforces === 'queue-only' && fault === 'queue')));
    const limited = rejecting.filter((row) => row.default !== null).sort((a, b) => inMs(a) - inMs(b))[0];
    if (!limited) {
      const isClaimed = rows.some((row) => covers(row, phase));
      return { expect: isClaimed || phase === 'headers' || phase === 'bodyIdle' || phase === 'total' ? { kind: 'pending' } : { kind: 'any' }, deadlineMs: PATIENCE, claim: isClaimed ? 'nothing set: no limit' : 'nothing set' };
    }
    const ms = inMs(limited);
    const claim = `nothing set: \`${limited.option}\` is ${ms} ms`;
    return ms <= LONGEST_DEFAULT ? { expect: { kind: 'rejects', ms }, deadlineMs: ms + 4_000, claim } : { expect: { kind: 'pending', isLowerBound: true }, deadlineMs: PATIENCE, claim };
  };
  const add = (claim: string, fault: Fault, options: readonly OptionText[], expect: Expectation, deadlineMs = PATIENCE): void => {
    probes.push({ claim, fault, options: [...sized(fault), ...options], expect, deadlineMs, task: { kind: fault === 'queue' ? 'queue' : 'call' } });
  };
  for (const fault of faults) {
    const { claim, expect, deadlineMs } = baseline(fault);
    add(claim, fault, [], expect, deadlineMs);
  }

  // Each limit, set to one second, at each place that the case can set it.
  for (const row of rows) {
    for (const place of placesOf(row.at, subject)) {
      const option: OptionText = { place, path: row.option, text: oneSecond(row) };
      const name = `\`${row.option}\` 1 s at ${placeName(place)}`;
      for (const fault of faults) {
        const phase = phaseOf(fault, subject);
        const isClaimed = covers(row, phase);
        if (fault === 'queue' && !isClaimed) continue;
        if ((fault === 'blackhole' || (fault === 'hang' && phase === 'connect')) && !isClaimed) continue;
        if (!isClaimed) add(`${name} does not bound this`, fault, [option], { kind: 'pending', wider: true });
        else if (row.enforces === 'warns' || row.enforces === 'emits' || (row.enforces === 'queue-only' && fault !== 'queue')) add(`${name} only ${row.enforces === 'queue-only' ? 'bounds the queue' : row.enforces}`, fault, [option], { kind: 'pending' });
        else add(`${name} ends it`, fault, [option], { kind: 'rejects', ms: 1_000 });
      }
      const main = faults.find((fault) => covers(row, phaseOf(fault, subject)));
      if (main === undefined) continue;
      for (const value of row.off ?? []) {
        const text = textOfValue(value);
        // Off is off for this row; what else bounds the phase by default still holds.
        const others = rows.filter((other) => other.option !== row.option && covers(other, phaseOf(main, subject)) && other.default !== null && inMs(other) <= PATIENCE);
        if (others.length === 0) add(`\`${row.option}: ${text}\` at ${placeName(place)} switches it off`, main, [{ place, path: row.option, text }], { kind: 'pending' });
      }
      if (row.enforcedBy !== undefined) add(`${name} ends it with \`${row.enforcedBy}\``, main, [option, { place, path: row.enforcedBy, text: 'true' }], { kind: 'rejects', ms: 1_000 });
      if (row.fix?.with) {
        const more = Object.entries(row.fix.with).map(([path, text]): OptionText => ({ place, path, text: text.replace(/^[\d_]+$/, '1000') }));
        for (const fault of faults.filter((one) => one === 'hang' || one === 'silent' || one === 'stall')) {
          const phase = phaseOf(fault, subject);
          if (covers(row, phase) || rows.some((other) => other.option in (row.fix?.with ?? {}) && covers(other, phase))) add(`the fix of \`${row.option}\` at ${placeName(place)}, with ${more.map((one) => `\`${one.path}\``).join(', ')}`, fault, [option, ...more], { kind: 'rejects', ms: 1_000 });
        }
      }
    }
  }

  // Signals end whatever they claim.
  for (const row of (entry.signals ?? []).filter((one) => holds(one) && isOurs(one))) {
    if (/cancelToken/i.test(row.option)) continue;
    for (const place of placesOf(row.at, subject)) {
      for (const fault of faults.filter((one) => covers(row, phaseOf(one, subject)) || (phaseOf(one, subject) === 'total' && row.phases.includes('total')))) {
        if (fault === 'queue') continue;
        add(`\`${row.option}\` of 1 s at ${placeName(place)} ends it`, fault, [{ place, path: row.option, text: 'AbortSignal.timeout(1000)' }], { kind: 'rejects', ms: 1_000 });
      }
    }
  }

  // What looks like a limit and is none.
  for (const row of (entry.ineffective ?? []).filter((one) => holds(one) && isOurs(one))) {
    if (row.because === 'warns' || row.because === 'place' || !subject.places.includes(row.at)) continue;
    const fault = faults.find((one) => one === 'hang' || one === 'silent');
    if (fault === undefined || (fault === 'hang' && phaseOf(fault, subject) === 'connect' && faults.includes('silent'))) {
      if (faults.includes('silent')) add(`\`${row.option}\` 1 s at ${placeName(row.at)} bounds nothing`, 'silent', [{ place: row.at, path: row.option, text: '1000' }], { kind: 'refused-or-pending' });
      continue;
    }
    add(`\`${row.option}\` 1 s at ${placeName(row.at)} bounds nothing`, fault, [{ place: row.at, path: row.option, text: '1000' }], { kind: 'refused-or-pending' });
  }

  if (pool?.size && subject.places.includes('construct') && subject.protocol !== 'tcp' && subject.protocol !== 'none' && subject.skip?.[pool.size.option] === undefined) {
    const count = pool.size.default;
    probes.push({ claim: count === null ? 'the pool has no limit' : `the pool holds ${count}`, fault: 'silent', options: [], expect: { kind: 'connections', count: count === null ? null : count + (subject.besides ?? 0) }, deadlineMs: PATIENCE, task: { kind: 'many', count: (count ?? 100) + 20 } });
  }
  if (subject.event) {
    const row = entry.errorEvents?.find((one) => holds(one) && one.on === subject.event?.on);
    if (row) probes.push({ claim: `\`${row.on}\` without an error listener: ${row.crashes ? 'ends the process' : 'the process goes on'}`, fault: subject.event.fault, options: [], expect: { kind: 'crashes', yes: row.crashes }, deadlineMs: PATIENCE, task: { kind: 'event' } });
  }
  const closing = entry.close?.find((row) => row.on === subject.on);
  if (closing && (subject.open ?? subject.protocol === 'http')) {
    probes.push({ claim: `\`${closing.method}()\` lets the process end`, fault: 'answer', options: [], expect: { kind: 'closes' }, deadlineMs: 4_000, task: { kind: 'close', method: closing.method } });
  }
  (subject.checks ?? []).forEach((check, index) => {
    probes.push({ claim: check.claim, fault: check.fault ?? 'silent', options: [], expect: { kind: 'found', text: check.expected }, deadlineMs: 8_000, task: { kind: 'check', check: index } });
  });
  return probes;
}

function placesOf(at: readonly Place[], subject: LibraryCase): Place[] {
  return at.filter((place) => subject.places.includes(place));
}

function placeName(place: Place): string {
  return { call: 'the call', construct: 'the client', defaults: 'the defaults', url: 'the URL', method: 'a method', chain: 'a method of the call' }[place];
}
