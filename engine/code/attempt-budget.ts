// How long a call can take in all: each attempt up to its limit, and the waits between them. Used by rules and by what an editor shows at a call.

/** How a retry waits: nothing, always the same, or twice as long each time. */
export interface Waits {
  readonly kind: 'none' | 'fixed' | 'exponential';
  /** The first wait in ms. */
  readonly ms?: number;
}

/** Sum of the waits between attempts in ms; undefined where the first one is not known. Random parts are left out. */
export function waitsBetween(attempts: number, { kind, ms }: Waits): number | undefined {
  const waits = Math.max(0, attempts - 1);
  if (kind === 'none' || waits === 0) return 0;
  if (ms === undefined || !Number.isFinite(attempts)) return undefined;
  return kind === 'fixed' ? ms * waits : ms * (2 ** Math.min(waits, 50) - 1);
}

/** The longest that all attempts take in ms: `attempts` times the limit of one, and the waits. Waits that are not known count for nothing, so the answer is never too long. */
export function attemptBudget(attempts: number, limitMs: number, waits: Waits): number {
  return attempts * limitMs + (waitsBetween(attempts, waits) ?? 0);
}
