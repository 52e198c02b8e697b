import { describe, expect, it } from 'vitest';
import { applyEdits, type TextEdit } from '../text';
import { DEFAULT_BUDGETS, DEFAULT_LIMITS, type EffectiveConfiguration } from './configuration';
import { editsOf } from './edit';
import type { Finding } from './finding';
import { parseSuppressions, type Comment } from './parse-suppression';
import { defineRule, type Rule } from './rule';
import { makeFinding, withFingerprints } from './run';
import { applySuppressions } from './suppress';

const configuration: EffectiveConfiguration = { preset: 'recommended', severities: new Map(), options: new Map(), budgets: DEFAULT_BUDGETS, limits: DEFAULT_LIMITS, clients: [] };

/** A rule whose findings the tests make themselves. */
const rule = (id: Rule['id']): Rule =>
  defineRule({
    id,
    since: '0.1.0',
    reads: 'code',
    severity: 'warning',
    fault: 'hung',
    messages: { missing: 'found' },
    docs: { what: 'What.', why: 'Why.', fix: 'Fix.', not: 'Not.' },
    check: () => undefined,
    examples: { bad: [{ name: 'x', files: {}, expect: 'missing' }], good: [], unknown: [] },
  });

const rules = [rule('fault-tolerance/require-timeout'), rule('isolation/bound-pool-wait')];

/** Lints a text in which `TIMEOUT` and `POOL` are findings: gives what is left, what is suppressed, and the text after the first fix of each finding. */
async function lint(text: string, today?: string, silent: readonly string[] = []): Promise<{ left: string[]; suppressed: string[]; fixed: string; severities: string[] }> {
  const findings: Finding[] = [];
  for (const [word, one] of [['TIMEOUT', rules[0]], ['POOL', rules[1]]] as const) {
    for (const match of text.matchAll(new RegExp(word, 'g'))) {
      const made = one && makeFinding(one, { at: { file: 'a.ts', span: [match.index, match.index + word.length] }, message: 'missing', subject: word }, configuration);
      if (made) findings.push(made);
    }
  }
  const comments: Comment[] = [...text.matchAll(/\/\/([^\n]*)/g)].map((match) => ({ span: [match.index, match.index + match[0].length], body: match[1] ?? '' }));
  const result = applySuppressions({
    findings: withFingerprints(findings),
    suppressions: new Map([['a.ts', parseSuppressions(text, comments)]]),
    rules,
    configurationOf: () => configuration,
    textOf: () => text,
    couldSpeak: (id) => !silent.includes(id),
    today,
  });
  const edits: TextEdit[] = [];
  for (const finding of result.findings) {
    const fix = finding.fixes[0];
    if (fix) edits.push(...((await editsOf(fix, () => text))?.get('a.ts') ?? []));
  }
  return {
    left: result.findings.map(({ message }) => message),
    suppressed: result.suppressed.map(({ finding, reason }) => `${finding.rule}: ${reason}`),
    fixed: applyEdits(text, edits).text,
    severities: result.findings.map(({ severity }) => severity),
  };
}

describe('a suppression with a reason', () => {
  it('takes away the finding that it names, by full id or last part, on its line and no other', async () => {
    const result = await lint('// holdfast-disable-next-line require-timeout -- the sidecar ends it\nTIMEOUT\nTIMEOUT // holdfast-disable-line fault-tolerance/require-timeout -- measured\nPOOL TIMEOUT\n');
    expect(result.left).toEqual(['found', 'found']);
    expect(result.suppressed).toEqual(['fault-tolerance/require-timeout: the sidecar ends it', 'fault-tolerance/require-timeout: measured']);
  });

  it('covers a block, a file and several rules', async () => {
    expect((await lint('// holdfast-disable require-timeout, bound-pool-wait -- old\nTIMEOUT\nPOOL\n// holdfast-enable\nTIMEOUT\n')).left).toEqual(['found']);
    expect((await lint('POOL\n// holdfast-disable-file -- generated\nTIMEOUT\n')).left).toEqual([]);
  });

  it('holds until its end, that day included, and the finding is back the day after', async () => {
    const text = '// holdfast-disable-next-line require-timeout -- until the new client (until 2027-03-31)\nTIMEOUT\n';
    expect((await lint(text, '2027-03-31')).left).toEqual([]);
    expect((await lint(text)).left).toEqual([]);
    const after = await lint(text, '2027-04-01');
    expect(after.left).toEqual(['This suppression ended on 2027-03-31: the finding is back.', 'found']);
    expect(after.severities).toEqual(['info', 'warning']);
    expect(after.fixed).toBe('TIMEOUT\n');
  });
});

describe('a suppression that does nothing is a finding', () => {
  it('without a reason', async () => {
    const result = await lint('// holdfast-disable-next-line require-timeout\nTIMEOUT\n');
    expect(result.left).toEqual(['This comment suppresses nothing: it has no reason.', 'found']);
    expect(result.fixed).toContain('holdfast-disable-next-line');
  });

  it('where the rule finds nothing, and its removal takes the whole line or the end of it', async () => {
    const result = await lint('a\n  // holdfast-disable-next-line require-timeout -- old\nb\nc // holdfast-disable-line bound-pool-wait -- old\nd\n');
    expect(result.left).toEqual(['Nothing is suppressed here: `require-timeout` finds nothing on the next line.', 'Nothing is suppressed here: `bound-pool-wait` finds nothing on this line.']);
    expect(result.severities).toEqual(['info', 'info']);
    expect(result.fixed).toBe('a\nb\nc\nd\n');
  });

  it('for the one of two rules that finds nothing, without a fix that would take the other one too', async () => {
    const result = await lint('// holdfast-disable-next-line require-timeout, bound-pool-wait -- old\nTIMEOUT\n');
    expect(result.left).toEqual(['Nothing is suppressed here: `bound-pool-wait` finds nothing on the next line.']);
    expect(result.fixed).toContain('bound-pool-wait');
  });

  it('with a rule that does not exist, naming the nearest', async () => {
    expect((await lint('// holdfast-disable-next-line require-timeouts -- old\nTIMEOUT\n')).left).toEqual(['This comment suppresses nothing: there is no rule `require-timeouts`, the nearest is `require-timeout`.', 'found']);
    expect((await lint('// holdfast-disable-next-line no-console -- old\nb\n')).left).toEqual(['This comment suppresses nothing: there is no rule `no-console`.']);
  });

  it('below the line that it means: the fix moves it above, at that line\'s indentation', async () => {
    const result = await lint('a\n    TIMEOUT\n  // holdfast-disable-next-line require-timeout -- old\nb\n');
    expect(result.left).toEqual(['found', 'This comment suppresses nothing: it stands below the line that it means.']);
    expect(result.fixed).toBe('a\n    // holdfast-disable-next-line require-timeout -- old\n    TIMEOUT\nb\n');
  });

  it('with an end that is no date', async () => {
    expect((await lint('// holdfast-disable-next-line require-timeout -- old (until 2027-02-30)\nTIMEOUT\n', '2026-01-01')).left).toEqual(['This comment suppresses nothing: `2027-02-30` is no date.', 'found']);
  });

  it('but not where the rule could not have spoken', async () => {
    expect((await lint('// holdfast-disable-next-line require-timeout -- old\nb\n', undefined, ['fault-tolerance/require-timeout'])).left).toEqual([]);
  });

  it('and such a finding can be suppressed itself', async () => {
    expect((await lint('// holdfast-disable-file no-ineffective-suppression -- kept for the next migration\n// holdfast-disable-next-line require-timeout -- old\nb\n')).left).toEqual([]);
  });
});
