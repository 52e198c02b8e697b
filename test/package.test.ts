// What ships: the lists of the extension and of the npm package, and what their manifest promises.

import { listFiles } from '@vscode/vsce';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configurationText } from '../cli/commands/init';

const ROOT = join(import.meta.dirname, '..');
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  main: string;
  icon: string;
  contributes: {
    commands: { command: string }[];
    configuration: { properties: Record<string, { description?: string; markdownDescription?: string; default: unknown }> };
    walkthroughs: { steps: { media: { image: string }; completionEvents: string[] }[] }[];
    jsonValidation: { url: string }[];
  };
};

/** Both packages hold these, as far as they exist already; rule pages are generated, one for each rule. */
const SHARED = [
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'dist/server.cjs',
  'dist/ts-morph.cjs',
  'dist/typescript.cjs',
  'dist/yaml.cjs',
  'holdfast.schema.json',
  'package.json',
];
const EXTENSION_ONLY = ['media/holdfast.yaml', 'media/icon.png', 'media/sample.ts'];

function present(paths: readonly string[]): string[] {
  return paths.filter((path) => existsSync(join(ROOT, path))).sort();
}

function withoutPages(paths: readonly string[]): string[] {
  return paths.filter((path) => !path.startsWith('docs/rules/')).sort();
}

test('the extension holds the client, the server with its parts, the pages and the pictures, and nothing else', async () => {
  const files = (await listFiles({ cwd: ROOT, packageManager: 0 })).map((path) => path.replaceAll('\\', '/'));
  const pictures = files.filter((path) => /^media\/(walkthrough-[a-z-]+|[a-z-]+)\.png$/.test(path));
  expect(withoutPages(files).filter((path) => !pictures.includes(path) || path === 'media/icon.png')).toEqual(present([...SHARED, ...EXTENSION_ONLY, 'dist/client.cjs']));
  expect(files.filter((path) => path.startsWith('docs/rules/')).every((path) => path.endsWith('.md'))).toBe(true);
});

test('the npm package holds the command line, the server and the pages, and no source, test or map', () => {
  const listed = execFileSync(process.platform === 'win32' ? 'npm.cmd' : 'npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    shell: process.platform === 'win32',
  });
  const [pack] = JSON.parse(listed) as { files: { path: string }[] }[];
  expect(withoutPages((pack?.files ?? []).map(({ path }) => path))).toEqual(present([...SHARED, 'dist/cli.cjs']));
});

test('every picture and schema that the manifest names is there', () => {
  const named = [
    manifest.icon,
    ...manifest.contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.image)),
    ...manifest.contributes.jsonValidation.map(({ url }) => url),
  ];
  expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

test('every setting has a description and a default, and every command of a step exists', () => {
  for (const [name, setting] of Object.entries(manifest.contributes.configuration.properties)) {
    expect(setting.description ?? setting.markdownDescription, name).toMatch(/\S/);
    expect(setting.default, name).not.toBeUndefined();
  }
  const commands = readFileSync(join(ROOT, 'client', 'commands.ts'), 'utf8');
  for (const { command } of manifest.contributes.commands) expect(commands).toContain(`'${command}'`);
  for (const { steps } of manifest.contributes.walkthroughs)
    for (const { completionEvents } of steps) for (const event of completionEvents) expect(commands).toContain(`'${event.replace('onCommand:', '')}'`);
});

test('the editor writes the same holdfast.yaml as the command line', () => {
  expect(readFileSync(join(ROOT, 'media', 'holdfast.yaml'), 'utf8')).toBe(configurationText(false));
});
