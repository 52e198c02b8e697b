import { describe, expect, it } from 'vitest';
import { locate, toOffset, toPosition } from './positions';

const TEXT = 'a😀é\r\nzweite\n\nletzte';

describe('positions', () => {
  it.each(['utf-16', 'utf-8', 'utf-32'] as const)('an offset survives the way to %s and back', (encoding) => {
    const at = locate(TEXT);
    for (let offset = 0; offset <= TEXT.length; offset++) {
      // Inside a pair of surrogates or a line break there is no position in other encodings.
      const isInside = /[\uDC00-\uDFFF]/.test(TEXT.charAt(offset)) || TEXT.charAt(offset) === '\n';
      if (!isInside) expect(toOffset(at, toPosition(at, offset, encoding), encoding)).toBe(offset);
    }
  });

  it('counts in the units of the encoding', () => {
    const at = locate(TEXT);
    expect(toPosition(at, 4, 'utf-16')).toEqual({ line: 0, character: 4 });
    expect(toPosition(at, 4, 'utf-8')).toEqual({ line: 0, character: 7 });
    expect(toPosition(at, 4, 'utf-32')).toEqual({ line: 0, character: 3 });
  });

  it('places outside the text are brought to its edge', () => {
    const at = locate(TEXT);
    expect(toPosition(at, 999, 'utf-8')).toEqual(toPosition(at, TEXT.length, 'utf-8'));
    expect(toOffset(at, { line: 99, character: 99 }, 'utf-16')).toBe(TEXT.length);
    expect(toOffset(at, { line: 99, character: 99 }, 'utf-8')).toBe(TEXT.length);
  });
});
