import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { commentsOf } from './comments';
import { booleanOf, entries, find, get, isCut, numberOf, textOf, textsOf, valueOf } from './look-up';
import { parseYaml, type YamlNode } from './tree';

const sample = [
  'x-common: &common # shared',
  '  restart: always',
  '  labels: {a: "1", b: two}',
  'services:',
  '  web:',
  '    <<: *common',
  "    image: 'nginx:1' # a comment",
  '    command: |',
  '      echo "# no comment"',
  '      done',
  '    ports:',
  '      - "80:80"',
  '      -',
  '    environment:',
  '      EMPTY:',
  '      URL: http://a/#b',
  'list: [1, two, {three: 3}, ]',
  '',
].join('\n');

function root(text: string): YamlNode | undefined {
  return parseYaml(text).documents[0]?.root;
}

function slice(text: string, ...path: (string | number)[]): string | undefined {
  const node = get(root(text), ...path);
  return node && text.slice(...node.span);
}

describe('parseYaml', () => {
  it('gives each value its place, with quotes and brackets', () => {
    expect(slice(sample, 'services', 'web', 'image')).toBe("'nginx:1'");
    expect(slice(sample, 'x-common', 'labels')).toBe('{a: "1", b: two}');
    expect(slice(sample, 'services', 'web', 'command')).toBe('|\n      echo "# no comment"\n      done');
    expect(slice(sample, 'services', 'web', 'ports')).toBe('- "80:80"\n      -');
    expect(slice(sample, 'list')).toBe('[1, two, {three: 3}, ]');
    expect(slice(sample, 'services', 'web', 'environment')).toBe('EMPTY:\n      URL: http://a/#b');
  });

  it('marks keys and whole entries', () => {
    const found = find(root(sample), 'services', 'web', 'image');
    expect(found?.pair && sample.slice(...found.pair.key.span)).toBe('image');
    expect(found?.pair && sample.slice(...found.pair.span)).toBe("image: 'nginx:1'");
  });

  it('reads CRLF, BOM, tabs in flow and JSON', () => {
    const crlf = `\uFEFF${sample.replaceAll('\n', '\r\n')}`;
    expect(slice(crlf, 'services', 'web', 'image')).toBe("'nginx:1'");
    expect(slice('{\n\t"a": [1,\n\t\t{"b": "c"}]\n}', 'a', 1, 'b')).toBe('"c"');
  });

  it('numbers documents in their order and keeps their spans', () => {
    const text = '# head\n---\na: 1\n---\n---\nb: |\n  x\n--- # c\n[1]\n';
    const { documents, problems } = parseYaml(text);
    expect(problems).toEqual([]);
    expect(documents.map((document) => text.slice(...document.span))).toEqual(['# head\n---\na: 1\n', '---\n', '---\nb: |\n  x\n', '--- # c\n[1]\n']);
    expect(documents.map((document) => document.root?.kind)).toEqual(['map', undefined, 'map', 'sequence']);
  });

  it('notes duplicate keys and takes the last', () => {
    const { documents } = parseYaml('a: 1\nb: 2\na: 3\n');
    expect(documents[0]?.duplicates).toEqual([{ name: 'a', span: [10, 11] }]);
    expect(numberOf(get(documents[0]?.root, 'a'))).toBe(3);
  });

  it('keeps what stands above a syntax error, in that document only', () => {
    const text = 'a: 1\n---\nb: 2\nc:\n  d: 1\n   e: [\nf: 3\n---\ng: 4\n';
    const { documents, problems } = parseYaml(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ extent: 'in-part' });
    expect(problems[0]?.because).toMatch(/; lines 2-5 read$/);
    expect(numberOf(get(documents[1]?.root, 'c', 'd'))).toBe(1);
    expect(get(documents[1]?.root, 'f')).toBeUndefined();
    expect(numberOf(get(documents[2]?.root, 'g'))).toBe(4);
    const [, cut] = documents;
    const last = get(cut?.root, 'c');
    const first = get(cut?.root, 'b');
    expect(cut && last && isCut(cut, last)).toBe(true);
    expect(cut && first && isCut(cut, first)).toBe(false);
  });

  it('reads brackets that close in the column of their key, as other parsers do', () => {
    const text = 'a:\n  b: [\n    "x",\n  ]\n  c: {\n    d: 1\n  }\n  e: |\n    {\n    }\nf: [\n1\n]\n';
    const { documents, problems } = parseYaml(text);
    expect(problems).toEqual([]);
    const read = documents[0]?.root;
    expect(textOf(get(read, 'a', 'b', 0))).toBe('x');
    expect(textOf(get(read, 'a', 'e'))).toBe('{\n}\n');
    expect(numberOf(get(read, 'f', 0))).toBe(1);
    const span = get(read, 'a', 'b')?.span;
    expect(span && text.slice(...span)).toBe('[\n    "x",\n  ]');
  });

  it('moves the end of what is read up to an open quote', () => {
    const { documents, problems } = parseYaml('a: 1\nb: "open\nc: 2\nd: 3\n');
    expect(problems[0]?.because).toMatch(/lines 1-1 read$/);
    expect(numberOf(get(documents[0]?.root, 'a'))).toBe(1);
  });

  it('never throws on broken text', () => {
    const texts = [sample, '{a: [', '\0', '- - - - [[[{{{', '&a [*a]', '"', "'", '%TAG\n', '? [a]\n: b', '['.repeat(5_000), 'a: |', 'a: >-\n\n', '\t- a', '!!x &y'];
    for (const text of texts) {
      for (let i = 0; i <= 10; i++) {
        const part = text.slice(0, Math.floor((text.length * i) / 10));
        expect(() => commentsOf(part, parseYaml(part))).not.toThrow();
      }
      const lines = text.split('\n');
      for (let i = 0; i < lines.length; i++) expect(() => parseYaml(lines.toSpliced(i, 1).join('\n'))).not.toThrow();
    }
  });

  it('does not grow with the square of siblings or errors', () => {
    const many = Array.from({ length: 20_000 }, (_, i) => `key${i}: value`).join('\n');
    const started = process.cpuUsage().user;
    expect(parseYaml(many).documents[0]?.root?.kind).toBe('map');
    expect(parseYaml(`${many}\n  broken: [`).problems).toHaveLength(1);
    expect(process.cpuUsage().user - started).toBeLessThan(5_000_000);
  });
});

