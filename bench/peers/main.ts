// `npm run bench:peers -- --fixtures PEER=FOLDER … --repository FOLDER …`: what each peer finds of ours and we of theirs, on its own fixtures and on real repositories, with times. Writes bench/peers/results.json, of which `npm run generate` makes docs/peers-measured.md.
// `--sites FILE` lists every difference; `--only PEER` runs one and keeps what is known of the others.

import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { filesBelow } from '../../test/oracles/corpus';
import { peerChecks } from '../../scripts/peer-checks';
import { compare, isLabelled, type CheckMap, type OwnFinding, type Question, type RuleRow } from './compare';
import type { Label, PeerFinding } from './finding';
import { LABELLED } from './labels';
import type { Measured, Results } from './page';
import { installedPeers } from './peers';
import { listAt, runTool, textAt, at } from './run-tool';

const root = join(import.meta.dirname, '..', '..');
const output = join(import.meta.dirname, 'results.json');
const { values: options } = parseArgs({
  options: {
    /** PEER=FOLDER: every file of it stands for itself. */
    fixtures: { type: 'string', multiple: true, default: [] },
    repository: { type: 'string', multiple: true, default: [] },
    only: { type: 'string', multiple: true, default: [] },
    sites: { type: 'string' },
    cli: { type: 'string', default: join(root, 'dist', 'cli.cjs') },
  },
});

const maps = new Map<string, Map<string, Question>>();
for (const { peer, check, rule, messages } of peerChecks()) {
  const map = maps.get(peer) ?? new Map<string, Question>();
  if (rule !== undefined && !map.has(check)) map.set(check, { rule, ...(messages === undefined ? {} : { messages }) });
  maps.set(peer, map);
}
const mapOf = (peer: string): CheckMap => maps.get(peer) ?? new Map<string, Question>();

const wholeFolders = new Map<string, readonly OwnFinding[]>();
const sites: string[] = [];
const measured: Measured[] = [];
const { peers, absent } = installedPeers((peer) => [...mapOf(peer).keys()]);
const chosen = (name: string): boolean => options.only.length === 0 || options.only.includes(name);

for (const peer of peers.filter(({ name }) => chosen(name))) {
  for (const folder of fixturesOf(peer.name)) {
    const files = filesBelow(folder, (path) => peer.reads(path, readFileSync(join(folder, path), 'utf8')));
    const copies = apart(folder, files, new Map());
    const theirs = peer.run(copies.folder, [...copies.original.keys()]);
    const own = ownFindings(copies.folder);
    note(peer.name, peer.version, 'fixtures', files.length, theirs.ms, own.ms, theirs.failures.length, compare(theirs.findings, own.findings, mapOf(peer.name), () => true), (file) => join(folder, copies.original.get(file) ?? file));
    rmSync(copies.folder, { recursive: true, force: true });
  }
  const rows: RuleRow[] = [];
  let [files, theirMs, ownMs, failures] = [0, 0, 0, 0];
  for (const folder of options.repository) {
    const read = filesBelow(folder, (path) => /\.(ya?ml|json|tf|template)$|(^|\/)Dockerfile(\.[^/]+)?$/i.test(path) && peer.reads(path, readFileSync(join(folder, path), 'utf8')));
    if (read.length === 0) continue;
    const copy = same(folder, read);
    const theirs = peer.run(copy, read);
    const alone = ownFindings(copy);
    rmSync(copy, { recursive: true, force: true });
    const whole = wholeFolders.get(folder) ?? ownFindings(folder).findings;
    wholeFolders.set(folder, whole);
    files += read.length;
    theirMs += theirs.ms;
    ownMs += alone.ms;
    failures += theirs.failures.length;
    const readable = new Set(read);
    for (const row of compare(theirs.findings.filter(({ file }) => readable.has(file)), whole, mapOf(peer.name), ({ file }) => readable.has(file))) {
      const named = ({ file, ...rest }: RuleRow['onlyPeer'][number]) => ({ ...rest, file: join(folder, file) });
      rows.push({ ...row, onlyPeer: row.onlyPeer.map(named), onlyOurs: row.onlyOurs.map(named) });
    }
  }
  note(peer.name, peer.version, 'repositories', files, theirMs, ownMs, failures, rows, (file) => file);
}

