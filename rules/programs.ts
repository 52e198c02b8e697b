// The programs of a package: what one entry file brings in. A package often holds several, and what one of them has helps no other.

import type { CodeProject, EntityResolver, LinkedFile } from '../engine/code/project';
import { fileAt, packageFiles, providedIn } from './code-places';

export interface Program {
  /** Paths of the files that start it: they bring the file in and nothing brings them in. Empty where the imports do not tell. */
  readonly entries: ReadonlySet<string>;
  /** Server code that runs in it, or may: files that nothing imports and that no other server starts are loaded in a way that imports do not show. */
  readonly files: readonly LinkedFile[];
}

interface Graph {
  readonly importers: ReadonlyMap<string, readonly string[]>;
  readonly programs: Map<string, Program>;
}

const graphs = new WeakMap<CodeProject, Graph>();

/** The program that a file is part of; where the imports do not tell, its whole package. Worked out once for each file, linear in the imports. */
export function programOf(code: CodeProject, file: LinkedFile): Program {
  let graph = graphs.get(code);
  if (!graph) graphs.set(code, (graph = { importers: importersOf(code), programs: new Map() }));
  let program = graph.programs.get(file.path);
  if (!program) graph.programs.set(file.path, (program = find(code, file, graph)));
  return program;
}

function importersOf(code: CodeProject): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const file of code.files) {
    for (const target of file.imports) {
      const list = found.get(target);
      if (list) list.push(file.path);
      else found.set(target, [file.path]);
    }
  }
  return found;
}

function find(code: CodeProject, file: LinkedFile, graph: Graph): Program {
  const whole = packageFiles(code, file);
  const entries = entriesOf(file.path, graph);
  if (entries.size === 0) return { entries, files: whole };
  const inside = reachedFrom(code, entries);
  // What the other servers of the package bring in is theirs; the rest may be loaded by anyone.
  const others = new Set<string>();
  for (const other of whole) {
    if (inside.has(other.path) || other.facts.servers.length === 0) continue;
    const own = entriesOf(other.path, graph);
    if (own.size === 0) return { entries: new Set(), files: whole };
    for (const entry of own) others.add(entry);
  }
  const foreign = reachedFrom(code, others);
  const files = whole.filter(({ path }) => inside.has(path) || !foreign.has(path));
  const own = new Set(whole.map(({ path }) => path));
  const outside = [...inside].flatMap((path) => (own.has(path) ? [] : (fileAt(code, path) ?? [])));
  return { entries, files: [...files, ...outside.filter(({ facts }) => facts.role === 'server')] };
}

function entriesOf(path: string, { importers }: Graph): ReadonlySet<string> {
  const found = new Set<string>();
  const seen = new Set([path]);
  for (const at of seen) {
    const above = importers.get(at) ?? [];
    if (above.length === 0) found.add(at);
    for (const next of above) seen.add(next);
  }
  return found;
}

function reachedFrom(code: CodeProject, entries: ReadonlySet<string>): ReadonlySet<string> {
  const seen = new Set(entries);
  for (const at of seen) for (const next of fileAt(code, at)?.imports ?? []) seen.add(next);
  return seen;
}

/** Whether a file of the program imports or calls something that provides this for all of it. */
export function programProvides(program: Program, what: 'drain' | 'health', resolve: EntityResolver): boolean {
  return providedIn(program.files, resolve).has(what);
}
