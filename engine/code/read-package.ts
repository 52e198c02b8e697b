// package.json, lock files and tsconfig.json as facts. Broken files give a problem and what could be read, never an exception.

import type { FileProblem } from '../facts';
import { parseJsonc } from './jsonc';
import { readNpmLock, readPnpmLock, readYarnLock, type LockedVersions } from './locks';
import { readEntries } from './package-entries';
import type { PackageFacts } from './package-facts';
import { isRecord } from '../record';

const NAMES = /(^|\/)(package\.json|package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|[tj]sconfig(\.[\w-]+)*\.json)$/;

/** package.json, lock files and tsconfig.json, by name. */
export function recognisePackageFile(path: string): boolean {
  return NAMES.test(path);
}

/** Reads one such file. Linear in the text. */
export function readPackageFile(path: string, text: string): { facts: PackageFacts; problems: FileProblem[] } {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === 'yarn.lock') return { facts: lock(path, readYarnLock(text)), problems: [] };
  if (name === 'pnpm-lock.yaml') return { facts: lock(path, readPnpmLock(text)), problems: [] };
  const parsed = parseJsonc(text);
  const problems: FileProblem[] = parsed.error === undefined ? [] : [{ file: path, extent: 'in-part', because: parsed.error, ...(parsed.at === undefined ? {} : { span: [parsed.at, Math.min(parsed.at + 1, text.length)] as const }) }];
  const root = asRecord(parsed.value);
  if (name === 'package-lock.json' || name === 'npm-shrinkwrap.json') return { facts: lock(path, readNpmLock(root)), problems };
  return { facts: name === 'package.json' ? manifest(path, root) : tsconfig(path, root), problems };
}

function lock(path: string, locked: LockedVersions): PackageFacts {
  return { kind: 'package', path, source: 'lock', versions: locked.versions, ...(Object.keys(locked.nested).length > 0 ? { nested: locked.nested } : {}) };
}

function manifest(path: string, root: Readonly<Record<string, unknown>>): PackageFacts {
  const workspaces = Array.isArray(root['workspaces']) ? root['workspaces'] : asRecord(root['workspaces'])['packages'];
  const name = root['name'];
  const main = root['source'] ?? root['module'] ?? root['main'];
  const types = root['types'] ?? root['typings'];
  const exports = readEntries(root['exports']);
  const imports = readEntries(root['imports']);
  const engine = asRecord(root['engines'])['node'];
  return {
    kind: 'package',
    path,
    source: 'manifest',
    ...(typeof name === 'string' ? { name } : {}),
    scripts: strings(root['scripts']),
    hasBin: root['bin'] !== undefined,
    ...(root['bin'] === undefined ? {} : { bin: typeof root['bin'] === 'string' ? [root['bin']] : Object.values(strings(root['bin'])) }),
    isModule: root['type'] === 'module',
    dependencies: { ...strings(root['peerDependencies']), ...strings(root['optionalDependencies']), ...strings(root['devDependencies']), ...strings(root['dependencies']) },
    workspaces: Array.isArray(workspaces) ? workspaces.filter((entry): entry is string => typeof entry === 'string') : [],
    ...(typeof engine === 'string' ? { engineNode: engine } : {}),
    ...(typeof main === 'string' ? { main } : {}),
    ...(typeof types === 'string' ? { types } : {}),
    ...(exports ? { exports } : {}),
    ...(imports ? { imports } : {}),
  };
}

function tsconfig(path: string, root: Readonly<Record<string, unknown>>): PackageFacts {
  const options = asRecord(root['compilerOptions']);
  const paths = Object.entries(asRecord(options['paths'])).flatMap(([pattern, targets]) => (Array.isArray(targets) ? [[pattern, targets.filter((target): target is string => typeof target === 'string')] as const] : []));
  const baseUrl = options['baseUrl'];
  const outDir = options['outDir'];
  const rootDir = options['rootDir'];
  const base: unknown = Array.isArray(root['extends']) ? root['extends'][root['extends'].length - 1] : root['extends'];
  return {
    kind: 'package',
    path,
    source: 'tsconfig',
    ...(typeof baseUrl === 'string' ? { baseUrl } : {}),
    ...(typeof outDir === 'string' ? { outDir } : {}),
    ...(typeof rootDir === 'string' ? { rootDir } : {}),
    paths: Object.fromEntries(paths),
    // A base from a package is out of sight.
    ...(typeof base === 'string' && base.startsWith('.') ? { extends: base } : {}),
  };
}

function strings(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(asRecord(value)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}
