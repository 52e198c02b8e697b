// Modules of Terraform: what the files of one folder declare together, and one use of it with its inputs bound.

import { folderOf } from '../../model/paths';
import { blocksOf, type HclAttribute, type HclBlock, type HclBody } from '../hcl/tree';
import type { TerraformFacts } from './facts';
import type { Location } from '../../text';
import { unknown, type Value } from './values';

/** A part of a tree with the file that holds it. */
export interface Placed<T> {
  readonly file: string;
  readonly node: T;
}

export interface Module {
  readonly folder: string;
  readonly variables: ReadonlyMap<string, Placed<HclBlock>>;
  readonly locals: ReadonlyMap<string, Placed<HclAttribute>>;
  /** By `type.name`. */
  readonly resources: ReadonlyMap<string, Placed<HclBlock>>;
  readonly modules: ReadonlyMap<string, Placed<HclBlock>>;
  readonly outputs: ReadonlyMap<string, Placed<HclBlock>>;
  /** `archive_file` data sources by name. */
  readonly archives: ReadonlyMap<string, Placed<HclBlock>>;
  /** Names of properties that override files set, by `type.name` or `module.name`. */
  readonly overridden: ReadonlyMap<string, readonly string[]>;
  readonly isRoot: boolean;
}

/** One use of a module. Lives for one link; caches what has been evaluated. */
export interface Scope {
  readonly module: Module;
  /** Ids of its resources begin with it: root folder and module path. */
  readonly prefix: string;
  /** Folder of the root module. */
  readonly root: string;
  /** The call's inputs; undefined for one that it does not set. Absent for a root. */
  readonly inputOf?: (name: string) => { readonly value: Value } | undefined;
  /** Inputs of a root, from files of values. */
  readonly values?: ReadonlyMap<string, Value>;
  /** Ids that the input mentions. */
  readonly inputMentions?: (name: string) => readonly string[];
  /** Inputs may come from where nobody looks: those that are not set are unknown. */
  readonly hasOpenInputs: boolean;
  readonly isLibrary: boolean;
  /** How many of it there are is not known, or it exists under a condition. */
  readonly isMultiplied: boolean;
  readonly isConditional: boolean;
  readonly depth: number;
  /** Uses of modules by the name of their call; undefined where the module is not in the workspace. */
  readonly children: Map<string, Scope | undefined>;
  readonly cache: Map<string, Value>;
  readonly mentionCache: Map<string, readonly string[]>;
  readonly active: Set<string>;
}

/** Modules of the workspace by folder. `.tofu` wins over `.tf` of the same name. Linear in the facts. */
export function modulesOf(facts: readonly TerraformFacts[]): ReadonlyMap<string, Module> {
  const paths = new Set(facts.map((fact) => fact.path));
  const folders = new Map<string, TerraformFacts[]>();
  for (const fact of facts) {
    if (fact.role !== 'configuration' && fact.role !== 'override') continue;
    if (paths.has(fact.path.replace(/\.tf(\.json)?$/, '.tofu$1')) && /\.tf(?:\.json)?$/.test(fact.path)) continue;
    const folder = folderOf(fact.path);
    const files = folders.get(folder);
    if (files) files.push(fact);
    else folders.set(folder, [fact]);
  }
  return new Map([...folders].map(([folder, files]) => [folder, moduleOf(folder, files)]));
}

function moduleOf(folder: string, files: readonly TerraformFacts[]): Module {
  const module = {
    folder,
    variables: new Map<string, Placed<HclBlock>>(),
    locals: new Map<string, Placed<HclAttribute>>(),
    resources: new Map<string, Placed<HclBlock>>(),
    modules: new Map<string, Placed<HclBlock>>(),
    outputs: new Map<string, Placed<HclBlock>>(),
    archives: new Map<string, Placed<HclBlock>>(),
    overridden: new Map<string, readonly string[]>(),
    isRoot: files.some((file) => file.isRoot),
  };
  for (const { path: file, body, role } of files) {
    for (const node of body.blocks) {
      const [first, second] = node.labels.map((label) => label.text);
      const name = node.type === 'resource' ? `${first}.${second}` : node.type === 'module' ? `module.${first}` : undefined;
      if (role === 'override') {
        if (name !== undefined) module.overridden.set(name, [...(module.overridden.get(name) ?? []), ...namesIn(node)]);
      } else if (node.type === 'locals') {
        for (const attribute of node.body.attributes) module.locals.set(attribute.name, { file, node: attribute });
      } else if (first !== undefined) {
        if (node.type === 'resource' && second !== undefined) module.resources.set(`${first}.${second}`, { file, node });
        else if (node.type === 'module') module.modules.set(first, { file, node });
        else if (node.type === 'variable') module.variables.set(first, { file, node });
        else if (node.type === 'data' && first === 'archive_file' && second !== undefined) module.archives.set(second, { file, node });
        else if (node.type === 'output') module.outputs.set(first, { file, node });
      }
    }
  }
  for (const { path: file, body } of files.filter((one) => one.role === 'override')) {
    for (const block of blocksOf(body, 'locals')) for (const node of block.body.attributes) module.locals.set(node.name, { file, node });
  }
  return module;
}

function namesIn(block: HclBlock): string[] {
  return [...block.body.attributes.map((attribute) => attribute.name), ...block.body.blocks.map((inner) => inner.labels[0]?.text ?? inner.type)];
}

/** Evaluates once for each use of a module; a circle is unknown. */
export function remembered(scope: Scope, key: string, at: Location, make: () => Value): Value {
  if (scope.cache.has(key)) return scope.cache.get(key);
  if (scope.active.has(key)) return unknown('a circle', at);
  scope.active.add(key);
  const value = make();
  scope.active.delete(key);
  scope.cache.set(key, value);
  return value;
}

/** The scope of a file that stands alone, with variables and locals of its own. */
export function fileScope(path: string, body: HclBody): Scope {
  const module = moduleOf(path, [{ kind: 'artifact', format: 'terraform', path, suppressions: [], role: 'configuration', body, isRoot: true }]);
  return { module, prefix: `${path}/`, root: path, hasOpenInputs: false, isLibrary: false, isMultiplied: false, isConditional: false, depth: 0, children: new Map(), cache: new Map(), mentionCache: new Map(), active: new Set() };
}
