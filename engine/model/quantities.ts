// Kubernetes quantities: `512Mi`, `0.5`, `500m`, `1G`.

const FACTORS: Readonly<Record<string, number>> = {
  '': 1, m: 0.001, k: 1e3, K: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60,
};

/** Value of a quantity in its base unit (bytes, cores). Undefined for anything else. */
export function parseQuantity(text: string): number | undefined {
  const match = /^\s*([+-]?\d{1,15}(?:\.\d{1,9})?)(?:e([+-]?\d{1,2}))?([a-zA-Z]{0,2})\s*$/.exec(text);
  const factor = match ? FACTORS[match[3] ?? ''] : undefined;
  if (!match || factor === undefined) return undefined;
  return Number(match[1]) * 10 ** Number(match[2] ?? 0) * factor;
}
