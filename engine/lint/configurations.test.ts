import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIGURATIONS, loadConfigurations, type Configurations } from './configurations';
import { defineRule, type Rule } from './rule';

const rule = (id: `isolation/${string}` | `fault-tolerance/${string}`, more: Partial<Rule> = {}): Rule =>
  ({
    ...defineRule({
      id,
      since: '0.1.0',
      reads: 'code',
      severity: 'warning',
      fault: 'hung',
      messages: { missing: 'x' },
      docs: { what: 'What.', why: 'Why.', fix: 'Fix.', not: 'Not.' },
      check: () => undefined,
      examples: { bad: [], good: [], unknown: [] },
    }),
    ...more,
  });

const rules: readonly Rule[] = [
  rule('fault-tolerance/require-timeout', { options: { weakMs: { type: 'duration', default: '2min', describe: 'Weak.' }, names: { type: 'strings', default: [], describe: 'Names.' } } }),
  rule('isolation/bound-pool-wait'),
];

async function load(files: Readonly<Record<string, string>>, more: Partial<Parameters<typeof loadConfigurations>[0]> = {}): Promise<Configurations> {
  return loadConfigurations({
    files: Object.keys(files).filter((path) => !path.startsWith('..')),
    above: [],
    read: (path) => files[path],
    stampOf: (path) => files[path],
    rules,
    severities: new Map(),
    previous: DEFAULT_CONFIGURATIONS,
    ...more,
  });
}

/** Problems as `file:marked text: message (nearest)`. */
async function problems(files: Readonly<Record<string, string>>): Promise<string[]> {
  return (await load(files)).problems.map(({ file, span, message, nearest }) => `${file} <${files[file]?.slice(...span) ?? ''}> ${message}${nearest === undefined ? '' : ` (${nearest})`}`);
}

