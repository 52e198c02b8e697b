import { describe, expect, it } from 'vitest';
import { applyEdits } from '../engine/text';
import { disableFile, disableNextLine, lastPart } from './suppressions';

function apply(text: string, edit: ReturnType<typeof disableFile>): string | undefined {
  return edit && applyEdits(text, [edit]).text;
}

describe('comments that disable a rule', () => {
  it('stand above the line, at its indentation, in the comments of the language', () => {
    expect(apply('a\n    image: x\n', disableNextLine('compose.yaml', 'a\n    image: x\n', [6, 11], 'fault-tolerance/require-restart'))).toBe(
      'a\n    # holdfast-disable-next-line require-restart -- reason\n    image: x\n',
    );
    expect(apply('call();', disableNextLine('a.ts', 'call();', [0, 4], 'x/y'))).toBe('// holdfast-disable-next-line y -- reason\ncall();');
    expect(apply('FROM a', disableNextLine('Dockerfile', 'FROM a', [0, 4], 'x/y'))).toBe('# holdfast-disable-next-line y -- reason\nFROM a');
  });

  it('take the line ends of the file', () => {
    expect(apply('a\r\nb\r\n', disableNextLine('a.ts', 'a\r\nb\r\n', [3, 4], 'x/y'))).toBe('a\r\n// holdfast-disable-next-line y -- reason\r\nb\r\n');
  });

  it('for a whole file stand below what has to be first', () => {
    expect(apply('#!/usr/bin/env node\ncall();\n', disableFile('a.js', '#!/usr/bin/env node\ncall();\n', 'x/y'))).toBe(
      '#!/usr/bin/env node\n// holdfast-disable-file y -- reason\ncall();\n',
    );
    expect(apply('# syntax=docker/dockerfile:1\nFROM a\n', disableFile('Dockerfile', '# syntax=docker/dockerfile:1\nFROM a\n', 'x/y'))).toBe(
      '# syntax=docker/dockerfile:1\n# holdfast-disable-file y -- reason\nFROM a\n',
    );
  });

  it('are not offered where the format has no comments', () => {
    expect(disableFile('deployment.json', '{}', 'x/y')).toBeUndefined();
    expect(disableNextLine('deployment.json', '{}', [0, 1], 'x/y')).toBeUndefined();
  });

  it('select the reason, so that the person writes one', () => {
    const edit = disableFile('a.ts', '', 'x/y');
    const [start, end] = edit?.placeholders?.[0] ?? [0, 0];
    expect(edit?.newText.slice(start, end)).toBe('reason');
  });

  it('name the rule by its last part', () => {
    expect(lastPart('fault-tolerance/require-timeout')).toBe('require-timeout');
  });
});
