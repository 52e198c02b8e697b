import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../test/code-facts';

function refusals(body: string): string[] {
  const { facts } = factsOf(`import amqp from 'amqplib';\nexport async function start(channel: amqp.Channel) { await channel.consume('q', async (m) => { ${body} }); }`);
  return facts.acks.filter(({ returns }) => returns !== undefined).map((ack) => `${ack.method} ${ack.returns}${ack.isInCatch ? ' in catch' : ''}${ack.isCounted ? ' counted' : ''}`);
}

describe('a refusal', () => {
  it.each([
    ['channel.nack(m);', ['nack always']],
    ['channel.nack(m, false);', ['nack always']],
    ['channel.nack(m, false, true);', ['nack always']],
    ['channel.nack(m, false, false);', ['nack never']],
    ['channel.nack(m, false, again(m));', ['nack unknown']],
    ['channel.reject(m);', ['reject always']],
    ['channel.reject(m, false);', ['reject never']],
    ['try { await ship(m); } catch (e) { channel.nack(m); }', ['nack always in catch']],
    ['if (m.fields.redelivered) channel.nack(m, false, false);', ['nack never counted']],
  ])('%s', (body, expected) => {
    expect(refusals(body)).toEqual(expected);
  });
});

function takes(body: string): string[] {
  const { facts } = factsOf(`import Redis from 'ioredis';\nimport { DeleteMessageCommand, SQSClient } from '@aws-sdk/client-sqs';\nconst redis = new Redis();\nconst sqs = new SQSClient({});\nexport async function run(list: object[]) { ${body} }`);
  return (facts.takes ?? []).map(({ calleeText, work }) => `${calleeText} before ${work}`);
}

describe('a message that is taken off its queue', () => {
  it.each([
    ["const job = await redis.brpop('jobs', 0); await handle(job);", ['redis.brpop before handle']],
    ["while (true) { const job = await redis.blpop('jobs', 0); if (!job) continue; await handle(job); }", ['redis.blpop before handle']],
    ["const job = await redis.brpop('jobs', 0); return job;", []],
    ['for (const m of list) { await sqs.send(new DeleteMessageCommand({})); await handle(m); }', ['DeleteMessageCommand before handle']],
    ['for (const m of list) { await handle(m); await sqs.send(new DeleteMessageCommand({})); await count(m); }', []],
    ['await sqs.send(new DeleteMessageCommand({})); await handle(list);', []],
  ])('%s', (body, expected) => {
    expect(takes(body)).toEqual(expected);
  });
});
