// All cloud resources of the workspace with what the catalogue knows of them, and the joins between them: who names whom, and which resource sets properties of another.

import type { CloudKind, CloudPart } from '../../../catalog/cloud-schema';
import type { CloudMap, CloudResource, CloudValue } from '../../artifacts/cloud';
import type { CompiledCatalog } from '../../catalog';
import type { CloudThing } from './things';
import { amountOf, fixPlaceOf, flagOf, foundOf, isWritten, wordOf, type CloudView } from './fields';
import { repairsOf } from './repair';
import type { Environment, Setting } from '../model';

/** What a property names: ids of resources; `isOpen` where it may name others too. */
export interface Named {
  readonly ids: readonly string[];
  readonly isOpen: boolean;
  /** Anything is written there at all. */
  readonly isWritten: boolean;
}

export interface CloudIndex {
  readonly views: readonly CloudView[];
  ofKind(...kinds: readonly CloudKind[]): readonly CloudView[];
  view(id: string): CloudView | undefined;
  /** Views whose field names this one. */
  naming(id: string, kind: CloudKind, field: string): readonly CloudView[];
  /** Views that mention it anywhere, parts of it left out. */
  mentioning(id: string): readonly CloudView[];
  /** Types of all resources that mention it, those included that the catalogue does not know. */
  mentionedBy(id: string): readonly string[];
  typeOf(id: string): string | undefined;
  named(view: CloudView, field: string): Named;
  /** Fields with what extensions of the resource say. */
  flag(view: CloudView, field: string): Setting<boolean>;
  amount(view: CloudView, field: string): Setting<number>;
  word(view: CloudView, field: string): Setting<string>;
  written(view: CloudView, field: string): Setting<boolean>;
  thing(view: CloudView): CloudThing;
}

const MOST_PARTS = 500;

/** Indexes resources. Types that the catalogue does not know are left out, and what they mention is kept. Cost: linear in resources and mentions. */
export function indexResources(resources: readonly CloudResource[], catalog: CompiledCatalog, environmentOf: (path: string) => Environment): CloudIndex {
  const views = resources.flatMap((resource) => viewsOf(resource, catalog));
  const byId = new Map(views.map((view) => [view.id, view]));
  const byKind = groupBy(views, (view) => [view.concept.entry.kind]);
  const byName = groupBy(views, (view) => namesOf(view));
  const mentioners = new Map<string, CloudView[]>();
  for (const view of views) {
    if (view.parent && view.parent.resource === view.resource && view.prefix.length === 0) continue;
    for (const id of view.parent ? mentionsIn(view.properties) : view.resource.mentions) mentioners.set(id, [...(mentioners.get(id) ?? []), view]);
  }
  const typeById = new Map(resources.map((resource) => [resource.id, resource.type]));
  const types = new Map<string, string[]>();
  for (const resource of resources) for (const id of resource.mentions) types.set(id, [...(types.get(id) ?? []), resource.type]);
  const things = new Map<CloudView, CloudThing>();
  const names = new Map<CloudView, Map<string, Named>>();
  const named = (view: CloudView, field: string): Named => {
    const known = names.get(view) ?? new Map<string, Named>();
    names.set(view, known);
    const result = known.get(field) ?? namedBy(view, field, byName, byId);
    known.set(field, result);
    return result;
  };
  const extensions = new Map<string, CloudView[]>();
  const openExtensions = new Map<string, CloudView[]>();
  for (const view of byKind.get('extension') ?? []) {
    const { ids, isOpen } = named(view, 'of');
    for (const id of ids) extensions.set(id, [...(extensions.get(id) ?? []), view]);
    if (ids.length === 0 && isOpen) openExtensions.set(view.resource.scope, [...(openExtensions.get(view.resource.scope) ?? []), view]);
  }
  const namings = new Map<string, ReadonlyMap<string, readonly CloudView[]>>();
  const namingBy = (kind: CloudKind, field: string): ReadonlyMap<string, readonly CloudView[]> => {
    const key = `${kind} ${field}`;
    const known = namings.get(key) ?? groupBy(byKind.get(kind) ?? [], (view) => named(view, field).ids);
    namings.set(key, known);
    return known;
  };
  const extended = <T>(view: CloudView, field: string, read: (view: CloudView, field: string) => Setting<T>): Setting<T> => {
    const own = read(view, field);
    if (own.state === 'set' || own.state === 'unknown') return own;
    for (const extension of extensions.get(view.id) ?? []) {
      const value = field in extension.concept.fields ? read(extension, field) : undefined;
      if (value && value.state !== 'absent') return value;
    }
    const mayBe = (openExtensions.get(view.resource.scope) ?? []).some((extension) => field in extension.concept.fields && extension.concept.entry.name.startsWith(view.concept.entry.name));
    return mayBe ? { state: 'unknown', because: 'another resource may set it' } : own;
  };
  return {
    views,
    ofKind: (...kinds) => kinds.flatMap((kind) => byKind.get(kind) ?? []),
    view: (id) => byId.get(id),
    naming: (id, kind, field) => namingBy(kind, field).get(id) ?? [],
    mentioning: (id) => (mentioners.get(id) ?? []).filter((view) => view.resource.id !== id),
    typeOf: (id) => typeById.get(id),
    mentionedBy: (id) => types.get(id) ?? [],
    named,
    flag: (view, field) => extended(view, field, flagOf),
    amount: (view, field) => extended(view, field, amountOf),
    word: (view, field) => extended(view, field, wordOf),
    written: (view, field) => extended(view, field, isWritten),
    thing: (view) => {
      const known = things.get(view) ?? thingOf(view, environmentOf);
      things.set(view, known);
      return known;
    },
  };
}

