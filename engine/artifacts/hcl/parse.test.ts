import { describe, expect, it } from 'vitest';
import { parseHcl, parseHclTemplate } from './parse';
import { attributeOf, walkExpression, type HclExpression } from './tree';

function expression(source: string): HclExpression | undefined {
  const file = parseHcl(`a = ${source}\n`);
  expect(file.errors).toEqual([]);
  return file.body.attributes[0]?.value;
}

/** The tree in one line, without places. */
function shape(one: HclExpression | undefined): string {
  switch (one?.kind) {
    case undefined:
      return '?';
    case 'literal':
      return JSON.stringify(one.value);
    case 'name':
      return one.name;
    case 'attribute':
      return `${shape(one.of)}.${one.name}`;
    case 'index':
      return `${shape(one.of)}[${shape(one.key)}]`;
    case 'splat':
      return `${shape(one.of)}[*]${one.then ? `>${shape(one.then)}` : ''}`;
    case 'call':
      return `${one.name}(${one.arguments.map(shape).join(' ')}${one.isExpanded ? '...' : ''})`;
    case 'conditional':
      return `(${shape(one.test)} ? ${shape(one.yes)} : ${shape(one.no)})`;
    case 'binary':
      return `(${shape(one.left)} ${one.operator} ${shape(one.right)})`;
    case 'unary':
      return `${one.operator}${shape(one.of)}`;
    case 'parentheses':
      return shape(one.of);
    case 'tuple':
      return `[${one.items.map(shape).join(' ')}]`;
    case 'object':
      return `{${one.items.map((item) => `${shape(item.key)}:${shape(item.value)}`).join(' ')}}`;
    case 'for':
      return `for ${one.names.join(',')} in ${shape(one.in)} : ${one.key ? `${shape(one.key)} => ` : ''}${shape(one.value)}${one.isGrouped ? '...' : ''}${one.if ? ` if ${shape(one.if)}` : ''}`;
    case 'template':
      return `\`${one.parts.map((part) => (part.kind === 'text' ? part.text : part.kind === 'expression' ? `<${shape(part.expression)}>` : '<%>')).join('')}\``;
  }
}

describe('expressions of HCL', () => {
  it.each([
    ['1 + 2 * 3 - 4', '((1 + (2 * 3)) - 4)'],
    ['a || b && c == d', '(a || (b && (c == d)))'],
    ['!a.b && -x < 3', '(!a.b && (-x < 3))'],
    ['-1', '-1'],
    ['1.5e3', '1500'],
    ['c ? 1 : d ? 2 : 3', '(c ? 1 : (d ? 2 : 3))'],
    ['a.b[0].c["d"]', 'a.b[0].c["d"]'],
    ['a.0.b', 'a[0].b'],
    ['a[*].b.c', 'a[*]>each item.b.c'],
    ['a.*.b[0]', 'a[*]>each item.b[0]'],
    ['f(1, x...)', 'f(1 x...)'],
    ['provider::ns::f(1)', 'provider::ns::f(1)'],
    ['[1, 2,\n 3,\n]', '[1 2 3]'],
    ['{ a = 1, "b" : 2\n c = 3 }', '{"a":1 "b":2 "c":3}'],
    ['{ (x) = 1 }', '{x:1}'],
    ['[for a, b in c : a if b]', 'for a,b in c : a if b'],
    ['{ for a in c : a => a.b... }', 'for a in c : a => a.b...'],
    ['"a${b}c$${d}%%{e}"', '`a<b>c${d}%{e}`'],
    ['"${a}"', '`<a>`'],
    ['"\\"\\n\\u00e9"', '"\\"\\né"'],
    ['"%{ if x }y%{ endif }"', '`<%>y<%>`'],
    ['<<-EOT\n    one\n      two\n    EOT', '`one\n  two\n`'],
    ['<<EOT\n  ${a}\nEOT', '`  <a>\n`'],
    ['(\n  a\n  .b\n)', 'a.b'],
    ['null', 'null'],
  ])('reads %s', (source, wanted) => {
    expect(shape(expression(source))).toBe(wanted);
  });

  it('ends at the line break outside of brackets', () => {
    const { body, errors } = parseHcl('a = b\n+ c\n');
    expect(shape(body.attributes[0]?.value)).toBe('b');
    expect(errors).toHaveLength(1);
  });

  it('knows where everything stands, in heredocs with indentation too', () => {
    const text = 'x {\n  policy = <<-EOT\n    { "a": 1 }\n  EOT\n}\n';
    const value = parseHcl(text).body.blocks[0]?.body.attributes[0]?.value;
    const part = value?.kind === 'template' ? value.parts[0] : undefined;
    expect(part && text.slice(...part.span)).toBe('{ "a": 1 }\n');
  });

  it('reads the template of a text of the JSON form at the place of that text', () => {
    const made = parseHclTemplate('${var.a}-x', [10, 20]);
    const spans = new Set<string>();
    walkExpression(made, (one) => spans.add(one.span.join()));
    expect([...spans]).toEqual(['10,20']);
  });
});

