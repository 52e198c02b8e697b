import { describe, expect, it } from 'vitest';
import type { LibraryEntry } from '../../catalog/schema';
import { linkFiles } from '../../test/lint-files';
import { compileCatalog } from '../catalog';

const acme: LibraryEntry = {
  package: 'acme',
  role: 'http',
  sources: ['made up for tests'],
  constructs: [{ make: ['create', 'Client'], form: 'either', instance: 'Client', options: 0, isLongLived: true }],
  calls: [{ on: 'Client', names: ['get'], io: 'http', options: 1, target: 0 }],
  bounds: [{ option: 'timeout', at: ['call', 'construct'], unit: 'ms', phases: ['total'], default: null }],
};
const catalog = compileCatalog([acme]);
const HTTP = "import x from 'acme';\nexport const http = x.create({ timeout: 5 });\nexport default http;\n";

/** How each call of the client in the file that ends in `a.*` is bounded. */
async function boundsOf(files: Readonly<Record<string, string>>): Promise<string[]> {
  const { code } = await linkFiles(files, catalog);
  const file = code.files.find(({ path }) => /(^|\/)a\.[cm]?[jt]sx?$/.test(path));
  return (file?.calls ?? []).map(({ client, verdict }) => `${client?.file ?? 'nowhere'} ${verdict.kind === 'bounded' ? verdict.ms : verdict.kind}`);
}

describe('ways from one file to another', () => {
  it.each<[string, Record<string, string>, string?]>([
    ['a dynamic import', { 'a.ts': "export async function run() { const { http } = await import('./http'); await http.get('/'); }", 'http.ts': HTTP }],
    ['a member of a dynamic import', { 'a.ts': "export async function run() { await (await import('./http')).http.get('/'); }", 'http.ts': HTTP }],
    ['the default of a dynamic import', { 'a.ts': "export async function run() { const { default: http } = await import('./http'); await http.get('/'); }", 'http.ts': HTTP }],
    ['then after a dynamic import', { 'a.ts': "export const run = () => import('./http').then(({ http }) => http.get('/'));", 'http.ts': HTTP }],
    ['then with the whole module', { 'a.ts': "export const run = () => import('./http').then((module) => module.http.get('/'));", 'http.ts': HTTP }],
    ['an .mts file', { 'a.mts': "import { http } from './http.mjs'; export const run = () => http.get('/');", 'http.mts': HTTP }, 'http.mts'],
    ['a .cts file', { 'a.cts': "import http = require('./http.cjs'); export const run = () => http.http.get('/');", 'http.cts': HTTP }, 'http.cts'],
    ['a require in a function', { 'a.js': "exports.run = function run() { const http = require('./http'); return http.get('/'); };", 'http.js': "module.exports = require('acme').create({ timeout: 5 });" }, 'http.js'],
    ['a member of a require', { 'a.js': "exports.run = () => require('./http').http.get('/');", 'http.js': "const x = require('acme'); exports.http = x.create({ timeout: 5 });" }, 'http.js'],
    ['export =', { 'a.ts': "import http = require('./http'); export const run = () => http.get('/');", 'http.ts': "import x = require('acme'); const http = x.create({ timeout: 5 }); export = http;" }],
    ['an imported export =', { 'a.ts': "import http from './http'; export const run = () => http.get('/');", 'http.ts': "import x = require('acme'); const http = x.create({ timeout: 5 }); export = http;" }],
    ['an object of module.exports', { 'a.js': "const { http } = require('./http'); exports.run = () => http.get('/');", 'http.js': "const x = require('acme'); const http = x.create({ timeout: 5 }); module.exports = { http, other: 1 };" }, 'http.js'],
    ['a member of module.exports', { 'a.js': "const db = require('./http'); exports.run = () => db.http.get('/');", 'http.js': "const x = require('acme'); module.exports.http = x.create({ timeout: 5 });" }, 'http.js'],
    ['exports that are filled later', { 'a.js': "const db = require('./http'); exports.run = () => db.http.get('/');", 'http.js': "const x = require('acme'); const db = {}; db.http = x.create({ timeout: 5 }); module.exports = db;" }, 'http.js'],
    ['an export of compiled code', { 'a.js': "\"use strict\"; Object.defineProperty(exports, '__esModule', { value: true }); const http_1 = require('./http'); exports.run = () => http_1.default.get('/');", 'http.js': "const x = require('acme'); exports.default = x.create({ timeout: 5 });" }, 'http.js'],
    ['a default that is exported again', { 'a.ts': "import { http } from './index'; export const run = () => http.get('/');", 'index.ts': "export { default as http } from './http';", 'http.ts': HTTP }],
    ['a default of a default', { 'a.ts': "import http from './index'; export const run = () => http.get('/');", 'index.ts': "export { default } from './http';", 'http.ts': HTTP }],
    ['a namespace that is exported again', { 'a.ts': "import { clients } from './index'; export const run = () => clients.http.get('/');", 'index.ts': "export * as clients from './http';", 'http.ts': HTTP }],
    ['a namespace that is imported and exported', { 'a.ts': "import { clients } from './index'; export const run = () => clients.http.get('/');", 'index.ts': "import * as clients from './http'; export { clients };", 'http.ts': HTTP }],
    ['an object of imports', { 'a.ts': "import clients from './index'; export const run = () => clients.http.get('/');", 'index.ts': "import { http } from './http'; export default { http };", 'http.ts': HTTP }],
  ])('%s', async (_name, files, file = 'http.ts') => expect(await boundsOf(files)).toEqual([`${file} 5`]));
});

