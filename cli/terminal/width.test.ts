import { describe, expect, it } from 'vitest';
import { visible, visibleLine } from './escape';
import { cutEnd, cutStart, padEnd, textWidth, wrap } from './width';

describe('text in columns', () => {
  it('measures wide, combining and joined characters', () => {
    expect([textWidth('abc'), textWidth('漢字'), textWidth('e\u0301'), textWidth('👩‍👩‍👧')]).toEqual([3, 4, 1, 2]);
  });

  it('wraps at spaces and leaves a longer word alone', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('a veryverylongword b', 6)).toEqual(['a', 'veryverylongword', 'b']);
  });

  it('keeps a short name in backticks whole', () => {
    expect(wrap('it waits for `POST /orders` to end', 24)).toEqual(['it waits for', '`POST /orders` to end']);
  });

  it('cuts the end of text and the start of a path', () => {
    expect(cutEnd('abcdef', 4, '…')).toBe('abc…');
    expect(cutStart('src/orders/charge.ts', 10, '…')).toBe('…charge.ts');
    expect(cutEnd('漢字漢字', 4, '…')).toBe('漢…');
  });

  it('pads by columns, not by code units', () => {
    expect(padEnd('漢', 4)).toBe('漢  ');
  });

  it('writes invisible characters out, and joiners of a script or an emoji not', () => {
    expect(visible('a\u001b[31m\u202e\u200b\ufeff\u{e0041}\ud800')).toBe('a\\u{1b}[31m\\u{202e}\\u{200b}\\u{feff}\\u{e0041}\\u{d800}');
    expect(visible('👩‍👧')).toBe('👩‍👧');
    expect(visibleLine('a\r\n\tb')).toBe('a b');
  });
});
