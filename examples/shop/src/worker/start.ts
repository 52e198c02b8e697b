import { setTimeout as sleep } from 'node:timers/promises';

/** Tries to connect ten times, waiting longer each time and never at the same moment as the other workers. */
export async function connectWithPatience<T>(connect: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await connect();
    } catch (error) {
      if (attempt === 10) throw error;
      await sleep(Math.min(30_000, 200 * 2 ** attempt) * (0.5 + Math.random() / 2));
    }
  }
}
