// npm run bench: Holdfast cold and warm, as a whole process, beside oxlint and eslint with typescript-eslint on the same files in the same run. Ratios first.
//   npm run bench -- [--lines 10000,100000] [--path FOLDER] [--runs 7] [--no-peers]

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { generateCorpus } from './corpus';
import { measure, type Contender, type Measured } from './measure';

const root = join(import.meta.dirname, '..');
const { values: options } = parseArgs({
  options: {
    lines: { type: 'string', default: '10000,100000' },
    path: { type: 'string', multiple: true, default: [] },
    runs: { type: 'string', default: '7' },
    'no-peers': { type: 'boolean', default: false },
  },
});

const cli = join(root, 'dist', 'cli.cjs');
if (!existsSync(cli)) throw new Error('dist/cli.cjs is missing: npm run build');

const version = (name: string): string => (JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')) as { version: string }).version;
const eslintConfiguration = join(root, 'bench', 'corpus', 'eslint.bench.mjs');

function contendersFor(folder: string, runs: number): Contender[] {
  const cache = join(root, 'bench', 'corpus', 'cache');
  const holdfast = [process.execPath, cli, '--cache-dir', cache];
  const own: Contender[] = [
    { name: 'node (empty script)', command: [process.execPath, '-e', '0'], cwd: folder },
    { name: 'holdfast cold', command: [...holdfast, '--no-cache'], cwd: folder },
    { name: 'holdfast warm', command: holdfast, cwd: folder, warmsUp: true },
  ];
  rmSync(cache, { recursive: true, force: true });
  if (options['no-peers']) return own;
  const oxlint = [process.execPath, join(root, 'node_modules', 'oxlint', 'bin', 'oxlint'), '.'];
  refuseIdlePeer(oxlint, folder);
  return [
    ...own,
    { name: `oxlint ${version('oxlint')}`, command: oxlint, cwd: folder },
    {
      name: `eslint ${version('eslint')} + typescript-eslint ${version('typescript-eslint')}`,
      command: [process.execPath, join(root, 'node_modules', 'eslint', 'bin', 'eslint.js'), '--no-config-lookup', '--config', eslintConfiguration, '.'],
      cwd: folder,
      runs: Math.min(runs, 3),
    },
  ];
}

/** A peer that reads no file is fast: an ignore file above the folder would make the ratios a lie. */
function refuseIdlePeer(command: readonly string[], folder: string): void {
  const [program = '', ...words] = command;
  const { stdout } = spawnSync(program, words, { cwd: folder, encoding: 'utf8', maxBuffer: 1e9 });
  if (/No files found|on 0 files/.test(stdout)) throw new Error(`${words[0]} reads no file in ${folder}`);
}

/** The peers' usual set-up: recommended rules without types, for every code file. */
function writeEslintConfiguration(): void {
  mkdirSync(dirname(eslintConfiguration), { recursive: true });
  writeFileSync(
    eslintConfiguration,
    "import js from '@eslint/js';\nimport tseslint from 'typescript-eslint';\nexport default [js.configs.recommended, ...tseslint.configs.recommended, { files: ['**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}'] }];\n",
  );
}

function printTable(title: string, results: readonly Measured[]): void {
  const warm = results.find((result) => result.name === 'holdfast warm');
  const cold = results.find((result) => result.name === 'holdfast cold');
  console.log(`\n${title}`);
  for (const peer of results.filter((result) => /^(oxlint|eslint)/.test(result.name))) {
    if (cold) console.log(`  holdfast cold : ${peer.name} = ${(cold.wallMs / peer.wallMs).toFixed(2)} wall, ${(cold.cpuMs / peer.cpuMs).toFixed(2)} CPU`);
    if (warm) console.log(`  holdfast warm : ${peer.name} = ${(warm.wallMs / peer.wallMs).toFixed(2)} wall, ${(warm.cpuMs / peer.cpuMs).toFixed(2)} CPU`);
  }
  if (cold && warm) console.log(`  warm : cold = ${(warm.wallMs / cold.wallMs).toFixed(2)} wall, ${(warm.cpuMs / cold.cpuMs).toFixed(2)} CPU`);
  console.log(`  ${'run'.padEnd(46)} wall med  wall min   CPU med  memory  exit`);
  for (const result of results) {
    console.log(
      `  ${result.name.padEnd(46)} ${`${Math.round(result.wallMs)} ms`.padStart(8)}  ${`${Math.round(result.wallMinMs)} ms`.padStart(8)}  ${`${Math.round(result.cpuMs)} ms`.padStart(8)}  ${`${Math.round(result.memoryMb)} MB`.padStart(6)}  ${[...new Set(result.exitCodes)].join(',')}`,
    );
  }
}

/** What one cold run says of its stages: files read, parsed and cached, and the time of each. */
function printStages(folder: string): void {
  const { stderr } = spawnSync(process.execPath, [cli, '--no-cache', '--verbose', '--format', 'json'], { cwd: folder, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 });
  console.log(`  stages of one cold run\n${stderr.trimEnd().replace(/^/gm, '    ')}`);
}

const runs = Number(options.runs);
const targets = options.path.length > 0
  ? options.path.map((path) => ({ folder: resolve(path), title: resolve(path) }))
  : options.lines.split(',').map((lines) => {
      const corpus = generateCorpus(join(tmpdir(), 'holdfast-bench', lines), Number(lines));
      return { folder: corpus.folder, title: `${corpus.lines.toLocaleString('en')} lines, ${corpus.files.toLocaleString('en')} files, ${(corpus.bytes / 1e6).toFixed(1)} MB, generated from seed 1` };
    });
writeEslintConfiguration();
for (const { folder, title } of targets) {
  printTable(title, measure(contendersFor(folder, runs), runs));
  printStages(folder);
}
