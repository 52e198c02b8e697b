// npm run bench:collections -- FOLDER …: reads every infrastructure file of large collections. Says what was recognised, what failed, and which values stay unknown and why. A crash is an error.

import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { FORMATS, recogniseFormat } from '../engine/artifacts/formats';
import { compileCatalog } from '../engine/catalog';
import type { FileFacts } from '../engine/facts';
import { link } from '../engine/link';
import { kindOfPath, readFile } from '../engine/read';
import { table } from '../scripts/markdown-table';
import { filesBelow } from '../test/oracles/corpus';

interface Counted {
  known: number;
  absent: number;
  readonly unknown: Map<string, number>;
}

let crashes = 0;
for (const folder of process.argv.slice(2)) {
  const catalog = compileCatalog();
  const paths = filesBelow(folder, (path) => ['yaml', 'artifact'].includes(kindOfPath(path) ?? ''));
  const formats = new Map<string, number>();
  const facts: FileFacts[] = [];
  let problems = 0;
  let bytes = 0;
  const start = performance.now();
  for (const path of paths) {
    const text = readFileSync(join(folder, path), 'utf8');
    bytes += text.length;
    try {
      const format = recogniseFormat(path, text)?.name ?? 'none';
      formats.set(format, (formats.get(format) ?? 0) + 1);
      const read = await readFile(path, text, catalog);
      facts.push(...read.facts);
      problems += read.problems.length;
    } catch (error) {
      crashes++;
      console.log(`CRASH ${folder}/${path}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }
  const readMs = performance.now() - start;
  const counted: Counted = { known: 0, absent: 0, unknown: new Map() };
  let linkMs = 0;
  try {
    const begin = performance.now();
    const { system } = link(facts, catalog);
    linkMs = performance.now() - begin;
    count(system, counted, new Set());
  } catch (error) {
    crashes++;
    console.log(`CRASH in the join of ${folder}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
  const unknown = [...counted.unknown.values()].reduce((sum, one) => sum + one, 0);
  const recognised = paths.length - (formats.get('none') ?? 0);
  console.log(`\n## ${basename(folder)}: ${paths.length} files, ${(bytes / 1e6).toFixed(1)} MB, ${recognised} recognised (${percent(recognised, paths.length)}), ${problems} problems; read ${(readMs / 1000).toFixed(1)} s, joined ${(linkMs / 1000).toFixed(1)} s`);
  console.log(table(['format', 'files'], FORMATS.flatMap(({ name, title }) => (formats.has(name) ? [[title, String(formats.get(name))]] : []))));
  console.log(`values: ${counted.known} known, ${counted.absent} absent, ${unknown} unknown (${percent(unknown, unknown + counted.known)} of those that are there)`);
  console.log(table(['unknown because', 'values'], [...counted.unknown].sort((a, b) => b[1] - a[1]).slice(0, 12).map(([because, times]) => [because, String(times)])));
}
process.exit(crashes === 0 ? 0 : 1);

/** Counts the settings below a value of the model. Linear; what is shared is counted once. */
function count(value: unknown, counted: Counted, seen: Set<unknown>): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  if ('state' in value) {
    if (value.state === 'unknown') {
      const because = String('because' in value ? value.because : '').replace(/`[^`]*`/g, '`…`');
      counted.unknown.set(because, (counted.unknown.get(because) ?? 0) + 1);
      return;
    }
    if (value.state === 'absent') counted.absent++;
    else if (value.state === 'set' || value.state === 'default') counted.known++;
  }
  for (const part of Object.values(value)) count(part, counted, seen);
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '0 %' : `${Math.round((100 * part) / whole)} %`;
}
