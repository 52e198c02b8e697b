import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../test/code-facts';

function messaging(text: string): string[] {
  return (factsOf(text).facts.messaging ?? []).map(({ calleeText, arguments: given }) => `${calleeText}/${given.length}`);
}

describe('a call that sets up or sends messages', () => {
  it('is a construct or a method that the catalogue names', () => {
    expect(messaging("import { Queue } from 'bullmq';\nconst mail = new Queue('mail', {});\nmail.add('a', {}, { attempts: 3 });\nmail.close();")).toEqual(['Queue/2', 'mail.add/3']);
  });
  it('is a method of what another file exports, or of what a function of it gives', () => {
    expect(messaging("import { mail, queue } from './queues';\nmail.add('a', {});\nqueue('b').add('a', {});\nmail.close();")).toEqual(['mail.add/2', 'add/2']);
  });
  it('is no method of the same name of something else', () => {
    expect(messaging("const seen = new Set();\nseen.add('a');\nnew Queue();")).toEqual([]);
  });
});

describe('a consumer', () => {
  it('is a method by its decorator', () => {
    const { facts } = factsOf("import { EventPattern } from '@nestjs/microservices';\nimport { ship } from './orders';\nexport class Orders { @EventPattern('placed') async placed(order) { await ship(order); } }");
    expect(facts.consumers.map(({ work, source }) => [work, source?.kind])).toEqual([['ship', 'string']]);
  });
  it('is a method by the class that its own one extends', () => {
    const { facts } = factsOf("import { WorkerHost } from '@nestjs/bullmq';\nimport { send } from './mail';\nexport class Mail extends WorkerHost { async process(job) { await send(job); } async other() { await send(1); } }");
    expect(facts.consumers.map(({ work }) => work)).toEqual(['send']);
    expect(facts.functions.filter(({ contexts }) => contexts.includes('consumer')).map(({ name }) => name)).toEqual(['process']);
  });
  it('is a handler that a queue of another file is given', () => {
    const { facts } = factsOf("import { mail } from './queues';\nimport { send } from './mail';\nmail.process(async (job) => { await send(job); });");
    expect(facts.consumers.map(({ work }) => work)).toEqual(['send']);
  });
  it('answers by a callback of its own where it has one', () => {
    const { facts } = factsOf("import Queue from 'bull';\nnew Queue('mail').process((job, done) => { done(); });");
    expect(facts.consumers.map(({ hasDone }) => hasDone)).toEqual([true]);
  });
});
