import { expect, it } from 'vitest';
import { compileIgnore } from './glob';

const matched = (patterns: readonly string[], paths: readonly string[]): string[] => {
  const ignores = compileIgnore(patterns);
  return paths.filter((path) => ignores(path));
};

it('matches a pattern without a slash at any depth, and one with a slash from the root', () => {
  expect(matched(['*.log', '/root.txt', 'doc/frotz'], ['a.log', 'x/y/b.log', 'root.txt', 'x/root.txt', 'doc/frotz', 'a/doc/frotz'])).toEqual(['a.log', 'x/y/b.log', 'root.txt', 'doc/frotz']);
});

it('ignores what lies below an ignored folder, and a folder pattern never a file', () => {
  expect(matched(['out/', 'src/legacy'], ['out/a.ts', 'deep/out/a.ts', 'out', 'src/legacy/x/y.ts', 'lib/src/legacy/z.ts'])).toEqual(['out/a.ts', 'deep/out/a.ts', 'src/legacy/x/y.ts']);
});

it('lets a later pattern take one back, unless its folder is ignored', () => {
  expect(matched(['*.ts', '!keep.ts', 'gone/', '!gone/keep.ts'], ['a.ts', 'keep.ts', 'b/keep.ts', 'gone/keep.ts'])).toEqual(['a.ts', 'gone/keep.ts']);
});

it('knows **, ?, classes, braces and escapes', () => {
  const paths = ['a/x/b', 'a/b', 'a/x/y/b', 'ab1', 'abc', 'q.ts', 'q.js', 'q.rs', '#x', 'a*b'];
  expect(matched(['a/**/b'], paths)).toEqual(['a/x/b', 'a/b', 'a/x/y/b']);
  expect(matched(['ab[0-9]'], paths)).toEqual(['ab1']);
  expect(matched(['ab[!0-9]'], paths)).toEqual(['abc']);
  expect(matched(['q.?s', '!q.{ts,js}'], paths)).toEqual(['q.rs']);
  expect(matched(['\\#x', 'a\\*b', '# comment', '   '], paths)).toEqual(['#x', 'a*b']);
  expect(matched(['a/**'], ['a', 'a/b'])).toEqual(['a/b']);
});

it('is fast on patterns that would make a backtracking matcher hang', () => {
  const path = `${'a/'.repeat(200)}${'a'.repeat(200)}b`;
  const pattern = `${'**/'.repeat(60)}${'*a'.repeat(60)}c`;
  expect(matched([pattern, '{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}'], [path])).toEqual([]);
});
