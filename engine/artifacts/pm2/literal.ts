// Reads an object literal of JavaScript or JSON without running anything: values that are no literals are unknown. A parser of the whole language is not needed for configuration that is written as data.

import type { Span } from '../../text';

export type Literal =
  | { readonly kind: 'object'; readonly entries: readonly LiteralEntry[]; /** A spread or a computed key may add more. */ readonly isOpen: boolean; readonly span: Span }
  | { readonly kind: 'array'; readonly items: readonly Literal[]; readonly isOpen: boolean; readonly span: Span }
  | { readonly kind: 'text'; readonly value: string; readonly span: Span }
  | { readonly kind: 'number'; readonly value: number; readonly span: Span }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly span: Span }
  | { readonly kind: 'unknown'; readonly span: Span };

export interface LiteralEntry {
  readonly name: string;
  /** From the key to the end of the value. */
  readonly span: Span;
  readonly value: Literal;
}

const MAX_DEPTH = 50;

/** The literal that begins at an offset (white space and comments skipped). Never throws. Linear. */
export function readLiteral(text: string, from: number): Literal {
  return new Reader(text, from).value(0);
}

/** Offset behind white space and comments. */
export function skipBlank(text: string, from: number): number {
  let at = from;
  for (;;) {
    while (/\s/.test(text[at] ?? '')) at++;
    if (text.startsWith('//', at)) at = endOf(text, at, '\n', 0);
    else if (text.startsWith('/*', at)) at = endOf(text, at + 2, '*/', 2);
    else return at;
  }
}

function endOf(text: string, from: number, what: string, length: number): number {
  const at = text.indexOf(what, from);
  return at < 0 ? text.length : at + length;
}

class Reader {
  constructor(private readonly text: string, private at: number) {}

  value(depth: number): Literal {
    this.at = skipBlank(this.text, this.at);
    const start = this.at;
    const c = this.text[start];
    if (depth > MAX_DEPTH || c === undefined) return this.unknown(start);
    const literal = c === '{' ? this.object(depth) : c === '[' ? this.array(depth) : c === "'" || c === '"' || c === '`' ? this.string() : this.word();
    const end = this.at;
    const next = skipBlank(this.text, end);
    // `a || b`, `'x' + y`, `f(x)`: only what stands alone is a literal.
    if (next >= this.text.length || /[,;}\])]/.test(this.text[next] ?? '') || this.text.slice(end, next).includes('\n')) return literal;
    return this.unknown(start);
  }

  private unknown(start: number): Literal {
    this.skipExpression();
    return { kind: 'unknown', span: [start, this.at] };
  }

  private object(depth: number): Literal {
    const start = this.at++;
    const entries: LiteralEntry[] = [];
    let isOpen = false;
    for (;;) {
      this.at = skipBlank(this.text, this.at);
      const c = this.text[this.at];
      if (c === undefined) return { kind: 'object', entries, isOpen: true, span: [start, this.at] };
      if (c === '}') break;
      if (c === ',') {
        this.at++;
        continue;
      }
      const keyStart = this.at;
      const key = c === "'" || c === '"' ? this.string() : undefined;
      const name = key?.kind === 'text' ? key.value : /^[\w$]+/.exec(this.text.slice(this.at, this.at + 100))?.[0];
      if (name !== undefined && !key) this.at += name.length;
      const colon = skipBlank(this.text, this.at);
      if (name === undefined || this.text[colon] !== ':') {
        // A spread, a computed key, a method or a name in short form.
        isOpen ||= name === undefined;
        this.at = keyStart;
        this.skipExpression();
        if (name !== undefined) entries.push({ name, span: [keyStart, this.at], value: { kind: 'unknown', span: [keyStart, this.at] } });
        if (this.at === keyStart) this.at++;
        continue;
      }
      this.at = colon + 1;
      const value = this.value(depth + 1);
      entries.push({ name, span: [keyStart, value.span[1]], value });
    }
    return { kind: 'object', entries, isOpen, span: [start, ++this.at] };
  }

  private array(depth: number): Literal {
    const start = this.at++;
    const items: Literal[] = [];
    let isOpen = false;
    for (;;) {
      this.at = skipBlank(this.text, this.at);
      const c = this.text[this.at];
      if (c === undefined) return { kind: 'array', items, isOpen: true, span: [start, this.at] };
      if (c === ']') break;
      if (c === ',') {
        this.at++;
        continue;
      }
      const before = this.at;
      if (this.text.startsWith('...', this.at)) {
        isOpen = true;
        this.skipExpression();
      } else items.push(this.value(depth + 1));
      if (this.at === before) this.at++;
    }
    return { kind: 'array', items, isOpen, span: [start, ++this.at] };
  }

  private string(): Literal {
    const start = this.at;
    this.at = closingQuote(this.text, start);
    const inner = this.text.slice(start + 1, this.at - 1);
    const span: Span = [start, this.at];
    if (this.text[start] === '`' && inner.includes('${')) return { kind: 'unknown', span };
    return { kind: 'text', value: inner.replace(/\\(.)/gs, (_, c: string) => (c === 'n' ? '\n' : c === 't' ? '\t' : c)), span };
  }

  private word(): Literal {
    const start = this.at;
    const word = /^-?[\w$.]+/.exec(this.text.slice(start, start + 200))?.[0] ?? '';
    this.at += word.length;
    const span: Span = [start, this.at];
    if (word === 'true' || word === 'false') return { kind: 'boolean', value: word === 'true', span };
    const number = Number(word.replaceAll('_', ''));
    if (/^-?[\d.]/.test(word) && Number.isFinite(number)) return { kind: 'number', value: number, span };
    this.at = start;
    return this.unknown(start);
  }

  /** To the comma or bracket that ends the expression at hand. */
  private skipExpression(): void {
    let depth = 0;
    while (this.at < this.text.length) {
      const c = this.text[this.at] ?? '';
      if (c === "'" || c === '"' || c === '`') this.at = closingQuote(this.text, this.at);
      else if (this.text.startsWith('//', this.at) || this.text.startsWith('/*', this.at)) this.at = skipBlank(this.text, this.at);
      else if (/[([{]/.test(c)) {
        depth++;
        this.at++;
      } else if (/[)\]}]/.test(c)) {
        if (depth-- === 0) return;
        this.at++;
      } else if (depth === 0 && (c === ',' || c === ';')) return;
      else this.at++;
    }
  }
}

function closingQuote(text: string, from: number): number {
  for (let i = from + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === text[from]) return i + 1;
  }
  return text.length;
}

/** The value of a key; undefined where the object does not have it. */
export function entryOf(literal: Literal | undefined, name: string): LiteralEntry | undefined {
  return literal?.kind === 'object' ? literal.entries.findLast((entry) => entry.name === name) : undefined;
}
