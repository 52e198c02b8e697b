// Bundles client, server and cli with their lazily loaded parts into dist/. `--watch` is not needed: a build takes about a second.

import { build } from 'esbuild';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });

// Parts that load only when they are needed stay outside the bundles that name them.
const lazyParts = {
  name: 'lazy-parts',
  setup(builder) {
    builder.onResolve({ filter: /^@ts-morph\/common\/dist\/typescript\.js$/ }, (found) => (found.pluginData?.isPart ? undefined : { path: './typescript.cjs', external: true }));
    builder.onResolve({ filter: /^ts-morph$/ }, () => ({ path: './ts-morph.cjs', external: true }));
    builder.onResolve({ filter: /^yaml$/ }, () => ({ path: './yaml.cjs', external: true }));
  },
};

const shared = { bundle: true, platform: 'node', format: 'cjs', target: 'node20', minify: true, keepNames: false, legalComments: 'none', logLevel: 'warning', outExtension: { '.js': '.cjs' }, outdir: dist, absWorkingDir: root };

await Promise.all([
  build({ ...shared, entryPoints: { client: 'client/extension.ts' }, external: ['vscode'] }),
  build({ ...shared, entryPoints: { server: 'server/main.ts', cli: 'cli/main.ts' }, plugins: [lazyParts] }),
  build({ ...shared, stdin: { contents: "module.exports = require('@ts-morph/common/dist/typescript.js');", resolveDir: root }, outdir: undefined, outfile: join(dist, 'typescript.cjs') }),
  build({ ...shared, stdin: { contents: "module.exports = require('ts-morph');", resolveDir: root }, outdir: undefined, outfile: join(dist, 'ts-morph.cjs') }),
  build({ ...shared, stdin: { contents: "module.exports = require('yaml');", resolveDir: root }, outdir: undefined, outfile: join(dist, 'yaml.cjs') }),
]);

for (const name of ['client', 'server', 'cli', 'typescript', 'ts-morph', 'yaml']) {
  console.log(`dist/${name}.cjs  ${Math.round(statSync(join(dist, `${name}.cjs`)).size / 1024)} kB`);
}
