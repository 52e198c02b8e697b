import { Redis } from 'ioredis';
import { log } from './shared/log.js';
import { settings } from './shared/settings.js';

const redis = new Redis(settings.redisUrl, { maxRetriesPerRequest: 1, commandTimeout: 500 });
redis.on('error', (error) => log.error('redis', { error: error.message }));

/** The cached text, or undefined: a cache that is down is a cache miss. */
export async function cached(key: string): Promise<string | undefined> {
  try {
    return (await redis.get(key)) ?? undefined;
  } catch (error) {
    log.error('cache read failed', { key, error: String(error) });
    return undefined;
  }
}

export async function remember(key: string, value: string): Promise<void> {
  try {
    await redis.set(key, value, 'EX', 60);
  } catch {}
}
