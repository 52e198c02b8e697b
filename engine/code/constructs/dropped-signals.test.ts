import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../test/code-facts';

function dropped(code: string, path = 'a.ts'): string[] {
  return (factsOf(code, path).facts.droppedSignals ?? []).map(({ text }) => text);
}

describe('signals that end in the function that is given them', () => {
  it.each([
    ['export async function f(signal: AbortSignal) {}', ['signal']],
    ['export async function f(abort?: AbortSignal | undefined) { if (abort.aborted) return; }', ['abort']],
    ['export async function f({ signal }: Options) { await g(); }', ['signal']],
    ['export async function f({ signal: end }: Options) { await g(); }', ['end']],
    ['export async function f(signal: AbortSignal) { await g(signal); }', []],
    ["export async function f(signal: AbortSignal) { signal.addEventListener('abort', stop); }", []],
    ['export async function f(signal: string) { await g(); }', []],
    ['export async function f(...all: AbortSignal[]) { await g(); }', []],
    ['export declare function f(signal: AbortSignal): void;', []],
  ])('%s', (code, expected) => {
    expect(dropped(code)).toEqual(expected);
  });

  it('finds the request of a route that is a file, and of no other function', () => {
    const code = 'export async function GET(request: Request) { await g(request.url); }\nexport async function POST(request: Request) { await g(request.url); }';
    expect(dropped(code, 'app/orders/route.ts')).toEqual(['request.signal']);
    expect(dropped(code, 'lib/orders.ts')).toEqual([]);
  });
});
