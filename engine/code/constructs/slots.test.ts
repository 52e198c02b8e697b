import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../test/code-facts';

function slots(code: string): string[] {
  const { facts, text } = factsOf(code);
  return facts.asyncSlots.map((slot) => `${slot.slot} ${slot.method} ${text(slot.mark)}${slot.wrapperName === undefined ? '' : ` in ${slot.wrapperName}`}`);
}

const express = "import express from 'express';\nconst app = express();\n";

describe('an async callback that is handed over', () => {
  it.each([
    [`${express}app.get('/a', async (q, r) => {});`, ['handler get async']],
    [`${express}app.post('/a', check, [async (q, r) => {}]);`, ['handler post async']],
    [`${express}app.get('/a', wrap(async (q, r) => {}));`, ['handler get async in wrap']],
    [`${express}async function list(q, r) {}\napp.get('/a', list);`, ['handler get list']],
    [`${express}app.get('/a', (q, r) => r.send('a'));`, []],
    [`${express}app.route('/a').get(async (q, r) => {}).post(async (q, r) => {});`, ['handler post async', 'handler get async']],
    [`${express}import { users } from './users';\napp.get('/a', users.list);`, ['handler get users.list']],
    ['setInterval(async () => {}, 10);', ['timer setInterval async']],
    ["process.on('message', async () => {});", ['listener on async']],
    ["import { WebSocketServer } from 'ws';\nnew WebSocketServer({ port: 1 }).on('connection', (socket) => { socket.on('message', async (m) => {}); });", ['handler on async']],
    ["io.on('connection', (socket) => { socket.on('save', async (m) => {}); });", ['listener on async']],
    ["bus.on('order', async (m) => {});", ['unknown on async']],
    ['rows.forEach(async (row) => {});', ['iteration forEach async']],
    ['new Promise(async (resolve) => {});', ['executor Promise async']],
    ["import { Worker } from 'bullmq';\nnew Worker('mail', async (job) => {});", ['consumer Worker async']],
    ["import { Kafka } from 'kafkajs';\nconst c = new Kafka({}).consumer({});\nc.run({ eachMessage: async () => {} });", ['consumer run async']],
    ["import { Server } from '@grpc/grpc-js';\nnew Server().addService(d, { charge: async (call, cb) => {} });", ['handler addService async']],
    ["import { CronJob } from 'cron';\nnew CronJob('* * * * *', async () => {});", ['timer CronJob async']],
    ["if (process.env.NODE_ENV === 'test') setInterval(async () => {}, 10);", []],
    ["if (process.env.NODE_ENV !== 'test') setInterval(async () => {}, 10);", ['timer setInterval async']],
  ])('%s', (code, expected) => {
    expect(slots(code)).toEqual(expected);
  });

  it('puts handlers into their context, with their route', () => {
    const { facts } = factsOf(`${express}app.post('/orders', (q, r) => {});`);
    expect(facts.functions.map(({ contexts, route }) => [contexts, route])).toEqual([[['handler'], 'POST /orders']]);
  });

  it('joins the paths of a controller and its method', () => {
    const { facts } = factsOf("import { Controller, Get } from '@nestjs/common';\n@Controller('orders')\nexport class Orders { @Get(':id') find() {} }");
    expect(facts.routes.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /orders/:id']);
    expect(facts.functions[0]?.contexts).toEqual(['handler']);
  });

  it.each([
    [`${express}app.get('/healthz', (q, r) => {});`, true],
    [`${express}app.use('/health', router);`, true],
    [`${express}app.get('/orders', (q, r) => {});`, false],
    [`${express}app.on('ready', () => app.listen(1));`, false],
    ["const handle = (q, r) => { if (q.url === '/livez') r.end(); };", true],
  ])('sees a health route in %s', (code, expected) => {
    expect(factsOf(code).facts.routes.some(({ isHealth }) => isHealth)).toBe(expected);
  });

  it('sees a health route in the place of a file', () => {
    expect(factsOf('export function GET() {}', 'src/app/api/health/route.ts').facts.routes[0]?.isHealth).toBe(true);
  });
});

describe('a promise that nobody takes', () => {
  it.each([
    ['async function flush() {}\nflush();', ['flush']],
    ['async function flush() {}\nvoid flush();', ['flush']],
    ['const flush = () => connect().then(next);\nflush();', ['flush']],
    ['const flush = () => connect().then(next).catch(log);\nflush();', []],
    ['async function flush() {}\nawait flush();', []],
    ['async function flush() {}\nflush().then(next);', ['flush']],
    ['function flush() {}\nflush();', []],
    ["import axios from 'axios';\naxios.get('/a');", ['axios.get']],
  ])('%s', (code, expected) => {
    expect((factsOf(code).facts.floating ?? []).filter(({ isCaught }) => !isCaught).map(({ calleeText }) => calleeText)).toEqual(expected);
  });

  it('is caught by .catch, though nobody waits', () => {
    expect(factsOf('async function flush() {}\nflush().catch(log);').facts.floating?.map(({ isCaught }) => isCaught)).toEqual([true]);
  });
});
