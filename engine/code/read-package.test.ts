import { describe, expect, it } from 'vitest';
import { readPackageFile, recognisePackageFile } from './read-package';

const versionsOf = (path: string, text: string) => {
  const { facts } = readPackageFile(path, text);
  return facts.source === 'lock' ? { versions: facts.versions, nested: facts.nested } : undefined;
};

describe('package files', () => {
  it('knows manifests, locks and tsconfigs by name', () => {
    for (const path of ['package.json', 'a/package-lock.json', 'yarn.lock', 'b/pnpm-lock.yaml', 'tsconfig.build.json', 'jsconfig.json']) expect(recognisePackageFile(path), path).toBe(true);
    for (const path of ['a/my-package.json', 'package.json5', 'tsconfig.ts']) expect(recognisePackageFile(path), path).toBe(false);
  });

  it('reads a manifest', () => {
    const { facts, problems } = readPackageFile('a/package.json', '{"name":"@x/a","type":"module","bin":"a","scripts":{"start":"node ."},"dependencies":{"pg":"^8"},"devDependencies":{"pg":"7","vitest":"1"},"workspaces":{"packages":["p/*"]},"engines":{"node":">=20"},"main":"./dist/index.js"}');
    expect(problems).toEqual([]);
    expect(facts).toEqual({ kind: 'package', path: 'a/package.json', source: 'manifest', name: '@x/a', scripts: { start: 'node .' }, hasBin: true, bin: ['a'], isModule: true, dependencies: { pg: '^8', vitest: '1' }, workspaces: ['p/*'], engineNode: '>=20', main: './dist/index.js' });
  });

  it('reads a tsconfig with comments and trailing commas', () => {
    const { facts, problems } = readPackageFile('tsconfig.json', '// base\n{ "extends": "./base.json", /* x */ "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["src/*",], }, }, }');
    expect(problems).toEqual([]);
    expect(facts).toMatchObject({ baseUrl: '.', paths: { '@/*': ['src/*'] }, extends: './base.json' });
  });

  it('says where a broken manifest breaks, and keeps what came before', () => {
    const { facts, problems } = readPackageFile('package.json', '{ "name": "a",\n "dependencies": { "pg": "^8" },\n oops');
    expect(facts).toMatchObject({ name: 'a', dependencies: { pg: '^8' } });
    expect(problems).toMatchObject([{ extent: 'in-part', because: 'not valid JSON at line 3' }]);
  });

  it('reads npm locks of versions 1 and 3', () => {
    expect(versionsOf('package-lock.json', '{"lockfileVersion":1,"dependencies":{"axios":{"version":"0.27.2"}}}')?.versions).toEqual({ axios: '0.27.2' });
    const third = '{"packages":{"":{"version":"1.0.0"},"node_modules/pg":{"version":"8.11.0"},"node_modules/x/node_modules/pg":{"version":"7.0.0"},"node_modules/x/node_modules/deep":{"version":"1.2.3"},"apps/web/node_modules/pg":{"version":"8.1.0"}}}';
    expect(versionsOf('package-lock.json', third)).toEqual({ versions: { pg: '8.11.0', deep: '1.2.3' }, nested: { 'apps/web': { pg: '8.1.0' } } });
  });

  it('reads yarn locks of versions 1 and 2', () => {
    expect(versionsOf('yarn.lock', '# yarn lockfile v1\n\naxios@^0.27.0, axios@^0.27.2:\n  version "0.27.2"\n  resolved "x"\n  dependencies:\n    form-data "^4"\n\n"@scope/b@^1":\n  version "1.0.1"\n')?.versions).toEqual({ axios: '0.27.2', '@scope/b': '1.0.1' });
    expect(versionsOf('yarn.lock', '__metadata:\n  version: 8\n\n"pg@npm:^8.0.0":\n  version: 8.11.3\n  resolution: "pg@npm:8.11.3"\n')?.versions).toEqual({ pg: '8.11.3' });
  });

  it('reads pnpm locks with and without importers', () => {
    const ninth = "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      pg:\n        specifier: ^8\n        version: 8.11.3\n\n  apps/api:\n    dependencies:\n      '@scope/b':\n        specifier: ^1\n        version: 1.2.0(pg@8.11.3)\n\npackages:\n\n  pg@8.11.3:\n    resolution: {}\n\n  '@scope/b@1.2.0':\n    resolution: {}\n";
    expect(versionsOf('pnpm-lock.yaml', ninth)).toEqual({ versions: { pg: '8.11.3', '@scope/b': '1.2.0' }, nested: { 'apps/api': { '@scope/b': '1.2.0' } } });
    expect(versionsOf('pnpm-lock.yaml', 'lockfileVersion: 5.4\n\ndependencies:\n  pg: 8.1.0\n\npackages:\n\n  /pg/8.1.0:\n    dev: false\n\n  /@scope/c/2.0.0_pg@8.1.0:\n    dev: false\n')?.versions).toEqual({ pg: '8.1.0', '@scope/c': '2.0.0' });
  });

  it('never throws on cut text', () => {
    const text = '{ "a": [1, "x\\u00e9", { "b": null }], // c\n "d": true }';
    for (let i = 0; i <= text.length; i++) expect(() => readPackageFile('package.json', text.slice(0, i))).not.toThrow();
  });
});