for (const [name, read] of Object.entries(LABELLED).filter(([peer]) => chosen(peer))) {
  for (const folder of fixturesOf(name)) {
    const { labels, texts } = read(folder);
    const asked = labels.filter(({ check }) => mapOf(name).has(check));
    const copies = apart(folder, [...new Set(asked.map(({ file }) => file))].filter((file) => !texts.has(file) && existsSync(join(folder, file))), new Map([...texts].filter(([file]) => asked.some((label) => label.file === file))));
    const copyOf = new Map([...copies.original].map(([copy, path]) => [path, copy]));
    const moved = asked.flatMap((label): Label[] => [{ ...label, file: copyOf.get(label.file) ?? '' }]);
    const own = ownFindings(copies.folder);
    const theirs = moved.filter(({ fails }) => fails).map(({ fails: _fails, ...finding }): PeerFinding => finding);
    note(name, 'labels of its tests', 'fixtures', copyOf.size, undefined, own.ms, 0, compare(theirs, own.findings, mapOf(name), isLabelled(moved, mapOf(name))), (file) => join(folder, copies.original.get(file) ?? file));
    rmSync(copies.folder, { recursive: true, force: true });
  }
}

const before: Results | undefined = options.only.length > 0 && existsSync(output) ? (JSON.parse(readFileSync(output, 'utf8')) as Results) : undefined;
const kept = (before?.measured ?? []).filter(({ peer }) => !chosen(peer));
const results: Results = { date: new Date().toISOString().slice(0, 10), node: process.version, cores: availableParallelism(), repositories: options.repository.length || (before?.repositories ?? 0), absent, measured: [...kept, ...measured].sort((a, b) => (a.peer < b.peer ? -1 : a.peer > b.peer ? 1 : a.on < b.on ? -1 : 1)) };
writeFileSync(output, `${JSON.stringify(results, null, 1)}\n`);
if (options.sites !== undefined) writeFileSync(options.sites, `${sites.join('\n')}\n`);
console.log(`${output}: ${measured.length} comparisons`);

function fixturesOf(peer: string): string[] {
  return options.fixtures.flatMap((one) => (one.startsWith(`${peer}=`) ? [one.slice(peer.length + 1)] : [])).filter((folder) => existsSync(folder));
}

/** Rows of one rule are added up. Only numbers go into the results: whose files they are is nobody's business. */
function note(peer: string, version: string, on: Measured['on'], files: number, theirMs: number | undefined, ownMs: number, failures: number, rows: readonly RuleRow[], nameOf: (file: string) => string): void {
  const totals = new Map<string, Measured['rows'][number]>();
  for (const { rule, checks, both, onlyPeer, onlyOurs } of rows) {
    const total = totals.get(rule) ?? { rule, checks, both: 0, onlyPeer: 0, onlyOurs: 0 };
    totals.set(rule, { rule, checks, both: total.both + both, onlyPeer: total.onlyPeer + onlyPeer.length, onlyOurs: total.onlyOurs + onlyOurs.length });
    for (const [side, list] of [['peer', onlyPeer], ['ours', onlyOurs]] as const) for (const { file, object, check } of list) sites.push([peer, on, rule, side, check, nameOf(file), object].join('\t'));
  }
  const spoken = [...totals.values()].filter((row) => row.both + row.onlyPeer + row.onlyOurs > 0);
  measured.push({ peer, version, on, files, ...(theirMs === undefined ? {} : { theirMs: Math.round(theirMs) }), ownMs: Math.round(ownMs), failures, rows: spoken });
  console.log(`${peer} ${on}: ${files} files, theirs ${Math.round(theirMs ?? 0)} ms, ours ${Math.round(ownMs)} ms`);
}

function ownFindings(folder: string): { readonly findings: readonly OwnFinding[]; readonly ms: number } {
  const { json, ms } = runTool(process.execPath, [options.cli, '--format', 'json', '--no-cache', '--advice', '.'], folder);
  const findings = listAt(json, 'findings').map((one) => ({ rule: textAt(one, 'rule'), message: textAt(one, 'variant'), file: textAt(one, 'file'), subject: textAt(one, 'subject'), line: Number(at(one, 'range', 'start', 'line')) }));
  return { findings, ms };
}

/** Each file goes into a folder far from the others, so that none is joined with another. Gives the copy's path -> the original's. */
function apart(folder: string, files: readonly string[], texts: ReadonlyMap<string, string>): { readonly folder: string; readonly original: ReadonlyMap<string, string> } {
  const target = mkdtempSync(join(tmpdir(), 'holdfast-peers-'));
  const original = new Map<string, string>();
  for (const [i, path] of [...files, ...texts.keys()].entries()) {
    const copy = `case${i}/a/b/c/${basename(path).replace(/\.test\.ts$/, '.ts')}`;
    mkdirSync(dirname(join(target, copy)), { recursive: true });
    const text = texts.get(path);
    if (text === undefined) cpSync(join(folder, path), join(target, copy));
    else writeFileSync(join(target, copy), text);
    original.set(copy, path);
  }
  return { folder: target, original };
}

/** Only the named files, where they stood. */
function same(folder: string, files: readonly string[]): string {
  const target = mkdtempSync(join(tmpdir(), 'holdfast-peers-'));
  for (const path of files) {
    mkdirSync(dirname(join(target, path)), { recursive: true });
    cpSync(join(folder, path), join(target, path));
  }
  return target;
}
