// What package.json offers under `exports` and `imports`, and from a built file that it names to the source that the file is built from.

import { folderOf, join } from './module-paths';
import { isRecord } from '../record';

/** Targets by what is asked for: `.`, `./client`, `./*`; those of several conditions in the order in which a source is looked for. */
export type Entries = Readonly<Record<string, readonly string[]>>;

const MAX_ENTRIES = 200;

/** Entries of an `exports` or `imports` field. Declarations of types come last. Linear in the field. */
export function readEntries(field: unknown): Entries | undefined {
  if (typeof field === 'string') return { '.': [field] };
  if (!isRecord(field)) return undefined;
  const keys = Object.keys(field);
  if (keys.length > 0 && keys.every((key) => !/^[.#]/.test(key))) return { '.': targetsOf(field) };
  return Object.fromEntries(keys.slice(0, MAX_ENTRIES).map((key) => [key, targetsOf(field[key])] as const).filter(([, targets]) => targets.length > 0));
}

function targetsOf(value: unknown): string[] {
  const found: string[] = [];
  const visit = (node: unknown, depth: number): void => {
    if (depth > 6 || found.length >= 12) return;
    if (typeof node === 'string') found.push(node);
    else if (Array.isArray(node)) for (const one of node) visit(one, depth + 1);
    else if (isRecord(node)) for (const one of Object.values(node)) visit(one, depth + 1);
  };
  visit(value, 0);
  return [...found.filter((target) => !isDeclaration(target)), ...found.filter(isDeclaration)];
}

function isDeclaration(path: string): boolean {
  return /\.d\.[cm]?ts$/.test(path);
}

/** The targets for a name: of the very entry, else of the pattern with the longest beginning that fits. */
export function targetsFor(entries: Entries, name: string): readonly string[] {
  if (Object.hasOwn(entries, name)) return entries[name] ?? [];
  let best: { readonly prefix: string; readonly targets: readonly string[] } | undefined;
  for (const [key, targets] of Object.entries(entries)) {
    const star = key.indexOf('*');
    if (star < 0) continue;
    const prefix = key.slice(0, star);
    const suffix = key.slice(star + 1);
    if (!name.startsWith(prefix) || !name.endsWith(suffix) || name.length < prefix.length + suffix.length || (best && best.prefix.length >= prefix.length)) continue;
    const rest = name.slice(prefix.length, name.length - suffix.length);
    best = { prefix, targets: targets.map((target) => target.replace('*', () => rest)) };
  }
  return best?.targets ?? [];
}

/** A folder that the compiler writes to, and the one that it reads from. */
export interface Build {
  readonly out: string;
  readonly root: string;
}

const BUILT = /^(?:dist|build|lib|out|output|esm|cjs|target|\.build)$/;
const VARIANT = /^(?:esm|cjs|es|mjs|commonjs|module|node|src|lib|types|umd)$/;

/** Where the source of a file may stand that package.json names, best first, without extensions: `./dist/esm/entry.mjs` -> `src/esm/entry`, `src/entry`. */
export function sourcesOf(folder: string, path: string, builds: readonly Build[]): readonly string[] {
  const bare = path.replace(/^\.\//, '').replace(/(?:\.d)?\.[cm]?[jt]sx?$/, '');
  const found: string[] = [];
  const whole = join(folder, bare);
  for (const { out, root } of builds) if (whole.startsWith(`${out}/`)) found.push(join(root, whole.slice(out.length + 1)));
  const parts = bare.split('/');
  for (let at = 0; at < 3 && parts.length > 1 && (at === 0 ? BUILT : VARIANT).test(parts[0] ?? ''); at++) {
    parts.shift();
    found.push(join(folder, `src/${parts.join('/')}`), join(folder, parts.join('/')));
  }
  return [...found, join(folder, path)];
}

/** The build that compiler options in a file describe; undefined where they write beside the source. */
export function buildOf(path: string, out: string | undefined, root: string | undefined): Build | undefined {
  const folder = folderOf(path);
  return out === undefined ? undefined : { out: join(folder, out), root: join(folder, root ?? 'src') };
}
