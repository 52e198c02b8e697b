// A reader of HAProxy's configuration grammar: sections of lines of words, quotes, escapes and comments. Every word has its place; nothing stops it.

import type { Span } from '../../text';

export interface HaproxyWord {
  /** Quotes and escapes undone; a variable in double quotes stays as it is written. */
  readonly text: string;
  readonly span: Span;
}

export interface HaproxyLine {
  readonly words: readonly HaproxyWord[];
  /** From the first word to the end of the last one. */
  readonly span: Span;
  /** Stands between `.if` and `.endif`. */
  readonly isConditional: boolean;
}

export interface HaproxySection {
  readonly kind: string;
  readonly name: string;
  /** `defaults NAME` that it is based on. */
  readonly from?: string;
  /** The opening line's words. */
  readonly head: Span;
  readonly lines: readonly HaproxyLine[];
}

export interface HaproxyText {
  readonly sections: readonly HaproxySection[];
  readonly comments: readonly { readonly span: Span; readonly body: string }[];
  readonly errors: readonly { readonly because: string; readonly span: Span }[];
}

const SECTIONS = new Set(['global', 'defaults', 'frontend', 'backend', 'listen', 'resolvers', 'peers', 'userlist', 'mailers', 'cache', 'program', 'http-errors', 'ring', 'log-forward', 'fcgi-app', 'crt-store', 'crt-list', 'traces', 'log-profile', 'acme', 'dynamic-update', 'healthcheck']);

interface Draft {
  readonly kind: string;
  readonly name: string;
  readonly from?: string;
  readonly head: Span;
  readonly lines: HaproxyLine[];
}

/** Linear in the text; never throws. */
export function parseHaproxy(text: string): HaproxyText {
  const sections: Draft[] = [];
  const comments: { span: Span; body: string }[] = [];
  const errors: { because: string; span: Span }[] = [];
  let depth = 0;
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (at < text.length) {
    const line = readLine(text, at);
    at = line.next;
    if (line.comment) comments.push(line.comment);
    const [first, second] = line.words;
    if (!first) continue;
    const span: Span = [first.span[0], line.words.at(-1)?.span[1] ?? first.span[1]];
    if (line.isOpen) errors.push({ because: 'a quote that never ends', span });
    if (first.text.startsWith('.') && /^\.(?:if|elif|else|endif|notice|warning|alert|diag)$/.test(first.text)) {
      if (first.text === '.if') depth++;
      if (first.text === '.endif') depth = Math.max(0, depth - 1);
    } else if (SECTIONS.has(first.text) && !(first.text === 'cache' && second === undefined)) {
      const from = line.words.findIndex((word, i) => word.text === 'from' && i > 0);
      const base = from > 0 ? line.words[from + 1]?.text : undefined;
      sections.push({ kind: first.text, name: from === 1 ? '' : (second?.text ?? ''), ...(base === undefined ? {} : { from: base }), head: span, lines: [] });
    } else {
      const section = sections.at(-1);
      if (section) section.lines.push({ words: line.words, span, isConditional: depth > 0 });
      else errors.push({ because: `\`${first.text.slice(0, 40)}\` outside of a section`, span });
    }
  }
  return { sections, comments, errors };
}

interface Line {
  readonly words: HaproxyWord[];
  readonly comment?: { readonly span: Span; readonly body: string };
  readonly next: number;
  readonly isOpen: boolean;
}

function readLine(text: string, from: number): Line {
  const words: HaproxyWord[] = [];
  let at = from;
  for (;;) {
    // A backslash at its end makes one line of two.
    for (let skip = skipOf(text, at); skip > 0; skip = skipOf(text, at)) at += skip;
    const c = text[at];
    if (c === undefined || c === '\n') return { words, next: at + 1, isOpen: false };
    if (c === '#') {
      const feed = text.indexOf('\n', at);
      const stop = feed < 0 ? text.length : feed;
      const end = text[stop - 1] === '\r' ? stop - 1 : stop;
      return { words, comment: { span: [at, end], body: text.slice(at + 1, end).trim() }, next: stop + 1, isOpen: false };
    }
    const word = readWord(text, at);
    words.push({ text: word.text, span: [at, word.end] });
    at = word.end;
    if (word.isOpen) return { words, next: at + 1, isOpen: true };
  }
}

function skipOf(text: string, at: number): number {
  const c = text[at];
  if (c === ' ' || c === '\t' || (c === '\r' && text[at + 1] === '\n')) return 1;
  return c === '\\' ? (/^\\\r?\n/.exec(text.slice(at, at + 3))?.[0].length ?? 0) : 0;
}

function readWord(text: string, from: number): { readonly text: string; readonly end: number; readonly isOpen: boolean } {
  let value = '';
  let quote = '';
  let at = from;
  for (; at < text.length; at++) {
    const c = text[at] ?? '';
    // Quotes of several lines are allowed.
    if (quote === '' && (/[\s#]/.test(c) || (c === '\\' && skipOf(text, at) > 0))) break;
    if (quote !== '' && c === quote) quote = '';
    else if (quote === '' && (c === '"' || c === "'")) quote = c;
    else if (c === '\\' && quote !== "'" && at + 1 < text.length) {
      value += text[++at] ?? '';
    } else value += c;
  }
  return { text: value, end: at, isOpen: quote !== '' };
}