function viewsOf(resource: CloudResource, catalog: CompiledCatalog): CloudView[] {
  const concept = catalog.cloud(resource.dialect, resource.type);
  // A name that a generator fills in is no name yet.
  if (!concept || resource.name === '') return [];
  const root: CloudView = { id: resource.id, resource, concept, properties: resource.properties, prefix: [], at: resource.at };
  const views = [root];
  for (let index = 0; index < views.length && views.length < MOST_PARTS; index++) {
    const view = views[index];
    for (const part of view?.concept.parts ?? []) if (view) views.push(...partViews(view, part, catalog));
  }
  return views;
}

function partViews(view: CloudView, part: CloudPart, catalog: CompiledCatalog): CloudView[] {
  const made: CloudView[] = [];
  const add = (given: CloudValue, prefix: readonly (string | number)[]): void => {
    if (given.kind === 'either' || given.kind === 'list') return;
    // A short form (`sns: topic`) is a map with one nameless value.
    const value: CloudMap = given.kind === 'map' ? given : { kind: 'map', entries: { $value: given }, isOpen: false, at: given.at };
    const suffix = part.typeFrom === undefined ? '' : value.entries[part.typeFrom];
    if (typeof suffix !== 'string' && suffix?.kind !== 'text') return;
    const concept = catalog.cloud(view.resource.dialect, `${part.type}${typeof suffix === 'string' ? suffix : suffix.value}`);
    if (!concept) return;
    const isItself = prefix.length === view.prefix.length;
    made.push({ id: `${view.id}#${concept.entry.name}${isItself ? '' : `/${prefix.join('/')}`}`, resource: view.resource, concept, properties: value, prefix, at: isItself ? view.at : value.at, parent: view });
  };
  const descend = (value: CloudValue, segments: readonly string[], prefix: readonly (string | number)[]): void => {
    if (made.length > MOST_PARTS) return;
    if (value.kind === 'list') return value.items.forEach((item, index) => descend(item, segments, [...prefix, index]));
    const [segment, ...rest] = segments;
    if (segment === undefined) return add(value, prefix);
    if (value.kind !== 'map') return;
    if (segment === '*') return Object.entries(value.entries).forEach(([key, entry]) => descend(entry, rest, [...prefix, key]));
    const entry = Object.hasOwn(value.entries, segment) ? value.entries[segment] : undefined;
    if (entry) descend(entry, rest, [...prefix, segment]);
  };
  const path = part.path === '' ? [] : part.path.split('.');
  if (part.call === undefined) descend(view.properties, path, view.prefix);
  else {
    for (const [index, call] of (view.resource.calls ?? []).entries()) {
      const argument = call.method === part.call.method ? call.arguments[part.call.argument] : undefined;
      if (argument) descend(argument, path, [...view.prefix, `${call.method}()`, index]);
    }
  }
  return made;
}

/** Names by which other resources may call it in a text. */
function namesOf(view: CloudView): string[] {
  const identifier = wordOf(view, 'identifier');
  return identifier.state === 'set' ? [identifier.value] : [];
}

