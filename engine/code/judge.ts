// The verdict on one call or client: what bounds it in time. From the catalogue's bounds, the options that are seen, guards, signals and the installed version.

import semver from 'semver';
import type { Bound, CallShape, LibraryEntry, Phase } from '../../catalog/schema';
import { stateOfBound, stateOfSignal, type BoundSources } from './bound-state';
import type { CallFact } from './facts';
import { ineffectiveOptions } from './ineffective';
import { optionAt, type Found } from './link-values';
import type { InstalledLibrary, Verdict } from './project';
import { holds } from './versions';

/** A longer default counts as weak; a longer limit as no limit. */
const WEAK_MS = 120_000;
const ABSURD_MS = 600_000;

export interface Case extends BoundSources {
  readonly library: InstalledLibrary;
  readonly instance: string;
  /** The method that is called; undefined = the verdict is on the client. */
  readonly method: string | undefined;
  readonly shape: CallShape | undefined;
  /** Something bounds it from outside. */
  readonly guard: { readonly ms?: number } | undefined;
  readonly arguments: CallFact['arguments'];
  readonly listeners: CallFact['listeners'];
}

/** Judges a call or client. Where the version is not known, the answer is what every possible version gives, else unknown. */
export function judge(given: Case): Verdict {
  if (given.guard) return { kind: 'bounded', by: 'guard', ...given.guard };
  const versions = given.library.version === undefined ? possibleVersions(given.library) : [given.library.version];
  if (versions.length === 0) return judgeVersion(given, given.library);
  const verdicts = versions.map((version) => judgeVersion(given, { ...given.library, version }));
  const last = verdicts[verdicts.length - 1];
  if (!last) return { kind: 'unknown', because: 'version' };
  return verdicts.every((verdict) => verdict.kind === last.kind) ? last : { kind: 'unknown', because: 'the installed version is not known' };
}

/** One version from each stretch in which the catalogue's rows stay the same, lowest first; none where no row asks for a version. */
function possibleVersions(library: InstalledLibrary): string[] {
  const texts = rangesOf(library.entry);
  if (texts.length === 0) return [];
  const candidates = new Set(['0.0.1', '9999.0.0']);
  for (const text of texts) {
    for (const match of text.matchAll(/\d+(?:\.\d+){0,2}/g)) {
      const version = semver.coerce(match[0]);
      if (!version) continue;
      candidates.add(version.version);
      candidates.add(`${version.major}.${version.minor}.${version.patch + 1}`);
      candidates.add(version.patch > 0 ? `${version.major}.${version.minor}.${version.patch - 1}` : version.minor > 0 ? `${version.major}.${version.minor - 1}.999` : `${Math.max(0, version.major - 1)}.999.999`);
    }
  }
  const declared = library.declared;
  const sorted = [...candidates].sort(semver.compare);
  if (declared === undefined) return sorted;
  const inside = sorted.filter((version) => semver.satisfies(version, declared));
  const lowest = semver.minVersion(declared)?.version;
  return lowest === undefined ? inside : [lowest, ...inside];
}

function rangesOf(entry: LibraryEntry): string[] {
  return [...(entry.bounds ?? []), ...(entry.signals ?? []), ...(entry.ineffective ?? [])].flatMap((row) => row.versions ?? []);
}

interface Limit {
  readonly ms: number | undefined;
  readonly by: 'default' | 'option' | 'signal' | 'global';
  readonly bound: Bound | undefined;
}

