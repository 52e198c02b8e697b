// Expressions of HCL, by recursive descent with the precedence of its specification (hashicorp/hcl, hclsyntax/spec.md).

import type { Span } from '../../text';
import { parseHeredoc, parseString } from './parse-template';
import type { Scanner } from './scanner';
import type { HclExpression, HclItem } from './tree';

const PRECEDENCE: Readonly<Record<string, number>> = { '||': 1, '&&': 2, '==': 3, '!=': 3, '<': 4, '>': 4, '<=': 4, '>=': 4, '+': 5, '-': 5, '*': 6, '/': 6, '%': 6 };

/** Name of the element inside `then` of a splat; no word of HCL has a space. */
export const EACH_ITEM = 'each item';

/** The expression at the cursor; throws HclError where there is none. Linear in its text. */
export function parseExpression(scanner: Scanner): HclExpression {
  return scanner.nested(() => {
    const test = parseBinary(scanner, 0);
    const before = scanner.position;
    scanner.skip();
    if (scanner.peek() !== '?') {
      scanner.position = before;
      return test;
    }
    scanner.position++;
    scanner.skip(true);
    const yes = parseExpression(scanner);
    scanner.skip(true);
    scanner.expect(':');
    scanner.skip(true);
    const no = parseExpression(scanner);
    return { kind: 'conditional', test, yes, no, span: [test.span[0], no.span[1]] };
  });
}

function parseBinary(scanner: Scanner, least: number): HclExpression {
  let left = parseUnary(scanner);
  for (;;) {
    const before = scanner.position;
    scanner.skip();
    const two = scanner.text.slice(scanner.position, scanner.position + 2);
    const operator = two in PRECEDENCE ? two : scanner.peek();
    const precedence = PRECEDENCE[operator] ?? 0;
    // `=>` of a `for` is no comparison, and `=` alone ends the expression.
    if (precedence === 0 || precedence <= least) {
      scanner.position = before;
      return left;
    }
    scanner.position += operator.length;
    scanner.skip(true);
    const right = parseBinary(scanner, precedence);
    left = { kind: 'binary', operator, left, right, span: [left.span[0], right.span[1]] };
  }
}

function parseUnary(scanner: Scanner): HclExpression {
  const operator = scanner.peek();
  const start = scanner.position;
  if (operator !== '!' && operator !== '-') return parsePostfix(scanner, parsePrimary(scanner));
  scanner.position++;
  scanner.skip();
  const of = scanner.nested(() => parseUnary(scanner));
  const span: Span = [start, of.span[1]];
  if (operator === '-' && of.kind === 'literal' && typeof of.value === 'number') return { kind: 'literal', value: -of.value, span };
  return { kind: 'unary', operator, of, span };
}

/** Attributes, indexes and splats behind an expression. */
function parsePostfix(scanner: Scanner, first: HclExpression): HclExpression {
  let of = first;
  for (;;) {
    const to = (): Span => [of.span[0], scanner.position];
    const before = scanner.position;
    // Between brackets a traversal may go on in the next line.
    if (scanner.depth > 0) scanner.skip();
    if (scanner.peek() !== '.') scanner.position = before;
    if (scanner.peek() === '.' && scanner.text[scanner.position + 1] !== '.') {
      scanner.position++;
      scanner.skip();
      if (scanner.peek() === '*') {
        scanner.position++;
        return splat(scanner, of, true);
      }
      const number = /^\d{1,9}/.exec(scanner.text.slice(scanner.position, scanner.position + 9));
      if (number) {
        const start = scanner.position;
        scanner.position += number[0].length;
        of = { kind: 'index', of, key: { kind: 'literal', value: Number(number[0]), span: [start, scanner.position] }, span: to() };
        continue;
      }
      const name = scanner.word() ?? scanner.fail('name expected');
      of = { kind: 'attribute', of, name, span: to() };
    } else if (scanner.peek() === '[') {
      scanner.position++;
      scanner.depth++;
      scanner.skip(true);
      if (scanner.peek() === '*') {
        scanner.position++;
        scanner.skip(true);
        scanner.expect(']');
        scanner.depth--;
        return splat(scanner, of, false);
      }
      const key = parseExpression(scanner);
      scanner.skip(true);
      scanner.expect(']');
      scanner.depth--;
      of = { kind: 'index', of, key, span: to() };
    } else {
      return of;
    }
  }
}

// What follows `[*]` is read of each element; behind `.*` only attributes are, an index takes one of the results.
function splat(scanner: Scanner, of: HclExpression, isAttributeOnly: boolean): HclExpression {
  const item: HclExpression = { kind: 'name', name: EACH_ITEM, span: [scanner.position, scanner.position] };
  let then: HclExpression = item;
  if (isAttributeOnly) {
    while (scanner.peek() === '.' && /[A-Za-z_]/.test(scanner.text[scanner.position + 1] ?? '')) {
      scanner.position++;
      const name = scanner.word() ?? scanner.fail('name expected');
      then = { kind: 'attribute', of: then, name, span: [item.span[0], scanner.position] };
    }
  } else {
    then = scanner.nested(() => parsePostfix(scanner, item));
  }
  const made: HclExpression = { kind: 'splat', of, ...(then === item ? {} : { then }), span: [of.span[0], scanner.position] };
  return isAttributeOnly ? parsePostfix(scanner, made) : made;
}

