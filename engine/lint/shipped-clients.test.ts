import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIGURATIONS, loadConfigurations, type Configurations } from './configurations';

const entry = (name: string): Record<string, unknown> => ({ package: name, role: 'rpc', sources: [`${name} 1.0.0 index.js`] });
const json = (value: unknown): string => JSON.stringify(value);
const app = (...names: readonly string[]): string => json({ name: 'app', dependencies: Object.fromEntries(names.map((name) => [name, '^1.0.0'])) });

async function load(files: Readonly<Record<string, string>>, previous: Configurations = DEFAULT_CONFIGURATIONS): Promise<Configurations> {
  return loadConfigurations({
    files: Object.keys(files).filter((path) => !path.includes('node_modules')),
    above: [],
    read: (path) => files[path],
    stampOf: (path) => files[path],
    rules: [],
    severities: new Map(),
    previous,
  });
}

const names = ({ clients }: Configurations): string[] => clients.map((client) => client.package).sort();
const problems = ({ problems: list }: Configurations): string[] => list.map(({ file, message }) => `${file}: ${message}`);

describe('clients that packages describe themselves', () => {
  it('are taken from the package.json of an installed package, or from the file that it names', async () => {
    const set = await load({
      'package.json': app('acme-rpc', '@acme/store'),
      'node_modules/acme-rpc/package.json': json({ name: 'acme-rpc', holdfast: { clients: [entry('acme-rpc')] } }),
      'node_modules/@acme/store/package.json': json({ name: '@acme/store', holdfast: { clients: './holdfast/clients.yaml' } }),
      'node_modules/@acme/store/holdfast/clients.yaml': "- { package: '@acme/store', role: sql, sources: ['@acme/store 1.0.0 index.js'] }\n",
    });
    expect(problems(set)).toEqual([]);
    expect(names(set)).toEqual(['@acme/store', 'acme-rpc']);
    expect(set.isPresent).toBe(false);
  });

  it('are looked for in the nearest node_modules, and only where a package.json of the workspace names the package', async () => {
    const set = await load({
      'packages/a/package.json': app('acme-rpc'),
      'package.json': app(),
      'node_modules/acme-rpc/package.json': json({ holdfast: { clients: [{ ...entry('acme-rpc'), title: 'far' }] } }),
      'packages/a/node_modules/acme-rpc/package.json': json({ holdfast: { clients: [{ ...entry('acme-rpc'), title: 'near' }] } }),
      'node_modules/other/package.json': json({ holdfast: { clients: [entry('other')] } }),
    });
    expect(set.clients.map((client) => client.title)).toEqual(['near']);
  });

  it('give way to those of the configuration', async () => {
    const set = await load({
      'package.json': app('acme-rpc'),
      'holdfast.yaml': 'clients: [{ package: acme-rpc, title: mine, role: rpc, sources: [acme-rpc 1.0.0 index.js] }]\n',
      'node_modules/acme-rpc/package.json': json({ holdfast: { clients: [entry('acme-rpc')] } }),
    });
    expect(set.clients.map((client) => client.title)).toEqual(['mine']);
  });

  it('of a package of the workspace are taken as well, and do not cut its folder off from the configuration above', async () => {
    const set = await load({
      'package.json': app(),
      'holdfast.yaml': 'budgets: { http: 3s }\n',
      'packages/billing/package.json': json({ name: '@shop/billing', holdfast: { clients: [entry('@shop/billing')] } }),
    });
    expect(names(set)).toEqual(['@shop/billing']);
    expect(set.of('packages/billing/src/a.ts').budgets.http).toBe(3_000);
  });

  it('that are wrong are named with their place, and the rest still holds', async () => {
    const set = await load({
      'package.json': app('a', 'b', 'c', 'd', 'e'),
      'node_modules/a/package.json': json({ holdfast: { clients: [entry('a'), { ...entry('a'), rolle: 'x' }] } }),
      'node_modules/b/package.json': json({ holdfast: { clients: '../../secret.yaml' } }),
      'node_modules/c/package.json': json({ holdfast: { clients: 'run.js' } }),
      'node_modules/d/package.json': json({ holdfast: { clients: 'gone.yaml' } }),
      'node_modules/e/package.json': '{ "holdfast": ',
      'node_modules/c/run.js': 'throw new Error()',
      'secret.yaml': '[]',
    });
    expect(names(set)).toEqual(['a']);
    expect(problems(set)).toEqual([
      'node_modules/a/package.json: there is no setting `rolle` in `clients`',
      'node_modules/b/package.json: `../../secret.yaml` is no YAML or JSON file inside this package',
      'node_modules/c/package.json: `run.js` is no YAML or JSON file inside this package',
      'node_modules/d/package.json: there is no file `gone.yaml` in this package',
    ]);
  });

  it('describe the package alone: what it says of another one is left out', async () => {
    const set = await load({ 'package.json': app('a'), 'node_modules/a/package.json': json({ holdfast: { clients: [entry('axios'), { ...entry('a'), aliases: ['a/next', 'pg'] }] } }) });
    expect(names(set)).toEqual([]);
    expect(problems(set)).toEqual(['node_modules/a/package.json: `a` describes `axios`, which is another package', 'node_modules/a/package.json: `a` describes `pg`, which is another package']);
  });

  it('are read again only when a package.json, a lock file or their own file changes', async () => {
    const files = { 'package.json': app('a'), 'node_modules/a/package.json': json({ holdfast: { clients: 'c.yaml' } }), 'node_modules/a/c.yaml': json([entry('a')]) };
    const first = await load(files);
    expect(await load(files, first)).toBe(first);
    expect(names(await load({ ...files, 'node_modules/a/c.yaml': '[]' }, first))).toEqual([]);
    expect(names(await load({ ...files, 'package.json': app() }, first))).toEqual([]);
    expect(await load({ ...files, 'package-lock.json': '{}' }, first)).not.toBe(first);
  });

  it('that are too large, or too many, cost nothing', async () => {
    const large = await load({ 'package.json': app('a'), 'node_modules/a/package.json': json({ holdfast: { clients: [entry('a')] }, text: 'x'.repeat(600_000) }) });
    expect(names(large)).toEqual([]);
    const many = await load({ 'package.json': app('a'), 'node_modules/a/package.json': json({ holdfast: { clients: Array.from({ length: 300 }, (_, index) => ({ ...entry('a'), package: `a/${index}` })) } }) });
    expect(many.clients.length).toBe(200);
  });
});
