import pLimit from 'p-limit';
import { pool, type Order } from '../db.js';
import { log } from '../shared/log.js';
import { charge, receiptOf } from './charge.js';

const limit = pLimit(5);

/** Every night: the receipts of the day's orders, five at a time. */
export async function nightlyReport(): Promise<void> {
  const { rows } = await pool.query<Order & { charge: string }>("select * from orders where created > now() - interval '1 day'");
  const receipts = await Promise.all(rows.map((order) => limit(() => receiptOf(order.charge))));
  log.info('nightly report', { orders: rows.length, receipts: receipts.length });
}

/** Charges again what was left unpaid. */
export async function chargeLeftovers(): Promise<void> {
  const { rows } = await pool.query<Order>("select * from orders where state = 'new'");
  await Promise.all(rows.map((order) => charge(order)));
}

const HOUR = 60 * 60 * 1000;

setInterval(async () => {
  await chargeLeftovers();
}, HOUR);

setInterval(() => {
  nightlyReport().catch((error) => log.error('nightly report failed', { error: String(error) }));
}, 24 * HOUR);