describe('what a configuration sets', () => {
  it('leaves out what a folder above ignores, whatever a nearer configuration says', async () => {
    const set = await load({ 'holdfast.yaml': 'ignore: [examples/]\n', 'examples/shop/holdfast.yaml': 'extends: recommended\n' });
    expect([set.ignores('examples/shop/a.ts'), set.ignores('examples/b.ts'), set.ignores('src/a.ts')]).toEqual([true, true, false]);
  });

  it('takes a severity, a pair and a mapping for a rule, by its full id or its last part', async () => {
    const set = await load({
      'holdfast.yaml': 'rules:\n  fault-tolerance/require-timeout: [error, { weakMs: 1m30s }]\n  bound-pool-wait: off\n',
      'a/holdfast.yaml': 'rules:\n  require-timeout: { severity: info, weakMs: 500, names: [a, b] }\n',
    });
    expect(set.problems).toEqual([]);
    expect([...set.of('x.ts').severities]).toEqual([['fault-tolerance/require-timeout', 'error'], ['isolation/bound-pool-wait', 'off']]);
    expect(set.of('x.ts').options.get('fault-tolerance/require-timeout')).toEqual({ weakMs: 90_000 });
    expect([...set.of('a/b/x.ts').severities]).toEqual([['fault-tolerance/require-timeout', 'info']]);
    expect(set.of('a/b/x.ts').options.get('fault-tolerance/require-timeout')).toEqual({ weakMs: 500, names: ['a', 'b'] });
  });

  it('lets the nearest file decide alone, also one above the root', async () => {
    const files = { '../holdfast.yaml': 'budgets: { http: 1s }\nignore: [api/legacy/**]\n', 'sub/holdfast.json': '{ "budgets": { "http": "2s" } }' };
    const set = await load(files, { above: [{ path: '..', prefix: 'api' }] });
    expect(set.of('x.ts').budgets.http).toBe(1_000);
    expect(set.of('sub/deep/x.ts').budgets.http).toBe(2_000);
    expect(set.of('x.ts').budgets.query).toBe(10_000);
    expect([set.ignores('legacy/x.ts'), set.ignores('x.ts'), set.ignores('sub/legacy/x.ts')]).toEqual([true, false, false]);
  });

  it('reads JSON with comments and trailing commas, and the key of a package.json', async () => {
    const set = await load({
      'holdfast.jsonc': '{\n\t// ours\n\t"extends": "strict", /* "extends": "all" */\n\t"ignore": ["a,]", "http://x"],\n}\n',
      'p/package.json': '{ "name": "p", "holdfast": { "rules": { "require-timeout": "off" } } }',
      'q/package.json': '{ "name": "holdfast", "dependencies": { "holdfast": "1.0.0" } }',
    });
    expect(set.problems).toEqual([]);
    expect(set.of('x.ts').preset).toBe('strict');
    expect(set.of('p/x.ts').severities.get('fault-tolerance/require-timeout')).toBe('off');
    expect(set.of('q/x.ts').preset).toBe('strict');
  });

  it('follows what it extends: earlier first, its own last, overrides by glob', async () => {
    const set = await load({
      'holdfast.yaml': 'extends: [all, ./shared/base.yaml]\nrules: { require-timeout: warning }\noverrides:\n  - files: [scripts/**, "*.job.ts"]\n    rules: { require-timeout: off }\n    budgets: { attempts: 5 }\n',
      'shared/base.yaml': 'rules: { require-timeout: error, bound-pool-wait: error }\nlimits: { file: 3MB, line: 500 }\n',
    });
    expect(set.problems).toEqual([]);
    expect(set.of('x.ts').preset).toBe('all');
    expect(set.of('x.ts').limits).toEqual({ file: 3_000_000, line: 500, files: 200_000 });
    expect(set.of('x.ts').severities.get('fault-tolerance/require-timeout')).toBe('warning');
    expect(set.of('src/a.job.ts').severities.get('fault-tolerance/require-timeout')).toBe('off');
    expect(set.of('scripts/deep/a.ts').budgets.attempts).toBe(5);
    expect(set.of('scripts/deep/a.ts').severities.get('isolation/bound-pool-wait')).toBe('error');
    expect(set.files).toEqual(['holdfast.yaml', 'shared/base.yaml']);
  });

  it('puts the severities of the host above all', async () => {
    const set = await load({ 'holdfast.yaml': 'rules: { require-timeout: off }' }, { severities: new Map([['require-timeout', 'error']]) });
    expect(set.of('x.ts').severities.get('fault-tolerance/require-timeout')).toBe('error');
  });

  it('takes clients by the schema of the catalogue, and leaves out those that do not follow it', async () => {
    const set = await load({ 'holdfast.yaml': 'clients:\n  - package: acme-rpc\n    role: rpc\n    sources: [acme-rpc 1.0.0 index.js]\n    calls:\n      - { on: "", names: [call], io: rpc }\n  - package: broken\n    role: telepathy\n    sources: []\n' });
    expect(set.clients.map((entry) => entry.package)).toEqual(['acme-rpc']);
    expect(set.problems.map(({ message }) => message)).toEqual([expect.stringMatching(/^`telepathy` is no value of `role`, which takes /)]);
  });

  it('gives the same object again until a file in use changes', async () => {
    const files: Record<string, string> = { 'holdfast.yaml': 'extends: ./base.yml', 'base.yml': 'budgets: { http: 1s }' };
    const first = await load(files);
    expect(await load(files, { previous: first })).toBe(first);
    files['base.yml'] = 'budgets: { http: 2s }';
    expect((await load(files, { previous: first })).of('x').budgets.http).toBe(2_000);
  });
});

