// Makes cloud resources of the constructs that code declares: values resolved over the project, references by id, calls, overrides, copies and the code that they run.

import type { CloudCall, CloudMap, CloudResource, CloudValue } from '../../artifacts/cloud';
import { mentionsOfValue } from '../../artifacts/cloud-values';
import type { Setting } from '../../model/model';
import type { CodeFacts } from '../facts';
import { boundValues, type Bound, type BoundSite, type ProjectSources } from './bound-values';
import { codeOf } from './code-of';
import type { ConstructFact, DeclaredValue, InfrastructureFacts } from './facts';
import { overriddenProperty, snakeCase } from './libraries';

const MAX_CALLS = 60;
const MAX_DEPTH = 12;
/** Values of one resource; what is given through several functions can multiply. */
const MAX_VALUES = 5_000;
const OVERRIDES = /^add(?:Property|Deletion|PropertyDeletion)?Override$/;

export interface InfrastructureSources extends ProjectSources {
  /** Folder of the nearest package.json. */
  packageFolder(file: string): string | undefined;
}

interface Extras {
  readonly calls: CloudCall[];
  readonly unmanaged: Set<string>;
  readonly mentions: Set<string>;
}

/** The cloud resources that code files declare, in the order of files and constructs. Near linear in the facts. */
export function linkInfrastructure(files: readonly CodeFacts[], sources: InfrastructureSources): CloudResource[] {
  const declaring = files.flatMap((file) => (file.infrastructure ? [{ path: file.path, facts: file.infrastructure }] : []));
  if (declaring.length === 0) return [];
  const bound = boundValues(sources);
  const ids = new Map<string, string>();
  const used = new Set<string>();
  for (const { path, facts } of declaring) facts.constructs.forEach((fact, index) => ids.set(`${path}\0${index}`, idOf(path, facts, fact)));
  const extras = new Map<string, Extras>();
  let written = 0;
  for (const { path, facts } of declaring) collectExtras(path, facts);
  const aspects = aspectsByPackage();
  return declaring.flatMap(({ path, facts }) => facts.constructs.map((fact, index) => resourceOf(path, fact, index)));

  function idOf(path: string, facts: InfrastructureFacts, fact: ConstructFact): string {
    const base = [`${path}#${facts.classes[fact.class]?.name ?? ''}`, fact.name].join('/');
    let id = base;
    for (let count = 2; used.has(id); count++) id = `${base}~${count}`;
    used.add(id);
    return id;
  }

  function resourceOf(path: string, fact: ConstructFact, index: number): CloudResource {
    const id = ids.get(`${path}\0${index}`) ?? '';
    const own = extras.get(id);
    const at = { file: path, span: fact.at };
    const given = fact.properties ? cloudValue({ file: path, value: fact.properties }, fact.dialect) : undefined;
    const properties = withExtras(path, fact, asMap(given, at));
    const mentions = new Set([...mentionsOfValue(properties), ...(own?.mentions ?? [])]);
    mentions.delete(id);
    const sites = sitesOf(path, fact);
    const code = codeOf(fact, properties, path, sources);
    const stage = stageOf(sites);
    return {
      id,
      dialect: fact.dialect,
      type: fact.type,
      name: fact.name,
      ...(fact.aliases ? { aliases: fact.aliases } : {}),
      scope: scopeOf(path, fact.class, fact.dialect, 0),
      at,
      block: at,
      resource: { file: path, format: fact.dialect, document: 0, path: [fact.span[0], fact.span[1], fact.argument] },
      properties,
      copies: copiesOf(fact, properties, sites),
      isConditional: fact.isConditional,
      mentions: [...mentions],
      unmanaged: [...new Set([...(own?.unmanaged ?? []), ...ignoredChanges(properties), ...(aspects.get(sources.packageFolder(path) ?? '') ?? [])])],
      ...(own && own.calls.length > 0 ? { calls: own.calls } : {}),
      ...(code ? { code } : {}),
      ...(stage === undefined ? {} : { stage }),
    };
  }

  // What a method made belongs to what it was called on: `$on`. Pulumi's options stand beside the properties: `$options`.
  function withExtras(path: string, fact: ConstructFact, properties: CloudMap): CloudMap {
    const on = fact.receiver && cloudValue({ file: path, value: fact.receiver }, fact.dialect);
    const options = fact.options && cloudValue({ file: path, value: fact.options }, fact.dialect);
    return on || options ? { ...properties, entries: { ...properties.entries, ...(on ? { $on: on } : {}), ...(options ? { $options: options } : {}) } } : properties;
  }

  function sitesOf(path: string, fact: ConstructFact): readonly BoundSite[] {
    const constructor = bound.classFact(path, fact.class)?.constructorId;
    return fact.class >= 0 && (constructor === fact.function || fact.function < 0) ? bound.sitesOfClass(path, fact.class) : bound.sitesOfFunction(path, fact.function);
  }

  function copiesOf(fact: ConstructFact, { entries }: CloudMap, sites: readonly BoundSite[]): Setting<number> {
    const count = fact.dialect === 'cdktf' ? (entries['count'] ?? entries['for_each']) : undefined;
    if (count?.kind === 'number') return { state: 'set', value: count.value, at: count.at };
    if (count) return { state: 'unknown', because: 'multiplied' };
    if (fact.isRepeated || sites.some(({ site }) => site.isRepeated)) return { state: 'unknown', because: 'made in a loop' };
    return { state: 'default', value: 1, source: 'nothing multiplies it' };
  }

  // What is deployed together: the stack, or what a construct is part of; a Pulumi program is one.
  function scopeOf(path: string, classId: number, dialect: ConstructFact['dialect'], depth: number): string {
    const fact = bound.classFact(path, classId);
    if (!fact) return dialect === 'pulumi' ? (sources.packageFolder(path) ?? path) : path;
    if (dialect === 'pulumi') return sources.packageFolder(path) ?? path;
    const [site] = fact.isStack || depth > 5 ? [] : bound.sitesOfClass(path, classId);
    return site && site.site.class >= 0 ? scopeOf(site.file, site.site.class, dialect, depth + 1) : `${path}#${fact.name}`;
  }

  function collectExtras(path: string, facts: InfrastructureFacts): void {
    for (const call of facts.calls) {
      const targets = constructsBehind({ file: path, value: call.on });
      if (targets.length === 0) continue;
      const given = call.arguments.map((argument) => cloudValue({ file: path, value: argument }, 'cdk'));
      for (const { id, dialect, path: inner } of targets) {
        const own = extrasOf(id);
        const overridden = overriddenBy(call.method, given[0], dialect, inner.length === 0);
        if (overridden !== undefined) own.unmanaged.add(overridden);
        const values = given.flatMap((value) => value ?? []);
        for (const mention of values.flatMap(mentionsOfValue)) own.mentions.add(mention);
        if (own.calls.length < MAX_CALLS && !call.method.startsWith('metric')) own.calls.push({ method: call.method, arguments: given.map((value) => value ?? { kind: 'unknown', because: 'absent', mentions: [], at: { file: path, span: call.at } }), at: { file: path, span: call.at } });
      }
    }
    for (const { on, path: set } of facts.assignments) {
      for (const { id, dialect, path: inner } of constructsBehind({ file: path, value: on })) extrasOf(id).unmanaged.add(assignedProperty(set[0] ?? '*', inner, dialect));
    }
    facts.constructs.forEach((fact, index) => {
      const id = ids.get(`${path}\0${index}`);
      if (fact.receiver && id !== undefined) for (const receiver of constructsBehind({ file: path, value: fact.receiver })) extrasOf(id).mentions.add(receiver.id);
    });
  }

  // What is called on something that a construct made is called on that construct too: `scaling` of `service.autoScaleTaskCount(…)`.
  function constructsBehind(start: Bound): readonly { readonly id: string; readonly dialect: ConstructFact['dialect']; readonly path: readonly string[] }[] {
    const found: { readonly id: string; readonly dialect: ConstructFact['dialect']; readonly path: readonly string[] }[] = [];
    let current: readonly Bound[] = bound.alternatives(start);
    for (let hops = 0; hops < 4 && current.length > 0; hops++) {
      const next: Bound[] = [];
      for (const { file, value } of current) {
        if (value.kind !== 'construct') continue;
        const fact = sources.files.get(file)?.infrastructure?.constructs[value.construct];
        const id = ids.get(`${file}\0${value.construct}`);
        if (!fact || id === undefined || found.some((other) => other.id === id)) continue;
        found.push({ id, dialect: fact.dialect, path: value.path });
        if (fact.receiver) next.push(...bound.alternatives({ file, value: fact.receiver }));
      }
      current = next;
    }
    return found;
  }

  function extrasOf(id: string): Extras {
    const known = extras.get(id) ?? { calls: [], unmanaged: new Set<string>(), mentions: new Set<string>() };
    extras.set(id, known);
    return known;
  }

  function aspectsByPackage(): ReadonlyMap<string, ReadonlySet<string>> {
    const found = new Map<string, Set<string>>();
    for (const { path, facts } of declaring) {
      const folder = sources.packageFolder(path) ?? '';
      for (const name of facts.aspects) found.set(folder, (found.get(folder) ?? new Set()).add(name));
    }
    return found;
  }

  function cloudValue(start: Bound, dialect: ConstructFact['dialect'], depth = 0): CloudValue | undefined {
    const at = { file: start.file, span: start.value.span };
    if (depth === 0) written = 0;
    if (depth > MAX_DEPTH || written++ > MAX_VALUES) return { kind: 'unknown', because: 'too deep', mentions: [], at };
    const options = distinct(bound.alternatives(start).map((option) => ofBound(option, dialect, depth)));
    return options.length === 1 ? options[0] : { kind: 'either', options, at };
  }

  function ofBound({ file, value }: Bound, dialect: ConstructFact['dialect'], depth: number): CloudValue | undefined {
    const at = { file, span: value.span };
    const inner = (child: DeclaredValue): CloudValue | undefined => cloudValue({ file, value: child }, dialect, depth + 1);
    switch (value.kind) {
      case 'absent':
        return undefined;
      case 'text':
        return { kind: 'text', value: value.value, at, ...(value.isSoft ? { isSoft: true } : {}) };
      case 'number':
        return { kind: 'number', value: value.value, at, ...(value.isSoft ? { isSoft: true } : {}) };
      case 'boolean':
        return { kind: 'boolean', value: value.value, at, ...(value.isSoft ? { isSoft: true } : {}) };
      case 'list':
        return { kind: 'list', items: value.items.flatMap((item) => inner(item) ?? []), isOpen: value.isOpen, at };
      case 'map':
        return mapOf(file, value, dialect, depth);
      case 'construct': {
        const to = ids.get(`${file}\0${value.construct}`);
        if (to === undefined) return { kind: 'unknown', because: 'not found', mentions: [], at };
        return { kind: 'reference', to, ...(value.path.length > 0 ? { attribute: value.path.join('.') } : {}), at };
      }
      case 'unknown':
        return { kind: 'unknown', because: value.because, mentions: [...new Set(value.of.flatMap((part) => mentionsOfValue(inner(part))))], at };
      default:
        return { kind: 'unknown', because: 'known elsewhere', mentions: [], at };
    }
  }

  function mapOf(file: string, value: DeclaredValue & { kind: 'map' }, dialect: ConstructFact['dialect'], depth: number): CloudMap {
    const entries = new Map<string, CloudValue>();
    let isOpen = value.isOpen;
    for (const entry of value.entries) {
      const given = cloudValue({ file, value: entry.value }, dialect, depth + 1);
      if (!entry.key.startsWith('...')) {
        const key = dialect === 'cdktf' ? snakeCase(entry.key) : entry.key;
        entries.delete(key);
        if (given) entries.set(key, given);
      } else if (given?.kind === 'map') {
        if (given.isOpen) doubt(entries, file);
        isOpen ||= given.isOpen;
        for (const [key, one] of Object.entries(given.entries)) entries.set(key, one);
      } else if (given) {
        // It may have replaced anything before it.
        isOpen = true;
        doubt(entries, file);
      }
    }
    return { kind: 'map', entries: Object.fromEntries(entries), isOpen, at: { file, span: value.span } };
  }
}

