// Everything that is generated from the source: the catalogue, its schema, the configuration's schema and the pages of the rules. `--check` writes nothing and fails where a committed result is stale.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { generate as generateCatalog } from './generate-catalog';

const root = join(import.meta.dirname, '..');
const schemaBefore = textOf('catalog/library.schema.json');
await generateCatalog();
// Only now: the rules' own modules import the compiled catalogue.
const { generatedFiles } = await import('./generated-files');
const files = await generatedFiles();

if (process.argv.includes('--check')) {
  const stale = [
    ...(schemaBefore === textOf('catalog/library.schema.json') ? [] : ['catalog/library.schema.json']),
    ...[...files].filter(([path, text]) => textOf(path) !== text).map(([path]) => path),
    ...pagesOnDisk().filter((path) => !files.has(path)),
  ];
  for (const path of stale) console.error(`stale: ${path}`);
  if (stale.length > 0) console.error('npm run generate writes them anew.');
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const path of pagesOnDisk()) if (!files.has(path)) rmSync(join(root, path));
  for (const [path, text] of files) {
    if (textOf(path) === text) continue;
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

function textOf(path: string): string | undefined {
  return existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined;
}

function pagesOnDisk(): string[] {
  const folder = join(root, 'docs', 'rules');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
}
