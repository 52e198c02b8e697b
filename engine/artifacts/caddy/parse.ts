// A reader of the Caddyfile grammar: lines of words, blocks opened by a brace at the end of a line, quotes, here-documents and comments. Every word has its place; errors never stop it.

import type { Span } from '../../text';

export interface CaddyWord {
  readonly text: string;
  readonly span: Span;
}

export interface CaddyLine {
  /** Empty for the block of global options. */
  readonly words: readonly CaddyWord[];
  /** From the first word to the end of the last one, without the brace. */
  readonly head: Span;
  /** To the end of the line, or to the brace that closes its block. */
  readonly span: Span;
  readonly block?: readonly CaddyLine[];
  /** Between the braces. */
  readonly inner?: Span;
}

export interface CaddyText {
  readonly lines: readonly CaddyLine[];
  readonly comments: readonly { readonly span: Span; readonly body: string }[];
  readonly errors: readonly { readonly because: string; readonly span: Span }[];
}

interface Open {
  readonly words: readonly CaddyWord[];
  readonly parent: CaddyLine[];
  readonly brace: number;
}

const MAX_DEPTH = 50;

/** Linear in the text; never throws. Source: caddyserver.com/docs/caddyfile/concepts. */
export function parseCaddyfile(text: string): CaddyText {
  const root: CaddyLine[] = [];
  const comments: { span: Span; body: string }[] = [];
  const errors: { because: string; span: Span }[] = [];
  const stack: Open[] = [];
  let list = root;
  let words: CaddyWord[] = [];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const flush = (): void => {
    const [first] = words;
    const last = words.at(-1);
    // Addresses of a site may go on after a comma.
    if (first && last && !last.text.endsWith(',')) {
      list.push({ words, head: [first.span[0], last.span[1]], span: [first.span[0], last.span[1]] });
      words = [];
    }
  };
  while (at < text.length) {
    const c = text[at] ?? '';
    if (c === '\n') {
      flush();
      at++;
    } else if (/\s/.test(c)) {
      at++;
    } else if (c === '\\' && /^\\\r?\n/.test(text.slice(at, at + 3))) {
      at = text.indexOf('\n', at) + 1;
    } else if (c === '#') {
      const feed = text.indexOf('\n', at);
      const stop = feed < 0 ? text.length : feed;
      const end = text[stop - 1] === '\r' ? stop - 1 : stop;
      comments.push({ span: [at, end], body: text.slice(at + 1, end).trim() });
      at = stop;
    } else if (c === '{' && /^\{[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/.test(text.slice(at, at + 300))) {
      if (stack.length >= MAX_DEPTH) {
        errors.push({ because: 'nested too deeply', span: [at, at + 1] });
        return { lines: root, comments, errors };
      }
      stack.push({ words, parent: list, brace: at });
      words = [];
      list = [];
      at++;
    } else if (c === '}' && words.length === 0) {
      const open = stack.pop();
      if (open) list = close(open, list, at, at + 1);
      else errors.push({ because: 'unexpected `}`', span: [at, at + 1] });
      at++;
    } else {
      const word = readWord(text, at);
      if (word.isOpen) errors.push({ because: 'a quote that never ends', span: [at, at + 1] });
      words.push({ text: word.text, span: [at, word.end] });
      at = word.end;
    }
  }
  flush();
  for (let open = stack.pop(); open; open = stack.pop()) {
    errors.push({ because: 'a block that never ends', span: [open.brace, open.brace + 1] });
    list = close(open, list, text.length, text.length);
  }
  return { lines: root, comments, errors };
}

function close(open: Open, block: readonly CaddyLine[], innerEnd: number, end: number): CaddyLine[] {
  const first = open.words[0];
  const last = open.words.at(-1);
  open.parent.push({ words: open.words, head: [first?.span[0] ?? open.brace, last?.span[1] ?? open.brace + 1], span: [first?.span[0] ?? open.brace, end], block, inner: [open.brace + 1, innerEnd] });
  return open.parent;
}

function readWord(text: string, from: number): { readonly text: string; readonly end: number; readonly isOpen: boolean } {
  const quote = text[from];
  if (quote === '`') {
    const end = text.indexOf('`', from + 1);
    return end < 0 ? { text: text.slice(from + 1), end: text.length, isOpen: true } : { text: text.slice(from + 1, end), end: end + 1, isOpen: false };
  }
  if (quote === '"') {
    let value = '';
    for (let at = from + 1; at < text.length; at++) {
      const c = text[at] ?? '';
      if (c === '"') return { text: value, end: at + 1, isOpen: false };
      if (c === '\\' && text[at + 1] === '"') value += text[++at] ?? '';
      else value += c;
    }
    return { text: value, end: text.length, isOpen: true };
  }
  const here = /^<<([A-Za-z0-9_-]+)\r?\n/.exec(text.slice(from, from + 200));
  if (here) {
    const start = from + here[0].length;
    const marker = new RegExp(`^[ \\t]*${here[1] ?? ''}(?=\\s|$)`, 'm').exec(text.slice(start));
    return marker ? { text: text.slice(start, start + marker.index), end: start + marker.index + marker[0].length, isOpen: false } : { text: text.slice(start), end: text.length, isOpen: true };
  }
  const match = /^\S+/.exec(text.slice(from, from + 4_000));
  const value = match?.[0] ?? '';
  return { text: value, end: from + Math.max(1, value.length), isOpen: false };
}
