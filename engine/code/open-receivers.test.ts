import { describe, expect, it } from 'vitest';
import { compileCatalog } from '../catalog';
import { methodNames } from './method-names';
import { openReceivers } from './open-receivers';

const catalog = compileCatalog();
const names = methodNames(catalog);
const texts = (text: string): (readonly string[])[] => openReceivers('src/a.ts', text, catalog, names).map(({ candidates }) => candidates.map(({ inner: [start, end], rest }) => `${text.slice(start, end)} | ${rest.join('.')}`));

describe('open receivers', () => {
  it('are those of a package that nothing is known of', () => {
    expect(texts("import { open } from 'shop-data';\nconst shop = open();\nshop.query('select 1');")).toEqual([['shop | query']]);
  });

  it('are each part of a chain, without what stands around it', () => {
    expect(texts("import { open } from 'shop-data';\n(await open()).data!.query('select 1');")).toEqual([['(await open()).data | query', 'open() | data.query']]);
  });

  it('are members of a member that the catalogue says nothing of', () => {
    expect(texts("import Fastify from 'fastify';\nconst app = Fastify();\napp.redis.get('a');\napp.get('/', run);")).toEqual([['app.redis | get', 'app | redis.get']]);
  });

  it('are not those that bindings tell', () => {
    expect(texts("import { Pool } from 'pg';\nconst pool = new Pool();\nexport const run = (other: Pool) => [pool.query('a'), other.query('b')];")).toEqual([]);
  });

  it('are not those whose method no client has', () => {
    expect(texts("import { open } from 'shop-data';\nopen().toSomethingElse();")).toEqual([]);
  });

  it('end where the nesting is deeper than the stack', () => {
    expect(texts(`${'('.repeat(50_000)}a.query()${')'.repeat(50_000)}`)).toEqual([]);
  });
});

describe('method names', () => {
  const pg = catalog.library('pg');

  it('belong to an instance type', () => {
    expect(pg && names.has(pg, 'Pool', 'query')).toBe(true);
    expect(pg && names.has(pg, 'Pool', 'consume')).toBe(false);
  });
});
