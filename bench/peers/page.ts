// docs/peers-measured.md: what the last run of `npm run bench:peers` counted, each difference with a judgement.

import { cell, table } from '../../scripts/markdown-table';

export interface MeasuredRow {
  readonly rule: string;
  readonly checks: readonly string[];
  readonly both: number;
  readonly onlyPeer: number;
  readonly onlyOurs: number;
}

export interface Measured {
  readonly peer: string;
  readonly version: string;
  readonly on: 'fixtures' | 'repositories';
  readonly files: number;
  /** Absent where labels were read and nothing was run. */
  readonly theirMs?: number;
  readonly ownMs: number;
  readonly failures: number;
  readonly rows: readonly MeasuredRow[];
}

export interface Results {
  readonly date: string;
  readonly node: string;
  readonly cores: number;
  readonly repositories: number;
  readonly absent: readonly string[];
  readonly measured: readonly Measured[];
}

export interface Judgement {
  readonly peer: string;
  readonly rule: string;
  readonly side: 'peer' | 'ours';
  readonly right: 'peer' | 'holdfast' | 'both' | 'neither';
  readonly why: string;
}

const COUNTED: Readonly<Record<Judgement['side'], 'onlyPeer' | 'onlyOurs'>> = { peer: 'onlyPeer', ours: 'onlyOurs' };
const PLACES: Readonly<Record<Measured['on'], string>> = { fixtures: 'On its own fixtures', repositories: 'On real repositories' };

/** Differences that nobody has judged, as `peer rule side`. */
export function unjudged(results: Results, judgements: readonly Judgement[]): readonly string[] {
  const judged = new Set(judgements.map(({ peer, rule, side }) => `${peer} ${rule} ${side}`));
  const all = results.measured.flatMap(({ peer, rows }) => rows.flatMap((row) => (['peer', 'ours'] as const).flatMap((side) => (row[COUNTED[side]] > 0 ? [`${peer} ${row.rule} ${side}`] : []))));
  return [...new Set(all)].filter((one) => !judged.has(one));
}

/** The page's text. Throws on a difference without judgement, so that the page never holds one. */
export function peersMeasuredPage(results: Results, judgements: readonly Judgement[]): string {
  const open = unjudged(results, judgements);
  if (open.length > 0) throw new Error(`bench/peers/judgements.yaml says nothing of: ${open.join(', ')}`);
  const peers = [...new Set(results.measured.map(({ peer }) => peer))];
  return `${[
    '# Other linters, measured',
    '<!-- Made by `npm run generate` from bench/peers/results.json and bench/peers/judgements.yaml. -->',
    `Each linter and Holdfast read the same files in the same run (${results.date}, Node ${results.node.replace(/^v/, '')}, ${results.cores} cores that others used too): the linter's own test files, each by itself, and ${results.repositories} public repositories. Compared are its checks that [peers.md](peers.md) maps to a rule; what else it checks is not counted. A site is one object of one file.`,
    '- *both*: sites that both name.\n- *only it*, *only Holdfast*: the differences. Below each table stands who is right and why, judged from excerpts of one to three sites of a kind, not from all; a row without any says so.\n- Times are wall time from start to end. Theirs is for their checks that were asked, ours for all rules on the same files. Findings of ours in repositories come from a run over the whole repository, as a finding may hang on other files.',
    `Run it with \`npm run bench:peers -- --fixtures PEER=FOLDER --repository FOLDER --sites FILE\` after \`node scripts/install-oracles.mjs\`: fixtures and repositories are fetched by hand and never committed.${results.absent.length > 0 ? ` Not installed in this run: ${results.absent.join(', ')}.` : ''}`,
    '## In short',
    table(['linter', 'version', 'files', 'both', 'only it', 'only Holdfast', 'its time', 'ours'], results.measured.map(({ peer, version, on, files, theirMs, ownMs, rows }) => [`[${peer}](#${peer}), ${on}`, version, String(files), sum(rows, 'both'), sum(rows, 'onlyPeer'), sum(rows, 'onlyOurs'), theirMs === undefined ? 'not run' : seconds(theirMs), seconds(ownMs)])),
    ...peers.flatMap((peer) => section(peer, results.measured.filter((one) => one.peer === peer), judgements)),
  ].join('\n\n')}\n`;
}

function section(peer: string, measured: readonly Measured[], judgements: readonly Judgement[]): string[] {
  const spoken = measured.some(({ rows }) => rows.length > 0);
  const differences = judgements.filter((one) => one.peer === peer && measured.some(({ rows }) => rows.some((row) => row.rule === one.rule && row[COUNTED[one.side]] > 0)));
  return [
    `## ${peer}`,
    ...measured.flatMap(({ on, files, failures, rows }) => [
      `### ${PLACES[on]}: ${peer}`,
      `${files} files.${failures > 0 ? ` It failed ${failures} ${failures === 1 ? 'time' : 'times'}.` : ''}${rows.length === 0 ? ' No check of it that is a question of ours spoke there, nor did we.' : ''}`,
      ...(rows.length === 0 ? [] : [table(['rule', 'its checks', 'both', 'only it', 'only Holdfast'], rows.map((row) => [`[${row.rule}](rules/${row.rule}.md)`, row.checks.map((check) => `\`${cell(check)}\``).join(', '), String(row.both), String(row.onlyPeer), String(row.onlyOurs)]))]),
    ]),
    ...(spoken && differences.length > 0 ? [`### Who is right: ${peer}`, table(['rule', 'named by', 'right', 'why'], differences.map(({ rule, side, right, why }) => [`\`${rule}\``, side === 'peer' ? `only ${peer}` : 'only Holdfast', right === 'peer' ? peer : right === 'holdfast' ? 'Holdfast' : right, cell(why)]))] : []),
  ];
}

function sum(rows: readonly MeasuredRow[], key: 'both' | 'onlyPeer' | 'onlyOurs'): string {
  return String(rows.reduce((total, row) => total + row[key], 0));
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
