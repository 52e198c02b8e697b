// Makes holdfast-VERSION.vsix. What goes in is listed in .vscodeignore; vsce runs the build first (`vscode:prepublish`).

import { createVSIX } from '@vscode/vsce';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const packagePath = join(root, `${name}-${version}.vsix`);

await createVSIX({ cwd: root, packagePath, dependencies: false, allowMissingRepository: true, rewriteRelativeLinks: false });
console.log(`${packagePath}  ${Math.round(statSync(packagePath).size / 1024)} kB`);
