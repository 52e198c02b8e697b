// The retry rows of an entry: how often, after which delays, and whether chance is in them. Timers run ten times as fast; chance is set, so that jitter shows as a difference.

import semver from 'semver';
import type { LibraryEntry, RetryOption } from '../catalog/schema';
import type { LibraryCase, OptionText, Result } from './contract';
import { runJobs, type Ran } from './run-job';

const DEADLINE = 9_000;

type Line = Pick<Result, 'claim' | 'against' | 'measured' | 'verdict'>;

/** Measures the rows that the case names. Each row takes up to three runs of nine seconds. */
export async function measureRetries(entry: LibraryEntry, subject: LibraryCase, index: number, alias: string, version: string): Promise<Line[]> {
  const { retry } = subject;
  if (!retry) return [];
  const row = entry.retries?.find((one) => one.of.some((name) => name === retry.of || (name.startsWith('*') && retry.of.endsWith(name.slice(1)))) && (one.versions === undefined || semver.satisfies(version, one.versions)) && one.isReconnect !== true);
  if (!row) return [];
  const run = async (options: readonly OptionText[], random: number): Promise<Seen> =>
    seenIn((await runJobs([{ subject: alias, index, version, options, random, deadlineMs: DEADLINE, fault: 'fail', task: { kind: 'retry' } }]))[0]);
  const calm = await run([], 0.1);
  if (calm.text !== undefined) return [{ claim: 'retries', against: 'fail', measured: calm.text, verdict: 'not run' }];
  // Few retries do not show how the delay grows.
  const more: OptionText[] = row.count !== undefined && calm.isOver && calm.attempts < 4 ? [{ place: retry.place, path: row.count, text: '4' }] : [];
  const [low, high] = [more.length === 0 ? calm : await run(more, 0.1), await run(more, 0.9)];
  const lines = [...countLines(row, calm), ...delayLines(row, low, high, more.length === 0 ? 'nothing set' : `\`${row.count ?? ''}: 4\``)];
  const fix = row.fix;
  if (fix?.count) {
    const options = textsOf(fix.count, retry.place);
    const wanted = Number(/\d+/.exec(Object.values(fix.count)[0] ?? '')?.[0] ?? 0);
    const seen = await run(options, 0.5);
    const further = seen.isOver ? seen.attempts - 1 : Infinity;
    // A count of attempts in all is one more than a count of retries: both end.
    lines.push({ claim: `the fix \`${written(fix.count)}\` ends the retries`, against: 'fail', measured: `${seen.attempts} attempts${seen.isOver ? ', then it rejects' : ' so far'}`, verdict: further === wanted || further === wanted - 1 ? 'agree' : 'disagree' });
  }
  if (fix?.delay ?? fix?.jitter) {
    const options = [...textsOf(fix.delay ?? {}, retry.place), ...textsOf(fix.jitter ?? {}, retry.place)];
    const [low, high] = [await run(options, 0.1), await run(options, 0.9)];
    const hasDelay = kindOf(low.delays) !== 'none';
    const hasJitter = differ(low.delays, high.delays);
    const isWell = hasDelay && (hasJitter || fix.jitter === undefined);
    lines.push({ claim: `the fix \`${written({ ...fix.delay, ...fix.jitter })}\` waits${fix.jitter ? ' with jitter' : ''}`, against: 'fail', measured: `${kindOf(high.delays)}, ${listed(low.delays)} or ${listed(high.delays)}`, verdict: isWell ? 'agree' : 'disagree' });
  }
  return lines;
}

interface Seen {
  readonly attempts: number;
  readonly delays: readonly number[];
  /** It gave up before the deadline. */
  readonly isOver: boolean;
  /** Why nothing was seen. */
  readonly text?: string;
}

