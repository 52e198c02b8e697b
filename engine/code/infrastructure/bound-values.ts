// Follows values of infrastructure code over functions, classes and files: what parameters are given, what fields of objects hold, what other files export.

import type { CodeFacts } from '../facts';
import type { ConstantOf } from '../link-values';
import type { Entity, Value } from '../values';
import { memberOfValue, unknownValue } from './declared-values';
import type { DeclaredEntry, DeclaredValue, InfrastructureClassFact, InfrastructureFacts, SiteFact } from './facts';

/** A value with the file that it stands in. */
export interface Bound {
  readonly file: string;
  readonly value: DeclaredValue;
}

export interface BoundSite {
  readonly file: string;
  readonly site: SiteFact;
}

export interface ProjectSources {
  readonly files: ReadonlyMap<string, CodeFacts>;
  readonly constant: ConstantOf;
  resolveModule(file: string, module: string): string | undefined;
  classOf(file: string, module: string, type: readonly string[]): { readonly file: string; readonly fact: { readonly id: number } } | undefined;
  functionOf(file: string, entity: Entity): { readonly file: string; readonly id: number } | undefined;
}

export interface BoundValues {
  /** What a value may be, in terms of literals and constructs: one, or the alternatives that different callers give. */
  alternatives(bound: Bound): readonly Bound[];
  /** The calls that run a function, or the constructor of a class. */
  sitesOfFunction(file: string, id: number): readonly BoundSite[];
  sitesOfClass(file: string, id: number): readonly BoundSite[];
  classFact(file: string, id: number): InfrastructureClassFact | undefined;
}

const MAX_DEPTH = 14;
const MAX_ALTERNATIVES = 6;
/** Callers of callers multiply: so many values are looked at for one answer. */
const MAX_STEPS = 1_000;

/** Makes the look-ups over all files with infrastructure. The index of sites is linear in them. */
export function boundValues(sources: ProjectSources): BoundValues {
  const infrastructure = new Map<string, InfrastructureFacts>([...sources.files.values()].flatMap((file) => (file.infrastructure ? [[file.path, file.infrastructure] as const] : [])));
  let steps = 0;
  const byFunction = new Map<string, BoundSite[]>();
  const byClass = new Map<string, BoundSite[]>();
  for (const [file, facts] of infrastructure) for (const site of facts.sites) addSite(file, site);

  return {
    alternatives(bound) {
      steps = 0;
      return alternatives(bound, 0);
    },
    sitesOfFunction: (file, id) => byFunction.get(`${file}\0${id}`) ?? [],
    sitesOfClass: (file, id) => byClass.get(`${file}\0${id}`) ?? [],
    classFact,
  };

  function addSite(file: string, site: SiteFact): void {
    const owner = classOfCallee(file, site.callee);
    if (owner) {
      push(byClass, `${owner.file}\0${owner.id}`, { file, site });
      // Without a constructor of its own it hands its arguments on to its base.
      for (let at: typeof owner | undefined = owner, hops = 0; at && hops < 5; hops++) {
        const fact = classFact(at.file, at.id);
        if (fact && fact.constructorId >= 0) {
          push(byFunction, `${at.file}\0${fact.constructorId}`, { file, site });
          break;
        }
        at = fact?.extends ? classOfCallee(at.file, fact.extends) : undefined;
      }
      return;
    }
    const target = site.callee.kind === 'function' ? { file, id: site.callee.id } : site.callee.kind === 'entity' ? sources.functionOf(file, site.callee.entity) : undefined;
    if (target) push(byFunction, `${target.file}\0${target.id}`, { file, site });
  }

  function classFact(file: string, id: number): InfrastructureClassFact | undefined {
    return infrastructure.get(file)?.classes[id];
  }

  function classOfCallee(file: string, callee: SiteFact['callee']): { readonly file: string; readonly id: number } | undefined {
    if (callee.kind === 'class') return { file, id: callee.id };
    if (callee.kind !== 'entity' || callee.entity.kind !== 'project') return undefined;
    const found = sources.classOf(file, callee.entity.module, callee.entity.path);
    return found && found.fact.id >= 0 ? { file: found.file, id: found.fact.id } : undefined;
  }

  function alternatives(bound: Bound, depth: number): readonly Bound[] {
    const { file, value } = bound;
    steps++;
    if (depth > MAX_DEPTH || steps > MAX_STEPS) return [unknown(bound, 'too deep')];
    switch (value.kind) {
      case 'parameter':
        return parameter(file, value, depth);
      case 'instance':
        return value.path.length === 0 ? [bound] : memberOfInstance(file, value, depth);
      case 'field':
        return fieldOf(file, value.class, value.path, value.span, depth) ?? [unknown(bound, 'a field of a base')];
      case 'export':
        return exported(file, value, depth);
      case 'fallback':
        return fallback(file, value, depth);
      case 'scaled':
        return alternatives({ file, value: value.of }, depth + 1).map((one) => (one.value.kind === 'number' ? { file: one.file, value: { ...one.value, value: one.value.value * value.factor } } : unknown(bound, 'a duration')));
      case 'either':
        return limited(value.options.flatMap((option) => alternatives({ file, value: option }, depth + 1)), bound);
      default:
        return [bound];
    }
  }

  function parameter(file: string, value: DeclaredValue & { kind: 'parameter' }, depth: number): readonly Bound[] {
    const sites = byFunction.get(`${file}\0${value.function}`) ?? [];
    if (sites.length === 0 || sites.length > MAX_ALTERNATIVES) return [unknown({ file, value }, 'what a caller gives')];
    return limited(
      sites.flatMap(({ file: from, site }) => {
        const given = site.arguments[value.index] ?? (site.isOpen ? unknownValue(site.span, 'a spread') : { kind: 'absent', span: site.span });
        return followed({ file: from, value: given }, value.path, depth + 1);
      }),
      { file, value },
    );
  }

  /** `value.a.b`, step by step: each step may lead into another file. */
  function followed(start: Bound, path: readonly string[], depth: number): readonly Bound[] {
    let current: readonly Bound[] = alternatives(start, depth);
    for (const name of path) {
      current = current.flatMap(({ file, value }) => alternatives({ file, value: memberOfValue(value, name, value.span) }, depth + 1)).slice(0, MAX_ALTERNATIVES + 1);
    }
    return current;
  }

  function memberOfInstance(file: string, value: DeclaredValue & { kind: 'instance' }, depth: number): readonly Bound[] {
    const site = infrastructure.get(file)?.sites[value.site];
    const owner = site && classOfCallee(file, site.callee);
    const found = owner && fieldOf(owner.file, owner.id, value.path, value.span, depth);
    return found ?? [unknown({ file, value }, 'a member of an object')];
  }

  function fieldOf(file: string, classId: number, path: readonly string[], span: DeclaredValue['span'], depth: number): readonly Bound[] | undefined {
    const [name, ...rest] = path;
    let owner: { readonly file: string; readonly id: number } | undefined = { file, id: classId };
    for (let hops = 0; owner && hops < 5; hops++) {
      const fact: InfrastructureClassFact | undefined = classFact(owner.file, owner.id);
      const field = fact?.fields.find((candidate) => candidate.name === name);
      if (field) return followed({ file: owner.file, value: field.value }, rest, depth + 1);
      owner = fact?.extends ? classOfCallee(owner.file, fact.extends) : undefined;
    }
    return undefined;
  }

  function exported(file: string, value: DeclaredValue & { kind: 'export' }, depth: number): readonly Bound[] {
    const target = sources.resolveModule(file, value.module);
    const [name, ...rest] = value.path;
    const own = target === undefined ? undefined : infrastructure.get(target)?.exports.find((candidate) => candidate.name === name);
    if (own && target !== undefined) return followed({ file: target, value: own.value }, rest, depth + 1);
    const constant = sources.constant(file, value.module, value.path);
    return [{ file, value: constant ? declaredOfValue(constant.value, value.span) : unknownValue(value.span, 'an import') }];
  }

  function fallback(file: string, value: DeclaredValue & { kind: 'fallback' }, depth: number): readonly Bound[] {
    const left = alternatives({ file, value: value.of }, depth + 1);
    const right = (): readonly Bound[] => alternatives({ file, value: value.otherwise }, depth + 1);
    return left.flatMap((option): readonly Bound[] => {
      if (option.value.kind === 'absent') return right();
      if (option.value.kind !== 'unknown') return [option];
      return right().map((other) => (isScalar(other.value) ? { file: other.file, value: { ...other.value, isSoft: true as const } } : { file: other.file, value: unknownValue(option.value.span, 'a default that a caller may replace', [other.value]) }));
    });
  }

  function limited(found: readonly Bound[], bound: Bound): readonly Bound[] {
    return found.length > MAX_ALTERNATIVES ? [unknown(bound, 'many values')] : found;
  }
}

