// One configuration file, checked and turned into what it sets. What is wrong is named and left out; everything else holds.

import type { LibraryEntry } from '../../catalog/schema';
import { parseDuration } from '../duration';
import { faultOfGlob, faultOfIgnorePattern } from '../patterns';
import type { Budgets, ConfigurationProblem, Limits, Preset } from './configuration';
import { lastPart, problemOf } from './configuration-problem';
import { entriesOf, parseConfiguration, plainValue, type ConfigurationEntry, type ConfigurationNode } from './configuration-tree';
import type { Severity } from './finding';
import type { Rule } from './rule';
import { checkSchema, parseBytes, type JsonSchema, type SchemaError } from './schema';
import { isOnlyClients } from './shipped-clients';

/** Settings as far as a file, or one of its overrides, says them. */
export interface Settings {
  readonly severities: ReadonlyMap<string, Severity | 'off'>;
  readonly options: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  readonly budgets: Partial<Budgets>;
}

/** A file's own settings; what it extends is still a name. */
export interface Layer {
  readonly file: string;
  readonly extends: readonly { readonly name: string; readonly span: readonly [number, number] }[];
  readonly settings: Settings;
  readonly overrides: readonly { readonly files: readonly string[]; readonly settings: Settings }[];
  readonly limits: Partial<Limits>;
  readonly ignore: readonly string[];
  readonly clients: readonly LibraryEntry[];
  readonly peerSuppressions?: boolean;
}

export const PRESETS: readonly Preset[] = ['recommended', 'strict', 'all'];

/** Reads one file; undefined where it holds no configuration at all (a package.json without the key). */
export async function readLayer(file: string, text: string, schema: JsonSchema, rules: readonly Rule[]): Promise<{ readonly layer: Layer | undefined; readonly problems: readonly ConfigurationProblem[] }> {
  const { root, problems } = await parseConfiguration(file, text);
  if ((!root && problems.length === 0 && /(^|\/)package\.json$/.test(file)) || isOnlyClients(file, root)) return { layer: undefined, problems };
  const empty: ConfigurationNode = { kind: 'map', span: [0, 0], entries: [] };
  const errors = root ? checkSchema(root.kind === 'scalar' && root.value === null ? empty : root, schema, schema) : [];
  const layer = layerOf(file, root ?? empty, errors, rules);
  return { layer, problems: [...problems, ...errors.map((error) => problemOf(file, error)), ...(root ? patternProblems(file, root) : [])] };
}

/** Patterns that are not used, since matching them could take for ever. */
function patternProblems(file: string, root: ConfigurationNode): ConfigurationProblem[] {
  const check = (node: ConfigurationNode | undefined, faultOf: (pattern: string) => string | undefined): ConfigurationProblem[] =>
    itemsOf(node).flatMap((item) => {
      const fault = item.kind === 'scalar' && typeof item.value === 'string' ? faultOf(item.value) : undefined;
      return fault === undefined ? [] : [{ file, span: [item.span[0], item.span[1]], message: `this pattern ${fault}` }];
    });
  const valueOf = (node: ConfigurationNode, key: string): ConfigurationNode | undefined => entriesOf(node).find((entry) => entry.key === key)?.value;
  return [...check(valueOf(root, 'ignore'), faultOfIgnorePattern), ...itemsOf(valueOf(root, 'overrides')).flatMap((item) => check(valueOf(item, 'files'), faultOfGlob))];
}

function layerOf(file: string, root: ConfigurationNode, errors: readonly SchemaError[], rules: readonly Rule[]): Layer {
  const isSound = (...path: (string | number)[]): boolean => !errors.some((error) => path.every((part, index) => error.path[index] === part));
  const get = (key: string): ConfigurationNode | undefined => entriesOf(root).find((entry) => entry.key === key)?.value;
  const overrides = itemsOf(get('overrides')).flatMap((item, index) => {
    if (item.kind !== 'map') return [];
    const files = texts(item.entries.find((entry) => entry.key === 'files')?.value);
    return [{ files, settings: settingsOf(item.entries, ['overrides', index], isSound, rules) }];
  });
  const peers = get('peerSuppressions');
  return {
    file,
    ...(peers?.kind === 'scalar' && typeof peers.value === 'boolean' ? { peerSuppressions: peers.value } : {}),
    extends: extendsOf(get('extends')),
    settings: settingsOf(root.kind === 'map' ? root.entries : [], [], isSound, rules),
    overrides,
    limits: limitsOf(get('limits'), isSound),
    ignore: texts(get('ignore')),
    // The schema is the catalogue's own, so a sound entry has its type.
    clients: itemsOf(get('clients')).flatMap((item, index) => (isSound('clients', index) ? [plainValue(item) as LibraryEntry] : [])),
  };
}

