// A browser for the workbench: one that is named, one that is installed, or the one that comes with the host.

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { HOST } from './host';

const INSTALLED = [
  '/usr/bin/google-chrome',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

interface BundledChromium {
  executablePath(): Promise<string>;
}

export async function launchBrowser(): Promise<Browser> {
  const named = process.env['CHROME_PATH'];
  const installed = named ?? INSTALLED.find((path) => existsSync(path));
  if (installed !== undefined) return chromium.launch({ executablePath: installed, args: ['--no-sandbox'] });
  const module = createRequire(join(HOST, 'package.json')).resolve('@sparticuz/chromium');
  const bundled = ((await import(module)) as { default: BundledChromium }).default;
  return chromium.launch({
    executablePath: await bundled.executablePath(),
    headless: false,
    args: [
      '--no-sandbox',
      '--headless=old',
      '--no-zygote',
      '--disable-gpu',
      '--use-gl=angle',
      '--use-angle=swiftshader',
      '--font-render-hinting=none',
      '--force-color-profile=srgb',
    ],
  });
}
