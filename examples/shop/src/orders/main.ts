import express from 'express';
import { cached, remember } from '../cache.js';
import { pool, type Order } from '../db.js';
import { openChannel, PAID } from '../queue.js';
import { log } from '../shared/log.js';
import { settings } from '../shared/settings.js';
import { charge } from './charge.js';
import './report.js';

const app = express();
app.use(express.json());

const channel = await openChannel();

app.get('/healthz', (_request, response) => {
  response.json({ ok: true });
});

app.get('/catalog', (_request, response) => {
  response.json([{ item: 'socks', price: 12 }]);
});

app.post('/orders', async (request, response) => {
  const { customer, total } = request.body as Order;
  const { rows } = await pool.query<Order>('insert into orders (customer, total) values ($1, $2) returning *', [customer, total]);
  const order = rows[0] as Order;
  const paid = await charge(order);
  channel.sendToQueue(PAID, Buffer.from(JSON.stringify({ ...order, charge: paid })), { persistent: true });
  response.status(201).json(order);
});

app.get('/orders/:id', async (request, response, next) => {
  try {
    const known = await cached(`order:${request.params.id}`);
    if (known) {
      response.type('json').send(known);
      return;
    }
    const { rows } = await pool.query<Order>('select * from orders where id = $1', [request.params.id]);
    const text = JSON.stringify(rows[0] ?? null);
    await remember(`order:${request.params.id}`, text);
    response.type('json').send(text);
  } catch (error) {
    next(error);
  }
});

app.listen(settings.port, () => log.info('orders listens', { port: settings.port }));