function judgeVersion(given: Case, library: InstalledLibrary): Verdict {
  const rows = (library.entry.bounds ?? []).filter((bound) => applies(bound, given) && holds(bound.versions, library) === 'yes');
  const limits = new Map<Phase, Limit>();
  const unknown = new Set<Phase>();
  const off: Extract<Verdict, { kind: 'disabled' }>[] = [];
  const ineffective: Extract<Verdict, { kind: 'ineffective' }>[] = [];
  const destroysOnTimeout = given.listeners.some((listener) => listener.event === 'timeout' && listener.destroys);

  for (const bound of rows) {
    const state = stateOfBound(bound, given);
    if (state.kind === 'unknown') for (const phase of bound.phases) unknown.add(phase);
    else if (state.kind === 'off') off.push({ kind: 'disabled', bound, value: state.value, at: state.at });
    else if (state.kind === 'absent') {
      if (bound.default !== null && bound.enforces !== 'emits' && bound.enforces !== 'warns') limit(bound, { ms: bound.default * (bound.unit === 's' ? 1_000 : 1), by: 'default', bound });
    } else if (bound.enforces === 'emits' && !destroysOnTimeout) {
      ineffective.push({ kind: 'ineffective', option: library.entry.ineffective?.find((row) => row.option === bound.option && row.because === 'event'), bound, value: state.value, at: state.at, because: 'event' });
    } else if (bound.enforces === 'warns' && !isEnforced(bound, given)) {
      ineffective.push({ kind: 'ineffective', option: library.entry.ineffective?.find((row) => row.option === bound.option && row.because === 'warns'), bound, value: state.value, at: state.at, because: 'warns' });
    } else if (bound.enforces === 'queue-only' && !bound.phases.includes('queue')) {
      ineffective.push({ kind: 'ineffective', option: undefined, bound, value: state.value, at: state.at, because: 'queue-only' });
    } else {
      if (bound.enforces === 'queue-only') ineffective.push({ kind: 'ineffective', option: undefined, bound, value: state.value, at: state.at, because: 'queue-only' });
      limit(bound, { ms: state.ms, by: state.from === 'defaults' ? 'global' : 'option', bound }, state);
    }
  }
  // A listener that ends the request on 'timeout' counts with the agent's own timer where no option is given.
  const emits = rows.find((bound) => bound.enforces === 'emits');
  if (destroysOnTimeout && emits?.phases.every((phase) => !limits.has(phase))) limit(emits, { ms: undefined, by: 'option', bound: emits });
  for (const option of library.entry.signals ?? []) {
    if ((option.on && !option.on.includes(given.instance)) || holds(option.versions, library) !== 'yes') continue;
    const state = stateOfSignal(option, given);
    if (state.kind === 'bounded') for (const phase of option.phases) put(phase, { ms: state.ms, by: 'signal', bound: undefined });
    else if (state.kind === 'unknown') for (const phase of option.phases) unknown.add(phase);
  }
  ineffective.push(...ineffectiveOptions(given, library));
  return verdictOf(given, rows, limits, unknown, off, ineffective);

  function limit(bound: Bound, value: Limit, state?: { readonly ms: number | undefined; readonly value: Extract<Verdict, { kind: 'disabled' }>['value']; readonly at: Case['at'] }): void {
    if (state && value.ms !== undefined && value.ms > ABSURD_MS) off.push({ kind: 'disabled', bound, value: state.value, at: state.at, ms: value.ms });
    for (const phase of bound.phases) put(phase, value);
  }

  // The shortest wins; one that is written wins over a default.
  function put(phase: Phase, value: Limit): void {
    const before = limits.get(phase);
    if (!before || (before.by === 'default' && value.by !== 'default') || (value.by !== 'default' && (value.ms ?? 0) < (before.ms ?? 0))) limits.set(phase, value);
  }
}

function applies(bound: Bound, given: Case): boolean {
  if ((bound.on && !bound.on.includes(given.instance)) || !suitsClient(bound, given)) return false;
  if (given.method === undefined) return bound.at.length === 0 || bound.at.some((at) => at !== 'call' && at !== 'chain');
  return !bound.calls || bound.calls.includes(given.method);
}

// An option that says which kind of store it is decides which rows hold.
function suitsClient({ when, unless }: Bound, { construct }: Case): boolean {
  if (unless && construct && unless.some((option) => isChosen(optionAt(construct.value, option, construct.argumentsOfClient)))) return false;
  if (!when) return true;
  const value = construct && optionAt(construct.value, when.option, construct.argumentsOfClient).value;
  return value?.kind === 'string' ? when.is.includes(value.value) : when.otherwise === true;
}

function isChosen({ entry, value }: Found): boolean {
  return entry !== undefined && value.kind !== 'undefined' && value.kind !== 'null' && !(value.kind === 'boolean' && !value.value);
}

function isEnforced(bound: Bound, given: Case): boolean {
  if (bound.enforcedBy === undefined) return false;
  const state = stateOfBound({ ...bound, option: bound.enforcedBy, off: [false] }, given);
  return state.kind === 'set' || state.kind === 'unknown';
}

const ANSWER: readonly Phase[] = ['headers', 'total'];
const REACH: readonly Phase[] = ['connect', 'queue', 'headers', 'total'];

