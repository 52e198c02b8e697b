import { describe, expect, it } from 'vitest';
import { displayOf, type DisplayChoices } from './display';

const TERMINAL = { isTerminal: true, columns: 80 };
const PIPE = { isTerminal: false, columns: undefined };

function display(environment: Record<string, string> = {}, target = TERMINAL as { isTerminal: boolean; columns: number | undefined }, choices: Partial<DisplayChoices> = {}): ReturnType<typeof displayOf> {
  return displayOf(target, { color: 'auto', ascii: false, plain: false, ...choices }, environment);
}

describe('how a run shows text', () => {
  it('has colour in a terminal and none in a pipe', () => {
    expect(display().hasColor).toBe(true);
    expect(display({}, PIPE).hasColor).toBe(false);
  });

  it('has no colour with NO_COLOR or TERM=dumb, and keeps it with an empty NO_COLOR', () => {
    expect(display({ NO_COLOR: '1' }).hasColor).toBe(false);
    expect(display({ TERM: 'dumb' }).hasColor).toBe(false);
    expect(display({ NO_COLOR: '' }).hasColor).toBe(true);
  });

  it('has colour in a pipe with FORCE_COLOR, unless it is 0', () => {
    expect(display({ FORCE_COLOR: '1' }, PIPE).hasColor).toBe(true);
    expect(display({ FORCE_COLOR: '0' }).hasColor).toBe(false);
  });

  it('follows --color before the environment', () => {
    expect(display({ NO_COLOR: '1' }, PIPE, { color: 'always' }).hasColor).toBe(true);
    expect(display({ FORCE_COLOR: '1' }, TERMINAL, { color: 'never' }).hasColor).toBe(false);
  });

  it('takes ASCII where the locale has another encoding, and UTF-8 where it says nothing', () => {
    expect(display({ LC_ALL: 'C' }).isAscii).toBe(true);
    expect(display({ LANG: 'de_DE.ISO-8859-1' }).isAscii).toBe(true);
    expect(display({ LANG: 'en_US.UTF-8' }).isAscii).toBe(false);
    expect(display({ LC_ALL: '', LANG: 'C.utf8' }).isAscii).toBe(false);
    expect(display({}).isAscii).toBe(false);
  });

  it('draws no frames below 60 columns, and is never wider than 120', () => {
    expect(display({}, { isTerminal: true, columns: 59 }).hasFrames).toBe(false);
    expect(display({}, { isTerminal: true, columns: 60 }).hasFrames).toBe(true);
    expect(display({}, { isTerminal: true, columns: 400 }).wrap).toBe(120);
  });

  it('wraps nothing in a pipe', () => {
    expect(display({}, PIPE).wrap).toBe(Number.POSITIVE_INFINITY);
  });
});
