// The command line on repositories that somebody made to trip it: each is answered in a few seconds, without a stack trace.

import { spawnSync, execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { buildCli } from '../scripts/build.mjs';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** Far above what each takes, so that a busy machine does not fail it; a hang is far above that. */
const SECONDS = 40;
const WORKER = 'services:\n  worker:\n    image: shop/worker:1\n';
const FOUND = 'require-restart';

let home: string;
let cli: string;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'holdfast-hostile-'));
  chmodSync(home, 0o755);
  cli = join(home, 'dist', 'cli.cjs');
  await buildCli(join(home, 'dist'));
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

function project(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(home, 'project-'));
  chmodSync(folder, 0o755);
  for (const [path, content] of Object.entries(files)) put(folder, path, content);
  return folder;
}

function put(folder: string, path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

/** Runs it and gives both streams as one text, after what holds for every answer. */
function answer(folder: string, words: readonly string[] = [], code?: number): string {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [cli, '--no-cache', ...words], {
    cwd: folder,
    encoding: 'utf8',
    timeout: SECONDS * 1_000,
    maxBuffer: 1 << 28,
    env: { PATH: process.env['PATH'] ?? '', HOME: home, LANG: 'C.UTF-8' },
  });
  const text = `${stdout}${stderr}`;
  expect(signal, 'it had to be stopped').toBeNull();
  expect(text).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
  expect(text).not.toMatch(/Holdfast failed|RangeError|TypeError|heap out of memory/);
  expect(text.split('\n').filter((line) => line.length > 2_000)).toEqual([]);
  if (code === undefined) expect([0, 1, 2]).toContain(status);
  else expect(status, text).toBe(code);
  return text;
}

it('links to folders that lead back to themselves end', () => {
  const folder = project({ 'compose.yaml': WORKER, 'a/b/c.ts': '' });
  symlinkSync('../..', join(folder, 'a/b/up'));
  symlinkSync('self', join(folder, 'self'));
  symlinkSync('/', join(folder, 'everything'));
  expect(answer(folder, [], 1)).toContain(FOUND);
  execFileSync('git', ['init', '-q'], { cwd: folder });
  expect(answer(folder, [], 1)).toContain(FOUND);
});

it('50,000 empty files', () => {
  const folder = project({ 'compose.yaml': WORKER });
  for (let i = 0; i < 500; i++) {
    const below = join(folder, `d${i % 20}`, `m${i}`);
    mkdirSync(below, { recursive: true });
    for (let j = 0; j < 100; j++) writeFileSync(join(below, `f${j}.${j % 2 === 0 ? 'ts' : 'yaml'}`), '');
  }
  expect(answer(folder, [], 1)).toContain(FOUND);
});

it('names with ends of line, emoji, direction marks and blanks are written out', () => {
  const names = ['a\nb', '🦊 fox', 'x\u202egnp', 'with  two blanks ', "quote'\"`$(id)", '\u001b[31mred', '%s%n', '-rf'];
  const folder = project(Object.fromEntries(names.map((name) => [`${name}/compose.yaml`, WORKER])));
  const text = answer(folder, [], 1);
  expect(text.match(/fault-tolerance\/require-restart/g)?.length).toBe(names.length);
  expect(text).toContain('\\u{202e}');
  expect(text).toContain('🦊 fox/compose.yaml');
  expect([...text].filter((character) => character === '\u202e' || character === '\u001b')).toEqual([]);
  expect(JSON.parse(answer(folder, ['--format', 'json'], 1))).toMatchObject({ findings: expect.arrayContaining([expect.objectContaining({ rule: 'fault-tolerance/require-restart' })]) });
});

it('a path with blanks and an accent as the folder itself', () => {
  const folder = project({ 'my répo (2)/compose.yaml': WORKER });
  expect(answer(join(folder, 'my répo (2)'), [], 1)).toContain('compose.yaml:2:3');
  expect(answer(folder, ['my répo (2)'], 1)).toContain(FOUND);
});

it('a work tree whose .git is a file, a .git that leads nowhere, and a submodule', () => {
  const git = (folder: string, ...words: string[]): void => {
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', '-c', 'protocol.file.allow=always', ...words], { cwd: folder, stdio: 'ignore' });
  };
  const inner = project({ 'compose.yaml': WORKER });
  git(inner, 'init', '-q');
  git(inner, 'add', '.');
  git(inner, 'commit', '-qm', 'x');
  git(inner, 'worktree', 'add', '-q', join(inner, '..', 'tree'));
  expect(answer(join(inner, '..', 'tree'), [], 1)).toContain(FOUND);
  const outer = project({ 'a.ts': '' });
  git(outer, 'init', '-q');
  git(outer, 'submodule', 'add', '-q', inner, 'sub');
  expect(answer(outer, [], 1)).toContain('sub/compose.yaml');
  const broken = project({ 'compose.yaml': WORKER, '.git': 'gitdir: /nowhere/at/all\n' });
  expect(answer(broken, [], 1)).toContain(FOUND);
});

it('a configuration in an ignored folder says nothing', () => {
  const folder = project({ 'compose.yaml': WORKER, '.gitignore': 'tmp/\n', 'tmp/holdfast.yaml': 'rules: { nonsense: error }\n', 'node_modules/x/holdfast.yaml': 'rules: { nonsense: error }\n' });
  expect(answer(folder, [], 1)).not.toContain('nonsense');
});

