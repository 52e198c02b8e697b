// The cursor of the HCL parser over its text: whitespace, comments, words, and the depth of brackets that decides whether a line break ends an expression.

import type { Span } from '../../text';

/** A place where the text is not HCL. Thrown and caught inside the parser only, which goes on behind it. */
export class HclError extends Error {
  constructor(readonly because: string, readonly at: number) {
    super(because);
  }
}

/** Lives for one parse. Offsets are UTF-16. */
export class Scanner {
  position = 0;
  /** Above 0 line breaks are whitespace. */
  depth = 0;
  /** How deep expressions and blocks are nested; bounded, so that no text exhausts the stack. */
  nesting = 0;
  /** Marks of heredocs that stand nowhere below: looked for once. */
  readonly missingMarks = new Set<string>();
  readonly comments: { readonly span: Span; readonly body: string }[] = [];

  constructor(readonly text: string) {}

  get isAtEnd(): boolean {
    return this.position >= this.text.length;
  }

  peek(): string {
    return this.text[this.position] ?? '';
  }

  startsWith(word: string): boolean {
    return this.text.startsWith(word, this.position);
  }

  fail(because: string, at = this.position): never {
    throw new HclError(because, at);
  }

  /** Takes one character or fails. */
  expect(character: string): void {
    if (this.peek() !== character) this.fail(`\`${character}\` expected`);
    this.position++;
  }

  /** Runs one level deeper. */
  nested<T>(run: () => T): T {
    if (this.nesting >= 200) this.fail('nested too deeply');
    this.nesting++;
    try {
      return run();
    } finally {
      this.nesting--;
    }
  }

  /** Skips whitespace and comments; line breaks only where asked or between brackets. */
  skip(withLines = this.depth > 0): void {
    for (;;) {
      const c = this.text.charCodeAt(this.position);
      if (c === 32 || c === 9 || c === 13 || c === 0xfeff || (c === 10 && withLines)) this.position++;
      else if (c === 35 || (c === 47 && this.text.charCodeAt(this.position + 1) === 47)) this.lineComment(c === 35 ? 1 : 2);
      else if (c === 47 && this.text.charCodeAt(this.position + 1) === 42) this.blockComment();
      else return;
    }
  }

  /** A word, or undefined where none begins. */
  word(): string | undefined {
    const start = this.position;
    if (!isWordStart(this.text.charCodeAt(start))) return undefined;
    let end = start + 1;
    while (isWordPart(this.text.charCodeAt(end))) end++;
    this.position = end;
    return this.text.slice(start, end);
  }

  /** Whether this whole word stands here. */
  isWord(word: string): boolean {
    return this.startsWith(word) && !isWordPart(this.text.charCodeAt(this.position + word.length));
  }

  private lineComment(mark: number): void {
    const start = this.position;
    const end = this.text.indexOf('\n', start);
    this.position = end < 0 ? this.text.length : end;
    const to = this.text[this.position - 1] === '\r' ? this.position - 1 : this.position;
    this.comment([start, to], this.text.slice(start + mark, to));
  }

  private blockComment(): void {
    const start = this.position;
    const end = this.text.indexOf('*/', start + 2);
    this.position = end < 0 ? this.text.length : end + 2;
    this.comment([start, this.position], this.text.slice(start + 2, end < 0 ? this.text.length : end));
  }

  // A place may be passed twice, when an expression turns out to have ended before it.
  private comment(span: Span, body: string): void {
    if ((this.comments.at(-1)?.span[0] ?? -1) < span[0]) this.comments.push({ span, body: body.trim() });
  }
}

function isWordStart(c: number): boolean {
  return (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95 || (c > 127 && c !== 0xfeff);
}

function isWordPart(c: number): boolean {
  return isWordStart(c) || (c >= 48 && c <= 57) || c === 45;
}