function seenIn(ran: Ran | undefined): Seen {
  if (!ran) return { attempts: 0, delays: [], isOver: true, text: 'it did not run' };
  const { outcome, commands } = ran;
  const times = (outcome.attempts ?? []).length > 0 ? (outcome.attempts ?? []) : commands;
  // The delay before an attempt is the longest timer that went off just before it; on a busy machine, the longest since the attempt before.
  const delays = times.slice(1).map((time, at) => {
    const since = (from: number): number => Math.max(0, ...(outcome.timers ?? []).filter(([, firedAt]) => firedAt >= from - 1 && firedAt <= time + 1).map(([ms]) => ms));
    return since(Math.max(times[at] ?? 0, time - 15)) || since(times[at] ?? 0);
  });
  const attempts = times.length;
  const text = outcome.kind === 'unusable' ? (outcome.text ?? 'it did not run') : attempts === 0 ? `no attempt was seen: ${outcome.text ?? outcome.kind}` : undefined;
  return { attempts, delays, isOver: outcome.kind !== 'pending', ...(text === undefined ? {} : { text }) };
}

function countLines(row: RetryOption, seen: Seen): Line[] {
  const further = seen.attempts - 1;
  const isFinite = row.default !== 'Infinity';
  const claim = `nothing set: ${row.default} retries`;
  const measured = `${further} retries${seen.isOver ? ', then it rejects' : ' so far'}`;
  if (!seen.isOver && isFinite) return [{ claim, against: 'fail', measured, verdict: further <= Number(row.default) ? 'recorded' : 'disagree' }];
  return [{ claim, against: 'fail', measured, verdict: isFinite ? (further === row.default ? 'agree' : 'disagree') : !seen.isOver && further > 3 ? 'agree' : 'disagree' }];
}

function delayLines(row: RetryOption, calm: Seen, wild: Seen, when: string): Line[] {
  if (calm.delays.length === 0) return [];
  const kind = kindOf(wild.delays);
  // What grows by the same step each time has no word of its own.
  const isKind = kind === row.delay.kind || (kind === 'linear' && row.delay.kind === 'fixed') || (calm.delays.length === 1 && row.delay.kind !== 'none' && kind !== 'none');
  const { ms } = row.delay;
  const [low, high] = [calm.delays[0] ?? 0, wild.delays[0] ?? 0].sort((a, b) => a - b);
  const isLength = ms === undefined || ms === 0 || ((low ?? 0) <= ms * 1.3 + 20 && (high ?? 0) >= ms * 0.5);
  const jitter = differ(calm.delays, wild.delays);
  return [
    { claim: `${when}: the delay is ${row.delay.kind}${ms === undefined ? '' : ` from ${ms} ms`}`, against: 'fail', measured: `${kind}: ${listed(calm.delays)}`, verdict: isKind && isLength ? 'agree' : 'disagree' },
    ...(kind === 'none' ? [] : [{ claim: `${when}: ${row.jitter.default ? 'with' : 'without'} jitter`, against: 'fail', measured: jitter ? `chance changes the delays: ${listed(wild.delays)}` : 'chance changes nothing', verdict: jitter === row.jitter.default ? ('agree' as const) : ('disagree' as const) }]),
  ];
}

function kindOf(delays: readonly number[]): RetryOption['delay']['kind'] | 'linear' {
  const longest = Math.max(...delays, 0);
  if (longest < 10) return 'none';
  const [first = 0, second = first] = delays;
  const last = delays[delays.length - 1] ?? second;
  if (delays.length > 2 && second > first && delays.every((delay, at) => Math.abs(delay - first * (at + 1)) < 2)) return 'linear';
  return delays.length > 1 && last > first * 1.2 ? 'exponential' : 'fixed';
}

function differ(low: readonly number[], high: readonly number[]): boolean {
  return low.some((delay, at) => Math.abs(delay - (high[at] ?? delay)) > 5);
}

function textsOf(options: Readonly<Record<string, string>>, place: 'construct' | 'call'): OptionText[] {
  return Object.entries(options).map(([path, text]) => ({ place, path, text }));
}

function written(options: Readonly<Record<string, string>>): string {
  return Object.entries(options).map(([path, text]) => `${path}: ${text}`).join(', ');
}

function listed(delays: readonly number[]): string {
  return `${delays.slice(0, 4).join(', ')} ms`;
}
