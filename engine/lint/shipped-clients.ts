// Clients that packages describe themselves: the key `holdfast` of a package's own package.json, with its entries or the name of a file of the package. Read as data, never run.

import type { LibraryEntry } from '../../catalog/schema';
import { folderOf } from '../model/paths';
import type { ConfigurationProblem } from './configuration';
import { entriesOf, parseConfiguration, plainValue, type ConfigurationNode } from './configuration-tree';
import { problemOf } from './configuration-problem';
import { checkSchema, type JsonSchema } from './schema';
import { isRecord } from '../record';

export interface ShippedClients {
  readonly clients: readonly LibraryEntry[];
  readonly problems: readonly ConfigurationProblem[];
  /** Files that hold clients: when one changes, they are read again. */
  readonly files: readonly string[];
}

export interface PackageSource {
  /** All files of the workspace. */
  readonly files: readonly string[];
  read(path: string): string | undefined;
  stampOf(path: string): string | undefined;
}

/** A workspace with more packages than this has the rest left out. */
const MOST_PACKAGES = 5_000;
const LARGEST_PACKAGE = 500_000;
const MOST_ENTRIES = 200;

/** Whether a package.json describes clients and configures nothing: then it is no configuration of its folder. */
export function isOnlyClients(path: string, root: ConfigurationNode | undefined): boolean {
  return isPackageFile(path) && root?.kind === 'map' && root.entries.length > 0 && root.entries.every(({ key }) => key === 'clients');
}

/** The clients of the packages of the workspace, and of those that they name and that are installed. Cost: one look for each name in each folder, once for a set of package.json files. */
export async function shippedClients(source: PackageSource, schema: JsonSchema): Promise<ShippedClients> {
  const own = source.files.filter((path) => isPackageFile(path) && !/(^|\/)node_modules\//.test(path)).slice(0, MOST_PACKAGES);
  const reader = new ShipmentReader(source, schema);
  for (const path of own) await reader.read(path, undefined);
  for (const [path, name] of installedPackages(own, source)) await reader.read(path, name);
  return reader;
}

/** The package.json of each dependency, in the nearest `node_modules` at or above the package that names it. */
function installedPackages(own: readonly string[], source: PackageSource): Map<string, string> {
  const found = new Map<string, string>();
  const stamps = new Map<string, boolean>();
  const exists = (path: string): boolean => {
    const known = stamps.get(path) ?? source.stampOf(path) !== undefined;
    stamps.set(path, known);
    return known;
  };
  for (const path of own) {
    for (const name of dependenciesOf(source.read(path))) {
      if (stamps.size > MOST_PACKAGES * 4 || found.size >= MOST_PACKAGES) return found;
      for (let folder = folderOf(path); ; folder = folderOf(folder)) {
        const candidate = `${folder === '' ? '' : `${folder}/`}node_modules/${name}/package.json`;
        if (exists(candidate)) {
          found.set(candidate, name);
          break;
        }
        if (folder === '') break;
      }
    }
  }
  return found;
}

/** Names that a package.json asks for; a broken one asks for none. */
function dependenciesOf(text: string | undefined): string[] {
  const parsed = text === undefined || text.length > LARGEST_PACKAGE ? undefined : parseJson(text);
  if (!isRecord(parsed)) return [];
  const names = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'].flatMap((key) => (isRecord(parsed[key]) ? Object.keys(parsed[key]) : []));
  return [...new Set(names)].filter((name) => /^(@[\w.~-]+\/)?[\w~-][\w.~-]*$/.test(name));
}

/** Reads what packages ship. Lives for one load. */
class ShipmentReader implements ShippedClients {
  readonly clients: LibraryEntry[] = [];
  readonly problems: ConfigurationProblem[] = [];
  readonly files: string[] = [];

  constructor(private readonly source: PackageSource, private readonly schema: JsonSchema) {}

  /** The clients of one package; an installed one, known by its `name`, describes itself alone. */
  async read(path: string, name: string | undefined): Promise<void> {
    const text = this.source.read(path);
    if (text === undefined || text.length > LARGEST_PACKAGE || !text.includes('"holdfast"')) return;
    const { root } = await parseConfiguration(path, text);
    if (name === undefined && !isOnlyClients(path, root)) return;
    const value = entriesOf(root).find(({ key }) => key === 'clients')?.value;
    if (!value) return;
    this.files.push(path);
    if (value.kind === 'scalar' && typeof value.value === 'string') await this.readFile(path, value.value, value.span, name);
    else this.take(path, value, name);
  }

  private async readFile(from: string, written: string, span: readonly [number, number], name: string | undefined): Promise<void> {
    const refuse = (message: string): number => this.problems.push({ file: from, span, message });
    const inside = insideOf(folderOf(from), written);
    if (inside === undefined) return void refuse(`\`${written}\` is no YAML or JSON file inside this package`);
    const text = this.source.read(inside);
    if (text === undefined) return void refuse(`there is no file \`${written}\` in this package`);
    this.files.push(inside);
    const { root, problems } = await parseConfiguration(inside, text);
    this.problems.push(...problems);
    const list = root?.kind === 'map' ? root.entries.find(({ key }) => key === 'clients')?.value : root;
    if (list) this.take(inside, list, name);
  }

  private take(file: string, list: ConfigurationNode, name: string | undefined): void {
    const errors = checkSchema(list, { type: 'array', items: { $ref: '#/definitions/LibraryEntry' } }, this.schema, ['clients']);
    this.problems.push(...errors.map((error) => problemOf(file, error)));
    for (const [index, item] of (list.kind === 'list' ? list.items.slice(0, MOST_ENTRIES) : []).entries()) {
      if (errors.some(({ path }) => path[1] === index)) continue;
      // The schema is the catalogue's own, so a sound entry has its type.
      const entry = plainValue(item) as LibraryEntry;
      const foreign = name === undefined ? undefined : [entry.package, ...(entry.aliases ?? [])].find((one) => one !== name && !one.startsWith(`${name}/`));
      if (foreign === undefined) this.clients.push(entry);
      else this.problems.push({ file, span: item.span, message: `\`${name ?? ''}\` describes \`${foreign}\`, which is another package` });
    }
  }
}

/** A path inside a folder, or nothing for one that leaves it, and for a file that is neither YAML nor JSON. */
function insideOf(folder: string, written: string): string | undefined {
  const parts = written.replace(/^\.\//, '').split('/');
  const isInside = !/^[a-z]:/i.test(written) && !written.includes('\\') && parts.every((part) => part !== '' && part !== '.' && part !== '..');
  return isInside && /\.(ya?ml|jsonc?)$/i.test(written) ? [...(folder === '' ? [] : [folder]), ...parts].join('/') : undefined;
}

function isPackageFile(path: string): boolean {
  return path === 'package.json' || path.endsWith('/package.json');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
