// Compiles catalog/libraries and catalog/images (YAML) into catalog/generated/catalog.json, which the bundle holds.

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..', 'catalog');

function entriesOf(folder: string): unknown[] {
  const names = readdirSync(join(root, folder)).filter((name) => name.endsWith('.yaml')).sort();
  return names.flatMap((name) => {
    const parsed: unknown = parse(readFileSync(join(root, folder, name), 'utf8'));
    return Array.isArray(parsed) ? parsed : [parsed];
  });
}

/** Writes the compiled catalogue; its `key` changes with any entry. */
export async function generate(): Promise<void> {
  const content = { libraries: entriesOf('libraries'), images: entriesOf('images') };
  const key = createHash('sha1').update(JSON.stringify(content)).digest('hex').slice(0, 12);
  mkdirSync(join(root, 'generated'), { recursive: true });
  writeFileSync(join(root, 'generated', 'catalog.json'), `${JSON.stringify({ key, ...content })}\n`);
}
