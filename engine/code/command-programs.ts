// Files that run only in a command-line program: a person starts it and waits for it, nobody operates it.

import { join } from './module-paths';
import { hasCommandLibrary } from './package-role';
import type { PackageInfo } from './project';

const STARTS = /^(start|serve)(:|$)/;

/** Paths of the files that only `bin` entries of command-line packages bring in. `imports` are the files that each file brings in. Linear in the imports. */
export function commandPrograms(imports: ReadonlyMap<string, readonly string[]>, packages: readonly PackageInfo[]): ReadonlySet<string> {
  const entries = new Set(packages.flatMap((info) => (isCommandOnly(info) ? (info.bin ?? []).flatMap((path) => sourceOf(info.folder, path, imports) ?? []) : [])));
  if (entries.size === 0) return entries;
  const imported = new Set([...imports.values()].flat());
  const others = [...imports.keys()].filter((path) => !imported.has(path) && !entries.has(path));
  const shared = reachedFrom(others, imports);
  return new Set([...reachedFrom([...entries], imports)].filter((path) => !shared.has(path)));
}

// A package that is also started as a service is none.
function isCommandOnly(info: PackageInfo): boolean {
  return hasCommandLibrary(info) && !Object.keys(info.scripts).some((name) => STARTS.test(name));
}

// The source behind `dist/index.js`.
function sourceOf(folder: string, path: string, imports: ReadonlyMap<string, unknown>): string | undefined {
  const written = join(folder, path);
  const inner = path.replace(/^\.\//, '');
  const bare = [inner, inner.replace(/^(?:dist|build|lib|out)\//, 'src/'), inner.replace(/^(?:dist|build|lib|out)\//, '')].map((one) => join(folder, one.replace(/\.[cm]?js$/, '')));
  return [written, ...bare.flatMap((one) => [`${one}.ts`, `${one}.mts`, `${one}.cts`, `${one}.js`, `${one}.mjs`, `${one}.cjs`, `${one}.tsx`])].find((one) => imports.has(one));
}

function reachedFrom(entries: readonly string[], imports: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const seen = new Set(entries);
  for (const at of seen) for (const next of imports.get(at) ?? []) seen.add(next);
  return seen;
}
