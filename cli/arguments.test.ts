import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseArguments, type Command } from './arguments';
import { FLAGS, VERBS } from './flags';

function command(...words: string[]): Command {
  const parsed = parseArguments(words);
  if (parsed.kind !== 'command') throw new Error(parsed.message);
  return parsed.command;
}

function mistake(...words: string[]): string {
  const parsed = parseArguments(words);
  return parsed.kind === 'usage' ? [parsed.message, parsed.hint].filter((part) => part !== undefined).join(' | ') : 'none';
}

describe('the words of a command line', () => {
  it('are a check of everything when there are none', () => {
    expect(command()).toMatchObject({ verb: 'check', operands: [], format: 'text', failOn: 'warning', cache: true, fix: false });
  });

  it('may name the command or not', () => {
    expect(command('check', 'src', 'deploy')).toMatchObject({ verb: 'check', operands: ['src', 'deploy'] });
    expect(command('src')).toMatchObject({ verb: 'check', operands: ['src'] });
    expect(command('./rules')).toMatchObject({ verb: 'check', operands: ['./rules'] });
  });

  it('give a value behind a space or an equals sign, the last one counts', () => {
    expect(command('--format=json').format).toBe('json');
    expect(command('--format', 'json', '--format', 'sarif').format).toBe('sarif');
  });

  it('end with flags at --', () => {
    expect(command('--', '--fix', '-x').operands).toEqual(['--fix', '-x']);
  });

  it('collect every --rule', () => {
    expect(command('--rule', 'require-timeout=error', '--rule=isolation/bound-pool-wait=off').severities).toEqual([
      { rule: 'require-timeout', severity: 'error' },
      { rule: 'isolation/bound-pool-wait', severity: 'off' },
    ]);
  });

  it('write nothing with --diff, however it is said', () => {
    for (const words of [['--diff'], ['--fix', '--diff'], ['--fix-dry-run'], ['--fix-dry-run', '--fix']]) expect(command(...words)).toMatchObject({ fix: false, diff: true });
  });

  it('are answered with the nearest flag', () => {
    expect(mistake('--fromat', 'json')).toBe('there is no flag `--fromat` | nearest: --format');
    expect(mistake('--xyzzyxyzzy')).toBe('there is no flag `--xyzzyxyzzy`');
    expect(mistake('-z')).toMatch(/^there is no flag `-z`/);
  });

  it('are answered where a value is absent, superfluous or unknown', () => {
    expect(mistake('--format')).toBe('`--format` needs a value | --format FORMAT');
    expect(mistake('--format', '--fix')).toBe('`--format` needs a value | --format FORMAT');
    expect(mistake('--fix=yes')).toBe('`--fix` takes no value');
    expect(mistake('--format=xml')).toBe('`--format` does not know `xml` | one of: text, json, sarif');
    expect(mistake('--max-warnings', '-1')).toBe('`--max-warnings -1` is not a number');
    expect(mistake('--rule', 'require-timeout')).toBe('`--rule require-timeout` is not `ID=SEVERITY` | severities: error, warning, info, advice, off');
    expect(mistake('--rule', 'a=loud')).toMatch(/is not `ID=SEVERITY`/);
  });

  it('are answered where they contradict each other', () => {
    expect(mistake('--stdin')).toBe('`--stdin` needs the name that the text goes by | --stdin-filepath FILE');
    expect(mistake('--stdin', '--stdin-filepath', 'a.ts', 'src')).toBe('`--stdin` takes no paths');
    expect(mistake('--unsafe')).toBe('`--unsafe` belongs to a fix | holdfast --fix --unsafe');
    expect(mistake('rules', '--fix')).toBe('`holdfast rules` has no flag `--fix` | its flags: holdfast rules --help');
  });

  it('never throw, whatever they are', () => {
    for (const word of ['', '-', '--', '---', '-=', '--=', '=', '\u0000', '-🙂', 'a'.repeat(10_000), `--${'a'.repeat(10_000)}`]) expect(() => parseArguments([word, word])).not.toThrow();
  });

  it('know every flag of the table', () => {
    for (const flag of FLAGS) {
      const verb = flag.verbs[0] ?? 'check';
      const words = [verb, `--${flag.name}`, ...(flag.value === undefined ? [] : [flag.choices?.[0] ?? (flag.name === 'rule' ? 'a=off' : '1')])];
      if (flag.name === 'unsafe') words.push('--fix');
      if (flag.name === 'stdin') words.push('--stdin-filepath', 'a.ts');
      expect(parseArguments(words).kind, flag.name).toBe('command');
    }
    expect(VERBS.map(({ verb }) => command(verb).verb)).toEqual(VERBS.map(({ verb }) => verb));
  });
});

describe('the page about the command line', () => {
  const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'command-line.md'), 'utf8');

  it('names every command and every flag', () => {
    for (const { usage } of VERBS) expect(page).toContain(`\`holdfast ${usage}\``);
    for (const { name } of FLAGS) expect(page).toContain(`--${name}`);
  });

  it('names no flag that does not exist', () => {
    for (const [, name = ''] of page.matchAll(/--([a-z][a-z-]+)/g)) expect(FLAGS.map((flag) => flag.name)).toContain(name);
  });
});
