// One service with all that it includes: its functions with what the provider gives them, its resources as a template, and the scope that evaluates both.

import { at, entryOf, textAt, type Expression, type ExpressionEntry } from '../cloudformation/expression';
import type { Template } from '../cloudformation/facts';
import { mergeExpressions } from '../cloudformation/globals';
import { Scope, type Surroundings } from '../cloudformation/scope';
import type { ServerlessFacts } from './facts';
import { Variables, type Place } from './variables';

/** A resource or function, and where it stands. */
export interface Member {
  readonly entry: ExpressionEntry;
  readonly file: string;
  /** Path of the map that holds it, in its file. */
  readonly path: readonly (string | number)[];
}

export interface Service {
  readonly scope: Scope;
  readonly functions: readonly Member[];
  readonly resources: readonly Member[];
  /** Logical ids that `resources.extensions` changes. */
  readonly extended: ReadonlySet<string>;
  /** Files that it takes in. */
  readonly files: ReadonlySet<string>;
}

/** Parts of the workspace that a service may include, by path: the tree of a file. */
export type Parts = (path: string) => Expression | undefined;

/** Joins a service with what it includes. Linear in its files. */
export function joinService(facts: ServerlessFacts, partOf: Parts): Service {
  const files = new Set([facts.path]);
  const nothing: Surroundings = { nesting: { depth: 0 }, childOf: () => undefined, passed: () => [], exported: () => undefined };
  const variables = new Variables(facts.path, facts.root, (path) => {
    const part = partOf(path);
    if (part) files.add(path);
    return part;
  });
  const replace: Scope['variables'] = (text, place, scope) => variables.replace(text, place, scope);
  // Variables are looked up before there are resources to refer to.
  const bare = new Scope(facts.path, emptyTemplate(), nothing, { variables: replace });
  const root: Place = { expression: facts.root, file: facts.path };
  const functions = membersOf(entryOf(facts.root, 'functions'), root, ['functions'], variables, bare);
  const sections = sectionsOf(facts, variables, bare);
  const named = (section: string): Member[] => sections.flatMap((part) => membersIn(part, section, variables, bare));
  const resources = named('Resources');
  const entries = (section: string): ExpressionEntry[] => named(section).map(({ entry }) => entry);
  const template: Template = { ...emptyTemplate(), resources: resources.map(({ entry }) => entry), conditions: entries('Conditions'), outputs: entries('Outputs'), mappings: entries('Mappings'), parameters: entries('Parameters') };
  const ids = new Map(functions.map(({ entry }) => [logicalIdOf(entry.name), functionId(facts.path, entry.name)]));
  const scope = new Scope(facts.path, template, nothing, { variables: replace, foreign: ids });
  return { scope, functions, resources, extended: new Set(named('extensions').map(({ entry }) => entry.name)), files };
}

/** Logical id that the framework gives to a function. */
export function logicalIdOf(name: string): string {
  const plain = name.replaceAll('-', 'Dash').replaceAll('_', 'Underscore');
  return `${plain.charAt(0).toUpperCase()}${plain.slice(1)}LambdaFunction`;
}

/** Id of a function among the cloud resources. */
export function functionId(file: string, name: string): string {
  return `${file}#functions.${name}`;
}

function emptyTemplate(): Template {
  return { parameters: [], mappings: [], conditions: [], outputs: [], resources: [], transforms: [], isOpen: false };
}

interface Part {
  readonly place: Place;
  readonly path: readonly (string | number)[];
}

/** The maps under `resources`: one, or each of a list; a variable in their place leads into another file. */
function sectionsOf(facts: ServerlessFacts, variables: Variables, scope: Scope): Part[] {
  const written = at(facts.root, 'resources');
  if (!written) return [];
  const own = { expression: written, file: facts.path };
  const followed = variables.follow(own, scope);
  const base = followed === own ? ['resources'] : [];
  if (followed.expression.kind !== 'list') return [{ place: followed, path: base }];
  return followed.expression.items.map((item, index): Part => {
    const place = { expression: item, file: followed.file };
    const inner = variables.follow(place, scope);
    return inner === place ? { place, path: [...base, index] } : { place: inner, path: [] };
  });
}

/** Entries of one section of a part. A file that holds nothing but resources is a section as a whole. */
function membersIn(part: Part, section: string, variables: Variables, scope: Scope): Member[] {
  const { expression } = part.place;
  const own = entryOf(expression, section);
  if (own) return membersOf(own, part.place, [...part.path, section], variables, scope);
  const isBare = section === 'Resources' && part.path.length === 0 && expression.kind === 'map' && expression.entries.some(({ value }) => textAt(value, 'Type')?.includes('::'));
  return isBare && expression.kind === 'map' ? expression.entries.map((entry) => ({ entry, file: part.place.file, path: [] })) : [];
}

/** Entries of a map, of a list of maps, or of what a variable in their place leads to. */
function membersOf(entry: ExpressionEntry | undefined, holder: Place, path: readonly (string | number)[], variables: Variables, scope: Scope, depth = 0): Member[] {
  if (!entry || depth > 3) return [];
  const own = { expression: entry.value, file: holder.file };
  const place = variables.follow(own, scope);
  const base = place === own ? path : [];
  const { expression, file } = place;
  if (expression.kind === 'map') return expression.entries.map((member) => followed(member, file, base, variables, scope));
  if (expression.kind !== 'list') return [];
  return expression.items.flatMap((item, index) => membersOf({ name: '', nameSpan: item.span, value: item }, place, [...base, index], variables, scope, depth + 1));
}

/** A member whose value is a variable keeps its name and takes the value from the other file. */
function followed(entry: ExpressionEntry, file: string, path: readonly (string | number)[], variables: Variables, scope: Scope): Member {
  const own = { expression: entry.value, file };
  const place = variables.follow(own, scope);
  return place === own ? { entry, file, path } : { entry: { ...entry, value: place.expression }, file: place.file, path };
}

/** What `provider` gives to every function that does not say it itself. */
const PROVIDER_KEYS = ['runtime', 'memorySize', 'timeout', 'environment', 'vpc', 'architecture', 'layers', 'tags', 'logRetentionInDays', 'versionFunctions'];

/** Properties of a function: its own over those of the provider; variables of the environment are joined. */
export function withProvider(own: Expression, root: Expression): Expression {
  const provider = at(root, 'provider');
  const common = provider?.kind === 'map' ? provider.entries.filter(({ name }) => PROVIDER_KEYS.includes(name)) : [];
  return own.kind === 'map' ? mergeExpressions({ kind: 'map', entries: common.filter(({ name }) => name !== 'layers' || !entryOf(own, name)), span: own.span }, own) : own;
}
