// The packages that are measured: their aliases, installed without scripts into a folder that git ignores, and the versions that are there.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const packagesFolder = join(import.meta.dirname, 'packages');
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

/** Installs what package.json pins and is not there. False where npm fails. */
export function installPackages(): boolean {
  const wanted = Object.entries((JSON.parse(readFileSync(join(packagesFolder, 'package.json'), 'utf8')) as { dependencies: Record<string, string> }).dependencies);
  const isMissing = ([alias, spec]: [string, string]): boolean => read(join(modules, alias, 'package.json'))?.version !== spec.slice(spec.lastIndexOf('@') + 1);
  if (!wanted.some(isMissing)) return true;
  return spawnSync('npm', ['install', '--ignore-scripts', '--omit=optional', '--legacy-peer-deps', '--no-package-lock', '--no-audit', '--no-fund'], { cwd: packagesFolder, stdio: 'inherit', timeout: 600_000 }).status === 0;
}

function read(path: string): { readonly name: string; readonly version: string } | undefined {
  if (!existsSync(path)) return undefined;
  const { name, version } = JSON.parse(readFileSync(path, 'utf8')) as { name: string; version: string };
  return { name, version };
}
