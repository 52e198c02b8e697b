import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { applyEdits, type TextEdit } from '../../text';
import { appendDocument, appendItem, fillEmpty, insertEntry, listToMap, removeEntry, setEntry } from './edit';
import { find, get } from './look-up';
import { flowList, list, map, scalarText } from './render';
import { parseYaml, type YamlDocument, type YamlMap, type YamlPair, type YamlSequence } from './tree';

function documentOf(text: string, index = 0): YamlDocument {
  const document = parseYaml(text).documents[index];
  if (!document) throw new Error('no document');
  return document;
}

function mapAt(document: YamlDocument, ...path: (string | number)[]): YamlMap {
  const node = get(document.root, ...path);
  if (node?.kind !== 'map') throw new Error('no map');
  return node;
}

function pairAt(document: YamlDocument, ...path: (string | number)[]): YamlPair {
  const pair = find(document.root, ...path)?.pair;
  if (!pair) throw new Error('no pair');
  return pair;
}

function sequenceAt(document: YamlDocument, ...path: (string | number)[]): YamlSequence {
  const node = get(document.root, ...path);
  if (node?.kind !== 'sequence') throw new Error('no sequence');
  return node;
}

function apply(text: string, edits: TextEdit | readonly TextEdit[] | undefined): string {
  if (!edits) throw new Error('no edit');
  const result = applyEdits(text, 'span' in edits ? [edits] : edits);
  expect(result.left).toEqual([]);
  return result.text;
}

const compose = 'services:\n  web:\n    image: nginx # pinned below\n    ports:\n      - "80:80"\n      # - "81:81"\n\n  db:\n    image: postgres\n';

describe('insertEntry', () => {
  it('stands behind the line of its sibling, in the indentation of the map', () => {
    const document = documentOf(compose);
    const edit = insertEntry(compose, document, mapAt(document, 'services', 'web'), 'restart', 'unless-stopped', { after: ['image'] });
    expect(apply(compose, edit)).toBe(compose.replace('below\n', 'below\n    restart: unless-stopped\n'));
  });

  it('keeps comments that belong to the last entry with it', () => {
    const document = documentOf(compose);
    const edit = insertEntry(compose, document, mapAt(document, 'services', 'web'), 'init', true);
    expect(apply(compose, edit)).toBe(compose.replace('"81:81"\n', '"81:81"\n    init: true\n'));
  });

  it('writes nested maps and lists in the unit and dash column of the file', () => {
    const text = 'a:\n    b:\n    - x\n    c: 1\n';
    const document = documentOf(text);
    const edit = insertEntry(text, document, mapAt(document, 'a'), 'd', map({ e: list(['w', map({ f: 1, g: 'z' })]), h: flowList(['CMD', 'a b']) }));
    expect(apply(text, edit)).toBe(`${text}    d:\n        e:\n        - w\n        - f: 1\n          g: z\n        h: ["CMD", "a b"]\n`);
  });

  it('goes before the first key of a list item', () => {
    const text = 'list:\n  - name: a\n    x: 1\n';
    const document = documentOf(text);
    const edit = insertEntry(text, document, mapAt(document, 'list', 0), 'first', 1, { before: ['name'] });
    expect(apply(text, edit)).toBe('list:\n  - first: 1\n    name: a\n    x: 1\n');
  });

  it('uses flow style and JSON quotes where the map does', () => {
    const flow = 'a: {b: 1}\nc: {}\n';
    const document = documentOf(flow);
    expect(apply(flow, insertEntry(flow, document, mapAt(document, 'a'), 'd', 'x, y'))).toBe('a: {b: 1, d: "x, y"}\nc: {}\n');
    expect(apply(flow, insertEntry(flow, document, mapAt(document, 'c'), 'd', 2))).toBe('a: {b: 1}\nc: { d: 2 }\n');
    const json = '{\n  "a": {\n    "b": 1\n  }\n}';
    const jsonDocument = documentOf(json);
    expect(apply(json, insertEntry(json, jsonDocument, mapAt(jsonDocument, 'a'), 'c', 'x'))).toBe('{\n  "a": {\n    "b": 1,\n    "c": "x"\n  }\n}');
  });

  it('keeps CRLF and a missing last line break', () => {
    const text = 'a:\r\n  b: 1';
    const document = documentOf(text);
    expect(apply(text, insertEntry(text, document, mapAt(document, 'a'), 'c', map({ d: 2 })))).toBe('a:\r\n  b: 1\r\n  c:\r\n    d: 2');
  });

  it('stands behind a block scalar', () => {
    const text = 'a:\n  b: |\n    x\n\n    y\n\nz: 1\n';
    const document = documentOf(text);
    const result = apply(text, insertEntry(text, document, mapAt(document, 'a'), 'c', 3));
    expect(parse(result)).toEqual({ a: { b: 'x\n\ny\n', c: 3 }, z: 1 });
  });

  it('changes nothing else at any map of a file', () => {
    const text = [
      'x-base: &base # keep', '  restart: "no"', '  env: {A: 1, B: [1, 2]}', 'services:', '  web:', '    <<: *base', '    image: a',
      '    command: >-', '      run', '      this', '    labels:', '      a: b', '      # c: d', '  db: {image: postgres}', '  # last', 'volumes:', '  data: {}', '',
    ].join('\n');
    const document = documentOf(text);
    for (const path of [['x-base'], ['x-base', 'env'], ['services'], ['services', 'web'], ['services', 'web', 'labels'], ['services', 'db'], ['volumes'], ['volumes', 'data'], []]) {
      const target = path.length === 0 && document.root?.kind === 'map' ? document.root : mapAt(document, ...path);
      const result = apply(text, insertEntry(text, document, target, 'NEW', map({ deep: list(['v']) })));
      const expected: unknown = parse(text);
      let at = expected as Record<string, unknown>;
      for (const step of path) at = at[step] as Record<string, unknown>;
      at['NEW'] = { deep: ['v'] };
      expect(parse(result)).toEqual(expected);
      for (const line of text.split('\n')) expect(result).toContain(line.slice(0, line.indexOf('}') < 0 ? undefined : line.indexOf('}')));
    }
  });
});

