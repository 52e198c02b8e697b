// Bundles client, server and cli with their lazily loaded parts into dist/, or into the folder that is named. `--watch` is not needed: a build takes about a second.

import { build } from 'esbuild';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(import.meta.dirname, '..');

// Parts that load only when they are needed stay outside the bundles that name them. TypeScript is one of them and ships once: ts-morph uses it too.
const lazyParts = {
  name: 'lazy-parts',
  setup(builder) {
    builder.onResolve({ filter: /^@ts-morph\/common\/dist\/typescript\.js$/ }, () => ({ path: './typescript.cjs', external: true }));
    builder.onResolve({ filter: /^\.\/typescript$/ }, ({ importer }) =>
      /ts-morph-common\.js$/.test(importer) ? { path: './typescript.cjs', external: true } : undefined,
    );
    builder.onResolve({ filter: /^ts-morph$/ }, ({ kind }) => (kind === 'entry-point' ? undefined : { path: './ts-morph.cjs', external: true }));
    builder.onResolve({ filter: /^yaml$/ }, ({ kind }) => (kind === 'entry-point' ? undefined : { path: './yaml.cjs', external: true }));
  },
};

function settings(outdir) {
  return {
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    // Later parts come by `require`: what Node's `import()` finds in a minified CommonJS file is not all that it exports.
    supported: { 'dynamic-import': false },
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
    outExtension: { '.js': '.cjs' },
    outdir,
    absWorkingDir: root,
  };
}

/** The parts that server and cli load when they need them. */
async function buildParts(outdir) {
  const shared = settings(outdir);
  await Promise.all([
    build({
      ...shared,
      stdin: { contents: "module.exports = require('@ts-morph/common/dist/typescript.js');", resolveDir: root },
      outdir: undefined,
      outfile: join(outdir, 'typescript.cjs'),
    }),
    build({ ...shared, entryPoints: { 'ts-morph': 'ts-morph' }, plugins: [lazyParts] }),
    build({ ...shared, entryPoints: { yaml: 'yaml' }, plugins: [lazyParts] }),
  ]);
}

/** One server with its parts: what the tests of the protocol run. */
export async function buildServer(entry, outdir) {
  mkdirSync(outdir, { recursive: true });
  await Promise.all([build({ ...settings(outdir), entryPoints: { server: entry }, plugins: [lazyParts] }), buildParts(outdir)]);
}

/** The command line with its parts: what its tests run. */
export async function buildCli(outdir) {
  mkdirSync(outdir, { recursive: true });
  await Promise.all([build({ ...settings(outdir), entryPoints: { cli: 'cli/main.ts' }, plugins: [lazyParts] }), buildParts(outdir)]);
}

/** Everything that ships. */
export async function buildAll(outdir) {
  rmSync(outdir, { recursive: true, force: true });
  mkdirSync(outdir, { recursive: true });
  const shared = settings(outdir);
  await Promise.all([
    build({ ...shared, entryPoints: { client: 'client/extension.ts' }, external: ['vscode'] }),
    build({ ...shared, entryPoints: { server: 'server/main.ts', cli: 'cli/main.ts' }, plugins: [lazyParts] }),
    buildParts(outdir),
  ]);
  for (const name of ['client', 'server', 'cli', 'typescript', 'ts-morph', 'yaml']) {
    console.log(`${join(outdir, `${name}.cjs`)}  ${Math.round(statSync(join(outdir, `${name}.cjs`)).size / 1024)} kB`);
  }
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) await buildAll(resolve(process.argv[2] ?? join(root, 'dist')));
