// Runs the suites in a real VS Code with the packed extension: the npm host, or, with `--electron`, a downloaded one.
// Prints one line a test; `--pictures DIR` keeps screenshots, `--results FILE` the results, `--suite NAME` runs one of them.

import { build } from 'esbuild';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { installHost } from './host';
import { runElectron } from './electron';
import { runInHost, type SuiteRun } from './run-in-host';
import { writeSample } from './sample';
import type { TestResult } from './suite/harness';

const ROOT = join(import.meta.dirname, '..', '..');
const CACHE = join(ROOT, '.vscode-test');
const SUITES = ['main', 'untrusted'] as const;

const words = process.argv.slice(2);
const picturesFolder = valueOf('--pictures');
const pictures = picturesFolder === undefined ? undefined : resolve(picturesFolder);
const only = valueOf('--suite');
const resultsFile = valueOf('--results');

process.exitCode = await main();

function valueOf(flag: string): string | undefined {
  const at = words.indexOf(flag);
  return at < 0 ? undefined : words[at + 1];
}

/** 0 all passed, 1 some failed, 3 no editor could be had. */
async function main(): Promise<number> {
  const vsix = packedExtension();
  const suites = join(CACHE, 'suite');
  await build({
    entryPoints: SUITES.map((name) => join(ROOT, 'test', 'vscode', 'suite', `${name}.ts`)),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode'],
    outdir: suites,
    outExtension: { '.js': '.cjs' },
    logLevel: 'warning',
  });
  const probe = writeProbe();

  const start = words.includes('--electron') ? await electronRunner() : await hostRunner();
  if (start === undefined) return 3;
  const results: TestResult[] = [];
  for (const suite of SUITES) {
    if (only !== undefined && suite !== only) continue;
    const scratch = mkdtempSync(join(tmpdir(), 'holdfast-vscode-'));
    try {
      const workspace = join(scratch, 'shop');
      mkdirSync(workspace);
      writeSample(workspace);
      const resultFile = join(scratch, 'results.json');
      const ending = await start({
        suite: join(suites, `${suite}.cjs`),
        isTrusted: suite === 'main',
        workspace,
        vsix,
        probe,
        scratch,
        resultFile,
        ...(pictures && suite === 'main' ? { pictures } : {}),
      });
      results.push(...resultsOf(resultFile, suite, ending));
    } finally {
      rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
    }
  }
  for (const { name, error } of results) console.log(error === undefined ? `ok    ${name}` : `FAIL  ${name}\n${error}`);
  if (resultsFile !== undefined) writeFileSync(resultsFile, JSON.stringify(results));
  const failed = results.filter(({ error }) => error !== undefined).length;
  console.log(`vscode: ${results.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

function packedExtension(): string {
  const { name, version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { name: string; version: string };
  const vsix = join(ROOT, `${name}-${version}.vsix`);
  if (!existsSync(vsix)) throw new Error(`${vsix} is not there: npm run package makes it`);
  return vsix;
}

/** The editor runs a suite only beside an extension under development; this one does nothing. */
function writeProbe(): string {
  const folder = join(CACHE, 'probe');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'probe', publisher: 'holdfast-test', version: '0.0.1', engines: { vscode: '^1.91.0' } }));
  return folder;
}

type Start = (run: SuiteRun) => Promise<string | undefined>;

async function hostRunner(): Promise<Start | undefined> {
  try {
    await installHost();
    return runInHost;
  } catch (error) {
    console.log(`no editor from the npm registry: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
    return undefined;
  }
}

async function electronRunner(): Promise<Start | undefined> {
  try {
    return await runElectron();
  } catch (error) {
    console.log(`no editor could be downloaded: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
    return undefined;
  }
}

function resultsOf(file: string, suite: string, ending: string | undefined): TestResult[] {
  if (existsSync(file))
    return (JSON.parse(readFileSync(file, 'utf8')) as TestResult[]).map((result) => ({ ...result, name: suite === 'main' ? result.name : `${suite}: ${result.name}` }));
  return [{ name: `the suite ${suite} runs`, error: ending ?? 'it ended without results' }];
}
