import { describe, expect, it } from 'vitest';
import { factsOf } from '../../test/code-facts';

const heeds = (listener: string, more = ''): readonly string[] | undefined => factsOf(`import WebSocket from 'ws';\nconst feed = new WebSocket('ws://a');\nfeed.on('close', ${listener});\n${more}`).facts.clients[0]?.heeds;

describe('a listener that hears of a lost connection', () => {
  it.each([
    ['() => console.warn("lost")'],
    ['(code) => { log.info({ code }, String(code)); }'],
    ['console.error'],
    ['() => {}'],
  ])('only tells of it: %s', (listener) => {
    expect(heeds(listener)).toBeUndefined();
  });

  it.each([
    ['() => open()'],
    ['() => setTimeout(open, 1000)'],
    ['() => { console.warn("lost"); process.exit(1); }'],
    ['() => { state.feed = undefined; }'],
    ['() => { throw new Error("lost"); }'],
    ['onLost'],
  ])('does something about it, or may: %s', (listener) => {
    expect(heeds(listener)).toEqual(['close']);
  });

  it('is followed to the function that it names', () => {
    expect(heeds('tell', 'function tell() { console.warn("lost"); }')).toBeUndefined();
    expect(heeds('again', 'function again() { open(); }')).toEqual(['close']);
  });
});