describe('setEntry and removeEntry', () => {
  it('replace a scalar and keep its quotes', () => {
    const text = "a: '1'\nb: \"x\"\nc: y # c\nd:\n";
    const document = documentOf(text);
    const root = document.root as YamlMap;
    expect(apply(text, setEntry(text, document, root, 'a', "it's"))).toBe(text.replace("'1'", "'it''s'"));
    expect(apply(text, setEntry(text, document, root, 'b', 'z'))).toBe(text.replace('"x"', '"z"'));
    expect(apply(text, setEntry(text, document, root, 'c', 'no'))).toBe(text.replace('y #', '"no" #'));
    expect(apply(text, setEntry(text, document, root, 'd', 5))).toBe(text.replace('d:', 'd: 5'));
  });

  it('override a merged value in the map at hand', () => {
    const text = 'a: &a\n  x: 1\nb:\n  <<: *a\n';
    const document = documentOf(text);
    expect(apply(text, setEntry(text, document, mapAt(document, 'b'), 'x', 2))).toBe(`${text}  x: 2\n`);
  });

  it('remove an entry with the comments above it', () => {
    const text = 'a:\n  x: 1\n  # about y\n  y:\n    - 1\n  z: 2\n';
    const document = documentOf(text);
    expect(apply(text, removeEntry(text, mapAt(document, 'a'), 'y'))).toBe('a:\n  x: 1\n  z: 2\n');
    expect(apply(text, removeEntry(text, mapAt(document, 'a'), 'z'))).toBe('a:\n  x: 1\n  # about y\n  y:\n    - 1\n');
    const item = '- a: 1\n  b: 2\n';
    const itemDocument = documentOf(item);
    expect(apply(item, removeEntry(item, mapAt(itemDocument, 0), 'a'))).toBe('- b: 2\n');
    const flow = 'a: {b: 1, c: 2}';
    const flowDocument = documentOf(flow);
    expect(apply(flow, removeEntry(flow, mapAt(flowDocument, 'a'), 'c'))).toBe('a: {b: 1}');
    expect(removeEntry('a: 1', documentOf('a: 1').root as YamlMap, 'a')).toBeUndefined();
  });

  it('fill an empty value', () => {
    const text = 'volumes:\n  a:\nb: ~ # none\n';
    const document = documentOf(text);
    expect(apply(text, fillEmpty(text, document, pairAt(document, 'volumes', 'a'), 'external', true))).toBe('volumes:\n  a:\n    external: true\nb: ~ # none\n');
    expect(parse(apply(text, fillEmpty(text, document, pairAt(document, 'b'), 'c', 1)))).toEqual({ volumes: { a: null }, b: { c: 1 } });
  });
});

