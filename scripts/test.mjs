// `npm test`: all unit, rule and protocol tests, then the packed extension in a real VS Code. Ends with one line that sums up; the exit code says the same.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runVsCodeSuite } from './test-electron.mjs';

const root = join(import.meta.dirname, '..');
const cache = join(root, '.vscode-test');
const NO_EDITOR = 3;

mkdirSync(cache, { recursive: true });
const unit = runVitest();
const editor = runEditor();
const passed = unit.passed + editor.passed;
const failed = unit.failed + editor.failed;
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

function runVitest() {
  const file = join(cache, 'unit.json');
  rmSync(file, { force: true });
  const { status } = spawnSync(
    process.execPath,
    [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
    { cwd: root, stdio: 'inherit' },
  );
  if (!existsSync(file)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(file, 'utf8'));
  // A file that cannot even be loaded has no tests of its own to fail.
  const broken = testResults.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.every((one) => one.status !== 'failed')).length;
  const counted = numFailedTests + broken;
  return { passed: numPassedTests, failed: counted === 0 && status !== 0 ? 1 : counted };
}

/** The desktop editor where it can be downloaded, else the one from the npm registry; skipped by name only where neither can be had. */
function runEditor() {
  const packing = spawnSync(process.execPath, [join(root, 'scripts', 'package.mjs')], { cwd: root, encoding: 'utf8' });
  if (packing.status !== 0) {
    console.log(`FAIL  the extension is packed\n${packing.stdout}${packing.stderr}`.trimEnd());
    return { passed: 0, failed: 1 };
  }
  const file = join(cache, 'editor.json');
  for (const [name, words] of [
    ['the downloaded VS Code', ['--electron']],
    ['VS Code from the npm registry', []],
  ]) {
    rmSync(file, { force: true });
    console.log(`editor tests in ${name}`);
    const code = runVsCodeSuite([...words, '--results', file]);
    if (code === NO_EDITOR) continue;
    if (!existsSync(file)) return { passed: 0, failed: 1 };
    const results = JSON.parse(readFileSync(file, 'utf8'));
    const failed = results.filter(({ error }) => error !== undefined).length;
    return { passed: results.length - failed, failed: failed === 0 && code !== 0 ? 1 : failed };
  }
  console.log('skipped: the editor tests, since neither a download nor the npm registry gave a VS Code');
  return { passed: 0, failed: 0 };
}
