import { describe, expect, it } from 'vitest';
import { showLine } from './code-line';

/** The line and its mark below, as a person sees them. */
function shown(line: string, marked: string, width = 40): string[] {
  const start = line.indexOf(marked);
  const { text, mark } = showLine(line, [start, start + marked.length], width, '…');
  return [text, ' '.repeat(mark.column) + '^'.repeat(mark.width)];
}

describe('a line of code with its mark', () => {
  it('stands as it is where it fits', () => {
    expect(shown('  await axios.post(url);', 'axios.post')).toEqual(['  await axios.post(url);', '        ^^^^^^^^^^']);
  });

  it('counts a wide character as two columns and a combining one as none', () => {
    expect(shown("say('漢字e\u0301'); go()", 'go')).toEqual(["say('漢字e\u0301'); go()", '              ^^']);
  });

  it('shows a tab as the columns up to the next stop', () => {
    expect(shown('\ta\tgo()', 'go')).toEqual(['    a   go()', '        ^^']);
  });

  it('writes out what directs or hides text', () => {
    expect(shown('a\u202eb\u0007 go()', 'go')).toEqual(['a\\u{202e}b\\u{7} go()', '                ^^']);
  });

  it('is cut on both sides of its mark', () => {
    const [text = '', mark = ''] = shown(`${'a'.repeat(100)}MARK${'b'.repeat(100)}`, 'MARK', 30);
    expect(text).toBe(`…${'a'.repeat(9)}MARK${'b'.repeat(15)}…`);
    expect(text.slice(mark.indexOf('^'), mark.length)).toBe('MARK');
  });

  it('is cut at its end alone where the mark stands near the start', () => {
    expect(shown(`MARK${'b'.repeat(100)}`, 'MARK', 10)).toEqual(['MARKbbbbb…', '^^^^']);
  });

  it('is cut at its start alone where the mark stands at the end', () => {
    const [text = '', mark = ''] = shown(`${'a'.repeat(100)}MARK`, 'MARK', 20);
    expect(text).toBe(`…${'a'.repeat(15)}MARK`);
    expect(mark.length).toBe(20);
  });

  it('cuts the mark itself where that is longer than the width', () => {
    const { text, mark } = showLine('x'.repeat(200), [50, 190], 20, '…');
    expect(text.length).toBe(20);
    expect(mark.column + mark.width).toBeLessThanOrEqual(20);
  });

  it('marks one column where the span is empty or behind the line', () => {
    expect(showLine('abc', [1, 1], 40, '…').mark).toEqual({ column: 1, width: 1 });
    expect(showLine('abc', [9, 9], 40, '…').mark).toEqual({ column: 3, width: 1 });
    expect(showLine('', [0, 0], 40, '…')).toEqual({ text: '', mark: { column: 0, width: 1 } });
  });

  it('never parts a surrogate pair and takes no time for a line of 20 MB', () => {
    const line = `${'😀'.repeat(5_000_000)}MARK${'😀'.repeat(1000)}`;
    const before = performance.now();
    const [text = ''] = shown(line, 'MARK', 30);
    expect(performance.now() - before).toBeLessThan(1_000);
    expect(text).toContain('MARK');
    expect(text).not.toMatch(/\p{Cs}/u);
  });

  it('fits its width whatever stands in the line', () => {
    for (const character of ['a', '漢', '\t', '\u202e', '😀', 'e\u0301']) {
      for (let width = 10; width < 40; width += 7) {
        const { text, mark } = showLine(`${character.repeat(60)}MARK${character.repeat(60)}`, [character.length * 60, character.length * 60 + 4], width, '…');
        expect(mark.column + mark.width, character).toBeLessThanOrEqual(width);
        expect(text.length, character).toBeGreaterThan(0);
      }
    }
  });
});
