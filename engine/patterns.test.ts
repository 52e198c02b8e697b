import { expect, it } from 'vitest';
import { compileGlobs, compileIgnore, faultOfGlob, faultOfIgnorePattern } from './patterns';

const ignored = (patterns: readonly string[], paths: readonly string[]): string[] => paths.filter((path) => compileIgnore(patterns)(path));
const matched = (globs: readonly string[], paths: readonly string[]): string[] => paths.filter(compileGlobs(globs));

it('ignores by a pattern without a slash at any depth, and by one with a slash from the root', () => {
  expect(ignored(['*.log', '/root.txt', 'doc/frotz'], ['a.log', 'x/y/b.log', 'root.txt', 'x/root.txt', 'doc/frotz', 'a/doc/frotz', 'A.LOG'])).toEqual(['a.log', 'x/y/b.log', 'root.txt', 'doc/frotz']);
});

it('ignores what lies below an ignored folder, and a folder pattern ignores never a file', () => {
  expect(ignored(['out/', 'src/legacy'], ['out/a.ts', 'deep/out/a.ts', 'out', 'src/legacy/x/y.ts', 'lib/src/legacy/z.ts'])).toEqual(['out/a.ts', 'deep/out/a.ts', 'src/legacy/x/y.ts']);
  expect([compileIgnore(['out/'])('out', true), compileIgnore(['out/'])('out')]).toEqual([true, false]);
});

it('lets a later pattern take one back, unless its folder is ignored', () => {
  expect(ignored(['*.ts', '!keep.ts', 'gone/', '!gone/keep.ts'], ['a.ts', 'keep.ts', 'b/keep.ts', 'gone/keep.ts'])).toEqual(['a.ts', 'gone/keep.ts']);
});

it('reads lines as .gitignore does: comments, blanks, carriage returns, classes, escapes; braces are plain', () => {
  expect(ignored(['\\#x', 'a\\*b', '# comment', '   ', 'ab[0-9]\r', 'a/**'], ['#x', 'a*b', '# comment', 'ab1', 'abc', 'a', 'a/b', ' '])).toEqual(['#x', 'a*b', 'ab1', 'a/b']);
  expect(ignored(['{a,b}.ts'], ['a.ts', '{a,b}.ts'])).toEqual(['{a,b}.ts']);
});

it('asks of any path, also of one that leads upwards or to nothing', () => {
  for (const path of ['', '.', '..', '../a', './a', '/a', 'a//b', 'a\nb', 'a\\b', '\0', 'x'.repeat(5_000)]) expect(compileIgnore(['zz'])(path), path).toBe(false);
});

it('matches globs with braces, by name at any depth, and all below a folder', () => {
  const paths = ['a.test.ts', 'x/b.spec.ts', 'x/b.ts', 'scripts/run.ts', 'scripts/deep/.hidden/run.ts', 'x/scripts/run.ts', 'src/legacy/y.ts'];
  expect(matched(['*.{test,spec}.ts'], paths)).toEqual(['a.test.ts', 'x/b.spec.ts']);
  expect(matched(['scripts/**'], paths)).toEqual(['scripts/run.ts', 'scripts/deep/.hidden/run.ts']);
  expect(matched(['./scripts/', 'src/legacy'], paths)).toEqual(['scripts/run.ts', 'scripts/deep/.hidden/run.ts', 'src/legacy/y.ts']);
  expect(matched(['**/scripts/*.ts', '!x/**'], paths)).toEqual(['scripts/run.ts']);
  expect(matched([], paths)).toEqual([]);
});

it('takes parentheses and the like in a glob for names', () => {
  expect(matched(['app/(shop)/**'], ['app/(shop)/page.ts', 'app/shop/page.ts'])).toEqual(['app/(shop)/page.ts']);
  expect(matched(['+(a|b)'], ['a', '+(a|b)'])).toEqual(['+(a|b)']);
});

it('names what it refuses', () => {
  for (const glob of ['a'.repeat(1_000), '**/src/**/*.{test,spec}.*', '**/a/**/b/**']) expect([faultOfIgnorePattern(glob), faultOfGlob(glob)], glob).toEqual([undefined, undefined]);
  expect(faultOfIgnorePattern('**/a/**/b/**/*.x*y*z*u*v')).toBeUndefined();
  expect([faultOfIgnorePattern('a'.repeat(1_001)), faultOfGlob('a'.repeat(1_001))]).toEqual(['has more than 1,000 characters', 'has more than 1,000 characters']);
  expect(faultOfIgnorePattern('**/a/'.repeat(4))).toBe('has more than 3 `**`');
  expect([faultOfGlob('*a'.repeat(6)), faultOfGlob('{a,b}'.repeat(4))]).toEqual(['has too many stars', 'has more than 3 pairs of braces']);
});

it('is fast on patterns that would make a backtracking matcher hang', () => {
  const path = `${'a/'.repeat(60)}${'a'.repeat(120)}b`;
  const hostile = ['**/'.repeat(60) + '*a'.repeat(60) + 'c', '**/a/'.repeat(3) + '*a'.repeat(20) + 'z', '*/'.repeat(30) + '**/'.repeat(30) + 'z', '**/a/'.repeat(20) + 'z', '[a]*'.repeat(60) + 'z', '+(+(a|a)|+(a))+z', '*a*a*a*az', '*a*a*a*a*a*az', '**/a/**/a*a*z', '{a,a}{a,a}{a,a}*z'];
  const before = performance.now();
  for (const pattern of hostile) expect([compileIgnore([pattern])(path), compileGlobs([pattern])(path)], pattern).toEqual([false, false]);
  expect(performance.now() - before).toBeLessThan(3_000);
});
