import { expect, it } from 'vitest';
import { get, items, textOf } from '../yaml/look-up';
import { parseToml } from './tree';

it('nests tables, dotted keys and inline tables', () => {
  const { root } = parseToml('top = 1\n[a.b]\nc.d = "x"\ne = { f = [1, 2] }\n');
  expect(textOf(get(root, 'top'))).toBe('1');
  expect(textOf(get(root, 'a', 'b', 'c', 'd'))).toBe('x');
  expect(items(get(root, 'a', 'b', 'e', 'f')).map(textOf)).toEqual(['1', '2']);
});

it('gives each table of an array its own item', () => {
  const { root } = parseToml('[[s.servers]]\nurl = "a"\n[[s.servers]]\nurl = "b"\n[s.check]\npath = "/"\n');
  expect(items(get(root, 's', 'servers')).map((item) => textOf(get(item, 'url')))).toEqual(['a', 'b']);
  expect(textOf(get(root, 's', 'check', 'path'))).toBe('/');
});

it('knows where values and comments stand', () => {
  const text = '# note\nkey = "value" # why\n';
  const { root, comments } = parseToml(text);
  const node = get(root, 'key');
  expect(node && text.slice(...node.span)).toBe('"value"');
  expect(comments.map(({ body }) => body)).toEqual(['note', 'why']);
});

it('reads what stands above a syntax error', () => {
  const parsed = parseToml('a = 1\nb = \nc = 2\n');
  expect(textOf(get(parsed.root, 'a'))).toBe('1');
  expect(get(parsed.root, 'c')).toBeUndefined();
  expect(parsed.error).toBeDefined();
});

it('never throws', () => {
  for (const text of ['', '[', '= =', '\u0000', 'a = "', '[[a]]\n[a]\n', 'a.b = 1\na = 2\n']) expect(() => parseToml(text)).not.toThrow();
});