// The property that an escape hatch sets: known on the construct itself, anything where it is what a higher construct is made of.
function overriddenBy(method: string, first: CloudValue | undefined, dialect: ConstructFact['dialect'], isDirect: boolean): string | undefined {
  if (dialect === 'cdktf' && /^(?:put|reset)[A-Z]/.test(method)) return snakeCase(method.replace(/^(?:put|reset)/, ''));
  if (!OVERRIDES.test(method)) return undefined;
  if (!isDirect || first?.kind !== 'text') return '*';
  return dialect === 'cdktf' ? (first.value.split('.')[0] ?? '*') : overriddenProperty(first.value);
}

// `cfn.multiAz = true`; what is set on `cfnOptions` is no property.
function assignedProperty(name: string, inner: readonly string[], dialect: ConstructFact['dialect']): string {
  if (inner.at(-1) === 'cfnOptions') return 'removalPolicy';
  if (inner.length > 0) return '*';
  return dialect === 'cdktf' ? snakeCase(name) : name;
}

// `ignoreChanges: ['desiredCount']` (Pulumi), `lifecycle: { ignoreChanges: ['desired_count'] }` (cdktf)
function ignoredChanges({ entries }: CloudMap): string[] {
  const { $options: options, lifecycle } = entries;
  const list = options?.kind === 'map' ? options.entries['ignoreChanges'] : lifecycle?.kind === 'map' ? lifecycle.entries['ignore_changes'] : undefined;
  if (list?.kind === 'text') return [list.value === 'all' ? '*' : list.value];
  if (list?.kind !== 'list') return list || (options && options.kind !== 'map') ? ['*'] : [];
  return list.isOpen ? ['*'] : list.items.flatMap((item) => (item.kind === 'text' ? [item.value] : ['*']));
}