describe('packages of a workspace', () => {
  const RUN = { 'apps/web/a.ts': "import { http } from '@acme/http'; export const run = () => http.get('/');" };
  it.each<[string, Record<string, string>, string?]>([
    ['main in a folder that is built', { 'packages/http/package.json': '{ "name": "@acme/http", "main": "./dist/index.js" }', 'packages/http/src/index.ts': HTTP }],
    ['main of another name', { 'packages/http/package.json': '{ "name": "@acme/http", "main": "lib/main.js" }', 'packages/http/src/main.ts': HTTP }, 'packages/http/src/main.ts'],
    ['a folder that the compiler options name', { 'packages/http/package.json': '{ "name": "@acme/http", "main": "target/index.js" }', 'packages/http/tsconfig.json': '{ "compilerOptions": { "outDir": "./target", "rootDir": "./source" } }', 'packages/http/source/index.ts': HTTP }, 'packages/http/source/index.ts'],
    ['compiler options of a build', { 'packages/http/package.json': '{ "name": "@acme/http", "main": "target/index.js" }', 'packages/http/tsconfig.build.json': '{ "compilerOptions": { "outDir": "target", "rootDir": "code" } }', 'packages/http/code/index.ts': HTTP }, 'packages/http/code/index.ts'],
    ['types beside it', { 'packages/http/package.json': '{ "name": "@acme/http", "types": "./src/main.ts" }', 'packages/http/src/main.ts': HTTP }, 'packages/http/src/main.ts'],
    ['exports as text', { 'packages/http/package.json': '{ "name": "@acme/http", "exports": "./dist/entry.js" }', 'packages/http/src/entry.ts': HTTP }, 'packages/http/src/entry.ts'],
    ['exports with conditions', { 'packages/http/package.json': '{ "name": "@acme/http", "exports": { ".": { "types": "./dist/entry.d.ts", "import": "./dist/entry.mjs", "require": "./dist/entry.cjs" } } }', 'packages/http/src/entry.ts': HTTP }, 'packages/http/src/entry.ts'],
    ['nested conditions', { 'packages/http/package.json': '{ "name": "@acme/http", "exports": { ".": { "node": { "import": { "default": "./dist/esm/entry.js" } } } } }', 'packages/http/src/entry.ts': HTTP }, 'packages/http/src/entry.ts'],
    ['imports of a member', { 'packages/http/package.json': '{ "name": "@acme/http" }', 'packages/http/index.ts': HTTP }, 'packages/http/index.ts'],
  ])('%s', async (_name, files, file = 'packages/http/src/index.ts') => expect(await boundsOf({ ...RUN, ...files })).toEqual([`${file} 5`]));

  const DEEP = { 'apps/web/a.ts': "import { http } from '@acme/http/client'; export const run = () => http.get('/');" };
  it.each<[string, Record<string, string>, string]>([
    ['a file', { 'packages/http/package.json': '{ "name": "@acme/http" }', 'packages/http/client.ts': HTTP }, 'packages/http/client.ts'],
    ['a file of the sources', { 'packages/http/package.json': '{ "name": "@acme/http" }', 'packages/http/src/client.ts': HTTP }, 'packages/http/src/client.ts'],
    ['an entry of exports', { 'packages/http/package.json': '{ "name": "@acme/http", "exports": { "./client": { "import": "./dist/http/client.js" } } }', 'packages/http/src/http/client.ts': HTTP }, 'packages/http/src/http/client.ts'],
    ['a pattern of exports', { 'packages/http/package.json': '{ "name": "@acme/http", "exports": { "./*": "./dist/parts/*.js" } }', 'packages/http/src/parts/client.ts': HTTP }, 'packages/http/src/parts/client.ts'],
    ['a pattern with a longer match', { 'packages/http/package.json': '{ "name": "@acme/http", "exports": { "./*": "./dist/*.js", "./cl*": "./dist/inner/cl*.js" } }', 'packages/http/src/inner/client.ts': HTTP, 'packages/http/src/client.ts': 'export const http = 1;' }, 'packages/http/src/inner/client.ts'],
  ])('a part: %s', async (_name, files, file) => expect(await boundsOf({ ...DEEP, ...files })).toEqual([`${file} 5`]));

  it('a package without a scope', async () => {
    expect(await boundsOf({ 'apps/web/a.ts': "import { http } from 'shared'; export const run = () => http.get('/');", 'packages/http/package.json': '{ "name": "shared" }', 'packages/http/src/index.ts': HTTP })).toEqual(['packages/http/src/index.ts 5']);
  });

  it('names of its own, which its imports give', async () => {
    expect(await boundsOf({ 'packages/http/package.json': '{ "name": "@acme/http", "imports": { "#lib/*": "./dist/lib/*.js" } }', 'packages/http/src/a.ts': "import { http } from '#lib/http'; export const run = () => http.get('/');", 'packages/http/src/lib/http.ts': HTTP })).toEqual(['packages/http/src/lib/http.ts 5']);
  });
});

