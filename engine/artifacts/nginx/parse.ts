// A reader of nginx's configuration grammar: words, quotes, `;`, blocks, comments, and Lua blocks that are passed over. Every word has its place; errors never stop it.

import type { Span } from '../../text';

export interface NginxWord {
  /** Quotes undone. */
  readonly text: string;
  readonly span: Span;
}

export interface NginxDirective {
  readonly name: string;
  readonly args: readonly NginxWord[];
  /** From the name to the end of the last argument. */
  readonly head: Span;
  /** To the `;` or `}` and including it. */
  readonly span: Span;
  readonly block?: readonly NginxDirective[];
  /** Between the braces. */
  readonly inner?: Span;
}

export interface NginxText {
  readonly directives: readonly NginxDirective[];
  readonly comments: readonly { readonly span: Span; readonly body: string }[];
  readonly errors: readonly { readonly because: string; readonly span: Span }[];
}

interface Draft {
  readonly words: NginxWord[];
  readonly parent: NginxDirective[];
  readonly innerStart: number;
}

/** Deeper nesting than this is no configuration. */
const MAX_DEPTH = 50;

/** Linear in the text; never throws. */
export function parseNginx(text: string): NginxText {
  const root: NginxDirective[] = [];
  const comments: { span: Span; body: string }[] = [];
  const errors: { because: string; span: Span }[] = [];
  const stack: Draft[] = [];
  let list = root;
  let words: NginxWord[] = [];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const fail = (because: string, from: number): void => void errors.push({ because, span: [from, Math.min(text.length, from + 1)] });
  const finish = (end: number): void => {
    const made = directive(words, end);
    if (made) list.push(made);
    words = [];
  };
  while (at < text.length) {
    const c = text[at] ?? '';
    if (/\s/.test(c)) {
      at++;
    } else if (c === '#') {
      const end = lineEnd(text, at);
      comments.push({ span: [at, end], body: text.slice(at + 1, end).trim() });
      at = end;
    } else if (c === ';') {
      if (words.length === 0) fail('unexpected `;`', at);
      finish(++at);
    } else if (c === '{') {
      if (words.length === 0) fail('unexpected `{`', at);
      if (words[0]?.text.endsWith('_by_lua_block') === true) {
        at = luaEnd(text, at + 1);
        finish(at);
      } else if (stack.length >= MAX_DEPTH) {
        fail('nested too deeply', at);
        return { directives: root, comments, errors };
      } else {
        stack.push({ words, parent: list, innerStart: ++at });
        words = [];
        list = [];
      }
    } else if (c === '}') {
      if (words.length > 0) {
        fail('a directive without `;`', words[0]?.span[0] ?? at);
        finish(at);
      }
      const open = stack.pop();
      if (open) {
        const made = directive(open.words, at + 1, list, [open.innerStart, at]);
        list = open.parent;
        if (made) list.push(made);
      } else {
        fail('unexpected `}`', at);
      }
      at++;
    } else {
      const word = readWord(text, at);
      if (word.isOpen) fail('a quote that never ends', at);
      words.push({ text: word.text, span: [at, word.end] });
      at = word.end;
    }
  }
  if (words.length > 0) {
    fail('a directive without `;`', words[0]?.span[0] ?? text.length - 1);
    finish(words.at(-1)?.span[1] ?? text.length);
  }
  while (stack.length > 0) {
    const open = stack.pop();
    if (!open) break;
    fail('a block that never ends', open.innerStart);
    const made = directive(open.words, text.length, list, [open.innerStart, text.length]);
    list = open.parent;
    if (made) list.push(made);
  }
  return { directives: root, comments, errors };
}

function directive(words: readonly NginxWord[], end: number, block?: readonly NginxDirective[], inner?: Span): NginxDirective | undefined {
  const [name, ...args] = words;
  if (!name) return undefined;
  return { name: name.text, args, head: [name.span[0], words.at(-1)?.span[1] ?? name.span[1]], span: [name.span[0], end], ...(block ? { block } : {}), ...(inner ? { inner } : {}) };
}

function readWord(text: string, from: number): { readonly text: string; readonly end: number; readonly isOpen: boolean } {
  const quote = text[from];
  let value = '';
  let at = from;
  if (quote === '"' || quote === "'") {
    for (at++; at < text.length; at++) {
      const c = text[at] ?? '';
      if (c === quote) return { text: value, end: at + 1, isOpen: false };
      if (c === '\\' && at + 1 < text.length) value += text[++at] ?? '';
      else value += c;
    }
    return { text: value, end: text.length, isOpen: true };
  }
  for (; at < text.length; at++) {
    const c = text[at] ?? '';
    // `${name}` is a variable, any other brace ends the word.
    if (/[\s;]/.test(c) || (c === '{' && text[at - 1] !== '$')) break;
    if (c === '\\' && at + 1 < text.length) value += c + (text[++at] ?? '');
    else value += c;
  }
  return { text: value, end: at, isOpen: false };
}

function lineEnd(text: string, from: number): number {
  const feed = text.indexOf('\n', from);
  const end = feed < 0 ? text.length : feed;
  return text.charCodeAt(end - 1) === 13 && end - 1 > from ? end - 1 : end;
}

/** Behind the brace that ends a Lua block: strings, long brackets and comments of Lua hold braces that do not count. */
function luaEnd(text: string, from: number): number {
  let depth = 1;
  let at = from;
  while (at < text.length) {
    const c = text[at] ?? '';
    if (c === '-' && text.startsWith('--', at)) {
      const long = /^\[(=*)\[/.exec(text.slice(at + 2, at + 20));
      at = long ? longBracketEnd(text, at + 2 + long[0].length, long[1] ?? '') : lineEnd(text, at);
    } else if (c === '"' || c === "'") {
      for (at++; at < text.length && text[at] !== c && text[at] !== '\n'; at++) if (text[at] === '\\') at++;
      at++;
    } else if (c === '[') {
      const long = /^\[(=*)\[/.exec(text.slice(at, at + 20));
      at = long ? longBracketEnd(text, at + long[0].length, long[1] ?? '') : at + 1;
    } else {
      if (c === '{') depth++;
      else if (c === '}' && --depth === 0) return at + 1;
      at++;
    }
  }
  return text.length;
}

function longBracketEnd(text: string, from: number, level: string): number {
  const end = text.indexOf(`]${level}]`, from);
  return end < 0 ? text.length : end + level.length + 2;
}
