import { describe, expect, it } from 'vitest';
import type { LibraryEntry } from '../../catalog/schema';
import { linkFiles } from '../../test/lint-files';
import { compileCatalog } from '../catalog';
import type { ResolvedEntity } from './project';

const acme: LibraryEntry = {
  package: 'acme',
  role: 'http',
  sources: ['made up for tests'],
  constructs: [{ make: ['create', 'Client'], form: 'either', instance: 'Client', options: 0, isLongLived: true }],
  calls: [{ on: 'Client', names: ['get'], io: 'http', options: 1, target: 0 }],
};
const catalog = compileCatalog([acme]);

/** What the function `run` of `a.ts` calls, and `file:name` of a function of the project. */
async function calledIn(files: Readonly<Record<string, string>>): Promise<string[]> {
  const { code, resolve } = await linkFiles(files, catalog);
  const nameOf = (file: string, id: number): string => `${file}:${code.files.find(({ path }) => path === file)?.facts.functions[id]?.name ?? id}`;
  const show = (resolved: ResolvedEntity): string => {
    switch (resolved.kind) {
      case 'function':
        return nameOf(resolved.file, resolved.id);
      case 'functions':
        return resolved.all.map(({ file, id }) => nameOf(file, id)).join(' or ');
      case 'instance':
        return `${resolved.library.title} ${resolved.instance}.${resolved.path.join('.')}`;
      case 'client':
        return `client of ${resolved.client.file}.${resolved.path.join('.')}`;
      default:
        return resolved.kind;
    }
  };
  const a = code.files.find(({ path }) => path === 'a.ts');
  const run = a?.facts.functions.find(({ name }) => name === 'run');
  const made = (a?.calls ?? []).filter(({ fact }) => fact.function === run?.id).map(({ instance, fact }) => `${instance}.${fact.calleeText}`);
  return [...(run?.calls ?? []).map((entity) => show(resolve('a.ts', entity))), ...made];
}

const IMPLEMENTATION = "import type { Store } from './store';\nexport class SqlStore implements Store {\n  async find(id: string) { return id; }\n}\n";
const STORE = 'export interface Store {\n  find(id: string): Promise<string>;\n}\n';
const STORES = { 'store.ts': STORE, 'sql-store.ts': IMPLEMENTATION };
const FIND = ['sql-store.ts:find'];

