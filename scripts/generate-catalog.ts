// Checks catalog/libraries, catalog/images, catalog/cloud and catalog/operators (YAML) against their schema and compiles them, with the names of catalog/peers, into catalog/generated/catalog.json, which the bundle holds.

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ErrorObject } from 'ajv';
import { parse } from 'yaml';
import { PEERS_WITH_SUPPRESSIONS } from '../engine/lint/peer-directives';
import { peerChecks, peerRules } from './peer-checks';
import { cloudSchema, generate as generateLibrarySchema, librarySchema, operatorSchema } from './generate-library-schema';

const root = join(import.meta.dirname, '..', 'catalog');

/** One entry of the catalogue with the file that holds it. */
export interface CatalogFileEntry {
  readonly file: string;
  readonly entry: unknown;
}

/** Entries of all YAML files of a folder of the catalogue, in the order of their names. */
export function catalogEntries(folder: 'libraries' | 'images' | 'cloud' | 'operators' | 'peers'): CatalogFileEntry[] {
  const names = readdirSync(join(root, folder)).filter((name) => name.endsWith('.yaml')).sort();
  return names.flatMap((name) => {
    const parsed: unknown = parse(readFileSync(join(root, folder, name), 'utf8'));
    return (Array.isArray(parsed) ? parsed : [parsed]).map((entry: unknown) => ({ file: `catalog/${folder}/${name}`, entry }));
  });
}

/** What is wrong with entries by the schema: `catalog/libraries/pg.yaml: /bounds/0 must NOT have additional properties (phase)`. */
export function catalogErrors(entries: readonly CatalogFileEntry[], definition: 'LibraryEntry' | 'ImageEntry' | 'CloudEntry' | 'OperatorEntry'): string[] {
  const ajv = new Ajv({ allErrors: true, strict: false });
  const validate = ajv.compile({ ...(definition === 'CloudEntry' ? cloudSchema() : definition === 'OperatorEntry' ? operatorSchema() : librarySchema()), $ref: `#/definitions/${definition}` });
  return entries.flatMap(({ file, entry }) => (validate(entry) ? [] : (validate.errors ?? []).map((error) => `${file}: ${errorText(error)}`)));
}

function errorText(error: ErrorObject): string {
  const extra: unknown = error.params['additionalProperty'] ?? error.params['allowedValues'];
  return `${error.instancePath === '' ? '/' : error.instancePath} ${error.message ?? 'is not valid'}${extra === undefined ? '' : ` (${typeof extra === 'string' ? extra : JSON.stringify(extra)})`}`;
}

/** Writes the schema and the compiled catalogue; its `key` changes with any entry. An entry that the schema refuses is an error. */
export async function generate(): Promise<void> {
  generateLibrarySchema();
  const libraries = catalogEntries('libraries');
  const images = catalogEntries('images');
  const cloud = catalogEntries('cloud');
  const operators = catalogEntries('operators');
  const errors = [...catalogErrors(libraries, 'LibraryEntry'), ...catalogErrors(images, 'ImageEntry'), ...catalogErrors(cloud, 'CloudEntry'), ...catalogErrors(operators, 'OperatorEntry')];
  if (errors.length > 0) throw new Error(`The catalogue does not follow its schema:\n  ${errors.join('\n  ')}`);
  const content = { libraries: libraries.map(({ entry }) => entry), images: images.map(({ entry }) => entry), cloud: cloud.map(({ entry }) => entry), operators: operators.map(({ entry }) => entry), peers: peerRules(peerChecks(), PEERS_WITH_SUPPRESSIONS) };
  const key = createHash('sha1').update(JSON.stringify(content)).digest('hex').slice(0, 12);
  mkdirSync(join(root, 'generated'), { recursive: true });
  writeFileSync(join(root, 'generated', 'catalog.json'), `${JSON.stringify({ key, ...content })}\n`);
}
