import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseRoot, pathBetween } from './root';

let top: string;

beforeAll(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-root-')));
  for (const path of ['clones/one/src/a.ts', 'clones/two/a.ts', 'mono/.git/HEAD', 'mono/packages/api/package.json', 'mono/packages/api/src/a.ts', 'mono/nested/.git/HEAD', 'plain/package.json', 'plain/src/a.ts']) {
    mkdirSync(dirname(join(top, path)), { recursive: true });
    writeFileSync(join(top, path), '');
  }
});

afterAll(() => rmSync(top, { recursive: true, force: true }));

/** Folder and paths, relative to the test's own folder. */
function root(from: string, ...paths: string[]): string {
  const chosen = chooseRoot(join(top, from), paths);
  return 'missing' in chosen ? `missing ${chosen.missing}` : [chosen.folder.slice(top.length + 1), ...chosen.paths].join(' ');
}

describe('the folder that is linted', () => {
  it('is the working folder where no path is given', () => {
    expect(root('clones')).toBe('clones');
  });

  it('is the project around the paths, since a finding may need a file that was not named', () => {
    expect(root('mono', 'packages/api')).toBe('mono packages/api');
    expect(root('mono', 'packages/api/src/a.ts', 'packages')).toBe('mono packages/api/src/a.ts packages');
    expect(root('plain', 'src')).toBe('plain src');
  });

  it('is the named folder in a folder of clones, and one with a repository of its own', () => {
    expect(root('clones', 'one')).toBe('clones/one');
    expect(root('mono', 'nested')).toBe('mono/nested');
  });

  it('is the named folder, or the repository around the named files, where they lie elsewhere', () => {
    expect(root('plain', '../clones/two')).toBe('clones/two');
    expect(root('plain', '../mono/packages/api/src/a.ts')).toBe('mono packages/api/src/a.ts');
    expect(root('plain', join('..', 'clones/one/src/a.ts'), '../clones/two/a.ts')).toBe('clones one/src/a.ts two/a.ts');
  });

  it('is everything where the folder itself is named', () => {
    expect(root('mono', '.')).toBe('mono');
    expect(root('mono', '.', 'packages')).toBe('mono');
  });

  it('is none where a path does not exist', () => {
    expect(root('mono', 'packages', 'nope')).toBe('missing nope');
  });
});

describe('the way from one folder to another', () => {
  it('is known only downwards', () => {
    expect(pathBetween('/a', '/a/b/c')).toBe('b/c');
    expect(pathBetween('/a', '/a')).toBe('');
    expect(pathBetween('/a', '/ab')).toBeUndefined();
    expect(pathBetween('/a/b', '/a')).toBeUndefined();
    expect(pathBetween('/a', '/a/..b')).toBe('..b');
  });
});
