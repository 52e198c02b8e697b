// Puts the files of charts together: which templates and values belong to which chart, which charts lie in which, and with what values each is rendered.

import { folderOf, joinPath } from '../../model/paths';
import type { KubernetesFacts } from '../kubernetes/facts';
import type { ChartDependency, ChartFacts, HelmFacts, ValuesFacts, ValuesNode } from './facts';
import { NIL, listValue, mapValue, member, scalarValue, truth, type MapValue, type Origin, type Value } from './value';

export interface Chart {
  readonly folder: string;
  readonly facts: ChartFacts;
  readonly values: ValuesFacts | undefined;
  /** Values for production that lie beside it: they are laid over its own. */
  readonly production: ValuesFacts | undefined;
  readonly templates: readonly KubernetesFacts[];
  /** Charts in its `charts/` folder. */
  readonly children: readonly Chart[];
  /** Charts beside it that it names by their path: only their named templates are used here. */
  readonly borrowed: readonly Chart[];
}

/** Charts that lie in no other one, with those in them. Linear in the files. */
export function chartsOf(helm: readonly HelmFacts[], manifests: readonly KubernetesFacts[]): Chart[] {
  const folders = new Map<string, ChartFacts>();
  for (const facts of helm) if (facts.part === 'chart') folders.set(folderOf(facts.path), facts);
  if (folders.size === 0) return [];
  const values = new Map<string, ValuesFacts[]>();
  for (const facts of helm) {
    if (facts.part !== 'values') continue;
    const folder = folderOf(facts.path);
    const chart = folders.has(folder) ? folder : folderOf(folder);
    if (folders.has(chart)) values.set(chart, [...(values.get(chart) ?? []), facts]);
  }
  const templates = new Map<string, KubernetesFacts[]>();
  for (const file of manifests) {
    const folder = templateFolder(file.path, folders);
    if (folder !== undefined) templates.set(folder, [...(templates.get(folder) ?? []), file]);
  }
  const parents = new Map<string, string>();
  for (const folder of folders.keys()) {
    const parent = /^(?:(.*)\/)?charts\/[^/]+$/.exec(folder);
    if (parent && folders.has(parent[1] ?? '')) parents.set(folder, parent[1] ?? '');
  }
  const inside = new Map<string, string[]>();
  for (const [folder, parent] of parents) inside.set(parent, [...(inside.get(parent) ?? []), folder]);
  const make = (folder: string, facts: ChartFacts, depth: number): Chart => {
    const own = values.get(folder) ?? [];
    const pick = (folders_: readonly string[]): Chart[] => (depth > 8 ? [] : folders_.flatMap((child) => {
      const chart = folders.get(child);
      return chart ? [make(child, chart, depth + 1)] : [];
    }));
    const children = pick((inside.get(folder) ?? []).toSorted());
    return {
      folder,
      facts,
      values: own.find((file) => /(?:^|\/)values\.ya?ml$/.test(file.path) && folderOf(file.path) === folder),
      production: own.find((file) => isForProduction(file.path)),
      templates: templates.get(folder) ?? [],
      children,
      borrowed: pick(facts.dependencies.flatMap((dependency) => (dependency.folder === undefined ? [] : joinPath(folder, dependency.folder) ?? [])).filter((other) => other !== folder && !children.some((child) => child.folder === other))),
    };
  };
  return [...folders].filter(([folder]) => !parents.has(folder)).map(([folder, facts]) => make(folder, facts, 0));
}

/** Values that say by their name that they are those of the live system. */
function isForProduction(path: string): boolean {
  return /(?:^|[-_./])(?:prod|production|live)(?:[-_.][\w.-]*)?\.ya?ml$|(?:^|\/)(?:prod|production|live)[-_.]values\.ya?ml$/.test(path);
}

