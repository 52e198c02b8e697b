import { describe, expect, it } from 'vitest';
import { progressLine } from './progress';

describe('progress', () => {
  function run(isOn: boolean): string[] {
    const written: string[] = [];
    let now = 0;
    const line = progressLine({ write: (text) => written.push(text), target: { isTerminal: true, columns: 80 } }, () => now, isOn);
    for (const [at, done] of [[100, 10], [399, 20], [500, 1204], [520, 1300], [3_000, 5000]] as const) {
      now = at;
      line.show({ phase: 'read', done, total: 5120 });
    }
    line.erase();
    line.erase();
    return written;
  }

  it('is one line after 400 ms, not more often than the eye can follow, erased at the end', () => {
    expect(run(true)).toEqual(['\r\u001b[Kreading 1,204 of 5,120 files · 0.5 s', '\r\u001b[Kreading 5,000 of 5,120 files · 3 s', '\r\u001b[K']);
  });

  it('is nothing where it is off', () => {
    expect(run(false)).toEqual([]);
  });
});
