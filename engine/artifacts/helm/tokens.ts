// Cuts a Go template into texts and actions, and actions into tokens.

import type { Span } from '../../text';

/** A syntax error; it never leaves the parser. */
export class SyntaxFault extends Error {}

export interface Piece {
  readonly kind: 'text' | 'action';
  readonly span: Span;
  readonly tokens: readonly Token[];
}

export interface Token {
  readonly kind: 'name' | 'field' | 'variable' | 'text' | 'number' | 'mark';
  readonly text: string;
  readonly isAfterSpace: boolean;
}

/** Texts, trimmed as their neighbours ask, and actions with their tokens. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  let trims = false;
  const addText = (to: number, trimsEnd: boolean): void => {
    let start = from;
    let end = to;
    if (trims) while (start < end && isSpace(text[start])) start++;
    if (trimsEnd) while (end > start && isSpace(text[end - 1])) end--;
    pieces.push({ kind: 'text', span: [start, end], tokens: [] });
  };
  for (let open = text.indexOf('{{'); open >= 0; open = text.indexOf('{{', from)) {
    const trimsLeft = text[open + 2] === '-' && isSpace(text[open + 3]);
    addText(open, trimsLeft);
    const read = tokensOf(text, open + (trimsLeft ? 3 : 2));
    pieces.push({ kind: 'action', span: [open, read.end], tokens: read.tokens });
    trims = read.trims;
    from = read.end;
  }
  addText(text.length, false);
  return pieces;
}

function isSpace(c: string | undefined): boolean {
  return c === ' ' || c === '\t' || c === '\n' || c === '\r';
}

/** Tokens of an action up to its `}}`. */
function tokensOf(text: string, start: number): { tokens: Token[]; end: number; trims: boolean } {
  const tokens: Token[] = [];
  let at = start;
  let isAfterSpace = false;
  for (;;) {
    while (isSpace(text[at])) {
      at++;
      isAfterSpace = true;
    }
    const c = text[at];
    if (c === undefined) throw new SyntaxFault();
    if (text.startsWith('}}', at)) return { tokens, end: at + 2, trims: false };
    if (isAfterSpace && text.startsWith('-}}', at)) return { tokens, end: at + 3, trims: true };
    if (text.startsWith('/*', at)) {
      const close = text.indexOf('*/', at + 2);
      if (close < 0) throw new SyntaxFault();
      at = close + 2;
      continue;
    }
    const token = tokenAt(text, at);
    tokens.push({ kind: token.kind, text: token.text, isAfterSpace });
    at = token.end;
    isAfterSpace = false;
  }
}

const PART = /[\p{L}\p{N}_]/u;

function wordEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && PART.test(text[at] ?? '')) at++;
  return at;
}

function tokenAt(text: string, at: number): { kind: Token['kind']; text: string; end: number } {
  const c = text[at] ?? '';
  const next = text[at + 1] ?? '';
  if (c === '"') return quoted(text, at);
  if (c === '`') {
    const close = text.indexOf('`', at + 1);
    if (close < 0) throw new SyntaxFault();
    return { kind: 'text', text: text.slice(at + 1, close), end: close + 1 };
  }
  if (c === "'") {
    const close = text.indexOf("'", at + (next === '\\' ? 3 : 2));
    if (close < 0) throw new SyntaxFault();
    return { kind: 'number', text: String(text.codePointAt(at + 1) ?? 0), end: close + 1 };
  }
  if (c === '$') {
    const end = wordEnd(text, at + 1);
    return { kind: 'variable', text: text.slice(at, end), end };
  }
  if (c === '.' && !/\d/.test(next)) {
    const end = wordEnd(text, at + 1);
    return { kind: 'field', text: text.slice(at + 1, end), end };
  }
  if (/[\d.]/.test(c) || (/[-+]/.test(c) && /[\d.]/.test(next))) {
    let end = at + 1;
    while (/[\w.]/.test(text[end] ?? '') || (/[-+]/.test(text[end] ?? '') && /e/i.test(text[end - 1] ?? '') && !/^0x/i.test(text.slice(at, at + 2)))) end++;
    return { kind: 'number', text: text.slice(at, end), end };
  }
  if (PART.test(c)) {
    const end = wordEnd(text, at);
    return { kind: 'name', text: text.slice(at, end), end };
  }
  if (text.startsWith(':=', at)) return { kind: 'mark', text: ':=', end: at + 2 };
  if ('|(),='.includes(c)) return { kind: 'mark', text: c, end: at + 1 };
  throw new SyntaxFault();
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\u0007', b: '\b', f: '\f', v: '\v' };

function quoted(text: string, start: number): { kind: 'text'; text: string; end: number } {
  const parts: string[] = [];
  for (let at = start + 1; at < text.length; at++) {
    const c = text[at] ?? '';
    if (c === '"') return { kind: 'text', text: parts.join(''), end: at + 1 };
    if (c === '\n') break;
    if (c !== '\\') {
      parts.push(c);
      continue;
    }
    const escape = text[++at] ?? '';
    const width = escape === 'x' ? 2 : escape === 'u' ? 4 : escape === 'U' ? 8 : 0;
    if (width === 0) {
      parts.push(ESCAPES[escape] ?? escape);
      continue;
    }
    const code = Number.parseInt(text.slice(at + 1, at + 1 + width), 16);
    parts.push(Number.isNaN(code) || code > 0x10ffff ? '' : String.fromCodePoint(code));
    at += width;
  }
  throw new SyntaxFault();
}
