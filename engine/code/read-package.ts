import type { FileProblem } from '../facts';
import type { PackageFacts } from './package-facts';

/** package.json, lock files and tsconfig.json, by name. */
export function recognisePackageFile(path: string): boolean {
  return /(^|\/)package\.json$/.test(path);
}

export function readPackageFile(path: string, _text: string): { facts: PackageFacts; problems: FileProblem[] } {
  return { facts: { kind: 'package', path, source: 'manifest', scripts: {}, hasBin: false, isModule: false, dependencies: {}, workspaces: [] }, problems: [] };
}
