// Joins Terraform files into resources: root modules are found, calls of modules descended into with their inputs bound, every body evaluated.

import type { CloudMap, CloudResource } from '../cloud';
import type { FormatContext } from '../format';
import { folderOf } from '../../model/paths';
import { blocksOf, literalOf, type HclBlock, type HclExpression } from '../hcl/tree';
import { copiesOf, evaluateBody, expressionIn, stageOf, unmanagedOf } from './body';
import { evaluate, type Context } from './evaluate';
import type { TerraformFacts } from './facts';
import { functionCode } from './function-code';
import { mentionsIn, mentionsOfBody } from './mentions';
import { modulesOf, type Module, type Placed, type Scope } from './scope';
import { moduleSource, type ModuleSource } from './sources';
import { valuesOf } from './values-files';
import { cleaned, mapOf, type Value } from './values';

const MOST_SCOPES = 3000;
const DEEPEST = 8;

interface World {
  readonly hasFile: (path: string) => boolean;
  readonly modules: ReadonlyMap<string, Module>;
  readonly resources: CloudResource[];
  scopes: number;
}

/** Every resource and published module of the workspace, once for each use of the module that holds it. Cost: linear in what the uses hold. */
export function terraformResources(facts: readonly TerraformFacts[], { hasFile }: Pick<FormatContext, 'hasFile'> = { hasFile: () => false }): readonly CloudResource[] {
  const modules = modulesOf(facts);
  const grunts = facts.filter((fact) => fact.role === 'terragrunt').flatMap((fact) => terragruntSource(fact) ?? []);
  const called = new Set<string>(grunts.flatMap(({ source }) => (source.kind === 'local' ? [source.folder] : [])));
  for (const module of modules.values()) {
    for (const call of module.modules.values()) {
      const source = sourceOf(call);
      if (source?.kind === 'local' && source.folder !== module.folder) called.add(source.folder);
    }
  }
  const world: World = { hasFile, modules, resources: [], scopes: 0 };
  const valueFiles = valueFilesOf(facts, modules);
  for (const module of modules.values()) if (!called.has(module.folder)) emit(rootScope(module, valueFiles.get(module.folder) ?? [], world), world);
  for (const { fact, source } of grunts) emitTerragrunt(fact, source, world);
  return world.resources;
}

/** Files of values by the folder of the module that they are for: their own, or the nearest above. */
function valueFilesOf(facts: readonly TerraformFacts[], modules: ReadonlyMap<string, Module>): ReadonlyMap<string, TerraformFacts[]> {
  const found = new Map<string, TerraformFacts[]>();
  for (const fact of facts) {
    if (fact.role !== 'values') continue;
    let folder = folderOf(fact.path);
    while (folder !== '' && !modules.has(folder)) folder = folderOf(folder);
    found.set(folder, [...(found.get(folder) ?? []), fact]);
  }
  return found;
}

function sourceOf(call: Placed<HclBlock>): ModuleSource | undefined {
  const source = literalOf(expressionIn(call.node.body, 'source'));
  return typeof source === 'string' ? moduleSource(source, call.file) : undefined;
}

type ScopeParts = Pick<Scope, 'prefix' | 'root' | 'hasOpenInputs' | 'isMultiplied' | 'isConditional' | 'depth'> & Partial<Pick<Scope, 'inputOf' | 'inputMentions' | 'values'>>;

/** A use of a module with its own calls opened. */
function open(module: Module, parts: ScopeParts, world: World): Scope {
  const scope: Scope = { ...parts, module, isLibrary: parts.inputOf === undefined && parts.values === undefined && !module.isRoot, children: new Map(), cache: new Map(), mentionCache: new Map(), active: new Set() };
  world.scopes++;
  for (const [name, call] of module.modules) scope.children.set(name, openCall(name, call, scope, world));
  return scope;
}