describe('a method of an interface is that of the only class that implements it', () => {
  it.each<[string, Record<string, string>, readonly string[]]>([
    ['a parameter', { 'a.ts': "import type { Store } from './store';\nexport async function run(store: Store) { await store.find('1'); }" }, FIND],
    ['an injected field', { 'a.ts': "import { Store } from './store';\nexport class A { constructor(private readonly store: Store) {} async run() { await this.store.find('1'); } }" }, FIND],
    ['a field that the constructor fills', { 'a.ts': "import { Store } from './store';\nexport class A { private store: Store; constructor(store: Store) { this.store = store; } async run() { await this.store.find('1'); } }" }, FIND],
    ['an interface of interfaces', { 'stores.ts': "import type { Store } from './store';\nexport interface Stores { orders: Store; }", 'a.ts': "import type { Stores } from './stores';\nexport async function run(stores: Stores) { await stores.orders.find('1'); }" }, FIND],
    ['a part of it, taken apart', { 'stores.ts': "import type { Store } from './store';\nexport interface Stores { orders: Store; names: string[]; }", 'a.ts': "import type { Stores } from './stores';\nexport class A { private orders: Stores['orders']; constructor({ orders }: Pick<Stores, 'orders' | 'names'>) { this.orders = orders; } async run() { await this.orders.find('1'); } }" }, FIND],
    ['a field without a type, filled from a part', { 'stores.ts': "import type { Store } from './store';\nexport interface Stores { orders: Store; }", 'a.ts': "import type { Stores } from './stores';\nexport class A { private orders; constructor({ orders }: Pick<Stores, 'orders'>) { this.orders = orders; } async run() { await this.orders.find('1'); } }" }, FIND],
    ['an object type in place', { 'a.ts': "import type { Store } from './store';\nexport async function run({ store, name }: { store: Store; name: string }) { name.trim(); await store.find(name); }" }, FIND],
    ['an object type with a name', { 'a.ts': "import type { Store } from './store';\ntype Context = { store: Store };\nexport async function run(context: Context) { await context.store.find('1'); }" }, FIND],
    ['an object type of another file', { 'context.ts': "import type { Store } from './store';\nexport type Context = { store: Store };", 'a.ts': "import type { Context } from './context';\nexport async function run({ store }: Context) { await store.find('1'); }" }, FIND],
    ['two types at once', { 'more.ts': "import type { Store } from './store';\nexport interface More { orders: Store; }\nexport interface Other { names: string[]; }", 'a.ts': "import type { More, Other } from './more';\nexport async function run({ orders }: Pick<Other, 'names'> & Pick<More, 'orders'>) { await orders.find('1'); }" }, FIND],
    ['another name', { 'alias.ts': "import type { Store } from './store';\nexport type Orders = Store;", 'a.ts': "import type { Orders } from './alias';\nexport async function run(store: Orders) { await store.find('1'); }" }, FIND],
    ['a barrel', { 'index.ts': "export * from './store';", 'a.ts': "import type { Store } from './index';\nexport async function run(store: Store) { await store.find('1'); }" }, FIND],
    ['a renamed re-export', { 'index.ts': "export type { Store as Orders } from './store';", 'a.ts': "import type { Orders } from './index';\nexport async function run(store: Orders) { await store.find('1'); }" }, FIND],
    ['a namespace', { 'a.ts': "import type * as types from './store';\nexport async function run(store: types.Store) { await store.find('1'); }" }, FIND],
    ['a default export', { 'store.ts': 'interface Store { find(id: string): Promise<string> }\nexport default Store;', 'sql-store.ts': IMPLEMENTATION.replace('{ Store }', 'Store'), 'a.ts': "import Store from './store';\nexport async function run(store: Store) { await store.find('1'); }" }, FIND],
    ['an interface that extends it', { 'more.ts': "import type { Store } from './store';\nexport interface More extends Store { all(): Promise<string[]> }", 'sql-store.ts': "import type { More } from './more';\nexport class SqlStore implements More { async find(id: string) { return id; } async all() { return []; } }", 'a.ts': "import type { Store } from './store';\nexport async function run(store: Store) { await store.find('1'); }" }, FIND],
    ['what the interface inherits', { 'more.ts': "import type { Store } from './store';\nexport interface More extends Store { all(): Promise<string[]> }", 'a.ts': "import type { More } from './more';\nexport async function run(store: More) { await store.find('1'); }" }, FIND],
    ['an abstract class', { 'store.ts': 'export abstract class Store { abstract find(id: string): Promise<string>; async one() { return this.find("1"); } }', 'sql-store.ts': IMPLEMENTATION.replace('implements', 'extends').replace('import type', 'import'), 'a.ts': "import { Store } from './store';\nexport async function run(store: Store) { await store.one(); await store.find('1'); }" }, ['store.ts:one', ...FIND]],
    ['a class between', { 'base.ts': "import type { Store } from './store';\nexport abstract class Base implements Store { abstract find(id: string): Promise<string>; }", 'sql-store.ts': "import { Base } from './base';\nexport class SqlStore extends Base { async find(id: string) { return id; } }", 'a.ts': "import type { Store } from './store';\nexport async function run(store: Store) { await store.find('1'); }" }, FIND],
    ['a method that the class inherits', { 'base.ts': 'export class Base { async find(id: string) { return id; } }', 'sql-store.ts': "import { Base } from './base';\nimport type { Store } from './store';\nexport class SqlStore extends Base implements Store {}", 'a.ts': "import type { Store } from './store';\nexport async function run(store: Store) { await store.find('1'); }" }, ['base.ts:find']],
    ['a member of the interface with a library type', { 'store.ts': "import type { Client } from 'acme';\nexport interface Store { http: Client }", 'a.ts': "import type { Store } from './store';\nexport async function run(store: Store) { await store.http.get('/'); }" }, ['acme Client.get', 'Client.store.http.get']],
    ['what a function says it returns', { 'make.ts': "import type { Store } from './store';\nexport function makeStore(): Store { return load(); }", 'a.ts': "import { makeStore } from './make';\nexport async function run() { const store = makeStore(); await store.find('1'); }" }, ['make.ts:makeStore', ...FIND]],
    ['what it promises to return', { 'make.ts': "import type { Store } from './store';\nexport async function makeStore(): Promise<Store> { return load(); }", 'a.ts': "import { makeStore } from './make';\nexport async function run() { const store = await makeStore(); await store.find('1'); }" }, ['make.ts:makeStore', ...FIND]],
    ['the type of what a function gives', { 'make.ts': "import type { Store } from './store';\nexport function makeStores(): { orders: Store } { return load(); }", 'a.ts': "import { makeStores } from './make';\ntype Stores = ReturnType<typeof makeStores>;\nexport async function run(stores: Stores) { await stores.orders.find('1'); }" }, FIND],
    ['two types of one library', { 'db.ts': "import type acme from 'acme';\nimport type { Client } from 'acme';\nexport type Db = acme.Transaction | Client;", 'a.ts': "import type { Db } from './db';\nexport async function run(db: Db) { await db.get('/'); }" }, ['acme Client.get', 'Client.db.get']],
    ['a field of a library type, filled from an interface', { 'config.ts': "import type { Client } from 'acme';\nexport interface Config { http: Client; name: string }", 'a.ts': "import type { Client } from 'acme';\nimport type { Config } from './config';\nexport class A { private http: Client; constructor({ http }: Pick<Config, 'http'>) { this.http = http; } async run() { await this.http.get('/'); } }" }, ['Client.this.http.get']],
    ['all in one file', { 'a.ts': "interface Store { find(id: string): Promise<string> }\nclass SqlStore implements Store { async find(id: string) { return id; } }\nexport async function run(store: Store) { await store.find('1'); }" }, ['a.ts:find']],
    ['beside a stand-in for tests', { 'fake.ts': "import type { Store } from './store';\nexport class FakeStore implements Store { async find(id: string) { return id; } }", 'a.ts': "import type { Store } from './store';\nexport async function run(store: Store) { await store.find('1'); }" }, FIND],
    ['beside a class of a test', { 'store.test.ts': "import type { Store } from './store';\nclass OtherStore implements Store { async find(id: string) { return id; } }", 'a.ts': "import type { Store } from './store';\nexport async function run(store: Store) { await store.find('1'); }" }, FIND],
    ['the class of the same file that is extended', { 'a.ts': "class Base { async find(id: string) { return id; } }\nexport class A extends Base { async run() { await this.find('1'); await super.find('2'); } }" }, ['a.ts:find', 'a.ts:find']],
  ])('%s', async (_name, files, expected) => expect([...new Set(await calledIn({ ...STORES, ...files }))]).toEqual([...new Set(expected)]));
});

