import { setTimeout as sleep } from 'node:timers/promises';
import type { Channel } from 'amqplib';
import { openChannel, PAID } from '../queue.js';
import { pool } from '../db.js';
import { log } from '../shared/log.js';
import { connectWithPatience } from './start.js';

interface Paid {
  id: number;
  charge: string;
}

async function ship(order: Paid): Promise<void> {
  await sleep(50);
  await pool.query("update orders set state = 'shipped' where id = $1", [order.id]);
}

/** Marks the order as paid, however often the database has to be asked. */
async function markPaid(order: Paid): Promise<void> {
  while (true) {
    try {
      await pool.query("update orders set state = 'paid' where id = $1", [order.id]);
      return;
    } catch {
      log.error('not marked as paid, once more', { id: order.id });
    }
  }
}

const channel: Channel = await connectWithPatience(openChannel);

await channel.consume(PAID, async (message) => {
  if (!message) return;
  const order = JSON.parse(message.content.toString()) as Paid;
  channel.ack(message);
  await markPaid(order);
  await ship(order);
});

process.once('SIGTERM', async () => {
  try {
    await channel.close();
    await pool.end();
  } catch {
    // The broker is gone already: there is nothing left to close.
  }
  process.exit(0);
});
