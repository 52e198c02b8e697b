// Suppression comments, the same in every language: a reader of a language finds the comments, this makes suppressions of them.

import { lineStarts, positionAt, type Span } from '../text';
import { mayHoldSuppressions, peerDirectives, type PeerDirective } from './peer-directives';
import type { Suppression } from './suppression';

/** A comment: its place with its delimiters, and the text inside them. */
export interface Comment {
  readonly span: Span;
  readonly body: string;
}

const DIRECTIVE = /^[\s*]*holdfast-(disable-next-line|disable-line|disable-file|disable|enable)(?=\s|$)([\s\S]*)$/;

/**
 * Suppressions of a text, its comments only looked for where one can matter. `blocks` are the parts of the text that stand for one thing each (a resource, a service, an object), in any order:
 * what another linter is told in or above one holds for all of it. Linear.
 */
export function suppressionsIn(text: string, comments: () => readonly Comment[], blocks: () => readonly Span[] = () => []): Suppression[] {
  if (!mayHoldSuppressions(text)) return [];
  const all = comments();
  return [...parseSuppressions(text, all), ...peerSuppressions(text, all, blocks)];
}

/** Suppressions of other linters. */
function peerSuppressions(text: string, comments: readonly Comment[], blocks: () => readonly Span[]): Suppression[] {
  const told = comments.map((comment) => ({ comment, directives: peerDirectives(comment.body) })).filter(({ directives }) => directives.length > 0);
  if (told.length === 0) return [];
  const lines = linesOf(text, comments);
  const all = blocks();
  return told.flatMap(({ comment, directives }) => directives.map((directive) => peerSuppression(directive, comment.span, coverOf(directive, comment))));

  function coverOf({ scope }: PeerDirective, { span }: Comment): Span {
    const line = positionAt(lines.starts, span[0]).line;
    const next = lines.span(lines.nextCode(positionAt(lines.starts, span[1]).line + 1));
    if (scope === 'file') return [0, text.length];
    if (scope === 'line') return lines.span(line);
    if (scope === 'next-line') return next;
    // A file without blocks (a Dockerfile) is one thing.
    return blockOf(text, all, span) ?? (all.length === 0 ? [0, text.length] : next);
  }
}

/** A suppression of another linter's words over a part of the text. */
export function peerSuppression(directive: Omit<PeerDirective, 'scope'>, span: Span, covers: Span): Suppression {
  const { peer, checks, reason, until } = directive;
  return { kind: 'peer', peer, rules: checks, reason, ...(until === undefined ? {} : { until }), span, covers };
}

/** The smallest block around a comment; else the next one where the comment stands no deeper than its start, else the one before. */
function blockOf(text: string, blocks: readonly Span[], [at]: Span): Span | undefined {
  const column = (offset: number): number => offset - (text.lastIndexOf('\n', offset - 1) + 1);
  let around: Span | undefined;
  let next: Span | undefined;
  let before: Span | undefined;
  for (const block of blocks) {
    if (block[0] <= at && at < block[1]) around = around && around[1] - around[0] <= block[1] - block[0] ? around : block;
    else if (block[0] > at) next = next && next[0] <= block[0] ? next : block;
    else before = before && before[1] >= block[1] ? before : block;
  }
  return around ?? (next && column(at) <= column(next[0]) ? next : before);
}

/**
 * Suppressions of Holdfast's own words from a text's comments, in any order. Blocks end at `holdfast-enable` of the same rules (or of all), else at the end of the text.
 * `disable-next-line` covers the next line that is neither blank nor a comment line. Linear in the text.
 */
export function parseSuppressions(text: string, comments: readonly Comment[]): Suppression[] {
  const directives = comments.filter((comment) => comment.body.includes('holdfast-'));
  if (directives.length === 0) return [];
  const lines = linesOf(text, comments);
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
    if (kind === 'line') return lines.span(positionAt(lines.starts, comment.span[0]).line);
    if (kind === 'next-line') return lines.span(lines.nextCode(positionAt(lines.starts, comment.span[1]).line + 1));
    const end = later.find((candidate) => {
      const match = DIRECTIVE.exec(candidate.body);
      if (match?.[1] !== 'enable') return false;
      const enabled = parseDetails(match[2] ?? '').rules;
      return enabled.length === 0 || rules.some((rule) => enabled.includes(rule));
    });
    return [comment.span[1], end ? end.span[0] : text.length];
  }
}

interface Lines {
  readonly starts: readonly number[];
  /** A line with its break. */
  span(line: number): Span;
  /** The first line from this one on that is neither blank nor only a comment. */
  nextCode(from: number): number;
}

function linesOf(text: string, comments: readonly Comment[]): Lines {
  const starts = lineStarts(text);
  const commentStarts = new Map(comments.map((comment) => [positionAt(starts, comment.span[0]).line, comment]));
  const span = (line: number): Span => [starts[line] ?? text.length, starts[line + 1] ?? text.length];
  return {
    starts,
    span,
    nextCode(from) {
      let line = from;
      while (line < starts.length - 1) {
        const [start, end] = span(line);
        const content = text.slice(start, end).trim();
        const comment = commentStarts.get(line);
        const isCommentLine = comment !== undefined && text.slice(start, comment.span[0]).trim() === '' && text.slice(comment.span[1], span(positionAt(starts, comment.span[1]).line)[1]).trim() === '';
        if (content !== '' && !isCommentLine) return line;
        line = comment && isCommentLine ? positionAt(starts, comment.span[1]).line + 1 : line + 1;
      }
      return line;
    },
  };
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
