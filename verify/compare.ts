// Whether what was measured is what the catalogue says.

import type { Result } from './contract';
import type { Expectation, Probe } from './probes';
import type { Ran } from './run-job';

export interface Compared {
  readonly measured: string;
  readonly verdict: Result['verdict'];
}

/** A limit of one second may fire this late on a busy machine, ms. */
const SLACK = 2_000;

/**
 * A connection opens and then shakes hands, and one phase stands for both: an option that bounds either of them bounds `connect`, and what it leaves open is recorded.
 * Takes results in the order of their probes.
 */
export function settleConnects(probes: readonly Probe[], compared: readonly Compared[]): Compared[] {
  const isConnect = (probe: Probe): boolean => probe.fault === 'blackhole' || probe.fault === 'hang';
  return compared.map((one, at) => {
    const probe = probes[at];
    if (one.verdict !== 'disagree' || !probe || !isConnect(probe) || one.measured.startsWith('rejects')) return one;
    const twin = probes.findIndex((other, index) => index !== at && isConnect(other) && other.claim === probe.claim);
    return compared[twin]?.verdict === 'agree' ? { ...one, verdict: 'recorded' } : one;
  });
}

/** Compares one run with what its probe expects. */
export function compare(probe: Probe, ran: Ran): Compared {
  const { outcome } = ran;
  const measured = wordsOf(probe, ran);
  if (outcome.kind === 'unusable') return { measured: outcome.text ?? 'it did not run', verdict: 'not run' };
  return { measured, verdict: verdictOf(probe.expect, ran) };
}

function verdictOf(expect: Expectation, { outcome, connections }: Ran): Result['verdict'] {
  const isRejected = outcome.kind === 'rejected' || outcome.kind === 'crashed';
  switch (expect.kind) {
    case 'any':
      return 'recorded';
    case 'rejects':
      // Some give what they have when they are ended: bounded all the same.
      return (isRejected || outcome.kind === 'resolved') && outcome.ms >= expect.ms * 0.6 - 100 && outcome.ms <= expect.ms * 1.25 + SLACK ? 'agree' : 'disagree';
    case 'pending':
      if (outcome.kind === 'pending') return 'agree';
      return expect.wider === true && isRejected && outcome.ms >= 500 ? 'wider' : 'disagree';
    case 'refused-or-pending':
      return outcome.kind === 'pending' || (isRejected && outcome.ms < 300) ? 'agree' : 'disagree';
    case 'crashes':
      return expect.yes === (outcome.kind === 'crashed') ? 'agree' : 'disagree';
    case 'connections':
      return expect.count === null ? (connections >= 100 ? 'agree' : 'disagree') : connections === expect.count ? 'agree' : 'disagree';
    case 'closes':
      return outcome.kind === 'closed' ? 'agree' : 'disagree';
    case 'found':
      return outcome.text === expect.text ? 'agree' : 'disagree';
  }
}

function wordsOf(probe: Probe, { outcome, connections }: Ran): string {
  if (probe.task.kind === 'many') return `${connections} connections for ${probe.task.count} calls`;
  switch (outcome.kind) {
    case 'pending':
      return `pending after ${seconds(probe.deadlineMs)}`;
    case 'rejected':
      return `rejects after ${seconds(outcome.ms)}: ${outcome.text ?? ''}`;
    case 'resolved':
      return `resolves after ${seconds(outcome.ms)}`;
    case 'crashed':
      return `ends the process: ${outcome.text ?? ''}`;
    case 'alive':
      return 'the process goes on';
    case 'closed':
      return 'the process ends by itself';
    case 'open':
      return `still running after ${seconds(probe.deadlineMs)}`;
    case 'found':
    case 'unusable':
      return outcome.text ?? '';
  }
}

/** One digit, so that two runs read the same. */
function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