const MANIFESTS = ['[]', '[1,{"dependencies":{}}]', 'null', '"x"', '1', '', '{"dependencies":[],"workspaces":{"packages":5},"scripts":"x","holdfast":[1]}', '['.repeat(50_000), '{"a":'.repeat(50_000)];
it('a package.json that is a list, a number, nothing, wrong in all its keys, or endless', () => {
  for (const text of MANIFESTS) {
    answer(project({ 'package.json': text, 'package-lock.json': text, 'tsconfig.json': text, 'src/a.ts': "import axios from 'axios';\naxios.get('http://b');\n", 'compose.yaml': WORKER }));
  }
});

it('configurations that extend one another in a circle, and themselves', () => {
  const text = answer(project({ 'holdfast.yaml': 'extends: [./b.yaml, ./holdfast.yaml]\n', 'b.yaml': 'extends: ./holdfast.yaml\n', 'compose.yaml': WORKER }), [], 2);
  expect(text).toContain('extends this file in a circle');
  expect(text).toContain(FOUND);
});

it('configurations that extend many others many times', () => {
  const files: Record<string, string> = { 'holdfast.yaml': 'extends: [./c0.yaml, ./c0.yaml, ./c0.yaml]\n', 'compose.yaml': WORKER };
  for (let i = 0; i < 9; i++) files[`c${i}.yaml`] = `extends: [${Array.from({ length: 8 }, () => `./c${i + 1}.yaml`).join(', ')}]\n`;
  const text = answer(project({ ...files, 'c9.yaml': 'rules: {}\n' }), [], 2);
  expect(text.match(/more than 100 files are extended/g)).toHaveLength(1);
  expect(text).toContain(FOUND);
});

it('patterns that make a matcher backtrack', () => {
  const files: Record<string, string> = { 'compose.yaml': WORKER, 'holdfast.yaml': `ignore: ["${'**/a/'.repeat(20)}z", "${'*a'.repeat(60)}z", "${'x'.repeat(1_001)}"]\noverrides:\n  - files: ["${'*a'.repeat(60)}z", "+(+(a|a)+)+z", "${'{a,a}'.repeat(20)}z"]\n    rules: {}\n` };
  files['.gitignore'] = `${'**/a/'.repeat(20)}z\n${'*a'.repeat(60)}z\n`;
  files['.holdfastignore'] = files['.gitignore'];
  for (let i = 0; i < 50; i++) files[`${'a/'.repeat(30)}${'a'.repeat(200)}${i}.ts`] = '';
  const text = answer(project(files), [], 2);
  expect(text).toContain('this pattern has more than 1,000 characters');
  expect(text).toContain(FOUND);
});

it('aliases in YAML that multiply to billions', () => {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
  for (let i = 1; i < 12; i++) lines.push(`a${i}: &a${i} [${Array.from({ length: 9 }, () => `*a${i - 1}`).join(', ')}]`);
  const bomb = `${lines.join('\n')}\nservices:\n  web:\n    image: nginx\n    environment: *a11\n    command: *a11\n    labels: *a11\n    deploy: &d\n      labels: *d\n`;
  const merges = ['x0: &m0 { a: 1 }', ...Array.from({ length: 25 }, (_, i) => `x${i + 1}: &m${i + 1}\n  <<: [*m${i}, *m${i}]\n  b: *m${i}`)].join('\n');
  answer(project({ 'compose.yaml': bomb, 'k8s/a.yaml': `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\n${bomb}`, 'm/compose.yaml': `${merges}\nservices:\n  web: *m25\n  b: { image: a, environment: *m25 }\n`, 'holdfast.yaml': `${lines.join('\n')}\nrules: *a11\nignore: *a11\n` }));
});

it('lines of a megabyte, and brackets in thousands', () => {
  const files = {
    Dockerfile: `FROM node:22-alpine\nRUN ${'echo a && '.repeat(100_000)}true\nCMD node a.js\n`,
    'b/Dockerfile': `FROM node:22-alpine\n${'RUN a \\\n'.repeat(60_000)}\nHEALTHCHECK CMD ${'a|'.repeat(200_000)}\nCMD [${'"a",'.repeat(100_000)}]\n`,
    'src/a.ts': `import axios from 'axios';\nexport const a = ${'('.repeat(5_000)}axios.get('http://b')${')'.repeat(5_000)};\n`,
    'src/b.ts': `import axios from 'axios';\nexport const a = ${'['.repeat(20_000)};\naxios.get('http://b');\n`,
    'src/c.ts': `import axios from 'axios';\nexport const a = ${"'x' + ".repeat(20_000)}'y';\naxios.get(a);\n`,
    'src/d.ts': `import axios from 'axios';\naxios.get('x')${'.then((x) => x)'.repeat(5_000)};\n`,
    'src/e.ts': `import axios from 'axios';\n${'if (a) {'.repeat(3_000)}axios.get('x')${'}'.repeat(3_000)}\n`,
    'deep/compose.yaml': `services: ${'{ a: '.repeat(20_000)}\n`,
    'deep2/compose.yaml': `services:\n${Array.from({ length: 3_000 }, (_, i) => `${' '.repeat(i + 1)}a:`).join('\n')}\n`,
    'k8s/a.json': `{"kind":"Deployment","apiVersion":"apps/v1","spec":${'{"a":'.repeat(20_000)}`,
    'compose.yaml': WORKER,
  };
  expect(answer(project(files))).toContain(FOUND);
});