describe('what is wrong is named at its place, and the rest holds', () => {
  it('names an unknown rule with the nearest one', async () => {
    const files = { 'holdfast.yaml': 'rules:\n  fault-tolerance/require-timeouts: error\n  bound-pool-wait: error\n' };
    expect(await problems(files)).toEqual(['holdfast.yaml <fault-tolerance/require-timeouts> there is no rule `fault-tolerance/require-timeouts` (require-timeout)']);
    expect((await load(files)).of('x').severities.get('isolation/bound-pool-wait')).toBe('error');
  });

  it('names unknown settings, values, types and options', async () => {
    expect(
      await problems({
        'holdfast.yaml': 'rule: {}\nbudgets:\n  htp: 5s\n  query: soon\n  attempts: 0\nrules:\n  require-timeout: warn\n  bound-pool-wait: { severity: error, maxMs: 5 }\nignore: legacy\noverrides:\n  - rules: {}\n',
      }),
    ).toEqual([
      'holdfast.yaml <rule> there is no setting `rule` (rules)',
      'holdfast.yaml <htp> there is no setting `htp` in `budgets` (http)',
      'holdfast.yaml <soon> `soon` is no value of `query`, which takes a duration like `5s`',
      'holdfast.yaml <0> `0` is no value of `attempts`, which takes a whole number of at least 1',
      'holdfast.yaml <warn> `warn` is no value of `require-timeout`, which takes `error`, `warning`, `info`, `advice` or `off` (warning)',
      'holdfast.yaml <maxMs> there is no setting `maxMs` in `rules.bound-pool-wait`',
      'holdfast.yaml <legacy> `ignore` takes a list, not `legacy`',
      'holdfast.yaml <rules> `files` is missing here',
    ]);
  });

  it('names a preset, a file or a circle that cannot be extended', async () => {
    expect(await problems({ 'holdfast.yaml': 'extends: recomended' })).toEqual(['holdfast.yaml <recomended> there is no preset `recomended` (recommended)']);
    expect(await problems({ 'holdfast.yaml': 'extends: [./nowhere.yaml]' })).toEqual(['holdfast.yaml <./nowhere.yaml> there is no file `./nowhere.yaml`']);
    expect(await problems({ 'holdfast.yaml': 'extends: ./b.yaml', 'b.yaml': 'extends: ./holdfast.yaml' })).toEqual(['b.yaml <./holdfast.yaml> `./holdfast.yaml` extends this file in a circle']);
    expect(await problems({ 'holdfast.yaml': 'extends: /etc/passwd' })).toEqual(['holdfast.yaml </etc/passwd> `/etc/passwd` is no path relative to this file']);
  });

  it('names syntax errors and keeps what was understood', async () => {
    const files = { 'holdfast.yaml': 'rules:\n  require-timeout: error\nbudgets: { http: 1s\n' };
    const found = await load(files);
    expect(found.problems.map(({ message }) => message)).toEqual([expect.stringMatching(/^not valid YAML: /)]);
    expect(found.of('x').severities.get('fault-tolerance/require-timeout')).toBe('error');
    expect((await problems({ 'holdfast.json': '{ "rules": ' }))[0]).toMatch(/not valid JSON: /);
  });

  it('refuses patterns that nobody could want, and keeps the others', async () => {
    const files = { 'holdfast.yaml': `ignore: [legacy, ${'a'.repeat(1_001)}]\noverrides:\n  - files: ["*a*a*a*a*a*", b.ts]\n    budgets: { attempts: 7 }\n` };
    expect(await problems(files)).toEqual([`holdfast.yaml <${'a'.repeat(1_001)}> this pattern has more than 1,000 characters`, 'holdfast.yaml <"*a*a*a*a*a*"> this pattern has too many stars']);
    const set = await load(files);
    expect([set.ignores('legacy/a.ts'), set.of('b.ts').budgets.attempts]).toEqual([true, 7]);
  });

  it('never throws: not on any prefix of a file, nor on aliases that contain themselves', async () => {
    const text = 'extends: strict\nrules: &r\n  require-timeout: [error, { weakMs: 1m }]\n  bound-pool-wait: *r\noverrides:\n  - files: ["a"]\n    rules: *r\nclients:\n  - *r\n';
    for (let end = 0; end <= text.length; end++) expect(await load({ 'holdfast.yaml': text.slice(0, end) })).toBeDefined();
    expect(await load({ 'holdfast.yaml': 'rules: &a { require-timeout: *a }' })).toBeDefined();
    expect(await load({ 'holdfast.yaml': '- a\n- b\n' })).toBeDefined();
    expect(await load({ 'holdfast.yaml': '' })).toBeDefined();
  });
});
