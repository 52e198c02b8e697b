import { describe, expect, it } from 'vitest';
import { commandsOf } from './script';

const words = (script: string): string[] => commandsOf(script).map((command) => command.words.join(' '));

describe('commands of a script', () => {
  it('splits lines, `&&`, `||`, `;` and pipes', () => {
    expect(words('a 1 && b || c; d | e\nf')).toEqual(['a 1', 'b', 'c', 'd', 'e', 'f']);
  });

  it('keeps continued lines, quotes, substitutions and expressions of pipelines together', () => {
    expect(words('kubectl apply \\\n  -f "a; b" $(cat x | y) ${{ a || b }}')).toEqual(['kubectl apply -f a; b $(cat x | y) ${{ a || b }}']);
  });

  it('leaves out comments and the bodies of here-documents', () => {
    expect(words('a # b; c\ncat <<EOF > f\nhelm upgrade x\nEOF\nd')).toEqual(['a', 'cat <<EOF > f', 'd']);
  });

  it('takes no redirection for the end of a command', () => {
    expect(words('a >/dev/null 2>&1 &> log\nb &')).toEqual(['a >/dev/null 2>&1 &> log', 'b']);
  });

  it('says what stands behind a command', () => {
    expect(commandsOf('npm test || true').map((command) => command.next)).toEqual(['||', '']);
  });

  it('never throws on a cut script', () => {
    const script = 'a "b $(c ${{ d }} <<EOF\ne\nEOF\n\'f';
    for (let i = 0; i <= script.length; i++) expect(commandsOf(script.slice(0, i)).length).toBeGreaterThanOrEqual(0);
  });
});
