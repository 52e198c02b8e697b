import axios from 'axios';
import axiosRetry from 'axios-retry';
import type { Order } from '../db.js';
import { settings } from '../shared/settings.js';

const receipts = axios.create({ baseURL: settings.billingUrl, timeout: 2_000 });
axiosRetry(receipts, { retries: 2 });

/** Asks billing for the money of one order. */
export async function charge(order: Order): Promise<string> {
  const answer = await axios.post(`${settings.billingUrl}/charges`, { order: order.id, amount: order.total });
  return answer.data.charge;
}

export async function receiptOf(charge: string): Promise<unknown> {
  return (await receipts.get(`/charges/${charge}`)).data;
}