describe('files of HCL', () => {
  const source = ['# first', 'resource "a" "b" {', '  x = 1 // one', '  inner "l" {', '    y = [', '      2,', '    ]', '  }', '  z = "s"', '}', '', '/* two */', 'locals { w = 3 }', ''].join('\n');

  it('takes blanks between a function and its arguments', () => {
    const { errors, body } = parseHcl('a = try (b, 1)\nc = d\n');
    expect(errors).toEqual([]);
    expect(body.attributes.map(({ name, value }) => [name, value?.kind])).toEqual([['a', 'call'], ['c', 'name']]);
  });

  it('gives blocks, labels, attributes and comments', () => {
    const { body, comments, errors } = parseHcl(source);
    expect(errors).toEqual([]);
    expect(body.blocks.map((block) => [block.type, ...block.labels.map((label) => label.text)])).toEqual([['resource', 'a', 'b'], ['locals']]);
    expect(comments.map((comment) => comment.body)).toEqual(['first', 'one', 'two']);
    const [first] = body.blocks;
    expect(first && source.slice(...first.header)).toBe('resource "a" "b" {');
    expect(first && source.slice(...first.span).endsWith('\n}')).toBe(true);
  });

  it('reads the same with CRLF and a mark at the start', () => {
    const other = parseHcl(`\uFEFF${source.replaceAll('\n', '\r\n')}`);
    expect(other.errors).toEqual([]);
    expect(other.body.blocks[0]?.body.attributes.map((attribute) => attribute.name)).toEqual(['x', 'z']);
  });

  it('keeps an attribute that is being typed as unknown, and everything around it', () => {
    const { body, errors } = parseHcl(source.replace('x = 1 // one', 'multi_az = '));
    const [first] = body.blocks;
    expect(errors).toHaveLength(1);
    expect(first?.body.isBroken).toBe(true);
    expect(first && attributeOf(first.body, 'multi_az')).toMatchObject({ name: 'multi_az' });
    expect(first && attributeOf(first.body, 'multi_az')?.value).toBeUndefined();
    expect(first && attributeOf(first.body, 'z')?.value).toMatchObject({ value: 's' });
    expect(body.blocks).toHaveLength(2);
  });

  it('ends a block whose brace is missing where the next one begins', () => {
    const { body } = parseHcl('resource "a" "b" {\n  x = 1\n\nresource "c" "d" {\n  y = 2\n}\n');
    expect(body.blocks.map((block) => block.labels[1]?.text)).toEqual(['b', 'd']);
    expect(body.blocks.map((block) => block.body.isBroken === true)).toEqual([true, false]);
  });

  it('keeps most blocks and attributes when any one character is missing', () => {
    const text = Array.from({ length: 6 }, (_, i) => `resource "a" "r${i}" {\n  one = "x"\n  two = [1, 2]\n  three {\n    four = f(1)\n  }\n}\n`).join('\n');
    let blocks = 0;
    for (let i = 0; i < text.length; i++) {
      const { body } = parseHcl(text.slice(0, i) + text.slice(i + 1));
      blocks += Math.min(6, body.blocks.filter((block) => block.type === 'resource').length);
    }
    expect(blocks / (6 * text.length)).toBeGreaterThan(0.95);
  });

  it('gives an answer for every beginning of a text, for deep nesting and for many errors', () => {
    for (let i = 0; i < source.length; i++) expect(parseHcl(source.slice(0, i)).body.span[0]).toBe(0);
    expect(parseHcl(`a = ${'['.repeat(50_000)}`).errors.length).toBeGreaterThan(0);
    expect(parseHcl('a {\n'.repeat(5_000)).errors.length).toBeGreaterThan(0);
    expect(parseHcl('a = <<X\n'.repeat(20_000)).errors.length).toBeGreaterThan(0);
  });
});
