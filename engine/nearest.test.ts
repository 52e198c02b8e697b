import { expect, it } from 'vitest';
import { nearestName, nearestNames } from './nearest';

it('finds a slip, a swap and a cut-off name, and nothing where nothing is near', () => {
  const names = ['require-timeout', 'bound-retries', 'warning', 'advice'];
  expect(nearestName('require-timeouts', names)).toBe('require-timeout');
  expect(nearestName('bound-retreis', names)).toBe('bound-retries');
  expect(nearestName('warn', names)).toBe('warning');
  expect(nearestName('no-console', names)).toBeUndefined();
});

it('gives the best first', () => {
  expect(nearestNames('aaab', ['aabb', 'aaab', 'aaac', 'zzzz'], 3)).toEqual(['aaab', 'aaac', 'aabb']);
});