describe('paths of tsconfig', () => {
  it.each<[string, Record<string, string>, string]>([
    ['of a base that is extended', { 'tsconfig.base.json': '{ "compilerOptions": { "baseUrl": ".", "paths": { "@lib/*": ["libs/*/src"] } } }', 'apps/web/tsconfig.json': '{ "extends": "../../tsconfig.base.json" }', 'apps/web/src/a.ts': "import { http } from '@lib/http'; export const run = () => http.get('/');", 'libs/http/src/index.ts': HTTP }, 'libs/http/src/index.ts'],
    ['of a base of a base', { 'tsconfig.base.json': '{ "compilerOptions": { "baseUrl": ".", "paths": { "@lib/*": ["libs/*/src"] } } }', 'apps/tsconfig.json': '{ "extends": "../tsconfig.base" }', 'apps/web/tsconfig.json': '{ "extends": "../tsconfig.json" }', 'apps/web/src/a.ts': "import { http } from '@lib/http'; export const run = () => http.get('/');", 'libs/http/src/index.ts': HTTP }, 'libs/http/src/index.ts'],
    ['of several that are extended', { 'paths.json': '{}', 'tsconfig.paths.json': '{ "compilerOptions": { "paths": { "@lib/*": ["./libs/*"] } } }', 'tsconfig.strict.json': '{ "compilerOptions": { "strict": true } }', 'tsconfig.json': '{ "extends": ["./tsconfig.paths.json", "./tsconfig.strict.json"] }', 'src/a.ts': "import { http } from '@lib/http'; export const run = () => http.get('/');", 'libs/http.ts': HTTP }, 'libs/http.ts'],
    ['of another tsconfig of the folder', { 'tsconfig.json': '{ "references": [{ "path": "./tsconfig.app.json" }] }', 'tsconfig.app.json': '{ "compilerOptions": { "paths": { "~lib/*": ["./src/lib/*"] } } }', 'src/a.ts': "import { http } from '~lib/http'; export const run = () => http.get('/');", 'src/lib/http.ts': HTTP }, 'src/lib/http.ts'],
    ['with the template of the folder', { 'tsconfig.json': '{ "compilerOptions": { "paths": { "@lib/*": ["${configDir}/src/lib/*"] } } }', 'src/a.ts': "import { http } from '@lib/http'; export const run = () => http.get('/');", 'src/lib/http.ts': HTTP }, 'src/lib/http.ts'],
    ['an exact name', { 'tsconfig.json': '{ "compilerOptions": { "baseUrl": "./", "paths": { "@http": ["src/lib/http.ts"] } } }', 'src/a.ts': "import { http } from '@http'; export const run = () => http.get('/');", 'src/lib/http.ts': HTTP }, 'src/lib/http.ts'],
    ['a star alone', { 'tsconfig.json': '{ "compilerOptions": { "baseUrl": ".", "paths": { "*": ["src/*"] } } }', 'src/a.ts': "import { http } from 'lib/http'; export const run = () => http.get('/');", 'src/lib/http.ts': HTTP }, 'src/lib/http.ts'],
  ])('%s', async (_name, files, file) => expect(await boundsOf(files)).toEqual([`${file} 5`]));
});
