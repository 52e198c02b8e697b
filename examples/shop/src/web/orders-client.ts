import { settings } from '../shared/settings.js';

/** One order; a slow `orders` costs a visitor two seconds, not for ever. */
export async function order(id: string): Promise<unknown> {
  const answer = await fetch(`${settings.ordersUrl}/orders/${id}`, { signal: AbortSignal.timeout(2_000) });
  if (!answer.ok) throw new Error(`orders answered ${answer.status}`);
  return answer.json();
}

export async function catalog(): Promise<unknown> {
  const answer = await fetch(`${settings.ordersUrl}/catalog`);
  return answer.json();
}
