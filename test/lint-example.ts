// Lints the files of a rule's example through a whole workspace in memory: cache, configuration and suppressions included.

import type { FactsCache, FileEntry, Host } from '../engine/host';
import type { Finding } from '../engine/lint/finding';
import type { ExampleFiles, Rule } from '../engine/lint/rule';
import { suppressionRule } from '../engine/lint/suppression-rule';
import { createWorkspace, type Workspace, type WorkspaceOptions } from '../engine/workspace';
import { rules } from '../rules/index';
import { lintFiles } from './lint-files';

/** A host over texts; `files` may be changed between two runs, and `reads` counts what was read. */
export function memoryHost(files: Record<string, string>): Host & { readonly reads: string[] } {
  const reads: string[] = [];
  const entryOf = (path: string): FileEntry | undefined => {
    const text = files[path];
    return text === undefined ? undefined : { path, size: text.length, stamp: `${text.length}-${checksum(text)}` };
  };
  return {
    reads,
    list: async (_paths, accepts) => ({ files: Object.keys(files).sort().filter(accepts).flatMap((path) => entryOf(path) ?? []), problems: [] }),
    read({ path }) {
      reads.push(path);
      const text = files[path];
      return text === undefined ? { kind: 'problem', because: 'it is no longer there' } : { kind: 'text', text, hash: checksum(text) };
    },
    stat: entryOf,
  };
}

/** A cache in memory. */
export function memoryCache(): FactsCache & { readonly values: Map<string, string> } {
  const values = new Map<string, string>();
  return { values, get: (key) => values.get(key), set: (key, value) => void values.set(key, value), flush: () => undefined };
}

/** A workspace over texts, with all rules unless others are given. */
export function workspaceOf(files: Record<string, string>, more: Partial<WorkspaceOptions> = {}): Workspace {
  return createWorkspace({ host: memoryHost(files), rules, ...more });
}

/** Findings of one rule in the files of one of its examples, in the order of the files. */
export async function lintExample(rule: Rule, files: ExampleFiles, options: Readonly<Record<string, unknown>> = {}): Promise<readonly Finding[]> {
  if (rule.id !== suppressionRule.id) return lintFiles(files, [rule], options);
  const result = await workspaceOf({ ...files }, { today: '2026-01-01' }).lint();
  return result.findings.filter((finding) => finding.rule === rule.id);
}

function checksum(text: string): string {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return String(hash);
}