/** Folder of the chart whose template a file is: the nearest one above a `templates` folder. */
function templateFolder(path: string, folders: ReadonlyMap<string, unknown>): string | undefined {
  const parts = path.split('/');
  for (let i = parts.length - 2; i >= 0; i--) {
    if (parts[i] !== 'templates') continue;
    const folder = parts.slice(0, i).join('/');
    if (folders.has(folder)) return folder;
  }
  return undefined;
}

/** A chart and the values that it is rendered with. */
export interface Rendering {
  readonly chart: Chart;
  readonly values: MapValue;
  /** Its parent switches it off. */
  readonly isOff: boolean;
}

/** A chart with its own values, and those in it with what it passes on. */
export function renderingsOf(chart: Chart): Rendering[] {
  const values = ownValues(chart);
  for (const layer of chart.production ? [chart.production] : []) {
    const over = layer.root && valueOf(layer.root, { file: layer.path, path: [] });
    if (over?.kind === 'map') lay(values, over);
    else values.isOpen = true;
  }
  return inside(chart, values, false, 0);
}

function ownValues(chart: Chart): MapValue {
  const { values } = chart;
  if (!values) return mapValue([]);
  const made = values.root && valueOf(values.root, { file: values.path, path: [] });
  return made?.kind === 'map' ? made : mapValue([], true);
}

function inside(chart: Chart, values: MapValue, isOff: boolean, depth: number): Rendering[] {
  const found: Rendering[] = [];
  const { dependencies } = chart.facts;
  if (dependencies.some((dependency) => dependency.importsValues)) values.isOpen = true;
  const named = dependencies.map((dependency) => ({ key: dependency.alias ?? dependency.name, dependency, child: chart.children.find((candidate) => candidate.facts.name === dependency.name) }));
  const unnamed = chart.children.filter((child) => !named.some((one) => one.child === child)).map((child) => ({ key: child.facts.name, dependency: undefined, child }));
  for (const { key, dependency, child } of depth > 8 ? [] : [...named, ...unnamed]) {
    const passed = values.entries.get(key);
    if (!child) {
      // Its values lie in an archive, or nowhere here.
      if (passed?.kind === 'map') passed.isOpen = true;
      else if (!passed) values.entries.set(key, { ...mapValue([], true), origin: member(values, key).origin });
      continue;
    }
    const own = ownValues(child);
    if (passed?.kind === 'map') lay(own, passed);
    const global = values.entries.get('global');
    if (global?.kind === 'map') {
      const theirs = own.entries.get('global');
      if (theirs?.kind === 'map') lay(theirs, global);
      else own.entries.set('global', global);
    }
    values.entries.set(key, { ...own, origin: passed?.origin ?? member(values, key).origin });
    const switchedOff = dependency !== undefined && isSwitchedOff(dependency, values);
    found.push(...inside(child, own, isOff || switchedOff, depth + 1));
  }
  return [{ chart, values, isOff }, ...found];
}

function isSwitchedOff(dependency: ChartDependency, values: MapValue): boolean {
  for (const condition of dependency.conditions) {
    const value = condition.split('.').reduce<Value>(member, values);
    if (value.kind === 'boolean') return truth(value) === false;
  }
  return false;
}

/** Lays values over others: maps are merged, nothing removes what is there. */
function lay(target: MapValue, over: MapValue): void {
  for (const [key, value] of over.entries) {
    const own = target.entries.get(key);
    if (own?.kind === 'map' && value.kind === 'map') lay(own, value);
    else if (value.kind === 'nil' && own) target.entries.delete(key);
    else target.entries.set(key, value);
  }
}

function valueOf(node: ValuesNode, origin: Origin): Value {
  const deeper = (step: string | number): Origin => ({ file: origin.file, path: [...origin.path, step] });
  switch (node.kind) {
    case 'scalar':
      return node.value === null ? { ...NIL, origin } : scalarValue(node.value, node.isFloat === true, origin);
    case 'list':
      return { ...listValue(node.items.map((item, i) => valueOf(item, deeper(i)))), origin };
    case 'map':
      return { ...mapValue(node.entries.map(([key, value]) => [key, valueOf(value, deeper(key))] as const)), origin };
  }
}
