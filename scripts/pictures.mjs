// Takes the pictures of README and walkthrough anew, from the packed extension in a real editor: `npm run package` first.

import { spawnSync } from 'node:child_process';
import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const taken = join(root, '.vscode-test', 'pictures');

const { status } = spawnSync(process.execPath, ['--import', 'tsx', join(root, 'test', 'vscode', 'main.ts'), '--suite', 'main', '--pictures', taken], {
  cwd: root,
  stdio: 'inherit',
});
for (const name of readdirSync(taken)) if (/^(finding|walkthrough-[a-z]+)\.png$/.test(name)) copyFileSync(join(taken, name), join(root, 'media', name));
process.exit(status ?? 1);
