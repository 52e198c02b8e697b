// The examples of every rule are its tests: bad ones are found at their mark, good and unknown ones are silent, fixes repair what they promise.

import { describe, expect, it } from 'vitest';
import { editsOf } from '../engine/lint/edit';
import type { Finding } from '../engine/lint/finding';
import type { BadExample, ExampleFiles, Rule, SilentExample } from '../engine/lint/rule';
import { applyEdits } from '../engine/text';
import { rules } from '../rules/index';
import { lintFiles } from './lint-files';

for (const rule of rules) {
  describe(rule.id, () => {
    for (const example of rule.examples.bad) it(`bad: ${example.name}`, () => checkBad(rule, example));
    for (const example of rule.examples.good) it(`good: ${example.name}`, () => checkSilent(rule, example));
    for (const example of rule.examples.unknown) it(`unknown: ${example.name}`, () => checkSilent(rule, example));
  });
}

async function checkBad(rule: Rule, example: BadExample<string>): Promise<void> {
  const { files, marks } = unmark(example.files);
  const findings = await lintFiles(files, [rule], example.options);
  const expected = typeof example.expect === 'string' ? [example.expect] : example.expect;
  expect(findings.map((finding) => finding.messageId), findings.map((finding) => finding.message).join('\n')).toEqual(expected);
  for (const finding of findings) expect(finding.message, 'a message is at most 160 characters').toSatisfy((text: string) => text.length <= 160 && !/\{\w+\}/.test(text));
  if (marks.length > 0) expect(findings.map(({ at }) => `${at.file}: ${files[at.file]?.slice(...at.span)}`)).toEqual(marks);
  if (example.fixed) await checkFixed(rule, files, findings, example);
}

async function checkFixed(rule: Rule, files: ExampleFiles, findings: readonly Finding[], example: BadExample<string>): Promise<void> {
  const fixed = await applyFirstFixes(files, findings);
  for (const [path, text] of Object.entries(example.fixed ?? {})) expect(fixed[path]).toBe(text);
  const before = (await lintFiles(files, rules, {})).map(keyOf);
  const after = (await lintFiles(fixed, rules, {})).filter((finding) => finding.severity !== 'advice');
  expect(after.filter((finding) => finding.rule === rule.id && finding.fixes.some((fix) => fix.safety !== 'by-hand')).map((finding) => finding.message), 'the finding is gone').toEqual([]);
  expect(after.map(keyOf).filter((key) => !before.includes(key)), 'nothing new appears').toEqual([]);
}

function keyOf(finding: Finding): string {
  return `${finding.rule} ${finding.at.file} ${finding.subject}`;
}

async function applyFirstFixes(files: ExampleFiles, findings: readonly Finding[]): Promise<Record<string, string>> {
  const result: Record<string, string> = { ...files };
  const edits = new Map<string, import('../engine/text').TextEdit[]>();
  for (const finding of findings) {
    const fix = finding.fixes[0];
    if (!fix) continue;
    expect(fix.title.length, fix.title).toBeLessThanOrEqual(60);
    const made = await editsOf(fix, (file) => files[file]);
    expect(made, `the writer makes edits for: ${fix.title}`).toBeDefined();
    for (const [file, list] of made ?? []) edits.set(file, [...(edits.get(file) ?? []), ...list]);
  }
  for (const [file, list] of edits) result[file] = applyEdits(result[file] ?? '', list).text;
  return result;
}

async function checkSilent(rule: Rule, example: SilentExample): Promise<void> {
  const findings = await lintFiles(example.files, [rule], example.options);
  expect(findings.map((finding) => `${finding.at.file}:${finding.at.span[0]} ${finding.message}`)).toEqual([]);
}

/** Takes the `«…»` marks out of the files and gives the marked texts in order. */
function unmark(files: ExampleFiles): { files: Record<string, string>; marks: string[] } {
  const plain: Record<string, string> = {};
  const marks: string[] = [];
  for (const path of Object.keys(files).sort()) {
    const text = files[path] ?? '';
    for (const match of text.matchAll(/«([^»]*)»/g)) marks.push(`${path}: ${match[1] ?? ''}`);
    plain[path] = text.replace(/[«»]/g, '');
  }
  return { files: plain, marks };
}