describe('look-ups', () => {
  it('see through merge keys and aliases and name the owner', () => {
    const found = find(root(sample), 'services', 'web', 'restart');
    expect(found?.isShared).toBe(true);
    expect(found && sample.slice(found.owner.start, found.owner.start + 7)).toBe('&common');
    expect(textOf(found?.node)).toBe('always');
    expect(find(root(sample), 'services', 'web', 'image')?.isShared).toBe(false);
    expect(entries(get(root(sample), 'services', 'web')).map((entry) => entry.name)).toEqual(['image', 'command', 'ports', 'environment', 'restart', 'labels']);
    expect(textsOf(get(root(sample), 'services', 'web', 'labels'))).toEqual({ a: '1', b: 'two' });
  });

  it('prefer own keys to merged ones and earlier merges to later', () => {
    const text = 'a: &a {x: 1, y: 1}\nb: &b {x: 2, z: 2}\nc:\n  <<: [*a, *b]\n  y: 3\n';
    expect(textsOf(get(root(text), 'c'))).toEqual({ x: '1', y: '3', z: '2' });
  });

  it('end on an alias bomb of merges', () => {
    const lines = ['a0: &a0 {x: 1}'];
    for (let i = 1; i < 40; i++) lines.push(`a${i}: &a${i} {<<: [*a${i - 1}, *a${i - 1}]}`);
    expect(textOf(get(root(lines.join('\n')), 'a39', 'x'))).toBe('1');
    expect(get(root(lines.join('\n')), 'a39', 'nowhere')).toBeUndefined();
  });

  it('type scalars by the core schema', () => {
    const text = "[1, 0x10, 1.5, true, yes, 'true', null, ~, 22:22, 0755, '', !reset null]";
    const sequence = root(text);
    const values = sequence?.kind === 'sequence' ? sequence.items.map((item) => valueOf(item)) : [];
    expect(values).toEqual([1, 16, 1.5, true, 'yes', 'true', null, null, '22:22', 755, '', undefined]);
    expect(booleanOf(get(sequence, 4))).toBe(true);
    expect(booleanOf(get(sequence, 4), false)).toBeUndefined();
    expect(numberOf(get(root('a: "3"'), 'a'))).toBe(3);
  });

  it('agree with a second parser on decoded scalars', () => {
    const text = 'a: >-\n  folded\n  text\n\n  more\nb: "q\\t\\u00e9"\nc: \'it\'\'s\'\nd: plain\n  two lines\ne: |+\n  keep\n\nf: 1\n';
    const expected: unknown = parse(text);
    const read = Object.fromEntries(entries(root(text)).map(({ name, value }) => [name, valueOf(value)]));
    expect(read).toEqual(expected);
  });
});

describe('commentsOf', () => {
  it('finds comments outside scalars only', () => {
    expect(commentsOf(sample, parseYaml(sample)).map((comment) => comment.text)).toEqual(['shared', 'a comment']);
  });

  it('finds comments between documents and at the end', () => {
    const text = '# one\na: 1 # two\n---\n  # three\nb: "# not"\n# four';
    expect(commentsOf(text, parseYaml(text)).map((comment) => comment.text)).toEqual(['one', 'two', 'three', 'four']);
  });
});
