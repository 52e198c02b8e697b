// The resources of all templates of a workspace, their properties evaluated.

import { folderOf, joinPath } from '../../model/paths';
import type { CloudMap, CloudResource, CloudValue } from '../cloud';
import type { FormatContext } from '../format';
import { includedTemplates } from '../serverless/join';
import { at, entryOf, textAt, type Expression, type ExpressionEntry } from './expression';
import { evaluate, evaluateMap } from './evaluate';
import type { CloudFormationFacts, TemplateResource } from './facts';
import { handlerFile } from './function-code';
import { withGlobals } from './globals';
import { mentionsOf } from './mentions';
import type { Scope } from './scope';
import { joinStacks } from './stacks';
import { mapEntries, scalarText, type MaybeValue } from './values';

/** Keys beside `Properties` that say how a resource is made, replaced and kept; they are given as properties with `@` in front. */
const ATTRIBUTES = ['DeletionPolicy', 'UpdateReplacePolicy', 'UpdatePolicy', 'CreationPolicy'];

/** Resources of the templates of a workspace, each once, however many stacks deploy its template. Linear in the templates and in what their values lead to. */
export function cloudFormationResources(facts: readonly CloudFormationFacts[], context: Pick<FormatContext, 'hasFile' | 'factsOf'>): CloudResource[] {
  const services = context.factsOf('serverless');
  const taken = services.length === 0 ? undefined : includedTemplates(services, facts);
  const own = taken ? facts.filter(({ path }) => !taken.has(path)) : facts;
  const stacks = joinStacks(own);
  return own.flatMap((file) => {
    const scope = stacks.scopes.get(file.path);
    if (!scope) return [];
    const origin: Origin = { scope: stacks.rootOf(file.path), format: 'cloudformation', document: file.document, path: ['Resources'], hasFile: context.hasFile };
    return file.template.resources.flatMap((entry) => resourceOf(entry, scope, origin) ?? []);
  });
}

/** Where the resources of a section come from. */
export interface Origin {
  /** What is deployed together. */
  readonly scope: string;
  readonly format: string;
  readonly document: number;
  /** Path of the section that holds them. */
  readonly path: readonly (string | number)[];
  /** The file that holds them, where it is not the scope's own. */
  readonly file?: string;
  readonly hasFile: (path: string) => boolean;
}

/** One resource; undefined for what is none, or exists only outside production. */
export function resourceOf(entry: TemplateResource, scope: Scope, origin: Origin): CloudResource | undefined {
  const type = textAt(entry.value, 'Type');
  const id = scope.idOf(entry.name);
  if (type === undefined || id === undefined || entry.value.kind !== 'map') return undefined;
  const condition = textAt(entry.value, 'Condition');
  const truth = condition === undefined ? { value: true } : scope.condition(condition);
  if (truth.value === false && (truth.isSoft !== true || truth.isStage === true)) return undefined;
  const file = origin.file ?? scope.file;
  const place = { file, span: entry.nameSpan };
  const properties = propertiesOf(type, entry, scope, file);
  const code = codeOf(type, properties, at(entry.value, 'Metadata'), file, origin.hasFile);
  return {
    id,
    dialect: 'cloudformation',
    type,
    name: entry.name,
    scope: origin.scope,
    at: place,
    block: place,
    resource: { file, format: origin.format, document: origin.document, path: [...origin.path, ...(entry.loop?.path ?? []), entry.name] },
    properties,
    copies: copiesOf(entry),
    isConditional: truth.value !== true,
    mentions: mentionsOfResource(entry, type, scope).filter((mention) => mention !== id),
    unmanaged: [],
    ...(code ? { code } : {}),
    ...(scope.stage === undefined ? {} : { stage: scope.stage }),
  };
}

function copiesOf({ loop }: TemplateResource): CloudResource['copies'] {
  if (!loop) return { state: 'default', value: 1, source: 'CloudFormation' };
  return loop.count === null ? { state: 'unknown', because: 'a loop over what is not known' } : { state: 'default', value: loop.count, source: 'a loop' };
}

function propertiesOf(type: string, entry: ExpressionEntry, scope: Scope, file: string): CloudMap {
  const written = withGlobals(type, at(entry.value, 'Properties'), scope.template.globals);
  // `Fn::If` and `Fn::Transform` in the place of all properties leave everything open.
  const own = written?.kind === 'map' ? evaluateMap(written, scope, file) : writtenWhole(written && evaluate(written, scope, file), scope, entry, file);
  const attributes = ATTRIBUTES.flatMap((name) => {
    const attribute = entryOf(entry.value, name);
    const value = attribute && evaluate(attribute.value, scope, file);
    return value === undefined ? [] : [[`@${name}`, value] as const];
  });
  const all: CloudMap = { ...own, entries: { ...own.entries, ...Object.fromEntries(attributes) }, isOpen: own.isOpen || (entry.value.kind === 'map' && entry.value.isOpen === true) };
  return scope.template.isOpen ? opened(all) : all;
}

function writtenWhole(value: MaybeValue, scope: Scope, entry: ExpressionEntry, file: string): CloudMap {
  if (value?.kind === 'map') return value;
  return { kind: 'map', entries: {}, isOpen: value !== undefined, at: value?.at ?? scope.locate(entry.nameSpan, file) };
}

/** A macro may have added keys anywhere. */
function opened(map: CloudMap): CloudMap {
  const open = (value: CloudValue): CloudValue => (value.kind === 'map' ? opened(value) : value.kind === 'list' ? { ...value, isOpen: true, items: value.items.map(open) } : value);
  return { ...map, isOpen: true, entries: mapEntries(map, open) };
}

function mentionsOfResource(entry: ExpressionEntry, type: string, scope: Scope): string[] {
  const dependsOn = at(entry.value, 'DependsOn');
  const names = dependsOn?.kind === 'list' ? dependsOn.items.map((item) => textAt(item)) : [textAt(dependsOn)];
  const common = withGlobals(type, at(entry.value, 'Properties'), scope.template.globals);
  const ids = [...(common ? mentionsOf(common, scope) : []), ...mentionsOf(entry.value, scope), ...names.flatMap((name) => (name === undefined ? [] : (scope.idOf(name) ?? [])))];
  return [...new Set(ids)];
}

/** The source file of a function, where its code is a folder of the workspace. */
function codeOf(type: string, properties: CloudMap, metadata: Expression | undefined, file: string, hasFile: (path: string) => boolean): CloudResource['code'] {
  if (type !== 'AWS::Serverless::Function' && type !== 'AWS::Lambda::Function') return undefined;
  const { CodeUri, Code, Handler } = properties.entries;
  const place = type === 'AWS::Lambda::Function' ? scalarText(Code) : CodeUri === undefined ? '.' : scalarText(CodeUri);
  const handler = scalarText(Handler);
  const folder = place === undefined || /^[a-z][\w+.-]*:\/\//i.test(place) ? undefined : joinPath(folderOf(file), /\.[cm]?[jt]sx?$/.test(place) ? `${place}/..` : place.replace(/\.(?:zip|jar)$/, ''));
  if (folder === undefined || handler === undefined) return undefined;
  const entryPoints = at(metadata, 'BuildProperties', 'EntryPoints');
  const [entryPoint] = entryPoints?.kind === 'list' && entryPoints.items.length === 1 ? entryPoints.items : [];
  const built = textAt(entryPoint)?.replace(/\.[cm]?[jt]sx?$/, '');
  return (built === undefined ? undefined : handlerFile(folder, `${built}.${handler.slice(handler.lastIndexOf('.') + 1)}`, hasFile)) ?? handlerFile(folder, handler, hasFile);
}
