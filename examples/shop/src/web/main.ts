import express from 'express';
import { log } from '../shared/log.js';
import { settings } from '../shared/settings.js';
import { catalog, order } from './orders-client.js';

const app = express();
let isStopping = false;

app.get('/livez', (_request, response) => {
  response.send('ok');
});

app.get('/readyz', (_request, response) => {
  response.status(isStopping ? 503 : 200).send();
});

app.get('/catalog', (_request, response, next) => {
  catalog()
    .then((items) => response.json(items))
    .catch(next);
});

app.get('/order/:id', async (request, response) => {
  try {
    response.json(await order(request.params.id));
  } catch (error) {
    log.error('order failed', { error: String(error) });
    response.status(502).json({ error: 'orders does not answer' });
  }
});

const server = app.listen(settings.port, () => log.info('web listens', { port: settings.port }));

process.once('SIGTERM', () => {
  isStopping = true;
  server.close(() => process.exit(0));
  setTimeout(() => process.exit(1), 10_000).unref();
});
