// Time spans of systemd, by systemd.time(7): `5`, `5s`, `1min 30s`, `infinity`.

import { parseDuration } from '../../duration';

/** Milliseconds; a bare number counts as seconds. Undefined for `infinity` and anything else. */
export function systemdDuration(text: string): number | undefined {
  const plain = text.trim().toLowerCase();
  if (/^\d+(?:\.\d+)?$/.test(plain)) return Number(plain) * 1_000;
  if (!/^[\d.\sa-z]{1,60}$/.test(plain)) return undefined;
  const short = plain
    .replace(/(\d)\s*(?:usec|us)\b/g, '$1us').replace(/(\d)\s*msec\b/g, '$1ms').replace(/(\d)\s*(?:seconds?|sec)\b/g, '$1s')
    .replace(/(\d)\s*(?:minutes?|min)\b/g, '$1m').replace(/(\d)\s*(?:hours?|hr)\b/g, '$1h').replace(/(\d)\s*days?\b/g, '$1d');
  const weeks = /^(\d+)\s*(?:w|weeks?)$/.exec(short)?.[1];
  return weeks === undefined ? parseDuration(short) : Number(weeks) * 7 * 86_400_000;
}
