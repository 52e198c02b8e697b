// Comments that disable a rule, written as an edit: the rule's last part, and a reason for the person to fill in.

import { formatClaiming } from '../engine/artifacts/formats';
import { kindOfPath } from '../engine/read';
import type { Span, TextEdit } from '../engine/text';

const REASON = 'reason';

/** Marker of a comment in this file; undefined where the format has none (JSON). */
function commentMarker(path: string): string | undefined {
  switch (kindOfPath(path)) {
    case 'code':
      return '//';
    case 'yaml':
      return /\.ya?ml$/i.test(path) ? '#' : undefined;
    case 'artifact':
      return formatClaiming(path)?.comment;
    default:
      return undefined;
  }
}

/** A comment on a line of its own above `at`, at its indentation. */
export function disableNextLine(path: string, text: string, at: Span, rule: string): TextEdit | undefined {
  const marker = commentMarker(path);
  if (marker === undefined) return undefined;
  const start = lineStart(text, at[0]);
  const indent = /^[ \t]*/.exec(text.slice(start, at[0]))?.[0] ?? '';
  return comment(start, `${indent}${marker} holdfast-disable-next-line ${lastPart(rule)} -- `, lineEnd(text));
}

/** A comment at the top of the file, below what has to stand first (`#!`, Dockerfile directives). */
export function disableFile(path: string, text: string, rule: string): TextEdit | undefined {
  const marker = commentMarker(path);
  if (marker === undefined) return undefined;
  let start = 0;
  while (start < text.length && /^(#!|#\s*(syntax|escape|check)\s*=)/i.test(text.slice(start, start + 80))) {
    const next = text.indexOf('\n', start);
    if (next < 0) return undefined;
    start = next + 1;
  }
  return comment(start, `${marker} holdfast-disable-file ${lastPart(rule)} -- `, lineEnd(text));
}

function comment(start: number, before: string, end: string): TextEdit {
  return { span: [start, start], newText: `${before}${REASON}${end}`, placeholders: [[before.length, before.length + REASON.length]] };
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

function lineEnd(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/** `require-timeout` of `fault-tolerance/require-timeout`. */
export function lastPart(rule: string): string {
  return rule.slice(rule.lastIndexOf('/') + 1);
}
