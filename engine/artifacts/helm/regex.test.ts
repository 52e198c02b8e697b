import { describe, expect, it } from 'vitest';
import { compilePattern, matchesOf } from './regex';

/** Texts of all matches, each followed by its groups. */
function found(source: string, text: string): (string | undefined)[][] | undefined {
  const pattern = compilePattern(source);
  return pattern && matchesOf(pattern, text)?.map((match) => match.flatMap((start, i) => (i % 2 === 1 ? [] : [start < 0 ? undefined : text.slice(start, match[i + 1])])));
}

describe('regular expressions of templates', () => {
  it('match as the expressions of the language do', () => {
    const cases: [string, string][] = [
      ['[^a-z]+', 'ab12-cd'], ['(-?[^a-z\\d\\-])+-?', 'a_.b-C'], ['^v?(\\d+)\\.(\\d+)', 'v1.34.0'], ['a{2,3}', 'aaaaa'], ['a{2}', 'aaaaa'], ['a{1,}b', 'caab'], ['(a|ab)(c|bcd)', 'abcd'],
      ['\\bfoo\\b', 'a foo food'], ['[[:alnum:]-]+', 'a-b c'], ['(?:ab)+', 'ababx'], ['a.?c', 'abc ac'], ['a+?', 'aaa'], ['(a)|b', 'ba'], ['[\\w.]+$', 'x y.z'], ['\\.', 'a.b'], ['(?i)abc', 'xABc'], ['', 'ab'], ['[]a]+', ']a'],
    ];
    for (const [source, text] of cases) {
      const own = new RegExp(source.replace('[:alnum:]', 'A-Za-z0-9').replace('(?i)', '').replace('[]a]', '[\\]a]'), source.startsWith('(?i)') ? 'gi' : 'g');
      expect([source, found(source, text)]).toEqual([source, [...text.matchAll(own)].map((match) => [...match])]);
    }
  });

  it('leaves out empty matches behind another one, as Go does', () => {
    expect(found('x*', 'axb')).toEqual([[''], ['x'], ['']]);
  });

  it('takes linear time where others take for ever', () => {
    const start = performance.now();
    expect(found('(a*)*b', 'a'.repeat(500))).toEqual([]);
    expect(found('(a|aa)+$', `${'a'.repeat(500)}b`)).toEqual([]);
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  it('gives up on forms that it does not read', () => {
    for (const source of ['(?=a)', '(a', 'a)', '[a', '*a', '\\pL', '\\1', 'a{999}b{999}c{999}']) expect([source, compilePattern(source)]).toEqual([source, undefined]);
  });
});
