import { expect, it } from 'vitest';
import type { Catalog, LibraryEntry } from '../catalog/schema';
import { compileCatalog } from '../engine/catalog';
import { namesKnown } from './rule-knowledge';

const entry = (name: string, sources: readonly string[]): LibraryEntry => ({ package: name, role: 'sql', sources, bounds: [{ option: 'wait', at: ['construct'], unit: 'ms', phases: ['queue'], default: null }] });
const known = (libraries: readonly LibraryEntry[]): string[] => namesKnown('isolation/bound-pool-wait', { libraries, images: [] });

it('names libraries with the major versions that were read, each once', () => {
  expect(known([entry('pg', ['pg 8.23.1 lib/defaults.js: x 5', 'measured: 7 times']), entry('mongodb', ['mongodb 4.17, 6.22, 7.9 src/a.ts: y'])])).toEqual(['mongodb 4-7', 'pg 8']);
  expect(known([entry('redis', ['redis 3.1 index.js: a; @redis/client 1.6 (redis 4), 5, 6 lib/a.js: c']), entry('silent', ['measured']), entry('@a/b', ['a 3.1 x.js'])])).toEqual(['@a/b', 'redis 3-6', 'silent']);
});

it('gives an image no version of a library that bears its name, and a rule without a catalogue nothing', () => {
  const { libraries, images }: Catalog = compileCatalog();
  expect(namesKnown('redundancy/no-ephemeral-data', { libraries, images })).toEqual(expect.arrayContaining(['mysql', 'redis']));
  expect(namesKnown('fault-tolerance/require-restart', { libraries, images })).toEqual([]);
});
