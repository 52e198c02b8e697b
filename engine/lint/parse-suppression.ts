// Suppression comments, the same in every language: a reader of a language finds the comments, this makes suppressions of them.

import { lineStarts, positionAt, type Span } from '../text';
import type { Suppression } from './suppression';

/** A comment: its place with its delimiters, and the text inside them. */
export interface Comment {
  readonly span: Span;
  readonly body: string;
}

const DIRECTIVE = /^[\s*]*holdfast-(disable-next-line|disable-line|disable-file|disable|enable)(?=\s|$)([\s\S]*)$/;

/**
 * Suppressions of a text from its comments, in any order. Blocks end at `holdfast-enable` of the same rules (or of all), else at the end of the text.
 * `disable-next-line` covers the next line that is neither blank nor a comment line. Linear in the text.
 */
export function parseSuppressions(text: string, comments: readonly Comment[]): Suppression[] {
  const directives = comments.filter((comment) => comment.body.includes('holdfast-'));
  if (directives.length === 0) return [];
  const starts = lineStarts(text);
  const commentStarts = new Map(comments.map((comment) => [positionAt(starts, comment.span[0]).line, comment]));
  const sorted = [...directives].sort((a, b) => a.span[0] - b.span[0]);
  const found: Suppression[] = [];
  sorted.forEach((comment, index) => {
    const match = DIRECTIVE.exec(comment.body);
    if (!match || match[1] === 'enable') return;
    const { rules, reason, until } = parseDetails(match[2] ?? '');
    const kind = match[1] === 'disable-next-line' ? 'next-line' : match[1] === 'disable-line' ? 'line' : match[1] === 'disable-file' ? 'file' : 'block';
    found.push({ kind, rules, reason, ...(until === undefined ? {} : { until }), span: comment.span, covers: coverOf(kind, comment, rules, sorted.slice(index + 1)) });
  });
  return found;

  function coverOf(kind: Suppression['kind'], comment: Comment, rules: readonly string[], later: readonly Comment[]): Span {
    if (kind === 'file') return [0, text.length];
    if (kind === 'line') return lineSpan(positionAt(starts, comment.span[0]).line);
    if (kind === 'next-line') return lineSpan(nextCodeLine(positionAt(starts, comment.span[1]).line + 1));
    const end = later.find((candidate) => {
      const match = DIRECTIVE.exec(candidate.body);
      if (match?.[1] !== 'enable') return false;
      const enabled = parseDetails(match[2] ?? '').rules;
      return enabled.length === 0 || rules.some((rule) => enabled.includes(rule));
    });
    return [comment.span[1], end ? end.span[0] : text.length];
  }

  function lineSpan(line: number): Span {
    return [starts[line] ?? text.length, starts[line + 1] ?? text.length];
  }

  function nextCodeLine(from: number): number {
    let line = from;
    while (line < starts.length - 1) {
      const [start, end] = lineSpan(line);
      const content = text.slice(start, end).trim();
      const comment = commentStarts.get(line);
      const isCommentLine = comment !== undefined && text.slice(start, comment.span[0]).trim() === '' && text.slice(comment.span[1], lineSpan(positionAt(starts, comment.span[1]).line)[1]).trim() === '';
      if (content !== '' && !isCommentLine) return line;
      line = comment && isCommentLine ? positionAt(starts, comment.span[1]).line + 1 : line + 1;
    }
    return line;
  }
}

/** Rules, reason and end of the text after a directive: `RULE[, RULE] -- reason (until 2027-03-31)`. */
export function parseDetails(details: string): { readonly rules: readonly string[]; readonly reason: string; readonly until?: string } {
  const at = details.search(/(^|\s)--(\s|$)/);
  const names = at < 0 ? details : details.slice(0, at);
  const rest = at < 0 ? '' : details.slice(at).replace(/^\s*--/, '').replaceAll(/\s+/g, ' ').trim();
  const end = /\s?\(until (\d{4}-\d{2}-\d{2})\)$/.exec(rest);
  const rules = names.split(/[\s,]+/).filter((name) => /^[a-z][a-z0-9-]*(\/[a-z][a-z0-9-]*)?$/.test(name));
  return { rules, reason: end ? rest.slice(0, end.index).trim() : rest, ...(end?.[1] === undefined ? {} : { until: end[1] }) };
}
