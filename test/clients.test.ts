// Clients of the user's own: the example of docs/clients.md, each shape that an entry can have, and entries that a package ships.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { workspaceOf } from './lint-example';

const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'clients.md'), 'utf8');
const block = (language: string): string => new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? '';
const configuration = block('yaml');
const code = block('ts');

/** Rules and messages of what is found in `src/a.ts`. */
async function found(files: Record<string, string>, rule = ''): Promise<string[]> {
  const result = await workspaceOf(files).lint();
  expect(result.configurationProblems).toEqual([]);
  return result.findings.filter((finding) => finding.rule.includes(rule)).map((finding) => `${finding.rule.split('/')[1] ?? ''}: ${finding.message}`);
}

describe('the example of the page', () => {
  it('is less than 25 lines', () => {
    expect(configuration.trim().split('\n').length).toBeLessThan(25);
    expect(configuration).toContain('ferrum-rpc');
  });

  it('finds what the page says, and nothing of it without the entry', async () => {
    const mine = ['require-timeout', 'bound-retries', 'require-error-listener'];
    const rulesOf = async (files: Record<string, string>): Promise<string[]> => (await found(files)).map((line) => line.split(':')[0] ?? '').filter((rule) => mine.includes(rule)).sort();
    expect(await rulesOf({ 'src/a.ts': code })).toEqual([]);
    expect(await rulesOf({ 'src/a.ts': code, 'holdfast.yaml': configuration })).toEqual([...mine].sort());
  });

  it('is silent once the limit, the attempts and the listener are there', async () => {
    const repaired = code.replace('attempts: Infinity', 'attempts: 2, deadlineMs: 2_000').replace("const app = ", "const app = express();\nconst log = ").replace('app.get(', "stock.on('error', (error) => console.error(error));\napp.get(");
    expect(repaired).not.toBe(code);
    const lines = await found({ 'src/a.ts': repaired, 'holdfast.yaml': configuration });
    expect(lines.filter((line) => /^(require-timeout|bound-retries|require-error-listener)/.test(line))).toEqual([]);
  });
});

const entry = (shape: string): string => `clients:\n  - package: acme\n    role: http\n    sources: [acme 1.0.0 index.js]\n${shape}    bounds: [{ option: limitMs, at: [call, construct], unit: ms, phases: [total], default: null, off: [0] }]\n`;
const SHAPES: readonly (readonly [string, string, (options: string) => string])[] = [
  ['a class', '    constructs: [{ make: [Client], form: new, instance: Client, options: 0 }]\n    calls: [{ on: Client, names: [get], io: http, options: 1 }]\n', (options) => `import { Client } from 'acme';\nconst client = new Client({ url: process.env.URL });\nexport const read = (id: string) => client.get(id${options});\n`],
  ['a factory', '    constructs: [{ make: [createClient], form: call, instance: Client, options: 0 }]\n    calls: [{ on: Client, names: [get], io: http, options: 1 }]\n', (options) => `import { createClient } from 'acme';\nconst client = createClient({ url: process.env.URL });\nexport const read = (id: string) => client.get(id${options});\n`],
  ['an instance that is ready made', "    calls: [{ on: '', names: [billing.charge], io: http, options: 1 }]\n", (options) => `import { billing } from 'acme';\nexport const read = (id: string) => billing.charge(id${options});\n`],
  ['a function that calls', "    calls: [{ on: '', names: [request], io: http, target: 0, options: 1 }]\n", (options) => `import { request } from 'acme';\nexport const read = (id: string) => request('http://stock/' + id${options});\n`],
  ['a module that is a function', "    calls: [{ on: '', names: [''], io: http, options: 1 }]\n", (options) => `import call from 'acme';\nexport const read = (id: string) => call(id${options});\n`],
  ['generated clients', "    constructs: [{ make: ['*Api'], form: new, instance: Api, options: 0 }]\n    calls: [{ on: Api, names: ['*'], io: http, options: 1 }]\n", (options) => `import { OrdersApi } from 'acme';\nconst orders = new OrdersApi({ basePath: process.env.URL });\nexport const read = (id: string) => orders.getOrder(id${options});\n`],
];