function verdictOf(
  given: Case,
  rows: readonly Bound[],
  limits: ReadonlyMap<Phase, Limit>,
  unknown: ReadonlySet<Phase>,
  off: readonly Extract<Verdict, { kind: 'disabled' }>[],
  ineffective: readonly Extract<Verdict, { kind: 'ineffective' }>[],
): Verdict {
  const wanted = wantedPhases(given, rows);
  const found = wanted.flatMap((phase) => limits.get(phase) ?? []);
  const limit = found.find((one) => one.by !== 'default') ?? found[0];
  const isWritten = limit !== undefined && limit.by !== 'default';
  const relevantOff = off.find((found) => found.bound.phases.some((phase) => wanted.includes(phase)) || (found.bound.default !== null && found.ms === undefined));
  if (isWritten) {
    const absurd = off.find((found) => found.ms !== undefined && found.bound === limit.bound);
    if (absurd) return absurd;
    // What the author meant to bound as well, and did not.
    const missed = ineffective.find((found) => found.bound?.phases.every((phase) => !isCovered(phase)));
    if (missed) return missed;
    return bodyIsOpen(given, limits, limit) ?? { kind: 'bounded', by: limit.by, ...(limit.ms === undefined ? {} : { ms: limit.ms }) };
  }
  const useless = ineffective[0];
  if (useless) return useless;
  if (relevantOff) return relevantOff;
  if (limit?.bound) {
    if (limit.ms !== undefined && limit.ms > WEAK_MS) return wanted.some((phase) => unknown.has(phase)) ? { kind: 'unknown', because: 'options' } : { kind: 'weak', bound: limit.bound, ms: limit.ms };
    return { kind: 'bounded', by: 'default', ...(limit.ms === undefined ? {} : { ms: limit.ms }) };
  }
  if (wanted.some((phase) => unknown.has(phase))) return { kind: 'unknown', because: 'options' };
  const candidates = rows.filter((bound) => bound.phases.some((phase) => wanted.includes(phase)));
  const signals = given.library.entry.signals?.some((option) => !option.on || option.on.includes(given.instance)) ?? false;
  if (candidates.length === 0 && !(signals && given.method !== undefined)) return { kind: 'unknown', because: 'nothing is known of its limits' };
  const bound = candidates.find((candidate) => candidate.fix !== undefined && candidate.enforces === undefined) ?? candidates.find((candidate) => candidate.fix !== undefined) ?? candidates[0];
  return { kind: 'unbounded', bound, phases: openPhases(given, rows, limits, unknown, wanted) };

  // The limit of a query does not hold while it waits for a connection.
  function isCovered(phase: Phase): boolean {
    const isApart = (phase === 'queue' || phase === 'connect') && given.library.entry.role !== 'http' && given.library.entry.role !== 'rpc';
    return limits.has(phase) || (!isApart && limits.has('total'));
  }
}

// A call must be answered; one that only connects must be connected; a client is asked for what its calls need, or for its connection where nothing more can be set.
function wantedPhases(given: Case, rows: readonly Bound[]): readonly Phase[] {
  if (given.shape) return given.shape.io === 'connect' || given.shape.isStream ? REACH : ANSWER;
  return rows.some((bound) => bound.phases.some((phase) => ANSWER.includes(phase))) ? ANSWER : REACH;
}

function openPhases(given: Case, rows: readonly Bound[], limits: ReadonlyMap<Phase, Limit>, unknown: ReadonlySet<Phase>, wanted: readonly Phase[]): Phase[] {
  const asked = new Set<Phase>(rows.flatMap((bound) => bound.phases));
  if (wanted === ANSWER) asked.add('headers');
  const isCovered = (phase: Phase): boolean => limits.has(phase) || unknown.has(phase) || (phase !== 'total' && limits.has('total'));
  const order: readonly Phase[] = ['queue', 'connect', 'headers', 'bodyIdle', 'total'];
  return order.filter((phase) => asked.has(phase) && !isCovered(phase));
}

// Bounded until the first byte, and then for ever.
function bodyIsOpen(given: Case, limits: ReadonlyMap<Phase, Limit>, limit: Limit): Verdict | undefined {
  if (given.library.entry.role !== 'http' || limit.by !== 'option' || !limit.bound || limit.ms === undefined) return undefined;
  return limits.has('total') || limits.has('bodyIdle') ? undefined : { kind: 'phase-only', bound: limit.bound, ms: limit.ms };
}
