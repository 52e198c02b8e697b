import { describe, expect, it } from 'vitest';
import { linkFiles } from '../../test/lint-files';
import type { LibraryEntry } from '../../catalog/schema';
import { compileCatalog } from '../catalog';

const acme: LibraryEntry = {
  package: 'acme',
  role: 'http',
  sources: ['made up for tests'],
  constructs: [{ make: ['create', 'Client'], form: 'either', instance: 'Client', options: 0, isLongLived: true }],
  calls: [{ on: 'Client', names: ['get'], io: 'http', options: 1, target: 0 }],
  bounds: [{ option: 'timeout', at: ['call', 'construct'], unit: 'ms', phases: ['total'], default: null }],
  injects: ['Inject'],
};
const catalog = compileCatalog([acme]);
const USE = "import { Inject, type Client } from 'acme';\nimport { HTTP } from './tokens';\nexport class A { constructor(@Inject(HTTP) private readonly http: Client) {} run() { return this.http.get('/'); } }";
const SYMBOL = { 'tokens.ts': "export const HTTP = Symbol('http');" };

async function boundsOf(files: Readonly<Record<string, string>>): Promise<string[]> {
  const { code } = await linkFiles(files, catalog);
  return (code.files.find(({ path }) => path === 'a.ts')?.calls ?? []).map(({ verdict }) => (verdict.kind === 'bounded' ? `bounded ${verdict.ms ?? ''}` : verdict.kind));
}

describe('a client that is injected by a token', () => {
  it.each<[string, Record<string, string>]>([
    ['a value', { ...SYMBOL, 'a.ts': USE, 'app.ts': "import x from 'acme';\nimport { HTTP } from './tokens';\nexport const providers = [{ provide: HTTP, useValue: x.create({ timeout: 5 }) }];" }],
    ['a factory', { ...SYMBOL, 'a.ts': USE, 'app.ts': "import x from 'acme';\nimport { HTTP } from './tokens';\nexport const provider = { provide: HTTP, useFactory: () => x.create({ timeout: 5 }) };" }],
    ['a factory that is a method', { ...SYMBOL, 'a.ts': USE, 'app.ts': "import x from 'acme';\nimport { HTTP } from './tokens';\nexport const provider = { provide: HTTP, async useFactory() { return x.create({ timeout: 5 }); } };" }],
    ['a factory of another file', { ...SYMBOL, 'a.ts': USE, 'make.ts': "import x from 'acme';\nexport const make = () => x.create({ timeout: 5 });", 'app.ts': "import { make } from './make';\nimport { HTTP } from './tokens';\nexport const provider = { provide: HTTP, useFactory: make };" }],
    ['a text as the token', { 'tokens.ts': "export const HTTP = 'http';", 'a.ts': USE, 'app.ts': "import x from 'acme';\nexport const provider = { provide: 'http', useFactory: () => x.create({ timeout: 5 }) };" }],
    ['a token of the same file', { 'a.ts': "import x, { Inject, type Client } from 'acme';\nconst HTTP = Symbol('http');\nexport const provider = { provide: HTTP, useValue: x.create({ timeout: 5 }) };\nexport class A { constructor(@Inject(HTTP) private readonly http: Client) {} run() { return this.http.get('/'); } }" }],
    ['a field', { ...SYMBOL, 'a.ts': USE.replace('constructor(@Inject(HTTP) private readonly http: Client) {}', '@Inject(HTTP) private readonly http: any;'), 'app.ts': "import x from 'acme';\nimport { HTTP } from './tokens';\nexport const provider = { provide: HTTP, useValue: x.create({ timeout: 5 }) };" }],
    ['a class that has one', { ...SYMBOL, 'a.ts': USE.replace('http: Client', 'http: any').replace('this.http.get', 'this.http.client.get'), 'app.ts': "import x from 'acme';\nimport { HTTP } from './tokens';\nclass Http { readonly client = x.create({ timeout: 5 }); }\nexport const provider = { provide: HTTP, useClass: Http };" }],
  ])('%s', async (_name, files) => expect(await boundsOf(files)).toEqual(['bounded 5']));

  it.each<[string, Record<string, string>]>([
    ['two that offer it', { ...SYMBOL, 'a.ts': USE, 'app.ts': "import x from 'acme';\nimport { HTTP } from './tokens';\nexport const one = { provide: HTTP, useValue: x.create({ timeout: 5 }) };\nexport const two = { provide: HTTP, useValue: x.create() };" }],
    ['none that offers it', { ...SYMBOL, 'a.ts': USE }],
    ['one that another module configures', { ...SYMBOL, 'a.ts': USE, 'app.ts': "import { HTTP } from './tokens';\nexport const one = { provide: HTTP, useFactory: (config) => config.client() };" }],
  ])('is not known: %s', async (_name, files) => expect(await boundsOf(files)).toEqual(['unknown']));
});
