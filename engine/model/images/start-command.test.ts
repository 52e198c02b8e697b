import { describe, expect, it } from 'vitest';
import { judgeArgv, judgeScript, plainWords } from './start-command';

describe('judgeScript', () => {
  const verdicts = (script: string): string[] => (['dash', 'bash', 'busybox', undefined] as const).map((shell) => judgeScript(script, shell).kind);

  it('knows that dash stays the parent of a lone command, and other shells do not', () => {
    expect(verdicts('node main.js')).toEqual(['shell', 'fine', 'fine', 'fine']);
    expect(verdicts('node migrate.js && node main.js')).toEqual(['shell', 'fine', 'fine', 'fine']);
  });

  it('knows that every shell stays behind a separator or in a pipe', () => {
    expect(verdicts('node migrate.js; node main.js')).toEqual(['shell', 'shell', 'shell', 'shell']);
    expect(verdicts('env | sort && node main.js')).toEqual(['shell', 'fine', 'fine', 'fine']);
    expect(verdicts('node main.js | tee log')).toEqual(['shell', 'shell', 'shell', 'shell']);
  });

  it('is content with exec, an init, a trap and a loop', () => {
    for (const script of ['exec node main.js', 'a; exec node main.js', 'tini -- node main.js', 'trap x TERM; node main.js & wait', 'while true; do date; sleep 5; done', 'tail -f /dev/null']) expect(verdicts(script), script).toEqual(['fine', 'fine', 'fine', 'fine']);
  });

  it('does not count separators in quotes and substitutions', () => {
    expect(judgeScript("node -e 'a; b | c'", 'bash').kind).toBe('fine');
    expect(judgeScript('web --ip $(hostname -i | cut -d" " -f1) "x; y"', 'bash').kind).toBe('fine');
  });

  it('finds package managers, but not what ends by itself', () => {
    expect(judgeScript('npm run build && npm start', undefined)).toEqual({ kind: 'manager', manager: 'npm', script: 'start' });
    expect(judgeScript('npm ci', 'bash').kind).toBe('fine');
  });
});

describe('judgeArgv', () => {
  it('looks into a shell that is called by name', () => {
    expect(judgeArgv(['/bin/sh', '-c', 'a; b'], undefined).kind).toBe('shell');
    expect(judgeArgv(['bash', '-ec', 'node x'], undefined).kind).toBe('fine');
    expect(judgeArgv(['sh', 'run.sh'], 'dash').kind).toBe('fine');
    expect(judgeArgv(['dumb-init', 'sh', '-c', 'a; b'], 'dash').kind).toBe('fine');
    expect(judgeArgv(['yarn', 'run', 'serve'], undefined)).toEqual({ kind: 'manager', manager: 'yarn', script: 'serve' });
    expect(judgeArgv([], 'dash').kind).toBe('fine');
  });
});

describe('plainWords', () => {
  it('declines what needs a shell', () => {
    expect(plainWords('node main.js --port 80')).toEqual(['node', 'main.js', '--port', '80']);
    for (const command of ['a && b', 'a $B', 'A=1 b', 'a > b', 'a "b c"', '', 'a*']) expect(plainWords(command), command).toBeUndefined();
  });
});
