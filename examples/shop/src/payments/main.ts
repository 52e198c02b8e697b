// Stands in for api.stripe.com where the shop runs on one machine: loopback only.
import { createServer } from 'node:http';
import { randomUUID } from 'node:crypto';

const server = createServer((request, response) => {
  request.resume();
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ id: randomUUID(), amount: 0 }));
});

server.listen(Number(process.env.PORT ?? '3009'), '127.0.0.1');
