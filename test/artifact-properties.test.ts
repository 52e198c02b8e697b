// Infrastructure files in another hand: no line end at the end, four spaces, a comment behind every line. What a rule finds and what a fix repairs must not depend on them.

import { describe, expect, it } from 'vitest';
import { editsOf } from '../engine/lint/edit';
import { countSyntaxErrors } from '../engine/lint/syntax-errors';
import type { Rule } from '../engine/lint/rule';
import { applyEdits } from '../engine/text';
import { rules } from '../rules/index';
import { lintFiles } from './lint-files';
import { isCode } from './mutations';

type Files = Readonly<Record<string, string>>;

const isYaml = (path: string): boolean => /\.ya?ml$/.test(path);

/** Texts of block scalars and templates have their own say about spaces and `#`. */
const isPlainYaml = (path: string, text: string): boolean => isYaml(path) && !/[|>][-+]?\s*$|\{\{|"[^"\n]*$|\\$/m.test(text);

const hands: Readonly<Record<string, (path: string, text: string) => string>> = {
  'without a line end at the end': (path, text) => (/Caddyfile$/.test(path) ? text : text.replace(/\n+$/, '')),
  'with four spaces': (path, text) => (isPlainYaml(path, text) ? text.replace(/^(?: {2})+/gm, (spaces) => spaces.repeat(2)).replace(/^( *)- (?=\S+:)/gm, '$1-   ') : text),
  'with comments behind its lines': (path, text) => (isPlainYaml(path, text) ? text.replace(/(?<=[^\s#])$/gm, ' # see the runbook').replace(/^(---|\.\.\.) # see the runbook$/gm, '$1') : text),
};

for (const rule of rules.filter(({ reads }) => reads !== 'code')) {
  describe(rule.id, () => {
    for (const [hand, write] of Object.entries(hands)) {
      it(`is found and repaired ${hand}`, async () => {
        for (const example of rule.examples.bad.filter(({ files }) => !Object.keys(files).some(isCode))) {
          const plain = Object.fromEntries(Object.entries(example.files).map(([path, text]) => [path, text.replace(/[«»]/g, '')]));
          const files = Object.fromEntries(Object.entries(plain).map(([path, text]) => [path, write(path, text)]));
          await check(rule, plain, files, example);
        }
      });
    }
  });
}

async function check(rule: Rule, plain: Files, files: Files, { name, options }: { readonly name: string; readonly options?: Readonly<Record<string, unknown>> }): Promise<void> {
  const expected = (await lintFiles(plain, [rule], options)).map(({ messageId }) => messageId);
  const findings = await lintFiles(files, [rule], options);
  expect(findings.map(({ messageId }) => messageId), name).toEqual(expected);
  for (const finding of findings) {
    for (const fix of finding.fixes) {
      const edits = await editsOf(fix, (path) => files[path]);
      expect(edits, `${name}: the writer makes edits for: ${fix.title}`).toBeDefined();
      const fixed: Record<string, string> = { ...files };
      for (const [path, list] of edits ?? []) {
        const text = applyEdits(files[path] ?? '', list).text;
        fixed[path] = text;
        expect(await countSyntaxErrors(path, text), `${name}, ${fix.title}: ${path} parses\n${text}`).toBeLessThanOrEqual(await countSyntaxErrors(path, files[path] ?? ''));
      }
      if (fix.safety === 'by-hand') continue;
      const after = await lintFiles(fixed, [rule], options);
      expect(after.filter(({ subject, messageId, at }) => subject === finding.subject && messageId === finding.messageId && at.file === finding.at.file).length, `${name}, ${fix.title}: the finding is gone\n${fixed[finding.at.file] ?? ''}`)
        .toBeLessThan(findings.filter(({ subject, messageId, at }) => subject === finding.subject && messageId === finding.messageId && at.file === finding.at.file).length);
    }
  }
}