function namedBy(view: CloudView, field: string, byName: ReadonlyMap<string, readonly CloudView[]>, byId: ReadonlyMap<string, CloudView>): Named {
  const ids = new Set<string>();
  let isOpen = false;
  let isSet = false;
  const take = (value: CloudValue, depth: number): void => {
    if (depth > 12) return;
    switch (value.kind) {
      case 'reference':
        ids.add(value.to);
        return;
      case 'unknown':
        value.mentions.forEach((id) => ids.add(id));
        isOpen ||= !value.mentions.some((id) => byId.has(id));
        return;
      case 'text': {
        const name = value.value.slice(Math.max(value.value.lastIndexOf(':'), value.value.lastIndexOf('/')) + 1);
        const known = byName.get(value.value) ?? byName.get(name) ?? [];
        (known.some((one) => one.resource.scope === view.resource.scope) ? known.filter((one) => one.resource.scope === view.resource.scope) : known).forEach((one) => ids.add(one.id));
        return;
      }
      case 'list':
        isOpen ||= value.isOpen;
        value.items.forEach((item) => take(item, depth + 1));
        return;
      case 'map':
        Object.values(value.entries).forEach((item) => take(item, depth + 1));
        return;
      case 'either':
        value.options.forEach((option) => (option ? take(option, depth + 1) : undefined));
        return;
      default:
    }
  };
  // An expression that cannot be evaluated still tells what it mentions.
  const mentioned = new Set<string>();
  for (const one of foundOf(view, field, mentioned)) {
    if (one === 'unknown') isOpen ||= ![...mentioned].some((id) => byId.has(id));
    if (one !== 'absent') isSet = true;
    if (typeof one !== 'string') take(one.value, 0);
  }
  for (const id of mentioned) ids.add(id);
  return { ids: [...ids], isOpen, isWritten: isSet };
}

/** Ids that a value mentions anywhere. */
export function mentionsIn(value: CloudValue): readonly string[] {
  const ids = new Set<string>();
  const stack: (CloudValue | undefined)[] = [value];
  for (let steps = 0; stack.length > 0 && steps < 20_000; steps++) {
    const one = stack.pop();
    if (!one) continue;
    if (one.kind === 'reference') ids.add(one.to);
    else if (one.kind === 'unknown') one.mentions.forEach((id) => ids.add(id));
    else if (one.kind === 'list') stack.push(...one.items);
    else if (one.kind === 'map') stack.push(...Object.values(one.entries));
    else if (one.kind === 'either') stack.push(...one.options);
  }
  return [...ids];
}

const NOT_LIVE = /(?:^|[-_.\s/])(?:dev|develop|development|test|tests|testing|sandbox)(?:$|[-_.\s/])/;

function thingOf(view: CloudView, environmentOf: (path: string) => Environment): CloudThing {
  const { resource, concept } = view;
  // Every template is a stack, whatever it is for.
  const ofFile = environmentOf(resource.at.file.replace(/stacks?(?=[^a-z]|$)/gi, ''));
  const environment: Environment = ofFile === 'production' || (resource.stage !== undefined && environmentOf(`${resource.stage}/x`) === 'production') ? 'production' : ofFile === 'unknown' && NOT_LIVE.test(resource.name.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase()) ? 'development' : ofFile;
  const label = view.prefix.length > 0 ? partName(view) : undefined;
  return {
    id: view.id,
    kind: concept.entry.kind,
    name: label ?? resource.name,
    title: concept.entry.title,
    format: resource.resource.format,
    scope: resource.scope,
    at: view.at,
    block: view.prefix.length > 0 ? view.at : resource.block,
    resource: fixPlaceOf(view).resource,
    environment,
    repairs: repairsOf(view),
  };
}

/** Name of a part: the last name of its place that is no number, else its resource's. */
function partName(view: CloudView): string {
  const written = wordOf(view, 'name');
  if (written.state === 'set') return written.value;
  return view.resource.name;
}

function groupBy<K>(views: readonly CloudView[], keysOf: (view: CloudView) => readonly K[]): Map<K, CloudView[]> {
  const groups = new Map<K, CloudView[]>();
  for (const view of views) {
    for (const key of keysOf(view)) {
      const group = groups.get(key);
      if (group) group.push(view);
      else groups.set(key, [view]);
    }
  }
  return groups;
}