function parsePrimary(scanner: Scanner): HclExpression {
  const start = scanner.position;
  const span = (): Span => [start, scanner.position];
  switch (scanner.peek()) {
    case '"':
      return parseString(scanner, parseExpression);
    case '(': {
      const of = bracketed(scanner, () => parseExpression(scanner), ')');
      return { kind: 'parentheses', of, span: span() };
    }
    case '[':
    case '{':
      return parseCollection(scanner);
    case '<':
      return parseHeredoc(scanner, parseExpression);
  }
  const number = /^\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/.exec(scanner.text.slice(start, start + 60));
  if (number) {
    scanner.position += number[0].length;
    return { kind: 'literal', value: Number(number[0]), span: span() };
  }
  let name = scanner.word() ?? scanner.fail('expression expected');
  if (name === 'true' || name === 'false') return { kind: 'literal', value: name === 'true', span: span() };
  if (name === 'null') return { kind: 'literal', value: null, span: span() };
  while (scanner.startsWith('::')) {
    scanner.position += 2;
    name += `::${scanner.word() ?? scanner.fail('name expected')}`;
  }
  const end = scanner.position;
  // `try (x)`: blanks may stand between a function and its arguments.
  while (scanner.peek() === ' ' || scanner.peek() === '\t') scanner.position++;
  if (scanner.peek() !== '(') {
    scanner.position = end;
    return { kind: 'name', name, span: span() };
  }
  const passed = bracketed(scanner, () => parseArguments(scanner), ')');
  return { kind: 'call', name, arguments: passed.items, ...(passed.isExpanded ? { isExpanded: true as const } : {}), span: span() };
}

function parseArguments(scanner: Scanner): { items: HclExpression[]; isExpanded: boolean } {
  const items: HclExpression[] = [];
  while (!scanner.isAtEnd && scanner.peek() !== ')') {
    items.push(parseExpression(scanner));
    scanner.skip(true);
    if (scanner.startsWith('...')) {
      scanner.position += 3;
      return { items, isExpanded: true };
    }
    if (scanner.peek() !== ',') break;
    scanner.position++;
    scanner.skip(true);
  }
  return { items, isExpanded: false };
}

/** Runs between brackets, the first of which stands at the cursor. */
function bracketed<T>(scanner: Scanner, run: () => T, close: string): T {
  scanner.position++;
  scanner.depth++;
  scanner.skip(true);
  const value = run();
  scanner.skip(true);
  scanner.expect(close);
  scanner.depth--;
  return value;
}

function parseCollection(scanner: Scanner): HclExpression {
  const start = scanner.position;
  const close = scanner.peek() === '[' ? ']' : '}';
  const made = bracketed(scanner, () => parseFor(scanner, close) ?? (close === ']' ? parseTuple(scanner) : parseObject(scanner)), close);
  return { ...made, span: [start, scanner.position] };
}

type Unplaced = HclExpression & { readonly kind: 'tuple' | 'object' | 'for' };

function parseTuple(scanner: Scanner): Unplaced {
  const items: HclExpression[] = [];
  while (!scanner.isAtEnd && scanner.peek() !== ']') {
    items.push(parseExpression(scanner));
    scanner.skip(true);
    if (scanner.peek() !== ',') break;
    scanner.position++;
    scanner.skip(true);
  }
  return { kind: 'tuple', items, span: [0, 0] };
}

function parseObject(scanner: Scanner): Unplaced {
  const items: HclItem[] = [];
  while (!scanner.isAtEnd && scanner.peek() !== '}') {
    const written = parseExpression(scanner);
    const key: HclExpression = written.kind === 'name' ? { kind: 'literal', value: written.name, span: written.span } : written;
    scanner.skip(true);
    if (scanner.peek() !== '=' && scanner.peek() !== ':') scanner.fail('`=` expected');
    scanner.position++;
    scanner.skip(true);
    const value = parseExpression(scanner);
    items.push({ key, value, span: [key.span[0], value.span[1]] });
    const end = scanner.position;
    scanner.skip(true);
    if (scanner.peek() === ',') {
      scanner.position++;
      scanner.skip(true);
    } else if (scanner.peek() !== '}' && !scanner.text.slice(end, scanner.position).includes('\n')) {
      scanner.fail('`}` expected');
    }
  }
  return { kind: 'object', items, span: [0, 0] };
}

/** Undefined where it is no `for`; the cursor then stands where it stood. */
function parseFor(scanner: Scanner, close: string): Unplaced | undefined {
  const start = scanner.position;
  if (!scanner.isWord('for')) return undefined;
  scanner.position += 3;
  scanner.skip(true);
  const names = [scanner.word() ?? ''];
  scanner.skip(true);
  if (names[0] !== '' && scanner.peek() === ',') {
    scanner.position++;
    scanner.skip(true);
    names.push(scanner.word() ?? scanner.fail('name expected'));
    scanner.skip(true);
  }
  if (names[0] === '' || !scanner.isWord('in')) {
    scanner.position = start;
    return undefined;
  }
  scanner.position += 2;
  scanner.skip(true);
  const over = parseExpression(scanner);
  scanner.skip(true);
  scanner.expect(':');
  scanner.skip(true);
  let value = parseExpression(scanner);
  let key: HclExpression | undefined;
  scanner.skip(true);
  if (close === '}') {
    if (!scanner.startsWith('=>')) scanner.fail('`=>` expected');
    scanner.position += 2;
    scanner.skip(true);
    key = value;
    value = parseExpression(scanner);
    scanner.skip(true);
  }
  const isGrouped = scanner.startsWith('...');
  if (isGrouped) {
    scanner.position += 3;
    scanner.skip(true);
  }
  let test: HclExpression | undefined;
  if (scanner.isWord('if')) {
    scanner.position += 2;
    scanner.skip(true);
    test = parseExpression(scanner);
  }
  return { kind: 'for', names, in: over, ...(key ? { key } : {}), value, ...(test ? { if: test } : {}), ...(isGrouped ? { isGrouped } : {}), span: [0, 0] };
}
