// All configurations of a workspace: which file's settings hold for which path. The nearest file above a path decides alone; what it wants of others it extends.

import type { LibraryEntry } from '../../catalog/schema';
import { folderOf } from '../model/paths';
import { nearestName } from '../nearest';
import { compileGlobs, compileIgnore } from '../patterns';
import { DEFAULT_BUDGETS, DEFAULT_LIMITS, type Budgets, type ConfigurationProblem, type EffectiveConfiguration, type Limits, type Preset } from './configuration';
import { CONFIGURATION_NAMES, isConfigurationFile } from './configuration-files';
import { PRESETS, readLayer, type Layer, type Settings } from './configuration-layer';
import { configurationSchema } from './configuration-schema';
import type { Severity } from './finding';
import type { Rule } from './rule';
import type { JsonSchema } from './schema';
import { shippedClients, type ShippedClients } from './shipped-clients';

export interface Configurations {
  /** Changes when any setting may have changed. */
  readonly key: string;
  readonly isPresent: boolean;
  readonly problems: readonly ConfigurationProblem[];
  /** Clients of all configuration files, and those that packages ship: the catalogue is one for the whole workspace, since a client of one folder may be used in another. */
  readonly clients: readonly LibraryEntry[];
  /** The configuration files in use, for `doctor`. */
  readonly files: readonly string[];
  /** Files in which packages describe clients. */
  readonly shipments: readonly string[];
  /** The settings of one file. */
  of(path: string): EffectiveConfiguration;
  /** Whether `ignore` of its configuration leaves the file out. */
  ignores(path: string): boolean;
}

/** A folder above the root: `..` with the root's own name as `prefix`, and so on upwards. */
export interface FolderAbove {
  readonly path: string;
  readonly prefix: string;
}

export interface ConfigurationSource {
  /** All files of the workspace. */
  readonly files: readonly string[];
  /** Folders above the root, nearest first. */
  readonly above: readonly FolderAbove[];
  read(path: string): string | undefined;
  stampOf(path: string): string | undefined;
  readonly rules: readonly Rule[];
  /** Severities that the host sets on top of every file's. */
  readonly severities: ReadonlyMap<string, Severity | 'off'>;
  /** The one file to use for everything. */
  readonly only?: string;
  /** Given back when nothing has changed. */
  readonly previous: Configurations;
}

/** Settings with the paths that they hold for. */
interface Element {
  readonly applies: ((path: string) => boolean) | undefined;
  readonly settings: Settings;
}

/** A configuration file together with all that it extends. */
interface Resolved {
  readonly preset: Preset;
  readonly elements: readonly Element[];
  readonly limits: Partial<Limits>;
  readonly ignores: readonly ((path: string) => boolean)[];
  readonly clients: readonly LibraryEntry[];
  readonly peerSuppressions?: boolean;
}

const DEFAULT: EffectiveConfiguration = { preset: 'recommended', severities: new Map(), options: new Map(), budgets: DEFAULT_BUDGETS, limits: DEFAULT_LIMITS, clients: [] };
const NOTHING: Resolved = { preset: 'recommended', elements: [], limits: {}, ignores: [], clients: [] };
const DEEPEST = 10;
/** Files that extend several others, which do the same, would double the work at each step. */
const MOST_EXTENDED = 100;

/** What holds before anything is read. */
export const DEFAULT_CONFIGURATIONS: Configurations = { key: '', isPresent: false, problems: [], clients: [], files: [], shipments: [], of: () => DEFAULT, ignores: () => false };

/** Finds, reads and checks every configuration file. Cost: the configuration files' length; nothing where none has changed. */
export async function loadConfigurations(source: ConfigurationSource): Promise<Configurations> {
  const candidates = candidatesOf(source);
  // They change when other packages are named or installed, which may ship clients.
  const namers = source.files.filter((path) => /(^|\/)(package\.json|package-lock\.json|yarn\.lock|pnpm-lock\.yaml)$/.test(path));
  const keyOf = (more: readonly string[]): string => [...new Set([...candidates, ...namers, ...more])].map((path) => `${path} ${source.stampOf(path) ?? ''}`).join('\n');
  // A file that is extended may bear any name, so those of the last time are asked for as well.
  if (source.previous !== DEFAULT_CONFIGURATIONS && source.previous.key === keyOf([...source.previous.files, ...source.previous.shipments])) return source.previous;
  const reader = new LayerReader(source);
  const byFolder = new Map<string, Resolved>();
  const used: string[] = [];
  for (const path of candidates) {
    const folder = source.only === undefined ? folderOf(path) : '';
    if (byFolder.has(folder)) continue;
    const resolved = await reader.resolve(path, []);
    if (!resolved) continue;
    byFolder.set(folder, resolved);
    used.push(path);
  }
  const files = [...used, ...reader.extended];
  const shipped = await shippedClients(source, reader.schema);
  return configurationsOf(keyOf([...files, ...shipped.files]), byFolder, reader, files, shipped, source);
}

