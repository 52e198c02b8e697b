// npm run verify:catalog: measures what the catalogue says about libraries, with the packages themselves against servers of our own. Fails where they disagree.
//   npm run verify:catalog -- [--only redis,axios] [--json] [--page]

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { catalogEntries } from '../scripts/generate-catalog';
import type { LibraryEntry } from '../catalog/schema';
import { cases } from './cases/index';
import { compare, type Compared } from './compare';
import type { LibraryCase, Result } from './contract';
import { measuredPage, type Results } from './page';
import { decidingVersion, installed, installPackages } from './packages';
import { probesOf, type Probe } from './probes';
import { measureRetries } from './retries';
import { buildChild, runJob } from './run-job';

const root = join(import.meta.dirname, '..');
const resultsFile = join(import.meta.dirname, 'results.json');
const pageFile = join(root, 'docs', 'measured.md');
const AT_ONCE = 2;

const { values: asked } = parseArgs({ options: { only: { type: 'string' }, json: { type: 'boolean', default: false }, page: { type: 'boolean', default: false } } });
const entries = catalogEntries('libraries').map(({ entry }) => entry as LibraryEntry);

if (!asked.page) process.exitCode = await verify();
writeFileSync(pageFile, measuredPage(readResults(), entries));

interface Work {
  readonly entry: LibraryEntry;
  readonly subject: LibraryCase;
  readonly index: number;
  readonly alias: string;
}

async function verify(): Promise<number> {
  const only = asked.only?.split(',');
  const work: Work[] = cases.flatMap((subject, index) => {
    const entry = entries.find((one) => one.package === subject.entry);
    if (!entry) throw new Error(`no entry for the case of ${subject.entry}`);
    return subject.subjects.filter((alias) => !only || only.includes(entry.package) || only.includes(alias)).map((alias) => ({ entry, subject, index, alias }));
  });
  if (!installPackages()) throw new Error('the packages could not be installed');
  await buildChild();
  const results: Result[] = [];
  const queue = [...work];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const found = await measure(next);
      results.push(...found);
      for (const one of found) if (!asked.json && (one.verdict === 'disagree' || one.verdict === 'not run')) console.log(line(one));
      if (!asked.json) console.log(`${next.alias}${next.subject.title === undefined ? '' : ` (${next.subject.title})`}: ${counted(found)}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const sorted = sortResults(results, work);
  if (asked.json) console.log(JSON.stringify(sorted, null, 1));
  save(sorted, only !== undefined);
  const disagreements = sorted.filter((one) => one.verdict === 'disagree');
  if (!asked.json) console.log(`${counted(sorted)}${disagreements.length === 0 ? '' : '\nThe catalogue and the packages disagree:'}`);
  if (!asked.json) for (const one of disagreements) console.log(line(one));
  return disagreements.length === 0 ? 0 : 1;
}

async function measure({ entry, subject, index, alias }: Work): Promise<Result[]> {
  const found = installed(alias);
  const version = decidingVersion(alias, entry.versionOf);
  if (!found || version === undefined) return [{ entry: entry.package, package: alias, version: '', claim: 'all', against: '', measured: 'the package is not installed', verdict: 'not run' }];
  const shown = version === found.version ? found.version : `${found.version} (${entry.versionOf ?? ''} ${version})`;
  const own = { entry: entry.package, package: alias.includes('/') ? `${found.name}/${alias.split('/').slice(1).join('/')}` : found.name, version: shown };
  const title = subject.title === undefined ? '' : `${subject.title}: `;
  const results: Result[] = [];
  for (const probe of probesOf(entry, subject, version)) {
    const result = await attempt(probe, index, alias, version);
    results.push({ ...own, claim: `${title}${probe.claim}`, against: subject.protocol === 'none' ? '' : probe.fault, ...result });
    // A package that does not load says so once.
    if (result.verdict === 'not run' && results.length === 1) return results;
  }
  for (const retry of await measureRetries(entry, subject, index, alias, version)) results.push({ ...own, ...retry, claim: `${title}${retry.claim}` });
  return results;
}

/** What disagrees is measured once more: a busy machine is late, the catalogue is not. */
async function attempt(probe: Probe, index: number, alias: string, version: string): Promise<Compared> {
  const run = async (): Promise<Compared> => compare(probe, await runJob({ subject: alias, index, version, options: probe.options, deadlineMs: probe.deadlineMs, fault: probe.fault, task: probe.task }));
  const first = await run();
  return first.verdict === 'disagree' ? await run() : first;
}

function sortResults(results: readonly Result[], work: readonly Work[]): Result[] {
  const order = new Map(work.map(({ entry }, at) => [entry.package, at]));
  return [...results].sort((a, b) => (order.get(a.entry) ?? 0) - (order.get(b.entry) ?? 0) || (a.package < b.package ? -1 : a.package > b.package ? 1 : 0) || (a.version < b.version ? -1 : a.version > b.version ? 1 : 0));
}

/** A run of some libraries replaces their lines and keeps the others. */
function save(results: readonly Result[], isPart: boolean): void {
  const before = readResults();
  const measured = new Set(results.map((one) => `${one.package}@${one.version}`));
  const kept = isPart ? before.results.filter((one) => !measured.has(`${one.package}@${one.version}`)) : [];
  const all = [...kept, ...results].sort((a, b) => (a.entry < b.entry ? -1 : a.entry > b.entry ? 1 : 0));
  const body = all.map((one) => `  ${JSON.stringify(one)}`).join(',\n');
  writeFileSync(resultsFile, `{\n "date": "${new Date().toISOString().slice(0, 10)}",\n "node": "${process.versions.node}",\n "results": [\n${body}\n ]\n}\n`);
}

function readResults(): Results {
  return existsSync(resultsFile) ? (JSON.parse(readFileSync(resultsFile, 'utf8')) as Results) : { date: '', node: '', results: [] };
}

function line(one: Result): string {
  return `  ${one.verdict}: ${one.package} ${one.version}, ${one.against}: ${one.claim.replaceAll('`', '')} -- measured: ${one.measured} (entry ${one.entry})`;
}

function counted(results: readonly Result[]): string {
  const count = (verdict: Result['verdict']): number => results.filter((one) => one.verdict === verdict).length;
  return `${count('agree')} agree, ${count('wider')} wider, ${count('recorded')} recorded, ${count('not run')} not run, ${count('disagree')} disagree`;
}
