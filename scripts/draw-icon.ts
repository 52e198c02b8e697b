// Draws media/icon.png (256 x 256) from media/icon.svg: galleries take no SVG. Run after a change of the drawing.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchBrowser } from '../test/vscode/browser';
import { installHost } from '../test/vscode/host';

const media = join(import.meta.dirname, '..', 'media');

await installHost();
const browser = await launchBrowser();
const page = await browser.newPage({ viewport: { width: 256, height: 256 } });
await page.setContent(`<style>*{margin:0}svg{display:block}</style>${readFileSync(join(media, 'icon.svg'), 'utf8')}`);
await page.screenshot({ path: join(media, 'icon.png'), omitBackground: true });
await browser.close();