function extendsOf(node: ConfigurationNode | undefined): Layer['extends'] {
  const items = node?.kind === 'scalar' ? [node] : itemsOf(node);
  return items.flatMap((item) => (item.kind === 'scalar' && typeof item.value === 'string' ? [{ name: item.value, span: [item.span[0], item.span[1]] as const }] : []));
}

function settingsOf(entries: readonly ConfigurationEntry[], path: readonly (string | number)[], isSound: (...path: (string | number)[]) => boolean, rules: readonly Rule[]): Settings {
  const severities = new Map<string, Severity | 'off'>();
  const options = new Map<string, Readonly<Record<string, unknown>>>();
  const budgets: Record<string, unknown> = {};
  const within = (key: string): readonly ConfigurationEntry[] => {
    const node = entries.find((entry) => entry.key === key)?.value;
    return node?.kind === 'map' ? node.entries : [];
  };
  for (const { key, value } of within('rules')) {
    const rule = rules.find((candidate) => candidate.id === key || lastPart(candidate.id) === key);
    if (!rule || !isSound(...path, 'rules', key)) continue;
    const { severity, values } = ruleSetting(value, rule);
    if (severity !== undefined) severities.set(rule.id, severity);
    if (Object.keys(values).length > 0) options.set(rule.id, values);
  }
  for (const { key, value } of within('budgets')) {
    if (value.kind !== 'scalar' || !isSound(...path, 'budgets', key)) continue;
    const isText = key === 'memory' || key === 'cpu';
    const read = isText ? String(value.value) : typeof value.value === 'string' ? parseDuration(value.value) : value.value;
    if (read !== undefined) budgets[key] = read;
  }
  return { severities, options, budgets };
}

/** `error`, `[error, { option: value }]`, or `{ severity: error, option: value }`. */
function ruleSetting(node: ConfigurationNode, rule: Rule): { severity: Severity | 'off' | undefined; values: Record<string, unknown> } {
  const values: Record<string, unknown> = {};
  const severityNode = node.kind === 'scalar' ? node : node.kind === 'list' ? node.items[0] : node.entries.find((entry) => entry.key === 'severity')?.value;
  const optionNode = node.kind === 'list' ? node.items[1] : node;
  for (const { key, value } of optionNode?.kind === 'map' ? optionNode.entries : []) {
    const option = rule.options?.[key];
    if (!option) continue;
    const read = plainValue(value);
    values[key] = option.type === 'duration' && (typeof read === 'string' || typeof read === 'number') ? parseDuration(read) : read;
  }
  const severity = severityNode?.kind === 'scalar' ? severityNode.value : undefined;
  const isSeverity = severity === 'error' || severity === 'warning' || severity === 'info' || severity === 'advice' || severity === 'off';
  return { severity: isSeverity ? severity : undefined, values };
}

function limitsOf(node: ConfigurationNode | undefined, isSound: (...path: (string | number)[]) => boolean): Partial<Limits> {
  const limits: { file?: number; line?: number; files?: number } = {};
  for (const { key, value } of node?.kind === 'map' ? node.entries : []) {
    if (value.kind !== 'scalar' || !isSound('limits', key)) continue;
    const number = typeof value.value === 'string' ? parseBytes(value.value) : value.value;
    if (typeof number === 'number' && (key === 'file' || key === 'line' || key === 'files')) limits[key] = number;
  }
  return limits;
}

function itemsOf(node: ConfigurationNode | undefined): readonly ConfigurationNode[] {
  return node?.kind === 'list' ? node.items : [];
}

function texts(node: ConfigurationNode | undefined): string[] {
  return itemsOf(node).flatMap((item) => (item.kind === 'scalar' && typeof item.value === 'string' ? [item.value] : []));
}
