import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../test/code-facts';

function acks(body: string): string[] {
  const { facts } = factsOf(`import amqp from 'amqplib';\nexport async function start(channel: amqp.Channel) { await channel.consume('q', async (m) => { ${body} }); }`);
  return facts.acks.map((ack) => `${ack.method}${ack.workAfter === undefined ? '' : ` before ${ack.workAfter}`}${ack.isInCatch ? ' in catch' : ''}`);
}

describe('an acknowledgement', () => {
  it.each([
    ['channel.ack(m); await ship(m);', ['ack before ship']],
    ['await ship(m); channel.ack(m);', ['ack']],
    ['if (!m) { channel.ack(m); return; } await ship(m);', ['ack']],
    ['if (seen(m)) channel.ack(m); else await ship(m);', ['ack']],
    ['channel.ack(m); console.log(m);', ['ack']],
    ['try { channel.ack(m); await ship(m); } catch (e) { channel.ack(m); await report(e); }', ['ack before ship', 'ack before report in catch']],
    ['try { await ship(m); } finally { channel.ack(m); }', ['ack']],
    ['switch (m.type) { case 1: channel.ack(m); break; default: await ship(m); }', ['ack']],
  ])('%s', (body, expected) => {
    expect(acks(body)).toEqual(expected);
  });
});

describe('a consumer', () => {
  it('names its options and its first work', () => {
    const { facts } = factsOf("import amqp from 'amqplib';\nexport const start = (channel: amqp.Channel) => channel.consume('q', async (m) => { log(m); await ship(m); }, { noAck: true });");
    expect(facts.consumers.map(({ work, options, receiverName }) => [work, options.kind, receiverName])).toEqual([['ship', 'object', 'channel']]);
  });
});
