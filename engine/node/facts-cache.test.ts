import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { FactsCache } from '../host';
import { createFactsCache } from './facts-cache';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-cache-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (more: { program?: string; maximumBytes?: number } = {}): FactsCache => createFactsCache({ folder, scope: '/repo', program: '1', ...more });
const only = (): string => join(folder, readdirSync(folder).find((name) => name.endsWith('.tsv')) ?? '');

function fill(entries: Readonly<Record<string, string>>): void {
  const cache = open();
  for (const [key, value] of Object.entries(entries)) cache.set(key, value);
  cache.flush();
}

it('gives back what an earlier run has written, whatever the key holds', () => {
  fill({ a: '{"x":1}', 'tab\there\nand \\ there': '2' });
  const cache = open();
  expect([cache.get('a'), cache.get('tab\there\nand \\ there'), cache.get('b')]).toEqual(['{"x":1}', '2', undefined]);
  expect(readdirSync(folder)).toHaveLength(1);
});

it('knows nothing of another build of the program', () => {
  fill({ a: '1' });
  expect(open({ program: '2' }).get('a')).toBeUndefined();
});

it('takes a damaged or cut-off file for an empty one, and replaces it', () => {
  fill({ a: '1', b: '2' });
  const whole = readFileSync(only(), 'utf8');
  for (let end = 0; end < whole.length; end++) {
    writeFileSync(only(), whole.slice(0, end));
    expect(open().get('a')).toBeUndefined();
  }
  writeFileSync(only(), 'nonsense\ta\n');
  fill({ c: '3' });
  expect(open().get('c')).toBe('3');
});

it('keeps within its bound what was used last', () => {
  fill({ old: 'o'.repeat(50), used: 'u'.repeat(50) });
  const cache = open({ maximumBytes: 130 });
  cache.get('used');
  cache.set('new', 'n'.repeat(50));
  cache.flush();
  const next = open();
  expect([next.get('old'), next.get('used') !== undefined, next.get('new') !== undefined]).toEqual([undefined, true, true]);
});

it('is only a miss where its folder cannot be made', () => {
  writeFileSync(join(folder, 'file'), '');
  const cache = createFactsCache({ folder: join(folder, 'file', 'x'), scope: 's', program: '1' });
  cache.set('a', '1');
  cache.flush();
  expect(cache.get('a')).toBe('1');
  expect(createFactsCache({ folder: join(folder, 'file', 'x'), scope: 's', program: '1' }).get('a')).toBeUndefined();
});
