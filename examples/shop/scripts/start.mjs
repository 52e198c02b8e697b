// Runs the shop on plain Node: four workloads and the payment stand-in. Postgres, Redis and RabbitMQ are expected on their usual ports, or where the variables of .env.example point.
import { spawn } from 'node:child_process';

const workloads = [
  { name: 'payments', port: 3009 },
  { name: 'billing', port: 3002 },
  { name: 'orders', port: 3001 },
  { name: 'web', port: 3000 },
  { name: 'worker' },
];

const children = workloads.map(({ name, port }) => {
  const child = spawn(process.execPath, [`dist/${name}/main.js`], {
    env: { PAYMENTS_URL: 'http://127.0.0.1:3009', ...process.env, ...(port ? { PORT: String(port) } : {}) },
    stdio: 'inherit',
  });
  child.on('error', (error) => console.error(`${name}: ${error.message}`));
  child.on('exit', (code) => console.error(`${name} ended with ${code}`));
  return child;
});

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    for (const child of children) child.kill('SIGTERM');
  });
}
