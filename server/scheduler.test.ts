import { describe, expect, it } from 'vitest';
import { Scheduler } from './scheduler';

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

describe('the scheduler', () => {
  it('runs once for several requests, and is settled after that', async () => {
    let runs = 0;
    const scheduler = new Scheduler(
      async () => void runs++,
      () => undefined,
    );
    scheduler.request(5);
    scheduler.request(5);
    scheduler.request(5);
    await scheduler.settled();
    expect(runs).toBe(1);
  });

  it('is settled at once where nothing was asked', async () => {
    const scheduler = new Scheduler(
      () => Promise.reject(new Error('never')),
      () => undefined,
    );
    await expect(scheduler.settled()).resolves.toBeUndefined();
  });

  it('ends a running task for a newer request, and waits for the newer one', async () => {
    const ended: string[] = [];
    let run = 0;
    const scheduler = new Scheduler(
      async (signal) => {
        const own = ++run;
        for (let step = 0; step < 200 && !signal.aborted && own === 1; step++) await pause(5);
        ended.push(`${own} ${signal.aborted ? 'aborted' : 'done'}`);
      },
      () => undefined,
    );
    scheduler.request();
    await pause(20);
    scheduler.request();
    await scheduler.settled();
    expect(ended).toEqual(['1 aborted', '2 done']);
  });

  it('reports what a task throws, and runs again when asked', async () => {
    const failures: unknown[] = [];
    let runs = 0;
    const scheduler = new Scheduler(
      () => (runs++ === 0 ? Promise.reject(new Error('broken')) : Promise.resolve()),
      (error) => failures.push(error),
    );
    scheduler.request();
    await scheduler.settled();
    scheduler.request();
    await scheduler.settled();
    expect([runs, failures.length]).toEqual([2, 1]);
  });

  it('releases who waits when it is disposed', async () => {
    const scheduler = new Scheduler(
      () => pause(10_000),
      () => undefined,
    );
    scheduler.request();
    const waiting = scheduler.settled();
    scheduler.dispose();
    await expect(waiting).resolves.toBeUndefined();
  });
});
