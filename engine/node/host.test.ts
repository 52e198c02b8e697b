import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unreadableFolders } from './git-files';
import { createNodeHost } from './host';
import { writeText } from './write-text';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'holdfast-host-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, content: string | Uint8Array = ''): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

const list = async (folder = root, paths: readonly string[] = []): Promise<string[]> => (await createNodeHost(folder).list(paths, () => true)).files.map((file) => file.path);

describe('listing', () => {
  it('walks without git, honours ignore files and leaves out installed and built folders', async () => {
    for (const path of ['a.ts', 'sub/b.ts', 'sub/secret.ts', 'node_modules/x/i.js', 'dist/a.js', '.git-like/c.ts', 'sub/gen/d.ts']) put(path);
    put('.gitignore', 'gen/\n');
    put('sub/.holdfastignore', 'secret.ts\n');
    expect(await list()).toEqual(['.git-like/c.ts', '.gitignore', 'a.ts', 'sub/.holdfastignore', 'sub/b.ts']);
  });

  it('asks git inside a work tree, and leaves out what .holdfastignore names', async () => {
    for (const path of ['a.ts', 'sub/b.ts', 'sub/e.log', 'vendor/x.ts', 'ä ö\n.ts']) put(path);
    put('.gitignore', '*.log\n');
    put('.holdfastignore', 'sub/\n');
    execFileSync('git', ['init', '-q'], { cwd: root });
    execFileSync('git', ['add', '-f', '.'], { cwd: root });
    put('untracked.ts');
    put('new.log');
    expect(await list()).toEqual(['.gitignore', '.holdfastignore', 'a.ts', 'untracked.ts', 'ä ö\n.ts']);
    expect(await list(join(root, 'sub'))).toEqual(['b.ts', 'e.log']);
  });

  it('walks a folder that the repository around it ignores, and repositories inside it', async () => {
    put('.gitignore', 'tmp/\n');
    put('tmp/a.ts');
    put('inner/x.ts');
    execFileSync('git', ['init', '-q'], { cwd: root });
    execFileSync('git', ['init', '-q'], { cwd: join(root, 'inner') });
    expect(await list(join(root, 'tmp'))).toEqual(['a.ts']);
    expect(await list()).toEqual(['.gitignore', 'inner/x.ts']);
  });

  it('runs no program that the repository names', async () => {
    put('a.ts');
    execFileSync('git', ['init', '-q'], { cwd: root });
    put('evil.sh', `#!/bin/sh\ntouch "${join(root, 'ran')}"\n`);
    chmodSync(join(root, 'evil.sh'), 0o755);
    execFileSync('git', ['config', 'core.fsmonitor', join(root, 'evil.sh')], { cwd: root });
    expect(await list()).toEqual(['a.ts', 'evil.sh']);
  });

  it('ends in loops of links and follows none', async () => {
    put('a/x.ts');
    symlinkSync('..', join(root, 'a', 'loop'));
    symlinkSync('x.ts', join(root, 'a', 'y.ts'));
    expect(await list()).toEqual(['a/x.ts']);
  });

  it('names a folder that cannot be read as a problem', async () => {
    expect(await createNodeHost(join(root, 'nowhere')).list([], () => true)).toEqual({ files: [], problems: [{ path: '.', because: 'it is no longer there' }] });
  });

  it('hears from git which folders it could not open', () => {
    expect(unreadableFolders("warning: could not open directory 'a b/c/': Permission denied\nwarning: something else\n")).toEqual([{ path: 'a b/c', because: 'no permission to read it' }]);
  });

  it('lists only below the given paths, and stops when it is told to', async () => {
    for (const path of ['a/x.ts', 'ab/x.ts', 'b.ts']) put(path);
    expect(await list(root, ['a', 'b.ts'])).toEqual(['a/x.ts', 'b.ts']);
    await expect(createNodeHost(root).list([], () => true, AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
  });

  it('knows the folders up to the top of the repository', () => {
    execFileSync('git', ['init', '-q'], { cwd: root });
    put('packages/api/a.ts');
    const names = createNodeHost(join(root, 'packages', 'api')).above;
    expect(names).toEqual([{ path: '..', prefix: 'api' }, { path: '../..', prefix: 'packages/api' }]);
  });
});

describe('reading', () => {
  const read = (path: string): unknown => {
    const host = createNodeHost(root);
    const entry = host.stat(path);
    const outcome = entry ? host.read(entry) : undefined;
    return outcome?.kind === 'text' ? outcome.text : outcome?.because;
  };

  it('leaves a byte order mark out of the text and puts it back when it writes', () => {
    put('a.ts', '\ufeffconst ä = 1;\n');
    expect(read('a.ts')).toBe('const ä = 1;\n');
    chmodSync(join(root, 'a.ts'), 0o640);
    expect(writeText(join(root, 'a.ts'), 'const b = 2;\n')).toBeUndefined();
    expect(readFileSync(join(root, 'a.ts'), 'utf8')).toBe('\ufeffconst b = 2;\n');
    expect(statSync(join(root, 'a.ts')).mode & 0o777).toBe(0o640);
    expect(writeText(join(root, 'none.ts'), '')).toBe('it is no longer there');
  });

  it('says why a file is no text', () => {
    put('binary.ts', Uint8Array.from([71, 0, 1]));
    put('latin1.ts', Uint8Array.from([0x61, 0xe4, 0x62]));
    put('cut.ts', Uint8Array.from([0x61, 0xe2, 0x82]));
    expect(read('binary.ts')).toBe('binary: a NUL byte in the first 8 kB');
    expect(read('latin1.ts')).toBe('not valid UTF-8');
    expect(read('cut.ts')).toBe('not valid UTF-8');
    expect(read('nowhere.ts')).toBeUndefined();
    mkdirSync(join(root, 'folder.ts'));
    expect(createNodeHost(root).stat('folder.ts')).toBeUndefined();
    expect(createNodeHost(root).read({ path: 'folder.ts', size: 1, stamp: '' })).toEqual({ kind: 'problem', because: 'not a regular file' });
    execFileSync('mkfifo', [join(root, 'pipe.ts')]);
    expect(createNodeHost(root).read({ path: 'pipe.ts', size: 1, stamp: '' })).toEqual({ kind: 'problem', because: 'not a regular file' });
  });

  it('reads files larger than its buffer', () => {
    put('large.ts', 'x'.repeat(3_000_000));
    expect(read('large.ts')).toHaveLength(3_000_000);
  });

  it('never gives a young file a stamp that a later change could bear', () => {
    put('a.ts', '1');
    const host = createNodeHost(root);
    expect(host.stat('a.ts')?.stamp).not.toBe(host.stat('a.ts')?.stamp);
  });
});