describe('an entry can describe', () => {
  for (const [name, shape, text] of SHAPES) {
    it(name, async () => {
      const timeouts = (options: string, yaml: string): Promise<string[]> => found({ 'src/a.ts': text(options), 'holdfast.yaml': yaml }, 'require-timeout');
      expect(await timeouts('', '')).toEqual([]);
      expect(await timeouts('', entry(shape))).toEqual([expect.stringContaining('can wait for ever')]);
      expect(await timeouts(', { limitMs: 3_000 }', entry(shape))).toEqual([]);
      expect(await found({ 'src/a.ts': text(', { limitMs: 0 }'), 'holdfast.yaml': entry(shape) }, 'no-disabled-timeout')).toHaveLength(1);
    });
  }

  it('a package of the workspace, whose own files are then not asked', async () => {
    const [, shape = '', text] = SHAPES[3] ?? [];
    const files = {
      'package.json': '{ "name": "shop", "workspaces": ["packages/*"] }',
      'packages/acme/package.json': '{ "name": "acme", "main": "index.js" }',
      'packages/api/package.json': '{ "name": "api", "dependencies": { "acme": "*" } }',
      'packages/api/src/a.ts': text?.('') ?? '',
      'holdfast.yaml': entry(shape),
    };
    expect(await found(files, 'require-timeout')).toEqual([expect.stringContaining('can wait for ever')]);
  });
});

describe('an entry that a package ships', () => {
  const shipment = (files: Record<string, string>): Record<string, string> => ({ 'package.json': '{ "name": "shop", "dependencies": { "ferrum-rpc": "^3.0.0" } }', 'src/a.ts': code, ...files });
  const installed = { 'node_modules/ferrum-rpc/package.json': block('json').replace('"ferrum-rpc",', '"ferrum-rpc", "version": "3.2.0",'), 'node_modules/ferrum-rpc/holdfast.clients.yaml': configuration };

  it('counts as one of the user, as the page shows it', async () => {
    expect(await found(shipment({}), 'require-timeout')).toEqual([]);
    expect(await found(shipment(installed), 'require-timeout')).toEqual([expect.stringContaining('can wait for ever')]);
  });

  it('is named where it is wrong, and the run goes on', async () => {
    const result = await workspaceOf(shipment({ ...installed, 'node_modules/ferrum-rpc/holdfast.clients.yaml': configuration.replace('role: rpc', 'role: telepathy') })).lint();
    expect(result.configurationProblems.map(({ file }) => file)).toEqual(['node_modules/ferrum-rpc/holdfast.clients.yaml']);
    expect(result.findings.some((finding) => finding.rule === 'fault-tolerance/require-timeout')).toBe(false);
    expect(result.failures).toEqual([]);
  });
});

describe('a limit that depends on the kind of store', () => {
  const queries = (make: string): Promise<string[]> => found({ 'src/db.ts': `${make}\nexport const read = () => db.query('select 1');\n` }, 'require-timeout');
  const sequelize = (options: string): Promise<string[]> => queries(`import { Sequelize } from 'sequelize';\nexport const db = new Sequelize({ ${options} });`);
  const typeorm = (options: string): Promise<string[]> => queries(`import { DataSource } from 'typeorm';\nexport const db = new DataSource({ ${options} });`);

  it('is asked for where there is none: PostgreSQL by its options, MySQL by none', async () => {
    expect(await sequelize("dialect: 'postgres', host: 'db'")).toEqual([expect.stringContaining('`dialectOptions.statement_timeout`')]);
    expect(await sequelize("dialect: 'mysql', host: 'db'")).toEqual([expect.stringContaining('by no default and no option')]);
    expect(await typeorm("type: 'postgres', url: process.env.URL")).toEqual([expect.stringContaining('`extra.query_timeout`')]);
    expect(await typeorm("type: 'mysql', url: process.env.URL")).toEqual([expect.stringContaining('by no default and no option')]);
  });

  it('is not asked for of a file, nor where the driver has one', async () => {
    expect(await sequelize("dialect: 'sqlite', storage: 'a.db'")).toEqual([]);
    expect(await sequelize("dialect: 'mssql', host: 'db'")).toEqual([]);
    expect(await typeorm("type: 'better-sqlite3', database: 'a.db'")).toEqual([]);
    expect(await typeorm("type: 'mssql', host: 'db'")).toEqual([]);
    expect(await found({ 'src/db.ts': "import knex from 'knex';\nexport const db = knex({ client: 'better-sqlite3', connection: { filename: 'a.db' } });\nexport const read = () => db('t').select();\n" }, 'require-timeout')).toEqual([]);
  });

  it('is taken for that of PostgreSQL where the kind is out of sight', async () => {
    expect(await sequelize('dialect: process.env.DIALECT, host: process.env.HOST')).toHaveLength(1);
    expect(await found({ 'src/db.ts': "import { Sequelize } from 'sequelize';\nexport const db = new Sequelize(process.env.DATABASE_URL);\nexport const read = () => db.query('select 1');\n" }, 'require-timeout')).toHaveLength(1);
  });

  it('that is switched off where there is one is found', async () => {
    expect(await found({ 'src/db.ts': "import { DataSource } from 'typeorm';\nexport const db = new DataSource({ type: 'mssql', host: 'db', requestTimeout: 0 });\nexport const read = () => db.query('select 1');\n" }, 'no-disabled-timeout')).toHaveLength(1);
  });
});
