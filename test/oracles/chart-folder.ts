// Charts on disk whose dependencies are not all there: Helm renders them once those are taken out of Chart.yaml. For us they are not there either.

import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readHelm } from '../../engine/artifacts/helm/read';

/** Rewrites Chart.yaml of a folder so that it names only dependencies that lie in `charts/`. */
export function withoutMissingDependencies(folder: string): void {
  const path = join(folder, 'Chart.yaml');
  if (!existsSync(path)) return;
  const text = readFileSync(path, 'utf8');
  const { facts } = readHelm(path, text);
  if (facts.part !== 'chart') return;
  const kept = facts.dependencies.filter(({ name }) => isVendored(folder, name));
  if (kept.length === facts.dependencies.length) return;
  const lines = kept.map((one) => `  - name: ${one.name}\n    version: "*"\n    repository: ""\n${one.alias === undefined ? '' : `    alias: ${one.alias}\n`}${one.conditions.length > 0 ? `    condition: ${one.conditions.join(',')}\n` : ''}`);
  const without = text.replace(/^dependencies:[^\n]*\n(?:[ \t#-][^\n]*\n?|\n)*/m, '');
  writeFileSync(path, `${without}\n${lines.length > 0 ? `dependencies:\n${lines.join('')}` : ''}`);
  rmSync(join(folder, 'Chart.lock'), { force: true });
}

function isVendored(folder: string, name: string): boolean {
  const charts = join(folder, 'charts');
  if (!existsSync(charts)) return false;
  return readdirSync(charts).some((entry) => entry.endsWith('.tgz') ? entry.startsWith(`${name}-`) : existsSync(join(charts, entry, 'Chart.yaml')) && new RegExp(`^name:\\s*["']?${name}["']?\\s*$`, 'm').test(readFileSync(join(charts, entry, 'Chart.yaml'), 'utf8')));
}
