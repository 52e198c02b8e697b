// What holds for every rule and every example, however it is written: findings do not depend on the hand, a fixed file parses and has its finding no more, nothing new appears,
// comments survive, and inserted text follows the file. `RUNS=50 SEED=7 npx vitest run test/fix-properties.test.ts` looks further than the few runs of every day.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editsOf } from '../engine/lint/edit';
import type { Finding } from '../engine/lint/finding';
import type { Fix } from '../engine/lint/fix';
import type { ExampleFiles, Rule } from '../engine/lint/rule';
import { applyEdits, type TextEdit } from '../engine/text';
import { rules } from '../rules/index';
import { lintFiles } from './lint-files';
import { COMMENT, isCode, mutations, parses } from './mutations';

const runs = Number(process.env['RUNS'] ?? 5);
const seed = Number(process.env['SEED'] ?? 1);

// Rules about infrastructure have examples in code too: stacks of CDK, Pulumi and cdktf.
const inCode = ({ files }: { readonly files: ExampleFiles }): boolean => Object.keys(files).some(isCode);

for (const rule of rules.filter(({ reads, examples }) => reads === 'code' || examples.bad.some(inCode))) {
  describe(rule.id, () => {
    for (const example of rule.examples.bad.filter((one) => rule.reads === 'code' || inCode(one))) {
      it(`found and repaired in any hand: ${example.name}`, () =>
        inAnyHand(example.files, async (files) => {
          const expected = typeof example.expect === 'string' ? [example.expect] : [...example.expect];
          const findings = await lintFiles(files, [rule], example.options);
          expect(findings.map(({ messageId }) => messageId).sort()).toEqual(expected.sort());
          for (const finding of findings) for (const fix of finding.fixes) await checkFix(rule, files, finding, fix, example.options);
        }));
    }
    for (const example of [...rule.examples.good, ...rule.examples.unknown].filter((one) => rule.reads === 'code' || inCode(one))) {
      it(`silent in any hand: ${example.name}`, () =>
        inAnyHand(example.files, async (files) => expect((await lintFiles(files, [rule], example.options)).map(({ at, message }) => `${at.file}: ${message}`)).toEqual([])));
    }
  });
}

async function inAnyHand(files: ExampleFiles, check: (files: Readonly<Record<string, string>>) => Promise<void>): Promise<void> {
  const names = Object.keys(mutations);
  await fc.assert(
    fc.asyncProperty(fc.subarray(names, { minLength: 1 }), fc.infiniteStream(fc.nat()), async (chosen, numbers) => {
      const pick = (bound: number): number => numbers.next().value % bound;
      const mutated: Record<string, string> = {};
      for (const [path, text] of Object.entries(files)) {
        mutated[path] = isCode(path) ? chosen.reduce((now, name) => mutations[name]?.(path, now, pick) ?? now, text.replace(/[«»]/g, '')) : text.replace(/[«»]/g, '');
      }
      await check(mutated);
    }),
    { numRuns: runs, seed },
  );
}

// A comment goes only with the statement that it stands above, inside of what a fix replaces.
function commentsThatGo(was: string, text: string, edits: readonly TextEdit[]): number {
  let count = 0;
  for (let at = was.indexOf(COMMENT); at >= 0; at = was.indexOf(COMMENT, at + 1)) {
    const statement = was.slice(at).split('\n')[1]?.trim().replace(/;$/, '') ?? '';
    const isReplaced = edits.some(({ span }) => span[0] < at && at < span[1]);
    if (isReplaced && text.split(statement).length < was.split(statement).length) count++;
  }
  return count;
}

async function checkFix(rule: Rule, files: Readonly<Record<string, string>>, finding: Finding, fix: Fix, options: Readonly<Record<string, unknown>> | undefined): Promise<void> {
  const edits = await editsOf(fix, (file) => files[file]);
  expect(edits, `the writer makes edits for: ${fix.title}`).toBeDefined();
  const fixed: Record<string, string> = { ...files };
  for (const [file, list] of edits ?? []) fixed[file] = applyEdits(files[file] ?? '', list).text;
  for (const path of edits?.keys() ?? []) {
    const [text, was] = [fixed[path] ?? '', files[path] ?? ''];
    expect(text, `${fix.title} changes ${path}`).not.toBe(was);
    if (!isCode(path)) continue;
    expect(parses(path, text), `${fix.title}: the file parses\n${text}`).toBe(true);
    expect(text.split(COMMENT).length, `${fix.title}: comments survive\n${text}`).toBe(was.split(COMMENT).length - commentsThatGo(was, text, edits?.get(path) ?? []));
    if (was.includes('\r\n')) expect(/[^\r]\n/.test(text), `${fix.title}: line ends\n${text}`).toBe(false);
    if (/^\t/m.test(was) && !/^ {2}/m.test(was)) expect(/^ {2,}\S/m.test(text), `${fix.title}: tabs\n${text}`).toBe(false);
    if (was.includes('\n') && !/;\r?$/m.test(was)) expect(/;\r?$/m.test(text), `${fix.title}: no semicolons\n${text}`).toBe(false);
  }
  if (fix.safety === 'by-hand') return;
  const after = await lintFiles(fixed, [rule], options);
  expect(after.filter(({ subject, at }) => subject === finding.subject && at.file === finding.at.file).length, `${fix.title}: the finding is gone\n${fixed[finding.at.file] ?? ''}`).toBeLessThan(
    (await lintFiles(files, [rule], options)).filter(({ subject, at }) => subject === finding.subject && at.file === finding.at.file).length,
  );
}
