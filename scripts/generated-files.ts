// The files that are generated and committed, as path -> text.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { peersMeasuredPage, type Judgement, type Results as PeerResults } from '../bench/peers/page';
import peerResults from '../bench/peers/results.json';
import catalog from '../catalog/generated/catalog.json';
import type { Catalog } from '../catalog/schema';
import { configurationSchema } from '../engine/lint/configuration-schema';
import { withSuppressionRule } from '../engine/lint/suppression-rule';
import { rules } from '../rules/index';
import { lintExample } from '../test/lint-example';
import results from '../verify/results.json';
import { configurationPage } from './configuration-docs';
import { coveragePage } from './coverage-docs';
import { measuredPage, type Results } from '../verify/page';
import { formatsPage } from './formats-docs';
import { peerChecks } from './peer-checks';
import { peersPage } from './peer-docs';
import { readme } from './readme';
import { rulePage, rulesIndex, type LintExample } from './rule-docs';

/** Texts of all generated files that are committed; the compiled catalogue is not. */
export async function generatedFiles(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  const all = withSuppressionRule(rules);
  const schema = configurationSchema(all);
  files.set('holdfast.schema.json', `${JSON.stringify(schema, null, 2)}\n`);
  files.set('docs/configuration.md', configurationPage(schema));
  files.set('docs/coverage.md', coveragePage(catalog as unknown as Catalog));
  files.set('docs/formats.md', formatsPage(all));
  files.set('docs/rules/index.md', rulesIndex(all));
  files.set('docs/measured.md', measuredPage(results as Results, (catalog as unknown as Catalog).libraries));
  files.set('docs/peers.md', peersPage(peerChecks(), (id) => rules.some((rule) => rule.id === id)));
  const judgements = parse(readFileSync(join(import.meta.dirname, '..', 'bench', 'peers', 'judgements.yaml'), 'utf8')) as readonly Judgement[];
  files.set('docs/peers-measured.md', peersMeasuredPage(peerResults as PeerResults, judgements));
  files.set('README.md', await readme(rules));
  for (const rule of all) files.set(`docs/rules/${rule.id}.md`, await rulePage(rule, catalog as unknown as Catalog, lintCalmly));
  return files;
}

/** A rule that throws on its own example fails its tests; its page is still made, without what would be found. */
const lintCalmly: LintExample = async (rule, files, options) => {
  try {
    return await lintExample(rule, files, options);
  } catch {
    return [];
  }
};
