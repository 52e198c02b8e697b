// Where a package begins to serve, for the rules about shutdown and health: one place for each package.

import type { ServerShape } from '../catalog/schema';
import type { ServerFact } from '../engine/code/facts';
import type { CodeProject, EntityResolver, InstalledLibrary, LinkedFile } from '../engine/code/project';
import { contextsOf, packageFiles } from './code-places';

export interface ServerPlace {
  readonly file: LinkedFile;
  readonly fact: ServerFact;
  readonly library: InstalledLibrary;
  readonly shape: ServerShape;
}

const first = new WeakMap<CodeProject, Map<unknown, ServerPlace | undefined>>();

/** The first server (else worker) that a package starts as a program, in the order of its files. Undefined: it starts none, or nothing says that it is a program. Worked out once for each package. */
export function firstServer(code: CodeProject, file: LinkedFile, resolve: EntityResolver): ServerPlace | undefined {
  let known = first.get(code);
  if (!known) first.set(code, (known = new Map<unknown, ServerPlace | undefined>()));
  if (!known.has(file.package)) known.set(file.package, find(packageFiles(code, file), resolve));
  return known.get(file.package);
}

function find(files: readonly LinkedFile[], resolve: EntityResolver): ServerPlace | undefined {
  const places = files.flatMap((file) =>
    file.facts.servers.flatMap((fact) => {
      const place = fact.isConditional || !isProgram(file, fact) ? undefined : serverPlace(file, fact, resolve);
      return place ? [place] : [];
    }),
  );
  return places.find(({ shape }) => shape.protocol !== 'queue') ?? places[0];
}

// Module level, start-up code, or a package that is started: a library that offers `listen` starts nothing.
function isProgram(file: LinkedFile, fact: ServerFact): boolean {
  if (fact.function < 0 || contextsOf(file, fact.function).has('startup')) return true;
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

/** A package's name for messages: its last part, else its folder, else `this service`. */
export function serviceName(file: LinkedFile): string {
  const name = file.package?.name ?? file.package?.folder ?? '';
  return name.slice(name.lastIndexOf('/') + 1) || 'this service';
}
