// The VS Code suite in a downloaded desktop editor; where none can be had, in the one from the npm registry. Says which.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const NONE = 3;

/** Runs the suite; the exit code is 0, 1 or 3 (no editor could be had). */
export function runVsCodeSuite(words = []) {
  return spawnSync(process.execPath, ['--import', 'tsx', join(root, 'test', 'vscode', 'main.ts'), ...words], { cwd: root, stdio: 'inherit' }).status ?? 1;
}

if (process.argv[1] === import.meta.filename) {
  const code = runVsCodeSuite(['--electron']);
  if (code !== NONE) process.exit(code);
  console.log('running in the editor from the npm registry instead');
  process.exit(runVsCodeSuite());
}