function isScalar(value: DeclaredValue): value is DeclaredValue & { kind: 'text' | 'number' | 'boolean' } {
  return value.kind === 'text' || value.kind === 'number' || value.kind === 'boolean';
}

function unknown({ file, value }: Bound, because: string): Bound {
  return { file, value: { kind: 'unknown', because, of: [], span: value.span } };
}

/** A constant of another file. */
function declaredOfValue(value: Value, span: DeclaredValue['span'], depth = 0): DeclaredValue {
  switch (value.kind) {
    case 'string':
      return { kind: 'text', value: value.value, span };
    case 'number':
      return { kind: 'number', value: value.value, span };
    case 'boolean':
      return { kind: 'boolean', value: value.value, span };
    case 'null':
    case 'undefined':
      return { kind: 'absent', span };
    case 'array':
      return depth > 4 ? unknownValue(span, 'too deep') : { kind: 'list', items: value.items.map((item) => declaredOfValue(item, span, depth + 1)), isOpen: value.isOpen, span };
    case 'object':
      return depth > 4 ? unknownValue(span, 'too deep') : { kind: 'map', entries: value.entries.flatMap((entry): DeclaredEntry[] => (entry.key.startsWith('...') ? [] : [{ key: entry.key, value: declaredOfValue(entry.value, span, depth + 1) }])), isOpen: value.isOpen, span };
    case 'choice':
      return { kind: 'either', options: value.options.map((option) => declaredOfValue(option, span, depth + 1)), span };
    case 'environment':
      return value.fallback ? softOf(declaredOfValue(value.fallback, span, depth + 1)) : unknownValue(span, 'an environment variable');
    default:
      return unknownValue(span, 'an import');
  }
}

function softOf(value: DeclaredValue): DeclaredValue {
  return isScalar(value) ? { ...value, isSoft: true } : value;
}

function push<T>(map: Map<string, T[]>, key: string, item: T): void {
  const list = map.get(key);
  if (list) list.push(item);
  else map.set(key, [item]);
}
