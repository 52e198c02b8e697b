// Where a package begins to serve, for the rules about shutdown and health: one place for each program.

import type { ServerShape } from '../catalog/schema';
import type { ServerFact } from '../engine/code/construct-facts';
import type { CodeProject, EntityResolver, InstalledLibrary, LinkedFile } from '../engine/code/project';
import { contextsOf, fileAt, packageFiles } from './code-places';
import { programOf } from './programs';

export interface ServerPlace {
  readonly file: LinkedFile;
  readonly fact: ServerFact;
  readonly library: InstalledLibrary;
  readonly shape: ServerShape;
}

const places = new WeakMap<CodeProject, Map<unknown, readonly ServerPlace[]>>();

/** The servers (else workers) of a package that programs start, the first one of each program. Nothing where nothing says that it is a program. Worked out once for each package. */
export function firstServers(code: CodeProject, file: LinkedFile, resolve: EntityResolver): readonly ServerPlace[] {
  let known = places.get(code);
  if (!known) places.set(code, (known = new Map<unknown, readonly ServerPlace[]>()));
  let found = known.get(file.package);
  if (!found) known.set(file.package, (found = find(code, packageFiles(code, file), resolve)));
  return found;
}

function find(code: CodeProject, files: readonly LinkedFile[], resolve: EntityResolver): readonly ServerPlace[] {
  const all = files.flatMap((file) =>
    file.facts.servers.flatMap((fact) => {
      const place = fact.isConditional || fact.isLoopback === true || !isProgram(code, file, fact) ? undefined : serverPlace(file, fact, resolve);
      return place ? [place] : [];
    }),
  );
  const taken = new Set<string>();
  return [...all.filter(({ shape }) => shape.protocol !== 'queue'), ...all.filter(({ shape }) => shape.protocol === 'queue')].filter(({ file }) => {
    const { entries } = programOf(code, file);
    // Where the imports do not tell, the package is one program.
    const keys = entries.size === 0 ? [''] : [...entries];
    const isFirst = !keys.some((key) => taken.has(key)) && !(taken.has('') || (entries.size === 0 && taken.size > 0));
    for (const key of keys) taken.add(key);
    return isFirst;
  });
}

// Module level, start-up code, or a package that is started: a library that offers `listen` starts nothing.
function isProgram(code: CodeProject, file: LinkedFile, fact: ServerFact): boolean {
  if (fact.function < 0) return true;
  if (contextsOf(file, fact.function).has('startup')) {
    // What only tests and examples start is no program.
    const { entries } = programOf(code, file);
    if (entries.size === 0 || [...entries].some((path) => fileAt(code, path)?.facts.role === 'server')) return true;
  }
  const scripts = file.package?.scripts ?? {};
  return Object.keys(scripts).some((name) => /^(start|serve|dev)(:|$)/.test(name));
}

/** The server row of the catalogue behind a fact. */
export function serverPlace(file: LinkedFile, fact: ServerFact, resolve: EntityResolver): ServerPlace | undefined {
  const resolved = resolve(file.path, fact.entity);
  if (resolved.kind !== 'client' && resolved.kind !== 'instance' && resolved.kind !== 'library') return undefined;
  const library = resolved.kind === 'client' ? resolved.client.library : resolved.library;
  const instance = resolved.kind === 'client' ? resolved.client.instance : resolved.kind === 'instance' ? resolved.instance : '';
  const name = resolved.path.join('.');
  const shapes = library.entry.servers ?? [];
  const constructed = library.entry.constructs?.find((row) => (row.from ?? '') === instance && row.make.includes(name))?.instance;
  const shape = shapes.find((row) => row.on === instance && name !== '' && row.listen.includes(name)) ?? shapes.find((row) => row.listen.includes('') && row.on === constructed);
  return shape && { file, fact, library, shape };
}

/** A program's name for messages: its package's, or that of its folder or file where the package holds several: `billing` of `src/billing/main.ts`. */
export function programName(code: CodeProject, file: LinkedFile, resolve: EntityResolver): string {
  if (firstServers(code, file, resolve).length < 2) return serviceName(file);
  const parts = file.path.replace(/\.\w+$/, '').split('/');
  return parts.findLast((part) => !/^(?:main|index|server|app|start|www|bin|src|lib|source)$/.test(part)) ?? serviceName(file);
}

/** A package's name for messages: its last part, else its folder, else `this service`. */
export function serviceName(file: LinkedFile): string {
  const name = file.package?.name ?? file.package?.folder ?? '';
  return name.slice(name.lastIndexOf('/') + 1) || 'this service';
}
