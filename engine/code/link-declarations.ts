// Classes, interfaces and other types of the project: from a name in one file to the declaration in another, and from an interface or abstract class to the classes behind it.

import { barrelSearch, starsOf } from './barrels';
import type { ClassFact, CodeFacts, ExportFact, TypeFact } from './facts';
import type { ModuleResolver } from './modules';
import type { Entity } from './values';

/** Hops over files that are followed. */
const MAX_HOPS = 11;
/** Interfaces with more classes behind them say nothing of what a call does. */
const MAX_IMPLEMENTERS = 12;
// Written for tests and for a start without a network, beside the class that does the work.
const STAND_IN = /^(?:Fake|Mock|Stub|Dummy|Spy|Test|InMemory|Memory|No[oO]p|Null)(?=[A-Z])|(?:Fake|Mock|Stub|Spy)$/;

export interface DeclaredClass {
  readonly file: string;
  readonly fact: ClassFact;
}

export interface DeclaredType {
  readonly file: string;
  readonly fact: TypeFact;
}

export interface Declarations {
  /** The class behind a name of this file (`module` is `''`) or of another. */
  classOf(file: string, module: string, type: readonly string[]): DeclaredClass | undefined;
  /** The interface, object type or alias behind a name. */
  typeOf(file: string, module: string, type: readonly string[]): DeclaredType | undefined;
  /** The classes that implement an interface, or extend an abstract class, themselves or over others. Stand-ins count only where there is nothing else. */
  behind(file: string, name: string): readonly DeclaredClass[];
}

interface Declaration {
  readonly file: string;
  readonly class?: ClassFact;
  readonly type?: TypeFact;
}

/** Makes the look-ups over the facts of a workspace. The index of implementers is made when first asked for, linear in the classes. */
export function declarations(files: ReadonlyMap<string, CodeFacts>, exported: (file: string) => ReadonlyMap<string, ExportFact>, resolveModule: ModuleResolver): Declarations {
  const stars = new Map<string, ReturnType<typeof starsOf>>();
  const throughStars = barrelSearch<Declaration>(starsIn);
  const localNames = new Map<string, ReadonlyMap<string, Declaration>>();
  let index: ReadonlyMap<string, readonly DeclaredClass[]> | undefined;
  const answers = new Map<string, readonly DeclaredClass[]>();

  return {
    classOf(file, module, type) {
      const found = declarationOf(file, module, type, 0);
      return found?.class && { file: found.file, fact: found.class };
    },
    typeOf(file, module, type) {
      const found = declarationOf(file, module, type, 0);
      return found?.type && { file: found.file, fact: found.type };
    },
    behind(file, name) {
      const key = `${file}\0${name}`;
      const known = answers.get(key);
      if (known) return known;
      index ??= implementers();
      const all = collect(key, index);
      const real = all.filter(({ fact }) => !STAND_IN.test(fact.name ?? ''));
      const answer = real.length > 0 ? real : all;
      answers.set(key, answer);
      return answer;
    },
  };

  function starsIn(file: string): ReturnType<typeof starsOf> {
    const known = stars.get(file);
    if (known) return known;
    const found = starsOf(exported(file).values());
    stars.set(file, found);
    return found;
  }

  function local(file: string): ReadonlyMap<string, Declaration> {
    const known = localNames.get(file);
    if (known) return known;
    const facts = files.get(file);
    const names = new Map<string, Declaration>();
    for (const fact of facts?.types ?? []) names.set(fact.name, { file, type: fact });
    // The first of a name counts; a class stands before an interface that is merged with it.
    for (const fact of [...(facts?.classes ?? [])].reverse()) if (fact.name !== undefined) names.set(fact.name, { file, class: fact });
    localNames.set(file, names);
    return names;
  }

  function declarationOf(file: string, module: string, type: readonly string[], hops: number): Declaration | undefined {
    if (hops > MAX_HOPS) return undefined;
    if (module === '') return local(file).get(type[0] ?? '');
    const target = resolveModule(file, module);
    return target === undefined ? undefined : exportedDeclaration(target, type.length === 0 ? ['default'] : type, hops + 1);
  }

  function exportedDeclaration(file: string, path: readonly string[], hops: number): Declaration | undefined {
    const name = path[0];
    if (hops > MAX_HOPS || name === undefined) return undefined;
    const own = exported(file).get(name);
    if (own?.kind === 'class') {
      const fact = files.get(file)?.classes[own.class];
      return fact && { file, class: fact };
    }
    if (own?.kind === 'reexport') {
      const target = resolveModule(file, own.module);
      const rest = own.imported === '*' ? path.slice(1) : [own.imported, ...path.slice(1)];
      return target === undefined ? undefined : exportedDeclaration(target, rest.length === 0 ? ['default'] : rest, hops + 1);
    }
    const type = local(file).get(name);
    if (type?.type) return type;
    return throughStars.find(file, [name], hops, (fact) => {
      const target = resolveModule(file, fact.module);
      return target === undefined ? undefined : exportedDeclaration(target, path, hops + 1);
    });
  }

  // Under what each class implements and extends, and each interface under those that it extends.
  function implementers(): ReadonlyMap<string, readonly DeclaredClass[]> {
    const found = new Map<string, DeclaredClass[]>();
    for (const [file, { classes, types }] of files) {
      for (const fact of classes) {
        for (const base of [...(fact.implements ?? []), ...(fact.extends ? [fact.extends] : [])]) add(file, base, { file, fact });
      }
      // An interface in the place of a class: whoever implements it is behind its bases too.
      for (const { name, extends: bases } of types ?? []) {
        for (const base of bases ?? []) add(file, base, { file, fact: { id: -1, name, fields: {}, methods: {} } });
      }
    }
    return found;

    function add(file: string, base: Entity, declared: DeclaredClass): void {
      const key = keyOf(file, base);
      if (key === undefined) return;
      const list = found.get(key);
      if (list) list.push(declared);
      else found.set(key, [declared]);
    }
  }

  function keyOf(file: string, base: Entity): string | undefined {
    const found = base.kind === 'typed-project' ? declarationOf(file, base.module, base.type, 0) : base.kind === 'project' ? declarationOf(file, base.module, base.path, 0) : undefined;
    let at = found;
    // Another name for an interface stands for it.
    for (let hops = 0; hops < 4 && at?.type?.of?.kind === 'typed-project'; hops++) at = declarationOf(at.file, at.type.of.module, at.type.of.type, 0) ?? undefined;
    const name = at?.class?.name ?? at?.type?.name;
    return at && name !== undefined ? `${at.file}\0${name}` : undefined;
  }

  function collect(start: string, among: ReadonlyMap<string, readonly DeclaredClass[]>): readonly DeclaredClass[] {
    const found: DeclaredClass[] = [];
    const seen = new Set([start]);
    const queue = [start];
    for (let key = queue.shift(); key !== undefined; key = queue.shift()) {
      for (const declared of among.get(key) ?? []) {
        const inner = `${declared.file}\0${declared.fact.name ?? ''}`;
        if (seen.has(inner)) continue;
        seen.add(inner);
        queue.push(inner);
        if (declared.fact.id >= 0 && declared.fact.isAbstract !== true) found.push(declared);
        if (found.length > MAX_IMPLEMENTERS) return [];
      }
    }
    return found;
  }
}