describe('lists and documents', () => {
  it('append an item in the style of the list', () => {
    const text = 'a:\n- x\n- y: 1\n  z: 2 # end\n  # deeper\nb: ["1", "2"]\nc: []\n';
    const document = documentOf(text);
    expect(apply(text, appendItem(text, document, sequenceAt(document, 'a'), map({ k: 1, l: 2 })))).toBe(text.replace('deeper\n', 'deeper\n- k: 1\n  l: 2\n'));
    expect(apply(text, appendItem(text, document, sequenceAt(document, 'b'), '3'))).toBe(text.replace('"2"]', '"2", "3"]'));
    expect(apply(text, appendItem(text, document, sequenceAt(document, 'c'), 'x'))).toBe(text.replace('[]', '[x]'));
  });

  it('turn a list of names into a map and keep its comments', () => {
    const child = (): readonly [string, string] => ['condition', 'service_started'];
    const block = 's:\n  depends_on: # why\n    - a # first\n    # about b\n    - "b"\n  x: 1\n';
    const blockDocument = documentOf(block);
    expect(apply(block, listToMap(block, blockDocument, pairAt(blockDocument, 's', 'depends_on'), child))).toBe(
      's:\n  depends_on: # why\n    a: # first\n      condition: service_started\n    # about b\n    b:\n      condition: service_started\n  x: 1\n',
    );
    const flush = 's:\n  depends_on:\n  - a\n';
    const flushDocument = documentOf(flush);
    expect(apply(flush, listToMap(flush, flushDocument, pairAt(flushDocument, 's', 'depends_on'), child))).toBe('s:\n  depends_on:\n    a:\n      condition: service_started\n');
    const flow = 's:\n  depends_on: [a, b] # c\n';
    const flowDocument = documentOf(flow);
    expect(parse(apply(flow, listToMap(flow, flowDocument, pairAt(flowDocument, 's', 'depends_on'), child)))).toEqual({
      s: { depends_on: { a: { condition: 'service_started' }, b: { condition: 'service_started' } } },
    });
  });

  it('append a document behind the one at hand', () => {
    const text = '---\na: 1\n# end\n---\nb: 2\n';
    const result = apply(text, appendDocument(text, documentOf(text), ['c: 3']));
    expect(parseAllDocuments(result).map((document): unknown => document.toJS())).toEqual([{ a: 1 }, { c: 3 }, { b: 2 }]);
  });
});

describe('scalarText', () => {
  it('quotes only what YAML or an older reader takes for something else', () => {
    const plain = ['unless-stopped', '35s', '512Mi', '/var/lib/data', 'a:/b', 'node index.js', '${TAG:-1}'];
    expect(plain.map(scalarText)).toEqual(plain);
    for (const text of ['no', 'On', 'true', '1', '0x1', '1e3', '22:22', '2020-01-01', '', 'a: b', 'a #b', '- a', '[a', '{a', '"a', "'a", '*a', '&a', '!a', '|', '%a', '@a', '`a', 'a:', '~', 'a\nb', ' a', 'null']) {
      expect(scalarText(text)).toBe(JSON.stringify(text));
      expect(parse(scalarText(text))).toBe(text);
    }
  });
});
