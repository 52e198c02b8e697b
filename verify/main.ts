// npm run verify:catalog: measures what the catalogue says about libraries, with the packages themselves against servers of our own. Fails where they disagree.
//   npm run verify:catalog -- [--only redis,axios] [--json] [--page]

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { catalogEntries } from '../scripts/generate-catalog';
import type { LibraryEntry } from '../catalog/schema';
import { cases } from './cases/index';
import { compare, settleConnects, type Compared } from './compare';
import type { LibraryCase, Result } from './contract';
import { measuredPage, type Results } from './page';
import { decidingVersion, installed, installPackages } from './packages';
import { probesOf, type Probe } from './probes';
import { measureRetries } from './retries';
import { buildChild, runJobs, type Asked } from './run-job';

const root = join(import.meta.dirname, '..');
const resultsFile = join(import.meta.dirname, 'results.json');
const pageFile = join(root, 'docs', 'measured.md');
/** Children at once. */
const AT_ONCE = 2;
/** Probes that share a child. */
const TOGETHER = 12;

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
  const own = { entry: entry.package, package: named(alias, found.name), version: shown };
  const title = subject.title === undefined ? '' : `${subject.title}: `;
  const results: Result[] = [];
  const probes = probesOf(entry, subject, version);
  const compared = settleConnects(probes, await runProbes(probes, { index, alias, version }));
  probes.forEach((probe, at) => {
    const result = compared[at];
    if (result) results.push({ ...own, claim: `${title}${probe.claim}`, against: subject.protocol === 'none' ? '' : probe.fault, ...result });
  });
  // A package that does not load says so once.
  if (probes.length > 0 && results.every((one) => one.verdict === 'not run')) return results.slice(0, 1);
  for (const retry of await measureRetries(entry, subject, index, alias, version)) results.push({ ...own, ...retry, claim: `${title}${retry.claim}` });
  return results;
}

/** Probes that leave the process as it is share one child; the others, and what a crash of a shared child leaves open, run alone. What disagrees runs once more alone: a busy machine is late, the catalogue is not. */
async function runProbes(probes: readonly Probe[], { index, alias, version }: { readonly index: number; readonly alias: string; readonly version: string }): Promise<readonly Compared[]> {
  const asked = (probe: Probe): Asked => ({ subject: alias, index, version, options: probe.options, deadlineMs: probe.deadlineMs, fault: probe.fault, task: probe.task });
  const canShare = (probe: Probe): boolean => (probe.task.kind === 'call' || probe.task.kind === 'queue' || probe.task.kind === 'check') && probe.options.every(({ place }) => place !== 'defaults' && place !== 'method');
  const found = new Map<Probe, Compared>();
  const shared = probes.filter(canShare);
  for (let from = 0; from < shared.length; from += TOGETHER) {
    const some = shared.slice(from, from + TOGETHER);
    const runs = await runJobs(some.map(asked));
    if (some.length > 1 && runs.some((ran) => ran.outcome.kind === 'crashed')) continue;
    some.forEach((probe, at) => {
      const ran = runs[at];
      if (ran) found.set(probe, compare(probe, ran));
    });
  }
  for (const probe of probes) {
    for (let tries = found.has(probe) ? 1 : 0; tries < 2 && (found.get(probe)?.verdict ?? 'disagree') === 'disagree'; tries += 1) {
      const [ran] = await runJobs([asked(probe)]);
      if (ran) found.set(probe, compare(probe, ran));
    }
  }
  return probes.flatMap((probe) => found.get(probe) ?? []);
}

/** `mysql2/promise` of `mysql2-3/promise`. */
function named(alias: string, name: string | undefined): string {
  const path = /^(?:node|global):/.test(alias) ? [] : alias.split('/').slice(1);
  return [name ?? alias, ...path].join('/');
}

function sortResults(results: readonly Result[], work: readonly Work[]): Result[] {
  const order = new Map(work.map(({ entry }, at) => [entry.package, at]));
  return [...results].sort((a, b) => (order.get(a.entry) ?? 0) - (order.get(b.entry) ?? 0) || (a.package < b.package ? -1 : a.package > b.package ? 1 : 0) || (a.version < b.version ? -1 : a.version > b.version ? 1 : 0));
}

/** A run of some libraries replaces their lines and keeps the others. */
function save(results: readonly Result[], isPart: boolean): void {
  const before = readResults();
  const measured = new Set(results.map((one) => `${one.package}@${one.version}`));
  // Lines of packages that are no longer pinned go.
  const pinned = new Set(cases.flatMap((one) => one.subjects).map((alias) => `${named(alias, installed(alias)?.name)} ${installed(alias)?.version ?? ''}`));
  const kept = isPart ? before.results.filter((one) => !measured.has(`${one.package}@${one.version}`) && pinned.has(`${one.package} ${one.version.split(' ')[0] ?? ''}`)) : [];
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
