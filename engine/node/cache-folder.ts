// Where what can be made again is kept.

import { homedir } from 'node:os';
import { join } from 'node:path';

/** The user's own cache folder for Holdfast, by the custom of each system. It may not exist yet. */
export function userCacheFolder(environment: Readonly<Record<string, string | undefined>>, platform: string = process.platform): string {
  const base = environment['XDG_CACHE_HOME'] ?? (platform === 'win32' ? environment['LOCALAPPDATA'] : platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : undefined);
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'holdfast');
}
