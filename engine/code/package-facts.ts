// What package.json, lock files and tsconfig.json say: versions, entry points, path aliases.

import type { Entries } from './package-entries';

export type PackageFacts = { readonly kind: 'package'; readonly path: string } & (
  | { readonly source: 'manifest'; readonly name?: string; readonly scripts: Readonly<Record<string, string>>; readonly hasBin: boolean; readonly bin?: readonly string[]; readonly isModule: boolean; readonly dependencies: Readonly<Record<string, string>>; readonly workspaces: readonly string[]; readonly engineNode?: string; readonly main?: string; /** Where nothing else names an entry. */ readonly types?: string; readonly exports?: Entries; readonly imports?: Entries }
  /** Exact versions of the packages at the top of node_modules; `folder` -> versions for nested workspaces. */
  | { readonly source: 'lock'; readonly versions: Readonly<Record<string, string>>; readonly nested?: Readonly<Record<string, Readonly<Record<string, string>>>> }
  | { readonly source: 'tsconfig'; readonly baseUrl?: string; readonly paths: Readonly<Record<string, readonly string[]>>; readonly extends?: string; readonly outDir?: string; readonly rootDir?: string }
);
