// The same suites in a downloaded desktop VS Code, where the network has one.

import { downloadAndUnzipVSCode, resolveCliArgsFromVSCodeExecutablePath, runTests } from '@vscode/test-electron';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SuiteRun } from './run-in-host';

const DOWNLOAD_LIMIT_MS = 15_000;

/** Gives the runner, or rejects where no editor can be downloaded. */
export async function runElectron(): Promise<(run: SuiteRun) => Promise<string | undefined>> {
  const executable = await downloadAndUnzipVSCode({ version: 'stable', timeout: DOWNLOAD_LIMIT_MS, cachePath: join(import.meta.dirname, '..', '..', '.vscode-test') });
  return async (run) => {
    const extensionsFolder = join(run.scratch, 'extensions');
    const user = join(run.scratch, 'data', 'User');
    mkdirSync(user, { recursive: true });
    writeFileSync(
      join(user, 'settings.json'),
      JSON.stringify({ 'security.workspace.trust.enabled': !run.isTrusted, 'security.workspace.trust.startupPrompt': 'never', 'workbench.startupEditor': 'none' }),
    );
    const folders = ['--extensions-dir', extensionsFolder, '--user-data-dir', join(run.scratch, 'data')];
    const [cli, ...args] = resolveCliArgsFromVSCodeExecutablePath(executable);
    const installed = spawnSync(cli ?? executable, [...args, ...folders, '--install-extension', run.vsix], {
      encoding: 'utf8',
      timeout: 60_000,
      shell: process.platform === 'win32',
    });
    if (installed.status !== 0) return `the extension was not installed: ${installed.stderr}`;
    const trust = run.isTrusted ? ['--disable-workspace-trust'] : [];
    try {
      const code = await runTests({
        vscodeExecutablePath: executable,
        extensionDevelopmentPath: run.probe,
        extensionTestsPath: run.suite,
        launchArgs: [run.workspace, ...folders, ...trust],
        extensionTestsEnv: { HOLDFAST_TEST_RESULTS: run.resultFile },
      });
      return code === 0 ? undefined : `exit code ${code}`;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
}