/** Configuration files in the order in which they are to be asked: within a folder by the precedence of their names. */
function candidatesOf(source: ConfigurationSource): string[] {
  if (source.only !== undefined) return [source.only.replace(/^\.\//, '')];
  const rank = (path: string): number => CONFIGURATION_NAMES.indexOf(path.slice(path.lastIndexOf('/') + 1));
  const inside = source.files.filter(isConfigurationFile).sort((a, b) => (folderOf(a) === folderOf(b) ? rank(a) - rank(b) : a < b ? -1 : 1));
  const outside = source.above.flatMap(({ path }) => CONFIGURATION_NAMES.map((name) => `${path}/${name}`)).filter((path) => source.stampOf(path) !== undefined);
  return [...inside, ...outside];
}

function configurationsOf(key: string, byFolder: ReadonlyMap<string, Resolved>, reader: LayerReader, files: readonly string[], shipped: ShippedClients, source: ConfigurationSource): Configurations {
  const nearest = new Map<string, Resolved>();
  const above = source.above.find(({ path }) => byFolder.has(path));
  const nearestTo = (folder: string): Resolved => {
    const known = nearest.get(folder) ?? byFolder.get(folder);
    if (known) return known;
    const found = folder === '' ? (above ? (byFolder.get(above.path) ?? NOTHING) : NOTHING) : nearestTo(folderOf(folder));
    nearest.set(folder, found);
    return found;
  };
  const hostSettings = hostElement(source);
  const effective = new Map<string, EffectiveConfiguration>();
  const shared = new Map<string, EffectiveConfiguration>();
  const identities = new Map<Resolved, number>([...new Set([...byFolder.values(), NOTHING])].map((resolved, index) => [resolved, index]));
  return {
    key,
    isPresent: files.length > 0,
    problems: [...reader.problems, ...shipped.problems].sort((a, b) => (a.file === b.file ? a.span[0] - b.span[0] : a.file < b.file ? -1 : 1)),
    clients: [...new Map([...shipped.clients, ...[...byFolder.values()].reverse().flatMap(({ clients }) => clients)].map((entry) => [entry.package, entry] as const)).values()],
    files: [...new Set(files)],
    shipments: shipped.files,
    of(path) {
      const known = effective.get(path);
      if (known) return known;
      const resolved = nearestTo(folderOf(path));
      const elements = [...resolved.elements, hostSettings].filter(({ applies }) => applies?.(path) ?? true);
      // Files to which the same elements apply share one object.
      const identity = `${identities.get(resolved) ?? ''}:${[...resolved.elements, hostSettings].map((element) => (elements.includes(element) ? 1 : 0)).join('')}`;
      const made = shared.get(identity) ?? merge(resolved, elements);
      shared.set(identity, made);
      effective.set(path, made);
      return made;
    },
    // What a folder's configuration leaves out stays out, whatever a configuration further down says: ignoring a folder ignores what it holds.
    ignores(path) {
      for (let folder = folderOf(path); ; folder = folderOf(folder)) {
        if (nearestTo(folder).ignores.some((ignore) => ignore(path))) return true;
        if (folder === '') return false;
      }
    },
  };
}

function merge(resolved: Resolved, elements: readonly Element[]): EffectiveConfiguration {
  const severities = new Map<string, Severity | 'off'>();
  const options = new Map<string, Readonly<Record<string, unknown>>>();
  let budgets: Budgets = DEFAULT_BUDGETS;
  for (const { settings } of elements) {
    for (const [rule, severity] of settings.severities) severities.set(rule, severity);
    for (const [rule, values] of settings.options) options.set(rule, { ...options.get(rule), ...values });
    budgets = { ...budgets, ...settings.budgets };
  }
  return { preset: resolved.preset, severities, options, budgets, limits: { ...DEFAULT_LIMITS, ...resolved.limits }, clients: resolved.clients, ...peerSuppressionsOf(resolved) };
}

/** The host's severities, last of all; the last part of a rule's id is enough. */
function hostElement(source: ConfigurationSource): Element {
  const severities = new Map<string, Severity | 'off'>();
  for (const [name, severity] of source.severities) {
    const rule = source.rules.find(({ id }) => id === name || id.endsWith(`/${name}`));
    if (rule) severities.set(rule.id, severity);
  }
  return { applies: undefined, settings: { severities, options: new Map(), budgets: {} } };
}

/** Reads configuration files and follows what they extend. Lives for one load. */
class LayerReader {
  readonly problems: ConfigurationProblem[] = [];
  readonly extended: string[] = [];
  readonly schema: JsonSchema;
  private readonly layers = new Map<string, Layer | undefined>();
  /** Files that the one at hand has extended so far. */
  private count = 0;

  constructor(private readonly source: ConfigurationSource) {
    this.schema = configurationSchema(source.rules);
  }

  async resolve(path: string, chain: readonly string[]): Promise<Resolved | undefined> {
    const layer = await this.layer(path);
    if (!layer) return undefined;
    if (chain.length === 0) this.count = 0;
    let base: Resolved = NOTHING;
    for (const { name, span } of layer.extends) base = join(base, await this.extend(layer, name, span, [...chain, path]));
    const relative = relativeTo(this.source.only === undefined || chain.length > 0 ? folderOf(path) : '', this.source.above);
    const own: Element[] = [{ applies: undefined, settings: layer.settings }];
    for (const override of layer.overrides) own.push({ applies: within(compileGlobs(override.files), relative), settings: override.settings });
    return join(base, { preset: base.preset, elements: own, limits: layer.limits, ignores: layer.ignore.length === 0 ? [] : [within(compileIgnore(layer.ignore.map((pattern) => pattern.replace(/^(!?)\.\//, '$1/'))), relative)], clients: layer.clients, ...peerSuppressionsOf(layer) });
  }

  private async extend(layer: Layer, name: string, span: readonly [number, number], chain: readonly string[]): Promise<Resolved> {
    const preset = PRESETS.find((candidate) => candidate === name);
    if (preset) return { ...NOTHING, preset };
    const refuse = (message: string, nearest?: string): Resolved => {
      this.problems.push({ file: layer.file, span, message, ...(nearest === undefined ? {} : { nearest }) });
      return NOTHING;
    };
    if (!/[./]/.test(name)) return refuse(`there is no preset \`${name}\``, nearestName(name, PRESETS));
    const path = joinPath(folderOf(layer.file), name);
    if (path === undefined) return refuse(`\`${name}\` is no path relative to this file`);
    if (chain.includes(path)) return refuse(`\`${name}\` extends this file in a circle`);
    if (++this.count > MOST_EXTENDED) return this.count === MOST_EXTENDED + 1 ? refuse(`more than ${MOST_EXTENDED} files are extended`) : NOTHING;
    if (chain.length >= DEEPEST) return refuse(`more than ${DEEPEST} files extend one another`);
    const resolved = await this.resolve(path, chain);
    if (!resolved) return refuse(this.source.read(path) === undefined ? `there is no file \`${name}\`` : `\`${name}\` holds no configuration`);
    this.extended.push(path);
    return resolved;
  }

  private async layer(path: string): Promise<Layer | undefined> {
    if (this.layers.has(path)) return this.layers.get(path);
    const text = this.source.read(path);
    if (text === undefined) {
      const isAsked = path === this.source.only || isConfigurationFile(path);
      if (isAsked && !path.endsWith('package.json')) this.problems.push({ file: path, span: [0, 0], message: this.source.stampOf(path) === undefined ? `there is no file \`${path}\`` : 'this file cannot be read' });
      this.layers.set(path, undefined);
      return undefined;
    }
    const { layer, problems } = await readLayer(path, text, this.schema, this.source.rules);
    this.problems.push(...problems);
    this.layers.set(path, layer);
    return layer;
  }
}

function join(base: Resolved, own: Resolved): Resolved {
  return {
    preset: own.preset === 'recommended' ? base.preset : own.preset,
    elements: [...base.elements, ...own.elements],
    limits: { ...base.limits, ...own.limits },
    ignores: [...base.ignores, ...own.ignores],
    clients: [...base.clients, ...own.clients],
    ...peerSuppressionsOf(base),
    ...peerSuppressionsOf(own),
  };
}

function peerSuppressionsOf({ peerSuppressions }: Pick<Layer, 'peerSuppressions'>): Pick<Layer, 'peerSuppressions'> {
  return peerSuppressions === undefined ? {} : { peerSuppressions };
}

/** Patterns are relative to the file that holds them. */
function within(matches: (path: string) => boolean, relative: (path: string) => string | undefined): (path: string) => boolean {
  return (path) => {
    const inside = relative(path);
    return inside !== undefined && matches(inside);
  };
}

/** Paths as seen from a folder; undefined for what lies outside it. */
function relativeTo(folder: string, above: readonly FolderAbove[]): (path: string) => string | undefined {
  if (folder === '') return (path) => path;
  const upper = above.find(({ path }) => path === folder);
  if (upper) return (path) => `${upper.prefix}/${path}`;
  return (path) => (path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : undefined);
}

/** A path relative to a folder of the workspace, its dots resolved; `..` may lead above the root. */
function joinPath(folder: string, name: string): string | undefined {
  if (name.startsWith('/') || /^[a-z]:/i.test(name) || name.includes('\\')) return undefined;
  const parts: string[] = [];
  for (const part of `${folder}/${name}`.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts[parts.length - 1] !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}
