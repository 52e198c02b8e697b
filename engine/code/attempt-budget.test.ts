import { describe, expect, it } from 'vitest';
import { attemptBudget, waitsBetween } from './attempt-budget';

describe('the time of all attempts', () => {
  it.each([
    [1, 'exponential', 1_000, 0],
    [4, 'exponential', 1_000, 7_000],
    [11, 'exponential', 1_000, 1_023_000],
    [3, 'fixed', 500, 1_000],
    [3, 'none', undefined, 0],
    [3, 'fixed', undefined, undefined],
  ] as const)('%s attempts, %s from %s ms', (attempts, kind, ms, expected) => {
    expect(waitsBetween(attempts, ms === undefined ? { kind } : { kind, ms })).toBe(expected);
  });

  it('adds the limit of each attempt', () => {
    expect(attemptBudget(3, 600_000, { kind: 'exponential', ms: 500 })).toBe(1_801_500);
  });

  it('leaves out waits that are not known', () => {
    expect(attemptBudget(3, 5_000, { kind: 'fixed' })).toBe(15_000);
  });

  it('is without end where the attempts are', () => {
    expect(attemptBudget(Infinity, 5_000, { kind: 'exponential', ms: 100 })).toBe(Infinity);
  });
});
