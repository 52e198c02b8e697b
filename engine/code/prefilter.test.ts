import { describe, expect, it } from 'vitest';
import { shippedCatalog } from '../../test/lint-files';
import { rules } from '../../rules/index';
import { link } from '../link';
import { DEFAULT_BUDGETS, DEFAULT_LIMITS } from '../lint/configuration';
import { runRules } from '../lint/run';
import { kindOfPath, readFile } from '../read';
import type { FileFacts } from '../facts';
import { compilePrefilter } from './prefilter';

const mayHoldFacts = compilePrefilter(shippedCatalog);

describe('the prefilter', () => {
  it('lets through what can matter', () => {
    for (const text of ["import pg from 'pg'", "const { Pool } = require('pg')", "import 'node:http'", 'fetch(u)', 'export const T = 5;', "export * from './x';", 'module.exports = {}', "import { a } from './a'; function f() { return a(); }", "import x from '@aws-sdk/client-s3'", "process.on('SIGTERM', stop)", "import type { Orders } from './orders';\nexport interface Stores {\n  orders: Orders;\n}\n"]) {
      expect(mayHoldFacts(text), text).toBe(true);
    }
  });

  it('leaves out types and plain functions without imports', () => {
    expect(mayHoldFacts("import type { A } from './a';\nexport interface B extends A { x: number }\n")).toBe(false);
    expect(mayHoldFacts('export function add(a: number, b: number) { return a + b; }')).toBe(false);
  });

  it('changes no finding of any example', async () => {
    const configuration = { preset: 'all' as const, severities: new Map(), options: new Map(), budgets: DEFAULT_BUDGETS, limits: DEFAULT_LIMITS, clients: [] };
    const findingsOf = async (files: Readonly<Record<string, string>>, filtered: boolean): Promise<string[]> => {
      const facts: FileFacts[] = [];
      for (const [path, marked] of Object.entries(files)) {
        const text = marked.replace(/[«»]/g, '');
        if (filtered && kindOfPath(path) === 'code' && !mayHoldFacts(text)) continue;
        facts.push(...(await readFile(path, text, shippedCatalog)).facts);
      }
      return runRules(link(facts, shippedCatalog), rules, () => configuration).findings.map((finding) => `${finding.at.file} ${finding.at.span[0]} ${finding.message}`);
    };
    for (const rule of rules) {
      for (const example of [...rule.examples.bad, ...rule.examples.good, ...rule.examples.unknown]) {
        if (!Object.keys(example.files).some((path) => kindOfPath(path) === 'code')) continue;
        expect(await findingsOf(example.files, true), `${rule.id}: ${example.name}`).toEqual(await findingsOf(example.files, false));
      }
    }
  }, 120_000);

  it('is linear in the text', () => {
    const long = `${'import '.repeat(20_000)}${"'".repeat(50_000)}${'require('.repeat(20_000)}interface A ${'\n \t'.repeat(20_000)}${'a.'.repeat(20_000)}`;
    expect(mayHoldFacts(long)).toBe(false);
  });
});
