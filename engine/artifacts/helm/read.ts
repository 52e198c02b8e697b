// Reads the files of a chart that are no templates: Chart.yaml and values files.

import type { FileProblem } from '../../facts';
import type { Span } from '../../text';
import { entries, find, items, resolve, textOf } from '../yaml/look-up';
import { parseYaml, type YamlNode } from '../yaml/tree';
import type { ChartDependency, ChartFacts, HelmFacts, ValuesFacts, ValuesNode } from './facts';
import { scalarOf } from './value';

const CHART = /(?:^|\/)Chart\.ya?ml$/;
const VALUES = /(?:^|\/)values(?:[-_.][\w.-]{1,80})?\.ya?ml$|(?:^|\/)[\w.]{1,40}[-_.]values\.ya?ml$/;

/** Whether a path is that of a chart's own file, or of values. Those that only tests use are left out. */
export function recogniseHelm(path: string): boolean {
  return CHART.test(path) || (VALUES.test(path) && !/(?:^|\/)(?:ci|tests?|templates)\//.test(path));
}

/** Reads a chart's file or values. Never throws. Linear. */
export function readHelm(path: string, text: string): { facts: HelmFacts; problems: FileProblem[] } {
  const parsed = parseYaml(text);
  const root = resolve(parsed.documents[0]?.root);
  const base = { kind: 'artifact' as const, format: 'helm', path, suppressions: [] };
  if (CHART.test(path)) return { facts: readChart(base, root), problems: [] };
  const isWhole = parsed.problems.length === 0;
  const values: ValuesFacts = { ...base, part: 'values', ...(isWhole && root?.kind === 'map' ? { root: valuesNode(root, root.span, { left: MAX_VALUES }) } : isWhole && !root ? { root: { kind: 'map', entries: [], span: [0, 0] } } : {}) };
  return { facts: values, problems: [] };
}

function readChart(base: Omit<ChartFacts, 'part' | 'name' | 'isLibrary' | 'fields' | 'dependencies'>, root: YamlNode | undefined): ChartFacts {
  const fields: Record<string, string> = {};
  for (const { name, value } of entries(root)) {
    const text = textOf(value);
    if (text !== undefined) fields[name] = text;
  }
  return {
    ...base,
    part: 'chart',
    name: fields['name'] ?? '',
    isLibrary: fields['type'] === 'library',
    fields: { appVersion: '', version: '', ...fields },
    dependencies: items(find(root, 'dependencies')?.node).map(readDependency),
  };
}

function readDependency(node: YamlNode): ChartDependency {
  const text = (key: string): string => textOf(find(node, key)?.node) ?? '';
  const repository = text('repository');
  const alias = text('alias');
  return {
    name: text('name'),
    ...(alias === '' ? {} : { alias }),
    ...(repository.startsWith('file://') ? { folder: repository.slice('file://'.length) } : {}),
    conditions: text('condition').split(',').map((part) => part.trim()).filter((part) => part !== ''),
    importsValues: find(node, 'import-values') !== undefined,
  };
}

/** Values files of large charts have some thousands; a file of aliases of aliases ends here. */
const MAX_VALUES = 50_000;

function valuesNode(node: YamlNode, span: Span, budget: { left: number }): ValuesNode {
  const at = budget.left-- > 0 ? resolve(node) : undefined;
  if (at?.kind === 'map') return { kind: 'map', span, entries: entries(at).map(({ name, pair, value }) => [name, value ? valuesNode(value, pair.span, budget) : { kind: 'scalar', value: null, span: pair.span }] as const) };
  if (at?.kind === 'sequence') return { kind: 'list', span, items: items(at).map((item) => valuesNode(item, item.span, budget)) };
  if (at?.kind !== 'scalar') return { kind: 'scalar', value: null, span };
  const scalar = scalarOf(at.text, at.style === 'plain' && at.tag !== '!!str');
  // A number of a values file is a float to templates, whatever it looks like.
  return { kind: 'scalar', value: scalar.value, ...(typeof scalar.value === 'number' ? { isFloat: true } : {}), span };
}