describe('several classes behind an interface', () => {
  const RUN = { 'a.ts': "import type { Store } from './store';\nexport async function run(store: Store) { await store.find('1'); }" };

  it('give one of their methods', async () => {
    const other = "import type { Store } from './store';\nexport class CacheStore implements Store { async find(id: string) { return id; } }";
    expect(await calledIn({ ...STORES, ...RUN, 'cache-store.ts': other })).toEqual(['cache-store.ts:find or sql-store.ts:find']);
  });

  it('give what they have in common', async () => {
    const base = 'export class Base { async find(id: string) { return id; } }';
    const of = (name: string): string => `import { Base } from './base';\nimport type { Store } from './store';\nexport class ${name} extends Base implements Store {}`;
    expect(await calledIn({ 'store.ts': STORE, ...RUN, 'base.ts': base, 'x.ts': of('X'), 'y.ts': of('Y') })).toEqual(['base.ts:find']);
  });

  it('say nothing where they are many', async () => {
    const files = Object.fromEntries(Array.from({ length: 14 }, (_, at) => [`s${at}.ts`, `import type { Store } from './store';\nexport class S${at} implements Store { async find(id: string) { return id; } }`]));
    expect(await calledIn({ 'store.ts': STORE, ...RUN, ...files })).toEqual(['unknown']);
  });

  it('say nothing where there is none', async () => {
    expect(await calledIn({ 'store.ts': STORE, ...RUN })).toEqual(['unknown']);
  });
});

describe('types that lead to themselves', () => {
  it.each([
    ['an interface', 'export interface Node { parent: Node; left: Node; right: Node; children: Node[]; next(): Node }\nexport async function run(node: Node) { node.parent.left.next(); }'],
    ['two interfaces', 'interface A { b: B; c: B }\ninterface B extends A { a: A; b: B }\nexport async function run(a: A) { a.b.a.b.c.x(); }'],
    ['an alias', "export type A = A | { a: A } & A;\nexport type B = Pick<B, 'x'>;\nexport async function run(a: A, b: B) { a.a.a.x(); b.x(); }"],
    ['a class', 'class A extends A { run() { this.x(); super.x(); } }'],
  ])('end: %s', async (_name, text) => {
    expect((await calledIn({ 'a.ts': text })).every((one) => one === 'unknown')).toBe(true);
  });
});
