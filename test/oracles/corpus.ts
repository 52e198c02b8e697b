// Real files for the oracles: whatever lies in the folders of `HOLDFAST_CORPUS`, read and linked as the linter does it.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { compileCatalog } from '../../engine/catalog';
import type { FileFacts } from '../../engine/facts';
import { link, type LinkedWorkspace } from '../../engine/link';
import { readFile } from '../../engine/read';
import { corpusFolders } from './agreement';

const SKIPPED = new Set(['.git', 'node_modules', '.terraform', 'vendor']);
const LARGEST = 1_000_000;

/** Repositories of the corpus: the folders inside those that it names. */
export function repositories(): readonly string[] {
  return corpusFolders().flatMap((folder) => readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name)));
}

/** Paths below a folder, relative to it, that `wanted` takes; sorted. Linear in the tree. */
export function filesBelow(root: string, wanted: (path: string) => boolean): string[] {
  const found: string[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!SKIPPED.has(entry.name)) visit(path);
      } else if (entry.isFile() && statSync(path).size <= LARGEST) {
        const name = relative(root, path).replaceAll('\\', '/');
        if (wanted(name)) found.push(name);
      }
    }
  };
  visit(root);
  return found.sort();
}

/** Facts and model of the files of a folder that `wanted` takes. */
export async function readFolder(root: string, wanted: (path: string) => boolean): Promise<LinkedWorkspace & { readonly facts: readonly FileFacts[] }> {
  const catalog = compileCatalog();
  const facts: FileFacts[] = [];
  for (const path of filesBelow(root, wanted)) facts.push(...(await readFile(path, readFileSync(join(root, path), 'utf8'), catalog)).facts);
  return { ...link(facts, catalog), facts };
}
