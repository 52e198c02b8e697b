// JSON with comments and trailing commas, as tsconfig.json has it. Gives what was read before an error instead of throwing.

export interface Parsed {
  readonly value: unknown;
  /** A clause where something could not be read: `no value at line 3`. */
  readonly error?: string;
  /** UTF-16 offset of the error. */
  readonly at?: number;
}

const MAX_DEPTH = 100;

/** Parses JSON, comments and trailing commas allowed. Linear in the text. */
export function parseJsonc(text: string): Parsed {
  try {
    // Most files are plain JSON, for which the built-in parser is many times faster.
    const value: unknown = JSON.parse(text);
    return { value };
  } catch {
    return new Reader(text).read();
  }
}

class Reader {
  readonly #text: string;
  #at = 0;
  #failed: number | undefined;

  constructor(text: string) {
    this.#text = text.charCodeAt(0) === 0xfeff ? ` ${text.slice(1)}` : text;
  }

  read(): Parsed {
    this.#skip();
    const value = this.#value(0);
    this.#skip();
    if (this.#failed === undefined && this.#at < this.#text.length) this.#failed = this.#at;
    if (this.#failed === undefined) return { value };
    const line = this.#text.slice(0, this.#failed).split('\n').length;
    return { value, error: `not valid JSON at line ${line}`, at: this.#failed };
  }

  #fail(): undefined {
    this.#failed ??= this.#at;
    return undefined;
  }

  #skip(): void {
    for (;;) {
      const c = this.#text[this.#at];
      if (c === ' ' || c === '\n' || c === '\r' || c === '\t') this.#at++;
      else if (c === '/' && this.#text[this.#at + 1] === '/') this.#at = this.#next('\n', 0);
      else if (c === '/' && this.#text[this.#at + 1] === '*') this.#at = this.#next('*/', 2);
      else return;
    }
  }

  #next(end: string, extra: number): number {
    const found = this.#text.indexOf(end, this.#at + 2);
    return found < 0 ? this.#text.length : found + extra;
  }

  #value(depth: number): unknown {
    if (depth > MAX_DEPTH || this.#failed !== undefined) return this.#fail();
    const c = this.#text[this.#at];
    if (c === '{') return this.#object(depth);
    if (c === '[') return this.#array(depth);
    if (c === '"') return this.#string();
    const match = /[-\w.+]+/y;
    match.lastIndex = this.#at;
    const word = match.exec(this.#text)?.[0];
    if (word === undefined) return this.#fail();
    this.#at += word.length;
    if (word === 'true' || word === 'false') return word === 'true';
    if (word === 'null') return null;
    const number = Number(word);
    return Number.isFinite(number) ? number : this.#fail();
  }

  #object(depth: number): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    this.#at++;
    while (this.#failed === undefined) {
      this.#skip();
      if (this.#take('}')) break;
      if (this.#text[this.#at] !== '"') {
        this.#fail();
        break;
      }
      const key = this.#string();
      this.#skip();
      if (!this.#take(':')) this.#fail();
      this.#skip();
      const value = this.#value(depth + 1);
      if (key !== undefined && value !== undefined) entries.push([key, value]);
      this.#skip();
      if (!this.#take(',') && this.#text[this.#at] !== '}') this.#fail();
    }
    return Object.fromEntries(entries);
  }

  #array(depth: number): unknown[] {
    const items: unknown[] = [];
    this.#at++;
    while (this.#failed === undefined) {
      this.#skip();
      if (this.#take(']')) break;
      const value = this.#value(depth + 1);
      if (value !== undefined) items.push(value);
      this.#skip();
      if (!this.#take(',') && this.#text[this.#at] !== ']') this.#fail();
    }
    return items;
  }

  #string(): string | undefined {
    const match = /"(?:[^"\\\n]|\\.)*"/y;
    match.lastIndex = this.#at;
    const literal = match.exec(this.#text)?.[0];
    if (literal === undefined) return this.#fail();
    this.#at += literal.length;
    try {
      const value: unknown = JSON.parse(literal);
      return typeof value === 'string' ? value : undefined;
    } catch {
      return literal.slice(1, -1);
    }
  }

  #take(c: string): boolean {
    if (this.#text[this.#at] !== c) return false;
    this.#at++;
    return true;
  }
}
