// Files that run only in a command-line program or in a step of the build: a person starts it and waits for it, nobody operates it.

import { join } from './module-paths';
import { hasCommandLibrary, STARTS } from './package-role';
import type { PackageInfo } from './project';

// Scripts of a package that end by themselves, and what runs a file in them.
const STEP = /^(?:pre|post)?(?:build|compile|generate|codegen|gen|lint|format|docs?|release|publish|version|prepare|prepack|install|clean|test|typecheck|check|bundle|pack|seed|i18n|extract|schema)(?:$|[:_-])/i;
const RUNNER = /^(?:node|tsx|ts-node|ts-node-esm|bun|esno|jiti|vite-node|babel-node|swc-node|@swc-node\/register)$/;
const TAKES_VALUE = /^(?:-r|--require|--import|--loader|--experimental-loader|-P|--project|--tsconfig|--env-file)$/;

/** Paths of the files that only `bin` entries of command-line packages, and files that a step of the build runs, bring in. `imports` are the files that each file brings in. Linear in the imports. */
export function commandPrograms(imports: ReadonlyMap<string, readonly string[]>, packages: readonly PackageInfo[]): ReadonlySet<string> {
  const bins = packages.flatMap((info) => (isCommandOnly(info) ? (info.bin ?? []).flatMap((path) => sourceOf(info.folder, path, imports) ?? []) : []));
  const entries = new Set([...bins, ...packages.flatMap((info) => stepsOf(info).filter((path) => imports.has(path)))]);
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

// Files that a script of the package runs and waits for: `"build": "rimraf lib && node -r ts-node/register build.ts"`. What another script starts too is none.
function stepsOf({ folder, scripts }: PackageInfo): readonly string[] {
  const all = Object.entries(scripts).flatMap(([name, text]) => text.split(/&&|\|\||[;|]/, 50).flatMap((command) => {
    const file = fileRunBy(command);
    return file === undefined ? [] : [{ path: join(folder, file), isStep: STEP.test(name) }];
  }));
  return all.filter(({ path, isStep }) => isStep && !all.some((other) => other.path === path && !other.isStep)).map(({ path }) => path);
}

function fileRunBy(command: string): string | undefined {
  const words = command.trim().split(/\s+/, 40).filter((word) => !/^(?:\w+=.*|cross-env|npx|exec|run)$/.test(word));
  if (!RUNNER.test(words[0] ?? '')) return undefined;
  const file = words.find((word, index) => index > 0 && !word.startsWith('-') && !TAKES_VALUE.test(words[index - 1] ?? ''));
  return file !== undefined && /\.[cm]?[jt]s$/.test(file) ? file : undefined;
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
