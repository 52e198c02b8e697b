import amqp, { type Channel } from 'amqplib';
import { settings } from './shared/settings.js';

export const PAID = 'orders.paid';

export async function openChannel(): Promise<Channel> {
  const connection = await amqp.connect(settings.amqpUrl);
  const channel = await connection.createChannel();
  await channel.assertQueue(PAID, { durable: true });
  return channel;
}