function rootScope(module: Module, files: readonly TerraformFacts[], world: World): Scope {
  const parts: ScopeParts = { prefix: `terraform/${module.folder}/`, root: module.folder, hasOpenInputs: false, isMultiplied: false, isConditional: false, depth: 0 };
  if (files.length === 0) return open(module, parts, world);
  const plain: Scope = { ...parts, module, isLibrary: false, children: new Map(), cache: new Map(), mentionCache: new Map(), active: new Set() };
  return open(module, { ...parts, values: valuesOf(module, files, plain) }, world);
}

function openCall(name: string, call: Placed<HclBlock>, scope: Scope, world: World): Scope | undefined {
  const source = sourceOf(call);
  const module = source?.kind === 'local' ? world.modules.get(source.folder) : undefined;
  if (!module || scope.depth >= DEEPEST || world.scopes >= MOST_SCOPES) return undefined;
  const { body } = call.node;
  let copies: ReturnType<typeof copiesOf> | undefined;
  const context = (): Context => {
    const plain: Context = { scope, file: call.file, names: new Map(), depth: 0 };
    copies ??= copiesOf(body, plain);
    return { ...plain, names: copies.names };
  };
  return open(module, {
    prefix: `${scope.prefix}module.${name}.`,
    root: scope.root,
    inputOf: (input) => {
      const expression = expressionIn(body, input);
      return expression && { value: evaluate(expression, context()) };
    },
    inputMentions: (input) => {
      const expression = expressionIn(body, input);
      return expression ? mentionsIn(expression, context()) : [];
    },
    hasOpenInputs: body.isBroken === true,
    isMultiplied: scope.isMultiplied,
    isConditional: scope.isConditional,
    depth: scope.depth + 1,
  }, world);
}

/** Adds the resources of a use of a module and of those that it uses. */
function emit(scope: Scope, world: World): void {
  for (const [address, placed] of scope.module.resources) emitBlock(scope, address, placed, placed.node.labels[0]?.text ?? '', world);
  for (const [name, call] of scope.module.modules) {
    const child = scope.children.get(name);
    if (!child) {
      const source = sourceOf(call);
      const type = source?.kind === 'published' ? source.type : `module ${String(literalOf(expressionIn(call.node.body, 'source')) ?? '')}`;
      emitBlock(scope, `module.${name}`, call, type, world);
      continue;
    }
    const copies = copiesOf(call.node.body, { scope, file: call.file, names: new Map(), depth: 0 });
    const isMultiplied = scope.isMultiplied || copies.count.state === 'unknown' || (copies.count.state === 'set' && copies.count.value !== 1);
    if (!copies.isNone) emit({ ...child, isConditional: scope.isConditional || copies.isConditional, isMultiplied }, world);
  }
}

function emitBlock(scope: Scope, address: string, { file, node }: Placed<HclBlock>, type: string, world: World): void {
  const plain: Context = { scope, file, names: new Map(), depth: 0 };
  const copies = copiesOf(node.body, plain);
  if (copies.isNone) return;
  const context: Context = { ...plain, names: copies.names };
  const properties = evaluateBody(node.body, context);
  const label = node.labels.at(-1);
  const id = `${scope.prefix}${address}`;
  const stage = stageOf(scope.root);
  const code = functionCode(scope.module, node, properties, world.hasFile);
  const overridden = scope.module.overridden.get(address) ?? [];
  world.resources.push({
    id,
    dialect: 'terraform',
    type,
    name: label?.text ?? address,
    scope: scope.root,
    at: { file, span: label?.span ?? node.header },
    block: { file, span: node.header },
    resource: { file, format: 'terraform', document: 0, path: [node.type, ...node.labels.map((one) => one.text)] },
    properties,
    copies: scope.isMultiplied ? { state: 'unknown', because: 'the module is used several times' } : copies.count,
    isConditional: copies.isConditional || scope.isConditional,
    mentions: mentionsOfBody(node.body, plain).filter((mention) => mention !== id),
    // What is there only if someone asks for it connects others, and is not judged itself.
    unmanaged: copies.isNoneByDefault ? ['*'] : [...unmanagedOf(node.body), ...overridden],
    ...(code ? { code } : {}),
    ...(stage === undefined ? {} : { stage }),
  });
}

