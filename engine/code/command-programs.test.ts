import { describe, expect, it } from 'vitest';
import { commandPrograms } from './command-programs';
import type { PackageInfo } from './project';

const tool: PackageInfo = { folder: '', scripts: {}, hasBin: true, bin: ['dist/cli.js'], isModule: true, dependencies: { commander: '12.0.0', express: '4.0.0' }, locked: {}, workspaces: [] };
const imports = new Map([
  ['src/cli.ts', ['src/sync.ts', 'src/shared.ts']],
  ['src/sync.ts', []],
  ['src/shared.ts', []],
  ['src/server.ts', ['src/shared.ts']],
]);

describe('files that run only in a command-line program', () => {
  it('are those that nothing but the bin entry brings in', () => {
    expect([...commandPrograms(imports, [tool])]).toEqual(['src/cli.ts', 'src/sync.ts']);
  });

  it('are none where a start script runs the package as a service', () => {
    expect(commandPrograms(imports, [{ ...tool, scripts: { start: 'node dist/cli.js serve' } }]).size).toBe(0);
  });

  it('are none without a command-line library', () => {
    expect(commandPrograms(imports, [{ ...tool, dependencies: { express: '4.0.0' } }]).size).toBe(0);
  });

  it('are none where the entry was not read', () => {
    expect(commandPrograms(imports, [{ ...tool, bin: ['bin/tool'] }]).size).toBe(0);
  });

  it('are those that a step of the build runs, and nothing else starts', () => {
    const files = new Map([['site/build.ts', ['site/parts.ts']], ['site/parts.ts', []], ['site/work.ts', []], ['site/src/main.ts', []]]);
    const site: PackageInfo = { ...tool, folder: 'site', hasBin: false, bin: [], scripts: { build: 'rimraf lib && node -r ts-node/register build.ts', prebuild: 'tsx work.ts', work: 'tsx ./work.ts', 'build:server': 'esbuild src/main.ts --bundle' } };
    expect([...commandPrograms(files, [site])]).toEqual(['site/build.ts', 'site/parts.ts']);
  });
});
