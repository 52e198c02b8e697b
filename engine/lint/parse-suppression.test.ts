import { describe, expect, it } from 'vitest';
import { parseDetails, parseSuppressions } from './parse-suppression';

function suppressionsOf(text: string) {
  const comments = [...text.matchAll(/\/\/(.*)|\/\*([\s\S]*?)\*\//g)].map((match) => ({ span: [match.index, match.index + match[0].length] as const, body: match[1] ?? match[2] ?? '' }));
  return parseSuppressions(text, comments).map((found) => ({ kind: found.kind, rules: found.rules, reason: found.reason, until: found.until, covers: text.slice(...found.covers) }));
}

describe('suppression comments', () => {
  it('next-line covers the next line of code, past blank and comment lines', () => {
    expect(suppressionsOf('// holdfast-disable-next-line require-timeout -- slow on purpose\n\n// why\na();\nb();\n')).toEqual([
      { kind: 'next-line', rules: ['require-timeout'], reason: 'slow on purpose', until: undefined, covers: 'a();\n' },
    ]);
  });

  it('line covers its own line, file the whole text', () => {
    expect(suppressionsOf('a(); // holdfast-disable-line\nb();').map((found) => found.covers)).toEqual(['a(); // holdfast-disable-line\n']);
    expect(suppressionsOf('a();\n/* holdfast-disable-file bound-retries -- x */')[0]?.covers).toBe('a();\n/* holdfast-disable-file bound-retries -- x */');
  });

  it('a block ends at the enable of its rule, not of another', () => {
    const text = '// holdfast-disable a/b -- r\none\n// holdfast-enable c/d\ntwo\n// holdfast-enable a/b\nthree';
    expect(suppressionsOf(text)[0]?.covers).toBe('\none\n// holdfast-enable c/d\ntwo\n');
  });

  it('an open block reaches the end', () => {
    expect(suppressionsOf('// holdfast-disable\nx')[0]).toMatchObject({ rules: [], reason: '', covers: '\nx' });
  });

  it('reads several rules, a reason and an end', () => {
    expect(parseDetails(' require-timeout, fault-tolerance/bound-retries -- the vendor -- is slow (until 2027-03-31)')).toEqual({
      rules: ['require-timeout', 'fault-tolerance/bound-retries'], reason: 'the vendor -- is slow', until: '2027-03-31',
    });
  });

  it('a comment that only mentions the word suppresses nothing', () => {
    expect(suppressionsOf('// see holdfast-disable-next-line in the docs\nx')).toEqual([]);
    expect(suppressionsOf('// holdfast-disabled\nx')).toEqual([]);
  });
});
