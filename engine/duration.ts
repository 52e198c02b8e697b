// Durations as people write and read them.

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, sec: 1_000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `300ms`, `5s`, `1m30s`, `2 min`, `1h`; a bare number counts as ms. Undefined for anything else. */
export function parseDuration(text: string | number): number | undefined {
  if (typeof text === 'number') return Number.isFinite(text) ? text : undefined;
  const trimmed = text.trim().replaceAll('_', '');
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Number(trimmed);
  let total = 0;
  let rest = trimmed;
  while (rest !== '') {
    const match = /^(\d+(?:\.\d+)?)\s*(ms|sec|s|min|m|h|d)\s*/.exec(rest);
    const unit = match?.[2] === undefined ? undefined : UNITS[match[2]];
    if (!match || unit === undefined) return undefined;
    total += Number(match[1]) * unit;
    rest = rest.slice(match[0].length);
  }
  return trimmed === '' ? undefined : total;
}

/** `300 ms`, `5 s`, `15 min`, `6 h`: the largest unit that divides evenly, else ms below 1 s and seconds with at most one digit above. */
export function formatDuration(ms: number): string {
  if (ms >= 3_600_000 && ms % 3_600_000 === 0) return `${ms / 3_600_000} h`;
  if (ms > 300_000 && ms % 60_000 === 0) return `${ms / 60_000} min`;
  if (ms >= 1_000) return `${ms % 1_000 === 0 ? ms / 1_000 : Math.round(ms / 100) / 10} s`;
  return `${ms} ms`;
}

/** Source text of a number of ms with separators: `5_000`. */
export function numberText(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, '_');
}
