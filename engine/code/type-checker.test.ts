import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { typeChecker } from './type-checker';
import type { DeclaredType, TypeAnswers } from './type-source';

// Each workspace loads the libraries of TypeScript.
vi.setConfig({ testTimeout: 60_000 });

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const PACKAGES = {
  'node_modules/pg/package.json': '{ "name": "pg", "version": "8.0.0", "types": "lib/index.d.ts" }',
  'node_modules/pg/lib/index.d.ts': 'export declare class Pool { query(text: string): Promise<void> }\nexport declare namespace Deep { interface Client { query(): void } }',
  'node_modules/@types/acme__store/index.d.ts': 'export interface Store { get(): void }',
  'node_modules/@types/node/index.d.ts': "declare module 'http' { class Server { close(): void } }",
};

async function ask(text: string, at: readonly string[], files: Readonly<Record<string, string>> = PACKAGES): Promise<TypeAnswers> {
  const folder = mkdtempSync(join(tmpdir(), 'types-'));
  folders.push(folder);
  for (const [path, content] of Object.entries({ 'src/a.ts': text, ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const spans = at.map((part) => [text.lastIndexOf(part), text.lastIndexOf(part) + part.length] as const);
  return typeChecker(folder.replaceAll('\\', '/'))([{ path: 'src/a.ts', text, spans }]);
}

async function typesOf(text: string, ...at: string[]): Promise<readonly (readonly DeclaredType[])[] | undefined> {
  return (await ask(text, at)).types.get('src/a.ts');
}

describe('the type checker', () => {
  it('names the package that declares a class', async () => {
    expect(await typesOf("declare const pool: import('pg').Pool | undefined;\npool?.query('');", 'pool')).toEqual([[{ package: 'pg', name: ['Pool'] }]]);
  });

  it('names what is awaited, and a type parameter by its constraint', async () => {
    const text = "declare function open(): Promise<import('pg').Pool>;\nexport async function run<T extends import('pg').Pool>(given: T) {\n  (await open()).query('');\n  given.query('');\n}";
    expect(await typesOf(text, '(await open())', 'given')).toEqual([[{ package: 'pg', name: ['Pool'] }], [{ package: 'pg', name: ['Pool'] }]]);
  });

  it('names namespaces, scopes and modules of Node', async () => {
    const text = "declare const deep: import('pg').Deep.Client, store: import('@acme/store').Store, server: import('http').Server;\n[deep, store, server];";
    expect(await typesOf(text, 'deep', 'store', 'server')).toEqual([[{ package: 'pg', name: ['Deep', 'Client'] }], [{ package: '@acme/store', name: ['Store'] }], [{ package: 'http', name: ['Server'] }]]);
  });

  it('names the types of a union that one package declares', async () => {
    const text = "declare const either: import('pg').Pool | import('pg').Deep.Client;\neither.query('');";
    expect((await typesOf(text, 'either'))?.[0]?.map(({ name }) => name.join('.')).sort()).toEqual(['Deep.Client', 'Pool']);
  });

  it('names nothing for a class itself, a type of the project or one of two', async () => {
    const text = "import { Pool } from 'pg';\nclass Own { query() {} }\ndeclare const own: Own, either: Pool | Own;\n[Pool, own, either];";
    expect(await typesOf(text, 'Pool', 'own', 'either')).toEqual([[], [], []]);
  });

  it('asks nothing where no packages are installed', async () => {
    const { types, problems, withoutPackages } = await ask('pool.query();', ['pool'], {});
    expect([types.size, problems, withoutPackages]).toEqual([0, [], 1]);
  });

  it('says that compiler options cannot be read', async () => {
    const { types, problems } = await ask('pool.query();', ['pool'], { ...PACKAGES, 'tsconfig.json': '{ "compilerOptions": ' });
    expect(types.size).toBe(0);
    expect(problems).toMatchObject([{ file: 'tsconfig.json', extent: 'in-part' }]);
  });
});
