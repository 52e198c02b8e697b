// The packages that are measured: their aliases, installed without scripts into a temporary folder outside the tree, and the versions that are there.

import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** Where the packages are installed: outside the tree, which tools walk. */
export const packagesFolder = join(tmpdir(), 'holdfast-verify', 'packages');
/** Packages that only their types are read of, under their own names. */
export const typesFolder = join(tmpdir(), 'holdfast-verify', 'types');
const modules = join(packagesFolder, 'node_modules');

/** The alias or name of a subject: `mysql2-3` of `mysql2-3/promise`. Aliases have no scope. */
export function aliasOf(subject: string): string {
  return subject.startsWith('node:') || subject.startsWith('global:') ? subject : (subject.split('/')[0] ?? subject);
}

/** Name and version as installed; undefined where it is not. Node's own modules have Node's version. */
export function installed(subject: string, versionOf?: string): { readonly name: string; readonly version: string } | undefined {
  const alias = aliasOf(subject);
  if (/^(?:node|global):/.test(alias)) return { name: alias, version: process.versions.node };
  const own = read(join(modules, alias, 'package.json'));
  if (!own || versionOf === undefined) return own;
  const nested = read(join(modules, alias, 'node_modules', versionOf, 'package.json')) ?? read(join(modules, versionOf, 'package.json'));
  return { name: own.name, version: own.version, ...(nested ? { deciding: nested.version } : {}) };
}

/** The version that the catalogue's ranges are about: that of the deciding package, where there is one. */
export function decidingVersion(subject: string, versionOf: string | undefined): string | undefined {
  const found: { readonly version: string; readonly deciding?: string } | undefined = installed(subject, versionOf);
  return found?.deciding ?? found?.version;
}

/** Aliases of all packages that are measured. */
export function aliasesOfPackages(): string[] {
  return Object.entries(pinnedIn(packagesFolder)).filter(([, spec]) => spec.startsWith('npm:')).map(([alias]) => alias);
}

/** Installs what is pinned for measuring and is not there. False where npm fails. */
export function installPackages(): boolean {
  return install(packagesFolder);
}

/** Installs the packages whose types alone are read. False where npm fails. */
export function installTypes(): boolean {
  return install(typesFolder);
}

function install(folder: string): boolean {
  const wanted = Object.entries(pinnedIn(folder));
  const isMissing = ([alias, spec]: [string, string]): boolean => read(join(folder, 'node_modules', alias, 'package.json'))?.version !== spec.slice(spec.lastIndexOf('@') + 1);
  if (!wanted.some(isMissing)) return true;
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(import.meta.dirname, basename(folder), 'package.json'), join(folder, 'package.json'));
  return spawnSync('npm', ['install', '--ignore-scripts', '--omit=optional', '--legacy-peer-deps', '--no-package-lock', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'inherit', timeout: 600_000 }).status === 0;
}

/** Alias or name to what is pinned, as the package.json of that name in this folder says. */
export function pinnedIn(folder: string): Record<string, string> {
  return (JSON.parse(readFileSync(join(import.meta.dirname, basename(folder), 'package.json'), 'utf8')) as { dependencies: Record<string, string> }).dependencies;
}

function read(path: string): { readonly name: string; readonly version: string } | undefined {
  if (!existsSync(path)) return undefined;
  const { name, version } = JSON.parse(readFileSync(path, 'utf8')) as { name: string; version: string };
  return { name, version };
}
