// One suite in the npm host: the extension is installed from its VSIX, the workbench opened in a browser, the suite run in the extension host.

import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launchBrowser } from './browser';
import { installExtension, startHost } from './host';

export interface SuiteRun {
  readonly suite: string;
  readonly isTrusted: boolean;
  readonly workspace: string;
  readonly vsix: string;
  readonly probe: string;
  /** A folder for this run alone. */
  readonly scratch: string;
  readonly resultFile: string;
  /** Where screenshots are kept, if any are wanted. */
  readonly pictures?: string;
}

const VIEWPORT = { width: 1120, height: 640 };
/** Parts of the window, for pictures that show less than all of it. */
const CLIPS: Readonly<Record<string, { x: number; y: number; width: number; height: number }>> = {
  'walkthrough-see': { x: 48, y: 34, width: 1072, height: 504 },
  'walkthrough-repair': { x: 48, y: 34, width: 760, height: 300 },
  'walkthrough-team': { x: 48, y: 34, width: 760, height: 320 },
};

const LIMIT_MS = 240_000;

/** Undefined when the suite ended by itself, else what went wrong. */
export async function runInHost(run: SuiteRun): Promise<string | undefined> {
  const dataFolder = join(run.scratch, 'data');
  const extensionsFolder = join(run.scratch, 'extensions');
  mkdirSync(extensionsFolder, { recursive: true });
  await installExtension(run.vsix, dataFolder, extensionsFolder);
  const wanted = join(run.scratch, 'pictures');
  mkdirSync(wanted);
  const host = await startHost({
    dataFolder,
    extensionsFolder,
    settings: settingsFor(run),
    environment: { HOLDFAST_TEST_RESULTS: run.resultFile, ...(run.pictures === undefined ? {} : { HOLDFAST_TEST_PICTURES: wanted }) },
  });
  const browser = await launchBrowser();
  const log: string[] = [];
  try {
    const page = await browser.newPage({ viewport: VIEWPORT, deviceScaleFactor: run.pictures === undefined ? 1 : 2 });
    await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => void log.push(`${type} ${args.map(String).join(' ')}`));
    const ended = new Promise<string | undefined>((resolve) => {
      void page.exposeFunction('codeAutomationExit', (code: number) => resolve(code === 0 ? undefined : `exit code ${code}`));
      setTimeout(() => resolve(`no end within ${LIMIT_MS / 1_000} s`), LIMIT_MS).unref();
    });
    const payload = JSON.stringify([
      ['extensionDevelopmentPath', `vscode-remote://remote${run.probe}`],
      ['extensionTestsPath', `vscode-remote://remote${run.suite}`],
      ['skipWelcome', 'true'],
    ]);
    const camera = run.pictures === undefined ? undefined : takePictures(page, wanted, run.pictures);
    await page.goto(`${host.origin}/?folder=${encodeURIComponent(run.workspace)}&payload=${encodeURIComponent(payload)}`);
    const ending = await ended;
    camera?.stop();
    return ending === undefined ? undefined : `${ending}\n${log.slice(-40).join('\n')}`;
  } finally {
    await browser.close();
    host.stop();
  }
}

function settingsFor(run: SuiteRun): Readonly<Record<string, unknown>> {
  return {
    'security.workspace.trust.enabled': !run.isTrusted,
    'security.workspace.trust.startupPrompt': 'never',
    'security.workspace.trust.banner': 'never',
    'workbench.startupEditor': 'none',
    'workbench.tips.enabled': false,
    'extensions.autoCheckUpdates': false,
    'extensions.ignoreRecommendations': true,
    'telemetry.telemetryLevel': 'off',
    'typescript.validate.enable': false,
    'typescript.disableAutomaticTypeAcquisition': true,
    'files.autoSave': 'off',
    'editor.minimap.enabled': false,
    'editor.fontSize': 14,
    'workbench.colorTheme': 'Default Dark Modern',
    'chat.commandCenter.enabled': false,
    'editor.occurrencesHighlight': 'off',
    'editor.guides.indentation': false,
    'git.enabled': false,
    'window.title': '${rootName}',
    'workbench.layoutControl.enabled': false,
    'window.commandCenter': false,
    'editor.hover.delay': 3000,
    'npm.autoDetect': 'off',
  };
}

/** Watches for pictures that the suite asks for. */
function takePictures(page: Page, wanted: string, kept: string): { stop(): void } {
  mkdirSync(kept, { recursive: true });
  let isBusy = false;
  const timer = setInterval(() => {
    const request = isBusy ? undefined : readdirSync(wanted).find((name) => name.endsWith('.wanted'));
    if (request === undefined) return;
    isBusy = true;
    const name = request.slice(0, -'.wanted'.length);
    void settle(page)
      .then(() => page.screenshot({ path: join(kept, `${name}.png`), ...(CLIPS[name] ? { clip: CLIPS[name] } : {}) }))
      .catch((error: unknown) => console.log(`no picture ${name}: ${String(error)}`))
      .finally(() => {
        if (existsSync(join(wanted, request))) renameSync(join(wanted, request), join(wanted, `${name}.done`));
        isBusy = false;
      });
  }, 100);
  return { stop: () => clearInterval(timer) };
}

/** Menus and hovers fade in. */
function settle(page: Page): Promise<void> {
  return page.waitForTimeout(1_200);
}
