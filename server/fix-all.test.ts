import { describe, expect, it } from 'vitest';
import type { Finding } from '../engine/lint/finding';
import type { Safety } from '../engine/lint/fix';
import { applyEdits } from '../engine/text';
import { editsBetween, fixesOnly, isFixedBy } from './fix-all';

function finding(safety: Safety, file = 'a.ts'): Finding {
  return {
    rule: 'monitoring/require-readiness-probe',
    messageId: 'missing',
    severity: 'warning',
    message: '',
    at: { file: 'a.ts', span: [0, 1] },
    related: [],
    more: [],
    moreNoun: 'places',
    fixes: [{ title: 'x', safety, operations: [{ language: 'code', file, kind: 'replace', span: [0, 1], text: '' }] }],
    subject: '',
    fingerprint: '',
  };
}

describe('fix-all', () => {
  it('takes safe fixes, unsafe ones only when asked, and never what a person has to decide', () => {
    const takes = (kind: 'safe' | 'unsafe'): boolean[] => (['safe', 'unsafe', 'by-hand'] as const).map((safety) => isFixedBy(finding(safety), { kind }));
    expect(takes('safe')).toEqual([true, false, false]);
    expect(takes('unsafe')).toEqual([true, true, false]);
  });

  it('leaves a fix alone that edits another file', () => {
    expect(isFixedBy(finding('safe', 'b.ts'), { kind: 'safe' })).toBe(false);
  });

  it('keeps to one rule or to some principles where they are named', () => {
    expect(isFixedBy(finding('safe'), { kind: 'safe', rule: 'x/y' })).toBe(false);
    expect(isFixedBy(finding('safe'), { kind: 'safe', principles: ['redundancy'] })).toBe(false);
    expect(isFixedBy(finding('safe'), { kind: 'safe', principles: ['monitoring'] })).toBe(true);
  });

  it('a scope that comes back from a client is checked', () => {
    expect(fixesOnly({ kind: 'safe', rule: 'a/b', principles: ['x', 7] })).toEqual({ kind: 'safe', rule: 'a/b', principles: ['x'] });
    expect(fixesOnly({ kind: 'everything' })).toBeUndefined();
    expect(fixesOnly(null)).toBeUndefined();
  });
});

describe('edits between two texts', () => {
  it.each([
    ['a\nb\nc\n', 'a\nx\nc\n'],
    ['a\n', ''],
    ['', 'a\n'],
    ['a\nb\n', 'a\nnew\nb\nend'],
    ['a\r\nb\r\n', 'a\r\nb: 1\r\n'],
    ['same', 'same'],
  ])('turn %j into %j', (before, after) => {
    expect(applyEdits(before, editsBetween(before, after)).text).toBe(after);
  });

  it('touch only the lines that change', () => {
    const before = `${'line\n'.repeat(50)}last\n`;
    const edits = editsBetween(before, before.replace('last', 'changed'));
    expect(edits).toEqual([{ span: [250, 255], newText: 'changed\n' }]);
  });
});
