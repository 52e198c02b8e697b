// Which files of the project each file brings in at run time: the edges of the graph that rules find programs in.

import type { CodeFacts } from './facts';
import type { ModuleResolver } from './modules';

/** Paths of the files that a file imports, types left out. Linear in its imports. */
export function importedFiles(file: CodeFacts, resolveModule: ModuleResolver): readonly string[] {
  const found = new Set<string>();
  for (const { module, isTypeOnly } of file.imports) {
    const target = isTypeOnly ? undefined : resolveModule(file.path, module);
    if (target !== undefined && target !== file.path) found.add(target);
  }
  return [...found];
}
