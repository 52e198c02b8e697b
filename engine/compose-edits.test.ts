import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits, composeEdits, type TextEdit } from './text';

describe('edits one after the other', () => {
  it('are one list in the offsets of the first text', () => {
    const first: TextEdit[] = [{ span: [2, 2], newText: 'XY' }, { span: [4, 5], newText: '' }];
    const second: TextEdit[] = [{ span: [3, 5], newText: '-' }];
    const both = composeEdits(6, first, second);
    expect(applyEdits('abcdef', both).text).toBe(applyEdits(applyEdits('abcdef', first).text, second).text);
    expect(both).toEqual([{ span: [2, 3], newText: 'X-' }, { span: [4, 5], newText: '' }]);
  });

  it('give the same text as both lists, whatever they are', () => {
    const list = (length: number): fc.Arbitrary<TextEdit[]> =>
      fc.uniqueArray(fc.nat(length), { maxLength: 6 }).map((offsets) => offsets.sort((a, b) => a - b)).chain((offsets) =>
        fc.array(fc.string({ maxLength: 3 }), { minLength: 3, maxLength: 3 }).map((texts) => texts.flatMap((newText, i): TextEdit[] => {
          const [start, end] = [offsets[2 * i], offsets[2 * i + 1]];
          return start === undefined || end === undefined ? [] : [{ span: [start, end], newText }];
        })));
    fc.assert(fc.property(fc.string({ maxLength: 20 }).chain((text) => fc.tuple(fc.constant(text), list(text.length))).chain(([text, first]) => fc.tuple(fc.constant(text), fc.constant(first), list(applyEdits(text, first).text.length))), ([text, first, second]) => {
      const both = composeEdits(text.length, first, second);
      expect(applyEdits(text, both).text).toBe(applyEdits(applyEdits(text, first).text, second).text);
      expect(applyEdits(text, both).left).toEqual([]);
    }));
  });
});
