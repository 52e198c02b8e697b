// Operations on whole functions: bodies into `try`, parameters, statements that move. `‹…›` marks the spans that an operation names.

import { describe, expect, it } from 'vitest';
import type { CodeOperation } from '../../lint/fix';
import { applyEdits, type Span } from '../../text';
import { writeCode } from '../write';

type Made = { readonly kind: 'catch-in-body' | 'add-parameter' } | { readonly kind: 'move-statement' };

async function write(marked: string, make: Made): Promise<string | undefined> {
  const spans: Span[] = [];
  let text = '';
  for (const piece of marked.split(/([‹›])/)) {
    if (piece === '‹') spans.push([text.length, -1]);
    else if (piece === '›') {
      const open = spans.findLastIndex(([, end]) => end < 0);
      spans[open] = [spans[open]?.[0] ?? 0, text.length];
    } else text += piece;
  }
  const [first = [0, 0], second = [0, 0]] = spans;
  const edits = await writeCode('a.ts', text, [operation(make.kind, first, second)]);
  return edits && applyEdits(text, edits).text;
}

function operation(kind: Made['kind'], first: Span, second: Span): CodeOperation {
  const code = { language: 'code', file: 'a.ts' } as const;
  if (kind === 'catch-in-body') return { ...code, kind, function: first, name: 'error', lines: ['next(error);'] };
  if (kind === 'add-parameter') return { ...code, kind, function: first, name: 'next' };
  return { ...code, kind: 'move-statement', statement: first, after: second };
}

describe('catch-in-body', () => {
  it.each([
    ['a block', 'run(‹async () => {\n  await a();\n  b();\n}›);\n', 'run(async () => {\n  try {\n    await a();\n    b();\n  } catch (error) {\n    next(error);\n  }\n});\n'],
    ['one line', 'run(‹async () => { await a(); }›);\n', 'run(async () => {\n  try {\n    await a();\n  } catch (error) {\n    next(error);\n  }\n});\n'],
    ['an expression', 'run(‹async () => a()›);\n', 'run(async () => {\n  try {\n    return a();\n  } catch (error) {\n    next(error);\n  }\n});\n'],
    ['comments and empty lines', 'run(‹async () => {\n  // first\n  await a();\n\n  b(); // last\n}›);\n', 'run(async () => {\n  try {\n    // first\n    await a();\n\n    b(); // last\n  } catch (error) {\n    next(error);\n  }\n});\n'],
    ['a template of several lines', 'run(‹async () => {\n  await a(`x\n  y`);\n}›);\n', 'run(async () => {\n  try {\n    await a(`x\n  y`);\n  } catch (error) {\n    next(error);\n  }\n});\n'],
    ['tabs', 'run(‹async () => {\n\tawait a();\n}›);\n', 'run(async () => {\n\ttry {\n\t\tawait a();\n\t} catch (error) {\n\t\tnext(error);\n\t}\n});\n'],
    ['Windows line breaks', 'run(‹async () => {\r\n  await a();\r\n}›);\r\n', 'run(async () => {\r\n  try {\r\n    await a();\r\n  } catch (error) {\r\n    next(error);\r\n  }\r\n});\r\n'],
  ])('keeps %s', async (_, before, after) => {
    expect(await write(before, { kind: 'catch-in-body' })).toBe(after);
  });

  it('refuses an empty body and what is no function', async () => {
    expect(await write('run(‹async () => {}›);\n', { kind: 'catch-in-body' })).toBeUndefined();
    expect(await write('‹run()›;\n', { kind: 'catch-in-body' })).toBeUndefined();
  });
});

describe('add-parameter', () => {
  it.each([
    ['‹(a, b) => {}›', '(a, b, next) => {}'],
    ['‹() => {}›', '(next) => {}'],
    ['f(‹async (a) => {}›)', 'f(async (a, next) => {})'],
    ['f(‹a => {}›)', 'f((a, next) => {})'],
    ['‹function run(a: string) {}›', 'function run(a: string, next) {}'],
  ])('%s', async (before, after) => {
    expect(await write(`${before};\n`, { kind: 'add-parameter' })).toBe(`${after};\n`);
  });

  it('refuses after a rest parameter', async () => {
    expect(await write('‹(...all) => {}›;\n', { kind: 'add-parameter' })).toBeUndefined();
  });
});

describe('move-statement', () => {
  it('moves a line', async () => {
    expect(await write('{\n  ‹ack(m)›;\n  await ‹ship(m)›;\n  done();\n}\n', { kind: 'move-statement' })).toBe('{\n  await ship(m);\n  ack(m);\n  done();\n}\n');
  });

  it('moves within one line', async () => {
    expect(await write('{ ‹ack(m)›; await ‹ship(m)›; }\n', { kind: 'move-statement' })).toBe('{ await ship(m); ack(m); }\n');
  });

  it('refuses to move a statement after itself', async () => {
    expect(await write('{ ‹a›(‹b›); }\n', { kind: 'move-statement' })).toBeUndefined();
  });
});