function doubt(entries: Map<string, CloudValue>, file: string): void {
  for (const [key, value] of entries) entries.set(key, { kind: 'unknown', because: 'something may replace it', mentions: mentionsOfValue(value), at: { file, span: value.at.span } });
}

function asMap(value: CloudValue | undefined, at: CloudMap['at']): CloudMap {
  if (value?.kind === 'map') return value;
  return { kind: 'map', entries: {}, isOpen: value !== undefined, at };
}

function distinct(options: readonly (CloudValue | undefined)[]): readonly (CloudValue | undefined)[] {
  const seen = new Set<string>();
  return options.filter((option) => {
    const key = JSON.stringify(option, (name, inner: unknown) => (name === 'at' ? undefined : inner)) ?? '';
    return !seen.has(key) && seen.add(key);
  });
}

const STAGES = /^(?:prod|production|live|staging|stage|dev|development|test|testing|qa|sandbox|demo|preview)$/i;

/** The environment that the id of the only stack says: `new OrdersStack(app, 'orders-dev')`. */
function stageOf(sites: readonly BoundSite[]): string | undefined {
  const id = sites.length === 1 ? sites[0]?.site.arguments[1] : undefined;
  return id?.kind === 'text' ? id.value.replace(/([a-z])([A-Z])/g, '$1-$2').split(/[^A-Za-z]+/).find((word) => STAGES.test(word))?.toLowerCase() : undefined;
}
