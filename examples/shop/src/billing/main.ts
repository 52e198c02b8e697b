import { createHash, pbkdf2Sync } from 'node:crypto';
import express from 'express';
import { log } from '../shared/log.js';
import { settings } from '../shared/settings.js';

const app = express();
app.use(express.json());

interface Charge {
  id: string;
  amount: number;
}

const charges = new Map<string, Charge>();

/** Asks the payment service for the money. */
async function pay(order: string, amount: number): Promise<Charge> {
  const answer = await fetch(`${settings.paymentsUrl}/v1/charges`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': createHash('sha256').update(order).digest('hex') },
    body: JSON.stringify({ amount }),
    timeout: 3000,
  } as RequestInit);
  if (!answer.ok) throw new Error(`payment service answered ${answer.status}`);
  return (await answer.json()) as Charge;
}

app.post('/charges', (request, response, next) => {
  const { order, amount } = request.body as { order: number; amount: number };
  const receipt = pbkdf2Sync(String(order), 'receipt', 100_000, 16, 'sha256').toString('hex');
  pay(String(order), amount)
    .then((charge) => {
      charges.set(receipt, charge);
      response.status(201).json({ charge: receipt });
    })
    .catch(next);
});

app.get('/charges/:id', (request, response) => {
  const charge = charges.get(request.params.id);
  response.status(charge ? 200 : 404).json(charge ?? null);
});

const server = app.listen(settings.port, () => log.info('billing listens', { port: settings.port }));

process.on('SIGTERM', () => {
  process.exit(0);
});

export { server };
