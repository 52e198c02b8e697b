// What holds for every rule: its id is its path, its texts keep to the words we use, its options are described, its examples show each message.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { BadExample, Message, OptionSchema, Rule } from '../engine/lint/rule';
import { parseDuration } from '../engine/duration';
import { suppressionRule, withSuppressionRule } from '../engine/lint/suppression-rule';
import { rules } from '../rules/index';

const root = join(import.meta.dirname, '..');

/** Words that no text uses. */
const NOWHERE = [
  'issues?', 'violations?', 'smells?', 'vulnerabilit(y|ies)', 'dangerous', 'critical', 'simply', 'just', 'please', 'should', 'consider', 'oops', 'best practices?', 'robust', 'seamless', 'not compliant',
  'infinite', 'microservices?', 'blacklist', 'whitelist', 'slave',
];
/** Words that messages and fix titles do not use either: they say what happens, not what we think of it. */
const NOT_IN_MESSAGES = [...NOWHERE, 'bad', 'wrong', 'may', 'might', 'potentially', 'we', 'you', 'your'];
const wordsOf = (words: readonly string[]): RegExp => new RegExp(`\\b(${words.join('|')})\\b|!(?!=)`, 'i');
const NEVER = wordsOf(NOWHERE);
const NEVER_IN_MESSAGES = wordsOf(NOT_IN_MESSAGES);

/** A text without what stands in backticks: names are the user's, not ours. */
const prose = (text: string): string => text.replace(/`[^`]*`/g, '');

const messagesOf = (rule: Rule): [string, Message][] => Object.entries<Message | string>(rule.messages).map(([id, message]) => [id, typeof message === 'string' ? { text: message } : message]);
const expectedOf = (example: BadExample<string>): readonly string[] => (typeof example.expect === 'string' ? [example.expect] : example.expect);

it('every file of a rule is in the list, once, and no id or last part is used twice', () => {
  const files = readdirSync(join(root, 'rules'), { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/')).filter((path) => /^[a-z-]+\/[a-z-]+\.ts$/.test(path) && !path.endsWith('.test.ts'));
  const ids = rules.map((rule) => rule.id);
  expect(files.filter((path) => /\/(require|no|bound)-/.test(path) || path.startsWith('impact/')).map((path) => path.slice(0, -3)).sort()).toEqual([...ids].sort());
  const last = withSuppressionRule(rules).map((rule) => rule.id.slice(rule.id.indexOf('/') + 1));
  expect(last.filter((name, index) => last.indexOf(name) !== index)).toEqual([]);
});

for (const rule of withSuppressionRule(rules)) {
  describe(rule.id, () => {
    it('is named by its path, in one of the three shapes', () => {
      if (rule !== suppressionRule) expect(existsSync(join(root, 'rules', `${rule.id}.ts`))).toBe(true);
      expect(rule.id).toMatch(/^(impact\/[a-z]+(-[a-z]+)*|[a-z]+(-[a-z]+)*\/(require|no|bound)(-[a-z]+)+)$/);
      expect(rule.since).toMatch(/^\d+\.\d+\.\d+$/);
    });

    it('has messages of at most two sentences, in our words', () => {
      for (const [id, { text }] of messagesOf(rule)) {
        expect(text.length, text).toBeLessThanOrEqual(160);
        expect(prose(text).match(/[.?](\s|$)/g)?.length ?? 0, `${id} has one or two sentences`).toSatisfy((count: number) => count >= 1 && count <= 2);
        expect(NEVER_IN_MESSAGES.exec(prose(text))?.[0], text).toBeUndefined();
      }
    });

    it('says what, why, how to repair and when it is silent', () => {
      for (const text of [rule.docs.what, rule.docs.why, rule.docs.fix, rule.docs.not]) {
        expect(text).toMatch(/^\S.*[.`:]$/s);
        expect(text.length).toBeGreaterThan(20);
        expect(NEVER.exec(prose(text))?.[0], text).toBeUndefined();
      }
    });

    it('describes its options, with defaults of their type', () => {
      for (const [name, option] of Object.entries<OptionSchema>(rule.options ?? {})) {
        expect(name).toMatch(/^[a-z][A-Za-z]*$/);
        expect(option.describe, name).toMatch(/^[A-Z].*\.$/);
        expect(NEVER.exec(prose(option.describe))?.[0], name).toBeUndefined();
        if (option.type === 'duration') expect(parseDuration(option.default), name).toBeGreaterThan(0);
      }
    });

    it('has a found, a good and an unknown example, each with a name of its own', () => {
      const { bad, good, unknown } = rule.examples;
      expect([bad.length, good.length, unknown.length].every((count) => count > 0)).toBe(true);
      const names = [...bad, ...good, ...unknown].map((example) => example.name);
      expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    });

    it('shows every message in an example, and expects only messages that it has', () => {
      const shown = new Set(rule.examples.bad.flatMap(expectedOf));
      expect([...shown].sort()).toEqual(messagesOf(rule).map(([id]) => id).sort());
    });

    it('has a page', () => {
      expect(existsSync(join(root, 'docs', 'rules', `${rule.id}.md`)), 'npm run generate writes it').toBe(true);
    });
  });
}
