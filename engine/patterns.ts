// Path patterns: lists as in .gitignore by `ignore`, globs by `picomatch`. Both make regular expressions, so what could make one backtrack without end is refused first.

import ignore from 'ignore';
import picomatch from 'picomatch/posix';

const LONGEST = 1_000;
const TOO_LONG = 'has more than 1,000 characters';
// Each of these multiplies the ways in which a path can be tried; within a segment `ignore` needs no such bound.
const MOST_FOLDER_STARS = 3;
const MOST_GLOB_STARS = 4;
const MOST_GLOB_BRACES = 3;

/** Asked with a path relative to where the patterns stand, with `/` and without `./`. A folder-only pattern (`out/`) matches no file. */
export type PathTest = (path: string, isFolder?: boolean) => boolean;

/** What is wrong with a line of an ignore list, as a clause; undefined where it is used. */
export function faultOfIgnorePattern(pattern: string): string | undefined {
  if (pattern.length > LONGEST) return TOO_LONG;
  return (withoutRepeats(pattern).match(/\*\*/g)?.length ?? 0) > MOST_FOLDER_STARS ? `has more than ${MOST_FOLDER_STARS} \`**\`` : undefined;
}

/** What is wrong with a glob, as a clause; undefined where it is used. */
export function faultOfGlob(glob: string): string | undefined {
  if (glob.length > LONGEST) return TOO_LONG;
  if (starsTriedTogether(glob) > MOST_GLOB_STARS) return 'has too many stars';
  return (glob.match(/\{/g)?.length ?? 0) > MOST_GLOB_BRACES ? `has more than ${MOST_GLOB_BRACES} pairs of braces` : undefined;
}

/** Lines with the meaning of a .gitignore: the last one that matches decides, and what lies below an ignored folder stays ignored. Faulty lines ignore nothing. */
export function compileIgnore(lines: readonly string[]): PathTest {
  const sound = lines.filter((line) => faultOfIgnorePattern(line) === undefined).map(withoutRepeats);
  if (sound.length === 0) return () => false;
  // As strings with an end of line: those are read like a file, with its carriage returns and blanks.
  const rules = ignore({ ignorecase: false, allowRelativePaths: true }).add(sound.join('\n'));
  return (path, isFolder = false) => path !== '' && rules.ignores(isFolder ? `${path}/` : path);
}

/**
 * Globs with braces: `scripts/**`, `src/*.{test,spec}.ts`. One without a slash matches at any depth, one that names a folder all below it, one with `!` before it takes files out again.
 * Faulty globs match nothing.
 */
export function compileGlobs(globs: readonly string[]): (path: string) => boolean {
  const sound = globs.filter((glob) => faultOfGlob(glob) === undefined);
  const wanted = matcherOf(sound.filter((glob) => !glob.startsWith('!')));
  const unwanted = matcherOf(sound.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1)));
  return (path) => wanted(path) && !unwanted(path);
}

function matcherOf(globs: readonly string[]): (path: string) => boolean {
  // Parentheses and what quantifies them are names here, as in `app/(shop)`: groups could be nested without end.
  const plain = globs.map((glob) => withoutRepeats(glob).replace(/^\.?\//, '/').replace(/\/$/, '').replace(/[()|+@]/g, '\\$&')).filter((glob) => glob !== '');
  const byName = plain.filter((glob) => !glob.includes('/'));
  const byPath = plain.flatMap((glob) => (glob.endsWith('**') ? [glob] : [glob, `${glob}/**`])).map((glob) => glob.replace(/^\//, ''));
  const names = byName.length === 0 ? () => false : picomatch(byName, { dot: true, basename: true });
  const paths = byPath.length === 0 ? () => false : picomatch(byPath, { dot: true });
  return (path) => names(path) || paths(path);
}

/** The `**` that have something after them, and the most stars in one name: a path is tried with all ways to share it among these. */
function starsTriedTogether(glob: string): number {
  const names = withoutRepeats(glob).replace(/\/\*\*$/, '').split('/');
  return names.filter((name) => name === '**').length + Math.max(...names.map((name) => (name === '**' ? 0 : (name.match(/\*+/g)?.length ?? 0))));
}

/** `**` after `**` says nothing new and costs much. */
function withoutRepeats(pattern: string): string {
  return pattern.replace(/\*{3,}/g, '**').replace(/(?:\*\*\/){2,}/g, '**/').replace(/\*\*\/\*\*$/, '**');
}
