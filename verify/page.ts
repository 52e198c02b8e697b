// docs/measured.md: what the last run found, and what of the catalogue nobody has run.

import type { LibraryEntry } from '../catalog/schema';
import type { Result } from './contract';

export interface Results {
  readonly date: string;
  readonly node: string;
  readonly results: readonly Result[];
}

/** The page's text. Same results and entries, same page. */
export function measuredPage({ date, node, results }: Results, entries: readonly LibraryEntry[]): string {
  const count = (verdict: Result['verdict']): number => results.filter((one) => one.verdict === verdict).length;
  const subjects = groups(results, (one) => `${one.package} ${one.version}`);
  const measured = new Set(results.filter((one) => one.verdict !== 'not run').map((one) => one.entry));
  const unread = entries.filter((entry) => !measured.has(entry.package)).map((entry) => entry.package).sort();
  const long = results.filter((one) => /: `[^`]+` is \d+ ms$/.test(one.claim) && one.measured.startsWith('pending'));
  return [
    '# Measured',
    '',
    `What the catalogue says about libraries, run on ${date} with Node ${node}: ${subjects.size} versions of packages, ${results.length} claims; ${count('agree')} agree, ${count('disagree')} disagree, ${count('wider')} bound more than the catalogue says, ${count('recorded')} are not claimed, ${count('not run')} could not be run.`,
    '',
    '`npm run verify:catalog` installs the packages, runs each claim in a process of its own against servers on this machine, writes this page, and fails where a package and the catalogue disagree. `-- --only redis` runs one.',
    '',
    '| against | what the other side does |',
    '|---|---|',
    '| refuse | nothing listens |',
    '| blackhole | the connection never opens |',
    '| hang | the connection opens, and nothing is ever said |',
    '| silent | the handshake is done, and the command is never answered |',
    '| stall | the answer begins and stops |',
    '| drip | the answer never ends: one byte every 200 ms |',
    '| fail | every answer is an error |',
    '| drop | the connection closes |',
    '| queue | the only connection of the pool is taken |',
    '| answer | all is well |',
    '',
    'Options are set to one second. A call that has to wait is watched for 3.5 s; a default of up to 15 s is waited for, a longer one is read in the source. Timers of retries run ten times as fast.',
    '',
    ...[...subjects].flatMap(([name, own]) => ['', `## ${name}`, '', '| claim | against | measured | |', '|---|---|---|---|', ...rowsOf(own)]),
    '',
    '## Read in source only',
    '',
    'Defaults that are too long to wait for; that the call is still pending was seen:',
    '',
    ...unique(long.map((one) => `- ${one.package} ${one.version}: ${one.claim.replace('nothing set: ', '')}`)),
    '',
    'Entries without a run:',
    '',
    unread.map((name) => `\`${name}\``).join(', '),
    '',
  ].join('\n');
}

/** Lines that differ only in what the other side does are one row. */
function rowsOf(results: readonly Result[]): string[] {
  return [...groups(results, (one) => `${one.claim}\u0000${short(one.measured)}\u0000${one.verdict}`).values()].map((same) => {
    const [first] = same;
    return first ? `| ${escaped(first.claim)} | ${same.map((one) => one.against).join(', ')} | ${escaped(short(first.measured))} | ${first.verdict} |` : '';
  });
}

/** The error's name is enough on a page. */
function short(measured: string): string {
  return measured.replace(/^(rejects after [\d.]+ s): (\w+).*$/, '$1: $2');
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

function unique(lines: readonly string[]): string[] {
  return [...new Set(lines)];
}

function groups<T>(list: readonly T[], key: (one: T) => string): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const one of list) {
    const before = found.get(key(one));
    if (before) before.push(one);
    else found.set(key(one), [one]);
  }
  return found;
}
