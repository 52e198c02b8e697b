// The pipeline over texts in memory, for tests: the same stages as in every host, without disk, cache or suppressions.

import { compileCatalog, type CompiledCatalog } from '../engine/catalog';
import type { FileFacts } from '../engine/facts';
import { link, type LinkedWorkspace } from '../engine/link';
import { DEFAULT_BUDGETS, DEFAULT_LIMITS, type EffectiveConfiguration } from '../engine/lint/configuration';
import type { Finding } from '../engine/lint/finding';
import type { Rule } from '../engine/lint/rule';
import { runRules } from '../engine/lint/run';
import { readFile } from '../engine/read';

export const shippedCatalog: CompiledCatalog = compileCatalog();

export async function linkFiles(files: Readonly<Record<string, string>>, catalog = shippedCatalog): Promise<LinkedWorkspace> {
  const facts: FileFacts[] = [];
  for (const [path, text] of Object.entries(files)) facts.push(...(await readFile(path, text, catalog)).facts);
  return link(facts, catalog);
}

export async function lintFiles(files: Readonly<Record<string, string>>, rules: readonly Rule[], options: Readonly<Record<string, unknown>> = {}): Promise<readonly Finding[]> {
  const configuration: EffectiveConfiguration = {
    preset: 'all',
    severities: new Map(),
    options: new Map(rules.map((rule) => [rule.id, options])),
    budgets: DEFAULT_BUDGETS,
    limits: DEFAULT_LIMITS,
    clients: [],
  };
  const result = runRules(await linkFiles(files), rules, () => configuration);
  for (const failure of result.failures) throw new Error(`${failure.rule} failed at ${failure.file ?? 'the model'}: ${failure.error}`);
  return result.findings;
}