interface TerragruntUse {
  readonly fact: TerraformFacts;
  readonly source: ModuleSource;
}

function terragruntSource(fact: TerraformFacts): TerragruntUse | undefined {
  const expression = blocksOf(fact.body, 'terraform').flatMap((block) => expressionIn(block.body, 'source') ?? [])[0];
  const text = literalOf(expression);
  const source = typeof text === 'string' ? moduleSource(text, fact.path) : folderInTemplate(expression);
  return source && { fact, source };
}

// `${get_repo_root()}//modules/mysql`: where it begins is not known; where that folder is in the workspace, it is meant.
function folderInTemplate(expression: HclExpression | undefined): ModuleSource | undefined {
  const last = expression?.kind === 'template' ? expression.parts.at(-1) : undefined;
  const folder = last?.kind === 'text' ? /\/\/?([\w./-]+?)\/?(?:\?.*)?$/s.exec(last.text)?.[1] : undefined;
  return folder === undefined ? undefined : { kind: 'local', folder };
}

/** A use of a module whose inputs stand in a file of Terragrunt. What it includes may add inputs. */
function emitTerragrunt(fact: TerraformFacts, source: ModuleSource, world: World): void {
  const folder = folderOf(fact.path);
  const own = new Map(blocksOf(fact.body, 'locals').flatMap((block) => block.body.attributes.map((node) => [node.name, { file: fact.path, node }] as const)));
  const empty = new Map<string, never>();
  const module: Module = { folder, variables: empty, locals: own, resources: empty, modules: empty, outputs: empty, archives: empty, overridden: empty, isRoot: true };
  const scope: Scope = { module, prefix: `terraform/${folder}/`, root: folder, hasOpenInputs: false, isLibrary: false, isMultiplied: false, isConditional: false, depth: 0, children: new Map(), cache: new Map(), mentionCache: new Map(), active: new Set() };
  const expression = expressionIn(fact.body, 'inputs');
  const context: Context = { scope, file: fact.path, names: new Map(), depth: 0 };
  const inputs: Value = expression ? evaluate(expression, context) : mapOf({}, { file: fact.path, span: [0, 0] });
  const includes = blocksOf(fact.body, 'include').length > 0 || fact.body.isBroken === true;
  const entries = inputs?.kind === 'map' ? inputs.entries : {};
  const isOpen = includes || inputs?.kind !== 'map' || inputs.isOpen;
  const target = source.kind === 'local' ? world.modules.get(source.folder) : undefined;
  if (target) {
    emit(open(target, {
      prefix: scope.prefix,
      root: folder,
      inputOf: (name) => (Object.hasOwn(entries, name) ? { value: entries[name] } : undefined),
      hasOpenInputs: isOpen,
      isMultiplied: false,
      isConditional: false,
      depth: 1,
    }, world), world);
    return;
  }
  const block = blocksOf(fact.body, 'terraform')[0];
  if (!block || source.kind === 'local') return;
  const at = { file: fact.path, span: block.header };
  const held = mapOf(entries, at, isOpen);
  const properties: CloudMap = { ...held, entries: Object.fromEntries(Object.entries(entries).flatMap(([key, value]) => { const clean = cleaned(value); return clean ? [[key, clean]] : []; })) };
  const stage = stageOf(folder);
  world.resources.push({
    id: `${scope.prefix}terragrunt`, dialect: 'terraform', type: source.type, name: folder.slice(folder.lastIndexOf('/') + 1), scope: folder, at, block: at,
    resource: { file: fact.path, format: 'terraform', document: 0, path: ['terraform'] },
    properties, copies: { state: 'default', value: 1, source: 'one for each file' }, isConditional: false, mentions: [], unmanaged: [], ...(stage === undefined ? {} : { stage }),
  });
}
