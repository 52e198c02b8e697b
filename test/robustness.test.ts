// Properties over the examples of all rules: fixes converge and break nothing, results depend on nothing but the texts, and no mutilated file makes anything fail.

import { describe, expect, it } from 'vitest';
import { link } from '../engine/link';
import { editsOf } from '../engine/lint/edit';
import type { Finding } from '../engine/lint/finding';
import type { ExampleFiles, Rule } from '../engine/lint/rule';
import { runRules } from '../engine/lint/run';
import { withSuppressionRule } from '../engine/lint/suppression-rule';
import { countSyntaxErrors } from '../engine/lint/syntax-errors';
import { applyEdits } from '../engine/text';
import { readFile } from '../engine/read';
import type { FileFacts } from '../engine/facts';
import type { LintResult } from '../engine/workspace';
import { rules } from '../rules/index';
import { memoryCache, workspaceOf } from './lint-example';
import { shippedCatalog } from './lint-files';

const plain = (files: ExampleFiles): Record<string, string> => Object.fromEntries(Object.entries(files).map(([path, text]) => [path, text.replace(/[«»]/g, '')]));
const PRESET_ALL = { 'holdfast.yaml': 'extends: all\n' };

/** All example files of all rules in one workspace, each example in a folder of its own. */
const everything: Record<string, string> = { ...PRESET_ALL };
for (const rule of withSuppressionRule(rules)) {
  const { bad, good, unknown } = rule.examples;
  [...bad, ...good, ...unknown].forEach((example, index) => {
    for (const [path, text] of Object.entries(plain(example.files))) everything[`${rule.id}/${index}/${path}`] = text;
  });
}

/** What a person sees of a run, without times and counts. */
const seen = (result: LintResult): unknown => ({ findings: result.findings, suppressed: result.suppressed, problems: result.problems, failures: result.failures });

describe('results depend on the texts alone', () => {
  it('are the same with and without a cache, filled or empty', async () => {
    const cache = memoryCache();
    const without = await workspaceOf({ ...everything }).lint();
    expect(without.failures).toEqual([]);
    expect(without.findings.length).toBeGreaterThanOrEqual(rules.length);
    expect(seen(await workspaceOf({ ...everything }, { cache }).lint())).toEqual(seen(without));
    const warm = await workspaceOf({ ...everything }, { cache }).lint();
    expect(seen(warm)).toEqual(seen(without));
    expect(warm.statistics.cachedFiles).toBeGreaterThan(0);
  });

  it('are the same whether or not the prefilter spares files the parser', async () => {
    const filtered = await workspaceOf({ ...everything }).lint();
    expect(seen(await workspaceOf({ ...everything }, { usesPrefilter: false }).lint())).toEqual(seen(filtered));
  });

  it('are the same in any order of the files, and facts are plain data', async () => {
    const facts: FileFacts[] = [];
    for (const [path, text] of Object.entries(everything)) facts.push(...(await readFile(path, text, shippedCatalog)).facts);
    expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
    const workspace = workspaceOf({ ...PRESET_ALL });
    await workspace.lint();
    const run = (list: readonly FileFacts[]): readonly Finding[] => runRules(link(list, shippedCatalog), rules, workspace.configurationOf).findings;
    const forward = run(facts);
    expect(run([...facts].reverse())).toEqual(forward);
    expect(run([...facts.filter((_, index) => index % 3 === 1), ...facts.filter((_, index) => index % 3 !== 1)])).toEqual(forward);
  });
});

for (const rule of rules) {
  describe(rule.id, () => {
    it('has fixes that converge: the file parses, nothing else changes, and a second run changes nothing', async () => {
      for (const example of rule.examples.bad) {
        const files = plain(example.files);
        const found = await findingsOf(files, rule);
        for (const finding of found) await expectSmall(files, finding);
        const fixed = await fix(files, rule, found);
        expect(await findingsIn(fixed, rule).then((left) => fix(fixed, rule, left)), `${example.name}, fixed twice`).toEqual(fixed);
        for (const [path, text] of Object.entries(fixed)) expect(await countSyntaxErrors(path, text), `${example.name}: ${path}\n${text}`).toBeLessThanOrEqual(await countSyntaxErrors(path, files[path] ?? ''));
      }
    });

    it('finds and repairs the same in files with Windows line ends, and keeps those', async () => {
      for (const example of rule.examples.bad) {
        const files = plain(example.files);
        const windows = Object.fromEntries(Object.entries(files).map(([path, text]) => [path, text.replace(/\r?\n/g, '\r\n')]));
        const found = await findingsOf(windows, rule);
        expect(found.map((finding) => finding.messageId), example.name).toEqual((await findingsOf(files, rule)).map((finding) => finding.messageId));
        for (const [path, text] of Object.entries(await fix(windows, rule, found))) expect(text.replaceAll('\r\n', ''), `${example.name}: ${path}`).not.toMatch(/[\r\n]/);
      }
    });

    it('fails on no part of a file: cut at each tenth, or with any line gone', async () => {
      const files: Record<string, string> = { ...PRESET_ALL };
      rule.examples.bad.forEach((example, index) => {
        for (const [path, text] of Object.entries(plain(example.files))) {
          parts(text).forEach((part, number) => (files[`${index}/${number}/${path}`] = part));
        }
      });
      const result = await workspaceOf(files).lint();
      expect(result.failures).toEqual([]);
    });
  });
}

const findingsOf = async (files: ExampleFiles, rule: Rule): Promise<readonly Finding[]> => findingsIn({ ...files }, rule);
const findingsIn = async (files: Record<string, string>, rule: Rule): Promise<readonly Finding[]> => (await workspaceOf({ ...PRESET_ALL, ...files }).lint()).findings.filter((finding) => finding.rule === rule.id);

async function fix(files: Record<string, string>, rule: Rule, findings: readonly Finding[]): Promise<Record<string, string>> {
  const fixed = await workspaceOf({ ...PRESET_ALL, ...files }).fixAll(findings, (finding, candidate) => finding.rule === rule.id && candidate.safety !== 'by-hand');
  expect(fixed.dropped.map((dropped) => dropped.fix.title), 'no fix breaks its file').toEqual([]);
  return { ...files, ...Object.fromEntries([...fixed.files].map(([path, { after }]) => [path, after])) };
}

/** Every offered fix can be written, and its edits stay near what they change. */
async function expectSmall(files: Record<string, string>, finding: Finding): Promise<void> {
  for (const candidate of finding.fixes) {
    expect(candidate.title.length, candidate.title).toBeLessThanOrEqual(60);
    const edits = await editsOf(candidate, (path) => files[path]);
    expect(edits, `the writer makes edits for: ${candidate.title}`).toBeDefined();
    for (const [path, list] of edits ?? []) {
      const text = files[path] ?? '';
      expect(list.every(({ span }) => span[0] >= 0 && span[0] <= span[1] && span[1] <= text.length)).toBe(true);
      expect(applyEdits(text, list).left, `edits of one fix overlap: ${candidate.title}`).toEqual([]);
      const replaced = list.reduce((sum, { span }) => sum + span[1] - span[0], 0);
      if (text.length > 400) expect(replaced, `${candidate.title} rewrites the file`).toBeLessThan(text.length / 2);
    }
  }
}

function parts(text: string): string[] {
  const lines = text.split('\n');
  const tenths = Array.from({ length: 10 }, (_, index) => text.slice(0, Math.floor((text.length * index) / 10)));
  return [...tenths, ...lines.map((_, index) => lines.filter((__, other) => other !== index).join('\n'))];
}
