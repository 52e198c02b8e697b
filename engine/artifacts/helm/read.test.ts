import { describe, expect, it } from 'vitest';
import { readHelm, recogniseHelm } from './read';

describe('files of a chart', () => {
  it('are known by their names', () => {
    for (const path of ['Chart.yaml', 'a/Chart.yml', 'a/values.yaml', 'values-prod.yaml', 'a/values.production.yaml', 'a/values/prod-values.yaml', 'values_live.yml']) expect([path, recogniseHelm(path)]).toEqual([path, true]);
    for (const path of ['a/ci/default-values.yaml', 'a/templates/values.yaml', 'a/test/values.yaml', 'myvalues.yaml', 'values.json', 'a/Charts.yaml', 'values/prod.yaml']) expect([path, recogniseHelm(path)]).toEqual([path, false]);
  });

  it('say name, fields and dependencies', () => {
    const text = 'apiVersion: v2\nname: shop\ntype: library\nversion: 1.0.0\nappVersion: "2"\ndependencies:\n  - name: db\n    alias: store\n    condition: store.enabled, db.enabled\n    repository: file://../db\n  - name: far\n    import-values: [x]\n';
    expect(readHelm('c/Chart.yaml', text).facts).toMatchObject({
      part: 'chart', name: 'shop', isLibrary: true, fields: { version: '1.0.0', appVersion: '2' },
      dependencies: [{ name: 'db', alias: 'store', folder: '../db', conditions: ['store.enabled', 'db.enabled'], importsValues: false }, { name: 'far', conditions: [], importsValues: true }],
    });
  });

  it('give each value with its type and place', () => {
    const text = 'a: 1\nb: {c: yes, d: "yes"}\ne:\n  - 0755\n  - null\n  - 1.5\nf: &x {g: 2020-01-01}\nh: *x\n';
    const { facts } = readHelm('c/values.yaml', text);
    if (facts.part !== 'values' || facts.root?.kind !== 'map') throw new Error('no values');
    const plain = (node: typeof facts.root | undefined): unknown => JSON.parse(JSON.stringify(node, (key, value: unknown) => (key === 'span' || key === 'isFloat' ? undefined : value)));
    const scalar = (value: unknown): unknown => ({ kind: 'scalar', value });
    expect(plain(facts.root)).toEqual({
      kind: 'map',
      entries: [
        ['a', scalar(1)], ['b', { kind: 'map', entries: [['c', scalar(true)], ['d', scalar('yes')]] }], ['e', { kind: 'list', items: [scalar(493), scalar(null), scalar(1.5)] }],
        ['f', { kind: 'map', entries: [['g', scalar('2020-01-01')]] }], ['h', { kind: 'map', entries: [['g', scalar('2020-01-01')]] }],
      ],
    });
    expect(text.slice(...(facts.root.entries[0]?.[1].span ?? [0, 0]))).toBe('a: 1');
  });

  it('are empty or unknown where there is nothing to read', () => {
    expect(readHelm('values.yaml', '# none\n').facts).toMatchObject({ root: { kind: 'map', entries: [] } });
    for (const text of ['a: [', '- a\n', 'a', '\0']) expect(readHelm('values.yaml', text).facts).not.toHaveProperty('root');
    expect(readHelm('Chart.yaml', '- a\n').facts).toMatchObject({ part: 'chart', name: '', dependencies: [] });
  });
});
